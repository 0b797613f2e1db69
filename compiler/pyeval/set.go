package pyeval

// Set is a Python set or frozenset. It iterates in CPython's order where that
// doesn't depend on the process, else in that of insertion.
type Set struct {
	d      *Dict // whose values are None
	frozen bool
	table  setTable
}

// NewSet makes an empty set.
func NewSet() *Set { return &Set{d: NewDict()} }

// NewFrozenSet makes an empty frozenset; Add fills it before scripts see it.
func NewFrozenSet() *Set { return &Set{d: NewDict(), frozen: true} }

// Class returns set or frozenset.
func (s *Set) Class() *Class {
	if s.frozen {
		return frozensetClass
	}
	return SetClass
}

// Len returns the number of elements.
func (s *Set) Len() int { return s.d.live }

// Add puts an element in; an equal one that is there stays.
func (s *Set) Add(t *Thread, v Value) error {
	i, h, err := s.d.find(t, v)
	if err != nil || i >= 0 {
		return err
	}
	s.d.insert(h, v, None)
	s.table.add(v)
	return nil
}

// Has reports whether an element is in.
func (s *Set) Has(t *Thread, v Value) (bool, error) {
	i, _, err := s.d.find(t, v)
	return i >= 0, err
}

// discard takes an element out and reports whether it was there.
func (s *Set) discard(t *Thread, v Value) (bool, error) {
	i, _, err := s.d.find(t, v)
	if err != nil || i < 0 {
		return false, err
	}
	s.table.remove(s.d.entries[i].key)
	s.d.remove(i)
	return true, nil
}

// pop takes out what CPython's set gives next, nil from an empty set.
func (s *Set) pop(t *Thread) (Value, error) {
	if s.Len() == 0 {
		return nil, nil
	}
	var v Value
	if s.table.lost {
		t.steps += int64(len(s.d.entries) / 16)
		v = s.d.first()
	} else {
		v = s.table.next()
	}
	_, err := s.discard(t, v)
	return v, err
}

func (s *Set) clear() {
	s.d.clear()
	s.table = setTable{finger: s.table.finger}
}

// take makes the set have the elements of another one, which is given up.
func (s *Set) take(from *Set) {
	finger := s.table.finger
	s.d, s.table = from.d, from.table
	s.table.finger = finger
}

func (s *Set) elems() []Value {
	if s.table.lost {
		return s.d.Keys()
	}
	return s.table.elems()
}

// like makes an empty set of the same kind.
func (s *Set) like() *Set { return &Set{d: NewDict(), frozen: s.frozen} }

func (s *Set) copySet(t *Thread) (*Set, error) {
	out := s.like()
	return out, out.merge(t, s)
}

// clone makes a set with the same table.
func (s *Set) clone() *Set {
	out := &Set{d: s.d.copyDict(), frozen: s.frozen, table: s.table}
	out.table.slots = append([]setSlot(nil), s.table.slots...)
	return out
}

// merge puts all elements of another set in.
func (s *Set) merge(t *Thread, from *Set) error {
	if s == from || from.Len() == 0 {
		return nil
	}
	s.table.reserve(from.Len())
	if s.table.fill == 0 && !s.table.lost && !from.table.lost && s.table.mask() == from.table.mask() && from.table.fill == from.table.used {
		s.take(from.clone())
		return nil
	}
	fresh := s.table.fill == 0 // then CPython doesn't look whether the table is full
	for _, e := range from.elems() {
		i, h, err := s.d.find(t, e)
		if err != nil {
			return err
		}
		if i >= 0 {
			continue
		}
		s.d.insert(h, e, None)
		if hash, ok := numericHash(e); fresh && ok && !s.table.lost {
			s.table.insert(e, uint64(hash))
		} else {
			s.table.add(e)
		}
	}
	return nil
}

// addAll puts the elements of an iterable in; nil has none.
func (s *Set) addAll(t *Thread, iterable Value) error {
	switch from := plain(iterable).(type) {
	case nil:
		return nil
	case *Set:
		return s.merge(t, from)
	case *Dict:
		if iterable == Value(from) {
			s.table.reserve(from.Len())
		}
	}
	elems, err := t.Iterate(iterable)
	if err != nil {
		return err
	}
	for _, e := range elems {
		if err := s.Add(t, e); err != nil {
			return err
		}
	}
	return t.alloc(64 * len(elems))
}

// setOf is the set that an operand stands for where it is none itself.
func (t *Thread) setOf(v Value) (*Set, error) {
	if s, ok := plain(v).(*Set); ok {
		return s, nil
	}
	s := NewSet()
	return s, s.addAll(t, v)
}

// union are the elements of the set and of the others.
func (s *Set) union(t *Thread, others []Value) (*Set, error) {
	out, err := s.copySet(t)
	for _, o := range others {
		if err == nil && o != Value(s) {
			err = out.addAll(t, o)
		}
	}
	return out, err
}

// intersections are the elements that are in all others, too.
func (s *Set) intersections(t *Thread, others []Value) (out *Set, err error) {
	if len(others) == 0 {
		return s.copySet(t)
	}
	out = s
	for _, o := range others {
		if err == nil {
			out, err = out.intersection(t, o)
		}
	}
	return out, err
}

