package jdbc

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"pyfc/golden/services"
	"pyfc/rt/stream"
)

// BenchmarkSink writes batches of 1,000 rows.
func BenchmarkSink(b *testing.B) {
	for _, db := range []database{
		{services.StartMariaDB(b, services.MariaDBOptions{}), "mysql", "root", "root"},
		{services.StartPostgres(b, services.PostgresOptions{}), "postgresql", "postgres", "postgres"},
	} {
		for _, c := range []struct {
			name string
			keys int // 0: append
		}{{"Append", 0}, {"UpsertDistinct", 1 << 30}, {"UpsertHot", 34}} {
			b.Run(db.scheme+"/"+c.name, func(b *testing.B) { benchmark(b, db, c.keys) })
		}
	}
}

func benchmark(b *testing.B, db database, keys int) {
	var key []int
	more := ""
	if keys > 0 {
		key, more = []int{0}, ", PRIMARY KEY (province)"
	}
	db.Exec(b, "DROP TABLE IF EXISTS bench")
	db.create(b, "bench", more)
	sub := &stream.Subtask{Log: slog.New(slog.DiscardHandler), Count: new(stream.Counters), Post: func(func() error) {}}
	s, err := NewSink(sub, db.table("bench", key, "sink.buffer-flush.max-rows", "5000"), writeStat)
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Open(context.Background()); err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	names := make([]string, min(max(keys, 1), 100_000))
	for i := range names {
		names[i] = fmt.Sprintf("province-%08d", i)
	}
	var pool stream.Pool[stat]
	b.ReportAllocs()
	b.ResetTimer()
	const batch = 1000
	for i := 0; i < b.N; i += batch {
		rows := pool.Get()
		for j := range batch {
			*rows.Add() = stat{names[(i+j)*7919%len(names)], int64(i + j), float64(i) / 3}
		}
		if err := s.Process(rows); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Control(stream.Control{Kind: stream.Barrier}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
