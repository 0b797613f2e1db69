package op_test

import (
	"cmp"
	"fmt"
	"math"
	"testing"

	"pyfc/rt/op"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// loadRows is the number of rows of a batch, and of a step of most loads.
const loadRows = 1024

// A load is an operator at work whose functions allocate nothing themselves.
type load struct {
	name string
	// begin makes the operator and returns a step, which gives it that many rows.
	begin func() (step func() error)
	rows  int
}

// drain releases what it gets.
type drain[R any] struct{}

func (drain[R]) Process(b *stream.Batch[R]) error { b.Release(); return nil }
func (drain[R]) Control(stream.Control) error     { return nil }
func (drain[R]) Ready() bool                      { return true }

// cityNames are 1000 texts.
var cityNames = func() []string {
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprintf("city %d", i)
	}
	return names
}()

// city is the text of a row, when there are so many.
func city(n int64, cities int) string { return cityNames[n*7%int64(cities)] }

// rowsOf makes batches of the rows that next gives, which are numbered.
type rowsOf[R any] struct {
	pool stream.Pool[R]
	next func(n int64) (val.RowKind, R)
	n    int64
}

// batch has the next rows. Without kinds all are insertions.
func (s *rowsOf[R]) batch() *stream.Batch[R] {
	b := s.pool.Get()
	inserts := true
	for range loadRows {
		kind, row := s.next(s.n)
		s.n++
		inserts = inserts && kind == val.Insert
		*b.AddKind(kind) = row
	}
	if inserts {
		b.Kinds = b.Kinds[:0]
	}
	return b
}

// endless is a load of batches, each followed by a watermark of the number of
// its last row.
func endless[R any](name string, next func(n int64) (val.RowKind, R), open func(*stream.Subtask) stream.Consumer[R]) load {
	return load{name: name, rows: loadRows, begin: func() func() error {
		o, rows := open(loadSubtask()), &rowsOf[R]{next: next}
		return func() error {
			if err := o.Process(rows.batch()); err != nil {
				return err
			}
			return o.Control(stream.Control{Kind: stream.Watermark, Time: rows.n - 1})
		}
	}}
}

// endlessPair is one of a left and a right batch.
func endlessPair[L, R any](name string, left func(n int64) (val.RowKind, L), right func(n int64) (val.RowKind, R),
	open func(*stream.Subtask) stream.TwoInput[L, R]) load {
	return load{name: name, rows: 2 * loadRows, begin: func() func() error {
		j, lefts, rights := open(loadSubtask()), &rowsOf[L]{next: left}, &rowsOf[R]{next: right}
		return func() error {
			if err := j.ProcessLeft(lefts.batch()); err != nil {
				return err
			}
			if err := j.ProcessRight(rights.batch()); err != nil {
				return err
			}
			return j.Control(stream.Control{Kind: stream.Watermark, Time: lefts.n - 1})
		}
	}}
}

// whole is a load of inputs of 32 batches with their end.
func whole[R any](name string, next func(n int64) (val.RowKind, R), open func(*stream.Subtask) stream.Consumer[R]) load {
	const batches = 8
	return load{name: name, rows: batches * loadRows, begin: func() func() error {
		rows := &rowsOf[R]{next: next}
		return func() error {
			o := open(loadSubtask())
			for range batches {
				if err := o.Process(rows.batch()); err != nil {
					return err
				}
			}
			return o.Control(stream.Control{Kind: stream.End})
		}
	}}
}

func loadSubtask() *stream.Subtask {
	return &stream.Subtask{Parallelism: 1, BatchSize: loadRows, Count: &stream.Counters{}, Splits: new(stream.Splits)}
}

// Rows of so many cities, or keys, whose cents, or number, are their time.
func salesOf(cities int) func(int64) (val.RowKind, sale) {
	return func(n int64) (val.RowKind, sale) { return val.Insert, sale{city(n, cities), n} }
}

func entriesOf(keys int) func(int64) (val.RowKind, entry) {
	return func(n int64) (val.RowKind, entry) { return val.Insert, entry{city(n, keys), n} }
}

