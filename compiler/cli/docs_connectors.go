package cli

import (
	"fmt"
	"io"
	"strings"

	"pyfc/rt/conn"
	"pyfc/rt/conn/list"
)

// writeConnectors writes a section for each connector and format.
func writeConnectors(w io.Writer) {
	fmt.Fprint(w, "# Connectors\n")
	for _, c := range list.Connectors {
		if c.Internal {
			continue
		}
		fmt.Fprintf(w, "\n## %s\n\n%s %s\n", c.Name, c.Doc, rolesOf(c))
		writeOptions(w, c.Options)
		if c.Metadata == nil {
			continue
		}
		if known := c.Metadata(c.Options()); len(known) > 0 {
			fmt.Fprint(w, "\n| metadata | type | meaning |\n|---|---|---|\n")
			for _, m := range known {
				fmt.Fprintf(w, "| `%s` | %s | %s |\n", m.Key, m.Type, note(m.Doc, "", m.Planned))
			}
		}
	}
	fmt.Fprint(w, "\n# Formats\n")
	for _, f := range list.Formats {
		state := "It runs."
		if f.Package == "" {
			state = "It is planned."
		}
		fmt.Fprintf(w, "\n## format %s\n\n%s %s\n", f.Name, f.Doc, state)
		writeOptions(w, f.Options)
	}
}

// rolesOf says what a connector can be used as.
func rolesOf(c *conn.Connector) string {
	var run, planned []string
	add := func(role string, runs, later bool) {
		switch {
		case runs && c.Package != "":
			run = append(run, role)
		case runs || later:
			planned = append(planned, role)
		}
	}
	add("source", c.Source, c.SourcePlanned)
	add("sink", c.Sink, c.SinkPlanned)
	var out []string
	if run != nil {
		out = append(out, "It runs as "+strings.Join(run, " and ")+".")
	}
	if planned != nil {
		out = append(out, "As "+strings.Join(planned, " and ")+" it is planned.")
	}
	return strings.Join(out, " ")
}

// writeOptions writes a table of the options of a struct.
func writeOptions(w io.Writer, options func() any) {
	if options == nil {
		return
	}
	fmt.Fprint(w, "\n| option | legacy | type | default | meaning |\n|---|---|---|---|---|\n")
	for _, o := range conn.Describe(options()) {
		typ, def := o.Type, o.Default
		if o.Enum != nil {
			typ = strings.Join(o.Enum, ", ")
		}
		if o.Required != "" {
			def = "required"
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", code(o.Key), code(o.Legacy), typ, strings.ReplaceAll(def, "\n", `\n`), note(o.Doc, o.Ignored, o.Planned != ""))
	}
}

func code(key string) string {
	if key == "" {
		return ""
	}
	return "`" + key + "`"
}

// note is a meaning with what there is to say of it.
func note(doc, ignored string, planned bool) string {
	switch {
	case planned:
		return doc + " Planned."
	case ignored != "":
		return doc + " Without effect: " + ignored + "."
	}
	return doc
}
