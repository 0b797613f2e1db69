package pyeval

// GetAttr is v.name.
func (t *Thread) GetAttr(v Value, name string) (Value, error) {
	out, err := t.attr(v, name)
	if out == nil && err == nil {
		return nil, t.noAttr(v, name)
	}
	return out, err
}

// noAttr is the AttributeError for a name that v doesn't have.
func (t *Thread) noAttr(v Value, name string) error {
	var err error
	switch v := v.(type) {
	case *Class:
		err = Errorf(AttributeError, "type object '%s' has no attribute '%s'", v.name, name)
	case *Module:
		err = Errorf(AttributeError, "module '%s' has no attribute '%s'", v.name, name)
	default:
		err = Errorf(AttributeError, "'%s' object has no attribute '%s'", v.Class().name, name)
	}
	withFact(withFact(err, "name", NewStr(name)), "obj", v)
	return suggest(err, name, attrNames(v))
}

// attrNames lists the attributes that dir() would, in order of lookup.
func attrNames(v Value) []string {
	var out []string
	classes := v.Class().mro
	switch v := v.(type) {
	case *Instance:
		out = v.dict.names()
	case *Module:
		return v.dict.names()
	case *Class:
		classes = v.mro
	case *Function:
		out = v.dict.names()
	}
	for _, c := range classes {
		out = append(out, c.dict.names()...)
	}
	return out
}

// attr is GetAttr, with nil and nil for an attribute that isn't there.
func (t *Thread) attr(v Value, name string) (Value, error) {
	switch v := v.(type) {
	case *Opaque:
		return v.derive(v.Origin+"."+name, t.Where()), nil
	case *Sym:
		return t.symAttr(v, name)
	case *Instance:
		if v.class.asks != nil {
			return t.askedAttr(v, name)
		}
		return t.instanceAttr(v, name)
	case *Class:
		return t.classAttr(v, name)
	case *Module:
		return t.moduleAttr(v, name)
	case *superObject:
		return t.superAttr(v, name)
	case *alias:
		return t.aliasAttr(v, name)
	case *Function:
		if a, ok := v.dict.GetStr(name); ok {
			return a, nil
		}
	case *BoundMethod:
		if a, err := t.boundAttr(v, name); a != nil || err != nil {
			return a, err
		}
	}
	if name == "__class__" {
		return v.Class(), nil
	}
	if a := v.Class().Lookup(name); a != nil {
		return t.bindAttr(a, v, v.Class())
	}
	return nil, nil
}

// askedAttr is an attribute by the __getattribute__ of the script's class.
func (t *Thread) askedAttr(v *Instance, name string) (Value, error) {
	out, err := t.callMethod(v.class.asks, v, NewStr(name))
	if r, ok := err.(*Raised); ok && r.Exc.class.IsA(AttributeError) {
		if get := v.class.Lookup("__getattr__"); get != nil {
			return t.callMethod(get, v, NewStr(name))
		}
	}
	return out, err
}

// instanceAttr follows Python's order: data descriptors of the class, the
// object's own attributes, the class's others, __getattr__.
func (t *Thread) instanceAttr(v *Instance, name string) (Value, error) {
	a := v.class.Lookup(name)
	if p, ok := a.(*Property); ok {
		return t.getProperty(p, v, name)
	}
	if own, ok := v.dict.GetStr(name); ok {
		return own, nil
	}
	switch {
	case a != nil:
		return t.bindAttr(a, v, v.class)
	case name == "__class__":
		return v.class, nil
	case name == "__dict__" && v.class.slots == nil:
		return v.dict, nil
	}
	if e, ok := v.Data.(*exception); ok {
		if a := e.attr(v.class, name); a != nil {
			return a, nil
		}
	}
	if get := v.class.Lookup("__getattr__"); get != nil {
		return t.callMethod(get, v, NewStr(name))
	}
	if o := v.class.opaqueBase(); o != nil {
		return o.derive(v.class.name+"()."+name, t.Where()), nil
	}
	return nil, nil
}

// opaqueBase returns the opaque base of a class, if it has one.
func (c *Class) opaqueBase() *Opaque {
	for _, k := range c.mro {
		if k.opaque != nil {
			return k.opaque
		}
	}
	return nil
}

