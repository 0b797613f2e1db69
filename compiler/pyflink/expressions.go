package pyflink

import (
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir/types"
)

// expressionFunctions are the functions of the module pyflink.table.expressions.
var expressionFunctions []member

// plannedFunctions are functions of that module whose meaning isn't a plain
// call of their name.
var plannedFunctions = map[string]bool{"source_watermark": true}

func init() {
	expressionFunctions = []member{
		def("col(name: str)", "The column of a name.", func(c *pyeval.Call) (pyeval.Value, error) {
			if c.Str("name") == "*" {
				return newExpression(&sql.Star{At: sql.At{Pos: c.Span.Pos()}}), nil
			}
			x := sql.Col(c.Span.Pos(), c.Str("name"))
			x.Parts[0].Pos = c.Where("name").Pos()
			return newExpression(x), nil
		}),
		def("lit(v, data_type: DataType|None = None)", "A literal.", literal),
		def("null_of(data_type: DataType)", "NULL of a type.", func(c *pyeval.Call) (pyeval.Value, error) {
			t, _ := pyeval.Data[types.Type](c.Arg("data_type"))
			return newExpression(sql.Null(c.Span.Pos(), t)), nil
		}),
		def("negative(v)", "The value with the other sign.", func(c *pyeval.Call) (pyeval.Value, error) {
			x, err := operand(c.Arg("v"), c.Where("v").Pos())
			return newExpression(sql.Op(c.Span.Pos(), sql.OpMinus, x)), err
		}),
		def("with_all_columns()", "All columns.", func(c *pyeval.Call) (pyeval.Value, error) {
			return newExpression(&sql.Star{At: sql.At{Pos: c.Span.Pos()}}), nil
		}),
		def("row(*args)", "A row of the values.", operatorOf(sql.OpFields, "args")),
		def("with_columns(*columns)", "The columns of names, positions and ranges.", operatorOf("WITH_COLUMNS", "columns")),
		def("without_columns(*columns)", "The columns but those of names, positions and ranges.", operatorOf("WITHOUT_COLUMNS", "columns")),
		def("range_(start: str|int, end: str|int)", "The columns from one to another, by name or position.", columnRange),
		def("row_interval(*rows)", "A number of rows as the length of a window.", operatorOf(sql.OpRows, "rows")),
		def("call_sql(sql_expression: str)", "An expression of SQL.", func(c *pyeval.Call) (pyeval.Value, error) {
			x, err := schemaExpression(c, "sql_expression")
			return newExpression(x), err
		}),
		def("call(f, *args)", "A call of a function, by name or by itself.", callByName),
	}
	expressionFunctions = append(expressionFunctions, jsonFunctions...)
	own := map[string]bool{}
	for _, m := range expressionFunctions {
		own[m.Name()] = true
	}
	for _, name := range known()["pyflink.table.expressions"].functions {
		if !own[name] && !plannedFunctions[name] {
			plain := strings.TrimSuffix(name, "_")
			expressionFunctions = append(expressionFunctions, def(name+"(*args)", "The function "+plain+".", func(c *pyeval.Call) (pyeval.Value, error) {
				args, err := operands(c, "args")
				return newExpression(sql.Method(c.Span.Pos(), plain, args...)), err
			}))
		}
	}
}

func literal(c *pyeval.Call) (pyeval.Value, error) {
	x, err := operand(c.Arg("v"), c.Where("v").Pos())
	if err != nil {
		return nil, err
	}
	if t, ok := pyeval.Data[types.Type](c.Arg("data_type")); ok {
		x = sql.CastTo(c.Span.Pos(), x, t)
	}
	return newExpression(x), nil
}

func callByName(c *pyeval.Call) (pyeval.Value, error) {
	args, err := operands(c, "args")
	if err != nil {
		return nil, err
	}
	name, ok := c.Arg("f").(*pyeval.Str)
	if ok {
		x := sql.CallOf(c.Span.Pos(), name.String(), args...)
		return newExpression(x), nil
	}
	inline, err := runOf(c).inline(c.Arg("f"), c.Where("f"))
	return newExpression(sql.CallOf(c.Span.Pos(), inline, args...)), err
}

// operatorOf applies an operator of package sql to the arguments *rest.
func operatorOf(op, rest string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		args, err := operands(c, rest)
		return newExpression(sql.Op(c.Span.Pos(), op, args...)), err
	}
}

// columnRange is range_: texts are names of columns.
func columnRange(c *pyeval.Call) (pyeval.Value, error) {
	var ends []sql.Expr
	for _, param := range []string{"start", "end"} {
		at := c.Where(param).Pos()
		if _, isName := c.Arg(param).(*pyeval.Str); isName {
			ends = append(ends, sql.Col(at, c.Str(param)))
			continue
		}
		x, err := operand(c.Arg(param), at)
		if err != nil {
			return nil, err
		}
		ends = append(ends, x)
	}
	return newExpression(sql.Op(c.Span.Pos(), sql.OpRange, ends...)), nil
}
