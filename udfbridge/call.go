package udfbridge

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
	"pyfc/udfbridge/udfpb"
)

const window = 4 // requests that may be unanswered

// Codec is what generated code knows of the rows of a call.
type Codec[In, Out any] struct {
	// Args appends the argument columns of rows. What it puts into the arena needs
	// to live no longer than the call.
	Args func(in []In, a *Args, arena *val.Arena) error
	// Result makes the output row of an input row from row i of the results.
	// The strings of in and r may go into out as they are.
	Result func(in *In, i int, r *Results, out *Out) error
	// Append and Decode write and read rows in a checkpoint; decoded strings
	// may view src.
	Append func(dst []byte, r *In) []byte
	Decode func(src []byte, r *In) ([]byte, error)
}

// Call is the operator that calls Python functions. It implements
// stream.Overtaker: rows wait in it until the worker has answered them, in
// order, and a barrier doesn't wait for them.
type Call[In, Out any] struct {
	starter
	codec Codec[In, Out]
	next  stream.Consumer[Out]

	batches stream.Pool[Out]
	inputs  stream.Pool[In] // for restored rows

	pending  pending[In]
	requests []request[In] // unanswered, in order
	lastID   uint64
	size     sizer
	series   *series // of functions of pandas Series, instead of size

	session  *session // nil while a worker is being started
	restarts sync.WaitGroup
	fresh    atomic.Pointer[session] // opened by a restart, until the task takes it
}

// request is a batch of rows on its way to the worker and back.
type request[In any] struct {
	id       uint64
	rows     int
	segments []segment[In]
}

// onError are the values of python.udf.on-error.
var onError = map[string]udfpb.OnError{"fail": udfpb.OnError_FAIL, "null": udfpb.OnError_NULL, "dead-letter": udfpb.OnError_DEAD_LETTER}

// NewCall returns the operator of one subtask.
func NewCall[In, Out any](sub *stream.Subtask, pool *Pool, spec *Spec, codec Codec[In, Out], next stream.Consumer[Out]) (*Call[In, Out], error) {
	s, err := newStarter(sub, pool, spec, spec.resultTypes())
	if err != nil {
		return nil, err
	}
	s.open.Concurrency = uint32(pool.cfg.Concurrency)
	s.open.CacheSize = uint32(pool.cfg.CacheSize)
	s.open.OnError = onError[pool.cfg.OnError]
	c := &Call[In, Out]{starter: s, codec: codec, next: next, size: newSizer(pool.cfg.Concurrency)}
	if spec.pandas() {
		c.series = newSeries(&pool.cfg, func() { sub.Post(c.expire) })
	}
	return c, nil
}

// Open starts the worker and opens the functions.
func (c *Call[In, Out]) Open(ctx context.Context) error {
	c.begin(ctx)
	s, err := c.connect()
	if err != nil {
		return err
	}
	c.sub.Post(c.pump) // restored rows
	return c.adopt(s)
}

// adopt makes a session the task's. What comes from it is posted to the task.
func (c *Call[In, Out]) adopt(s *session) error {
	c.session = s
	return c.follow(s,
		func(a answer) { c.sub.Post(func() error { return c.answer(s, a) }) },
		func(err error) { c.sub.Post(func() error { return c.ended(s, err) }) })
}

// ended handles the end of a session that we didn't close.
func (c *Call[In, Out]) ended(s *session, err error) error {
	if s != c.session {
		return nil
	}
	death, err := c.lost(err)
	if err != nil {
		return err
	}
	c.session, c.requests = nil, nil
	replayed := c.pending.rewind()
	c.size = newSizer(c.pool.cfg.Concurrency) // so that a fatal row ends up in a request of its own
	c.sub.Log.Warn("Python worker died; starting another one", "error", death, "replayed_rows", replayed)
	c.restarts.Add(1)
	go c.restart(s)
	return nil
}

