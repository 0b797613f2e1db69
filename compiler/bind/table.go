package bind

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	agglist "pyfc/rt/agg/list"
)

// Select is Table.select: a projection, or where an item holds an aggregate
// the aggregate of all rows.
func (s *Session) Select(in ir.Rel, items []sql.Expr, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	if slices.ContainsFunc(items, s.hasAggregate) {
		return s.GroupBy(in, nil, pos).Select(items, pos)
	}
	b := s.tableBinder(in, "select")
	return b.project(in, b.expand(items), pos)
}

// Where is Table.where and filter.
func (s *Session) Where(in ir.Rel, cond sql.Expr, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	b := s.tableBinder(in, "where")
	return b.filter(in, cond, pos)
}

// filter keeps the rows for which a condition holds. A faulty condition leaves
// the relation as it is, so that what follows is checked.
func (b *binder) filter(in ir.Rel, cond sql.Expr, pos diag.Pos) ir.Rel {
	e := b.condition(cond)
	if !valid(e) {
		return in
	}
	return b.newFilter(in, e, pos)
}

// Grouped is the result of Table.group_by: what select may follow on.
type Grouped struct {
	s   *Session
	agg *aggregation
}

// GroupBy is Table.group_by. It returns nil for a relation that isn't known.
func (s *Session) GroupBy(in ir.Rel, keys []sql.Expr, pos diag.Pos) *Grouped {
	if in == nil {
		return nil
	}
	b := s.tableBinder(in, "group_by")
	g := &Grouped{s, &aggregation{in: in}}
	for _, k := range b.expand(keys) {
		name := keyName(k)
		if slices.Contains(g.agg.keyNames, name) {
			b.errorf(diag.DuplicateName, k.Where(), "ambiguous column name: %s", name)
			continue
		}
		g.agg.keys = append(g.agg.keys, b.expr(k))
		g.agg.keyNames = append(g.agg.keyNames, name)
	}
	return g
}

// keyName is the name of a key for select: that of a column or alias. Other
// keys have a name that no expression can spell.
func keyName(k sql.Expr) string {
	switch k := k.(type) {
	case *sql.Ident:
		return k.Parts[len(k.Parts)-1].Text
	case *sql.Alias:
		return k.Names[0].Text
	}
	return sql.PrintExpr(k)
}

// Select is GroupedTable.select.
func (g *Grouped) Select(items []sql.Expr, pos diag.Pos) ir.Rel {
	if g == nil {
		return nil
	}
	keys := make(types.Schema, len(g.agg.keys))
	for i, k := range g.agg.keys {
		keys[i] = types.Column{Name: g.agg.keyNames[i], Type: k.Type()}
	}
	agg := *g.agg // a table may be selected from more than once
	b := &binder{s: g.s, dialect: tableAPI, clause: "select", agg: &agg,
		scope: scope{schema: keys}, aggScope: scopeOf(g.agg.in)}
	items = b.expand(items)
	columns, names := b.items(items)
	if !valid(agg.keys...) {
		return unknownRows(agg.in, columns, names, pos)
	}
	out := agg.build(b, pos)
	for i := range columns {
		columns[i] = placeRefs(columns[i], &agg, out.Schema)
	}
	return ir.NewProject(out, columns, names, pos)
}

// unknownRows is a relation of which only the columns are known; a fault has
// been reported, so that no later stage sees it.
func unknownRows(in ir.Rel, columns []ir.Expr, names []string, pos diag.Pos) ir.Rel {
	p := ir.NewProject(in, nil, nil, pos)
	for i, c := range columns {
		p.Schema = append(p.Schema, types.Column{Name: names[i], Type: c.Type()})
	}
	return p
}

// project computes items.
func (b *binder) project(in ir.Rel, items []sql.Expr, pos diag.Pos) ir.Rel {
	columns, names := b.items(items)
	return ir.NewProject(in, columns, names, pos)
}

// items binds the items of a Table API select and names them.
func (b *binder) items(items []sql.Expr) ([]ir.Expr, []string) {
	columns := make([]ir.Expr, 0, len(items))
	var names []string
	for i, x := range items {
		e := b.expr(x)
		if e.Type().Kind == types.Null {
			b.untypedNull(e)
			e = poison(e.Pos())
		}
		name := b.itemName(x, e, i)
		if slices.Contains(names, name) {
			b.errorf(diag.DuplicateName, x.Where(), "ambiguous column name: %s", name).WithHint("name it by alias")
		}
		columns, names = append(columns, e), append(names, name)
	}
	return columns, names
}

// itemName is the name of the i-th item: its alias or column, a-INT for a cast
// column, EXPR$n for the n-th aggregate, else _ci.
func (b *binder) itemName(x sql.Expr, e ir.Expr, i int) string {
	switch x := x.(type) {
	case *sql.Alias:
		return x.Names[0].Text
	case *sql.Ident:
		return x.Parts[len(x.Parts)-1].Text
	case *sql.Cast:
		if id, ok := x.X.(*sql.Ident); ok && !x.Try {
			return id.Parts[0].Text + "-" + x.Type.String()
		}
	}
	switch r := e.(type) {
	case *aggRef:
		return r.label
	case *propertyRef:
		return r.label
	}
	return "_c" + strconv.Itoa(i)
}

