package bind

import (
	"slices"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// pivot binds input PIVOT (aggregates FOR axis IN (values)): the rows are grouped
// by the columns that it doesn't name, and each aggregate is computed once for
// each value of the axis.
func (s *Session) pivot(p *sql.Pivot, env environment) (ir.Rel, scope) {
	in, sc := s.reference(p.Input, env)
	if in == nil {
		return nil, scope{}
	}
	b := &binder{s: s, scope: sc, env: env, clause: "PIVOT"}
	for _, a := range p.Aggregates {
		if !b.isMeasure(a) {
			return nil, scope{}
		}
	}
	axis := make([]sql.Expr, len(p.Axis))
	for i, n := range p.Axis {
		axis[i] = &sql.Ident{At: sql.At{Pos: n.Pos}, Parts: []sql.Name{n}}
	}
	q := &sql.Select{At: sql.At{Pos: p.Word}}
	q.GroupBy = b.stand(b.unnamed(append(slices.Clone(p.Aggregates), axis...)), p.Word)
	q.Items = slices.Clone(q.GroupBy)
	if len(q.GroupBy) == 0 {
		q.GroupBy = []sql.Expr{&sql.Grouping{At: q.At, Kind: sql.EmptyGroup}}
	}
	made := map[string]bool{}
	for _, v := range p.Values {
		value, prefix := pivotValue(v)
		for _, a := range p.Aggregates {
			call, name := pivotAggregate(a, isAxis(axis, value, v))
			if made[prefix+name] {
				b.errorf(diag.AmbiguousColumn, call.Pos, "PIVOT makes two columns %s", prefix+name).WithHint("name its aggregates: SUM(x) AS s, MIN(x) AS m")
				return nil, scope{}
			}
			made[prefix+name] = true
			q.Items = append(q.Items, &sql.Alias{At: call.At, X: call, Names: []sql.Name{{Text: prefix + name, Pos: call.Pos}}})
		}
	}
	return s.alias(b.groupedQuery(in, q.Items, q), p.Rename, nil, p.Pos)
}

// isMeasure reports whether what PIVOT computes is a call of an aggregate
// function, without FILTER.
func (b *binder) isMeasure(x sql.Expr) bool {
	if a, ok := x.(*sql.Alias); ok {
		x = a.X
	}
	c, ok := x.(*sql.Call)
	if ok && c.Filter == nil && c.Over == nil && b.s.hasAggregate(c) {
		return true
	}
	b.errorf(diag.BadAggregate, x.Where(), "PIVOT computes calls of aggregate functions without FILTER")
	return false
}

// unnamed are the columns of the clause that the expressions don't name.
func (b *binder) unnamed(xs []sql.Expr) []scopeColumn {
	used := map[int]bool{}
	for _, x := range xs {
		sql.Inspect(x, func(n sql.Node) bool {
			if id, ok := n.(*sql.Ident); ok {
				if found, _ := b.find(id); len(found) == 1 {
					used[found[0].at[0]] = true
				}
			}
			return true
		})
	}
	return slices.DeleteFunc(slices.Clone(b.scope.all()), func(c scopeColumn) bool { return used[c.at[0]] })
}

// pivotValue is a value of the axis, or a row of several, and what it is called:
// by its alias, else by its text, the texts of several joined by underscores.
func pivotValue(x sql.Expr) (values []sql.Expr, name string) {
	alias, named := x.(*sql.Alias)
	if named {
		x = alias.X
	}
	values = []sql.Expr{x}
	if c, ok := x.(*sql.Call); ok && c.Func == sql.OpRow {
		values = c.Args
	}
	if named {
		return values, alias.Names[0].Text
	}
	for i, v := range values {
		if i > 0 {
			name += "_"
		}
		name += sql.QuotedExpr(v)
	}
	return values, name
}

// isAxis is the condition that the axis has a value.
func isAxis(axis, values []sql.Expr, at sql.Expr) sql.Expr {
	var all sql.Expr
	for i, v := range values[:min(len(values), len(axis))] {
		eq := sql.Expr(&sql.Call{At: sql.At{Pos: at.Where()}, Func: sql.OpEq, Args: []sql.Expr{axis[i], v}})
		if all != nil {
			eq = &sql.Call{At: sql.At{Pos: at.Where()}, Func: sql.OpAnd, Args: []sql.Expr{all, eq}}
		}
		all = eq
	}
	return all
}

// pivotAggregate is an aggregate for the rows of a condition, and what is added to
// the name of its column.
func pivotAggregate(x sql.Expr, cond sql.Expr) (call *sql.Call, name string) {
	if a, ok := x.(*sql.Alias); ok {
		x, name = a.X, "_"+a.Names[0].Text
	}
	c := *x.(*sql.Call)
	c.Filter = cond
	return &c, name
}
