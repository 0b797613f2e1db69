package op

import (
	"fmt"
	"math"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// SortFuncs is what generated code knows of the rows that are sorted.
type SortFuncs[R any] struct {
	// Compare orders two rows; nil leaves them in the order in which they come.
	Compare func(x, y *R) int
	// Keep clones what a row views.
	Keep func(r *R)
	// Append and Read are the state form of a row.
	Append func(dst []byte, r *R) []byte
	Read   func(src []byte, r *R) ([]byte, error)
	// Offset is the number of rows left out, Limit of those that follow; a
	// negative limit is none.
	Offset, Limit int64
}

// Sort yields its rows in order when the input ends. With a limit it never
// holds more than twice the rows that can count. Rows that are equal stay in
// the order in which they came.
type Sort[R any] struct {
	stream.Forward[R]
	f    SortFuncs[R]
	sub  *stream.Subtask
	rows []R
	end  int // rows from the first one that can count; negative for all
	// sorted says that the first end rows are those that count so far, in order.
	sorted bool
	pool   stream.Pool[R]
}

// NewSort makes the operator of one subtask. All rows that are to be ordered
// come to the same one.
func NewSort[R any](sub *stream.Subtask, out stream.Consumer[R], f SortFuncs[R]) *Sort[R] {
	s := &Sort[R]{Forward: stream.Forward[R]{Out: out}, f: f, sub: sub, end: -1}
	if f.Limit >= 0 {
		s.end = int(min(f.Offset, math.MaxInt32/2) + min(f.Limit, math.MaxInt32/2))
	}
	return s
}

// Process implements stream.Consumer.
func (s *Sort[R]) Process(b *stream.Batch[R]) error {
	for i := range b.Rows {
		if row := &b.Rows[i]; s.counts(row) {
			s.rows = append(s.rows, *row)
			s.f.Keep(&s.rows[len(s.rows)-1])
			if s.end >= 0 && len(s.rows) >= 2*s.end && s.f.Compare != nil {
				s.order()
				s.sorted = true
			}
		}
	}
	b.Release()
	return nil
}

// counts reports whether a row can be among those that are yielded.
func (s *Sort[R]) counts(row *R) bool {
	switch {
	case s.end < 0:
		return true
	case s.f.Compare == nil || s.end == 0:
		return len(s.rows) < s.end
	}
	return !s.sorted || s.f.Compare(row, &s.rows[s.end-1]) < 0
}

// order puts the rows in order and forgets those that cannot count.
func (s *Sort[R]) order() {
	if s.f.Compare == nil {
		return
	}
	s.rows = sorted(s.rows, s.f.Compare)
	if s.end >= 0 && len(s.rows) > s.end {
		clear(s.rows[s.end:])
		s.rows = s.rows[:s.end]
	}
}

// Control implements stream.Consumer: at the end of the input the rows go out.
func (s *Sort[R]) Control(c stream.Control) error {
	if c.Kind == stream.End {
		if err := s.emit(); err != nil {
			return err
		}
	}
	return s.Out.Control(c)
}

func (s *Sort[R]) emit() error {
	s.order()
	rows := s.rows[min(int(s.f.Offset), len(s.rows)):]
	s.rows = nil
	for len(rows) > 0 {
		out := s.pool.Get()
		n := min(len(rows), s.sub.BatchSize)
		out.Rows = append(out.Rows, rows[:n]...)
		rows = rows[n:]
		if err := s.Out.Process(out); err != nil {
			return err
		}
	}
	return nil
}

// sortGroup is the key group of the rows of a Sort: that of the key without
// columns.
var sortGroup = state.Group(val.HashSeed)

// Snapshot implements stream.Stateful.
func (s *Sort[R]) Snapshot(snap *state.Snapshot) error {
	for i := range s.rows {
		snap.Groups[sortGroup] = s.f.Append(snap.Groups[sortGroup], &s.rows[i])
	}
	return nil
}

// Restore implements stream.Stateful.
func (s *Sort[R]) Restore(r *state.Restored) error {
	for _, src := range r.Groups[sortGroup] {
		for len(src) > 0 {
			var row R
			var err error
			if src, err = s.f.Read(src, &row); err != nil {
				return fmt.Errorf("rows to sort: %w", err)
			}
			s.rows = append(s.rows, row)
		}
	}
	return nil
}
