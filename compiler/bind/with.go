package bind

import (
	"slices"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// withTable is a table of WITH, and those that are known besides.
type withTable struct {
	name string
	rel  ir.Rel // nil for one whose faults have been reported
	next *withTable
}

// find is the table of that name; nil for none.
func (w *withTable) find(name string) *withTable {
	for ; w != nil; w = w.next {
		if w.name == name {
			return w
		}
	}
	return nil
}

// withQuery binds WITH: each of its tables knows those before it, and hides
// whatever else has its name.
func (s *Session) withQuery(q *sql.With, env environment) ir.Rel {
	for _, item := range q.Items {
		rel := s.bindQuery(item.Query, env.within())
		if len(item.Columns) > 0 {
			rel = s.rename(rel, "the table "+item.Name.Text, item.Columns, item.Name.Pos)
		}
		env.with = &withTable{item.Name.Text, rel, env.with}
	}
	return s.bindQuery(q.Query, env)
}

// tableQuery binds TABLE t.
func (s *Session) tableQuery(q *sql.TableQuery, env environment) ir.Rel {
	in, _ := s.read(q.Table, nil, env)
	return in
}

// read reads a table of WITH, a table or a view, and says how a query may call
// it. What it returns is the caller's own: a query may read one twice.
func (s *Session) read(path sql.Path, hints []*sql.Hint, env environment) (ir.Rel, []string) {
	name := path.Parts[len(path.Parts)-1].Text
	if len(path.Parts) == 1 {
		if w := env.with.find(name); w != nil {
			if w.rel == nil {
				return nil, nil
			}
			return ir.Clone(w.rel), []string{name}
		}
	}
	in, id := s.readTable(path, hints)
	if in == nil {
		return nil, nil
	}
	s.means(path.Parts, id.path()...)
	return ir.Clone(in), id.path()
}

// rename gives the columns of a relation other names; what says what they are
// the columns of.
func (s *Session) rename(in ir.Rel, what string, to []sql.Name, pos diag.Pos) ir.Rel {
	if in == nil || !s.namesFit(what, "its query has", to, len(in.P().Schema), pos) {
		return nil
	}
	columns, _ := allColumns(in.P().Schema, pos)
	names := make([]string, len(to))
	for i, c := range to {
		names[i] = c.Text
	}
	return ir.NewProject(in, columns, names, pos)
}

// namesFit reports whether names can be those of n columns.
func (s *Session) namesFit(what, has string, names []sql.Name, n int, pos diag.Pos) bool {
	if len(names) != n {
		s.Diags.Errorf(diag.SinkSchema, pos, "%s names %s, %s %d", what, count(len(names), "column"), has, n)
		return false
	}
	for i, c := range names {
		if slices.ContainsFunc(names[:i], func(o sql.Name) bool { return o.Text == c.Text }) {
			s.Diags.Errorf(diag.DuplicateName, c.Pos, "%s has two columns %q", what, c.Text)
			return false
		}
	}
	return true
}
