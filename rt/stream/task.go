package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"runtime/debug"
	"sync"

	"pyfc/rt/state"
)

// task is one goroutine that takes elements from its input and runs them
// through a chain of operators.
type task struct {
	graph *Graph
	stage *stage
	index int
	parts []*part // sinks before sources
	input input
	wake  chan struct{} // capacity 1: a mailbox item, an element or room is there

	mu   sync.Mutex
	mail []func() error

	work []continuation // what operators have left to do

	splits Splits

	leaves int  // ends of the chain that haven't seen End
	done   bool // the loop is over
}

// continuation is work that is done in pieces, when there is room.
type continuation struct {
	ready func() bool
	next  func() (more bool, err error)
}

func (t *task) later(ready func() bool, next func() (more bool, err error)) {
	t.work = append(t.work, continuation{ready, next})
}

// resume does a piece of the oldest work, if there is room for what it gives.
func (t *task) resume() (worked bool, err error) {
	if len(t.work) == 0 || !t.work[0].ready() {
		return false, nil
	}
	more, err := t.work[0].next()
	if !more {
		t.work = t.work[1:]
	}
	return true, err
}

// input is where a task takes its elements from.
type input interface {
	// step handles one element and reports whether there was one.
	step(ctx context.Context) (bool, error)
}

// part is an operator, source or sink of one task.
type part struct {
	sub *Subtask
	op  any
	// snapshot is nil for an operator without state.
	snapshot func(*state.Snapshot) error
}

// subtask makes what the operator uid knows of its place.
func (t *task) subtask(uid string) *Subtask {
	sub := &Subtask{
		UID:         uid,
		Index:       t.index,
		Parallelism: t.stage.parallelism,
		Log:         t.graph.cfg.Log.With(slog.String("operator", uid), slog.Int("subtask", t.index)),
		Count:       &Counters{},
		Post:        t.post,
		Continue:    t.later,
		Shared:      t.graph.sharedBy(uid),
		Memory:      t.graph.cfg.Memory,
		BatchSize:   t.graph.cfg.BatchSize,
		Splits:      &t.splits,
	}
	t.graph.subtasks = append(t.graph.subtasks, sub)
	return sub
}

// attach makes an operator part of the task.
func (t *task) attach(sub *Subtask, op any) *part {
	p := &part{sub: sub, op: op}
	if s, ok := op.(Stateful); ok {
		p.snapshot = s.Snapshot
	}
	t.parts = append(t.parts, p)
	return p
}

// contribute adds the operator's state to a checkpoint.
func (p *part) contribute(c *Checkpoint) error {
	if p.snapshot == nil {
		return nil
	}
	var s state.Snapshot
	if err := p.snapshot(&s); err != nil {
		return named(p.sub, fmt.Errorf("snapshot: %w", err))
	}
	c.add(p.sub, &s)
	return nil
}

// post runs f on the task's goroutine between two elements.
func (t *task) post(f func() error) {
	t.mu.Lock()
	t.mail = append(t.mail, f)
	t.mu.Unlock()
	t.notify()
}

func (t *task) notify() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

