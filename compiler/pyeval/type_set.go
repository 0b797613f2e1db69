package pyeval

func init() {
	SetClass.Static("__new__(cls, *args)", func(c *Call) (Value, error) { return c.wrap(NewSet()), nil })
	SetClass.Def("__init__(self, iterable=..., /)", func(c *Call) (Value, error) {
		s := c.Self().(*Set)
		s.clear()
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
		_, err := set(c).discard(c.Thread, c.Arg("value"))
		return None, err
	})
	SetClass.Def("remove(self, value, /)", func(c *Call) (Value, error) {
		was, err := set(c).discard(c.Thread, c.Arg("value"))
		if !was && err == nil {
			err = raise(KeyError, c.Arg("value"))
		}
		return None, err
	})
	SetClass.Def("pop(self)", func(c *Call) (Value, error) {
		v, err := set(c).pop(c.Thread)
		if v == nil && err == nil {
			err = raise(KeyError, NewStr("pop from an empty set"))
		}
		return v, err
	})
	SetClass.Def("clear(self)", func(c *Call) (Value, error) { set(c).clear(); return None, nil })
	SetClass.Def("update(self, *iterables)", func(c *Call) (Value, error) {
		for _, it := range c.Elems("iterables") {
			if err := set(c).addAll(c.Thread, it); err != nil {
				return nil, err
			}
		}
		return None, nil
	})
	SetClass.Def("intersection_update(self, *others)", func(c *Call) (Value, error) {
		out, err := set(c).intersections(c.Thread, c.Elems("others"))
		if err == nil {
			set(c).take(out)
		}
		return None, err
	})
	SetClass.Def("difference_update(self, *others)", func(c *Call) (Value, error) {
		for _, o := range c.Elems("others") {
			if err := set(c).subtract(c.Thread, o); err != nil {
				return nil, err
			}
		}
		return None, nil
	})
	SetClass.Def("symmetric_difference_update(self, other, /)", func(c *Call) (Value, error) {
		return None, set(c).toggle(c.Thread, c.Arg("other"))
	})
}

func init() {
	dictViewClass.Def("isdisjoint(self, other, /)", func(c *Call) (Value, error) {
		own, err := c.Thread.setOf(c.Self())
		if err != nil {
			return nil, err
		}
		common, err := own.intersection(c.Thread, c.Arg("other"))
		return Bool(err == nil && common.Len() == 0), err
	})
}

func defSetAlgebra(k *Class) {
	type method = func(s *Set, t *Thread, others []Value) (*Set, error)
	for name, f := range (Named[method]{{"union", (*Set).union}, {"intersection", (*Set).intersections}, {"difference", (*Set).differences}}).All() {
		k.Def(name+"(self, *others)", func(c *Call) (Value, error) {
			out, err := f(c.Self().(*Set), c.Thread, c.Elems("others"))
			if err != nil {
				return nil, err
			}
			return out, nil
		})
	}
	k.Def("symmetric_difference(self, other, /)", func(c *Call) (Value, error) {
		out, err := c.Self().(*Set).symmetric(c.Thread, c.Arg("other"))
		return out, err
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
		if s := c.Self().(*Set); !s.frozen || c.slots[0] != Value(s) {
			out, err := s.copySet(c.Thread)
			return out, err
		}
		return c.Self(), nil
	})
}
