package stdlib

import "pyfc/compiler/pyeval"

// counts are the operators of Counter: what becomes of two counts of a key.
// The result keeps those that are positive.
var counts = pyeval.Named[func(t *pyeval.Thread, a, b pyeval.Value) (pyeval.Value, error)]{
	{"__add__", func(t *pyeval.Thread, a, b pyeval.Value) (pyeval.Value, error) { return t.Binary("+", a, b) }},
	{"__sub__", func(t *pyeval.Thread, a, b pyeval.Value) (pyeval.Value, error) { return t.Binary("-", a, b) }},
	{"__or__", func(t *pyeval.Thread, a, b pyeval.Value) (pyeval.Value, error) { return larger(t, a, b, ">") }},
	{"__and__", func(t *pyeval.Thread, a, b pyeval.Value) (pyeval.Value, error) { return larger(t, a, b, "<") }},
}

// larger is a if a op b, else b.
func larger(t *pyeval.Thread, a, b pyeval.Value, op string) (pyeval.Value, error) {
	v, err := t.Compare(op, a, b)
	if err != nil || v == pyeval.True {
		return a, err
	}
	return b, nil
}

func init() {
	for name, f := range counts.All() {
		counterClass.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			other, ok := pyeval.Builtin(c.Arg("other")).(*pyeval.Dict)
			if !ok || !c.Arg("other").Class().IsA(counterClass) {
				return pyeval.NotImplemented, nil
			}
			return countBoth(c.Thread, selfDict(c), other, f)
		})
	}
	counterClass.Def("subtract(self, source=None, /, **counts)", func(c *pyeval.Call) (pyeval.Value, error) {
		taken, err := c.Thread.Invoke(counterClass, c.Passed()[1:], c.Span, c.At)
		if err != nil {
			return nil, err
		}
		for k, n := range pyeval.Builtin(taken).(*pyeval.Dict).Items() {
			left, err := c.Thread.Binary("-", countIn(c.Thread, selfDict(c), k), n)
			if err != nil {
				return nil, err
			}
			if err := selfDict(c).Set(c.Thread, k, left); err != nil {
				return nil, err
			}
		}
		return pyeval.None, nil
	})
	counterClass.Def("total(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		var sum pyeval.Value = pyeval.NewInt(0)
		for _, n := range selfDict(c).Items() {
			var err error
			if sum, err = c.Thread.Binary("+", sum, n); err != nil {
				return nil, err
			}
		}
		return sum, nil
	})
	counterClass.Def("elements(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		out := pyeval.NewList()
		for k, n := range selfDict(c).Items() {
			times, _ := n.(pyeval.Int)
			count, _ := times.Int64()
			for range count {
				if err := c.Thread.Step(); err != nil {
					return nil, err
				}
				out.Append(k)
			}
		}
		next, err := c.Thread.Iter(out)
		return pyeval.NewIterator(next), err
	})
	for name, op := range (pyeval.Named[string]{{"__pos__", "+"}, {"__neg__", "-"}}).All() {
		counterClass.Def(name+"(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			return countBoth(c.Thread, pyeval.NewDict(), selfDict(c), func(t *pyeval.Thread, a, b pyeval.Value) (pyeval.Value, error) {
				return t.Binary(op, a, b)
			})
		})
	}
}

// countIn is the count of a key, 0 for one that isn't there.
func countIn(t *pyeval.Thread, d *pyeval.Dict, key pyeval.Value) pyeval.Value {
	if n, err := d.Get(t, key); n != nil && err == nil {
		return n
	}
	return pyeval.NewInt(0)
}

func countBoth(t *pyeval.Thread, a, b *pyeval.Dict, f func(t *pyeval.Thread, a, b pyeval.Value) (pyeval.Value, error)) (pyeval.Value, error) {
	out, err := t.Call(counterClass)
	if err != nil {
		return nil, err
	}
	counts := pyeval.Builtin(out).(*pyeval.Dict)
	for _, key := range append(a.Keys(), b.Keys()...) {
		n, err := f(t, countIn(t, a, key), countIn(t, b, key))
		if err != nil {
			return nil, err
		}
		positive, err := t.Compare(">", n, pyeval.NewInt(0))
		if err != nil {
			return nil, err
		}
		if positive == pyeval.True {
			if err := counts.Set(t, key, n); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// selfDict is the dict that a method's object is or derives from.
func selfDict(c *pyeval.Call) *pyeval.Dict {
	d, ok := pyeval.Builtin(c.Args()[0]).(*pyeval.Dict)
	if !ok {
		return pyeval.NewDict()
	}
	return d
}

// Counters are compared by all counts, where an absent one is 0.
func init() {
	for name, op := range (pyeval.Named[string]{{"__le__", "<="}, {"__ge__", ">="}, {"__lt__", "<"}, {"__gt__", ">"}}).All() {
		counterClass.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			other, ok := pyeval.Builtin(c.Arg("other")).(*pyeval.Dict)
			if !ok || !c.Arg("other").Class().IsA(counterClass) {
				return pyeval.NotImplemented, nil
			}
			differ := false
			for _, k := range append(selfDict(c).Keys(), other.Keys()...) {
				a, b := countIn(c.Thread, selfDict(c), k), countIn(c.Thread, other, k)
				v, err := c.Thread.Compare(op[:1]+"=", a, b)
				if err != nil || v != pyeval.True {
					return v, err
				}
				same, err := c.Thread.Equal(a, b)
				if err != nil {
					return nil, err
				}
				differ = differ || !same
			}
			return pyeval.Bool(differ || len(op) == 2), nil
		})
	}
}

// A count that isn't there can be deleted.
func init() {
	counterClass.Def("__delitem__(self, key, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		_, err := selfDict(c).Delete(c.Thread, c.Arg("key"))
		return pyeval.None, err
	})
}
