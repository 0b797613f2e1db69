package udfbridge

import (
	"fmt"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/op"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
	"pyfc/udfbridge/udfpb"
)

// AggFuncs is what generated code knows of an aggregation by Python functions.
// A are the accumulators of the built-in functions beside them.
type AggFuncs[In any, K comparable, A, Out any] struct {
	// GroupAggFuncs are those of the built-in functions, without Add and Retract.
	op.GroupAggFuncs[In, K, A, Out]
	// Take takes a row into the accumulators, or back, and sets which Python calls
	// take it, too: those whose FILTER and DISTINCT let it in. These are false
	// before.
	Take func(a *A, in *In, adds bool, takes []bool) error
	// Args appends the argument columns of a row, from the third on.
	Args func(in *In, takes []bool, a *Args)
	// Values sets the results of the Python functions, row i of the answer, in an
	// output row.
	Values func(r *Results, i int, out *Out)
	// Table says that the function is a table aggregate function: the output rows
	// of a group, which are deleted and inserted anew when it changes.
	Table bool
}

// The columns in front of those of arguments and results.
const (
	groupColumn = 0 // INT: which group of the request
	flagColumn  = 1 // BOOLEAN: of a request, the row is taken back; of an answer, it is from before
)

var ownColumns = []types.Type{{Kind: types.Int}, {Kind: types.Boolean}}

// aggGroup is the state of one key. A group without rows is none.
type aggGroup[K comparable, A any] struct {
	key     K
	acc     A
	python  []byte // the accumulators of the Python functions; nil for a new group
	rows    int64
	written int64 // when the last row came, where groups expire
	place   int   // one more than its place in the bundle; 0 outside
}

// Agg is the keyed aggregation by Python functions. As in PyFlink 1.20.1 rows are
// collected to a bundle, and a group gives out once for each what has changed.
// A bundle ends by its number of rows or after a time, at a checkpoint, and at
// the end. What the functions have of a group is kept here, as bytes: the worker
// has it only while it works on a bundle, so that another one can do it again.
type Agg[In any, K comparable, A, Out any] struct {
	stream.Forward[Out]
	asker
	f AggFuncs[In, K, A, Out]

	groups map[K]*aggGroup[K, A]
	now    int64 // of the batch at hand

	takes   []bool
	rows    int               // of the bundle
	members []*aggGroup[K, A] // its groups, in the order of their first rows
	befores []Out             // what they had before, without the results of Python functions
	bundle  int               // its number
	arena   *val.Arena        // of its output
	held    *stream.Control   // a watermark behind it
	timer   *time.Timer       // for its end
	batches stream.Pool[Out]
	after   Out // functions get a pointer to it: a variable would be allocated for each row
}

// NewAgg makes the operator of one subtask. The first two columns of spec are
// the operator's own, INT and BOOLEAN.
func NewAgg[In any, K comparable, A, Out any](sub *stream.Subtask, pool *Pool, spec *Spec, out stream.Consumer[Out], f AggFuncs[In, K, A, Out]) (*Agg[In, K, A, Out], error) {
	k, err := newAsker(sub, pool, spec)
	if err != nil {
		return nil, err
	}
	return &Agg[In, K, A, Out]{
		Forward: stream.Forward[Out]{Out: out}, asker: k, f: f,
		groups: map[K]*aggGroup[K, A]{}, takes: make([]bool, len(spec.Results)),
	}, nil
}

// Close closes the functions and ends the worker.
func (g *Agg[In, K, A, Out]) Close() error {
	g.stopTimer()
	return g.asker.Close()
}

// Process implements stream.Consumer.
func (g *Agg[In, K, A, Out]) Process(b *stream.Batch[In]) error {
	if g.f.TTL > 0 {
		g.now = val.Now().UnixMilli()
		g.sweep(2 * len(b.Rows))
	}
	for i := range b.Rows {
		if err := g.collect(&b.Rows[i], b.Kind(i).Adds()); err != nil {
			return err
		}
	}
	b.Release()
	return nil
}

