package kinesisio

import (
	"fmt"
	"log/slog"
	"testing"

	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
)

// BenchmarkSource reads records of 100 bytes from four shards of the stand-in,
// whose own work is measured, too.
func BenchmarkSource(b *testing.B) {
	k := newStandIn(b, 4)
	const records = 40000
	for i := range records {
		k.put(fmt.Sprintf("%0100d", i))
	}
	b.SetBytes(100)
	var r conn.Records
	for n := 0; n < b.N; {
		src, err := NewSource(&stream.Subtask{
			Splits: new(stream.Splits), Shared: &stream.Shared{}, Parallelism: 1, Count: &stream.Counters{},
			Log: slog.New(slog.DiscardHandler), BatchSize: 1024,
		}, k.table())
		if err != nil {
			b.Fatal(err)
		}
		s := src.(*Source)
		if err := s.Restore(&state.Restored{Fresh: true}); err != nil {
			b.Fatal(err)
		}
		if err := s.Open(b.Context()); err != nil {
			b.Fatal(err)
		}
		for read := 0; read < records && n < b.N; {
			r.Values = r.Values[:0]
			if err := s.Poll(b.Context(), nil, &r, 1024); err != nil {
				b.Fatal(err)
			}
			read, n = read+len(r.Values), n+len(r.Values)
			r.Arena.Release()
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
