package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"pyfc/golden/oracle/pyflink"
)

// parallelism of every side; the scripts set it too.
const parallelism = "2"

// runJob runs one side once, into an empty table, and checks the result.
func (b *bench) runJob(job string, in *input, cmd *exec.Cmd) (usage, error) {
	if err := b.clear(); err != nil {
		return usage{}, err
	}
	return b.execute(job, in, cmd)
}

func (b *bench) execute(job string, in *input, cmd *exec.Cmd) (usage, error) {
	dir, err := os.MkdirTemp(b.dir, "run")
	if err != nil {
		return usage{}, err
	}
	cmd.Dir = dir
	u, _, err := measure(b.ctx, cmd, dir)
	if err == nil {
		err = b.verify(in.wanted(job))
	}
	return u, errors.Join(err, os.RemoveAll(dir))
}

// compile builds a job's binary by pyfc and returns the CPU time it took.
func (b *bench) compile(script, out string) (time.Duration, error) {
	cmd := exec.CommandContext(b.ctx, b.programs.pyfc, "build", script, "-o", out)
	if output, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("pyfc build %s: %w\n%s", script, err, output)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

// binary returns a job's binary, built when it is first needed.
func (b *bench) binary(job string) (string, error) {
	out := filepath.Join(b.dir, "job-"+job)
	if _, err := os.Stat(out); err == nil {
		return out, nil
	}
	_, err := b.compile(b.script(job), out)
	return out, err
}

// pyfc is the command that runs a job's binary, with what its script reads of
// the environment. Its defaults hold: checkpoints
// every ten seconds, no cache of results, one call at a time.
func (b *bench) pyfc(job string, env ...string) (*exec.Cmd, error) {
	binary, err := b.binary(job)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(binary, "--parallelism", parallelism)
	cmd.Env = environment(env...)
	return cmd, nil
}

// runHandwritten runs the hand-written program and checks what it printed.
func (b *bench) runHandwritten(in *input) (usage, error) {
	dir, err := os.MkdirTemp(b.dir, "run")
	if err != nil {
		return usage{}, err
	}
	cmd := exec.Command(b.programs.handwritten, b.kafka.Addr(), in.topic)
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+parallelism)
	u, out, err := measure(b.ctx, cmd, dir)
	if err != nil {
		return u, err
	}
	got, err := parseResults(out)
	if err == nil {
		err = in.byURI.compare(got)
	}
	return u, errors.Join(err, os.RemoveAll(dir))
}

// pyflink is the command that runs a job's script in PyFlink, with what it reads
// of the environment.
func (b *bench) pyflink(job string, env ...string) (*exec.Cmd, error) {
	if b.flink == nil {
		b.flink = pyflink.Install(b.Host, "flink-connectors-2-"+pyflink.Version, pyflink.Connectors...)
	}
	cmd := b.flink.Command(b.ctx, b.script(job))
	cmd.Env = withoutProxies(append(cmd.Env, env...))
	return cmd, nil
}
