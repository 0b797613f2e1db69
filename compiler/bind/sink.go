package bind

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// insert binds INSERT INTO.
func (s *Session) insert(st *sql.Insert) *ir.Sink {
	in := s.bindQuery(st.Query, environment{})
	o := s.sinkTable(st.Into, st.Hints)
	if in == nil || o == nil {
		return nil
	}
	static, ok := s.partition(o, st)
	if !ok {
		return nil
	}
	targets := slices.DeleteFunc(slices.Clone(o.written()), func(i int) bool { return static.has(i) })
	if len(st.Columns) > 0 {
		if targets, ok = s.insertColumns(o, st.Columns, static); !ok {
			return nil
		}
	}
	in, targets = static.extend(in, targets)
	sink := s.write(in, o, targets, st.Pos)
	if sink != nil {
		sink.Overwrite, sink.Static = st.Overwrite, static.texts
	}
	return sink
}

// Insert is Table.insert_into and execute_insert.
func (s *Session) Insert(in ir.Rel, path sql.Path, pos diag.Pos) *ir.Sink {
	s.readable(in)
	o := s.sinkTable(path, nil)
	if in == nil || o == nil {
		return nil
	}
	return s.write(in, o, o.written(), pos)
}

// sinkTable finds a table that can be written.
func (s *Session) sinkTable(path sql.Path, hints []*sql.Hint) *object {
	o := s.lookup(path)
	if o == nil || o.isView && o.view == nil { // its definition was refused
		return nil
	}
	if o.isView {
		s.Diags.Errorf(diag.ConnRole, path.Pos, "%q is a view, nothing can be inserted into it", o.id).
			WithNote(o.pos, "it is declared here")
		return nil
	}
	if o = s.withOptions(o, hints); o == nil {
		return nil
	}
	if o.declared != nil && o.declared.DistributeBy != nil {
		s.Diags.Errorf(diag.RefusedByFlink, path.Pos, "PyFlink 1.20.1 refuses to write %q: it is distributed into buckets, and its connector has none", o.id).
			WithNote(o.pos, "it is declared here")
		return nil
	}
	s.checkOptions(o, sink)
	known := s.metadata(o.table)
	for _, c := range o.table.Columns {
		if c.Metadata != "" && !c.Virtual {
			if _, ok := known.find(s.Diags, o.table, c, sink); !ok {
				return nil
			}
		}
	}
	return o
}

// insertColumns are the positions of the columns named by INSERT INTO t (…).
func (s *Session) insertColumns(o *object, names []sql.Name, static staticPartition) ([]int, bool) {
	var out []int
	ok := true
	taken := map[int]bool{}
	for _, n := range names {
		i := -1
		var all []string
		for _, w := range o.written() {
			all = append(all, o.columns[w].Name)
			if o.columns[w].Name == n.Text {
				i = w
			}
		}
		switch {
		case i < 0:
			ok = false
			d := s.Diags.Errorf(diag.UnknownColumn, n.Pos, "table %q has no column %q to write", o.id, n.Text).
				WithNote(o.pos, "the table is declared here")
			if near := diag.Nearest(n.Text, all); near != "" {
				d.WithHint("did you mean %s?", near)
			}
		case static.has(i):
			ok = false
			s.Diags.Errorf(diag.DuplicateName, n.Pos, "column %q has its value in PARTITION", n.Text)
		case taken[i]:
			ok = false
			s.Diags.Errorf(diag.DuplicateName, n.Pos, "column %q is named twice", n.Text)
		}
		taken[i] = true
		out = append(out, i)
	}
	for _, w := range o.written() {
		if c := o.columns[w]; ok && !taken[w] && !static.has(w) && !c.Type.Nullable {
			ok = false
			s.Diags.Errorf(diag.SinkSchema, names[0].Pos, "column %q has no default value and takes no NULL", c.Name).
				WithNote(o.pos, "the table is declared here")
		}
	}
	return out, ok
}

// write checks that the query fits the target columns and converts what must
// be; columns that aren't targets get NULL.
func (s *Session) write(in ir.Rel, o *object, targets []int, pos diag.Pos) *ir.Sink {
	s.readable(in)
	given := in.P().Schema
	if slices.ContainsFunc(given, func(c types.Column) bool { return !c.Type.Valid() }) {
		return nil
	}
	if len(given) != len(targets) {
		s.mismatch(o, given, targets, pos, "different number of columns")
		return nil
	}
	var bad []string
	column := map[int]int{} // position in the table → in the query
	for i, w := range targets {
		column[w] = i
		if want := o.columns[w]; !types.Implicit(given[i].Type, want.Type) {
			bad = append(bad, fmt.Sprintf("'%s' at position %d", want.Name, i))
		}
	}
	if bad != nil {
		s.mismatch(o, given, targets, pos, "incompatible types for sink column "+strings.Join(bad, ", "))
		return nil
	}
	filled, table := s.encodeMetadata(s.fill(ir.Clone(in), o, column, pos), o.sinkTable(), pos)
	return ir.NewSink(filled, table, pos)
}

// fill makes the sink's columns of the query's, where they aren't that already.
func (s *Session) fill(in ir.Rel, o *object, column map[int]int, pos diag.Pos) ir.Rel {
	b := &binder{s: s}
	given := in.P().Schema
	values, constant := in.(*ir.Values)
	var columns []ir.Expr
	var names []string
	same := true
	for n, w := range o.written() {
		want := o.columns[w]
		i, filled := column[w]
		same = same && filled && i == n
		e := ir.Expr(ir.NewConst(want.Type.WithNull(true), nil, pos))
		if filled {
			if constant {
				convertValues(values, i, want.Type)
			}
			ref := ir.NewColumnRef(given, i, in.P().Pos)
			e = b.coerce(ref, want.Type)
			same = same && e == ir.Expr(ref)
		}
		columns, names = append(columns, e), append(names, want.Name)
	}
	if same {
		return in
	}
	return ir.NewProject(in, columns, names, pos)
}

// convertValues gives the constants of column i the type t if all can have it.
func convertValues(v *ir.Values, i int, t types.Type) {
	converted := make([]*ir.Const, len(v.Rows))
	t = t.WithNull(v.Schema[i].Type.Nullable)
	for n, row := range v.Rows {
		c := convertConst(row[i], t)
		if c == nil {
			return
		}
		converted[n] = ir.NewConst(t, c.Value, c.Pos())
	}
	v.Schema[i].Type = t
	for n := range v.Rows {
		v.Rows[n] = slices.Clone(v.Rows[n])
		v.Rows[n][i] = converted[n]
	}
}

// mismatch reports a query that doesn't fit the sink, in Flink's words.
func (s *Session) mismatch(o *object, given types.Schema, targets []int, pos diag.Pos, cause string) {
	want := make(types.Schema, len(targets))
	for i, w := range targets {
		want[i] = o.columns[w]
	}
	s.Diags.Errorf(diag.SinkSchema, pos, "column types of query result and sink for %q do not match: %s", o.id, cause).
		WithHint("query schema: %s; sink schema: %s", describe(given), describe(want)).
		WithNote(o.pos, "the sink table is declared here")
}
