package sql

import (
	"slices"
	"strings"

	"pyfc/compiler/words"
	"pyfc/ir/types"
)

// What the catalog shows of expressions and queries is text of Calcite's: names
// in quotes, brackets where precedence asks for them alone, and a clause a
// line. What it looks like was asked of PyFlink 1.20.1.

// QuotedExpr renders an expression as Flink shows what a table declares.
func QuotedExpr(x Expr) string {
	w := printer{calcite: true}
	w.expr(x)
	return w.String()
}

// QuotedQuery renders a query as Flink shows that of a view. Names whose first
// part is in whole print as that says.
func QuotedQuery(q Query, whole map[*Name][]string) string {
	w := printer{calcite: true, whole: whole}
	w.query(q)
	return w.String()
}

// gap ends a clause: the next one stands on a line of its own.
func (w *printer) gap() {
	if w.calcite {
		w.add("\n")
		return
	}
	w.add(" ")
}

// standardFunctions are the functions of Calcite's own, which stand without
// quotes.
var standardFunctions = words.Set(`CHAR_LENGTH CHARACTER_LENGTH LOWER UPPER REPLACE TRIM INITCAP SUBSTRING POSITION OVERLAY ASCII
	ABS ROUND FLOOR CEIL CEILING POWER LN LOG10 EXP MOD SQRT CBRT TRUNCATE SIGN PI RAND RAND_INTEGER DEGREES RADIANS
	ACOS ASIN ATAN ATAN2 COS COT SIN TAN NULLIF COALESCE CARDINALITY ELEMENT ROW
	YEAR QUARTER MONTH WEEK DAYOFYEAR DAYOFMONTH DAYOFWEEK HOUR MINUTE SECOND EXTRACT TIMESTAMPADD TIMESTAMPDIFF
	CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP
	JSON_VALUE JSON_QUERY JSON_EXISTS JSON_OBJECT JSON_ARRAY JSON_OBJECTAGG JSON_ARRAYAGG
	COUNT SUM AVG MIN MAX STDDEV STDDEV_POP STDDEV_SAMP VAR_POP VAR_SAMP VARIANCE FIRST_VALUE LAST_VALUE NTH_VALUE LAG LEAD NTILE
	RANK DENSE_RANK ROW_NUMBER PERCENT_RANK CUME_DIST COLLECT LISTAGG ARRAY_AGG GROUPING GROUPING_ID GROUP_ID DESCRIPTOR
	TUMBLE HOP CUMULATE SESSION TUMBLE_START TUMBLE_END TUMBLE_ROWTIME TUMBLE_PROCTIME HOP_START HOP_END HOP_ROWTIME HOP_PROCTIME
	SESSION_START SESSION_END SESSION_ROWTIME SESSION_PROCTIME`)

// precedence is how tightly an operator binds its operands; a call that none can
// bind into is leaf.
func precedence(fn string) int {
	const leaf = 100
	switch fn {
	case OpOr:
		return precOr
	case OpAnd:
		return precAnd
	case OpNot:
		return precNot
	case OpBetween, OpBetweenSymmetric, OpIn, OpLike, OpILike, OpRLike, OpSimilar:
		return precRange
	case OpIsDistinct, OpIsNotDistinct:
		return precSum
	}
	switch prec, binary := binaryPrec[fn]; {
	case binary:
		return prec
	case quantified[fn]:
		return precRange
	case strings.HasPrefix(fn, "IS "):
		return precIs
	}
	return leaf
}

// within prints an operand of an operator that binds as tightly as least.
func (w *printer) within(x Expr, least int) {
	c, ok := x.(*Call)
	if !ok {
		w.expr(x)
		return
	}
	prec := precedence(c.Func)
	if (c.Func == OpMinus || c.Func == OpPlus) && len(c.Args) == 1 {
		prec = precSign
	}
	if prec >= least {
		w.expr(x)
		return
	}
	w.add("(")
	w.expr(x)
	w.add(")")
}

// calciteCall prints the operators that Calcite prints otherwise; it reports
// whether c is one.
func (w *printer) calciteCall(c *Call) bool {
	prec := precedence(c.Func)
	first := func() { w.within(c.Args[0], prec) }
	switch {
	case (c.Func == OpMinus || c.Func == OpPlus) && len(c.Args) == 1:
		if _, number := c.Args[0].(*Literal); number && c.Func == OpMinus {
			w.add("-")
			w.expr(c.Args[0])
			return true
		}
		w.add(c.Func, " ")
		w.within(c.Args[0], precSign)
	case c.Func == OpNot:
		w.negation(c)
	case c.Func == OpBetween || c.Func == OpBetweenSymmetric:
		w.between(c, "")
	case c.Func == OpIn:
		w.in(c, "")
	case c.Func == OpLike || c.Func == OpILike || c.Func == OpRLike || c.Func == OpSimilar:
		w.like(c, "")
	case quantified[c.Func]:
		first()
		w.add(" ", c.Func, " ")
		w.bracketed(c.Args[1:])
	case c.Func == OpIsJSON:
		w.isJSON(c, "")
	case binaryPrec[c.Func] > 0 || c.Func == OpAnd || c.Func == OpOr || c.Func == OpIsDistinct || c.Func == OpIsNotDistinct:
		for i, a := range c.Args {
			if i == 0 {
				first()
				continue
			}
			w.add(" ", c.Func, " ")
			w.within(a, prec+1)
		}
	case strings.HasPrefix(c.Func, "IS "):
		first()
		w.add(" ", c.Func)
	case c.Func == "TRIM" && len(c.Args) == 1:
		w.add("TRIM(BOTH ' ' FROM ")
		w.expr(c.Args[0])
		w.add(")")
	case c.Func == "SUBSTRING" && len(c.Args) > 1:
		w.add("SUBSTRING(")
		w.expr(c.Args[0])
		w.optional(" FROM ", c.Args[1], "")
		if len(c.Args) > 2 {
			w.optional(" FOR ", c.Args[2], "")
		}
		w.add(")")
	case c.Func == "PROCTIME" && w.whole == nil: // in a view it is quoted
		w.add("PROCTIME()")
	default:
		return false
	}
	return true
}

