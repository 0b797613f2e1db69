package ir

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"pyfc/ir/types"
	"pyfc/rt/fn"
	"pyfc/rt/fn/list"
	"pyfc/rt/val"
)

// Expressions print with as much of their types as a reader cannot infer:
// columns have those of the input, calls what the function's declaration says.
// A literal of another type than SQL gives its text, and anything else whose
// type is unexpected, has it behind a colon.

// Untyped is what String prints, without a type behind it.
func Untyped(e Expr) string {
	switch e := e.(type) {
	case *Const:
		return e.Literal()
	case *Call:
		return e.text()
	case *Cast:
		return e.text()
	case *Case:
		return e.text()
	}
	return e.String()
}

// String implements Expr: the column's name and position.
func (c *ColumnRef) String() string { return types.Name(c.Name) + "#" + strconv.Itoa(c.Index) }

// String implements Expr: a literal with its type, unless SQL text would give
// it that.
func (c *Const) String() string {
	return annotate(c.Literal(), c.T, literalType(c.Value))
}

// Literal is the value as SQL writes it, without its type.
func (c *Const) Literal() string {
	switch v := c.Value.(type) {
	case nil:
		return "NULL"
	case bool:
		return strings.ToUpper(strconv.FormatBool(v))
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return floatText(v)
	case string:
		return types.Quote(v, '\'')
	case []byte:
		return "X'" + hexText(v) + "'"
	case *big.Int:
		return decimalText(v, c.T.Scale)
	case val.Date:
		return "'" + dayText(int64(v)*val.MillisPerDay) + "'"
	case val.Time:
		return "'" + pointText(int64(v), 0)[len(dateLayout)+1:] + "'"
	case val.Timestamp:
		return "'" + pointText(v.Milli, v.Nano) + "'"
	case val.Months:
		return strconv.FormatInt(int64(v), 10)
	case val.Millis:
		return strconv.FormatInt(int64(v), 10)
	}
	return "?"
}

// literalType is the type that a value has in SQL text. What has none there is
// NOT NULL of no kind, so that the kind is always written.
func literalType(v any) types.Type {
	switch v := v.(type) {
	case nil:
		return types.Type{Nullable: true}
	case bool:
		return types.Of(types.Boolean).NotNull()
	case string:
		return types.NewChar(len(utf16.Encode([]rune(v)))).NotNull()
	case []byte:
		return types.Type{Kind: types.Binary, Precision: len(v)}
	}
	return types.Type{}
}

const (
	dateLayout  = "2006-01-02"
	clockLayout = "15:04:05.999999999"
)

// dayText writes the date of a point in time, in milliseconds since
// 1970-01-01.
func dayText(milli int64) string { return time.UnixMilli(milli).UTC().Format(dateLayout) }

// pointText writes date and time.
func pointText(milli int64, nano int32) string {
	t := time.UnixMilli(milli).Add(time.Duration(nano)).UTC()
	return t.Format(dateLayout + " " + clockLayout)
}

func floatText(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "Infinity"
	case math.IsInf(v, -1):
		return "-Infinity"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func hexText(b []byte) string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 2*len(b))
	for _, c := range b {
		out = append(out, digits[c>>4], digits[c&15])
	}
	return string(out)
}

func decimalText(unscaled *big.Int, scale int) string {
	s := new(big.Int).Abs(unscaled).String()
	if len(s) <= scale {
		s = strings.Repeat("0", scale-len(s)+1) + s
	}
	if scale > 0 {
		s = s[:len(s)-scale] + "." + s[len(s)-scale:]
	}
	if unscaled.Sign() < 0 {
		s = "-" + s
	}
	return s
}

// annotate adds a type to a printed expression unless it is the one that a
// reader expects; nullability only where that is unexpected.
func annotate(s string, t, expected types.Type) string {
	if t.Equal(expected) {
		return s
	}
	s += ":" + t.WithNull(true).String()
	switch {
	case t.Nullable == expected.Nullable:
		return s
	case t.Nullable:
		return s + " NULL"
	}
	return s + " NOT NULL"
}

