package blackhole

import (
	"testing"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

func TestCountsAndDrops(t *testing.T) {
	sub := &stream.Subtask{Parallelism: 1, Count: new(stream.Counters)}
	s, err := NewSink(sub, conn.Table{Name: "b", Options: map[string]string{"connector": "blackhole"}}, func(*int, val.Writer) {
		t.Error("a row was read")
	})
	if err != nil {
		t.Fatal(err)
	}
	var pool stream.Pool[int]
	b := pool.Get()
	*b.AddKind(val.Insert) = 1
	*b.AddKind(val.Delete) = 1
	if err := s.Process(b); err != nil {
		t.Fatal(err)
	}
	if got := sub.Count.Written.Load(); got != 2 {
		t.Errorf("counted %d rows", got)
	}
	if len(b.Rows) != 0 {
		t.Error("the batch wasn't released")
	}
}
