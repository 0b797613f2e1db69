package pyflink

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/pyeval/stdlib"
	"pyfc/compiler/pyudf"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// Options are what the user asks to compile, and how.
type Options struct {
	Script string   // path as the user gave it
	Args   []string // the script's arguments; nil leaves them to the start
	// Env are the environment variables that become constants; Files maps a
	// path, as the driver opens it, to the file to read.
	Env   map[string]string
	Files map[string]string
	// Start is the folder that pyfc was started in.
	Start string
	// Config are entries that win over the script's; Set are replacements
	// TABLE.OPTION=VALUE of one WITH option each.
	Config map[string]string
	Set    []string
	// PyFiles, Requirements, Archives and Executable are what flink run takes
	// for the Python worker.
	PyFiles, Requirements, Archives []string
	Executable                      string
	// Recorder, if set, is told each call of the script into the package.
	Recorder func(*pyeval.Thread, pyeval.Record)
	// Again, if set, is called before the script is evaluated once more, as one
	// that CPython runs: what was recorded so far doesn't count.
	Again func()
}

// Result is what evaluating a script gave.
type Result struct {
	// Job is nil when the script couldn't be read.
	Job    *ir.Job
	Diags  []*diag.Diagnostic
	Inputs []*pyeval.Input
	// Files are the files that the script read at build.
	Files []pyeval.FileRead
	// Stopped says what ended the script before its end; empty if nothing did.
	Stopped string
}

// Run evaluates a script and records the job that it describes. The faults of
// the script are in the result; an error is one of pyfc's.
func Run(opts Options) (*Result, error) {
	path, err := filepath.Abs(opts.Script)
	if err != nil {
		return nil, err
	}
	r := newRun(opts, false)
	r.asking = true
	if err := r.evaluate(path); err != nil {
		return nil, err
	}
	if r.asks != nil {
		if opts.Again != nil {
			opts.Again()
		}
		r = drive(opts, r.asks)
		if err := r.evaluate(path); err != nil {
			return nil, err
		}
	}
	in := r.interp
	res := &Result{Job: r.job, Inputs: in.Inputs(), Files: in.FilesRead()}
	if stopped := in.Stopped(); stopped != nil {
		res.Stopped = stopped.Error()
	}
	if in.Main() != nil {
		r.finish()
	}
	var all diag.List
	for _, ds := range [][]*diag.Diagnostic{in.Diagnostics(), r.bound.Sorted(), r.diags} {
		for _, d := range ds {
			if d.Code != diag.UnknownTable || !r.blind {
				all.Add(d)
			}
		}
	}
	res.Diags = summarized(all.Sorted())
	return res, nil
}

// evaluate runs the script, whose absolute path is given.
func (r *run) evaluate(path string) error {
	r.script = path
	for _, assignment := range r.opts.Set {
		r.session.Replace(assignment)
	}
	if err := r.interp.RunFile(r.opts.Script); err != nil && len(r.interp.Diagnostics()) == 0 && r.asks == nil {
		return err
	}
	return nil
}

// run is one evaluation of a script: what its objects record. It is the
// evaluator's Host.
type run struct {
	opts   Options
	script string // absolute path
	interp *pyeval.Interp
	job    *ir.Job
	diags  []*diag.Diagnostic

	environments
	bound    diag.List  // faults of what the sessions bound
	kept     []*ir.Sink // insertions that wait for execute()
	sets     []*statementSet
	queries  []*query // whose result the script has
	stringed int      // tables whose str() was asked for
	jobs     int      // insertions that the script has a handle of
	frames   int      // DataFrames that became tables
	unnamed  int      // tables that descriptors declare without a name
	// shown says that the script asked for a plan, a schema or a list of tables:
	// it has a purpose without a pipeline.
	shown     bool
	explained int // of the insertions kept, those whose plan was asked for
	// blind says that tables may have been defined that the run doesn't know,
	// so that a table isn't called unknown.
	blind bool
	// caught are the faults of statements that the script tries.
	caught refusals

	asking bool       // the run may ask to be CPython's
	asks   *ir.Driver // what makes the script one that computes with rows
	driver *driver    // set in an evaluation that knows it

	slept        map[pyast.Span]int
	waits        pyast.Span // where it sleeps too often
	dependencies []dependency
	functions    []pyeval.Value // wrappers that were registered or called
}

