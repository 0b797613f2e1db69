package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"

	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
)

// The exit codes of a binary.
const (
	ExitDone        = 0
	ExitMistake     = 10  // the user has to change something
	ExitUnreachable = 12  // a source or sink is unreachable, or the folder locked
	ExitData        = 13  // the job failed on data
	ExitIncomplete  = 15  // stopped before complete
	ExitInternal    = 70  // an error of pyfc
	ExitInterrupted = 130 // a second SIGINT
)

// Mistake is an error that the user can mend. Exit code 10.
type Mistake struct{ Message string }

func (e *Mistake) Error() string { return e.Message }

func mistake(format string, args ...any) error { return &Mistake{fmt.Sprintf(format, args...)} }

// faults collects mistakes, so that all are told at once.
type faults []string

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// err is nil without faults; a single one stands alone.
func (f faults) err(title string) error {
	switch len(f) {
	case 0:
		return nil
	case 1:
		return &Mistake{f[0]}
	}
	return &Mistake{title + ":\n  " + strings.Join(f, "\n  ")}
}

// errIncomplete is the cause of the end when a stop takes too long.
var errIncomplete = errors.New("the final checkpoint didn't complete in time; the next start goes on from the one before")

// exitCode classifies an error. An error that says it itself, by a method
// ExitCode, is taken at its word.
func exitCode(err error) int {
	var coded interface{ ExitCode() int }
	switch {
	case err == nil:
		return ExitDone
	case is[*stream.PanicError](err):
		return ExitInternal
	case errors.As(err, &coded):
		return coded.ExitCode()
	case errors.Is(err, errIncomplete):
		return ExitIncomplete
	case is[*Mistake](err), is[*conn.Misconfigured](err), is[*state.FingerprintError](err), is[*state.FormatError](err),
		is[*state.MissingError](err):
		return ExitMistake
	case is[*state.DamagedError](err): // which may wrap that a file is missing
		return ExitData
	case is[*conn.Unreachable](err), is[*state.LockedError](err), is[*fs.PathError](err), errors.Is(err, context.DeadlineExceeded):
		return ExitUnreachable
	case is[*conn.BadData](err), is[*stream.OperatorError](err):
		return ExitData
	}
	return ExitInternal
}

func is[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// report tells the user why the job failed.
func (p *process) report(err error, code int) {
	if code == ExitInternal {
		err = p.internal(err)
	}
	if p.json {
		p.log.Error("failed", "exit", code, "error", err.Error())
		return
	}
	fmt.Fprintf(p.stderr, "%s: %v\n", p.spec.Script, err)
}

// internal writes what helps to mend pyfc into a file and returns an error
// that names it.
func (p *process) internal(err error) error {
	var crash *stream.PanicError
	var b strings.Builder
	fmt.Fprintf(&b, "job %s of %s, plan %s\n%v\n", p.spec.Name, p.spec.Script, p.spec.Fingerprint, err)
	if errors.As(err, &crash) {
		fmt.Fprintf(&b, "\n%s\n", crash.Stack)
	}
	fmt.Fprintf(&b, "\n%s\n", p.spec.Plan)
	if info, ok := debug.ReadBuildInfo(); ok {
		fmt.Fprintf(&b, "\n%s", info)
	}
	f, ferr := os.CreateTemp("", "pyfc-report-*.txt")
	if ferr == nil {
		_, ferr = f.WriteString(b.String())
		ferr = errors.Join(ferr, f.Close())
	}
	if ferr != nil {
		return fmt.Errorf("internal error of pyfc: %w\n(no report could be written: %v)\n%s", err, ferr, b.String())
	}
	return fmt.Errorf("internal error of pyfc: %w\nplease report it with the file %s", err, f.Name())
}
