package op_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pyfc/rt/agg"
	"pyfc/rt/op"
	"pyfc/rt/spill"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// saleRows keep the input in files.
var saleRows = op.RowFuncs[sale]{
	Keep:   func(s *sale) { s.city = val.Keep(s.city) },
	Viewed: func(s *sale) int { return len(s.city) },
	Append: func(dst []byte, s *sale) []byte { return val.EncodeInt(val.EncodeText(dst, s.city), s.cents) },
	Read: func(src []byte, s *sale) ([]byte, error) {
		src, err := val.DecodeText(src, &s.city)
		if err == nil {
			src, err = val.DecodeInt(src, &s.cents)
		}
		return src, err
	},
}

type finalAggregation = op.FinalAgg[sale, string, sums, total]

func newFinal(global bool, index, parallelism int) (*finalAggregation, *collector) {
	f := perCity()
	f.Rows, f.Global = saleRows, global
	c := &collector{}
	return op.NewFinalAgg(subtask(index, parallelism), stream.Consumer[total](c), f), c
}

func TestBatchModeGivesFinalResults(t *testing.T) {
	g, out := newFinal(false, 0, 1)
	give(t, g, ins("a", 5), ins("b", 1))
	give(t, g, ins("a", 2), ins("c", 3))
	expect(t, out, "")
	if err := g.Control(stream.Control{Kind: stream.End}); err != nil {
		t.Fatal(err)
	}
	expect(t, out, "+I(a,2,7) +I(b,1,1) +I(c,1,3)")
	if out.batches != 2 || !out.ended {
		t.Errorf("%d batches of 2 rows, ended: %t", out.batches, out.ended)
	}
}

// COUNT(*) of nothing is 0: one row, from whichever subtask would have got the
// rows.
func TestBatchModeOfAnEmptyInput(t *testing.T) {
	end := func(global bool, give1 func(*finalAggregation)) string {
		var all []string
		for i := range 8 {
			g, out := newFinal(global, i, 8)
			if city := ""; state.Owner(state.Group(hashCity(&city)), 8) == i {
				give1(g)
			}
			if err := g.Control(stream.Control{Kind: stream.End}); err != nil {
				t.Fatal(err)
			}
			all = append(all, out.changes...)
		}
		return strings.Join(all, " ")
	}
	nothing := func(*finalAggregation) {}
	if got := end(true, nothing); got != "+I(,0,0)" {
		t.Errorf("without GROUP BY: %q", got)
	}
	if got := end(false, nothing); got != "" {
		t.Errorf("with GROUP BY: %q", got)
	}
	if got := end(true, func(g *finalAggregation) { give(t, g, ins("", 3)) }); got != "+I(,1,3)" {
		t.Errorf("with a row: %q", got)
	}
}

func randomSales(r *rand.Rand, n, cities int) []change {
	rows := make([]change, n)
	for i := range rows {
		rows[i] = ins(fmt.Sprint("city", r.IntN(cities)), int64(r.IntN(9)))
	}
	return rows
}

// totals is what perCity makes of rows.
func totals(rows []change) []string {
	sum := map[string]total{}
	for _, r := range rows {
		o := sum[r.city]
		sum[r.city] = total{r.city, o.rows + 1, o.cents + r.cents}
	}
	var out []string
	for _, o := range sum {
		out = append(out, fmt.Sprintf("+I(%s,%d,%d)", o.city, o.rows, o.cents))
	}
	slices.Sort(out)
	return out
}

// Groups ten, and a thousand, times the budget have the right sums; in the
// second case parts are parted again and again.
func TestAggregationSpills(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, inMemory := range []int64{200, 2} {
		const cities, groupBytes = 2000, 80
		rows := randomSales(r, 3*cities, cities)
		b, sub := newBudget(t, inMemory*groupBytes)
		out := &collector{}
		f := perCity()
		f.Rows, f.Global = saleRows, true
		g := op.NewFinalAgg(sub, stream.Consumer[total](out), f)
		for chunk := range slices.Chunk(rows, 50) {
			give(t, g, chunk...)
		}
		if err := errors.Join(b.end(g.Control), g.Close()); err != nil {
			t.Fatal(err)
		}
		slices.Sort(out.changes)
		if !slices.Equal(out.changes, totals(rows)) || !out.ended {
			t.Errorf("room for %d groups: another result", inMemory)
		}
		b.spilled(t)
	}
}

