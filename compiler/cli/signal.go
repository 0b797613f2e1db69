package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// forwardSignals passes SIGTERM on to a child and swallows SIGINT, which a
// terminal sends to the child itself. The returned function ends that.
func forwardSignals(child *os.Process, signals ...os.Signal) func() {
	received := make(chan os.Signal, 4)
	signal.Notify(received, signals...)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-received:
				if s == syscall.SIGTERM {
					// The child may have ended already.
					_ = child.Signal(s)
				}
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(received)
		close(done)
	}
}
