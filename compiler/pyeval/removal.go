package pyeval

import (
	"slices"

	"pyfc/compiler/pyast"
)

// Whether something is at a path outside the script's folder the build doesn't
// know. Where what follows from the answer removes files, the question is about
// what an earlier run of the job has left, and CPython asks it beside the job;
// elsewhere the path is taken as absent.

// removers are the functions that remove files and folders.
var removers = []string{"remove", "unlink", "rmdir", "removedirs", "rmtree"}

// asking evaluates a question on whose answer depends whether the given
// statements or expressions are carried out.
func (t *Thread) asking(about func() bool, question func()) {
	t.asked = append(t.asked, about)
	question()
	t.asked = t.asked[:len(t.asked)-1]
}

// asksToRemove reports whether what is being evaluated decides about a removal.
func (t *Thread) asksToRemove() bool {
	return slices.ContainsFunc(t.asked, func(about func() bool) bool { return about() })
}

// decideIf is decide for the test of an if statement with what follows it in its
// block, which doesn't follow if the body leaves.
func (t *Thread) decideIf(s *pyast.If, follows []pyast.Stmt) (yes bool, late *Opaque, err error) {
	t.asking(func() bool {
		return t.removes(s.Body...) || t.removes(s.OrElse...) || leaves(s.Body) && t.removes(follows...)
	}, func() {
		guessed, fixed := t.guessed, len(t.in.fixed)
		t.guessed = false
		yes, late, err = t.decide(s.Test, "a branch")
		if end := exits(s.Body); end != nil && yes && (t.guessed || t.in.unfixSince(fixed, end.Where().Text(), end.Where().Pos())) {
			yes, t.guessed = false, true // so that what else is missing is told, too
		}
		t.guessed = t.guessed || guessed
	})
	return yes, late, err
}

// exits is the call by which a body ends the script, as scripts do that lack an
// input; nil if it doesn't.
func exits(body []pyast.Stmt) *pyast.Call {
	last, ok := body[len(body)-1].(*pyast.ExprStmt)
	if !ok {
		return nil
	}
	call, ok := last.Value.(*pyast.Call)
	if !ok {
		return nil
	}
	ends := false
	switch fn := call.Func.(type) {
	case *pyast.Name:
		ends = fn.ID == "exit" || fn.ID == "quit"
	case *pyast.Attribute:
		ends = fn.Attr == "exit" || fn.Attr == "_exit"
	}
	if !ends {
		return nil
	}
	return call
}

// leaves reports whether a body ends its block or function.
func leaves(body []pyast.Stmt) bool {
	switch body[len(body)-1].(type) {
	case *pyast.Return, *pyast.Continue, *pyast.Break, *pyast.Raise:
		return true
	}
	return false
}

// assignsAnswer reports whether a value that a statement assigns is what a later
// if statement of the block tests before it removes something.
func (t *Thread) assignsAnswer(s *pyast.Assign, follows []pyast.Stmt) bool {
	return slices.ContainsFunc(follows, func(f pyast.Stmt) bool {
		branch, ok := f.(*pyast.If)
		return ok && t.removes(branch.Body...) && mentions(branch.Test, s.Targets)
	})
}

// mentions reports whether an expression has one of the names.
func mentions(e pyast.Expr, names []pyast.Expr) bool {
	found := false
	pyast.Walk(e, func(n pyast.Node) bool {
		if name, ok := n.(*pyast.Name); ok {
			found = found || slices.ContainsFunc(names, func(x pyast.Expr) bool {
				target, ok := x.(*pyast.Name)
				return ok && target.ID == name.ID
			})
		}
		return !found
	})
	return found
}

// removes reports whether statements or expressions call a function that removes
// files, themselves or by functions of the script.
func (t *Thread) removes(body ...pyast.Stmt) bool {
	f := finder{seen: map[*Function]bool{}}
	return slices.ContainsFunc(body, func(s pyast.Stmt) bool {
		return f.removes(s, func(name string) Value { v, _ := t.load(name); return v })
	})
}

// removesIn is removes for expressions.
func (t *Thread) removesIn(exprs ...pyast.Expr) bool {
	f := finder{seen: map[*Function]bool{}}
	return slices.ContainsFunc(exprs, func(x pyast.Expr) bool {
		return f.removes(x, func(name string) Value { v, _ := t.load(name); return v })
	})
}

// finder looks for removals, in each function once.
type finder struct{ seen map[*Function]bool }

// removes looks in a node whose names load gives the values of, nil for those
// that aren't known.
func (f finder) removes(n pyast.Node, load func(name string) Value) bool {
	found := false
	pyast.Walk(n, func(n pyast.Node) bool {
		if call, ok := n.(*pyast.Call); ok && !found {
			found = f.call(call, load)
		}
		_, isDef := n.(*pyast.FunctionDef)
		return !found && !isDef
	})
	return found
}

func (f finder) call(call *pyast.Call, load func(name string) Value) bool {
	switch fn := call.Func.(type) {
	case *pyast.Name:
		v := load(fn.ID)
		if own, ok := v.(*Function); ok {
			return f.function(own)
		}
		return v != nil && slices.Contains(removers, fn.ID)
	case *pyast.Attribute:
		on, isName := fn.Value.(*pyast.Name)
		if isName {
			if own, ok := method(load(on.ID), fn.Attr).(*Function); ok {
				return f.function(own)
			}
		}
		if fn.Attr == "remove" && !(isName && on.ID == "os") {
			return false // of a list
		}
		return slices.Contains(removers, fn.Attr)
	}
	return false
}

// method is the function of a name that an object, a class or a module of the
// script has, nil if there is none.
func method(on Value, name string) Value {
	switch on := on.(type) {
	case *Instance:
		return on.class.Lookup(name)
	case *Class:
		return on.Lookup(name)
	case *Module:
		v, _ := on.dict.GetStr(name)
		return v
	}
	return nil
}

// function looks in the body of a function of the script, where self is an object
// of the class that it belongs to.
func (f finder) function(fn *Function) bool {
	if f.seen[fn] || fn.module.library {
		return false
	}
	f.seen[fn] = true
	load := func(name string) Value {
		if fn.owner != nil && len(fn.params.list) > 0 && fn.params.list[0].name == name {
			return fn.owner
		}
		v, ok := fn.module.dict.GetStr(name)
		if !ok {
			v, _ = builtins.dict.GetStr(name)
		}
		return v
	}
	if fn.lambda != nil {
		return f.removes(fn.lambda.Body, load)
	}
	return slices.ContainsFunc(fn.def.Body, func(s pyast.Stmt) bool { return f.removes(s, load) })
}