func (t *Thread) getProperty(p *Property, self Value, name string) (Value, error) {
	if p.get == nil {
		return nil, Errorf(AttributeError, "property '%s' of '%s' object has no getter", name, self.Class().name)
	}
	return t.Call(p.get, self)
}

// bindAttr turns what was found in a class into the attribute of an object.
func (t *Thread) bindAttr(a, self Value, class *Class) (Value, error) {
	switch a := a.(type) {
	case *Function:
		return &BoundMethod{self, a}, nil
	case *Native:
		if a.method {
			return &BoundMethod{self, a}, nil
		}
	case *StaticMethod:
		return a.fn, nil
	case *ClassMethod:
		return t.bindClass(a, class)
	case *Property:
		return t.Call(a.get, self)
	case *Instance:
		if get := a.class.Lookup("__get__"); get != nil {
			return t.callMethod(get, a, self, class)
		}
	}
	return a, nil
}

// bindClass is what a class method is to a class; one of a property is its
// value.
func (t *Thread) bindClass(m *ClassMethod, class *Class) (Value, error) {
	if p, ok := m.fn.(*Property); ok {
		return t.getProperty(p, class, "")
	}
	return &BoundMethod{class, m.fn}, nil
}

func (t *Thread) classAttr(c *Class, name string) (Value, error) {
	if a := c.special(name); a != nil {
		return a, nil
	}
	if a := c.Lookup(name); a != nil {
		switch a := a.(type) {
		case *StaticMethod:
			return a.fn, nil
		case *ClassMethod:
			return t.bindClass(a, c)
		case *Instance:
			if get := a.class.Lookup("__get__"); get != nil {
				return t.callMethod(get, a, None, c)
			}
		}
		return a, nil
	}
	if a := c.Class().Lookup(name); a != nil {
		return t.bindAttr(a, c, c.Class())
	}
	if get := c.Class().Lookup("__getattr__"); get != nil {
		return t.callMethod(get, c, NewStr(name))
	}
	if o := c.opaqueBase(); o != nil {
		return o.derive(c.name+"."+name, t.Where()), nil
	}
	return nil, nil
}

// special returns the attributes that every class has.
func (c *Class) special(name string) Value {
	switch name {
	case "__name__":
		return NewStr(c.name)
	case "__qualname__":
		return NewStr(c.qualname)
	case "__module__":
		return NewStr(c.module)
	case "__class__":
		return c.Class()
	case "__dict__":
		return c.dict.copyDict()
	case "__doc__":
		if d, ok := c.dict.GetStr("__doc__"); ok {
			return d
		}
		return None
	case "__base__":
		if len(c.bases) == 0 {
			return None
		}
		return c.bases[0]
	case "__bases__":
		return classTuple(c.bases)
	case "__mro__":
		return classTuple(c.mro)
	}
	return nil
}

func classTuple(classes []*Class) *Tuple {
	out := NewTuple()
	for _, c := range classes {
		out.elems = append(out.elems, c)
	}
	return out
}

func (t *Thread) moduleAttr(m *Module, name string) (Value, error) {
	if a, ok := m.dict.GetStr(name); ok {
		return a, nil
	}
	switch name {
	case "__dict__":
		return m.dict, nil
	case "__class__":
		return moduleClass, nil
	}
	if m.Fallback != nil {
		return m.Fallback(t, name)
	}
	if get, ok := m.dict.GetStr("__getattr__"); ok {
		return t.Call(get, NewStr(name))
	}
	return nil, nil
}

// boundAttr passes attributes of a method on to its function.
func (t *Thread) boundAttr(m *BoundMethod, name string) (Value, error) {
	switch name {
	case "__self__":
		return m.self, nil
	case "__func__":
		return m.fn, nil
	}
	return t.attr(m.fn, name)
}

// SetAttr is v.name = x.
func (t *Thread) SetAttr(v Value, name string, x Value) error {
	switch v := v.(type) {
	case *Instance:
		return t.setInstanceAttr(v, name, x)
	case *Class:
		if v.native() {
			return Errorf(TypeError, "cannot set '%s' attribute of immutable type '%s'", name, v.name)
		}
		if set, owner := v.Class().lookup("__setattr__"); owner != TypeClass && owner != ObjectClass {
			_, err := t.callMethod(set, v, NewStr(name), x)
			return err
		}
		t.bind(v.dict, name, x)
		return nil
	case *Module:
		t.bind(v.dict, name, x)
		return nil
	case *Function:
		v.setAttr(name, x)
		return nil
	case *Property:
		return Errorf(AttributeError, "'property' object attribute '%s' is read-only", name)
	case *Opaque:
		return nil
	}
	if v.Class().Lookup(name) != nil {
		return Errorf(AttributeError, "'%s' object attribute '%s' is read-only", v.Class().name, name)
	}
	return Errorf(AttributeError, "'%s' object has no attribute '%s'", v.Class().name, name)
}

