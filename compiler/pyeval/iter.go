package pyeval

import "unicode/utf8"

// Iterator is a Python iterator written in Go.
type Iterator struct{ next nextFunc }

// nextFunc returns the next element; nil and nil at the end.
type nextFunc func() (Value, error)

// Class returns the iterator class.
func (*Iterator) Class() *Class { return iteratorClass }

// NewIterator makes an iterator; next returns nil and nil at the end.
func NewIterator(next func() (Value, error)) *Iterator { return &Iterator{next: next} }

// dictView is d.keys(), d.values() or d.items().
type dictView struct {
	d    *Dict
	kind byte // 'k', 'v' or 'i'
}

// Class returns dict_keys for all views.
func (*dictView) Class() *Class { return dictViewClass }

func (v *dictView) elems() []Value {
	out := make([]Value, 0, v.d.Len())
	for k, x := range v.d.Items() {
		out = append(out, v.pick(k, x))
	}
	return out
}

func (v *dictView) pick(k, x Value) Value {
	switch v.kind {
	case 'k':
		return k
	case 'v':
		return x
	}
	return NewTuple(k, x)
}

// Iter begins an iteration over a value. The function returns the next
// element, nil and nil at the end; each call counts against the budget.
func (t *Thread) Iter(v Value) (func() (Value, error), error) {
	next, err := t.rawIter(v)
	if err != nil {
		return nil, err
	}
	return func() (Value, error) {
		if err := t.Step(); err != nil {
			return nil, err
		}
		return next()
	}, nil
}

func (t *Thread) rawIter(v Value) (nextFunc, error) {
	switch v := v.(type) {
	case *List:
		return v.iter(), nil
	case *Tuple:
		return sliceIter(v.elems), nil
	case *Str:
		return v.iter(), nil
	case Bytes:
		i := -1
		return func() (Value, error) {
			if i++; i < len(v) {
				return NewInt(int64(v[i])), nil
			}
			return nil, nil
		}, nil
	case *Range:
		i := int64(-1)
		return func() (Value, error) {
			if i++; i < v.n {
				return v.at(i), nil
			}
			return nil, nil
		}, nil
	case *Dict:
		return (&dictView{v, 'k'}).iter(), nil
	case *dictView:
		return v.iter(), nil
	case *Set:
		return v.iter(), nil
	case *Iterator:
		return v.next, nil
	case *Generator:
		return v.next, nil
	case *Sym:
		known, err := t.Assume(v, "the iteration")
		if err != nil {
			return nil, err
		}
		return t.rawIter(known)
	case *Opaque:
		t.AssumeOpaque(v, "is iterated over")
		return sliceIter(nil), nil
	}
	return t.objectIter(v)
}

// objectIter uses __iter__, or __getitem__ with 0, 1, ….
func (t *Thread) objectIter(v Value) (nextFunc, error) {
	if m := operatorMethod(v, "__iter__"); m != nil && m != None {
		it, err := t.callMethod(m, v)
		if err != nil {
			return nil, err
		}
		if i, ok := it.(*Instance); ok {
			return t.nextOf(i)
		}
		return t.rawIter(it)
	}
	if p := plain(v); p != v {
		return t.rawIter(p)
	}
	if m := operatorMethod(v, "__getitem__"); m != nil {
		i := int64(-1)
		return func() (Value, error) {
			i++
			x, err := t.callMethod(m, v, NewInt(i))
			if isRaised(err, IndexError) {
				return nil, nil
			}
			return x, err
		}, nil
	}
	return nil, Errorf(TypeError, "'%s' object is not iterable", v.Class().name)
}

// nextOf iterates by an object's __next__.
func (t *Thread) nextOf(i *Instance) (nextFunc, error) {
	m := operatorMethod(i, "__next__")
	if m == nil {
		if p := plain(i); p != Value(i) {
			return t.rawIter(p)
		}
		return nil, Errorf(TypeError, "iter() returned non-iterator of type '%s'", i.class.name)
	}
	return func() (Value, error) {
		x, err := t.callMethod(m, i)
		if isRaised(err, StopIteration) {
			return nil, nil
		}
		return x, err
	}, nil
}

func sliceIter(elems []Value) nextFunc {
	i := -1
	return func() (Value, error) {
		if i++; i < len(elems) {
			return elems[i], nil
		}
		return nil, nil
	}
}

// iter follows changes of the list, as Python does.
func (l *List) iter() nextFunc {
	i := -1
	return func() (Value, error) {
		if i++; i < len(l.elems) {
			return l.elems[i], nil
		}
		return nil, nil
	}
}

