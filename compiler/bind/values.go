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
	if !ok {
		return newValues(nil, schema, q.Pos)
	}
	return b.rows(columns, schema, q.Pos)
}

// FromElements is TableEnvironment.from_elements: rows of values for the
// columns of a schema.
func (s *Session) FromElements(rows [][]sql.Expr, schema types.Schema, pos diag.Pos) ir.Rel {
	b := &binder{s: s, dialect: tableAPI, clause: "from_elements"}
	columns := make([][]ir.Expr, len(schema))
	for _, row := range rows {
		for i, e := range b.exprs(row) {
			if !valid(e) {
				return nil
			}
			columns[i] = append(columns[i], asNullable(e, schema[i].Type))
		}
	}
	return b.rows(columns, schema, pos)
}

// asNullable is a value as one of a type that differs in that NULL is possible.
func asNullable(e ir.Expr, t types.Type) ir.Expr {
	switch c, isConst := e.(*ir.Const); {
	case e.Type().Nullable || !t.Nullable:
		return e
	case isConst:
		return ir.NewConst(t, c.Value, c.Pos())
	}
	return ir.NewCast(e, t, true, false, e.Pos())
}

// rows yields rows whose values are given by column. Rows of constants are one
// operator, others are computed one by one.
func (b *binder) rows(columns [][]ir.Expr, schema types.Schema, pos diag.Pos) ir.Rel {
	n := len(columns[0])
	constants := make([][]*ir.Const, n)
	for i := 0; i < n && constants != nil; i++ {
		for j, e := range rowAt(columns, i) {
			c, ok := opt.FoldAll(e).(*ir.Const)
			if !ok {
				constants = nil
				break
			}
			constants[i] = append(constants[i], ir.NewConst(schema[j].Type, c.Value, c.Pos()))
		}
	}
	if constants != nil {
		return newValues(constants, schema, pos)
	}
	var inputs []ir.Rel
	for i := range n {
		one := newValues([][]*ir.Const{{}}, nil, pos)
		inputs = append(inputs, b.newProject(one, rowAt(columns, i), schema.Names(), pos))
	}
	if len(inputs) == 1 {
		return inputs[0]
	}
	return ir.NewUnion(inputs, pos)
}

// rowAt is the i-th row of values that are given by column.
func rowAt(columns [][]ir.Expr, i int) []ir.Expr {
	row := make([]ir.Expr, len(columns))
	for j := range columns {
		row[j] = columns[j][i]
	}
	return row
}

func newValues(rows [][]*ir.Const, schema types.Schema, pos diag.Pos) *ir.Values {
	v := &ir.Values{Rows: rows}
	*v.P() = ir.Props{Schema: schema, Mode: ir.Append, Pos: pos}
	return v
}
