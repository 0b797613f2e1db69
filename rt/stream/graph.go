package stream

import (
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"pyfc/rt/spill"
	"pyfc/rt/state"
	"pyfc/rt/val"
)

// Config says how a graph is run.
type Config struct {
	Log *slog.Logger
	// Parallelism is that of sources and exchanges that don't name their own:
	// 1 to state.KeyGroups.
	Parallelism int
	// BatchSize is the number of rows at which a batch is full; 0 means
	// DefaultBatchSize.
	BatchSize int
	// Memory is the budget of batch operators; nil if there is none.
	Memory *spill.Memory
	// Interval lies between two checkpoints; 0 means that only the first and
	// the last are taken.
	Interval time.Duration
	// Store keeps the checkpoints; without one none are taken.
	Store Store
	// Restore returns what an operator subtask gets back; nil for a fresh
	// start.
	Restore func(uid string, index, parallelism int) *state.Restored
	// Ready is called once, when every operator is open and the starting
	// positions are kept, before the first row is read; may be nil.
	Ready func() error
}

// DefaultBatchSize is the number of rows in a full batch.
const DefaultBatchSize = 1024

// Graph is the dataflow of one job. It is wired by the generic builders From,
// Map, Then, Via, KeyBy, Rebalance, Union, Connect and To, then run once.
//
// Operators that follow each other without an exchange share a stage, and each
// of its subtasks is one task: one goroutine that calls them in a chain.
type Graph struct {
	cfg    Config
	stages []*stage // sources before sinks
	uids   map[string]bool
	fault  error // the first mistake in the wiring

	tasks    []*task // sinks before sources
	sources  []*task
	subtasks []*Subtask
	shared   map[string]*Shared // by UID

	stops    chan bool     // true: drain
	acked    chan struct{} // the checkpoint under way is complete
	ended    chan struct{} // closed when every task has seen its end
	running  atomic.Int32  // tasks that have not
	progress progress
}

// stage is a set of operators that run chained, at one parallelism.
type stage struct {
	graph       *Graph
	name        string
	parallelism int
	inputs      []*stage // whose tasks write to this one's
	fansOut     bool     // one of its streams has several consumers
	// make builds the stage's operators in a task and sets its input.
	make func(t *task) error
}

