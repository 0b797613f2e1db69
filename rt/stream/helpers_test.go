package stream_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// row is the schema of the tests' streams.
type row struct {
	key  string
	n    int64
	from int // subtask of the source
}

// numbers is a source whose subtask i gives n = 0, 1, 2 … with key = n mod
// keys, in batches; limit < 0 is unbounded. Its state is its position.
type numbers struct {
	sub   *stream.Subtask
	limit int64
	keys  int64
	next  int64
	pool  stream.Pool[row]
	pause time.Duration // before each batch
}

func newNumbers(limit, keys int64) func(*stream.Subtask) (stream.Source[row], error) {
	return func(sub *stream.Subtask) (stream.Source[row], error) {
		return &numbers{sub: sub, limit: limit, keys: keys}, nil
	}
}

func (s *numbers) Poll(ctx context.Context, wake <-chan struct{}) (*stream.Batch[row], error) {
	if s.pause > 0 {
		select {
		case <-time.After(s.pause):
		case <-wake:
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if s.limit >= 0 && s.next >= s.limit {
		return nil, io.EOF
	}
	b := s.pool.Get()
	b.Arena = val.NewArena()
	for range s.sub.BatchSize {
		if s.limit >= 0 && s.next >= s.limit {
			break
		}
		*b.Add() = row{key: b.Arena.Concat("k", fmt.Sprint(s.next%s.keys)), n: s.next, from: s.sub.Index}
		s.next++
	}
	return b, nil
}

func (s *numbers) Snapshot(snap *state.Snapshot) error {
	snap.List = append(snap.List, binary.AppendVarint(binary.AppendVarint(nil, int64(s.sub.Index)), s.next))
	return nil
}

func (s *numbers) Restore(r *state.Restored) error {
	for _, e := range r.List {
		index, n := binary.Varint(e)
		if int(index) == s.sub.Index {
			s.next, _ = binary.Varint(e[n:])
		}
	}
	return nil
}

func hashKey(r *row) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(r.key) {
		h = (h ^ uint64(r.key[i])) * 1099511628211
	}
	return h ^ h>>29
}

// collected is what all subtasks of a sink have received.
type collected struct {
	mu       sync.Mutex
	rows     []row
	subtask  map[string]map[int]bool // key → subtasks that saw it
	controls []stream.Control
	closed   int
	slow     time.Duration
	fail     error // returned by Process
}

type sink struct {
	c   *collected
	sub *stream.Subtask
}

func (c *collected) sink(sub *stream.Subtask) (stream.Consumer[row], error) {
	return &sink{c, sub}, nil
}

func (s *sink) Process(b *stream.Batch[row]) error {
	time.Sleep(s.c.slow)
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	if s.c.subtask == nil {
		s.c.subtask = map[string]map[int]bool{}
	}
	for _, r := range b.Rows {
		r.key = val.Keep(r.key)
		s.c.rows = append(s.c.rows, r)
		if s.c.subtask[r.key] == nil {
			s.c.subtask[r.key] = map[int]bool{}
		}
		s.c.subtask[r.key][s.sub.Index] = true
	}
	s.sub.Count.Written.Add(int64(len(b.Rows)))
	b.Release()
	return s.c.fail
}

func (s *sink) Control(c stream.Control) error {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	s.c.controls = append(s.c.controls, c)
	return nil
}

func (s *sink) Ready() bool { return true }

func (s *sink) Close() error {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	s.c.closed++
	return nil
}

func (c *collected) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.rows)
}

// run runs a graph to its end within a time limit.
func run(t *testing.T, g *stream.Graph) stream.Ending {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	ending, err := g.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return ending
}
