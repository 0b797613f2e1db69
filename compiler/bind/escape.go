package bind

import (
	"pyfc/compiler/sql"
	"pyfc/compiler/words"
	"pyfc/ir"
)

// escapes are the functions that {fn …} can call, by the operator or function
// that gives the same in PyFlink 1.20.1.
var escapes = map[string]string{
	"ABS": "ABS", "ACOS": "ACOS", "ASCII": "ASCII", "ASIN": "ASIN", "ATAN": "ATAN", "ATAN2": "ATAN2", "CEILING": "CEIL",
	"CONCAT": sql.OpConcat, "COS": "COS", "COT": "COT", "DAYOFMONTH": "DAYOFMONTH", "DAYOFWEEK": "DAYOFWEEK",
	"DAYOFYEAR": "DAYOFYEAR", "DEGREES": "DEGREES", "EXP": "EXP", "FLOOR": "FLOOR", "HOUR": "HOUR", "IFNULL": "IFNULL",
	"LCASE": "LOWER", "LENGTH": "CHAR_LENGTH", "LOCATE": "POSITION", "LOG": "LN", "LOG10": "LOG10", "MINUTE": "MINUTE", "MOD": "MOD",
	"MONTH": "MONTH", "PI": "PI", "POWER": "POWER", "QUARTER": "QUARTER", "RADIANS": "RADIANS", "SECOND": "SECOND",
	"SIGN": "SIGN", "SIN": "SIN", "SQRT": "SQRT", "TAN": "TAN", "UCASE": "UPPER", "YEAR": "YEAR",
}

// plannedEscapes are those that give values of another type than any function,
// or whose arguments have a syntax of their own.
var plannedEscapes = words.Set("CONVERT INSERT LEFT LTRIM REPEAT REPLACE RIGHT ROUND RTRIM TIMESTAMPADD TIMESTAMPDIFF TRUNCATE USER WEEK")

// unrunEscape is what isn't run of a {fn …}.
func unrunEscape(x *sql.Call) []feature {
	called := x.Args[0].(*sql.Call).Func
	if plannedEscapes[called] {
		return []feature{{"FN " + called, x.Pos}}
	}
	return nil
}

// escape binds {fn NAME(…)}.
func (b *binder) escape(x *sql.Call) ir.Expr {
	called := *x.Args[0].(*sql.Call)
	name, ok := escapes[called.Func]
	if !ok {
		b.s.unknownFunction(x.Pos, "{fn "+called.Written+"}")
		return poison(x.Pos)
	}
	called.Func, called.Written = name, ""
	return b.call(&called)
}