// negation prints NOT x, or x NOT LIKE y and its kind, which the parser makes the
// same: then both stand at one place.
func (w *printer) negation(c *Call) {
	inner, ok := c.Args[0].(*Call)
	if ok && inner.Pos == c.Pos {
		switch inner.Func {
		case OpBetween, OpBetweenSymmetric:
			w.between(inner, "NOT ")
			return
		case OpIn:
			w.in(inner, "NOT ")
			return
		case OpLike, OpILike, OpRLike, OpSimilar:
			w.like(inner, "NOT ")
			return
		case OpIsJSON:
			w.isJSON(inner, "NOT ")
			return
		}
	}
	w.add("NOT ")
	w.within(c.Args[0], precNot)
}

func (w *printer) between(c *Call, not string) {
	symmetry := " ASYMMETRIC "
	if c.Func == OpBetweenSymmetric {
		symmetry = " SYMMETRIC "
	}
	w.within(c.Args[0], precRange)
	w.add(" ", not, "BETWEEN", symmetry)
	w.within(c.Args[1], precRange+1)
	w.add(" AND ")
	w.within(c.Args[2], precRange+1)
}

func (w *printer) in(c *Call, not string) {
	w.within(c.Args[0], precRange)
	w.add(" ", not, "IN ")
	w.bracketed(c.Args[1:])
}

func (w *printer) like(c *Call, not string) {
	w.within(c.Args[0], precRange)
	w.add(" ", not, c.Func, " ")
	w.within(c.Args[1], precRange+1)
	if len(c.Args) > 2 {
		w.add(" ESCAPE ")
		w.within(c.Args[2], precRange+1)
	}
}

func (w *printer) isJSON(c *Call, not string) {
	kind := "VALUE"
	if len(c.Args) > 1 {
		kind = jsonWord(c, 1)
	}
	w.within(c.Args[0], precIs)
	w.add(" IS ", not, "JSON ", kind)
}

// calciteType is a type of a CAST.
func calciteType(t types.Type) string {
	switch t.Kind {
	case types.Int:
		return "INTEGER"
	case types.Array, types.Multiset:
		return t.Kind.String() + "< " + calciteElement(t.Elems[0]) + " >"
	case types.Map:
		return "MAP< " + calciteElement(t.Elems[0]) + ", " + calciteElement(t.Elems[1]) + " >"
	case types.Row:
		fields := make([]string, len(t.Elems))
		for i, e := range t.Elems {
			fields[i] = types.Quote(t.Names[i], '`') + " " + calciteElement(e)
		}
		return "ROW< " + strings.Join(fields, ", ") + " >"
	case types.Timestamp, types.TimestampLTZ:
		return strings.TrimSuffix(TypeText(t.WithNull(true)), "(6)") // what it is where no precision is written
	}
	return TypeText(t.WithNull(true))
}

func calciteElement(t types.Type) string {
	if text := calciteType(t); t.Nullable {
		return text
	}
	return calciteType(t) + " NOT NULL"
}

// calciteOrdered prints a query with ORDER BY and its limits.
func (w *printer) calciteOrdered(q *Ordered) {
	w.bare(q.Query)
	w.orderBy("\n", q.OrderBy)
	w.optional("\nOFFSET ", q.Offset, " ROWS")
	w.optional("\nFETCH NEXT ", q.Limit, " ROWS ONLY")
}

// calciteSetOp prints a set operation; its right operand has brackets where it is
// one that binds no more tightly.
func (w *printer) calciteSetOp(q *SetOp) {
	power := func(op SetOperator) int {
		if op == Intersect {
			return precIntersect
		}
		return precUnion
	}
	side := func(in Query, least int) {
		if s, ok := in.(*SetOp); ok && power(s.Op) >= least {
			w.query(in)
			return
		}
		w.term(in)
	}
	side(q.Left, power(q.Op))
	w.add("\n", q.Op.String())
	w.flag(q.All, " ALL")
	w.add("\n")
	side(q.Right, power(q.Op)+1)
}

// ascii reports whether a string needs no character set before it.
func ascii(s string) bool {
	return !slices.ContainsFunc([]byte(s), func(b byte) bool { return b >= 0x80 })
}
