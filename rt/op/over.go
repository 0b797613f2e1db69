package op

import (
	"errors"
	"io"
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
	// Run sets columns of out, which are the partition's rows from position from
	// on. It is called for all rows of a partition in turn, from the first on. What
	// it makes lies in the arena.
	Run(p *Partition[In], from int, out []Out, arena *val.Arena) error
}

// Over computes functions over windows when its input ends: in batch mode. What
// doesn't fit into the budget of memory goes into files, single partitions
// included.
type Over[In, Out any] struct {
	stream.Forward[Out]
	f      OverFuncs[In, Out]
	sub    *stream.Subtask
	sorter sorter[In]
	pool   stream.Pool[Out]
	// At the end: the partition at hand and how many of its rows are out.
	at      Partition[In]
	emitted int
	// Where the sorter had to use files, the partition's rows are in rows, on an
	// account of their own; last is the last of them, ahead the one behind it.
	rows        rowList[In]
	memory      *spill.Account
	last, ahead In
	hasAhead    bool
}

// NewOver makes the operator of one subtask, to which all rows of a partition
// come.
func NewOver[In, Out any](sub *stream.Subtask, out stream.Consumer[Out], f OverFuncs[In, Out]) *Over[In, Out] {
	o := &Over[In, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub, memory: sub.Memory.Open()}
	o.at.f, o.at.order = &o.f.RowFuncs, f.Order
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
	return AtEnd(o.sub, o.Out, c, o.piece)
}

// piece passes rows of a partition on and reports whether there are more.
func (o *Over[In, Out]) piece() (more bool, err error) {
	if o.emitted == o.at.Len() {
		if err := errors.Join(o.at.release(), o.collect()); err != nil {
			return false, err
		}
		o.emitted = 0
	}
	if o.at.Len() == 0 {
		return false, nil
	}
	return true, o.emit()
}

// collect takes the rows of the next partition; there are none at the end.
func (o *Over[In, Out]) collect() error {
	if o.sorter.merged != nil {
		return o.collectMerged()
	}
	o.sorter.order = o.sorter.order[o.at.Len():]
	row := func(i int) *In { return o.sorter.rows.at(int(o.sorter.order[i])) }
	n := 0
	for n < len(o.sorter.order) && o.together(row(0), row(n)) {
		n++
	}
	o.at.set(&o.sorter.rows, o.sorter.order[:n], n)
	return nil
}

// together reports whether two rows are of one partition.
func (o *Over[In, Out]) together(x, y *In) bool {
	return o.f.Partition == nil || o.f.Partition(x, y) == 0
}

// collectMerged takes the rows from the merge of the sorter's files.
func (o *Over[In, Out]) collectMerged() error {
	o.rows.clear()
	o.memory.Clear()
	o.at.set(&o.rows, nil, 0)
	for {
		if !o.hasAhead {
			row, err := o.sorter.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
			o.ahead, o.hasAhead = *row, true
		}
		if o.at.Len() > 0 && !o.together(&o.last, &o.ahead) {
			break
		}
		if err := o.take(); err != nil {
			return err
		}
	}
	o.at.complete()
	return nil
}

// take adds the row ahead to the partition.
func (o *Over[In, Out]) take() error {
	if o.at.file == nil && !o.memory.Grow(o.bytes(&o.ahead)) {
		if err := o.at.spill(o.memory); err != nil {
			return err
		}
		o.memory.Clear()
	}
	o.last, o.hasAhead = o.ahead, false
	return o.at.add(&o.last)
}

// bytes is what a row of a partition takes, roughly: itself and its places among
// the rows that are equal.
func (o *Over[In, Out]) bytes(row *In) int64 {
	return int64(unsafe.Sizeof(*row)) + int64(o.f.Viewed(row)) + 2*int64(unsafe.Sizeof(o.emitted))
}

// Close implements stream.Closer. The files are removed with the budget.
func (o *Over[In, Out]) Close() error {
	o.sorter.memory.Close()
	o.memory.Close()
	return nil
}

// emit runs all functions on the partition's next rows and passes these on.
func (o *Over[In, Out]) emit() (err error) {
	defer recoverUnreadable(&err)
	b := o.pool.Get()
	b.Arena = val.NewArena()
	n := min(o.sub.BatchSize, o.at.Len()-o.emitted)
	for i := range n {
		o.f.Start(o.at.Row(o.emitted+i), b.Add())
	}
	for _, w := range o.f.Windows {
		if err := w.Run(&o.at, o.emitted, b.Rows, b.Arena); err != nil {
			b.Release()
			return err
		}
	}
	o.emitted += n
	return o.Out.Process(b)
}
