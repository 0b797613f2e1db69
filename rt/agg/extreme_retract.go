package agg

import (
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// heapOfValues counts values and knows the one that is first in an order, of
// those that have come more often than they were taken back. One that has been
// taken back stays in the heap until it comes to the top.
type heapOfValues struct {
	Counts map[val.Datum]counted
	heap   []val.Datum
}

type counted struct {
	n      int64 // below zero for a value that was taken back before it comes
	inHeap bool
}

// change counts a value up or down.
func (h *heapOfValues) change(v val.Datum, n int64, t *types.Type, side int) {
	if v.Null {
		return
	}
	if h.Counts == nil {
		h.Counts = map[val.Datum]counted{}
	}
	c := h.Counts[v]
	v = v.Keep() // also if it is known: the map may take over the key at hand
	c.n += n
	if c.n > 0 && !c.inHeap {
		c.inHeap = true
		h.push(v, t, side)
	}
	if c.n == 0 && !c.inHeap {
		delete(h.Counts, v)
		return
	}
	h.Counts[v] = c
	h.settle(t, side)
}

// settle takes values that aren't there from the top of the heap.
func (h *heapOfValues) settle(t *types.Type, side int) {
	for len(h.heap) > 0 {
		top := h.heap[0]
		c := h.Counts[top]
		switch {
		case c.n > 0:
			return
		case c.n == 0:
			delete(h.Counts, top)
		default:
			c.inHeap = false
			h.Counts[top] = c
		}
		h.pop(t, side)
	}
}

func (h *heapOfValues) before(i, j int, t *types.Type, side int) bool {
	return val.CompareDatum(h.heap[i], h.heap[j], t) == side
}

func (h *heapOfValues) push(v val.Datum, t *types.Type, side int) {
	h.heap = append(h.heap, v)
	for i := len(h.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if !h.before(i, up, t, side) {
			return
		}
		h.heap[i], h.heap[up] = h.heap[up], h.heap[i]
		i = up
	}
}

func (h *heapOfValues) pop(t *types.Type, side int) {
	last := len(h.heap) - 1
	h.heap[0] = h.heap[last]
	h.heap[last] = val.Datum{}
	h.heap = h.heap[:last]
	for i := 0; ; {
		next := 2*i + 1
		if next >= last {
			return
		}
		if next+1 < last && h.before(next+1, next, t, side) {
			next++
		}
		if !h.before(next, i, t, side) {
			return
		}
		h.heap[i], h.heap[next] = h.heap[next], h.heap[i]
		i = next
	}
}

// Value returns the first value, and false where there is none.
func (h *heapOfValues) Value() (val.Datum, bool) {
	if len(h.heap) > 0 {
		return h.heap[0], true
	}
	return val.Datum{}, false
}

// AppendState implements State: the values in the order of the heap, which is
// a heap when it is read back, then those that aren't in it.
func (h *heapOfValues) AppendState(dst []byte) []byte {
	dst = val.EncodeInt(dst, int64(len(h.heap)))
	for _, v := range h.heap {
		dst = val.EncodeInt(val.EncodeDatum(dst, v), h.Counts[v].n)
	}
	owed := map[val.Datum]int64{}
	for v, c := range h.Counts {
		if !c.inHeap {
			owed[v] = c.n
		}
	}
	return appendCounts(dst, owed)
}

// ReadState implements State.
func (h *heapOfValues) ReadState(src []byte) ([]byte, error) {
	n := 0
	src, err := val.DecodeCount(src, &n)
	if err != nil {
		return nil, err
	}
	h.Counts = make(map[val.Datum]counted, n)
	for range n {
		var v val.Datum
		var count int64
		if src, err = val.DecodeDatum(src, &v); err == nil {
			src, err = val.DecodeInt(src, &count)
		}
		if err != nil {
			return nil, err
		}
		h.Counts[v] = counted{count, true}
		h.heap = append(h.heap, v)
	}
	owed, src, err := readCounts(src)
	for v, n := range owed {
		h.Counts[v] = counted{n, false}
	}
	return src, err
}

// MinRetracting is MIN over rows that are taken back.
type MinRetracting struct{ heapOfValues }

// Add takes a value in.
func (m *MinRetracting) Add(v val.Datum, t *types.Type) { m.change(v, 1, t, -1) }

// Retract takes a value back.
func (m *MinRetracting) Retract(v val.Datum, t *types.Type) { m.change(v, -1, t, -1) }

// MaxRetracting is MAX over rows that are taken back.
type MaxRetracting struct{ heapOfValues }

// Add takes a value in.
func (m *MaxRetracting) Add(v val.Datum, t *types.Type) { m.change(v, 1, t, 1) }

// Retract takes a value back.
func (m *MaxRetracting) Retract(v val.Datum, t *types.Type) { m.change(v, -1, t, 1) }
