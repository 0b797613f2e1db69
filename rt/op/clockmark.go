package op

import (
	"context"
	"math"

	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// clockTick is how often the clock's time is passed on, in milliseconds: at
// moments that it divides, so that windows of whole seconds close on time.
const clockTick = 100

// ClockWatermarks makes watermarks of the machine's clock, for what waits for
// processing time. They travel with the rows, whose time is that at which this
// operator saw them: none of them is ever late. As in Flink the end of the
// input ends no wait for the clock.
type ClockWatermarks[R any] struct {
	stream.Forward[R]
	tick *stream.Timer
}

// NewClockWatermarks makes the operator of one subtask.
func NewClockWatermarks[R any](sub *stream.Subtask, out stream.Consumer[R]) *ClockWatermarks[R] {
	c := &ClockWatermarks[R]{Forward: stream.Forward[R]{Out: out}}
	c.tick = sub.NewTimer(c.pass)
	return c
}

// Open implements stream.Opener.
func (c *ClockWatermarks[R]) Open(context.Context) error {
	c.next(val.Now().UnixMilli())
	return nil
}

func (c *ClockWatermarks[R]) next(now int64) { c.tick.Set(millis(clockTick - now%clockTick)) }

// pass tells that no row of an earlier millisecond follows.
func (c *ClockWatermarks[R]) pass() error {
	now := val.Now().UnixMilli()
	c.next(now)
	return c.Out.Control(stream.Control{Kind: stream.Watermark, Time: now - 1})
}

// Process implements stream.Consumer.
func (c *ClockWatermarks[R]) Process(b *stream.Batch[R]) error { return c.Out.Process(b) }

// Control implements stream.Consumer.
func (c *ClockWatermarks[R]) Control(e stream.Control) error {
	switch e.Kind {
	case stream.Watermark:
		if e.Time == math.MaxInt64 {
			c.tick.Stop()
		}
		return nil
	case stream.End:
		c.tick.Stop()
	}
	return c.Out.Control(e)
}

// Close implements stream.Closer.
func (c *ClockWatermarks[R]) Close() error {
	c.tick.Stop()
	return nil
}
