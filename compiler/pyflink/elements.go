package pyflink

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// elementTypes are the types of Python values where no schema says another, by
// the names of their classes.
var elementTypes = map[string]types.Type{
	"bool": types.Of(types.Boolean), "int": types.Of(types.BigInt), "float": types.Of(types.Double), "str": types.String(),
	"bytearray": types.Of(types.VarBinary), "date": types.Of(types.Date), "time": types.Of(types.Time),
	"datetime": {Kind: types.TimestampLTZ, Nullable: true, Precision: 6}, "Decimal": types.NewDecimal(38, 18),
}

// clocks are what a driver reads of the clock, which the job reads when it begins:
// their types, and SQL for them.
var clocks = map[string]struct{ typ, function string }{
	"datetime.datetime.now(…)":   {"datetime", "LOCALTIMESTAMP"},
	"datetime.datetime.today(…)": {"datetime", "LOCALTIMESTAMP"},
	"datetime.date.today(…)":     {"date", "CURRENT_DATE"},
}

// kindOfElement is the class of an element's value, as elementTypes has it.
func kindOfElement(v pyeval.Value) string {
	if o, ok := v.(*pyeval.Opaque); ok && len(o.Args) == 0 {
		return clocks[o.Origin].typ
	}
	return v.Class().Name()
}

// element is one element as its values, by the names of its fields if it has
// some.
type element struct {
	values []pyeval.Value
	names  []string
	row    bool // it is a Row
}

// elementOf reads an element: a tuple, a list, a Row or a dict.
func elementOf(e pyeval.Value, at diag.Pos) (element, error) {
	switch e := e.(type) {
	case *pyeval.Tuple:
		return element{values: e.Elems()}, nil
	case *pyeval.List:
		return element{values: e.Elems()}, nil
	case *pyeval.Dict:
		out := element{}
		for k, v := range e.Items() {
			out.names, out.values = append(out.names, textValue(k)), append(out.values, v)
		}
		return out, nil
	}
	if r, ok := pyeval.Data[*row](e); ok {
		return element{r.values.Elems(), r.names, true}, nil
	}
	return element{}, argument(at, "from_elements takes tuples, lists, Rows or dicts, not a %s", e.Class().Name()).
		WithHint("one value alone is written (v,)")
}

// inOrder are the values of the fields of a schema.
func (e element) inOrder(schema types.Schema) ([]pyeval.Value, bool) {
	if e.names == nil {
		return e.values, len(e.values) == len(schema)
	}
	out := make([]pyeval.Value, len(schema))
	for i, c := range schema {
		out[i] = pyeval.None
		if j := slices.Index(e.names, c.Name); j >= 0 {
			out[i] = e.values[j]
		}
	}
	return out, true
}

// fromElements is a VALUES of what the script lists. A schema is a list of names
// or a ROW.
func fromElements(c *pyeval.Call) (pyeval.Value, error) {
	at := c.Where("elements").Pos()
	elems, err := c.Thread.Iterate(c.Arg("elements"))
	if err != nil {
		return nil, err
	}
	if len(elems) > 0 && isExpressions(elems) {
		return fromExpressions(c, elems, at)
	}
	list := make([]element, len(elems))
	for i, e := range elems {
		if list[i], err = elementOf(e, at); err != nil {
			return nil, err
		}
	}
	schema, err := elementSchema(c, list)
	if err != nil {
		return nil, err
	}
	rows := make([][]pyeval.Value, len(list))
	for i, e := range list {
		var ok bool
		if rows[i], ok = e.inOrder(schema); !ok {
			return nil, argument(at, "element %d has %s, the schema %s", i+1, count(len(e.values), "field"), count(len(schema), "field"))
		}
	}
	return valuesTable(c, rows, schema, at)
}

func isExpressions(elems []pyeval.Value) bool {
	return !slices.ContainsFunc(elems, func(v pyeval.Value) bool { return v.Class() != expressionClass })
}

// fromExpressions is from_elements of row(…) expressions.
func fromExpressions(c *pyeval.Call, elems []pyeval.Value, at diag.Pos) (pyeval.Value, error) {
	t, ok := pyeval.Data[types.Type](c.Arg("schema"))
	if !ok || t.Kind != types.Row {
		return nil, argument(at, "from_elements of expressions needs DataTypes.ROW([…]) as its schema")
	}
	var rows [][]sql.Expr
	for _, e := range elems {
		x, _ := exprOf(e).(*sql.Call)
		if x == nil || x.Func != sql.OpRow && x.Func != sql.OpFields || len(x.Args) != len(t.Elems) {
			return nil, argument(at, "from_elements takes row(…) expressions with as many values as the schema has fields")
		}
		row := make([]sql.Expr, len(x.Args))
		for i, a := range x.Args {
			row[i] = sql.CastTo(at, a, t.Elems[i])
		}
		rows = append(rows, row)
	}
	return newTable(runOf(c).session.FromElements(rows, schemaOfRow(t), c.Span.Pos())), nil
}

