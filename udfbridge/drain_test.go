package udfbridge

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"pyfc/internal/expect"
	"pyfc/ir/types"
	"pyfc/udfbridge/udfpb"
)

// wantEnd waits for a draining worker to end by itself.
func (w *externalWorker) wantEnd(t *testing.T) {
	t.Helper()
	w.await(t)
	if !w.cmd.ProcessState.Success() {
		t.Errorf("the worker: %s\n%s", w.cmd.ProcessState, w.stderr)
	}
}

// await waits for the worker to end, or shows where it hangs.
func (w *externalWorker) await(t *testing.T) {
	t.Helper()
	select {
	case <-w.done:
		return
	case <-time.After(time.Minute):
	}
	w.cmd.Process.Signal(unix.SIGABRT) // has faulthandler write all stacks
	select {
	case <-w.done:
	case <-time.After(10 * time.Second):
		w.stop()
	}
	t.Fatalf("the worker doesn't end:\n%s", w.stderr)
}

func (w *externalWorker) terminate(t *testing.T) {
	t.Helper()
	if err := w.cmd.Process.Signal(unix.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// run feeds n rows to a function at the worker and closes it.
func (w *externalWorker) run(t *testing.T, source string, n int, want string) {
	t.Helper()
	c := newCall(t, pairSpec(source, types.String()), "python.worker.address", w.address)
	c.mustFeed(pairs(n, 1))
	c.wantNumbers(n, func(int) string { return want })
	if err := c.op.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestDrainAnyThread: the kernel gives a SIGTERM to any of the worker's threads,
// here to one that isn't Python's main thread.
func TestDrainAnyThread(t *testing.T) {
	w := startExternal(t, t.TempDir(), freePort(t))
	defer w.stop()
	w.run(t, `
import signal, threading
def f(s, n):
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
    return "told"
`, 10, "told")
	w.wantEnd(t)
}

// TestDrainChild: SIGTERM ends a process that a function forks, at once, and
// doesn't drain the worker.
func TestDrainChild(t *testing.T) {
	w := startExternal(t, t.TempDir(), freePort(t))
	defer w.stop()
	for range 2 {
		w.run(t, `
import os, signal, time
def f(s, n):
    child = os.fork()
    if child == 0:
        time.sleep(10)
        os._exit(0)
    os.kill(child, signal.SIGTERM)
    return signal.Signals(os.WTERMSIG(os.waitpid(child, 0)[1])).name
`, 50, "SIGTERM")
	}
	w.terminate(t)
	w.wantEnd(t)
}

// TestDrainFaults: a session ends even if nothing can be said of what its
// functions raise.
func TestDrainFaults(t *testing.T) {
	const source = `
from pyflink.table import DataTypes
from pyflink.table.udf import ScalarFunction, udf

class Mute(Exception):
    def __str__(self):
        raise self

class F(ScalarFunction):
    def eval(self, s, n):
        return s

    def METHOD(self, *args):
        raise Mute("\udc80")

f = udf(F(), result_type=DataTypes.STRING())
`
	w := startExternal(t, t.TempDir(), freePort(t))
	defer w.stop()
	for _, method := range []string{"open", "eval", "close"} {
		source := strings.ReplaceAll(source, "METHOD", method)
		c := prepareCall(t, pairSpec(source, types.String()), "python.worker.address", w.address)
		err := c.op.Open(t.Context())
		if err == nil {
			err = c.feed(pairs(1, 1))
		}
		if e := c.op.Close(); err == nil {
			err = e
		}
		if err == nil {
			t.Fatalf("%s() didn't fail", method)
		}
		expect.Contains(t, err.Error(), "Mute: <Mute, whose str failed: Mute>", "in "+method)
	}
	w.terminate(t)
	w.wantEnd(t)
}

// TestDrainForgotten: a draining worker doesn't wait for clients that have gone
// between Open and their first request.
func TestDrainForgotten(t *testing.T) {
	w := startExternal(t, t.TempDir(), freePort(t), "server.CLAIM = 0.1")
	defer w.stop()
	left := newCall(t, pairSpec(upperSource, types.String()), "python.worker.address", w.address)
	left.op.session.cancel() // as if its process had been killed

	open, _, err := pairSpec(upperSource, types.String()).openRequest([]types.Type{types.String()})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := grpc.NewClient("dns:///"+w.address, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if resp, err := udfpb.NewControlClient(conn).Open(t.Context(), open); err != nil || resp.GetSession() == 0 {
		t.Fatalf("got %v, %v", resp, err)
	}
	w.terminate(t)
	w.wantEnd(t)
}

// TestDrainWaits: a worker doesn't end before a slow close() has, of which the
// end of the session's stream knows nothing.
func TestDrainWaits(t *testing.T) {
	const source = `
import time
from pyflink.table import DataTypes
from pyflink.table.udf import ScalarFunction, udf

class F(ScalarFunction):
    def eval(self, s, n):
        time.sleep(0.3)
        return s

    def close(self):
        time.sleep(1.5)
        raise ValueError("closed")

f = udf(F(), result_type=DataTypes.STRING())
`
	w := startExternal(t, t.TempDir(), freePort(t))
	defer w.stop()
	c := newCall(t, pairSpec(source, types.String()), "python.worker.address", w.address)
	for _, b := range pairs(2, 1) {
		if err := c.op.Process(b); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.op.requests) != 2 {
		t.Fatalf("%d requests are under way", len(c.op.requests))
	}
	w.terminate(t)
	err := c.op.Close()
	if err == nil {
		t.Fatalf("close() didn't come to its end; log:\n%s", c.log)
	}
	expect.Contains(t, err.Error(), "ValueError: closed")
	w.wantEnd(t)
}

// TestDrainLimit: what functions leave behind can't keep the worker.
func TestDrainLimit(t *testing.T) {
	w := startExternal(t, t.TempDir(), freePort(t), "ending.LIMIT = 2")
	defer w.stop()
	w.run(t, `
import sys, threading
class Odd:
    @property
    def __file__(self):
        threading.Event().wait()  # for ever
def f(s, n):
    sys.modules["odd"] = Odd()
    return "left"
`, 1, "left")
	w.terminate(t)
	w.await(t)
	expect.Contains(t, w.stderr.String(), "Timeout", "in __file__", "in remove")
}
