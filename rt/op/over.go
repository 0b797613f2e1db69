package op

import (
	"cmp"
	"slices"

	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// OverFuncs is what generated code knows of functions over windows: In is the
// input row, Out the same with a column for each function behind it.
type OverFuncs[In, Out any] struct {
	// Partition orders rows of different partitions, Order those of one; nil for
	// one partition, and for no order.
	Partition, Order func(x, y *In) int
	// Keep clones what a row views.
	Keep func(r *In)
	// Start copies a row into a zero output row.
	Start func(r *In, o *Out)
	// Windows are the functions, some in one where they have the same frame.
	Windows []Window[In, Out]
}

// Window computes columns of a partition's rows.
type Window[In, Out any] interface {
	// Run sets columns of out, which has a row for each of the partition. What
	// it makes lies in the arena.
	Run(p *Partition[In], out []Out, arena *val.Arena) error
}

// Partition is the rows of one partition, in order.
type Partition[In any] struct {
	Rows []In
	// first and end are for each row the position of the first of the rows that
	// are equal by the order, and that behind the last.
	first, end []int32
}

// set takes the rows of the next partition.
func (p *Partition[In]) set(rows []In, order func(x, y *In) int) {
	p.Rows, p.first, p.end = rows, p.first[:0], p.end[:0]
	for i := range rows {
		if i > 0 && (order == nil || order(&rows[i-1], &rows[i]) == 0) {
			p.first = append(p.first, p.first[i-1])
		} else {
			p.first = append(p.first, int32(i))
		}
	}
	p.end = slices.Grow(p.end, len(rows))[:len(rows)]
	for i := len(rows) - 1; i >= 0; i-- {
		p.end[i] = int32(i + 1)
		if i+1 < len(rows) && p.first[i+1] == p.first[i] {
			p.end[i] = p.end[i+1]
		}
	}
}

// Over computes functions over windows when its input ends: in batch mode.
type Over[In, Out any] struct {
	stream.Forward[Out]
	f    OverFuncs[In, Out]
	sub  *stream.Subtask
	rows []In
	pool stream.Pool[Out]
}

// NewOver makes the operator of one subtask, to which all rows of a partition
// come.
func NewOver[In, Out any](sub *stream.Subtask, out stream.Consumer[Out], f OverFuncs[In, Out]) *Over[In, Out] {
	return &Over[In, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub}
}

// Process implements stream.Consumer.
func (o *Over[In, Out]) Process(b *stream.Batch[In]) error {
	for i := range b.Rows {
		o.rows = append(o.rows, b.Rows[i])
		o.f.Keep(&o.rows[len(o.rows)-1])
	}
	b.Release()
	return nil
}

// Control implements stream.Consumer: at the end of the input the rows go out.
func (o *Over[In, Out]) Control(c stream.Control) error {
	if c.Kind == stream.End {
		if err := o.run(); err != nil {
			return err
		}
	}
	return o.Out.Control(c)
}

func (o *Over[In, Out]) run() error {
	rows := sorted(o.rows, func(x, y *In) int {
		if o.f.Partition != nil {
			if c := o.f.Partition(x, y); c != 0 || o.f.Order == nil {
				return c
			}
		}
		if o.f.Order == nil {
			return 0
		}
		return o.f.Order(x, y)
	})
	o.rows = nil
	var p Partition[In]
	for len(rows) > 0 {
		n := len(rows)
		if o.f.Partition != nil {
			n = 1
			for n < len(rows) && o.f.Partition(&rows[0], &rows[n]) == 0 {
				n++
			}
		}
		p.set(rows[:n], o.f.Order)
		if err := o.emit(&p); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// sorted puts rows in order; equal ones stay in the order in which they came.
func sorted[R any](rows []R, compare func(x, y *R) int) []R {
	at := make([]int32, len(rows))
	for i := range at {
		at[i] = int32(i)
	}
	slices.SortFunc(at, func(x, y int32) int { return cmp.Or(compare(&rows[x], &rows[y]), int(x-y)) })
	out := make([]R, len(rows))
	for i, from := range at {
		out[i] = rows[from]
	}
	return out
}

// emit runs all functions on a partition and passes its rows on.
func (o *Over[In, Out]) emit(p *Partition[In]) error {
	out := make([]Out, len(p.Rows))
	for i := range p.Rows {
		o.f.Start(&p.Rows[i], &out[i])
	}
	arena := val.NewArena()
	defer arena.Release()
	for _, w := range o.f.Windows {
		if err := w.Run(p, out, arena); err != nil {
			return err
		}
	}
	for chunk := range slices.Chunk(out, o.sub.BatchSize) {
		b := o.pool.Get()
		b.Rows = append(b.Rows, chunk...)
		arena.Retain()
		b.Arena = arena
		if err := o.Out.Process(b); err != nil {
			return err
		}
	}
	return nil
}
