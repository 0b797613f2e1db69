package stream

// TwoInput is an operator with two inputs, whose rows may be of different
// types. All methods are called by one goroutine, the task's.
type TwoInput[L, R any] interface {
	// ProcessLeft and ProcessRight take ownership of the batch.
	ProcessLeft(b *Batch[L]) error
	ProcessRight(b *Batch[R]) error
	// EndLeft and EndRight say that nothing follows on that side. Control
	// comes with End when both have been called.
	EndLeft() error
	EndRight() error
	// Control handles what both inputs have come to, as Consumer's does.
	Control(c Control) error
	Ready() bool
}

// Holder is implemented by operators with two inputs that would rather read one
// of them first. What is held waits at its producers, where that can't keep
// anybody else from going on; where it could, as in a join of a stream with
// itself, the rows come all the same, and so they do in front of a barrier.
type Holder interface {
	Holds() (left, right bool)
}

// Connect adds an operator with two inputs, whose function is called once for
// each subtask. Barriers and watermarks of both inputs are merged before they
// come to the operator.
func Connect[L, R, Out any](left Stream[L], toLeft Route[L], right Stream[R], toRight Route[R], uid string,
	make func(sub *Subtask, next Consumer[Out]) (TwoInput[L, R], error), options ...Option) Stream[Out] {
	g := left.stage.graph
	g.claim(uid)
	both := g.addStage(uid, options)
	out := &output[Out]{stage: both}
	lefts, rights := newPorts[L](both), newPorts[R](both)
	both.make = func(t *task) error {
		next, err := out.connect(t)
		if err != nil {
			return err
		}
		sub := t.subtask(uid)
		op, err := make(sub, next)
		if err != nil {
			return named(sub, err)
		}
		st := &connected[L, R]{t.attach(sub, op), op}
		in := newInbox(t, op.Ready, st.control)
		l := &port[L]{inbox: in, side: side{ended: st.endLeft}, process: st.left}
		r := &port[R]{inbox: in, side: side{ended: st.endRight}, process: st.right}
		if h, ok := op.(Holder); ok {
			if left.stage.exclusive() {
				l.side.holds = func() bool { held, _ := h.Holds(); return held }
			}
			if right.stage.exclusive() {
				r.side.holds = func() bool { _, held := h.Holds(); return held }
			}
		}
		lefts[t.index], rights[t.index] = l, r
		return nil
	}
	feed(left, both, lefts, toLeft)
	feed(right, both, rights, toRight)
	return Stream[Out]{both, out}
}

// exclusive reports whether all that feeds the stage's consumer feeds nobody
// else, so that it can be held back.
func (s *stage) exclusive() bool {
	if s.fansOut {
		return false
	}
	for _, in := range s.inputs {
		if !in.exclusive() {
			return false
		}
	}
	return true
}

// connected stands in front of an operator with two inputs, as a station does.
type connected[L, R any] struct {
	part *part
	op   TwoInput[L, R]
}

func (c *connected[L, R]) left(b *Batch[L]) error {
	c.part.sub.Count.In.Add(int64(len(b.Rows)))
	return named(c.part.sub, c.op.ProcessLeft(b))
}

func (c *connected[L, R]) right(b *Batch[R]) error {
	c.part.sub.Count.In.Add(int64(len(b.Rows)))
	return named(c.part.sub, c.op.ProcessRight(b))
}

func (c *connected[L, R]) endLeft() error  { return named(c.part.sub, c.op.EndLeft()) }
func (c *connected[L, R]) endRight() error { return named(c.part.sub, c.op.EndRight()) }

func (c *connected[L, R]) control(e Control) error {
	if e.Kind == Barrier {
		if err := c.part.contribute(e.Checkpoint); err != nil {
			return err
		}
	}
	return named(c.part.sub, c.op.Control(e))
}
