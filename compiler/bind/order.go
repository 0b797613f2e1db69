package bind

import (
	"slices"
	"strconv"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// ordered binds ORDER BY, OFFSET and LIMIT. They belong to the last SELECT of
// WITH; other queries are selected from. The order of a query within another
// one counts only where it says which rows there are.
func (s *Session) ordered(q *sql.Ordered, env environment) ir.Rel {
	var sel *sql.Select
	switch inner := q.Query.(type) {
	case *sql.With:
		with, body := *inner, *q
		body.Query, with.Query = inner.Query, &body
		return s.withQuery(&with, env)
	case *sql.Select:
		sel = inner
	default:
		sel = &sql.Select{At: q.At, Items: []sql.Expr{&sql.Star{At: q.At}}, From: &sql.FromQuery{At: q.At, Query: q.Query}}
	}
	b := &binder{s: s}
	offset, limit := b.rowCount(q.Offset, 0), b.rowCount(q.Limit, ir.NoLimit)
	var keys orderKeys
	in := s.selectItems(sel, env, func(b *binder, items []sql.Expr) []sql.Expr {
		return keys.resolve(b, q.OrderBy, items, sel.Distinct)
	})
	if in == nil || keys.faulty {
		return nil
	}
	schema := in.P().Schema
	if !env.nested || offset > 0 || limit != ir.NoLimit {
		in = ir.NewSort(in, b.order(keys.items, schema), offset, limit, q.Pos)
	}
	return firstColumns(in, keys.visible, q.Pos)
}

// firstColumns drops the columns behind the first n.
func firstColumns(in ir.Rel, n int, pos diag.Pos) ir.Rel {
	schema := in.P().Schema
	if n == len(schema) {
		return in
	}
	columns := make([]ir.Expr, n)
	for i := range columns {
		columns[i] = ir.NewColumnRef(schema, i, pos)
	}
	return ir.NewProject(in, columns, schema[:n].Names(), pos)
}

// rowCount is the number of OFFSET or LIMIT; without one what is given.
func (b *binder) rowCount(x sql.Expr, without int64) int64 {
	if x == nil {
		return without
	}
	if l, ok := x.(*sql.Literal); ok {
		if v, ok := l.Value.(int64); ok && v >= 0 {
			return v
		}
	}
	b.errorf(diag.FunctionArgument, x.Where(), "a number of rows is a natural number, written out")
	return without
}

// order makes collations of keys, each column once.
func (b *binder) order(keys []orderKey, schema types.Schema) ir.Order {
	var out ir.Order
	for _, k := range keys {
		t := schema[k.column].Type
		if t.Valid() && !t.Orderable() {
			b.errorf(diag.TypeMismatch, k.X.Where(), "values of %s have no order", t)
			continue
		}
		if slices.ContainsFunc(out, func(c ir.Collation) bool { return c.Column == k.column }) {
			continue
		}
		c := ir.Collation{Column: k.column, Desc: k.Desc}
		if k.Nulls != "" {
			c.NullsOther = (k.Nulls == "FIRST") == k.Desc
		}
		out = append(out, c)
	}
	return out
}

// orderKeys are the items of ORDER BY as columns of a SELECT.
type orderKeys struct {
	items   []orderKey
	visible int // columns that the SELECT has by itself
	faulty  bool
}

// orderKey is an item of ORDER BY and its column.
type orderKey struct {
	*sql.OrderItem
	column int
}

// resolve finds the columns: by position from 1, by a name that the SELECT
// gives, or as the same expression. Others are added behind the items of the
// SELECT, unless its rows stand for several others.
func (k *orderKeys) resolve(b *binder, order []*sql.OrderItem, items []sql.Expr, distinct bool) []sql.Expr {
	k.visible = len(items)
	for _, o := range order {
		at, ok := b.selected(o.X, items[:k.visible])
		switch {
		case !ok:
			k.faulty = true
			continue
		case at < 0 && distinct:
			b.errorf(diag.UnknownColumn, o.X.Where(), "%s is not in the select clause, so that rows of SELECT DISTINCT have no one value of it", sql.PrintExpr(o.X))
			k.faulty = true
			continue
		case at < 0:
			at = len(items)
			items = append(items, o.X)
		}
		k.items = append(k.items, orderKey{o, at})
	}
	return items
}

// selected finds the item of a SELECT that an expression of ORDER BY means; -1
// for none. The names of items that are part of the expression stand for them.
func (b *binder) selected(x sql.Expr, items []sql.Expr) (at int, ok bool) {
	if l, isLiteral := x.(*sql.Literal); isLiteral && l.Type.Integer() {
		n, _ := l.Value.(int64)
		if n < 1 || n > int64(len(items)) {
			b.errorf(diag.UnknownColumn, x.Where(), "ORDER BY %d: there are columns 1 to %d", n, len(items))
			return 0, false
		}
		return int(n) - 1, true
	}
	at, ok = -1, true
	sql.Walk(x, func(e sql.Expr) {
		id, isIdent := e.(*sql.Ident)
		if !isIdent || len(id.Parts) > 1 {
			return
		}
		found := itemsNamed(items, id.Parts[0].Text)
		switch {
		case len(found) > 1:
			b.errorf(diag.AmbiguousColumn, id.Pos, "column %q is ambiguous: the select clause has it %d times", id.Parts[0].Text, len(found))
			ok = false
		case len(found) == 1 && e == x:
			at = found[0]
		case len(found) == 1:
			b.stands(id, items[found[0]])
		}
	})
	if at < 0 && ok {
		at = slices.IndexFunc(items, func(item sql.Expr) bool { return sql.PrintExpr(unnamed(item)) == sql.PrintExpr(x) })
	}
	return at, ok
}

// itemsNamed are the positions of the items of a name.
func itemsNamed(items []sql.Expr, name string) []int {
	var out []int
	for i, item := range items {
		own := ""
		switch item := item.(type) {
		case *sql.Alias:
			own = item.Names[0].Text
		case *sql.Ident:
			own = item.Parts[len(item.Parts)-1].Text
		}
		if own == name {
			out = append(out, i)
		}
	}
	return out
}

// unnamed is an item without its alias.
func unnamed(item sql.Expr) sql.Expr {
	if a, ok := item.(*sql.Alias); ok {
		return a.X
	}
	return item
}

// stands makes an identifier of ORDER BY mean an item of the SELECT.
func (b *binder) stands(id *sql.Ident, item sql.Expr) {
	if b.named == nil {
		b.named = map[*sql.Ident]sql.Expr{}
	}
	b.named[id] = unnamed(item)
}

// OrderBy is Table.order_by: keys are expressions, ascending unless marked by
// desc. Unlike in SQL, NULLs count as greater than every value.
func (s *Session) OrderBy(in ir.Rel, keys []sql.Expr, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	schema := in.P().Schema
	b := &binder{s: s, dialect: tableAPI, scope: scopeOf(in), clause: "order_by"}
	columns := make([]ir.Expr, len(schema))
	for i := range schema {
		columns[i] = ir.NewColumnRef(schema, i, pos)
	}
	names := schema.Names()
	var items []orderKey
	for _, k := range keys {
		item := &sql.OrderItem{At: sql.At{Pos: k.Where()}, X: k, Nulls: "LAST"}
		if c, ok := k.(*sql.Call); ok && (c.Func == sql.OpAsc || c.Func == sql.OpDesc) && len(c.Args) == 1 {
			item.X = c.Args[0]
			if item.Desc = c.Func == sql.OpDesc; item.Desc {
				item.Nulls = "FIRST"
			}
		}
		e := b.expr(item.X)
		if !valid(e) {
			return in
		}
		at := len(columns)
		if ref, ok := e.(*ir.ColumnRef); ok {
			at = ref.Index
		} else {
			columns, names = append(columns, e), append(names, "$o"+strconv.Itoa(at))
		}
		items = append(items, orderKey{item, at})
	}
	if len(columns) > len(schema) {
		in = ir.NewProject(in, columns, names, pos)
	}
	out := ir.Rel(ir.NewSort(in, b.order(items, in.P().Schema), 0, ir.NoLimit, pos))
	return firstColumns(out, len(schema), pos)
}

// Slice is Table.offset, fetch and limit: without the first rows, and no more
// than the limit of those that follow, which may be NoLimit. They complete the
// order_by before them; PyFlink 1.20.1 takes no second limit, except on top of a
// query in SQL that has one of its own.
func (s *Session) Slice(in ir.Rel, offset, limit int64, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	if p, ok := in.(*ir.Project); ok && p.In.Op() == ir.OpSort { // order_by of expressions
		return firstColumns(s.Slice(p.In, offset, limit, pos), len(p.Columns), pos)
	}
	sort, ok := in.(*ir.Sort)
	switch {
	case !ok, !s.sliced[sort] && (sort.Limit != ir.NoLimit || sort.Offset > 0):
		out := ir.NewSort(in, nil, offset, limit, pos)
		s.sliced[out] = true
		return out
	case sort.Limit != ir.NoLimit:
		s.Diags.Errorf(diag.FunctionArgument, pos, "the number of rows is limited already").WithNote(sort.Pos, "by this")
		return in
	case sort.Offset > 0 && offset > 0:
		s.Diags.Errorf(diag.FunctionArgument, pos, "there is an offset already").WithNote(sort.Pos, "by this")
		return in
	}
	out := ir.NewSort(sort.In, sort.Order, max(offset, sort.Offset), limit, pos)
	s.sliced[out] = true
	return out
}
