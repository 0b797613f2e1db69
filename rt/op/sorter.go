package op

import (
	"errors"
	"io"
	"slices"
	"unsafe"

	"pyfc/rt/spill"
	"pyfc/rt/stream"
)

// mergeWidth is the number of files that are merged at once.
const mergeWidth = 64

// sorter takes rows in and gives them out in order; equal ones in the order in
// which they came. When the budget of memory is used up, the rows at hand are
// sorted and go into a file, a run; at the end the runs are merged.
type sorter[R any] struct {
	f       RowFuncs[R]
	compare func(x, y *R) int // nil leaves rows in the order in which they come
	memory  *spill.Account
	rows    rowList[R]
	runs    []*spill.File
	buf     []byte
	// At the end either the rows at hand are given out, in the order of their
	// positions, or a merge.
	order  []int32
	merged *merge[R]
}

// Sorter takes rows in and gives them out in order, as far as memory allows without
// files, for operators of other packages.
type Sorter[R any] struct{ s sorter[R] }

// NewSorter makes the sorter of a subtask's operator; equal rows stay in the order
// in which they came, and so do all without compare.
func NewSorter[R any](sub *stream.Subtask, f RowFuncs[R], compare func(x, y *R) int) *Sorter[R] {
	return &Sorter[R]{sorter[R]{f: f, compare: compare, memory: sub.Memory.Open()}}
}

// Add takes a row in.
func (s *Sorter[R]) Add(row *R) error { return s.s.add(row) }

// Finish says that all rows have come.
func (s *Sorter[R]) Finish() error { return s.s.finish() }

// Next is the next row after Finish, valid until the call after it; at the end
// io.EOF.
func (s *Sorter[R]) Next() (*R, error) { return s.s.next() }

// Close removes files.
func (s *Sorter[R]) Close() { s.s.memory.Close() }

// bytes is what a row takes, roughly.
func (s *sorter[R]) bytes(row *R) int64 {
	return int64(unsafe.Sizeof(*row)) + int64(unsafe.Sizeof(s.order[0])) + int64(s.f.Viewed(row))
}

// add takes a row in.
func (s *sorter[R]) add(row *R) error {
	n := s.bytes(row)
	if !s.memory.Grow(n) {
		if err := s.spill(); err != nil {
			return err
		}
		if !s.memory.Grow(n) {
			if err := s.memory.Must(n); err != nil {
				return err
			}
		}
	}
	s.f.Keep(s.rows.add(row))
	return nil
}

// positions are those of the rows at hand, in order.
func (s *sorter[R]) positions() []int32 { return s.rows.positions(nil, s.compare) }

// cut sorts the rows at hand and forgets those behind the first n.
func (s *sorter[R]) cut(n int) {
	first := newRowList[R](2 * n) // more come
	gone := int64(0)
	for i, at := range s.positions() {
		if row := s.rows.at(int(at)); i < n {
			first.add(row)
		} else {
			gone += s.bytes(row)
		}
	}
	s.rows = first
	s.memory.Shrink(gone)
}

// spill writes the rows at hand into a run.
func (s *sorter[R]) spill() error {
	if s.rows.len() == 0 {
		return nil
	}
	run, err := s.memory.Create()
	if err != nil {
		return err
	}
	s.runs = append(s.runs, run)
	for _, at := range s.positions() {
		if err := s.write(run, s.rows.at(int(at))); err != nil {
			return err
		}
	}
	s.rows.clear()
	s.memory.Clear()
	return nil
}

func (s *sorter[R]) write(to *spill.File, row *R) error {
	s.buf = s.f.Append(s.buf[:0], row)
	return to.Append(s.buf)
}

// finish says that all rows have come.
func (s *sorter[R]) finish() (err error) {
	if len(s.runs) == 0 {
		s.order = s.positions()
		return nil
	}
	if err := s.spill(); err != nil {
		return err
	}
	for len(s.runs) > mergeWidth {
		if err := s.narrow(); err != nil {
			return err
		}
	}
	s.merged, err = newMerge(s.f, s.compare, s.runs)
	return err
}

