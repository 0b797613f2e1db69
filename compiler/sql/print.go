package sql

import (
	"cmp"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"pyfc/ir"
	"pyfc/ir/types"
)

// Print renders a statement as SQL text. Parsed again, the text gives the same
// text: each call has brackets where the grammar needs them. A part that is
// known only at start prints as ${NAME}.
func Print(s Stmt) string {
	var w printer
	w.stmt(s)
	return w.String()
}

// PrintExpr renders an expression as SQL text. Literals of a type that SQL has
// no literal for print as a CAST.
func PrintExpr(x Expr) string {
	var w printer
	w.expr(x)
	return w.String()
}

type printer struct {
	strings.Builder
	calcite bool               // print as Calcite does
	whole   map[*Name][]string // what paths print as, by their first part
}

func (w *printer) add(parts ...string) {
	for _, s := range parts {
		w.WriteString(s)
	}
}

// commaList prints n elements with commas.
func (w *printer) commaList(n int, element func(i int)) {
	for i := range n {
		if i > 0 {
			w.add(", ")
		}
		element(i)
	}
}

func (w *printer) exprs(xs []Expr) { w.commaList(len(xs), func(i int) { w.expr(xs[i]) }) }

func (w *printer) names(ns []Name) { w.commaList(len(ns), func(i int) { w.name(ns[i].Text) }) }

func (w *printer) path(parts []Name) {
	if len(parts) == 0 {
		return
	}
	if whole := w.whole[&parts[0]]; whole != nil {
		for i, n := range whole {
			w.flag(i > 0, ".")
			w.name(n)
		}
		return
	}
	for i, n := range parts {
		if i > 0 {
			w.add(".")
		}
		w.name(n.Text)
	}
}

// name prints an identifier, quoted where it must be.
func (w *printer) name(s string) {
	plain := !w.calcite && s != "" && !reserved[strings.ToUpper(s)]
	for i := range len(s) {
		plain = plain && (isIdentByte(s[i]) && s[i] < 0x80 || i > 0 && isDigit(s[i]))
	}
	if plain {
		w.add(s)
		return
	}
	w.add("`", strings.ReplaceAll(s, "`", "``"), "`")
}

func (w *printer) string(s string) {
	w.flag(w.calcite && !ascii(s), "_UTF16")
	w.add("'", strings.ReplaceAll(s, "'", "''"), "'")
}

func (w *printer) text(t ir.Text) { w.string(t.Display()) }

func (w *printer) expr(x Expr) {
	switch x := x.(type) {
	case *Ident:
		w.path(x.Parts)
	case *Literal:
		w.literal(x)
	case *Call:
		w.call(x)
	case *Cast:
		w.cast(x.Try, x.Type, func() { w.expr(x.X) })
	case *Alias:
		w.expr(x.X)
		w.add(" AS ")
		if len(x.Names) == 1 {
			w.name(x.Names[0].Text)
		} else {
			w.add("(")
			w.names(x.Names)
			w.add(")")
		}
	case *Star:
		for _, n := range x.Table {
			w.name(n.Text)
			w.add(".")
		}
		w.add("*")
	case *Case:
		w.caseExpr(x)
	case *Subquery:
		w.add("(")
		w.query(x.Query)
		w.add(")")
	case *Grouping:
		w.grouping(x)
	case *TableArg:
		w.tableArg(x)
	case *NamedArg:
		w.name(x.Name.Text)
		w.add(" => ")
		w.expr(x.X)
	case *Default:
		w.add("DEFAULT")
	case *Param:
		w.add("?")
	case *Qualified:
		w.add("(")
		w.expr(x.X)
		w.add(") ", x.Qualifier)
	}
}

func (w *printer) cast(try bool, t types.Type, x func()) {
	if try {
		w.add("TRY_")
	}
	w.add("CAST(")
	x()
	text := TypeText(t.WithNull(true))
	if w.calcite {
		text = calciteType(t)
	}
	w.add(" AS ", text, ")")
}

func (w *printer) caseExpr(c *Case) {
	w.add("CASE")
	if c.Operand != nil && !w.calcite {
		w.add(" ")
		w.expr(c.Operand)
	}
	for _, b := range c.Whens {
		w.add(" WHEN ")
		if w.calcite && c.Operand != nil && len(b.More) == 0 {
			w.expr(&Call{Func: OpEq, Args: []Expr{c.Operand, b.Cond}})
		} else {
			w.exprs(append([]Expr{b.Cond}, b.More...))
		}
		w.add(" THEN ")
		w.expr(b.Then)
	}
	w.optional(" ELSE ", c.Else, "")
	w.flag(w.calcite && c.Else == nil, " ELSE NULL")
	w.add(" END")
}

