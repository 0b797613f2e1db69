// Package services starts the real servers that tests need (Kafka, MariaDB,
// PostgreSQL) on free loopback ports and ends them with the test. Only tests
// and benchmarks import it.
package services

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"pyfc/rt/cachedir"
)

// Need skips the test when a program that a service needs isn't installed, or
// fails it where CI is set: there nothing may be skipped.
func Need(t testing.TB, service string, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			Missing(t, "%s needs the program %s, which isn't installed", service, p)
		}
	}
}

// Missing skips the test, in one line that says why, or fails it where CI is
// set.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	why := fmt.Sprintf(format, args...)
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip("skipped: " + why)
}

// Python returns a CPython 3.11, whose answers are the standard; see Missing.
func Python(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"python3.11", "python3"} {
		out, err := exec.Command(name, "-c", "import sys; print(sys.version_info[:2])").Output()
		if err == nil && strings.TrimSpace(string(out)) == "(3, 11)" {
			return name
		}
	}
	Missing(t, "CPython 3.11 is not installed")
	return ""
}

// CacheDir returns a folder of the given name for what services download once, in
// pyfc's cache.
func CacheDir(t testing.TB, name string) string {
	t.Helper()
	dir, err := cachedir.Make(name)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// FreePort returns a loopback TCP port that nothing listens on. It is the test's
// until its end: no other process that asks here gets it, and it isn't among the
// ports that Linux hands out to listeners and connections that name none.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 1000 {
		port := 10_000 + rand.IntN(20_000)
		mark, err := net.Listen("unix", fmt.Sprintf("@pyfc-port-%d", port)) // gone with the process, if not before
		if err != nil {
			continue
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			mark.Close()
			continue
		}
		l.Close()
		t.Cleanup(func() { mark.Close() })
		return port
	}
	t.Fatal("no port is free")
	return 0
}

// patience is how long a server may take to start, to end or to answer, whatever
// else the machine does: what takes longer hangs.
const patience = 5 * time.Minute

// Process is a server's process, in a process group of its own.
type Process struct {
	cmd    *exec.Cmd
	log    string
	exited chan struct{}
}

// StartProcess starts cmd with its output appended to the file log. The kernel
// kills it when the test process ends without having stopped it.
func StartProcess(t testing.TB, cmd *exec.Cmd, log string) *Process {
	t.Helper()
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	p := &Process{cmd: cmd, log: log, exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The death signal comes when the thread that started the process
		// ends, so that thread stays this goroutine's own; given back, it doesn't
		// end, for other processes may have been started from it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // the status of a server that is told to end says nothing
			close(p.exited)
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	return p
}

// Stop asks the process group to end, and kills it after a minute.
func (p *Process) Stop() {
	p.signal(syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(time.Minute):
		p.Kill()
	}
}

// Kill ends the process group at once, as a crash would.
func (p *Process) Kill() {
	p.signal(syscall.SIGKILL)
	<-p.exited
}

func (p *Process) signal(s syscall.Signal) {
	select {
	case <-p.exited: // its number may belong to another process by now
	default:
		_ = syscall.Kill(-p.cmd.Process.Pid, s)
	}
}

// Wait polls ready until it returns nil. The test fails, with the end of the
// log, when the process ends first or it takes too long.
func (p *Process) Wait(t testing.TB, ready func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		err := ready(ctx)
		if err == nil {
			return
		}
		select {
		case <-p.exited:
			t.Fatalf("%s ended before it was ready: %v\n%s", p.cmd.Path, err, tail(p.log))
		case <-ctx.Done():
			p.Kill()
			t.Fatalf("%s is not ready after %v: %v\n%s", p.cmd.Path, patience, err, tail(p.log))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// tail returns the last 4 KiB of a file.
func tail(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(data[max(0, len(data)-4096):])
}

// lock takes an advisory lock on a file, so that test processes that run at
// the same time fill a cache only once, and returns its release.
func lock(t testing.TB, path string) (unlock func()) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() { f.Close() }
}
