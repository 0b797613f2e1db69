package pyeval

import "pyfc/compiler/pyast"

// evalComp evaluates a comprehension in a frame of its own; the first iterable
// is evaluated outside, as in Python.
func (t *Thread) evalComp(e pyast.Expr) (Value, error) {
	gens, elts := pyast.Comprehended(e)
	var add func() error
	var out Value
	switch e := e.(type) {
	case *pyast.ListComp:
		l := NewList()
		out = l
		add = t.collect(e.Elt, func(v Value) error {
			l.elems = append(l.elems, v)
			return t.alloc(16)
		})
	case *pyast.SetComp:
		s := NewSet()
		out = s
		add = t.collect(e.Elt, func(v Value) error { return s.Add(t, v) })
	case *pyast.DictComp:
		d := NewDict()
		out = d
		add = func() error {
			k, err := t.eval(e.Key)
			if err != nil {
				return err
			}
			v, err := t.eval(e.Value)
			if err != nil {
				return err
			}
			return d.Set(t, k, v)
		}
	case *pyast.GeneratorExp:
		add = t.collect(e.Elt, func(v Value) error {
			_, err := t.yield(v)
			return err
		})
	}
	first, err := t.eval(gens[0].Iter)
	if err != nil {
		return nil, err
	}
	next, err := t.Iter(first)
	if err = t.settle(err, gens[0].Iter.Where()); err != nil {
		return nil, err
	}
	outer := t.frame
	info := t.scopeOf(e, func() *scopeInfo { info, _ := scanComp(gens, elts); return info })
	fr := &frame{info: info, vars: map[string]Value{}, module: outer.module, outer: outer, caller: outer, function: outer.function,
		comp: true, private: outer.private, at: e.Where()}
	fr.compBody = func() error { return t.compLoop(gens, next, add) }
	if out == nil {
		return t.newGenerator(fr), nil
	}
	if err := t.enter(); err != nil {
		return nil, err
	}
	defer t.leave()
	t.frame = fr
	defer func() { t.frame = outer }()
	return out, fr.compBody()
}

func (t *Thread) collect(elt pyast.Expr, put func(Value) error) func() error {
	return func() error {
		v, err := t.eval(elt)
		if err != nil {
			return err
		}
		return put(v)
	}
}

// compLoop runs the first clause over next and the others inside it.
func (t *Thread) compLoop(gens []pyast.Comprehension, next func() (Value, error), add func() error) error {
	g := gens[0]
	for {
		x, err := next()
		if x == nil || err != nil {
			return t.settle(err, g.Iter.Where())
		}
		if err := t.assign(g.Target, x); err != nil {
			return err
		}
		ok := true
		for _, cond := range g.Ifs {
			if ok, err = t.condition(cond, "a condition"); err != nil {
				return err
			}
			if !ok {
				break
			}
		}
		if !ok {
			continue
		}
		if err := t.compInner(gens[1:], add); err != nil {
			return err
		}
	}
}

func (t *Thread) compInner(gens []pyast.Comprehension, add func() error) error {
	if len(gens) == 0 {
		return add()
	}
	v, err := t.eval(gens[0].Iter)
	if err != nil {
		return err
	}
	next, err := t.Iter(v)
	if err = t.settle(err, gens[0].Iter.Where()); err != nil {
		return err
	}
	return t.compLoop(gens, next, add)
}
