package pyeval

import "slices"

// codeClass is the class of a function's __code__, of which the parts exist that
// tell of its signature and place.
var codeClass = NewClass("builtins", "code")

// codeOf is __code__.
func codeOf(f *Function) Value {
	where, name := f.Where(), f.name
	if f.def != nil {
		where = f.def.Span
		if len(f.def.Decorators) > 0 {
			where = f.def.Decorators[0].Where()
		}
		name = f.def.Name
	}
	varnames, kinds := f.varnames()
	c := &Instance{class: codeClass, dict: NewDict()}
	for attr, v := range (Named[Value]{
		{"co_name", NewStr(name)}, {"co_qualname", NewStr(f.qualname)}, {"co_varnames", strTuple(varnames)}, {"co_nlocals", NewInt(int64(len(varnames)))},
		{"co_argcount", NewInt(int64(kinds[0] + kinds[1]))}, {"co_posonlyargcount", NewInt(int64(kinds[0]))}, {"co_kwonlyargcount", NewInt(int64(kinds[3]))},
		{"co_freevars", strTuple(f.freeVars())}, {"co_firstlineno", NewInt(int64(where.Line))}, {"co_filename", NewStr(f.fileName())},
	}).All() {
		c.dict.SetStr(attr, v)
	}
	return c
}

func (f *Function) fileName() string {
	if file := f.module.File(); file != nil {
		return file.Path
	}
	return ""
}

// varnames are the parameters, *rest and **keywords last, and behind them the
// other local names in the order in which they are bound; kinds counts the
// parameters of each Kind.
func (f *Function) varnames() (names []string, kinds [5]int) {
	var packed []string
	for _, p := range f.Parameters() {
		kinds[p.Kind]++
		if p.Kind == 2 || p.Kind == 4 {
			packed = append(packed, p.Name)
		} else {
			names = append(names, p.Name)
		}
	}
	names = append(names, packed...)
	for _, n := range f.scope.bound {
		if f.scope.locals[n] && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names, kinds
}

// freeVars are the names of the function that enclosing functions have.
func (f *Function) freeVars() []string {
	names := slices.Clone(f.scope.free)
	for n := range f.scope.nonlocals {
		names = append(names, n)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return slices.DeleteFunc(names, func(n string) bool { return f.outer == nil || f.outer.owning(n) == nil })
}

// closureOf is __closure__: a cell for each free variable, None without any.
func closureOf(f *Function) Value {
	out := NewTuple()
	for _, n := range f.freeVars() {
		cell := &Instance{class: cellClass, dict: NewDict()}
		if v := f.outer.owning(n).vars[n]; v != nil {
			cell.dict.SetStr("cell_contents", v)
		}
		out.elems = append(out.elems, cell)
	}
	if len(out.elems) == 0 {
		return None
	}
	return out
}

// cellClass is the class of what __closure__ holds.
var cellClass = NewClass("builtins", "cell")

func strTuple(names []string) *Tuple {
	out := NewTuple()
	for _, n := range names {
		out.elems = append(out.elems, NewStr(n))
	}
	return out
}

// frameClass is the class of what sys._getframe gives.
var frameClass = NewClass("builtins", "frame")

// FrameObject is the frame of the script that is running, without those of its
// first callers that are to be left out; nil if there are no more.
func (t *Thread) FrameObject(skip int) Value {
	var all []*frame
	for f := t.frame; f != nil; f = f.caller {
		if !f.module.library && !f.comp {
			all = append(all, f)
		}
	}
	var out Value = None
	for i := len(all) - 1; i >= skip; i-- {
		out = all[i].object(out)
	}
	if out == None {
		return nil
	}
	return out
}

// object shows a frame, and what called it.
func (f *frame) object(back Value) Value {
	name := "<module>"
	code := &Instance{class: codeClass, dict: NewDict()}
	switch {
	case f.function != nil:
		code, _ = codeOf(f.function).(*Instance)
	case f.outer != nil:
		name = f.private // of a class body
		fallthrough
	default:
		file := ""
		if m := f.module.File(); m != nil {
			file = m.Path
		}
		code.dict.SetStr("co_name", NewStr(name))
		code.dict.SetStr("co_filename", NewStr(file))
	}
	o := &Instance{class: frameClass, dict: NewDict()}
	o.dict.SetStr("f_code", code)
	o.dict.SetStr("f_back", back)
	o.dict.SetStr("f_lineno", NewInt(int64(f.at.Line)))
	o.dict.SetStr("f_globals", f.module.dict)
	return o
}
