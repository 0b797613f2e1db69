package conn

import (
	"time"

	"pyfc/rt/stream"
)

// Linger has a sink send what it has gathered when that has waited long enough.
type Linger struct {
	sub   *stream.Subtask
	wait  time.Duration
	flush func() error
	timer *time.Timer
	armed bool
}

// NewLinger returns one that calls flush on the task's goroutine.
func NewLinger(sub *stream.Subtask, wait time.Duration, flush func() error) *Linger {
	return &Linger{sub: sub, wait: wait, flush: flush}
}

// Arm starts the time, unless it runs already: something waits.
func (l *Linger) Arm() {
	if l.armed {
		return
	}
	l.armed = true
	if l.timer != nil {
		l.timer.Reset(l.wait)
		return
	}
	l.timer = time.AfterFunc(l.wait, func() {
		l.sub.Post(func() error {
			l.armed = false
			return l.flush()
		})
	})
}

// Stop ends it.
func (l *Linger) Stop() {
	if l.timer != nil {
		l.timer.Stop()
	}
}
