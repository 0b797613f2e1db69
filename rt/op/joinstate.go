package op

import (
	"fmt"

	"pyfc/rt/state"
	"pyfc/rt/val"
)

// joinSide is the state of one input of a streaming join: its rows by key. Rows
// with one identity share a slot and are counted; the identity is the whole
// row, or a unique key of the input, under which a new row replaces the old one.
type joinSide[T any, K, I comparable] struct {
	identity JoinIdentity[T, I]
	key      func(*T) K
	keep     func(*T)
	lists    map[K]joinList
	slots    []joinSlot[T]
	byID     map[I]int32
	free     []int32
	ttl      TTL
	now      int64 // of the batch at hand
	swept    int   // the next slot to look at whether it has expired
}

// JoinIdentity says by what a side of a join tells its rows apart: by the whole
// row, or by a unique key of the input together with the join key, under which
// a row replaces the one before. What Of returns may view the row.
type JoinIdentity[T any, I comparable] struct {
	Of       func(*T) I
	Replaces bool
}

// joinList is the first and last slot of a key.
type joinList struct{ first, last int32 }

// joinSlot is a row in a side's state.
type joinSlot[T any] struct {
	row        T
	count      int64
	matches    int64 // rows of the other side that match, where the join counts them
	written    int64 // when the row, or the number of its matches, was written, where rows expire
	prev, next int32 // of the same key; -1 for none
}

func newJoinSide[T any, K, I comparable](identity JoinIdentity[T, I], key func(*T) K, keep func(*T), ttl TTL) *joinSide[T, K, I] {
	return &joinSide[T, K, I]{identity: identity, key: key, keep: keep, ttl: ttl, lists: map[K]joinList{}, byID: map[I]int32{}}
}

// begin sets the time for a batch and forgets those of the next n rows that
// have expired.
func (s *joinSide[T, K, I]) begin(now int64, n int) {
	s.now = now
	if s.ttl == 0 {
		return
	}
	for range min(n, len(s.slots)) {
		s.swept = (s.swept + 1) % len(s.slots)
		if slot := &s.slots[s.swept]; slot.count > 0 && s.expired(slot) {
			s.remove(int32(s.swept), s.key(&slot.row))
		}
	}
}

// expired reports whether a row is gone since nothing has written it.
func (s *joinSide[T, K, I]) expired(slot *joinSlot[T]) bool {
	return s.ttl.expired(slot.written, s.now)
}

// find is the slot of a row, if it is there.
func (s *joinSide[T, K, I]) find(row *T, k K) (int32, bool) {
	i, ok := s.byID[s.identity.Of(row)]
	if ok && s.expired(&s.slots[i]) {
		s.remove(i, k)
		return 0, false
	}
	return i, ok
}

// add takes a row in, which has the given number of matches.
func (s *joinSide[T, K, I]) add(row *T, k K, matches int64) {
	if i, ok := s.find(row, k); ok {
		slot := &s.slots[i]
		slot.matches, slot.written = matches, s.now
		if !s.identity.Replaces {
			slot.count++
			return
		}
		delete(s.byID, s.identity.Of(&slot.row)) // its views belong to the old row
		slot.row = *row
		s.keep(&slot.row)
		s.byID[s.identity.Of(&slot.row)] = i
		return
	}
	i := s.slot()
	s.slots[i] = joinSlot[T]{row: *row, count: 1, matches: matches, written: s.now, prev: -1, next: -1}
	s.keep(&s.slots[i].row)
	s.byID[s.identity.Of(&s.slots[i].row)] = i
	list, ok := s.lists[k]
	if !ok {
		list.first = i
	} else {
		s.slots[list.last].next = i
		s.slots[i].prev = list.last
	}
	list.last = i
	s.set(list)
}

// set changes a key's list. A map may take over the key that it is given, so
// that is one of a kept row.
func (s *joinSide[T, K, I]) set(list joinList) { s.lists[s.key(&s.slots[list.first].row)] = list }

func (s *joinSide[T, K, I]) slot() int32 {
	if n := len(s.free); n > 0 {
		i := s.free[n-1]
		s.free = s.free[:n-1]
		return i
	}
	s.slots = append(s.slots, joinSlot[T]{})
	return int32(len(s.slots) - 1)
}

// retract takes a row back; one that isn't there is none.
func (s *joinSide[T, K, I]) retract(row *T, k K) {
	i, ok := s.find(row, k)
	if !ok {
		return
	}
	slot := &s.slots[i]
	slot.written = s.now
	if slot.count--; slot.count == 0 {
		s.remove(i, k)
	}
}

// remove forgets the row of a slot.
func (s *joinSide[T, K, I]) remove(i int32, k K) {
	slot := &s.slots[i]
	delete(s.byID, s.identity.Of(&slot.row))
	list := s.lists[k]
	if slot.prev >= 0 {
		s.slots[slot.prev].next = slot.next
	} else {
		list.first = slot.next
	}
	if slot.next >= 0 {
		s.slots[slot.next].prev = slot.prev
	} else {
		list.last = slot.prev
	}
	if list.first < 0 {
		delete(s.lists, k)
	} else {
		s.set(list)
	}
	s.slots[i] = joinSlot[T]{}
	s.free = append(s.free, i)
}

// first is the first slot of a key, -1 for none.
func (s *joinSide[T, K, I]) first(k K) int32 {
	if list, ok := s.lists[k]; ok {
		return list.first
	}
	return -1
}

// snapshot adds the rows to a checkpoint: which side, count, matches, when
// written, row.
func (s *joinSide[T, K, I]) snapshot(snap *state.Snapshot, side int64, hash func(*T) uint64, appendRow func([]byte, *T) []byte) {
	for _, list := range s.lists {
		for i := list.first; i >= 0; i = s.slots[i].next {
			slot := &s.slots[i]
			kg := state.Group(hash(&slot.row))
			dst := val.EncodeInt(snap.Groups[kg], side)
			dst = val.EncodeInt(val.EncodeInt(val.EncodeInt(dst, slot.count), slot.matches), slot.written)
			snap.Groups[kg] = appendRow(dst, &slot.row)
		}
	}
}

// restore reads a row behind the number of its side.
func (s *joinSide[T, K, I]) restore(src []byte, key func(*T) K, readRow func([]byte, *T) ([]byte, error)) ([]byte, error) {
	var count, matches, written int64
	var row T
	src, err := decodeInts(src, &count, &matches, &written)
	if err == nil {
		src, err = readRow(src, &row)
	}
	if err != nil {
		return nil, err
	}
	if count < 1 {
		return nil, fmt.Errorf("a row of a join is there %d times", count)
	}
	s.add(&row, key(&row), matches)
	slot := &s.slots[s.byID[s.identity.Of(&row)]]
	slot.count, slot.written = count, written
	return src, nil
}