// restart connects anew in the background.
func (c *Call[In, Out]) restart(old *session) {
	defer c.restarts.Done()
	if err := old.close(); err != nil {
		c.sub.Log.Debug("closing the session of a dead worker", "error", err)
	}
	s, err := c.connect()
	c.fresh.Store(s)
	c.sub.Post(func() error {
		if err != nil {
			return err
		}
		if err := c.adopt(c.fresh.Swap(nil)); err != nil {
			return err
		}
		return c.pump()
	})
}

// Close closes the functions and ends the worker.
func (c *Call[In, Out]) Close() error {
	if c.cancel == nil {
		return nil // never opened
	}
	c.cancel()
	if c.series != nil {
		c.series.stop()
	}
	c.restarts.Wait()
	if s := c.fresh.Swap(nil); s != nil {
		c.session = s
	}
	if c.session == nil {
		return nil
	}
	return c.session.close()
}

// Ready implements stream.Consumer: there is room while less than a request
// waits to be sent.
func (c *Call[In, Out]) Ready() bool {
	return c.pending.unsent < c.wanted() && c.next.Ready()
}

// Process implements stream.Consumer.
func (c *Call[In, Out]) Process(b *stream.Batch[In]) error {
	c.pending.addBatch(b)
	return c.pump()
}

// Control implements stream.Consumer. Only barriers overtake rows.
func (c *Call[In, Out]) Control(e stream.Control) error {
	if e.Kind == stream.Barrier {
		return c.next.Control(e)
	}
	c.pending.addControl(e)
	if e.Kind == stream.End && c.series != nil {
		c.series.ended = true
		if err := c.pump(); err != nil {
			return err
		}
	}
	return c.advance()
}

// expire ends a bundle after its time.
func (c *Call[In, Out]) expire() error {
	c.series.expire(c.pending.unsent)
	return c.pump()
}

// wanted is how many rows the next request should have.
func (c *Call[In, Out]) wanted() int {
	if c.series != nil {
		return c.series.rows()
	}
	return c.size.rows
}

// complete reports whether the rows that wait make a request. Those that don't
// fill one go only when the worker would otherwise run dry, and Series when their
// time has come.
func (c *Call[In, Out]) complete() bool {
	if c.series != nil {
		return c.series.complete(c.pending.unsent)
	}
	return c.pending.unsent >= c.size.rows || len(c.requests) < 2
}

