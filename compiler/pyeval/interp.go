package pyeval

import (
	"slices"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// Options are what a build gives to the evaluation.
type Options struct {
	// Env are the environment variables that were supplied at build; all
	// others are symbolic.
	Env map[string]string
	// Args are the script's arguments if they were supplied at build; nil
	// makes them symbolic.
	Args []string
	// Files maps a path, as the script opens it, to the file to read instead.
	Files map[string]string
	// Start is the folder that pyfc was started in: relative paths that lead
	// nowhere from the script's folder start there, as in CPython.
	Start string
	// Host receives what the script does to the outside; nil refuses all but
	// printing, which is dropped.
	Host Host
	// Package is the modelled package that the script describes its job with. A
	// name that it lacks is reported, and the run goes on.
	Package string
	// Lacking, if set, completes the diagnostic for a name that a module or
	// class of the package lacks.
	Lacking func(d *diag.Diagnostic, owner, name string)
	// Recorder, if set, is told the calls into the package, in their order and
	// before they are carried out.
	Recorder func(*Thread, Record)
	// Beside says that CPython runs the script beside the job: what pyfc doesn't
	// model is late then.
	Beside bool
	// Unknown, if set, is told a value that pyfc doesn't model and that is looked
	// into, and how. True means that CPython runs the script in the end.
	Unknown func(o *Opaque, what string, where pyast.Span) bool
	// Path are folders, and single files, in which modules are found that the
	// script's folder hasn't, as on Python's path; absolute.
	Path []string
	// Steps bounds the number of evaluated nodes, Memory the bytes that the
	// script's values may take (estimated); 0 means the defaults.
	Steps  int64
	Memory int64
}

// The budgets of a build.
const (
	DefaultSteps  = 20_000_000
	DefaultMemory = 1 << 28
	// recursionLimit is CPython's default.
	recursionLimit = 1000
)

// Host is the outside world of a script. The calls come in the script's order.
type Host interface {
	// Print gets a text that the script writes to standard output or standard
	// error: a *Str or a *Sym, with its line end.
	Print(text Value, stderr bool, where pyast.Span)
	// Effect is asked about something that changes the outside. True means
	// that the host has recorded it as an action of the job; false refuses it.
	Effect(e Effect) bool
	// Sleep gets a time.sleep; the builder never sleeps. ErrKeepRunning as an
	// answer ends the script in its favour: it only keeps a submitted job
	// alive.
	Sleep(seconds Value, where pyast.Span) error
}

// Effect is something that the script wants to change outside.
type Effect struct {
	Kind  string  // "remove", "makedirs", "write", "process" or "socket"
	What  string  // the function, e.g. "os.remove"
	Args  []Value // the path or paths, …
	Where pyast.Span
}

// errKeepRunning is the type of ErrKeepRunning.
type errKeepRunning struct{}

func (errKeepRunning) Error() string { return "the driver keeps running" }

// ErrKeepRunning is Host.Sleep's answer to a loop that never ends.
var ErrKeepRunning error = errKeepRunning{}

// FileRead is a file that the script read at build.
type FileRead struct {
	Path   string // as the script opened it
	Source string // on the build machine
	SHA256 string
	Where  pyast.Span
}

// Interp evaluates one script. It is used once and by one goroutine.
type Interp struct {
	opts    Options
	thread  *Thread
	diags   diag.List
	root    string // the script's folder, absolute
	shown   string // the same as the user wrote it
	main    *Module
	loaders map[string]func(*Thread) *Module
	modules map[string]Value // sys.modules: *Module or *Opaque
	order   []*Module        // the script's own modules as they were imported
	inputs  []*Input
	// extraArguments says that the script takes options it doesn't declare.
	extraArguments bool
	files          []FileRead
	scratch        scratch
	changed        []string // paths that CPython changes beside the job
	exit           int
	stopped        error
	absent         []string     // files outside that were asked for and aren't there
	outside        []string     // what is outside and has been looked at
	fixed          []fixedInput // inputs that are what they are without a value
}

// New makes an interpreter that knows the builtins and no module.
func New(opts Options) *Interp {
	if opts.Steps == 0 {
		opts.Steps = DefaultSteps
	}
	if opts.Memory == 0 {
		opts.Memory = DefaultMemory
	}
	in := &Interp{opts: opts, loaders: map[string]func(*Thread) *Module{}, modules: map[string]Value{}}
	in.thread = newThread(in)
	return in
}

// RegisterModule makes a module written in Go importable. load is called at
// its first import; a member that is itself a module ("os.path") is
// registered under its full name.
func (in *Interp) RegisterModule(name string, load func(t *Thread) *Module) {
	in.loaders[name] = load
}

// Thread returns the thread that evaluates the script.
func (in *Interp) Thread() *Thread { return in.thread }

// Options returns what New was given.
func (in *Interp) Options() Options { return in.opts }

// Diagnostics returns what was reported, in the order of the script.
func (in *Interp) Diagnostics() []*diag.Diagnostic { return in.diags.Sorted() }

// Inputs returns the environment variables and arguments that the script asks
// for, in order of first use.
func (in *Interp) Inputs() []*Input { return in.inputs }

// TakeExtraArguments notes that the script takes options that it doesn't
// declare.
func (in *Interp) TakeExtraArguments() { in.extraArguments = true }

// ExtraArguments reports whether the script takes options that it doesn't
// declare.
func (in *Interp) ExtraArguments() bool { return in.extraArguments }

// FilesRead returns the files that the script read.
func (in *Interp) FilesRead() []FileRead { return in.files }

// Modules returns the modules of the script, the main one first.
func (in *Interp) Modules() []*Module { return in.order }

// Unmodelled returns the names of the imported modules that pyfc doesn't model,
// sorted.
func (in *Interp) Unmodelled() []string {
	var out []string
	for name, m := range in.modules {
		if _, ok := m.(*Opaque); ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Main returns the script's own module, nil before RunFile.
func (in *Interp) Main() *Module { return in.main }

// ExitCode is the argument of the script's sys.exit, 0 without one.
func (in *Interp) ExitCode() int { return in.exit }

// Stopped is what ended the script before its end, nil if nothing did.
func (in *Interp) Stopped() error { return in.stopped }

// Thread is the evaluation in progress.
type Thread struct {
	in     *Interp
	frame  *frame
	depth  int
	steps  int64
	memory int64
	ids    map[Value]int64

	consts     map[*pyast.Constant]Value
	scopes     map[pyast.Node]*scopeInfo
	generators map[*Generator]int // those not ended, numbered
	made       int                // number of generators made
	pending    []*classSpec       // class statements whose metaclass is running
	handling   []*Instance        // exceptions being handled, innermost last
	showing    []Value            // containers whose repr is being made
	unplaced   []*diag.Diagnostic // reported, but for their place
	trying     []activeTry        // try statements whose body is running
	guessed    bool               // the run goes on with an assumption
	quiet      int                // depth of calls that the package itself makes
	region     *region            // the innermost part that depends on a late value
	looks      looks
	recordAt   pyast.Span // what a Recorder is told of the call that is being made
	// asked says of each question that is being evaluated whether a removal of
	// files depends on it.
	asked  []func() bool
	leaves bool // a region may have left the loop whose body runs
}

func newThread(in *Interp) *Thread {
	return &Thread{in: in, ids: map[Value]int64{}, consts: map[*pyast.Constant]Value{},
		scopes: map[pyast.Node]*scopeInfo{}, generators: map[*Generator]int{}}
}

// Interp returns the interpreter.
func (t *Thread) Interp() *Interp { return t.in }

// Report adds a diagnostic; the script goes on. The caller returns Poison in
// place of the value that it cannot give.
func (t *Thread) Report(d *diag.Diagnostic) { t.in.diags.Add(d) }

// Where returns the place of the statement or call that is being evaluated.
// Inside the library it is that of the script's call.
func (t *Thread) Where() pyast.Span {
	for f := t.frame; f != nil; f = f.caller {
		if !f.module.library {
			return f.at
		}
	}
	return pyast.Span{}
}

// Caller describes the frame of the script that called the library: its module,
// its function, or the class that is being defined ("<module>" outside of any),
// and the line that it is at. It is the frame behind depth others of the script;
// nil when there are not as many.
func (t *Thread) Caller(depth int) (m *Module, function string, line int) {
	for f := t.frame; f != nil; f = f.caller {
		switch {
		case f.module.library || f.comp:
		case depth > 0:
			depth--
		default:
			function = "<module>"
			if f.function != nil {
				function = f.function.name
			} else if f.outer != nil {
				function = f.classPath[strings.LastIndexByte(f.classPath, '.')+1:]
			}
			return f.module, function, f.at.Line
		}
	}
	return nil, "", 0
}

// id is a number of the object that is the same as long as the build lasts.
func (t *Thread) id(v Value) int64 {
	n, ok := t.ids[v]
	if !ok {
		n = int64(len(t.ids)) + 1
		t.ids[v] = n
	}
	return n
}
