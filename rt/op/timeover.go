package op

import (
	"fmt"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// TimeOverFuncs is what generated code knows of aggregates over the rows up to
// each row of a stream: In is the input row, K the comparable key of partitions,
// A the accumulators, Out the input row with the results behind it.
type TimeOverFuncs[In any, K comparable, A, Out any] struct {
	// Key reads the key, Keep clones what it views; Hash is the one that the
	// exchange uses.
	Key  func(r *In) K
	Keep func(k *K)
	Hash func(k *K) uint64
	// Time is the time that orders rows, in milliseconds.
	Time func(r *In) int64
	// Arrival says that the order is that in which rows come, so that none waits
	// for the watermark.
	Arrival bool
	// Rows says that a frame ends at the current row, and Preceding counts rows;
	// else it ends at the rows of the same time, and Preceding is milliseconds.
	Rows bool
	// Preceding is where the frame begins in front of the current row; negative
	// where it has all rows.
	Preceding int64
	// Add takes a row into the accumulators; Retract takes it back, where the
	// frame hasn't all rows.
	Add     func(a *A, r *In) error
	Retract func(a *A, r *In) error
	// Write makes the output row over a zero one. What it makes for it lies in
	// the arena, which is nil unless Makes is set.
	Write func(r *In, a *A, o *Out, arena *val.Arena)
	Makes bool
	// KeepRow, Append and Read are those of a row that is kept.
	KeepRow func(r *In)
	Append  func(dst []byte, r *In) []byte
	Read    func(src []byte, r *In) ([]byte, error)
	// AppendEntry and ReadEntry are the state form of a key and its accumulators.
	AppendEntry func(dst []byte, k *K, a *A) []byte
	ReadEntry   func(src []byte, k *K, a *A) ([]byte, error)
}

// TimeOver computes aggregates over the rows of a partition up to each of them,
// in the order of a time attribute: in that of events when the watermark says
// that no earlier row follows.
//
// Late rows are dropped as in Flink: where the frame has all rows those behind
// the watermark, else those that aren't behind the last row of their partition,
// until that is forgotten.
type TimeOver[In any, K comparable, A, Out any] struct {
	stream.Forward[Out]
	f     TimeOverFuncs[In, K, A, Out]
	sub   *stream.Subtask
	parts map[K]*overPart[In, K, A]
	panes panes[*overPane[In, K]]
	out   outlet[Out]
	key   K // what functions get a pointer to
}

// overPart is what is kept of a partition.
type overPart[In any, K comparable, A any] struct {
	key   K
	acc   A
	frame queue[In] // the rows in acc, where it hasn't all
	// last is the time up to which rows have been given out, forget the one at
	// which the partition is forgotten, unless another row comes for it.
	last, forget int64
}

// overPane has the rows of one time, and the partitions to look at then.
type overPane[In any, K comparable] struct {
	rows  []In
	marks []K
}

// NewTimeOver makes the operator of one subtask.
func NewTimeOver[In any, K comparable, A, Out any](sub *stream.Subtask, out stream.Consumer[Out], f TimeOverFuncs[In, K, A, Out]) *TimeOver[In, K, A, Out] {
	o := &TimeOver[In, K, A, Out]{Forward: stream.Forward[Out]{Out: out}, f: f, sub: sub, parts: map[K]*overPart[In, K, A]{}, out: newOutlet(sub, out)}
	o.out.makes = f.Makes
	o.panes = newPanes(func() *overPane[In, K] { return &overPane[In, K]{} })
	return o
}

// Process implements stream.Consumer.
func (o *TimeOver[In, K, A, Out]) Process(b *stream.Batch[In]) error {
	if o.f.Arrival {
		return o.arrive(b)
	}
	late := 0
	for i := range b.Rows {
		row := &b.Rows[i]
		at := o.f.Time(row)
		p := o.part(row)
		if o.isLate(p, at) {
			late++
			continue
		}
		pane := o.panes.at(at)
		pane.rows = appendKept(pane.rows, row, o.f.KeepRow)
		o.remember(p, at)
	}
	if late > 0 {
		o.sub.Count.Late.Add(int64(late))
	}
	b.Release()
	return nil
}

// part is the partition of a row.
func (o *TimeOver[In, K, A, Out]) part(row *In) *overPart[In, K, A] {
	k := o.f.Key(row)
	p := o.parts[k]
	if p == nil {
		o.key = k
		o.f.Keep(&o.key)
		p = &overPart[In, K, A]{key: o.key}
		o.parts[p.key] = p
	}
	return p
}

func (o *TimeOver[In, K, A, Out]) bounded() bool { return o.f.Preceding >= 0 }

func (o *TimeOver[In, K, A, Out]) isLate(p *overPart[In, K, A], at int64) bool {
	if o.bounded() {
		return at <= p.last
	}
	return at <= o.panes.time
}

// remember sees to it that the partition of a row of event time is forgotten
// when its frame has passed, and at most half of its length later.
func (o *TimeOver[In, K, A, Out]) remember(p *overPart[In, K, A], at int64) {
	if !o.bounded() || o.f.Rows || p.forget >= at+o.f.Preceding+1 {
		return
	}
	p.forget = at + o.f.Preceding + o.f.Preceding/2 + 1
	pane := o.panes.at(p.forget)
	pane.marks = append(pane.marks, p.key)
}

// arrive gives out each row at once.
func (o *TimeOver[In, K, A, Out]) arrive(b *stream.Batch[In]) error {
	out := o.out.pool.Get()
	out.Arena = b.TakeArena()
	for i := range b.Rows {
		row := &b.Rows[i]
		p := o.part(row)
		if err := o.take(p, row, true); err != nil {
			return err
		}
		o.f.Write(row, &p.acc, out.Add(), out.Arena)
	}
	b.Release()
	return sendOn(o.Out, out)
}

// take adds a row, which views a batch or not, to the accumulators, and takes
// those back that the frame has left behind.
func (o *TimeOver[In, K, A, Out]) take(p *overPart[In, K, A], row *In, views bool) error {
	if !o.bounded() {
		return o.f.Add(&p.acc, row)
	}
	if !o.f.Rows {
		for from := o.f.Time(row) - o.f.Preceding; p.frame.len() > 0 && o.f.Time(p.frame.first()) < from; {
			if err := o.leave(p); err != nil {
				return err
			}
		}
	}
	if err := o.f.Add(&p.acc, row); err != nil {
		return err
	}
	if kept := p.frame.add(row); views {
		o.f.KeepRow(kept)
	}
	if o.f.Rows && int64(p.frame.len()) > o.f.Preceding+1 {
		return o.leave(p)
	}
	return nil
}

// leave takes the first row of the frame back.
func (o *TimeOver[In, K, A, Out]) leave(p *overPart[In, K, A]) error {
	err := o.f.Retract(&p.acc, p.frame.first())
	p.frame.drop()
	return err
}

// Control implements stream.Consumer: the rows up to a watermark are given out
// before it is passed on.
func (o *TimeOver[In, K, A, Out]) Control(c stream.Control) error {
	if c.Kind != stream.Watermark {
		return o.Out.Control(c)
	}
	if err := o.panes.advance(c.Time, o.close); err != nil {
		return err
	}
	if err := o.out.flush(); err != nil {
		return err
	}
	return o.Out.Control(c)
}

// close gives out the rows of one time.
func (o *TimeOver[In, K, A, Out]) close(at int64, pane *overPane[In, K]) error {
	for _, k := range pane.marks {
		switch p := o.parts[k]; {
		case p == nil:
		case p.forget <= at:
			delete(o.parts, k)
		default:
			p.last = at
		}
	}
	if !o.f.Rows {
		for i := range pane.rows {
			if err := o.take(o.part(&pane.rows[i]), &pane.rows[i], false); err != nil {
				return err
			}
		}
	}
	for i := range pane.rows {
		row := &pane.rows[i]
		p := o.part(row)
		p.last = at
		if o.f.Rows {
			if err := o.take(p, row, false); err != nil {
				return err
			}
		}
		out, err := o.out.room()
		if err != nil {
			return err
		}
		o.f.Write(row, &p.acc, out.Add(), out.Arena)
	}
	return nil
}

// What an entry of the state is.
const (
	overWaits int64 = iota // a row that waits for the watermark
	overKept               // a partition
)

// Snapshot implements stream.Stateful.
func (o *TimeOver[In, K, A, Out]) Snapshot(s *state.Snapshot) error {
	o.panes.snapshot(s)
	for _, pane := range o.panes.open {
		for i := range pane.rows {
			k := o.f.Key(&pane.rows[i])
			dst := &s.Groups[state.Group(o.f.Hash(&k))]
			*dst = o.f.Append(val.EncodeInt(*dst, overWaits), &pane.rows[i])
		}
	}
	for _, p := range o.parts {
		to := &s.Groups[state.Group(o.f.Hash(&p.key))]
		dst := *to
		for _, v := range []int64{overKept, p.last, p.forget, int64(p.frame.len())} {
			dst = val.EncodeInt(dst, v)
		}
		frame := p.frame.all()
		for i := range frame {
			dst = o.f.Append(dst, &frame[i])
		}
		*to = o.f.AppendEntry(dst, &p.key, &p.acc)
	}
	return nil
}

// Restore implements stream.Stateful.
func (o *TimeOver[In, K, A, Out]) Restore(r *state.Restored) error {
	if err := o.panes.restore(r); err != nil {
		return err
	}
	return eachEntry(r, func(src []byte) ([]byte, error) {
		var kind int64
		src, err := val.DecodeInt(src, &kind)
		switch {
		case err != nil:
			return nil, err
		case kind == overWaits:
			var row In
			if src, err = o.f.Read(src, &row); err != nil {
				return nil, err
			}
			pane := o.panes.at(o.f.Time(&row))
			pane.rows = append(pane.rows, row)
			return src, nil
		case kind == overKept:
			return o.readPart(src)
		}
		return nil, fmt.Errorf("there is no entry of kind %d", kind)
	})
}

func (o *TimeOver[In, K, A, Out]) readPart(src []byte) ([]byte, error) {
	p := &overPart[In, K, A]{}
	src, err := decodeInts(src, &p.last, &p.forget)
	var n int
	if err == nil {
		src, err = val.DecodeCount(src, &n)
	}
	for range n {
		var row In
		if err == nil {
			src, err = o.f.Read(src, &row)
		}
		p.frame.add(&row)
	}
	if err == nil {
		src, err = o.f.ReadEntry(src, &p.key, &p.acc)
	}
	if err != nil {
		return nil, err
	}
	o.parts[p.key] = p
	if p.forget > o.panes.time {
		pane := o.panes.at(p.forget)
		pane.marks = append(pane.marks, p.key)
	}
	return src, nil
}
