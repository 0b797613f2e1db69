package op_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pyfc/rt/op"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

type timeOver = op.TimeOver[sale, string, sums, total]

// newTimeOver counts and adds up the cents of a city, which are the time, too.
func newTimeOver(rows, arrival bool, preceding int64, index, parallelism int) (*timeOver, *collector, *stream.Subtask) {
	c := &collector{}
	sub := &stream.Subtask{Index: index, Parallelism: parallelism, BatchSize: 2, Count: &stream.Counters{}}
	return op.NewTimeOver(sub, stream.Consumer[total](c), timeOverFuncs(rows, arrival, preceding)), c, sub
}

func timeOverFuncs(rows, arrival bool, preceding int64) op.TimeOverFuncs[sale, string, sums, total] {
	f := perCity()
	return op.TimeOverFuncs[sale, string, sums, total]{
		Key: f.Key, Keep: f.Keep, Hash: f.Hash, Add: f.Add, Retract: f.Retract,
		Time: func(s *sale) int64 { return s.cents }, Rows: rows, Arrival: arrival, Preceding: preceding,
		Write: func(s *sale, a *sums, o *total, _ *val.Arena) {
			o.city = s.city
			o.rows, _ = a.rows.Value()
			o.cents, _ = a.cents.Value()
		},
		KeepRow: keepSale, Append: appendSale, Read: readSale, AppendEntry: f.AppendEntry, ReadEntry: f.ReadEntry,
	}
}

func TestFramesOfTime(t *testing.T) {
	for _, c := range []struct {
		rows, arrival bool
		preceding     int64
		want          string
	}{
		// in the order of time: a 1, b 2, a 3, a 3, a 9
		{false, false, -1, "+I(a,1,1) +I(b,1,2) +I(a,3,7) +I(a,3,7) +I(a,4,16)"},
		{true, false, -1, "+I(a,1,1) +I(b,1,2) +I(a,2,4) +I(a,3,7) +I(a,4,16)"},
		{false, false, 6, "+I(a,1,1) +I(b,1,2) +I(a,3,7) +I(a,3,7) +I(a,3,15)"},
		{false, false, 5, "+I(a,1,1) +I(b,1,2) +I(a,3,7) +I(a,3,7) +I(a,1,9)"},
		{false, false, 0, "+I(a,1,1) +I(b,1,2) +I(a,2,6) +I(a,2,6) +I(a,1,9)"},
		{true, false, 1, "+I(a,1,1) +I(b,1,2) +I(a,2,4) +I(a,2,6) +I(a,2,12)"},
		// as they come: a 3, a 1, b 2, a 9, a 3
		{true, true, -1, "+I(a,1,3) +I(a,2,4) +I(b,1,2) +I(a,3,13) +I(a,4,16)"},
		{true, true, 1, "+I(a,1,3) +I(a,2,4) +I(b,1,2) +I(a,2,10) +I(a,2,12)"},
	} {
		g, out, _ := newTimeOver(c.rows, c.arrival, c.preceding, 0, 1)
		give(t, g, ins("a", 3), ins("a", 1), ins("b", 2), ins("a", 9), ins("a", 3))
		control(t, g, stream.Watermark, math.MaxInt64)
		expect(t, out, c.want)
	}
}

// With all rows in the frame what is behind the watermark is late, else what is
// behind the last row of its partition, until that is forgotten.
func TestLateRowsOfFrames(t *testing.T) {
	g, out, sub := newTimeOver(false, false, -1, 0, 1)
	give(t, g, ins("a", 10))
	control(t, g, stream.Watermark, 20)
	give(t, g, ins("a", 20), ins("b", 15), ins("a", 21))
	control(t, g, stream.Watermark, 30)
	expect(t, out, "+I(a,1,10) +I(a,2,31)")
	if n := sub.Count.Late.Load(); n != 2 {
		t.Errorf("%d rows are late", n)
	}

	g, out, sub = newTimeOver(false, false, 10, 0, 1)
	give(t, g, ins("a", 10))
	control(t, g, stream.Watermark, 20)
	give(t, g, ins("a", 10), ins("b", 15), ins("a", 11))
	control(t, g, stream.Watermark, 25)
	give(t, g, ins("a", 5))
	control(t, g, stream.Watermark, 26) // which is when a is forgotten
	give(t, g, ins("a", 5))
	control(t, g, stream.Watermark, 40)
	expect(t, out, "+I(a,1,10) +I(a,2,21) +I(b,1,15) +I(a,1,5)")
	if n := sub.Count.Late.Load(); n != 2 {
		t.Errorf("%d rows are late", n)
	}
}

