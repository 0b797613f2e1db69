package op_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pyfc/rt/agg"
	"pyfc/rt/op"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// cityWindow is the group of a sale: windows are of 10 cents, so that a sale's
// cents are its time, too.
type cityWindow struct {
	city string
	end  int64
}

func hashCityWindow(k *cityWindow) uint64 {
	return val.HashInt(val.HashText(val.HashSeed, k.city), uint64(k.end))
}

func perWindow() op.GroupAggFuncs[sale, cityWindow, sums, total] {
	return op.GroupAggFuncs[sale, cityWindow, sums, total]{
		Key:     func(s *sale) cityWindow { return cityWindow{s.city, s.cents/10*10 + 10} },
		Hash:    hashCityWindow,
		Keep:    func(k *cityWindow) { k.city = val.Keep(k.city) },
		Last:    func(k *cityWindow) int64 { return k.end - 1 },
		Add:     func(a *sums, s *sale) error { a.rows.Add(); a.cents.Add(s.cents); return nil },
		Retract: func(a *sums, s *sale) error { a.rows.Retract(); a.cents.Retract(s.cents); return nil },
		Result: func(k *cityWindow, a *sums, t *total, _ *val.Arena) {
			t.city = k.city
			t.rows, _ = a.rows.Value()
			t.cents, _ = a.cents.Value()
		},
		AppendEntry: func(dst []byte, k *cityWindow, a *sums) []byte {
			return a.cents.AppendState(a.rows.AppendState(val.EncodeInt(val.EncodeText(dst, k.city), k.end)))
		},
		ReadEntry: func(src []byte, k *cityWindow, a *sums) ([]byte, error) {
			src, err := val.DecodeText(src, &k.city)
			if err == nil {
				src, err = val.DecodeInt(src, &k.end)
			}
			for _, acc := range []agg.State{&a.rows, &a.cents} {
				if err == nil {
					src, err = acc.ReadState(src)
				}
			}
			return src, err
		},
	}
}

type windows = op.WindowAgg[sale, cityWindow, sums, total]

func newWindows(index, parallelism int) (*windows, *collector, *stream.Subtask) {
	c := &collector{}
	sub := &stream.Subtask{Index: index, Parallelism: parallelism, BatchSize: 2, Count: &stream.Counters{}}
	return op.NewWindowAgg(sub, stream.Consumer[total](c), perWindow()), c, sub
}

func TestWindowsAreGivenOutWhenTheyAreOver(t *testing.T) {
	g, out, sub := newWindows(0, 1)
	give(t, g, ins("a", 12), ins("a", 1), ins("b", 3), ins("c", 4), ins("a", 2))
	expect(t, out, "")
	control(t, g, stream.Watermark, 8)
	expect(t, out, "")
	control(t, g, stream.Watermark, 9)
	expect(t, out, "+I(a,2,3) +I(b,1,3) +I(c,1,4)")
	give(t, g, ins("b", 9), ins("b", 10), ins("a", 13))
	if n := sub.Count.Late.Load(); n != 1 {
		t.Errorf("%d rows are late", n)
	}
	control(t, g, stream.Watermark, 5) // none: it doesn't go back
	give(t, g, ins("a", 35), ins("b", 20))
	control(t, g, stream.Watermark, math.MaxInt64)
	expect(t, out, "+I(a,2,25) +I(b,1,10) +I(b,1,20) +I(a,1,35)")
	control(t, g, stream.End, 0)
	if expect(t, out, ""); !out.ended {
		t.Error("the end wasn't passed on")
	}
}

func TestWindowsTakeRowsBack(t *testing.T) {
	g, out, _ := newWindows(0, 1)
	give(t, g, ins("a", 1), ins("b", 2), before("b", 2), after("b", 3), del("a", 1), del("c", 1))
	control(t, g, stream.Watermark, 9)
	expect(t, out, "+I(b,1,3)")
}

// fill gives windows a row per city.
func fill(t *testing.T, g *windows, cities int) {
	for i := range cities {
		give(t, g, ins(fmt.Sprintf("city %d", i), int64(i%35)))
	}
	control(t, g, stream.Watermark, 9)
}

func TestWindowsAreRestoredAtAnotherParallelism(t *testing.T) {
	const cities, parallelism = 100, 3
	g, all, _ := newWindows(0, 1)
	fill(t, g, cities)
	all.take()
	var snap state.Snapshot
	if err := g.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	var got []string
	for p := range parallelism {
		h, out, sub := newWindows(p, parallelism)
		r := restored(&snap, p, parallelism)
		r.List = snap.List
		if err := h.Restore(r); err != nil {
			t.Fatal(err)
		}
		give(t, h, ins("late", 3))
		if sub.Count.Late.Load() != 1 {
			t.Error("the watermark was forgotten")
		}
		control(t, h, stream.Watermark, math.MaxInt64)
		got = append(got, out.changes...)
	}
	control(t, g, stream.Watermark, math.MaxInt64)
	want := all.changes
	slices.Sort(got)
	slices.Sort(want)
	if len(want) < 50 || !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestDamagedWindows(t *testing.T) {
	g, _, _ := newWindows(0, 1)
	give(t, g, ins("a long name", 300))
	var snap state.Snapshot
	if err := g.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	for kg, data := range snap.Groups {
		for n := 1; n < len(data); n++ {
			h, _, _ := newWindows(0, 1)
			err := h.Restore(&state.Restored{Groups: map[int][][]byte{kg: {data[:n]}}})
			if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("key group %d", kg)) {
				t.Errorf("%d of %d bytes: %v", n, len(data), err)
			}
		}
	}
	h, _, _ := newWindows(0, 1)
	if err := h.Restore(&state.Restored{List: [][]byte{nil}}); err == nil {
		t.Error("nothing is a watermark")
	}
}