// collect makes a row part of the bundle.
func (g *Agg[In, K, A, Out]) collect(row *In, adds bool) error {
	gr := g.group(row, adds)
	if gr == nil {
		return nil // a retraction of a group that is not there
	}
	if g.rows == 0 {
		g.begun()
	}
	if gr.place == 0 {
		g.join(gr)
	}
	gr.written = g.now
	gr.rows--
	if adds {
		gr.rows += 2
	}
	clear(g.takes)
	if err := g.f.Take(&gr.acc, row, adds, g.takes); err != nil {
		return err
	}
	g.args.Int32(groupColumn).Append(int32(gr.place - 1))
	g.args.Bool(flagColumn).Append(!adds)
	g.f.Args(row, g.takes, g.args)
	g.rows++
	if g.rows >= g.pool.cfg.BundleSize {
		return g.flush()
	}
	return nil
}

// begun prepares a bundle and its end.
func (g *Agg[In, K, A, Out]) begun() {
	g.bundle++
	g.arena = val.NewArena()
	bundle := g.bundle
	g.timer = time.AfterFunc(time.Duration(g.pool.cfg.BundleTime)*time.Millisecond, func() {
		g.sub.Post(func() error {
			if bundle != g.bundle {
				return nil // it has ended meanwhile
			}
			return g.flush()
		})
	})
}

func (g *Agg[In, K, A, Out]) stopTimer() {
	if g.timer != nil {
		g.timer.Stop()
	}
}

// group finds the group of a row, or makes it if the row adds.
func (g *Agg[In, K, A, Out]) group(row *In, adds bool) *aggGroup[K, A] {
	k := g.f.Key(row)
	gr := g.groups[k]
	if gr != nil && g.expired(gr) {
		delete(g.groups, gr.key)
		gr = nil
	}
	if gr == nil && adds {
		gr = &aggGroup[K, A]{key: k}
		g.f.Keep(&gr.key)
		g.groups[gr.key] = gr
	}
	return gr
}

// expired reports whether a group is gone since no row has come for it.
func (g *Agg[In, K, A, Out]) expired(gr *aggGroup[K, A]) bool {
	return g.f.TTL > 0 && gr.place == 0 && gr.written+int64(g.f.TTL) <= g.now
}

// sweep looks at some groups and forgets those that have expired.
func (g *Agg[In, K, A, Out]) sweep(n int) {
	for k, gr := range g.groups {
		if n--; n < 0 {
			return
		}
		if g.expired(gr) {
			delete(g.groups, k)
		}
	}
}

// join makes a group part of the bundle.
func (g *Agg[In, K, A, Out]) join(gr *aggGroup[K, A]) {
	var before Out
	if gr.python != nil {
		g.f.Result(&gr.key, &gr.acc, &before, g.arena)
	}
	g.members = append(g.members, gr)
	g.befores = append(g.befores, before)
	gr.place = len(g.members)
}

// flush ends the bundle: the worker is asked, and what has changed given out.
func (g *Agg[In, K, A, Out]) flush() error {
	if g.rows == 0 {
		return nil
	}
	g.stopTimer()
	message, err := g.args.message(g.rows)
	if err != nil {
		return err
	}
	request := &udfpb.CallRequest{Batch: message, Groups: make([][]byte, len(g.members))}
	for i, gr := range g.members {
		request.Groups[i] = gr.python
	}
	a, err := g.ask(request, g.rows)
	if err != nil {
		return err
	}
	out := g.batches.Get()
	out.Arena = g.arena
	a.results.adopt(out.Arena, 0, a.results.rows)
	row := 0
	for i, gr := range g.members {
		row = g.emit(gr, &g.befores[i], a.results, row, i, out)
		gr.place, gr.python = 0, a.response.Groups[i]
		if gr.rows == 0 {
			delete(g.groups, gr.key)
		}
	}
	g.bundle++
	g.rows, g.members, g.befores, g.arena = 0, g.members[:0], g.befores[:0], nil
	if err := g.give(out); err != nil {
		return err
	}
	if held := g.held; held != nil {
		g.held = nil
		return g.Out.Control(*held)
	}
	return nil
}