// String implements Expr: operators between their operands, functions before.
func (c *Call) String() string {
	overload, expected := expectedCall(c.Fn, c.Args)
	s := c.text()
	if c.Overload != overload {
		s += "@" + strconv.Itoa(c.Overload)
		expected = overloadType(c.Fn, c.Overload, c.Args)
	}
	return annotate(s, c.T, expected)
}

func (c *Call) text() string {
	if isOperator(c.Fn) {
		switch len(c.Args) {
		case 1:
			if strings.HasPrefix(c.Fn, "IS ") {
				return "(" + c.Args[0].String() + " " + c.Fn + ")"
			}
			return "(" + c.Fn + " " + c.Args[0].String() + ")"
		case 2:
			return "(" + c.Args[0].String() + " " + c.Fn + " " + c.Args[1].String() + ")"
		}
	}
	return c.Fn + "(" + exprList(c.Args) + ")"
}

// expectedCall is the first overload that takes the arguments, with its type.
func expectedCall(name string, args []Expr) (overload int, t types.Type) {
	if d, ok := list.Lookup(name); ok {
		given := Args(args)
		for i := range d.Overloads {
			if d.Overloads[i].Accepts(given) {
				return i, d.Overloads[i].Type(given)
			}
		}
	}
	return 0, types.Type{}
}

// overloadType is the type of a call of the n-th overload; invalid where there
// is none.
func overloadType(name string, n int, args []Expr) types.Type {
	if o := overloadOf(name, n); o != nil && o.Takes(len(args)) {
		return o.Type(Args(args))
	}
	return types.Type{}
}

// overloadOf is the n-th declared signature of a function, or nil.
func overloadOf(name string, n int) *fn.Overload {
	d, ok := list.Lookup(name)
	if !ok || n < 0 || n >= len(d.Overloads) {
		return nil
	}
	return &d.Overloads[n]
}

// Args are expressions as a signature sees its arguments.
func Args(es []Expr) []fn.Arg {
	out := make([]fn.Arg, len(es))
	for i, e := range es {
		out[i].Type = e.Type()
		if c, ok := e.(*Const); ok {
			out[i].Const, out[i].Value = true, c.Value
		}
	}
	return out
}

// isOperator reports whether a function's name is written between or around
// its operands rather than before them.
func isOperator(fn string) bool {
	switch fn {
	case "AND", "OR", "NOT", "LIKE":
		return true
	}
	return strings.HasPrefix(fn, "IS ") || !strings.ContainsAny(fn, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// String implements Expr: CAST(x AS INT), or (x AS INT) for a conversion that
// the script doesn't write.
func (c *Cast) String() string {
	return annotate(c.text(), c.T, c.T.WithNull(c.expectsNull()))
}

func (c *Cast) text() string {
	name := "CAST"
	switch {
	case c.Try:
		name = "TRY_CAST"
	case c.Implicit:
		name = ""
	}
	return name + "(" + c.Arg.String() + " AS " + c.T.WithNull(true).String() + ")"
}

func (c *Cast) expectsNull() bool { return c.Try || c.Arg.Type().Nullable }

// String implements Expr.
func (c *Case) String() string {
	return annotate(c.text(), c.T, expectedCase(c.Thens, c.Else))
}

func (c *Case) text() string {
	var b strings.Builder
	b.WriteString("CASE")
	for i := range c.Whens {
		b.WriteString(" WHEN " + c.Whens[i].String() + " THEN " + c.Thens[i].String())
	}
	b.WriteString(" ELSE " + c.Else.String() + " END")
	return b.String()
}

// expectedCase is the branches' type where they have the same one.
func expectedCase(thens []Expr, els Expr) types.Type {
	t := els.Type()
	for _, e := range thens {
		if !e.Type().SameRoot(t) {
			return types.Type{}
		}
		t.Nullable = t.Nullable || e.Type().Nullable
	}
	return t
}

// String implements Expr.
func (c *UDFCall) String() string { return functionName(c.UDF.Name) + "(" + exprList(c.Args) + ")" }

// functionName is the name of a Python function as plans print it. One in upper
// case is quoted, so that it differs from the built-in functions.
func functionName(s string) string {
	if s == strings.ToUpper(s) {
		return types.Quote(s, '`')
	}
	return types.Name(s)
}

func exprList(es []Expr) string {
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = e.String()
	}
	return strings.Join(parts, ", ")
}
