package bind

import (
	"slices"
	"strconv"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
)

// selectQuery binds SELECT.
func (s *Session) selectQuery(q *sql.Select, env environment) ir.Rel {
	return s.selectItems(q, env, nil)
}

// selectItems binds SELECT. more, if not nil, adds items behind those that are
// written.
func (s *Session) selectItems(q *sql.Select, env environment, more func(b *binder, items []sql.Expr) []sql.Expr) ir.Rel {
	in, sc := s.from(q, env)
	if in == nil {
		return nil
	}
	retention := retentions(q.Hints)
	retain(q.From, in, retention)
	b := &binder{s: s, scope: sc, env: env, windows: q.Windows, retention: retention[nameOf(q.From)]}
	if q.Cond != nil {
		b.clause = "WHERE"
		in = b.filter(in, q.Cond, q.Cond.Where())
	}
	items := b.expandStars(q.Items)
	if more != nil {
		items = more(b, items)
	}
	grouped := len(q.GroupBy) > 0 || q.Having != nil || slices.ContainsFunc(items, s.hasAggregate)
	if grouped {
		in = b.groupedQuery(in, items, q)
	} else {
		b.clause = "SELECT"
		in = b.projectSQL(in, items, q.Pos)
	}
	if !q.Distinct {
		return in
	}
	rows := distinctRows(in, q.DistinctWord)
	rows.Retention = b.retention
	return rows
}

// expandStars replaces * and t.* by columns.
func (b *binder) expandStars(items []sql.Expr) []sql.Expr {
	var out []sql.Expr
	for _, x := range items {
		star, ok := x.(*sql.Star)
		switch {
		case !ok:
			out = append(out, x)
		case len(star.Table) > 0:
			if t, n := b.scope.table(star.Table); t != nil && n == len(star.Table) {
				out = append(out, b.stand(b.scope.of(t), star.Pos)...)
			} else {
				out = append(out, b.fieldsOfColumn(star)...)
			}
		case len(b.scope.schema) == 0:
			b.errorf(diag.UnknownColumn, star.Pos, "* stands for the columns of a table, but there is no FROM")
		default:
			out = append(out, b.stand(b.scope.all(), star.Pos)...)
		}
	}
	return out
}

// fieldsOfColumn are the fields that column.* stands for.
func (b *binder) fieldsOfColumn(star *sql.Star) []sql.Expr {
	column := &sql.Ident{At: star.At, Parts: star.Table}
	found, _ := b.find(column)
	if len(found) == 0 {
		b.unknownTable(star.Table)
		return nil
	}
	row := b.ident(column)
	if !valid(row) {
		return nil
	}
	if row.Type().Kind != types.Row {
		b.errorf(diag.TypeMismatch, star.Pos, "%s.* stands for the fields of a row, but the column is %s", star.Table[len(star.Table)-1].Text, row.Type())
		return nil
	}
	var out []sql.Expr
	for _, n := range row.Type().Names {
		parts := append(slices.Clone(star.Table), sql.Name{Text: n, Pos: star.Pos})
		out = append(out, &sql.Ident{At: star.At, Parts: parts})
	}
	return out
}

// stand makes identifiers of the columns that a * stands for. They are told by
// what they are, since a name may mean several of them.
func (b *binder) stand(columns []scopeColumn, pos diag.Pos) []sql.Expr {
	if b.starred == nil {
		b.starred = map[*sql.Ident]scopeColumn{}
	}
	var out []sql.Expr
	for _, c := range columns {
		x := &sql.Ident{At: sql.At{Pos: pos}, Parts: []sql.Name{{Text: c.name, Pos: pos}}}
		b.starred[x] = c
		out = append(out, x)
	}
	return out
}

// projectSQL computes the items of a SELECT.
func (b *binder) projectSQL(in ir.Rel, items []sql.Expr, pos diag.Pos) ir.Rel {
	columns := make([]ir.Expr, len(items))
	for i, x := range items {
		columns[i] = b.item(x)
	}
	if !valid(columns...) {
		return unknownRows(in, columns, sqlNames(items), pos)
	}
	return b.newProject(b.overs(in, columns, pos), columns, sqlNames(items), pos)
}

// item binds one item of a SELECT.
func (b *binder) item(x sql.Expr) ir.Expr {
	if a, ok := x.(*sql.Alias); ok {
		x = a.X
	}
	e := b.expr(x)
	if e.Type().Kind == types.Null {
		b.untypedNull(e)
		return poison(e.Pos())
	}
	if dividesByZero(e) {
		b.errorf(diag.FunctionArgument, e.Pos(), "division by zero: this column can't be computed for any row")
		return poison(e.Pos())
	}
	return e
}

// dividesByZero reports whether e is the quotient of constants of which the
// second is zero, which Flink refuses as a column even where the result would
// be infinite.
func dividesByZero(e ir.Expr) bool {
	c, ok := e.(*ir.Call)
	if !ok || c.Fn != sql.OpDiv {
		return false
	}
	dividend, isConst := opt.FoldAll(c.Args[0]).(*ir.Const)
	divisor, ok := opt.FoldAll(c.Args[1]).(*ir.Const)
	return ok && isConst && dividend.Value != nil && divisor.IsZero()
}

// sqlNames are the names of a SELECT's columns: alias, column, or EXPR$i; one
// that is taken gets a number behind it.
func sqlNames(items []sql.Expr) []string {
	var names []string
	for i, x := range items {
		base := "EXPR$" + strconv.Itoa(i)
		switch x := x.(type) {
		case *sql.Alias:
			base = x.Names[0].Text
		case *sql.Ident:
			base = x.Parts[len(x.Parts)-1].Text
		}
		name := base
		for n := 0; slices.Contains(names, name); n++ {
			name = base + strconv.Itoa(n)
		}
		names = append(names, name)
	}
	return names
}
