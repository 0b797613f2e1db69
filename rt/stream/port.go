package stream

import (
	"context"
	"math"
	"sync"

	"pyfc/rt/state"
)

// laneRoom is the number of elements that a producer may have waiting at a
// port before it stops taking input.
const laneRoom = 4

// Overtaker is an operator that may hold rows for long, such as calls to a
// slow worker. Its barriers don't wait behind them: a barrier overtakes the
// batches queued in front of the operator, and the operator answers
// SnapshotQueued even while it is not Ready. Like every Consumer it passes the
// barrier on within Control, but watermarks and End only behind the rows that
// came before them.
type Overtaker[In any] interface {
	Consumer[In]
	// SnapshotQueued adds to a checkpoint the rows that the operator holds and
	// those of the queued batches, in this order. The batches stay queued and
	// come to Process later; they are read-only here.
	SnapshotQueued(s *state.Snapshot, queued []*Batch[In]) error
	// Restore takes the rows back. The operator handles them once its task
	// runs, by posting from Open.
	Restore(r *state.Restored) error
}

// element is what waits in a lane: a batch or, without one, a control element.
type element[R any] struct {
	batch   *Batch[R]
	control Control
}

// inbox is the input of a task that other tasks write to. Each producer has a
// lane of its own, so that one can be held back while the others go on; all
// lanes meet at one gate, also those of an operator with two inputs.
type inbox struct {
	task    *task
	gate    gate
	ready   func() bool
	control func(Control) error
	// barrier takes the barriers, if they overtake; then there is one lane.
	barrier func(Control) error

	mu       sync.Mutex
	lanes    []queue
	next     int  // lane to look at first
	barriers int  // waiting in lanes
	overrun  bool // elements were taken although there was no room
}

// queue is a lane, whatever the type of its rows.
type queue interface {
	base() *laneBase
	waiting() int
	// shift removes the first element, which is a batch for process to hand
	// over or a control element. The inbox is locked.
	shift() (c Control, batch bool)
	process() error
}

// laneBase is what a lane has whatever the type of its rows.
type laneBase struct {
	side     *side
	producer *task
	inlet    inlet
}

func (l *laneBase) base() *laneBase { return l }

// side is what an inbox knows of one input of its operator.
type side struct {
	open int // lanes that haven't ended
	// ended is told when the last one has, and holds asked whether the operator
	// would rather not have rows of this side; both may be nil.
	ended func() error
	holds func() bool
}

// port is one input of a task's operators, all lanes of which carry one type
// of rows.
type port[R any] struct {
	*inbox
	side    side
	process func(*Batch[R]) error
}

// lane is the queue of one producer at a port.
type lane[R any] struct {
	laneBase
	port  *port[R]
	queue []element[R]
	taken *Batch[R] // removed, not processed yet
}

// newPorts returns room for the ports of a stage's subtasks; they are made
// before their producers.
func newPorts[R any](s *stage) []*port[R] { return make([]*port[R], max(s.parallelism, 0)) }

func newInbox(t *task, ready func() bool, control func(Control) error) *inbox {
	in := &inbox{task: t, gate: gate{watermark: math.MinInt64}, ready: ready, control: control}
	t.input = in
	return in
}

func newPort[R any](t *task, head Consumer[R]) *port[R] {
	return &port[R]{inbox: newInbox(t, head.Ready, head.Control), process: head.Process}
}

// lane adds a producer.
func (p *port[R]) lane(producer *task) *lane[R] {
	l := &lane[R]{laneBase: laneBase{side: &p.side, producer: producer, inlet: inlet{watermark: math.MinInt64}}, port: p}
	p.lanes = append(p.lanes, l)
	p.gate.inlets = append(p.gate.inlets, &l.inlet)
	p.side.open++
	return l
}

