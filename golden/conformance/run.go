package conformance

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// outcome is what one run of a binary left.
type outcome struct {
	code           int
	stdout, stderr string
	hung           bool
}

// run starts a job with arguments in a folder of its own and waits for its end,
// at most for limit.
func run(ctx context.Context, limit time.Duration, binary string, args ...string) (outcome, error) {
	dir, err := os.MkdirTemp("", "pyfc-case-")
	if err != nil {
		return outcome{}, err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, append(args, "--parallelism", "1", "--checkpoint-dir", filepath.Join(dir, "checkpoints"))...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	out := outcome{stdout: stdout.String(), stderr: stderr.String(), hung: ctx.Err() != nil}
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) && !out.hung {
		return out, err
	}
	if cmd.ProcessState != nil {
		out.code = cmd.ProcessState.ExitCode()
	}
	reports, err := filepath.Glob(filepath.Join(dir, "pyfc-report-*"))
	for _, r := range reports { // of internal errors
		text, err := os.ReadFile(r)
		if err != nil {
			return out, err
		}
		out.stderr += string(text)
	}
	return out, err
}