// Rows that are read from files allocate nothing either.
func TestSpilledRowsAllocateNothing(t *testing.T) {
	f := perCity()
	f.Keep = leaveText
	f.Rows = op.RowFuncs[sale]{
		Keep:   leaveText[sale],
		Viewed: func(*sale) int { return 0 },
		Append: func(dst []byte, s *sale) []byte { return val.EncodeInt(dst, s.cents) },
		Read: func(src []byte, s *sale) ([]byte, error) {
			src, err := val.DecodeInt(src, &s.cents)
			s.city = city(s.cents, 1000)
			return src, err
		},
	}
	b, sub := newBudget(t, 32<<10)
	sub.BatchSize = loadRows
	const batches = 32
	rows := &rowsOf[sale]{next: salesOf(1000)}
	n := testing.AllocsPerRun(3, func() {
		g := op.NewFinalAgg(sub, stream.Consumer[total](drain[total]{}), f)
		for range batches {
			if err := g.Process(rows.batch()); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(b.end(g.Control), g.Close()); err != nil {
			t.Fatal(err)
		}
	})
	b.spilled(t)
	if n > batches*loadRows/10 {
		t.Errorf("%v allocations for %d rows", n, batches*loadRows)
	}
}

// list is the accumulators of LISTAGG(cents) and COUNT(DISTINCT cents).
type list struct {
	cents    agg.ListAgg
	distinct agg.Distinct[int64]
	count    agg.Count
}

// listed is what generated code would say of them.
func listed() op.GroupAggFuncs[sale, string, list, total] {
	f := perCity()
	return op.GroupAggFuncs[sale, string, list, total]{
		Key: f.Key, Hash: f.Hash, Keep: f.Keep, Rows: saleRows,
		Add: func(a *list, s *sale) error {
			a.cents.Add(fmt.Sprint(s.cents))
			if a.distinct.Add(s.cents, func(*int64) {}) {
				a.count.Add()
			}
			return nil
		},
		Result: func(city *string, a *list, t *total, _ *val.Arena) {
			text, _ := a.cents.Value()
			t.city = *city + ":" + text
			t.rows, _ = a.count.Value()
		},
		AppendEntry: func(dst []byte, city *string, a *list) []byte {
			dst = a.count.AppendState(a.cents.AppendState(val.EncodeText(dst, *city)))
			return a.distinct.AppendState(dst, func(dst []byte, k *int64) []byte { return val.EncodeInt(dst, *k) })
		},
		ReadEntry: func(src []byte, city *string, a *list) ([]byte, error) {
			src, err := val.DecodeText(src, city)
			if err == nil {
				src, err = a.cents.ReadState(src)
			}
			if err == nil {
				src, err = a.count.ReadState(src)
			}
			if err == nil {
				src, err = a.distinct.ReadState(src, func(src []byte, k *int64) ([]byte, error) { return val.DecodeInt(src, k) })
			}
			return src, err
		},
		Bytes: func(a *list) int { return a.cents.Bytes() + a.distinct.Bytes() },
	}
}

func listedOf(t *testing.T, sub *stream.Subtask, end func(func(stream.Control) error) error, rows []change) ([]string, error) {
	t.Helper()
	out := &collector{}
	g := op.NewFinalAgg(sub, stream.Consumer[total](out), listed())
	for chunk := range slices.Chunk(rows, 50) {
		give(t, g, chunk...)
	}
	err := errors.Join(end(g.Control), g.Close())
	slices.Sort(out.changes)
	return out.changes, err
}

// Groups that grow go into files with what they have, and go on from there in
// the order of their rows.
func TestGrowingGroupsSpill(t *testing.T) {
	rows := randomSales(rand.New(rand.NewPCG(11, 12)), 4000, 40)
	want, err := listedOf(t, subtask(0, 1), func(control func(stream.Control) error) error {
		return control(stream.Control{Kind: stream.End})
	}, rows)
	if err != nil {
		t.Fatal(err)
	}
	b, sub := newBudget(t, 4000)
	got, err := listedOf(t, sub, b.end, rows)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("another result than in memory: %v", err)
	}
	b.spilled(t)
}

// A group that alone is more than the budget can't be done.
func TestAggregationSaysWhenMemoryIsExhausted(t *testing.T) {
	b, sub := newBudget(t, 4000)
	rows := randomSales(rand.New(rand.NewPCG(13, 14)), 100, 40)
	for range 2000 {
		rows = append(rows, ins("large", 5))
	}
	var exhausted *spill.ExhaustedError
	if _, err := listedOf(t, sub, b.end, rows); !errors.As(err, &exhausted) {
		t.Errorf("got %v", err)
	}
}
