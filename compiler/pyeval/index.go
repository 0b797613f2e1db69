package pyeval

import (
	"strings"
	"unicode/utf8"
)

// Index is v[key].
func (t *Thread) Index(v, key Value) (Value, error) {
	switch x := v.(type) {
	case *Opaque:
		return x.derive(x.Origin+"[…]", t.Where()), nil
	case *Sym:
		known, err := t.Assume(x, "an index")
		if err != nil {
			return nil, err
		}
		return t.Index(known, key)
	case *Class:
		return t.classIndex(x, key)
	case *alias:
		return x.index(key), nil
	}
	if o := asLate(key); o != nil {
		return o.derive("…["+o.Origin+"]", t.Where()), nil
	}
	if m := operatorMethod(v, "__getitem__"); m != nil {
		return t.callMethod(m, v, key)
	}
	switch k := key.(type) {
	case *Opaque:
		return k.derive("…["+k.Origin+"]", t.Where()), nil
	case *Sym:
		known, err := t.Assume(k, "an index")
		if err != nil {
			return nil, err
		}
		return t.Index(v, known)
	}
	switch x := plain(v).(type) {
	case *Dict:
		return t.dictIndex(x, v, key)
	case *Str, Bytes, *List, *Tuple, *Range:
		if s, ok := key.(*Slice); ok {
			return t.slice(x, s)
		}
		return t.elemAt(x, key)
	}
	if o := v.Class().opaqueBase(); o != nil {
		return o.derive(v.Class().name+"()[…]", t.Where()), nil
	}
	return nil, Errorf(TypeError, "'%s' object is not subscriptable", v.Class().name)
}

// dictIndex is d[key] with the default of a defaultdict or __missing__.
func (t *Thread) dictIndex(d *Dict, self, key Value) (Value, error) {
	v, err := d.Get(t, key)
	if v != nil || err != nil {
		return v, err
	}
	if m := operatorMethod(self, "__missing__"); m != nil {
		return t.callMethod(m, self, key)
	}
	if d.factory == nil || d.factory == None {
		return nil, raise(KeyError, key)
	}
	v, err = t.Call(d.factory)
	if err != nil {
		return nil, err
	}
	return v, d.Set(t, key, v)
}

// elemAt is an element of a sequence.
func (t *Thread) elemAt(x, key Value) (Value, error) {
	name := x.Class().name
	i, ok, err := t.toIndex(key)
	if err != nil {
		return nil, err
	}
	if name == "str" {
		name = "string"
	}
	if !ok && name == "string" {
		return nil, Errorf(TypeError, "string indices must be integers, not '%s'", key.Class().name)
	}
	if !ok {
		return nil, Errorf(TypeError, "%s indices must be integers or slices, not %s", name, key.Class().name)
	}
	n := int64(builtinLen(x))
	k, fits := i.Int64()
	if k < 0 {
		k += n
	}
	if !fits || k < 0 || k >= n {
		if name == "range" {
			name = "range object"
		}
		if name == "bytes" {
			return nil, Errorf(IndexError, "index out of range")
		}
		return nil, Errorf(IndexError, "%s index out of range", name)
	}
	return at(x, int(k)), nil
}

// at is element i of a sequence; it exists.
func at(x Value, i int) Value {
	switch x := x.(type) {
	case *Str:
		lo := x.byteOffset(i)
		_, n := utf8.DecodeRuneInString(x.s[lo:])
		return x.slice(lo, lo+n)
	case Bytes:
		return NewInt(int64(x[i]))
	case *List:
		return x.elems[i]
	case *Tuple:
		return x.elems[i]
	case *Range:
		return x.at(int64(i))
	}
	return nil
}

// toIndex takes an int, or what has __index__.
func (t *Thread) toIndex(v Value) (Int, bool, error) {
	if m := operatorMethod(v, "__index__"); m != nil {
		r, err := t.callMethod(m, v)
		if err != nil {
			return Int{}, false, err
		}
		v = r
	}
	i, ok := asInt(v)
	return i, ok, nil
}

// bounds resolves a slice against a length: the elements are at start,
// start+step, …, count of them.
func (t *Thread) bounds(s *Slice, n int) (start, step, count int, err error) {
	step64, err := t.sliceInt(s.step, 1)
	if err != nil {
		return
	}
	if step64 == 0 {
		return 0, 0, 0, Errorf(ValueError, "slice step cannot be zero")
	}
	lo, hi := int64(0), int64(n)
	first, last := lo, hi
	if step64 < 0 {
		lo, hi = -1, int64(n)-1
		first, last = hi, lo
	}
	clamp := func(v Value, def int64) (int64, error) {
		if v == None {
			return def, nil
		}
		k, err := t.sliceInt(v, 0)
		if k < 0 {
			k += int64(n)
		}
		return min(max(k, lo), hi), err
	}
	a, err := clamp(s.start, first)
	if err != nil {
		return
	}
	b, err := clamp(s.stop, last)
	if err != nil {
		return
	}
	return int(a), int(max(min(step64, 1<<40), -1<<40)), int(newRange(a, b, step64).n), nil
}

func (t *Thread) sliceInt(v Value, def int64) (int64, error) {
	if v == None {
		return def, nil
	}
	switch v := v.(type) {
	case *Sym:
		known, err := t.Assume(v, "a slice")
		if err != nil {
			return 0, err
		}
		return t.sliceInt(known, def)
	case *Opaque:
		t.AssumeOpaque(v, "bounds a slice")
		return def, nil
	}
	i, ok, err := t.toIndex(v)
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, Errorf(TypeError, "slice indices must be integers or None or have an __index__ method")
	}
	n, fits := i.Int64()
	if !fits || n > 1<<62 || n < -1<<62 {
		return int64(i.Sign()) << 62, nil
	}
	return n, nil
}