func samplesOf(parts int) func(int64) (val.RowKind, sample) {
	return func(n int64) (val.RowKind, sample) { return val.Insert, sample{city(n, parts), n} }
}

// upserts are those of entries of so many keys.
func upserts(keys int) func(int64) (val.RowKind, entry) {
	return func(n int64) (val.RowKind, entry) { return val.UpdateAfter, entry{city(n, keys), n} }
}

func leaveText[R any](*R) {}

func loads() []load {
	all := append(aggregateLoads(), joinLoads()...)
	return append(append(all, keyedLoads()...), orderLoads()...)
}

func aggregateLoads() []load {
	type consumer = stream.Consumer[sale]
	groups := func(coalesce bool) func(*stream.Subtask) consumer {
		return func(sub *stream.Subtask) consumer {
			f := perCity()
			f.EmitBefore, f.Coalesce = false, coalesce
			return op.NewGroupAgg(sub, stream.Consumer[total](drain[total]{}), f)
		}
	}
	over := func(rows, arrival bool, preceding int64) func(*stream.Subtask) consumer {
		return func(sub *stream.Subtask) consumer {
			f := timeOverFuncs(rows, arrival, preceding)
			f.Keep, f.KeepRow = leaveText, leaveText
			return op.NewTimeOver(sub, stream.Consumer[total](drain[total]{}), f)
		}
	}
	return []load{
		endless("GroupAgg/each change", salesOf(1000), groups(false)),
		endless("GroupAgg/coalesced", salesOf(1000), groups(true)),
		endless("WindowAgg", salesOf(1000), func(sub *stream.Subtask) consumer {
			f := perWindow()
			f.Key = func(s *sale) cityWindow { return cityWindow{s.city, s.cents/100_000*100_000 + 100_000} }
			return op.NewWindowAgg(sub, stream.Consumer[total](drain[total]{}), f)
		}),
		whole("FinalAgg", salesOf(1000), func(sub *stream.Subtask) consumer {
			f := perCity()
			f.Rows, f.Keep = saleRows, leaveText
			return op.NewFinalAgg(sub, stream.Consumer[total](drain[total]{}), f)
		}),
		endless("Sessions", salesOf(10), func(sub *stream.Subtask) consumer {
			f := sessionFuncs()
			f.Keep = leaveText
			f.Time = func(s *sale) (int64, bool) { return s.cents + s.cents/10_000*100, true } // a gap every 10,000 rows
			f.Gap = 50
			return op.NewSessions(sub, stream.Consumer[total](drain[total]{}), f)
		}),
		endless("TimeOver/all", salesOf(100), over(true, true, -1)),
		endless("TimeOver/rows", salesOf(100), over(true, true, 3)),
		endless("TimeOver/range", func(n int64) (val.RowKind, sale) { return val.Insert, sale{city(n, 100), n / 512 * 512} }, over(false, false, 2000)),
	}
}

