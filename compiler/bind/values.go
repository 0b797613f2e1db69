package bind

import (
	"strconv"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
)

// values binds VALUES: rows of constants, whose columns get common types.
func (s *Session) values(q *sql.Values, env environment) ir.Rel {
	b := &binder{s: s, env: env, clause: "VALUES"}
	width := len(q.Rows[0])
	columns := make([][]ir.Expr, width)
	ok := true
	for _, row := range q.Rows {
		if len(row) != width {
			b.errorf(diag.TypeMismatch, row[0].Where(), "this row has %s, the first one %d", count(len(row), "value"), width)
			ok = false
			continue
		}
		for i, x := range row {
			e := b.item(x)
			ok = ok && valid(e)
			columns[i] = append(columns[i], e)
		}
	}
	var schema types.Schema
	for i, column := range columns {
		t := types.Type{}
		if ok {
			t, ok = b.unify(column, q.Pos, "the values of column "+strconv.Itoa(i+1))
		}
		schema = append(schema, types.Column{Name: "EXPR$" + strconv.Itoa(i), Type: t})
	}
	rows := make([][]*ir.Const, len(q.Rows))
	for i := 0; ok && i < len(rows); i++ {
		rows[i], ok = b.constants(columns, schema, i)
	}
	return newValues(rows, schema, q.Pos)
}

// constants folds the i-th row.
func (b *binder) constants(columns [][]ir.Expr, schema types.Schema, i int) ([]*ir.Const, bool) {
	row := make([]*ir.Const, len(columns))
	for j, column := range columns {
		c, ok := ir.MapExpr(column[i], opt.Fold).(*ir.Const)
		if !ok {
			b.planned(column[i].Pos(), "sql", "VALUES with "+column[i].String())
			return nil, false
		}
		row[j] = ir.NewConst(schema[j].Type, c.Value, c.Pos())
	}
	return row, true
}

func newValues(rows [][]*ir.Const, schema types.Schema, pos diag.Pos) *ir.Values {
	v := &ir.Values{Rows: rows}
	*v.P() = ir.Props{Schema: schema, Mode: ir.Append, Pos: pos}
	return v
}
