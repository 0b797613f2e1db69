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
		run := func(t *pyeval.Thread, m *pyeval.Module) error {
			src, err := sources.ReadFile(path.Join("lib", e.Name()))
			if err != nil {
				return err
			}
			return t.RunLibrary(m, string(src))
		}
		loaders[name] = func(t *pyeval.Thread, m *pyeval.Module) {
			if inGo == nil || eager[name] {
				if inGo != nil {
					inGo(t, m)
				}
				if d, ok := run(t, m).(*diag.Diagnostic); ok {
					t.Report(d)
				}
				return
			}
			inGo(t, m)
			completeLater(m, run)
		}
	}
}

// eager modules need their part in Python for all that they do.
var eager = map[string]bool{"random": true, "collections.abc": true, "tempfile": true, "logging": true, "dotenv": true}

// completeLater runs the part in Python when a member is asked for that the
// part in Go hasn't got.
func completeLater(m *pyeval.Module, run func(t *pyeval.Thread, m *pyeval.Module) error) {
	rest, done := m.Fallback, false
	m.Fallback = func(t *pyeval.Thread, name string) (pyeval.Value, error) {
		if !done {
			done = true
			if err := run(t, m); err != nil {
				return nil, err
			}
		}
		if v, ok := m.Dict().GetStr(name); ok {
			return v, nil
		}
		return rest(t, name)
	}
}