// push never blocks; a producer asks room before it takes its next input.
func (l *lane[R]) push(e element[R]) {
	l.port.mu.Lock()
	l.queue = append(l.queue, e)
	if e.batch == nil && e.control.Kind == Barrier {
		l.port.barriers++
	}
	l.port.mu.Unlock()
	l.port.task.notify()
}

func (l *lane[R]) room() bool {
	l.port.mu.Lock()
	defer l.port.mu.Unlock()
	return len(l.queue) < laneRoom && !l.port.overrun
}

func (l *lane[R]) waiting() int { return len(l.queue) }

func (l *lane[R]) shift() (Control, bool) {
	e := l.remove(0)
	l.taken = e.batch
	return e.control, e.batch != nil
}

func (l *lane[R]) process() error {
	b := l.taken
	l.taken = nil
	return l.port.process(b)
}

// step handles one element, if there is one that may be taken.
func (p *inbox) step(context.Context) (bool, error) {
	if !p.admits(p.ready()) {
		return false, nil
	}
	q, c, batch := p.take()
	if q == nil {
		return false, nil
	}
	l := q.base()
	switch {
	case batch:
		p.gate.active(&l.inlet)
		return true, q.process()
	case c.Kind == Barrier && p.barrier != nil:
		return true, p.barrier(c)
	case c.Kind == End:
		if err := l.side.end(); err != nil {
			return true, err
		}
	}
	return true, p.gate.merge(&l.inlet, c, p.deliver)
}

// end notes the end of a lane.
func (s *side) end() error {
	s.open--
	if s.open == 0 && s.ended != nil {
		return s.ended()
	}
	return nil
}

// admits decides whether an element may be taken. Those in front of a waiting
// barrier are taken even if the operators have no room, so that a checkpoint
// doesn't wait for a slow consumer; the producers then pause until there is
// room again, which bounds what piles up behind.
func (p *inbox) admits(ready bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ready && p.overrun {
		p.overrun = false
		for _, l := range p.lanes {
			l.base().producer.notify()
		}
	}
	p.overrun = p.overrun || !ready && p.barriers > 0
	return ready || p.barriers > 0
}

// take removes the next element of a lane that isn't held back; without one the
// lane is nil.
func (p *inbox) take() (q queue, c Control, batch bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.lanes {
		n := (p.next + i) % len(p.lanes)
		q := p.lanes[n]
		if l := q.base(); l.inlet.held || q.waiting() == 0 || l.side.holds != nil && p.barriers == 0 && l.side.holds() {
			continue
		}
		p.next = (n + 1) % len(p.lanes)
		c, batch := q.shift()
		return q, c, batch
	}
	return nil, Control{}, false
}

// remove takes out element i and wakes the producer if that makes room. The
// port is locked.
func (l *lane[R]) remove(i int) element[R] {
	e := l.queue[i]
	n := copy(l.queue[i:], l.queue[i+1:])
	l.queue[i+n] = element[R]{}
	l.queue = l.queue[:i+n]
	if e.batch == nil && e.control.Kind == Barrier {
		l.port.barriers--
	}
	if len(l.queue) == laneRoom-1 {
		l.producer.notify()
	}
	return e
}

// deliver hands a merged control element to the task's operators.
func (p *inbox) deliver(c Control) error {
	if err := p.control(c); err != nil {
		return err
	}
	if c.Kind == Barrier {
		p.task.ack(c.Checkpoint)
	}
	return nil
}

// overtaken is the port of an operator that barriers overtake.
type overtaken[R any] struct {
	*port[R]
	only *lane[R]
	part *part
	op   Overtaker[R]
}

func newOvertakenPorts[R any](s *stage) []*overtaken[R] {
	return make([]*overtaken[R], max(s.parallelism, 0))
}

func newOvertaken[R any](t *task, st *station[R], op Overtaker[R]) *overtaken[R] {
	o := &overtaken[R]{port: newPort(t, st), part: st.part, op: op}
	o.barrier = func(c Control) error { return o.passBarrier(c, nil) }
	t.input = o
	return o
}

