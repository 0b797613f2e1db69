package udfbridge

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"pyfc/internal/expect"
	"pyfc/ir/types"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

const slowSource = "import time\ndef f(s, n):\n    time.sleep(0.05)\n    return s.upper()\n"

// TestBarrier: a barrier overtakes rows that are under way, held and queued;
// they go into the snapshot, and another subtask goes on with them.
func TestBarrier(t *testing.T) {
	first := newCall(t, pairSpec(slowSource, types.String()))
	in := pairs(40, 10)
	in[3].Kinds = make([]val.RowKind, 10)
	in[3].Kinds[9] = val.Delete
	for _, b := range in[:2] {
		if err := first.op.Process(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.until(func() bool { return len(first.out.rows) >= 3 }); err != nil {
		t.Fatal(err)
	}
	if first.op.Ready() {
		t.Error("ready with rows for a second waiting")
	}
	var snap state.Snapshot
	if err := first.op.SnapshotQueued(&snap, in[2:]); err != nil {
		t.Fatal(err)
	}
	if err := first.op.Control(stream.Control{Kind: stream.Barrier}); err != nil {
		t.Fatal(err)
	}
	done := len(first.out.rows)
	if done == 20 {
		t.Error("the barrier waited for all rows")
	}
	expect.List(t, first.out.controls, fmt.Sprintf("%d@%d", stream.Barrier, done))

	second := prepareCall(t, pairSpec(upperSource, types.String()))
	if err := second.op.Restore(restored(&snap)); err != nil {
		t.Fatal(err)
	}
	if err := second.op.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	second.mustFeed(nil)
	second.out.rows = append(first.out.rows[:done:done], second.out.rows...)
	second.wantNumbers(40, func(i int) string { return fmt.Sprint("ROW ", i) })
	if k := second.out.kinds[len(second.out.kinds)-1]; k != val.Delete {
		t.Errorf("the last row came back as %s", k)
	}

	// The first one goes on too: a checkpoint isn't the end.
	if err := first.until(func() bool { return len(first.out.rows) == 20 }); err != nil {
		t.Fatal(err)
	}
}

// TestShare: the rows of each former subtask go to one subtask, all of them to
// someone.
func TestShare(t *testing.T) {
	var snap state.Snapshot
	old := prepareCall(t, pairSpec(upperSource, types.String()))
	for _, b := range pairs(30, 10) {
		if err := old.op.SnapshotQueued(&snap, []*stream.Batch[pair]{b}); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[int64]int{}
	for i := range 2 {
		c := prepareCall(t, pairSpec(upperSource, types.String()))
		c.sub.Index, c.sub.Parallelism = i, 2
		if err := c.op.Restore(restored(&snap)); err != nil {
			t.Fatal(err)
		}
		if want := []int{20, 10}[i]; c.op.pending.unsent != want {
			t.Errorf("subtask %d got %d rows, want %d", i, c.op.pending.unsent, want)
		}
		for _, it := range c.op.pending.items {
			for _, r := range it.batch.Rows {
				seen[r.n]++
			}
		}
	}
	if len(seen) != 30 {
		t.Errorf("%d of 30 rows were restored", len(seen))
	}
}

func TestDamagedSnapshot(t *testing.T) {
	c := prepareCall(t, pairSpec(upperSource, types.String()))
	c.op.codec.Decode = func([]byte, *pair) ([]byte, error) { return nil, fmt.Errorf("damaged") }
	err := c.op.Restore(&state.Restored{List: [][]byte{{0}}})
	if err == nil {
		t.Fatal("no error")
	}
	expect.Contains(t, err.Error(), "rows under way: damaged")
}

// TestControlOrder: watermarks and End stay behind the rows before them.
func TestControlOrder(t *testing.T) {
	c := newCall(t, pairSpec(upperSource, types.String()), "python.worker.address", sharedWorker(t))
	for i, b := range pairs(30, 10) {
		if err := c.op.Process(b); err != nil {
			t.Fatal(err)
		}
		if err := c.op.Control(stream.Control{Kind: stream.Watermark, Time: int64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	c.mustFeed(nil)
	expect.List(t, c.out.controls, fmt.Sprintf("%d@10", stream.Watermark), fmt.Sprintf("%d@20", stream.Watermark),
		fmt.Sprintf("%d@30", stream.Watermark), fmt.Sprintf("%d@30", stream.End))
}

// numbers is a bounded source: each subtask has its share of the rows.
type numbers struct{ batches []*stream.Batch[pair] }

func (s *numbers) Poll(context.Context, <-chan struct{}) (*stream.Batch[pair], error) {
	if len(s.batches) == 0 {
		return nil, io.EOF
	}
	b := s.batches[0]
	s.batches = s.batches[1:]
	return b, nil
}

// TestGraph runs the operator in the runtime, in two subtasks.
func TestGraph(t *testing.T) {
	log := &logBuffer{}
	g := stream.NewGraph(stream.Config{Log: slog.New(slog.NewTextHandler(log, nil)), Parallelism: 2})
	pool := NewPool(config(t), "", slog.New(slog.NewTextHandler(log, nil)))
	outs := []*collector[pair]{{keep: keepPair}, {keep: keepPair}}
	source := stream.From(g, "numbers", func(sub *stream.Subtask) (stream.Source[pair], error) {
		return &numbers{pairs(3000+1000*sub.Index, 70)}, nil
	})
	called := stream.Via(source, "udf", func(sub *stream.Subtask, next stream.Consumer[pair]) (stream.Overtaker[pair], error) {
		return NewCall(sub, pool, pairSpec(upperSource, types.String()), pairCodec, next)
	})
	stream.To(called, "out", func(sub *stream.Subtask) (stream.Consumer[pair], error) { return outs[sub.Index], nil })
	if _, err := g.Run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	for i, out := range outs {
		c := &call{task: &task{tb: t, log: log}, out: out}
		c.wantNumbers(3000+1000*i, func(i int) string { return fmt.Sprint("ROW ", i) })
	}
}

func TestSizer(t *testing.T) {
	s := newSizer(1)
	if s.rows != 1 {
		t.Errorf("begins with %d rows", s.rows)
	}
	for range 20 {
		s.sent(s.rows, s.rows*10)
		s.answered(s.rows, time.Duration(s.rows)*time.Microsecond)
	}
	if s.rows != maxRows {
		t.Errorf("1 µs a row: %d rows, want %d", s.rows, maxRows)
	}
	s.answered(s.rows, time.Duration(s.rows)*time.Millisecond)
	if s.rows != 20 {
		t.Errorf("1 ms a row: %d rows, want 20", s.rows)
	}
	s.answered(20, time.Second)
	if s.rows != 1 {
		t.Errorf("50 ms a row: %d rows, want 1", s.rows)
	}
	s = newSizer(1)
	for range 20 {
		s.sent(s.rows, s.rows<<20)
		s.answered(s.rows, time.Microsecond)
	}
	if s.rows != 4 {
		t.Errorf("1 MiB a row: %d rows, want 4", s.rows)
	}
	if s := newSizer(8); s.rows != 32 {
		t.Errorf("8 threads: begins with %d rows, want 32", s.rows)
	}
}
