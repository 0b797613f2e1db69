package opt

import (
	"strings"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/val"
)

// missingItems has the job answer as PyFlink 1.20.1 where an array or a map hasn't
// what is asked for, and its elements' type has no NULL: its planner takes the
// result for one that is never NULL, so that as a column, and as a constant, it is
// what the generated code puts into variables to begin with. Within other
// expressions it is NULL.
func missingItems(s *ir.Sink, _ *Context) {
	ir.Walk(s, func(r ir.Rel) {
		r.MapExprs(fillConstants)
		if p, ok := r.(*ir.Project); ok {
			for i, e := range p.Columns {
				p.Columns[i] = fill(e, false)
			}
		}
	})
}

// fillConstants fills the greatest parts of an expression that are constant.
func fillConstants(e ir.Expr) ir.Expr {
	if _, isUDF := e.(*ir.UDFCall); !isUDF && len(ir.Columns(e)) == 0 && !ir.Volatile(e) {
		return fill(e, true)
	}
	args := e.Operands()
	if len(args) == 0 {
		return e
	}
	filled := make([]ir.Expr, len(args))
	for i, a := range args {
		filled[i] = fillConstants(a)
	}
	return e.WithOperands(filled)
}

// fill is an element or a map's value with what stands for a missing one.
func fill(e ir.Expr, constant bool) ir.Expr {
	if !NeverNull(e) {
		return e
	}
	elements := e.Operands()[0].Type().Elems
	v, ok := Missing(elements[len(elements)-1], constant)
	if !ok {
		return e
	}
	t := e.Type()
	isNull := ir.NewCall(fn.IsNullDecl.Name, 0, []ir.Expr{e}, types.Of(types.Boolean).NotNull(), e.Pos())
	return ir.NewCase([]ir.Expr{isNull}, []ir.Expr{ir.NewConst(t.NotNull(), v, e.Pos())}, e, t, e.Pos())
}

// NeverNull reports whether the planner of PyFlink 1.20.1 takes what is looked up
// in an array or a map for never NULL, though it may be missing.
func NeverNull(e ir.Expr) bool {
	c, ok := e.(*ir.Call)
	if !ok || c.Fn != fn.ItemDecl.Name || c.Args[0].Type().Nullable {
		return false
	}
	elements := c.Args[0].Type().Elems
	return !elements[len(elements)-1].Nullable
}

// Missing is the value that stands for a missing one of a type; false where that
// is NULL all the same. A constant text is padded to its length.
func Missing(t types.Type, constant bool) (any, bool) {
	switch t.Kind {
	case types.Boolean:
		return false, true
	case types.TinyInt, types.SmallInt, types.Int, types.BigInt:
		return int64(-1), true
	case types.Float, types.Double:
		return -1.0, true
	case types.Date:
		return val.Date(-1), true
	case types.IntervalYearMonth:
		return val.Months(-1), true
	case types.IntervalDayTime:
		return val.Millis(-1), true
	case types.Char:
		if constant {
			return strings.Repeat(" ", t.Precision), true
		}
		return "", true
	case types.VarChar:
		return "", true
	}
	return nil, false
}
