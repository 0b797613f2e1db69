package opt

import (
	"errors"
	"math/big"
	"reflect"
	"slices"

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
		r.MapExprs(func(e ir.Expr) ir.Expr { return ir.MapExpr(e, Fold) })
	})
}

// Fold returns the constant that e is, or e itself. Its operands must have
// been folded before.
func Fold(e ir.Expr) ir.Expr {
	impls, ok := strictImpls(e)
	if !ok {
		return foldNullRule(e)
	}
	var args []*ir.Const
	for _, a := range e.Operands() {
		if c, ok := a.(*ir.Const); ok && c.Value == nil {
			return ir.NewConst(e.Type(), nil, e.Pos())
		} else if ok {
			args = append(args, c)
		}
	}
	if len(args) < len(e.Operands()) {
		return e
	}
	v, err := apply(impls, args, e.Type())
	if cast, ok := e.(*ir.Cast); ok && cast.Try && cast.Arg.Type().Text() && err != nil && err != errNoImpl {
		return ir.NewConst(e.Type(), nil, e.Pos()) // what TRY_CAST is for
	}
	if err != nil {
		return e
	}
	return ir.NewConst(e.Type(), v, e.Pos())
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

// strictImpls are the functions one of which computes e; ok is false where
// there are none or where they handle NULL themselves.
func strictImpls(e ir.Expr) (impls []any, ok bool) {
	switch e := e.(type) {
	case *ir.Call:
		d, ok := list.Lookup(e.Fn)
		if !ok || d.Overloads[e.Overload].Null != fn.Strict {
			return nil, false
		}
		return d.Overloads[e.Overload].Impls, true
	case *ir.Cast:
		d, ok := list.Cast(e.Arg.Type().Kind, e.T.Kind)
		if ok && d.Impl == nil {
			return []any{passOnText}, true
		}
		return []any{d.Impl}, ok
	}
	return nil, false
}

// passOnText is the conversion between kinds of text, which keeps the value.
func passOnText(s string) string { return s }

// errNoImpl says that no function takes the constants.
var errNoImpl = errors.New("no implementation for these constants")

// apply calls the implementation that takes the arguments. The value is nil for
// NULL.
func apply(impls []any, args []*ir.Const, t types.Type) (any, error) {
	in := make([]reflect.Value, len(args))
	argTypes := make([]types.Type, len(args))
	for i, a := range args {
		v, ok := goValue(a)
		if !ok {
			return nil, errNoImpl
		}
		in[i], argTypes[i] = v, a.Type()
	}
	for _, impl := range impls {
		s := list.SignatureOf(impl)
		if !slices.EqualFunc(s.Args, in, func(t reflect.Type, v reflect.Value) bool { return t == v.Type() }) {
			continue
		}
		call := in
		if s.Arena {
			call = append([]reflect.Value{reflect.ValueOf(val.NewArena())}, in...)
		}
		for _, shape := range s.ShapesOf(argTypes, t) {
			call = append(call, reflect.ValueOf(shape))
		}
		return result(s, reflect.ValueOf(impl).Call(call))
	}
	return nil, errNoImpl
}

func result(s list.Signature, out []reflect.Value) (any, error) {
	if last := out[len(out)-1]; s.Fails && !last.IsNil() {
		return nil, last.Interface().(error)
	}
	if s.Partial && !out[1].Bool() {
		return nil, nil
	}
	switch v := out[0]; v.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), nil
	case reflect.Float32, reflect.Float64:
		return v.Float(), nil
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.String:
		return v.String(), nil
	}
	if d, ok := out[0].Interface().(val.Decimal); ok {
		return d.Big(), nil
	}
	return nil, errNoImpl
}

// goValue is a constant as the Go type that stands for its SQL type.
func goValue(c *ir.Const) (reflect.Value, bool) {
	switch v := c.Value.(type) {
	case int64:
		switch c.T.Kind {
		case types.TinyInt:
			return reflect.ValueOf(int8(v)), true
		case types.SmallInt:
			return reflect.ValueOf(int16(v)), true
		case types.Int:
			return reflect.ValueOf(int32(v)), true
		case types.BigInt:
			return reflect.ValueOf(v), true
		}
	case float64:
		if c.T.Kind == types.Float {
			return reflect.ValueOf(float32(v)), true
		}
		return reflect.ValueOf(v), true
	case bool, string:
		return reflect.ValueOf(v), true
	case *big.Int:
		d, ok := val.DecimalOfBig(v)
		return reflect.ValueOf(d), ok
	}
	return reflect.Value{}, false
}
