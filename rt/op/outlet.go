package op

import (
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// outlet gathers rows that an operator gives out into batches, each of which it
// passes on when it is full and another row comes.
type outlet[Out any] struct {
	to   stream.Consumer[Out]
	size int // of a full batch
	// makes gives each batch an arena of its own, for what is made for its rows;
	// else they may view that of views.
	makes bool
	views *val.Arena
	batch *stream.Batch[Out] // nil as long as it would be empty
	pool  stream.Pool[Out]
}

func newOutlet[Out any](sub *stream.Subtask, to stream.Consumer[Out]) outlet[Out] {
	return outlet[Out]{to: to, size: sub.BatchSize}
}

// room is a batch that has room for a row, which is to be added.
func (o *outlet[Out]) room() (*stream.Batch[Out], error) {
	if o.batch != nil {
		if len(o.batch.Rows) < o.size {
			return o.batch, nil
		}
		if err := o.flush(); err != nil {
			return nil, err
		}
	}
	o.batch = o.pool.Get()
	if o.makes {
		o.batch.Arena = val.NewArena()
	} else {
		o.views.Retain()
		o.batch.Arena = o.views
	}
	return o.batch, nil
}

// add is a zero row to fill in, of a stream of insertions.
func (o *outlet[Out]) add() (*Out, error) {
	b, err := o.room()
	if err != nil {
		return nil, err
	}
	return b.Add(), nil
}

// addKind is one of a kind.
func (o *outlet[Out]) addKind(kind val.RowKind) (*Out, error) {
	b, err := o.room()
	if err != nil {
		return nil, err
	}
	return b.AddKind(kind), nil
}

// flush passes on what is left.
func (o *outlet[Out]) flush() error {
	b := o.batch
	if b == nil {
		return nil
	}
	o.batch = nil
	return o.to.Process(b)
}

// sendOn passes a batch on, if there is something in it.
func sendOn[R any](to stream.Consumer[R], b *stream.Batch[R]) error {
	if len(b.Rows) == 0 {
		b.Release()
		return nil
	}
	return to.Process(b)
}
