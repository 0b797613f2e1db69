package bind

import (
	"fmt"
	"slices"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// groupedQuery binds GROUP BY, HAVING and the items over them.
func (b *binder) groupedQuery(in ir.Rel, items []sql.Expr, q *sql.Select) ir.Rel {
	b.clause = "GROUP BY"
	in, window, ok := b.groupWindow(in, q)
	if !ok {
		return nil
	}
	agg := &aggregation{in: in, ungrouped: map[diag.Pos]bool{}, window: window}
	sets := b.groupingSets(agg, q.GroupBy)
	b.agg, b.aggScope = agg, b.scope
	b.scope.schema = agg.grouped(b.scope.schema, sets)
	var having ir.Expr
	if q.Having != nil {
		b.clause = "HAVING"
		having = b.condition(q.Having)
	}
	b.clause = "SELECT"
	columns := make([]ir.Expr, len(items))
	for i, x := range items {
		columns[i] = b.item(x)
	}
	if !valid(agg.keys...) {
		return unknownRows(in, columns, sqlNames(items), q.Pos)
	}
	var levels []ir.Rel
	for i, sets := range agg.levels(sets, q.GroupDistinct) {
		if i > 0 {
			agg.in = ir.Clone(in)
		}
		agg.sets, agg.level = sets, i
		levels = append(levels, b.groupedBy(having, columns, sqlNames(items), q))
	}
	if len(levels) == 1 {
		return levels[0]
	}
	return ir.NewUnion(levels, q.Pos)
}

// groupedBy makes the relation of one level of grouping sets.
func (b *binder) groupedBy(having ir.Expr, columns []ir.Expr, names []string, q *sql.Select) ir.Rel {
	out := b.agg.build(b, q.Pos)
	rel := ir.Rel(out)
	if having != nil {
		if cond := b.place(having, out.Schema); valid(cond) {
			rel = b.newFilter(rel, cond, q.Having.Where())
		}
	}
	placed := make([]ir.Expr, len(columns))
	for i, c := range columns {
		placed[i] = b.place(c, out.Schema)
	}
	if !valid(placed...) {
		return unknownRows(b.agg.in, placed, names, q.Pos)
	}
	return b.newProject(b.overs(rel, placed, q.Pos), placed, names, q.Pos)
}

func groupName(k sql.Expr, i int) string {
	if id, ok := k.(*sql.Ident); ok {
		return id.Parts[len(id.Parts)-1].Text
	}
	return fmt.Sprintf("$k%d", i)
}

// distinctRows are the different rows of a relation.
func distinctRows(in ir.Rel, pos diag.Pos) *ir.Aggregate {
	all := make([]int, len(in.P().Schema))
	for i := range all {
		all[i] = i
	}
	return ir.NewAggregate(in, all, nil, nil, pos)
}

// key binds an expression of GROUP BY and returns which key it is.
func (b *binder) key(g *aggregation, x sql.Expr) int {
	e := b.expr(x)
	at := slices.IndexFunc(g.keys, func(o ir.Expr) bool { return valid(o, e) && o.String() == e.String() })
	if at < 0 {
		at = len(g.keys)
		g.keys = append(g.keys, e)
		g.keyNames = append(g.keyNames, groupName(x, at))
	}
	return at
}
