package op

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// WatermarkFuncs is what generated code knows of the watermarks of a source.
type WatermarkFuncs[R any] struct {
	// Mark sets to what a row says about the watermark, in milliseconds, and
	// leaves it where the row says nothing. Temporary values lie in the arena. An
	// error fails the job.
	Mark func(r *R, arena *val.Arena, to *int64) error
	// Interval is the milliseconds of event time after which a watermark is
	// passed on at once, and of the clock after which it is in any case; 0 passes
	// each on: pipeline.auto-watermark-interval.
	Interval int64
	// Grain says that nothing behind tells watermarks apart between two multiples
	// of so many milliseconds, so that only the first one beyond is passed on; 0
	// that every one counts.
	Grain int64
	// Idle is the milliseconds of the clock after which an input without rows
	// isn't waited for; 0 waits for ever: table.exec.source.idle-timeout.
	Idle int64
}

// ErrNullTime is the failure of a row whose time is NULL.
var ErrNullTime = errors.New("RowTime field should not be null, please convert it to a non-null long value")

// Watermarks says behind the rows of a stream how far their time has come. Where
// that is within a batch, the batch is parted, so that the results of what waits
// for the watermark don't depend on where batches begin: rows are late exactly
// where they are in Flink.
type Watermarks[R any] struct {
	stream.Forward[R]
	f    WatermarkFuncs[R]
	sub  *stream.Subtask
	pool stream.Pool[R]
	// mark is the greatest watermark of the rows so far, sent the last that counts
	// and passed the last that was passed on, which is earlier where its grain is
	// coarse. As in Flink the first ones are 0: times before 1970 make none.
	mark, sent, passed int64
	emit, idle         *stream.Timer
	// splits has for each split of the source how far it is; the watermark is
	// what all of them have reached that aren't idle.
	splits map[int]*splitMark
	to     int64 // what Mark gets a pointer to: a variable would be allocated
}

// splitMark is how far a split is, and when its last rows came.
type splitMark struct {
	mark int64
	seen time.Time
	idle bool
}

// NewWatermarks makes the operator of one subtask.
func NewWatermarks[R any](sub *stream.Subtask, out stream.Consumer[R], f WatermarkFuncs[R]) *Watermarks[R] {
	w := &Watermarks[R]{Forward: stream.Forward[R]{Out: out}, f: f, sub: sub, splits: map[int]*splitMark{}}
	sub.Splits.Apart = true
	w.emit = sub.NewTimer(w.advance)
	w.idle = sub.NewTimer(w.rest)
	return w
}

// Open implements stream.Opener. An input that never has a row is idle, too.
func (w *Watermarks[R]) Open(context.Context) error {
	if w.f.Idle > 0 {
		for split := range w.open() {
			w.split(split)
		}
		w.idle.Set(millis(w.f.Idle))
	}
	if w.sent > 0 { // from a checkpoint: what is behind doesn't know it any more
		w.sub.Post(func() error { return w.Out.Control(stream.Control{Kind: stream.Watermark, Time: w.sent}) })
	}
	return nil
}

// Process implements stream.Consumer.
func (w *Watermarks[R]) Process(b *stream.Batch[R]) error {
	arena := val.NewArena()
	defer arena.Release()
	from, rows := 0, len(b.Rows)
	at, others := w.begin()
	for i := range rows {
		w.to = math.MinInt64
		if err := w.f.Mark(&b.Rows[i], arena, &w.to); err != nil {
			return err
		}
		at.mark = max(at.mark, w.to)
		if w.mark = max(w.mark, min(at.mark, others)); w.mark-w.sent <= w.f.Interval {
			continue
		}
		if !w.counts(w.mark) {
			w.sent = w.mark
			continue
		}
		if err := w.pass(b, from, i+1); err != nil {
			return err
		}
		from = i + 1
		if err := w.advance(); err != nil {
			return err
		}
	}
	if from < rows || rows == 0 {
		if err := w.pass(b, from, rows); err != nil {
			return err
		}
	}
	if w.mark > w.sent {
		w.emit.Set(millis(w.f.Interval))
	}
	if w.f.Idle > 0 {
		w.idle.Set(millis(w.f.Idle))
	}
	return nil
}

