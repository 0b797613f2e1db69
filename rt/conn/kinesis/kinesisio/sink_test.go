package kinesisio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// row is a row of the tests: a text, a number that may be NULL, and a truth value.
type row struct {
	name  string
	n     int64
	null  bool
	truth bool
}

func writeRow(r *row, w val.Writer) {
	w.String(r.name)
	if r.null {
		w.Null()
	} else {
		w.Int64(r.n)
	}
	w.Bool(r.truth)
}

// text is an encoder of texts, joined by commas.
type text struct {
	conn.Discard
	buf []byte
}

func (e *text) String(v string) { e.buf = append(e.buf, v...) }
func (e *text) Int64(v int64)   { e.buf = fmt.Appendf(e.buf, ",%d", v) }
func (e *text) Null()           { e.buf = append(e.buf, ',') }
func (e *text) Bool(v bool)     { e.buf = fmt.Appendf(e.buf, ",%v", v) }
func (e *text) Record() ([]byte, error) {
	out := e.buf
	e.buf = nil
	return out, nil
}

// sink opens one for a table with the columns of a row; it is closed with the test.
func (k *standIn) sink(t *testing.T, partitioned []int, index int, options ...string) *Sink[row] {
	t.Helper()
	table := *k.table(options...)
	table.Columns = []val.Column{{Name: "name", Type: "VARCHAR(2147483647)"}, {Name: "n", Type: "BIGINT"}, {Name: "truth", Type: "BOOLEAN"}}
	table.PartitionBy = partitioned
	s, err := NewSink(&stream.Subtask{Index: index, Count: &stream.Counters{}, Log: slog.New(slog.DiscardHandler), Post: func(func() error) {}}, table, writeRow, &text{})
	if err != nil {
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

func written(t *testing.T, s *Sink[row], rows ...row) error {
	t.Helper()
	if err := s.Process(&stream.Batch[row]{Rows: slices.Clone(rows), Arena: val.NewArena()}); err != nil {
		return err
	}
	return s.Control(stream.Control{Kind: stream.Barrier})
}

func TestPartitionKeys(t *testing.T) {
	rows := []row{{name: "a", n: 1, truth: true}, {name: "b", null: true}}
	for _, c := range []struct {
		partitioned []int
		options     []string
		want        []string
	}{
		{[]int{1, 0}, nil, []string{"1|a=a,1,true", "null|b=b,,false"}},
		{[]int{0, 2}, []string{"sink.partitioner-field-delimiter", ""}, []string{"atrue=a,1,true", "bfalse=b,,false"}},
		{nil, []string{"sink.partitioner", "fixed"}, []string{"3=a,1,true", "3=b,,false"}},
	} {
		k := newStandIn(t, 1)
		if err := written(t, k.sink(t, c.partitioned, 3, c.options...), rows...); err != nil {
			t.Fatal(err)
		}
		if got := k.contents(); !slices.Equal(got, c.want) {
			t.Errorf("%v %v: %q, want %q", c.partitioned, c.options, got, c.want)
		}
	}
	k := newStandIn(t, 1)
	if err := written(t, k.sink(t, nil, 0), rows...); err != nil {
		t.Fatal(err)
	}
	a, b := k.shards[0].records[0].PartitionKey, k.shards[0].records[1].PartitionKey
	if a == b || a == "" || b == "" {
		t.Errorf("random keys %q and %q", a, b)
	}
	long := strings.Repeat("ä", 300)
	if err := written(t, k.sink(t, []int{0}, 0), row{name: long}); err != nil {
		t.Fatal(err)
	}
	if got := k.shards[0].records[2].PartitionKey; got != strings.Repeat("ä", 256) {
		t.Errorf("a long key became %q", got)
	}
	var bad *conn.BadData
	if err := written(t, k.sink(t, []int{0}, 0), row{}); !errors.As(err, &bad) {
		t.Errorf("an empty key: %v", err)
	}
}

func TestCut(t *testing.T) {
	faces := strings.Repeat("😀", 200) // two units each
	if got := string(cut([]byte("x" + faces))); got != "x"+strings.Repeat("😀", 127) {
		t.Errorf("cut to %d bytes", len(got))
	}
}

func TestBatches(t *testing.T) {
	k := newStandIn(t, 2)
	s := k.sink(t, []int{0}, 0, "sink.batch.max-size", "7", "sink.requests.max-inflight", "3")
	var rows []row
	var want []string
	for i := range 100 {
		rows = append(rows, row{name: fmt.Sprintf("r%03d", i)})
		want = append(want, fmt.Sprintf("r%03d=r%03d,0,false", i, i))
	}
	k.refusals = 20
	k.fail("PutRecords", 4)
	if err := written(t, s, rows...); err != nil {
		t.Fatal(err)
	}
	wantValues(t, k.contents(), want)
	for _, n := range k.puts {
		if n > 7 {
			t.Errorf("a request of %d records", n)
		}
	}
	if n := s.sub.Count.Written.Load(); n != 100 {
		t.Errorf("%d rows are counted", n)
	}
	k.puts = nil
	s = k.sink(t, []int{0}, 0, "sink.flush-buffer.size", "64")
	if err := written(t, s, rows[:10]...); err != nil {
		t.Fatal(err)
	}
	if len(k.puts) < 3 {
		t.Errorf("64 bytes at a time are %v records", k.puts)
	}
}

// TestWaiting checks that records go when they have waited, without a checkpoint.
func TestWaiting(t *testing.T) {
	k := newStandIn(t, 1)
	s := k.sink(t, []int{0}, 0, "sink.flush-buffer.timeout", "1")
	posted := make(chan func() error)
	s.sub.Post = func(f func() error) { posted <- f }
	if err := s.Process(&stream.Batch[row]{Rows: []row{{name: "a"}}, Arena: val.NewArena()}); err != nil {
		t.Fatal(err)
	}
	if err := (<-posted)(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(2 * time.Minute); len(k.contents()) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the record doesn't come")
		}
	}
}

// TestLookingIsDenied writes where the stream may not be looked at.
func TestLookingIsDenied(t *testing.T) {
	k := newStandIn(t, 1)
	k.denied = "DescribeStreamSummary"
	if err := written(t, k.sink(t, []int{0}, 0), row{name: "a"}); err != nil {
		t.Fatal(err)
	}
	wantValues(t, k.contents(), []string{"a=a,0,false"})
	k.denied = "PutRecords"
	var wrong *conn.Misconfigured
	if err := written(t, k.sink(t, []int{0}, 0), row{name: "a"}); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "AccessDeniedException") {
		t.Errorf("writing is denied: %v", err)
	}
}

func TestFailures(t *testing.T) {
	k := newStandIn(t, 1)
	s := k.sink(t, []int{0}, 0, "sink.fail-on-error", "true")
	k.refusals = 1
	var bad *conn.BadData
	if err := written(t, s, row{name: "a"}); !errors.As(err, &bad) || !strings.Contains(err.Error(), "ProvisionedThroughputExceededException: slowly") {
		t.Errorf("a refused record: %v", err)
	}
	if err := written(t, k.sink(t, []int{0}, 0), row{name: strings.Repeat("x", maxRecord)}); !errors.As(err, &bad) {
		t.Errorf("a record that is too long: %v", err)
	}
	// A job that is abandoned waits for nothing.
	s = k.sink(t, []int{0}, 0)
	k.fail("PutRecords", 1<<30)
	ctx, cancel := context.WithCancel(t.Context())
	s.Sender.Open(ctx)
	time.AfterFunc(20*time.Millisecond, cancel)
	if err := written(t, s, row{name: "a"}); !errors.Is(err, context.Canceled) {
		t.Errorf("abandoned: %v", err)
	}
}
