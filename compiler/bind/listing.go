package bind

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir/types"
	"pyfc/rt/fn"
)

// Listing is what a statement answers that is no query: SHOW, DESCRIBE, and
// those that say no more than that they are done.
type Listing struct {
	Columns types.Schema
	Rows    [][]any // string, bool, or nil for NULL
	// Plain says that the single text is shown without a frame.
	Plain bool
}

// Done is the answer of statements that change something.
var Done = Say("OK")

// Say is the listing of one text that is shown without a frame.
func Say(text string) *Listing {
	return &Listing{Columns: textColumns("result"), Rows: [][]any{{text}}, Plain: true}
}

// textColumns are columns of the type STRING.
func textColumns(names ...string) types.Schema {
	out := make(types.Schema, len(names))
	for i, n := range names {
		out[i] = types.Column{Name: n, Type: types.String()}
	}
	return out
}

// column is a listing of one column.
func column(name string, values ...string) *Listing {
	l := &Listing{Columns: textColumns(name)}
	for _, v := range values {
		l.Rows = append(l.Rows, []any{v})
	}
	return l
}

// lists are the forms of SHOW that are run. They report what they don't find.
var lists map[string]func(s *Session, st *sql.Show) *Listing

func init() { // not a literal: the functions refer to unrun, which asks it
	lists = map[string]func(s *Session, st *sql.Show) *Listing{
		"CATALOGS":         func(s *Session, _ *sql.Show) *Listing { return column("catalog name", s.Catalogs()...) },
		"CURRENT CATALOG":  func(s *Session, _ *sql.Show) *Listing { return column("current catalog name", s.CurrentCatalog()) },
		"CURRENT DATABASE": func(s *Session, _ *sql.Show) *Listing { return column("current database name", s.CurrentDatabase()) },
		"DATABASES":        (*Session).showDatabases,
		"TABLES":           (*Session).showTables,
		"VIEWS":            func(s *Session, _ *sql.Show) *Listing { return column("view name", s.Views()...) },
		"COLUMNS":          (*Session).showColumns,
		"USER FUNCTIONS": func(s *Session, st *sql.Show) *Listing {
			return column("function name", matching(st, s.UserFunctions())...)
		},
		"FUNCTIONS": func(s *Session, st *sql.Show) *Listing {
			return column("function name", matching(st, s.Functions())...)
		},
		"JARS":           func(*Session, *sql.Show) *Listing { return column("jars") },
		"MODULES":        func(s *Session, _ *sql.Show) *Listing { return column("module name", s.Modules()...) },
		"FULL MODULES":   (*Session).showFullModules,
		"PARTITIONS":     (*Session).showPartitions,
		"CREATE TABLE":   (*Session).showCreateTable,
		"CREATE VIEW":    (*Session).showCreateView,
		"CREATE CATALOG": (*Session).showCreateCatalog,
	}
}

func (s *Session) show(st *sql.Show) *Listing { return lists[st.What](s, st) }

// matching are the names that SHOW … [NOT] LIKE asks for.
func matching(st *sql.Show, names []string) []string {
	if st.Like == "" {
		return names
	}
	pattern, _ := st.Pattern.Value.Const()
	fold := func(n string) string { return n }
	if st.Like == "ILIKE" {
		fold = strings.ToLower
	}
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return fn.Like(fold(n), fold(pattern)) == st.Not })
}

func (s *Session) showDatabases(st *sql.Show) *Listing {
	c := s.current
	if len(st.In.Parts) > 0 {
		if c = s.catalogOf(st.In.Parts[0]); c == nil {
			return nil
		}
	}
	return column("database name", matching(st, slices.Sorted(maps.Keys(c.databases)))...)
}

func (s *Session) showTables(st *sql.Show) *Listing {
	c, d := s.databaseOf(st.In.Parts)
	if d == nil {
		return nil
	}
	return column("table name", matching(st, s.names(c.name, d.name, anyObject, s.temporary, s.permanent))...)
}

func (s *Session) showFullModules(*sql.Show) *Listing {
	l := column("module name", s.Modules()...)
	l.Columns = append(l.Columns, types.Column{Name: "used", Type: types.Of(types.Boolean)})
	for i := range l.Rows {
		l.Rows[i] = append(l.Rows[i], true)
	}
	return l
}