// newRun returns a run whose interpreter knows the package.
func newRun(opts Options, beside bool) *run {
	r := &run{opts: opts, job: &ir.Job{Script: opts.Script}, slept: map[pyast.Span]int{}}
	first := &environment{session: bind.NewSession(&r.bound), config: newConfig()}
	r.environments = environments{first, []*environment{first}, map[*pyeval.Instance]*environment{}}
	r.session.Batch = r.config.batch
	r.session.Methods = expressionMethods()
	r.session.Lacking = func(d *diag.Diagnostic, method string) { lacking(d, expressionClass.Name(), method) }
	r.interp = pyeval.New(pyeval.Options{Env: opts.Env, Args: opts.Args, Files: opts.Files, Start: opts.Start, Host: r,
		Package: "pyflink", Lacking: lacking, Recorder: opts.Recorder, Beside: beside, Unknown: r.unmodelled, Path: clientPath(opts.PyFiles)})
	stdlib.Register(r.interp)
	register(r.interp)
	return r
}

// clientPath is where the driver, too, finds the modules of files that were given
// for the workers.
func clientPath(pyFiles []string) []string {
	var out []string
	for _, p := range pyFiles {
		if abs, err := filepath.Abs(p); err == nil {
			out = append(out, abs)
		}
	}
	return out
}

// runOf is the run of which a call is part.
func runOf(c *pyeval.Call) *run { return c.Thread.Interp().Options().Host.(*run) }

// report adds a refusal that no call of the script stands for.
func (r *run) report(err error) {
	faults := diagnosticsOf(err)
	if faults == nil {
		faults = refusals{diag.New(diag.InternalError, diag.Pos{File: r.opts.Script}, "%v", err)}
	}
	r.diags = append(r.diags, faults...)
}

// nameless makes a relation known under a name that no other has.
func (r *run) nameless(rel ir.Rel, pos diag.Pos) string {
	name := "UnnamedTable$" + strconv.Itoa(r.stringed)
	r.stringed++
	r.session.CreateView(sql.Path{Parts: []sql.Name{{Text: name, Pos: pos}}, Pos: pos}, rel)
	return name
}

// unknown makes a name known of which nothing else is: its definition was
// refused. It may be a table's or a function's.
func (r *run) unknown(path sql.Path) {
	name := path.Parts[len(path.Parts)-1].Text
	r.session.CreateView(path, nil)
	r.session.Register(name, &ir.UDF{Name: name})
}

// Print implements pyeval.Host: it becomes an action of the job.
func (r *run) Print(text pyeval.Value, stderr bool, where pyast.Span) {
	if r.driver != nil {
		return // CPython prints
	}
	t, err := textOf(text, where.Pos())
	if err != nil {
		r.report(err)
		return
	}
	r.job.Actions = append(r.job.Actions, ir.Action{Print: t, Stderr: stderr})
}

// Effect implements pyeval.Host: CPython changes the outside, beside the job.
func (r *run) Effect(e pyeval.Effect) bool {
	r.beside(e.Where.Pos(), e.What+"()")
	return r.asking
}

// beside notes that CPython runs the script beside the job in the end.
func (r *run) beside(pos diag.Pos, why string) {
	if r.asks == nil {
		r.asks = &ir.Driver{Why: why, Pos: pos}
	}
}

// unmodelled is told of a value that pyfc doesn't model and that the script looks
// into.
func (r *run) unmodelled(o *pyeval.Opaque, what string, where pyast.Span) bool {
	if !o.Late {
		what = o.Origin + " " + what
	}
	r.beside(where.Pos(), what)
	return r.asking
}

// maxSleeps is how often a script may sleep at one place. One that does so
// more often waits in a loop without end: for the job that it has submitted, as a
// binary does anyway, or for something that never comes at build.
const maxSleeps = 1000

// Sleep implements pyeval.Host.
func (r *run) Sleep(_ pyeval.Value, where pyast.Span) error {
	r.slept[where]++
	if r.slept[where] > maxSleeps {
		r.waits = where
		return pyeval.ErrKeepRunning
	}
	return nil
}

func (r *run) submitted() bool {
	for _, a := range r.job.Actions {
		if a.Run != nil {
			return true
		}
	}
	return false
}

// finish completes the job when the script has ended.
func (r *run) finish() {
	r.tried()
	r.leftovers()
	r.session.CheckReplaced()
	if r.driver != nil {
		r.driver.Root, r.driver.Files = r.interp.Root(), r.ownFiles()
		r.driver.Names = r.starNames()
		r.driver.Modules = append(r.driver.Modules, r.interp.Unmodelled()...)
	} else {
		r.job.Exit = r.interp.ExitCode()
	}
	r.complete()
}

