package bind

import (
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/window"
)

// from binds what a SELECT reads; without FROM, one row without columns.
func (s *Session) from(q *sql.Select, env environment) (ir.Rel, scope) {
	if q.From == nil {
		return newValues([][]*ir.Const{{}}, nil, q.Pos), scope{}
	}
	return s.reference(q.From, env)
}

// reference binds what stands in FROM. Its relation is nil where that isn't
// known.
func (s *Session) reference(f sql.From, env environment) (ir.Rel, scope) {
	switch f := f.(type) {
	case *sql.FromTable:
		in, path := s.read(f.Table, f.Hints, env)
		return s.alias(in, f.Rename, path, f.Pos)
	case *sql.Join:
		return s.join(f, env)
	case *sql.Unnest:
		return s.unnest(f, env)
	case *sql.Pivot:
		return s.pivot(f, env)
	case *sql.Sample: // of all rows: unrun refuses the others
		return s.reference(f.Input, env)
	case *sql.FromFunction:
		if kind, ok := window.KindOf(f.Call.Func); ok {
			return s.windowTable(f, kind, env)
		}
		return s.tableFunction(f, env)
	case *sql.FromQuery:
		if f.Lateral {
			env.outer = env.around()
		}
		return s.alias(s.bindQuery(f.Query, env.within()), f.Rename, nil, f.Pos)
	}
	return nil, scope{}
}

// alias makes the scope of a single table, which is called by its alias, or
// without by its path.
func (s *Session) alias(in ir.Rel, as sql.Rename, path []string, pos diag.Pos) (ir.Rel, scope) {
	if as.Alias.Text != "" {
		path, pos = []string{as.Alias.Text}, as.Alias.Pos
	}
	if len(as.Columns) > 0 {
		in = s.rename(in, "the alias "+as.Alias.Text, as.Columns, as.Alias.Pos)
	}
	if in == nil {
		return nil, scope{}
	}
	sc := scopeOf(in)
	if path != nil {
		sc.tables = []scopeTable{{path, 0, len(sc.schema), pos}}
	}
	return in, sc
}
