package pyeval

import "sort"

func defIterBuiltins() {
	builtins.Def("iter(obj, sentinel=..., /)", builtinIter)
	builtins.Def("next(iterator, default=..., /)", builtinNext)
	builtins.Def("enumerate(iterable, start: int=0)", func(c *Call) (Value, error) {
		next, err := c.Thread.Iter(c.Arg("iterable"))
		n := c.Int("start") - 1
		return NewIterator(func() (Value, error) {
			x, err := next()
			if x == nil || err != nil {
				return nil, err
			}
			n++
			return NewTuple(NewInt(n), x), nil
		}), err
	})
	builtins.Def("zip(*iterables, strict: bool=False)", builtinZip)
	builtins.Def("map(function, *iterables)", func(c *Call) (Value, error) {
		t, f := c.Thread, c.Arg("function")
		nexts, err := t.iterAll(c.Elems("iterables"))
		return NewIterator(func() (Value, error) {
			row, err := stepAll(nexts)
			if row == nil || err != nil {
				return nil, err
			}
			return t.Call(f, row...)
		}), err
	})
	builtins.Def("filter(function, iterable, /)", builtinFilter)
	builtins.Def("reversed(sequence, /)", builtinReversed)
	builtins.Def("sorted(iterable, /, *, key=None, reverse: bool=False)", func(c *Call) (Value, error) {
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		if err != nil {
			return nil, err
		}
		out := append([]Value(nil), elems...)
		err = c.Thread.sortValues(out, c.Arg("key"), c.Bool("reverse"))
		return NewList(out...), err
	})
	builtins.Def("sum(iterable, /, start=0)", func(c *Call) (Value, error) {
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		if err != nil {
			return nil, err
		}
		total := c.Arg("start")
		if _, ok := plain(total).(*Str); ok {
			return nil, Errorf(TypeError, "sum() can't sum strings [use ''.join(seq) instead]")
		}
		for _, x := range elems {
			if total, err = c.Thread.Binary("+", total, x); err != nil {
				return nil, err
			}
		}
		return total, nil
	})
	builtins.Def("any(iterable, /)", func(c *Call) (Value, error) { return anyAll(c, true) })
	builtins.Def("all(iterable, /)", func(c *Call) (Value, error) { return anyAll(c, false) })
	builtins.Def("min(*args, key=None, default=...)", func(c *Call) (Value, error) { return extreme(c, "min", "<") })
	builtins.Def("max(*args, key=None, default=...)", func(c *Call) (Value, error) { return extreme(c, "max", ">") })
}

func builtinIter(c *Call) (Value, error) {
	t, obj := c.Thread, c.Arg("obj")
	if stop := c.Arg("sentinel"); stop != nil {
		return NewIterator(func() (Value, error) {
			x, err := t.Call(obj)
			if err != nil {
				return nil, err
			}
			same, err := t.Equal(x, stop)
			if same || err != nil {
				return nil, err
			}
			return x, nil
		}), nil
	}
	switch obj.(type) {
	case *Generator, *Iterator:
		return obj, nil
	}
	if m := operatorMethod(obj, "__iter__"); m != nil {
		return t.callMethod(m, obj)
	}
	next, err := t.Iter(obj)
	if err != nil {
		return nil, err
	}
	return NewIterator(next), nil
}

func builtinNext(c *Call) (Value, error) {
	var x Value
	var err error
	switch it := c.Arg("iterator").(type) {
	case *Iterator:
		x, err = it.next()
	case *Generator:
		if x, err = it.next(); x == nil && err == nil && c.Arg("default") == nil {
			return nil, stopIteration(it.result)
		}
	default:
		m := operatorMethod(it, "__next__")
		if m == nil {
			return c.Thread.lookedInto(it, "next()", Errorf(TypeError, "'%s' object is not an iterator", it.Class().name))
		}
		x, err = c.Thread.callMethod(m, it)
		if isRaised(err, StopIteration) && c.Arg("default") != nil {
			return c.Arg("default"), nil
		}
	}
	if x == nil && err == nil {
		if d := c.Arg("default"); d != nil {
			return d, nil
		}
		return nil, raise(StopIteration)
	}
	return x, err
}

func stopIteration(result Value) error {
	if result == None {
		return raise(StopIteration)
	}
	return raise(StopIteration, result)
}

func (t *Thread) iterAll(vs []Value) ([]func() (Value, error), error) {
	out := make([]func() (Value, error), len(vs))
	for i, v := range vs {
		next, err := t.Iter(v)
		if err != nil {
			return nil, err
		}
		out[i] = next
	}
	return out, nil
}

// stepAll takes the next element of each; nil when one has ended.
func stepAll(nexts []func() (Value, error)) ([]Value, error) {
	row := make([]Value, len(nexts))
	for i, next := range nexts {
		x, err := next()
		if x == nil || err != nil {
			return nil, err
		}
		row[i] = x
	}
	return row, nil
}

func builtinZip(c *Call) (Value, error) {
	nexts, err := c.Thread.iterAll(c.Elems("iterables"))
	if err != nil {
		return nil, err
	}
	strict := c.Bool("strict")
	return NewIterator(func() (Value, error) {
		if len(nexts) == 0 {
			return nil, nil
		}
		row := make([]Value, len(nexts))
		for i, next := range nexts {
			x, err := next()
			if err != nil {
				return nil, err
			}
			if x == nil && strict && i > 0 {
				return nil, Errorf(ValueError, "zip() argument %d is shorter than argument %d", i+1, i)
			}
			if x == nil {
				return nil, strictEnd(nexts, strict)
			}
			row[i] = x
		}
		return NewTuple(row...), nil
	}), nil
}