// schemaOfRow are the fields of a row as columns.
func schemaOfRow(t types.Type) types.Schema {
	out := make(types.Schema, len(t.Elems))
	for i := range out {
		out[i] = types.Column{Name: t.Names[i], Type: t.Elems[i]}
	}
	return out
}

// elementSchema takes the schema that is given, or one found from the values.
func elementSchema(c *pyeval.Call, list []element) (types.Schema, error) {
	at := c.Where("schema").Pos()
	given := c.Arg("schema")
	if t, ok := pyeval.Data[types.Type](given); ok {
		if t.Kind != types.Row {
			return nil, argument(at, "a schema is a list of names or DataTypes.ROW([…])")
		}
		return schemaOfRow(t), nil
	}
	at = c.Where("elements").Pos()
	switch {
	case len(list) == 0:
		return nil, argument(at, "from_elements can't tell types of no elements").WithHint("give a schema: DataTypes.ROW([…])")
	case list[0].row:
		return nil, argument(at, "PyFlink 1.20.1 loses the values of Row objects that have no schema").
			WithHint("give a schema, DataTypes.ROW([…]), or list tuples")
	}
	out := make(types.Schema, len(list[0].values))
	for i := range out {
		out[i].Name = fmt.Sprintf("_%d", i+1)
		if names := list[0].names; names != nil {
			out[i].Name = names[i]
		}
		t, err := elementType(list, i, at)
		if err != nil {
			return nil, err
		}
		out[i].Type = t
	}
	for i, n := range c.Elems("schema") {
		name := textValue(n)
		if name == "" {
			return nil, argument(c.Where("schema").Pos(), "a schema is a list of names or DataTypes.ROW([…])")
		}
		if i < len(out) { // PyFlink 1.20.1 takes more names than fields
			out[i].Name = name
		}
	}
	return out, nil
}

// elementType is the type of a field: that of its values that aren't None.
func elementType(list []element, i int, at diag.Pos) (types.Type, error) {
	found := types.Type{}
	for j, e := range list {
		if i >= len(e.values) {
			return found, argument(at, "element %d has %s, the first one %s", j+1, count(len(e.values), "field"), count(len(list[0].values), "field"))
		}
		if e.values[i] == pyeval.None || empty(e.values[i]) {
			continue
		}
		t, err := valueType(e.values[i], at)
		switch {
		case err != nil:
			return found, err
		case found.Valid() && found.Kind != t.Kind:
			return found, argument(at, "field %d has values of %s and of %s", i+1, found, t).WithHint("give a schema: DataTypes.ROW([…])")
		}
		found = t
	}
	if !found.Valid() {
		return found, argument(at, "field %d is None or empty in all elements; give a schema with its type", i+1)
	}
	return found, nil
}

