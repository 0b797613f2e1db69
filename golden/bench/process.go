package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// sampleEvery is the time between two looks at a process tree. A look at
	// a JVM takes about 2 ms.
	sampleEvery = 100 * time.Millisecond
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

// measure runs a command to its end and returns its standard output. All its
// descendants count, and are gone when it returns. Outputs go through files in
// dir, so that nobody has to read them meanwhile.
func measure(ctx context.Context, cmd *exec.Cmd, dir string) (u usage, stdout string, err error) {
	ctx, cancel := context.WithTimeout(ctx, runLimit)
	defer cancel()
	out, err := os.Create(filepath.Join(dir, "stdout"))
	if err != nil {
		return u, "", err
	}
	defer out.Close()
	log, err := os.Create(filepath.Join(dir, "stderr"))
	if err != nil {
		return u, "", err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = out, log
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return u, "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t := tree{root: cmd.Process.Pid, cpu: map[process]time.Duration{}}
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for running := true; running; {
		select {
		case <-tick.C:
			t.sample()
		case <-ctx.Done():
			_ = cmd.Process.Kill() // it may just have ended
			err = errors.Join(ctx.Err(), <-ended)
			running = false
		case err = <-ended:
			running = false
		}
	}
	u.wall = time.Since(start)
	t.end()
	// What the process itself waited for is exact; of others the last sample
	// counts.
	exact := cmd.ProcessState
	u.cpu = max(t.total(), exact.UserTime()+exact.SystemTime())
	u.rss = max(t.peak, exact.SysUsage().(*syscall.Rusage).Maxrss<<10)
	text, readErr := os.ReadFile(out.Name())
	if err != nil {
		messages, _ := os.ReadFile(log.Name()) // only explains err
		return u, "", fmt.Errorf("%s: %w\n%s%s", strings.Join(cmd.Args, " "), err, tail(text), tail(messages))
	}
	return u, string(text), readErr
}

// tail is the end of an output, for a message.
func tail(out []byte) []byte { return out[max(0, len(out)-4000):] }

// process names a process for good: its number may be given again.
type process struct {
	pid     int
	started int64
}

// tree watches a process and all that descend from it, also those whose parent
// has ended.
type tree struct {
	root int
	cpu  map[process]time.Duration // of every process seen, up to the last look
	peak int64                     // bytes
}

// sample looks at all processes once.
func (t *tree) sample() {
	live := map[int]bool{}
	t.visit(t.root, live)
	for p := range t.cpu {
		if stat, err := readStat(p.pid); err == nil && stat.started == p.started && !live[p.pid] {
			t.visit(p.pid, live) // its parent has ended
		}
	}
	var sum int64
	for pid := range live {
		if stat, err := readStat(pid); err == nil {
			t.cpu[process{pid, stat.started}] = stat.cpu
			sum += stat.rss
		}
	}
	t.peak = max(t.peak, sum)
}

// visit marks a process and its descendants.
func (t *tree) visit(pid int, live map[int]bool) {
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return // it has ended
	}
	live[pid] = true
	for _, task := range tasks {
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, task.Name()))
		if err != nil {
			continue // the thread has ended
		}
		for _, field := range strings.Fields(string(children)) {
			if child, err := strconv.Atoi(field); err == nil && !live[child] {
				t.visit(child, live)
			}
		}
	}
}

func (t *tree) total() (sum time.Duration) {
	for _, cpu := range t.cpu {
		sum += cpu
	}
	return sum
}

// end waits until the descendants have ended too, and kills those that stay.
func (t *tree) end() {
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(sampleEvery) {
		left := 0
		for p := range t.cpu {
			stat, err := readStat(p.pid)
			if err != nil || stat.started != p.started || stat.zombie {
				continue
			}
			left++
			t.cpu[p] = stat.cpu
			if time.Now().After(deadline) {
				_ = syscall.Kill(p.pid, syscall.SIGKILL) // it may just have ended
			}
		}
		if left == 0 {
			return
		}
	}
}

// stat is what /proc/PID/stat tells.
type stat struct {
	zombie  bool
	cpu     time.Duration
	started int64 // clock ticks since boot
	rss     int64 // bytes
}

func readStat(pid int) (stat, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, err
	}
	// The second field is the program's name in parentheses.
	_, rest, _ := strings.Cut(string(data), ") ")
	f := strings.Fields(rest)
	if len(f) < 22 {
		return stat{}, fmt.Errorf("/proc/%d/stat is cut off", pid)
	}
	number := func(i int) int64 {
		n, parseErr := strconv.ParseInt(f[i-3], 10, 64) // fields are counted from 1, and two are cut off
		err = errors.Join(err, parseErr)
		return n
	}
	s := stat{
		zombie:  f[0] == "Z",
		cpu:     time.Duration(number(14)+number(15)) * clockTick,
		started: number(22),
		rss:     number(24) * int64(os.Getpagesize()),
	}
	return s, err
}
