package pyeval

import (
	"iter"
	"path/filepath"
	"strings"

	"pyfc/compiler/pyast"
)

// Named are values by their names, in the order in which a script sees them: in
// vars() and __dict__. A Go map has none, and each build must see the same.
type Named[T any] []struct {
	Name  string
	Value T
}

// All goes through names and values.
func (n Named[T]) All() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for _, e := range n {
			if !yield(e.Name, e.Value) {
				return
			}
		}
	}
}

// Find returns the value of a name.
func (n Named[T]) Find(name string) (v T, ok bool) {
	for _, e := range n {
		if e.Name == name {
			return e.Value, true
		}
	}
	return v, false
}

// Module is a Python module, of the script or written in Go.
type Module struct {
	name string
	dict *Dict
	ast  *pyast.Module // nil for a native module
	path []string      // folders of a package's submodules; nil if no package
	// library says that the module is a part of pyfc that is written in Python.
	library bool
	// Fallback answers for a member that the module doesn't have: a value, or
	// an error that explains, or nil and nil for "no such member".
	Fallback func(t *Thread, name string) (Value, error)
}

// NewModule makes a module written in Go.
func NewModule(name string) *Module {
	m := &Module{name: name, dict: NewDict()}
	m.dict.SetStr("__name__", NewStr(name))
	return m
}

// Class returns module.
func (*Module) Class() *Class { return moduleClass }

// Name returns the module's __name__.
func (m *Module) Name() string { return m.name }

// AST returns the module's syntax tree, nil when it is no module of the script.
func (m *Module) AST() *pyast.Module {
	if m.library {
		return nil
	}
	return m.ast
}

// File returns the module's source file, nil when it is no module of the
// script.
func (m *Module) File() *pyast.File {
	if m.ast == nil || m.library {
		return nil
	}
	return m.ast.File
}

// Way is the module's file by its way from where it is imported, with slashes.
func (m *Module) Way() string {
	file := filepath.Base(m.ast.File.Path)
	if m.name == "__main__" {
		return file
	}
	way := strings.ReplaceAll(m.name, ".", "/")
	if file == "__init__.py" {
		return way + "/" + file
	}
	return way + ".py"
}

// Dict returns the module's names.
func (m *Module) Dict() *Dict { return m.dict }

// Def adds a function; see Class.Def.
func (m *Module) Def(signature string, f NativeFunc) *Module {
	n := NewNative(signature, f)
	n.module, n.home = m.name, m.name
	return m.Set(n.name, n)
}

// Set adds a member.
func (m *Module) Set(name string, v Value) *Module {
	m.dict.SetStr(name, v)
	return m
}

// Add adds classes under their names.
func (m *Module) Add(classes ...*Class) *Module {
	for _, c := range classes {
		m.Set(c.name, c)
	}
	return m
}
