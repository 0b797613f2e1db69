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
	agg := &aggregation{in: in, ungrouped: map[diag.Pos]bool{}}
	b.clause = "GROUP BY"
	for i, k := range q.GroupBy {
		e := b.expr(k)
		if slices.ContainsFunc(agg.keys, func(o ir.Expr) bool { return valid(e) && o.String() == e.String() }) {
			continue
		}
		agg.keys = append(agg.keys, e)
		agg.keyNames = append(agg.keyNames, groupName(k, i))
	}
	b.agg, b.aggScope = agg, b.scope
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
	out := agg.build(b, q.Pos)
	rel := ir.Rel(out)
	if having != nil {
		if cond := b.place(having, out.Schema); valid(cond) {
			rel = b.newFilter(rel, cond, q.Having.Where())
		}
	}
	for i := range columns {
		columns[i] = b.place(columns[i], out.Schema)
	}
	if !valid(columns...) {
		return unknownRows(in, columns, sqlNames(items), q.Pos)
	}
	return b.newProject(rel, columns, sqlNames(items), q.Pos)
}

func groupName(k sql.Expr, i int) string {
	if id, ok := k.(*sql.Ident); ok {
		return id.Parts[len(id.Parts)-1].Text
	}
	return fmt.Sprintf("$k%d", i)
}
