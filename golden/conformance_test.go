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
	"expr": 0.99, "builtin": 0.99, "batch": 0.99, "program": 0.90,
}

// ownCases is the folder of the project's own cases.
const ownCases = "conformance/cases"

// TestConformance runs cases of Flink SQL with the answers of PyFlink 1.20.1: the
// project's own, and those of the folder PYFC_CONFORMANCE. -run and
// PYFC_CONFORMANCE_FILTER, a regular expression over ids and statements, choose
// cases, which then all must pass, as all own ones must; whole families of others
// are held to their floor, and cases that fail within it are logged.
// PYFC_CONFORMANCE_REPORT names a file for all failures and their reasons.
func TestConformance(t *testing.T) {
	t.Parallel()
	selection, err := conformance.NewSelection(flag.Lookup("test.run").Value.String(), os.Getenv("PYFC_CONFORMANCE_FILTER"))
	if err != nil {
		t.Fatal(err)
	}
	isOwn := map[*conformance.Case]bool{}
	var chosen []*conformance.Case
	for _, dir := range []string{ownCases, os.Getenv("PYFC_CONFORMANCE")} {
		if dir == "" {
			continue
		}
		all, err := conformance.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			if c.Verified && selection.Has(t.Name(), c) {
				chosen = append(chosen, c)
				isOwn[c] = dir == ownCases
			}
		}
	}
	if len(chosen) == 0 {
		t.Fatal("no case is chosen")
	}
	alone := 0
	if !selection.Narrow() {
		alone = 3
	}
	results, err := conformance.Run(t.Context(), chosen, t.TempDir(), alone)
	if err != nil {
		t.Fatal(err)
	}
	var others []*conformance.Result
	for _, r := range results {
		if !isOwn[r.Case] {
			others = append(others, r)
			if !r.Passed && !selection.Narrow() {
				t.Log(r) // it counts as failed below
				continue
			}
		}
		t.Run(r.Case.ID, func(t *testing.T) {
			if !r.Passed {
				t.Error(r)
			}
		})
	}
	if len(others) == 0 {
		tell(t, results)
		return
	}
	tell(t, others)
	if !selection.Narrow() {
		for _, f := range conformance.Families(others) {
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
