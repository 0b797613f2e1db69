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

// place is a row with its number.
type place struct {
	entry
	number int64
}

func (p place) String() string { return fmt.Sprintf("(%s,%d)", p.entry, p.number) }

// ranking is what generated code would say of ROW_NUMBER() OVER (PARTITION BY
// nr % 2 ORDER BY key).
func ranking(from, to int64, numbered bool, s op.RankStrategy) op.RankFuncs[entry, int64, place] {
	return op.RankFuncs[entry, int64, place]{
		Key:        func(e *entry) int64 { return e.nr % 2 },
		Hash:       func(k *int64) uint64 { return val.HashInt(val.HashSeed, uint64(*k)) },
		Keep:       func(e *entry) { e.key = val.Keep(e.key) },
		Compare:    func(x, y *entry) int { return cmp.Compare(x.key, y.key) },
		Same:       func(x, y *entry) bool { return *x == *y },
		Write:      func(e *entry, n int64, o *place) { *o = place{*e, n} },
		Append:     appendEntry,
		Read:       readEntry,
		From:       from,
		To:         to,
		Numbered:   numbered,
		Strategy:   s,
		EmitBefore: true,
	}
}

type entryChange struct {
	kind val.RowKind
	entry
}

func changes(t *testing.T, to stream.Consumer[entry], list ...entryChange) {
	t.Helper()
	b := new(stream.Pool[entry]).Get()
	b.Arena = val.NewArena()
	for _, c := range list {
		*b.AddKind(c.kind) = entry{b.Arena.Concat(c.key), c.nr}
	}
	if err := to.Process(b); err != nil {
		t.Fatal(err)
	}
}

// Whatever comes and goes, the changes that are emitted leave the rows that
// sorting what is there would give.
func TestRankAgainstSorting(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		from := int64(1 + r.IntN(3))
		to := from + int64(r.IntN(3))
		numbered := from > 1 || r.IntN(2) == 0
		strategy := op.RankStrategy(op.RankRetract)
		if r.IntN(2) == 0 {
			strategy = op.RankAppend
		}
		out := &taken[place]{}
		rank := op.NewRank(subtask(0, 1), stream.Consumer[place](out), ranking(from, to, numbered, strategy))
		var rows []entry
		shown := map[string]int{}
		for i := range 30 {
			if strategy == op.RankRetract && len(rows) > 0 && r.IntN(3) == 0 {
				at := r.IntN(len(rows))
				changes(t, rank, entryChange{val.Delete, rows[at]})
				rows = slices.Delete(rows, at, at+1)
			} else {
				e := entry{string(rune('a' + r.IntN(5))), int64(i)}
				changes(t, rank, entryChange{val.Insert, e})
				rows = append(rows, e)
			}
			apply(shown, out.take(), numbered)
			if want := numberedRows(rows, from, to, numbered); fmt.Sprint(shown) != fmt.Sprint(want) {
				t.Fatalf("from %d to %d numbered %t %d of %v:\ngot  %v\nwant %v", from, to, numbered, strategy, rows, shown, want)
			}
		}
	}
}

// apply applies changes to a bag of rows.
func apply(bag map[string]int, changes string, numbered bool) {
	for _, c := range strings.Fields(changes) {
		row := c[2:]
		if !numbered {
			row, _, _ = strings.Cut(row, ",")
		}
		if c[0] == '+' {
			bag[row]++
		} else if bag[row]--; bag[row] == 0 {
			delete(bag, row)
		}
	}
}

func numberedRows(rows []entry, from, to int64, numbered bool) map[string]int {
	out := map[string]int{}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(x, y entry) int { return cmp.Compare(x.key, y.key) })
	counts := map[int64]int64{}
	for _, e := range rows {
		counts[e.nr%2]++
		if n := counts[e.nr%2]; n >= from && n <= to {
			text := place{e, n}.String()
			if !numbered {
				text, _, _ = strings.Cut(text, ",")
			}
			out[text]++
		}
	}
	return out
}

// What was kept goes on at another parallelism; damaged state is refused.
func TestRankGoesOnFromSnapshot(t *testing.T) {
	f := ranking(1, 2, true, op.RankRetract)
	rank := op.NewRank(subtask(0, 1), stream.Consumer[place](&taken[place]{}), f)
	changes(t, rank, entryChange{val.Insert, entry{"b", 1}}, entryChange{val.Insert, entry{"c", 2}}, entryChange{val.Insert, entry{"a", 3}}, entryChange{val.Insert, entry{"d", 5}})
	var snap state.Snapshot
	if err := rank.Snapshot(&snap); err != nil {
		t.Fatal(err)
	}
	got := ""
	for i := range 2 {
		r := &state.Restored{Groups: map[int][][]byte{}}
		for g, data := range snap.Groups {
			if data != nil && state.Owner(g, 2) == i {
				r.Groups[g] = [][]byte{data}
			}
		}
		out := &taken[place]{}
		rank := op.NewRank(subtask(i, 2), stream.Consumer[place](out), f)
		if err := rank.Restore(r); err != nil {
			t.Fatal(err)
		}
		changes(t, rank, entryChange{val.Delete, entry{"a", 3}}, entryChange{val.Delete, entry{"c", 2}})
		got += " " + out.take()
		for g := range r.Groups {
			r.Groups[g][0] = r.Groups[g][0][:len(r.Groups[g][0])-1]
			if err := op.NewRank(subtask(i, 2), stream.Consumer[place](out), f).Restore(r); err == nil {
				t.Error("damaged state is accepted")
			}
		}
	}
	parts := strings.Fields(got)
	slices.Sort(parts)
	if want := "+U(b1,1) +U(d5,2) -D(c2,1) -U(a3,1) -U(b1,2)"; strings.Join(parts, " ") != want {
		t.Errorf("got %s", got)
	}
}

// The latest of equal rows is kept: by an order, and by none, where each row
// replaces the one before.
func TestRankLast(t *testing.T) {
	for _, c := range []struct {
		ordered bool
		want    string
	}{
		{true, "+I(a1,1) -U(a1,1) +U(a3,1) +I(b2,1)"},
		{false, "+I(a1,1) -U(a1,1) +U(a3,1) -U(a3,1) +U(c5,1) +I(b2,1)"},
	} {
		f := ranking(1, 1, false, op.RankLast)
		if !c.ordered {
			f.Compare = nil
		}
		out := &taken[place]{}
		rank := op.NewRank(subtask(0, 1), stream.Consumer[place](out), f)
		for _, e := range []entry{{"a", 1}, {"a", 3}, {"c", 5}, {"b", 2}} {
			changes(t, rank, entryChange{val.Insert, e})
		}
		if got := strings.TrimSpace(out.take()); got != c.want {
			t.Errorf("ordered %t: got %s, want %s", c.ordered, got, c.want)
		}
	}
}
