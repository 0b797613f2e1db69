package bind

import (
	"slices"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// AddColumns is Table.add_columns: the columns that there are, then the items.
// With replace, which is add_or_replace_columns, an item takes the place of the
// column that has its name.
func (s *Session) AddColumns(in ir.Rel, items []sql.Expr, replace bool, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	for _, x := range items {
		if s.hasAggregate(x) {
			s.Diags.Errorf(diag.BadAggregate, x.Where(), "a column that is added can't be an aggregate")
			return nil
		}
	}
	b := s.tableBinder(in, "add_columns")
	all := b.columns(func(int) bool { return true }, pos)
	for _, x := range b.expand(items) {
		at := -1
		if replace {
			at = in.P().Schema.Index(keyName(x))
		}
		if at < 0 {
			all = append(all, x)
		} else {
			all[at] = x
		}
	}
	return b.project(in, all, pos)
}

// RenameColumns is Table.rename_columns: each item names a column anew.
func (s *Session) RenameColumns(in ir.Rel, items []sql.Expr, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	b := s.tableBinder(in, "rename_columns")
	all := b.columns(func(int) bool { return true }, pos)
	for _, x := range items {
		a, ok := x.(*sql.Alias)
		if !ok || len(a.Names) != 1 {
			b.errorf(diag.FunctionArgument, x.Where(), "rename_columns takes columns with new names").
				WithHint(`write col("old").alias("new")`)
			continue
		}
		if at, ok := b.columnOf(a.X); ok {
			all[at] = a
		}
	}
	return b.project(in, all, pos)
}

// DropColumns is Table.drop_columns: the columns without those of the items.
func (s *Session) DropColumns(in ir.Rel, items []sql.Expr, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	b := s.tableBinder(in, "drop_columns")
	var dropped []int
	for _, x := range b.expand(items) {
		if at, ok := b.columnOf(x); ok {
			dropped = append(dropped, at)
		}
	}
	return b.project(in, b.columns(func(i int) bool { return !slices.Contains(dropped, i) }, pos), pos)
}

// columnOf is the position of the column that x names; anything else is
// reported.
func (b *binder) columnOf(x sql.Expr) (int, bool) {
	id, ok := x.(*sql.Ident)
	if !ok || len(id.Parts) != 1 {
		b.errorf(diag.FunctionArgument, x.Where(), "%s takes columns, not other expressions", b.clause)
		return 0, false
	}
	at := b.scope.schema.Index(id.Parts[0].Text)
	if at < 0 {
		b.unknownColumn(id.Parts[0], nil)
	}
	return at, at >= 0
}

// tableBinder binds the expressions of a Table API call over a relation.
func (s *Session) tableBinder(in ir.Rel, clause string) *binder {
	return &binder{s: s, dialect: tableAPI, scope: scopeOf(in), clause: clause}
}