// step lets a waiting barrier overtake, else handles one element.
func (o *overtaken[R]) step(ctx context.Context) (bool, error) {
	if barrier, queued, ok := o.overtake(); ok {
		return true, o.passBarrier(barrier, queued)
	}
	return o.inbox.step(ctx)
}

// overtake removes a waiting barrier and lists the batches in front of it.
func (o *overtaken[R]) overtake() (Control, []*Batch[R], bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.barriers == 0 {
		return Control{}, nil, false
	}
	l := o.only
	var queued []*Batch[R]
	i := 0
	for ; l.queue[i].batch != nil || l.queue[i].control.Kind != Barrier; i++ {
		if b := l.queue[i].batch; b != nil {
			queued = append(queued, b)
		}
	}
	return l.remove(i).control, queued, true
}

// passBarrier snapshots the overtaking operator with what the barrier passed.
func (o *overtaken[R]) passBarrier(barrier Control, queued []*Batch[R]) error {
	var snap state.Snapshot
	if err := o.op.SnapshotQueued(&snap, queued); err != nil {
		return named(o.part.sub, err)
	}
	barrier.Checkpoint.add(o.part.sub, &snap)
	return o.deliver(barrier)
}

// gate merges the control elements that arrive through several inlets.
type gate struct {
	inlets    []*inlet
	watermark int64 // last one delivered
	idle      bool  // Idle has been delivered since the last activity
}

// inlet is what a gate remembers of one producer.
type inlet struct {
	watermark   int64
	idle, ended bool
	held        bool // its barrier has arrived; others' haven't
}

// active notes that a batch came in.
func (g *gate) active(in *inlet) { in.idle, g.idle = false, false }

// merge notes an element and delivers what follows from it for the whole
// input: barriers and the end when every inlet has them, watermarks as the
// least of those that are neither idle nor ended.
func (g *gate) merge(in *inlet, c Control, deliver func(Control) error) error {
	switch c.Kind {
	case Barrier:
		in.held = true
		if !g.all(func(in *inlet) bool { return in.held }) {
			return nil
		}
		for _, in := range g.inlets {
			in.held = false
		}
		return deliver(c)
	case Watermark:
		g.active(in)
		in.watermark = max(in.watermark, c.Time)
	case Idle:
		in.idle = true
	case End:
		in.ended = true
		if g.all(func(in *inlet) bool { return in.ended }) {
			return deliver(c)
		}
	}
	if err := g.advance(deliver); err != nil {
		return err
	}
	if !g.idle && g.all(func(in *inlet) bool { return in.idle || in.ended }) {
		g.idle = true
		return deliver(Control{Kind: Idle})
	}
	return nil
}

// advance delivers the watermark if it has risen: to the least of the active
// inlets, or, when none is active, to the greatest, since nobody holds it back.
func (g *gate) advance(deliver func(Control) error) error {
	least, greatest, active := int64(math.MaxInt64), g.watermark, false
	for _, in := range g.inlets {
		if in.ended {
			continue
		}
		greatest = max(greatest, in.watermark)
		if !in.idle {
			active = true
			least = min(least, in.watermark)
		}
	}
	if !active {
		least = greatest
	}
	if least <= g.watermark {
		return nil
	}
	g.watermark = least
	return deliver(Control{Kind: Watermark, Time: least})
}

func (g *gate) all(is func(*inlet) bool) bool {
	for _, in := range g.inlets {
		if !is(in) {
			return false
		}
	}
	return true
}

// forward is the producing end of a single-producer port.
type forward[R any] struct {
	task *task
	to   *lane[R]
}

func (f *forward[R]) Process(b *Batch[R]) error {
	f.to.push(element[R]{batch: b})
	return nil
}

func (f *forward[R]) Control(c Control) error {
	f.to.push(element[R]{control: c})
	if c.Kind == End {
		f.task.leafEnded()
	}
	return nil
}

func (f *forward[R]) Ready() bool { return f.to.room() }
