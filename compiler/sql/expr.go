package sql

import (
	"math"
	"slices"
	"strings"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Binding powers of SQL's operators, as in Flink's parser: || binds like *,
// and IS less than a comparison.
const (
	precMultiset          = 14
	precMultisetIntersect = 16

	precOr         = 22
	precAnd        = 24
	precNot        = 26
	precIs         = 28
	precComparison = 30
	precRange      = 32 // BETWEEN, IN, = SOME
	precLike       = 33 // LIKE, SIMILAR TO; their right operand may be a BETWEEN or IN
	precSum        = 40
	precProduct    = 60
	precSign       = 80
)

var binaryPrec = map[string]int{
	"=": precComparison, "<>": precComparison, "<": precComparison, "<=": precComparison,
	">": precComparison, ">=": precComparison,
	"+": precSum, "-": precSum, "*": precProduct, "/": precProduct, "%": precProduct, "||": precProduct,
}

// expr takes an expression.
func (p *parser) expr() Expr { return p.exprAbove(0) }

// plainExpr takes an expression that may not be a query in brackets.
func (p *parser) plainExpr() Expr {
	t := p.tok()
	x := p.expr()
	if _, ok := x.(*Subquery); ok {
		p.fault(t.start, p.tokens[p.i-1].end, "a query can't stand here")
		panic(bailout{})
	}
	return x
}

// exprAbove takes an expression whose operators all bind tighter than prec.
func (p *parser) exprAbove(prec int) Expr {
	p.deeper()
	defer p.shallower()
	start := p.tok().start
	x := p.prefix()
	for n := 0; ; n++ {
		p.notLonger(n)
		op := p.binaryOperator()
		w := p.ahead(op.words)
		quantified := op.prec == precComparison && (w.upper == "SOME" || w.upper == "ANY" || w.upper == "ALL") &&
			p.ahead(op.words+1).text == "("
		if quantified {
			op.prec = precRange
		}
		if op.text == "" {
			y := p.postfixWords(x, start, prec)
			if y == nil {
				return x
			}
			x = y
			continue
		}
		if op.prec <= prec {
			return x
		}
		p.i += op.words
		if quantified {
			x = p.quantified(x, op.text, start)
			continue
		}
		y := p.exprAbove(op.prec)
		x = p.binary(op, x, y, start)
	}
}

// binary is x op y; NOT SUBMULTISET OF is an OpNot around it. OVERLAPS of two
// pairs is a function of four.
func (p *parser) binary(op binaryOperator, x, y Expr, start int) Expr {
	if a, b := pairOf(x), pairOf(y); op.text == opOverlaps && a != nil && b != nil {
		return &Call{At: p.since(start), Func: opOverlaps, Written: opOverlaps, Args: slices.Concat(a, b)}
	}
	call := &Call{At: p.since(start), Func: op.text, Args: []Expr{x, y}}
	if op.negated {
		return &Call{At: call.At, Func: OpNot, Args: []Expr{call}}
	}
	return call
}

const opOverlaps = "OVERLAPS"

// pairOf are the values of a row of two; nil for anything else.
func pairOf(x Expr) []Expr {
	if c, ok := x.(*Call); ok && c.Func == OpRow && c.Written == "" && len(c.Args) == 2 {
		return c.Args
	}
	return nil
}

// quantified takes op SOME (…), op ANY (…) or op ALL (…) after x.
func (p *parser) quantified(x Expr, op string, start int) Expr {
	word := p.take().upper
	if word == "ANY" {
		word = "SOME"
	}
	args := append([]Expr{x}, p.queryOrList()...)
	return &Call{At: p.since(start), Func: op + " " + word, Args: args}
}

// queryOrList takes (query), or (expressions).
func (p *parser) queryOrList() []Expr {
	start := p.tok().start
	p.wantOp("(")
	if p.atQuery() {
		p.defaults = false
		q := p.query()
		if !p.gotOp(")") {
			p.unexpected(p.inner()...)
		}
		return []Expr{&Subquery{At: p.since(start), Query: q}}
	}
	element := p.expr
	if p.defaults {
		element = p.defaultOr
	}
	p.defaults = false
	args := list(p, element)
	switch len(args) {
	case 0: // all had faults
		args = []Expr{Null(p.at(start), types.Of(types.Null))}
	case 1:
		args[0] = p.continueQuery(args[0], start)
	}
	p.wantOp(")")
	return args
}

// continueQuery takes the set operators, ORDER BY and LIMIT behind a query in
// brackets, which was parsed as an expression.
func (p *parser) continueQuery(x Expr, start int) Expr {
	sub, ok := x.(*Subquery)
	if !ok {
		return x
	}
	q := p.ordered(p.setOperators(sub.Query, start, 0), start)
	if q == sub.Query {
		return x
	}
	return &Subquery{At: p.since(start), Query: q}
}

// defaultOr takes DEFAULT, or an expression.
func (p *parser) defaultOr() Expr {
	if t := p.tok(); p.got("DEFAULT") {
		return &Default{At{p.where(t)}}
	}
	return p.expr()
}

// binaryOperator is an operator between two operands; an empty text is none.
type binaryOperator struct {
	text    string
	prec    int
	words   int // tokens that it takes
	negated bool
}

// binaryOperator is what the next tokens are.
func (p *parser) binaryOperator() binaryOperator {
	t := p.tok()
	switch t.kind {
	case tokOp:
		if t.text == "!=" {
			p.fault(t.start, t.end, "!= is no operator of Flink SQL").WithHint("write <>")
			panic(bailout{})
		}
		if prec, ok := binaryPrec[t.text]; ok {
			return binaryOperator{text: t.text, prec: prec, words: 1}
		}
	case tokIdent:
		if t.upper == "MULTISET" {
			return p.multisetOperator()
		}
		negated := 0
		if t.upper == "NOT" {
			negated = 1
		}
		for _, op := range wordOperators {
			if p.wordsAhead(negated, op.words...) && (negated == 0 || op.negatable) {
				return binaryOperator{op.text, op.prec, negated + len(op.words), negated > 0}
			}
		}
	}
	return binaryOperator{}
}

// wordOperators are the operators that are words.
var wordOperators = []struct {
	words     []string
	text      string
	prec      int
	negatable bool
}{
	{[]string{"OR"}, OpOr, precOr, false},
	{[]string{"AND"}, OpAnd, precAnd, false},
	{[]string{"MEMBER", "OF"}, OpMemberOf, precComparison, false},
	{[]string{"SUBMULTISET", "OF"}, OpSubmultisetOf, precComparison, true},
	{[]string{"CONTAINS"}, "CONTAINS", precComparison, false},
	{[]string{opOverlaps}, opOverlaps, precComparison, false},
	{[]string{"EQUALS"}, "EQUALS", precComparison, false},
	{[]string{"PRECEDES"}, "PRECEDES", precComparison, false},
	{[]string{"SUCCEEDS"}, "SUCCEEDS", precComparison, false},
	{[]string{"IMMEDIATELY", "PRECEDES"}, "IMMEDIATELY PRECEDES", precComparison, false},
	{[]string{"IMMEDIATELY", "SUCCEEDS"}, "IMMEDIATELY SUCCEEDS", precComparison, false},
}

// wordsAhead reports whether the tokens after the next n are these keywords.
func (p *parser) wordsAhead(n int, words ...string) bool {
	for i, w := range words {
		if p.ahead(n+i).upper != w {
			return false
		}
	}
	return true
}

// multisetOperator is MULTISET UNION, EXCEPT or INTERSECT [ALL | DISTINCT].
func (p *parser) multisetOperator() binaryOperator {
	prec := precMultiset
	var op string
	switch p.ahead(1).upper {
	case "UNION":
		op = OpMultisetUnion
	case "EXCEPT":
		op = OpMultisetExcept
	case "INTERSECT":
		op, prec = OpMultisetIntersect, precMultisetIntersect
	default:
		return binaryOperator{}
	}
	switch p.ahead(2).upper {
	case "ALL":
		return binaryOperator{text: op + " ALL", prec: prec, words: 3}
	case "DISTINCT":
		return binaryOperator{text: op + " DISTINCT", prec: prec, words: 3}
	}
	return binaryOperator{text: op + " ALL", prec: prec, words: 2}
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
	case "BETWEEN", "IN", "LIKE", "ILIKE", "RLIKE", "SIMILAR":
	default:
		if p.atWords("FORMAT", "JSON") && precIs > prec {
			return p.formatJSON(x, start)
		}
		return nil
	}
	power := precLike
	if word == "BETWEEN" || word == "IN" {
		power = precRange
	}
	if power <= prec {
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
		call = p.like(word, x)
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
	start := p.tok().start
	low := p.exprAbove(precAnd)
	for o := p.binaryOperator(); o.text != "" && o.prec < precAnd; o = p.binaryOperator() { // all up to AND
		p.i += o.words
		low = p.binary(o, low, p.exprAbove(precAnd), start)
	}
	p.want("AND")
	return &Call{Func: op, Args: []Expr{x, low, p.exprAbove(precRange)}}
}

func (p *parser) in(x Expr) *Call {
	return &Call{Func: OpIn, Args: append([]Expr{x}, p.queryOrList()...)}
}

// formatJSON takes FORMAT JSON [ENCODING …] after x.
func (p *parser) formatJSON(x Expr, start int) Expr {
	p.i += 2
	if p.got("ENCODING") && p.gotWord("UTF8", "UTF16", "UTF32") == "" {
		p.unexpected("UTF8", "UTF16", "UTF32")
	}
	return &Call{At: p.since(start), Func: OpFormatJSON, Args: []Expr{x}}
}

func (p *parser) like(op string, x Expr) *Call {
	args := []Expr{x, p.exprAbove(precRange - 1)}
	if p.got("ESCAPE") {
		args = append(args, p.exprAbove(precRange-1))
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
		x = &Call{At: p.since(start), Func: OpIsJSON, Args: p.jsonKind(x)}
		x.(*Call).At = p.since(start)
		if op == "IS NOT " {
			x = &Call{At: p.since(start), Func: OpNot, Args: []Expr{x}}
		}
		return x
	case p.got("A"):
		p.want("SET")
		op += "A SET"
	default:
		w := p.gotWord("NULL", "TRUE", "FALSE", "UNKNOWN", "EMPTY")
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
	indexed := false
	for {
		switch {
		case p.gotOp("["):
			index := p.expr()
			p.wantOp("]")
			indexed = true
			x = &Call{At: p.since(start), Func: OpItem, Args: []Expr{x, index}}
		case p.atOp("."):
			p.i++
			at := p.tok().start
			n := p.name("a field")
			field := Expr(Text(n.Pos, n.Text))
			if p.atOp("(") && !indexed {
				field = p.call(newCall(n, nil), at)
			}
			x = &Call{At: p.since(start), Func: OpField, Args: []Expr{x, field}}
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
		return p.binaryLiteral()
	case tokOp:
		switch t.text {
		case "(":
			return p.bracket()
		case "?":
			p.i++
			return &Param{At{p.where(t)}}
		case "{":
			return p.braces()
		}
	case tokQuoted:
		return p.identOrCall()
	case tokIdent:
		if f := keywordOperands[t.upper]; f != nil {
			if x := f(p); x != nil {
				return x
			}
		}
		if bare := !(p.ahead(1).kind == tokOp && p.ahead(1).text == "("); bare && (niladic[t.upper] || contextNames[t.upper]) {
			p.i++
			at := At{p.where(t)}
			if contextNames[t.upper] {
				return &Ident{At: at, Parts: []Name{{Text: t.text, Pos: at.Pos}}}
			}
			return &Call{At: at, Func: t.upper, Written: t.text}
		}
		if !reserved[t.upper] || callable[t.upper] && p.ahead(1).text == "(" {
			return p.identOrCall()
		}
	}
	p.unexpected("an expression")
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
		"MULTISET":      (*parser).array,
		"EXISTS":        (*parser).exists,
		"UNIQUE":        (*parser).exists,
		"PERIOD":        (*parser).period,
		"CONVERT":       (*parser).convert,
		"TRANSLATE":     (*parser).convert,
		"FIRST":         (*parser).navigate,
		"LAST":          (*parser).navigate,
		"NEXT":          (*parser).navigate,
		"PREV":          (*parser).navigate,
		"CURRENT":       (*parser).sequence,
		"RUNNING":       (*parser).modified,
		"FINAL":         (*parser).modified,
		"SPECIFIC":      (*parser).modified,
		"NEW":           (*parser).modified,
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
	text, end := p.continued(t)
	return Text(p.pos(t.start, end), text)
}

// continued takes the strings that continue the string or binary t.
func (p *parser) continued(t token) (text string, end int) {
	text, end = t.text, t.end
	for p.tok().kind == tokString && !p.tok().prefixed {
		next := p.take()
		if !strings.ContainsAny(p.text[end:next.start], "\n\r") {
			p.doubt(diag.SQLSyntax, next.start, next.end, "a string is continued on the same line").
				WithHint("a quote inside a string is written twice")
		}
		p.known(next)
		text, end = text+next.text, next.end
	}
	return text, end
}

// binaryLiteral takes X'…' and its continuations.
func (p *parser) binaryLiteral() Expr {
	t := p.take()
	digits, end := p.continued(t)
	switch {
	case strings.Trim(digits, "0123456789abcdefABCDEF") != "":
		p.fault(t.start, end, "a binary literal holds hexadecimal digits only")
		digits = ""
	case len(digits)%2 != 0:
		p.doubt(diag.SQLSyntax, t.start, end, "a binary literal needs an even number of hexadecimal digits")
		digits = ""
	}
	return Bytes(p.pos(t.start, end), digits)
}

// bracket takes (expression), the row (a, b), or (query).
func (p *parser) bracket() Expr {
	start := p.tok().start
	items := p.queryOrList()
	if len(items) > 1 {
		return &Call{At: p.since(start), Func: OpRow, Args: items}
	}
	x := items[0]
	if p.atIntervalUnit() {
		return p.dateDifference(x, start)
	}
	return x
}

// dateDifference takes the qualifier of (a - b) DAY TO SECOND.
func (p *parser) dateDifference(x Expr, start int) Expr {
	end := p.tokens[p.i-1].end
	from := p.tok().start
	p.intervalQualifier()
	c, ok := x.(*Call)
	if !ok || c.Func != OpMinus || len(c.Args) != 2 {
		p.fault(start, end, "only the difference of two points in time can be followed by an interval's qualifier")
		panic(bailout{})
	}
	qualifier := strings.ToUpper(strings.Join(strings.Fields(p.text[from:p.tokens[p.i-1].end]), " "))
	return &Qualified{At: p.since(start), X: x, Qualifier: qualifier}
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

func (p *parser) caseExpr() Expr {
	start := p.take().start
	c := &Case{}
	if !p.atWords("WHEN") {
		c.Operand = p.expr()
	}
	for p.got("WHEN") {
		conds := list(p, p.expr)
		p.want("THEN")
		if len(conds) == 0 { // all had faults
			conds = []Expr{nil}
		}
		c.Whens = append(c.Whens, When{Cond: conds[0], More: conds[1:], Then: p.expr()})
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
	if p.atWords("INTERVAL") {
		c.Type = p.intervalType()
	} else {
		c.Type = p.dataType(false)
	}
	p.wantOp(")")
	c.At = p.since(t.start)
	return c
}

// row takes ROW(a, …).
func (p *parser) row() Expr {
	start := p.take().start
	if !p.atOp("(") {
		p.unexpected("(")
	}
	c := &Call{Func: OpRow, Args: p.queryOrList()}
	c.At = p.since(start)
	return c
}

// array takes ARRAY[…], MAP[…] and MULTISET[…], and the same with a query in
// brackets; MAP is a plain name elsewhere.
func (p *parser) array() Expr {
	next := p.ahead(1)
	if next.kind != tokOp || next.text != "[" && next.text != "(" || p.atWords("MAP") && p.ahead(2).text == ")" {
		return nil
	}
	t := p.take()
	c := &Call{Func: t.upper}
	if p.atOp("(") {
		at := p.tok().start
		sub, ok := p.queryOrList()[0].(*Subquery)
		if !ok {
			p.fault(at, p.tokens[p.i-1].end, "%s takes a query in round brackets, elements in square ones", t.text).
				WithHint("write %s[…]", t.upper)
			panic(bailout{})
		}
		c.Args = []Expr{sub}
		c.At = p.since(t.start)
		return c
	}
	p.wantOp("[")
	if !p.atOp("]") || t.upper == "MULTISET" {
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
