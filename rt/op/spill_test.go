package op_test

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pyfc/rt/op"
	"pyfc/rt/spill"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// budget is a subtask's budget of memory, and the work that is to be done when
// there is room.
type budget struct {
	memory *spill.Memory
	dir    string
	work   []func() (bool, error)
}

func newBudget(t *testing.T, bytes int64) (*budget, *stream.Subtask) {
	t.Helper()
	b := &budget{dir: t.TempDir()}
	b.memory = spill.New(bytes, b.dir)
	t.Cleanup(func() {
		if err := b.memory.Close(); err != nil {
			t.Error(err)
		}
	})
	return b, &stream.Subtask{
		UID: "op1", Parallelism: 1, BatchSize: 8, Memory: b.memory,
		Continue: func(_ func() bool, next func() (bool, error)) { b.work = append(b.work, next) },
	}
}

// end gives an operator the end of its input and does its work.
func (b *budget) end(control func(stream.Control) error) error {
	if err := control(stream.Control{Kind: stream.End}); err != nil {
		return err
	}
	for len(b.work) > 0 {
		more, err := b.work[0]()
		if err != nil {
			return err
		}
		if !more {
			b.work = b.work[1:]
		}
	}
	return nil
}

// files is the number of files that are there, and whether there ever were any.
func (b *budget) files(t *testing.T) (n int, any bool) {
	t.Helper()
	dirs, err := os.ReadDir(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		files, err := os.ReadDir(b.dir + "/" + d.Name())
		if err != nil {
			t.Fatal(err)
		}
		n += len(files)
	}
	return n, len(dirs) > 0
}

// spilled fails unless files were used and none is left.
func (b *budget) spilled(t *testing.T) {
	t.Helper()
	if n, any := b.files(t); n > 0 || !any {
		t.Errorf("%d files are left; there were some: %t", n, any)
	}
}

func randomEntries(r *rand.Rand, n int) []entry {
	rows := make([]entry, n)
	for i := range rows {
		rows[i] = entry{fmt.Sprint("key", r.IntN(n/3)), int64(i)}
	}
	return rows
}

// A row of these tests takes 24 bytes, 4 for its position and up to 8 of text.
const entryBytes = 36

// Rows ten and a thousand times the budget come in order; in the second case
// the runs are too many to be merged at once.
func TestSortSpills(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct{ rows, inMemory int }{{2000, 200}, {6000, 6}} {
		for _, limit := range []int64{-1, 25, int64(c.rows / 2)} {
			rows := randomEntries(r, c.rows)
			b, sub := newBudget(t, int64(c.inMemory*entryBytes))
			out := &taken[entry]{}
			s := op.NewSort(sub, stream.Consumer[entry](out), byKey(3, limit))
			feed(t, s, rows, 7)
			if err := errors.Join(b.end(s.Control), s.Close()); err != nil {
				t.Fatal(err)
			}
			slices.SortStableFunc(rows, func(x, y entry) int { return cmp.Compare(x.key, y.key) })
			want := rows[3:]
			if limit >= 0 {
				want = want[:limit]
			}
			if out.take() != strings.Trim(fmt.Sprint(want), "[]") {
				t.Errorf("%d rows, limit %d: another result", c.rows, limit)
			}
			if limit == 25 && c.inMemory > 100 {
				if _, any := b.files(t); any {
					t.Error("files for rows that fit into memory")
				}
				continue
			}
			b.spilled(t)
		}
	}
}

// A row that alone is more than the budget can't be sorted.
func TestSortSaysWhenMemoryIsExhausted(t *testing.T) {
	_, sub := newBudget(t, 20)
	s := op.NewSort(sub, stream.Consumer[entry](&taken[entry]{}), byKey(0, -1))
	b := new(stream.Pool[entry]).Get()
	*b.Add() = entry{"a", 1}
	var exhausted *spill.ExhaustedError
	if err := s.Process(b); !errors.As(err, &exhausted) {
		t.Errorf("got %v", err)
	}
}

