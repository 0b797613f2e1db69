package pyflink

import (
	"pyfc/compiler/bind"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// columnMembers are the members of Table that change its columns.
var columnMembers = []member{
	def("add_columns(self, *fields)", "Adds columns.", columnsBy(func(s *bind.Session, in ir.Rel, xs []sql.Expr, pos diag.Pos) ir.Rel {
		return s.AddColumns(in, xs, false, pos)
	})),
	def("add_or_replace_columns(self, *fields)", "Adds columns, in place of those that have their names.", columnsBy(func(s *bind.Session, in ir.Rel, xs []sql.Expr, pos diag.Pos) ir.Rel {
		return s.AddColumns(in, xs, true, pos)
	})),
	def("rename_columns(self, *fields)", "Names columns anew.", columnsBy((*bind.Session).RenameColumns)),
	def("drop_columns(self, *fields)", "Leaves out columns.", columnsBy((*bind.Session).DropColumns)),
}

func columnsBy(change func(*bind.Session, ir.Rel, []sql.Expr, diag.Pos) ir.Rel) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		xs, err := fields(c, "fields")
		if err != nil {
			return nil, err
		}
		return newTable(change(runOf(c).session, relOf(c.Self()), xs, c.Span.Pos())), nil
	}
}