// NewGraph returns an empty graph.
func NewGraph(cfg Config) *Graph {
	if cfg.BatchSize == 0 {
		cfg.BatchSize = DefaultBatchSize
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Graph{
		cfg:    cfg,
		uids:   map[string]bool{},
		shared: map[string]*Shared{},
		stops:  make(chan bool, 1),
		acked:  make(chan struct{}, 1),
		ended:  make(chan struct{}),
	}
}

// Stream is the output of an operator. Each builder that takes it adds a
// consumer; with several, every one gets every batch.
type Stream[R any] struct {
	stage *stage
	out   *output[R]
}

// output lists who consumes a stream: each edge builds the consumer for one of
// the producing tasks.
type output[R any] struct {
	stage *stage
	edges []func(t *task) (Consumer[R], error)
}

func (o *output[R]) add(edge func(t *task) (Consumer[R], error)) {
	o.edges = append(o.edges, edge)
	o.stage.fansOut = o.stage.fansOut || len(o.edges) > 1
}

// connect builds what follows the stream in a task.
func (o *output[R]) connect(t *task) (Consumer[R], error) {
	var to fanOut[R]
	for _, edge := range o.edges {
		c, err := edge(t)
		if err != nil {
			return nil, err
		}
		to = append(to, c)
	}
	switch len(to) {
	case 0:
		return nil, fmt.Errorf("stage %s: a stream has no consumer", t.stage.name)
	case 1:
		return to[0], nil
	}
	return to, nil
}

// Option adjusts a source or an exchange.
type Option func(*stage)

// Parallelism sets the number of subtasks.
func Parallelism(n int) Option { return func(s *stage) { s.parallelism = n } }

func (g *Graph) addStage(name string, options []Option) *stage {
	s := &stage{graph: g, name: name, parallelism: g.cfg.Parallelism}
	for _, o := range options {
		o(s)
	}
	if s.parallelism < 1 || s.parallelism > state.KeyGroups {
		g.wrong("stage %s: parallelism %d is not between 1 and %d", name, s.parallelism, state.KeyGroups)
	}
	g.stages = append(g.stages, s)
	return s
}

// claim makes sure that a UID is used once: it names state in checkpoints.
func (g *Graph) claim(uid string) {
	if g.uids[uid] {
		g.wrong("operator %s occurs twice", uid)
	}
	g.uids[uid] = true
}

// sharedBy is what the subtasks of an operator have in common.
func (g *Graph) sharedBy(uid string) *Shared {
	if g.shared[uid] == nil {
		g.shared[uid] = &Shared{}
	}
	return g.shared[uid]
}

func (g *Graph) wrong(format string, args ...any) {
	if g.fault == nil {
		g.fault = fmt.Errorf(format, args...)
	}
}

// From adds a source. Its function is called once for each subtask.
func From[R any](g *Graph, uid string, make func(*Subtask) (Source[R], error), options ...Option) Stream[R] {
	g.claim(uid)
	s := g.addStage(uid, options)
	out := &output[R]{stage: s}
	s.make = func(t *task) error {
		next, err := out.connect(t)
		if err != nil {
			return err
		}
		sub := t.subtask(uid)
		src, err := make(sub)
		if err != nil {
			return named(sub, err)
		}
		t.input = &reader[R]{task: t, part: t.attach(sub, src), src: src, out: next}
		return nil
	}
	return Stream[R]{s, out}
}

// Then chains an operator. Its function is called once for each subtask; the
// operator it returns passes results and control elements to next, the latter
// within its own Control, except that End may come later.
func Then[In, Out any](s Stream[In], uid string, make func(sub *Subtask, next Consumer[Out]) (Consumer[In], error)) Stream[Out] {
	s.stage.graph.claim(uid)
	out := &output[Out]{stage: s.stage}
	s.out.add(func(t *task) (Consumer[In], error) {
		next, err := out.connect(t)
		if err != nil {
			return nil, err
		}
		sub := t.subtask(uid)
		op, err := make(sub, next)
		if err != nil {
			return nil, named(sub, err)
		}
		return &station[In]{part: t.attach(sub, op), op: op}, nil
	})
	return Stream[Out]{s.stage, out}
}

// Map chains a stateless function over batches. The function appends to out,
// whose arena holds the strings of in and may be written to; it neither
// releases nor keeps either batch. An error fails the job.
func Map[In, Out any](s Stream[In], uid string, make func(*Subtask) func(in *Batch[In], out *Batch[Out]) error) Stream[Out] {
	return Then(s, uid, func(sub *Subtask, next Consumer[Out]) (Consumer[In], error) {
		sub.Progress.Mark = val.NoMark
		return &mapper[In, Out]{Forward: Forward[Out]{next}, fn: make(sub), progress: &sub.Progress}, nil
	})
}

// Via adds an operator that runs in tasks of its own, one for each producing
// subtask, and that barriers overtake: see Overtaker.
func Via[In, Out any](s Stream[In], uid string, make func(sub *Subtask, next Consumer[Out]) (Overtaker[In], error)) Stream[Out] {
	g := s.stage.graph
	g.claim(uid)
	via := g.addStage(uid, []Option{Parallelism(s.stage.parallelism)})
	out := &output[Out]{stage: via}
	via.inputs = []*stage{s.stage}
	ports := newOvertakenPorts[In](via)
	via.make = func(t *task) error {
		next, err := out.connect(t)
		if err != nil {
			return err
		}
		sub := t.subtask(uid)
		op, err := make(sub, next)
		if err != nil {
			return named(sub, err)
		}
		part := t.attach(sub, op)
		part.snapshot = nil // its port takes it
		ports[t.index] = newOvertaken(t, &station[In]{part: part, op: op}, op)
		return nil
	}
	s.out.add(func(t *task) (Consumer[In], error) {
		t.leaves++
		p := ports[t.index]
		p.only = p.lane(t)
		return &forward[In]{task: t, to: p.only}, nil
	})
	return Stream[Out]{via, out}
}

// To ends a stream in a sink. Its function is called once for each subtask.
func To[R any](s Stream[R], uid string, make func(*Subtask) (Consumer[R], error)) {
	s.stage.graph.claim(uid)
	s.out.add(func(t *task) (Consumer[R], error) {
		sub := t.subtask(uid)
		op, err := make(sub)
		if err != nil {
			return nil, named(sub, err)
		}
		t.leaves++
		return &station[R]{part: t.attach(sub, op), op: op, task: t}, nil
	})
}
