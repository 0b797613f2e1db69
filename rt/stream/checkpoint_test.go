package stream_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// counter is a keyed operator that counts rows per key and sums n; it yields
// nothing before the end.
type counter struct {
	stream.Forward[row]
	sub   *stream.Subtask
	sums  map[string]*sum
	crash func() error // asked for every batch
	done  *atomic.Int64
}

type sum struct{ count, total int64 }

func (c *counter) Process(b *stream.Batch[row]) error {
	for _, r := range b.Rows {
		s := c.sums[r.key]
		if s == nil {
			s = &sum{}
			c.sums[val.Keep(r.key)] = s
		}
		s.count++
		s.total += r.n
	}
	n := int64(len(b.Rows))
	b.Release()
	if c.done.Add(n); c.crash != nil {
		return c.crash()
	}
	return nil
}

func (c *counter) Control(e stream.Control) error {
	if e.Kind == stream.End {
		b := (&stream.Pool[row]{}).Get()
		for k, s := range c.sums {
			*b.Add() = row{key: k, n: s.total, from: int(s.count)}
		}
		if err := c.Out.Process(b); err != nil {
			return err
		}
	}
	return c.Out.Control(e)
}

func (c *counter) Snapshot(s *state.Snapshot) error {
	for k, v := range c.sums {
		g := state.Group(hashKey(&row{key: k}))
		s.Groups[g] = append(s.Groups[g], byte(len(k)))
		s.Groups[g] = append(s.Groups[g], k...)
		s.Groups[g] = binary.AppendVarint(s.Groups[g], v.count)
		s.Groups[g] = binary.AppendVarint(s.Groups[g], v.total)
	}
	return nil
}

func (c *counter) Restore(r *state.Restored) error {
	for g, parts := range r.Groups {
		for _, src := range parts {
			for len(src) > 0 {
				k := string(src[1 : 1+src[0]])
				src = src[1+src[0]:]
				count, n := binary.Varint(src)
				total, m := binary.Varint(src[n:])
				src = src[n+m:]
				c.sums[k] = &sum{count, total}
				if state.Owner(g, c.sub.Parallelism) != c.sub.Index {
					return errors.New("a key group of another subtask")
				}
			}
		}
	}
	return nil
}

// counting is the job of these tests: two sources, counted by key.
type counting struct {
	dir   string
	limit int64
	done  atomic.Int64 // rows counted, over all runs
	crash func() error
	got   collected
}

