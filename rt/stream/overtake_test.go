package stream_test

import (
	"context"
	"encoding/binary"
	"log/slog"
	"testing"
	"time"

	"pyfc/rt/state"
	"pyfc/rt/stream"
)

// remote stands for a slow worker: rows wait in it until open is closed, then
// they are answered one by one from another goroutine.
type remote struct {
	stream.Forward[row]
	sub     *stream.Subtask
	open    <-chan struct{}
	waiting []*stream.Batch[row]
	behind  []stream.Control // held back until the rows before are answered
	asked   bool             // an answer is under way
	room    int
	cancel  context.CancelFunc
	pool    stream.Pool[row]
}

func (r *remote) Ready() bool { return len(r.waiting) < r.room && r.Out.Ready() }

func (r *remote) Process(b *stream.Batch[row]) error {
	r.waiting = append(r.waiting, b)
	return r.ask()
}

func (r *remote) Control(c stream.Control) error {
	if c.Kind == stream.Barrier || len(r.waiting) == 0 {
		return r.Out.Control(c)
	}
	r.behind = append(r.behind, c)
	return nil
}

// ask lets the worker begin with the first batch.
func (r *remote) ask() error {
	if r.asked || len(r.waiting) == 0 {
		return nil
	}
	r.asked = true
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go func() {
		select {
		case <-r.open:
			r.sub.Post(r.answer)
		case <-ctx.Done():
		}
	}()
	return nil
}

func (r *remote) answer() error {
	b := r.waiting[0]
	r.waiting, r.asked = r.waiting[1:], false
	if err := r.Out.Process(b); err != nil {
		return err
	}
	if len(r.waiting) == 0 {
		for _, c := range r.behind {
			if err := r.Out.Control(c); err != nil {
				return err
			}
		}
		r.behind = nil
	}
	return r.ask()
}

func (r *remote) SnapshotQueued(s *state.Snapshot, queued []*stream.Batch[row]) error {
	for _, b := range append(r.waiting[:len(r.waiting):len(r.waiting)], queued...) {
		for _, row := range b.Rows {
			s.List = append(s.List, binary.AppendVarint([]byte(row.key+"="), row.n))
		}
	}
	return nil
}

func (r *remote) Restore(from *state.Restored) error {
	for _, e := range from.Share(r.sub.Index, r.sub.Parallelism) {
		for i := range e {
			if e[i] == '=' {
				n, _ := binary.Varint(e[i+1:])
				b := r.pool.Get()
				*b.Add() = row{key: string(e[:i]), n: n}
				r.waiting = append(r.waiting, b)
				break
			}
		}
	}
	return nil
}

func (r *remote) Open(context.Context) error {
	r.sub.Post(r.ask)
	return nil
}

func (r *remote) Close() error {
	if r.cancel != nil {
		r.cancel()
	}
	return nil
}

// TestBarrierOvertakes stops a job whose worker never answers: the checkpoint
// completes, holds every row that was read, and the next run answers them.
func TestBarrierOvertakes(t *testing.T) {
	dir := t.TempDir()
	var got collected
	graph := func(open <-chan struct{}, parallelism int, limit int64) (*stream.Graph, *state.Store) {
		store, err := state.Open(dir, state.Identity{}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		cfg := stream.Config{Parallelism: parallelism, BatchSize: 3, Store: store, Interval: 20 * time.Millisecond}
		img, err := store.Latest()
		if err != nil {
			t.Fatal(err)
		}
		if img != nil {
			cfg.Restore = img.Restored
		}
		g := stream.NewGraph(cfg)
		s := stream.From(g, "source", newNumbers(limit, 1<<40), stream.Parallelism(1))
		called := stream.Via(stream.Rebalance(s), "remote", func(sub *stream.Subtask, next stream.Consumer[row]) (stream.Overtaker[row], error) {
			return &remote{Forward: stream.Forward[row]{Out: next}, sub: sub, open: open, room: 2}, nil
		})
		stream.To(stream.KeyBy(called, hashKey), "sink", got.sink)
		return g, store
	}

	g, store := graph(make(chan struct{}), 1, 1000)
	go func() {
		for g.Checkpoints().Completed < 4 {
			time.Sleep(time.Millisecond)
		}
		g.Stop(false)
	}()
	if ending := run(t, g); ending != stream.Stopped || len(got.rows) != 0 {
		t.Fatalf("ending = %v with %d rows answered", ending, len(got.rows))
	}
	img, err := store.Latest()
	if err != nil {
		t.Fatal(err)
	}
	held := len(img.Restored("remote", 0, 1).List)
	if held < 9 || held > 60 {
		t.Errorf("%d rows are in the snapshot", held)
	}
	store.Close()

	open := make(chan struct{})
	close(open)
	g, store = graph(open, 2, 1000)
	defer store.Close()
	if ending := run(t, g); ending != stream.Finished {
		t.Fatalf("ending = %v", ending)
	}
	seen := map[int64]int{}
	for _, r := range got.rows {
		seen[r.n]++
	}
	for n := range int64(1000) {
		if seen[n] != 1 {
			t.Errorf("row %d came %d times", n, seen[n])
		}
	}
}
