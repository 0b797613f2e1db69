package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// sampleEvery is the time between two looks at a process tree.
	sampleEvery = 50 * time.Millisecond
	// runLimit is how long a run may take before it counts as hung.
	runLimit = 20 * time.Minute
	// clockTick is the unit of CPU time in /proc: USER_HZ, 100 on Linux.
	clockTick = 10 * time.Millisecond
)

// usage is what a process and its descendants took.
type usage struct {
	wall time.Duration // from start to the end of the process itself
	cpu  time.Duration // user and system time of all of them
	rss  int64         // peak of the sum of their resident memory, in bytes
}

// measure runs a command to its end. Its descendants count, and are gone when
// it returns.
func measure(ctx context.Context, cmd *exec.Cmd) (usage, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, runLimit)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second // a descendant may hold its output open
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return usage{}, nil, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	t := tree{root: cmd.Process.Pid, seen: map[process]time.Duration{}}
	var u usage
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		var err error
		select {
		case <-tick.C:
			t.sample(&u)
			continue
		case <-ctx.Done():
			err = ctx.Err()
			t.end()
			<-done
		case err = <-done:
			u.wall = time.Since(start)
			t.end()
		}
		if errors.Is(err, exec.ErrWaitDelay) {
			err = nil
		}
		// The process itself is known to the last tick.
		t.seen[t.self] = max(t.seen[t.self], cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
		for _, cpu := range t.seen {
			u.cpu += cpu
		}
		if err != nil {
			err = fmt.Errorf("%s: %w\n%s%s", strings.Join(cmd.Args, " "), err, lastLines(stdout.Bytes()), lastLines(stderr.Bytes()))
		}
		return u, stdout.Bytes(), err
	}
}

// lastLines shortens an output for a message.
func lastLines(out []byte) []byte { return out[max(0, len(out)-4000):] }
