package op

import (
	"container/heap"
	"fmt"
	"math"

	"pyfc/rt/state"
	"pyfc/rt/val"
)

// eachEntry reads the entries of all key groups with a function that takes one
// from the front.
func eachEntry(r *state.Restored, read func(src []byte) ([]byte, error)) error {
	for kg, parts := range r.Groups {
		for _, src := range parts {
			for len(src) > 0 {
				var err error
				if src, err = read(src); err != nil {
					return fmt.Errorf("key group %d: %w", kg, err)
				}
			}
		}
	}
	return nil
}

// panes keeps what waits for the watermark by the moment that it waits for.
type panes[P any] struct {
	watermark
	open  map[int64]P
	order moments // those of open, the least first
	fresh func() P
	// The pane that was asked for last: rows of one moment follow each other.
	recent   int64
	recently bool
	pane     P
}

func newPanes[P any](fresh func() P) panes[P] {
	return panes[P]{watermark: noWatermark, open: map[int64]P{}, fresh: fresh}
}

// at is the pane of a moment behind the watermark.
func (p *panes[P]) at(moment int64) P {
	if p.recently && p.recent == moment {
		return p.pane
	}
	pane, ok := p.open[moment]
	if !ok {
		pane = p.fresh()
		p.open[moment] = pane
		heap.Push(&p.order, moment)
	}
	p.recent, p.recently, p.pane = moment, true, pane
	return pane
}

// advance hands the panes up to a watermark to done, in their order.
func (p *panes[P]) advance(watermark int64, done func(moment int64, pane P) error) error {
	if !p.rises(watermark) {
		return nil
	}
	for len(p.order) > 0 && p.order[0] <= watermark {
		moment, _ := heap.Pop(&p.order).(int64)
		pane := p.open[moment]
		delete(p.open, moment)
		p.recently = false
		if err := done(moment, pane); err != nil {
			return err
		}
	}
	return nil
}

// moments is a heap of points in time.
type moments []int64

func (m moments) Len() int           { return len(m) }
func (m moments) Less(i, j int) bool { return m[i] < m[j] }
func (m moments) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }

// Push implements heap.Interface.
func (m *moments) Push(x any) { t, _ := x.(int64); *m = append(*m, t) }

// Pop implements heap.Interface.
func (m *moments) Pop() any {
	old := *m
	last := old[len(old)-1]
	*m = old[:len(old)-1]
	return last
}

// watermark is how far the time of an operator's input has come.
type watermark struct{ time int64 }

// noWatermark is that of an input of which nothing is known.
var noWatermark = watermark{math.MinInt64}

// rises takes the next watermark and reports whether it is a later one.
func (w *watermark) rises(time int64) bool {
	if time <= w.time {
		return false
	}
	w.time = time
	return true
}

func (w *watermark) snapshot(s *state.Snapshot) {
	s.List = append(s.List, val.EncodeInt(nil, w.time))
}

// restore takes the watermark back: all subtasks had the same one.
func (w *watermark) restore(r *state.Restored) error {
	for i, entry := range r.List {
		var time int64
		if _, err := val.DecodeInt(entry, &time); err != nil {
			return fmt.Errorf("watermark: %w", err)
		}
		if i == 0 || time < w.time {
			w.time = time
		}
	}
	return nil
}

// decodeInts reads integers from the front.
func decodeInts(src []byte, to ...*int64) ([]byte, error) {
	var err error
	for _, v := range to {
		if src, err = val.DecodeInt(src, v); err != nil {
			return nil, err
		}
	}
	return src, nil
}
