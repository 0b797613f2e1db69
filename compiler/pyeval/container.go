package pyeval

import "iter"

// List is a Python list.
type List struct{ elems []Value }

// NewList makes a list that owns elems.
func NewList(elems ...Value) *List { return &List{elems} }

// Class returns list.
func (*List) Class() *Class { return ListClass }

// Elems returns the elements; the caller must not keep the slice over a change
// of the list.
func (l *List) Elems() []Value { return l.elems }

// Append adds an element.
func (l *List) Append(v Value) { l.elems = append(l.elems, v) }

// Tuple is a Python tuple.
type Tuple struct{ elems []Value }

// NewTuple makes a tuple that owns elems.
func NewTuple(elems ...Value) *Tuple { return &Tuple{elems} }

// Class returns tuple.
func (*Tuple) Class() *Class { return TupleClass }

// Elems returns the elements, which must not be changed.
func (t *Tuple) Elems() []Value { return t.elems }

// Range is a Python range.
type Range struct{ start, stop, step, n int64 }

// Class returns range.
func (*Range) Class() *Class { return rangeClass }

func newRange(start, stop, step int64) *Range {
	r := &Range{start: start, stop: stop, step: step}
	switch {
	case step > 0 && start < stop:
		r.n = int64((uint64(stop) - uint64(start) - 1) / uint64(step))
		r.n++
	case step < 0 && start > stop:
		r.n = int64((uint64(start) - uint64(stop) - 1) / uint64(-step))
		r.n++
	}
	return r
}

// has reports whether an int is among the elements.
func (r *Range) has(i Int) bool {
	n, fits := i.Int64()
	if !fits || r.n == 0 {
		return false
	}
	first, last := r.start, r.start+(r.n-1)*r.step
	return min(first, last) <= n && n <= max(first, last) && (n-first)%r.step == 0
}

func (r *Range) at(i int64) Value { return NewInt(r.start + i*r.step) }

// Slice is start:stop:step; absent parts are None.
type Slice struct{ start, stop, step Value }

// Class returns slice.
func (*Slice) Class() *Class { return sliceClass }

// Bounds returns the parts; absent ones are None.
func (s *Slice) Bounds() (start, stop, step Value) { return s.start, s.stop, s.step }

// Dict is a Python dict, in insertion order. Modules, classes and instances
// keep their names in one, too.
type Dict struct {
	index   map[hashKey]int // newest entry with that key
	entries []dictEntry
	live    int
	factory Value // of a defaultdict, else nil
}

type dictEntry struct {
	key, value Value // key is nil in a deleted entry
	hash       hashKey
	next       int // older entry with the same inexact hash, -1 if none
}

// NewDict makes an empty dict.
func NewDict() *Dict { return &Dict{index: map[hashKey]int{}} }

// Class returns dict or defaultdict.
func (d *Dict) Class() *Class {
	if d.factory != nil {
		return DefaultDictClass
	}
	return DictClass
}

// Len returns the number of entries.
func (d *Dict) Len() int { return d.live }

// GetStr returns the value under a str key.
func (d *Dict) GetStr(name string) (Value, bool) {
	if i, ok := d.index[strKey(name)]; ok {
		return d.entries[i].value, true
	}
	return nil, false
}

// SetStr puts a value under a str key.
func (d *Dict) SetStr(name string, v Value) {
	if i, ok := d.index[strKey(name)]; ok {
		d.entries[i].value = v
		return
	}
	d.insert(strKey(name), NewStr(name), v)
}

// DeleteStr removes a str key and reports whether it was there.
func (d *Dict) DeleteStr(name string) bool {
	i, ok := d.index[strKey(name)]
	if ok {
		d.remove(i)
	}
	return ok
}

// Items yields keys and values in insertion order, also when the dict changes
// meanwhile.
func (d *Dict) Items() iter.Seq2[Value, Value] {
	return func(yield func(k, v Value) bool) {
		for i := 0; i < len(d.entries); i++ {
			if e := d.entries[i]; e.key != nil && !yield(e.key, e.value) {
				return
			}
		}
	}
}

