package stdlib

import "pyfc/compiler/pyeval"

func init() { loaders["itertools"] = fillItertools }

func fillItertools(_ *pyeval.Thread, m *pyeval.Module) {
	chain := pyeval.NewClass("itertools", "chain")
	chain.Static("__new__(cls, *iterables)", func(c *pyeval.Call) (pyeval.Value, error) {
		return chained(c.Thread, pyeval.NewTuple(c.Elems("iterables")...))
	})
	chain.Static("from_iterable(iterables, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return chained(c.Thread, c.Arg("iterables"))
	})
	m.Add(chain)
	m.Def("count(start=0, step=1)", func(c *pyeval.Call) (pyeval.Value, error) {
		t, x, step := c.Thread, c.Arg("start"), c.Arg("step")
		return pyeval.NewIterator(func() (pyeval.Value, error) {
			out := x
			var err error
			x, err = t.Binary("+", x, step)
			return out, err
		}), nil
	})
	m.Def("repeat(object, times: int=-1)", func(c *pyeval.Call) (pyeval.Value, error) {
		n := c.Int("times")
		obj := c.Arg("object")
		return pyeval.NewIterator(func() (pyeval.Value, error) {
			if n == 0 {
				return nil, nil
			}
			n--
			return obj, nil
		}), nil
	})
	m.Def("cycle(iterable, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		i := -1
		return pyeval.NewIterator(func() (pyeval.Value, error) {
			if len(elems) == 0 {
				return nil, nil
			}
			i = (i + 1) % len(elems)
			return elems[i], nil
		}), err
	})
	m.Def("islice(iterable, start: int|None, stop: int|None=..., step: int|None=None, /)", islice)
	m.Def("product(*iterables, repeat: int=1)", product)
	m.Def("combinations(iterable, r: int)", func(c *pyeval.Call) (pyeval.Value, error) { return choose(c, false) })
	m.Def("permutations(iterable, r: int|None=None)", func(c *pyeval.Call) (pyeval.Value, error) { return choose(c, true) })
	m.Def("zip_longest(*iterables, fillvalue=None)", zipLongest)
	m.Def("accumulate(iterable, func=None, *, initial=None)", accumulate)
	m.Def("groupby(iterable, key=None)", groupBy)
	m.Def("takewhile(predicate, iterable, /)", func(c *pyeval.Call) (pyeval.Value, error) { return while(c, true) })
	m.Def("dropwhile(predicate, iterable, /)", func(c *pyeval.Call) (pyeval.Value, error) { return while(c, false) })
}

func chained(t *pyeval.Thread, iterables pyeval.Value) (pyeval.Value, error) {
	outer, err := t.Iter(iterables)
	if err != nil {
		return nil, err
	}
	var inner func() (pyeval.Value, error)
	return pyeval.NewIterator(func() (pyeval.Value, error) {
		for {
			if inner != nil {
				if x, err := inner(); x != nil || err != nil {
					return x, err
				}
			}
			it, err := outer()
			if it == nil || err != nil {
				return nil, err
			}
			if inner, err = t.Iter(it); err != nil {
				return nil, err
			}
		}
	}), nil
}

