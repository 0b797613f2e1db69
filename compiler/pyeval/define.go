package pyeval

import (
	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// execDef makes a function and applies its decorators, the last one first.
func (t *Thread) execDef(s *pyast.FunctionDef) error {
	decorators, err := t.evalElems(s.Decorators)
	if err != nil {
		return err
	}
	f, err := t.makeFunction(s.Name, s.Args)
	if err != nil {
		return err
	}
	f.def = s
	f.scope = t.scopeOf(s, func() *scopeInfo { return scanFunction(s.Args, s.Body, nil) })
	if doc := docString(s.Body); doc != nil {
		f.dict.SetStr("__doc__", doc)
	}
	notes, err := t.annotations(s.Args, s.Returns)
	if err != nil {
		return err
	}
	f.dict.SetStr("__annotations__", notes)
	v, err := t.decorate(f, s.Decorators, decorators)
	if err != nil {
		return err
	}
	t.store(s.Name, v)
	return nil
}

func (t *Thread) decorate(v Value, exprs []pyast.Expr, decorators []Value) (Value, error) {
	for i := len(decorators) - 1; i >= 0; i-- {
		where := exprs[i].Where()
		t.frame.at = where
		out, err := t.Invoke(decorators[i], []Arg{{Value: v}}, where, where)
		if err = t.settle(err, where); err != nil {
			return nil, err
		}
		v = out
	}
	return v, nil
}

func (t *Thread) makeLambda(e *pyast.Lambda) (Value, error) {
	f, err := t.makeFunction("<lambda>", e.Args)
	if err != nil {
		return nil, err
	}
	f.lambda = e
	f.scope = t.scopeOf(e, func() *scopeInfo { return scanFunction(e.Args, nil, e.Body) })
	return f, nil
}

// scopeOf scans a scope once.
func (t *Thread) scopeOf(n pyast.Node, scan func() *scopeInfo) *scopeInfo {
	info, ok := t.scopes[n]
	if !ok {
		info = scan()
		t.scopes[n] = info
	}
	return info
}

// makeFunction makes a function in the current frame, with its defaults
// evaluated.
func (t *Thread) makeFunction(name string, args *pyast.Arguments) (*Function, error) {
	fr := t.frame
	f := &Function{name: name, qualname: name, module: fr.module, outer: fr, dict: NewDict()}
	switch in := fr; {
	case in.function != nil:
		f.qualname = in.function.qualname + ".<locals>." + name
	case in.ns != nil && in.outer != nil:
		f.qualname = in.classPath + "." + name
	}
	if err := t.alloc(128); err != nil {
		return nil, err
	}
	p := &params{rest: -1, keywords: -1, posOnly: len(args.PosOnly)}
	add := func(ps ...*pyast.Arg) {
		for _, a := range ps {
			p.list = append(p.list, param{name: a.Name})
		}
	}
	add(args.PosOnly...)
	add(args.Args...)
	p.pos = len(p.list)
	if args.VarArg != nil {
		p.rest = len(p.list)
		add(args.VarArg)
	}
	kwOnly := len(p.list)
	add(args.KwOnly...)
	if args.KwArg != nil {
		p.keywords = len(p.list)
		add(args.KwArg)
	}
	f.params = p
	f.defaults = make([]Value, len(p.list))
	set := func(i int, e pyast.Expr) error {
		if e == nil {
			return nil
		}
		v, err := t.eval(e)
		f.defaults[i], p.list[i].optional = v, true
		return err
	}
	for i, e := range args.Defaults {
		if err := set(p.pos-len(args.Defaults)+i, e); err != nil {
			return nil, err
		}
	}
	for i, e := range args.KwDefaults {
		if err := set(kwOnly+i, e); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (t *Thread) annotations(args *pyast.Arguments, returns pyast.Expr) (*Dict, error) {
	d := NewDict()
	add := func(name string, e pyast.Expr) error {
		if e == nil {
			return nil
		}
		v, err := t.annotation(e)
		if err == nil {
			d.SetStr(name, v)
		}
		return err
	}
	for _, a := range args.Params() {
		if err := add(a.Name, a.Annotation); err != nil {
			return nil, err
		}
	}
	return d, add("return", returns)
}

// docString is the string that a body begins with, or nil.
func docString(body []pyast.Stmt) Value {
	if len(body) > 0 {
		if e, ok := body[0].(*pyast.ExprStmt); ok {
			if c, ok := e.Value.(*pyast.Constant); ok && c.Kind == pyast.ConstStr {
				return constStr(c)
			}
		}
	}
	return nil
}

// callFunction binds the arguments and runs a function of the script.
func (t *Thread) callFunction(f *Function, args []Arg, span pyast.Span) (Value, error) {
	if err := t.enter(); err != nil {
		return nil, err
	}
	defer t.leave()
	late := t.libraryLate(f, args, span)
	if late == nil {
		late = t.tooDeep(f, span)
	}
	if late != nil {
		return late, nil
	}
	if f.def != nil && f.def.Async {
		return nil, diag.New(diag.PyUnsupported, span.Pos(), "%s() is asynchronous, which is not supported in the driver", f.qualname).
			WithHint("Write the function without async and await.")
	}
	slots, _, err := f.params.bind(f.qualname, args)
	if err == nil {
		err = f.params.missing(f.qualname, slots)
	}
	if err != nil {
		return nil, err
	}
	fr := &frame{info: f.scope, vars: make(map[string]Value, len(slots)+4), module: f.module, outer: f.outer,
		function: f, private: f.outer.private, at: span}
	for i, p := range f.params.list {
		v := slots[i]
		if v == nil {
			v = f.defaults[i]
		}
		fr.vars[p.name] = v
	}
	if f.scope.generator {
		return t.newGenerator(fr), nil
	}
	v, err := t.run(fr)
	if r, ok := err.(*Raised); ok {
		t.addTrace(r, span)
	}
	return v, err
}

// maxTrace bounds the calls that a diagnostic lists.
const maxTrace = 8

// addTrace notes that an exception left a function called at span.
func (t *Thread) addTrace(r *Raised, span pyast.Span) {
	e := exceptionOf(r.Exc)
	if len(e.trace) < maxTrace && t.frame != nil && !inLibrary(span) {
		e.trace = append(e.trace, traceLine{span, t.frame.name()})
	}
}

// run executes the body of a function frame.
func (t *Thread) run(fr *frame) (Value, error) {
	fr.caller = t.frame
	t.frame = fr
	seen, leaves := t.looks.seen, t.leaves
	defer func() { t.frame, t.looks.seen, t.leaves = fr.caller, seen, leaves }()
	if l := fr.function.lambda; l != nil {
		return t.watch("<lambda>(…)", func() (Value, error) { return t.eval(l.Body) })
	}
	f, err := t.block(fr.function.def.Body)
	switch {
	case err != nil:
		return None, err
	case fr.returns != nil:
		return fr.returns.derive(fr.function.name+"(…)", fr.at), nil
	case f != returnValue:
		return None, nil
	}
	return fr.result, nil
}

// execClass runs a class body and makes the class by its metaclass.
func (t *Thread) execClass(s *pyast.ClassDef) error {
	decorators, err := t.evalElems(s.Decorators)
	if err != nil {
		return err
	}
	args, err := t.evalArgs(nil, s.Bases, s.Keywords)
	if err != nil {
		return err
	}
	var bases []Value
	var keywords []Arg
	var meta Value
	for _, a := range args {
		switch {
		case a.Name == "metaclass":
			meta = a.Value
		case a.Name != "":
			keywords = append(keywords, a)
		default:
			bases = append(bases, a.Value)
		}
	}
	spec := &classSpec{name: s.Name, bases: bases, meta: meta, keywords: keywords, node: s}
	if spec.ns, err = t.prepare(spec); err == nil {
		spec.methods, err = t.classBody(s, spec.ns)
	}
	if err != nil {
		return err
	}
	c, err := t.makeClass(spec)
	if err = t.settle(err, s.NameSpan); err != nil {
		return err
	}
	v, err := t.decorate(c, s.Decorators, decorators)
	if err == nil {
		t.store(s.Name, v)
	}
	return err
}

// classBody evaluates the statements of a class in a namespace.
func (t *Thread) classBody(s *pyast.ClassDef, ns *Dict) (*frame, error) {
	outer := t.frame
	body := &frame{info: t.scopeOf(s, func() *scopeInfo { return scanBody(s.Body) }), ns: ns, module: outer.module,
		outer: outer, caller: outer, private: s.Name, at: s.Span, classPath: s.Name}
	switch {
	case outer.function != nil:
		body.classPath = outer.function.qualname + ".<locals>." + s.Name
	case outer.classPath != "":
		body.classPath = outer.classPath + "." + s.Name
	}
	body.ns.SetStr("__module__", NewStr(outer.module.name))
	body.ns.SetStr("__qualname__", NewStr(body.classPath))
	if doc := docString(s.Body); doc != nil {
		body.ns.SetStr("__doc__", doc)
	}
	if err := t.enter(); err != nil {
		return nil, err
	}
	defer t.leave()
	t.frame = body
	defer func() { t.frame = outer }()
	_, err := t.block(s.Body)
	return body, err
}
