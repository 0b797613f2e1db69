package pyflink

import (
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir/types"
)

// jsonMembers are the JSON functions among the methods of an expression. Their
// options become the literals that sql's JSON calls have.
var jsonMembers = []member{
	def("is_json(self, json_type = None)", "Whether a text is JSON, of a kind.", isJSON),
	def("json_exists(self, path: str, on_error = None)", "Whether a path leads to something.", jsonExists),
	def("json_value(self, path: str, returning_type: DataType|None = None, on_empty = None, default_on_empty = None, on_error = None, default_on_error = None)",
		"The scalar that a path leads to.", jsonValue),
	def("json_query(self, path: str, wrapping_behavior = None, on_empty = None, on_error = None)",
		"What a path leads to, as JSON.", jsonQuery),
}

// jsonFunctions are those of the module pyflink.table.expressions that make
// JSON; what becomes of NULL is their first argument.
var jsonFunctions = []member{
	def("json_object(on_null = None, *args)", "A JSON object of keys and values.", jsonMade("JSON_OBJECT", "NULL")),
	def("json_array(on_null = None, *args)", "A JSON array of values.", jsonMade("JSON_ARRAY", "ABSENT")),
	def("json_object_agg(on_null, *args)", "A JSON object of the keys and values of a group.", jsonMade("JSON_OBJECTAGG", "NULL")),
	def("json_array_agg(on_null, *args)", "A JSON array of the values of a group.", jsonMade("JSON_ARRAYAGG", "ABSENT")),
}

func jsonMade(function, onNull string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		args, err := operands(c, "args")
		if err != nil {
			return nil, err
		}
		return newExpression(sql.Op(c.Span.Pos(), function, append([]sql.Expr{jsonOption(c, "on_null", onNull)}, args...)...)), nil
	}
}

// jsonOption is the literal for a member of an enumeration: "EMPTY OBJECT" for
// EMPTY_OBJECT.
func jsonOption(c *pyeval.Call, param, otherwise string) *sql.Literal {
	name := otherwise
	if v := c.Arg(param); v != nil && v.Class() == constantClass {
		name = constantName(v)
	}
	return sql.Text(c.Where(param).Pos(), strings.ReplaceAll(name, "_", " "))
}

func jsonCall(c *pyeval.Call, function string, options ...sql.Expr) (pyeval.Value, error) {
	path := sql.Text(c.Where("path").Pos(), c.Str("path"))
	return newExpression(sql.Op(c.Span.Pos(), function, append([]sql.Expr{exprOf(c.Self()), path}, options...)...)), nil
}

func isJSON(c *pyeval.Call) (pyeval.Value, error) {
	return newExpression(sql.Op(c.Span.Pos(), sql.OpIsJSON, exprOf(c.Self()), jsonOption(c, "json_type", "VALUE"))), nil
}

func jsonExists(c *pyeval.Call) (pyeval.Value, error) {
	return jsonCall(c, "JSON_EXISTS", jsonOption(c, "on_error", "FALSE"))
}

// jsonReturned is NULL of the type that a function shall return.
func jsonReturned(c *pyeval.Call) sql.Expr {
	t, ok := pyeval.Data[types.Type](c.Arg("returning_type"))
	if !ok {
		t = types.String()
	}
	return sql.Null(c.Span.Pos(), t)
}

func jsonValue(c *pyeval.Call) (pyeval.Value, error) {
	options := []sql.Expr{jsonReturned(c)}
	for _, event := range []string{"empty", "error"} {
		byDefault, err := operand(c.Arg("default_on_"+event), c.Where("default_on_"+event).Pos())
		if err != nil {
			return nil, err
		}
		options = append(options, jsonOption(c, "on_"+event, "NULL"), byDefault)
	}
	return jsonCall(c, "JSON_VALUE", options...)
}

func jsonQuery(c *pyeval.Call) (pyeval.Value, error) {
	wrapper := jsonOption(c, "wrapping_behavior", "WITHOUT")
	wrapper.Value = strings.TrimSuffix(wrapper.Value.(string), " ARRAY") // WITHOUT_ARRAY
	return jsonCall(c, "JSON_QUERY", sql.Null(c.Span.Pos(), types.String()), wrapper, jsonOption(c, "on_empty", "NULL"), jsonOption(c, "on_error", "NULL"))
}
