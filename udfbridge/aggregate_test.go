package udfbridge

import (
	"fmt"
	"hash/fnv"
	"slices"
	"testing"

	"pyfc/internal/expect"
	"pyfc/ir/types"
	"pyfc/rt/op"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// sumSource adds numbers up in its accumulators; what the worker itself keeps
// isn't in them. A group that is named so ends the worker once.
const sumSource = `
import os, signal
from pyflink.table import AggregateFunction, MapView

class Sum(AggregateFunction):
    def create_accumulator(self):
        return [0, MapView()]
    def accumulate(self, acc, s, n):
        if s == "dies" and not os.path.exists(%q):
            open(%q, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        if s == "fails":
            raise ValueError("no sum of " + s)
        acc[0] += n
        acc[1][n] = acc[1].get(n) + 1 if n in acc[1] else 1
    def retract(self, acc, s, n):
        acc[0] -= n
        acc[1][n] -= 1
    def get_value(self, acc):
        return "%%d of %%d" %% (acc[0], len([n for n in acc[1].values() if n]))

f = Sum()
`

// aggregate is a running aggregation of pairs by their text.
type aggregate struct {
	*task
	op  *Agg[pair, string, struct{}, pair]
	out *collector[pair]
}

func newAggregate(tb testing.TB, restore *state.Restored, settings ...string) *aggregate {
	tb.Helper()
	marker := tb.TempDir() + "/died"
	spec := pairSpec(fmt.Sprintf(sumSource, marker, marker), types.String())
	spec.Grouping = Aggregates
	spec.Columns = append([]types.Type{types.Of(types.Int), types.Of(types.Boolean)}, spec.Columns...)
	spec.Results[0].Call.Args = []Arg{Column(2), Column(3)}
	a := &aggregate{task: newTask(tb), out: &collector[pair]{keep: keepPair}}
	pool := NewPool(config(tb, settings...), "", a.sub.Log)
	var err error
	a.op, err = NewAgg(a.sub, pool, spec, a.out, AggFuncs[pair, string, struct{}, pair]{
		GroupAggFuncs: op.GroupAggFuncs[pair, string, struct{}, pair]{
			Key:         func(in *pair) string { return in.s },
			Hash:        func(k *string) uint64 { h := fnv.New64a(); h.Write([]byte(*k)); return h.Sum64() },
			Keep:        func(k *string) { *k = val.Keep(*k) },
			Result:      func(k *string, _ *struct{}, o *pair, _ *val.Arena) { o.s = *k },
			Equal:       func(x, y *pair) bool { return *x == *y },
			AppendEntry: func(dst []byte, k *string, _ *struct{}) []byte { return val.EncodeText(dst, *k) },
			ReadEntry:   func(src []byte, k *string, _ *struct{}) ([]byte, error) { return val.DecodeText(src, k) },
			EmitBefore:  true,
		},
		Take: func(_ *struct{}, _ *pair, _ bool, takes []bool) error { takes[0] = true; return nil },
		Args: func(in *pair, _ []bool, args *Args) {
			args.String(2).Append(in.s)
			args.Int64(3).Append(in.n)
		},
		Values: func(r *Results, i int, o *pair) { o.out = r.String(2, i) },
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { a.op.Close() })
	if restore != nil {
		if err := a.op.Restore(restore); err != nil {
			tb.Fatal(err)
		}
	}
	if err := a.op.Open(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return a
}

// process takes rows in: a number for the group, taken back where it is below 0.
func (a *aggregate) process(rows ...any) error {
	var pool stream.Pool[pair]
	b := pool.Get()
	for i := 0; i < len(rows); i += 2 {
		kind, n := val.Insert, int64(rows[i+1].(int))
		if n < 0 {
			kind, n = val.Delete, -n
		}
		r := b.AddKind(kind)
		r.s, r.n = rows[i].(string), n
	}
	return a.op.Process(b)
}

// changes are what has come out since the last call.
func (a *aggregate) changes() []string {
	var out []string
	for i, r := range a.out.rows {
		out = append(out, fmt.Sprintf("%s %s %s", a.out.kinds[i], r.s, r.out))
	}
	a.out.rows, a.out.kinds = nil, nil
	return out
}

func (a *aggregate) must(err error) {
	a.tb.Helper()
	if err != nil {
		a.tb.Fatalf("%v\nlog:\n%s", err, a.log)
	}
}

// TestAggregateBundles: a group gives out what has changed once for a bundle,
// nothing where that is nothing, and goes with its last row.
func TestAggregateBundles(t *testing.T) {
	a := newAggregate(t, nil, "python.fn-execution.bundle.size", "3")
	a.must(a.process("a", 1, "b", 2, "gone", -1))
	if got := a.changes(); got != nil {
		t.Errorf("a bundle of two gave out %q", got)
	}
	a.must(a.op.Control(stream.Control{Kind: stream.Watermark, Time: 7}))
	expect.List(t, a.out.controls)
	a.must(a.process("a", 3, "a", 5, "a", -5, "b", -2))
	expect.List(t, a.changes(), "+I a 4 of 2", "+I b 2 of 1", "-D b 2 of 1")
	expect.List(t, a.out.controls, fmt.Sprintf("%d@2", stream.Watermark))
	a.must(a.process("a", 1, "a", -3, "a", 2))
	expect.List(t, a.changes())
	a.must(a.process("c", 1))
	a.must(a.op.Control(stream.Control{Kind: stream.End}))
	expect.List(t, a.changes(), "+I c 1 of 1")
}

// TestAggregateTime: a bundle ends after a time, too.
func TestAggregateTime(t *testing.T) {
	a := newAggregate(t, nil, "python.fn-execution.bundle.time", "20")
	a.must(a.process("a", 1))
	a.must(a.until(func() bool { return len(a.out.rows) > 0 }))
	expect.List(t, a.changes(), "+I a 1 of 1")
}

// TestAggregateState: a checkpoint ends the bundle, and other subtasks go on with
// its groups.
func TestAggregateState(t *testing.T) {
	first := newAggregate(t, nil)
	first.must(first.process("a", 1, "b", 2, "c", 3, "a", 4))
	var snap state.Snapshot
	first.must(first.op.Snapshot(&snap))
	expect.List(t, first.changes(), "+I a 5 of 2", "+I b 2 of 1", "+I c 3 of 1")

	var got []string
	for i := range 2 {
		r := &state.Restored{Groups: map[int][][]byte{}}
		for kg, entries := range snap.Groups {
			if state.Owner(kg, 2) == i && entries != nil {
				r.Groups[kg] = [][]byte{entries}
			}
		}
		a := newAggregate(t, r)
		for k := range a.op.groups {
			a.must(a.process(k, 10))
		}
		a.must(a.op.Control(stream.Control{Kind: stream.End}))
		got = append(got, a.changes()...)
	}
	slices.Sort(got)
	expect.List(t, got, "+U a 15 of 3", "+U b 12 of 2", "+U c 13 of 2", "-U a 5 of 2", "-U b 2 of 1", "-U c 3 of 1")
}

// TestAggregateDeath: a worker that dies within a bundle is replaced, and the
// bundle done again from what was before it.
func TestAggregateDeath(t *testing.T) {
	a := newAggregate(t, nil, "python.fn-execution.bundle.size", "2")
	a.must(a.process("a", 1, "a", 2))
	a.must(a.process("a", 4, "dies", 1))
	expect.List(t, a.changes(), "+I a 3 of 2", "-U a 3 of 2", "+U a 7 of 3", "+I dies 1 of 1")
	expect.Contains(t, a.log.String(), "Python worker died; starting another one", "replayed_rows=2")
}

func TestAggregateFailure(t *testing.T) {
	a := newAggregate(t, nil, "python.fn-execution.bundle.size", "2")
	err := a.process("a", 1, "fails", 2)
	if err == nil {
		t.Fatal("no error")
	}
	expect.Contains(t, err.Error(), "f", "ValueError: no sum of fails", "('fails', 2)", `line 13, in accumulate`)
}
