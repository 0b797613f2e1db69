package op

import (
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// WindowAgg is the aggregation by windows of a stream: the rows of a window are
// given out once the watermark says that it is over, and forgotten. Rows that
// come for a window that is over are late, and dropped.
type WindowAgg[In any, K comparable, A, Out any] struct {
	stream.Forward[Out]
	f     GroupAggFuncs[In, K, A, Out]
	sub   *stream.Subtask
	panes panes[*windowPane[K, A]]
	out   outlet[Out]
	spare []*windowPane[K, A]
	key   K // what functions get a pointer to: a variable would be allocated for each row
}

// windowPane has the groups of windows that end at the same moment, in the order
// of their first rows.
type windowPane[K comparable, A any] struct {
	index  map[K]int32
	groups []group[K, A]
}

// NewWindowAgg makes the operator of one subtask.
func NewWindowAgg[In any, K comparable, A, Out any](sub *stream.Subtask, out stream.Consumer[Out], f GroupAggFuncs[In, K, A, Out]) *WindowAgg[In, K, A, Out] {
	g := &WindowAgg[In, K, A, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub, out: newOutlet(sub, out)}
	g.out.makes = f.Makes
	g.panes = newPanes(g.pane)
	return g
}

// pane is one without groups.
func (g *WindowAgg[In, K, A, Out]) pane() *windowPane[K, A] {
	if n := len(g.spare); n > 0 {
		p := g.spare[n-1]
		g.spare = g.spare[:n-1]
		return p
	}
	return &windowPane[K, A]{index: map[K]int32{}}
}

// Process implements stream.Consumer.
func (g *WindowAgg[In, K, A, Out]) Process(b *stream.Batch[In]) error {
	late := 0
	for i := range b.Rows {
		row := &b.Rows[i]
		g.key = g.f.Key(row)
		at := g.f.Last(&g.key)
		if at <= g.panes.time {
			late++
			continue
		}
		if err := g.add(g.panes.at(at), row, b.Kind(i)); err != nil {
			return err
		}
	}
	if late > 0 {
		g.sub.Count.Late.Add(int64(late))
	}
	b.Release()
	return nil
}

// add takes a row into its group, whose key is g.key, or out of it.
func (g *WindowAgg[In, K, A, Out]) add(p *windowPane[K, A], row *In, kind val.RowKind) error {
	slot, known := p.index[g.key]
	if !known {
		if !kind.Adds() {
			return nil // a retraction of a group that is not there
		}
		g.f.Keep(&g.key)
		slot = p.insert(group[K, A]{key: g.key})
	}
	gr := &p.groups[slot]
	if kind.Adds() {
		gr.rows++
		return g.f.Add(&gr.acc, row)
	}
	gr.rows--
	return g.f.Retract(&gr.acc, row)
}

func (p *windowPane[K, A]) insert(gr group[K, A]) int32 {
	slot := int32(len(p.groups))
	p.groups = append(p.groups, gr)
	p.index[gr.key] = slot
	return slot
}

// Control implements stream.Consumer: what a watermark ends is given out before
// it is passed on.
func (g *WindowAgg[In, K, A, Out]) Control(c stream.Control) error {
	if c.Kind == stream.Watermark {
		if err := g.panes.advance(c.Time, g.close); err != nil {
			return err
		}
	}
	return g.Out.Control(c)
}

// close gives out the groups of a pane.
func (g *WindowAgg[In, K, A, Out]) close(_ int64, p *windowPane[K, A]) error {
	for i := range p.groups {
		gr := &p.groups[i]
		if gr.rows == 0 {
			continue
		}
		out, err := g.out.room()
		if err != nil {
			return err
		}
		g.f.Result(&gr.key, &gr.acc, out.Add(), out.Arena)
	}
	if err := g.out.flush(); err != nil {
		return err
	}
	clear(p.index)
	clear(p.groups)
	p.groups = p.groups[:0]
	g.spare = append(g.spare, p)
	return nil
}

// Snapshot implements stream.Stateful.
func (g *WindowAgg[In, K, A, Out]) Snapshot(s *state.Snapshot) error {
	g.panes.snapshot(s)
	for _, p := range g.panes.open {
		for i := range p.groups {
			gr := &p.groups[i]
			kg := state.Group(g.f.Hash(&gr.key))
			s.Groups[kg] = g.f.AppendEntry(val.EncodeInt(s.Groups[kg], gr.rows), &gr.key, &gr.acc)
		}
	}
	return nil
}

// Restore implements stream.Stateful.
func (g *WindowAgg[In, K, A, Out]) Restore(r *state.Restored) error {
	if err := g.panes.restore(r); err != nil {
		return err
	}
	return eachEntry(r, func(src []byte) ([]byte, error) {
		var gr group[K, A]
		src, err := val.DecodeInt(src, &gr.rows)
		if err != nil {
			return nil, err
		}
		if src, err = g.f.ReadEntry(src, &gr.key, &gr.acc); err != nil {
			return nil, err
		}
		g.panes.at(g.f.Last(&gr.key)).insert(gr)
		return src, nil
	})
}
