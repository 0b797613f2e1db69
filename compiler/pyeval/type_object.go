package pyeval

func init() {
	ObjectClass.Static("__new__(cls, *args, **kw)", func(c *Call) (Value, error) {
		k, ok := c.Arg("cls").(*Class)
		if !ok {
			return nil, Errorf(TypeError, "object.__new__(X): X is not a type object")
		}
		if err := c.Thread.checkAbstract(k); err != nil {
			return nil, err
		}
		return &Instance{class: k, dict: NewDict(), Where: c.Span}, nil
	})
	ObjectClass.Def("__init__(self, *args, **kw)", func(*Call) (Value, error) { return None, nil })
	ObjectClass.Def("__repr__(self)", func(c *Call) (Value, error) {
		k := c.slots[0].Class()
		if i, ok := c.slots[0].(*Instance); ok && i.builtin == nil && i.Data == nil {
			return NewStr("<" + k.module + "." + k.qualname + " object>"), nil
		}
		return c.Thread.convert(c.Self(), 'r')
	})
	ObjectClass.Def("__str__(self)", func(c *Call) (Value, error) {
		if i, ok := c.slots[0].(*Instance); ok {
			if e, ok := i.Data.(*exception); ok {
				return c.Thread.exceptionStr(i, e)
			}
		}
		if s, ok := c.Self().(*Str); ok {
			return s, nil
		}
		return c.Thread.convert(c.slots[0], 'r')
	})
	ObjectClass.Def("__format__(self, spec: str, /)", func(c *Call) (Value, error) {
		return c.Thread.Format(c.Self(), c.Str("spec"))
	})
	ObjectClass.Def("__eq__(self, other, /)", func(c *Call) (Value, error) {
		if c.slots[0] == c.slots[1] {
			return True, nil
		}
		return NotImplemented, nil
	})
	ObjectClass.Def("__ne__(self, other, /)", func(c *Call) (Value, error) {
		same, err := c.Thread.Equal(c.slots[0], c.slots[1])
		return Bool(!same), err
	})
	ObjectClass.Def("__hash__(self)", func(c *Call) (Value, error) { return NewInt(c.Thread.id(c.slots[0])), nil })
	ObjectClass.Def("__setattr__(self, name: str, value, /)", func(c *Call) (Value, error) {
		if i, ok := c.slots[0].(*Instance); ok {
			return None, c.Thread.setOwn(i, c.Str("name"), c.Arg("value"))
		}
		return None, c.Thread.SetAttr(c.slots[0], c.Str("name"), c.Arg("value"))
	})
	ObjectClass.Def("__delattr__(self, name: str, /)", func(c *Call) (Value, error) {
		if i, ok := c.slots[0].(*Instance); ok && i.dict.DeleteStr(c.Str("name")) {
			return None, nil
		}
		return nil, c.Thread.noAttr(c.slots[0], c.Str("name"))
	})
	ObjectClass.Def("__getattribute__(self, name: str, /)", func(c *Call) (Value, error) {
		i, ok := c.slots[0].(*Instance)
		if !ok {
			return c.Thread.GetAttr(c.slots[0], c.Str("name"))
		}
		v, err := c.Thread.instanceAttr(i, c.Str("name"))
		if v == nil && err == nil {
			err = c.Thread.noAttr(i, c.Str("name"))
		}
		return v, err
	})
	ObjectClass.ClassMethod("__init_subclass__(cls, **kw)", func(c *Call) (Value, error) {
		k, ok := c.Arg("cls").(*Class)
		if ok && c.Keywords("kw").Len() > 0 && k.opaqueBase() == nil {
			return nil, Errorf(TypeError, "%s.__init_subclass__() takes no keyword arguments", k.name)
		}
		return None, nil
	})
	defType()
	defFunctions()
	defDescriptors()
	defExceptions()
	defGenerators()
}

