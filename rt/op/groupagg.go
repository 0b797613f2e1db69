// Package op holds the generic stateful operators, one per file. Generated
// code gives them typed functions for keys, accumulators and results.
package op

import (
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// GroupAggFuncs is what generated code knows of one aggregation: In is the
// input row, K the comparable group key, A the accumulators, Out the result.
type GroupAggFuncs[In any, K comparable, A, Out any] struct {
	// Key reads the group key; it may view the row.
	Key func(in *In) K
	// Hash is the stable hash of a key, the one that the exchange uses.
	Hash func(k *K) uint64
	// Keep clones what the key views, for a new group.
	Keep func(k *K)
	// Add takes a row into the accumulators, Retract takes it back. Retract is
	// nil when the input only inserts. An error fails the job.
	Add     func(a *A, in *In) error
	Retract func(a *A, in *In) error
	// Result writes the group's output row over a zero one. What it makes for it
	// lies in the arena.
	Result func(k *K, a *A, out *Out, arena *val.Arena)
	// Makes says that Result needs the arena, which is nil otherwise.
	Makes bool
	// Equal compares two output rows of one group.
	Equal func(x, y *Out) bool
	// AppendEntry and ReadEntry are the state form of a group.
	AppendEntry func(dst []byte, k *K, a *A) []byte
	ReadEntry   func(src []byte, k *K, a *A) ([]byte, error)
	// TTL is for how long a group is kept that no row comes for. With one, a
	// result that a row doesn't change is emitted, too, so that what is behind
	// knows that it is alive.
	TTL TTL
	// EmitBefore says that consumers want -U rows.
	EmitBefore bool
	// Coalesce emits once per key and batch, for consumers that update by key.
	Coalesce bool

	// Last is the last moment of the window that a group is, in milliseconds: only
	// for windows, whose groups need neither Equal nor what follows it but the
	// state forms.
	Last func(k *K) int64

	// The rest is only for batch mode.

	// Rows are the functions by which input rows are kept in files.
	Rows RowFuncs[In]
	// Bytes is what the accumulators keep outside of themselves, in bytes,
	// roughly; nil where that is nothing that grows.
	Bytes func(a *A) int
	// Global is set for an aggregation without keys, which yields a row also for
	// an empty input.
	Global bool
}

// group is the state of one key. A group without rows is no group, but its
// slot stays until the checkpoint or a new row.
type group[K comparable, A any] struct {
	key     K
	acc     A
	rows    int64 // rows in the group
	written int64 // when the last row came, where groups expire
	dirty   bool  // changed since the last emission (Coalesce)
	sent    bool  // a result is out (Coalesce)
}

// GroupAgg is the unbounded keyed aggregation. Without coalescing it emits, for
// each input row whose result changes, exactly what Flink emits without
// mini-batch: +I for a new group, -U and +U for a change, -D for a group that
// lost its last row.
type GroupAgg[In any, K comparable, A, Out any] struct {
	stream.Forward[Out]
	f      GroupAggFuncs[In, K, A, Out]
	index  map[K]int32
	groups []group[K, A]
	free   []int32
	dirty  []int32
	now    int64 // of the batch at hand
	swept  int   // the next group to look at whether it has expired
	pool   stream.Pool[Out]
	// What the functions get pointers to: variables would be allocated for each
	// row.
	key           K
	before, after Out
}

// NewGroupAgg makes the operator of one subtask.
func NewGroupAgg[In any, K comparable, A, Out any](_ *stream.Subtask, out stream.Consumer[Out], f GroupAggFuncs[In, K, A, Out]) *GroupAgg[In, K, A, Out] {
	return &GroupAgg[In, K, A, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, index: map[K]int32{}}
}

// Process implements stream.Consumer.
func (g *GroupAgg[In, K, A, Out]) Process(b *stream.Batch[In]) error {
	out := g.batch()
	g.now = g.f.TTL.now()
	g.sweep(sweeps * len(b.Rows))
	for i := range b.Rows {
		row := &b.Rows[i]
		kind := b.Kind(i)
		slot := g.lookup(row, kind.Adds())
		if slot < 0 {
			continue // a retraction of a group that is not there
		}
		var err error
		if g.f.Coalesce {
			err = g.touch(slot, row, kind.Adds())
		} else {
			err = g.update(slot, row, kind.Adds(), out)
		}
		if err != nil {
			return err
		}
	}
	if g.f.Coalesce {
		g.flush(out)
	}
	b.Release()
	return sendOn(g.Out, out)
}

// batch is an empty batch for results.
func (g *GroupAgg[In, K, A, Out]) batch() *stream.Batch[Out] {
	out := g.pool.Get()
	if g.f.Makes {
		out.Arena = val.NewArena()
	}
	return out
}

// lookup finds the group of a row, or makes it if the row adds.
func (g *GroupAgg[In, K, A, Out]) lookup(row *In, adds bool) int32 {
	k := g.f.Key(row)
	slot, ok := g.index[k]
	if ok && g.expired(slot) {
		g.remove(slot)
		ok = false
	}
	switch {
	case ok:
		return slot
	case !adds:
		return -1
	}
	g.key = k
	g.f.Keep(&g.key)
	return g.insert(g.key)
}

func (g *GroupAgg[In, K, A, Out]) insert(k K) int32 {
	var slot int32
	if n := len(g.free); n > 0 {
		slot, g.free = g.free[n-1], g.free[:n-1]
		g.groups[slot] = group[K, A]{key: k}
	} else {
		slot = int32(len(g.groups))
		g.groups = append(g.groups, group[K, A]{key: k})
	}
	g.index[k] = slot
	return slot
}

func (g *GroupAgg[In, K, A, Out]) remove(slot int32) {
	delete(g.index, g.groups[slot].key)
	g.groups[slot] = group[K, A]{}
	g.free = append(g.free, slot)
}

// expired reports whether a group is gone since no row has come for it.
func (g *GroupAgg[In, K, A, Out]) expired(slot int32) bool {
	gr := &g.groups[slot]
	return gr.rows > 0 && g.f.TTL.expired(gr.written, g.now)
}

// sweep looks at the next n groups and forgets those that have expired.
func (g *GroupAgg[In, K, A, Out]) sweep(n int) {
	if g.f.TTL == 0 {
		return
	}
	for range min(n, len(g.groups)) {
		g.swept = (g.swept + 1) % len(g.groups)
		if g.expired(int32(g.swept)) {
			g.remove(int32(g.swept))
		}
	}
}

func (g *GroupAgg[In, K, A, Out]) accumulate(gr *group[K, A], row *In, adds bool) error {
	gr.written = g.now
	if adds {
		gr.rows++
		return g.f.Add(&gr.acc, row)
	}
	gr.rows--
	return g.f.Retract(&gr.acc, row)
}

// touch accumulates and remembers the group for the next flush.
func (g *GroupAgg[In, K, A, Out]) touch(slot int32, row *In, adds bool) error {
	gr := &g.groups[slot]
	if !gr.dirty {
		gr.dirty = true
		g.dirty = append(g.dirty, slot)
	}
	return g.accumulate(gr, row, adds)
}

// flush emits each touched group once, as an upsert or a delete.
func (g *GroupAgg[In, K, A, Out]) flush(out *stream.Batch[Out]) {
	for _, slot := range g.dirty {
		gr := &g.groups[slot]
		gr.dirty = false
		switch {
		case gr.rows > 0 && gr.sent:
			g.f.Result(&gr.key, &gr.acc, out.AddKind(val.UpdateAfter), out.Arena)
		case gr.rows > 0:
			g.f.Result(&gr.key, &gr.acc, out.AddKind(val.Insert), out.Arena)
			gr.sent = true
		default:
			if gr.sent {
				g.f.Result(&gr.key, &gr.acc, out.AddKind(val.Delete), out.Arena)
			}
			g.remove(slot)
		}
	}
	g.dirty = g.dirty[:0]
}

// update accumulates one row and emits what it changes.
func (g *GroupAgg[In, K, A, Out]) update(slot int32, row *In, adds bool, out *stream.Batch[Out]) error {
	gr := &g.groups[slot]
	first := gr.rows == 0
	if !first {
		g.result(gr, &g.before, out.Arena)
	}
	if err := g.accumulate(gr, row, adds); err != nil {
		return err
	}
	switch {
	case first:
		g.f.Result(&gr.key, &gr.acc, out.AddKind(val.Insert), out.Arena)
	case gr.rows == 0:
		*out.AddKind(val.Delete) = g.before
		g.remove(slot)
	default:
		g.result(gr, &g.after, out.Arena)
		if g.f.TTL == 0 && g.f.Equal(&g.before, &g.after) {
			return nil
		}
		if g.f.EmitBefore {
			*out.AddKind(val.UpdateBefore) = g.before
		}
		*out.AddKind(val.UpdateAfter) = g.after
	}
	return nil
}

// result writes a group's row over another one.
func (g *GroupAgg[In, K, A, Out]) result(gr *group[K, A], to *Out, arena *val.Arena) {
	var zero Out
	*to = zero
	g.f.Result(&gr.key, &gr.acc, to, arena)
}

// Snapshot implements stream.Stateful.
func (g *GroupAgg[In, K, A, Out]) Snapshot(s *state.Snapshot) error {
	for i := range g.groups {
		gr := &g.groups[i]
		if gr.rows == 0 {
			continue
		}
		kg := state.Group(g.f.Hash(&gr.key))
		dst := val.EncodeInt(val.EncodeInt(s.Groups[kg], gr.rows), gr.written)
		s.Groups[kg] = g.f.AppendEntry(dst, &gr.key, &gr.acc)
	}
	return nil
}

// Restore implements stream.Stateful.
func (g *GroupAgg[In, K, A, Out]) Restore(r *state.Restored) error {
	return eachEntry(r, func(src []byte) ([]byte, error) {
		gr := group[K, A]{sent: true}
		src, err := decodeInts(src, &gr.rows, &gr.written)
		if err == nil {
			src, err = g.f.ReadEntry(src, &gr.key, &gr.acc)
		}
		if err != nil {
			return nil, err
		}
		slot := g.insert(gr.key)
		g.groups[slot] = gr
		return src, nil
	})
}
