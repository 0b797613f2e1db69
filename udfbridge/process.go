package udfbridge

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// process is a worker that is a child of ours. It dies with us by the end of its
// standard input, too, which we hold open.
type process struct {
	pid    int
	stdin  io.Closer
	stderr *tail
	done   chan struct{} // closed when it has ended and its output is read
	err    error         // how it ended, once done
}

// lean is environment that saves a worker's memory; a user's own settings come
// later and hold. Arrow's allocator keeps pages that the C library's gives back,
// and that one keeps some for each thread.
var lean = []string{"ARROW_DEFAULT_MEMORY_POOL=system", "MALLOC_ARENA_MAX=2"}

// startProcess starts a command. What it prints goes to the log, line by line.
func startProcess(log *slog.Logger, name string, args ...string) (*process, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(append(slices.Clone(lean), os.Environ()...), "PYTHONUNBUFFERED=1")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p := &process{stdin: stdin, stderr: newTail(20), done: make(chan struct{})}
	stdout := &lineWriter{line: func(s string) { log.Info(s, "stream", "stdout") }}
	stderr := &lineWriter{line: func(s string) { p.stderr.add(s); log.Info(s, "stream", "stderr") }}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = time.Second // for output that grandchildren hold open

	ended, err := StartChild(cmd)
	if err != nil {
		return nil, err
	}
	p.pid = cmd.Process.Pid
	go func() {
		p.err = <-ended
		stdout.flush()
		stderr.flush()
		close(p.done)
	}()
	return p, nil
}

// StartChild starts a process whose end comes over the channel. It has a session
// of its own, so that no signal of the terminal or of a process group reaches the
// user's Python code, and it dies with us.
func StartChild(cmd *exec.Cmd) (ended <-chan error, err error) {
	cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true, Pdeathsig: unix.SIGKILL}
	started, end := make(chan error), make(chan error, 1)
	go func() {
		// The kernel sends the parent-death signal when the thread that forked
		// ends, so this thread lives as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			end <- cmd.Wait()
		}
	}()
	return end, <-started
}

// kill ends the process and what it has started.
func (p *process) kill() {
	select {
	case <-p.done:
	default:
		unix.Kill(-p.pid, unix.SIGKILL) // it fails only if nobody is left
	}
}

// signal returns the signal that ended a process, or -1.
func (p *process) signal() syscall.Signal {
	var exit *exec.ExitError
	if !errors.As(p.err, &exit) {
		return -1
	}
	return exit.Sys().(syscall.WaitStatus).Signal()
}

// killed reports whether an ended process was ended by a signal.
func (p *process) killed() bool { return p.signal() >= 0 }

// death tells of an ended process that it should not have ended.
func (p *process) death() error {
	return &deathError{err: p.fate(), outside: p.signal() == syscall.SIGKILL}
}

// fate tells how an ended process ended, with the last of what it complained
// about.
func (p *process) fate() error {
	s := "it exited"
	if p.err != nil {
		s = p.err.Error()
	}
	if t := p.stderr.String(); t != "" {
		s += "; its last lines:\n" + t
	}
	return fmt.Errorf("worker process %d: %s", p.pid, s)
}

// lineWriter hands over what is written to it line by line.
type lineWriter struct {
	line    func(string)
	partial []byte
}

// maxLine is where a line without an end is cut.
const maxLine = 64 << 10

func (w *lineWriter) Write(b []byte) (int, error) {
	w.partial = append(w.partial, b...)
	for len(w.partial) > 0 {
		n, line, err := bufio.ScanLines(w.partial, len(w.partial) >= maxLine)
		if err != nil || n == 0 {
			break
		}
		w.line(string(line))
		w.partial = w.partial[n:]
	}
	return len(b), nil
}

func (w *lineWriter) flush() {
	if len(w.partial) > 0 {
		w.line(string(w.partial))
		w.partial = nil
	}
}

// tail keeps the last lines of a text.
type tail struct {
	mu    sync.Mutex
	max   int
	lines []string
}

func newTail(max int) *tail { return &tail{max: max} }

func (t *tail) add(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, strings.Split(strings.TrimRight(text, "\n"), "\n")...)
	if extra := len(t.lines) - t.max; extra > 0 {
		t.lines = append(t.lines[:0], t.lines[extra:]...)
	}
}

// String returns the kept lines.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}
