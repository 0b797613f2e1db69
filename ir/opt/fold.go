package opt

import (
	"errors"
	"math/big"
	"reflect"
	"slices"
	"unicode/utf8"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/fn/list"
	"pyfc/rt/val"
)

// foldConstants computes calls and casts whose operands are constants, with the
// functions that the job would call. A call that fails is left for run time.
func foldConstants(s *ir.Sink, _ *Context) {
	ir.Walk(s, func(r ir.Rel) {
		r.MapExprs(FoldAll)
	})
}

// FoldAll folds an expression and what is in it. The constants that are left
// are literals of the planner; what is computed at once isn't limited by them.
func FoldAll(e ir.Expr) ir.Expr {
	return ir.MapExpr(ir.MapExpr(e, Fold), func(e ir.Expr) ir.Expr {
		if c, ok := e.(*ir.Const); ok {
			return ir.NewConst(c.T, literal(c.Value, c.T), c.Pos())
		}
		return e
	})
}

// literal is what becomes of a value as a literal of PyFlink 1.20.1's planner,
// which are as exact as their types say: numbers are decimal, without a -0.0,
// timestamps have the digits of their precision, and texts at most their length.
func literal(v any, t types.Type) any {
	switch v := v.(type) {
	case float64:
		if v == 0 {
			return 0.0
		}
	case val.Timestamp:
		return v.Truncate(t.Precision)
	case string:
		if t.Text() && utf8.RuneCountInString(v) > t.Precision {
			return string([]rune(v)[:t.Precision])
		}
	case []byte:
		if t.Kind == types.Binary && len(v) > t.Precision {
			return v[:t.Precision]
		}
	}
	return v
}

// Fold returns the constant that e is, or e itself. Its operands must have
// been folded before.
func Fold(e ir.Expr) ir.Expr {
	if cast, ok := e.(*ir.Cast); ok {
		if via, ok := list.CastVia(cast.Arg.Type(), cast.T); ok {
			e = ir.NewCast(Fold(ir.NewCast(cast.Arg, via, cast.Implicit, cast.Try, cast.Pos())), cast.T, cast.Implicit, cast.Try, cast.Pos())
		}
		if c, ok := kept(e.(*ir.Cast)); ok {
			return c
		}
	}
	if c, ok := e.(*ir.Call); ok {
		e = likeEmpty(c)
	}
	f, ok := implementation(e)
	if !ok {
		return foldNullRule(e)
	}
	var args []*ir.Const
	for i, a := range e.Operands() {
		c, ok := a.(*ir.Const)
		if ok && c.Value == nil && !f.SeesNull(i) {
			return ir.NewConst(e.Type(), nil, e.Pos())
		}
		if ok {
			args = append(args, c)
		}
	}
	if len(args) < len(e.Operands()) || f.Session {
		return e
	}
	v, err := apply(f, args, e.Type())
	if cast, ok := e.(*ir.Cast); ok && cast.NullsErrors() && err != nil && err != errNoImpl {
		return ir.NewConst(e.Type(), nil, e.Pos()) // what TRY_CAST is for
	}
	if err != nil {
		return e
	}
	if t, ok := v.(val.Time); ok && e.Type().Precision == 0 {
		// A literal has as many digits as are written, and so has what is computed
		// from it; a cast has none.
		if _, cast := e.(*ir.Cast); cast || !slices.ContainsFunc(args, hasFraction) {
			v = val.FloorDiv(t, 1000) * 1000
		}
	}
	return ir.NewConst(e.Type(), v, e.Pos())
}

// hasFraction reports whether a constant is a TIME with a fraction of a second.
func hasFraction(c *ir.Const) bool {
	t, ok := c.Value.(val.Time)
	return ok && t%1000 != 0
}

// likeEmpty makes LIKE of the empty constant pattern that of '%': in PyFlink 1.20.1
// all texts are like it, unless the pattern is known to be empty only when the
// job runs.
func likeEmpty(c *ir.Call) *ir.Call {
	if c.Fn != fn.LikeDecl.Name {
		return c
	}
	if pattern, ok := c.Args[1].(*ir.Const); ok && pattern.Value == "" {
		args := slices.Clone(c.Args)
		args[1] = ir.NewConst(types.NewChar(1).NotNull(), "%", pattern.Pos())
		return ir.NewCall(c.Fn, c.Overload, args, c.T, c.Pos())
	}
	return c
}

// foldNullRule folds the calls that the code generator expands itself.
func foldNullRule(e ir.Expr) ir.Expr {
	c, ok := e.(*ir.Call)
	if !ok {
		return e
	}
	d, ok := list.Lookup(c.Fn)
	if !ok {
		return e
	}
	switch rule := d.Overloads[c.Overload].Null; rule {
	case fn.And, fn.Or:
		return foldConnective(c, rule == fn.Or)
	case fn.IsNull, fn.IsNotNull:
		if arg, ok := c.Args[0].(*ir.Const); ok {
			return ir.NewConst(c.T, (arg.Value == nil) == (rule == fn.IsNull), c.Pos())
		}
	}
	return e
}

