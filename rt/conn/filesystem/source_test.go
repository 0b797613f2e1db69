package filesystem

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/format/csv"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

func subtask(index, parallelism int) *stream.Subtask {
	return &stream.Subtask{UID: "source", Index: index, Parallelism: parallelism, Count: &stream.Counters{}, Log: slog.New(slog.DiscardHandler), BatchSize: 16}
}

func table(path string, options ...string) *conn.Table {
	t := &conn.Table{Name: "t", Options: map[string]string{"connector": "filesystem", "path": path, "format": "csv"}, Columns: []val.Column{{Name: "a", Type: "STRING"}}}
	for i := 0; i < len(options); i += 2 {
		t.Options[options[i]] = options[i+1]
	}
	return t
}

// opened makes a source; restored may be nil for a fresh start.
func opened(t *testing.T, sub *stream.Subtask, tab *conn.Table, restored *state.Restored) *Source {
	t.Helper()
	splitter, err := csv.NewSplitter(tab)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSource(sub, tab, splitter)
	if err != nil {
		t.Fatal(err)
	}
	if restored == nil {
		restored = &state.Restored{Fresh: true}
	}
	if err := s.Restore(restored); err != nil {
		t.Fatal(err)
	}
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// read takes records until there are n, or all if n is negative.
func read(t *testing.T, s *Source, n, limit int) (out []string) {
	t.Helper()
	for n < 0 || len(out) < n {
		var r conn.Records
		err := s.Poll(t.Context(), nil, &r, limit)
		for _, v := range r.Values {
			out = append(out, val.Keep(val.View(v)))
		}
		r.Arena.Release()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestReadsVisibleFilesOfAFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "b"), "b1\nb2\n")
	write(t, filepath.Join(dir, "a"), "\uFEFFa1\n\"a\n2\"")
	write(t, filepath.Join(dir, "sub", "c"), "c1\r\n\r\n")
	write(t, filepath.Join(dir, ".hidden"), "no")
	write(t, filepath.Join(dir, "_SUCCESS"), "no")
	write(t, filepath.Join(dir, "_tmp", "d"), "no")
	write(t, filepath.Join(dir, "empty"), "")
	want := []string{"a1", "\"a\n2\"", "b1", "b2", "c1", ""}
	for _, path := range []string{dir, "file://" + dir} {
		if got := read(t, opened(t, subtask(0, 1), table(path), nil), -1, 100); !slices.Equal(got, want) {
			t.Errorf("%s: got %q", path, got)
		}
	}
	var got []string
	for i := range 3 {
		got = append(got, read(t, opened(t, subtask(i, 3), table(dir), nil), -1, 100)...)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("three subtasks: got %q", got)
	}
}

// TestRecordsLargerThanABlock reads records that cross blocks and one that is
// larger than several.
func TestRecordsLargerThanABlock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	var want []string
	for i := range 20000 {
		want = append(want, fmt.Sprintf("record %d of a file of several blocks", i))
	}
	want = append(want, `"`+strings.Repeat("x\n", 2*blockSize)+`"`, "last")
	write(t, path, strings.Join(want, "\n"))
	for _, limit := range []int{1, 1000} {
		if got := read(t, opened(t, subtask(0, 1), table(path), nil), -1, limit); !slices.Equal(got, want) {
			t.Errorf("limit %d: got %d records, want %d", limit, len(got), len(want))
		}
	}
}

func TestRestoresInTheMiddleOfAFile(t *testing.T) {
	dir := t.TempDir()
	var want []string
	for f := range 3 {
		var lines []string
		for i := range 10 {
			lines = append(lines, fmt.Sprintf("f%d-%d", f, i))
		}
		want = append(want, lines...)
		write(t, filepath.Join(dir, fmt.Sprint(f)), strings.Join(lines, "\n"))
	}
	for cut := range len(want) + 1 {
		s := opened(t, subtask(0, 1), table(dir), nil)
		got := read(t, s, cut, 1)
		var c state.Snapshot
		if err := s.Snapshot(&c); err != nil {
			t.Fatal(err)
		}
		for i := range 2 {
			got = append(got, read(t, opened(t, subtask(i, 2), table(dir), &state.Restored{List: c.List}), -1, 7)...)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("after %d records: got %q", cut, got)
		}
	}
}