// hasAggregate reports whether an aggregate function stands somewhere in x.
func (s *Session) hasAggregate(x sql.Expr) bool {
	found := false
	sql.Walk(x, func(x sql.Expr) {
		c, ok := x.(*sql.Call)
		if !ok || c.Over != nil {
			return
		}
		if u, own := s.Function(c.Written); own && c.Written != "" {
			found = found || u.Kind == ir.AggregateUDF || u.Kind == ir.PandasAggregateUDF
			return
		}
		if _, ok := agglist.Lookup(c.Func); ok {
			found = true
		}
	})
	return found
}

// expand replaces * and the column ranges of withColumns by columns.
func (b *binder) expand(items []sql.Expr) []sql.Expr {
	var out []sql.Expr
	for _, x := range items {
		switch x := x.(type) {
		case *sql.Star:
			out = append(out, b.columns(func(int) bool { return true }, x.Pos)...)
			continue
		case *sql.Call:
			switch x.Func {
			case "WITH_COLUMNS", "WITHOUT_COLUMNS":
				out = append(out, b.columnRange(x)...)
				continue
			case sql.OpFlatten:
				out = append(out, b.flattened(x)...)
				continue
			}
		}
		out = append(out, x)
	}
	return out
}

// flattened is x.flatten: the fields of a row, or the value alone that is none.
// Those of a column are called after it.
func (b *binder) flattened(x *sql.Call) []sql.Expr {
	if len(x.Args) != 1 {
		b.errorf(diag.FunctionArgument, x.Pos, "flatten takes one row")
		return nil
	}
	e := b.expr(x.Args[0])
	if !valid(e) {
		return nil
	}
	t := e.Type()
	if t.Kind != types.Row {
		return x.Args
	}
	out := make([]sql.Expr, len(t.Names))
	for i, n := range t.Names {
		out[i] = sql.Op(x.Pos, sql.OpField, x.Args[0], sql.Text(x.Pos, n))
		if id, ok := x.Args[0].(*sql.Ident); ok {
			name := id.Parts[len(id.Parts)-1].Text + "$" + n
			out[i] = &sql.Alias{At: x.At, X: out[i], Names: []sql.Name{{Text: name, Pos: x.Pos}}}
		}
	}
	return out
}

// columns are the columns in scope whose position is wanted.
func (b *binder) columns(wanted func(i int) bool, pos diag.Pos) []sql.Expr {
	var out []sql.Expr
	for i, c := range b.scope.schema {
		if wanted(i) {
			out = append(out, sql.Col(pos, c.Name))
		}
	}
	return out
}

// columnRange is withColumns(…) or withoutColumns(…): columns by name, by
// position from 1, or by a range of either.
func (b *binder) columnRange(x *sql.Call) []sql.Expr {
	chosen := map[int]bool{}
	for _, a := range x.Args {
		if isStar(a) {
			for i := range b.scope.schema {
				chosen[i] = true
			}
			continue
		}
		low, high := a, a
		if c, ok := a.(*sql.Call); ok && c.Func == sql.OpRange && len(c.Args) == 2 {
			low, high = c.Args[0], c.Args[1]
		}
		from, to := b.columnAt(low), b.columnAt(high)
		if from < 0 || to < 0 {
			continue
		}
		if from > to {
			b.errorf(diag.FunctionArgument, a.Where(), "the range ends before it begins")
		}
		for i := from; i <= to; i++ {
			chosen[i] = true
		}
	}
	return b.columns(func(i int) bool { return chosen[i] == (x.Func == "WITH_COLUMNS") }, x.Pos)
}

// columnAt is the position of a column that is given by name or by position
// from 1; -1 for none, which is reported.
func (b *binder) columnAt(x sql.Expr) int {
	switch x := x.(type) {
	case *sql.Star:
		b.errorf(diag.FunctionArgument, x.Pos, "* can't be part of a column range")
		return -1
	case *sql.Ident:
		i := b.scope.schema.Index(x.Parts[0].Text)
		if i < 0 {
			b.unknownColumn(x.Parts[0], nil)
		}
		return i
	case *sql.Literal:
		if v, ok := x.Value.(int64); ok && v >= 1 && int(v) <= len(b.scope.schema) {
			return int(v) - 1
		}
	}
	b.errorf(diag.FunctionArgument, x.Where(), "a column range takes columns by name, or by position from 1 to %d", len(b.scope.schema))
	return -1
}

// describe lists a schema for a message: "[a: INT, b: STRING]".
func describe(s types.Schema) string {
	parts := make([]string, len(s))
	for i, c := range s {
		parts[i] = fmt.Sprintf("%s: %s", c.Name, c.Type)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
