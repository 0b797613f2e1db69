package sql

import (
	"slices"
	"strings"
	"unicode"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Method applies a Table API function: upperCase, upper_case and UPPERCASE are
// UPPER, isNull is the operator IS NULL. The receiver of a method comes first
// among args. A name that isn't built in is a call of a registered function.
// Symbols such as TimePointUnit.HOUR are string literals.
//
// cast isn't one of them, since its argument is a type: see CastTo.
func Method(pos diag.Pos, name string, args ...Expr) Expr {
	folded := foldName(name)
	if kind, amount := apiInterval(folded); amount != 0 && len(args) == 1 {
		return intervalOf(pos, args[0], kind, amount)
	}
	switch folded {
	case "as", "alias":
		if x := aliasCall(pos, args); x != nil {
			return x
		}
	case "ifthenelse", "then":
		if len(args) == 3 {
			return &Case{At: At{pos}, Whens: []When{{Cond: args[0], Then: args[1]}}, Else: args[2]}
		}
	case "and", "or":
		if len(args) > 2 {
			rest := Method(pos, name, args[:len(args)-1]...)
			return Method(pos, name, rest, args[len(args)-1])
		}
	case "notbetween":
		return Op(pos, OpNot, named(pos, OpBetween, name, args))
	case "todate", "totime", "totimestamp":
		if len(args) == 1 {
			return CastTo(pos, args[0], apiConversions[folded])
		}
	case "extract":
		if len(args) == 2 && isSymbol(args[1], extractUnits) {
			args = []Expr{args[1], args[0]}
		}
	case "trim":
		if len(args) == 2 {
			args = []Expr{Text(pos, "BOTH"), args[1], args[0]}
		}
		if len(args) == 3 && isSymbol(args[1], trimSides) {
			args = []Expr{args[1], args[2], args[0]}
		}
	case "log": // in SQL the base comes first
		if len(args) == 2 {
			args = []Expr{args[1], args[0]}
		}
	case "trimleading", "trimtrailing":
		side := strings.ToUpper(strings.TrimPrefix(folded, "trim"))
		switch len(args) {
		case 1: // blanks
			return named(pos, "TRIM", name, []Expr{Text(pos, side), Text(pos, " "), args[0]})
		case 2:
			return named(pos, "TRIM", name, []Expr{Text(pos, side), args[1], args[0]})
		}
	case "distinct":
		if len(args) == 1 {
			if c, ok := args[0].(*Call); ok {
				d := *c
				d.Distinct, d.Pos = true, pos
				return &d
			}
		}
	}
	return named(pos, apiFunction(name), name, args)
}

func named(pos diag.Pos, fn, written string, args []Expr) *Call {
	return &Call{At: At{pos}, Func: fn, Written: written, Args: args}
}

// apiConversions are the types of '2020-01-01'.toDate and its like.
var apiConversions = map[string]types.Type{
	"todate": types.Of(types.Date), "totime": types.Of(types.Time),
	"totimestamp": {Kind: types.Timestamp, Nullable: true, Precision: 3},
}

var trimSides = []string{"BOTH", "LEADING", "TRAILING"}

// isSymbol reports whether x is a literal that spells one of the words.
func isSymbol(x Expr, words []string) bool {
	lit, ok := x.(*Literal)
	if !ok {
		return false
	}
	s, _ := lit.Value.(string)
	return slices.Contains(words, s)
}

// aliasCall is a.as(z), a.as('z') or a.as(y, z).
func aliasCall(pos diag.Pos, args []Expr) Expr {
	if len(args) < 2 {
		return nil
	}
	a := &Alias{At: At{pos}, X: args[0]}
	for _, n := range args[1:] {
		switch n := n.(type) {
		case *Ident:
			a.Names = append(a.Names, n.Parts[0])
		case *Literal:
			s, ok := n.Value.(string)
			if !ok {
				return nil
			}
			a.Names = append(a.Names, Name{Text: s, Pos: n.Pos})
		default:
			return nil
		}
	}
	return a
}

// OpFields is a row whose fields are called f0, f1, … as in the Table API.
const OpFields = "ROW_OF"

// OpInterval is a number of units that isn't a literal, which the binder refuses.
const OpInterval = "INTERVAL_OF"

// intervalOf is the interval of so many units as a literal.
func intervalOf(pos diag.Pos, x Expr, kind types.Kind, amount int64) Expr {
	if lit, ok := x.(*Literal); ok {
		switch v := lit.Value.(type) {
		case int64:
			return Interval(pos, kind, v*amount)
		case float64:
			return Interval(pos, kind, int64(v)*amount)
		}
	}
	return Op(pos, OpInterval, x)
}

// apiInterval is the value of one of the units of 10.minutes, 1.hour: months
// or milliseconds; 0 for another name.
func apiInterval(folded string) (types.Kind, int64) {
	switch strings.TrimSuffix(folded, "s") {
	case "year":
		return types.IntervalYearMonth, 12
	case "quarter":
		return types.IntervalYearMonth, 3
	case "month":
		return types.IntervalYearMonth, 1
	case "week":
		return types.IntervalDayTime, 7 * unitDay.amount()
	case "day":
		return types.IntervalDayTime, unitDay.amount()
	case "hour":
		return types.IntervalDayTime, unitHour.amount()
	case "minute":
		return types.IntervalDayTime, unitMinute.amount()
	case "second":
		return types.IntervalDayTime, unitSecond.amount()
	case "milli":
		return types.IntervalDayTime, 1
	}
	return types.Invalid, 0
}

// foldName is the key of apiNames: letter case and underscores don't count.
func foldName(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}

// apiNames are the Table API names that aren't the SQL name in camel case.
var apiNames = map[string]string{
	"and": OpAnd, "or": OpOr, "not": OpNot,
	"equals": OpEq, "isequal": OpEq, "notequals": OpNe, "isnotequal": OpNe,
	"greaterthan": OpGt, "isgreater": OpGt, "greaterthanorequal": OpGe, "isgreaterorequal": OpGe,
	"lessthan": OpLt, "isless": OpLt, "lessthanorequal": OpLe, "islessorequal": OpLe,
	"plus": OpPlus, "minus": OpMinus, "minusprefix": OpMinus, "times": OpTimes,
	"divide": OpDiv, "dividedby": OpDiv, "div": OpDiv, "mod": OpMod,
	"isnull": OpIsNull, "isnotnull": OpIsNotNull,
	"istrue": OpIsTrue, "isnottrue": OpIsNotTrue, "isfalse": OpIsFalse, "isnotfalse": OpIsNotFalse,
	"like": OpLike, "similar": OpSimilar, "between": OpBetween, "in": OpIn,
	"at": OpItem, "get": OpField, "row": OpRow, "array": OpArray, "map": OpMap,
	"flatten": OpFlatten, "asc": OpAsc, "desc": OpDesc, "rows": OpRows,
	"uppercase": "UPPER", "lowercase": "LOWER", "initcap": "INITCAP", "charlength": "CHAR_LENGTH",
	"ifnull": "IFNULL", "ceiling": "CEIL", "localtime": "LOCALTIME", "localtimestamp": "LOCALTIMESTAMP",
	"timestampdiff": "TIMESTAMPDIFF", "temporaloverlaps": "OVERLAPS", "sum0": "$SUM0",
	"listagg": "LISTAGG", "jsonobjectagg": "JSON_OBJECTAGG", "jsonarrayagg": "JSON_ARRAYAGG",
	"stddevpop": "STDDEV_POP", "stddevsamp": "STDDEV_SAMP", "varpop": "VAR_POP", "varsamp": "VAR_SAMP",
}

// apiFunction is the SQL name, or operator, of a Table API function.
func apiFunction(name string) string {
	if fn, ok := apiNames[foldName(name)]; ok {
		return fn
	}
	if name == strings.ToUpper(name) || strings.Contains(name, "_") {
		return strings.ToUpper(name)
	}
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}
