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

func appendSale(dst []byte, s *sale) []byte {
	return val.EncodeInt(val.EncodeText(dst, s.city), s.cents)
}

func readSale(src []byte, s *sale) ([]byte, error) {
	src, err := val.DecodeText(src, &s.city)
	if err == nil {
		src, err = val.DecodeInt(src, &s.cents)
	}
	return src, err
}

func keepSale(s *sale) { s.city = val.Keep(s.city) }

type sessions = op.Sessions[sale, string, total]

// newSessions makes sessions of the sales of a city, whose cents are the time,
// with a gap of 4. They are shown with start and end; 7 is no time.
func newSessions(index, parallelism int) (*sessions, *collector, *stream.Subtask) {
	c := &collector{}
	sub := &stream.Subtask{Index: index, Parallelism: parallelism, BatchSize: 2, Count: &stream.Counters{}}
	return op.NewSessions(sub, stream.Consumer[total](c), sessionFuncs()), c, sub
}

func sessionFuncs() op.SessionFuncs[sale, string, total] {
	return op.SessionFuncs[sale, string, total]{
		Key: func(s *sale) string { return s.city }, Hash: hashCity,
		Time: func(s *sale) (int64, bool) { return s.cents, s.cents != 7 }, Gap: 4,
		Last:  func(to int64) int64 { return to - 1 },
		Write: func(s *sale, from, to int64, o *total) { *o = total{s.city, from, to} },
		Keep:  keepSale, Append: appendSale, Read: readSale, Updates: true,
	}
}

func TestSessionsGrow(t *testing.T) {
	g, out, sub := newSessions(0, 1)
	give(t, g, ins("a", 1), ins("b", 2), ins("a", 10), ins("a", 7), ins("a", 5))
	control(t, g, stream.Watermark, 5)
	expect(t, out, "+I(b,2,6)")
	give(t, g, ins("b", 1), before("b", 3), ins("a", 9)) // b's first is over, another one isn't
	if n := sub.Count.Late.Load(); n != 1 {
		t.Errorf("%d rows are late", n)
	}
	control(t, g, stream.Watermark, 12)
	expect(t, out, "-U(b,3,7)")
	control(t, g, stream.Watermark, math.MaxInt64)
	expect(t, out, "+I(a,1,14) +I(a,1,14) +I(a,1,14) +I(a,1,14)")
}

func TestSessionsAreRestored(t *testing.T) {
	const cities, parallelism = 60, 3
	g, all, _ := newSessions(0, 1)
	for i := range int64(cities) {
		city := fmt.Sprintf("city %d", i)
		give(t, g, ins(city, 20+i), ins(city, 22+i), ins(city, 50))
	}
	control(t, g, stream.Watermark, 10)
	var snap state.Snapshot
	if err := g.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	var got []string
	for p := range parallelism {
		h, out, sub := newSessions(p, parallelism)
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
	if len(want) != 3*cities || !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	damaged(t, &snap, func(r *state.Restored) error {
		h, _, _ := newSessions(0, 1)
		return h.Restore(r)
	})
}

// damaged makes sure that no part of a snapshot's groups passes for all of them.
func damaged(t *testing.T, snap *state.Snapshot, restore func(*state.Restored) error) {
	t.Helper()
	for kg, data := range snap.Groups {
		if len(data) == 0 {
			continue
		}
		for _, cut := range [][]byte{data[:1], data[:len(data)-1]} {
			err := restore(&state.Restored{Groups: map[int][][]byte{kg: {cut}}})
			if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("key group %d", kg)) {
				t.Errorf("%d of %d bytes: %v", len(cut), len(data), err)
			}
		}
	}
	if err := restore(&state.Restored{List: [][]byte{nil}}); err == nil {
		t.Error("nothing is a watermark")
	}
}

type windowRanks = op.WindowRank[sale, string, total]

// newWindowRanks numbers the sales of a city by cents, from 2 up to 3, where all
// are in a window that ends at 10, or from 10 on at 100.
func newWindowRanks(index, parallelism int) (*windowRanks, *collector, *stream.Subtask) {
	c := &collector{}
	sub := &stream.Subtask{Index: index, Parallelism: parallelism, BatchSize: 2, Count: &stream.Counters{}}
	return op.NewWindowRank(sub, stream.Consumer[total](c), op.RankFuncs[sale, string, total]{
		Key: func(s *sale) string { return fmt.Sprint(s.city, s.cents >= 10) }, Hash: hashCity,
		Keep: keepSale, Append: appendSale, Read: readSale,
		Compare: func(x, y *sale) int { return int(x.cents - y.cents) },
		Write:   func(s *sale, number int64, o *total) { *o = total{s.city, number, s.cents} },
		Last: func(s *sale) int64 {
			if s.cents < 10 {
				return 9
			}
			return 99
		},
		From: 2, To: 3,
	}), c, sub
}

func TestRanksOfWindows(t *testing.T) {
	g, out, sub := newWindowRanks(0, 1)
	give(t, g, ins("a", 3), ins("a", 1), ins("b", 5), ins("a", 2), ins("a", 50), ins("a", 0), ins("a", 9), ins("a", 12))
	control(t, g, stream.Watermark, 9)
	expect(t, out, "+I(a,2,1) +I(a,3,2)")
	give(t, g, ins("a", 9), ins("b", 10), ins("b", 10))
	if n := sub.Count.Late.Load(); n != 1 {
		t.Errorf("%d rows are late", n)
	}
	var snap state.Snapshot
	if err := g.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	h, again, _ := newWindowRanks(0, 1)
	r := restored(&snap, 0, 1)
	r.List = snap.List
	if err := h.Restore(r); err != nil {
		t.Fatal(err)
	}
	control(t, g, stream.Watermark, math.MaxInt64)
	expect(t, out, "+I(a,2,50) +I(b,2,10)")
	control(t, h, stream.Watermark, math.MaxInt64)
	slices.Sort(again.changes)
	expect(t, again, "+I(a,2,50) +I(b,2,10)")
	damaged(t, &snap, func(r *state.Restored) error {
		h, _, _ := newWindowRanks(0, 1)
		return h.Restore(r)
	})
}
