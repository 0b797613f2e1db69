package stream_test

import (
	"context"
	"io"
	"runtime"
	"testing"

	"pyfc/rt/stream"
)

// reading gives batches of plain rows as fast as they are taken.
type reading struct {
	left int
	pool stream.Pool[row]
}

func (s *reading) Poll(context.Context, <-chan struct{}) (*stream.Batch[row], error) {
	b := s.pool.Get()
	for range min(stream.DefaultBatchSize, s.left) {
		b.Add().n = int64(s.left)
		s.left--
	}
	if s.left == 0 {
		return b, io.EOF
	}
	return b, nil
}

type dropping struct{}

func (dropping) Process(b *stream.Batch[row]) error { b.Release(); return nil }
func (dropping) Control(stream.Control) error       { return nil }
func (dropping) Ready() bool                        { return true }

// copying wires source, function, exchange and sink for n rows.
func copying(n int) *stream.Graph {
	g := stream.NewGraph(stream.Config{Parallelism: 2})
	s := stream.From(g, "source", func(*stream.Subtask) (stream.Source[row], error) {
		return &reading{left: max(n/2, 1)}, nil
	})
	copied := stream.Map(s, "copy", func(*stream.Subtask) func(in, out *stream.Batch[row]) error {
		return func(in, out *stream.Batch[row]) error {
			for i := range in.Rows {
				*out.Add() = in.Rows[i]
			}
			return nil
		}
	})
	keyed := stream.KeyBy(copied, func(r *row) uint64 { return uint64(r.n) })
	stream.To(keyed, "sink", func(*stream.Subtask) (stream.Consumer[row], error) { return dropping{}, nil })
	return g
}

func BenchmarkGraph(b *testing.B) {
	b.ReportAllocs()
	if _, err := copying(b.N).Run(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func TestNothingIsAllocatedPerRow(t *testing.T) {
	const rows = 1 << 20
	g := copying(rows)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := g.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n > rows/20 {
		t.Errorf("%d allocations for %d rows", n, rows)
	}
}
