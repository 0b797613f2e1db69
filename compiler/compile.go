// Package compiler runs the stages that turn a PyFlink script into generated
// Go: front end, optimiser, code generator. Each stage's result can be shown.
package compiler

import (
	"fmt"
	"strings"

	"pyfc/codegen"
	"pyfc/codegen/gobuild"
	"pyfc/compiler/pyflink"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
)

// Request is what the user asks to compile.
type Request = pyflink.Options

// Result is what the stages made, as far as they came.
type Result struct {
	Request Request
	Script  *pyflink.Result
	Job     *ir.Job
	// Bound are the plans of all sinks before the optimiser, Plans after it,
	// in order; Trace has a line of text for each pass that changed something.
	Bound []string
	Plans []string
	Trace []Trace
	Files gobuild.Files
	Diags diag.List
}

// Trace is the plan of one sink after a pass that changed it.
type Trace struct {
	Sink string
	Pass string
	Plan string
}

type stage struct {
	name string
	run  func(*Request, *Result) error
}

// stages are run in this order; each stops the compilation when it leaves an
// error.
var stages = []stage{
	{"script", evaluate},
	{"opt", optimise},
	{"codegen", generate},
}

// Compile runs all stages. The user's faults are in the result's diagnostics,
// and pyfc's own too, under the code InternalError.
func Compile(req Request) *Result {
	res := &Result{Request: req}
	run(stages, res)
	return res
}

// Bind runs the front end alone: the result's job has its plans as the script
// says them.
func Bind(req Request) *Result {
	res := &Result{Request: req}
	run(stages[:1], res)
	return res
}

// CompileJob runs the stages behind the front end for a job that another one
// has bound, whose diagnostics it is given.
func CompileJob(job *ir.Job, found diag.List) *Result {
	res := &Result{Request: Request{Script: job.Script}, Job: job, Diags: found}
	if !res.Diags.HasErrors() {
		run(stages[1:], res)
	}
	return res
}

func run(list []stage, res *Result) {
	for _, s := range list {
		if err := guard(s.run, &res.Request, res); err != nil {
			res.Diags.Add(diag.New(diag.InternalError, diag.Pos{File: res.Request.Script}, "stage %s: %v", s.name, err).
				WithHint("this is a fault of pyfc; please report it with the script"))
		}
		if res.Diags.HasErrors() {
			break
		}
	}
	res.nameScript()
}

// nameScript puts the script's name into the build lines that hints give, which
// are written for a job.py.
func (r *Result) nameScript() {
	for _, d := range r.Diags.Sorted() {
		d.Hint = strings.ReplaceAll(d.Hint, "pyfc build job.py", "pyfc build "+r.Request.Script)
	}
}

// guard turns a panic of a stage into an error: the user never sees a stack
// trace of the compiler for a mistake in a script.
func guard(run func(*Request, *Result) error, req *Request, res *Result) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
			if PanicHook != nil {
				PanicHook(p)
			}
		}
	}()
	return run(req, res)
}

// PanicHook, if set, is called with what a stage panicked with, while the
// stack is still there; for reports.
var PanicHook func(p any)

// Verdict is the answer of `pyfc check`: the worst of the diagnostics.
func (r *Result) Verdict() diag.Verdict {
	worst := diag.Plan
	for _, d := range r.Diags.Sorted() {
		if info := d.Code.Info(); info.Severity == diag.Error {
			worst = max(worst, info.Verdict)
		}
	}
	return worst
}

func evaluate(req *Request, res *Result) error {
	script, err := pyflink.Run(*req)
	if err != nil {
		return err
	}
	res.Script, res.Job = script, script.Job
	for _, d := range script.Diags {
		res.Diags.Add(d)
	}
	return nil
}

func optimise(_ *Request, res *Result) error {
	c := &opt.Context{Diags: &res.Diags}
	for _, a := range res.Job.Actions {
		if a.Run == nil {
			continue
		}
		c.Batch, c.Config = a.Run.Batch, a.Run.Config
		last := map[*ir.Sink]string{}
		for _, s := range a.Run.Sinks {
			last[s] = ir.Print(s)
			res.Bound = append(res.Bound, last[s])
		}
		err := opt.Run(a.Run.Sinks, c, func(pass string, s *ir.Sink) {
			if now := ir.Print(s); now != last[s] {
				res.Trace = append(res.Trace, Trace{s.Table.Name, pass, now})
				last[s] = now
			}
		})
		if err != nil {
			return err
		}
		for _, s := range a.Run.Sinks {
			res.Plans = append(res.Plans, last[s])
		}
	}
	return nil
}

func generate(_ *Request, res *Result) error {
	files, err := codegen.Generate(res.Job, &res.Diags)
	res.Files = files
	return err
}
