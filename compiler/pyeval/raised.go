package pyeval

import (
	"fmt"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// Raised is a Python exception on its way up; try statements see it.
type Raised struct{ Exc *Instance }

// Error returns Python's last traceback line, e.g. "ValueError: no". A __str__
// of the script isn't called.
func (r *Raised) Error() string {
	text, err := newThread(nil).exceptionStr(r.Exc, exceptionOf(r.Exc))
	s, ok := text.(*Str)
	if err != nil || !ok {
		return r.Exc.class.name
	}
	return withClass(r.Exc, s.s)
}

func withClass(exc *Instance, text string) string {
	if text == "" {
		return exc.class.name
	}
	return exc.class.name + ": " + text
}

// exception is the Go half of an exception object.
type exception struct {
	args    *Tuple
	cause   Value // set by raise … from
	context *Instance
	quiet   bool      // raise … from None
	code    diag.Code // of the diagnostic if nobody catches it
	hint    string
	missing []diag.Missing
	exit    *diag.Diagnostic // of a SystemExit that nobody catches
	where   pyast.Span       // where it was raised
	trace   []traceLine
	facts   map[string]Value // attributes besides those that follow from args
}

// traceLine is a call that an exception passed through, innermost first.
type traceLine struct {
	where pyast.Span
	in    string
}

func exceptionOf(i *Instance) *exception {
	if e, ok := i.Data.(*exception); ok {
		return e
	}
	e := &exception{args: NewTuple(), code: diag.PyRaised}
	i.Data = e
	return e
}

// Errorf makes a Python exception of a builtin class.
func Errorf(class *Class, format string, args ...any) error {
	return raise(class, NewStr(fmt.Sprintf(format, args...)))
}

// Raise makes a Python exception with the given arguments.
func Raise(class *Class, args ...Value) error { return raise(class, args...) }

// raise is Raise with its own type.
func raise(class *Class, args ...Value) *Raised {
	e := &exception{args: NewTuple(args...), code: diag.PyRaised}
	switch {
	case class.IsA(NameError):
		e.code = diag.PyName
	case class.IsA(AttributeError):
		e.code = diag.PyAttribute
	case class.IsA(ImportError):
		e.code = diag.PyImport
	case class.IsA(TypeError):
		e.code = diag.PyType
	}
	return &Raised{&Instance{class: class, dict: NewDict(), Data: e}}
}

// becauseOf makes an exception the cause of another one.
func becauseOf(r *Raised, cause error) *Raised {
	if c, ok := cause.(*Raised); ok {
		e := exceptionOf(r.Exc)
		e.cause, e.quiet = c.Exc, true
		if e.context == nil {
			e.context = c.Exc
		}
	}
	return r
}

// WithHint sets the hint that is shown when nobody catches the exception; other
// errors pass unchanged.
func WithHint(err error, format string, args ...any) error {
	if r, ok := err.(*Raised); ok {
		exceptionOf(r.Exc).hint = fmt.Sprintf(format, args...)
	}
	return err
}

// WithDiagnostic sets what is reported when a SystemExit ends the script; its
// place is where it was raised.
func WithDiagnostic(err error, d *diag.Diagnostic) error {
	if r, ok := err.(*Raised); ok {
		exceptionOf(r.Exc).exit = d
	}
	return err
}

// WithCode sets the code of the diagnostic that an uncaught exception becomes.
func WithCode(err error, code diag.Code) error {
	if r, ok := err.(*Raised); ok {
		exceptionOf(r.Exc).code = code
	}
	return err
}

// suggest adds "did you mean" to an exception if a candidate is near.
func suggest(err error, name string, candidates []string) error {
	if near := diag.Nearest(name, candidates); near != "" {
		return WithHint(err, "did you mean '%s'?", near)
	}
	return err
}

// diagnostic is what the user sees of an exception that nobody caught.
func (t *Thread) diagnostic(r *Raised) *diag.Diagnostic {
	e := exceptionOf(r.Exc)
	message := r.Error()
	if text, err := t.Str(r.Exc); err == nil {
		message = withClass(r.Exc, text)
	}
	d := diag.New(e.code, e.where.Pos(), "%s", message)
	d.Hint, d.Missing = e.hint, e.missing
	for _, l := range e.trace {
		d.WithNote(l.where.Pos(), "called in %s", l.in)
	}
	if c, ok := e.cause.(*Instance); ok {
		d.WithNote(exceptionOf(c).where.Pos(), "caused by %s", (&Raised{c}).Error())
	} else if e.context != nil && !e.quiet {
		d.WithNote(exceptionOf(e.context).where.Pos(), "while handling %s", (&Raised{e.context}).Error())
	}
	return d
}
