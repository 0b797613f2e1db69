package datagen

import (
	"errors"
	"io"
	"strings"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

func table(options ...string) *conn.Table {
	t := &conn.Table{Name: "t", Options: map[string]string{"connector": "datagen"}, Columns: []val.Column{{Name: "n", Type: "INT"}}}
	for i := 0; i < len(options); i += 2 {
		t.Options[options[i]] = options[i+1]
	}
	return t
}

// read takes up to limit rows of a column that counts.
func read(t *testing.T, s *Source, tab *conn.Table, limit int) (numbers []int64) {
	t.Helper()
	d, err := NewDecoder(tab)
	if err != nil {
		t.Fatal(err)
	}
	integer := types.Of(types.Int)
	for len(numbers) < limit {
		var r conn.Records
		err := s.Poll(t.Context(), nil, &r, limit-len(numbers))
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range r.Values {
			if _, err := d.Split(rec); err != nil {
				t.Fatal(err)
			}
			x, err := d.Datum(0, &integer, r.Arena)
			if err != nil {
				t.Fatal(err)
			}
			numbers = append(numbers, x.Int())
		}
	}
	return numbers
}

// TestRestoredElsewhere counts at parallelism 2, and goes on at parallelism 3.
func TestRestoredElsewhere(t *testing.T) {
	tab := table("fields.n.kind", "sequence", "fields.n.start", "10", "fields.n.end", "29", "rows-per-second", "1000000")
	seen := map[int64]int{}
	var list [][]byte
	run := func(index, parallelism, limit int, from *state.Restored) {
		s, err := NewSource(&stream.Subtask{Index: index, Parallelism: parallelism}, tab)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.Restore(from), s.Open(t.Context())); err != nil {
			t.Fatal(err)
		}
		for _, n := range read(t, s, tab, limit) {
			seen[n]++
		}
		var snap state.Snapshot
		if err := s.Snapshot(&snap); err != nil {
			t.Fatal(err)
		}
		list = append(list, snap.List...)
	}
	run(0, 2, 3, &state.Restored{Fresh: true})
	run(1, 2, 6, &state.Restored{Fresh: true})
	from := &state.Restored{List: list}
	for i := range 3 {
		run(i, 3, 100, from)
	}
	if len(seen) != 20 {
		t.Errorf("%d numbers", len(seen))
	}
	for n, times := range seen {
		if times != 1 || n < 10 || n > 29 {
			t.Errorf("%d came %d times", n, times)
		}
	}
	s, err := NewSource(&stream.Subtask{Parallelism: 1}, tab)
	if err != nil {
		t.Fatal(err)
	}
	if s.Restore(&state.Restored{List: [][]byte{{1}}}) == nil {
		t.Error("a damaged entry is taken")
	}
}

// TestNested makes values of nested types, whose parts have options of their own.
func TestNested(t *testing.T) {
	count := types.Of(types.Int)
	text := types.String()
	row := types.Type{Kind: types.Row, Names: []string{"n", "a,b"}, Elems: []types.Type{count, text}}
	for _, c := range []struct {
		typ     types.Type
		options []string
		want    string
	}{
		{types.Type{Kind: types.Array, Elems: []types.Type{count}}, []string{"fields.n.element.min", "7", "fields.n.element.max", "7"}, "[7, 7, 7]"},
		{types.Type{Kind: types.Map, Elems: []types.Type{count, row}}, []string{"fields.n.key.min", "1", "fields.n.key.max", "1", "fields.n.value.n.max", "2", "fields.n.value.n.min", "2", "fields.n.value.a,b.null-rate", "1"}, "{1=+I[2, null]}"},
		{row, []string{"fields.n.n.min", "3", "fields.n.n.max", "3", "fields.n.a,b.length", "0"}, "+I[3, ]"},
		{types.Type{Kind: types.Array, Nullable: true, Elems: []types.Type{count}}, []string{"fields.n.null-rate", "1"}, "null"},
	} {
		tab := table(c.options...)
		tab.Columns[0].Type = c.typ.String()
		d, err := NewDecoder(tab)
		if err != nil {
			t.Errorf("%s: %v", c.typ, err)
			continue
		}
		v, err := d.Datum(0, &c.typ, val.NewArena())
		if got := string(val.AppendJava(nil, v, &c.typ)); err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", c.typ, got, err, c.want)
		}
	}
	tab := table("fields.n.element.kind", "random") // parts are always random
	tab.Columns[0].Type = "ARRAY<INT>"
	if _, err := NewDecoder(tab); err == nil || !strings.Contains(err.Error(), "unknown option fields.n.element.kind") {
		t.Errorf("got %v", err)
	}
	multiset := types.Type{Kind: types.Multiset, Elems: []types.Type{count}}
	tab = table()
	tab.Columns[0].Type = multiset.String()
	d, err := NewDecoder(tab)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := d.Datum(0, &multiset, val.NewArena()); err != nil || v.Map().Len() != entries {
		t.Errorf("%d elements, %v", v.Map().Len(), err)
	}
}

func TestFaults(t *testing.T) {
	for _, c := range [][]string{
		{"fields.n.kind", "sequense", "neither random nor sequence"},
		{"fields.n.kind", "sequence", "fields.n.start"},
		{"fields.n.element.min", "1", "unknown option fields.n.element.min"},
		{"fields.m.min", "1", "unknown option fields.m.min"},
		{"fields.n.min", "x", "no whole number"},
		{"rows-per-second", "0", "there must be some"},
		{"fields.n.max-past", "soon", "not a duration"},
	} {
		if _, err := NewDecoder(table(c[0], c[1])); err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s = %s: %v; want %s", c[0], c[1], err, c[2])
		}
	}
}
