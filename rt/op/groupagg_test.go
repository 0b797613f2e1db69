package op_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pyfc/rt/agg"
	"pyfc/rt/op"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// sale is the input of the tests' aggregation: SELECT city, COUNT(*), SUM(cents)
// GROUP BY city.
type sale struct {
	city  string
	cents int64
}

type sums struct {
	rows  agg.Count
	cents agg.SumInt[int64]
}

type total struct {
	city        string
	rows, cents int64
}

func hashCity(city *string) uint64 { return val.HashText(val.HashSeed, *city) }

// perCity is what generated code would say.
func perCity() op.GroupAggFuncs[sale, string, sums, total] {
	return op.GroupAggFuncs[sale, string, sums, total]{
		Key:     func(s *sale) string { return s.city },
		Hash:    hashCity,
		Keep:    func(city *string) { *city = val.Keep(*city) },
		Add:     func(a *sums, s *sale) error { a.rows.Add(); a.cents.Add(s.cents); return nil },
		Retract: func(a *sums, s *sale) error { a.rows.Retract(); a.cents.Retract(s.cents); return nil },
		Result: func(city *string, a *sums, t *total, _ *val.Arena) {
			t.city = *city
			t.rows, _ = a.rows.Value()
			t.cents, _ = a.cents.Value()
		},
		Equal: func(x, y *total) bool { return *x == *y },
		AppendEntry: func(dst []byte, city *string, a *sums) []byte {
			return a.cents.AppendState(a.rows.AppendState(val.EncodeText(dst, *city)))
		},
		ReadEntry: func(src []byte, city *string, a *sums) ([]byte, error) {
			src, err := val.DecodeText(src, city)
			if err == nil {
				src, err = a.rows.ReadState(src)
			}
			if err == nil {
				src, err = a.cents.ReadState(src)
			}
			return src, err
		},
		EmitBefore: true,
	}
}

// collector takes what an operator emits, one text a row.
type collector struct {
	changes []string
	batches int
	ended   bool
}

func (c *collector) Process(b *stream.Batch[total]) error {
	c.batches++
	for i, r := range b.Rows {
		c.changes = append(c.changes, fmt.Sprintf("%s(%s,%d,%d)", b.Kind(i), r.city, r.rows, r.cents))
	}
	b.Release()
	return nil
}

func (c *collector) Control(e stream.Control) error {
	c.ended = c.ended || e.Kind == stream.End
	return nil
}

func (c *collector) Ready() bool { return true }

// take returns what has come since the last call.
func (c *collector) take() string {
	out := strings.Join(c.changes, " ")
	c.changes = nil
	return out
}

type aggregation = op.GroupAgg[sale, string, sums, total]

func newAggregation(f op.GroupAggFuncs[sale, string, sums, total], index, parallelism int) (*aggregation, *collector) {
	c := &collector{}
	sub := &stream.Subtask{UID: "aggregate1", Index: index, Parallelism: parallelism, BatchSize: 2}
	return op.NewGroupAgg(sub, stream.Consumer[total](c), f), c
}

// change is an input row.
type change struct {
	kind val.RowKind
	sale
}

func ins(city string, cents int64) change    { return change{val.Insert, sale{city, cents}} }
func before(city string, cents int64) change { return change{val.UpdateBefore, sale{city, cents}} }
func after(city string, cents int64) change  { return change{val.UpdateAfter, sale{city, cents}} }
func del(city string, cents int64) change    { return change{val.Delete, sale{city, cents}} }

