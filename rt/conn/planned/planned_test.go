package planned

import (
	"strings"
	"testing"

	"pyfc/rt/conn"
)

// TestDeclared parses options of a connector and of a format by their tables.
func TestDeclared(t *testing.T) {
	faults := func(into any, options map[string]string) string {
		var out []string
		for _, e := range conn.Parse(options, into, conn.Modern) {
			out = append(out, e.Message+" "+e.Hint)
		}
		return strings.Join(out, "; ")
	}
	for _, c := range Connectors {
		if c.Package != "" || !c.Source && !c.Sink || c.Doc == "" {
			t.Errorf("%s: %+v", c.Name, c)
		}
		for _, o := range conn.Describe(c.Options()) {
			if o.Doc == "" || o.Type == "" {
				t.Errorf("%s: option %s", c.Name, o.Key)
			}
		}
		if c.Name != "elasticsearch-7" {
			continue
		}
		got := faults(c.Options(), map[string]string{"connector": c.Name, "hosts": "h", "indx": "i", "sink.bulk-flush.interval": "soon"})
		for _, want := range []string{"unknown option indx did you mean index?", "index is required", `"soon" is not a duration`} {
			if !strings.Contains(got, want) {
				t.Errorf("%s; want %s", got, want)
			}
		}
	}
	for _, f := range Formats {
		if f.Name != "protobuf" {
			continue
		}
		got := faults(f.Options(), map[string]string{"message-class-nam": "M", "ignore-parse-errors": "maybe"})
		for _, want := range []string{"unknown option message-class-nam did you mean message-class-name?", "maybe"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s; want %s", got, want)
			}
		}
	}
	if len(Connectors) < 5 || len(Formats) < 5 {
		t.Errorf("%d connectors, %d formats", len(Connectors), len(Formats))
	}
	for _, bad := range []string{"connector x\n", "connector x: y\n  key: z", "connector x: y\n  key Strin: z"} {
		if declare(bad) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
