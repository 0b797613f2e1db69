package pyflink

import (
	"strconv"
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// tableSchemaClass is TableSchema, the columns of a relation: its instances
// carry a types.Schema, those of its builder a *types.Schema.
var (
	tableSchemaClass        = pyeval.NewClass("pyflink.table.table_schema", "TableSchema")
	tableSchemaBuilderClass = pyeval.NewClass("pyflink.table.table_schema", "Builder")
)

func schemaIn(c *pyeval.Call) types.Schema {
	s, _ := pyeval.Data[types.Schema](c.Self())
	return s
}

func init() {
	nest(tableSchemaClass, tableSchemaBuilderClass)
	text := func(c *pyeval.Call) (pyeval.Value, error) {
		var b strings.Builder
		b.WriteString("root\n")
		for _, col := range schemaIn(c) {
			b.WriteString(" |-- " + col.Name + ": " + col.Type.String() + "\n")
		}
		return pyeval.NewStr(b.String()), nil
	}
	declare(tableSchemaClass, "The columns of a table with their types.",
		def("__init__(self, field_names: seq, data_types: seq)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			s := types.Schema{}
			kinds := c.Elems("data_types")
			for i, n := range c.Elems("field_names") {
				if i == len(kinds) {
					return nil, argument(c.Span.Pos(), "TableSchema got more names than types")
				}
				t, err := typeOf(c, kinds[i], c.Where("data_types", i).Pos())
				if err != nil {
					return nil, err
				}
				s = append(s, types.Column{Name: textValue(n), Type: t})
			}
			c.Self().(*pyeval.Instance).Data = s
			return pyeval.None, nil
		}),
		onClass("builder()", "A builder of a schema.", func(*pyeval.Call) (pyeval.Value, error) {
			return tableSchemaBuilderClass.Make(&types.Schema{}), nil
		}),
		def("copy(self)", "The same schema.", func(c *pyeval.Call) (pyeval.Value, error) { return c.Self(), nil }),
		def("get_field_count(self)", "The number of columns.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewInt(int64(len(schemaIn(c)))), nil
		}),
		def("get_field_names(self)", "The names of the columns.", func(c *pyeval.Call) (pyeval.Value, error) {
			return texts(schemaIn(c).Names()), nil
		}),
		def("get_field_name(self, field_index: int)", "The name of a column; None where there is none.", func(c *pyeval.Call) (pyeval.Value, error) {
			if i := c.Int("field_index"); i >= 0 && int(i) < len(schemaIn(c)) {
				return pyeval.NewStr(schemaIn(c)[i].Name), nil
			}
			return pyeval.None, nil
		}),
		def("get_field_data_types(self)", "The types of the columns.", func(c *pyeval.Call) (pyeval.Value, error) {
			out := pyeval.NewList()
			for _, col := range schemaIn(c) {
				out.Append(newDataType(col.Type))
			}
			return out, nil
		}),
		def("get_field_data_type(self, field: str|int)", "The type of a column by name or position; None where there is none.", func(c *pyeval.Call) (pyeval.Value, error) {
			s, i := schemaIn(c), 0
			if _, byName := c.Arg("field").(*pyeval.Str); byName {
				i = s.Index(c.Str("field"))
			} else {
				i = int(c.Int("field"))
			}
			if i < 0 || i >= len(s) {
				return pyeval.None, nil
			}
			return newDataType(s[i].Type), nil
		}),
		def("to_row_data_type(self)", "The columns as a ROW.", func(c *pyeval.Call) (pyeval.Value, error) {
			return newDataType(rowOf(schemaIn(c))), nil
		}),
		def("__eq__(self, other)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			other, ok := pyeval.Data[types.Schema](c.Arg("other"))
			return pyeval.Bool(ok && rowOf(schemaIn(c)).Equal(rowOf(other))), nil
		}),
		def("__repr__(self)", "", text),
		def("__str__(self)", "", text),
	)
	declare(tableSchemaBuilderClass, "Makes a TableSchema.",
		def("__init__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = &types.Schema{}
			return pyeval.None, nil
		}),
		def("field(self, name: str, data_type)", "Adds a column.", func(c *pyeval.Call) (pyeval.Value, error) {
			t, err := typeOf(c, c.Arg("data_type"), c.Where("data_type").Pos())
			s, _ := pyeval.Data[*types.Schema](c.Self())
			*s = append(*s, types.Column{Name: c.Str("name"), Type: t})
			return c.Self(), err
		}),
		def("build(self)", "The schema.", func(c *pyeval.Call) (pyeval.Value, error) {
			s, _ := pyeval.Data[*types.Schema](c.Self())
			return tableSchemaClass.Make(append(types.Schema{}, *s...)), nil
		}),
	)
}

// rowOf is a schema as the type of its rows.
func rowOf(s types.Schema) types.Type {
	t := types.Type{Kind: types.Row}
	for _, col := range s {
		t.Names, t.Elems = append(t.Names, col.Name), append(t.Elems, col.Type)
	}
	return t
}

// texts is a list of strs.
func texts(items []string) *pyeval.List {
	out := pyeval.NewList()
	for _, s := range items {
		out.Append(pyeval.NewStr(s))
	}
	return out
}

// tableSchema is Table.get_schema.
func tableSchema(c *pyeval.Call) (pyeval.Value, error) {
	rel := relOf(c.Self())
	if rel == nil {
		return pyeval.Poison(c.Span), nil
	}
	return tableSchemaClass.Make(rel.P().Schema), nil
}

// tableText is str(table): the table becomes known under a name of its own, for
// SQL that the script puts together.
func tableText(c *pyeval.Call) (pyeval.Value, error) {
	t, _ := pyeval.Data[*table](c.Self())
	if t.name == "" {
		t.name = runOf(c).nameless(t.rel, c.Span.Pos())
	}
	return pyeval.NewStr(t.name), nil
}

// queryOf is the query of all rows of a relation.
func (r *run) queryOf(rel ir.Rel, pos diag.Pos) sql.Query {
	r.unnamed++
	path := sql.Path{Parts: []sql.Name{{Text: bind.Anonymous + "table$" + strconv.Itoa(r.unnamed) + "*", Pos: pos}}, Pos: pos}
	r.session.CreateView(path, rel)
	return &sql.Select{At: sql.At{Pos: pos}, Items: []sql.Expr{&sql.Star{At: sql.At{Pos: pos}}}, From: &sql.FromTable{At: sql.At{Pos: pos}, Table: path}}
}