func TestFaults(t *testing.T) {
	missing := table(filepath.Join(t.TempDir(), "nowhere"))
	splitter, err := csv.NewSplitter(missing)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSource(subtask(0, 1), missing, splitter)
	if err != nil {
		t.Fatal(err)
	}
	var user *conn.Misconfigured
	if err := s.Open(t.Context()); !errors.As(err, &user) || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("no file: %v", err)
	}
	if _, err := NewSource(subtask(0, 1), table("s3://bucket/key"), splitter); err == nil || !strings.Contains(err.Error(), "built for local files") {
		t.Errorf("s3: %v", err)
	}
	legacy := &conn.Table{Options: map[string]string{"connector.type": "filesystem", "connector.path": "x", "format.type": "csv", "format.null-literal": "n"}}
	if errs := Connector.Check(&Options{Path: "x"}, legacy); len(errs) != 1 || errs[0].Key != "format.null-literal" {
		t.Errorf("null-literal: %v", errs)
	}
}

func TestOptionsAreThoseOfFlink(t *testing.T) {
	n := 0
	for _, o := range conn.Describe(Options{}) {
		if o.Doc == "" {
			t.Errorf("%s%s has no description", o.Key, o.Legacy)
		}
		if o.Key != "" {
			n++
		}
	}
	if n != 24 { // 18 of the table, 4 of the text, 2 that 1.20 added
		t.Errorf("%d options", n)
	}
}

// TestReadsOnlyNeededPartitions lists the folders that a condition chooses, NULL
// among them, and tells where one has no value of the column's type.
func TestReadsOnlyNeededPartitions(t *testing.T) {
	dir := t.TempDir()
	for _, p := range []string{"d=x/h=1", "d=x/h=2", "d=y/h=__DEFAULT_PARTITION__"} {
		write(t, filepath.Join(dir, p, "f"), p+"\n")
	}
	number := types.Of(types.Int)
	tab := table(dir)
	tab.Columns = append(tab.Columns, val.Column{Name: "d", Type: "STRING"}, val.Column{Name: "h", Type: "INT"})
	tab.PartitionBy = []int{1, 2}
	tab.Partitions = &conn.Partitions{Columns: []conn.Aside{{Column: 2, Type: &number}}, Holds: func(v []val.Datum, holds *bool) error {
		*holds = v[0].Null || v[0].Int() > 1
		return nil
	}}
	want := []string{"d=x/h=2", "d=y/h=__DEFAULT_PARTITION__"}
	if got := read(t, opened(t, subtask(0, 1), tab, nil), -1, 100); !slices.Equal(got, want) {
		t.Errorf("read %q", got)
	}
	write(t, filepath.Join(dir, "d=z", "h=many", "f"), "1\n")
	s, err := NewSource(subtask(0, 1), tab, conn.LineSplitter{})
	if err != nil {
		t.Fatal(err)
	}
	var bad *conn.BadData
	if err := s.Open(t.Context()); !errors.As(err, &bad) || bad.Column != "h" {
		t.Errorf("h=many: %v", err)
	}
}

// TestLocatesRecords says of each record in which file and line it begins, in
// blocks other than the first, and behind records of two lines.
func TestLocatesRecords(t *testing.T) {
	dir := t.TempDir()
	want := map[string]string{}
	for _, name := range []string{"a.csv", "b.csv"} {
		var text strings.Builder
		line := 1
		for i := range 3 * blockSize / 20 {
			record := fmt.Sprintf("%s %d, padded", name, i)
			if i%7 == 0 {
				record = fmt.Sprintf("\"%s %d\n on two lines\"", name, i)
			}
			want[record] = fmt.Sprintf("%s:%d", filepath.Join(dir, name), line)
			line += strings.Count(record, "\n") + 1
			text.WriteString(record + "\n")
		}
		write(t, filepath.Join(dir, name), text.String())
	}
	s := opened(t, subtask(0, 1), table(dir), nil)
	for n := 0; ; n++ {
		var r conn.Records
		err := s.Poll(t.Context(), nil, &r, 1000)
		if len(r.Values) > 0 {
			for _, i := range []int{0, len(r.Values) / 2, len(r.Values) - 1} {
				if got := s.Locate(i, r.Values[i]); got != want[string(r.Values[i])] {
					t.Fatalf("%q is at %s, want %s", r.Values[i], got, want[string(r.Values[i])])
				}
			}
		}
		r.Arena.Release()
		if errors.Is(err, io.EOF) {
			if n < 6 {
				t.Errorf("only %d polls", n)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
