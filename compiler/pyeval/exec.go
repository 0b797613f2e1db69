package pyeval

import (
	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// flow says how a statement ended.
type flow uint8

const (
	goOn flow = iota
	breakLoop
	continueLoop
	returnValue // the value is in frame.result
)

// block executes statements until one ends otherwise than by going on.
func (t *Thread) block(body []pyast.Stmt) (flow, error) {
	for i, s := range body {
		if err := t.Step(); err != nil {
			return goOn, locate(err, s.Where())
		}
		t.frame.at = s.Where()
		f, err := t.exec(s, body[i+1:])
		if err = t.settle(err, s.Where()); err != nil {
			return goOn, err
		}
		if f != goOn {
			return f, nil
		}
	}
	return goOn, nil
}

// exec executes a statement; follows are those behind it in its block.
func (t *Thread) exec(s pyast.Stmt, follows []pyast.Stmt) (flow, error) {
	switch s := s.(type) {
	case *pyast.ExprStmt:
		return goOn, t.execExpr(s)
	case *pyast.Assign:
		var err error
		t.asking(func() bool { return t.assignsAnswer(s, follows) }, func() { err = t.execAssign(s) })
		return goOn, err
	case *pyast.AugAssign:
		return goOn, t.execAugAssign(s)
	case *pyast.AnnAssign:
		return goOn, t.execAnnAssign(s)
	case *pyast.If:
		yes, late, err := t.decideIf(s, follows)
		if late != nil {
			return t.either(late, s.Body, s.OrElse)
		}
		if err != nil {
			return goOn, err
		}
		if yes {
			return t.block(s.Body)
		}
		return t.block(s.OrElse)
	case *pyast.For:
		return t.execFor(s)
	case *pyast.While:
		return t.execWhile(s)
	case *pyast.Return:
		t.frame.result = None
		if s.Value != nil {
			v, err := t.eval(s.Value)
			if err != nil {
				return goOn, err
			}
			t.frame.result = v
		}
		return returnValue, nil
	case *pyast.FunctionDef:
		return goOn, t.execDef(s)
	case *pyast.ClassDef:
		return goOn, t.execClass(s)
	case *pyast.Try:
		return t.execTry(s)
	case *pyast.With:
		return t.execWith(s, 0)
	case *pyast.Break:
		return breakLoop, nil
	case *pyast.Continue:
		return continueLoop, nil
	}
	return goOn, t.execSimple(s)
}

// execSimple executes the statements that always go on.
func (t *Thread) execSimple(s pyast.Stmt) error {
	switch s := s.(type) {
	case *pyast.Import:
		return t.execImport(s)
	case *pyast.ImportFrom:
		return t.execImportFrom(s)
	case *pyast.Raise:
		return t.execRaise(s)
	case *pyast.Assert:
		yes, late, err := t.decide(s.Test, "an assertion")
		if yes || late != nil || err != nil {
			return err
		}
		if s.Msg == nil {
			return raise(AssertionError)
		}
		msg, err := t.eval(s.Msg)
		if err != nil {
			return err
		}
		return raise(AssertionError, msg)
	case *pyast.Delete:
		for _, target := range s.Targets {
			if err := t.settle(t.delete(target), target.Where()); err != nil {
				return err
			}
		}
		return nil
	case *pyast.Pass, *pyast.Global, *pyast.Nonlocal:
		return nil
	}
	return diag.New(diag.PyUnsupported, s.Where().Pos(), "this statement isn't supported")
}

// execExpr evaluates an expression for its effect. A call into an unmodelled
// module whose result nobody takes had a purpose that the build cannot serve,
// so it isn't dropped without a word.
func (t *Thread) execExpr(s *pyast.ExprStmt) error {
	v, err := t.eval(s.Value)
	if err != nil {
		return err
	}
	if o, ok := v.(*Opaque); ok && !o.Reported && !o.effect && !o.Late {
		if _, isCall := s.Value.(*pyast.Call); isCall {
			t.Report(diag.New(diag.PyLeftOut, s.Where().Pos(), "%s is left out of the build: pyfc doesn't model module %s", o.Origin, o.Module))
		}
	}
	return nil
}

// RowLoop is what a native object carries whose elements are known only when
// the job runs: it is given a loop over itself as a whole.
type RowLoop interface {
	Loop(t *Thread, s *pyast.For) error
}

// Eval evaluates an expression of the function that runs now.
func (t *Thread) Eval(e pyast.Expr) (Value, error) { return t.eval(e) }

func (t *Thread) execFor(s *pyast.For) (flow, error) {
	var v Value
	var err error
	t.asking(func() bool { return t.removes(s.Body...) }, func() { v, err = t.eval(s.Iter) })
	if err != nil {
		return goOn, err
	}
	if rows, ok := Data[RowLoop](v); ok {
		return goOn, t.settle(rows.Loop(t, s), s.Where())
	}
	if late := asLate(v); late != nil {
		return t.forLate(late, s)
	}
	next, err := t.Iter(v)
	if err = t.settle(err, s.Iter.Where()); err != nil {
		return goOn, err
	}
	for {
		seen := t.looks.seen
		x, err := next()
		if err = t.settle(err, s.Iter.Where()); err != nil {
			return goOn, err
		}
		if t.looks.seen != seen {
			t.looks.seen = seen
			return t.forLate(t.looks.last, s)
		}
		if x == nil {
			return t.block(s.OrElse)
		}
		if err := t.assign(s.Target, x); err != nil {
			return goOn, err
		}
		f, err := t.block(s.Body)
		switch {
		case err != nil || f == returnValue:
			return f, err
		case f == breakLoop:
			return goOn, nil
		}
	}
}

// forLate is a loop over what only the run knows.
func (t *Thread) forLate(late *Opaque, s *pyast.For) (flow, error) {
	elem := late.derive("an element of "+late.Origin, s.Target.Where())
	return t.around(late, func() error { return t.assign(s.Target, elem) }, s.Body, s.OrElse)
}

// longest is after how many turns a loop that looks into late values each time
// is taken for one whose end only the run knows.
const longest = 1000

func (t *Thread) execWhile(s *pyast.While) (flow, error) {
	outer, turns, looks := t.leaves, 0, t.looks.total
	defer func() { t.leaves = outer }()
	for {
		if err := t.Step(); err != nil {
			return goOn, err
		}
		var yes bool
		var late *Opaque
		var err error
		t.asking(func() bool { return t.removes(s.Body...) }, func() { yes, late, err = t.decide(s.Test, "a loop") })
		if late == nil && (t.leaves || turns > longest && t.looks.total != looks) {
			late = t.looks.last
		}
		turns++
		looks = t.looks.total
		if late != nil {
			return t.around(late, func() error { return nil }, s.Body, s.OrElse)
		}
		if err != nil {
			return goOn, err
		}
		if !yes {
			return t.block(s.OrElse)
		}
		t.leaves = false
		f, err := t.block(s.Body)
		switch {
		case err != nil || f == returnValue:
			return f, err
		case f == breakLoop:
			return goOn, nil
		}
	}
}

// execTry runs the body, then the handler that matches, then the finally
// block. A refusal is no exception: nothing of the script runs after it.
func (t *Thread) execTry(s *pyast.Try) (flow, error) {
	f, err := t.tryBody(s)
	if err != nil {
		if _, ok := err.(*Raised); !ok {
			return f, err
		}
	}
	if len(s.FinalBody) > 0 {
		result := t.frame.result
		g, ferr := t.block(s.FinalBody)
		if ferr != nil {
			t.setContext(ferr, err)
			return goOn, ferr
		}
		if g != goOn {
			return g, nil
		}
		t.frame.result = result
	}
	return f, err
}

func (t *Thread) tryBody(s *pyast.Try) (flow, error) {
	t.trying = append(t.trying, activeTry{s, t.frame})
	looks := t.looks.total
	f, err := t.block(s.Body)
	t.trying = t.trying[:len(t.trying)-1]
	if t.looks.total != looks && err == nil {
		err = t.exploreHandlers(t.looks.last, s)
	}
	if err == nil {
		if f == goOn {
			return t.block(s.OrElse)
		}
		return f, nil
	}
	r, ok := err.(*Raised)
	if !ok {
		return f, err
	}
	for _, h := range s.Handlers {
		match, merr := t.handles(h, r.Exc)
		if merr != nil {
			return goOn, merr
		}
		if match {
			return t.handle(h, r)
		}
	}
	return f, err
}

// handles reports whether a handler catches an exception.
func (t *Thread) handles(h *pyast.ExceptHandler, exc *Instance) (bool, error) {
	if h.Type == nil {
		return true, nil
	}
	v, err := t.eval(h.Type)
	if err != nil {
		return false, err
	}
	classes := []Value{v}
	if tuple, ok := v.(*Tuple); ok {
		classes = tuple.elems
	}
	for _, c := range classes {
		switch c := c.(type) {
		case *Class:
			if exc.class.IsA(c) {
				return true, nil
			}
		case *Opaque:
			// What modelled code raises is never of an unmodelled class.
		default:
			return false, Errorf(TypeError, "catching classes that do not inherit from BaseException is not allowed")
		}
	}
	return false, nil
}

// handle runs a handler. The exception's name is unbound at its end.
func (t *Thread) handle(h *pyast.ExceptHandler, r *Raised) (flow, error) {
	if h.Name != "" {
		t.store(h.Name, r.Exc)
	}
	t.handling = append(t.handling, r.Exc)
	f, err := t.block(h.Body)
	t.handling = t.handling[:len(t.handling)-1]
	t.setContext(err, r)
	if h.Name != "" {
		_ = t.unbind(h.Name) // the handler may have deleted it
	}
	return f, err
}

// setContext notes that an exception was raised while another was handled.
func (t *Thread) setContext(err, during error) {
	r, ok := err.(*Raised)
	d, ok2 := during.(*Raised)
	if ok && ok2 && r.Exc != d.Exc {
		if e := exceptionOf(r.Exc); e.context == nil {
			e.context = d.Exc
		}
	}
}

// Handling returns the exception whose handler is running, or nil.
func (t *Thread) Handling() *Instance {
	if len(t.handling) == 0 {
		return nil
	}
	return t.handling[len(t.handling)-1]
}

func (t *Thread) execRaise(s *pyast.Raise) error {
	if s.Exc == nil {
		if exc := t.Handling(); exc != nil {
			return &Raised{exc}
		}
		return Errorf(RuntimeError, "No active exception to reraise")
	}
	v, err := t.eval(s.Exc)
	if err != nil {
		return err
	}
	exc, err := t.asException(v, s.Exc.Where(), "exceptions must derive from BaseException")
	if err != nil {
		return err
	}
	e := exceptionOf(exc)
	e.code = diag.PyRaised
	if s.Cause != nil {
		c, err := t.eval(s.Cause)
		if err != nil {
			return err
		}
		e.quiet = true
		if c != None {
			cause, err := t.asException(c, s.Cause.Where(), "exception causes must derive from BaseException")
			if err != nil {
				return err
			}
			e.cause = cause
		}
	}
	return &Raised{exc}
}

// asException takes an exception object or makes one of its class; otherwise it
// is a TypeError with that text.
func (t *Thread) asException(v Value, where pyast.Span, otherwise string) (*Instance, error) {
	if c, ok := v.(*Class); ok && c.IsA(BaseException) {
		x, err := t.Invoke(c, nil, where, where)
		if err != nil {
			return nil, err
		}
		v = x
	}
	if asLate(v) != nil {
		return raise(RuntimeError).Exc, nil
	}
	if o, ok := v.(*Opaque); ok {
		return nil, o.Refuse("is raised")
	}
	exc, ok := v.(*Instance)
	if !ok || !exc.class.IsA(BaseException) {
		return nil, raise(TypeError, NewStr(otherwise))
	}
	return exc, nil
}

// execWith enters item i of a with statement and the rest inside it.
func (t *Thread) execWith(s *pyast.With, i int) (flow, error) {
	if i == len(s.Items) {
		return t.block(s.Body)
	}
	item := s.Items[i]
	manager, err := t.eval(item.Context)
	if err != nil {
		return goOn, err
	}
	v, exit, err := t.enterContext(manager)
	if err = t.settle(err, item.Context.Where()); err != nil {
		return goOn, err
	}
	if item.Vars != nil {
		if err := t.assign(item.Vars, v); err != nil {
			return goOn, err
		}
	}
	f, err := t.execWith(s, i+1)
	r, raised := err.(*Raised)
	if err != nil && !raised {
		return f, err
	}
	result := t.frame.result
	args := []Value{None, None, None}
	if raised {
		args = []Value{r.Exc.class, r.Exc, None}
		t.handling = append(t.handling, r.Exc)
	}
	var swallow Value
	var xerr error
	if o, ok := exit.(*Opaque); ok {
		swallow = o
	} else {
		swallow, xerr = t.Call(exit, args...)
	}
	if raised {
		t.handling = t.handling[:len(t.handling)-1]
	}
	if xerr != nil {
		t.setContext(xerr, err)
		return goOn, t.settle(xerr, item.Context.Where())
	}
	t.frame.result = result
	if raised {
		if _, opaque := swallow.(*Opaque); opaque {
			return f, err
		}
		yes, terr := t.Truth(swallow, "a with statement")
		if terr != nil {
			return goOn, terr
		}
		if yes {
			return goOn, nil
		}
	}
	return f, err
}

// enterContext calls __enter__ and finds __exit__.
func (t *Thread) enterContext(manager Value) (v, exit Value, err error) {
	if o, ok := manager.(*Opaque); ok {
		return o.derive(o.Origin+".__enter__()", t.Where()), o, nil
	}
	enter, leave := manager.Class().Lookup("__enter__"), manager.Class().Lookup("__exit__")
	if enter == nil || leave == nil {
		return nil, nil, Errorf(TypeError, "'%s' object does not support the context manager protocol", manager.Class().name)
	}
	if exit, err = t.bindAttr(leave, manager, manager.Class()); err != nil {
		return nil, nil, err
	}
	v, err = t.callMethod(enter, manager)
	return v, exit, err
}
