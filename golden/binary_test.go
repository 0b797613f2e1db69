package golden

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"pyfc/golden/multicall"
)

// build links jobs into one executable.
func build(t testing.TB, p *multicall.Binary) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "jobs")
	if err := p.Build(out); err != nil {
		t.Fatal(err)
	}
	for _, text := range p.Broken {
		t.Fatal(text)
	}
	return out
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
