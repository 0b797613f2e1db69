package stdlib

import (
	"embed"
	"path"
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

// sources are modules, or parts of modules, that are written in Python: those
// whose behaviour is a matter of Python's own protocols. What a module needs
// from Go its Go part defines before.
//
//go:embed lib/*.py
var sources embed.FS

// withLibrary gives each module its part in Python.
func withLibrary() {
	entries, err := sources.ReadDir("lib")
	if err != nil {
		panic("stdlib: " + err.Error()) // embedded at build
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".py")
		inGo := loaders[name]
		loaders[name] = func(t *pyeval.Thread, m *pyeval.Module) {
			if inGo != nil {
				inGo(t, m)
			}
			src, err := sources.ReadFile(path.Join("lib", e.Name()))
			if err == nil {
				err = t.RunLibrary(m, string(src))
			}
			if d, ok := err.(*diag.Diagnostic); ok {
				t.Report(d)
			} else if err != nil {
				panic("stdlib: " + err.Error())
			}
		}
	}
}
