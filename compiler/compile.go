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
	// Plans are those of all sinks behind the optimiser, in order.
	Plans []string
	// Bound are those before it; Trace has the plan behind each pass that changed
	// one. Explain makes them.
	Bound []string
	Trace []Trace
	Files gobuild.Files // Check makes none
	Diags diag.List

	traced bool
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

// Check is Compile without the text of the generated Go.
func Check(req Request) *Result {
	res := &Result{Request: req}
	run(append(stages[:2:2], stage{"codegen", check}), res)
	return res
}

// Explain is Compile with the plans on the way.
func Explain(req Request) *Result {
	res := &Result{Request: req, traced: true}
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
		var trace func(string, *ir.Sink)
		if res.traced {
			trace = res.trace(a.Run.Sinks)
		}
		if err := opt.Run(a.Run.Sinks, c, trace); err != nil {
			return err
		}
		for _, s := range a.Run.Sinks {
			res.Plans = append(res.Plans, ir.Print(s))
		}
	}
	return nil
}

// trace keeps the plans of sinks, and returns what keeps them again behind a pass
// that has changed them.
func (r *Result) trace(sinks []*ir.Sink) func(pass string, s *ir.Sink) {
	last := map[*ir.Sink]string{}
	for _, s := range sinks {
		last[s] = ir.Print(s)
		r.Bound = append(r.Bound, last[s])
	}
	return func(pass string, s *ir.Sink) {
		if now := ir.Print(s); now != last[s] {
			r.Trace = append(r.Trace, Trace{s.Table.Name, pass, now})
			last[s] = now
		}
	}
}

func check(_ *Request, res *Result) error {
	codegen.Check(res.Job, &res.Diags)
	return nil
}

func generate(_ *Request, res *Result) error {
	files, err := codegen.Generate(res.Job, &res.Diags)
	res.Files = files
	return err
}
