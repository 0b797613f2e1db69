package udfbridge

import (
	"fmt"
	"strings"
	"time"

	"pyfc/udfbridge/udfpb"
)

// The errors of the bridge. Each tells the exit code of a process that fails
// with it: 10 the user must change something, 12 a worker is out of reach, 13
// the job failed on data.

// UnreachableError says that the worker at an address doesn't answer.
type UnreachableError struct {
	Address string
	Err     error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("Python worker at %s is unreachable: %v", e.Address, e.Err)
}

// Unwrap returns the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }

// ExitCode implements the process's exit class.
func (e *UnreachableError) ExitCode() int { return 12 }

// FunctionError is an exception that a Python function raised, or a result of
// it that doesn't fit its type.
type FunctionError struct {
	Function  string
	Arguments string // Python repr of the row's arguments; empty outside of calls
	Type      string // of the exception
	Message   string
	Traceback string // as Python prints it
}

func newFunctionError(f *udfpb.Failure) *FunctionError {
	return &FunctionError{f.Function, f.Arguments, f.Type, f.Message, f.Traceback}
}

func (e *FunctionError) Error() string {
	var b strings.Builder
	b.WriteString("Python function")
	if e.Function != "" {
		b.WriteString(" " + e.Function)
	}
	if e.Arguments != "" {
		b.WriteString(" called with " + e.Arguments)
	}
	b.WriteString(" failed: " + e.Type)
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.Traceback != "" {
		b.WriteString("\n" + e.Traceback)
	}
	return b.String()
}

// ExitCode implements the process's exit class.
func (e *FunctionError) ExitCode() int { return 13 }

// HangError says that functions made no progress for python.udf.timeout.
type HangError struct {
	Functions string
	Timeout   time.Duration
	Stack     string // Python stack of the worker at that time, if it could tell
}

func (e *HangError) Error() string {
	s := fmt.Sprintf("Python function %s made no progress for %s (python.udf.timeout); its worker was stopped", e.Functions, e.Timeout)
	if e.Stack != "" {
		s += ". It was at\n" + e.Stack
	}
	return s
}

// ExitCode implements the process's exit class.
func (e *HangError) ExitCode() int { return 13 }

// CrashError says that workers died again and again without answering a batch.
type CrashError struct {
	Functions string
	Deaths    int
	Err       error // how the last one ended, with what it printed
}

func (e *CrashError) Error() string {
	return fmt.Sprintf("Python worker of %s died %d times in a row without answering: %v", e.Functions, e.Deaths, e.Err)
}

// Unwrap returns the cause.
func (e *CrashError) Unwrap() error { return e.Err }

// ExitCode implements the process's exit class.
func (e *CrashError) ExitCode() int { return 13 }
