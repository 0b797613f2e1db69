package bind

import (
	"fmt"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// outer is the clause around a sub-query, where it finds the names that its
// own tables don't have, and what it has found there.
type outer struct {
	b      *binder
	params []*param
	args   []ir.Expr // the parameters' values, over the relation of the clause
}

// param is a value of the query around, as the expressions of a sub-query have
// it.
type param struct {
	ir.Expr // a constant of its type
	name    string
}

// String tells parameters apart.
func (p *param) String() string { return fmt.Sprintf("%s@%p", p.name, p) }

// param is the parameter for a value of the query around.
func (o *outer) param(e ir.Expr) ir.Expr {
	for i, a := range o.args {
		if a.String() == e.String() && a.Type().Equal(e.Type()) {
			return o.params[i]
		}
	}
	p := &param{ir.NewConst(e.Type(), nil, e.Pos()), e.String()}
	o.params, o.args = append(o.params, p), append(o.args, e)
	return p
}

// subquery stands for the value of a query in an expression, until attach joins
// the query to the relation that the expression is over. Its operands are the
// values of the parameters.
type subquery struct {
	ir.Expr // a constant of the value's type
	// test says that the value is whether there is a row for which match is
	// true, or without match any row; else it is the value of the only row.
	test   bool
	rel    ir.Rel
	match  ir.Expr // over the columns of rel and parameters; or nil
	params []*param
	args   []ir.Expr
	origin *sql.Subquery
}

// Operands implements ir.Expr.
func (q *subquery) Operands() []ir.Expr { return q.args }

// WithOperands implements ir.Expr.
func (q *subquery) WithOperands(args []ir.Expr) ir.Expr {
	c := *q
	c.args = args
	return &c
}

// String tells sub-queries apart by where they come from.
func (q *subquery) String() string {
	var args []string
	for _, a := range q.args {
		args = append(args, a.String())
	}
	return fmt.Sprintf("query@%p(%s)", q.origin, strings.Join(args, ", "))
}

// bindSubquery binds the query alone; nil where a fault has been reported.
func (b *binder) bindSubquery(x *sql.Subquery) (*outer, ir.Rel) {
	o := &outer{b: b}
	return o, b.s.bindQuery(x.Query, environment{with: b.env.with, outer: o, nested: true})
}

// scalarQuery binds a query that stands for the value in its only row; NULL if
// there is none.
func (b *binder) scalarQuery(x *sql.Subquery) ir.Expr {
	o, rel := b.bindSubquery(x)
	if rel == nil {
		return poison(x.Pos)
	}
	schema := rel.P().Schema
	if len(schema) != 1 {
		b.errorf(diag.TypeMismatch, x.Pos, "a query that stands for a value has 1 column, not %d", len(schema))
		return poison(x.Pos)
	}
	t := schema[0].Type
	if !t.Valid() {
		return poison(x.Pos)
	}
	return &subquery{Expr: ir.NewConst(t.WithNull(true), nil, x.Pos), rel: rel, params: o.params, args: o.args, origin: x}
}

// exists binds EXISTS (query).
func (b *binder) exists(x *sql.Call) ir.Expr {
	q := x.Args[0].(*sql.Subquery) // the parser sees to it
	o, rel := b.bindSubquery(q)
	if rel == nil {
		return poison(x.Pos)
	}
	t := types.Of(types.Boolean).NotNull()
	return &subquery{Expr: ir.NewConst(t, nil, x.Pos), test: true, rel: rel, params: o.params, args: o.args, origin: q}
}

// quantified binds x op SOME (query) and x op ALL (query), which is that the
// opposite holds for none. IN is = SOME.
func (b *binder) quantified(x *sql.Call, op string, all bool) ir.Expr {
	if all {
		e := b.some(x, opposites[op])
		return b.unary(sql.OpNot, e, x.Pos)
	}
	return b.some(x, op)
}

// opposites are what holds where a comparison doesn't.
var opposites = map[string]string{
	sql.OpEq: sql.OpNe, sql.OpNe: sql.OpEq, sql.OpLt: sql.OpGe, sql.OpGe: sql.OpLt, sql.OpGt: sql.OpLe, sql.OpLe: sql.OpGt,
}

// some binds whether a comparison holds for one row of a query, or one element
// of a list.
func (b *binder) some(x *sql.Call, op string) ir.Expr {
	q, ok := x.Args[len(x.Args)-1].(*sql.Subquery)
	if !ok {
		return b.someOf(x, op)
	}
	left := b.exprs(rowOf(x.Args[0]))
	o, rel := b.bindSubquery(q)
	if rel == nil || !valid(left...) {
		return poison(x.Pos)
	}
	schema := rel.P().Schema
	if len(schema) != len(left) {
		b.errorf(diag.TypeMismatch, x.Pos, "%s is compared with a query of %s", count(len(left), "value"), count(len(schema), "column"))
		return poison(x.Pos)
	}
	var match ir.Expr
	for i, l := range left {
		e := b.compare(op, o.param(l), ir.NewColumnRef(schema, i, q.Pos), x.Pos)
		if match == nil {
			match = e
		} else {
			match = b.connect(sql.OpAnd, match, e, x.Pos)
		}
	}
	if !valid(match) {
		return poison(x.Pos)
	}
	return &subquery{Expr: ir.NewConst(match.Type(), nil, x.Pos), test: true, rel: rel, match: match,
		params: o.params, args: o.args, origin: q}
}

// rowOf are the values of (a, b), or the one value that x is.
func rowOf(x sql.Expr) []sql.Expr {
	if c, ok := x.(*sql.Call); ok && c.Func == sql.OpRow && c.Written == "" {
		return c.Args
	}
	return []sql.Expr{x}
}

// someOf binds whether a comparison holds for one element of a list.
func (b *binder) someOf(x *sql.Call, op string) ir.Expr {
	args := b.repeating(x.Func, x.Pos, func() []ir.Expr { return b.exprs(x.Args) })
	if !valid(args...) {
		return poison(x.Pos)
	}
	var out ir.Expr
	for _, a := range args[1:] {
		e := b.compare(op, args[0], a, a.Pos())
		if out == nil {
			out = e
		} else {
			out = b.connect(sql.OpOr, out, e, x.Pos)
		}
	}
	return out
}

// queryCall binds a call whose operand is a query, and comparisons with SOME
// and ALL; ok is false for any other call.
func (b *binder) queryCall(x *sql.Call) (e ir.Expr, ok bool) {
	if x.Written != "" || len(x.Args) == 0 {
		return nil, false
	}
	if op, all := strings.CutSuffix(x.Func, " ALL"); all && opposites[op] != "" {
		return b.quantified(x, op, true), true
	}
	if op, some := strings.CutSuffix(x.Func, " SOME"); some {
		return b.quantified(x, op, false), true
	}
	if _, query := x.Args[len(x.Args)-1].(*sql.Subquery); !query {
		return nil, false
	}
	switch x.Func {
	case sql.OpExists:
		return b.exists(x), true
	case sql.OpIn:
		return b.some(x, sql.OpEq), true
	case sql.OpArray, sql.OpMap, sql.OpMultiset:
		b.errorf(diag.FunctionArgument, x.Pos, "Flink has no plan for %s of a query", x.Func).
			WithHint("collect the rows with an aggregate: ARRAY_AGG, COLLECT")
		return poison(x.Pos), true
	}
	return nil, false
}
