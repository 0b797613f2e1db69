package pyflink

import (
	"encoding/json"
	"fmt"
	"slices"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// frame describes a DataFrame that the driver makes a table of.
type frame struct {
	File    string      `json:"file"`    // in the driver's folder
	Columns [][2]string `json:"columns"` // names and Arrow types
	Given   bool        `json:"given"`   // types that the script gives, into which values are converted
}

// fromPandas is TableEnvironment.from_pandas: the driver writes the rows into a
// file, a line of JSON each, which the job reads. Names and types must be known
// at build: from the schema, or from the literals that the DataFrame is made of.
func fromPandas(c *pyeval.Call) (pyeval.Value, error) {
	r := runOf(c)
	pdf, ok := c.Arg("pdf").(*pyeval.Opaque)
	switch {
	case !ok:
		return nil, pyeval.Errorf(pyeval.TypeError, "Unsupported type, expected pandas.DataFrame, got <class '%s'>", c.Arg("pdf").Class().Name())
	case r.driver == nil:
		return nil, r.needsDriver(c.At.Pos(), "TableEnvironment.from_pandas()")
	}
	schema, given, err := frameSchema(c, pdf)
	if err != nil {
		return nil, err
	}
	columns, err := arrowColumns(schema, c.At.Pos(), "from_pandas")
	if err != nil {
		return nil, err
	}
	r.frames++
	f := frame{File: fmt.Sprintf("frame%d.json", r.frames), Columns: columns, Given: given}
	text, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	r.driver.answer = &ir.DriverAnswer{Kind: ir.DriverFrame, Text: ir.Literal(string(text))}
	r.driver.Modules = append(r.driver.Modules, pandasModules...)
	return newTable(r.session.From(r.anonymous(frameTable(f.File, schema, c.Span.Pos()), c.Span.Pos()))), nil
}

// frameTable declares the file of a DataFrame.
func frameTable(file string, schema types.Schema, pos diag.Pos) *sql.CreateTable {
	d := &sql.CreateTable{}
	for _, o := range [][2]string{{"connector", "filesystem"}, {"path", ir.DriverFolder + file}, {"format", "json"}} {
		d.Options = append(d.Options, sql.Option{Key: literalAt(o[0], pos), Value: literalAt(o[1], pos)})
	}
	for _, col := range schema {
		d.Columns = append(d.Columns, &sql.Column{At: sql.At{Pos: pos}, Name: sql.Name{Text: col.Name, Pos: pos}, Type: col.Type})
	}
	return d
}

// frameSchema are the columns of the table: those of a ROW, or names and types
// of which one is given, or none, and the rest found. It reports whether types
// are given.
func frameSchema(c *pyeval.Call, pdf *pyeval.Opaque) (types.Schema, bool, error) {
	var schema types.Schema
	if t, ok := pyeval.Data[types.Type](c.Arg("schema")); ok && t.Kind == types.Row {
		for i, name := range t.Names {
			schema = append(schema, types.Column{Name: name, Type: t.Elems[i]})
		}
		return schema, true, nil
	}
	refused := func(format string, args ...any) error {
		return diag.New(diag.APIPlanned, c.Where("pdf").Pos(), format, args...).
			WithHint("give names and types: from_pandas(pdf, DataTypes.ROW([DataTypes.FIELD(\"name\", DataTypes.BIGINT())]))").
			WithMissing("api", "TableEnvironment.from_pandas")
	}
	found := literalFrame(pdf)
	if found == nil {
		return nil, false, refused("the columns of %s are only known when the job runs", pdf.Origin)
	}
	given := elemsOf(c.Arg("schema"))
	typed := false
	for i, column := range found {
		if i < len(given) {
			if t, ok := pyeval.Data[types.Type](given[i]); ok {
				column.Type, typed = t, true
			} else {
				column.Name = textValue(given[i])
			}
		}
		if column.Type.Kind == types.Invalid {
			return nil, false, refused("the type of the DataFrame's column %s isn't found at build", column.Name)
		}
		schema = append(schema, column)
	}
	return schema, typed, nil
}

// literalFrame finds the columns of pandas.DataFrame(…) of literals: a dict of
// columns, or a list of rows. It is nil for another value; a type that isn't
// found is Invalid.
func literalFrame(pdf *pyeval.Opaque) types.Schema {
	if pdf.Origin != "pandas.DataFrame(…)" {
		return nil
	}
	var data pyeval.Value
	var names []pyeval.Value
	for i, a := range pdf.Args {
		switch {
		case a.Name == "" && i == 0, a.Name == "data":
			data = a.Value
		case a.Name == "columns":
			names = elemsOf(a.Value)
		case a.Name != "index":
			return nil
		}
	}
	if d, ok := data.(*pyeval.Dict); ok && names == nil {
		var schema types.Schema
		for name, values := range d.Items() {
			list := elemsOf(values)
			if list == nil {
				list = []pyeval.Value{values}
			}
			schema = append(schema, types.Column{Name: textValue(name), Type: columnType(list)})
		}
		return schema
	}
	return rowsFrame(elemsOf(data), names)
}

// rowsFrame are the columns of a list of rows: sequences, whose columns are
// named or numbered, or dicts, in the order of the first appearance of a name.
func rowsFrame(rows, given []pyeval.Value) types.Schema {
	var names []string
	for _, n := range given {
		names = append(names, textValue(n))
	}
	values := map[string][]pyeval.Value{}
	for at, row := range rows {
		put := func(name string, v pyeval.Value) {
			if values[name] == nil {
				values[name] = slices.Repeat([]pyeval.Value{pyeval.None}, len(rows))
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
			values[name][at] = v
		}
		if d, ok := row.(*pyeval.Dict); ok {
			for k, v := range d.Items() {
				put(textValue(k), v)
			}
			continue
		}
		for i, v := range elemsOf(row) {
			if i < len(given) {
				put(names[i], v)
			} else {
				put(fmt.Sprint(i), v)
			}
		}
	}
	var schema types.Schema
	for _, n := range names {
		schema = append(schema, types.Column{Name: n, Type: columnType(values[n])})
	}
	return schema
}

func elemsOf(v pyeval.Value) []pyeval.Value {
	switch v := v.(type) {
	case *pyeval.List:
		return v.Elems()
	case *pyeval.Tuple:
		return v.Elems()
	}
	return nil
}

// columnType is the type of a column of literals, as pandas and Arrow find it:
// whole numbers with a gap are floats.
func columnType(values []pyeval.Value) types.Type {
	classes := map[*pyeval.Class]bool{}
	for _, v := range values {
		classes[v.Class()] = true
	}
	gap := classes[pyeval.NoneClass]
	delete(classes, pyeval.NoneClass)
	only := func(some ...*pyeval.Class) bool {
		for c := range classes {
			if !slices.Contains(some, c) {
				return false
			}
		}
		return len(classes) > 0
	}
	kind := types.Invalid
	switch {
	case only(pyeval.BoolClass):
		kind = types.Boolean
	case only(pyeval.StrClass):
		return types.String()
	case only(pyeval.IntClass) && !gap:
		kind = types.BigInt
	case only(pyeval.IntClass, pyeval.FloatClass):
		kind = types.Double
	}
	return types.Type{Kind: kind, Nullable: true}
}
