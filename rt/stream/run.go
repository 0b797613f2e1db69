package stream

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"pyfc/rt/state"
)

// Ending says how a job came to its end.
type Ending uint8

// The endings.
const (
	Finished Ending = iota // all input was read to its end
	Stopped                // it was stopped; state is in the final checkpoint
	Drained                // it was stopped and what it held back was let out
)

// String names the ending.
func (e Ending) String() string { return [...]string{"finished", "stopped", "drained"}[e] }

// Stop has the job read nothing more, take a final checkpoint and end. With
// drain, watermarks go to their maximum and operators give out what they hold
// before that checkpoint. Without a Store the job just ends. Later calls have
// no effect.
func (g *Graph) Stop(drain bool) {
	select {
	case g.stops <- drain:
	default:
	}
}

// Subtasks returns the operator subtasks, for their counters; sinks first. It
// is complete when Ready is called.
func (g *Graph) Subtasks() []*Subtask { return g.subtasks }

// Run runs the graph until its input ends, Stop, the end of ctx (whose cause
// it returns) or the first error. When it returns, every operator is closed
// and no goroutine is left.
func (g *Graph) Run(ctx context.Context) (Ending, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := g.build(); err != nil {
		for _, t := range g.tasks {
			err = errors.Join(err, t.close())
		}
		return Stopped, err
	}
	fail := func(err error) {
		if ctx.Err() != nil { // a consequence of the first
			g.cfg.Log.Debug("error while ending", "error", err)
		}
		cancel(err)
	}
	opened := make(chan struct{}, len(g.tasks))
	var tasks sync.WaitGroup
	for _, t := range g.tasks {
		tasks.Go(func() {
			if err := t.run(ctx, opened); err != nil {
				fail(err)
			}
		})
	}
	ending, err := g.coordinate(ctx, opened)
	if err != nil {
		fail(err)
	}
	tasks.Wait()
	if err := context.Cause(ctx); err != nil && err != errEarly {
		return ending, err
	}
	return ending, nil
}

// errEarly is the cause of the cancellation when the job is stopped before it
// is ready.
var errEarly = errors.New("stopped before the job was ready")

// build makes all tasks, those of sinks first, so that every producer finds
// its receivers.
func (g *Graph) build() error {
	if g.fault != nil {
		return g.fault
	}
	for _, s := range slices.Backward(g.stages) {
		for i := range s.parallelism {
			t := &task{graph: g, stage: s, index: i, wake: make(chan struct{}, 1)}
			g.tasks = append(g.tasks, t)
			if err := s.make(t); err != nil {
				return err
			}
			if _, ok := t.input.(sourceInput); ok {
				g.sources = append(g.sources, t)
			}
		}
	}
	g.running.Store(int32(len(g.tasks)))
	return nil
}

func (g *Graph) restored(sub *Subtask) *state.Restored {
	if g.cfg.Restore == nil {
		return &state.Restored{Fresh: true}
	}
	return g.cfg.Restore(sub.UID, sub.Index, sub.Parallelism)
}

// coordinate leads the job from the opening of its operators to its end, one
// checkpoint at a time. It returns when the tasks have been told to end, or
// with an error.
func (g *Graph) coordinate(ctx context.Context, opened <-chan struct{}) (ending Ending, err error) {
	defer catch("coordinator", &err)
	for range g.tasks {
		select {
		case <-opened:
		case <-g.stops:
			return Stopped, errEarly
		case <-ctx.Done():
			return Stopped, context.Cause(ctx)
		}
	}
	g.cfg.Restore = nil // the checkpoint's memory is not needed any more
	if g.cfg.Store != nil {
		if err := g.pin(ctx); err != nil {
			return Stopped, err
		}
	}
	if g.cfg.Ready != nil {
		if err := g.cfg.Ready(); err != nil {
			return Stopped, err
		}
	}
	for _, t := range g.sources {
		t.post(t.input.(sourceInput).start)
	}
	if ending, err = g.supervise(ctx); err == nil {
		for _, t := range g.tasks {
			t.post(func() error { t.done = true; return nil })
		}
	}
	return ending, err
}

// pin takes the first checkpoint, which keeps the starting positions before
// the first row is read, also after a restore: what was restored may lie
// elsewhere.
func (g *Graph) pin(ctx context.Context) error {
	c := g.begin(false)
	select {
	case <-g.acked:
		return g.complete(c, false)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// supervise takes checkpoints until the job is at its end and the final one is
// durable.
func (g *Graph) supervise(ctx context.Context) (Ending, error) {
	var tick <-chan time.Time
	if g.cfg.Interval > 0 && g.cfg.Store != nil {
		ticker := time.NewTicker(g.cfg.Interval)
		defer ticker.Stop()
		tick = ticker.C
	}
	var (
		underWay *Checkpoint
		ending   = Finished
		last     bool // nothing but the final checkpoint is left to do
		ended    = g.ended
		stops    = g.stops
	)
	for {
		if last && underWay == nil {
			if g.cfg.Store == nil {
				if ending == Finished && ended == nil {
					g.completed()
				}
				return ending, nil
			}
			underWay = g.begin(true)
		}
		select {
		case <-ctx.Done():
			return Stopped, context.Cause(ctx)
		case <-tick:
			if underWay == nil {
				underWay = g.begin(false)
			}
		case drain := <-stops:
			stops = nil
			if ended == nil {
				continue // it ends by itself
			}
			if !drain {
				ending, last = Stopped, true
				continue
			}
			ending = Drained
			for _, t := range g.sources {
				t.post(t.input.(sourceInput).end)
			}
		case <-ended:
			ended, last = nil, true
		case <-g.acked:
			if err := g.complete(underWay, ending == Finished && ended == nil); err != nil {
				return ending, err
			}
			if underWay.Final {
				return ending, nil
			}
			underWay = nil
		}
	}
}

// completed tells the operators of a job without checkpoints that all of it is
// done.
func (g *Graph) completed() {
	for _, t := range g.tasks {
		t.post(t.completed)
	}
}
