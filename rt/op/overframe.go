package op

import "pyfc/rt/val"

// BoundKind says where a frame begins or ends.
type BoundKind uint8

// The kinds of bounds.
const (
	Unbounded  BoundKind = iota
	AtRow                // ROWS: so many rows from the current one
	AtPeers              // RANGE … CURRENT ROW: at the rows that are equal by the order
	AtDistance           // RANGE: at a value so far from the current one
)

// Bound is one end of a frame.
type Bound[In any] struct {
	Kind BoundKind
	// Rows is the distance of AtRow, negative before the current row.
	Rows int64
	// Compare, of AtDistance, says whether a row lies before the bound of the
	// current row, at it or behind it.
	Compare func(row, current *In) int
}

// FrameFuncs is what generated code knows of aggregates over one frame: A is
// their accumulators.
type FrameFuncs[In, A, Out any] struct {
	From, To Bound[In]
	Add      func(a *A, r *In) error
	// Retract takes a row back that leaves the frame; nil where that isn't
	// possible to the digit, and the frame is added up anew.
	Retract func(a *A, r *In) error
	Result  func(a *A, o *Out, arena *val.Arena)
}

// Frame computes aggregates over the rows of a frame around each row.
type Frame[In, A, Out any] struct{ f FrameFuncs[In, A, Out] }

// OverFrame makes a Window of aggregates.
func OverFrame[In, A, Out any](f FrameFuncs[In, A, Out]) *Frame[In, A, Out] {
	return &Frame[In, A, Out]{f}
}

// Run implements Window.
func (w *Frame[In, A, Out]) Run(p *Partition[In], out []Out, arena *val.Arena) error {
	var acc A
	from, to := 0, 0 // the rows in acc
	low, high := 0, 0
	for i := range p.Rows {
		low = w.f.From.begin(p, i, low)
		high = max(w.f.To.end(p, i, high), 0)
		var err error
		if from, to, err = w.move(p, &acc, from, to, low, max(low, high)); err != nil {
			return err
		}
		w.f.Result(&acc, &out[i], arena)
	}
	return nil
}

// move makes acc, which holds the rows from to to, hold those from low to high.
func (w *Frame[In, A, Out]) move(p *Partition[In], acc *A, from, to, low, high int) (int, int, error) {
	if low < from || high < to || low > from && (w.f.Retract == nil || low >= to) {
		var zero A
		*acc = zero
		from, to = low, low
	}
	for ; to < high; to++ {
		if err := w.f.Add(acc, &p.Rows[to]); err != nil {
			return 0, 0, err
		}
	}
	for ; from < low; from++ {
		if err := w.f.Retract(acc, &p.Rows[from]); err != nil {
			return 0, 0, err
		}
	}
	return from, to, nil
}

// begin is the position of the first row of the frame of row i; last is that
// of the row before.
func (b *Bound[In]) begin(p *Partition[In], i, last int) int {
	switch b.Kind {
	case AtRow:
		return clamp(int64(i)+b.Rows, len(p.Rows))
	case AtPeers:
		return int(p.first[i])
	case AtDistance:
		for last < len(p.Rows) && b.Compare(&p.Rows[last], &p.Rows[i]) < 0 {
			last++
		}
		return last
	}
	return 0
}

// end is the position behind the last row of the frame of row i.
func (b *Bound[In]) end(p *Partition[In], i, last int) int {
	switch b.Kind {
	case AtRow:
		return clamp(int64(i)+b.Rows+1, len(p.Rows))
	case AtPeers:
		return int(p.end[i])
	case AtDistance:
		for last < len(p.Rows) && b.Compare(&p.Rows[last], &p.Rows[i]) <= 0 {
			last++
		}
		return last
	}
	return len(p.Rows)
}

func clamp(i int64, n int) int { return int(min(max(i, 0), int64(n))) }