func islice(c *pyeval.Call) (pyeval.Value, error) {
	next, err := c.Thread.Iter(c.Arg("iterable"))
	if err != nil {
		return nil, err
	}
	start, stop, step := int64(0), c.Int("start"), int64(1)
	endless := c.Arg("start") == pyeval.None
	if v := c.Arg("stop"); v != nil {
		start, stop, endless = c.Int("start"), c.Int("stop"), v == pyeval.None
	}
	if c.Arg("step") != pyeval.None {
		step = c.Int("step")
	}
	if start < 0 || stop < 0 || step < 1 {
		return nil, pyeval.Errorf(pyeval.ValueError, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
	}
	i, wanted := int64(0), start
	return pyeval.NewIterator(func() (pyeval.Value, error) {
		for endless || wanted < stop {
			x, err := next()
			if x == nil || err != nil {
				return nil, err
			}
			if i++; i > wanted {
				wanted += step
				return x, nil
			}
		}
		return nil, nil
	}), nil
}

func product(c *pyeval.Call) (pyeval.Value, error) {
	var pools [][]pyeval.Value
	for range c.Int("repeat") {
		for _, it := range c.Elems("iterables") {
			elems, err := c.Thread.Iterate(it)
			if err != nil {
				return nil, err
			}
			pools = append(pools, elems)
		}
	}
	at := make([]int, len(pools))
	done := false
	for _, p := range pools {
		done = done || len(p) == 0
	}
	return pyeval.NewIterator(func() (pyeval.Value, error) {
		if done {
			return nil, nil
		}
		row := make([]pyeval.Value, len(pools))
		for i, p := range pools {
			row[i] = p[at[i]]
		}
		done = true
		for i := len(pools) - 1; i >= 0; i-- {
			if at[i]++; at[i] < len(pools[i]) {
				done = false
				break
			}
			at[i] = 0
		}
		return pyeval.NewTuple(row...), nil
	}), nil
}

// choose yields all selections of r elements, in order or in every order.
func choose(c *pyeval.Call, ordered bool) (pyeval.Value, error) {
	elems, err := c.Thread.Iterate(c.Arg("iterable"))
	if err != nil {
		return nil, err
	}
	r := len(elems)
	if c.Arg("r") != pyeval.None {
		r = int(min(c.Int("r"), int64(len(elems)+1)))
	}
	if r < 0 {
		return nil, pyeval.Errorf(pyeval.ValueError, "r must be non-negative")
	}
	// at holds the current selection; next moves its last place that can.
	var at []int
	free := func(i, v int) bool {
		for _, x := range at[:i] {
			if x == v {
				return false
			}
		}
		return true
	}
	fill := func(i, from int) bool {
		for v := from; v < len(elems); v++ {
			if free(i, v) {
				at[i] = v
				return true
			}
		}
		return false
	}
	from := func(i int) int {
		if ordered || i == 0 {
			return 0
		}
		return at[i-1] + 1
	}
	settle := func(i int) bool { // gives places i… their first values
		for ; i < r; i++ {
			if !fill(i, from(i)) {
				return false
			}
		}
		return true
	}
	return pyeval.NewIterator(func() (pyeval.Value, error) {
		ok := false
		if at == nil {
			at = make([]int, r)
			ok = settle(0)
		} else {
			for i := r - 1; i >= 0 && !ok; i-- {
				for !ok && fill(i, at[i]+1) {
					ok = settle(i + 1)
				}
			}
		}
		if !ok {
			return nil, nil
		}
		row := make([]pyeval.Value, r)
		for i, v := range at {
			row[i] = elems[v]
		}
		return pyeval.NewTuple(row...), nil
	}), nil
}

func zipLongest(c *pyeval.Call) (pyeval.Value, error) {
	var columns [][]pyeval.Value
	n := 0
	for _, it := range c.Elems("iterables") {
		elems, err := c.Thread.Iterate(it)
		if err != nil {
			return nil, err
		}
		columns = append(columns, elems)
		n = max(n, len(elems))
	}
	i, fill := -1, c.Arg("fillvalue")
	return pyeval.NewIterator(func() (pyeval.Value, error) {
		if i++; i >= n {
			return nil, nil
		}
		row := make([]pyeval.Value, len(columns))
		for j, col := range columns {
			row[j] = fill
			if i < len(col) {
				row[j] = col[i]
			}
		}
		return pyeval.NewTuple(row...), nil
	}), nil
}

func accumulate(c *pyeval.Call) (pyeval.Value, error) {
	t, f := c.Thread, c.Arg("func")
	next, err := t.Iter(c.Arg("iterable"))
	var acc pyeval.Value
	first := c.Arg("initial")
	return pyeval.NewIterator(func() (pyeval.Value, error) {
		if acc == nil && first != pyeval.None {
			acc = first
			return acc, nil
		}
		x, err := next()
		if x == nil || err != nil {
			return nil, err
		}
		switch {
		case acc == nil:
			acc = x
		case f == pyeval.None:
			acc, err = t.Binary("+", acc, x)
		default:
			acc, err = t.Call(f, acc, x)
		}
		return acc, err
	}), err
}

// groupBy collects each group when it is reached; unlike CPython's a group
// stays readable after the next one has begun.
func groupBy(c *pyeval.Call) (pyeval.Value, error) {
	t, key := c.Thread, c.Arg("key")
	elems, err := t.Iterate(c.Arg("iterable"))
	if err != nil {
		return nil, err
	}
	keyOf := func(x pyeval.Value) (pyeval.Value, error) {
		if key == pyeval.None {
			return x, nil
		}
		return t.Call(key, x)
	}
	i := 0
	return pyeval.NewIterator(func() (pyeval.Value, error) {
		if i >= len(elems) {
			return nil, nil
		}
		k, err := keyOf(elems[i])
		if err != nil {
			return nil, err
		}
		group := pyeval.NewList(elems[i])
		for i++; i < len(elems); i++ {
			k2, err := keyOf(elems[i])
			if err != nil {
				return nil, err
			}
			same, err := t.Equal(k, k2)
			if err != nil {
				return nil, err
			}
			if !same {
				break
			}
			group.Append(elems[i])
		}
		next, err := t.Iter(group)
		return pyeval.NewTuple(k, pyeval.NewIterator(next)), err
	}), nil
}

// while is takewhile, or dropwhile.
func while(c *pyeval.Call, take bool) (pyeval.Value, error) {
	t, f := c.Thread, c.Arg("predicate")
	next, err := t.Iter(c.Arg("iterable"))
	passed := false
	return pyeval.NewIterator(func() (pyeval.Value, error) {
		for {
			x, err := next()
			if x == nil || err != nil || passed && !take {
				return x, err
			}
			if passed {
				return nil, nil
			}
			v, err := t.Call(f, x)
			if err != nil {
				return nil, err
			}
			yes, err := t.Truth(v, "itertools")
			if err != nil {
				return nil, err
			}
			if !yes {
				passed = true
			}
			switch {
			case take && yes:
				return x, nil
			case take:
				return nil, nil
			case !yes:
				return x, nil
			}
		}
	}), err
}
