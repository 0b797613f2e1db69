package agg

import "pyfc/rt/val"

// sequence keeps values in the order in which they came. The earliest of equal
// ones is taken back first, and one that is taken back before it comes cancels
// the one that comes then, as in Flink.
type sequence struct {
	items []item
	gone  int // items that have been taken back and are still there
	// places are the items with a value, the earliest first; owed counts those
	// that have been taken back too early.
	places map[val.Datum][]int
	owed   map[val.Datum]int64
}

type item struct {
	v    val.Datum
	gone bool
}

func (s *sequence) add(v val.Datum) {
	if s.owed[v] > 0 {
		v = v.Keep() // the map may take over the key at hand
		if s.owed[v]--; s.owed[v] == 0 {
			delete(s.owed, v)
		}
		return
	}
	s.append(v.Keep())
}

func (s *sequence) append(v val.Datum) {
	if s.places == nil {
		s.places = map[val.Datum][]int{}
	}
	s.places[v] = append(s.places[v], len(s.items))
	s.items = append(s.items, item{v: v})
}

func (s *sequence) remove(v val.Datum) {
	places := s.places[v]
	if len(places) == 0 {
		if s.owed == nil {
			s.owed = map[val.Datum]int64{}
		}
		s.owed[v.Keep()]++
		return
	}
	s.items[places[0]].gone = true
	s.gone++
	if len(places) == 1 {
		delete(s.places, v)
	} else {
		s.places[v.Keep()] = places[1:] // the map may take over the key at hand
	}
	if s.gone > len(s.items)/2 {
		s.compact()
	}
}

// compact drops the items that have been taken back.
func (s *sequence) compact() {
	old := s.items
	s.items, s.places, s.gone = nil, nil, 0
	for _, i := range old {
		if !i.gone {
			s.append(i.v)
		}
	}
}

func (s *sequence) len() int { return len(s.items) - s.gone }

// each calls f for the values in order until it returns false.
func (s *sequence) each(f func(val.Datum) bool) {
	for _, i := range s.items {
		if !i.gone && !f(i.v) {
			return
		}
	}
}

// first and last return the value at an end; false where there is none.
func (s *sequence) first() (val.Datum, bool) {
	for _, i := range s.items {
		if !i.gone {
			return i.v, true
		}
	}
	return val.Datum{}, false
}

func (s *sequence) last() (val.Datum, bool) {
	for i := len(s.items) - 1; i >= 0; i-- {
		if !s.items[i].gone {
			return s.items[i].v, true
		}
	}
	return val.Datum{}, false
}

// Bytes is what the values take, in bytes, roughly, without what they view.
func (s *sequence) Bytes() int { return len(s.items) * (2*datumBytes + entryBytes) }

// AppendState implements State.
func (s *sequence) AppendState(dst []byte) []byte {
	dst = val.EncodeInt(dst, int64(s.len()))
	s.each(func(v val.Datum) bool {
		dst = val.EncodeDatum(dst, v)
		return true
	})
	return appendCounts(dst, s.owed)
}

// ReadState implements State.
func (s *sequence) ReadState(src []byte) ([]byte, error) {
	n := 0
	src, err := val.DecodeCount(src, &n)
	if err != nil {
		return nil, err
	}
	for range n {
		var v val.Datum
		if src, err = val.DecodeDatum(src, &v); err != nil {
			return nil, err
		}
		s.append(v)
	}
	s.owed, src, err = readCounts(src)
	return src, err
}

// appendCounts encodes values with how often each is there, in no order.
func appendCounts(dst []byte, counts map[val.Datum]int64) []byte {
	dst = val.EncodeInt(dst, int64(len(counts)))
	for v, n := range counts {
		dst = val.EncodeInt(val.EncodeDatum(dst, v), n)
	}
	return dst
}

func readCounts(src []byte) (map[val.Datum]int64, []byte, error) {
	n := 0
	src, err := val.DecodeCount(src, &n)
	if err != nil || n == 0 {
		return nil, src, err
	}
	counts := make(map[val.Datum]int64, n)
	for range n {
		var v val.Datum
		var count int64
		if src, err = val.DecodeDatum(src, &v); err == nil {
			src, err = val.DecodeInt(src, &count)
		}
		if err != nil {
			return nil, nil, err
		}
		counts[v] = count
	}
	return counts, src, nil
}