func TestOverSpills(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var rows []sample
	for range 2000 {
		rows = append(rows, sample{fmt.Sprint("part", r.IntN(100)), int64(r.IntN(20))})
	}
	f := overSamples(op.OverRowNumber[sample](put[int64]), frameOf(op.Bound[sample]{Kind: op.AtRow, Rows: -3}, op.Bound[sample]{Kind: op.AtRow}, true))
	want := overOf(t, f, rows...)
	b, sub := newBudget(t, int64(len(rows)*entryBytes/10))
	out := &taken[measured]{}
	o := op.NewOver(sub, stream.Consumer[measured](out), f)
	giveSamples(t, o, rows)
	if err := errors.Join(b.end(o.Control), o.Close()); err != nil {
		t.Fatal(err)
	}
	if out.take() != want {
		t.Error("another result than in memory")
	}
	b.spilled(t)
}

// allWindows has every function, with frames that move along, go back to the
// start and lie far off.
func allWindows() op.OverFuncs[sample, measured] {
	near := op.Bound[sample]{Kind: op.AtDistance, Compare: func(row, current *sample) int { return cmp.Compare(row.at, current.at-2) }}
	return overSamples(
		op.OverRowNumber[sample](put[int64]), op.OverRank[sample](put[int64]), op.OverDenseRank[sample](put[int64]),
		op.OverPercentRank[sample](put[float64]), op.OverCumeDist[sample](put[float64]),
		op.OverTile(func(*sample) int64 { return 7 }, put[int64]),
		op.OverShift(-1, func(r *sample) int64 { return 300 + r.at }, func(o *measured, r *sample) { put(o, r.at) }, func(o *measured, _ *sample) { put(o, "none") }),
		op.OverShift(1, func(r *sample) int64 { return 1 }, func(o *measured, r *sample) { put(o, r.at) }, func(o *measured, r *sample) { put(o, -r.at) }),
		frameOf(op.Bound[sample]{Kind: op.AtRow, Rows: -200}, op.Bound[sample]{Kind: op.AtRow, Rows: 500}, true),
		frameOf(op.Bound[sample]{Kind: op.Unbounded}, op.Bound[sample]{Kind: op.AtPeers}, false),
		frameOf(near, op.Bound[sample]{Kind: op.AtPeers}, false),
		frameOf(op.Bound[sample]{Kind: op.AtPeers}, op.Bound[sample]{Kind: op.Unbounded}, true),
	)
}

// TestOverSpillsPartitions has partitions of ten times the budget, one of them
// with equal rows alone.
func TestOverSpillsPartitions(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	var rows []sample
	for i := range 3000 {
		rows = append(rows, sample{"large", int64(r.IntN(1000))}, sample{"flat", 7})
		if i%10 == 0 {
			rows = append(rows, sample{fmt.Sprint("p", i%50), int64(r.IntN(20))})
		}
	}
	for _, order := range []bool{true, false} {
		f := allWindows()
		if !order {
			f.Order = nil
			f.Windows = append(f.Windows[:8:8], f.Windows[11])
		}
		want := overOf(t, f, rows...)
		b, sub := newBudget(t, 3000*entryBytes/10)
		out := &taken[measured]{}
		o := op.NewOver(sub, stream.Consumer[measured](out), f)
		giveSamples(t, o, rows)
		if err := errors.Join(b.end(o.Control), o.Close()); err != nil {
			t.Fatal(err)
		}
		if out.take() != want {
			t.Errorf("order %t: another result than in memory", order)
		}
		b.spilled(t)
	}
}

// TestOverTellsWhenAFileIsDamaged cuts the files off while rows are given out.
func TestOverTellsWhenAFileIsDamaged(t *testing.T) {
	b, sub := newBudget(t, 2000)
	var rows []sample
	for i := range 3000 {
		rows = append(rows, sample{"a", int64(i)})
	}
	o := op.NewOver(sub, stream.Consumer[measured](&taken[measured]{}), allWindows())
	giveSamples(t, o, rows)
	if err := o.Control(stream.Control{Kind: stream.End}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := b.work[0](); err != nil {
			t.Fatal(err)
		}
	}
	paths, err := filepath.Glob(filepath.Join(b.dir, "*", "*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%q, %v", paths, err)
	}
	for _, path := range paths {
		if err := os.Truncate(path, 2000); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.end(func(stream.Control) error { return nil }); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

func giveSamples(t *testing.T, to stream.Consumer[sample], rows []sample) {
	t.Helper()
	for chunk := range slices.Chunk(rows, 3) {
		b := new(stream.Pool[sample]).Get()
		b.Arena = val.NewArena()
		for _, r := range chunk {
			*b.Add() = sample{b.Arena.Concat(r.part), r.at}
		}
		if err := to.Process(b); err != nil {
			t.Fatal(err)
		}
	}
}
