package fn

import "pyfc/ir/types"

// option is a literal that the parser makes of words.
var option = Text.Literal()

// valueOptions checks the type behind RETURNING of JSON_VALUE, to which the
// defaults are converted.
func valueOptions(args []Arg) ([]types.Type, bool) {
	out, t := typesOf(args), args[2].Type
	switch t.Kind {
	case types.VarChar, types.Boolean, types.Int, types.Double:
	default:
		return nil, false
	}
	out[4], out[6] = t, t
	return out, castableDefault(args[4], t) && castableDefault(args[6], t)
}

// castableDefault reports whether DEFAULT can be of a type.
func castableDefault(a Arg, t types.Type) bool {
	return a.Kind == types.Null || types.Implicit(a.Type, t) || t.Text() && (a.Numeric() || a.Text())
}

// queryOptions checks the type behind RETURNING of JSON_QUERY. An array can't
// be replaced by an empty object.
func queryOptions(args []Arg) ([]types.Type, bool) {
	t := args[2].Type
	if t.Kind == types.Array {
		return typesOf(args), t.Elems[0].Kind == types.VarChar && args[4].Value != emptyObject && args[5].Value != emptyObject
	}
	return typesOf(args), t.Kind == types.VarChar
}

// returned is the type behind RETURNING.
func returned(args []Arg) types.Type { return args[2].WithNull(true) }

// jsonable reports whether values of a type can be written as JSON.
func jsonable(t types.Type) bool {
	switch t.Kind {
	case types.Date, types.Time, types.IntervalDayTime, types.IntervalYearMonth:
		return false
	case types.Map, types.Multiset:
		return t.Elems[0].Text() && (t.Kind == types.Multiset || jsonable(t.Elems[1]))
	}
	for _, e := range t.Elems {
		if !jsonable(e) {
			return false
		}
	}
	return true
}

var (
	jsonValue  = NewParam("a value that JSON has", jsonable)
	returnType = NewParam("a type", func(types.Type) bool { return true }).Literal()
	anyDefault = Any.Literal()
)

// objectMembers checks the arguments of JSON_OBJECT: what to do with NULL, and
// threes of key, value and whether it is JSON.
func objectMembers(args []Arg) ([]types.Type, bool) {
	for i := 1; i < len(args); i += 3 {
		if !args[i].Text() || !args[i].Const || args[i].Value == nil || !jsonable(args[i+1].Type) || args[i+1].Kind == types.Null {
			return nil, false
		}
	}
	return typesOf(args), len(args)%3 == 1
}

// arrayMembers checks those of JSON_ARRAY: what to do with NULL, and pairs of
// value and whether it is JSON.
func arrayMembers(args []Arg) ([]types.Type, bool) {
	for i := 1; i < len(args); i += 2 {
		if !jsonable(args[i].Type) || args[i].Kind == types.Null {
			return nil, false
		}
	}
	return typesOf(args), len(args)%2 == 1
}