func TestFramesAreRestored(t *testing.T) {
	for _, preceding := range []int64{-1, 8} {
		const cities, parallelism = 60, 3
		g, all, _ := newTimeOver(false, false, preceding, 0, 1)
		for i := range int64(cities) {
			city := fmt.Sprintf("city %d", i)
			give(t, g, ins(city, 5), ins(city, 9), ins(city, 12+i))
		}
		control(t, g, stream.Watermark, 10)
		all.take()
		var snap state.Snapshot
		if err := g.Snapshot(&snap); err != nil {
			t.Fatal(err)
		}
		var got []string
		for p := range parallelism {
			h, out, _ := newTimeOver(false, false, preceding, p, parallelism)
			r := restored(&snap, p, parallelism)
			r.List = snap.List
			if err := h.Restore(r); err != nil {
				t.Fatal(err)
			}
			control(t, h, stream.Watermark, math.MaxInt64)
			got = append(got, out.changes...)
		}
		control(t, g, stream.Watermark, math.MaxInt64)
		want := all.changes
		slices.Sort(got)
		slices.Sort(want)
		if len(want) != cities || !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		damaged(t, &snap, func(r *state.Restored) error {
			h, _, _ := newTimeOver(false, false, preceding, 0, 1)
			return h.Restore(r)
		})
	}
}

func newTimeSort() (*op.TimeSort[sale], *trail, *stream.Subtask) {
	c := &trail{}
	sub := &stream.Subtask{BatchSize: 2, Count: &stream.Counters{}}
	return op.NewTimeSort(sub, stream.Consumer[sale](c), timeSortFuncs()), c, sub
}

func timeSortFuncs() op.TimeSortFuncs[sale] {
	return op.TimeSortFuncs[sale]{
		Time:    func(s *sale) int64 { return s.cents / 10 },
		Compare: func(x, y *sale) int { return int(y.cents - x.cents) },
		Keep:    keepSale, Append: appendSale, Read: readSale,
	}
}

func TestTimeSort(t *testing.T) {
	g, out, sub := newTimeSort()
	give(t, g, ins("r", 31), ins("r", 12), ins("r", 15), ins("r", 20), ins("r", 12))
	control(t, g, stream.Watermark, 1)
	give(t, g, ins("r", 19), ins("r", 50)) // the first is late
	control(t, g, stream.Watermark, 4)
	give(t, g, ins("r", 40), ins("r", 30)) // only what is behind the last row isn't
	if n := sub.Count.Late.Load(); n != 2 {
		t.Errorf("%d rows are late", n)
	}
	var snap state.Snapshot
	if err := g.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	h, again, late := newTimeSort()
	r := restored(&snap, 0, 1)
	r.List = snap.List
	if err := h.Restore(r); err != nil {
		t.Fatal(err)
	}
	give(t, h, ins("r", 30))
	control(t, g, stream.Watermark, math.MaxInt64)
	seen(t, out, "r15 r12 r12 <1> r20 r31 <4> r40 r50 <max>")
	control(t, h, stream.Watermark, math.MaxInt64)
	seen(t, again, "r40 r50 <max>")
	if late.Count.Late.Load() != 1 {
		t.Error("the last row was forgotten")
	}
	damaged(t, &snap, func(r *state.Restored) error {
		h, _, _ := newTimeSort()
		return h.Restore(r)
	})
}
