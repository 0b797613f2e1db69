package pyeval

import (
	"sort"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// Callable reports whether a value can be called.
func Callable(v Value) bool {
	switch v := v.(type) {
	case *Function, *Native, *BoundMethod, *Class, *StaticMethod, *Opaque:
		return true
	case *Instance:
		return v.class.Lookup("__call__") != nil
	}
	return false
}

// Call calls a Python value from Go with positional arguments.
func (t *Thread) Call(fn Value, args ...Value) (Value, error) {
	list := make([]Arg, len(args))
	for i, a := range args {
		list[i].Value = a
	}
	return t.Invoke(fn, list, t.Where(), t.Where())
}

// callMethod calls a function found in a class on an object.
func (t *Thread) callMethod(fn, self Value, args ...Value) (Value, error) {
	bound, err := t.bindAttr(fn, self, self.Class())
	if err != nil {
		return nil, err
	}
	return t.Call(bound, args...)
}

// Invoke calls a Python value. span is the place of the whole call, at that of
// the called name.
func (t *Thread) Invoke(fn Value, args []Arg, span, at pyast.Span) (Value, error) {
	switch f := fn.(type) {
	case *Function:
		return t.callFunction(f, args, span)
	case *Native:
		return t.callNative(f, args, span, at)
	case *BoundMethod:
		return t.Invoke(f.fn, append([]Arg{{Value: f.self}}, args...), span, at)
	case *Class:
		return t.instantiate(f, args, span, at)
	case *StaticMethod:
		return t.Invoke(f.fn, args, span, at)
	case *Opaque:
		t.noteOpaque(f, args, at)
		return t.callOpaque(f, args, span)
	case *Instance:
		if call := f.class.Lookup("__call__"); call != nil {
			bound, err := t.bindAttr(call, f, f.class)
			if err != nil {
				return nil, err
			}
			return t.Invoke(bound, args, span, at)
		}
		if o := f.class.opaqueBase(); o != nil {
			return o.derive(f.class.name+"()(…)", span), nil
		}
	case *alias:
		if f.origin != nil {
			return t.Invoke(f.origin, args, span, at)
		}
	case *Sym:
		known, err := t.Assume(f, "the call")
		if err != nil {
			return nil, err
		}
		return t.Invoke(known, args, span, at)
	}
	return nil, Errorf(TypeError, "'%s' object is not callable", fn.Class().name)
}

// callNative binds the arguments and calls a function written in Go. A pure
// function of an opaque value has an opaque result.
func (t *Thread) callNative(n *Native, args []Arg, span, at pyast.Span) (Value, error) {
	if err := t.enter(); err != nil {
		return nil, err
	}
	defer t.leave()
	if v, done := t.lateCall(n, args, span); done {
		t.noteNative(n, args, at)
		return v, nil
	}
	if n.pure {
		for _, a := range args {
			if o, ok := a.Value.(*Opaque); ok {
				return o.derive(n.name+"("+o.Origin+")", span), nil
			}
		}
	}
	t.noteNative(n, args, at)
	c, err := t.newCall(n, args, span, at)
	if d, ok := err.(*diag.Diagnostic); ok && d.Code == diag.PyOpaque {
		if t.in.ofPackage(n.home) {
			t.suspect(d)
			return Poison(span), nil
		}
		for _, a := range args {
			if o, ok := a.Value.(*Opaque); ok {
				t.suspect(d)
				return o.derive(n.name+"(…)", span), nil
			}
		}
		return nil, d
	}
	if err != nil {
		return nil, err
	}
	if n.home != "" && t.in != nil && t.in.ofPackage(n.home) {
		t.quiet++
		defer func() { t.quiet-- }()
	}
	seen := t.looks.seen
	v, err := n.call(c)
	if c.FixArguments(err) {
		v, err = n.call(c)
	}
	if t.looks.seen == seen {
		return v, err
	}
	t.looks.seen = seen
	if _, raised := err.(*Raised); err != nil && !raised {
		return nil, err
	}
	if n.method && changesItself[n.name] && isContainer(args[0].Value) {
		t.become(args[0].Value, t.looks.last)
	}
	return t.looks.last.derive(n.name+"(…)", span), nil
}

// enter counts a nested call; leave ends it.
func (t *Thread) enter() error {
	if t.depth >= recursionLimit {
		return Errorf(RecursionError, "maximum recursion depth exceeded")
	}
	t.depth++
	return t.Step()
}

func (t *Thread) leave() { t.depth-- }

// instantiate is a call of a class.
func (t *Thread) instantiate(c *Class, args []Arg, span, at pyast.Span) (Value, error) {
	t.note(c.module, c.name, args, at)
	if c.meta != nil {
		if call, owner := c.meta.lookup("__call__"); call != nil && owner != TypeClass {
			return t.Invoke(call, append([]Arg{{Value: c}}, args...), span, at)
		}
	}
	return t.construct(c, args, span, at)
}

// construct makes an object by __new__ and __init__, past a metaclass's
// __call__.
func (t *Thread) construct(c *Class, args []Arg, span, at pyast.Span) (Value, error) {
	obj, custom, err := t.newObject(c, args, span, at)
	if err != nil || !obj.Class().IsA(c) {
		return obj, err
	}
	init, owner := obj.Class().lookup("__init__")
	if owner == nil || owner == ObjectClass {
		if len(args) > 0 && !custom {
			return nil, Errorf(TypeError, "%s() takes no arguments", c.name)
		}
		return obj, nil
	}
	res, err := t.Invoke(init, append([]Arg{{Value: obj}}, args...), span, at)
	if err != nil {
		return nil, err
	}
	if _, opaque := res.(*Opaque); res != None && !opaque {
		return nil, Errorf(TypeError, "__init__() should return None, not '%s'", res.Class().name)
	}
	return obj, nil
}

// newObject makes the object of a call of a class; custom says that a __new__
// of its own took the arguments.
func (t *Thread) newObject(c *Class, args []Arg, span, at pyast.Span) (obj Value, custom bool, err error) {
	ctor, owner := c.lookup("__new__")
	if ctor == nil || owner == ObjectClass {
		if err := t.checkAbstract(c); err != nil {
			return nil, false, err
		}
		return &Instance{class: c, dict: NewDict(), Where: span, made: t.frame}, c.opaqueBase() != nil, t.alloc(64)
	}
	if s, ok := ctor.(*StaticMethod); ok {
		ctor = s.fn
	}
	obj, err = t.Invoke(ctor, append([]Arg{{Value: c}}, args...), span, at)
	if i, ok := obj.(*Instance); ok && i.Where.File == nil {
		i.Where, i.made = span, t.frame
	}
	return obj, true, err
}

// checkAbstract refuses an instance of a class with abstract methods.
func (t *Thread) checkAbstract(c *Class) error {
	if !c.abstract() {
		return nil
	}
	missing := c.Abstract()
	if missing == nil {
		return nil
	}
	plural := ""
	if len(missing) > 1 {
		plural = "s"
	}
	return Errorf(TypeError, "Can't instantiate abstract class %s with abstract method%s %s", c.name, plural, strings.Join(missing, ", "))
}

// Abstract lists the abstract methods that the class doesn't override, sorted.
func (c *Class) Abstract() []string {
	var missing []string
	seen := map[string]bool{}
	for _, k := range c.mro {
		for _, name := range k.dict.names() {
			if seen[name] {
				continue
			}
			seen[name] = true
			if f, ok := k.dict.getFunction(name); ok {
				if a, ok := f.dict.GetStr("__isabstractmethod__"); ok && a == True {
					missing = append(missing, name)
				}
			}
		}
	}
	sort.Strings(missing)
	return missing
}

// abstract reports whether abc.ABC is among the bases; only then Python minds.
func (c *Class) abstract() bool {
	for _, k := range c.mro {
		if k.meta != nil && k.meta.name == "ABCMeta" {
			return true
		}
	}
	return false
}

func (d *Dict) getFunction(name string) (*Function, bool) {
	v, _ := d.GetStr(name)
	switch x := v.(type) {
	case *Property:
		v = x.get
	case *ClassMethod:
		v = x.fn
	case *StaticMethod:
		v = x.fn
	}
	switch v := v.(type) {
	case *Function:
		return v, true
	}
	return nil, false
}
