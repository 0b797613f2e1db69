package sql

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"pyfc/compiler/words"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// The grammar of string expressions, loosest first. Comparisons don't chain;
// && and || bind alike, to the left.
//
//	named      = logic [as name | as (name, …)] | logic over window
//	range      = logic [to logic]                  (arguments only)
//	logic      = comparison {(&& | ||) comparison}
//	comparison = term [(=== == = !== != <> < <= > >=) term]
//	term       = product {(+ | -) product}
//	product    = unary {(* | / | %) unary}
//	unary      = {! | - | +} suffixed
//	suffixed   = atom {. name [(range, …)] | .?(range, range)}
//	atom       = literal | name [(range, …)] | (named) | *

var stringComparisons = map[string]string{
	"===": OpEq, "==": OpEq, "=": OpEq, "!==": OpNe, "!=": OpNe, "<>": OpNe,
	"<": OpLt, "<=": OpLe, ">": OpGt, ">=": OpGe,
}

// namedStringExpr takes one expression of the list with its alias.
func (p *parser) namedStringExpr() Expr {
	start := p.tok().start
	x := p.stringLogic()
	if t := p.tok(); p.got("OVER") {
		c, ok := x.(*Call)
		if !ok {
			p.fault(t.start, t.end, "only an aggregate has a window")
			panic(bailout{})
		}
		n := p.name("a window")
		c.OverWord = p.where(t)
		c.Over = &Window{At: At{n.Pos}, Name: n, Named: true}
	}
	if !p.got("AS") {
		return x
	}
	a := &Alias{X: x}
	if p.atOp("(") {
		a.Names = p.names("a name")
	} else {
		a.Names = []Name{p.name("a name")}
	}
	a.At = p.since(start)
	return a
}

// stringHints say what string expressions have in place of SQL's syntax.
var stringHints = map[string]string{
	"and": "string expressions write a && b", "or": "string expressions write a || b",
	"not": "string expressions write !a", "is": "string expressions write a.isNull",
	"in": "string expressions write a.in(1, 2)", "between": "string expressions write a.between(1, 2)",
	"like": "string expressions write a.like('x%')", "?": "string expressions write a.?(b, c)",
	"[": "string expressions write a.at(1)",
}

// stringRange takes an expression, or the column range of withColumns.
func (p *parser) stringRange() Expr {
	start := p.tok().start
	x := p.stringLogic()
	if p.got("TO") {
		y := p.stringLogic()
		return &Call{At: p.since(start), Func: OpRange, Args: []Expr{x, y}}
	}
	return x
}

func (p *parser) stringLogic() Expr {
	p.deeper()
	defer p.shallower()
	return p.leftAssociative(p.stringComparison, map[string]string{"&&": OpAnd, "||": OpOr})
}

func (p *parser) stringComparison() Expr {
	start := p.tok().start
	x := p.stringTerm()
	op := stringComparisons[p.tok().text]
	if op == "" || p.tok().kind != tokOp {
		return x
	}
	p.i++
	y := p.stringTerm()
	return &Call{At: p.since(start), Func: op, Args: []Expr{x, y}}
}

func (p *parser) stringTerm() Expr {
	return p.leftAssociative(p.stringProduct, map[string]string{"+": OpPlus, "-": OpMinus})
}

func (p *parser) stringProduct() Expr {
	return p.leftAssociative(p.stringUnary, map[string]string{"*": OpTimes, "/": OpDiv, "%": OpMod})
}

func (p *parser) leftAssociative(operand func() Expr, ops map[string]string) Expr {
	start := p.tok().start
	x := operand()
	for n := 0; ; n++ {
		p.notLonger(n)
		op := ops[p.tok().text]
		if op == "" || p.tok().kind != tokOp {
			return x
		}
		p.i++
		y := operand()
		x = &Call{At: p.since(start), Func: op, Args: []Expr{x, y}}
	}
}

func (p *parser) stringUnary() Expr {
	op := map[string]string{"!": OpNot, "-": OpMinus, "+": OpPlus}[p.tok().text]
	if op == "" || p.tok().kind != tokOp {
		return p.stringSuffixed()
	}
	p.deeper()
	defer p.shallower()
	start := p.take().start
	x := p.stringUnary()
	return &Call{At: p.since(start), Func: op, Args: []Expr{x}}
}

