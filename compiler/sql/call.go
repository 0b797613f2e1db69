package sql

import "strings"

// newCall is a call of a function by its name.
func newCall(name Name, path []Name) *Call {
	c := &Call{Func: strings.ToUpper(name.Text), Written: name.Text}
	if len(path) > 0 {
		c.Path = path
	}
	return c
}

// call takes the arguments of c, whose name began at start, and what may
// follow them.
func (p *parser) call(c *Call, start int) Expr {
	p.wantOp("(")
	word := len(c.Path) == 0 && p.tokens[p.i-2].kind == tokIdent
	switch {
	case word && takesNone[c.Func] && !p.atOp(")"):
		p.unexpected(")")
	case word && takesSome[c.Func] && p.atOp(")"):
		p.unexpected("an expression")
	case p.atOp("*"):
		c.Args = []Expr{&Star{At: At{p.where(p.take())}}}
	case !p.atOp(")"):
		if c.Distinct = p.got("DISTINCT"); !c.Distinct {
			p.got("ALL")
		}
		c.Args = p.arguments()
		p.aggregateEnd(c)
	}
	return p.endCall(c, start)
}

// endCall takes the closing bracket and what may follow it.
func (p *parser) endCall(c *Call, start int) Expr {
	if !p.gotOp(")") {
		p.unexpected(",", ")")
	}
	c.At = p.since(start)
	p.afterCall(c)
	c.At = p.since(start)
	return c
}

// arguments takes the arguments of a call.
func (p *parser) arguments() []Expr {
	n := 0
	return list(p, func() Expr {
		if n++; n == 1 {
			return p.firstArgument()
		}
		return p.argument()
	})
}

// firstArgument takes an argument, which may be a query without brackets.
func (p *parser) firstArgument() Expr {
	start := p.tok().start
	if p.atQuery() && !p.atWords("TABLE") {
		return &Subquery{Query: p.query(), At: p.since(start)}
	}
	return p.argument()
}

// argument takes [name =>] and a value, DEFAULT, or a table.
func (p *parser) argument() Expr {
	start := p.tok().start
	if p.atName() && p.ahead(1).text == "=>" {
		n := p.name("a parameter")
		p.i++
		x := p.argumentValue()
		return &NamedArg{At: p.since(start), Name: n, X: x}
	}
	return p.argumentValue()
}

func (p *parser) argumentValue() Expr {
	start := p.tok().start
	var q Query
	switch {
	case p.got("TABLE"):
		t := &TableQuery{Table: p.path("a table")}
		t.At = p.since(start)
		q = t
	default:
		x := p.defaultOr()
		sub, ok := x.(*Subquery)
		if !ok || !p.atWords("PARTITION") && !p.atWords("ORDER") {
			return x
		}
		q = sub.Query
	}
	a := &TableArg{Query: q}
	if p.got("PARTITION") {
		p.want("BY")
		a.PartitionBy = p.nameOrNames("a column")
	}
	if p.got("ORDER") {
		p.want("BY")
		if bracketed := p.gotOp("("); bracketed {
			a.OrderBy = list(p, p.orderItem)
			p.wantOp(")")
		} else {
			a.OrderBy = []*OrderItem{p.orderItem()}
		}
	}
	a.At = p.since(start)
	return a
}

// aggregateEnd takes what may stand behind the arguments of ARRAY_AGG.
func (p *parser) aggregateEnd(c *Call) {
	if c.Func != "ARRAY_AGG" || len(c.Path) > 0 {
		return
	}
	c.Nulls = p.nullTreatment()
	c.OrderBy = p.orderBy()
}

// nullTreatment takes IGNORE NULLS or RESPECT NULLS where it is next.
func (p *parser) nullTreatment() string {
	w := p.tok().upper
	if w != "IGNORE" && w != "RESPECT" || p.ahead(1).upper != "NULLS" {
		return ""
	}
	p.i += 2
	return w
}

// afterCall takes IGNORE NULLS, WITHIN …, FILTER (WHERE …) and OVER.
func (p *parser) afterCall(c *Call) {
	if nulls := p.nullTreatment(); nulls != "" {
		c.Nulls = nulls
	}
	if p.got("WITHIN", "DISTINCT") {
		p.wantOp("(")
		c.WithinDistinct = list(p, p.expr)
		p.wantOp(")")
	}
	if p.got("WITHIN", "GROUP") {
		p.wantOp("(")
		if !p.atWords("ORDER") {
			p.unexpected("ORDER BY")
		}
		c.WithinGroup = p.orderBy()
		p.wantOp(")")
	}
	if p.got("FILTER") {
		p.wantOp("(")
		p.want("WHERE")
		c.Filter = p.expr()
		p.wantOp(")")
	}
	p.overAfter(c)
}

func (p *parser) overAfter(c *Call) {
	if w := p.tok(); p.got("OVER") {
		c.OverWord = p.where(w)
		c.Over = p.over()
	}
}