// open are the splits that are being read: one where the source has none.
func (w *Watermarks[R]) open() map[int]bool {
	if open := w.sub.Splits.Open(); len(open) > 0 {
		return open
	}
	return noSplits
}

var noSplits = map[int]bool{0: true}

// split is how far a split is.
func (w *Watermarks[R]) split(split int) *splitMark {
	m := w.splits[split]
	if m == nil {
		m = &splitMark{}
		if w.f.Idle > 0 {
			m.seen = time.Now()
		}
		w.splits[split] = m
	}
	return m
}

// begin is how far the split is whose rows come, and how far all others.
func (w *Watermarks[R]) begin() (at *splitMark, others int64) {
	at, others = w.split(w.sub.Splits.Current), math.MaxInt64
	if at.idle = false; w.f.Idle > 0 {
		at.seen = time.Now()
	}
	for split := range w.open() {
		if m := w.split(split); m != at && !m.idle {
			others = min(others, m.mark)
		}
	}
	return at, others
}

// pass gives on the rows of a batch from one up to another, and the batch itself
// if that are all. After its last row the batch is gone.
func (w *Watermarks[R]) pass(b *stream.Batch[R], from, to int) error {
	last := to == len(b.Rows)
	if from == 0 && last {
		return w.Out.Process(b)
	}
	part := w.pool.Get()
	part.Rows = append(part.Rows, b.Rows[from:to]...)
	if len(b.Kinds) > 0 {
		part.Kinds = append(part.Kinds, b.Kinds[from:to]...)
	}
	part.Arena = b.ShareArena()
	if last {
		b.Release()
	}
	return w.Out.Process(part)
}

// advance passes the watermark on, if it has risen.
func (w *Watermarks[R]) advance() error {
	if w.mark <= w.sent {
		return nil
	}
	w.sent = w.mark
	if !w.counts(w.sent) {
		return nil
	}
	w.passed = w.sent
	return w.Out.Control(stream.Control{Kind: stream.Watermark, Time: w.sent})
}

// counts reports whether a watermark is beyond a multiple of the grain that none
// has passed.
func (w *Watermarks[R]) counts(mark int64) bool {
	return w.f.Grain == 0 || (mark+1)/w.f.Grain > (w.passed+1)/w.f.Grain
}

// rest looks for splits without rows for a while, which aren't waited for; if
// all are, what is behind is told not to wait for this subtask.
func (w *Watermarks[R]) rest() error {
	now := time.Now()
	least, active := int64(math.MaxInt64), false
	for split := range w.open() {
		m := w.split(split)
		if m.idle = now.Sub(m.seen) >= time.Duration(w.f.Idle)*time.Millisecond; !m.idle {
			active, least = true, min(least, m.mark)
		}
	}
	if !active {
		return w.Out.Control(stream.Control{Kind: stream.Idle})
	}
	w.idle.Set(millis(w.f.Idle))
	w.mark = max(w.mark, least)
	return w.advance()
}

// Control implements stream.Consumer. Watermarks of what comes before aren't of
// this time; the last one, which comes with the end, is of any.
func (w *Watermarks[R]) Control(c stream.Control) error {
	if c.Kind == stream.Watermark {
		if c.Time != math.MaxInt64 {
			return nil
		}
		w.mark, w.sent, w.passed = c.Time, c.Time, c.Time
	}
	return w.Out.Control(c)
}

// Snapshot implements stream.Stateful.
func (w *Watermarks[R]) Snapshot(s *state.Snapshot) error {
	s.List = append(s.List, val.EncodeInt(val.EncodeInt(nil, w.mark), w.sent))
	return nil
}

// Restore implements stream.Stateful. What a subtask reads from now on may have
// been read by any other one, so that all begin where the last of them was.
func (w *Watermarks[R]) Restore(r *state.Restored) error {
	for i, entry := range r.List {
		var mark, sent int64
		if _, err := decodeInts(entry, &mark, &sent); err != nil {
			return fmt.Errorf("watermark: %w", err)
		}
		if i == 0 {
			w.mark, w.sent = mark, sent
		}
		w.mark, w.sent = min(w.mark, mark), min(w.sent, sent)
		w.passed = w.sent
	}
	return nil
}

// Close implements stream.Closer.
func (w *Watermarks[R]) Close() error {
	w.emit.Stop()
	w.idle.Stop()
	return nil
}

func millis(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