func defType() {
	TypeClass.Static("__new__(cls, name, bases: tuple=..., ns: dict=..., /, **kw)", func(c *Call) (Value, error) {
		if c.Arg("bases") == nil {
			return c.Arg("name").Class(), nil
		}
		name, ok := c.Arg("name").(*Str)
		meta, ok2 := c.Arg("cls").(*Class)
		if !ok || !ok2 || c.Arg("ns") == nil {
			return nil, Errorf(TypeError, "type() takes 1 or 3 arguments")
		}
		k, err := c.Thread.NewType(meta, name.s, c.Elems("bases"), c.Keywords("ns"), c.Named("kw")...)
		if err != nil {
			return nil, err
		}
		return k, nil
	})
	TypeClass.Def("__call__(cls, *args, **kw)", func(c *Call) (Value, error) {
		k, ok := c.Self().(*Class)
		if !ok {
			return nil, Errorf(TypeError, "descriptor '__call__' requires a 'type' object")
		}
		return c.Thread.construct(k, c.args[1:], c.Span, c.At)
	})
	TypeClass.Def("mro(cls)", func(c *Call) (Value, error) {
		k, ok := c.Self().(*Class)
		if !ok {
			return nil, Errorf(TypeError, "descriptor 'mro' requires a 'type' object")
		}
		return NewList(classTuple(k.mro).elems...), nil
	})
}

func init() {
	TypeClass.Def("__subclasses__(cls)", func(c *Call) (Value, error) {
		k, ok := c.Self().(*Class)
		if !ok {
			return nil, Errorf(TypeError, "descriptor '__subclasses__' requires a 'type' object")
		}
		return NewList(classTuple(k.derived).elems...), nil
	})
	methodClass.Static("__new__(cls, function: callable, instance, /)", func(c *Call) (Value, error) {
		return &BoundMethod{c.Arg("instance"), c.Arg("function")}, nil
	})
}

func defFunctions() {
	get := func(name string, f func(*Function) Value) {
		functionClass.Getter(name, func(c *Call) (Value, error) { return f(c.Self().(*Function)), nil })
	}
	get("__name__", func(f *Function) Value { return NewStr(f.name) })
	get("__qualname__", func(f *Function) Value { return NewStr(f.qualname) })
	get("__module__", func(f *Function) Value { return NewStr(f.module.name) })
	get("__globals__", func(f *Function) Value { return f.module.dict })
	get("__code__", codeOf)
	get("__closure__", closureOf)
	get("__doc__", func(*Function) Value { return None })
	get("__dict__", func(f *Function) Value { return f.dict })
	get("__annotations__", func(*Function) Value { return NewDict() })
	get("__defaults__", func(f *Function) Value {
		out := NewTuple()
		for i, v := range f.defaults[:f.params.pos] {
			if f.params.list[i].optional {
				out.elems = append(out.elems, v)
			}
		}
		if len(out.elems) == 0 {
			return None
		}
		return out
	})
	get("__kwdefaults__", func(f *Function) Value {
		d := NewDict()
		for i := f.params.pos; i < len(f.defaults); i++ {
			if f.params.list[i].optional {
				d.SetStr(f.params.list[i].name, f.defaults[i])
			}
		}
		if d.Len() == 0 {
			return None
		}
		return d
	})
	functionClass.Def("__get__(self, obj, owner=None, /)", func(c *Call) (Value, error) {
		if c.Arg("obj") == None {
			return c.Self(), nil
		}
		return &BoundMethod{c.Arg("obj"), c.Self()}, nil
	})
	functionClass.Def("__call__(self, *args, **kw)", func(c *Call) (Value, error) {
		return c.Thread.Invoke(c.Self(), c.args[1:], c.Span, c.At)
	})
	for attr, f := range (Named[func(*Native) Value]{
		{"__name__", func(n *Native) Value { return NewStr(n.name) }},
		{"__qualname__", func(n *Native) Value { return NewStr(n.qualname) }},
		{"__doc__", func(*Native) Value { return None }},
		{"__module__", func(*Native) Value { return NewStr("builtins") }},
	}).All() {
		nativeClass.Getter(attr, func(c *Call) (Value, error) { return f(c.Self().(*Native)), nil })
	}
}

