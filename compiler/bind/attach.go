package bind

import (
	"slices"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// newFilter keeps the rows of in for which a condition holds. What must be true
// of a sub-query becomes a semi join, what must not an anti join.
func (b *binder) newFilter(in ir.Rel, cond ir.Expr, pos diag.Pos) ir.Rel {
	if !hasQuery(cond) {
		return ir.NewFilter(in, cond, pos)
	}
	var plain, queries []ir.Expr
	for _, c := range ir.Conjuncts(cond) {
		if hasQuery(c) {
			queries = append(queries, c)
		} else {
			plain = append(plain, c)
		}
	}
	if len(plain) > 0 {
		in = ir.NewFilter(in, ir.And(plain...), pos)
	}
	width := len(in.P().Schema)
	out := in
	var values []ir.Expr
	for _, c := range queries {
		if q, negated := tested(c); q != nil {
			out = b.testJoin(out, q, negated)
		} else {
			values = append(values, c)
		}
	}
	if len(values) > 0 {
		out, values = b.attach(out, values...)
		out = ir.NewFilter(out, ir.And(values...), pos)
	}
	return firstColumns(out, width, pos)
}

// newProject computes columns over in.
func (b *binder) newProject(in ir.Rel, columns []ir.Expr, names []string, pos diag.Pos) ir.Rel {
	in, columns = b.attach(in, columns...)
	return ir.NewProject(in, columns, names, pos)
}

func hasQuery(e ir.Expr) bool {
	found := false
	ir.WalkExpr(e, func(e ir.Expr) {
		if _, ok := e.(*subquery); ok {
			found = true
		}
	})
	return found
}

// tested is the query that a condition tests, and whether the test must fail;
// nil for any other condition.
func tested(e ir.Expr) (*subquery, bool) {
	switch e := e.(type) {
	case *subquery:
		if e.test {
			return e, false
		}
	case *ir.Call:
		if e.Fn == sql.OpNot {
			q, negated := tested(e.Args[0])
			return q, !negated
		}
	}
	return nil, false
}

// testJoin keeps the rows of in for which a query has a row that matches, or
// has none. None has a row that matches where it is unknown whether one does,
// too.
func (b *binder) testJoin(in ir.Rel, q *subquery, negated bool) ir.Rel {
	u, rel := b.newDecorrelator(in, q.params, q.args, q.rel, q.Pos())
	l := u.settled(u.lift(rel))
	l.conds = append(l.conds, u.known(l.conds, q.params)...)
	kind, match := ir.SemiJoin, q.match
	if negated {
		kind = ir.AntiJoin
		if match != nil && match.Type().Nullable {
			match = b.connect(sql.OpOr, match, b.unary(sql.OpIsNull, match, q.Pos()), q.Pos())
		}
	}
	if match != nil {
		l.conds = append(l.conds, ir.Conjuncts(match)...)
	}
	return u.join(kind, l)
}

// known are the conditions that no parameter is NULL, where an OR, or an AND within a
// NOT, compares some with columns: PyFlink 1.20.1 then joins the query with all values
// of the parameters, and these with the rows around, by =.
func (u *decorrelator) known(conds []ir.Expr, params []*param) []ir.Expr {
	mixes := func(e ir.Expr) bool {
		c, ok := e.(*ir.Call)
		either := ok && c.Fn == sql.OpOr
		if ok && c.Fn == sql.OpNot {
			both, _ := c.Args[0].(*ir.Call)
			either = both != nil && both.Fn == sql.OpAnd
		}
		return either && hasColumns(e) && len(u.params(e)) > 0
	}
	if !slices.ContainsFunc(conds, mixes) {
		return nil
	}
	var out []ir.Expr
	for _, p := range params {
		if p.Type().Nullable {
			out = append(out, u.b.unary(sql.OpIsNotNull, p, u.pos))
		}
	}
	return out
}

// attach joins in with the queries in expressions and puts columns of the
// result in their place. The columns of in stay where they are, others follow
// them.
func (b *binder) attach(in ir.Rel, es ...ir.Expr) (ir.Rel, []ir.Expr) {
	values := map[string]ir.Expr{}
	out := make([]ir.Expr, len(es))
	for i, e := range es {
		out[i] = ir.MapExpr(e, func(e ir.Expr) ir.Expr {
			q, ok := e.(*subquery)
			if !ok {
				return e
			}
			text := q.String()
			if values[text] == nil {
				switch {
				case !q.test:
					in, values[text] = b.attachValue(in, q)
				default:
					in, values[text] = b.attachTest(in, q)
				}
			}
			return values[text]
		})
	}
	return in, out
}

// attachValue joins in with a query that has one row at most.
func (b *binder) attachValue(in ir.Rel, q *subquery) (ir.Rel, ir.Expr) {
	u, rel := b.newDecorrelator(in, q.params, q.args, q.rel, q.Pos())
	l := u.lift(rel)
	if l.empty != nil && isNull(l.empty[0]) {
		l.empty = nil // what an outer join gives for no row
	}
	empty := l.empty
	if l.empty = nil; !l.unique() {
		l = u.single(l)
	}
	if empty == nil {
		at := len(u.outer.P().Schema)
		out := u.join(ir.LeftJoin, l)
		return out, ir.NewColumnRef(out.P().Schema, at, q.Pos())
	}
	l, mark := u.marked(l)
	at := len(u.outer.P().Schema)
	out := u.join(ir.LeftJoin, l)
	schema := out.P().Schema
	none := b.unary(sql.OpIsNull, ir.NewColumnRef(schema, at+mark, q.Pos()), q.Pos())
	return out, ir.NewCase([]ir.Expr{none}, []ir.Expr{empty[0]}, ir.NewColumnRef(schema, at, q.Pos()), q.Type(), q.Pos())
}

// attachTest joins in with the test of a query. Its value is unknown if no row
// matches, but for one that is unknown.
func (b *binder) attachTest(in ir.Rel, q *subquery) (ir.Rel, ir.Expr) {
	out, hit := b.attachMark(in, q, q.match)
	if q.match == nil || !q.match.Type().Nullable {
		return out, hit
	}
	out, unknown := b.attachUnknown(out, q)
	null := ir.NewConst(types.Of(types.Boolean), nil, q.Pos())
	return out, ir.NewCase([]ir.Expr{hit, unknown}, []ir.Expr{constBool(true, q.Pos()), null},
		constBool(false, q.Pos()), types.Of(types.Boolean), q.Pos())
}

// attachUnknown joins in with the test whether it is unknown of a row that it
// matches. Of a single comparison it is where one operand is NULL, which need
// not be asked of each pair.
func (b *binder) attachUnknown(in ir.Rel, q *subquery) (ir.Rel, ir.Expr) {
	pos := q.Pos()
	c, ok := q.match.(*ir.Call)
	if !ok || opposites[c.Fn] == "" || hasColumns(c.Args[0]) || !hasColumns(c.Args[1]) {
		return b.attachMark(in, q, b.unary(sql.OpIsNull, q.match, pos))
	}
	unknown := ir.Expr(constBool(false, pos))
	var found ir.Expr
	if c.Args[1].Type().Nullable {
		in, unknown = b.attachMark(in, q, b.unary(sql.OpIsNull, c.Args[1], pos))
	}
	if c.Args[0].Type().Nullable {
		in, found = b.attachMark(in, q, nil)
		left := b.unary(sql.OpIsNull, q.valueOf(c.Args[0]), pos)
		unknown = b.connect(sql.OpOr, unknown, b.connect(sql.OpAnd, left, found, pos), pos)
	}
	return in, unknown
}

// valueOf is an expression over parameters as one over the relation around.
func (q *subquery) valueOf(e ir.Expr) ir.Expr {
	return ir.MapExpr(e, func(e ir.Expr) ir.Expr {
		for i, p := range q.params {
			if e == ir.Expr(p) {
				return q.args[i]
			}
		}
		return e
	})
}

// attachMark joins in with whether a query has a row for which match is true.
func (b *binder) attachMark(in ir.Rel, q *subquery, match ir.Expr) (ir.Rel, ir.Expr) {
	u, rel := b.newDecorrelator(in, q.params, q.args, q.rel, q.Pos())
	l := u.settled(u.lift(rel))
	l.conds = append(l.conds, ir.Conjuncts(match)...)
	l = u.distinct(l)
	l, mark := u.marked(l)
	at := len(u.outer.P().Schema)
	out := u.join(ir.LeftJoin, l)
	return out, b.unary(sql.OpIsNotNull, ir.NewColumnRef(out.P().Schema, at+mark, q.Pos()), q.Pos())
}

func isNull(e ir.Expr) bool {
	c, ok := e.(*ir.Const)
	return ok && c.Value == nil
}

func hasColumns(e ir.Expr) bool { return len(ir.Columns(e)) > 0 }
