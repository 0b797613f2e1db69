package stdlib

import (
	"strings"

	"pyfc/compiler/pyeval"
)

func init() { loaders["enum"] = fillEnum }

var (
	enumMeta     = pyeval.NewClass("enum", "EnumMeta", pyeval.TypeClass)
	enumClass    = pyeval.NewClass("enum", "Enum").SetMeta(enumMeta)
	intEnumClass = pyeval.NewClass("enum", "IntEnum", pyeval.IntClass, enumClass)
	strEnumClass = pyeval.NewClass("enum", "StrEnum", pyeval.StrClass, enumClass)
	autoClass    = pyeval.NewClass("enum", "auto")
)

func fillEnum(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(enumMeta, enumClass, intEnumClass, strEnumClass, autoClass).Set("EnumType", enumMeta)
	m.Def("unique(cls, /)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Arg("cls"), nil })
}

const membersName = "__members__"

// members of an enum class in order of definition, aliases included.
func members(v pyeval.Value) *pyeval.Dict {
	if k, ok := v.(*pyeval.Class); ok {
		if d, ok := k.Lookup(membersName).(*pyeval.Dict); ok {
			return d
		}
	}
	return pyeval.NewDict()
}

// distinct are the members without aliases.
func distinct(v pyeval.Value) []pyeval.Value {
	var out []pyeval.Value
	for name, m := range members(v).Items() {
		if i, ok := m.(*pyeval.Instance); ok {
			if own, _ := i.Dict().GetStr("name"); own.(*pyeval.Str).String() == name.(*pyeval.Str).String() {
				out = append(out, m)
			}
		}
	}
	return out
}

func init() {
	enumMeta.Static("__new__(meta, name: str, bases: tuple, ns: dict, /, **kw)", newEnum)
	enumMeta.Def("__call__(cls, value, /, *args, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		for _, m := range distinct(c.Args()[0]) {
			v, _ := m.(*pyeval.Instance).Dict().GetStr("value")
			same, err := c.Thread.Equal(v, c.Arg("value"))
			if err != nil {
				return nil, err
			}
			if same || m == c.Arg("value") {
				return m, nil
			}
		}
		s, err := c.Thread.Repr(c.Arg("value"))
		if err != nil {
			return nil, err
		}
		return nil, pyeval.Errorf(pyeval.ValueError, "%s is not a valid %s", s, c.Args()[0].(*pyeval.Class).Qualname())
	})
	enumMeta.Def("__getitem__(cls, name: str, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		if m, ok := members(c.Args()[0]).GetStr(c.Str("name")); ok {
			return m, nil
		}
		return nil, pyeval.Raise(pyeval.KeyError, c.Arg("name"))
	})
	enumMeta.Def("__iter__(cls)", func(c *pyeval.Call) (pyeval.Value, error) {
		next, err := c.Thread.Iter(pyeval.NewList(distinct(c.Args()[0])...))
		return pyeval.NewIterator(next), err
	})
	enumMeta.Def("__len__(cls)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.NewInt(int64(len(distinct(c.Args()[0])))), nil
	})
	enumMeta.Def("__bool__(cls)", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.True, nil })
	enumMeta.Def("__contains__(cls, x, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		k, ok := c.Args()[0].(*pyeval.Class)
		return pyeval.Bool(ok && c.Arg("x").Class().IsA(k)), nil
	})
	enumClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		name, value, err := nameAndValue(c)
		if err != nil {
			return nil, err
		}
		s, err := c.Thread.Repr(value)
		return pyeval.NewStr("<" + name + ": " + s + ">"), err
	})
	enumClass.Def("__str__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		name, value, err := nameAndValue(c)
		if k := c.Args()[0].Class(); err == nil && (k.IsA(intEnumClass) || k.IsA(strEnumClass)) {
			return c.Thread.Text(value)
		}
		return pyeval.NewStr(name), err
	})
	enumClass.Def("__hash__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		name, value, err := nameAndValue(c)
		if err != nil {
			return nil, err
		}
		if _, plain := c.Self().(*pyeval.Instance); !plain {
			n, err := c.Thread.Hash(value)
			return pyeval.NewInt(n), err
		}
		n, err := c.Thread.Hash(pyeval.NewStr(name))
		return pyeval.NewInt(n), err
	})
}

