package pyeval

func init() {
	SetClass.Static("__new__(cls, *args)", func(c *Call) (Value, error) { return c.wrap(NewSet()), nil })
	SetClass.Def("__init__(self, iterable=..., /)", func(c *Call) (Value, error) {
		s := c.Self().(*Set)
		s.d.clear()
		return None, s.addAll(c.Thread, c.Arg("iterable"))
	})
	frozensetClass.Static("__new__(cls, iterable=..., /)", func(c *Call) (Value, error) {
		s := &Set{d: NewDict(), frozen: true}
		return c.wrap(s), s.addAll(c.Thread, c.Arg("iterable"))
	})
	for _, k := range []*Class{SetClass, frozensetClass} {
		defSetAlgebra(k)
	}
	set := func(c *Call) *Set { return c.Self().(*Set) }
	SetClass.Def("add(self, value, /)", func(c *Call) (Value, error) {
		if err := c.Thread.alloc(64); err != nil {
			return nil, err
		}
		return None, set(c).Add(c.Thread, c.Arg("value"))
	})
	SetClass.Def("discard(self, value, /)", func(c *Call) (Value, error) {
		_, err := set(c).d.Delete(c.Thread, c.Arg("value"))
		return None, err
	})
	SetClass.Def("remove(self, value, /)", func(c *Call) (Value, error) {
		v, err := set(c).d.Delete(c.Thread, c.Arg("value"))
		if v == nil && err == nil {
			err = raise(KeyError, c.Arg("value"))
		}
		return None, err
	})
	SetClass.Def("pop(self)", func(c *Call) (Value, error) {
		elems := set(c).elems()
		if len(elems) == 0 {
			return nil, raise(KeyError, NewStr("pop from an empty set"))
		}
		c.Thread.steps += int64(len(elems) / 16)
		_, err := set(c).d.Delete(c.Thread, elems[0])
		return elems[0], err
	})
	SetClass.Def("clear(self)", func(c *Call) (Value, error) { set(c).d.clear(); return None, nil })
	SetClass.Def("update(self, *iterables)", func(c *Call) (Value, error) {
		for _, it := range c.Elems("iterables") {
			if err := set(c).addAll(c.Thread, it); err != nil {
				return nil, err
			}
		}
		return None, nil
	})
}

// addAll puts the elements of an iterable in; nil has none.
func (s *Set) addAll(t *Thread, iterable Value) error {
	if iterable == nil {
		return nil
	}
	elems, err := t.Iterate(iterable)
	if err != nil {
		return err
	}
	if from, ok := plain(iterable).(*Set); ok && from != s {
		elems = s.merged(elems)
	}
	for _, e := range elems {
		if err := s.Add(t, e); err != nil {
			return err
		}
	}
	return t.alloc(64 * len(elems))
}

func defSetAlgebra(k *Class) {
	for name, op := range map[string]string{"union": "|", "intersection": "&", "difference": "-"} {
		k.Def(name+"(self, *others)", func(c *Call) (Value, error) { return setFold(c, op) })
		if k == SetClass && name != "union" {
			k.Def(name+"_update(self, *others)", func(c *Call) (Value, error) {
				v, err := setFold(c, op)
				if err == nil {
					c.Self().(*Set).d = v.(*Set).d
				}
				return None, err
			})
		}
	}
	k.Def("symmetric_difference(self, other, /)", func(c *Call) (Value, error) {
		o := NewSet()
		if err := o.addAll(c.Thread, c.Arg("other")); err != nil {
			return nil, err
		}
		return c.Thread.setBinary("^", c.Self(), o)
	})
	compare := func(name string, f func(t *Thread, a, b *Set) (bool, error)) {
		k.Def(name+"(self, other, /)", func(c *Call) (Value, error) {
			o := NewSet()
			if err := o.addAll(c.Thread, c.Arg("other")); err != nil {
				return nil, err
			}
			yes, err := f(c.Thread, c.Self().(*Set), o)
			return Bool(yes), err
		})
	}
	compare("issubset", func(t *Thread, a, b *Set) (bool, error) { return t.subset(a, b) })
	compare("issuperset", func(t *Thread, a, b *Set) (bool, error) { return t.subset(b, a) })
	compare("isdisjoint", func(t *Thread, a, b *Set) (bool, error) {
		v, err := t.setBinary("&", a, b)
		if err != nil {
			return false, err
		}
		return v.(*Set).Len() == 0, nil
	})
	k.Def("copy(self)", func(c *Call) (Value, error) {
		s := c.Self().(*Set)
		return &Set{d: s.d.copyDict(), frozen: s.frozen}, nil
	})
}

func setFold(c *Call, op string) (Value, error) {
	var out Value = c.Self()
	s := out.(*Set)
	out = &Set{d: s.d.copyDict(), frozen: s.frozen}
	for _, it := range c.Elems("others") {
		o := NewSet()
		err := o.addAll(c.Thread, it)
		if err == nil {
			out, err = c.Thread.setBinary(op, out, o)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
