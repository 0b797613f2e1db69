package stdlib

import (
	"strings"

	"pyfc/compiler/pyeval"
)

// addInit makes __init__ from the fields.
func addInit(k *pyeval.Class, fields []*field, frozen bool) error {
	var pos, kw []string
	defaulted := false
	for _, f := range fields {
		switch {
		case !f.init:
			continue
		case f.kwOnly:
			kw = append(kw, f.parameter())
			continue
		case f.def != nil || f.factory != nil:
			defaulted = true
		case defaulted:
			return pyeval.Errorf(pyeval.TypeError, "non-default argument '%s' follows default argument", f.name)
		}
		pos = append(pos, f.parameter())
	}
	if kw != nil {
		pos = append(append(pos, "*"), kw...)
	}
	k.Def("__init__("+strings.Join(append([]string{"self"}, pos...), ", ")+")", func(c *pyeval.Call) (pyeval.Value, error) {
		obj, ok := c.Args()[0].(*pyeval.Instance)
		if !ok {
			return nil, pyeval.Errorf(pyeval.TypeError, "__init__() needs an object of the class")
		}
		var passed []pyeval.Value
		for _, f := range fields {
			v, err := f.initial(c)
			switch {
			case err != nil:
				return nil, err
			case v == nil:
			case f.passed:
				passed = append(passed, v)
			case frozen:
				obj.Dict().SetStr(f.name, v)
			default:
				if err := c.Thread.SetAttr(obj, f.name, v); err != nil {
					return nil, err
				}
			}
		}
		if k.Lookup("__post_init__") != nil {
			return method(c.Thread, obj, "__post_init__", passed...)
		}
		return pyeval.None, nil
	})
	return nil
}

// initial is the field's value in a call of __init__, nil for none.
func (f *field) initial(c *pyeval.Call) (pyeval.Value, error) {
	if f.init {
		if v := c.Arg(f.name); v != nil {
			return v, nil
		}
	}
	if f.factory != nil {
		return c.Thread.Call(f.factory)
	}
	return f.def, nil
}

func addRepr(k *pyeval.Class, fields []*field) {
	k.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		var parts []string
		for _, f := range fields {
			if !f.repr || f.passed {
				continue
			}
			v, err := c.Thread.GetAttr(c.Args()[0], f.name)
			if err != nil {
				return nil, err
			}
			s, err := c.Thread.Repr(v)
			if err != nil {
				return nil, err
			}
			parts = append(parts, f.name+"="+s)
		}
		return str(c.Args()[0].Class().Qualname() + "(" + strings.Join(parts, ", ") + ")")
	})
}

// valuesOf is the tuple of the fields that pass the test.
func valuesOf(t *pyeval.Thread, v pyeval.Value, fields []*field, counts func(f *field) bool) (pyeval.Value, error) {
	var elems []pyeval.Value
	for _, f := range fields {
		if f.passed || !counts(f) {
			continue
		}
		x, err := t.GetAttr(v, f.name)
		if err != nil {
			return nil, err
		}
		elems = append(elems, x)
	}
	return pyeval.NewTuple(elems...), nil
}

// addComparison adds __eq__, and with order the others.
func addComparison(k *pyeval.Class, fields []*field, order bool) error {
	compared := func(f *field) bool { return f.compare }
	compare := func(name, op string) {
		k.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			if c.Arg("other").Class() != c.Args()[0].Class() {
				return pyeval.NotImplemented, nil
			}
			a, err := valuesOf(c.Thread, c.Args()[0], fields, compared)
			if err != nil {
				return nil, err
			}
			b, err := valuesOf(c.Thread, c.Arg("other"), fields, compared)
			if err != nil {
				return nil, err
			}
			return c.Thread.Compare(op, a, b)
		})
	}
	if _, own := k.Dict().GetStr("__eq__"); !own {
		compare("__eq__", "==")
	}
	if !order {
		return nil
	}
	for name, op := range (pyeval.Named[string]{{"__lt__", "<"}, {"__le__", "<="}, {"__gt__", ">"}, {"__ge__", ">="}}).All() {
		if _, own := k.Dict().GetStr(name); own {
			return pyeval.Errorf(pyeval.TypeError, "Cannot overwrite attribute %s in class %s. Consider using functools.total_ordering", name, k.Name())
		}
		compare(name, op)
	}
	return nil
}

