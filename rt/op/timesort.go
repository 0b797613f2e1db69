package op

import (
	"math"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// TimeSortFuncs is what generated code knows of an order by the time of events.
type TimeSortFuncs[R any] struct {
	// Time is the time of a row, in milliseconds.
	Time func(r *R) int64
	// Compare orders the rows of one time; nil leaves them in the order in which
	// they came.
	Compare func(x, y *R) int
	// Keep, Append and Read are those of a row that is kept.
	Keep   func(r *R)
	Append func(dst []byte, r *R) []byte
	Read   func(src []byte, r *R) ([]byte, error)
}

// TimeSort yields the rows of a stream in the order of their time, when the
// watermark says that no earlier ones follow. As in Flink rows are late, and
// dropped, that aren't behind the last one that has been yielded.
type TimeSort[R any] struct {
	stream.Forward[R]
	f     TimeSortFuncs[R]
	sub   *stream.Subtask
	panes panes[*rowList[R]]
	last  int64 // the time of the rows that have been yielded
	order []int32
	out   outlet[R]
}

// NewTimeSort makes the operator of one subtask, to which all rows come.
func NewTimeSort[R any](sub *stream.Subtask, out stream.Consumer[R], f TimeSortFuncs[R]) *TimeSort[R] {
	s := &TimeSort[R]{Forward: stream.Forward[R]{Out: out}, f: f, sub: sub, last: math.MinInt64, out: newOutlet(sub, out)}
	s.panes = newPanes(func() *rowList[R] { return &rowList[R]{} })
	return s
}

// Process implements stream.Consumer.
func (s *TimeSort[R]) Process(b *stream.Batch[R]) error {
	late := 0
	for i := range b.Rows {
		at := s.f.Time(&b.Rows[i])
		if at <= s.last {
			late++
			continue
		}
		s.f.Keep(s.panes.at(at).add(&b.Rows[i]))
	}
	if late > 0 {
		s.sub.Count.Late.Add(int64(late))
	}
	b.Release()
	return nil
}

// Control implements stream.Consumer: the rows up to a watermark are given out
// before it is passed on.
func (s *TimeSort[R]) Control(c stream.Control) error {
	if c.Kind != stream.Watermark {
		return s.Out.Control(c)
	}
	if err := s.panes.advance(c.Time, s.close); err != nil {
		return err
	}
	if err := s.out.flush(); err != nil {
		return err
	}
	return s.Out.Control(c)
}

// close gives out the rows of one time.
func (s *TimeSort[R]) close(at int64, rows *rowList[R]) error {
	s.last = at
	s.order = rows.positions(s.order, s.f.Compare)
	for _, i := range s.order {
		row, err := s.out.add()
		if err != nil {
			return err
		}
		*row = *rows.at(int(i))
	}
	return nil
}

// Snapshot implements stream.Stateful.
func (s *TimeSort[R]) Snapshot(snap *state.Snapshot) error {
	s.panes.snapshot(snap)
	if s.last == math.MinInt64 && len(s.panes.open) == 0 {
		return nil
	}
	n := 0
	for _, rows := range s.panes.open {
		n += rows.len()
	}
	dst := val.EncodeInt(val.EncodeInt(nil, s.last), int64(n))
	for _, rows := range s.panes.open {
		for i := range rows.len() {
			dst = s.f.Append(dst, rows.at(i))
		}
	}
	snap.Groups[allRows] = dst
	return nil
}

// Restore implements stream.Stateful.
func (s *TimeSort[R]) Restore(r *state.Restored) error {
	if err := s.panes.restore(r); err != nil {
		return err
	}
	return eachEntry(r, s.read)
}

func (s *TimeSort[R]) read(src []byte) ([]byte, error) {
	var n int
	src, err := val.DecodeInt(src, &s.last)
	if err == nil {
		src, err = val.DecodeCount(src, &n)
	}
	for ; n > 0 && err == nil; n-- {
		var row R
		if src, err = s.f.Read(src, &row); err == nil {
			s.panes.at(s.f.Time(&row)).add(&row)
		}
	}
	return src, err
}
