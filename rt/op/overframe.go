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
type Frame[In, A, Out any] struct {
	f   FrameFuncs[In, A, Out]
	acc A
	// from and to are the rows in acc, low and high those of the last frame.
	from, to, low, high int
}

// OverFrame makes a Window of aggregates.
func OverFrame[In, A, Out any](f FrameFuncs[In, A, Out]) *Frame[In, A, Out] {
	return &Frame[In, A, Out]{f: f}
}

// Run implements Window.
func (w *Frame[In, A, Out]) Run(p *Partition[In], from int, out []Out, arena *val.Arena) error {
	if from == 0 {
		*w = Frame[In, A, Out]{f: w.f}
	}
	for i := range out {
		w.high = max(w.f.To.end(p, from+i, w.high), 0)
		w.low = w.f.From.begin(p, from+i, w.low, w.high)
		if err := w.move(p, w.low, max(w.low, w.high)); err != nil {
			return err
		}
		w.f.Result(&w.acc, &out[i], arena)
	}
	return nil
}

// move makes acc hold the rows from low to high.
func (w *Frame[In, A, Out]) move(p *Partition[In], low, high int) error {
	if low < w.from || high < w.to || low > w.from && (w.f.Retract == nil || low >= w.to) {
		var zero A
		w.acc = zero
		w.from, w.to = low, low
	}
	for ; w.to < high; w.to++ {
		if err := w.f.Add(&w.acc, p.Row(w.to)); err != nil {
			return err
		}
	}
	for ; w.from < low; w.from++ {
		if err := w.f.Retract(&w.acc, p.Row(w.from)); err != nil {
			return err
		}
	}
	return nil
}

// begin is the position of the first row of the frame of row i, which ends
// before high; last is that of the row before.
func (b *Bound[In]) begin(p *Partition[In], i, last, high int) int {
	switch b.Kind {
	case AtRow:
		return clamp(int64(i)+b.Rows, p.Len())
	case AtPeers:
		return p.First(i)
	case AtDistance:
		return b.pass(p, i, last, high, -1)
	}
	return 0
}

// end is the position behind the last row of the frame of row i.
func (b *Bound[In]) end(p *Partition[In], i, last int) int {
	switch b.Kind {
	case AtRow:
		return clamp(int64(i)+b.Rows+1, p.Len())
	case AtPeers:
		return p.End(i)
	case AtDistance:
		return b.pass(p, i, last, p.Len(), 0)
	}
	return p.Len()
}

// pass is the first position from last on, and up to high, whose row compares
// with the bound of row i as more than most.
func (b *Bound[In]) pass(p *Partition[In], i, last, high, most int) int {
	for last < high && b.Compare(p.Row(last), p.Row(i)) <= most {
		last++
	}
	return last
}

func clamp(i int64, n int) int { return int(min(max(i, 0), int64(n))) }
