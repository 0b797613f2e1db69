package sql

import (
	"math"
	"strings"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Binding powers of SQL's operators, as in Flink's parser: || binds like *,
// and IS less than a comparison.
const (
	precOr         = 22
	precAnd        = 24
	precNot        = 26
	precIs         = 28
	precComparison = 30
	precRange      = 32 // BETWEEN, IN, LIKE, SIMILAR TO
	precSum        = 40
	precProduct    = 60
	precSign       = 80
)

var binaryPrec = map[string]int{
	"OR": precOr, "AND": precAnd,
	"=": precComparison, "<>": precComparison, "<": precComparison, "<=": precComparison,
	">": precComparison, ">=": precComparison,
	"+": precSum, "-": precSum, "*": precProduct, "/": precProduct, "%": precProduct, "||": precProduct,
}

// expr takes an expression.
func (p *parser) expr() Expr { return p.exprAbove(0) }

// exprAbove takes an expression whose operators all bind tighter than prec.
func (p *parser) exprAbove(prec int) Expr {
	p.deeper()
	defer p.shallower()
	start := p.tok().start
	x := p.prefix()
	for n := 0; ; n++ {
		p.notLonger(n)
		t := p.tok()
		if t.kind == tokOp && t.text == "!=" {
			p.fault(t.start, t.end, "!= is no operator of Flink SQL").WithHint("write <>")
			panic(bailout{})
		}
		op := t.text
		if t.kind == tokIdent {
			op = t.upper
		}
		power, binary := binaryPrec[op]
		if binary && (t.kind == tokOp || t.kind == tokIdent) {
			if power <= prec {
				return x
			}
			p.i++
			y := p.exprAbove(power)
			x = &Call{At: p.since(start), Func: op, Args: []Expr{x, y}}
			continue
		}
		y := p.postfixWords(x, start, prec)
		if y == nil {
			return x
		}
		x = y
	}
}

// minBigInt is a literal only behind a minus.
const minBigInt = "9223372036854775808"

// prefix takes an operand with the signs or NOT before it.
func (p *parser) prefix() Expr {
	start := p.tok().start
	switch {
	case p.got("NOT"):
		return &Call{Func: OpNot, Args: []Expr{p.exprAbove(precNot)}, At: p.since(start)}
	case p.atOp("-"), p.atOp("+"):
		op := p.take().text
		if t := p.tok(); op == "-" && t.text == minBigInt {
			p.i++
			return Integer(p.since(start).Pos, types.BigInt, math.MinInt64)
		}
		return &Call{Func: op, Args: []Expr{p.exprAbove(precSign)}, At: p.since(start)}
	}
	return p.operand()
}

// postfixWords takes IS …, [NOT] BETWEEN, IN, LIKE or SIMILAR TO after x, or
// returns nil.
func (p *parser) postfixWords(x Expr, start, prec int) Expr {
	if p.atWords("IS") {
		if precIs <= prec {
			return nil
		}
		p.i++
		return p.isTest(x, start)
	}
	negated := 0
	if p.atWords("NOT") {
		negated = 1
	}
	word := p.ahead(negated).upper
	switch word {
	case "BETWEEN", "IN", "LIKE", "SIMILAR":
	default:
		return nil
	}
	if precRange <= prec {
		return nil
	}
	p.i += negated + 1
	var call *Call
	switch word {
	case "BETWEEN":
		call = p.between(x)
	case "IN":
		call = p.in(x)
	case "SIMILAR":
		p.want("TO")
		call = p.like(OpSimilar, x)
	default:
		call = p.like(OpLike, x)
	}
	call.At = p.since(start)
	if negated == 0 {
		return call
	}
	return &Call{At: call.At, Func: OpNot, Args: []Expr{call}}
}

func (p *parser) between(x Expr) *Call {
	op := OpBetween
	if p.got("SYMMETRIC") {
		op = OpBetweenSymmetric
	} else {
		p.got("ASYMMETRIC")
	}
	low := p.exprAbove(precRange)
	p.want("AND")
	return &Call{Func: op, Args: []Expr{x, low, p.exprAbove(precRange)}}
}

func (p *parser) in(x Expr) *Call {
	p.wantOp("(")
	if p.atQuery() {
		p.plannedHere("IN (subquery)")
	}
	args := append([]Expr{x}, list(p, p.expr)...)
	p.wantOp(")")
	return &Call{Func: OpIn, Args: args}
}

func (p *parser) like(op string, x Expr) *Call {
	args := []Expr{x, p.exprAbove(precRange)}
	if p.got("ESCAPE") {
		args = append(args, p.exprAbove(precRange))
	}
	return &Call{Func: op, Args: args}
}

// isTest takes what follows IS.
func (p *parser) isTest(x Expr, start int) Expr {
	op := "IS "
	if p.got("NOT") {
		op = "IS NOT "
	}
	args := []Expr{x}
	switch {
	case p.got("DISTINCT"):
		p.want("FROM")
		op += "DISTINCT FROM"
		args = append(args, p.exprAbove(precComparison))
	case p.got("JSON"):
		c := &Call{Func: OpIsJSON, Args: p.jsonKind(x)}
		c.At = p.since(start)
		if op == "IS NOT " {
			return &Call{At: c.At, Func: OpNot, Args: []Expr{c}}
		}
		return c
	default:
		w := p.gotWord("NULL", "TRUE", "FALSE", "UNKNOWN")
		if w == "" {
			p.unexpected("NULL", "TRUE", "FALSE", "UNKNOWN", "DISTINCT FROM")
		}
		op += w
	}
	return &Call{At: p.since(start), Func: op, Args: args}
}

// operand takes a literal, column, call or bracket, with [index] and .field
// after it.
func (p *parser) operand() Expr {
	start := p.tok().start
	x := p.primary()
	for {
		switch {
		case p.gotOp("["):
			index := p.expr()
			p.wantOp("]")
			x = &Call{At: p.since(start), Func: OpItem, Args: []Expr{x, index}}
		case p.atOp("."):
			p.i++
			n := p.name("a field")
			x = &Call{At: p.since(start), Func: OpField, Args: []Expr{x, Text(n.Pos, n.Text)}}
		default:
			return x
		}
	}
}

func (p *parser) primary() Expr {
	t := p.tok()
	switch t.kind {
	case tokNumber:
		p.i++
		return p.number(t)
	case tokString:
		return p.textLiteral()
	case tokBinary:
		p.i++
		return Bytes(p.where(t), t.text)
	case tokOp:
		if t.text == "(" {
			return p.bracket()
		}
	case tokQuoted:
		return p.identOrCall()
	case tokIdent:
		if f := keywordOperands[t.upper]; f != nil {
			if x := f(p); x != nil {
				return x
			}
		}
		if niladic[t.upper] && !(p.ahead(1).kind == tokOp && p.ahead(1).text == "(") {
			p.i++
			return &Call{At: At{p.where(t)}, Func: t.upper, Written: t.text}
		}
		if !reserved[t.upper] || callable[t.upper] && p.ahead(1).text == "(" {
			return p.identOrCall()
		}
	}
	p.refuse("an expression")
	return nil
}

// keywordOperands are the operands with a syntax of their own, by first word.
// A function returns nil, having taken nothing, where the word is a plain name.
var keywordOperands map[string]func(p *parser) Expr

func init() { // not a composite literal: the functions refer to the map
	keywordOperands = map[string]func(p *parser) Expr{
		"NULL":          func(p *parser) Expr { return Null(p.where(p.take()), types.Of(types.Null)) },
		"TRUE":          func(p *parser) Expr { return Bool(p.where(p.take()), true) },
		"FALSE":         func(p *parser) Expr { return Bool(p.where(p.take()), false) },
		"UNKNOWN":       func(p *parser) Expr { return Null(p.where(p.take()), types.Of(types.Boolean)) },
		"DATE":          (*parser).datetime,
		"TIME":          (*parser).datetime,
		"TIMESTAMP":     (*parser).datetime,
		"INTERVAL":      (*parser).interval,
		"CASE":          (*parser).caseExpr,
		"CAST":          (*parser).cast,
		"TRY_CAST":      (*parser).cast,
		"ROW":           (*parser).row,
		"ARRAY":         (*parser).array,
		"MAP":           (*parser).array,
		"MULTISET":      func(p *parser) Expr { p.plannedHere("MULTISET"); return nil },
		"EXISTS":        func(p *parser) Expr { p.plannedHere("EXISTS"); return nil },
		"EXTRACT":       (*parser).extract,
		"FLOOR":         (*parser).floorTo,
		"CEIL":          (*parser).floorTo,
		"CEILING":       (*parser).floorTo,
		"TRIM":          (*parser).trim,
		"SUBSTRING":     (*parser).substring,
		"POSITION":      (*parser).position,
		"OVERLAY":       (*parser).overlay,
		"TIMESTAMPADD":  (*parser).timestampCall,
		"TIMESTAMPDIFF": (*parser).timestampCall,
	}
	for _, name := range jsonCalls {
		keywordOperands[name] = (*parser).jsonCall
	}
}

// textLiteral takes a string and its continuations on following lines.
func (p *parser) textLiteral() Expr {
	t := p.take()
	p.known(t)
	text, end := t.text, t.end
	for p.tok().kind == tokString {
		next := p.tok()
		if !strings.ContainsAny(p.text[end:next.start], "\n\r") {
			p.fault(next.start, next.end, "a string is continued on the same line").
				WithHint("a quote inside a string is written twice")
			panic(bailout{})
		}
		p.i++
		p.known(next)
		text, end = text+next.text, next.end
	}
	return Text(p.pos(t.start, end), text)
}

// bracket takes (expression), or the row (a, b).
func (p *parser) bracket() Expr {
	start := p.take().start
	if p.atQuery() {
		p.plannedHere("subquery")
	}
	items := list(p, p.expr)
	p.wantOp(")")
	if len(items) == 1 {
		return items[0]
	}
	if len(items) == 2 && p.got("OVERLAPS") {
		p.wantOp("(")
		items = append(items, list(p, p.expr)...)
		p.wantOp(")")
		return &Call{At: p.since(start), Func: "OVERLAPS", Written: "OVERLAPS", Args: items}
	}
	return &Call{At: p.since(start), Func: OpRow, Args: items}
}

// identOrCall takes a.b.c, t.* or a call of a function by its path.
func (p *parser) identOrCall() Expr {
	t := p.take()
	parts := []Name{{Text: t.text, Pos: p.where(t)}}
	for p.atOp(".") {
		p.i++
		if p.atOp("*") {
			p.i++
			return &Star{At: p.since(t.start), Table: parts}
		}
		parts = append(parts, p.name("a name"))
	}
	if !p.atOp("(") {
		return &Ident{At: p.since(t.start), Parts: parts}
	}
	n := len(parts) - 1
	c := &Call{Func: strings.ToUpper(parts[n].Text), Written: parts[n].Text}
	if n > 0 {
		c.Path = parts[:n:n]
	}
	return p.call(c, t.start)
}

// call takes the arguments of c, whose name began at start, and what may
// follow them.
func (p *parser) call(c *Call, start int) Expr {
	p.wantOp("(")
	if p.got("DISTINCT") {
		c.Distinct = true
	} else {
		p.got("ALL")
	}
	switch {
	case p.atOp("*"):
		c.Args = []Expr{&Star{At: At{p.where(p.take())}}}
	case !p.atOp(")"):
		if p.atQuery() {
			p.plannedHere("subquery")
		}
		c.Args = list(p, p.expr)
	}
	if !p.gotOp(")") {
		p.unexpected(",", ")")
	}
	c.At = p.since(start)
	if groupWindows[c.Func] {
		p.planned(start, p.tokens[p.i-1].end, c.Func)
	}
	p.afterCall(c)
	c.At = p.since(start)
	return c
}

// afterCall takes FILTER (WHERE …), and OVER and its like, which are planned.
func (p *parser) afterCall(c *Call) {
	if p.atWords("WITHIN", "GROUP") {
		p.plannedHere("WITHIN GROUP")
	}
	if w := p.tok().upper; (w == "RESPECT" || w == "IGNORE") && p.ahead(1).upper == "NULLS" {
		p.plannedHere(w + " NULLS")
	}
	if p.atWords("FILTER") && p.ahead(1).text == "(" {
		p.i += 2
		p.want("WHERE")
		c.Filter = p.expr()
		p.wantOp(")")
	}
	if p.atWords("OVER") {
		over := p.take()
		p.planned(over.start, over.end, "OVER")
		if p.atOp("(") {
			p.skipBrackets()
		} else {
			p.name("a window")
		}
	}
}

func (p *parser) caseExpr() Expr {
	start := p.take().start
	c := &Case{}
	if !p.atWords("WHEN") {
		c.Operand = p.expr()
	}
	for p.got("WHEN") {
		cond := p.expr()
		if p.atOp(",") {
			p.plannedHere("CASE … WHEN a, b")
		}
		p.want("THEN")
		c.Whens = append(c.Whens, When{cond, p.expr()})
	}
	if len(c.Whens) == 0 {
		p.unexpected("WHEN")
	}
	if p.got("ELSE") {
		c.Else = p.expr()
	}
	if !p.got("END") {
		p.unexpected("WHEN", "ELSE", "END")
	}
	c.At = p.since(start)
	return c
}

// cast takes CAST(x AS type) and TRY_CAST.
func (p *parser) cast() Expr {
	if p.ahead(1).text != "(" {
		return nil
	}
	t := p.take()
	c := &Cast{Try: t.upper == "TRY_CAST"}
	p.wantOp("(")
	c.X = p.expr()
	p.want("AS")
	c.Type = p.dataType(false)
	p.wantOp(")")
	c.At = p.since(t.start)
	return c
}

// row takes ROW(a, …).
func (p *parser) row() Expr {
	start := p.take().start
	p.wantOp("(")
	c := &Call{Func: OpRow}
	if !p.atOp(")") {
		c.Args = list(p, p.expr)
	}
	p.wantOp(")")
	c.At = p.since(start)
	return c
}

// array takes ARRAY[…] and MAP[…]; MAP is a plain name elsewhere.
func (p *parser) array() Expr {
	if p.ahead(1).text != "[" {
		if p.ahead(1).text == "(" && p.ahead(2).upper == "SELECT" {
			p.plannedHere(p.tok().upper + " (subquery)")
		}
		return nil
	}
	t := p.take()
	c := &Call{Func: t.upper}
	p.wantOp("[")
	if !p.atOp("]") {
		c.Args = list(p, p.expr)
	}
	p.wantOp("]")
	c.At = p.since(t.start)
	return c
}

// symbol takes a bare word, such as a time unit, as the literal that functions
// get for it.
func (p *parser) symbol(what string, words ...string) Expr {
	t := p.tok()
	for _, w := range words {
		if p.got(w) {
			return Text(p.where(t), w)
		}
	}
	p.report(diag.SQLSyntax, t.start, t.end, "expected %s, found %s", what, t.describe()).
		WithHint("one of %s", strings.Join(words, ", "))
	panic(bailout{})
}
