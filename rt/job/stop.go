package job

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"pyfc/rt/state"
	"pyfc/rt/stream"
)

// drainRequest is the file in the checkpoint folder that makes of the next
// SIGTERM a request to drain.
const drainRequest = "drain"

// hardStop is how long tasks may take to end after a stop has timed out.
const hardStop = 2 * time.Second

// stopper passes a stop on to the graph that runs, or to the one that is about
// to.
type stopper struct {
	mu        sync.Mutex
	dir       string // the checkpoint folder, empty without one
	graph     *stream.Graph
	also      func() // is called at a request, too
	requested bool
	drain     bool
}

// watch names the graph that a stop goes to, until the function that it returns
// is called.
func (s *stopper) watch(g *stream.Graph) (done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.graph = g
	if s.requested {
		g.Stop(s.drain)
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.graph = nil
	}
}

// asked reports whether there was a stop.
func (s *stopper) asked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requested
}

// onRequest has a function called at a stop, or now if there was one.
func (s *stopper) onRequest(f func()) {
	s.mu.Lock()
	s.also = f
	requested := s.requested
	s.mu.Unlock()
	if requested {
		f()
	}
}

// request stops the job; it drains it if the checkpoint folder says so.
func (s *stopper) request() (drain bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.also != nil {
		s.also()
	}
	if s.dir != "" {
		_, err := os.Stat(filepath.Join(s.dir, drainRequest))
		s.drain = err == nil
	}
	s.requested = true
	if s.graph != nil {
		s.graph.Stop(s.drain)
	}
	return s.drain
}

// folder names the checkpoint folder.
func (s *stopper) folder(dir string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dir = dir
}

// handleSignals stops the job at SIGTERM or SIGINT, gives it up when that
// takes too long, and ends the process at a second SIGINT. The function that
// it returns ends that.
func (p *process) handleSignals(giveUp context.CancelCauseFunc) func() {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	over := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() { p.follow(signals, over, giveUp) })
	return func() {
		signal.Stop(signals)
		close(over)
		done.Wait()
	}
}

func (p *process) follow(signals <-chan os.Signal, over <-chan struct{}, giveUp context.CancelCauseFunc) {
	var late, tooLate <-chan time.Time
	stopping := false
	for {
		select {
		case <-over:
			return
		case sig := <-signals:
			if stopping {
				if sig == syscall.SIGINT {
					p.exit(ExitInterrupted)
				}
				continue
			}
			stopping = true
			late = time.After(p.own.stopTimeout)
			drain := p.stop.request()
			p.log.Info("stopping", "signal", sig.String(), "drain", drain)
		case <-late:
			giveUp(errIncomplete)
			tooLate = time.After(hardStop)
		case <-tooLate:
			p.log.Error("tasks did not end", "error", errIncomplete)
			p.exit(ExitIncomplete)
		}
	}
}

// clearRequest removes what a stop left that came too late.
func clearRequest(dir string) error {
	err := os.Remove(filepath.Join(dir, drainRequest))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// StopRunning stops the job that works on a checkpoint folder and waits until
// it has ended; with drain, what it holds back is let out before. It is an
// error if no job works there or if it ended without its final checkpoint.
func StopRunning(dir string, drain bool) error {
	pid, err := state.Running(dir)
	if err != nil {
		return err
	}
	if pid == 0 {
		return mistake("no job is running on %s", dir)
	}
	if drain {
		if err := os.WriteFile(filepath.Join(dir, drainRequest), nil, 0o644); err != nil {
			return err
		}
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return fmt.Errorf("process %d: %w", pid, err)
	}
	for pid != 0 {
		time.Sleep(50 * time.Millisecond)
		if pid, err = state.Running(dir); err != nil {
			return err
		}
	}
	if err := clearRequest(dir); err != nil {
		return err
	}
	final, err := state.Ended(dir)
	if err == nil && !final {
		err = fmt.Errorf("the job on %s ended without its final checkpoint", dir)
	}
	return err
}
