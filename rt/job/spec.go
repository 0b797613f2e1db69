// Package job is the main program of every generated binary: its command line,
// the values that are bound at start, checkpoints, signals and exit codes.
package job

import (
	"io"
	"log/slog"
	"slices"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Spec is what generated code says of its job.
type Spec struct {
	Name   string
	Script string // the script's file name, for messages
	// Plan is the text of the optimised plan; Fingerprint names it, so that
	// state of another plan is never taken for this one's.
	Plan        string
	Fingerprint string
	// Steps are what the driver did, in order.
	Steps  []Step
	Tables []Table
	// Config are the settings of the script and of the build.
	Config []Setting
	// Inputs are the values from outside that the script reads.
	Inputs []Input
	// Arguments are the names of the options that the script itself declares;
	// an own option of the same name becomes --pyfc-NAME.
	Arguments []string
	// Requirements are the packages that the Python worker needs.
	Requirements []string
	// Python are values for the Python code, by module and name.
	Python []Setting
	// ExtraArguments says that the script takes options that it doesn't
	// declare (parse_known_args); otherwise they are refused.
	ExtraArguments bool
	// Driver is set where the script runs beside the job.
	Driver *Driver
	// Exit is the exit code when all steps succeed: the driver's sys.exit.
	Exit int
}

// Step is one step of the driver: a text for standard output, or standard
// error, written as it is; or a set of pipelines to run.
type Step struct {
	Print  Text
	Stderr bool
	Run    *Run
}

// Run is one submission.
type Run struct {
	Name string
	// Batch jobs keep no checkpoints.
	Batch bool
	// Result says that the driver gets what it gives, or the user sees it: it is
	// read anew by a driver that starts again, and keeps no checkpoints.
	Result bool
	// Session is what the run's functions know; Main fills it.
	Session *val.Session
	// Config are the settings that hold for it, where those are not the job's: a
	// script may change them between what it submits.
	Config []Setting
	// Build wires the dataflow.
	Build func(g *stream.Graph, env *Env) error
}

// checkpoints reports whether the run keeps checkpoints.
func (r *Run) checkpoints(s *Spec) bool { return !r.Batch && (s.Driver == nil || !r.Result) }

// Env is what generated wiring gets from the start of the process.
type Env struct {
	// Tables are the tables by their position in Spec.Tables, with their
	// options resolved.
	Tables []conn.Table
	// Config is the effective configuration.
	Config map[string]string
	// Python are the resolved values of Spec.Python.
	Python map[string]string
	// Requirements are the spec's.
	Requirements []string
	Log          *slog.Logger
}

// writing is the environment of a submission that writes its rows to the driver.
func (e *Env) writing(rows io.Writer) *Env {
	if rows == nil {
		return e
	}
	own := *e
	own.Tables = slices.Clone(e.Tables)
	for i := range own.Tables {
		own.Tables[i].Rows = rows
	}
	return &own
}

// Table is a table whose options may have parts that are bound at start.
type Table struct {
	conn.Table // Options is nil
	Bound      []Setting
}

// Setting is one key with its value.
type Setting struct {
	Key   string
	Value Text
}

// Text is a string whose parts may be bound at start.
type Text []Part

// Part is a literal or an input's value after the operations in Apply.
type Part struct {
	Literal string
	Input   string // "env NAME" or "argument --NAME"; empty for a literal
	Apply   []Op
}

// Op is one operation on an input's value: "lower", "upper", "strip", "int",
// "or" with what stands for a value that is empty or missing, "replace" with two
// arguments, "join_path" with the folders before it, "append_path" with what
// follows it.
type Op struct {
	Name string
	Args []string
}

// Input is one value from outside.
type Input struct {
	Kind string // "env" or "argument"
	// Name is the variable, the option as the script declares it ("--topic"),
	// or the position of an argument, from 1.
	Name string
	// Aliases are the option's other spellings, such as "-t".
	Aliases []string
	// Constant is what an option that takes no value sets; empty for others.
	Constant   string
	Default    string
	HasDefault bool
	// Optional inputs may be missing where no text needs them.
	Optional bool
	// Baked says that Value shaped the plan: a run with another one is
	// refused.
	Baked bool
	Value string
	// Absent says of a baked input that the build took it for missing: a run
	// with any value is refused.
	Absent bool
	Where  string // the line of the script that reads it
}