func (p *parser) stringSuffixed() Expr {
	start := p.tok().start
	x := p.stringAtom()
	for p.gotOp(".") {
		if p.gotOp("?") {
			args := p.stringArgs("")
			if len(args) != 2 {
				p.fault(start, p.tokens[p.i-1].end, ".?( ) takes two values")
				panic(bailout{})
			}
			x = &Case{At: p.since(start), Whens: []When{{Cond: x, Then: args[0]}}, Else: args[1]}
			continue
		}
		x = p.stringMethod(x, start)
	}
	return x
}

// stringMethod takes name[(args)] after x and a point.
func (p *parser) stringMethod(x Expr, start int) Expr {
	n := p.name("a function")
	folded := foldName(n.Text)
	if folded == "cast" && p.gotOp("(") {
		t := p.stringType()
		p.wantOp(")")
		return &Cast{At: p.since(start), X: x, Type: t}
	}
	called := p.atOp("(")
	var args []Expr
	if called {
		args = p.stringArgs(folded)
	}
	p.knownInStrings(n, args)
	at := p.since(start)
	if id, ok := x.(*Ident); ok && folded == "distinct" && called { // count.distinct(a)
		c := named(at.Pos, apiFunction(id.Parts[0].Text), id.Parts[0].Text, args)
		c.Distinct = true
		return c
	}
	return Method(at.Pos, n.Text, append([]Expr{x}, args...)...)
}

// symbolFunctions take bare words, time units and sides, as arguments.
var symbolFunctions = words.Set("floor ceil ceiling extract timestampdiff trim")

// stringHasNot are functions that string expressions don't know, though SQL
// does, with what they have instead.
var stringHasNot = map[string]string{
	"if": "string expressions write (a > 1).?(b, c)", "coalesce": "string expressions write a.isNull.?(b, a)", "ifnull": "string expressions write a.isNull.?(b, a)",
	"date_format": "string expressions write dateFormat(ts, 'yyyy')", "char_length": "string expressions write x.charLength",
}

// knownInStrings reports a function that string expressions don't know.
func (p *parser) knownInStrings(n Name, args []Expr) {
	if hint := stringHasNot[strings.ToLower(n.Text)]; hint != "" {
		p.doubts++
		p.diags.Errorf(diag.UnknownFunction, n.Pos, "undefined function: %s", n.Text).WithHint("%s", hint)
	}
	for _, a := range args {
		if star, ok := a.(*Star); ok && foldName(n.Text) == "count" {
			p.doubts++
			p.diags.Errorf(diag.UnknownColumn, star.Pos, "cannot resolve column \"*\"").WithHint("string expressions write count(a), or count(1)")
		}
	}
}

// stringArgs takes (range, …), the arguments of the function of that folded
// name.
func (p *parser) stringArgs(function string) []Expr {
	p.wantOp("(")
	if p.gotOp(")") {
		return nil
	}
	args := list(p, p.stringRange)
	if !p.gotOp(")") {
		p.unexpected(",", ")", "an operator")
	}
	if symbolFunctions[function] {
		for i, a := range args {
			id, ok := a.(*Ident)
			if ok && (slices.Contains(timestampUnits, id.Parts[0].Text) || slices.Contains(trimSides, id.Parts[0].Text)) {
				args[i] = Text(id.Pos, id.Parts[0].Text)
			}
		}
	}
	return args
}

func (p *parser) stringAtom() Expr {
	t := p.tok()
	switch {
	case t.kind == tokNumber:
		p.i++
		return p.stringNumber(t)
	case t.kind == tokString:
		p.i++
		return Text(p.where(t), t.text)
	case t.kind == tokQuoted:
		p.fault(t.start, t.end, "string expressions don't know back quotes")
		panic(bailout{})
	case p.gotOp("*"):
		return &Star{At: At{p.where(t)}}
	case p.gotOp("("):
		x := p.namedStringExpr()
		if !p.gotOp(")") {
			p.unexpected(")", "an operator")
		}
		return x
	case t.kind == tokIdent:
		return p.stringName()
	}
	p.unexpected("an expression")
	return nil
}

