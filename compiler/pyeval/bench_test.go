package pyeval_test

import (
	"os"
	"path/filepath"
	"testing"

	"pyfc/compiler/pyeval"
)

// BenchmarkDriver evaluates a driver of 200 lines that imports what drivers
// import; one evaluation must stay under 30 ms.
func BenchmarkDriver(b *testing.B) {
	src, err := os.ReadFile("testdata/driver200.py")
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "driver.py")
	if err := os.WriteFile(path, src, 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		in := pyeval.New(pyeval.Options{Args: []string{}, Host: &recorder{}})
		register(in)
		if err := in.RunFile(path); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkImports loads the modules whose parts in Python are the largest.
func BenchmarkImports(b *testing.B) {
	for _, name := range []string{"collections", "functools", "contextlib", "string", "configparser", "csv", "random", "decimal", "textwrap"} {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "driver.py")
			if err := os.WriteFile(path, []byte("import "+name+"\n"), 0o600); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				in := pyeval.New(pyeval.Options{Host: &recorder{}})
				register(in)
				if err := in.RunFile(path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
