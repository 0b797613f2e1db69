package op

import (
	"errors"
	"io"
	"math"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// SortFuncs is what generated code knows of the rows that are sorted.
type SortFuncs[R any] struct {
	RowFuncs[R]
	// Compare orders two rows; nil leaves them in the order in which they come.
	Compare func(x, y *R) int
	// Offset is the number of rows left out, Limit of those that follow; a
	// negative limit is none.
	Offset, Limit int64
}

// Sort yields its rows in order when the input ends. With a limit it never
// holds more than twice the rows that can count. Rows that are equal stay in
// the order in which they came. In batch mode what doesn't fit into the budget
// of memory goes into files.
type Sort[R any] struct {
	stream.Forward[R]
	f      SortFuncs[R]
	sub    *stream.Subtask
	sorter sorter[R]
	end    int // rows from the first one that can count; negative for all
	// bound is the last row of those at hand that count so far; nil as long as
	// there are fewer.
	bound *R
	pool  stream.Pool[R]
	// skip and left are the rows to leave out and to yield, at the end.
	skip, left int64
}

// NewSort makes the operator of one subtask. All rows that are to be ordered
// come to the same one.
func NewSort[R any](sub *stream.Subtask, out stream.Consumer[R], f SortFuncs[R]) *Sort[R] {
	s := &Sort[R]{Forward: stream.Forward[R]{Out: out}, f: f, sub: sub, end: -1}
	s.sorter = sorter[R]{f: f.RowFuncs, compare: f.Compare, memory: sub.Memory.Open()}
	s.skip, s.left = f.Offset, math.MaxInt64
	if f.Limit >= 0 {
		s.left = f.Limit
		s.end = int(min(f.Offset, math.MaxInt32/2) + min(f.Limit, math.MaxInt32/2))
	}
	return s
}

// Process implements stream.Consumer.
func (s *Sort[R]) Process(b *stream.Batch[R]) error {
	for i := range b.Rows {
		if row := &b.Rows[i]; s.counts(row) {
			if err := s.add(row); err != nil {
				return err
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
		return s.sorter.rows.len() < s.end
	}
	return s.bound == nil || s.f.Compare(row, s.bound) < 0
}

// add takes a row in. The rows that a run holds can count as well, so that the
// bound is only that of the rows at hand.
func (s *Sort[R]) add(row *R) error {
	runs := len(s.sorter.runs)
	if err := s.sorter.add(row); err != nil {
		return err
	}
	if len(s.sorter.runs) != runs {
		s.bound = nil
	}
	if s.end >= 0 && s.sorter.rows.len() >= 2*s.end && s.f.Compare != nil {
		s.sorter.cut(s.end)
		s.bound = s.sorter.rows.at(s.end - 1)
	}
	return nil
}

// Control implements stream.Consumer: at the end of the input the rows go out.
func (s *Sort[R]) Control(c stream.Control) error {
	if c.Kind != stream.End {
		return s.Out.Control(c)
	}
	if err := s.sorter.finish(); err != nil {
		return err
	}
	return AtEnd(s.sub, s.Out, c, s.piece)
}

// piece passes a batch of rows on and reports whether there are more.
func (s *Sort[R]) piece() (more bool, err error) {
	out := s.pool.Get()
	for len(out.Rows) < s.sub.BatchSize {
		row, err := s.next()
		if errors.Is(err, io.EOF) {
			return false, errors.Join(s.sorter.clear(), sendOn(s.Out, out))
		}
		if err != nil {
			return false, err
		}
		*out.Add() = *row
	}
	return true, sendOn(s.Out, out)
}

// next is the next row within the limits.
func (s *Sort[R]) next() (*R, error) {
	for ; s.skip > 0; s.skip-- {
		if _, err := s.sorter.next(); err != nil {
			return nil, err
		}
	}
	if s.left == 0 {
		return nil, io.EOF
	}
	s.left--
	return s.sorter.next()
}

// Close implements stream.Closer. The files are removed with the budget.
func (s *Sort[R]) Close() error {
	s.sorter.memory.Close()
	return nil
}

// allRows is the key group of rows that go to one subtask, whatever they hold:
// that of the key without columns.
var allRows = state.Group(val.HashSeed)

// Snapshot implements stream.Stateful. A streaming job has no files.
func (s *Sort[R]) Snapshot(snap *state.Snapshot) error {
	for i := range s.sorter.rows.len() {
		snap.Groups[allRows] = s.f.Append(snap.Groups[allRows], s.sorter.rows.at(i))
	}
	return nil
}

// Restore implements stream.Stateful.
func (s *Sort[R]) Restore(r *state.Restored) error {
	return eachEntry(r, func(src []byte) ([]byte, error) {
		var row R
		src, err := s.f.Read(src, &row)
		if err == nil {
			s.sorter.rows.add(&row)
		}
		return src, err
	})
}