// nameAndValue are "Class.NAME" and the value of a member.
func nameAndValue(c *pyeval.Call) (string, pyeval.Value, error) {
	i, ok := c.Args()[0].(*pyeval.Instance)
	if !ok {
		return "", nil, pyeval.Errorf(pyeval.TypeError, "not a member of an enum")
	}
	name, _ := i.Dict().GetStr("name")
	value, _ := i.Dict().GetStr("value")
	s, isStr := name.(*pyeval.Str)
	if !isStr {
		return "", nil, pyeval.Errorf(pyeval.TypeError, "not a member of an enum")
	}
	return i.Class().Qualname() + "." + s.String(), value, nil
}

// newEnum makes the class, then a member for each plain value in its body.
func newEnum(c *pyeval.Call) (pyeval.Value, error) {
	t, ns := c.Thread, pyeval.NewDict()
	var names []string
	values := map[string]pyeval.Value{}
	for k, v := range c.Keywords("ns").Items() {
		name := k.(*pyeval.Str).String()
		if isMember(name, v) {
			names = append(names, name)
			values[name] = v
			continue
		}
		ns.SetStr(name, v)
	}
	meta, ok := c.Arg("meta").(*pyeval.Class)
	if !ok {
		return nil, pyeval.Errorf(pyeval.TypeError, "EnumMeta.__new__(X): X is not a type object")
	}
	k, err := t.NewType(meta, c.Str("name"), c.Elems("bases"), ns)
	if err != nil {
		return nil, err
	}
	all := pyeval.NewDict()
	k.Set(membersName, all)
	last := pyeval.Value(pyeval.NewInt(0))
	for _, name := range names {
		v := values[name]
		if v.Class() == autoClass {
			if v, err = autoValue(t, k, name, last); err != nil {
				return nil, err
			}
		}
		last = v
		m, err := member(t, k, name, v)
		if err != nil {
			return nil, err
		}
		all.SetStr(name, m)
		k.Set(name, m)
	}
	return k, nil
}

func isMember(name string, v pyeval.Value) bool {
	if strings.HasPrefix(name, "_") {
		return false
	}
	switch v.(type) {
	case *pyeval.Function, *pyeval.Property, *pyeval.StaticMethod, *pyeval.ClassMethod, *pyeval.Class:
		return false
	}
	return true
}

// autoValue is one more than the last value; a StrEnum's is its name.
func autoValue(t *pyeval.Thread, k *pyeval.Class, name string, last pyeval.Value) (pyeval.Value, error) {
	if k.IsA(pyeval.StrClass) {
		return pyeval.NewStr(strings.ToLower(name)), nil
	}
	return t.Binary("+", last, pyeval.NewInt(1))
}

// member makes a member, or finds the one with the same value.
func member(t *pyeval.Thread, k *pyeval.Class, name string, v pyeval.Value) (pyeval.Value, error) {
	for _, m := range distinct(k) {
		old, _ := m.(*pyeval.Instance).Dict().GetStr("value")
		if same, err := t.Equal(old, v); same || err != nil {
			return m, err
		}
	}
	i := k.Make(nil)
	for _, b := range []*pyeval.Class{pyeval.StrClass, pyeval.IntClass, pyeval.FloatClass} {
		if k.IsA(b) {
			x, err := t.Call(b, v)
			if err != nil {
				return nil, err
			}
			i = pyeval.Derived(k, x)
			v = x
		}
	}
	i.Dict().SetStr("name", pyeval.NewStr(name))
	i.Dict().SetStr("value", v)
	i.Dict().SetStr("_name_", pyeval.NewStr(name))
	i.Dict().SetStr("_value_", v)
	if init := k.Lookup("__init__"); init != nil && init != pyeval.ObjectClass.Lookup("__init__") {
		args := []pyeval.Value{i}
		if tuple, ok := v.(*pyeval.Tuple); ok {
			args = append(args, tuple.Elems()...)
		} else {
			args = append(args, v)
		}
		if _, err := t.Call(init, args...); err != nil {
			return nil, err
		}
	}
	return i, nil
}