// differences are the elements that are in none of the others.
func (s *Set) differences(t *Thread, others []Value) (*Set, error) {
	if len(others) == 0 {
		return s.copySet(t)
	}
	out, err := s.difference(t, others[0])
	for _, o := range others[1:] {
		if err == nil {
			err = out.subtract(t, o)
		}
	}
	return out, err
}

// intersection are the elements that are in the other iterable, too. CPython
// walks through the smaller one of two sets.
func (s *Set) intersection(t *Thread, iterable Value) (*Set, error) {
	other, isSet := plain(iterable).(*Set)
	if other == s {
		return s.copySet(t)
	}
	in := s
	var elems []Value
	if isSet {
		if other.Len() > s.Len() {
			in, other = other, s
		}
		elems = other.elems()
	} else {
		var err error
		if elems, err = t.Iterate(iterable); err != nil {
			return nil, err
		}
	}
	return s.like().chosen(t, elems, in, true)
}

// chosen adds those of elems that are in a set, or that aren't.
func (s *Set) chosen(t *Thread, elems []Value, of *Set, in bool) (*Set, error) {
	for _, e := range elems {
		has, err := of.Has(t, e)
		if err == nil && has == in {
			err = s.Add(t, e)
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// difference are the elements that aren't in the other iterable. CPython copies
// the set and deletes where the other one is no set or is much smaller.
func (s *Set) difference(t *Thread, iterable Value) (*Set, error) {
	size := -1
	switch o := plain(iterable).(type) {
	case *Set:
		size = o.Len()
	case *Dict:
		size = o.Len()
	}
	if size < 0 || s.Len()>>2 > size {
		out, err := s.copySet(t)
		if err != nil {
			return nil, err
		}
		return out, out.subtract(t, iterable)
	}
	other, err := t.setOf(iterable)
	if err != nil {
		return nil, err
	}
	return s.like().chosen(t, s.elems(), other, false)
}

// subtract takes the elements of an iterable out.
func (s *Set) subtract(t *Thread, iterable Value) error {
	other, isSet := plain(iterable).(*Set)
	if other == s {
		s.clear()
		return nil
	}
	if isSet && other.Len()>>3 > s.Len() {
		common, err := s.intersection(t, other)
		if err != nil {
			return err
		}
		iterable = common
	}
	elems, err := t.Iterate(iterable)
	if err != nil {
		return err
	}
	for _, e := range elems {
		if _, err := s.discard(t, e); err != nil {
			return err
		}
	}
	if !s.table.lost {
		s.table.thin()
	}
	return nil
}

// toggle takes the elements of an iterable out that are in, and puts the others
// in.
func (s *Set) toggle(t *Thread, iterable Value) error {
	other, err := t.setOf(iterable)
	if err != nil {
		return err
	}
	if other == s {
		s.clear()
		return nil
	}
	for _, e := range other.elems() {
		was, err := s.discard(t, e)
		if err == nil && !was {
			err = s.Add(t, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// setBinary is the algebra of sets, of dict views, and dict | dict.
func (t *Thread) setBinary(op string, a, b Value) (Value, error) {
	if x, ok := a.(*Dict); ok && op == "|" {
		if y, ok := b.(*Dict); ok {
			out := x.copyDict()
			return out, t.updateDict(out, y)
		}
	}
	if op == "|" && isTypeLike(a) && isTypeLike(b) {
		return unionType(a, b), nil
	}
	x, y := asSet(t, a), asSet(t, b)
	if x == nil || y == nil {
		return nil, nil
	}
	var out *Set
	var err error
	switch op {
	case "&":
		out, err = x.intersection(t, y)
	case "-":
		out, err = x.difference(t, y)
	case "^":
		out, err = x.symmetric(t, y)
	default:
		out, err = x.union(t, []Value{y})
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// symmetric are the elements of either, not of both: CPython changes a copy of
// the other one.
func (s *Set) symmetric(t *Thread, other Value) (*Set, error) {
	out := s.like()
	if err := out.addAll(t, other); err != nil {
		return nil, err
	}
	return out, out.toggle(t, s)
}

// setInPlace is the augmented assignment of a set; false if the operand is
// none.
func (t *Thread) setInPlace(op string, x *Set, b Value) (bool, error) {
	y, ok := plain(b).(*Set)
	if x.frozen || !ok {
		return false, nil
	}
	switch op {
	case "|":
		return true, x.merge(t, y)
	case "-":
		return true, x.subtract(t, y)
	case "^":
		return true, x.toggle(t, y)
	case "&":
		out, err := x.intersection(t, y)
		if err == nil {
			x.take(out)
		}
		return true, err
	}
	return false, nil
}

// asSet views a set or the keys of a dict as a set.
func asSet(t *Thread, v Value) *Set {
	switch v := v.(type) {
	case *Set:
		return v
	case *dictView:
		s := NewSet()
		for _, e := range v.elems() {
			if s.Add(t, e) != nil {
				return nil
			}
		}
		return s
	}
	return nil
}