func (g *Agg[In, K, A, Out]) give(out *stream.Batch[Out]) error {
	if len(out.Rows) == 0 {
		out.Release()
		return nil
	}
	return g.Out.Process(out)
}

// emit gives out what has changed for a group, whose results begin at a row of
// the answer, and returns where those of the next one do.
func (g *Agg[In, K, A, Out]) emit(gr *aggGroup[K, A], before *Out, r *Results, row, place int, out *stream.Batch[Out]) int {
	if g.f.Table {
		return g.emitRows(gr, before, r, row, place, out)
	}
	fresh := gr.python == nil
	if !fresh {
		g.f.Values(r, row, before)
		row++
	}
	var zero Out
	g.after = zero
	g.f.Result(&gr.key, &gr.acc, &g.after, out.Arena)
	g.f.Values(r, row, &g.after)
	switch {
	case gr.rows == 0 && !fresh:
		*out.AddKind(val.Delete) = *before
	case gr.rows == 0 || !fresh && g.f.Equal(before, &g.after):
	case fresh:
		*out.AddKind(val.Insert) = g.after
	default:
		if g.f.EmitBefore {
			*out.AddKind(val.UpdateBefore) = *before
		}
		*out.AddKind(val.UpdateAfter) = g.after
	}
	return row + 1
}

// emitRows deletes the rows that a group had, and inserts those that it has.
func (g *Agg[In, K, A, Out]) emitRows(gr *aggGroup[K, A], before *Out, r *Results, row, place int, out *stream.Batch[Out]) int {
	g.f.Result(&gr.key, &gr.acc, before, out.Arena)
	for ; row < r.rows && int(r.Int32(groupColumn, row)) == place; row++ {
		kind := val.Insert
		if r.Bool(flagColumn, row) {
			kind = val.Delete
		} else if gr.rows == 0 {
			continue
		}
		o := out.AddKind(kind)
		*o = *before
		g.f.Values(r, row, o)
	}
	return row
}

// Control implements stream.Consumer. A watermark waits for the bundle in front
// of it; a barrier comes behind the snapshot, which has ended it.
func (g *Agg[In, K, A, Out]) Control(c stream.Control) error {
	if c.Kind == stream.Watermark && g.rows > 0 {
		g.held = &c
		return nil
	}
	if err := g.flush(); err != nil {
		return err
	}
	return g.Out.Control(c)
}

// Snapshot implements stream.Stateful.
func (g *Agg[In, K, A, Out]) Snapshot(s *state.Snapshot) error {
	if err := g.flush(); err != nil {
		return err
	}
	for _, gr := range g.groups {
		kg := state.Group(g.f.Hash(&gr.key))
		dst := val.EncodeInt(val.EncodeInt(s.Groups[kg], gr.rows), gr.written)
		dst = g.f.AppendEntry(dst, &gr.key, &gr.acc)
		s.Groups[kg] = val.EncodeText(dst, string(gr.python))
	}
	return nil
}

// Restore implements stream.Stateful.
func (g *Agg[In, K, A, Out]) Restore(r *state.Restored) error {
	for kg, parts := range r.Groups {
		for _, src := range parts {
			if err := g.readGroups(src); err != nil {
				return fmt.Errorf("key group %d: %w", kg, err)
			}
		}
	}
	return nil
}

func (g *Agg[In, K, A, Out]) readGroups(src []byte) error {
	for len(src) > 0 {
		gr := &aggGroup[K, A]{}
		var err error
		if src, err = val.DecodeInt(src, &gr.rows); err == nil {
			src, err = val.DecodeInt(src, &gr.written)
		}
		if err == nil {
			src, err = g.f.ReadEntry(src, &gr.key, &gr.acc)
		}
		var python string
		if err == nil {
			src, err = val.DecodeText(src, &python)
		}
		if err != nil {
			return err
		}
		gr.python = []byte(python)
		g.groups[gr.key] = gr
	}
	return nil
}
