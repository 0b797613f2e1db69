package conn

import (
	"context"
	"errors"
	"io"
	"testing"

	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// committer is a byte source that listens for commits.
type committer struct {
	ByteSource
	checkpoint int64
}

func (c *committer) Committed(checkpoint int64) error {
	c.checkpoint = checkpoint
	return nil
}

func TestDecodedPassesCommitsOn(t *testing.T) {
	src := &committer{}
	var decoded stream.CommitListener = NewDecoded[struct{}](&stream.Subtask{}, &Table{}, src, nil, nil)
	if err := decoded.Committed(7); err != nil || src.checkpoint != 7 {
		t.Errorf("checkpoint %d, %v", src.checkpoint, err)
	}
	if err := NewDecoded[struct{}](&stream.Subtask{}, &Table{}, nil, nil, nil).Committed(7); err != nil {
		t.Error(err)
	}
}

// endless is a byte source that always has records; every third is malformed.
type endless struct {
	ByteSource
	n int
}

func (e *endless) Poll(_ context.Context, _ <-chan struct{}, r *Records, limit int) error {
	r.Arena = val.NewArena()
	for range limit {
		r.Values = append(r.Values, []byte{byte(e.n % 3)})
		e.n++
	}
	return nil
}

// TestDecodedEndsAtLimit counts the rows, not the records.
func TestDecodedEndsAtLimit(t *testing.T) {
	for _, c := range []struct{ limit, records int }{{1, 1}, {2, 2}, {3, 4}, {20, 30}} {
		src := &endless{}
		d := NewDecoded(&stream.Subtask{BatchSize: 8, Count: &stream.Counters{}}, &Table{Limit: int64(c.limit)}, src,
			func(record []byte, _ *struct{}, _ *val.Arena) (bool, error) { return record[0] != 2, nil }, nil)
		rows := 0
		for {
			b, err := d.Poll(t.Context(), nil)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			rows += len(b.Rows)
			b.Release()
		}
		if rows != c.limit || src.n > c.records {
			t.Errorf("limit %d: %d rows of %d records", c.limit, rows, src.n)
		}
	}
}
