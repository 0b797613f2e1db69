package stream

import (
	"context"
	"log/slog"

	"pyfc/rt/spill"
	"pyfc/rt/state"
	"pyfc/rt/val"
)

// ControlKind says what a control element means.
type ControlKind uint8

// The control elements that travel between batches.
const (
	Watermark ControlKind = iota // no row with an earlier time follows
	Barrier                      // state before it belongs to the checkpoint
	Idle                         // the input gives nothing for now; don't wait for its watermark
	End                          // the input has ended
)

// Control is an element that travels between batches.
type Control struct {
	Kind ControlKind
	// Time is the watermark, in milliseconds since the epoch.
	Time int64
	// Checkpoint is what a Barrier belongs to.
	Checkpoint *Checkpoint
}

// Consumer is the receiving side of an edge. Both methods are called by one
// goroutine, the task's.
type Consumer[R any] interface {
	// Process takes ownership of the batch.
	Process(b *Batch[R]) error
	// Control handles the element and passes it on.
	Control(c Control) error
	// Ready reports whether the consumer has room for a batch. It is asked
	// before a task takes its next input; it may be overrun by what one input
	// batch yields, and by the batches that wait in front of a barrier.
	Ready() bool
}

// Forward is embedded by operators: it passes control elements and readiness
// on to Out.
type Forward[Out any] struct{ Out Consumer[Out] }

// Control passes the element on.
func (f Forward[Out]) Control(c Control) error { return f.Out.Control(c) }

// Ready asks the next operator.
func (f Forward[Out]) Ready() bool { return f.Out.Ready() }

// Stateful is implemented by operators, sources and sinks with state.
type Stateful interface {
	// Snapshot adds the state to a checkpoint. It is called at the barrier,
	// before the barrier is passed on.
	Snapshot(s *state.Snapshot) error
	// Restore takes the state back. It is called once, before Open, also for
	// a fresh start.
	Restore(r *state.Restored) error
}

// Opener is implemented by operators that acquire something before the first
// element. Sinks check their target here, sources find their starting
// positions. The context lasts until the job ends or is abandoned.
type Opener interface {
	Open(ctx context.Context) error
}

// Closer is implemented by operators that hold something. Close is called once
// after the last element, also after a failure, and then even if Open wasn't.
type Closer interface{ Close() error }

// CommitListener is told, on the task's goroutine, that a checkpoint is
// complete and durable.
type CommitListener interface{ Committed(checkpoint int64) error }

// Completer is told, on the task's goroutine, that all tasks of a job without
// checkpoints have seen the end of their input.
type Completer interface{ Complete() error }

// Source produces the rows of one subtask.
type Source[R any] interface {
	// Poll returns the next batch. It blocks until there are rows, until wake
	// receives (then it returns nil, nil), or until the end (io.EOF, with or
	// without a last batch). A batch that has been returned counts as read:
	// Snapshot's positions are behind it.
	Poll(ctx context.Context, wake <-chan struct{}) (*Batch[R], error)
}

// Subtask is what an operator knows of its place in the job.
type Subtask struct {
	UID         string // stable name of the operator within the job
	Index       int    // 0 ≤ Index < Parallelism
	Parallelism int
	Log         *slog.Logger
	Count       *Counters
	// Post runs f on the task's goroutine between two elements; it may be
	// called from any goroutine. An error fails the job.
	Post func(f func() error)
	// Continue has the task call next between two elements, as often as ready
	// says that there is room, until it reports that there is no more to do. An
	// operator that has much to give out at its end does so in pieces, and passes
	// End on behind the last one.
	Continue func(ready func() bool, next func() (more bool, err error))
	// Shared is what the operator's subtasks have in common.
	Shared *Shared
	// Memory is the budget of batch operators; nil if there is none.
	Memory *spill.Memory
	// BatchSize is the number of rows at which a batch is full.
	BatchSize int
	// Splits are those of the source, for it and what is chained to it; operators
	// behind an exchange see none.
	Splits *Splits
	// Progress is how far the time of events has come; Map keeps it.
	Progress val.Progress
}
