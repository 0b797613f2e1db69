package opt

import (
	"reflect"

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
	var impls []any
	switch x := e.(type) {
	case *ir.Call:
		d, ok := list.Lookup(x.Fn)
		if !ok || d.Overloads[x.Overload].Null != fn.Strict {
			return e
		}
		impls = d.Overloads[x.Overload].Impls
	case *ir.Cast:
		d, ok := list.Cast(x.Arg.Type().Kind, x.T.Kind)
		if !ok || x.Try || d.Impl == nil {
			return e
		}
		impls = []any{d.Impl}
	default:
		return e
	}
	args := make([]*ir.Const, len(e.Operands()))
	for i, a := range e.Operands() {
		c, ok := a.(*ir.Const)
		if !ok {
			return e
		}
		if c.Value == nil {
			return ir.NewConst(e.Type(), nil, e.Pos())
		}
		args[i] = c
	}
	if v, ok := apply(impls, args); ok {
		return ir.NewConst(e.Type(), v, e.Pos())
	}
	return e
}

func apply(impls []any, args []*ir.Const) (any, bool) {
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		v, ok := goValue(a)
		if !ok {
			return nil, false
		}
		in[i] = v
	}
	arena := val.NewArena()
	for _, impl := range impls {
		f := reflect.ValueOf(impl)
		call := in
		if f.Type().NumIn() > 0 && f.Type().In(0) == reflect.TypeFor[*val.Arena]() {
			call = append([]reflect.Value{reflect.ValueOf(arena)}, in...)
		}
		if takes(f.Type(), call) {
			return result(f.Call(call))
		}
	}
	return nil, false
}

func takes(t reflect.Type, args []reflect.Value) bool {
	if t.NumIn() != len(args) {
		return false
	}
	for i, a := range args {
		if t.In(i) != a.Type() {
			return false
		}
	}
	return true
}

func result(out []reflect.Value) (any, bool) {
	if len(out) == 2 && !out[1].IsNil() {
		return nil, false
	}
	switch v := out[0]; v.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), true
	case reflect.Float32, reflect.Float64:
		return v.Float(), true
	case reflect.Bool:
		return v.Bool(), true
	case reflect.String:
		return v.String(), true
	}
	return nil, false
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
	}
	return reflect.Value{}, false
}
