package bind

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
)

// Query binds a query.
func (s *Session) Query(q sql.Query) ir.Rel {
	if !s.runnable(q) {
		return nil
	}
	return s.bindQuery(q)
}

// bindQuery binds a query all of whose features are run.
func (s *Session) bindQuery(q sql.Query) ir.Rel {
	switch q := q.(type) {
	case *sql.Values:
		return s.values(q)
	case *sql.Select:
		return s.selectQuery(q)
	}
	return nil
}

func (s *Session) selectQuery(q *sql.Select) ir.Rel {
	in, sc := s.from(q)
	if in == nil {
		return nil
	}
	b := &binder{s: s, scope: sc}
	if q.Cond != nil {
		b.clause = "WHERE"
		in = b.filter(in, q.Cond, q.Cond.Where())
	}
	items := b.expandStars(q.Items)
	grouped := len(q.GroupBy) > 0 || q.Having != nil || slices.ContainsFunc(items, s.hasAggregate)
	if !grouped {
		b.clause = "SELECT"
		return b.projectSQL(in, items, q.Pos)
	}
	return b.groupedQuery(in, items, q)
}

// from binds what a SELECT reads; without FROM, one row without columns.
func (s *Session) from(q *sql.Select) (ir.Rel, scope) {
	switch f := q.From.(type) {
	case nil:
		return newValues([][]*ir.Const{{}}, nil, q.Pos), scope{}
	case *sql.FromTable:
		in := s.From(f.Table)
		return in, newScope(in, f.Alias, f.Table.Parts[len(f.Table.Parts)-1].Text)
	case *sql.FromQuery:
		in := s.bindQuery(f.Query)
		return in, newScope(in, f.Alias, "")
	}
	return nil, scope{}
}

func newScope(in ir.Rel, alias sql.Name, table string) scope {
	if in == nil {
		return scope{}
	}
	if alias.Text != "" {
		table = alias.Text
	}
	return scope{in.P().Schema, table}
}

// expandStars replaces * and t.* by columns.
func (b *binder) expandStars(items []sql.Expr) []sql.Expr {
	var out []sql.Expr
	for _, x := range items {
		star, ok := x.(*sql.Star)
		switch {
		case !ok:
			out = append(out, x)
			continue
		case len(b.scope.schema) == 0:
			b.errorf(diag.UnknownColumn, star.Pos, "* stands for the columns of a table, but there is no FROM")
			continue
		case len(star.Table) > 0:
			path := append(slices.Clone(star.Table), sql.Name{Text: "*", Pos: star.Pos})
			if rest := b.afterTable(path); len(rest) != 1 {
				b.errorf(diag.UnknownTable, star.Pos, "no table of this query is called %q", star.Table[len(star.Table)-1].Text)
				continue
			}
		}
		out = append(out, b.columns(func(int) bool { return true }, star.Pos)...)
	}
	return out
}

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
	out := agg.build(q.Pos)
	rel := ir.Rel(out)
	if having != nil {
		if cond := b.place(having, out.Schema); valid(cond) {
			rel = ir.NewFilter(rel, cond, q.Having.Where())
		}
	}
	for i := range columns {
		columns[i] = b.place(columns[i], out.Schema)
	}
	return ir.NewProject(rel, columns, sqlNames(items), q.Pos)
}

func groupName(k sql.Expr, i int) string {
	if id, ok := k.(*sql.Ident); ok {
		return id.Parts[len(id.Parts)-1].Text
	}
	return fmt.Sprintf("$k%d", i)
}

// projectSQL computes the items of a SELECT.
func (b *binder) projectSQL(in ir.Rel, items []sql.Expr, pos diag.Pos) ir.Rel {
	columns := make([]ir.Expr, len(items))
	for i, x := range items {
		columns[i] = b.item(x)
	}
	return ir.NewProject(in, columns, sqlNames(items), pos)
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
	_, isConst := ir.MapExpr(c.Args[0], opt.Fold).(*ir.Const)
	divisor, ok := ir.MapExpr(c.Args[1], opt.Fold).(*ir.Const)
	if !ok || !isConst {
		return false
	}
	switch v := divisor.Value.(type) {
	case int64:
		return v == 0
	case float64:
		return v == 0
	case *big.Int:
		return v.Sign() == 0
	}
	return false
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

// values binds VALUES: rows of constants, whose columns get common types.
func (s *Session) values(q *sql.Values) ir.Rel {
	b := &binder{s: s, clause: "VALUES"}
	width := len(q.Rows[0])
	columns := make([][]ir.Expr, width)
	ok := true
	for _, row := range q.Rows {
		if len(row) != width {
			b.errorf(diag.TypeMismatch, row[0].Where(), "this row has %s, the first one %d", count(len(row), "value"), width)
			ok = false
			continue
		}
		for i, x := range row {
			e := b.item(x)
			ok = ok && valid(e)
			columns[i] = append(columns[i], e)
		}
	}
	var schema types.Schema
	for i, column := range columns {
		t := types.Type{}
		if ok {
			t, ok = b.unify(column, q.Pos, "the values of column "+strconv.Itoa(i+1))
		}
		schema = append(schema, types.Column{Name: "EXPR$" + strconv.Itoa(i), Type: t})
	}
	rows := make([][]*ir.Const, len(q.Rows))
	for i := 0; ok && i < len(rows); i++ {
		rows[i], ok = b.constants(columns, schema, i)
	}
	return newValues(rows, schema, q.Pos)
}

// constants folds the i-th row.
func (b *binder) constants(columns [][]ir.Expr, schema types.Schema, i int) ([]*ir.Const, bool) {
	row := make([]*ir.Const, len(columns))
	for j, column := range columns {
		c, ok := ir.MapExpr(column[i], opt.Fold).(*ir.Const)
		if !ok {
			b.planned(column[i].Pos(), "sql", "VALUES with "+column[i].String())
			return nil, false
		}
		row[j] = ir.NewConst(schema[j].Type, c.Value, c.Pos())
	}
	return row, true
}

func newValues(rows [][]*ir.Const, schema types.Schema, pos diag.Pos) *ir.Values {
	v := &ir.Values{Rows: rows}
	*v.P() = ir.Props{Schema: schema, Mode: ir.Append, Pos: pos}
	return v
}
