package udfbridge

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pyfc/golden/services"
	"pyfc/internal/expect"
	"pyfc/ir/types"
	"pyfc/udfbridge/python"
)

// The test binary run again with this variable set is a job's binary that
// waits to be killed.
const childVariable = "PYFC_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		beKilled()
	}
	code := m.Run()
	shared.drain()
	os.Exit(code)
}

// freePort returns an address on which nothing listens.
func freePort(tb testing.TB) string {
	tb.Helper()
	return fmt.Sprintf("127.0.0.1:%d", services.FreePort(tb))
}

// externalWorker is a worker that a test started by hand.
type externalWorker struct {
	address string
	cmd     *exec.Cmd
	stderr  *logBuffer
	done    chan struct{}
}

// startExternal starts a worker from a folder; statements of Python may change
// its constants.
func startExternal(tb testing.TB, folder, address string, statements ...string) *externalWorker {
	tb.Helper()
	py, err := python.Find(context.Background(), "", "", slog.Default())
	if err != nil {
		tb.Fatal(err)
	}
	if err := WriteWorker(folder); err != nil {
		tb.Fatal(err)
	}
	w := &externalWorker{address: address, stderr: &logBuffer{}, done: make(chan struct{})}
	run := []string{"-m", "pyfc_worker"}
	if statements != nil {
		lines := append([]string{"from pyfc_worker import __main__, ending, server"}, statements...)
		run = []string{"-c", strings.Join(append(lines, "__main__.main()"), "\n")}
	}
	w.cmd = exec.Command(py.Path, append(append([]string{"-X", "faulthandler"}, run...), "--listen", address)...)
	w.cmd.Dir = folder
	w.cmd.WaitDelay = time.Second // for what functions have started
	w.cmd.Stderr = w.stderr
	w.cmd.SysProcAttr = &unix.SysProcAttr{Pdeathsig: unix.SIGKILL} // of a test that is killed, too
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := w.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.Contains(line, "serving at "+address) {
		tb.Fatalf("the worker says %q, %v", line, err)
	}
	go func() { w.cmd.Wait(); close(w.done) }()
	return w
}

func (w *externalWorker) stop() {
	w.cmd.Process.Kill()
	<-w.done
}

// drain lets the worker end by itself, with its files.
func (w *externalWorker) drain() {
	if w == nil {
		return
	}
	w.cmd.Process.Signal(unix.SIGTERM)
	select {
	case <-w.done:
	case <-time.After(time.Minute):
		w.stop()
	}
}

// shared is the worker of tests that only need any.
var shared struct {
	sync.Once
	*externalWorker
}

func sharedWorker(tb testing.TB) string {
	shared.Do(func() {
		folder, err := os.MkdirTemp("", "pyfc-worker-")
		if err != nil {
			tb.Fatal(err)
		}
		shared.externalWorker = startExternal(tb, folder, freePort(tb))
		os.RemoveAll(folder)
	})
	return shared.address
}

func TestExternalWorker(t *testing.T) {
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	w := startExternal(t, t.TempDir(), freePort(t))
	defer w.stop()
	a := newCall(t, pairSpec(upperSource, types.String()), "python.worker.address", w.address)
	b := newCall(t, pairSpec(upperSource, types.String()), "python.worker.address", w.address)
	for _, c := range []*call{a, b} {
		c.mustFeed(pairs(100, 10))
		c.wantNumbers(100, func(i int) string { return fmt.Sprint("ROW ", i) })
	}

	other := pairSpec("def f(s, n): return 'other'", types.String())
	c := prepareCall(t, other, "python.worker.address", w.address)
	if err := c.op.Open(t.Context()); err == nil {
		t.Error("a second job's code was accepted beside the first")
	} else {
		expect.Contains(t, err.Error(), "serves another job's code")
	}
	for _, c := range []*call{a, b} {
		if err := c.op.Close(); err != nil {
			t.Fatal(err)
		}
	}
	c = newCall(t, other, "python.worker.address", w.address)

	// SIGTERM lets the open session finish, takes no new one, and ends.
	w.terminate(t)
	c.mustFeed(pairs(10, 10))
	c.wantNumbers(10, func(int) string { return "other" })
	if err := c.op.Close(); err != nil {
		t.Fatal(err)
	}
	w.wantEnd(t)
}

