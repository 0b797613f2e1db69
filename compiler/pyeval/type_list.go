package pyeval

func init() {
	ListClass.Static("__new__(cls, *args, **kw)", func(c *Call) (Value, error) { return c.wrap(NewList()), nil })
	ListClass.Def("__init__(self, iterable=..., /)", func(c *Call) (Value, error) {
		l := c.Self().(*List)
		l.elems = nil
		if c.Arg("iterable") == nil {
			return None, nil
		}
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		l.elems = append(l.elems, elems...)
		return None, err
	})
	TupleClass.Static("__new__(cls, iterable=..., /)", func(c *Call) (Value, error) {
		if c.Arg("iterable") == nil {
			return c.wrap(NewTuple()), nil
		}
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		return c.wrap(NewTuple(elems...)), err
	})
	rangeClass.Static("__new__(cls, a, b=..., step=..., /)", newRangeValue)
	for name, f := range (Named[func(r *Range) int64]{
		{"start", func(r *Range) int64 { return r.start }},
		{"stop", func(r *Range) int64 { return r.stop }},
		{"step", func(r *Range) int64 { return r.step }},
	}).All() {
		rangeClass.Getter(name, func(c *Call) (Value, error) { return NewInt(f(c.Self().(*Range))), nil })
	}
	defListChanges()
	for _, k := range []*Class{ListClass, TupleClass, rangeClass} {
		k.Def("index(self, value, start: int=0, stop: int=9223372036854775807, /)", seqIndex)
		k.Def("count(self, value, /)", seqCount)
	}
	ListClass.Def("copy(self)", func(c *Call) (Value, error) {
		return NewList(append([]Value(nil), c.Self().(*List).elems...)...), nil
	})
}

func newRangeValue(c *Call) (Value, error) {
	bounds := []int64{0, 0, 1}
	names := []string{"a", "b", "step"}
	for i, name := range names {
		v := c.Arg(name)
		if v == nil {
			continue
		}
		switch x := v.(type) {
		case *Sym:
			return nil, x.Needs("range()")
		case *Opaque:
			return x.derive("range("+x.Origin+")", c.Span), nil
		}
		n, ok, err := c.Thread.toIndex(v)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, Errorf(TypeError, "'%s' object cannot be interpreted as an integer", v.Class().name)
		}
		k, fits := n.Int64()
		if !fits {
			return nil, Errorf(OverflowError, "Python int too large to convert to C ssize_t")
		}
		bounds[i] = k
	}
	if c.Arg("b") == nil {
		bounds[0], bounds[1] = 0, bounds[0]
	}
	if bounds[2] == 0 {
		return nil, Errorf(ValueError, "range() arg 3 must not be zero")
	}
	return newRange(bounds[0], bounds[1], bounds[2]), nil
}

func defListChanges() {
	list := func(c *Call) *List { return c.Self().(*List) }
	ListClass.Def("append(self, value, /)", func(c *Call) (Value, error) {
		list(c).Append(c.Arg("value"))
		return None, c.Thread.alloc(16)
	})
	ListClass.Def("extend(self, iterable, /)", func(c *Call) (Value, error) {
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		list(c).elems = append(list(c).elems, elems...)
		return None, err
	})
	ListClass.Def("insert(self, index: int, value, /)", func(c *Call) (Value, error) {
		l := list(c)
		i := c.Int("index")
		if i < 0 {
			i += int64(len(l.elems))
		}
		i = min(max(i, 0), int64(len(l.elems)))
		l.elems = append(l.elems, nil)
		copy(l.elems[i+1:], l.elems[i:])
		l.elems[i] = c.Arg("value")
		return None, c.Thread.alloc(16)
	})
	ListClass.Def("remove(self, value, /)", func(c *Call) (Value, error) {
		l := list(c)
		for i, x := range l.elems {
			same, err := c.Thread.Equal(x, c.Arg("value"))
			if err != nil {
				return nil, err
			}
			if same {
				l.elems = append(l.elems[:i:i], l.elems[i+1:]...)
				return None, nil
			}
		}
		return nil, Errorf(ValueError, "list.remove(x): x not in list")
	})
	ListClass.Def("pop(self, index: int=-1, /)", func(c *Call) (Value, error) {
		l := list(c)
		if len(l.elems) == 0 {
			return nil, Errorf(IndexError, "pop from empty list")
		}
		i := c.Int("index")
		if i < 0 {
			i += int64(len(l.elems))
		}
		if i < 0 || i >= int64(len(l.elems)) {
			return nil, Errorf(IndexError, "pop index out of range")
		}
		v := l.elems[i]
		l.elems = append(l.elems[:i:i], l.elems[i+1:]...)
		return v, nil
	})
	ListClass.Def("clear(self)", func(c *Call) (Value, error) { list(c).elems = nil; return None, nil })
	ListClass.Def("reverse(self)", func(c *Call) (Value, error) {
		e := list(c).elems
		for i, j := 0, len(e)-1; i < j; i, j = i+1, j-1 {
			e[i], e[j] = e[j], e[i]
		}
		return None, nil
	})
	ListClass.Def("sort(self, *, key=None, reverse: bool=False)", func(c *Call) (Value, error) {
		return None, c.Thread.sortValues(list(c).elems, c.Arg("key"), c.Bool("reverse"))
	})
}

func seqIndex(c *Call) (Value, error) {
	elems, err := c.Thread.Iterate(c.Self())
	if err != nil {
		return nil, err
	}
	n := int64(len(elems))
	clamp := func(i int64) int64 {
		if i < 0 {
			i += n
		}
		return min(max(i, 0), n)
	}
	for i := clamp(c.Int("start")); i < clamp(c.Int("stop")); i++ {
		same, err := c.Thread.Equal(elems[i], c.Arg("value"))
		if err != nil {
			return nil, err
		}
		if same {
			return NewInt(i), nil
		}
	}
	if _, ok := c.Self().(*Tuple); ok {
		return nil, Errorf(ValueError, "tuple.index(x): x not in tuple")
	}
	s, err := c.Thread.Repr(c.Arg("value"))
	if err != nil {
		return nil, err
	}
	return nil, Errorf(ValueError, "%s is not in %s", s, c.Self().Class().name)
}

func seqCount(c *Call) (Value, error) {
	elems, err := c.Thread.Iterate(c.Self())
	if err != nil {
		return nil, err
	}
	n := int64(0)
	for _, x := range elems {
		same, err := c.Thread.Equal(x, c.Arg("value"))
		if err != nil {
			return nil, err
		}
		if same {
			n++
		}
	}
	return NewInt(n), nil
}
