package filesystem

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// line is an encoder of texts: the columns, joined by commas.
type line struct{ buf []byte }

func (l *line) Record() ([]byte, error) {
	record := l.buf
	l.buf = nil
	return record, nil
}

func (l *line) String(v string) {
	if len(l.buf) > 0 {
		l.buf = append(l.buf, ',')
	}
	l.buf = append(l.buf, v...)
}
func (l *line) Null()                        { l.String("null") }
func (l *line) Bool(bool)                    {}
func (l *line) Int8(int8)                    {}
func (l *line) Int16(int16)                  {}
func (l *line) Int32(int32)                  {}
func (l *line) Int64(int64)                  {}
func (l *line) Float32(float32)              {}
func (l *line) Float64(float64)              {}
func (l *line) Decimal(val.Decimal, int)     {}
func (l *line) Datum(val.Datum, *types.Type) {}

type pair struct{ a, day string }

func writePair(p *pair, w val.Writer) {
	w.String(p.a)
	w.String(p.day)
}

// newSink returns a sink of pairs into dir, by default in streaming mode and one
// of two subtasks.
func newSink(t *testing.T, dir string, change func(*conn.Table), options ...string) *Sink[pair] {
	t.Helper()
	table := conn.Table{Name: "t", Columns: []val.Column{{Name: "a", Type: "STRING"}, {Name: "day", Type: "STRING"}},
		Options: map[string]string{"connector": "filesystem", "format": "csv", "path": dir}}
	for i := 0; i < len(options); i += 2 {
		table.Options[options[i]] = options[i+1]
	}
	if change != nil {
		change(&table)
	}
	s, err := NewSink(&stream.Subtask{Parallelism: 2, Count: &stream.Counters{}}, table, writePair, &line{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func send(t *testing.T, s *Sink[pair], rows ...pair) {
	t.Helper()
	var pool stream.Pool[pair]
	b := pool.Get()
	b.Rows = append(b.Rows, rows...)
	if err := s.Process(b); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// content is what a reader sees: the lines of the visible files with the folders
// that they are in.
func content(t *testing.T, dir string) []string {
	t.Helper()
	files, err := local{}.List(dir)
	must(t, err)
	var out []string
	for _, f := range files {
		data, err := os.ReadFile(f.Path)
		must(t, err)
		folder, err := filepath.Rel(dir, filepath.Dir(f.Path))
		must(t, err)
		for l := range strings.Lines(string(data)) {
			out = append(out, folder+":"+strings.TrimSpace(l))
		}
	}
	slices.Sort(out)
	return out
}

func expect(t *testing.T, dir string, want ...string) {
	t.Helper()
	if got := content(t, dir); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestSinkExactlyOnce takes checkpoints and starts again from one, at another
// parallelism, after rows that it doesn't have.
func TestSinkExactlyOnce(t *testing.T) {
	dir := t.TempDir()
	s := newSink(t, dir, nil, "sink.rolling-policy.file-size", "4b")
	must(t, s.Open(t.Context()))
	send(t, s, pair{"1", "x"}, pair{"22", "x"}) // the first is four bytes long
	expect(t, dir)
	var first state.Snapshot
	must(t, s.Snapshot(&first))
	expect(t, dir)
	must(t, s.Committed(1))
	expect(t, dir, ".:1,x", ".:22,x")
	s.opts.RollSize = 1 << 20
	send(t, s, pair{"3", "x"}, pair{"4", "x"})
	var snap state.Snapshot
	must(t, s.Snapshot(&snap), s.Committed(2))
	expect(t, dir, ".:1,x", ".:22,x") // the file goes on
	send(t, s, pair{"5", "x"})
	must(t, s.open[""].sync(), s.Close())

	again := newSink(t, dir, func(t *conn.Table) { t.Serial = 1 }) // another process has names of its own
	again.sub.Parallelism = 1
	must(t, again.Restore(&state.Restored{List: snap.List}), again.Open(t.Context()))
	expect(t, dir, ".:1,x", ".:22,x", ".:3,x", ".:4,x")
	// A second restart from the same checkpoint finds what the first has done.
	must(t, again.Restore(&state.Restored{List: snap.List}), again.Open(t.Context()))
	send(t, again, pair{"5", "x"})
	must(t, again.Control(stream.Control{Kind: stream.End}), again.Snapshot(&snap), again.Committed(3), again.Close())
	expect(t, dir, ".:1,x", ".:22,x", ".:3,x", ".:4,x", ".:5,x")
	if err := again.Restore(&state.Restored{List: [][]byte{{200}}}); err == nil {
		t.Error("a damaged entry is taken")
	}
}

func TestSinkRollsByAge(t *testing.T) {
	dir := t.TempDir()
	s := newSink(t, dir, nil, "sink.rolling-policy.rollover-interval", "1 min")
	send(t, s, pair{"1", "x"})
	must(t, s.rollOld(time.Now()))
	if len(s.open) != 1 {
		t.Error("a new file is finished")
	}
	must(t, s.rollOld(time.Now().Add(2*time.Minute)))
	if len(s.open) != 0 || len(s.finished) != 1 {
		t.Error("an old file is still written to")
	}
	must(t, s.Close())
}

// batch makes a table one of a batch job, partitioned by the day.
func batch(t *conn.Table) { t.Batch, t.PartitionBy = true, []int{1} }

// TestSinkBatch publishes at the end of the job, or never.
func TestSinkBatch(t *testing.T) {
	dir := t.TempDir()
	s := newSink(t, dir, batch, "sink.partition-commit.policy.kind", "success-file")
	must(t, s.Open(t.Context()))
	send(t, s, pair{"1", "2020-01-01"}, pair{"2", "a/b"}, pair{"3", ""})
	must(t, s.Control(stream.Control{Kind: stream.End}))
	expect(t, dir)
	must(t, s.Complete(), s.Close())
	expect(t, dir, "day=2020-01-01:1", "day=__DEFAULT_PARTITION__:3", "day=a%2Fb:2")
	if _, err := os.Stat(filepath.Join(dir, "day=a%2Fb", "_SUCCESS")); err != nil {
		t.Error(err)
	}

	over := newSink(t, dir, func(t *conn.Table) { batch(t); t.Overwrite, t.Serial = true, 1 })
	must(t, over.Open(t.Context()))
	send(t, over, pair{"4", "a/b"})
	must(t, over.Control(stream.Control{Kind: stream.End}), over.Complete(), over.Close())
	expect(t, dir, "day=2020-01-01:1", "day=__DEFAULT_PARTITION__:3", "day=a%2Fb:4")

	failed := newSink(t, dir, func(t *conn.Table) { batch(t); t.Serial = 2 })
	must(t, failed.Open(t.Context()))
	send(t, failed, pair{"5", "2020-01-01"})
	must(t, failed.Close())
	expect(t, dir, "day=2020-01-01:1", "day=__DEFAULT_PARTITION__:3", "day=a%2Fb:4")
	if left, _ := filepath.Glob(filepath.Join(dir, "day=2020-01-01", ".*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestSinkOverwritesAll replaces a table that isn't partitioned, also by nothing.
func TestSinkOverwritesAll(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "old"), []byte("x\n"), 0o666))
	s := newSink(t, dir, func(t *conn.Table) { t.Batch, t.Overwrite = true, true })
	must(t, s.Open(t.Context()), s.Control(stream.Control{Kind: stream.End}))
	expect(t, dir, ".:x")
	must(t, s.Complete(), s.Close())
	expect(t, dir)
}

// TestLegacySinkOverwrites removes at a stream's first start what is there, and
// not at later ones.
func TestLegacySinkOverwrites(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "old"), []byte("x\n"), 0o666))
	legacy := func(serial int) *Sink[pair] {
		return newSink(t, dir, func(t *conn.Table) {
			t.Options = map[string]string{"connector.type": "filesystem", "connector.path": dir, "format.type": "csv", "format.write-mode": "OVERWRITE"}
			t.Serial = serial
		})
	}
	s := legacy(0)
	must(t, s.Restore(&state.Restored{Fresh: true}), s.Open(t.Context()))
	expect(t, dir)
	send(t, s, pair{"1", "x"})
	var snap state.Snapshot
	must(t, s.Control(stream.Control{Kind: stream.End}), s.Snapshot(&snap), s.Committed(1), s.Close())
	again := legacy(1)
	must(t, again.Restore(&state.Restored{List: snap.List}), again.Open(t.Context()))
	expect(t, dir, ".:1,x")
}

// TestSinkFaults: a folder that can't be made, and a disk that is full.
func TestSinkFaults(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o666))
	var user *conn.Misconfigured
	if err := newSink(t, filepath.Join(dir, "file", "below"), nil).Open(t.Context()); !errors.As(err, &user) {
		t.Errorf("a folder below a file: %v", err)
	}
	s := newSink(t, dir, nil)
	s.create = func(string, string) (Output, error) {
		f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		return &localOutput{f, "full"}, err
	}
	must(t, s.Open(t.Context()))
	send(t, s, pair{"1", "x"})
	var outside *conn.Unreachable
	if err := s.Snapshot(&state.Snapshot{}); !errors.As(err, &outside) || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("a full disk: %v", err)
	}
}

// TestPartitionNames takes names of folders apart as they were written.
func TestPartitionNames(t *testing.T) {
	for _, text := range []string{"plain", "a b", "a/b:c%d=e", "\x01\x7f\"'#{}[]^?*\\", "中文", "100%", "%zz"} {
		written := string(appendName(nil, text))
		if got := nameOf(written); got != text || strings.ContainsAny(written, "/:=") {
			t.Errorf("%q is written as %q and read as %q", text, written, got)
		}
	}
}
