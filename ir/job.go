package ir

import "pyfc/ir/diag"

// Job is everything that one script submits, as the front end leaves it and
// the back end takes it.
type Job struct {
	Name   string
	Script string // the script's file name as given
	// Actions are what the driver does, in order: print, run pipelines.
	Actions []Action
	// Config has the settings of the script and of the command line, as they are
	// at its end.
	Config []Setting
	// Files travel with the binary for the Python worker.
	Files []File
	// Requirements are the lines of requirements files for the worker.
	Requirements []string
	Inputs       []BoundInput
	// Arguments are the option names that the script itself declares.
	Arguments []string
	// Exit is the exit code when all actions succeed: the driver's sys.exit.
	Exit int
	// ExtraArguments says that it takes others too.
	ExtraArguments bool
	// Driver is set where the script runs beside the job. The actions then are
	// submissions alone, made when the driver asks for them.
	Driver *Driver
}

// Action is one step of the driver.
type Action struct {
	// Print is text for standard output; Run is a set of sinks that one
	// submission writes. Exactly one is set.
	Print Text
	// Stderr sends Print to standard error instead.
	Stderr bool
	Run    *Submission
}

// Submission is one execute: sinks that run as one job.
type Submission struct {
	Name  string
	Sinks []*Sink
	// Batch says that the runtime mode is BATCH.
	Batch bool
	// Config has the settings that hold for it: a script may change them between
	// what it submits.
	Config []Setting
	Pos    diag.Pos
}

// Setting is one configuration entry.
type Setting struct {
	Key   string
	Value Text
	Pos   diag.Pos
}

// File is a file that travels with the binary.
type File struct {
	Path string // relative, as the worker sees it
	Data []byte
}

// BoundInput is an input of the plan that the build was given: a run with
// another value is refused.
type BoundInput struct {
	Input Input
	Value string
	// Baked says that the value shaped the plan; otherwise it is resolved at
	// start.
	Baked bool
	// Absent says of a baked input that the build took it for missing.
	Absent bool
}

// Sinks returns all sinks of all submissions in order.
func (j *Job) Sinks() []*Sink {
	var out []*Sink
	for _, a := range j.Actions {
		if a.Run != nil {
			out = append(out, a.Run.Sinks...)
		}
	}
	return out
}

// UDFs returns the Python functions that the job calls, in order of first
// use.
func (j *Job) UDFs() []*UDF {
	seen := map[*UDF]bool{}
	var out []*UDF
	for _, s := range j.Sinks() {
		Walk(s, func(r Rel) {
			for _, u := range UDFsOf(r) {
				if !seen[u] {
					seen[u] = true
					out = append(out, u)
				}
			}
		})
	}
	return out
}

// UDFsOf returns the Python functions that a relation calls itself, in order,
// once for each call.
func UDFsOf(r Rel) []*UDF {
	var out []*UDF
	for _, e := range r.Exprs() {
		WalkExpr(e, func(e Expr) {
			if c, ok := e.(*UDFCall); ok {
				out = append(out, c.UDF)
			}
		})
	}
	switch r := r.(type) {
	case *Bridge:
		for _, c := range r.Calls {
			out = append(out, c.UDF)
		}
	case *Aggregate:
		for _, c := range r.Calls {
			if c.UDF != nil {
				out = append(out, c.UDF)
			}
		}
	}
	return out
}
