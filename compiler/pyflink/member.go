package pyflink

import (
	"errors"
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

// member is one member of a class or module of the package.
type member struct {
	// sig is the signature in the notation of package pyeval, without the
	// types of what any value may be given for.
	sig  string
	doc  string
	kind memberKind
	call pyeval.NativeFunc
	// defines is the parameter that names the table or function which the
	// member defines, if it does. A refused definition leaves an unknown one, so
	// that its uses aren't reported as well.
	defines string
	// module is the parameter that names the module which the member loads, if it
	// does. A refused one may have functions of any name.
	module string
	// chained says that a table is defined by calls on the member's result.
	chained bool
	// late is the parameter that takes what only the run of the job knows.
	late string
	// unrun says that what the member makes is checked, but not run yet.
	unrun bool
}

type memberKind uint8

const (
	method memberKind = iota
	static
	getter // sig is the plain name
)

// def declares a method or, in a module, a function.
func def(sig, doc string, f pyeval.NativeFunc) member { return member{sig: sig, doc: doc, call: f} }

// onClass declares a static or class method.
func onClass(sig, doc string, f pyeval.NativeFunc) member {
	return member{sig: sig, doc: doc, kind: static, call: f}
}

// get declares a property.
func get(name, doc string, f pyeval.NativeFunc) member {
	return member{sig: name, doc: doc, kind: getter, call: f}
}

// naming says which parameter names what the member defines.
func (m member) naming(param string) member {
	m.defines = param
	return m
}

// loading says which parameter names the module that the member loads.
func (m member) loading(param string) member {
	m.module = param
	return m
}

// later says that what the member makes is checked, but not run yet.
func (m member) later() member {
	m.unrun = true
	return m
}

// taking says which parameter takes what only the run of the job knows.
func (m member) taking(param string) member {
	m.late = param
	return m
}

// Name is the member's name in Python.
func (m member) Name() string {
	name, _, _ := strings.Cut(m.sig, "(")
	return name
}

// declaration is what the package says about one class.
type declaration struct {
	class   *pyeval.Class
	doc     string
	members []member
}

// declared are the classes that are implemented, in order of declaration.
var declared []*declaration

// declare gives a class its members. It is called by init functions, since the
// members of classes refer to classes.
func declare(class *pyeval.Class, doc string, members ...member) *declaration {
	d := &declaration{class: class, doc: doc, members: members}
	declared = append(declared, d)
	class.Set("__doc__", pyeval.NewStr(doc))
	for _, m := range members {
		addTo(class, m)
	}
	return d
}

func addTo(class *pyeval.Class, m member) {
	switch m.kind {
	case method:
		class.Def(m.sig, guarded(m))
		if n, ok := class.Lookup(m.Name()).(*pyeval.Native); ok && m.late != "" {
			n.TakesLate(m.late)
		}
	case static:
		class.Static(m.sig, guarded(m))
	case getter:
		class.Getter(m.sig, guarded(m))
	}
}

// addFunctions gives a module its functions.
func addFunctions(mod *pyeval.Module, members []member) {
	for _, m := range members {
		mod.Def(m.sig, guarded(m))
	}
}

// guarded makes a member go on after a refusal: diagnostics are reported, and
// what is refused, or made from something refused, yields a poisoned value.
func guarded(m member) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		if anyPoisoned(c.Args()) {
			return m.refused(c)
		}
		v, err := m.answer(c)
		if err == nil {
			return v, nil
		}
		faults := diagnosticsOf(err)
		if faults == nil {
			return nil, err
		}
		for _, d := range faults {
			if !d.Pos.Known() {
				d.Pos = c.Span.Pos()
			}
			c.Thread.Report(d)
		}
		if !faults.hasErrors() {
			return v, nil
		}
		return m.refused(c)
	}
}