func defDescriptors() {
	propertyClass.Static("__new__(cls, fget=None, fset=None, fdel=None, doc=None)", func(c *Call) (Value, error) {
		p := &Property{doc: c.Arg("doc")}
		for name, to := range (Named[*Value]{{"fget", &p.get}, {"fset", &p.set}, {"fdel", &p.del}}).All() {
			if v := c.Arg(name); v != None {
				*to = v
			}
		}
		return p, nil
	})
	with := func(name string, set func(p *Property, f Value)) {
		propertyClass.Def(name+"(self, f, /)", func(c *Call) (Value, error) {
			p := *c.Self().(*Property)
			set(&p, c.Arg("f"))
			return &p, nil
		})
	}
	with("getter", func(p *Property, f Value) { p.get = f })
	with("setter", func(p *Property, f Value) { p.set = f })
	with("deleter", func(p *Property, f Value) { p.del = f })
	for name, f := range (Named[func(*Property) Value]{
		{"fget", func(p *Property) Value { return p.get }},
		{"fset", func(p *Property) Value { return p.set }},
		{"fdel", func(p *Property) Value { return p.del }},
	}).All() {
		propertyClass.Getter(name, func(c *Call) (Value, error) {
			if v := f(c.Self().(*Property)); v != nil {
				return v, nil
			}
			return None, nil
		})
	}
	propertyClass.Getter("__doc__", func(c *Call) (Value, error) {
		p := c.Self().(*Property)
		if p.doc != nil && p.doc != None {
			return p.doc, nil
		}
		if f, ok := p.get.(*Function); ok {
			return c.Thread.GetAttr(f, "__doc__")
		}
		return None, nil
	})
	staticmethodClass.Static("__new__(cls, f, /)", func(c *Call) (Value, error) { return &StaticMethod{c.Arg("f")}, nil })
	staticmethodClass.Getter("__func__", func(c *Call) (Value, error) { return c.Self().(*StaticMethod).fn, nil })
	classmethodClass.Static("__new__(cls, f, /)", func(c *Call) (Value, error) { return &ClassMethod{c.Arg("f")}, nil })
	classmethodClass.Getter("__func__", func(c *Call) (Value, error) { return c.Self().(*ClassMethod).fn, nil })
	superClass.Static("__new__(cls, start: class=..., obj=..., /)", newSuper)
	sliceClass.Static("__new__(cls, a, b=..., c=..., /)", func(c *Call) (Value, error) {
		s := &Slice{None, c.Arg("a"), None}
		if b := c.Arg("b"); b != nil {
			s.start, s.stop = c.Arg("a"), b
		}
		if x := c.Arg("c"); x != nil {
			s.step = x
		}
		return s, nil
	})
}

// newSuper is super(): without arguments the class whose body defines the
// running method, and its first argument.
func newSuper(c *Call) (Value, error) {
	if k, ok := c.Arg("start").(*Class); ok {
		if c.Arg("obj") == nil {
			return nil, Errorf(TypeError, "super() with one argument isn't supported")
		}
		return &superObject{k, c.Arg("obj")}, nil
	}
	fr := c.Thread.frame
	for fr != nil && fr.comp {
		fr = fr.outer
	}
	if fr == nil || fr.function == nil || len(fr.function.params.list) == 0 {
		return nil, Errorf(RuntimeError, "super(): no arguments")
	}
	first := fr.vars[fr.function.params.list[0].name]
	for o := fr; o != nil; o = o.outer {
		if o.class != nil {
			return &superObject{o.class, first}, nil
		}
	}
	return nil, Errorf(RuntimeError, "super(): __class__ cell not found")
}

