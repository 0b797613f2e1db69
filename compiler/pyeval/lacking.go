package pyeval

import (
	"slices"

	"pyfc/compiler/pyast"
)

// activeTry is a try statement whose body is running, and the frame it stands
// in.
type activeTry struct {
	stmt  *pyast.Try
	frame *frame
}

// lacks reports a name that a module or class of the described package doesn't
// have and returns what the run goes on with. Where the script is prepared for the exception it is
// raised as in Python, and ok is false.
func (t *Thread) lacks(err error, owner, name string, where pyast.Span, prepared ...string) (v Value, ok bool) {
	r, raised := err.(*Raised)
	if !raised || t.expects(prepared) {
		return nil, false
	}
	locate(err, where)
	d := t.diagnostic(r)
	if complete := t.in.opts.Lacking; complete != nil {
		complete(d, owner, name)
	}
	t.suspect(d)
	missing := Poison(where)
	return missing.derive(missing.Origin+"."+name, where), true
}

// expects reports whether a try statement around names one of the exceptions.
// The innermost one of the same function may also catch everything.
func (t *Thread) expects(classes []string) bool {
	for i, active := range t.trying {
		for _, h := range active.stmt.Handlers {
			names := handled(h)
			if slices.ContainsFunc(names, func(n string) bool { return slices.Contains(classes, n) }) {
				return true
			}
			if i == len(t.trying)-1 && active.frame == t.frame && (len(names) == 0 || slices.Contains(names, "Exception")) {
				return classes[0] == "ImportError"
			}
		}
	}
	return false
}

// Catches reports whether the innermost try statement of the function that runs
// catches all exceptions and goes on: its handler neither raises nor ends the
// script.
func (t *Thread) Catches() bool {
	if len(t.trying) == 0 || t.trying[len(t.trying)-1].frame != t.frame {
		return false
	}
	for _, h := range t.trying[len(t.trying)-1].stmt.Handlers {
		all := func(name string) bool { return name == "Exception" || name == "BaseException" }
		if h.Type == nil || slices.ContainsFunc(handled(h), all) {
			return !slices.ContainsFunc(h.Body, gives)
		}
	}
	return false
}

// gives reports whether a statement of a handler gives up.
func gives(s pyast.Stmt) bool {
	up := false
	pyast.Walk(s, func(n pyast.Node) bool {
		switch n := n.(type) {
		case *pyast.Raise:
			up = true
		case *pyast.Name:
			up = up || n.ID == "exit" || n.ID == "quit"
		case *pyast.Attribute:
			up = up || n.Attr == "exit" || n.Attr == "_exit"
		}
		return !up
	})
	return up
}

// handled are the names of the classes that a handler catches as they are
// written; none means all.
func handled(h *pyast.ExceptHandler) []string {
	list := []pyast.Expr{h.Type}
	if tuple, ok := h.Type.(*pyast.Tuple); ok {
		list = tuple.Elts
	}
	var out []string
	for _, e := range list {
		if n, ok := e.(*pyast.Name); ok {
			out = append(out, n.ID)
		}
	}
	return out
}

// madeUp reports whether a value can't be called and is of the described
// package: as a callee behind a dot it is what a class with __getattr__ gives
// for a method that it lacks.
func (t *Thread) madeUp(v Value) bool {
	i, ok := v.(*Instance)
	return ok && t.in.ofPackage(i.class.module) && i.class.Lookup("__call__") == nil
}

// moduleOf is the module that a value belongs to by its class, or is.
func moduleOf(v Value) string {
	switch v := v.(type) {
	case *Module:
		return v.name
	case *Class:
		return v.module
	case *Instance:
		return v.class.module
	}
	return ""
}

// ownerOf names the module or class in which an attribute of a value is looked
// for.
func ownerOf(v Value) string {
	switch v := v.(type) {
	case *Module:
		return v.name
	case *Class:
		return v.name
	}
	return v.Class().name
}