// tried tells of the faults that the script has caught. Where it has done nothing
// else it is for them that there is nothing to run.
func (r *run) tried() {
	if !r.submitted() && !r.shown {
		r.diags = append(r.diags, r.caught...)
		return
	}
	for _, d := range r.caught {
		if d.Severity() == diag.Error {
			r.report(diag.New(diag.PyCaught, d.Pos, "%s; the script catches the exception", d.Message))
		}
	}
}

// complete gives the job its configuration, its functions and its inputs.
func (r *run) complete() {
	r.configure()
	if err := r.ship(); err != nil {
		r.report(err)
	}
	for _, in := range r.interp.Inputs() {
		r.job.Inputs = append(r.job.Inputs, ir.BoundInput{Input: *inputOf(in), Value: in.Value, Baked: in.Baked, Absent: in.Absent})
		if in.Kind == pyeval.ArgumentInput && strings.HasPrefix(in.Name, "-") {
			r.job.Arguments = append(append(r.job.Arguments, in.Name), in.Aliases...)
		}
	}
	r.job.ExtraArguments = r.interp.ExtraArguments()
}

// configure puts the configuration into the job and what it submits; the command
// line wins.
func (r *run) configure() {
	given := newConfig()
	for _, k := range slices.Sorted(maps.Keys(r.opts.Config)) {
		given.setText(k, r.opts.Config[k], diag.Pos{})
	}
	if r.opts.Executable != "" {
		given.setText("python.executable", r.opts.Executable, diag.Pos{})
	}
	for _, e := range r.all {
		e.config.addAll(given, "")
		for _, d := range e.config.misspelt() {
			r.report(d)
		}
	}
	r.environment = r.all[0]
	r.job.Config = r.config.settings()
	for _, a := range r.job.Actions {
		if a.Run != nil {
			a.Run.Config = append(a.Run.Config, given.settings()...)
		}
	}
}

// ship decides how the functions that the job calls reach their worker.
func (r *run) ship() error {
	s := pyudf.NewShipper(r.interp, live)
	given, err := r.given()
	if err != nil {
		return err
	}
	requirements, err := shipDependencies(s, append(r.dependencies, given...))
	if err != nil {
		return err
	}
	for _, u := range r.job.UDFs() {
		w, f := r.wrapperOf(u)
		if f == nil { // registered by SQL: Ref names module and function
			continue
		}
		sh, err := s.Ship(f.shippable(w))
		if err != nil {
			r.report(err)
			continue
		}
		u.Ref, u.Reason = sh.Ref, sh.Reason
		for _, in := range sh.Inputs {
			t, err := textOf(in.Value, u.Pos)
			if err != nil {
				return err
			}
			u.Ref.Inputs = append(u.Ref.Inputs, ir.PyInput{Name: in.Name, Value: t})
		}
	}
	r.job.Files = s.Files()
	r.job.Requirements = append(requirements, r.brought()...)
	return nil
}

// brought are the packages that come with PyFlink, and that functions of the job
// therefore count on without naming them.
func (r *run) brought() []string {
	var sources []string
	pandas := false
	for _, u := range r.job.UDFs() {
		sources = append(sources, u.Ref.Source)
		pandas = pandas || u.Pandas()
	}
	if sources == nil {
		return nil
	}
	for _, f := range r.job.Files {
		if strings.HasSuffix(f.Path, ".py") {
			sources = append(sources, string(f.Data))
		}
	}
	var out []string
	for _, p := range []string{"numpy", "pandas"} {
		imports := regexp.MustCompile(`(?m)^[ \t]*(import|from)[ \t]+([\w.]+[ \t]*,[ \t]*)*` + p + `\b`)
		if slices.ContainsFunc(sources, imports.MatchString) || p == "pandas" && pandas {
			out = append(out, p)
		}
	}
	return out
}

// wrapperOf finds the object of the script for a function of the job.
func (r *run) wrapperOf(u *ir.UDF) (pyeval.Value, *function) {
	for _, w := range r.functions {
		if f, ok := pyeval.Data[*function](w); ok && f.udf == u {
			return w, f
		}
	}
	return nil, nil
}

// live reports whether a value belongs to the job that the script describes,
// which a worker doesn't have.
func live(v pyeval.Value) bool {
	class, ok := v.(*pyeval.Class)
	if !ok {
		if i, isObject := v.(*pyeval.Instance); isObject {
			class = i.Class()
		}
	}
	switch class {
	case tableEnvClass, streamTableEnvClass, batchTableEnvClass, streamEnvClass, batchEnvClass, tableClass, groupedTableClass, statementSetClass,
		tableResultClass, tableConfigClass:
		return true
	}
	return false
}