// graph wires the job as it goes on from its folder.
func (c *counting) graph(t *testing.T, parallelism int, interval time.Duration) (*stream.Graph, *state.Store) {
	t.Helper()
	store, err := state.Open(c.dir, state.Identity{Job: "counting"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	img, err := store.Latest()
	if err != nil {
		t.Fatal(err)
	}
	cfg := stream.Config{Parallelism: parallelism, BatchSize: 7, Interval: interval, Store: store}
	if img != nil {
		cfg.Restore = img.Restored
	}
	g := stream.NewGraph(cfg)
	s := stream.From(g, "source", newNumbers(c.limit, 50), stream.Parallelism(2))
	counted := stream.Then(stream.KeyBy(s, hashKey), "count", func(sub *stream.Subtask, next stream.Consumer[row]) (stream.Consumer[row], error) {
		return &counter{Forward: stream.Forward[row]{Out: next}, sub: sub, sums: map[string]*sum{}, crash: c.crash, done: &c.done}, nil
	})
	stream.To(counted, "sink", c.got.sink)
	return g, store
}

// check compares the result with what two sources of limit rows must give.
func (c *counting) check(t *testing.T) {
	t.Helper()
	want := map[string]sum{}
	for n := range c.limit {
		k := fmt.Sprintf("k%d", n%50)
		want[k] = sum{want[k].count + 2, want[k].total + 2*n}
	}
	if len(c.got.rows) != len(want) {
		t.Fatalf("%d keys, want %d", len(c.got.rows), len(want))
	}
	for _, r := range c.got.rows {
		if got := (sum{int64(r.from), r.n}); got != want[r.key] {
			t.Errorf("%s: %v, want %v", r.key, got, want[r.key])
		}
	}
}

func TestKillAndRestoreAtOtherParallelism(t *testing.T) {
	killed := errors.New("killed")
	c := &counting{dir: t.TempDir(), limit: 20000}
	for i, parallelism := range []int{1, 3, 2, 4} {
		ctx, kill := context.WithCancelCause(t.Context())
		start := c.done.Load()
		c.crash = func() error {
			if i == 3 {
				return nil
			}
			if c.done.Load()-start > 8000 {
				kill(killed)
			}
			return nil
		}
		g, store := c.graph(t, parallelism, time.Millisecond)
		ending, err := g.Run(ctx)
		if i < 3 && !errors.Is(err, killed) || i == 3 && (err != nil || ending != stream.Finished) {
			t.Fatalf("run %d: %v, %v", i, ending, err)
		}
		if i > 0 && g.Checkpoints().Completed == 0 {
			t.Errorf("run %d took no checkpoint", i)
		}
		kill(nil)
		store.Close()
	}
	c.check(t)
	if extra := c.done.Load() - 2*c.limit; extra <= 0 {
		t.Errorf("%d rows were counted again: the kills came too late", extra)
	}
}

func TestStopAndGoOn(t *testing.T) {
	c := &counting{dir: t.TempDir(), limit: 20000}
	var g *stream.Graph
	c.crash = func() error {
		if c.done.Load() > 10000 {
			g.Stop(false)
		}
		return nil
	}
	g, store := c.graph(t, 2, 0)
	if ending := run(t, g); ending != stream.Stopped {
		t.Fatalf("ending = %v", ending)
	}
	if n := len(c.got.rows); n != 0 {
		t.Errorf("a stopped job gave out %d results", n)
	}
	store.Close()
	c.crash = nil
	g, store = c.graph(t, 3, 0)
	if ending := run(t, g); ending != stream.Finished {
		t.Fatalf("ending = %v", ending)
	}
	store.Close()
	c.check(t)
	if n := c.done.Load(); n != 2*c.limit {
		t.Errorf("%d rows were counted, want each once: %d", n, 2*c.limit)
	}
}

func TestDrainGivesEverythingOut(t *testing.T) {
	c := &counting{dir: t.TempDir(), limit: -1}
	var g *stream.Graph
	c.crash = func() error {
		if c.done.Load() > 1000 {
			g.Stop(true)
		}
		return nil
	}
	g, store := c.graph(t, 2, 0)
	defer store.Close()
	if ending := run(t, g); ending != stream.Drained {
		t.Fatalf("ending = %v", ending)
	}
	counted := int64(0)
	for _, r := range c.got.rows {
		counted += int64(r.from)
	}
	if counted != c.done.Load() {
		t.Errorf("%d of %d rows were given out", counted, c.done.Load())
	}
	if img, err := store.Latest(); err != nil || img == nil {
		t.Errorf("a drained job is not a finished one: %v, %v", img, err)
	}
}

// watched wraps a sink and notes what it is told of checkpoints.
type watched struct {
	sink
	mu        sync.Mutex
	snapshots []int
	committed []int64
	onCommit  func(id int64)
}

func (w *watched) Snapshot(s *state.Snapshot) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.snapshots = append(w.snapshots, w.c.count())
	return nil
}

func (w *watched) Restore(*state.Restored) error { return nil }

func (w *watched) Committed(id int64) error {
	w.mu.Lock()
	w.committed = append(w.committed, id)
	w.mu.Unlock()
	if w.onCommit != nil {
		w.onCommit(id)
	}
	return nil
}

// TestFirstCheckpointPinsTheStart sees checkpoint 1 before the first row, and
// the final one committed before the operators close.
func TestFirstCheckpointPinsTheStart(t *testing.T) {
	dir := t.TempDir()
	store, err := state.Open(dir, state.Identity{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var got collected
	w := &watched{}
	ready := false
	g := stream.NewGraph(stream.Config{Parallelism: 1, Store: store, Ready: func() error {
		img, err := store.Latest()
		ready = err == nil && img != nil && img.ID() == 1
		return err
	}})
	s := stream.From(g, "source", newNumbers(3000, 2))
	stream.To(s, "sink", func(sub *stream.Subtask) (stream.Consumer[row], error) {
		w.sink = sink{&got, sub}
		return w, nil
	})
	run(t, g)
	if !ready || len(w.snapshots) != 2 || w.snapshots[0] != 0 || w.snapshots[1] != 3000 {
		t.Errorf("ready with checkpoint 1: %v; rows at snapshots: %v", ready, w.snapshots)
	}
	if len(w.committed) != 2 || w.committed[1] != 2 || got.closed != 1 {
		t.Errorf("committed %v, closed %d times", w.committed, got.closed)
	}
}

// TestCheckpointAfterOneSourceEnded joins a source that ends at once with one
// that goes on: checkpoints must still complete.
func TestCheckpointAfterOneSourceEnded(t *testing.T) {
	store, err := state.Open(t.TempDir(), state.Identity{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var got collected
	w := &watched{}
	g := stream.NewGraph(stream.Config{Parallelism: 2, Store: store, Interval: 5 * time.Millisecond})
	s := stream.From(g, "source", func(sub *stream.Subtask) (stream.Source[row], error) {
		if sub.Index == 0 {
			return &numbers{sub: sub, limit: 10, keys: 3}, nil
		}
		return &numbers{sub: sub, limit: -1, keys: 3, pause: time.Millisecond}, nil
	})
	w.onCommit = func(id int64) {
		if id == 5 {
			g.Stop(false)
		}
	}
	stream.To(stream.KeyBy(s, hashKey, stream.Parallelism(1)), "sink", func(sub *stream.Subtask) (stream.Consumer[row], error) {
		w.sink = sink{&got, sub}
		return w, nil
	})
	if ending := run(t, g); ending != stream.Stopped {
		t.Errorf("ending = %v", ending)
	}
	if stats := g.Checkpoints(); stats.LastID < 6 || stats.LastBytes == 0 || stats.UnderWay {
		t.Errorf("statistics: %+v", stats)
	}
}

// TestSaveFails ends the job: state that can't be kept must not go unnoticed.
func TestSaveFails(t *testing.T) {
	full := errors.New("disk full")
	var got collected
	g := stream.NewGraph(stream.Config{Parallelism: 1, Store: failing{full}})
	stream.To(stream.From(g, "source", newNumbers(-1, 2)), "sink", got.sink)
	if _, err := g.Run(t.Context()); !errors.Is(err, full) {
		t.Errorf("err = %v", err)
	}
	if len(got.rows) != 0 {
		t.Errorf("%d rows were read before the start was kept", len(got.rows))
	}
}

type failing struct{ err error }

func (failing) NextID() int64 { return 1 }

func (f failing) Save(int64, bool, bool, map[string][]*state.Snapshot) (int64, error) {
	return 0, f.err
}
