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

func TestFaults(t *testing.T) {
	for _, c := range [][]string{
		{"fields.n.kind", "sequense", "neither random nor sequence"},
		{"fields.n.kind", "sequence", "fields.n.start"},
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
