package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"pyfc/golden/oracle/pyflink"
	"pyfc/golden/services"
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

// flink is an installed PyFlink with the connectors that the jobs need in its
// lib folder.
type flink struct {
	python, home, lib, logs string
}

// connectors are the releases for Flink 1.20, or the newest that run on it.
var connectors = []string{
	"org.apache.flink:flink-connector-kafka:3.3.0-1.20",
	"org.apache.flink:flink-connector-base:" + pyflink.Version,
	"org.apache.kafka:kafka-clients:3.4.0",
	"org.apache.flink:flink-connector-jdbc:3.2.0-1.19",
	"com.mysql:mysql-connector-j:8.4.0",
}

// pyflink is the command that runs a job's script in PyFlink, with what it reads
// of the environment.
func (b *bench) pyflink(job string, env ...string) (*exec.Cmd, error) {
	if b.flink == nil {
		f, err := b.installFlink()
		if err != nil {
			return nil, err
		}
		b.flink = f
	}
	cmd := exec.Command(b.flink.python, b.script(job))
	// As in an activated environment: Flink starts its workers by "python".
	path := "PATH=" + filepath.Dir(b.flink.python) + string(os.PathListSeparator) + os.Getenv("PATH")
	cmd.Env = append(environment(env...), path,
		"FLINK_HOME="+b.flink.home, "FLINK_LIB_DIR="+b.flink.lib, "FLINK_LOG_DIR="+b.flink.logs)
	return cmd, nil
}

func (b *bench) installFlink() (*flink, error) {
	services.Need(b.host, "PyFlink", "java")
	python, err := pyflink.Python()
	if err != nil {
		return nil, err
	}
	home, err := exec.CommandContext(b.ctx, python, "-c", "import pyflink, os; print(os.path.dirname(pyflink.__file__))").Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", python, err)
	}
	f := &flink{
		python: python, home: strings.TrimSpace(string(home)),
		lib: filepath.Join(b.dir, "flink-lib"), logs: filepath.Join(b.dir, "flink-log"),
	}
	if err := errors.Join(os.Mkdir(f.lib, 0o755), os.Mkdir(f.logs, 0o755)); err != nil {
		return nil, err
	}
	folders := []string{
		filepath.Join(f.home, "lib"),
		services.MavenJars(b.host, "flink-connectors-"+pyflink.Version, connectors...),
	}
	for _, dir := range folders {
		jars, err := filepath.Glob(filepath.Join(dir, "*.jar"))
		if err != nil {
			return nil, err
		}
		for _, jar := range jars {
			if strings.HasPrefix(filepath.Base(jar), "slf4j-api") {
				continue // Flink has its own
			}
			if err := os.Symlink(jar, filepath.Join(f.lib, filepath.Base(jar))); err != nil {
				return nil, err
			}
		}
	}
	return f, nil
}
