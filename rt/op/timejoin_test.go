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

// meeting is what joins of sales with sales by city make: -1 stands for a side
// that is missing.
func meeting(l, r *sale, o *total) {
	*o = total{rows: -1, cents: -1}
	if l != nil {
		o.city, o.rows = l.city, l.cents
	}
	if r != nil {
		o.city, o.cents = r.city, r.cents
	}
}

// nearby are sales whose cents are the time; 13 matches nothing.
func nearby() op.JoinFuncs[sale, sale, cityWindow, total] {
	key := func(s *sale) cityWindow { return cityWindow{s.city, s.cents/10*10 + 10} }
	time := func(s *sale) int64 { return s.cents }
	return op.JoinFuncs[sale, sale, cityWindow, total]{
		LeftKey: key, RightKey: key, Hash: hashCityWindow,
		Known:    func(k *cityWindow) bool { return k.city != "" },
		Match:    func(l, r *sale, _ *val.Arena, ok *bool) error { *ok = l.cents != 13 && r.cents != 13; return nil },
		Pair:     meeting,
		KeepLeft: keepSale, KeepRight: keepSale, AppendLeft: appendSale, ReadLeft: readSale, AppendRight: appendSale, ReadRight: readSale,
		Last:     func(k *cityWindow) int64 { return k.end - 1 },
		LeftTime: time, RightTime: time,
	}
}

// pairing is a join with what takes its results.
type pairing struct {
	stream.TwoInput[sale, sale]
	out *collector
	sub *stream.Subtask
}

func newPairing(interval bool, f op.JoinFuncs[sale, sale, cityWindow, total], index, parallelism int) pairing {
	p := pairing{out: &collector{}, sub: &stream.Subtask{Index: index, Parallelism: parallelism, BatchSize: 2, Count: &stream.Counters{}}}
	if interval {
		f.LeftKey = func(s *sale) cityWindow { return cityWindow{city: s.city} }
		f.RightKey = f.LeftKey
		p.TwoInput = op.NewIntervalJoin(p.sub, stream.Consumer[total](p.out), f)
	} else {
		p.TwoInput = op.NewWindowJoin(p.sub, stream.Consumer[total](p.out), f)
	}
	return p
}

// toLeft and toRight give a join rows of one side.
type toLeft struct{ pairing }
type toRight struct{ pairing }

func (j toLeft) Process(b *stream.Batch[sale]) error  { return j.ProcessLeft(b) }
func (j toRight) Process(b *stream.Batch[sale]) error { return j.ProcessRight(b) }

func (p pairing) sorted() string {
	slices.Sort(p.out.changes)
	return p.out.take()
}

func TestWindowJoin(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(f *op.JoinFuncs[sale, sale, cityWindow, total])
		want string
	}{
		{"inner", func(f *op.JoinFuncs[sale, sale, cityWindow, total]) {}, "+I(a,1,2) +I(a,1,3)"},
		{"full", func(f *op.JoinFuncs[sale, sale, cityWindow, total]) { f.LeftOuter, f.RightOuter = true, true },
			"+I(,-1,4) +I(,5,-1) +I(a,-1,13) +I(a,1,2) +I(a,1,3) +I(a,12,-1) +I(b,6,-1)"},
		{"semi", func(f *op.JoinFuncs[sale, sale, cityWindow, total]) { f.Semi = true }, "+I(a,1,-1)"},
		{"anti", func(f *op.JoinFuncs[sale, sale, cityWindow, total]) { f.Anti = true }, "+I(,5,-1) +I(a,12,-1) +I(b,6,-1)"},
	} {
		f := nearby()
		c.set(&f)
		j := newPairing(false, f, 0, 1)
		give(t, toLeft{j}, ins("a", 1), ins("", 5), ins("b", 6), ins("a", 12))
		give(t, toRight{j}, ins("a", 2), ins("a", 3), ins("", 4), ins("a", 13))
		expect(t, j.out, "")
		control(t, j, stream.Watermark, 9)
		give(t, toRight{j}, ins("a", 9))
		give(t, toLeft{j}, ins("a", 0))
		control(t, j, stream.Watermark, math.MaxInt64)
		if got := j.sorted(); got != c.want || j.sub.Count.Late.Load() != 2 {
			t.Errorf("%s: got  %s\nwant %s; %d late", c.name, got, c.want, j.sub.Count.Late.Load())
		}
	}
}

func TestIntervalJoin(t *testing.T) {
	f := nearby()
	f.From, f.To, f.LeftOuter, f.RightOuter = -2, 1, true, true // left is from right - 2 to right + 1
	j := newPairing(true, f, 0, 1)
	give(t, toLeft{j}, ins("a", 10), ins("a", 20), ins("", 20))
	give(t, toRight{j}, ins("a", 9), ins("a", 12), ins("a", 13), ins("a", 8), ins("", 20))
	expect(t, j.out, "+I(a,10,9) +I(a,10,12)")
	control(t, j, stream.Watermark, 14) // rows are looked at when time has passed them by the interval and half of it
	expect(t, j.out, "+I(a,-1,8)")
	give(t, toLeft{j}, ins("a", 2)) // late, and alone
	expect(t, j.out, "+I(a,2,-1)")
	give(t, toRight{j}, ins("a", 19)) // late rows meet what is there
	expect(t, j.out, "+I(a,20,19)")
	control(t, j, stream.Watermark, math.MaxInt64)
	if got := j.sorted(); got != "+I(,-1,20) +I(,20,-1) +I(a,-1,13)" {
		t.Errorf("at the end %s", got)
	}

	f.From, f.To = 5, 2 // nothing
	j = newPairing(true, f, 0, 1)
	give(t, toLeft{j}, ins("a", 10))
	give(t, toRight{j}, ins("a", 7))
	expect(t, j.out, "+I(a,10,-1) +I(a,-1,7)")
}

func TestTimeJoinsAreRestored(t *testing.T) {
	for _, interval := range []bool{true, false} {
		const cities, parallelism = 40, 3
		f := nearby()
		f.From, f.To, f.LeftOuter, f.RightOuter = -3, 3, true, true
		if interval {
			f.Hash = func(k *cityWindow) uint64 { return hashCity(&k.city) }
		}
		g := newPairing(interval, f, 0, 1)
		for i := range int64(cities) {
			city := fmt.Sprintf("city %d", i)
			give(t, toLeft{g}, ins(city, 20+i), ins(city, 12))
			give(t, toRight{g}, ins(city, 22), ins(city, 50))
		}
		control(t, g, stream.Watermark, 9)
		g.out.take()
		var snap state.Snapshot
		if err := g.TwoInput.(stream.Stateful).Snapshot(&snap); err != nil {
			t.Fatal(err)
		}
		var got []string
		for p := range parallelism {
			h := newPairing(interval, f, p, parallelism)
			r := restored(&snap, p, parallelism)
			r.List = snap.List
			if err := h.TwoInput.(stream.Stateful).Restore(r); err != nil {
				t.Fatal(err)
			}
			control(t, h, stream.Watermark, math.MaxInt64)
			got = append(got, h.out.changes...)
		}
		control(t, g, stream.Watermark, math.MaxInt64)
		want := g.out.changes
		slices.Sort(got)
		slices.Sort(want)
		if len(want) < cities || !slices.Equal(got, want) {
			t.Errorf("interval %t: got\n%s\nwant\n%s", interval, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		damaged(t, &snap, func(r *state.Restored) error {
			return newPairing(interval, f, 0, 1).TwoInput.(stream.Stateful).Restore(r)
		})
	}
}