func (f *Function) setAttr(name string, x Value) {
	s, ok := x.(*Str)
	switch {
	case name == "__name__" && ok:
		f.name = s.s
	case name == "__qualname__" && ok:
		f.qualname = s.s
	default:
		f.dict.SetStr(name, x)
	}
}

func (t *Thread) setInstanceAttr(v *Instance, name string, x Value) error {
	switch a := v.class.Lookup(name).(type) {
	case *Property:
		if a.set == nil {
			return Errorf(AttributeError, "property '%s' of '%s' object has no setter", name, v.class.name)
		}
		_, err := t.Call(a.set, v, x)
		return err
	case *Instance:
		if set := a.class.Lookup("__set__"); set != nil {
			_, err := t.callMethod(set, a, v, x)
			return err
		}
	}
	if set, owner := v.class.lookup("__setattr__"); owner != ObjectClass {
		_, err := t.callMethod(set, v, NewStr(name), x)
		return err
	}
	return t.setOwn(v, name, x)
}

// setOwn sets an attribute of the object itself, as object.__setattr__ does.
func (t *Thread) setOwn(v *Instance, name string, x Value) error {
	if v.class.slots != nil && !v.class.slots[name] {
		return t.noAttr(v, name)
	}
	if e, ok := v.Data.(*exception); ok && name == "args" {
		elems, err := t.Iterate(x)
		if err != nil {
			return err
		}
		e.args = NewTuple(elems...)
		return nil
	}
	t.bind(v.dict, name, x)
	return nil
}

// DelAttr is del v.name.
func (t *Thread) DelAttr(v Value, name string) error {
	var d *Dict
	switch v := v.(type) {
	case *Opaque:
		return nil
	case *Instance:
		switch a := v.class.Lookup(name).(type) {
		case *Property:
			if a.del == nil {
				return Errorf(AttributeError, "property '%s' of '%s' object has no deleter", name, v.class.name)
			}
			_, err := t.Call(a.del, v)
			return err
		case *Instance:
			if del := a.class.Lookup("__delete__"); del != nil {
				_, err := t.callMethod(del, a, v)
				return err
			}
		}
		if del, owner := v.class.lookup("__delattr__"); owner != ObjectClass && owner != nil {
			_, err := t.callMethod(del, v, NewStr(name))
			return err
		}
		d = v.dict
	case *Module:
		d = v.dict
	case *Function:
		d = v.dict
	case *Class:
		if del, owner := v.Class().lookup("__delattr__"); owner != TypeClass && owner != ObjectClass {
			_, err := t.callMethod(del, v, NewStr(name))
			return err
		}
		if !v.native() {
			d = v.dict
		}
	}
	if d == nil || !d.DeleteStr(name) {
		return t.noAttr(v, name)
	}
	return nil
}

// superObject is super(): attribute lookup from the class after start.
type superObject struct {
	start *Class
	self  Value
}

// Class returns super.
func (*superObject) Class() *Class { return superClass }

func (t *Thread) superAttr(s *superObject, name string) (Value, error) {
	class, isClass := s.self.(*Class)
	if !isClass || !class.IsA(s.start) {
		class, isClass = s.self.Class(), false
	}
	past := false
	for _, c := range class.mro {
		if !past {
			past = c == s.start
			continue
		}
		a, ok := c.dict.GetStr(name)
		if !ok {
			continue
		}
		if isClass {
			if m, ok := a.(*ClassMethod); ok {
				return t.bindClass(m, class)
			}
			if m, ok := a.(*StaticMethod); ok {
				return m.fn, nil
			}
			if class.IsA(TypeClass) {
				return a, nil
			}
		}
		return t.bindAttr(a, s.self, class)
	}
	if o := class.opaqueBase(); o != nil {
		return o.derive("super()."+name, t.Where()), nil
	}
	return nil, nil
}
