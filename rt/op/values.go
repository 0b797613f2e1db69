package op

import (
	"context"
	"io"

	"pyfc/rt/stream"
)

// Values is a source of a fixed list of rows.
type Values[R any] struct {
	stream.Position
	rows []R
	sub  *stream.Subtask
	pool stream.Pool[R]
}

// NewValues makes the source; it runs in one subtask.
func NewValues[R any](sub *stream.Subtask, rows []R) *Values[R] {
	return &Values[R]{Position: stream.NewPosition(sub, "list of rows"), rows: rows, sub: sub}
}

// Poll implements stream.Source.
func (v *Values[R]) Poll(context.Context, <-chan struct{}) (*stream.Batch[R], error) {
	if v.Next >= int64(len(v.rows)) {
		return nil, io.EOF
	}
	b := v.pool.Get()
	end := min(v.Next+int64(v.sub.BatchSize), int64(len(v.rows)))
	b.Rows = append(b.Rows, v.rows[v.Next:end]...)
	v.Next = end
	return b, nil
}
