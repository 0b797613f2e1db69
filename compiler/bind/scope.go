package bind

import (
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// scope is what the names of a clause are looked up in: the columns of one
// relation, and the tables of FROM that they come from.
type scope struct {
	schema types.Schema
	tables []scopeTable
	// plain are the columns that a name without a table, or *, may mean, in the
	// order of *; nil where that is all of the schema. JOIN … USING makes one
	// of two.
	plain []scopeColumn
	// declared are the places where tables declare the columns of the schema;
	// unknown for others, and for those behind its end.
	declared []diag.Pos
}

// scopeOf is the scope of the columns of relations, one after the other.
func scopeOf(rels ...ir.Rel) scope {
	var s scope
	for _, r := range rels {
		for i, c := range r.P().Schema {
			s.schema = append(s.schema, c)
			s.declared = append(s.declared, ir.DeclaredAt(r, i))
		}
	}
	return s
}

// scopeTable is a table of FROM: width columns of the schema from first on.
type scopeTable struct {
	// path is how the query may call it, from any part on: its catalog,
	// database and name, or its alias alone.
	path         []string
	first, width int
	pos          diag.Pos
}

// scopeColumn is a column of FROM by its name. Where JOIN … USING made it of
// several, its value is that of the first one which isn't NULL.
type scopeColumn struct {
	name string
	at   []int // positions in the schema
	// within are the fields that lead to it, where it is one of a row; the last one
	// is its name.
	within []string
}

// name is what the table is called in messages.
func (t *scopeTable) name() string { return t.path[len(t.path)-1] }

// called is how many of the names at the beginning of a path are those of the
// table; 0 where it isn't meant.
func (t *scopeTable) called(parts []sql.Name) int {
	for skip := range t.path {
		prefix := t.path[skip:]
		if len(parts) < len(prefix) {
			continue
		}
		if slices.EqualFunc(parts[:len(prefix)], prefix, func(n sql.Name, s string) bool { return n.Text == s }) {
			return len(prefix)
		}
	}
	return 0
}

// table is the table whose name begins a path, and how many of the names are
// its; nil for none.
func (s *scope) table(parts []sql.Name) (*scopeTable, int) {
	var found *scopeTable
	longest := 0
	for i := range s.tables {
		if n := s.tables[i].called(parts); n > longest {
			found, longest = &s.tables[i], n
		}
	}
	return found, longest
}

// tableNames are the names of the tables.
func (s *scope) tableNames() []string {
	var out []string
	for i := range s.tables {
		out = append(out, s.tables[i].name())
	}
	return out
}

// all are the columns that * stands for.
func (s *scope) all() []scopeColumn {
	if s.plain != nil {
		return s.plain
	}
	return s.columnsOf(0, len(s.schema))
}

// of are the columns of a table.
func (s *scope) of(t *scopeTable) []scopeColumn { return s.columnsOf(t.first, t.width) }

func (s *scope) columnsOf(first, width int) []scopeColumn {
	out := make([]scopeColumn, width)
	for i := range out {
		out[i] = scopeColumn{name: s.schema[first+i].Name, at: []int{first + i}}
	}
	return out
}

// tableAt is the table that a column comes from; nil for none.
func (s *scope) tableAt(column int) *scopeTable {
	for i := range s.tables {
		if t := &s.tables[i]; column >= t.first && column < t.first+t.width {
			return t
		}
	}
	return nil
}

// named are the columns of a name.
func named(columns []scopeColumn, name string) []scopeColumn {
	var out []scopeColumn
	for _, c := range columns {
		if c.name == name {
			out = append(out, c)
		}
	}
	return out
}

// fields are the fields that a name means within columns that are rows: those of
// the outermost rows that have some. Where more names follow they are rows.
func (s *scope) fields(columns []scopeColumn, names []sql.Name) []scopeColumn {
	for len(columns) > 0 {
		var inner []scopeColumn
		for _, c := range columns {
			if t := s.typeOf(c); t.Kind == types.Row {
				for _, f := range t.Names {
					inner = append(inner, scopeColumn{name: f, at: c.at, within: append(slices.Clip(c.within), f)})
				}
			}
		}
		found := slices.DeleteFunc(named(inner, names[0].Text), func(c scopeColumn) bool {
			return len(names) > 1 && s.typeOf(c).Kind != types.Row
		})
		if len(found) > 0 {
			return found
		}
		columns = inner
	}
	return nil
}

// apart are the columns of each of the tables, or all where there is no table.
func (s *scope) apart(tables []scopeTable) [][]scopeColumn {
	if len(tables) == 0 {
		return [][]scopeColumn{s.all()}
	}
	out := make([][]scopeColumn, len(tables))
	for i := range tables {
		out[i] = s.of(&tables[i])
	}
	return out
}

// typeOf is the type of a column, or of the field that it means.
func (s *scope) typeOf(c scopeColumn) types.Type {
	t := s.schema[c.at[0]].Type
	for _, f := range c.within {
		t = t.Elems[slices.Index(t.Names, f)]
	}
	return t
}

// ident binds a column, a, t.a, db.t.a or cat.db.t.a, and fields of it.
func (b *binder) ident(x *sql.Ident) ir.Expr {
	e := b.known(x)
	if e == nil {
		b.unknownName(x.Parts)
		return poison(x.Pos)
	}
	return e
}

// known is ident for a column that the clause or a query around has; nil for
// none.
func (b *binder) known(x *sql.Ident) ir.Expr {
	if c, ok := b.starred[x]; ok {
		return b.column(c, x.Pos)
	}
	if e, ok := b.bound[x]; ok {
		return e
	}
	if item, ok := b.named[x]; ok {
		return b.expr(item)
	}
	found, parts := b.find(x)
	if len(found) == 1 && len(parts) > 1 && b.scope.typeOf(found[0]).Kind != types.Row && b.aroundHas(x.Parts) {
		found = nil // the first name is that of a table around
	}
	switch len(found) {
	case 0:
		if o := b.env.outer; o != nil && len(parts) == len(x.Parts) {
			if e := o.b.known(x); e != nil && valid(e) {
				return o.param(e)
			} else if e != nil {
				return e
			}
		}
		return nil
	case 1:
	default:
		b.ambiguous(parts[0], found)
		return poison(x.Pos)
	}
	column := found[0]
	var path []sql.Name // to a field of it
	for _, f := range column.within {
		path = append(path, sql.Name{Text: f, Pos: parts[0].Pos})
	}
	path = append(path, parts[1:]...)
	if t := b.scope.tableAt(column.at[0]); t != nil && len(t.path) > 0 {
		whole := []string{t.name(), b.scope.schema[column.at[0]].Name}
		for _, name := range path {
			whole = append(whole, name.Text)
		}
		b.s.means(x.Parts, whole...)
	}
	e := b.column(column, x.Pos)
	for _, name := range path {
		if !valid(e) {
			break
		}
		e = b.field(e, name)
	}
	return e
}

// find are the columns of the clause that an identifier may mean, and its parts
// behind the table's. SQL also finds fields of columns that are rows, in tables
// of which no column has the name.
func (b *binder) find(x *sql.Ident) ([]scopeColumn, []sql.Name) {
	s := &b.scope
	candidates, parts, tables := s.all(), x.Parts, s.tables
	if t, n := s.table(parts); t != nil && n < len(parts) {
		candidates, parts, tables = s.of(t), parts[n:], []scopeTable{*t}
	}
	name := parts[0].Text
	found := named(candidates, name)
	if b.dialect == sqlText {
		for _, columns := range s.apart(tables) {
			if len(named(columns, name)) == 0 {
				found = append(found, s.fields(columns, parts)...)
			}
		}
	}
	return found, parts
}

// aroundHas reports whether a query around has a table whose name begins a path.
func (b *binder) aroundHas(parts []sql.Name) bool {
	for at := b.around(); at != nil; at = at.around() {
		if t, n := at.scope.table(parts); t != nil && n < len(parts) {
			return true
		}
	}
	return false
}

// around is the clause around the query that b binds a clause of; nil for none.
func (b *binder) around() *binder {
	if b.env.outer == nil {
		return nil
	}
	return b.env.outer.b
}

// unknownName reports a name that no column has.
func (b *binder) unknownName(parts []sql.Name) {
	for at := b; at != nil; at = at.around() {
		if t, n := at.scope.table(parts); t != nil && n < len(parts) {
			at.unknownColumn(parts[n], t)
			return
		}
	}
	if len(parts) > 1 {
		b.unknownTable(parts[:len(parts)-1])
	} else {
		b.unknownColumn(parts[0], nil)
	}
}

// column is the value of a column.
func (b *binder) column(c scopeColumn, pos diag.Pos) ir.Expr {
	values := make([]ir.Expr, len(c.at))
	for i, at := range c.at {
		ref := ir.NewColumnRef(b.scope.schema, at, pos)
		if at < len(b.scope.declared) {
			b.s.declared[ref] = b.scope.declared[at]
		}
		values[i] = ref
	}
	if len(values) == 1 {
		return values[0]
	}
	return coalesce(b, &sql.Call{At: sql.At{Pos: pos}, Func: "COALESCE"}, values)
}

// unknownTable reports a name before a point that is no table of the query.
func (b *binder) unknownTable(parts []sql.Name) {
	var path []string
	for _, p := range parts {
		path = append(path, p.Text)
	}
	names := b.scope.tableNames()
	d := b.errorf(diag.UnknownColumn, parts[0].Pos, "no table of this query is called %q", strings.Join(path, "."))
	near := diag.Nearest(parts[len(parts)-1].Text, names)
	switch {
	case near == "" && len(names) == 1:
		near = names[0]
	case near == "" && len(names) > 1:
		d.WithHint("there are %s", strings.Join(names, ", "))
	}
	if near != "" {
		d.WithHint("did you mean %s?", near)
	}
}

// unknownColumn reports a name that no column has; t is the table that was
// named before it, or nil.
func (b *binder) unknownColumn(n sql.Name, t *scopeTable) {
	d := b.errorf(diag.UnknownColumn, n.Pos, "cannot resolve column %q", n.Text)
	candidates := b.scope.all()
	if t != nil {
		d.Message += " in table " + t.name()
		candidates = b.scope.of(t)
	}
	var names []string
	for _, c := range candidates {
		names = append(names, c.name)
	}
	if near := diag.Nearest(n.Text, names); near != "" {
		d.WithHint("did you mean %s?", near)
	} else if len(names) > 0 {
		d.WithHint("there are %s", strings.Join(names, ", "))
	}
	if b.agg != nil && b.agg.hides(n.Text) {
		d.Message += ": behind GROUP BY there are only the keys and aggregates"
	}
}

// ambiguous reports a name that several columns have.
func (b *binder) ambiguous(n sql.Name, found []scopeColumn) {
	d := b.errorf(diag.AmbiguousColumn, n.Pos, "column %q is ambiguous", n.Text)
	var names []string
	for _, c := range found {
		if t := b.scope.tableAt(c.at[0]); t != nil {
			d.WithNote(t.pos, "%s has one", t.name())
			names = append(names, t.name()+"."+n.Text)
		}
	}
	if slices.Sort(names); len(slices.Compact(names)) > 1 {
		d.WithHint("write %s", strings.Join(names, " or "))
	}
}