// strictEnd checks that all other arguments of zip end with the first.
func strictEnd(nexts []func() (Value, error), strict bool) error {
	if !strict {
		return nil
	}
	for i, next := range nexts[1:] {
		x, err := next()
		if err != nil {
			return err
		}
		if x != nil {
			return Errorf(ValueError, "zip() argument %d is longer than argument %d", i+2, i+1)
		}
	}
	return nil
}

func builtinFilter(c *Call) (Value, error) {
	t, f := c.Thread, c.Arg("function")
	next, err := t.Iter(c.Arg("iterable"))
	return NewIterator(func() (Value, error) {
		for {
			x, err := next()
			if x == nil || err != nil {
				return nil, err
			}
			test := x
			if f != None {
				if test, err = t.Call(f, x); err != nil {
					return nil, err
				}
			}
			yes, err := t.Truth(test, "filter()")
			if err != nil {
				return nil, err
			}
			if yes {
				return x, nil
			}
		}
	}), err
}

func builtinReversed(c *Call) (Value, error) {
	v := c.Arg("sequence")
	if m := operatorMethod(v, "__reversed__"); m != nil {
		return c.Thread.callMethod(m, v)
	}
	switch plain(v).(type) {
	case *List, *Tuple, *Str, *Range, *Dict, *dictView, Bytes:
	default:
		if operatorMethod(v, "__getitem__") == nil || operatorMethod(v, "__len__") == nil {
			return c.Thread.lookedInto(v, "reversed()", Errorf(TypeError, "'%s' object is not reversible", v.Class().name))
		}
		return c.Thread.reversedSequence(v)
	}
	elems, err := c.Thread.Iterate(v)
	i := len(elems)
	return NewIterator(func() (Value, error) {
		if i--; i >= 0 {
			return elems[i], nil
		}
		return nil, nil
	}), err
}

// reversedSequence takes the elements of an object one by one, from the last.
func (t *Thread) reversedSequence(v Value) (Value, error) {
	i, err := t.Len(v)
	return NewIterator(func() (Value, error) {
		if i--; i >= 0 {
			return t.Index(v, NewInt(int64(i)))
		}
		return nil, nil
	}), err
}

// Sorted returns the elements in order, as sorted() does.
func (t *Thread) Sorted(elems []Value) ([]Value, error) { return t.SortedBy(elems, None, false) }

// SortedBy is sorted(elems, key=key, reverse=reverse); key may be None.
func (t *Thread) SortedBy(elems []Value, key Value, reverse bool) ([]Value, error) {
	out := append([]Value(nil), elems...)
	return out, t.sortValues(out, key, reverse)
}

// sortValues sorts stably by <, as list.sort does.
func (t *Thread) sortValues(elems []Value, key Value, reverse bool) error {
	keys := elems
	if key != None {
		keys = make([]Value, len(elems))
		for i, e := range elems {
			k, err := t.Call(key, e)
			if err != nil {
				return err
			}
			keys[i] = k
		}
	}
	order := make([]int, len(elems))
	for i := range order {
		order[i] = i
	}
	var failed error
	sort.SliceStable(order, func(i, j int) bool {
		if failed != nil {
			return false
		}
		a, b := keys[order[i]], keys[order[j]]
		if reverse {
			a, b = b, a
		}
		less, err := t.less(a, b)
		if err == nil {
			err = t.Step()
		}
		failed = err
		return less
	})
	if failed != nil {
		return failed
	}
	sorted := make([]Value, len(elems))
	for i, j := range order {
		sorted[i] = elems[j]
	}
	copy(elems, sorted)
	return nil
}

func anyAll(c *Call, want bool) (Value, error) {
	next, err := c.Thread.Iter(c.Arg("iterable"))
	if err != nil {
		return nil, err
	}
	for {
		x, err := next()
		if err != nil {
			return nil, err
		}
		if x == nil {
			return Bool(!want), nil
		}
		yes, err := c.Thread.Truth(x, "any() or all()")
		if err != nil {
			return nil, err
		}
		if yes == want {
			return Bool(want), nil
		}
	}
}

// extreme is min or max; of equal elements the first wins.
func extreme(c *Call, name, op string) (Value, error) {
	t := c.Thread
	elems := c.Elems("args")
	if len(elems) == 0 {
		return nil, Errorf(TypeError, "%s expected at least 1 argument, got 0", name)
	}
	if len(elems) == 1 {
		var err error
		if elems, err = t.Iterate(elems[0]); err != nil {
			return nil, err
		}
	}
	if len(elems) == 0 {
		if d := c.Arg("default"); d != nil {
			return d, nil
		}
		return nil, Errorf(ValueError, "%s() arg is an empty sequence", name)
	}
	var best, bestKey Value
	for _, x := range elems {
		k := x
		if key := c.Arg("key"); key != None {
			var err error
			if k, err = t.Call(key, x); err != nil {
				return nil, err
			}
		}
		if best == nil {
			best, bestKey = x, k
			continue
		}
		v, err := t.Compare(op, k, bestKey)
		if err != nil {
			return nil, err
		}
		better, err := t.Truth(v, name+"()")
		if err != nil {
			return nil, err
		}
		if better {
			best, bestKey = x, k
		}
	}
	return best, nil
}
