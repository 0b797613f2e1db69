package op

import (
	"errors"
	"io"
	"slices"
	"unsafe"

	"pyfc/rt/spill"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// OverFuncs is what generated code knows of functions over windows: In is the
// input row, Out the same with a column for each function behind it.
type OverFuncs[In, Out any] struct {
	RowFuncs[In]
	// Partition orders rows of different partitions, Order those of one; nil for
	// one partition, and for no order.
	Partition, Order func(x, y *In) int
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

// Over computes functions over windows when its input ends: in batch mode. What
// doesn't fit into the budget of memory goes into files, but a partition must
// fit.
type Over[In, Out any] struct {
	stream.Forward[Out]
	f      OverFuncs[In, Out]
	sub    *stream.Subtask
	sorter sorter[In]
	pool   stream.Pool[Out]
	// At the end: the partition at hand, the account of its rows, and the row
	// behind it.
	at       Partition[In]
	rows     []In
	memory   *spill.Account
	ahead    In
	hasAhead bool
}

// NewOver makes the operator of one subtask, to which all rows of a partition
// come.
func NewOver[In, Out any](sub *stream.Subtask, out stream.Consumer[Out], f OverFuncs[In, Out]) *Over[In, Out] {
	o := &Over[In, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub, memory: sub.Memory.Open()}
	o.sorter = sorter[In]{f: f.RowFuncs, compare: o.compare(), memory: sub.Memory.Open()}
	return o
}

// compare orders all rows: by partition, and in it.
func (o *Over[In, Out]) compare() func(x, y *In) int {
	switch {
	case o.f.Partition == nil:
		return o.f.Order
	case o.f.Order == nil:
		return o.f.Partition
	}
	return func(x, y *In) int {
		if c := o.f.Partition(x, y); c != 0 {
			return c
		}
		return o.f.Order(x, y)
	}
}

// Process implements stream.Consumer.
func (o *Over[In, Out]) Process(b *stream.Batch[In]) error {
	for i := range b.Rows {
		if err := o.sorter.add(&b.Rows[i]); err != nil {
			return err
		}
	}
	b.Release()
	return nil
}

// Control implements stream.Consumer: at the end of the input the rows go out.
func (o *Over[In, Out]) Control(c stream.Control) error {
	if c.Kind != stream.End {
		return o.Out.Control(c)
	}
	if err := o.sorter.finish(); err != nil {
		return err
	}
	return atEnd(o.sub, o.Out, c, o.piece)
}

// piece passes a partition on and reports whether there are more.
func (o *Over[In, Out]) piece() (more bool, err error) {
	if err := o.collect(); err != nil {
		return false, err
	}
	if len(o.rows) > 0 {
		o.at.set(o.rows, o.f.Order)
		err = o.emit(&o.at)
	}
	return o.hasAhead, err
}

// collect takes the rows of the next partition.
func (o *Over[In, Out]) collect() error {
	clear(o.rows)
	o.rows = o.rows[:0]
	o.memory.Clear()
	if o.hasAhead {
		o.rows = append(o.rows, o.ahead)
	}
	o.hasAhead = false
	for {
		row, err := o.sorter.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(o.rows) > 0 && o.f.Partition != nil && o.f.Partition(&o.rows[0], row) != 0 {
			o.ahead, o.hasAhead = *row, true
			return nil
		}
		if err := o.memory.Must(o.bytes(row)); err != nil {
			return err
		}
		o.rows = append(o.rows, *row)
	}
}

// bytes is what a row of a partition takes, roughly: itself, its output row,
// and its places among the rows that are equal. What rows view that were never
// in a file is on the sorter's account.
func (o *Over[In, Out]) bytes(row *In) int64 {
	var out Out
	n := int64(unsafe.Sizeof(*row)) + int64(unsafe.Sizeof(out)) + 2*int64(unsafe.Sizeof(o.at.first[0]))
	if o.sorter.merged != nil {
		n += int64(o.f.Viewed(row))
	}
	return n
}

// Close implements stream.Closer. The files are removed with the budget.
func (o *Over[In, Out]) Close() error {
	o.sorter.memory.Close()
	o.memory.Close()
	return nil
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
