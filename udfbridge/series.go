package udfbridge

import (
	"time"

	"pyfc/udfbridge/python"
)

// series cuts the rows of functions of pandas Series into requests, each of which
// is one Series: as PyFlink 1.20.1 does, whose bundles end by their number of rows
// or after a time, and go to the functions in batches of at most so many rows.
type series struct {
	batch, bundle int // rows
	wait          time.Duration
	timeout       func() // is called after that time

	sent  int // rows of the bundle
	timer *time.Timer
	due   bool // the rows that wait end the bundle
	ended bool // no more rows come
}

func newSeries(cfg *python.Config, timeout func()) *series {
	return &series{batch: cfg.ArrowBatch, bundle: cfg.BundleSize, wait: time.Duration(cfg.BundleTime) * time.Millisecond, timeout: timeout}
}

// rows is how many rows the next Series has, if so many come.
func (s *series) rows() int { return min(s.batch, s.bundle-s.sent) }

// complete reports whether the rows that wait are a Series already.
func (s *series) complete(waiting int) bool {
	if waiting >= s.rows() || s.due || s.ended {
		return true
	}
	if s.timer == nil {
		s.timer = time.AfterFunc(s.wait, s.timeout)
	}
	return false
}

// took notes that rows were sent, and how many still wait.
func (s *series) took(rows, waiting int) {
	s.sent += rows
	if s.sent == s.bundle || s.due && waiting == 0 {
		s.renew()
	}
}

// expire ends the bundle with the rows that wait.
func (s *series) expire(waiting int) {
	if s.due = waiting > 0; !s.due {
		s.renew()
	}
}

// renew begins another bundle.
func (s *series) renew() {
	s.sent, s.due = 0, false
	s.stop()
}

func (s *series) stop() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}