// answer calls the member, and keeps what that gives for a driver.
func (m member) answer(c *pyeval.Call) (pyeval.Value, error) {
	r := runOf(c)
	r.enter(c)
	if m.defines != "" {
		if err := r.decided(c); err != nil {
			return nil, err
		}
	}
	v, err := m.attempt(c)
	r.remember(v)
	if r.driver != nil && diagnosticsOf(err) == nil {
		if noted := r.driver.note(c, v, err); noted != nil {
			return nil, noted
		}
	}
	return v, err
}

// attempt calls the member. What is wrong with the statement that it is given is
// an exception in PyFlink: where the script catches it and goes on, it is one here,
// too, and nothing is left of what the call has done.
func (m member) attempt(c *pyeval.Call) (pyeval.Value, error) {
	r := runOf(c)
	catches := c.Thread.Catches() && !c.Thread.Nested()
	known := r.bound.Len()
	rollback := func() {}
	if catches {
		rollback = r.session.Savepoint()
	}
	v, err := m.call(c)
	if c.FixArguments(err) {
		v, err = m.call(c)
	}
	faults := append(diagnosticsOf(err), r.bound.Behind(known)...)
	if !catches || !faults.raised() {
		return v, err
	}
	r.caught = append(r.caught, faults...)
	r.bound.Cut(known)
	rollback()
	return nil, pyeval.Raise(javaError, pyeval.NewStr(faults[0].Message))
}

// javaError is what Python sees of an exception of Java's.
var javaError = pyeval.NewClass("py4j.protocol", "Py4JJavaError", pyeval.Exception)

// raised reports whether PyFlink raises an exception for the faults: those of a
// statement, which it finds when it is given it. Those of options it finds later.
func (r refusals) raised() bool {
	for _, d := range r {
		family := strings.TrimRight(string(d.Code), "0123456789")
		if d.Severity() == diag.Error && (d.Code.Info().Verdict != diag.Refused || family != "SQL" && family != "BND" && family != "PLN") {
			return false
		}
	}
	return r.hasErrors()
}

// refused is the result of a call that was refused, or is made of something
// refused.
func (m member) refused(c *pyeval.Call) (pyeval.Value, error) {
	if m.defines != "" {
		if path, err := pathOf(c, m.defines); err == nil {
			runOf(c).unknown(path)
		}
	}
	if m.module != "" {
		runOf(c).session.RefuseModule(c.Str(m.module))
	}
	if m.chained {
		runOf(c).blind = true
	}
	return pyeval.Poison(c.Span), nil
}

// diagnosticsOf returns the refusals that an error stands for, nil for a Python
// exception.
func diagnosticsOf(err error) refusals {
	var many refusals
	var one *diag.Diagnostic
	switch {
	case errors.As(err, &many):
		return many
	case errors.As(err, &one):
		return refusals{one}
	}
	return nil
}

// poisoned reports whether a value, or an element of a list or tuple, is what a
// refused call yielded.
func poisoned(v pyeval.Value) bool {
	switch v := v.(type) {
	case *pyeval.Opaque:
		return v.Reported
	case *pyeval.List:
		return anyPoisoned(v.Elems())
	case *pyeval.Tuple:
		return anyPoisoned(v.Elems())
	}
	return false
}

func anyPoisoned(vs []pyeval.Value) bool {
	for _, v := range vs {
		if poisoned(v) {
			return true
		}
	}
	return false
}

// refusals are diagnostics as an error.
type refusals []*diag.Diagnostic

// Error returns the first message.
func (r refusals) Error() string { return r[0].Error() }

func (r refusals) hasErrors() bool {
	for _, d := range r {
		if d.Severity() == diag.Error {
			return true
		}
	}
	return false
}

// orNil returns diagnostics as an error, nil when there are none.
func orNil(ds []*diag.Diagnostic) error {
	if len(ds) == 0 {
		return nil
	}
	return refusals(ds)
}

// argument refuses an argument of a call.
func argument(pos diag.Pos, format string, args ...any) *diag.Diagnostic {
	return diag.New(diag.APIArgument, pos, format, args...)
}
