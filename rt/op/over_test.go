package op_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pyfc/rt/op"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// sample is the input of the tests of windows, measured the output.
type sample struct {
	part string
	at   int64
}

type measured struct {
	sample
	text []string
}

func (m measured) String() string {
	return fmt.Sprintf("%s%d:%s", m.part, m.at, strings.Join(m.text, ","))
}

func put[T any](m *measured, v T) { m.text = append(m.text, fmt.Sprint(v)) }

// overSamples is what generated code would say of OVER (PARTITION BY part ORDER
// BY at).
func overSamples(windows ...op.Window[sample, measured]) op.OverFuncs[sample, measured] {
	return op.OverFuncs[sample, measured]{
		Partition: func(x, y *sample) int { return cmp.Compare(x.part, y.part) },
		Order:     func(x, y *sample) int { return cmp.Compare(x.at, y.at) },
		RowFuncs: op.RowFuncs[sample]{
			Keep:   func(r *sample) { r.part = val.Keep(r.part) },
			Viewed: func(r *sample) int { return len(r.part) },
			Append: func(dst []byte, r *sample) []byte { return val.EncodeInt(val.EncodeText(dst, r.part), r.at) },
			Read: func(src []byte, r *sample) ([]byte, error) {
				src, err := val.DecodeText(src, &r.part)
				if err == nil {
					src, err = val.DecodeInt(src, &r.at)
				}
				return src, err
			},
		},
		Start:   func(r *sample, o *measured) { o.sample = *r },
		Windows: windows,
	}
}

func overOf(t *testing.T, f op.OverFuncs[sample, measured], rows ...sample) string {
	t.Helper()
	out := &taken[measured]{}
	o := op.NewOver(subtask(0, 1), stream.Consumer[measured](out), f)
	giveSamples(t, o, rows)
	if err := o.Control(stream.Control{Kind: stream.End}); err != nil {
		t.Fatal(err)
	}
	return out.take()
}

func TestPositions(t *testing.T) {
	f := overSamples(
		op.OverRowNumber[sample](put[int64]), op.OverRank[sample](put[int64]), op.OverDenseRank[sample](put[int64]),
		op.OverPercentRank[sample](put[float64]), op.OverCumeDist[sample](put[float64]),
		op.OverTile(func(*sample) int64 { return 3 }, put[int64]),
		op.OverShift(-1, func(r *sample) int64 { return 1 }, func(o *measured, r *sample) { put(o, r.at) }, func(o *measured, _ *sample) { put(o, "none") }),
		op.OverShift(1, func(r *sample) int64 { return r.at - 1 }, func(o *measured, r *sample) { put(o, r.at) }, func(o *measured, r *sample) { put(o, -r.at) }),
	)
	got := overOf(t, f, sample{"b", 7}, sample{"a", 2}, sample{"a", 1}, sample{"a", 2}, sample{"a", 4}, sample{"a", 3})
	want := "a1:1,1,1,0,0.2,1,none,1 a2:2,2,2,0.25,0.6,1,1,2 a2:3,2,2,0.25,0.6,2,2,3 a3:4,4,3,0.75,0.8,2,2,-3 a4:5,5,4,1,1,3,3,-4 b7:1,1,1,0,1,1,none,-7"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// frameOf sums a frame; taking back is left out where recomputing is tested.
func frameOf(from, to op.Bound[sample], takesBack bool) op.Window[sample, measured] {
	type sum struct{ n, total int64 }
	f := op.FrameFuncs[sample, sum, measured]{
		From: from, To: to,
		Add:    func(a *sum, r *sample) error { a.n++; a.total += r.at; return nil },
		Result: func(a *sum, o *measured, _ *val.Arena) { put(o, fmt.Sprint(a.n, "/", a.total)) },
	}
	if takesBack {
		f.Retract = func(a *sum, r *sample) error { a.n--; a.total -= r.at; return nil }
	}
	return op.OverFrame(f)
}

// Every frame, moved along a partition, has the sum of the rows that lie in it.
func TestFramesAgainstTheirDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	bound := func() (op.Bound[sample], func(rows []sample, i, j int, low bool) bool) {
		d := int64(r.IntN(7) - 3)
		switch r.IntN(4) {
		case 0:
			return op.Bound[sample]{Kind: op.Unbounded}, func([]sample, int, int, bool) bool { return true }
		case 1:
			return op.Bound[sample]{Kind: op.AtRow, Rows: d}, func(_ []sample, i, j int, low bool) bool {
				return low && j >= i+int(d) || !low && j <= i+int(d)
			}
		case 2:
			d = 0
			fallthrough
		default:
			b := op.Bound[sample]{Kind: op.AtDistance, Compare: func(row, current *sample) int { return cmp.Compare(row.at, current.at+d) }}
			if d == 0 {
				b = op.Bound[sample]{Kind: op.AtPeers}
			}
			return b, func(rows []sample, i, j int, low bool) bool {
				return low && rows[j].at >= rows[i].at+d || !low && rows[j].at <= rows[i].at+d
			}
		}
	}
	for range 500 {
		var rows []sample
		for range 1 + r.IntN(12) {
			rows = append(rows, sample{"a", int64(r.IntN(9))})
		}
		slices.SortFunc(rows, func(x, y sample) int { return cmp.Compare(x.at, y.at) })
		from, isFrom := bound()
		to, isTo := bound()
		var want []string
		for i, row := range rows {
			n, total := 0, int64(0)
			for j := range rows {
				if isFrom(rows, i, j, true) && isTo(rows, i, j, false) {
					n, total = n+1, total+rows[j].at
				}
			}
			text := fmt.Sprint(n, "/", total)
			want = append(want, fmt.Sprintf("%s%d:%s,%s", row.part, row.at, text, text))
		}
		got := overOf(t, overSamples(frameOf(from, to, true), frameOf(from, to, false)), rows...)
		if got != strings.Join(want, " ") {
			t.Fatalf("%+v to %+v of %v:\ngot  %s\nwant %s", from, to, rows, got, strings.Join(want, " "))
		}
	}
}
