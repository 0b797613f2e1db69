package pyeval

import (
	"maps"
	"slices"
)

// The protocol methods of the built-in value classes, for code that names
// them: super().__setitem__(key, value), hasattr(x, '__iter__'). Operators and
// statements on the values themselves don't go through them.
func init() {
	sized := []*Class{StrClass, BytesClass, ListClass, TupleClass, DictClass, SetClass, frozensetClass, rangeClass, dictViewClass}
	for _, k := range sized {
		k.Def("__len__(self)", func(c *Call) (Value, error) {
			n, err := c.Thread.Len(c.Self())
			return NewInt(int64(n)), err
		})
		k.Def("__iter__(self)", func(c *Call) (Value, error) {
			next, err := c.Thread.Iter(c.Self())
			if err != nil {
				return nil, err
			}
			return NewIterator(next), nil
		})
		k.Def("__contains__(self, x, /)", func(c *Call) (Value, error) {
			has, err := c.Thread.Contains(c.Self(), c.Arg("x"))
			return Bool(has), err
		})
	}
	for _, k := range []*Class{StrClass, BytesClass, ListClass, TupleClass, DictClass, rangeClass} {
		k.Def("__getitem__(self, key, /)", func(c *Call) (Value, error) { return getItem(c, c.slots[0]) })
	}
	for _, k := range []*Class{ListClass, DictClass} {
		k.Def("__setitem__(self, key, value, /)", func(c *Call) (Value, error) {
			return None, c.Thread.SetIndex(c.Self(), c.Arg("key"), c.Arg("value"))
		})
		k.Def("__delitem__(self, key, /)", func(c *Call) (Value, error) {
			return None, c.Thread.DelIndex(c.Self(), c.Arg("key"))
		})
	}
	for _, k := range []*Class{ListClass, DictClass, SetClass} {
		k.Set("__hash__", None)
	}
	for _, k := range []*Class{IntClass, FloatClass} {
		for name, builtin := range (Named[string]{{"__int__", "int"}, {"__float__", "float"}, {"__abs__", "abs"}, {"__bool__", "bool"}}).All() {
			k.Def(name+"(self)", func(c *Call) (Value, error) {
				f, err := c.Thread.Builtin(builtin)
				if err != nil {
					return nil, err
				}
				return c.Thread.Call(f, c.Self())
			})
		}
		k.Def("__neg__(self)", func(c *Call) (Value, error) { return c.Thread.Binary("-", NewInt(0), c.Self()) })
		k.Def("__pos__(self)", func(c *Call) (Value, error) { return c.Self(), nil })
	}
	IntClass.Def("__index__(self)", func(c *Call) (Value, error) { i, _ := asInt(c.Self()); return i, nil })
	IntClass.Def("__invert__(self)", func(c *Call) (Value, error) { return c.Thread.Binary("^", c.Self(), NewInt(-1)) })
	for class, ops := range map[*Class][]string{
		IntClass:       {"+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^"},
		FloatClass:     {"+", "-", "*", "/", "//", "%", "**"},
		StrClass:       {"+", "*", "%"},
		BytesClass:     {"+", "*", "%"},
		ListClass:      {"+", "*"},
		TupleClass:     {"+", "*"},
		DictClass:      {"|"},
		SetClass:       {"-", "&", "|", "^"},
		frozensetClass: {"-", "&", "|", "^"},
	} {
		for _, op := range ops {
			class.Def(dunder[op][0]+"(self, other, /)", func(c *Call) (Value, error) {
				return orNotImplemented(c.Thread.Binary(op, c.Self(), plain(c.Arg("other"))))
			})
			reflected := class == IntClass || class == FloatClass || class == DictClass || class == SetClass || class == frozensetClass
			if reflected || op == "*" {
				class.Def(dunder[op][1]+"(self, other, /)", func(c *Call) (Value, error) {
					return orNotImplemented(c.Thread.Binary(op, plain(c.Arg("other")), c.Self()))
				})
			}
			if class == ListClass || class == DictClass || class == SetClass {
				class.Def(dunder[op][2]+"(self, other, /)", func(c *Call) (Value, error) {
					if _, err := c.Thread.Augmented(op, plain(c.Self()), c.Arg("other")); err != nil {
						return orNotImplemented(nil, err)
					}
					return c.slots[0], nil
				})
			}
		}
	}
	for _, op := range slices.Sorted(maps.Keys(comparison)) {
		names := comparison[op]
		for _, class := range []*Class{IntClass, FloatClass, StrClass, BytesClass, ListClass, TupleClass, SetClass, frozensetClass, DictClass} {
			equality := op == "==" || op == "!="
			if class == DictClass && !equality {
				continue
			}
			class.Def(names[0]+"(self, other, /)", func(c *Call) (Value, error) {
				self, other := plain(c.Self()), plain(c.Arg("other"))
				if equality && !comparable(self, other) {
					return NotImplemented, nil
				}
				return orNotImplemented(c.Thread.Compare(op, self, other))
			})
		}
	}
}

func init() { defBytearray() }

// getItem is a built-in's own __getitem__: past an override of the script, but
// with its __missing__.
func getItem(c *Call, self Value) (Value, error) {
	d, ok := plain(self).(*Dict)
	if !ok {
		return c.Thread.Index(plain(self), c.Arg("key"))
	}
	v, err := d.Get(c.Thread, c.Arg("key"))
	if v != nil || err != nil {
		return v, err
	}
	if m := operatorMethod(self, "__missing__"); m != nil {
		return c.Thread.callMethod(m, self, c.Arg("key"))
	}
	return nil, raise(KeyError, c.Arg("key"))
}

// comparable reports whether a built-in's own __eq__ compares with a value.
func comparable(a, b Value) bool {
	number := func(v Value) bool { return v.Class().IsA(IntClass) || v.Class() == FloatClass }
	set := func(v Value) bool { return v.Class() == SetClass || v.Class() == frozensetClass }
	return a.Class() == b.Class() || number(a) && number(b) || set(a) && set(b)
}

// orNotImplemented is the answer of an operator's method to a wrong operand.
func orNotImplemented(v Value, err error) (Value, error) {
	if isRaised(err, TypeError) {
		return NotImplemented, nil
	}
	return v, err
}