// pump sends requests as long as the window has room.
func (c *Call[In, Out]) pump() error {
	for c.session != nil && c.pending.unsent > 0 && len(c.requests) < window && c.complete() {
		if err := c.send(c.pending.take(c.wanted())); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call[In, Out]) send(segments []segment[In]) error {
	rows := 0
	arena := val.NewArena()
	defer arena.Release()
	for _, s := range segments {
		if err := c.codec.Args(s.item.batch.Rows[s.from:s.to], c.args, arena); err != nil {
			return err
		}
		rows += s.to - s.from
	}
	message, err := c.args.message(rows)
	if err != nil {
		return err
	}
	c.lastID++
	c.requests = append(c.requests, request[In]{c.lastID, rows, segments})
	if c.series != nil {
		c.series.took(rows, c.pending.unsent)
	}
	c.size.sent(rows, len(message))
	c.session.post(&udfpb.CallRequest{Id: c.lastID, Batch: message})
	return nil
}

// answer passes on the rows of the oldest request.
func (c *Call[In, Out]) answer(s *session, a answer) error {
	if s != c.session {
		return nil // the worker died after it; its rows are sent again
	}
	if f := a.response.GetFailure(); f != nil {
		return newFunctionError(f)
	}
	req := c.requests[0]
	if a.response.Id != req.id || a.results.rows != req.rows {
		return fmt.Errorf("the Python worker answered request %d with %d rows, expected was request %d with %d",
			a.response.Id, a.results.rows, req.id, req.rows)
	}
	c.requests = c.requests[1:]
	c.answered()
	c.size.answered(req.rows, time.Duration(a.response.BusyNanos))
	drop := c.judge(a.response.Errors)
	at := 0
	for _, seg := range req.segments {
		if err := c.emit(seg, at, a.results, drop); err != nil {
			return err
		}
		if err := c.advance(); err != nil {
			return err
		}
		at += seg.to - seg.from
	}
	return c.pump()
}

// judge counts and logs rows whose functions failed, and returns the ones to
// drop, ascending.
func (c *Call[In, Out]) judge(failures []*udfpb.Failure) (drop []uint32) {
	for i, f := range failures {
		if i > 0 && f.Row == failures[i-1].Row {
			continue // another result of the same row
		}
		e := newFunctionError(f)
		attrs := []any{"function", e.Function, "arguments", e.Arguments, "error", e.Type + ": " + e.Message}
		if c.open.OnError == udfpb.OnError_DEAD_LETTER {
			drop = append(drop, f.Row)
			c.sub.Count.DeadLettered.Add(1)
			c.sub.Log.Warn("row dropped: a Python function failed", attrs...)
		} else {
			c.sub.Count.Failed.Add(1)
			c.sub.Log.Warn("result is NULL: a Python function failed", attrs...)
		}
	}
	return drop
}

// emit passes on the rows of a segment, whose results begin at row at.
func (c *Call[In, Out]) emit(seg segment[In], at int, r *Results, drop []uint32) error {
	in := seg.item.batch
	out := c.batches.Get()
	out.Arena = val.NewChild(in.ShareArena())
	r.adopt(out.Arena, at, at+seg.to-seg.from)
	for i := seg.from; i < seg.to; i, at = i+1, at+1 {
		if _, dropped := slices.BinarySearch(drop, uint32(at)); dropped {
			continue
		}
		row := out.Add()
		if len(in.Kinds) > 0 {
			out.Kinds = append(out.Kinds, in.Kinds[i])
		}
		if err := c.codec.Result(&in.Rows[i], at, r, row); err != nil {
			out.Release()
			return err
		}
	}
	seg.item.done = seg.to
	if len(out.Rows) == 0 {
		out.Release()
		return nil
	}
	return c.next.Process(out)
}

// advance lets go of what is done and passes on the control elements that are
// first now.
func (c *Call[In, Out]) advance() error {
	for it := c.pending.pop(); it != nil; it = c.pending.pop() {
		if it.batch != nil {
			it.batch.Release()
		} else if err := c.next.Control(it.control); err != nil {
			return err
		}
	}
	return nil
}

// SnapshotQueued implements stream.Overtaker: one entry of the snapshot has
// all rows that aren't answered, then the queued ones.
func (c *Call[In, Out]) SnapshotQueued(s *state.Snapshot, queued []*stream.Batch[In]) error {
	var rows []byte
	for _, it := range c.pending.items {
		if it.batch != nil {
			rows = c.appendRows(rows, it.batch, it.done)
		}
	}
	for _, b := range queued {
		rows = c.appendRows(rows, b, 0)
	}
	if rows != nil {
		s.List = append(s.List, rows)
	}
	return nil
}

func (c *Call[In, Out]) appendRows(dst []byte, b *stream.Batch[In], from int) []byte {
	for i := from; i < len(b.Rows); i++ {
		dst = append(dst, byte(b.Kind(i)))
		dst = c.codec.Append(dst, &b.Rows[i])
	}
	return dst
}

// Restore implements stream.Overtaker.
func (c *Call[In, Out]) Restore(r *state.Restored) error {
	for _, entry := range r.Share(c.sub.Index, c.sub.Parallelism) {
		if err := c.restoreRows(entry); err != nil {
			return fmt.Errorf("rows under way: %w", err)
		}
	}
	return nil
}

func (c *Call[In, Out]) restoreRows(src []byte) error {
	for len(src) > 0 {
		b := c.inputs.Get() // its rows view the snapshot, which the garbage collector keeps
		for len(src) > 0 && len(b.Rows) < c.sub.BatchSize {
			row := b.AddKind(val.RowKind(src[0]))
			rest, err := c.codec.Decode(src[1:], row)
			if err != nil {
				return err
			}
			src = rest
		}
		c.pending.addBatch(b)
	}
	return nil
}
