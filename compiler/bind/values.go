package bind

import (
	"slices"

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

// rows yields rows whose values are given by column. Columns of constants are
// listed; the others are computed of the row's number, so that the rows come in
// their order.
func (b *binder) rows(columns [][]ir.Expr, schema types.Schema, pos diag.Pos) ir.Rel {
	n := len(columns[0])
	if n > 1 && slices.ContainsFunc(columns, func(c []ir.Expr) bool { return slices.ContainsFunc(c, hasQuery) }) {
		return b.rowsOfQueries(columns, schema, pos)
	}
	list := make([][]*ir.Const, n)
	var listed types.Schema
	at := make([]int, len(columns)) // where a column is listed; -1 for one that is computed
	for j, column := range columns {
		constants := foldColumn(column, schema[j].Type)
		if at[j] = -1; constants == nil {
			continue
		}
		at[j] = len(listed)
		listed = append(listed, schema[j])
		for i, c := range constants {
			list[i] = append(list[i], c)
		}
	}
	switch {
	case len(listed) == len(schema):
		return newValues(list, schema, pos)
	case n == 1 && len(listed) == 0:
		return b.newProject(newValues(list, nil, pos), rowAt(columns, 0), schema.Names(), pos)
	}
	number := types.Column{Name: "$row", Type: types.Of(types.Int).NotNull()}
	for i := range list {
		list[i] = append(list[i], ir.NewConst(number.Type, int64(i), pos))
	}
	in := newValues(list, append(listed, number), pos)
	computed := make([]ir.Expr, len(columns))
	for j, column := range columns {
		if at[j] >= 0 {
			computed[j] = ir.NewColumnRef(in.Schema, at[j], pos)
		} else {
			computed[j] = b.numbered(in, column, schema[j].Type, pos)
		}
	}
	return b.newProject(in, computed, schema.Names(), pos)
}

// rowsOfQueries is rows where one holds a query, whose changes are those of its
// row alone.
func (b *binder) rowsOfQueries(columns [][]ir.Expr, schema types.Schema, pos diag.Pos) ir.Rel {
	var inputs []ir.Rel
	for i := range columns[0] {
		one := newValues([][]*ir.Const{{}}, nil, pos)
		inputs = append(inputs, b.newProject(one, rowAt(columns, i), schema.Names(), pos))
	}
	return ir.NewUnion(inputs, pos)
}

// foldColumn are the values as constants of a type; nil where one is none.
func foldColumn(column []ir.Expr, t types.Type) []*ir.Const {
	out := make([]*ir.Const, len(column))
	for i, e := range column {
		c, ok := opt.FoldAll(e).(*ir.Const)
		if !ok {
			return nil
		}
		out[i] = ir.NewConst(t, c.Value, c.Pos())
	}
	return out
}

// numbered is the value of a column for the row whose number is the last column
// of in.
func (b *binder) numbered(in *ir.Values, column []ir.Expr, t types.Type, pos diag.Pos) ir.Expr {
	last := len(column) - 1
	if last == 0 {
		return column[0]
	}
	number := ir.NewColumnRef(in.Schema, len(in.Schema)-1, pos)
	var whens []ir.Expr
	for i := range last {
		whens = append(whens, b.compare(sql.OpEq, number, ir.NewConst(number.Type(), int64(i), pos), pos))
	}
	return ir.NewCase(whens, column[:last:last], column[last], t, pos)
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
