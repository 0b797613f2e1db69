package conn

import (
	"context"
	"time"
)

// The pauses between attempts to reach an outside system: each is twice the one
// before.
const (
	MinBackoff = 50 * time.Millisecond
	MaxBackoff = time.Second
)

// Pause waits, unless ctx ends before, whose error it returns then.
func Pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