func addHash(k *pyeval.Class, fields []*field) {
	k.Def("__hash__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		v, err := valuesOf(c.Thread, c.Args()[0], fields, func(f *field) bool {
			return f.hash == pyeval.True || f.hash == pyeval.None && f.compare
		})
		if err != nil {
			return nil, err
		}
		n, err := c.Thread.Hash(v)
		return pyeval.NewInt(n), err
	})
}

// addFreeze refuses assignments to the fields, and to all else in objects of
// the class itself.
func addFreeze(k *pyeval.Class, fields []*field) {
	refused := func(c *pyeval.Call) bool {
		for _, f := range fields {
			if f.name == c.Str("name") {
				return true
			}
		}
		return c.Args()[0].Class() == k
	}
	for name, does := range (pyeval.Named[string]{{"__setattr__(self, name: str, value, /)", "assign to"}, {"__delattr__(self, name: str, /)", "delete"}}).All() {
		short, _, _ := strings.Cut(name, "(")
		k.Def(name, func(c *pyeval.Call) (pyeval.Value, error) {
			if refused(c) {
				return nil, pyeval.Errorf(frozenErrorClass, "cannot %s field %s", does, pyeval.Quote(c.Str("name")))
			}
			return c.Thread.Call(pyeval.ObjectClass.Lookup(short), c.Args()...)
		})
	}
}

// signatureText is how inspect shows the parameters of __init__.
func signatureText(t *pyeval.Thread, fields []*field) (string, error) {
	var pos, kw []string
	for _, f := range fields {
		if !f.init {
			continue
		}
		p := f.name + ": " + strings.ReplaceAll(pyeval.TypeText(f.typ), "typing.", "")
		switch {
		case f.factory != nil:
			p += " = <factory>"
		case f.def != nil:
			def := f.def
			if input, ok := def.(*pyeval.Sym); ok { // the text isn't worth asking for it
				if def, _ = t.AtDefaults(input); def == nil {
					def = pyeval.None
				}
			}
			s, err := t.Repr(def)
			if err != nil {
				return "", err
			}
			p += " = " + s
		}
		if f.kwOnly {
			kw = append(kw, p)
		} else {
			pos = append(pos, p)
		}
	}
	if kw != nil {
		pos = append(append(pos, "*"), kw...)
	}
	return strings.Join(pos, ", "), nil
}

// plainer turns dataclasses inside a value into dicts or tuples; factory, if
// not None, makes them of the pairs or values.
type plainer struct {
	t       *pyeval.Thread
	dict    bool
	factory pyeval.Value
}

func (p plainer) of(v pyeval.Value) (pyeval.Value, error) {
	switch x := v.(type) {
	case *pyeval.List:
		elems, err := p.each(x.Elems())
		return pyeval.NewList(elems...), err
	case *pyeval.Tuple:
		elems, err := p.each(x.Elems())
		return pyeval.NewTuple(elems...), err
	case *pyeval.Dict:
		out := pyeval.NewDict()
		for k, e := range x.Items() {
			plain, err := p.of(e)
			if err != nil {
				return nil, err
			}
			if err := out.Set(p.t, k, plain); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	fields, ok := dataFields(v.Class())
	if _, isClass := v.(*pyeval.Class); !ok || isClass {
		return v, nil
	}
	return p.fields(v, fields)
}

func (p plainer) each(elems []pyeval.Value) ([]pyeval.Value, error) {
	out := make([]pyeval.Value, len(elems))
	for i, e := range elems {
		plain, err := p.of(e)
		if err != nil {
			return nil, err
		}
		out[i] = plain
	}
	return out, nil
}

func (p plainer) fields(v pyeval.Value, fields []*field) (pyeval.Value, error) {
	d := pyeval.NewDict()
	var parts []pyeval.Value
	for _, f := range fields {
		if f.passed {
			continue
		}
		x, err := p.t.GetAttr(v, f.name)
		if err != nil {
			return nil, err
		}
		if x, err = p.of(x); err != nil {
			return nil, err
		}
		d.SetStr(f.name, x)
		if p.dict {
			x = pyeval.NewTuple(pyeval.NewStr(f.name), x)
		}
		parts = append(parts, x)
	}
	switch {
	case p.factory != pyeval.None:
		return p.t.Call(p.factory, pyeval.NewList(parts...))
	case p.dict:
		return d, nil
	}
	return pyeval.NewTuple(parts...), nil
}
