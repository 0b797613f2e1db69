package pyflink

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// pandasModules are what a DataFrame is made with.
var pandasModules = []string{"pandas", "numpy", "pyarrow"}

// toPandas is Table.to_pandas: the driver makes the DataFrame of the rows by way
// of Arrow, as PyFlink does, so that columns get the same dtypes.
func toPandas(c *pyeval.Call) (pyeval.Value, error) {
	r, rel := runOf(c), relOf(c.Self())
	switch {
	case r.driver == nil:
		return nil, r.needsDriver(c.At.Pos(), "Table.to_pandas()")
	case rel == nil:
		return pyeval.Poison(c.Span), nil
	}
	shape, err := frameOf(rel.P().Schema, c.At.Pos())
	if err != nil {
		return nil, err
	}
	v, err := r.rows(c, &query{rel: rel, at: c.Span.Pos()}, ir.DriverPandas, "Table.to_pandas()")
	if r.driver.answer != nil {
		r.driver.answer.Text = ir.Literal(shape)
	}
	r.driver.Modules = append(r.driver.Modules, pandasModules...)
	return v, err
}

// frameOf describes the columns of a DataFrame: a JSON array of names and Arrow
// types, as pyarrow spells them.
func frameOf(s types.Schema, pos diag.Pos) (string, error) {
	columns, err := arrowColumns(s, pos, "to_pandas")
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(columns)
	return string(text), err
}

// arrowColumns are names and Arrow types of columns that a method of pyflink
// hands over.
func arrowColumns(s types.Schema, pos diag.Pos, method string) ([][2]string, error) {
	columns := make([][2]string, len(s))
	for i, c := range s {
		t, ok := arrowType(c.Type)
		if !ok {
			return nil, diag.New(diag.APIPlanned, pos, "column %s is %s, which %s doesn't hand over yet", c.Name, c.Type, method).
				WithMissing("api", method+" of "+c.Type.Kind.String())
		}
		columns[i] = [2]string{c.Name, t}
	}
	return columns, nil
}

// arrowType is the Arrow type of a column, as pyarrow spells it.
func arrowType(t types.Type) (string, bool) {
	if name, ok := arrowTypes[t.Kind]; ok {
		return name, true
	}
	switch t.Kind {
	case types.Binary:
		return fmt.Sprintf("binary(%d)", t.Precision), true
	case types.Decimal:
		return fmt.Sprintf("decimal128(%d, %d)", t.Precision, t.Scale), true
	case types.Time:
		return arrowTime("time32('s')", "time32('ms')", "time64('us')", t.Precision)
	case types.Timestamp: // nanoseconds don't come to Python
		return arrowTime("timestamp('s')", "timestamp('ms')", "timestamp('us')", t.Precision)
	case types.Array, types.Map, types.Row:
		elems := make([]string, len(t.Elems))
		for i, e := range t.Elems {
			text, ok := arrowType(e)
			if !ok {
				return "", false
			}
			if t.Kind == types.Row {
				text = "(" + strconv.QuoteToASCII(t.Names[i]) + ", " + text + ")"
			}
			elems[i] = text
		}
		list := strings.Join(elems, ", ")
		if t.Kind == types.Row {
			return "struct([" + list + "])", true
		}
		return map[types.Kind]string{types.Array: "list_", types.Map: "map_"}[t.Kind] + "(" + list + ")", true
	}
	return "", false
}

var arrowTypes = map[types.Kind]string{
	types.TinyInt: "int8()", types.SmallInt: "int16()", types.Int: "int32()", types.BigInt: "int64()", types.Boolean: "bool_()",
	types.Float: "float32()", types.Double: "float64()", types.Char: "utf8()", types.VarChar: "utf8()", types.VarBinary: "binary()",
	types.Date: "date32()",
}

// arrowTime chooses the unit of a precision.
func arrowTime(s, ms, us string, precision int) (string, bool) {
	switch {
	case precision == 0:
		return s, true
	case precision <= 3:
		return ms, true
	}
	return us, precision <= 6
}