// narrow merges neighbouring runs, so that there are fewer.
func (s *sorter[R]) narrow() error {
	var fewer []*spill.File
	for part := range slices.Chunk(s.runs, mergeWidth) {
		run, err := s.memory.Create()
		if err != nil {
			return err
		}
		fewer = append(fewer, run)
		m, err := newMerge(s.f, s.compare, part)
		if err != nil {
			return err
		}
		for {
			row, err := m.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
			if err := s.write(run, row); err != nil {
				return err
			}
		}
	}
	s.runs = fewer
	return nil
}

// next is the next row after finish, which is valid until the call after it; at
// the end io.EOF.
func (s *sorter[R]) next() (*R, error) {
	if s.merged != nil {
		return s.merged.next()
	}
	if len(s.order) == 0 {
		return nil, io.EOF
	}
	row := s.rows.at(int(s.order[0]))
	s.order = s.order[1:]
	return row, nil
}

// clear forgets the rows that haven't been given out.
func (s *sorter[R]) clear() (err error) {
	if s.merged != nil {
		for _, h := range s.merged.heads {
			err = errors.Join(err, h.file.Remove())
		}
		s.merged.heads = nil
	}
	s.order = nil
	s.rows.clear()
	s.memory.Clear()
	return err
}

// merge reads sorted runs as one; each is removed when it has been read.
type merge[R any] struct {
	f       RowFuncs[R]
	compare func(x, y *R) int
	// heads are the runs that aren't at their end, a heap by their rows.
	heads []*runHead[R]
	last  R
}

// runHead is the next row of a run.
type runHead[R any] struct {
	file   *spill.File
	reader *spill.Reader
	row    R
	nr     int // of the run: equal rows of an earlier one come first
}

func newMerge[R any](f RowFuncs[R], compare func(x, y *R) int, runs []*spill.File) (*merge[R], error) {
	m := &merge[R]{f: f, compare: compare}
	for nr, file := range runs {
		reader, err := file.Reader()
		if err != nil {
			return nil, err
		}
		h := &runHead[R]{file: file, reader: reader, nr: nr}
		if err := m.read(h); err != nil { // a run has a row at least
			return nil, err
		}
		m.heads = append(m.heads, h)
	}
	slices.SortFunc(m.heads, m.order) // what is sorted is a heap
	return m, nil
}

// order compares the rows at hand of two runs.
func (m *merge[R]) order(x, y *runHead[R]) int {
	if m.compare != nil {
		if c := m.compare(&x.row, &y.row); c != 0 {
			return c
		}
	}
	return x.nr - y.nr
}

// read reads the next row of a run.
func (m *merge[R]) read(h *runHead[R]) error {
	record, err := h.reader.Next()
	if err != nil {
		return err
	}
	var zero R
	h.row = zero
	_, err = m.f.Read(record, &h.row)
	return err
}

func (m *merge[R]) next() (*R, error) {
	if len(m.heads) == 0 {
		return nil, io.EOF
	}
	h := m.heads[0]
	m.last = h.row
	err := m.read(h)
	if errors.Is(err, io.EOF) {
		n := len(m.heads) - 1
		m.heads[0] = m.heads[n]
		m.heads = m.heads[:n]
		err = h.file.Remove()
	}
	if err != nil {
		return nil, err
	}
	m.sink()
	return &m.last, nil
}

// sink moves the first run to its place in the heap.
func (m *merge[R]) sink() {
	for at := 0; ; {
		child := 2*at + 1
		if child >= len(m.heads) {
			return
		}
		if child+1 < len(m.heads) && m.order(m.heads[child+1], m.heads[child]) < 0 {
			child++
		}
		if m.order(m.heads[at], m.heads[child]) <= 0 {
			return
		}
		m.heads[at], m.heads[child] = m.heads[child], m.heads[at]
		at = child
	}
}

// AtEnd gives out what an operator has at the end of its input, in pieces, and
// passes End on behind the last one. A streaming job, which has no budget, does
// it at once: a checkpoint in between would have to know what is out.
func AtEnd[Out any](sub *stream.Subtask, out stream.Consumer[Out], end stream.Control, piece func() (more bool, err error)) error {
	if sub.Memory != nil {
		sub.Continue(out.Ready, func() (bool, error) {
			more, err := piece()
			if err != nil || more {
				return more, err
			}
			return false, out.Control(end)
		})
		return nil
	}
	for more := true; more; {
		var err error
		if more, err = piece(); err != nil {
			return err
		}
	}
	return out.Control(end)
}
