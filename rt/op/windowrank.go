package op

import (
	"slices"

	"pyfc/rt/state"
	"pyfc/rt/stream"
)

// WindowRank yields the first rows of each window, or of each partition of it,
// once the watermark says that the window is over. Rows that come for a window
// that is over are late, and dropped.
type WindowRank[In any, K comparable, Out any] struct {
	stream.Forward[Out]
	f     RankFuncs[In, K, Out]
	sub   *stream.Subtask
	panes panes[*rankPane[In, K]]
	out   outlet[Out]
}

// rankPane has the partitions of windows that end at the same moment, in the
// order of their first rows.
type rankPane[In any, K comparable] struct {
	index map[K]int
	parts []ranked[In]
}

// NewWindowRank makes the operator of one subtask.
func NewWindowRank[In any, K comparable, Out any](sub *stream.Subtask, out stream.Consumer[Out], f RankFuncs[In, K, Out]) *WindowRank[In, K, Out] {
	r := &WindowRank[In, K, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub, out: newOutlet(sub, out)}
	r.panes = newPanes(func() *rankPane[In, K] { return &rankPane[In, K]{index: map[K]int{}} })
	return r
}

// Process implements stream.Consumer.
func (r *WindowRank[In, K, Out]) Process(b *stream.Batch[In]) error {
	late := 0
	for i := range b.Rows {
		row := &b.Rows[i]
		at := r.f.Last(row)
		if at <= r.panes.time {
			late++
			continue
		}
		r.add(r.panes.at(at), row)
	}
	if late > 0 {
		r.sub.Count.Late.Add(int64(late))
	}
	b.Release()
	return nil
}

// add takes a row in, if it is one of the first.
func (r *WindowRank[In, K, Out]) add(p *rankPane[In, K], row *In) {
	i, known := p.index[r.f.Key(row)]
	if !known {
		first := []timed[In]{{row: *row}}
		r.f.Keep(&first[0].row)
		p.open(r.f.Key(&first[0].row)).rows = first
		return
	}
	part := &p.parts[i]
	at := r.f.place(part.rows, row)
	if int64(at) >= r.f.To {
		return
	}
	part.rows = slices.Insert(part.rows, at, timed[In]{row: *row})
	r.f.Keep(&part.rows[at].row)
	if int64(len(part.rows)) > r.f.To {
		part.rows = part.rows[:r.f.To]
	}
}

// open adds a partition.
func (p *rankPane[In, K]) open(k K) *ranked[In] {
	p.index[k] = len(p.parts)
	p.parts = append(p.parts, ranked[In]{})
	return &p.parts[len(p.parts)-1]
}

// Control implements stream.Consumer: what a watermark ends is given out before
// it is passed on.
func (r *WindowRank[In, K, Out]) Control(c stream.Control) error {
	if c.Kind == stream.Watermark {
		if err := r.panes.advance(c.Time, r.close); err != nil {
			return err
		}
	}
	return r.Out.Control(c)
}

// close gives out the rows of a pane.
func (r *WindowRank[In, K, Out]) close(_ int64, p *rankPane[In, K]) error {
	for _, part := range p.parts {
		for n := r.f.From; n <= int64(len(part.rows)); n++ {
			out, err := r.out.add()
			if err != nil {
				return err
			}
			r.f.Write(&part.rows[n-1].row, n, out)
		}
	}
	return r.out.flush()
}

// Snapshot implements stream.Stateful. The rows of a partition stand in their
// order.
func (r *WindowRank[In, K, Out]) Snapshot(s *state.Snapshot) error {
	r.panes.snapshot(s)
	for _, p := range r.panes.open {
		for _, part := range p.parts {
			for i := range part.rows {
				k := r.f.Key(&part.rows[i].row)
				kg := state.Group(r.f.Hash(&k))
				s.Groups[kg] = r.f.Append(s.Groups[kg], &part.rows[i].row)
			}
		}
	}
	return nil
}

// Restore implements stream.Stateful.
func (r *WindowRank[In, K, Out]) Restore(from *state.Restored) error {
	if err := r.panes.restore(from); err != nil {
		return err
	}
	return eachEntry(from, func(src []byte) ([]byte, error) {
		var row In
		src, err := r.f.Read(src, &row)
		if err == nil {
			r.append(r.panes.at(r.f.Last(&row)), row)
		}
		return src, err
	})
}

// append takes a row back behind the others of its partition.
func (r *WindowRank[In, K, Out]) append(p *rankPane[In, K], row In) {
	k := r.f.Key(&row)
	i, known := p.index[k]
	if !known {
		p.open(k).rows = []timed[In]{{row: row}}
		return
	}
	p.parts[i].rows = append(p.parts[i].rows, timed[In]{row: row})
}