// slice is x[s] of a sequence.
func (t *Thread) slice(x Value, s *Slice) (Value, error) {
	start, step, count, err := t.bounds(s, builtinLen(x))
	if err != nil {
		return nil, err
	}
	if err := t.alloc(count); err != nil {
		return nil, err
	}
	switch x := x.(type) {
	case *Str:
		if step == 1 {
			lo := x.byteOffset(start)
			rest := x.slice(lo, len(x.s))
			return rest.slice(0, rest.byteOffset(count)), nil
		}
		runes := []rune(x.s)
		var b strings.Builder
		for i := range count {
			b.WriteRune(runes[start+i*step])
		}
		return NewStr(b.String()), nil
	case Bytes:
		out := make([]byte, count)
		for i := range out {
			out[i] = x[start+i*step]
		}
		return Bytes(out), nil
	case *Range:
		r := &Range{start: x.start + int64(start)*x.step, step: x.step * int64(step), n: int64(count)}
		stop, err := t.sliceStop(s, builtinLen(x))
		r.stop = x.start + stop*x.step
		return r, err
	}
	elems := elemsOf(x)
	out := make([]Value, count)
	for i := range out {
		out[i] = elems[start+i*step]
	}
	if _, ok := x.(*Tuple); ok {
		return NewTuple(out...), nil
	}
	return NewList(out...), nil
}

// sliceStop is where a slice of n elements ends, within them.
func (t *Thread) sliceStop(s *Slice, n int) (int64, error) {
	step, err := t.sliceInt(s.step, 1)
	if err != nil {
		return 0, err
	}
	low, high, none := int64(0), int64(n), int64(n)
	if step < 0 {
		low, high, none = -1, int64(n)-1, -1
	}
	if s.stop == None {
		return none, nil
	}
	k, err := t.sliceInt(s.stop, 0)
	if k < 0 {
		k += int64(n)
	}
	return min(max(k, low), high), err
}

func elemsOf(x Value) []Value {
	switch x := x.(type) {
	case *List:
		return x.elems
	case *Tuple:
		return x.elems
	}
	return nil
}

// SetIndex is v[key] = x.
func (t *Thread) SetIndex(v, key, x Value) error {
	if t.changeLate(v, key) {
		return nil
	}
	if m := operatorMethod(v, "__setitem__"); m != nil {
		_, err := t.callMethod(m, v, key, x)
		return err
	}
	switch c := plain(v).(type) {
	case *Opaque:
		return nil
	case *Dict:
		if err := t.alloc(64); err != nil {
			return err
		}
		return c.Set(t, key, x)
	case *List:
		if s, ok := key.(*Slice); ok {
			return t.setSlice(c, s, x)
		}
		i, err := t.listIndex(c, key, "assignment ")
		if err == nil {
			c.elems[i] = x
		}
		return err
	}
	return Errorf(TypeError, "'%s' object does not support item assignment", v.Class().name)
}

func (t *Thread) listIndex(l *List, key Value, what string) (int, error) {
	i, ok, err := t.toIndex(key)
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, Errorf(TypeError, "list indices must be integers or slices, not %s", key.Class().name)
	}
	k, fits := i.Int64()
	if k < 0 {
		k += int64(len(l.elems))
	}
	if !fits || k < 0 || k >= int64(len(l.elems)) {
		return 0, Errorf(IndexError, "list %sindex out of range", what)
	}
	return int(k), nil
}

func (t *Thread) setSlice(l *List, s *Slice, x Value) error {
	elems, err := t.Iterate(x)
	if isRaised(err, TypeError) && x.Class().Lookup("__iter__") == nil {
		return Errorf(TypeError, "can only assign an iterable")
	}
	if err != nil {
		return err
	}
	start, step, count, err := t.bounds(s, len(l.elems))
	if err != nil {
		return err
	}
	if step == 1 {
		tail := l.elems[start+count:]
		l.elems = append(append(append([]Value(nil), l.elems[:start]...), elems...), tail...)
		return nil
	}
	if len(elems) != count {
		return Errorf(ValueError, "attempt to assign sequence of size %d to extended slice of size %d", len(elems), count)
	}
	for i, e := range elems {
		l.elems[start+i*step] = e
	}
	return nil
}

// DelIndex is del v[key].
func (t *Thread) DelIndex(v, key Value) error {
	if t.changeLate(v, key) {
		return nil
	}
	if m := operatorMethod(v, "__delitem__"); m != nil {
		_, err := t.callMethod(m, v, key)
		return err
	}
	switch c := plain(v).(type) {
	case *Opaque:
		return nil
	case *Dict:
		old, err := c.Delete(t, key)
		if err == nil && old == nil {
			return raise(KeyError, key)
		}
		return err
	case *List:
		if s, ok := key.(*Slice); ok {
			return t.delSlice(c, s)
		}
		i, err := t.listIndex(c, key, "assignment ")
		if err == nil {
			c.elems = append(c.elems[:i:i], c.elems[i+1:]...)
		}
		return err
	}
	return Errorf(TypeError, "'%s' object doesn't support item deletion", v.Class().name)
}

func (t *Thread) delSlice(l *List, s *Slice) error {
	start, step, count, err := t.bounds(s, len(l.elems))
	if err != nil {
		return err
	}
	gone := make(map[int]bool, count)
	for i := range count {
		gone[start+i*step] = true
	}
	var out []Value
	for i, e := range l.elems {
		if !gone[i] {
			out = append(out, e)
		}
	}
	l.elems = out
	return nil
}
