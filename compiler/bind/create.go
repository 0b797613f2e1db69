package bind

import (
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// CreateTable puts a declared table into the catalog. The declaration may come
// from SQL text or be put together from descriptors.
func (s *Session) CreateTable(c *sql.CreateTable) {
	key, ok := s.key(c.Name)
	if !ok || c.IfNotExists && s.space(c.Temporary)[key] != nil {
		return
	}
	if c.Like != nil {
		if c = s.like(c); c == nil {
			s.define(&object{id: key, pos: diag.Pos{}, isView: true}, false, true)
			return
		}
	}
	s.define(s.declare(key, c), c.Temporary, c.IfNotExists)
}

// createAs is CREATE TABLE … AS query: the table has the query's columns.
func (s *Session) createAs(c *sql.CreateTable) *ir.Sink {
	in := s.bindQuery(c.Query, environment{})
	if in == nil || slices.ContainsFunc(in.P().Schema, func(c types.Column) bool { return !c.Type.Valid() }) {
		s.defineUnknown(c)
		return nil
	}
	if len(c.Columns) > 0 || c.PrimaryKey != nil || c.Watermark != nil {
		s.Diags.Errorf(diag.SQLSyntax, c.Name.Pos, "a table that is created AS a query declares no columns of its own, in PyFlink 1.20.1")
		s.defineUnknown(c)
		return nil
	}
	declared := *c
	declared.Query = nil
	for _, col := range in.P().Schema {
		declared.Columns = append(declared.Columns, &sql.Column{At: c.At, Name: sql.Name{Text: col.Name, Pos: c.QueryWord}, Type: col.Type})
	}
	key, ok := s.key(c.Name)
	space := s.space(c.Temporary)
	switch {
	case !ok || c.IfNotExists && space[key] != nil:
		return nil
	case c.ReplaceOnly && space[key] == nil:
		s.Diags.Errorf(diag.UnknownTable, c.Name.Pos, "there is no table %q to replace", key).WithHint("CREATE OR REPLACE TABLE makes one")
		return nil
	case c.Replace || c.ReplaceOnly: // which PyFlink 1.20.1 does AS a query only
		delete(space, key)
	}
	before := len(s.Diags.Sorted())
	if s.CreateTable(&declared); len(s.Diags.Sorted()) > before {
		return nil
	}
	return s.Insert(in, c.Name, c.Pos)
}

// declare makes a table of its declaration.
func (s *Session) declare(id ident, c *sql.CreateTable) *object {
	o := &object{id: id, pos: c.Name.Pos, declared: c, reported: map[role]bool{}, watermark: -1}
	o.table = &ir.Table{Name: id.String(), Pos: c.Name.Pos}
	s.declareColumns(o, c)
	s.declareKey(o, c)
	s.declareComputed(o, c)
	s.declareRest(o, c)
	s.checkDistribution(c)
	setOptions(o.table, c)
	s.replaceOptions(o.table)
	nameConnector(o.table)
	return o
}

// declareColumns sets the columns. Those of the record are the table's.
func (s *Session) declareColumns(o *object, c *sql.CreateTable) {
	for i, col := range c.Columns {
		if j := slices.IndexFunc(c.Columns[:i], func(d *sql.Column) bool { return d.Name.Text == col.Name.Text }); j >= 0 {
			s.Diags.Errorf(diag.DuplicateName, col.Name.Pos, "a column named %q already exists in the table", col.Name.Text).
				WithNote(c.Columns[j].Name.Pos, "the first is here")
		}
		named := types.Column{Name: col.Name.Text, Type: looseRows(col.Type)}
		o.columns = append(o.columns, named)
		if col.Kind == sql.Computed {
			continue
		}
		of := ir.TableColumn{Column: named, Pos: col.Name.Pos}
		if col.Kind == sql.Metadata {
			of.Metadata, of.Virtual = col.Name.Text, col.Virtual
			if col.Key != nil {
				of.Metadata, _ = col.Key.Value.Const()
			}
		}
		o.writable = append(o.writable, i)
		o.table.Columns = append(o.table.Columns, of)
	}
	for _, col := range c.Hidden { // they stand last: writable is of the others
		o.table.Columns = append(o.table.Columns, ir.TableColumn{Column: types.Column{Name: col.Name.Text, Type: col.Type}, Pos: col.Name.Pos, Virtual: true})
	}
}

// looseRows is a declared type as PyFlink 1.20.1 takes it: a row that may be NULL
// has no fields that mustn't.
func looseRows(t types.Type) types.Type {
	if len(t.Elems) == 0 {
		return t
	}
	t.Elems = slices.Clone(t.Elems)
	for i, e := range t.Elems {
		if t.Kind == types.Row && t.Nullable {
			e.Nullable = true
		}
		t.Elems[i] = looseRows(e)
	}
	return t
}

// declareComputed binds the computed columns over those of the record.
func (s *Session) declareComputed(o *object, c *sql.CreateTable) {
	if len(o.writable) == len(o.columns) {
		return
	}
	physical := o.table.Schema()
	b := &binder{s: s, scope: o.scope(physical), clause: "a computed column"}
	for i, col := range c.Columns {
		if col.Kind == sql.Computed {
			e := b.expr(col.Expr)
			o.columns[i].Type = e.Type()
			o.computed = append(o.computed, e)
		} else {
			o.computed = append(o.computed, ir.NewColumnRef(physical, slices.Index(o.writable, i), col.Name.Pos))
		}
	}
}

// declareKey sets the primary key, whose columns are never NULL.
func (s *Session) declareKey(o *object, c *sql.CreateTable) {
	if c.PrimaryKey == nil {
		return
	}
	for _, n := range c.PrimaryKey.Columns {
		i := o.columns.Index(n.Text)
		switch {
		case i < 0:
			d := s.Diags.Errorf(diag.UnknownColumn, n.Pos, "primary key column %q is not defined in the table", n.Text)
			if near := diag.Nearest(n.Text, o.columns.Names()); near != "" {
				d.WithHint("did you mean %s?", near)
			}
		case !slices.Contains(o.writable, i):
			s.Diags.Errorf(diag.TypeMismatch, n.Pos, "primary key column %q is not a column of the record", n.Text)
		case slices.Contains(o.table.Key, slices.Index(o.writable, i)):
			s.Diags.Errorf(diag.DuplicateName, n.Pos, "column %q is twice in the primary key", n.Text)
		default:
			k := slices.Index(o.writable, i)
			o.table.Key = append(o.table.Key, k)
			o.columns[i].Type.Nullable = false
			o.table.Columns[k].Type.Nullable = false
		}
	}
	slices.Sort(o.table.Key)
}

// declareRest checks the watermark and sets the partitions.
func (s *Session) declareRest(o *object, c *sql.CreateTable) {
	b := &binder{s: s, scope: o.scope(o.columns), clause: "WATERMARK"}
	if w := c.Watermark; w != nil {
		s.declareWatermark(o, b, w)
	}
	for _, n := range c.PartitionBy {
		i := slices.Index(o.writable, o.columns.Index(n.Text)) // in the table
		switch {
		case i < 0:
			b.unknownColumn(n, nil)
		case slices.Contains(o.table.PartitionBy, i):
			s.Diags.Errorf(diag.DuplicateName, n.Pos, "column %q is twice in PARTITIONED BY", n.Text)
		default:
			o.table.PartitionBy = append(o.table.PartitionBy, i)
		}
	}
}

// declareWatermark binds what the watermark of a table is computed from.
func (s *Session) declareWatermark(o *object, b *binder, w *sql.Watermark) {
	at := w.Column[0]
	column := b.ident(&sql.Ident{At: sql.At{Pos: at.Pos}, Parts: w.Column})
	o.mark = b.expr(w.Expr)
	t, mark := column.Type(), o.mark.Type()
	switch {
	case !valid(column, o.mark):
		return
	case !t.Timestamp():
		b.errorf(diag.TypeMismatch, at.Pos, "a WATERMARK is for a TIMESTAMP or TIMESTAMP_LTZ column, but %q is %s", at.Text, t)
	case t.Precision > 3:
		b.errorf(diag.TypeMismatch, at.Pos, "a WATERMARK is for a column of at most 3 fractional digits, but %q is %s", at.Text, t).
			WithHint("declare it as TIMESTAMP(3), or make such a column of it: ts AS CAST(%s AS TIMESTAMP(3))", at.Text)
	case !mark.Timestamp() || mark.Precision > 3:
		b.errorf(diag.TypeMismatch, w.Expr.Where(), "a WATERMARK must be TIMESTAMP or TIMESTAMP_LTZ of at most 3 fractional digits, not %s", mark)
	case len(w.Column) == 1:
		o.watermark = o.columns.Index(at.Text)
	}
}

// setOptions copies the options; of equal keys the last counts.
func setOptions(t *ir.Table, c *sql.CreateTable) {
	for _, o := range c.Options {
		key, _ := o.Key.Value.Const()
		setOption(t, ir.Option{Key: key, Value: o.Value.Value, Pos: o.Value.Pos, KeyPos: o.Key.Pos})
	}
}

func setOption(t *ir.Table, o ir.Option) {
	if i := slices.IndexFunc(t.Options, func(p ir.Option) bool { return p.Key == o.Key }); i >= 0 {
		t.Options[i] = o
	} else {
		t.Options = append(t.Options, o)
	}
}

// nameConnector finds connector and format among the options.
func nameConnector(t *ir.Table) {
	named := func(key string) (string, bool) {
		o, ok := t.Option(key)
		name, _ := o.Value.Const()
		return strings.ToLower(name), ok
	}
	if t.Connector, t.Legacy = named("connector.type"); t.Legacy {
		t.Format, _ = named("format.type")
		return
	}
	t.Connector, _ = named("connector")
	t.KeyFormat, _ = named("key.format")
	var ok bool
	if t.Format, ok = named("format"); !ok {
		t.Format, _ = named("value.format")
	}
}
