package pyeval_test

import (
	"os"
	"path/filepath"
	"testing"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

// FuzzRunFile checks that no script makes the evaluator panic or run on
// beyond its budget.
func FuzzRunFile(f *testing.F) {
	files, err := filepath.Glob("testdata/probes*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		for _, p := range readProbes(f, file) {
			f.Add(p.script)
		}
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, script string) {
		path := filepath.Join(dir, "probe.py")
		if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
		in := pyeval.New(pyeval.Options{Steps: 20_000, Memory: 1 << 22, Host: &recorder{}})
		register(in)
		_ = in.RunFile(path) // an error is a fine answer
		for _, d := range in.Diagnostics() {
			if d.Code.Info().Verdict == diag.Internal {
				t.Errorf("internal error: %v", d)
			}
		}
	})
}