// literal prints a constant so that SQL gives it the same type.
func (w *printer) literal(l *Literal) {
	if l.Written != "" {
		w.add(l.Written)
		return
	}
	switch v := l.Value.(type) {
	case nil:
		if l.Type.Kind == types.Null || !l.Type.Valid() {
			w.add("NULL")
			return
		}
		w.cast(false, l.Type, func() { w.add("NULL") })
	case bool:
		w.add(strings.ToUpper(strconv.FormatBool(v)))
	case string:
		w.string(v)
	case []byte:
		digits := fmt.Sprintf("%x", v)
		if w.calcite {
			digits = strings.ToUpper(digits)
		}
		w.add("X'", digits, "'")
	case *big.Int:
		w.add(decimalText(v, l.Type.Precision, l.Type.Scale))
	case float64:
		text := strconv.FormatFloat(v, 'E', -1, 64)
		if w.calcite {
			text = strings.NewReplacer("E+0", "E", "E-0", "E-", "E+", "E").Replace(text)
		}
		print := func() { w.add(text) }
		if l.Type.Kind == types.Float {
			w.cast(false, l.Type, print)
			return
		}
		print()
	case int64:
		w.integer(l.Type, v)
	case time.Time:
		w.datetime(l.Type, v)
	}
}

func (w *printer) integer(t types.Type, v int64) {
	print := func() { w.add(strconv.FormatInt(v, 10)) }
	switch {
	case t.Kind == types.IntervalYearMonth:
		w.interval(v, "-", 12, "YEAR(9) TO MONTH")
	case t.Kind == types.IntervalDayTime:
		w.interval(v, " ", 86_400_000, "DAY(9) TO SECOND(3)")
	case t.Kind == types.Int, t.Kind == types.BigInt && v != int64(int32(v)):
		print()
	default:
		w.cast(false, t, print)
	}
}

// interval prints v as INTERVAL 'whole sep rest' qualifier.
func (w *printer) interval(v int64, sep string, unit int64, qualifier string) {
	w.add("INTERVAL ")
	if v < 0 {
		w.add("-")
		v = -v
	}
	rest := strconv.FormatInt(v%unit, 10)
	if unit > 12 {
		rest = time.UnixMilli(v % unit).UTC().Format("15:04:05.000")
	}
	w.add("'", strconv.FormatInt(v/unit, 10), sep, rest, "' ", qualifier)
}

func (w *printer) datetime(t types.Type, v time.Time) {
	switch t.Kind {
	case types.Date:
		w.add("DATE '", v.Format("2006-01-02"), "'")
	case types.Time:
		w.add("TIME '", v.Format("15:04:05.999999999"), "'")
	default:
		layout := "2006-01-02 15:04:05"
		if t.Precision > 0 {
			layout += "." + strings.Repeat("0", t.Precision)
		}
		print := func() { w.add("TIMESTAMP '", v.Format(layout), "'") }
		if t.Kind == types.TimestampLTZ {
			w.cast(false, t, print)
			return
		}
		print()
	}
}

func decimalText(unscaled *big.Int, precision, scale int) string {
	s := unscaled.String()
	if n := precision - len(s); n > 0 {
		s = strings.Repeat("0", n) + s
	}
	if scale == 0 {
		return s
	}
	return s[:len(s)-scale] + "." + s[len(s)-scale:]
}

// TypeText is a data type as a script writes it: field names quoted where they
// must be, nullability only where it isn't the default.
func TypeText(t types.Type) string {
	s := t.WithNull(true).String()
	switch t.Kind {
	case types.IntervalYearMonth:
		s = "INTERVAL " + cmp.Or(t.Unit, "YEAR TO MONTH")
	case types.IntervalDayTime:
		s = "INTERVAL " + cmp.Or(t.Unit, "DAY TO SECOND(3)")
	case types.Array, types.Multiset:
		s = t.Kind.String() + "<" + TypeText(t.Elems[0]) + ">"
	case types.Map:
		s = "MAP<" + TypeText(t.Elems[0]) + ", " + TypeText(t.Elems[1]) + ">"
	case types.Row:
		var w printer
		w.add("ROW<")
		w.commaList(len(t.Elems), func(i int) {
			w.name(t.Names[i])
			w.add(" ", TypeText(t.Elems[i]))
		})
		w.add(">")
		s = w.String()
	}
	if !t.Nullable && t.Valid() {
		s += " NOT NULL"
	}
	return s
}

// QuotedNames are names as Flink lists them.
func QuotedNames(names []Name) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = types.Quote(n.Text, '`')
	}
	return strings.Join(out, ", ")
}
