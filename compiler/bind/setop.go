package bind

import (
	"slices"
	"strconv"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// setOp binds UNION, INTERSECT and EXCEPT.
func (s *Session) setOp(q *sql.SetOp, env environment) ir.Rel {
	env.nested = true
	left, right := s.bindQuery(q.Left, env), s.bindQuery(q.Right, env)
	if left == nil || right == nil {
		return nil
	}
	b := &binder{s: s}
	name := q.Op.String()
	if q.All {
		name += " ALL"
	}
	left, right, ok := b.branches(left, right, name, q.Word)
	if !ok {
		return nil
	}
	return b.combine(q.Op, q.All, left, right, q.Word)
}

// SetOp is Table.union, intersect and minus, and what is called the same with
// _all.
func (s *Session) SetOp(op sql.SetOperator, all bool, left, right ir.Rel, pos diag.Pos) ir.Rel {
	if left == nil || right == nil {
		return nil
	}
	b := &binder{s: s, dialect: tableAPI}
	left, right, ok := b.branches(left, right, op.String(), pos)
	if !ok {
		return nil
	}
	return b.combine(op, all, left, right, pos)
}

// Distinct is Table.distinct.
func (s *Session) Distinct(in ir.Rel, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	return distinctRows(in, pos)
}

// branches converts the columns of two relations to their common types. They
// have the left one's names.
func (b *binder) branches(left, right ir.Rel, name string, pos diag.Pos) (l, r ir.Rel, ok bool) {
	x, y := left.P().Schema, right.P().Schema
	if len(x) != len(y) {
		b.errorf(diag.TypeMismatch, pos, "%s of %s and %s", name, count(len(x), "column"), count(len(y), "column"))
		return nil, nil, false
	}
	common := make([]types.Type, len(x))
	for i := range x {
		if !x[i].Type.Valid() || !y[i].Type.Valid() {
			return nil, nil, false
		}
		t, found := types.Common(x[i].Type, y[i].Type)
		if !found {
			b.errorf(diag.TypeMismatch, pos, "column %s of %s is %s on the left and %s on the right, which have no common type",
				strconv.Itoa(i+1), name, x[i].Type, y[i].Type)
			return nil, nil, false
		}
		common[i] = t
	}
	return b.converted(left, common, x.Names(), pos), b.converted(right, common, x.Names(), pos), true
}

// converted is a relation with its columns as the given types, but for
// nullability.
func (b *binder) converted(in ir.Rel, to []types.Type, names []string, pos diag.Pos) ir.Rel {
	schema := in.P().Schema
	columns := make([]ir.Expr, len(to))
	same := slices.Equal(names, schema.Names())
	for i, t := range to {
		column := ir.NewColumnRef(schema, i, pos)
		columns[i] = b.coerce(column, t.WithNull(schema[i].Type.Nullable))
		same = same && columns[i] == column
	}
	if same {
		return in
	}
	return ir.NewProject(in, columns, names, pos)
}

// combine makes the operators of a set operation, as Flink does: INTERSECT and
// EXCEPT are joins of the different rows, with ALL counts of the rows.
func (b *binder) combine(op sql.SetOperator, all bool, left, right ir.Rel, pos diag.Pos) ir.Rel {
	switch {
	case op == sql.Union && all:
		return ir.NewUnion(unionInputs(left, right), pos)
	case op == sql.Union:
		return distinctRows(ir.NewUnion(unionInputs(left, right), pos), pos)
	case all:
		return b.counted(op, left, right, pos)
	}
	kind := ir.SemiJoin
	if op == sql.Except {
		kind = ir.AntiJoin
	}
	return distinctRows(ir.NewJoin(kind, left, right, b.sameRows(left, right, pos), pos), pos)
}

// unionInputs are the inputs of two relations' union: that of unions is one of
// all their inputs.
func unionInputs(rels ...ir.Rel) []ir.Rel {
	var out []ir.Rel
	for _, r := range rels {
		if u, ok := r.(*ir.Union); ok {
			out = append(out, u.In...)
		} else {
			out = append(out, r)
		}
	}
	return out
}

// sameRows is the condition that all columns of two relations are the same,
// NULL being the same as NULL.
func (b *binder) sameRows(left, right ir.Rel, pos diag.Pos) ir.Expr {
	both := append(slices.Clone(left.P().Schema), right.P().Schema...)
	n := len(left.P().Schema)
	var cond ir.Expr
	for i := range n {
		x, y := ir.NewColumnRef(both, i, pos), ir.NewColumnRef(both, n+i, pos)
		same := distinct(true)(b, &sql.Call{At: sql.At{Pos: pos}}, []ir.Expr{x, y})
		cond = b.both(cond, same, pos)
	}
	return cond
}

// counted is INTERSECT ALL or EXCEPT ALL: each row as often as its numbers on
// both sides say.
func (b *binder) counted(op sql.SetOperator, left, right ir.Rel, pos diag.Pos) ir.Rel {
	n := len(left.P().Schema)
	counts := ir.NewUnion([]ir.Rel{marked(left, 1, 0, pos), marked(right, 0, 1, pos)}, pos)
	group := make([]int, n)
	for i := range group {
		group[i] = i
	}
	sum := func(column int) ir.AggCall {
		return ir.AggCall{Fn: "$SUM0", Args: []int{column}, Filter: -1, Type: types.Of(types.BigInt).NotNull(), Pos: pos}
	}
	agg := ir.NewAggregate(counts, group, []ir.AggCall{sum(n), sum(n + 1)}, markers, pos)
	l, r := ir.NewColumnRef(agg.Schema, n, pos), ir.NewColumnRef(agg.Schema, n+1, pos)
	times := b.numeric(sql.OpMinus, l, r, pos)
	if op == sql.Intersect {
		times = b.newCase([]ir.Expr{b.compare(sql.OpLt, l, r, pos)}, []ir.Expr{l}, r, pos)
	}
	columns, names := passed(agg, pos)
	return ir.NewRepeat(agg, columns[:n], times, names[:n], pos)
}

// markers are the columns that say on which side a row is.
var markers = []string{"vcol_left_marker", "vcol_right_marker"}

// marked is a relation with two numbers behind its columns.
func marked(in ir.Rel, l, r int64, pos diag.Pos) ir.Rel {
	columns, names := passed(in, pos)
	return ir.NewProject(in, append(columns, constBigInt(l, pos), constBigInt(r, pos)), append(names, markers...), pos)
}

// passed are all columns of a relation and their names.
func passed(in ir.Rel, pos diag.Pos) (columns []ir.Expr, names []string) {
	schema := in.P().Schema
	for i := range schema {
		columns = append(columns, ir.NewColumnRef(schema, i, pos))
	}
	return columns, schema.Names()
}