// Keys returns the keys in insertion order.
func (d *Dict) Keys() []Value {
	out := make([]Value, 0, d.live)
	for k := range d.Items() {
		out = append(out, k)
	}
	return out
}

// first returns the key that was put in first, nil in an empty dict.
func (d *Dict) first() Value {
	for k := range d.Items() {
		return k
	}
	return nil
}

// names returns the keys that are strs.
func (d *Dict) names() []string {
	out := make([]string, 0, d.live)
	for k := range d.Items() {
		if s, ok := k.(*Str); ok {
			out = append(out, s.s)
		}
	}
	return out
}

// Get returns the value under a key, or nil.
func (d *Dict) Get(t *Thread, key Value) (Value, error) {
	i, _, err := d.find(t, key)
	if err != nil || i < 0 {
		return nil, err
	}
	return d.entries[i].value, nil
}

// Set puts a value under a key; an equal key that is there stays.
func (d *Dict) Set(t *Thread, key, v Value) error {
	i, h, err := d.find(t, key)
	if err != nil {
		return err
	}
	if i >= 0 {
		d.entries[i].value = v
		return nil
	}
	d.insert(h, key, v)
	return nil
}

// SetFirst puts a value under a key that isn't there, before all others.
func (d *Dict) SetFirst(t *Thread, key, v Value) error {
	old := d.entries
	d.clear()
	if err := d.Set(t, key, v); err != nil {
		return err
	}
	for _, e := range old {
		if e.key != nil {
			d.insert(e.hash, e.key, e.value)
		}
	}
	return nil
}

// Delete removes a key and returns its value, nil when it wasn't there.
func (d *Dict) Delete(t *Thread, key Value) (Value, error) {
	i, _, err := d.find(t, key)
	if err != nil || i < 0 {
		return nil, err
	}
	v := d.entries[i].value
	d.remove(i)
	return v, nil
}

// find returns the index of a key's entry, -1 when it isn't there.
func (d *Dict) find(t *Thread, key Value) (int, hashKey, error) {
	h, err := t.hashOf(key)
	if err != nil {
		return -1, h, err
	}
	i, ok := d.index[h]
	if !ok {
		return -1, h, nil
	}
	if h.exact() {
		return i, h, nil
	}
	for ; i >= 0; i = d.entries[i].next {
		same, err := t.Equal(d.entries[i].key, key)
		if err != nil || same {
			return i, h, err
		}
	}
	return -1, h, nil
}

func (d *Dict) insert(h hashKey, key, v Value) {
	next := -1
	if i, ok := d.index[h]; ok {
		next = i
	}
	d.index[h] = len(d.entries)
	d.entries = append(d.entries, dictEntry{key, v, h, next})
	d.live++
}

func (d *Dict) remove(i int) {
	e := d.entries[i]
	if d.index[e.hash] == i {
		if e.next < 0 {
			delete(d.index, e.hash)
		} else {
			d.index[e.hash] = e.next
		}
	} else {
		for j := d.index[e.hash]; j >= 0; j = d.entries[j].next {
			if d.entries[j].next == i {
				d.entries[j].next = e.next
				break
			}
		}
	}
	d.entries[i] = dictEntry{next: -1}
	d.live--
	if len(d.entries) > 32 && d.live < len(d.entries)/2 {
		d.compact()
	}
}

// compact drops deleted entries. Re-inserting in order keeps each chain from
// newest to oldest.
func (d *Dict) compact() {
	old := d.entries
	d.index, d.entries, d.live = make(map[hashKey]int, d.live), make([]dictEntry, 0, d.live), 0
	for _, e := range old {
		if e.key != nil {
			d.insert(e.hash, e.key, e.value)
		}
	}
}

func (d *Dict) clear() {
	d.index, d.entries, d.live = map[hashKey]int{}, nil, 0
}

// copyDict copies the entries; the default factory goes along.
func (d *Dict) copyDict() *Dict {
	out := NewDict()
	out.factory = d.factory
	for _, e := range d.entries {
		if e.key != nil {
			out.insert(e.hash, e.key, e.value)
		}
	}
	return out
}
