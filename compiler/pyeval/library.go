package pyeval

import (
	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// inLibrary reports whether a place lies in a module of pyfc that is written
// in Python. Such places are never shown: the files have no path.
func inLibrary(where pyast.Span) bool { return where.File != nil && where.File.Path == "" }

// RunLibrary runs Python source of pyfc's own library as the body of a module
// written in Go: what it defines are members. To scripts the module looks like
// one of CPython's: faults inside it are shown at the script's call.
func (t *Thread) RunLibrary(m *Module, src string) error {
	tree, d := pyast.Parse(&pyast.File{Name: m.name, Src: src})
	if d != nil {
		return diag.New(diag.InternalError, diag.Pos{}, "library module %s: %v", m.name, d)
	}
	m.ast, m.library = tree, true
	t.in.modules[m.name] = m // its submodules import it again
	if err := t.enter(); err != nil {
		return err
	}
	defer t.leave()
	if err := t.runModule(m); err != nil {
		return diag.New(diag.InternalError, diag.Pos{}, "library module %s: %v", m.name, err)
	}
	return nil
}
