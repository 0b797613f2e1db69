package op_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pyfc/rt/op"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// entry is the row of the tests of operators that order: a key, and when it
// came.
type entry struct {
	key string
	nr  int64
}

func (e entry) String() string { return fmt.Sprintf("%s%d", e.key, e.nr) }

// byKey is what generated code would say of ORDER BY key.
func byKey(offset, limit int64) op.SortFuncs[entry] {
	return op.SortFuncs[entry]{
		RowFuncs: op.RowFuncs[entry]{
			Keep:   func(e *entry) { e.key = val.Keep(e.key) },
			Viewed: func(e *entry) int { return len(e.key) },
			Append: appendEntry,
			Read:   readEntry,
		},
		Compare: func(x, y *entry) int { return cmp.Compare(x.key, y.key) },
		Offset:  offset, Limit: limit,
	}
}

func appendEntry(dst []byte, e *entry) []byte { return val.EncodeInt(val.EncodeText(dst, e.key), e.nr) }

func readEntry(src []byte, e *entry) ([]byte, error) {
	src, err := val.DecodeText(src, &e.key)
	if err == nil {
		src, err = val.DecodeInt(src, &e.nr)
	}
	return src, err
}

// taken is a consumer that keeps the changes of a stream.
type taken[R fmt.Stringer] struct{ changes []string }

func (c *taken[R]) Process(b *stream.Batch[R]) error {
	for i, r := range b.Rows {
		text := r.String()
		if len(b.Kinds) > 0 {
			text = b.Kind(i).String() + text
		}
		c.changes = append(c.changes, text)
	}
	b.Release()
	return nil
}

func (c *taken[R]) Control(stream.Control) error { return nil }
func (c *taken[R]) Ready() bool                  { return true }

func (c *taken[R]) take() string {
	out := strings.Join(c.changes, " ")
	c.changes = nil
	return out
}

func subtask(index, parallelism int) *stream.Subtask {
	return &stream.Subtask{UID: "op1", Index: index, Parallelism: parallelism, BatchSize: 2}
}

// feed passes rows in batches of n whose strings view an arena.
func feed(t *testing.T, to stream.Consumer[entry], rows []entry, n int) {
	t.Helper()
	for chunk := range slices.Chunk(rows, n) {
		b := new(stream.Pool[entry]).Get()
		b.Arena = val.NewArena()
		for _, r := range chunk {
			*b.Add() = entry{b.Arena.Concat(r.key), r.nr}
		}
		if err := to.Process(b); err != nil {
			t.Fatal(err)
		}
	}
}

func finish(t *testing.T, to stream.Consumer[entry]) {
	t.Helper()
	if err := to.Control(stream.Control{Kind: stream.End}); err != nil {
		t.Fatal(err)
	}
}

// Whatever offset and limit, a Sort gives what sorting all rows stably and
// cutting would.
func TestSortAgainstSortingAll(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var rows []entry
		for i := range r.IntN(60) {
			rows = append(rows, entry{string(rune('a' + r.IntN(6))), int64(i)})
		}
		offset, limit := int64(r.IntN(4)), int64(r.IntN(12))-1
		ordered := r.IntN(4) > 0
		f := byKey(offset, limit)
		want := slices.Clone(rows)
		if ordered {
			slices.SortStableFunc(want, func(x, y entry) int { return cmp.Compare(x.key, y.key) })
		} else {
			f.Compare = nil
		}
		want = want[min(int(offset), len(want)):]
		if limit >= 0 {
			want = want[:min(int(limit), len(want))]
		}
		out := &taken[entry]{}
		s := op.NewSort(subtask(0, 1), stream.Consumer[entry](out), f)
		feed(t, s, rows, 1+r.IntN(5))
		finish(t, s)
		if got, want := out.take(), strings.Trim(fmt.Sprint(want), "[]"); got != want {
			t.Fatalf("offset %d limit %d ordered %t of %v:\ngot  %s\nwant %s", offset, limit, ordered, rows, got, want)
		}
	}
}

// What came before a checkpoint is sorted with what comes after it, in the one
// subtask that gets all rows.
func TestSortGoesOnFromSnapshot(t *testing.T) {
	s := op.NewSort(subtask(0, 1), stream.Consumer[entry](&taken[entry]{}), byKey(0, -1))
	feed(t, s, []entry{{"c", 1}, {"a", 2}}, 2)
	var snap state.Snapshot
	if err := s.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	r := &state.Restored{Groups: map[int][][]byte{}}
	for g, data := range snap.Groups {
		if data != nil {
			r.Groups[g] = [][]byte{data}
		}
	}
	out := &taken[entry]{}
	s = op.NewSort(subtask(1, 2), stream.Consumer[entry](out), byKey(0, -1))
	if err := s.Restore(r); err != nil {
		t.Fatal(err)
	}
	feed(t, s, []entry{{"b", 3}}, 1)
	finish(t, s)
	if got := out.take(); got != "a2 b3 c1" {
		t.Error(got)
	}
	for g := range r.Groups {
		r.Groups[g][0] = r.Groups[g][0][:4]
	}
	if err := op.NewSort(subtask(0, 1), stream.Consumer[entry](out), byKey(0, -1)).Restore(r); err == nil {
		t.Error("damaged state is accepted")
	}
}