func defExceptions() {
	BaseException.Static("__new__(cls, *args, **kw)", func(c *Call) (Value, error) {
		k, ok := c.Arg("cls").(*Class)
		if !ok {
			return nil, Errorf(TypeError, "BaseException.__new__(X): X is not a type object")
		}
		args := c.Elems("args")
		r := raise(ofErrno(k, args), args...)
		r.Exc.Where = c.Span
		if k.IsA(ImportError) {
			for name, v := range c.Keywords("kw").Items() {
				exceptionOf(r.Exc).fact(name.(*Str).s, v)
			}
		}
		return r.Exc, nil
	})
	BaseException.Def("__init__(self, *args, **kw)", func(c *Call) (Value, error) {
		if i, ok := c.slots[0].(*Instance); ok {
			exceptionOf(i).args = NewTuple(c.Elems("args")...)
		}
		return None, nil
	})
	BaseException.Def("with_traceback(self, tb, /)", func(c *Call) (Value, error) { return c.slots[0], nil })
	BaseException.Def("add_note(self, note: str, /)", func(c *Call) (Value, error) {
		i, ok := c.slots[0].(*Instance)
		if !ok {
			return None, nil
		}
		notes, _ := i.dict.GetStr("__notes__")
		list, ok := notes.(*List)
		if !ok {
			list = NewList()
			i.dict.SetStr("__notes__", list)
		}
		list.elems = append(list.elems, c.Arg("note"))
		return None, nil
	})
}

// tracebackClass is what __traceback__ is; pyfc shows places by diagnostics.
var tracebackClass = NewClass("builtins", "traceback")

func tracebackOf(e *exception) Value {
	tb := tracebackClass.Make(e)
	tb.dict.SetStr("tb_lineno", NewInt(int64(e.where.Line)))
	tb.dict.SetStr("tb_next", None)
	return tb
}

func defGenerators() {
	self := func(c *Call) (Value, error) { return c.Self(), nil }
	resume := func(c *Call, v Value, thrown error) (Value, error) {
		g, ok := c.Self().(*Generator)
		if !ok {
			return nil, Errorf(TypeError, "descriptor requires a 'generator' object")
		}
		if g.done && thrown == nil {
			return nil, raise(StopIteration)
		}
		x, err := g.send(v, thrown)
		if x == nil && err == nil {
			return nil, stopIteration(g.result)
		}
		return x, err
	}
	generatorClass.Def("__iter__(self)", self)
	generatorClass.Def("__next__(self)", func(c *Call) (Value, error) { return resume(c, None, nil) })
	generatorClass.Def("send(self, value, /)", func(c *Call) (Value, error) { return resume(c, c.Arg("value"), nil) })
	generatorClass.Def("throw(self, exc, /, *rest)", func(c *Call) (Value, error) {
		thrown := c.Arg("exc")
		if k, ok := thrown.(*Class); ok && k.IsA(BaseException) && len(c.Elems("rest")) > 0 && c.Elems("rest")[0] != None {
			made, err := c.Thread.Call(k, c.Elems("rest")[0])
			if err != nil {
				return nil, err
			}
			thrown = made
		}
		exc, err := c.Thread.asException(thrown, c.Span, "exceptions must be classes or instances deriving from BaseException, not "+thrown.Class().name)
		if err != nil {
			return nil, err
		}
		return resume(c, None, &Raised{exc})
	})
	generatorClass.Def("close(self)", func(c *Call) (Value, error) {
		if g, ok := c.Self().(*Generator); ok {
			return None, g.close()
		}
		return None, nil
	})
	iteratorClass.Def("__iter__(self)", self)
	iteratorClass.Def("__next__(self)", func(c *Call) (Value, error) {
		x, err := c.Self().(*Iterator).next()
		if x == nil && err == nil {
			return nil, raise(StopIteration)
		}
		return x, err
	})
}
