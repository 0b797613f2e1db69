package op

import (
	"unsafe"

	"pyfc/rt/spill"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// FinalAgg is the aggregation of batch mode: results go out when the input
// ends. Groups that don't fit into the budget of memory go into files, and what
// comes for them follows there: see spilledGroups.
type FinalAgg[In any, K comparable, A, Out any] struct {
	stream.Forward[Out]
	f       GroupAggFuncs[In, K, A, Out]
	sub     *stream.Subtask
	memory  *spill.Account
	index   keyIndex
	groups  []finalGroup[K, A]
	spilled spilledGroups[In, K, A, Out]
	emitted int // groups at hand that are out, at the end
	pool    stream.Pool[Out]
	key     K // what functions get a pointer to: a variable would be allocated for each row
}

// finalGroup is the state of one key.
type finalGroup[K comparable, A any] struct {
	key K
	acc A
}

// NewFinalAgg makes the operator of one subtask.
func NewFinalAgg[In any, K comparable, A, Out any](sub *stream.Subtask, out stream.Consumer[Out], f GroupAggFuncs[In, K, A, Out]) *FinalAgg[In, K, A, Out] {
	g := &FinalAgg[In, K, A, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub, memory: sub.Memory.Open()}
	g.spilled.agg = g
	g.clear()
	return g
}

// clear forgets the groups at hand.
func (g *FinalAgg[In, K, A, Out]) clear() {
	g.index = keyIndex{}
	g.groups = nil
	g.emitted = 0
	g.memory.Clear()
}

// Process implements stream.Consumer.
func (g *FinalAgg[In, K, A, Out]) Process(b *stream.Batch[In]) error {
	for i := range b.Rows {
		if err := g.take(&b.Rows[i]); err != nil {
			return err
		}
	}
	b.Release()
	return nil
}

// take adds a row to its group, or to the file that this is in.
func (g *FinalAgg[In, K, A, Out]) take(row *In) error {
	g.key = g.f.Key(row)
	if g.spilled.parts > 0 {
		if part := g.spilled.partOf(&g.key); g.spilled.files[part] != nil {
			return g.spilled.row(part, row)
		}
	}
	hash := g.f.Hash(&g.key)
	slot := g.find(hash)
	if slot < 0 {
		part := g.spilled.partOf(&g.key)
		fits, err := g.spilled.room(part, g.groupBytes()+int64(g.f.Rows.Viewed(row)), 0)
		if err != nil {
			return err
		}
		if !fits {
			return g.spilled.row(part, row)
		}
		g.f.Keep(&g.key)
		slot = g.insert(hash, finalGroup[K, A]{key: g.key})
	}
	if g.f.Bytes != nil {
		return g.grow(&g.groups[slot], row)
	}
	return g.f.Add(&g.groups[slot].acc, row)
}

// groupBytes is what a group takes besides what it views, roughly.
func (g *FinalAgg[In, K, A, Out]) groupBytes() int64 {
	return int64(unsafe.Sizeof(g.groups[0])) + int64(unsafe.Sizeof(g.key)) + indexBytes
}

// find is the slot of the key at hand, or -1.
func (g *FinalAgg[In, K, A, Out]) find(hash uint64) int32 {
	if g.index.n == 0 {
		return -1
	}
	for place := g.index.first(hash); ; place = g.index.after(place) {
		slot, end := g.index.at(place, hash)
		if end || slot >= 0 && g.groups[slot].key == g.key {
			return slot
		}
	}
}

func (g *FinalAgg[In, K, A, Out]) insert(hash uint64, gr finalGroup[K, A]) int32 {
	slot := int32(len(g.groups))
	g.groups = append(g.groups, gr)
	g.index.add(hash, slot)
	return slot
}

// reindex finds the groups at hand anew, when some have gone.
func (g *FinalAgg[In, K, A, Out]) reindex() {
	g.index = keyIndex{}
	for slot := range g.groups {
		g.index.add(g.f.Hash(&g.groups[slot].key), int32(slot))
	}
}

// grow adds a row to a group whose accumulators keep values, and pays for what
// they have more then.
func (g *FinalAgg[In, K, A, Out]) grow(gr *finalGroup[K, A], row *In) error {
	before := g.f.Bytes(&gr.acc)
	if err := g.f.Add(&gr.acc, row); err != nil {
		return err
	}
	more := g.f.Bytes(&gr.acc) - before
	if more <= 0 {
		return nil
	}
	_, err := g.spilled.room(g.spilled.partOf(&gr.key), int64(more)+int64(g.f.Rows.Viewed(row)), 1)
	return err
}

// Control implements stream.Consumer: at the end the results go out.
func (g *FinalAgg[In, K, A, Out]) Control(c stream.Control) error {
	if c.Kind != stream.End {
		return g.Out.Control(c)
	}
	if g.f.Global && len(g.groups) == 0 && g.spilled.parts == 0 && g.owns(new(K)) {
		g.insert(g.f.Hash(new(K)), finalGroup[K, A]{})
	}
	return AtEnd(g.sub, g.Out, c, g.piece)
}

// owns reports whether rows of the key come to this subtask.
func (g *FinalAgg[In, K, A, Out]) owns(k *K) bool {
	return state.Owner(state.Group(g.f.Hash(k)), g.sub.Parallelism) == g.sub.Index
}

// piece does a part of the work and reports whether there is more.
func (g *FinalAgg[In, K, A, Out]) piece() (more bool, err error) {
	if g.spilled.reader != nil {
		return true, g.spilled.read()
	}
	if g.emitted < len(g.groups) {
		return true, g.emit()
	}
	g.clear()
	return g.spilled.next()
}

// emit passes a batch of results on.
func (g *FinalAgg[In, K, A, Out]) emit() error {
	out := g.pool.Get()
	if g.f.Makes {
		out.Arena = val.NewArena()
	}
	for g.emitted < len(g.groups) && len(out.Rows) < g.sub.BatchSize {
		gr := &g.groups[g.emitted]
		g.f.Result(&gr.key, &gr.acc, out.Add(), out.Arena)
		g.emitted++
	}
	return g.Out.Process(out)
}

// Close implements stream.Closer. The files are removed with the budget.
func (g *FinalAgg[In, K, A, Out]) Close() error {
	g.memory.Close()
	return nil
}