// stringName takes a column, a call, TRUE, FALSE or Null(type).
func (p *parser) stringName() Expr {
	t := p.take()
	folded := foldName(t.text)
	if !p.atOp("(") {
		switch t.upper {
		case "TRUE", "FALSE":
			return Bool(p.where(t), t.upper == "TRUE")
		}
		return Col(p.where(t), t.text)
	}
	switch folded {
	case "null", "nullof":
		p.i++
		typ := p.stringType()
		p.wantOp(")")
		return Null(p.since(t.start).Pos, typ)
	case "cast":
		p.i++
		x := p.stringRange()
		p.wantOp(",")
		typ := p.stringType()
		p.wantOp(")")
		return &Cast{At: p.since(t.start), X: x, Type: typ}
	}
	args := p.stringArgs(folded)
	p.knownInStrings(Name{Text: t.text, Pos: p.where(t)}, args)
	return Method(p.since(t.start).Pos, t.text, args...)
}

// stringNumber makes a literal of a string expression: 1 INT, 3L BIGINT,
// 1.5 and 1e3 and 2d DOUBLE, 1.5f FLOAT, 2.5p DECIMAL.
func (p *parser) stringNumber(t token) Expr {
	pos := p.where(t)
	digits := strings.TrimRight(t.text, "fFdDlLpP")
	suffix := strings.ToLower(t.text[len(digits):])
	switch {
	case suffix == "l" || suffix == "" && isAllDigits(digits):
		v, err := strconv.ParseInt(digits, 10, 64)
		switch {
		case err != nil:
			return p.outOfRange(t)
		case suffix == "l":
			return Integer(pos, types.BigInt, v)
		case v > math.MaxInt32:
			p.report(diag.LiteralRange, t.start, t.end, "the number %s doesn't fit INT", digits).WithHint("write %sL for BIGINT", digits)
		}
		return Integer(pos, types.Int, v)
	case suffix == "p" && !strings.ContainsAny(digits, "eE"):
		return Decimal(pos, digits)
	}
	bits := 64
	if suffix == "f" {
		bits = 32
	}
	v, err := strconv.ParseFloat(digits, bits)
	if err != nil {
		return p.outOfRange(t)
	}
	lit := Double(pos, v)
	if suffix == "f" {
		lit.Type.Kind = types.Float
	}
	return lit
}

// stringTypes are the type names of string expressions.
var stringTypes = map[string]types.Type{
	"BYTE": types.Of(types.TinyInt), "SHORT": types.Of(types.SmallInt), "INT": types.Of(types.Int),
	"LONG": types.Of(types.BigInt), "FLOAT": types.Of(types.Float), "DOUBLE": types.Of(types.Double),
	"DECIMAL": types.NewDecimal(38, 18), "BOOLEAN": types.Of(types.Boolean), "STRING": types.String(),
	"SQL_DATE": types.Of(types.Date), "SQL_TIME": types.Of(types.Time),
	"SQL_TIMESTAMP":   apiConversions["totimestamp"],
	"INTERVAL_MONTHS": types.Of(types.IntervalYearMonth), "INTERVAL_MILLIS": types.Of(types.IntervalDayTime),
}

// sqlTypeHints are the SQL names that scripts try, with what to write.
var sqlTypeHints = map[string]string{
	"TINYINT": "BYTE", "SMALLINT": "SHORT", "INTEGER": "INT", "BIGINT": "LONG", "VARCHAR": "STRING", "CHAR": "STRING",
	"DATE": "SQL_DATE", "TIME": "SQL_TIME", "TIMESTAMP": "SQL_TIMESTAMP",
}

func (p *parser) stringType() types.Type {
	t := p.tok()
	if t.kind != tokIdent {
		p.unexpected("a type")
	}
	p.i++
	if typ, ok := stringTypes[t.upper]; ok {
		return typ
	}
	d := p.report(diag.UnknownType, t.start, t.end, "no type of string expressions is called %s", t.text)
	near := sqlTypeHints[t.upper]
	if near == "" {
		near = diag.Nearest(t.upper, stringTypeNames())
	}
	if near != "" {
		d.WithHint("did you mean %s?", near)
	}
	if p.atOp("(") {
		p.skipBrackets()
	}
	return types.Type{}
}

func stringTypeNames() []string {
	names := make([]string, 0, len(stringTypes))
	for n := range stringTypes {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