func (s *Session) showColumns(st *sql.Show) *Listing {
	l := s.columnList(st.Name)
	if l != nil && st.Like != "" {
		l.Rows = slices.DeleteFunc(l.Rows, func(r []any) bool { return len(matching(st, []string{r[0].(string)})) == 0 })
	}
	return l
}

// builtInFunctions are the names of the built-in functions as PyFlink 1.20.1
// lists them, a line each.
//
//go:embed functions.txt
var builtInFunctions string

// Functions lists the names of all functions in order.
func (s *Session) Functions() []string {
	names := s.UserFunctions()
	if !s.unloaded {
		names = append(names, strings.Fields(builtInFunctions)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// UserFunctions lists the names of the registered functions in order.
func (s *Session) UserFunctions() []string {
	names := slices.Sorted(maps.Keys(s.functions))
	return slices.DeleteFunc(names, func(n string) bool { return strings.Contains(n, "#") }) // no text can spell it
}

// describe is DESCRIBE of a table or a catalog.
func (s *Session) describe(st *sql.Describe) *Listing {
	if st.What != "CATALOG" {
		return s.columnList(st.Name)
	}
	c := s.declaredCatalog(st.Name.Parts[0])
	if c == nil {
		return nil
	}
	comment := any(nil)
	if c.comment != nil {
		comment = c.comment.Value.Display()
	}
	rows := [][]any{{"name", c.name}, {"type", inMemory}, {"comment", comment}}
	if st.Extended {
		for _, o := range c.options {
			if key := o.Key.Value.Display(); key != "type" {
				rows = append(rows, []any{"option:" + key, o.Value.Value.Display()})
			}
		}
	}
	return &Listing{Columns: textColumns("info name", "info value"), Rows: rows}
}

// columnList describes the columns of a table or view. The comments are there
// where there is one.
func (s *Session) columnList(path sql.Path) *Listing {
	o := s.lookup(path)
	if o == nil || o.unknown() {
		return nil
	}
	l := &Listing{Columns: textColumns("name", "type", "null", "key", "extras", "watermark")}
	l.Columns[2].Type = types.Of(types.Boolean)
	commented := o.declared != nil && slices.ContainsFunc(o.declared.Columns, func(c *sql.Column) bool { return c.Comment != nil })
	if commented {
		l.Columns = append(l.Columns, textColumns("comment")...)
	}
	schema := o.columns
	if o.isView {
		schema = o.view.P().Schema
	}
	for i, c := range schema {
		row := []any{c.Name, c.Type.WithNull(true).String(), c.Type.Nullable, nil, nil, nil}
		if o.declared != nil {
			s.describeColumn(o, i, row)
		}
		if commented {
			row = append(row, nil)
			if text := o.declared.Columns[i].Comment; text != nil {
				row[6] = text.Value.Display()
			}
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}

// describeColumn fills in what a table declares of its column i.
func (s *Session) describeColumn(o *object, i int, row []any) {
	c := o.declared.Columns[i]
	if k := o.declared.PrimaryKey; k != nil && slices.ContainsFunc(k.Columns, func(n sql.Name) bool { return n.Text == c.Name.Text }) {
		names := make([]string, len(k.Columns))
		for j, n := range k.Columns {
			names[j] = n.Text
		}
		row[3] = "PRI(" + strings.Join(names, ", ") + ")"
	}
	switch c.Kind {
	case sql.Computed:
		row[4] = "AS " + sql.QuotedExpr(c.Expr)
	case sql.Metadata:
		row[4] = metadataText(c)
	}
	if w := o.declared.Watermark; w != nil && w.Column[0].Text == c.Name.Text {
		row[5] = sql.QuotedExpr(w.Expr)
		if !s.Batch() {
			row[1] = row[1].(string) + " *ROWTIME*"
		}
	}
}

// ColumnNames lists the names of the columns of all tables and views of the
// database in use, without repetition.
func (s *Session) ColumnNames() []string {
	seen := map[string]bool{}
	for _, space := range []map[ident]*object{s.temporary, s.permanent} {
		for id, o := range space {
			if id.catalog != s.CurrentCatalog() || id.database != s.CurrentDatabase() {
				continue
			}
			columns := o.columns
			if o.view != nil {
				columns = o.view.P().Schema
			}
			for _, n := range columns.Names() {
				seen[n] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
