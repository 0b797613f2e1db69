package jdbc

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"pyfc/rt/conn"
)

// link keeps a session with the database and repeats what failed through no
// fault of its own.
type link struct {
	target  *Target
	table   string // as in the script, for messages
	log     *slog.Logger
	retries int // at least so many
	session Session
}

// The waits between tries, doubled each time.
const (
	firstWait = 50 * time.Millisecond
	lastWait  = 2 * time.Second
)

// do runs f with a session until it succeeds. It opens a new session after a
// lost one, and gives up after patience and link.retries tries, whichever is
// later. f's errors are returned as they are if trying again can't help.
func (l *link) do(ctx context.Context, patience time.Duration, f func(Session) error) error {
	var began time.Time // of the trouble
	for tries := 0; ; tries++ {
		err := l.try(ctx, f)
		if err == nil {
			if tries > 0 {
				l.log.Info("the database answers again", "table", l.table, "database", l.target.String(), "after", time.Since(began).Round(time.Millisecond))
			}
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		d := l.target.dialect
		class := d.Classify(err)
		switch class {
		case Refused:
			return err
		case Denied:
			return &conn.Misconfigured{Table: l.table, Err: fmt.Errorf("%s: %w", l.target, err)}
		case Lost:
			l.drop()
		}
		if tries == 0 {
			began = time.Now()
			l.log.Warn("the database doesn't take a statement; trying again", "table", l.table, "database", l.target.String(), "error", err)
		}
		if tries >= l.retries && time.Since(began) >= patience {
			return &conn.Unreachable{Table: l.table, System: l.target.String(), Err: err}
		}
		if err := wait(ctx, tries); err != nil {
			return err
		}
	}
}

func (l *link) try(ctx context.Context, f func(Session) error) error {
	if l.session == nil {
		s, err := l.target.dialect.Connect(ctx, l.target)
		if err != nil {
			return err
		}
		l.session = s
	}
	return f(l.session)
}

// wait sleeps before the next try; two that deadlocked sleep unlike times.
func wait(ctx context.Context, tries int) error {
	d := min(firstWait<<min(tries, 16), lastWait)
	t := time.NewTimer(d/2 + rand.N(d/2))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drop gives up the session.
func (l *link) drop() {
	if l.session != nil {
		_ = l.session.Close() // it is broken; what it says is in the error at hand
		l.session = nil
	}
}

// close ends the session in good order.
func (l *link) close() error {
	if l.session == nil {
		return nil
	}
	s := l.session
	l.session = nil
	return s.Close()
}