// give sends one batch whose texts are views into an arena, which the operator
// releases.
func give(t testing.TB, g stream.Consumer[sale], rows ...change) {
	t.Helper()
	var pool stream.Pool[sale]
	b := pool.Get()
	b.Arena = val.NewArena()
	for _, r := range rows {
		*b.AddKind(r.kind) = sale{b.Arena.Concat(r.city), r.cents}
	}
	if err := g.Process(b); err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, c *collector, want string) {
	t.Helper()
	if got := c.take(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestEachChangeIsShown(t *testing.T) {
	g, out := newAggregation(perCity(), 0, 1)
	give(t, g, ins("a", 5), ins("b", 1), ins("a", 2))
	expect(t, out, "+I(a,1,5) +I(b,1,1) -U(a,1,5) +U(a,2,7)")
	give(t, g, ins("a", 0))
	expect(t, out, "-U(a,2,7) +U(a,3,7)")
}

func TestWithoutUpdateBefore(t *testing.T) {
	f := perCity()
	f.EmitBefore = false
	g, out := newAggregation(f, 0, 1)
	give(t, g, ins("a", 5), ins("a", 2))
	expect(t, out, "+I(a,1,5) +U(a,2,7)")
}

func TestAnUnchangedResultIsSilent(t *testing.T) {
	f := perCity()
	f.Result = func(city *string, a *sums, t *total, _ *val.Arena) {
		t.city = *city
		t.cents, _ = a.cents.Value()
	}
	g, out := newAggregation(f, 0, 1)
	give(t, g, ins("a", 0), ins("a", 0), ins("a", 3), ins("a", 0))
	expect(t, out, "+I(a,0,0) -U(a,0,0) +U(a,0,3)")
	if out.batches != 1 {
		t.Errorf("%d batches", out.batches)
	}
	give(t, g, ins("a", 0))
	if out.batches != 1 {
		t.Error("a batch without rows went on")
	}
}

// An update from below retracts first: a group whose only row it was is gone
// and comes again.
func TestAGroupThatEmpties(t *testing.T) {
	g, out := newAggregation(perCity(), 0, 1)
	give(t, g, ins("a", 5), before("a", 5), after("a", 6))
	expect(t, out, "+I(a,1,5) -D(a,1,5) +I(a,1,6)")
	give(t, g, after("b", 1), del("a", 6), after("c", 2), before("b", 1), after("b", 4))
	expect(t, out, "+I(b,1,1) -D(a,1,6) +I(c,1,2) -D(b,1,1) +I(b,1,4)")
	give(t, g, before("nobody", 1), del("a", 6))
	expect(t, out, "")
}

func TestCoalescedUpdates(t *testing.T) {
	f := perCity()
	f.EmitBefore, f.Coalesce = false, true
	g, out := newAggregation(f, 0, 1)
	give(t, g, ins("a", 5), ins("b", 1), ins("a", 2), ins("a", 3))
	expect(t, out, "+I(a,3,10) +I(b,1,1)")
	give(t, g, ins("b", 1), ins("c", 1), del("c", 1))
	expect(t, out, "+U(b,2,2)")
	give(t, g, del("b", 1), del("b", 1), ins("d", 1))
	expect(t, out, "-D(b,0,0) +I(d,1,1)")
	give(t, g, del("d", 1), ins("d", 7), ins("b", 9))
	expect(t, out, "+U(d,1,7) +I(b,1,9)")
}

// restored cuts a snapshot of one subtask into those of several.
func restored(s *state.Snapshot, index, parallelism int) *state.Restored {
	r := &state.Restored{Groups: map[int][][]byte{}}
	for kg, data := range s.Groups {
		if data != nil && state.Owner(kg, parallelism) == index {
			r.Groups[kg] = [][]byte{data}
		}
	}
	return r
}

func TestRestoreAtAnotherParallelism(t *testing.T) {
	const cities, parallelism = 200, 3
	f := perCity()
	f.EmitBefore, f.Coalesce = false, true
	g, _ := newAggregation(f, 0, 1)
	name := func(i int) string { return fmt.Sprintf("city %d", i) }
	for i := range cities {
		give(t, g, ins(name(i), int64(i)), ins(name(i), 1))
	}
	give(t, g, del(name(7), 7), del(name(7), 1)) // empty groups aren't kept
	var snap state.Snapshot
	if err := g.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for p := range parallelism {
		g, out := newAggregation(f, p, parallelism)
		if err := g.Restore(restored(&snap, p, parallelism)); err != nil {
			t.Fatal(err)
		}
		for i := range cities {
			city := name(i)
			if state.Owner(state.Group(hashCity(&city)), parallelism) == p {
				give(t, g, ins(city, 10))
			}
		}
		got = append(got, out.changes...)
	}
	for i := range cities {
		if i == 7 {
			want = append(want, "+I(city 7,1,10)")
		} else {
			want = append(want, fmt.Sprintf("+U(city %d,3,%d)", i, i+11))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A snapshot of what was restored is the snapshot that was restored.
func TestSnapshotAfterRestore(t *testing.T) {
	g, _ := newAggregation(perCity(), 0, 1)
	give(t, g, ins("a", 5), ins("b", 1), ins("a", -9))
	var first, second state.Snapshot
	if err := g.Snapshot(&first); err != nil {
		t.Fatal(err)
	}
	h, out := newAggregation(perCity(), 0, 1)
	if err := h.Restore(restored(&first, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if err := h.Snapshot(&second); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(first) != fmt.Sprint(second) {
		t.Errorf("%v, then %v", first, second)
	}
	give(t, h, ins("a", 4))
	expect(t, out, "-U(a,2,-4) +U(a,3,0)")
}

func TestDamagedState(t *testing.T) {
	g, _ := newAggregation(perCity(), 0, 1)
	give(t, g, ins("a long name", 300))
	var snap state.Snapshot
	if err := g.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	for kg, data := range snap.Groups {
		for n := 1; n < len(data); n++ {
			h, _ := newAggregation(perCity(), 0, 1)
			err := h.Restore(&state.Restored{Groups: map[int][][]byte{kg: {data[:n]}}})
			if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("key group %d", kg)) {
				t.Errorf("%d of %d bytes: %v", n, len(data), err)
			}
		}
	}
}
