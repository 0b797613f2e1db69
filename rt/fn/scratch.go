package fn

import (
	"sync"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// scratch is memory for the elements of an array, or the keys and values of a
// map, that is being made.
type scratch struct{ items, values []val.Datum }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func newScratch() *scratch { return scratches.Get().(*scratch) }

// free gives the memory back; what it held views arenas.
func (s *scratch) free() {
	clear(s.items)
	clear(s.values)
	s.items, s.values = s.items[:0], s.values[:0]
	scratches.Put(s)
}

func (s *scratch) add(d val.Datum) { s.items = append(s.items, d) }

// toArray encodes the elements.
func (s *scratch) toArray(a *val.Arena, elem *types.Type) val.Array {
	return val.NewArray(a, elem, s.items...)
}

// find is the position of a key, or -1.
func (s *scratch) find(key val.Datum, t *types.Type) int {
	for i, k := range s.items {
		if val.EqualDatum(k, key, t) {
			return i
		}
	}
	return -1
}

// put sets the value of a key of type t.
func (s *scratch) put(key, value val.Datum, t *types.Type) {
	if i := s.find(key, t); i >= 0 {
		s.values[i] = value
		return
	}
	s.items, s.values = append(s.items, key), append(s.values, value)
}

// toMap encodes keys and values as a map of type t.
func (s *scratch) toMap(a *val.Arena, t *types.Type) val.Map {
	keys := val.NewArray(a, &t.Elems[0], s.items...)
	return val.MakeMap(a, keys, val.NewArray(a, val.MapValue(t), s.values...))
}

// textScratch is memory for a text that is being made.
type textScratch struct{ buf []byte }

var textScratches = sync.Pool{New: func() any { return new(textScratch) }}

func newTextScratch() *textScratch { return textScratches.Get().(*textScratch) }

func (s *textScratch) free() {
	s.buf = s.buf[:0]
	textScratches.Put(s)
}
