package pyflink

import (
	"fmt"
	"slices"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// elementTypes are the types of Python values where no schema says another.
var elementTypes = map[*pyeval.Class]types.Type{
	pyeval.BoolClass: types.Of(types.Boolean), pyeval.IntClass: types.Of(types.BigInt),
	pyeval.FloatClass: types.Of(types.Double), pyeval.StrClass: types.String(),
}

// fromElements is a VALUES of what the script lists. Rows are tuples or lists;
// a schema is a list of names or a ROW.
func fromElements(c *pyeval.Call) (pyeval.Value, error) {
	at := c.Where("elements").Pos()
	elems, err := c.Thread.Iterate(c.Arg("elements"))
	if err != nil {
		return nil, err
	}
	if len(elems) == 0 {
		return nil, argument(at, "from_elements needs an element")
	}
	rows := make([][]pyeval.Value, len(elems))
	for i, e := range elems {
		switch e := e.(type) {
		case *pyeval.Tuple:
			rows[i] = e.Elems()
		case *pyeval.List:
			rows[i] = e.Elems()
		default:
			return nil, planned(at, "TableEnvironment.from_elements of elements that are no tuples")
		}
		if len(rows[i]) != len(rows[0]) {
			return nil, argument(at, "element %d has %s, the first one %s", i+1, count(len(rows[i]), "field"), count(len(rows[0]), "field"))
		}
	}
	schema, err := elementSchema(c, rows)
	if err != nil {
		return nil, err
	}
	return valuesTable(c, rows, schema, at)
}

// elementSchema takes the schema that is given, or one found from the values.
func elementSchema(c *pyeval.Call, rows [][]pyeval.Value) (types.Schema, error) {
	at := c.Where("schema").Pos()
	out := make(types.Schema, len(rows[0]))
	given := c.Arg("schema")
	if t, ok := pyeval.Data[types.Type](given); ok {
		if t.Kind != types.Row {
			return nil, planned(at, "TableEnvironment.from_elements with a schema that is no ROW")
		}
		if len(t.Elems) != len(out) {
			return nil, argument(at, "the schema has %s, the elements have %s", count(len(t.Elems), "field"), count(len(out), "field"))
		}
		for i := range out {
			out[i] = types.Column{Name: t.Names[i], Type: t.Elems[i]}
		}
		return out, nil
	}
	for i := range out {
		t, err := elementType(rows, i, c.Where("elements").Pos())
		if err != nil {
			return nil, err
		}
		out[i] = types.Column{Name: fmt.Sprintf("_%d", i+1), Type: t}
	}
	names := c.Elems("schema")
	if given != pyeval.None && len(names) != len(out) {
		return nil, argument(at, "the schema names %s, the elements have %s", count(len(names), "field"), count(len(out), "field"))
	}
	for i, n := range names {
		if out[i].Name = textValue(n); out[i].Name == "" {
			return nil, argument(at, "a schema is a list of names or DataTypes.ROW([…])")
		}
	}
	return out, nil
}

// elementType is the type of a field: that of its first value that isn't None.
func elementType(rows [][]pyeval.Value, i int, at diag.Pos) (types.Type, error) {
	for _, r := range rows {
		if r[i] == pyeval.None {
			continue
		}
		return valueType(r[i], at)
	}
	return types.Type{}, argument(at, "field %d is None in all elements; give a schema with its type", i+1)
}

// valuesTable binds the rows as values of the schema's types.
func valuesTable(c *pyeval.Call, rows [][]pyeval.Value, schema types.Schema, at diag.Pos) (pyeval.Value, error) {
	var bound [][]sql.Expr
	for _, r := range rows {
		var row []sql.Expr
		for i, v := range r {
			x, err := valueOf(v, schema[i].Type, schema[i].Name, at)
			if err != nil {
				return nil, err
			}
			row = append(row, x)
		}
		bound = append(bound, row)
	}
	return newTable(runOf(c).session.FromElements(bound, schema, c.Span.Pos())), nil
}

// valueType is the type of a value: a list is an ARRAY of what its first element
// is, a dict a MAP, a tuple a ROW.
func valueType(v pyeval.Value, at diag.Pos) (types.Type, error) {
	switch v := v.(type) {
	case *pyeval.List:
		if len(v.Elems()) > 0 {
			e, err := valueType(v.Elems()[0], at)
			return types.Type{Kind: types.Array, Nullable: true, Elems: []types.Type{e}}, err
		}
	case *pyeval.Dict:
		for k, e := range v.Items() {
			key, err := valueType(k, at)
			if err != nil {
				return key, err
			}
			value, err := valueType(e, at)
			return types.Type{Kind: types.Map, Nullable: true, Elems: []types.Type{key.NotNull(), value}}, err
		}
	case *pyeval.Tuple:
		t := types.Type{Kind: types.Row, Nullable: true}
		for i, e := range v.Elems() {
			field, err := valueType(e, at)
			if err != nil {
				return t, err
			}
			t.Names, t.Elems = append(t.Names, fmt.Sprintf("_%d", i+1)), append(t.Elems, field)
		}
		return t, nil
	}
	if t, ok := elementTypes[v.Class()]; ok {
		return t, nil
	}
	return types.Type{}, planned(at, "TableEnvironment.from_elements of a "+v.Class().Name())
}

// valueOf is a value as an expression of a type.
func valueOf(v pyeval.Value, t types.Type, field string, at diag.Pos) (sql.Expr, error) {
	op, args, elems := "", []pyeval.Value(nil), t.Elems
	switch v := v.(type) {
	case *pyeval.List:
		if t.Kind == types.Array && len(v.Elems()) > 0 {
			op, args, elems = sql.OpArray, v.Elems(), slices.Repeat(t.Elems, len(v.Elems()))
		}
	case *pyeval.Dict:
		if t.Kind == types.Map && v.Len() > 0 {
			op, elems = sql.OpMap, slices.Repeat(t.Elems, v.Len())
			for k, e := range v.Items() {
				args = append(args, k, e)
			}
		}
	case *pyeval.Tuple:
		if t.Kind == types.Row && len(v.Elems()) == len(t.Elems) {
			op, args = sql.OpRow, v.Elems()
		}
	}
	if op == "" {
		if !fits(v, t) {
			return nil, argument(at, "field %s is %s and can't hold a value of type %s", field, t, v.Class().Name())
		}
		x, err := operand(v, at)
		return sql.CastTo(at, x, t), err
	}
	var xs []sql.Expr
	for i, e := range args {
		x, err := valueOf(e, elems[i], field, at)
		if err != nil {
			return nil, err
		}
		xs = append(xs, x)
	}
	return sql.CastTo(at, sql.Op(at, op, xs...), t), nil
}

// fits reports whether PyFlink takes a value for a type; it converts none.
func fits(v pyeval.Value, t types.Type) bool {
	switch v.Class() {
	case pyeval.NoneClass:
		return t.Nullable
	case pyeval.BoolClass:
		return t.Kind == types.Boolean
	case pyeval.IntClass:
		return t.Integer()
	case pyeval.FloatClass:
		return t.Approximate()
	case pyeval.StrClass:
		return t.Text()
	}
	return false
}
