package golden

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"pyfc/golden/conformance"
)

// floors are the fractions of the cases of Flink's own tests that pass, by
// family: what works keeps working. They are raised as more does.
var floors = map[string]float64{
	"expr": 0.99, "builtin": 0.99, "batch": 0.99, "program": 0.50,
}

// TestConformance runs cases of Flink SQL with the answers of PyFlink 1.20.1:
// those of the folder PYFC_CONFORMANCE, or the project's own. -run and
// PYFC_CONFORMANCE_FILTER, a regular expression over ids and statements, choose
// cases, which then all must pass; whole families are held to their floor, and
// cases that fail within it are logged. PYFC_CONFORMANCE_REPORT names a
// file for all failures and their reasons.
func TestConformance(t *testing.T) {
	dir := os.Getenv("PYFC_CONFORMANCE")
	own := dir == ""
	if own {
		dir = "conformance/cases"
	}
	all, err := conformance.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	selection, err := conformance.NewSelection(flag.Lookup("test.run").Value.String(), os.Getenv("PYFC_CONFORMANCE_FILTER"))
	if err != nil {
		t.Fatal(err)
	}
	var chosen []*conformance.Case
	for _, c := range all {
		if c.Verified && selection.Has(t.Name(), c) {
			chosen = append(chosen, c)
		}
	}
	if len(chosen) == 0 {
		t.Fatal("no case is chosen")
	}
	strict := own || selection.Narrow()
	alone := 0
	if !selection.Narrow() {
		alone = 3
	}
	results, err := conformance.Run(t.Context(), chosen, root(t), t.TempDir(), alone)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if !r.Passed && !strict {
			t.Log(r) // it counts as failed below
			continue
		}
		t.Run(r.Case.ID, func(t *testing.T) {
			if !r.Passed {
				t.Error(r)
			}
		})
	}
	tell(t, results)
	if !strict {
		for _, f := range conformance.Families(results) {
			if floor := floors[f.Name]; f.Fraction() < floor {
				t.Errorf("%s; at least %.3f of them have passed before", f.Line(), floor)
			}
		}
	}
}

// tell writes the report and leaves the summary for the end of the log.
func tell(t *testing.T, results []*conformance.Result) {
	var b bytes.Buffer
	conformance.Summary(&b, results)
	closing = b.String()
	path := os.Getenv("PYFC_CONFORMANCE_REPORT")
	if path == "" {
		return
	}
	b.Reset()
	conformance.Report(&b, results)
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