func TestUnreachable(t *testing.T) {
	address := freePort(t)
	c := prepareCall(t, pairSpec(upperSource, types.String()), "python.worker.address", address)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	err := c.op.Open(ctx)
	var u *UnreachableError
	if !errors.As(err, &u) || u.ExitCode() != 12 {
		t.Fatalf("got %v", err)
	}
	expect.Contains(t, err.Error(), address)
}

// TestExternalRestart restarts the worker at an address under way.
func TestExternalRestart(t *testing.T) {
	address := freePort(t)
	w := startExternal(t, t.TempDir(), address)
	c := newCall(t, pairSpec(upperSource, types.String()), "python.worker.address", address)
	in := pairs(2000, 100)
	for i, b := range in {
		if i == len(in)/2 {
			w.stop()
			w = startExternal(t, t.TempDir(), address)
			defer w.stop()
		}
		if err := c.until(c.op.Ready); err != nil {
			t.Fatal(err)
		}
		if err := c.op.Process(b); err != nil {
			t.Fatal(err)
		}
	}
	c.mustFeed(nil)
	c.wantNumbers(2000, func(i int) string { return fmt.Sprint("ROW ", i) })
}

// TestProxy: a proxy in the environment is the functions', not the bridge's.
func TestProxy(t *testing.T) {
	for _, name := range []string{"http_proxy", "https_proxy", "HTTP_PROXY", "grpc_proxy", "all_proxy"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	c := newCall(t, pairSpec("import os\ndef f(s, n): return os.environ['http_proxy']", types.String()))
	c.mustFeed(pairs(1, 1))
	expect.List(t, c.results(), "http://127.0.0.1:1")
}

// TestWorkerKilled kills the worker again and again while rows are under way.
func TestWorkerKilled(t *testing.T) {
	const source = "import time\ndef f(s, n):\n    time.sleep(0.0002)\n    return s.upper()\n"
	c := newCall(t, pairSpec(source, types.String()))
	in := pairs(8000, 100)
	for i, b := range in {
		if i%20 == 10 {
			if err := c.until(func() bool { return len(c.op.requests) > 0 }); err != nil {
				t.Fatal(err)
			}
			unix.Kill(c.op.session.w.process.pid, unix.SIGKILL)
		}
		if err := c.until(c.op.Ready); err != nil {
			t.Fatal(err)
		}
		if err := c.op.Process(b); err != nil {
			t.Fatal(err)
		}
	}
	c.mustFeed(nil)
	c.wantNumbers(8000, func(i int) string { return fmt.Sprint("ROW ", i) })
	if n := strings.Count(c.log.String(), "Python worker died"); n < 2 {
		t.Errorf("%d deaths were logged; log:\n%s", n, c.log)
	}
}

func TestCrashLoop(t *testing.T) {
	const source = `
import os, sys
def f(s, n):
    if n == 3:
        print("about to go", file=sys.stderr, flush=True)
        os._exit(9)
    return s
`
	c := newCall(t, pairSpec(source, types.String()))
	err := c.feed(pairs(10, 1))
	var crash *CrashError
	if !errors.As(err, &crash) || crash.Deaths != maxDeaths || crash.ExitCode() != 13 {
		t.Fatalf("got %v", err)
	}
	expect.Contains(t, err.Error(), "f died 3 times", "exit status 9", "about to go")
	if len(c.out.rows) != 3 {
		t.Errorf("%d rows came out, want the 3 before the fatal one", len(c.out.rows))
	}
}

// TestBrokenPackages: a worker that cannot run isn't tried again and again.
func TestBrokenPackages(t *testing.T) {
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "pyarrow.py"), []byte("raise ImportError('libarrow is missing')"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PYTHONPATH", broken)
	c := prepareCall(t, pairSpec(upperSource, types.String()))
	err := c.op.Open(t.Context())
	var setup *python.SetupError
	if !errors.As(err, &setup) {
		t.Fatalf("got %v", err)
	}
	expect.Contains(t, err.Error(), "exit status 1", "ImportError: libarrow is missing")
}

// TestNoInterpreter: what isn't there can't be closed, but told.
func TestNoInterpreter(t *testing.T) {
	c := prepareCall(t, pairSpec(upperSource, types.String()), "python.executable", "/nonexistent/python")
	err := c.op.Open(t.Context())
	var setup *python.SetupError
	if !errors.As(err, &setup) {
		t.Fatalf("got %v", err)
	}
	expect.Contains(t, err.Error(), "/nonexistent/python")
}

func TestHang(t *testing.T) {
	const source = "import threading\ndef f(s, n):\n    threading.Event().wait()  # for ever\n"
	c := newCall(t, pairSpec(source, types.String()), "python.udf.timeout", "400 ms")
	pid := c.op.session.w.process.pid
	err := c.feed(pairs(10, 1))
	var hang *HangError
	if !errors.As(err, &hang) || hang.ExitCode() != 13 {
		t.Fatalf("got %v", err)
	}
	expect.Contains(t, err.Error(), "function f made no progress for 400ms (python.udf.timeout)",
		`File "job.py", line 3, in f`, "threading.Event().wait()  # for ever")
	if err := c.op.Close(); err != nil {
		t.Fatal(err)
	}
	wantGone(t, pid)
}

// TestProgress: a request may take longer than the timeout as long as its rows
// go on.
func TestProgress(t *testing.T) {
	for _, concurrency := range []string{"1", "2"} {
		c := newCall(t, pairSpec("import time\ndef f(s, n):\n    time.sleep(0.25)\n    return s.upper()", types.String()),
			"python.udf.timeout", "3 s", "python.udf.concurrency", concurrency)
		c.op.size.rows = 30
		start := time.Now()
		c.mustFeed(pairs(30, 30))
		c.wantNumbers(30, func(i int) string { return fmt.Sprint("ROW ", i) })
		if took := time.Since(start); took < 3*time.Second {
			t.Errorf("the rows took %s, less than the timeout", took)
		}
	}
}

// TestSignals: no signal becomes data through a bare except.
func TestSignals(t *testing.T) {
	const source = `
import time
def f(s, n):
    try:
        time.sleep(0.02)
        return "calm"
    except:
        return "interrupted"
`
	c := newCall(t, pairSpec(source, types.String()))
	pid := c.op.session.w.process.pid
	if sid, err := unix.Getsid(pid); err != nil || sid != pid {
		t.Errorf("the worker %d is in session %d, %v", pid, sid, err)
	}
	for _, b := range pairs(60, 10) {
		for _, sig := range []unix.Signal{unix.SIGINT, unix.SIGTERM} {
			if err := unix.Kill(-pid, sig); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.op.Process(b); err != nil {
			t.Fatal(err)
		}
		n := len(c.out.rows)
		if err := c.until(func() bool { return len(c.out.rows) > n }); err != nil {
			t.Fatal(err)
		}
	}
	c.mustFeed(nil)
	c.wantNumbers(60, func(int) string { return "calm" })
	if strings.Contains(c.log.String(), "died") {
		t.Errorf("a signal killed the worker; log:\n%s", c.log)
	}
}

// beKilled opens a call, tells the worker's pid and keeps it busy.
func beKilled() {
	t := newTask(nil)
	spec := pairSpec("import time\ndef f(s, n):\n    time.sleep(3600)", types.String())
	op, err := NewCall(t.sub, NewPool(python.Config{Timeout: time.Hour, Concurrency: 1}, "", t.sub.Log), spec, pairCodec, &counter[pair]{})
	if err == nil {
		err = op.Open(context.Background())
	}
	if err == nil {
		err = op.Process(pairs(1, 1)[0])
	}
	if err != nil {
		panic(err)
	}
	fmt.Println(op.session.w.process.pid)
	select {}
}

// TestNoOrphan: the worker ends with the binary even while a function runs.
func TestNoOrphan(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), childVariable+"=1", "TMPDIR="+t.TempDir())
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		child.Process.Kill()
		t.Fatalf("the child says %q", line)
	}
	child.Process.Kill()
	child.Wait()
	wantGone(t, pid)
}

// wantGone waits for a process to end.
func wantGone(t *testing.T, pid int) {
	t.Helper()
	for range 6000 {
		stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %d is still there", pid)
}
