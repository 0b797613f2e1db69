package stream

import (
	"pyfc/rt/state"
	"pyfc/rt/val"
)

// fanOut gives every batch to several consumers.
type fanOut[R any] []Consumer[R]

func (f fanOut[R]) Process(b *Batch[R]) error {
	for range len(f) - 1 {
		b.Retain()
	}
	for _, c := range f {
		if err := c.Process(b); err != nil {
			return err
		}
	}
	return nil
}

func (f fanOut[R]) Control(c Control) error {
	for _, to := range f {
		if err := to.Control(c); err != nil {
			return err
		}
	}
	return nil
}

func (f fanOut[R]) Ready() bool {
	for _, c := range f {
		if !c.Ready() {
			return false
		}
	}
	return true
}

// writers is the producing end of an exchange in one task: its lanes into all
// ports.
type writers[R any] struct {
	task  *task
	lanes []*lane[R] // by receiving subtask
}

// Control sends the element to every receiver.
func (w *writers[R]) Control(c Control) error {
	for _, l := range w.lanes {
		l.push(element[R]{control: c})
	}
	if c.Kind == End {
		w.task.leafEnded()
	}
	return nil
}

// Ready reports whether all receivers have room: a batch may hold rows for any
// of them.
func (w *writers[R]) Ready() bool {
	for _, l := range w.lanes {
		if !l.room() {
			return false
		}
	}
	return true
}

// keyed sends each row to the owner of its key group.
type keyed[R any] struct {
	writers[R]
	hash  func(*R) uint64
	owner [state.KeyGroups]uint8
	parts []*Batch[R] // by receiver; nil where the batch at hand has no row
	pool  Pool[R]
}

func newKeyed[R any](t *task, lanes []*lane[R], hash func(*R) uint64) *keyed[R] {
	k := &keyed[R]{writers: writers[R]{t, lanes}, hash: hash, parts: make([]*Batch[R], len(lanes))}
	for g := range k.owner {
		k.owner[g] = uint8(state.Owner(g, len(lanes)))
	}
	return k
}

func (k *keyed[R]) Process(b *Batch[R]) error {
	if len(k.lanes) == 1 {
		k.lanes[0].push(element[R]{batch: b})
		return nil
	}
	for i := range b.Rows {
		row := &b.Rows[i]
		part := k.part(k.owner[state.Group(k.hash(row))], b)
		if len(b.Kinds) > 0 {
			*part.AddKind(b.Kinds[i]) = *row
		} else {
			*part.Add() = *row
		}
	}
	for i, part := range k.parts {
		if part != nil {
			k.lanes[i].push(element[R]{batch: part})
			k.parts[i] = nil
		}
	}
	b.Release()
	return nil
}

// part returns the batch that collects a receiver's rows of b.
func (k *keyed[R]) part(to uint8, b *Batch[R]) *Batch[R] {
	if k.parts[to] == nil {
		k.parts[to] = k.pool.Get()
		k.parts[to].Arena = b.ShareArena()
	}
	return k.parts[to]
}

// rebalance sends whole batches to the receivers in turn.
type rebalance[R any] struct {
	writers[R]
	next int
}

func (r *rebalance[R]) Process(b *Batch[R]) error {
	r.lanes[r.next].push(element[R]{batch: b})
	r.next = (r.next + 1) % len(r.lanes)
	return nil
}

// mapper is the operator behind Map.
type mapper[In, Out any] struct {
	Forward[Out]
	fn       func(in *Batch[In], out *Batch[Out]) error
	pool     Pool[Out]
	progress *val.Progress
}

// Control implements Consumer.
func (m *mapper[In, Out]) Control(c Control) error {
	if c.Kind == Watermark {
		m.progress.Mark = c.Time
	}
	return m.Forward.Control(c)
}

func (m *mapper[In, Out]) Process(in *Batch[In]) error {
	out := m.pool.Get()
	out.Arena = in.TakeArena()
	err := m.fn(in, out)
	in.Release()
	if err != nil || len(out.Rows) == 0 {
		out.Release()
		return err
	}
	return m.Out.Process(out)
}