func (t *task) readMail() error {
	t.mu.Lock()
	mail := t.mail
	t.mail = nil
	t.mu.Unlock()
	for _, f := range mail {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// run opens the operators, reports that, and works until the job is over.
// Every operator is closed, whatever happens.
func (t *task) run(ctx context.Context, opened chan<- struct{}) (err error) {
	defer func() { err = errors.Join(err, t.close()) }()
	defer catch(t.stage.name, &err)
	if err := t.open(ctx); err != nil {
		return err
	}
	opened <- struct{}{}
	for {
		if err := t.readMail(); err != nil || t.done || ctx.Err() != nil {
			return err
		}
		worked, err := t.resume()
		if !worked && err == nil {
			worked, err = t.input.step(ctx)
		}
		if err != nil {
			return err
		}
		if worked {
			continue
		}
		select {
		case <-t.wake:
		case <-ctx.Done():
		}
	}
}

// open restores and opens the operators, sinks first.
func (t *task) open(ctx context.Context) error {
	for _, p := range t.parts {
		if r, ok := p.op.(restorer); ok {
			if err := r.Restore(t.graph.restored(p.sub)); err != nil {
				return named(p.sub, fmt.Errorf("restore: %w", err))
			}
		}
		if o, ok := p.op.(Opener); ok {
			if err := o.Open(ctx); err != nil {
				return named(p.sub, err)
			}
		}
	}
	return nil
}

type restorer interface {
	Restore(r *state.Restored) error
}

// close closes the operators, sources first, even if one fails or panics.
func (t *task) close() (err error) {
	for i := len(t.parts) - 1; i >= 0; i-- {
		if c, ok := t.parts[i].op.(Closer); ok {
			err = errors.Join(err, t.closePart(t.parts[i].sub, c))
		}
	}
	return err
}

func (t *task) closePart(sub *Subtask, c Closer) (err error) {
	defer catch(sub.UID, &err)
	if err := c.Close(); err != nil {
		return named(sub, fmt.Errorf("close: %w", err))
	}
	return nil
}

// committed tells the operators that a checkpoint is durable.
func (t *task) committed(id int64) error {
	for _, p := range t.parts {
		if l, ok := p.op.(CommitListener); ok {
			if err := l.Committed(id); err != nil {
				return named(p.sub, fmt.Errorf("commit of checkpoint %d: %w", id, err))
			}
		}
	}
	return nil
}

// completed tells the operators that the whole job, which has no checkpoints, is
// done.
func (t *task) completed() error {
	for _, p := range t.parts {
		if c, ok := p.op.(Completer); ok {
			if err := c.Complete(); err != nil {
				return named(p.sub, err)
			}
		}
	}
	return nil
}

func (t *task) ack(c *Checkpoint) {
	if c.pending.Add(-1) == 0 {
		t.graph.acked <- struct{}{}
	}
}

func (t *task) leafEnded() {
	t.leaves--
	if t.leaves == 0 && t.graph.running.Add(-1) == 0 {
		close(t.graph.ended)
	}
}

// station stands in front of an operator in its chain: it counts rows, takes
// snapshots at barriers and puts the operator's name on errors.
type station[R any] struct {
	part *part
	op   Consumer[R]
	task *task // set for a sink: the end of its chain
}

func (s *station[R]) Process(b *Batch[R]) error {
	s.part.sub.Count.In.Add(int64(len(b.Rows)))
	return named(s.part.sub, s.op.Process(b))
}

func (s *station[R]) Control(c Control) error {
	if c.Kind == Barrier {
		if err := s.part.contribute(c.Checkpoint); err != nil {
			return err
		}
	}
	if err := s.op.Control(c); err != nil {
		return named(s.part.sub, err)
	}
	if c.Kind == End && s.task != nil {
		s.task.leafEnded()
	}
	return nil
}

func (s *station[R]) Ready() bool { return s.op.Ready() }

// reader is the input of a source's task. It starts paused and goes on
// answering barriers when the source has ended.
type reader[R any] struct {
	task    *task
	part    *part
	src     Source[R]
	out     Consumer[R]
	reading bool
	ended   bool
}

func (r *reader[R]) step(ctx context.Context) (bool, error) {
	if !r.reading || !r.out.Ready() {
		return false, nil
	}
	b, err := r.src.Poll(ctx, r.task.wake)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, named(r.part.sub, err)
	}
	if b != nil {
		if err := r.out.Process(b); err != nil {
			return false, err
		}
	}
	if err != nil {
		return true, r.end()
	}
	return true, nil
}

// sourceInput is what the coordinator asks of source tasks, on their
// goroutine.
type sourceInput interface {
	start() error
	barrier(c *Checkpoint) error
	end() error
}

func (r *reader[R]) start() error {
	r.reading = !r.ended
	return nil
}

func (r *reader[R]) barrier(c *Checkpoint) error {
	if c.Final {
		r.reading = false
	}
	if err := r.part.contribute(c); err != nil {
		return err
	}
	if err := r.out.Control(Control{Kind: Barrier, Checkpoint: c}); err != nil {
		return err
	}
	r.task.ack(c)
	return nil
}

// end stops reading and tells everyone behind that nothing follows.
func (r *reader[R]) end() error {
	if r.ended {
		return nil
	}
	r.reading, r.ended = false, true
	if err := r.out.Control(Control{Kind: Watermark, Time: math.MaxInt64}); err != nil {
		return err
	}
	return r.out.Control(Control{Kind: End})
}

// OperatorError is a failure with the operator subtask it happened in.
type OperatorError struct {
	UID     string
	Subtask int
	Err     error
}

func (e *OperatorError) Error() string { return e.UID + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *OperatorError) Unwrap() error { return e.Err }

// named puts the operator on an error unless one further down the chain is on
// it.
func named(sub *Subtask, err error) error {
	var known *OperatorError
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &OperatorError{UID: sub.UID, Subtask: sub.Index, Err: err}
}

// PanicError is a panic in a task: an error of pyfc, not of the user.
type PanicError struct {
	Where string // stage or operator
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("%s: panic: %v", e.Where, e.Value) }

// catch turns a panic into an error.
func catch(where string, err *error) {
	if v := recover(); v != nil {
		*err = &PanicError{Where: where, Value: v, Stack: debug.Stack()}
	}
}