// foldConnective folds AND and OR where an operand decides, is neutral, or both
// are NULL. FALSE decides AND, TRUE decides OR.
func foldConnective(c *ir.Call, decides bool) ir.Expr {
	nulls := 0
	for i, a := range c.Args {
		v, isConst := a.(*ir.Const)
		other := c.Args[1-i]
		switch {
		case !isConst:
		case v.Value == nil:
			nulls++
		case v.Value == decides:
			return ir.NewConst(c.T, decides, c.Pos())
		case other.Type().Equal(c.T):
			return other
		}
	}
	if nulls == len(c.Args) {
		return ir.NewConst(c.T, nil, c.Pos())
	}
	return c
}

// implementation is the function that computes e; ok is false where there is
// none, or none that gives the same each time.
func implementation(e ir.Expr) (f list.Implementation, ok bool) {
	switch e := e.(type) {
	case *ir.Call:
		d, ok := list.Lookup(e.Fn)
		if !ok || d.Volatile {
			return f, false
		}
		return list.For(d.Overloads[e.Overload].Impls, ir.Args(e.Args))
	case *ir.Cast:
		d, _ := list.Cast(e.Arg.Type().Kind, e.T.Kind)
		return list.For([]any{d.Impl}, ir.Args(e.Operands()))
	}
	return f, false
}

// kept is a converted constant whose value stays as it is.
func kept(e *ir.Cast) (*ir.Const, bool) {
	c, ok := e.Arg.(*ir.Const)
	if !ok || !fn.SameValues(c.T, e.T) {
		return nil, false
	}
	return ir.NewConst(e.T, c.Value, e.Pos()), true
}

// errNoImpl says that the result has no constant.
var errNoImpl = errors.New("no implementation for these constants")

// apply calls f with constants. The value is nil for NULL.
func apply(f list.Implementation, args []*ir.Const, t types.Type) (any, error) {
	if t.Nested() {
		return nil, errNoImpl
	}
	var in []reflect.Value
	if f.Arena {
		in = append(in, reflect.ValueOf(val.NewArena()))
	}
	var given []reflect.Value
	argTypes := make([]types.Type, len(args))
	for i, a := range args {
		d, ok := DatumOf(a)
		if !ok {
			return nil, errNoImpl
		}
		argTypes[i] = a.T
		given = append(given, f.Value(i, d, &a.T))
	}
	computes := f.TypeArgs(argTypes, t)
	if f.Variadic {
		given = append(computes, given...)
	} else {
		given = append(given, computes...)
	}
	return result(f, reflect.ValueOf(f.Impl).Call(append(in, given...)), t)
}

func result(f list.Implementation, out []reflect.Value, t types.Type) (any, error) {
	if last := out[len(out)-1]; f.Fails && !last.IsNil() {
		return nil, last.Interface().(error)
	}
	if f.Partial && !out[1].Bool() {
		return nil, nil
	}
	d, ok := list.DatumOf(out[0])
	if !ok {
		return nil, errNoImpl
	}
	return constValue(d, t)
}

// constValue is a value as a constant of the type has it.
func constValue(d val.Datum, t types.Type) (any, error) {
	switch {
	case d.Null:
		return nil, nil
	case t.Integer():
		return d.Int(), nil
	case t.Approximate():
		return d.Float(), nil
	case t.Text():
		return val.Keep(d.Text()), nil
	case t.Binary():
		return []byte(d.Text()), nil
	case t.Timestamp():
		if !written(d.Timestamp().Date()) {
			return nil, errNoImpl
		}
		return d.Timestamp(), nil
	}
	switch t.Kind {
	case types.Boolean:
		return d.Bool(), nil
	case types.Decimal:
		return d.Decimal().Big(), nil
	case types.Date:
		if !written(val.Date(d.Int())) {
			return nil, errNoImpl
		}
		return val.Date(d.Int()), nil
	case types.Time:
		return val.Time(d.Int()), nil
	case types.IntervalYearMonth:
		return val.Months(d.Int()), nil
	case types.IntervalDayTime:
		return val.Millis(d.Int()), nil
	}
	return nil, errNoImpl
}

// written reports whether plans can write a date.
func written(d val.Date) bool {
	year, _, _ := d.Civil()
	return year >= 0 && year <= 9999
}

// DatumOf is a constant's value; false for a DECIMAL of too many digits.
func DatumOf(c *ir.Const) (val.Datum, bool) {
	switch v := c.Value.(type) {
	case nil:
		return val.NullDatum(), true
	case *big.Int:
		d, ok := val.DecimalOfBig(v)
		return val.DecimalDatum(d), ok
	case []byte:
		return val.TextDatum(string(v)), true
	}
	return list.DatumOf(reflect.ValueOf(c.Value))
}
