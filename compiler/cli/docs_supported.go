package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"pyfc/ir"
	agglist "pyfc/rt/agg/list"
	"pyfc/rt/conf"
	"pyfc/rt/conn"
	connlist "pyfc/rt/conn/list"
	fnlist "pyfc/rt/fn/list"
	"pyfc/udfbridge/python"
)

// writeConnectors writes a section for each connector and format that scripts
// can name, with a table of its options.
func writeConnectors(w io.Writer) {
	fmt.Fprint(w, "# Connectors and formats\n\nOptions of the legacy generation ('connector.type') have their own column.\n")
	for _, c := range connlist.Connectors {
		if !c.Internal {
			writeOptions(w, "Connector "+c.Name, c.Doc, runs(c.Package, roles(c)), conn.Describe(c.Options()))
		}
	}
	for _, f := range connlist.Formats {
		writeOptions(w, "Format "+f.Name, f.Doc, runs(f.Package, ""), conn.Describe(f.Options()))
	}
}

// writeSettings writes a table of the keys that a binary reads.
func writeSettings(w io.Writer) {
	fmt.Fprint(w, "# Settings\n\nThey are set in the script, for the build by -D, and but for the time zone at start by -D.\n\n| key | type | default | meaning |\n|---|---|---|---|\n")
	row := func(key, kind, byDefault, doc string) {
		fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", key, kind, byDefault, strings.ReplaceAll(doc, "|", "\\|"))
	}
	for _, k := range conf.Keys {
		row(k.Name, k.Type, k.Default, k.Doc)
	}
	for _, o := range conn.Describe(python.Config{}) {
		row(o.Key, o.Type, o.Default, meaning(o))
	}
}

func writeOptions(w io.Writer, title, doc, roles string, options []conn.Option) {
	fmt.Fprintf(w, "\n## %s\n\n%s", title, doc)
	if roles != "" {
		fmt.Fprintf(w, " %s.", roles)
	}
	fmt.Fprint(w, "\n\n| option | legacy | type | default | meaning |\n|---|---|---|---|---|\n")
	for _, o := range options {
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", cell(o.Key), cell(o.Legacy), o.Type, cell(o.Default), strings.ReplaceAll(meaning(o), "|", "\\|"))
	}
}

// runs says as what something runs, or that it doesn't yet.
func runs(pkg, roles string) string {
	switch {
	case pkg == "":
		return "Not run yet"
	case roles == "":
		return ""
	}
	return "Runs as " + roles
}

func cell(text string) string {
	if text == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(text, "|", "\\|") + "`"
}

func meaning(o conn.Option) string {
	text := o.Doc
	if o.Enum != nil {
		text += " One of " + strings.Join(o.Enum, ", ") + "."
	}
	if o.Required != "" {
		text += " Required."
	}
	if o.Ignored != "" {
		text += " Without effect: " + o.Ignored + "."
	}
	if o.Planned != "" {
		text += " Not run yet."
	}
	return text
}

// roles are what tables of a connector can be.
func roles(c *conn.Connector) string {
	var out []string
	for _, r := range []struct {
		is   bool
		name string
	}{{c.Source, "source"}, {c.Sink, "sink"}} {
		if r.is {
			out = append(out, r.name)
		}
	}
	return strings.Join(out, " and ")
}

// writeSupported writes what runs: all of it comes from the declarations that
// the compiler reads.
func writeSupported(w io.Writer) {
	fmt.Fprint(w, "# What runs\n\nMade from the declarations by `pyfc docs supported`. A script that needs anything else is told so by name; `pyfc check job.py` says it beforehand.\n")
	fmt.Fprint(w, "\n## Connectors\n\n| connector | source | sink | |\n|---|---|---|---|\n")
	for _, c := range connlist.Connectors {
		if !c.Internal {
			fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", c.Name, state(c.Source && c.Package != "", c.Source || c.SourcePlanned), state(c.Sink && c.Package != "", c.Sink || c.SinkPlanned), c.Doc)
		}
	}
	fmt.Fprint(w, "\n## Formats\n\n| format | runs | |\n|---|---|---|\n")
	for _, f := range connlist.Formats {
		fmt.Fprintf(w, "| `%s` | %s | %s |\n", f.Name, state(f.Package != "", true), f.Doc)
	}
	fmt.Fprint(w, "\n## Relational operators\n\n| operator | what it does | updates | state in checkpoints |\n|---|---|---|---|\n")
	for _, op := range ir.Ops() {
		i := op.Info()
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", i.Name, i.Doc, i.Updates, i.State)
	}
	var scalar, aggregate []string
	for _, d := range fnlist.All {
		scalar = append(scalar, d.Name)
	}
	for _, d := range agglist.All {
		aggregate = append(aggregate, d.Name)
	}
	writeNames(w, "Scalar functions and operators", scalar)
	writeNames(w, "Aggregate functions", aggregate)
	fmt.Fprint(w, "\n`pyfc docs functions` and `pyfc docs connectors` have signatures, examples and options.\n")
}

func state(runs, planned bool) string {
	switch {
	case runs:
		return "yes"
	case planned:
		return "not yet"
	}
	return "–"
}

func writeNames(w io.Writer, title string, names []string) {
	slices.Sort(names)
	names = slices.Compact(names)
	fmt.Fprintf(w, "\n## %s (%d)\n\n", title, len(names))
	for i, n := range names {
		if i > 0 {
			fmt.Fprint(w, ", ")
		}
		fmt.Fprint(w, cell(n))
	}
	fmt.Fprintln(w)
}