// valuesTable binds the rows as values of the schema's types.
func valuesTable(c *pyeval.Call, rows [][]pyeval.Value, schema types.Schema, at diag.Pos) (pyeval.Value, error) {
	var bound [][]sql.Expr
	for _, r := range rows {
		var row []sql.Expr
		for i, v := range r {
			x, err := valueOf(c.Thread, v, schema[i].Type, schema[i].Name, at)
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
	if r, ok := pyeval.Data[*row](v); ok {
		return valueType(pyeval.NewTuple(r.values.Elems()...), at)
	}
	if t, ok := elementTypes[kindOfElement(v)]; ok {
		return t, nil
	}
	return types.Type{}, unlikeElement(v, at)
}

// unlikeElement refuses a value that no element can have, or that isn't known
// before the job runs.
func unlikeElement(v pyeval.Value, at diag.Pos) error {
	if o, ok := v.(*pyeval.Opaque); ok {
		return planned(at, "TableEnvironment.from_elements of "+o.Origin)
	}
	return planned(at, "TableEnvironment.from_elements of a "+v.Class().Name())
}

// valueOf is a value as an expression of a type.
func valueOf(th *pyeval.Thread, v pyeval.Value, t types.Type, field string, at diag.Pos) (sql.Expr, error) {
	if empty(v) && (t.Kind == types.Array || t.Kind == types.Map) {
		return emptyValue(t, at), nil
	}
	op, args, elems := "", []pyeval.Value(nil), t.Elems
	if r, ok := pyeval.Data[*row](v); ok {
		values, _ := element{r.values.Elems(), r.names, true}.inOrder(schemaOfRow(t))
		v = pyeval.NewTuple(values...)
	}
	switch v := v.(type) {
	case *pyeval.List:
		switch {
		case t.Kind == types.Array:
			op, args, elems = sql.OpArray, v.Elems(), slices.Repeat(t.Elems, len(v.Elems()))
		case t.Kind == types.Row && len(v.Elems()) == len(t.Elems):
			op, args = sql.OpRow, v.Elems()
		}
	case *pyeval.Dict:
		switch t.Kind {
		case types.Row: // a field without a key is NULL
			op = sql.OpRow
			for _, name := range t.Names {
				e, ok := v.GetStr(name)
				if !ok {
					e = pyeval.None
				}
				args = append(args, e)
			}
		case types.Map:
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
		if _, opaque := v.(*pyeval.Opaque); opaque && kindOfElement(v) == "" {
			return nil, unlikeElement(v, at)
		}
		if !fits(v, t) {
			return nil, argument(at, "field %s is %s and can't hold a value of type %s", field, t, v.Class().Name())
		}
		x, err := valueLiteral(th, v, at)
		return sql.CastTo(at, x, t), err
	}
	var xs []sql.Expr
	for i, e := range args {
		x, err := valueOf(th, e, elems[i], field, at)
		if err != nil {
			return nil, err
		}
		xs = append(xs, x)
	}
	return sql.CastTo(at, sql.Op(at, op, xs...), t), nil
}

// empty reports whether a value is a list or dict without elements.
func empty(v pyeval.Value) bool {
	switch v := v.(type) {
	case *pyeval.List:
		return len(v.Elems()) == 0
	case *pyeval.Dict:
		return v.Len() == 0
	}
	return false
}

// emptyValue is an ARRAY or MAP without elements, which SQL has no literal for:
// an array whose only element, NULL, is removed, and the map of two such.
func emptyValue(t types.Type, at diag.Pos) sql.Expr {
	if t.Kind == types.Map {
		array := func(e types.Type) sql.Expr {
			return emptyValue(types.Type{Kind: types.Array, Nullable: true, Elems: []types.Type{e.WithNull(true)}}, at)
		}
		return sql.CastTo(at, sql.CallOf(at, "MAP_FROM_ARRAYS", array(t.Elems[0]), array(t.Elems[1])), t)
	}
	null := func() sql.Expr { return sql.Null(at, t.Elems[0].WithNull(true)) }
	of := types.Type{Kind: types.Array, Nullable: true, Elems: []types.Type{t.Elems[0].WithNull(true)}}
	return sql.CastTo(at, sql.CallOf(at, "ARRAY_REMOVE", sql.CastTo(at, sql.Op(at, sql.OpArray, null()), of), null()), t)
}

// valueLiteral is a value as a literal; one of a class that no expression knows
// as its text.
func valueLiteral(th *pyeval.Thread, v pyeval.Value, at diag.Pos) (sql.Expr, error) {
	if o, ok := v.(*pyeval.Opaque); ok {
		return sql.CallOf(at, clocks[o.Origin].function), nil
	}
	switch v.Class().Name() {
	case "date", "time", "datetime", "Decimal":
		text, err := th.Str(v)
		if strings.ContainsRune(text, '+') && v.Class().Name() != "Decimal" {
			return nil, planned(at, "TableEnvironment.from_elements of times with a zone")
		}
		return sql.Text(at, text), err
	case "bytearray":
		return bytesLiteral(th, v, at)
	}
	return operand(v, at)
}

// bytesLiteral is a bytearray as a literal.
func bytesLiteral(th *pyeval.Thread, v pyeval.Value, at diag.Pos) (sql.Expr, error) {
	method, err := th.GetAttr(v, "hex")
	if err != nil {
		return nil, err
	}
	digits, err := th.Call(method)
	if err != nil {
		return nil, err
	}
	raw, err := hex.DecodeString(textValue(digits))
	return &sql.Literal{At: sql.At{Pos: at}, Type: types.Of(types.VarBinary).NotNull(), Value: raw}, err
}

// fits reports whether PyFlink takes a value for a type; it converts none.
func fits(v pyeval.Value, t types.Type) bool {
	switch kindOfElement(v) {
	case "NoneType":
		return t.Nullable
	case "bool":
		return t.Kind == types.Boolean
	case "int":
		return t.Integer() && inRange(v, t)
	case "float":
		return t.Approximate()
	case "str":
		return t.Text()
	case "bytearray":
		return t.Binary()
	case "date":
		return t.Kind == types.Date
	case "datetime":
		return t.Timestamp() || t.Kind == types.Date
	case "time":
		return t.Kind == types.Time
	case "Decimal":
		return t.Kind == types.Decimal
	}
	return false
}

// intBits are the sizes of whole numbers.
var intBits = map[types.Kind]uint{types.TinyInt: 8, types.SmallInt: 16, types.Int: 32, types.BigInt: 64}

func inRange(v pyeval.Value, t types.Type) bool {
	i, ok := v.(pyeval.Int)
	if !ok {
		return false
	}
	n, fits := i.Int64()
	return fits && n == n<<(64-intBits[t.Kind])>>(64-intBits[t.Kind])
}
