package golden

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pyfc/codegen/gobuild"
)

// suite collects generated jobs that are linked into one binary: a Go build
// costs seconds, so cases share it. Each keeps the very package that `pyfc
// build` emits; the first argument chooses the job.
type suite struct {
	files gobuild.Files
	names []string
}

// add takes the files of one job and returns the argument that chooses it.
func (s *suite) add(files gobuild.Files) string {
	if s.files == nil {
		s.files = gobuild.Files{}
	}
	name := fmt.Sprintf("job%03d", len(s.names))
	for file, data := range files {
		if rest, ok := strings.CutPrefix(file, "job/"); ok {
			s.files[path.Join(name, rest)] = data
		}
	}
	s.names = append(s.names, name)
	return name
}

// build links all jobs into one executable.
func (s *suite) build(t testing.TB, tags ...string) string {
	t.Helper()
	return s.start(t, tags...)()
}

// start begins to do so; what it returns waits for the end.
func (s *suite) start(t testing.TB, tags ...string) func() string {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n\t\"os\"\n\n\t\"pyfc/rt/job\"\n")
	for _, n := range s.names {
		fmt.Fprintf(&b, "\t%s \"pyfcjob/%s\"\n", n, n)
	}
	b.WriteString(")\n\nvar jobs = map[string]func() *job.Spec{\n")
	for _, n := range s.names {
		fmt.Fprintf(&b, "\t%q: %s.New,\n", n, n)
	}
	b.WriteString("}\n\nfunc main() {\n\tspec := jobs[os.Args[1]]()\n\tos.Args = append(os.Args[:1], os.Args[2:]...)\n\tos.Exit(job.Main(spec))\n}\n")
	s.files["main.go"] = b.Bytes()
	out := filepath.Join(t.TempDir(), "jobs")
	// With tags results are all that counts.
	target := gobuild.Target{Tags: tags, Plain: len(tags) > 0}
	done := make(chan error, 1)
	go func() {
		_, err := gobuild.BuildFor(target, s.files, out)
		done <- err
	}()
	end := sync.OnceValue(func() error { return <-done })
	t.Cleanup(func() { end() }) // before its folder goes
	return func() string {
		t.Helper()
		if err := end(); err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// outcome is what one run of a binary left.
type outcome struct {
	code           int
	stdout, stderr string
}

// runLimit is how long a golden may run before it counts as hung.
const runLimit = 2 * time.Minute

// run starts a binary in dir and waits for its end.
func run(t testing.TB, dir string, env map[string]string, binary string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), runLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir = dir
	cmd.Env = os.Environ()
	for k, v := range env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) || ctx.Err() != nil {
		t.Fatalf("%s %v: %v\n%s", binary, args, errors.Join(err, ctx.Err()), stderr.String())
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}
