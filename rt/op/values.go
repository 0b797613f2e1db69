package op

import (
	"context"
	"fmt"
	"io"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Values is a source of a fixed list of rows.
type Values[R any] struct {
	rows []R
	next int64
	sub  *stream.Subtask
	pool stream.Pool[R]
}

// NewValues makes the source; it runs in one subtask.
func NewValues[R any](sub *stream.Subtask, rows []R) *Values[R] {
	return &Values[R]{rows: rows, sub: sub}
}

// Poll implements stream.Source.
func (v *Values[R]) Poll(context.Context, <-chan struct{}) (*stream.Batch[R], error) {
	if v.next >= int64(len(v.rows)) {
		return nil, io.EOF
	}
	b := v.pool.Get()
	end := min(v.next+int64(v.sub.BatchSize), int64(len(v.rows)))
	b.Rows = append(b.Rows, v.rows[v.next:end]...)
	v.next = end
	return b, nil
}

// Snapshot implements stream.Stateful.
func (v *Values[R]) Snapshot(s *state.Snapshot) error {
	s.List = append(s.List, val.EncodeInt(nil, v.next))
	return nil
}

// Restore implements stream.Stateful.
func (v *Values[R]) Restore(r *state.Restored) error {
	for _, entry := range r.List {
		if _, err := val.DecodeInt(entry, &v.next); err != nil {
			return fmt.Errorf("position in the list of rows: %w", err)
		}
	}
	return nil
}