func joinLoads() []load {
	type consumer = stream.TwoInput[sale, sale]
	paired := func() op.JoinFuncs[order, payment, string, pair] {
		f := ofKind("inner")
		f.Match, f.KeepLeft, f.KeepRight = nil, leaveText, leaveText
		f.Pair = func(o *order, _ *payment, out *pair) { out.l = o.id }
		return f
	}
	near := func() op.JoinFuncs[sale, sale, cityWindow, total] {
		f := nearby()
		f.KeepLeft, f.KeepRight = leaveText, leaveText
		return f
	}
	orders := func(n int64) (val.RowKind, order) { return val.Insert, order{city(n, 1000), n} }
	payments := func(n int64) (val.RowKind, payment) { return val.Insert, payment{city(n, 1000), n} }
	return []load{
		endlessPair("Join", func(n int64) (val.RowKind, order) {
			return []val.RowKind{val.Insert, val.Delete}[n/500%2], order{city(n%500, 500), 1}
		}, func(n int64) (val.RowKind, payment) {
			return []val.RowKind{val.Insert, val.Delete}[n/500%2], payment{city(n%500, 500), 1}
		}, func(sub *stream.Subtask) stream.TwoInput[order, payment] {
			return op.NewJoin(sub, stream.Consumer[pair](drain[pair]{}), paired(),
				op.JoinIdentity[order, order]{Of: wholeOrder}, op.JoinIdentity[payment, payment]{Of: wholePayment})
		}),
		{name: "HashJoin", rows: 8 * loadRows, begin: func() func() error {
			lefts, rights := &rowsOf[order]{next: orders}, &rowsOf[payment]{next: payments}
			return func() error {
				j := op.NewHashJoin(loadSubtask(), stream.Consumer[pair](drain[pair]{}), paired())
				for range 2 {
					if err := j.ProcessRight(rights.batch()); err != nil {
						return err
					}
				}
				if err := j.EndRight(); err != nil {
					return err
				}
				for range 6 {
					if err := j.ProcessLeft(lefts.batch()); err != nil {
						return err
					}
				}
				return j.Control(stream.Control{Kind: stream.End})
			}
		}},
		endlessPair("WindowJoin", salesOf(10), func(n int64) (val.RowKind, sale) { // each left row meets one
			return val.Insert, sale{cityNames[min(n%20_000, 999)], n}
		}, func(sub *stream.Subtask) consumer {
			f := near()
			f.LeftKey = func(s *sale) cityWindow { return cityWindow{s.city, s.cents/20_000*20_000 + 20_000} }
			f.RightKey = f.LeftKey
			return op.NewWindowJoin(sub, stream.Consumer[total](drain[total]{}), f)
		}),
		endlessPair("IntervalJoin", salesOf(3), salesOf(3), func(sub *stream.Subtask) consumer {
			f := near()
			f.LeftKey = func(s *sale) cityWindow { return cityWindow{city: s.city} }
			f.RightKey = f.LeftKey
			f.From, f.To = -5, 5
			return op.NewIntervalJoin(sub, stream.Consumer[total](drain[total]{}), f)
		}),
	}
}

func keyedLoads() []load {
	type consumer = stream.Consumer[entry]
	keyed := func(unique bool) op.KeyedFuncs[entry, string] {
		f := byText(equalEntries, unique)
		f.Keep = leaveText
		return f
	}
	rank := func(to int64, numbered bool, s op.RankStrategy) func(*stream.Subtask) consumer {
		return func(sub *stream.Subtask) consumer {
			f := ranking(1, to, numbered, s)
			f.Keep = leaveText
			f.Key = func(e *entry) int64 { return int64(len(e.key)) }
			f.Compare = func(x, y *entry) int { return cmp.Compare(y.nr, x.nr) } // the latest first
			if s == op.RankUpdate {
				f.Same = func(x, y *entry) bool { return x.key == y.key }
			}
			return op.NewRank(sub, stream.Consumer[place](drain[place]{}), f)
		}
	}
	return []load{
		endless("Normalize", upserts(1000), func(sub *stream.Subtask) consumer {
			return op.NewNormalize(sub, stream.Consumer[entry](drain[entry]{}), keyed(true))
		}),
		endless("Materialize/of a key", upserts(1000), func(sub *stream.Subtask) consumer {
			f := keyed(true)
			f.Same = func(x, y *entry) bool { return x.key == y.key }
			return op.NewMaterialize(sub, stream.Consumer[entry](drain[entry]{}), f)
		}),
		endless("Materialize/equal", func(n int64) (val.RowKind, entry) { // each key has 7 or 8 rows
			kind, nr := val.Insert, n/1000
			if nr >= 8 {
				kind, nr = []val.RowKind{val.Delete, val.Insert}[nr%2], nr/2%8
			}
			return kind, entry{city(n, 1000), nr}
		}, func(sub *stream.Subtask) consumer {
			return op.NewMaterialize(sub, stream.Consumer[entry](drain[entry]{}), keyed(false))
		}),
		endless("Rank/append", entriesOf(1000), rank(10, false, op.RankAppend)),
		endless("Rank/first", entriesOf(1000), rank(1, false, op.RankAppend)),
		endless("Rank/last", entriesOf(1000), rank(1, false, op.RankLast)),
		endless("Rank/update", entriesOf(20), rank(10, true, op.RankUpdate)),
		endless("Rank/retract", func(n int64) (val.RowKind, entry) { // 20 rows are there
			n, odd := n/2, n%2
			if odd == 0 {
				return val.Insert, entry{city(n, 1000), n}
			}
			return val.Delete, entry{city(max(n-20, 0), 1000), n - 20}
		}, rank(3, true, op.RankRetract)),
		endless("WindowRank", entriesOf(10), func(sub *stream.Subtask) consumer {
			f := ranking(1, 10, true, op.RankAppend)
			f.Keep = leaveText
			f.Compare = func(x, y *entry) int { return cmp.Compare(y.nr, x.nr) }
			f.Last = func(e *entry) int64 { return e.nr/10_000*10_000 + 9_999 }
			return op.NewWindowRank(sub, stream.Consumer[place](drain[place]{}), f)
		}),
	}
}

