package stream

import "time"

// Timer rings on its task's goroutine, between two elements, once after it was
// set. It is the task's: only that may set and stop it.
type Timer struct {
	sub   *Subtask
	ring  func() error
	timer *time.Timer
	set   bool
	round int // counts rings and stops: a ring that is posted already counts no more behind a stop
}

// NewTimer returns one that calls ring, whose error fails the job.
func (s *Subtask) NewTimer(ring func() error) *Timer { return &Timer{sub: s, ring: ring} }

// Set lets the timer ring after some time, unless it is set already.
func (t *Timer) Set(after time.Duration) {
	if t.set {
		return
	}
	t.set = true
	round := t.round
	t.timer = time.AfterFunc(after, func() {
		t.sub.Post(func() error {
			if round != t.round {
				return nil
			}
			t.set = false
			t.round++
			return t.ring()
		})
	})
}

// Stop keeps a timer that is set from ringing.
func (t *Timer) Stop() {
	if t.set {
		t.timer.Stop()
		t.set = false
		t.round++
	}
}
