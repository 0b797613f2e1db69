package ir

import (
	"encoding/hex"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// exprParser reads expressions over the columns of in.
type exprParser struct {
	*lineParser
	in   types.Schema
	udfs map[string]*UDF
}

func (p *exprParser) exprs() []Expr {
	var out []Expr
	p.list(func() { out = append(out, p.expr()) })
	return out
}

func (p *exprParser) expr() Expr {
	defer p.nest()()
	switch t := p.peek(); {
	case t.isMark("("):
		return p.parenthesised()
	case (t.kind == nameToken || t.kind == quotedToken) && p.after().isMark("#"):
		return p.column()
	case t.isWord("CASE"):
		return p.caseWhen()
	case (t.isWord("CAST") || t.isWord("TRY_CAST")) && p.after().isMark("("):
		return p.cast()
	case (t.kind == nameToken || t.kind == quotedToken) && p.after().isMark("("):
		return p.function()
	}
	lit := p.literal()
	return lit.value(p.lineParser, p.annotation(literalType(lit.known())))
}

func (p *exprParser) column() Expr {
	name := p.name()
	p.expect("#")
	i := p.number32()
	if i >= len(p.in) {
		p.failf("%s#%d is outside of %s", name, i, p.in)
	}
	ref := NewColumnRef(p.in, i, diag.Pos{})
	ref.Name = name
	return ref
}

// parenthesised reads what stands in parentheses: an operator with its
// operands, or an implicit cast.
func (p *exprParser) parenthesised() Expr {
	p.expect("(")
	if t := p.peek(); t.kind == markToken && t.text != "(" || t.isWord("NOT") && !p.after().isMark("#") {
		return p.operator(p.next().text, p.expr())
	}
	first := p.expr()
	t := p.next()
	switch {
	case t.isWord("AS"):
		return p.castTo(first, true, false)
	case t.isWord("IS"):
		name := "IS"
		for p.peek().kind == nameToken {
			name += " " + p.next().text
		}
		return p.operator(name, first)
	case t.kind == markToken || t.isWord("AND") || t.isWord("OR") || t.isWord("LIKE"):
		return p.operator(t.text, first, p.expr())
	}
	p.failf("expected an operator, found %s", t)
	return nil
}

// operator reads the closing parenthesis behind the operands.
func (p *exprParser) operator(name string, operands ...Expr) Expr {
	p.expect(")")
	return p.call(name, operands)
}

// function reads the call of a built-in function or of a Python function.
func (p *exprParser) function() Expr {
	name := p.next()
	if name.kind == nameToken && name.text == strings.ToUpper(name.text) {
		return p.call(name.text, p.exprs())
	}
	u := p.udfs[name.text]
	if u == nil {
		p.failf("no Function %s is declared", functionName(name.text))
	}
	return NewUDFCall(u, p.exprs(), diag.Pos{})
}

// call reads what may follow a call: the overload and the type.
func (p *exprParser) call(name string, args []Expr) Expr {
	overload, t := expectedCall(name, args)
	if p.accept("@") {
		overload = p.number32()
		t = overloadType(name, overload, args)
	}
	return NewCall(name, overload, args, p.annotation(t), diag.Pos{})
}

func (p *exprParser) cast() Expr {
	try := p.next().text == "TRY_CAST"
	p.expect("(")
	arg := p.expr()
	p.expect("AS")
	return p.castTo(arg, false, try)
}

// castTo reads the rest of a cast, from the type on.
func (p *exprParser) castTo(arg Expr, implicit, try bool) Expr {
	to := p.root()
	p.expect(")")
	c := NewCast(arg, to, implicit, try, diag.Pos{})
	c.T = p.annotation(to.WithNull(c.expectsNull()))
	return c
}

func (p *exprParser) caseWhen() Expr {
	p.expect("CASE")
	var whens, thens []Expr
	for p.accept("WHEN") {
		whens = append(whens, p.expr())
		p.expect("THEN")
		thens = append(thens, p.expr())
	}
	p.expect("ELSE")
	els := p.expr()
	p.expect("END")
	return NewCase(whens, thens, els, p.annotation(expectedCase(thens, els)), diag.Pos{})
}

// annotation reads the type that may follow an expression.
func (p *exprParser) annotation(expected types.Type) types.Type {
	if !p.accept(":") {
		if !expected.Valid() {
			p.failf("expected a type behind the expression, found %s", p.peek())
		}
		return expected
	}
	t := p.root().WithNull(expected.Nullable)
	switch {
	case p.accept("NULL"):
		t.Nullable = true
	case p.accept("NOT"):
		p.expect("NULL")
		t.Nullable = false
	}
	return t
}

// literal is a value whose type isn't known yet.
type literal struct{ token }

// literal reads a value.
func (l *lineParser) literal() literal {
	t := l.next()
	words := []string{"NULL", "TRUE", "FALSE", "NaN", "Infinity"}
	if t.kind == endToken || t.kind == markToken || t.kind == quotedToken || t.kind == nameToken && !slices.Contains(words, t.text) {
		l.failf("expected an expression, found %s", t)
	}
	return literal{t}
}

// known is the value where it tells its type, else a number or nil.
func (v literal) known() any {
	switch {
	case v.isWord("NULL"):
		return nil
	case v.isWord("TRUE") || v.isWord("FALSE"):
		return v.text == "TRUE"
	case v.kind == textToken:
		return v.text
	case v.kind == bytesToken:
		return make([]byte, len(v.text)/2)
	}
	return 0
}

// value is the literal as a constant of type t.
func (v literal) value(l *lineParser, t types.Type) *Const {
	if v.isWord("NULL") {
		return NewConst(t, nil, diag.Pos{})
	}
	c, ok := v.of(t)
	if !ok {
		l.failf("%s is no value of %s", v.token, t)
	}
	return NewConst(t, c, diag.Pos{})
}

func (v literal) of(t types.Type) (value any, ok bool) {
	switch {
	case t.Kind == types.Boolean:
		return v.text == "TRUE", v.isWord("TRUE") || v.isWord("FALSE")
	case t.Text():
		return v.text, v.kind == textToken
	case t.Kind == types.Binary || t.Kind == types.VarBinary:
		b, err := hex.DecodeString(v.text)
		return b, v.kind == bytesToken && err == nil
	case t.Kind >= types.Date && t.Kind <= types.TimestampLTZ:
		return temporal(t.Kind, v.text)
	case v.kind != numberToken && v.kind != nameToken:
		return nil, false
	case t.Approximate():
		f, err := strconv.ParseFloat(v.text, 64)
		return f, err == nil
	case t.Kind == types.Decimal:
		return unscaled(v.text, t.Scale)
	}
	n, err := strconv.ParseInt(v.text, 10, 64)
	switch {
	case err != nil:
	case t.Integer():
		return n, true
	case t.Kind == types.IntervalYearMonth:
		return val.Months(n), true
	case t.Kind == types.IntervalDayTime:
		return val.Millis(n), true
	}
	return nil, false
}

// temporal reads a date, a time of day, or both.
func temporal(k types.Kind, s string) (value any, ok bool) {
	layout := dateLayout + " " + clockLayout
	switch k {
	case types.Date:
		s += " 00:00:00"
	case types.Time:
		s = "1970-01-01 " + s
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return nil, false
	}
	p := val.TimestampFromUnix(t.Unix(), int64(t.Nanosecond()))
	switch k {
	case types.Date:
		return p.Date(), true
	case types.Time:
		return p.Time(), true
	}
	return p, true
}

// unscaled reads a decimal number with exactly scale fractional digits.
func unscaled(s string, scale int) (value any, ok bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	if len(fraction) != scale {
		return nil, false
	}
	v, ok := new(big.Int).SetString(whole+fraction, 10)
	return v, ok
}
