package fn_test

import (
	"fmt"
	"reflect"
	"time"

	"pyfc/ir"
	"pyfc/ir/opt"
	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/fn/list"
	"pyfc/rt/val"
)

// compute evaluates an expression without columns, with the functions that a
// job calls.
func compute(e ir.Expr) (val.Datum, error) {
	switch e := e.(type) {
	case *ir.Const:
		d, ok := opt.DatumOf(e)
		if !ok {
			return d, fmt.Errorf("no value of %s", e)
		}
		return d, nil
	case *ir.Cast:
		d, err := compute(e.Arg)
		if err == nil {
			d, err = convert(d, e.Arg.Type(), e.T)
		}
		if err != nil && e.Try {
			return val.NullDatum(), nil
		}
		return d, err
	case *ir.Case:
		for i, w := range e.Whens {
			if d, err := compute(w); err != nil {
				return d, err
			} else if !d.Null && d.Bool() {
				return compute(e.Thens[i])
			}
		}
		return compute(e.Else)
	case *ir.Call:
		return computeCall(e)
	}
	return val.Datum{}, fmt.Errorf("no value of %T", e)
}

func computeCall(e *ir.Call) (val.Datum, error) {
	d, _ := list.Lookup(e.Fn)
	o := d.Overloads[e.Overload]
	args := make([]val.Datum, len(e.Args))
	argTypes := make([]types.Type, len(e.Args))
	for i, a := range e.Args {
		var err error
		if args[i], err = compute(a); err != nil {
			return args[i], err
		}
		argTypes[i] = a.Type()
	}
	switch o.Null {
	case fn.IsNull, fn.IsNotNull:
		return val.BoolDatum(args[0].Null == (o.Null == fn.IsNull)), nil
	case fn.And, fn.Or:
		for _, a := range args {
			if !a.Null && a.Bool() == (o.Null == fn.Or) {
				return a, nil
			}
		}
		return val.BoolDatum(o.Null == fn.And).Unless(args[0].Null || args[1].Null), nil
	}
	f, ok := list.For(o.Impls, ir.Args(e.Args))
	if !ok {
		return val.Datum{}, fmt.Errorf("no implementation of %s", e)
	}
	return call(f, args, argTypes, e.T)
}

// call calls an implementation with values, and what else it wants.
func call(f list.Implementation, args []val.Datum, argTypes []types.Type, t types.Type, behind ...reflect.Value) (val.Datum, error) {
	var in, given []reflect.Value
	if f.State != nil {
		in = append(in, reflect.New(f.State))
	}
	if f.Session {
		in = append(in, reflect.ValueOf(&val.Session{Zone: time.UTC}))
	}
	if f.Arena {
		in = append(in, reflect.ValueOf(val.NewArena()))
	}
	for i, d := range args {
		if d.Null && !f.SeesNull(i) {
			return val.NullDatum(), nil
		}
		given = append(given, f.Value(i, d, &argTypes[i]))
	}
	if computes := f.TypeArgs(argTypes, t); f.Variadic {
		given = append(computes, given...)
	} else {
		given = append(given, computes...)
	}
	out := reflect.ValueOf(f.Impl).Call(append(append(in, given...), behind...))
	if last := out[len(out)-1]; f.Fails && !last.IsNil() {
		return val.Datum{}, last.Interface().(error)
	}
	if f.Partial && !out[1].Bool() {
		return val.NullDatum(), nil
	}
	d, _ := list.DatumOf(out[0])
	return d, nil
}

func convert(d val.Datum, from, to types.Type) (val.Datum, error) {
	if d.Null || fn.SameValues(from, to) {
		return d, nil
	}
	if via, ok := list.CastVia(from, to); ok {
		text, err := convert(d, from, via)
		if err != nil {
			return text, err
		}
		return convert(text, via, to)
	}
	if nested, ok := fn.CastNested(from, to); ok {
		element := fn.ElementCast(func(i int, d val.Datum, out *val.Datum) (err error) {
			*out, err = convert(d, nested.From[i], nested.To[i])
			return err
		})
		s := list.SignatureOf(nested.Impl)
		s.Args = s.Args[:1]
		return call(list.Implementation{Signature: s, Impl: nested.Impl}, []val.Datum{d}, []types.Type{from}, to, reflect.ValueOf(element))
	}
	c, ok := list.Cast(from.Kind, to.Kind)
	if !ok {
		return d, fmt.Errorf("no cast from %s to %s", from, to)
	}
	return call(list.Implementation{Signature: list.SignatureOf(c.Impl), Impl: c.Impl}, []val.Datum{d}, []types.Type{from}, to)
}
