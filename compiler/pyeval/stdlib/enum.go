package stdlib

import (
	"slices"

	"pyfc/compiler/pyeval"
)

func init() { loaders["enum"] = fillEnum }

var (
	enumMeta     = pyeval.NewClass("enum", "EnumMeta", pyeval.TypeClass)
	enumClass    = pyeval.NewClass("enum", "Enum").SetMeta(enumMeta)
	intEnumClass = pyeval.NewClass("enum", "IntEnum", pyeval.IntClass, enumClass)
	strEnumClass = pyeval.NewClass("enum", "StrEnum", pyeval.StrClass, enumClass)
	autoClass    = pyeval.NewClass("enum", "auto")
	flagClass    = pyeval.NewClass("enum", "Flag", enumClass)
	intFlagClass = pyeval.NewClass("enum", "IntFlag", flagClass, pyeval.IntClass)
)

func fillEnum(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(enumMeta, enumClass, intEnumClass, strEnumClass, autoClass, flagClass, intFlagClass).Set("EnumType", enumMeta)
	m.Def("unique(cls, /)", unique)
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
	enumMeta.Def("__call__(cls, value, names=None, /, *, start: int=1, type=None, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		k, ok := c.Args()[0].(*pyeval.Class)
		if !ok {
			return nil, pyeval.Errorf(pyeval.TypeError, "EnumMeta.__call__(X): X is not a type object")
		}
		if c.Arg("names") != pyeval.None {
			return enumOfNames(c, k)
		}
		return memberOf(c.Thread, k, c.Arg("value"))
	})
	for name, does := range (pyeval.Named[string]{{"__setattr__(cls, name: str, value, /)", "reassign"}, {"__delattr__(cls, name: str, /)", "delete"}}).All() {
		enumMeta.Def(name, func(c *pyeval.Call) (pyeval.Value, error) {
			if _, ok := members(c.Args()[0]).GetStr(c.Str("name")); ok {
				return nil, pyeval.Errorf(pyeval.AttributeError, "cannot %s member %s", does, pyeval.Quote(c.Str("name")))
			}
			k, ok := c.Args()[0].(*pyeval.Class)
			if ok && does == "reassign" {
				k.Set(c.Str("name"), c.Arg("value"))
			} else if ok && !k.Dict().DeleteStr(c.Str("name")) {
				return nil, pyeval.Errorf(pyeval.AttributeError, "%s", c.Str("name"))
			}
			return pyeval.None, nil
		})
	}
	enumMeta.Def("__repr__(cls)", func(c *pyeval.Call) (pyeval.Value, error) {
		k, ok := c.Args()[0].(*pyeval.Class)
		if !ok {
			return str("<enum>")
		}
		kind := "enum"
		if k.IsA(flagClass) {
			kind = "flag"
		}
		return str("<" + kind + " '" + k.Qualname() + "'>")
	})
	enumMeta.Def("__getitem__(cls, name: str, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		if m, ok := members(c.Args()[0]).GetStr(c.Str("name")); ok {
			return m, nil
		}
		return nil, pyeval.Raise(pyeval.KeyError, c.Arg("name"))
	})
	enumMeta.Def("__iter__(cls)", func(c *pyeval.Call) (pyeval.Value, error) {
		next, err := c.Thread.Iter(pyeval.NewList(listed(c.Args()[0])...))
		return pyeval.NewIterator(next), err
	})
	enumMeta.Def("__reversed__(cls)", func(c *pyeval.Call) (pyeval.Value, error) {
		members := slices.Clone(listed(c.Args()[0]))
		slices.Reverse(members)
		next, err := c.Thread.Iter(pyeval.NewList(members...))
		return pyeval.NewIterator(next), err
	})
	enumMeta.Def("__len__(cls)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.NewInt(int64(len(listed(c.Args()[0])))), nil
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
		if k := c.Args()[0].Class(); err == nil && (k.IsA(intEnumClass) || k.IsA(strEnumClass) || k.IsA(intFlagClass)) {
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
