package filesystem

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/val"
)

const soon = 10 * time.Millisecond

// await polls until there are n records.
func await(t *testing.T, s *Source, n int) (out []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for len(out) < n {
		var r conn.Records
		if err := s.Poll(ctx, nil, &r, 100); err != nil {
			t.Fatalf("after %q: %v", out, err)
		}
		for _, v := range r.Values {
			out = append(out, val.Keep(val.View(v)))
		}
		r.Arena.Release()
	}
	return out
}

// TestMonitor reads files as they come, and goes on from a checkpoint with those
// that came meanwhile, whatever the parallelism.
func TestMonitor(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), "a1\na2\n")
	s := opened(t, subtask(0, 1), table(dir, "source.monitor-interval", soon.String()), nil)
	if got := await(t, s, 2); !slices.Equal(got, []string{"a1", "a2"}) {
		t.Errorf("%q", got)
	}
	write(t, filepath.Join(dir, "sub", "b"), "b1\nb2\n")
	if got := await(t, s, 2); !slices.Equal(got, []string{"b1", "b2"}) {
		t.Errorf("a new file: %q", got)
	}
	var snap state.Snapshot
	must(t, s.Snapshot(&snap))
	for _, name := range []string{"c", "d", "e", "f"} {
		write(t, filepath.Join(dir, name), name+"\n")
	}
	var got []string
	for i := range 2 {
		again := opened(t, subtask(i, 2), table(dir, "source.monitor-interval", soon.String()), &state.Restored{List: snap.List})
		owned := 0
		for _, name := range []string{"c", "d", "e", "f"} {
			if again.owns(filepath.Join(dir, name)) {
				owned++
			}
		}
		got = append(got, await(t, again, owned)...)
	}
	slices.Sort(got)
	if !slices.Equal(got, []string{"c", "d", "e", "f"}) {
		t.Errorf("two subtasks after a restart: %q", got)
	}
}

// TestMonitorWakes: a source that waits for files lets its task do something
// else, and ends with it.
func TestMonitorWakes(t *testing.T) {
	s := opened(t, subtask(0, 1), table(t.TempDir(), "source.monitor-interval", "1 h"), nil)
	wake := make(chan struct{}, 1)
	wake <- struct{}{}
	var r conn.Records
	if err := s.Poll(t.Context(), wake, &r, 10); err != nil || len(r.Values) > 0 {
		t.Errorf("%d records, %v", len(r.Values), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Poll(ctx, nil, &r, 10); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

func TestPathPattern(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.csv", "b.txt", "sub/s.csv", ".hidden/h.csv"} {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), filepath.Base(name)+"\n")
	}
	for _, c := range []struct {
		pattern string
		want    []string
	}{
		{`/.*\.csv`, []string{"a.csv", "s.csv"}},
		{`.*/[ab]\..*`, []string{"a.csv", "b.txt"}},
		{`b.txt`, nil}, // the whole path must match
		{dir + `/sub/.*`, []string{"s.csv"}},
		{`.*/a\.csv|.*/b\.txt`, []string{"a.csv", "b.txt"}},
	} {
		if got := read(t, opened(t, subtask(0, 1), table(dir, "source.path.regex-pattern", c.pattern), nil), -1, 100); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.pattern, got)
		}
	}
	if errs := Connector.Check(&Options{Path: "x", PathRegex: "["}, &conn.Table{}); len(errs) != 1 || errs[0].Kind != conn.BadValue {
		t.Errorf("a bad pattern: %v", errs)
	}
}

// TestPartitionsAreMadeKnown once their files have their names and the delay is
// over, also after a restart, and at the end of the input.
func TestPartitionsAreMadeKnown(t *testing.T) {
	dir := t.TempDir()
	byDay := func(t *conn.Table) { t.PartitionBy = []int{1} }
	known := func(day string) bool {
		_, err := os.Stat(filepath.Join(dir, "day="+day, "_SUCCESS"))
		return err == nil
	}
	options := []string{"sink.partition-commit.policy.kind", "success-file", "sink.partition-commit.delay", "1 h", "sink.rolling-policy.file-size", "1b"}
	s := newSink(t, dir, byDay, options...)
	must(t, s.Open(t.Context()))
	send(t, s, pair{"1", "x"})
	var snap state.Snapshot
	must(t, s.Snapshot(&snap), s.Committed(1))
	expect(t, dir, "day=x:1")
	if known("x") {
		t.Error("known before the delay is over")
	}
	s.opts.RollSize = 1 << 20
	send(t, s, pair{"2", "y"})
	must(t, s.commitPartitions(time.Now().Add(2*time.Hour)))
	if !known("x") || known("y") {
		t.Errorf("after the delay: %v %v", known("x"), known("y"))
	}
	must(t, os.Remove(filepath.Join(dir, "day=x", "_SUCCESS")), s.Close())

	again := newSink(t, dir, byDay, options...)
	again.sub.Parallelism = 1
	must(t, again.Restore(&state.Restored{List: snap.List}), again.Open(t.Context()))
	if known("x") {
		t.Error("the restart makes the partition known")
	}
	must(t, again.commitPartitions(time.Now().Add(2*time.Hour)))
	if !known("x") {
		t.Error("the restart has forgotten the partition")
	}
	send(t, again, pair{"3", "z"})
	var last state.Snapshot
	must(t, again.finishAll())
	again.ended = true
	must(t, again.Snapshot(&last), again.Committed(2))
	if !known("z") {
		t.Error("not known at the end")
	}
	must(t, again.Close())
}
