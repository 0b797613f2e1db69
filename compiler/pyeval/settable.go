package pyeval

import "pyfc/compiler/pyast"

// setTable is what makes the order in which CPython iterates over a set: its
// hash table with open addressing, in which a deleted element leaves a mark
// until the table is made anew. The search goes through ten neighbouring slots
// at a time. The set_order probes compare it with CPython.
type setTable struct {
	slots  []setSlot // of a power of two; none stands for the least number
	fill   int       // slots with an element or a mark
	used   int
	finger int // where pop goes on
	// lost says that the order isn't known: an element's hash differs from one
	// run of CPython to the next.
	lost bool
}

// setSlot is empty when v is nil and deleted is false.
type setSlot struct {
	v       Value
	hash    uint64
	deleted bool
}

// leastSlots is the size of a small set's table.
const leastSlots = 8

func (s *setTable) mask() int { return max(len(s.slots), leastSlots) - 1 }

// find is the first slot on the way of a hash for which ok holds.
func (s *setTable) find(hash uint64, ok func(i int) bool) int {
	mask := uint64(s.mask())
	perturb, i := hash, hash&mask
	for {
		last := i
		if i+9 <= mask {
			last = i + 9
		}
		for j := i; j <= last; j++ {
			if ok(int(j)) {
				return int(j)
			}
		}
		perturb >>= 5
		i = (i*5 + 1 + perturb) & mask
	}
}

// insert puts an element that isn't there into the first slot that was never
// taken, or into the last marked one before it.
func (s *setTable) insert(v Value, hash uint64) {
	if s.slots == nil {
		s.slots = make([]setSlot, leastSlots)
	}
	marked := -1
	i := s.find(hash, func(i int) bool {
		if s.slots[i].deleted {
			marked = i
			return false
		}
		return s.slots[i].v == nil
	})
	if marked >= 0 {
		i = marked
	} else {
		s.fill++
	}
	s.slots[i] = setSlot{v: v, hash: hash}
	s.used++
}

// add inserts and grows.
func (s *setTable) add(v Value) {
	hash, ok := numericHash(v)
	if s.lost = s.lost || !ok; s.lost {
		return
	}
	fill := s.fill
	s.insert(v, uint64(hash))
	if s.fill > fill && s.fill*5 >= s.mask()*3 {
		s.resize(s.grown())
	}
}

// grown is the number of elements for which a full table is made anew.
func (s *setTable) grown() int {
	if s.used > 50000 {
		return s.used * 2
	}
	return s.used * 4
}

// resize makes a table for more than n elements, without marks.
func (s *setTable) resize(n int) {
	size := leastSlots
	for size <= n {
		size *= 2
	}
	old := s.slots
	s.slots, s.fill, s.used = make([]setSlot, size), 0, 0
	for _, e := range old {
		if e.v != nil {
			s.insert(e.v, e.hash)
		}
	}
}

// remove marks the slot of an element that is there.
func (s *setTable) remove(v Value) {
	if s.lost {
		return
	}
	hash, _ := numericHash(v)
	i := s.find(uint64(hash), func(i int) bool { return s.slots[i].v == v })
	s.slots[i] = setSlot{deleted: true}
	s.used--
}

// thin makes a table anew in which more than a quarter are marks.
func (s *setTable) thin() {
	if s.fill-s.used > s.mask()/4 {
		s.resize(s.grown())
	}
}

// reserve makes room for n elements that come at once.
func (s *setTable) reserve(n int) {
	if !s.lost && (s.fill+n)*5 >= s.mask()*3 {
		s.resize((s.used + n) * 2)
	}
}

// next is the element that pop takes.
func (s *setTable) next() Value {
	i := s.finger & s.mask()
	for s.slots[i].v == nil {
		i = (i + 1) & s.mask()
	}
	s.finger = i + 1
	return s.slots[i].v
}

// elems are the elements in the order of the slots.
func (s *setTable) elems() []Value {
	out := make([]Value, 0, s.used)
	for _, e := range s.slots {
		if e.v != nil {
			out = append(out, e.v)
		}
	}
	return out
}

// isConstantSet reports whether CPython keeps the elements of a display as a
// frozenset, from which it makes the set.
func isConstantSet(elts []pyast.Expr) bool {
	for _, e := range elts {
		if u, ok := e.(*pyast.UnaryOp); ok {
			e = u.Operand
		}
		if _, ok := e.(*pyast.Constant); !ok {
			return false
		}
	}
	return len(elts) >= 3
}