// Declarations.
var (
	IsJSONDecl = Decl{Name: "IS JSON", Doc: "Whether a string is JSON, and a value, scalar, array or object.",
		Overloads: []Overload{{Params: []Param{Text, option}, Null: Called, Result: alwaysBoolean, Impls: []any{IsJSON}}},
		Examples:  []Example{{"'{}' IS JSON", "TRUE"}, {"'{} x' IS JSON OBJECT", "TRUE"}, {"'01' IS JSON", "FALSE"}, {"'1' IS JSON ARRAY", "FALSE"}, {"'null' IS JSON SCALAR", "TRUE"}, {"CAST(NULL AS STRING) IS JSON", "FALSE"}, {"CAST(NULL AS STRING) IS NOT JSON", "TRUE"}}}
	JSONExistsDecl = Decl{Name: "JSON_EXISTS", Doc: "Whether a path leads to a value in a JSON string.",
		Overloads: []Overload{
			{Params: []Param{Text, Text}, Result: nullable(alwaysBoolean), Impls: []any{JSONExists}},
			{Params: []Param{Text, Text, option}, Result: nullable(alwaysBoolean), Impls: []any{JSONExistsOr}}},
		Examples: []Example{{`JSON_EXISTS('{"a":1}', '$.a')`, "TRUE"}, {`JSON_EXISTS('{"a":null}', '$.a')`, "FALSE"}, {`JSON_EXISTS('{}', '$.a' UNKNOWN ON ERROR)`, "NULL"}, {`JSON_EXISTS('{}', '$.a' ERROR ON ERROR)`, "error"}, {`JSON_EXISTS('{}', 'lax $.a' ERROR ON ERROR)`, "FALSE"}}}
	JSONValueDecl = Decl{Name: "JSON_VALUE", Doc: "The scalar to which a path leads in a JSON string.",
		Overloads: []Overload{
			{Params: []Param{Text, Text}, Result: nullableString, Impls: []any{JSONValue}},
			{Params: []Param{Text, Text, returnType.OrNull(types.Null), option, anyDefault, option, anyDefault}, Coerce: valueOptions,
				Result: returned, Impls: []any{JSONValueAs}}},
		Examples: []Example{{`JSON_VALUE('{"a":{"b":[1,2.50]}}', '$.a.b[1]')`, "2.5"}, {`JSON_VALUE('{"a":{}}', '$.a')`, "NULL"}, {`JSON_VALUE('{"a":"x"}', 'strict $.a' RETURNING STRING)`, "x"}, {`JSON_VALUE('{"a":1}', '$.a' RETURNING DOUBLE)`, "error"}, {`JSON_VALUE('{}', 'lax $.a' DEFAULT 'e' ON EMPTY DEFAULT 'r' ON ERROR)`, "e"}, {`JSON_VALUE('{}', '$.a' DEFAULT 'e' ON EMPTY DEFAULT 'r' ON ERROR)`, "r"}, {`JSON_VALUE('a', '$')`, "NULL"}}}
	JSONQueryDecl = Decl{Name: "JSON_QUERY", Doc: "The array or object to which a path leads in a JSON string.",
		Overloads: []Overload{
			{Params: []Param{Text, Text}, Result: nullableString, Impls: []any{JSONQuery}},
			{Params: []Param{Text, Text, returnType.OrNull(types.Null), option, option, option}, Coerce: queryOptions,
				Result: returned, Impls: []any{JSONQueryAs}}},
		Examples: []Example{{`JSON_QUERY('{"a":[1, "x"]}', '$.a')`, `[1,"x"]`}, {`JSON_QUERY('{"a":1}', '$.a')`, "NULL"}, {`JSON_QUERY('{"a":1}', '$.a' WITH WRAPPER)`, "[1]"}, {`JSON_QUERY('{"a":[1]}', '$.a' WITH CONDITIONAL WRAPPER)`, "[1]"}, {`JSON_QUERY('{"a":[1]}', '$.a' WITH UNCONDITIONAL WRAPPER)`, "[[1]]"}, {`JSON_QUERY('{}', '$.a' EMPTY OBJECT ON ERROR)`, "{}"}, {`JSON_QUERY('[[1,2],{"x":5},null]', '$' RETURNING ARRAY<STRING>)`, "[[1, 2], {x=5}, NULL]"}}}
	JSONStringDecl = Decl{Name: "JSON_STRING", Doc: "The value as JSON.",
		Overloads: []Overload{{Params: []Param{jsonValue.OrNull(types.VarChar)}, Result: alwaysString, Impls: []any{JSONString}}},
		Examples:  []Example{{"JSON_STRING('a')", `"a"`}, {"JSON_STRING(1.50)", "1.5"}, {"JSON_STRING(CAST(100 AS DECIMAL(38, 18)))", "1E+2"}, {"JSON_STRING(CAST('0.0000001' AS DECIMAL(20, 10)))", "1E-7"}, {"JSON_STRING(CAST(1e10 AS DOUBLE))", "1.0E10"}, {"JSON_STRING(CAST('NaN' AS DOUBLE))", `"NaN"`}, {"JSON_STRING(TIMESTAMP '2020-02-29 12:34:56.123456')", `"2020-02-29T12:34:56.123456"`}, {"JSON_STRING(TIMESTAMP '2020-02-29 12:34:56')", `"2020-02-29T12:34:56"`}, {"JSON_STRING(X'00ff')", `"AP8="`}, {"JSON_STRING(ARRAY[1, NULL])", "[1,null]"}, {"JSON_STRING(MAP['b', 1, 'a', 2])", `{"a":2,"b":1}`}, {"JSON_STRING(ROW(1, 'a'))", `{"EXPR$0":1,"EXPR$1":"a"}`}, {"JSON_STRING(CAST(NULL AS INT))", "NULL"}}}
	JSONObjectDecl = Decl{Name: "JSON_OBJECT", Doc: "A JSON object of keys and values.",
		Overloads: []Overload{{Params: []Param{option, Any}, Variadic: true, Coerce: objectMembers, Null: Called, Result: alwaysString, Impls: []any{JSONObject}}},
		Examples:  []Example{{"JSON_OBJECT()", "{}"}, {"JSON_OBJECT('z' VALUE 1, 'a' VALUE 'x')", `{"a":"x","z":1}`}, {"JSON_OBJECT('a' VALUE 1, 'a' VALUE 2)", `{"a":2}`}, {"JSON_OBJECT('a' VALUE CAST(NULL AS INT), 'b' VALUE 1 ABSENT ON NULL)", `{"b":1}`}, {"JSON_OBJECT('a' VALUE JSON_ARRAY(1, 2))", `{"a":[1,2]}`}, {"JSON_OBJECT('a' VALUE UPPER(JSON_OBJECT('b' VALUE 1)))", `{"a":"{\"B\":1}"}`}, {"JSON_OBJECT('a' VALUE MAP['x', 1])", `{"a":{"x":1}}`}}}
	JSONArrayDecl = Decl{Name: "JSON_ARRAY", Doc: "A JSON array of values.",
		Overloads: []Overload{{Params: []Param{option, Any}, Variadic: true, Coerce: arrayMembers, Null: Called, Result: alwaysString, Impls: []any{JSONArray}}},
		Examples:  []Example{{"JSON_ARRAY()", "[]"}, {"JSON_ARRAY(JSON_ARRAY(1), JSON_OBJECT('a' VALUE 2))", `[[1],{"a":2}]`}, {"JSON_ARRAY(JSON_STRING('a'))", `["\"a\""]`}}}
)