func (s *Set) iter() nextFunc {
	elems := s.elems()
	i := -1
	return func() (Value, error) {
		if s.Len() != len(elems) {
			return nil, Errorf(RuntimeError, "Set changed size during iteration")
		}
		if i++; i < len(elems) {
			return elems[i], nil
		}
		return nil, nil
	}
}

func (s *Str) iter() nextFunc {
	off := 0
	return func() (Value, error) {
		if off >= len(s.s) {
			return nil, nil
		}
		_, n := utf8.DecodeRuneInString(s.s[off:])
		off += n
		return s.slice(off-n, off), nil
	}
}

func (v *dictView) iter() nextFunc {
	i, n := 0, v.d.Len()
	return func() (Value, error) {
		if v.d.Len() != n {
			return nil, Errorf(RuntimeError, "dictionary changed size during iteration")
		}
		for ; i < len(v.d.entries); i++ {
			if e := v.d.entries[i]; e.key != nil {
				i++
				return v.pick(e.key, e.value), nil
			}
		}
		return nil, nil
	}
}

// Iterate returns all elements of an iterable.
func (t *Thread) Iterate(v Value) ([]Value, error) {
	switch v := v.(type) {
	case *List:
		return append([]Value(nil), v.elems...), nil
	case *Tuple:
		return v.elems, nil
	}
	next, err := t.Iter(v)
	if err != nil {
		return nil, err
	}
	var out []Value
	for {
		x, err := next()
		if x == nil || err != nil {
			return out, err
		}
		if err := t.alloc(16); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
}

// builtinLen is the length of a built-in container, -1 for other values.
func builtinLen(v Value) int {
	switch v := v.(type) {
	case *Str:
		return v.Len()
	case Bytes:
		return len(v)
	case *List:
		return len(v.elems)
	case *Tuple:
		return len(v.elems)
	case *Dict:
		return v.Len()
	case *Set:
		return v.Len()
	case *Range:
		return int(v.n)
	case *dictView:
		return v.d.Len()
	}
	return -1
}

// Len is len(v).
func (t *Thread) Len(v Value) (int, error) {
	switch v := v.(type) {
	case *Sym:
		known, err := t.Assume(v, "len()")
		if err != nil {
			return 0, err
		}
		return t.Len(known)
	case *Opaque:
		t.AssumeOpaque(v, "is measured by len()")
		return 0, nil
	}
	if m := operatorMethod(v, "__len__"); m != nil {
		r, err := t.callMethod(m, v)
		if err != nil {
			return 0, err
		}
		i, ok := asInt(r)
		n, fits := i.Int64()
		if !ok || !fits {
			return 0, Errorf(TypeError, "'%s' object cannot be interpreted as an integer", r.Class().name)
		}
		if n < 0 {
			return 0, Errorf(ValueError, "__len__() should return >= 0")
		}
		return int(n), nil
	}
	if n := builtinLen(plain(v)); n >= 0 {
		return n, nil
	}
	return 0, Errorf(TypeError, "object of type '%s' has no len()", v.Class().name)
}

// Contains is x in v.
func (t *Thread) Contains(v, x Value) (bool, error) {
	if m := operatorMethod(v, "__contains__"); m != nil {
		r, err := t.callMethod(m, v, x)
		if err != nil {
			return false, err
		}
		return t.Truth(r, "a membership test")
	}
	if s, ok := x.(*Sym); ok {
		known, err := t.Assume(s, "the operator in")
		if err != nil {
			return false, err
		}
		return t.Contains(v, known)
	}
	switch c := plain(v).(type) {
	case *Sym:
		known, err := t.Assume(c, "the operator in")
		if err != nil {
			return false, err
		}
		return t.Contains(known, x)
	case *Opaque:
		t.AssumeOpaque(c, "is searched by in")
		return false, nil
	case *Dict:
		i, _, err := c.find(t, x)
		return i >= 0, err
	case *Set:
		return c.Has(t, x)
	case *dictView:
		if c.kind == 'k' {
			i, _, err := c.d.find(t, x)
			return i >= 0, err
		}
	case *Range:
		if i, ok := asInt(x); ok {
			return c.has(i), nil
		}
	case *Str:
		return strContains(c, x)
	case Bytes:
		return bytesContains(c, x)
	}
	next, err := t.Iter(v)
	if err != nil {
		if isRaised(err, TypeError) {
			return false, Errorf(TypeError, "argument of type '%s' is not iterable", v.Class().name)
		}
		return false, err
	}
	for {
		y, err := next()
		if y == nil || err != nil {
			return false, err
		}
		if same, err := t.Equal(y, x); same || err != nil {
			return same, err
		}
	}
}
