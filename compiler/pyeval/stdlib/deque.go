package stdlib

import (
	"slices"

	"pyfc/compiler/pyeval"
)

// bound is what a deque carries besides its list: the most elements it keeps.
type bound struct{ most int64 }

// deque is a deque's list and bound.
type deque struct {
	t    *pyeval.Thread
	list *pyeval.List
	most int64 // -1 for none
}

func dequeOf(c *pyeval.Call) (deque, error) {
	list, ok := pyeval.Builtin(c.Args()[0]).(*pyeval.List)
	if !ok {
		return deque{}, pyeval.Errorf(pyeval.TypeError, "a deque is needed")
	}
	d := deque{c.Thread, list, -1}
	if b, ok := pyeval.Data[bound](c.Args()[0]); ok {
		d.most = b.most
	}
	return d, nil
}

// set replaces the elements; those beyond the bound go, at the left end unless
// they were added there.
func (d deque) set(elems []pyeval.Value, addedLeft bool) error {
	if n := len(elems); d.most >= 0 && int64(n) > d.most {
		if addedLeft {
			elems = elems[:d.most]
		} else {
			elems = elems[n-int(d.most):]
		}
	}
	kept := slices.Clone(elems)
	if _, err := method(d.t, d.list, "clear"); err != nil {
		return err
	}
	for _, e := range kept {
		d.list.Append(e)
	}
	return nil
}

func defDeque() {
	change := func(signature string, f func(c *pyeval.Call, d deque) error) {
		dequeClass.Def(signature, func(c *pyeval.Call) (pyeval.Value, error) {
			d, err := dequeOf(c)
			if err != nil {
				return nil, err
			}
			return pyeval.None, f(c, d)
		})
	}
	dequeClass.Def("__init__(self, iterable=(), maxlen: int|None=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		if self, ok := c.Args()[0].(*pyeval.Instance); ok && c.Arg("maxlen") != pyeval.None {
			if c.Int("maxlen") < 0 {
				return nil, pyeval.Errorf(pyeval.ValueError, "maxlen must be non-negative")
			}
			self.Data = bound{c.Int("maxlen")}
		}
		d, err := dequeOf(c)
		if err != nil {
			return nil, err
		}
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		if err != nil {
			return nil, err
		}
		return pyeval.None, d.set(elems, false)
	})
	change("append(self, x, /)", func(c *pyeval.Call, d deque) error {
		d.list.Append(c.Arg("x"))
		if int64(len(d.list.Elems())) <= d.most || d.most < 0 {
			return nil
		}
		return d.set(d.list.Elems(), false)
	})
	change("appendleft(self, x, /)", func(c *pyeval.Call, d deque) error {
		return d.set(append([]pyeval.Value{c.Arg("x")}, d.list.Elems()...), true)
	})
	change("extend(self, iterable, /)", func(c *pyeval.Call, d deque) error {
		more, err := c.Thread.Iterate(c.Arg("iterable"))
		if err != nil {
			return err
		}
		return d.set(append(slices.Clone(d.list.Elems()), more...), false)
	})
	change("extendleft(self, iterable, /)", func(c *pyeval.Call, d deque) error {
		more, err := c.Thread.Iterate(c.Arg("iterable"))
		if err != nil {
			return err
		}
		more = slices.Clone(more)
		slices.Reverse(more)
		return d.set(append(more, d.list.Elems()...), true)
	})
	change("rotate(self, n: int=1, /)", func(c *pyeval.Call, d deque) error {
		elems := d.list.Elems()
		if len(elems) == 0 {
			return nil
		}
		by := int(c.Int("n") % int64(len(elems)))
		if by < 0 {
			by += len(elems)
		}
		return d.set(append(slices.Clone(elems[len(elems)-by:]), elems[:len(elems)-by]...), false)
	})
	for name, right := range (pyeval.Named[bool]{{"pop", true}, {"popleft", false}}).All() {
		dequeClass.Def(name+"(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			d, err := dequeOf(c)
			if err != nil {
				return nil, err
			}
			elems := d.list.Elems()
			if len(elems) == 0 {
				return nil, pyeval.Errorf(pyeval.IndexError, "pop from an empty deque")
			}
			if right {
				last := elems[len(elems)-1]
				return last, d.set(elems[:len(elems)-1], false)
			}
			first := elems[0]
			return first, d.set(elems[1:], false)
		})
	}
	dequeClass.Getter("maxlen", func(c *pyeval.Call) (pyeval.Value, error) {
		if b, ok := pyeval.Data[bound](c.Args()[0]); ok {
			return pyeval.NewInt(b.most), nil
		}
		return pyeval.None, nil
	})
	dequeClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		s, err := c.Thread.Repr(pyeval.Builtin(c.Args()[0]))
		if b, ok := pyeval.Data[bound](c.Args()[0]); ok {
			s += ", maxlen=" + pyeval.NewInt(b.most).String()
		}
		return pyeval.NewStr("deque(" + s + ")"), err
	})
}

func init() {
	for _, name := range []string{"copy", "__copy__"} {
		dequeClass.Def(name+"(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			d, err := dequeOf(c)
			if err != nil {
				return nil, err
			}
			var most pyeval.Value = pyeval.None
			if d.most >= 0 {
				most = pyeval.NewInt(d.most)
			}
			return c.Thread.Call(c.Args()[0].Class(), pyeval.NewList(d.list.Elems()...), most)
		})
	}
}