func orderLoads() []load {
	sorted := func(limit int64) func(*stream.Subtask) stream.Consumer[entry] {
		return func(sub *stream.Subtask) stream.Consumer[entry] {
			f := byKey(0, limit)
			f.Keep = leaveText
			return op.NewSort(sub, stream.Consumer[entry](drain[entry]{}), f)
		}
	}
	return []load{
		whole("Sort", entriesOf(1000), sorted(-1)),
		whole("Sort/first", entriesOf(1000), sorted(100)),
		endless("TimeSort", salesOf(1000), func(sub *stream.Subtask) stream.Consumer[sale] {
			f := timeSortFuncs()
			f.Keep = leaveText
			f.Time = func(s *sale) int64 { return s.cents / 512 * 512 }
			f.Compare = func(x, y *sale) int { return cmp.Compare(x.city, y.city) }
			return op.NewTimeSort(sub, stream.Consumer[sale](drain[sale]{}), f)
		}),
		whole("Over", samplesOf(10), func(sub *stream.Subtask) stream.Consumer[sample] {
			f := overSamples(op.OverRowNumber[sample](func(o *measured, v int64) { o.at = v }), op.OverFrame(op.FrameFuncs[sample, int64, measured]{
				From: op.Bound[sample]{Kind: op.AtRow, Rows: -5}, To: op.Bound[sample]{Kind: op.AtRow},
				Add:     func(a *int64, r *sample) error { *a += r.at; return nil },
				Retract: func(a *int64, r *sample) error { *a -= r.at; return nil },
				Result:  func(a *int64, o *measured, _ *val.Arena) { o.at = *a },
			}))
			f.Keep = leaveText
			return op.NewOver(sub, stream.Consumer[measured](drain[measured]{}), f)
		}),
		endless("Watermarks", salesOf(1000), func(sub *stream.Subtask) stream.Consumer[sale] {
			return op.NewWatermarks(sub, stream.Consumer[sale](drain[sale]{}), op.WatermarkFuncs[sale]{
				Mark:     func(s *sale, _ *val.Arena, to *int64) error { *to = s.cents; return nil },
				Interval: math.MaxInt32, // no alarm rings
			})
		}),
	}
}

// BenchmarkOperators measures steps of all loads.
func BenchmarkOperators(b *testing.B) {
	for _, l := range loads() {
		b.Run(l.name, func(b *testing.B) {
			step := l.begin()
			for range 10 {
				if err := step(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := step(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(l.rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// Operators allocate for batches, groups and moments, and when their state
// grows, but not for each row.
func TestNoAllocationPerRow(t *testing.T) {
	for _, l := range loads() {
		step := l.begin()
		var err error
		next := func() {
			if err == nil {
				err = step()
			}
		}
		for range 10 {
			next()
		}
		if n := testing.AllocsPerRun(20, next); n > float64(l.rows)/20 {
			t.Errorf("%s: %v allocations for %d rows", l.name, n, l.rows)
		}
		if err != nil {
			t.Errorf("%s: %v", l.name, err)
		}
	}
}
