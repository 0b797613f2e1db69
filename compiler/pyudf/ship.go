package pyudf

import (
	"errors"
	"fmt"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/pyeval/stdlib"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// Function is a Python function that a job calls: what the script gave to
// udf(…), and the object that udf made of it, which may have a name where the
// function itself has none.
type Function struct {
	Value   pyeval.Value
	Wrapper pyeval.Value
	// Where is the place of the call of udf, for messages.
	Where diag.Pos
}

// Input is a name of a slice whose value is only known at start. The worker
// sets it before the slice runs.
type Input struct {
	Name  string
	Value *pyeval.Sym
}

// Shipment is how one function reaches the worker.
type Shipment struct {
	// Ref is what the worker imports, or compiles and runs as a module. The
	// object found there is the function, or what udf made of it.
	Ref ir.PyRef
	// Inputs are names that Ref.Source reads and doesn't bind.
	Inputs []Input
	// Reason says why the function isn't translated to Go.
	Reason string
}

// result is the name under which a slice offers a function that has no name of
// its own at the top level.
const result = "_pyfc_function"

// Ship decides how a function travels and notes the files that it needs. The
// error is a diagnostic of code UDFShipping.
func (s *Shipper) Ship(f Function) (*Shipment, error) {
	sh := &Shipment{Reason: s.reason(f.Value)}
	if m, name := s.importable(f); m != nil {
		sh.Ref = ir.PyRef{Module: m.Name(), Name: name}
		return sh, s.addModule(m)
	}
	if err := s.slice(f, sh); err != nil {
		var d *diag.Diagnostic
		if errors.As(err, &d) {
			if at := place(f); at != d.Pos {
				d.WithNote(at, "this function needs it")
			}
		}
		return nil, err
	}
	return sh, nil
}

// place is where a function is defined, or made by udf.
func place(f Function) diag.Pos {
	if fn, ok := f.Value.(*pyeval.Function); ok {
		return fn.Where().Pos()
	}
	return f.Where
}

// importable finds a module other than the driver that has the function, or
// its wrapper, under a name.
func (s *Shipper) importable(f Function) (*pyeval.Module, string) {
	if fn, ok := f.Value.(*pyeval.Function); ok && fn.IsModuleLevel() && fn.Def() != nil && fn.Module() != s.main {
		return fn.Module(), fn.Name()
	}
	for _, m := range s.modules {
		if m == s.main {
			continue
		}
		if name := nameOf(m, f.Wrapper); name != "" {
			return m, name
		}
		if name := nameOf(m, f.Value); name != "" {
			return m, name
		}
	}
	return nil, ""
}

// nameOf returns the name of an object in a module, "" when it has none.
func nameOf(m *pyeval.Module, v pyeval.Value) string {
	if v == nil {
		return ""
	}
	for k, o := range m.Dict().Items() {
		if name, ok := k.(*pyeval.Str); ok && o == v {
			return name.String()
		}
	}
	return ""
}

// slice ships a function of the driver, or one that has no name in its module.
func (s *Shipper) slice(f Function, sh *Shipment) error {
	sl, ex, err := s.sliceValue(f.Value, f.Where)
	if err != nil {
		return err
	}
	if sh.Ref.Source, err = sl.render(ex); err != nil {
		return err
	}
	file := sl.module.File()
	sh.Ref.File = file.Name
	sh.Inputs = sl.found.inputs
	sh.Ref.Name = result
	if fn, ok := f.Value.(*pyeval.Function); ok && ex == nil {
		sh.Ref.Name = fn.Name()
	}
	return s.addImportsOf(sl)
}

// sliceValue finds what something callable consists of; an extra assigns it to
// the name that result says, a def without one has its own.
func (s *Shipper) sliceValue(v pyeval.Value, at diag.Pos) (*slicer, *extra, error) {
	switch v := v.(type) {
	case *pyeval.Function:
		return s.sliceFunction(v)
	case *pyeval.BoundMethod:
		return s.sliceMethod(v, at)
	case *pyeval.Instance:
		if p, ok := pyeval.Data[*stdlib.Partial](v); ok {
			return s.slicePartial(p, at)
		}
		return s.sliceInstance(v)
	}
	return nil, nil, diag.New(diag.UDFShipping, at, "%s can't travel to the worker: only functions and objects of classes that the script defines can", describe(v))
}

func describe(v pyeval.Value) string {
	if o, ok := v.(*pyeval.Opaque); ok {
		return o.Origin
	}
	return fmt.Sprintf("a value of type %s", v.Class().Name())
}

// reason says why a function stays in Python.
func (s *Shipper) reason(v pyeval.Value) string {
	switch v := v.(type) {
	case *pyeval.Function:
		if v.Def() != nil {
			return reasonFor(v.Module().AST(), v.Def())
		}
		return reasonFor(v.Module().AST(), v.Lambda())
	case *pyeval.BoundMethod:
		return s.reason(v.Func())
	case *pyeval.Instance:
		for _, name := range []string{"eval", "__call__"} {
			if m, ok := v.Class().Lookup(name).(*pyeval.Function); ok {
				return s.reason(m)
			}
		}
	}
	return "isn't defined by the script"
}

// sliceFunction ships a def, or the expression of a lambda.
func (s *Shipper) sliceFunction(fn *pyeval.Function) (*slicer, *extra, error) {
	if fn.Lambda() != nil {
		sl := s.newSlicer(fn.Module(), fn.Lambda().Span)
		sl.around = fn
		sl.capture(fn)
		sl.freeze(fn)
		return sl.expression(fn.Lambda())
	}
	if fn.Owner() != nil {
		return s.sliceAttribute(fn.Owner(), fn.Name(), fn.Where().Pos())
	}
	sl := s.newSlicer(fn.Module(), fn.Def().Span)
	sl.around = fn
	sl.cells[fn.Name()] = fn
	sl.freeze(fn)
	return sl, nil, sl.need(fn.Name(), len(sl.levels)-1)
}

// sliceMethod ships a bound method as its object with the method taken from it.
func (s *Shipper) sliceMethod(m *pyeval.BoundMethod, at diag.Pos) (*slicer, *extra, error) {
	if cls, ok := m.Self().(*pyeval.Class); ok {
		if fn, ok := m.Func().(*pyeval.Function); ok && cls.Source() != nil {
			return s.sliceAttribute(cls, fn.Name(), at)
		}
	}
	self, ok := m.Self().(*pyeval.Instance)
	fn, isFunction := m.Func().(*pyeval.Function)
	if !ok || !isFunction {
		return nil, nil, diag.New(diag.UDFShipping, at, "a method of %s can't travel to the worker", describe(m.Self()))
	}
	sl, ex, err := s.sliceInstance(self)
	if err == nil {
		ex.text += fmt.Sprintf("; %s = %s.%s", result, result, fn.Name())
	}
	return sl, ex, err
}

// slicePartial ships a functools.partial as its function with the arguments as
// data.
func (s *Shipper) slicePartial(p *stdlib.Partial, at diag.Pos) (*slicer, *extra, error) {
	sl, ex, err := s.sliceValue(p.Func, at)
	if err != nil {
		return nil, nil, err
	}
	args, plain := sl.literal(pyeval.NewTuple(p.Args...))
	keywords, plainToo := sl.literal(p.Keywords)
	if !plain || !plainToo {
		return nil, nil, diag.New(diag.UDFShipping, at, "this partial can't travel to the worker: its arguments aren't plain data")
	}
	name := result
	if fn, ok := p.Func.(*pyeval.Function); ok && ex == nil {
		name, ex = fn.Name(), sl.behind(fn.Def())
	} else {
		ex.text += "; "
	}
	ex.text += fmt.Sprintf("%s = __import__('functools').partial(%s, *%s, **%s)", result, name, args, keywords)
	return sl, ex, nil
}

// sliceAttribute ships a function that a class holds as what the class has
// under its name: a static method, or a class method bound to the class.
func (s *Shipper) sliceAttribute(cls *pyeval.Class, name string, at diag.Pos) (*slicer, *extra, error) {
	sl := s.newSlicer(cls.Source(), cls.Node().Span)
	if err := sl.needClass(cls, at); err != nil {
		return nil, nil, err
	}
	ex := sl.behind(cls.Node())
	ex.text = fmt.Sprintf("%s = %s.%s", result, cls.Name(), name)
	return sl, ex, nil
}

// needClass adds what makes a class, which must have a name outside of others.
func (s *slicer) needClass(cls *pyeval.Class, at diag.Pos) error {
	n := len(s.levels) - 1
	if s.resolve(cls.Name(), n) < 0 {
		return diag.New(diag.UDFShipping, at, "the class %s stands inside another one, so that its functions can't travel to the worker", cls.Name()).
			WithHint("define it outside of the other class")
	}
	return s.need(cls.Name(), n)
}

// behind is an assignment, still empty, on a line behind the file's end.
func (s *slicer) behind(at pyast.Stmt) *extra {
	return &extra{at: at, line: strings.Count(s.module.File().Src, "\n") + 2}
}

// sliceInstance ships an object: its class and its attributes if they are
// plain data, else the expression that made it.
func (s *Shipper) sliceInstance(o *pyeval.Instance) (*slicer, *extra, error) {
	cls := o.Class()
	if cls.Source() == nil {
		return nil, nil, diag.New(diag.UDFShipping, o.Where.Pos(), "an object of type %s can't travel to the worker", cls.Name())
	}
	sl := s.newSlicer(cls.Source(), cls.Node().Span)
	if attributes, ok := sl.literal(o.Dict()); ok {
		if err := sl.needClass(cls, o.Where.Pos()); err != nil {
			return nil, nil, err
		}
		ex := sl.behind(cls.Node())
		ex.text = fmt.Sprintf("%s = object.__new__(%s); %s.__dict__.update(%s)", result, cls.Name(), result, attributes)
		return sl, ex, nil
	}
	m := s.moduleOf(o.Where)
	if m == nil {
		return nil, nil, diag.New(diag.UDFShipping, o.Where.Pos(), "this object can't travel to the worker: its attributes aren't plain data")
	}
	sl = s.newSlicer(m, o.Where)
	sl.around = o
	call := exprAt(m.AST().Body, o.Where)
	if call == nil {
		return nil, nil, diag.New(diag.UDFShipping, o.Where.Pos(), "this object can't travel to the worker: its attributes aren't plain data")
	}
	return sl.expression(call)
}

// expression ships the value of an expression of the file.
func (s *slicer) expression(x pyast.Expr) (*slicer, *extra, error) {
	at, u := x.Where(), s.unitAt(x.Where())
	if u == nil {
		return nil, nil, diag.New(diag.UDFShipping, at.Pos(), "a function inside another one's head can't travel to the worker")
	}
	var bindings strings.Builder
	for _, name := range sorted(s.readsOf(x)) {
		if lv := s.resolve(name, u.level); lv < 0 && s.cells[name] != nil { // bound by a comprehension
			text, ok := s.literal(s.cells[name])
			if !ok {
				return nil, nil, diag.New(diag.UDFShipping, at.Pos(), "%s can't travel to the worker: it is not plain data", name)
			}
			fmt.Fprintf(&bindings, "%s = %s; ", name, text)
		} else if err := s.need(name, u.level); err != nil {
			return nil, nil, err
		}
	}
	return s, &extra{at: u.stmt, block: u.block, line: at.Line, indent: s.indentOf(u),
		text: fmt.Sprintf("%s%s = (%s)", bindings.String(), result, s.text(at))}, nil
}

// unitAt returns the innermost statement in which an expression stands.
func (s *slicer) unitAt(at pyast.Span) *unit {
	for i := len(s.levels) - 1; i >= 0; i-- {
		for _, u := range s.levels[i].units {
			if contains(u.stmt.Where(), at) || decorated(u.stmt, at) {
				return u
			}
		}
	}
	return nil
}

func (s *slicer) indentOf(u *unit) string {
	return newPage(s.module.File()).indent(firstLine(u.stmt))
}

// exprAt finds the expression with exactly the given place, outside of lambdas,
// the variables of which no statement binds.
func exprAt(body []pyast.Stmt, at pyast.Span) (found pyast.Expr) {
	pyast.WalkAll(body, func(n pyast.Node) bool {
		if x, ok := n.(pyast.Expr); ok && found == nil && x.Where() == at {
			found = x
		}
		_, isLambda := n.(*pyast.Lambda)
		return found == nil && !isLambda
	})
	return found
}
