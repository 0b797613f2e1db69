package pyeval

import (
	"slices"
	"strings"

	"pyfc/compiler/pyast"
)

// Record is a call that the script made on something of the package that it
// describes its job with.
type Record struct {
	// Name is the simple name of what was called: a function's, a method's, a
	// class's; "()" for a value that has none, a special method for an operator.
	Name string
	// Args are the arguments as they were passed, without the object.
	Args []Arg
	// Where begins in the line that CPython's traceback would show.
	Where pyast.Span
}

// optimisedCall reports whether CPython's compiler makes a method call without
// a bound method of it: the line of such a call is that of the method's name, of
// others the first of the expression. It doesn't where arguments are unpacked or
// thirty and more, and where the object is a name that the module imports.
func (f *frame) optimisedCall(e *pyast.Call) bool {
	method, ok := e.Func.(*pyast.Attribute)
	if !ok || len(e.Args)+len(e.Keywords) >= 30 {
		return false
	}
	starred := func(x pyast.Expr) bool { _, ok := x.(*pyast.Starred); return ok }
	if slices.ContainsFunc(e.Args, starred) || slices.ContainsFunc(e.Keywords, func(k pyast.Keyword) bool { return k.Name == "" }) {
		return false
	}
	name, ok := method.Value.(*pyast.Name)
	for f.outer != nil {
		f = f.outer
	}
	return !ok || !f.info.imports[name.ID]
}

// note records a call of something of the package. What the package
// itself calls isn't the script's.
func (t *Thread) note(module, name string, args []Arg, where pyast.Span) {
	r := t.in.opts.Recorder
	if r == nil || t.quiet > 0 || !t.in.ofPackage(module) {
		return
	}
	if name == "__call__" {
		name = "()"
	}
	if t.recordAt.File != nil {
		where, t.recordAt = t.recordAt, pyast.Span{}
	}
	r(t, Record{name, args, where})
}

// ofPackage reports whether a module is the described package or below it.
func (in *Interp) ofPackage(module string) bool {
	p := in.opts.Package
	return p != "" && (module == p || strings.HasPrefix(module, p+"."))
}

// noteNative records the call of a function or method written in Go.
func (t *Thread) noteNative(n *Native, args []Arg, at pyast.Span) {
	if t.in == nil || t.in.opts.Recorder == nil || n.implicit {
		return
	}
	if n.method && len(args) > 0 {
		args = args[1:]
	}
	if strings.HasPrefix(n.name, "__") {
		if !recordedOperators[n.name] {
			return
		}
		if n.name != "__call__" {
			at, t.recordAt = t.Where(), pyast.Span{}
		}
	}
	t.note(n.home, n.name, args, at)
}

// noteOpaque records the call of what a refused call gave.
func (t *Thread) noteOpaque(o *Opaque, args []Arg, at pyast.Span) {
	if o.Reported && t.in.opts.Recorder != nil {
		name := o.Origin[strings.LastIndexByte(o.Origin, '.')+1:]
		if strings.ContainsAny(name, " )]") {
			name = "()"
		}
		t.note(t.in.opts.Package, name, args, at)
	}
}

// noteOperator records an operator on what a refused call gave: the left
// operand's method, or the right one's.
func (t *Thread) noteOperator(left, right string, a, b Value) {
	if t.in == nil || t.in.opts.Recorder == nil {
		return
	}
	name, arg := left, b
	o, ok := a.(*Opaque)
	if !ok {
		o, name, arg = b.(*Opaque), right, a
	}
	if o.Reported {
		var args []Arg
		if arg != nil {
			args = []Arg{{Value: arg}}
		}
		t.recordAt = pyast.Span{}
		t.note(t.in.opts.Package, name, args, t.Where())
	}
}

// recordedOperators are the special methods that count as calls.
var recordedOperators = func() map[string]bool {
	out := map[string]bool{"__call__": true, "__neg__": true, "__pos__": true, "__invert__": true}
	for _, names := range dunder {
		out[names[0]], out[names[1]] = true, true
	}
	for _, names := range comparison {
		out[names[0]] = true
	}
	return out
}()

// Nested reports whether the package itself makes the call that is being made.
func (t *Thread) Nested() bool { return t.quiet > 1 }
