package opt

import (
	"slices"
	"strings"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/agg"
	"pyfc/rt/fn"
	fnlist "pyfc/rt/fn/list"
	"pyfc/rt/val"
)

// missingItems has the job answer as PyFlink 1.20.1 where an array or a map hasn't
// what is asked for, and its elements' type has no NULL: its planner takes the
// result for one that is never NULL, so that as a column, and as a constant, it is
// what the generated code puts into variables to begin with. Within other
// expressions it is NULL. In batch mode the same goes for LAG and LEAD with a
// default that is never NULL, and for what is computed from them.
func missingItems(s *ir.Sink, c *Context) {
	ir.Walk(s, func(r ir.Rel) {
		r.MapExprs(fillConstants)
		var d defaulted
		if c.Batch && len(r.Inputs()) == 1 {
			d.in = r.Inputs()[0]
			r.MapExprs(d.tested)
		}
		p, ok := r.(*ir.Project)
		if !ok {
			return
		}
		unread := d.passedOn(p)
		for i, e := range p.Columns {
			if p.Columns[i] = fill(e, false); !unread && e.Type().Nullable && d.within(e) && d.neverNull(e) {
				p.Columns[i] = filled(e, e, false)
			}
		}
	})
}

// defaulted are the columns of a relation that are LAG or LEAD with a default which
// is never NULL, so that PyFlink 1.20.1 takes the result for never NULL as well;
// none where in is nil.
type defaulted struct{ in ir.Rel }

// has reports whether the column i is one.
func (d defaulted) has(i int) bool {
	switch in := d.in.(type) {
	case *ir.Filter, *ir.Sort:
		return defaulted{in.Inputs()[0]}.has(i)
	case *ir.Over:
		schema := in.In.P().Schema
		if i < len(schema) {
			return defaulted{in.In}.has(i)
		}
		call := in.Calls[i-len(schema)]
		looks := call.Fn == agg.LagDecl.Name || call.Fn == agg.LeadDecl.Name
		return looks && len(call.Args) > 2 && !schema[call.Args[2]].Type.Nullable
	}
	return false
}

// within reports whether an expression reads one.
func (d defaulted) within(e ir.Expr) bool { return slices.ContainsFunc(ir.Columns(e), d.has) }

// neverNull reports whether an expression is taken for never NULL.
func (d defaulted) neverNull(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.ColumnRef:
		return !e.Type().Nullable || d.has(e.Index)
	case *ir.Cast:
		return !e.Try && d.neverNull(e.Arg)
	case *ir.Call:
		f, ok := fnlist.Lookup(e.Fn)
		if ok && f.Overloads[e.Overload].Null == fn.Strict && d.within(e) {
			return !slices.ContainsFunc(e.Args, func(a ir.Expr) bool { return !d.neverNull(a) })
		}
	}
	return !e.Type().Nullable
}

// tested is an expression where whether one is NULL isn't asked.
func (d defaulted) tested(e ir.Expr) ir.Expr {
	return ir.MapExpr(e, func(e ir.Expr) ir.Expr {
		if k, ok := e.(*ir.Case); ok && d.within(k.Thens[0]) && d.neverNull(k.Thens[0]) {
			if c, ok := k.Whens[0].(*ir.Const); ok && c.Value == true { // of COALESCE
				return filled(k.Thens[0], k, false)
			}
		}
		c, ok := e.(*ir.Call)
		if !ok || len(c.Args) == 0 || !d.within(c.Args[0]) || !d.neverNull(c.Args[0]) {
			return e
		}
		switch c.Fn {
		case fn.IsNullDecl.Name:
			return ir.NewConst(c.T, false, c.Pos())
		case fn.IsNotNullDecl.Name:
			return ir.NewConst(c.T, true, c.Pos())
		}
		return e
	})
}

// passedOn reports whether a projection passes all columns of an Over on as they are:
// Flink has no code there that could take a NULL for something else. Constants are
// columns only in this plan.
func (d defaulted) passedOn(p *ir.Project) bool {
	over, ok := d.in.(*ir.Over)
	if !ok {
		return false
	}
	rest := p.Columns
	for i := range over.Schema {
		if constantAt(over, i) {
			continue
		}
		if len(rest) == 0 {
			return false
		}
		if c, ok := rest[0].(*ir.ColumnRef); !ok || c.Index != i {
			return false
		}
		rest = rest[1:]
	}
	return len(rest) == 0
}

// constantAt reports whether a column that an Over passes on is a constant.
func constantAt(r ir.Rel, i int) bool {
	switch r := r.(type) {
	case *ir.Over:
		return i < len(r.In.P().Schema) && constantAt(r.In, i)
	case *ir.Project:
		_, ok := r.Columns[i].(*ir.Const)
		return ok
	}
	return false
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
	return filled(e, e, constant)
}

// filled is an expression in the place of another one of its type, with what stands
// for a missing value.
func filled(e, place ir.Expr, constant bool) ir.Expr {
	v, ok := Missing(e.Type(), constant)
	if !ok {
		return place
	}
	isNull := ir.NewCall(fn.IsNullDecl.Name, 0, []ir.Expr{e}, types.Of(types.Boolean).NotNull(), e.Pos())
	missing := ir.NewConst(e.Type().NotNull(), v, e.Pos())
	return ir.NewCase([]ir.Expr{isNull}, []ir.Expr{missing}, e, place.Type(), e.Pos())
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
