package pyeval

import (
	"maps"
	"slices"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// frame is one activation of a module, class body, function or comprehension.
// Enclosed functions keep it, so that they share its variables.
type frame struct {
	info     *scopeInfo
	vars     map[string]Value // of a function or comprehension
	ns       *Dict            // of a module or class body
	module   *Module
	outer    *frame // lexically enclosing; nil for a module
	caller   *frame
	function *Function // nil for a module, a class body
	comp     bool      // a comprehension
	private  string    // class name that mangles __names, or ""
	// classPath is the __qualname__ of the class whose body this is.
	classPath string
	compBody  func() error // of a comprehension
	class     *Class       // made from this class body, for super()
	at        pyast.Span
	result    Value   // of a return statement
	returns   *Opaque // what the function gives if it returns from a region
	gen       *Generator
}

// name describes the frame for a traceback.
func (f *frame) name() string {
	for ; f.comp; f = f.outer {
	}
	if f.function != nil {
		return f.function.qualname
	}
	if f.outer == nil {
		return f.module.name
	}
	return "a class body"
}

// owning finds the enclosing function frame, f included, that has a variable.
func (f *frame) owning(name string) *frame {
	for ; f != nil; f = f.outer {
		if f.vars != nil && f.info.locals[name] {
			return f
		}
	}
	return nil
}

// variable is what a variable of an enclosing function is, f included; nil if
// it has none.
func (f *frame) variable(of *pyast.FunctionDef, name string) Value {
	for ; f != nil; f = f.outer {
		if f.function != nil && f.function.def == of {
			return f.vars[name]
		}
	}
	return nil
}

// load is the value of a name.
func (t *Thread) load(name string) (Value, error) {
	f := t.frame
	name = f.mangle(name)
	if f.vars != nil && f.info.locals[name] {
		if v := f.vars[name]; v != nil {
			return v, nil
		}
		return nil, Errorf(UnboundLocalError, "cannot access local variable '%s' where it is not associated with a value", name)
	}
	if f.ns != nil {
		if v, ok := f.ns.GetStr(name); ok {
			return v, nil
		}
	}
	if !f.info.globals[name] {
		if o := f.outer.owning(name); o != nil {
			if v := o.vars[name]; v != nil {
				return v, nil
			}
			return nil, Errorf(NameError, "cannot access free variable '%s' where it is not associated with a value in enclosing scope", name)
		}
	}
	if v, ok := f.module.dict.GetStr(name); ok {
		return v, nil
	}
	if v, ok := builtins.dict.GetStr(name); ok {
		return v, nil
	}
	undefined := withFact(Errorf(NameError, "name '%s' is not defined", name), "name", NewStr(name))
	return nil, suggest(undefined, name, f.visible())
}

// visible lists the names in scope, nearest first.
func (f *frame) visible() []string {
	var out []string
	module := f.module
	for ; f != nil; f = f.outer {
		for _, name := range slices.Sorted(maps.Keys(f.vars)) {
			if f.vars[name] != nil {
				out = append(out, name)
			}
		}
		if f.ns != nil {
			out = append(out, f.ns.names()...)
		}
	}
	out = append(out, module.dict.names()...)
	return append(out, builtins.dict.names()...)
}

// store binds a name.
func (t *Thread) store(name string, v Value) {
	f := t.frame
	name = f.mangle(name)
	ns, vars := f.ns, f.vars
	switch {
	case f.info.globals[name]:
		ns = f.module.dict
	case f.info.nonlocals[name]:
		o := f.outer.owning(name)
		if o == nil {
			return
		}
		ns, vars = nil, o.vars
	}
	if ns != nil {
		t.bind(ns, name, v)
		return
	}
	vars[name] = v
	t.bindLater(func(v Value) { vars[name] = v })
}

// bind puts a value under a name of a module, class or object.
func (t *Thread) bind(d *Dict, name string, v Value) {
	d.SetStr(name, v)
	t.bindLater(func(v Value) { d.SetStr(name, v) })
}

// storeWalrus binds the target of := in the nearest frame that isn't a
// comprehension.
func (t *Thread) storeWalrus(name string, v Value) {
	here := t.frame
	for t.frame.comp {
		t.frame = t.frame.outer
	}
	t.store(name, v)
	t.frame = here
}

// unbind is del name.
func (t *Thread) unbind(name string) error {
	f := t.frame
	name = f.mangle(name)
	if t.region != nil { // whether it is deleted only the run knows
		v, err := t.load(name)
		if err == nil {
			t.store(name, v)
		}
		return err
	}
	found := false
	switch {
	case f.info.globals[name]:
		found = f.module.dict.DeleteStr(name)
	case f.ns != nil:
		found = f.ns.DeleteStr(name)
	default:
		o := f.owning(name)
		if found = o != nil && o.vars[name] != nil; found {
			delete(o.vars, name)
		}
	}
	if !found {
		return Errorf(NameError, "name '%s' is not defined", name)
	}
	return nil
}

// mangle makes __name private to the class whose body it stands in.
func (f *frame) mangle(name string) string {
	if f.private == "" || !strings.HasPrefix(name, "__") || strings.HasSuffix(name, "__") {
		return name
	}
	return "_" + strings.TrimLeft(f.private, "_") + name
}

// Step counts one unit of work against the budget.
func (t *Thread) Step() error {
	if t.steps++; t.in != nil && t.steps > t.in.opts.Steps {
		return diag.New(diag.PyBudget, diag.Pos{}, "the driver takes more than %d steps to build its job", t.in.opts.Steps).
			WithHint("move the computation into a Python function of the job, or give a larger budget")
	}
	return nil
}

// alloc counts memory that a new value takes; what is dropped isn't counted
// back, so the budget bounds the sum.
func (t *Thread) alloc(bytes int) error {
	t.memory += int64(bytes)
	if t.in != nil && t.memory > t.in.opts.Memory {
		return diag.New(diag.PyBudget, diag.Pos{}, "the driver takes more than %d MB of memory to build its job", t.in.opts.Memory>>20).
			WithHint("large values don't belong into the plan; read them with a source")
	}
	return nil
}

// allocTimes asks for n times size bytes, where the product may overflow.
func (t *Thread) allocTimes(size int, n int64) error {
	if n > 0 && int64(size) > (1<<62)/n {
		return t.alloc(1 << 60)
	}
	return t.alloc(int(int64(size) * n))
}

// locate gives an error its place if it has none yet.
func locate(err error, where pyast.Span) error {
	if inLibrary(where) {
		return err // the script's call of the library is the place
	}
	switch e := err.(type) {
	case *Raised:
		if x := exceptionOf(e.Exc); x.where.File == nil {
			x.where = where
		}
	case *diag.Diagnostic:
		if !e.Pos.Known() {
			e.Pos = where.Pos()
		}
	}
	return err
}

// isRaised reports whether an error is a Python exception of a class.
func isRaised(err error, class *Class) bool {
	r, ok := err.(*Raised)
	return ok && r.Exc.class.IsA(class)
}
