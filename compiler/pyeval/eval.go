package pyeval

import (
	"slices"
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// eval evaluates an expression. The innermost expression that fails gives the
// error its place.
func (t *Thread) eval(e pyast.Expr) (Value, error) {
	if err := t.Step(); err != nil {
		return nil, locate(err, e.Where())
	}
	v, err := t.evalNode(e)
	if err != nil || len(t.unplaced) > 0 {
		err = t.settle(err, e.Where())
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (t *Thread) evalNode(e pyast.Expr) (Value, error) {
	switch e := e.(type) {
	case *pyast.Constant:
		return t.constant(e)
	case *pyast.Name:
		return t.load(e.ID)
	case *pyast.Attribute:
		return t.evalAttribute(e)
	case *pyast.Call:
		return t.evalCall(e)
	case *pyast.BinOp:
		return t.evalBinOp(e)
	case *pyast.UnaryOp:
		return t.evalUnary(e)
	case *pyast.BoolOp:
		return t.evalBoolOp(e)
	case *pyast.Compare:
		return t.evalCompare(e)
	case *pyast.Subscript:
		v, err := t.eval(e.Value)
		if err != nil {
			return nil, err
		}
		key, err := t.eval(e.Index)
		if err != nil {
			return nil, err
		}
		t.frame.at = e.Span
		return t.Index(v, key)
	case *pyast.Slice:
		return t.evalSlice(e)
	case *pyast.IfExp:
		var yes bool
		var late *Opaque
		var err error
		t.asking(func() bool { return t.removesIn(e.Body, e.OrElse) }, func() { yes, late, err = t.decide(e.Test, "a conditional expression") })
		if late != nil {
			return t.eitherValue(late, e.Body, e.OrElse)
		}
		if err != nil {
			return nil, err
		}
		if yes {
			return t.eval(e.Body)
		}
		return t.eval(e.OrElse)
	case *pyast.NamedExpr:
		v, err := t.eval(e.Value)
		if err == nil {
			t.storeWalrus(e.Target.ID, v)
		}
		return v, err
	case *pyast.Tuple:
		return t.watch("(…)", func() (Value, error) {
			elems, err := t.evalElems(e.Elts)
			return NewTuple(elems...), err
		})
	case *pyast.List:
		return t.watch("[…]", func() (Value, error) {
			elems, err := t.evalElems(e.Elts)
			return NewList(elems...), err
		})
	case *pyast.Yield, *pyast.YieldFrom:
		return t.evalOther(e)
	}
	return t.watch("a value", func() (Value, error) { return t.evalOther(e) })
}

// evalOther evaluates the expressions that are seldom or open a scope.
func (t *Thread) evalOther(e pyast.Expr) (Value, error) {
	switch e := e.(type) {
	case *pyast.Set:
		elems, err := t.evalElems(e.Elts)
		if err != nil {
			return nil, err
		}
		s, err := t.makeSet(elems)
		if err == nil && isConstantSet(e.Elts) {
			s, err = s.copySet(t)
		}
		if err != nil {
			return nil, err
		}
		return s, nil
	case *pyast.Dict:
		return t.evalDict(e)
	case *pyast.JoinedStr:
		return t.evalJoined(e)
	case *pyast.FormattedValue:
		return t.evalFormatted(e)
	case *pyast.Lambda:
		return t.makeLambda(e)
	case *pyast.ListComp, *pyast.SetComp, *pyast.DictComp, *pyast.GeneratorExp:
		return t.evalComp(e)
	case *pyast.Yield:
		v := None
		if e.Value != nil {
			var err error
			if v, err = t.eval(e.Value); err != nil {
				return nil, err
			}
		}
		return t.yield(v)
	case *pyast.YieldFrom:
		return t.yieldFrom(e)
	case *pyast.Starred:
		return nil, diag.New(diag.PySyntax, e.Span.Pos(), "a starred expression cannot stand here")
	}
	return nil, diag.New(diag.PyUnsupported, e.Where().Pos(), "this expression isn't supported")
}

// constant makes a literal's value once.
func (t *Thread) constant(c *pyast.Constant) (Value, error) {
	if v, ok := t.consts[c]; ok {
		return v, nil
	}
	v, err := constValue(c)
	if err == nil {
		t.consts[c] = v
	}
	return v, err
}

// decide evaluates an expression as a truth value, which may be late.
func (t *Thread) decide(e pyast.Expr, what string) (yes bool, late *Opaque, err error) {
	v, err := t.eval(e)
	if err != nil {
		return false, nil, err
	}
	if late = asLate(v); late != nil {
		return false, late, nil
	}
	seen := t.looks.seen
	yes, err = t.Truth(v, what)
	if t.looks.seen != seen {
		t.looks.seen, late = seen, t.looks.last
	}
	return yes, late, t.settle(err, e.Where())
}

// eitherValue evaluates expressions of which only the run knows whether they
// are evaluated.
func (t *Thread) eitherValue(late *Opaque, exprs ...pyast.Expr) (Value, error) {
	for _, x := range exprs {
		if _, err := t.explore(late, false, func() (flow, error) {
			_, err := t.eval(x)
			return goOn, err
		}); err != nil {
			return nil, err
		}
	}
	return late.derive("a value that depends on "+late.Origin, t.Where()), nil
}

// condition evaluates an expression as a truth value.
func (t *Thread) condition(e pyast.Expr, what string) (bool, error) {
	v, err := t.eval(e)
	if err != nil {
		return false, err
	}
	yes, err := t.Truth(v, what)
	return yes, t.settle(err, e.Where())
}

func (t *Thread) evalAttribute(e *pyast.Attribute) (Value, error) {
	v, err := t.eval(e.Value)
	if err != nil {
		return nil, err
	}
	t.frame.at = e.AttrSpan
	a, err := t.GetAttr(v, t.frame.mangle(e.Attr))
	if isRaised(err, AttributeError) && t.in.ofPackage(moduleOf(v)) {
		if missing, ok := t.lacks(err, ownerOf(v), e.Attr, e.AttrSpan, "AttributeError"); ok {
			return missing, t.settle(nil, e.AttrSpan)
		}
	}
	return a, t.settle(err, e.AttrSpan)
}

func (t *Thread) evalCall(e *pyast.Call) (Value, error) {
	fn, err := t.eval(e.Func)
	if err != nil {
		return nil, err
	}
	seen := t.looks.seen
	args, err := t.evalArgs(fn, e.Args, e.Keywords)
	if err != nil {
		return nil, err
	}
	if t.looks.seen != seen { // *rows
		t.looks.seen = seen
		return t.looks.last.derive("f(*…)", e.Span), nil
	}
	at := e.Func.Where()
	if a, ok := e.Func.(*pyast.Attribute); ok {
		at = a.AttrSpan
	}
	t.frame.at = e.Span
	if t.in.opts.Recorder != nil && !ofScript(fn) && !t.frame.optimisedCall(e) {
		t.recordAt = e.Span
	}
	v, err := t.Invoke(fn, args, e.Span, at)
	t.recordAt = pyast.Span{}
	if a, ok := e.Func.(*pyast.Attribute); ok && isRaised(err, TypeError) && t.madeUp(fn) {
		err = suggest(err, a.Attr, attrNames(fn))
		if missing, ok := t.lacks(err, ownerOf(fn), a.Attr, at, "TypeError"); ok {
			return missing, t.settle(nil, at)
		}
	}
	return v, t.settle(err, at)
}

// ofScript reports whether the script has written what is called.
func ofScript(fn Value) bool {
	switch fn := fn.(type) {
	case *Function:
		return true
	case *BoundMethod:
		return ofScript(fn.fn)
	case *Class:
		return fn.made
	}
	return false
}

// shownCall names what is called in a message about its arguments.
func shownCall(fn Value) string {
	switch f := fn.(type) {
	case *Function:
		return f.module.name + "." + f.qualname + "()"
	case *BoundMethod:
		return shownCall(f.fn)
	case *Native:
		return f.qualname + "()"
	case *Class:
		if f.module == "builtins" {
			return f.qualname + "()"
		}
		return f.module + "." + f.qualname + "()"
	}
	return "function"
}

// evalArgs evaluates the arguments of a call in order.
func (t *Thread) evalArgs(fn Value, pos []pyast.Expr, keywords []pyast.Keyword) ([]Arg, error) {
	args := make([]Arg, 0, len(pos)+len(keywords))
	for _, p := range pos {
		if s, ok := p.(*pyast.Starred); ok {
			elems, err := t.evalUnpacked(s)
			if err != nil {
				return nil, err
			}
			for _, v := range elems {
				args = append(args, Arg{Value: v})
			}
			continue
		}
		v, err := t.eval(p)
		if err != nil {
			return nil, err
		}
		args = append(args, Arg{Value: v, Expr: p})
	}
	for _, k := range keywords {
		v, err := t.eval(k.Value)
		if err != nil {
			return nil, err
		}
		if k.Name != "" {
			args = append(args, Arg{Name: k.Name, Value: v, Expr: k.Value})
			continue
		}
		if args, err = t.spreadKeywords(fn, args, v); err != nil {
			return nil, t.settle(err, k.Value.Where())
		}
	}
	return args, nil
}

// evalUnpacked evaluates *value.
func (t *Thread) evalUnpacked(s *pyast.Starred) ([]Value, error) {
	v, err := t.eval(s.Value)
	if err != nil {
		return nil, err
	}
	elems, err := t.Iterate(v)
	return elems, t.settle(err, s.Value.Where())
}

// spreadKeywords adds **v to the arguments.
func (t *Thread) spreadKeywords(fn Value, args []Arg, v Value) ([]Arg, error) {
	d, err := t.asDict(v)
	if err != nil {
		return nil, err
	}
	for k, x := range d.Items() {
		name, ok := plain(k).(*Str)
		if !ok {
			return nil, Errorf(TypeError, "keywords must be strings")
		}
		if slices.ContainsFunc(args, func(a Arg) bool { return a.Name == name.s }) {
			return nil, Errorf(TypeError, "%s got multiple values for keyword argument '%s'", shownCall(fn), name.s)
		}
		args = append(args, Arg{Name: name.s, Value: x})
	}
	return args, nil
}

// asDict takes a dict or what has keys() as a dict.
func (t *Thread) asDict(v Value) (*Dict, error) {
	switch v := plain(v).(type) {
	case *Dict:
		return v, nil
	case *Opaque:
		t.AssumeOpaque(v, "is taken apart")
		return NewDict(), nil
	}
	keys := operatorMethod(v, "keys")
	if keys == nil {
		return nil, Errorf(TypeError, "'%s' object is not a mapping", v.Class().name)
	}
	ks, err := t.callMethod(keys, v)
	if err != nil {
		return nil, err
	}
	elems, err := t.Iterate(ks)
	if err != nil {
		return nil, err
	}
	d := NewDict()
	for _, k := range elems {
		x, err := t.Index(v, k)
		if err != nil {
			return nil, err
		}
		if err := d.Set(t, k, x); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (t *Thread) evalBinOp(e *pyast.BinOp) (Value, error) {
	a, err := t.eval(e.Left)
	if err != nil {
		return nil, err
	}
	b, err := t.eval(e.Right)
	if err != nil {
		return nil, err
	}
	t.frame.at = e.Span
	return t.Binary(e.Op, a, b)
}

func (t *Thread) evalUnary(e *pyast.UnaryOp) (Value, error) {
	if e.Op == "not" {
		yes, late, err := t.decide(e.Operand, "a condition")
		if late != nil {
			return late.derive("not "+late.Origin, e.Span), nil
		}
		return Bool(!yes), err
	}
	v, err := t.eval(e.Operand)
	if err != nil {
		return nil, err
	}
	t.frame.at = e.Span
	return t.Unary(e.Op, v)
}

// evalBoolOp is a chain of and or or; the value is that of the last operand
// evaluated.
func (t *Thread) evalBoolOp(e *pyast.BoolOp) (Value, error) {
	for i, x := range e.Values {
		var v Value
		var err error
		t.asking(func() bool { return t.removesIn(e.Values[i+1:]...) }, func() { v, err = t.eval(x) })
		if err != nil || i == len(e.Values)-1 {
			return v, err
		}
		if late := asLate(v); late != nil {
			return t.eitherValue(late, e.Values[i+1:]...)
		}
		if s, ok := v.(*Sym); ok && e.Op == "or" {
			return t.symOr(s, e, i)
		}
		yes, err := t.Truth(v, "a condition")
		if err = t.settle(err, x.Where()); err != nil {
			return nil, err
		}
		if yes == (e.Op == "or") {
			return v, nil
		}
	}
	return None, nil
}

func (t *Thread) evalCompare(e *pyast.Compare) (Value, error) {
	left, err := t.eval(e.Left)
	if err != nil {
		return nil, err
	}
	for i, op := range e.Ops {
		right, err := t.eval(e.Comparators[i])
		if err != nil {
			return nil, err
		}
		t.frame.at = e.Span
		v, err := t.compareOp(op, left, right)
		if err != nil || i == len(e.Ops)-1 || asLate(v) != nil {
			return v, err
		}
		if yes, err := t.Truth(v, "a comparison"); !yes || err != nil {
			return v, err
		}
		left = right
	}
	return None, nil
}

func (t *Thread) compareOp(op string, a, b Value) (Value, error) {
	return t.watch("a comparison", func() (Value, error) { return t.compareBy(op, a, b) })
}

func (t *Thread) compareBy(op string, a, b Value) (Value, error) {
	if late := lateIn([]Value{a, b}, 0); late != nil && strings.Contains("is not in", op) {
		return late.derive(late.Origin+" "+op+" …", t.Where()), nil
	}
	switch op {
	case "is", "is not":
		same, err := t.identical(a, b)
		return Bool(same == (op == "is")), err
	case "in", "not in":
		in, err := t.Contains(b, a)
		return Bool(in == (op == "in")), err
	}
	return t.Compare(op, a, b)
}

// neverText reports whether a value is known, and no str.
func neverText(v Value) bool {
	switch v.(type) {
	case *Opaque, *Sym, *Str:
		return false
	}
	return true
}

// identical is a is b. Equal small constants are one object in CPython; here
// all equal numbers are, and strs by their text when both come from literals.
func (t *Thread) identical(a, b Value) (bool, error) {
	if a == b {
		return true, nil
	}
	if isSym(a) && b == None || isSym(b) && a == None {
		return t.symIsNone(a, b)
	}
	if o := anyOpaque(a, b); o != nil {
		if o.IsText() && (neverText(a) || neverText(b)) {
			return false, nil
		}
		t.AssumeOpaque(o, "is compared by is")
		return false, nil
	}
	if x, ok := a.(*Str); ok {
		if y, ok := b.(*Str); ok {
			return x.s == y.s, nil
		}
	}
	if x, ok := a.(*Tuple); ok {
		y, ok := b.(*Tuple)
		return ok && len(x.elems) == 0 && len(y.elems) == 0, nil
	}
	return false, nil
}

func (t *Thread) evalSlice(e *pyast.Slice) (Value, error) {
	s := &Slice{None, None, None}
	for _, part := range []struct {
		expr pyast.Expr
		to   *Value
	}{{e.Lower, &s.start}, {e.Upper, &s.stop}, {e.Step, &s.step}} {
		if part.expr == nil {
			continue
		}
		v, err := t.eval(part.expr)
		if err != nil {
			return nil, err
		}
		*part.to = v
	}
	return s, nil
}

// evalElems evaluates the elements of a display.
func (t *Thread) evalElems(elts []pyast.Expr) ([]Value, error) {
	if err := t.alloc(16*len(elts) + 32); err != nil {
		return nil, err
	}
	out := make([]Value, 0, len(elts))
	for _, x := range elts {
		if s, ok := x.(*pyast.Starred); ok {
			elems, err := t.evalUnpacked(s)
			if err != nil {
				return nil, err
			}
			out = append(out, elems...)
			continue
		}
		v, err := t.eval(x)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (t *Thread) makeSet(elems []Value) (*Set, error) {
	s := NewSet()
	for _, v := range elems {
		if err := s.Add(t, v); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (t *Thread) evalDict(e *pyast.Dict) (Value, error) {
	if err := t.alloc(64*len(e.Keys) + 64); err != nil {
		return nil, err
	}
	d := NewDict()
	for i, k := range e.Keys {
		if k == nil {
			v, err := t.eval(e.Values[i])
			if err != nil {
				return nil, err
			}
			other, err := t.asDict(v)
			if err == nil {
				err = t.updateDict(d, other)
			}
			if err = t.settle(err, e.Values[i].Where()); err != nil {
				return nil, err
			}
			continue
		}
		key, err := t.eval(k)
		if err != nil {
			return nil, err
		}
		v, err := t.eval(e.Values[i])
		if err != nil {
			return nil, err
		}
		if err := t.settle(d.Set(t, key, v), k.Where()); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// updateDict copies the entries of another dict.
func (t *Thread) updateDict(d, other *Dict) error {
	for k, v := range other.Items() {
		if err := d.Set(t, k, v); err != nil {
			return err
		}
	}
	return t.alloc(64 * other.Len())
}

func (t *Thread) evalJoined(e *pyast.JoinedStr) (Value, error) {
	var b textBuilder
	for _, part := range e.Values {
		v, err := t.eval(part)
		if err != nil {
			return nil, err
		}
		b.add(v)
	}
	return b.value(e.Span), t.alloc(b.size)
}

func (t *Thread) evalFormatted(e *pyast.FormattedValue) (Value, error) {
	v, err := t.eval(e.Value)
	if err != nil {
		return nil, err
	}
	if e.Conversion != 0 {
		if v, err = t.convert(v, e.Conversion); err != nil {
			return nil, err
		}
	}
	format := ""
	if e.FormatSpec != nil {
		f, err := t.eval(e.FormatSpec)
		if err != nil {
			return nil, err
		}
		if format, err = t.Str(f); err != nil {
			return nil, err
		}
	}
	t.frame.at = e.Span
	return t.Format(v, format)
}
