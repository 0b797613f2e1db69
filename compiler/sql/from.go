package sql

import (
	"strconv"

	"pyfc/ir"
)

// from takes what follows FROM: table references, joined.
func (p *parser) from() From {
	start := p.tok().start
	f := p.joined()
	for n := 0; p.atOp(","); n++ {
		p.notLonger(n)
		w := p.take()
		f = &Join{Kind: Comma, Left: f, Right: p.joined(), Word: p.where(w)}
		f.(*Join).At = p.since(start)
	}
	return f
}

// joined takes a table reference and the joins behind it.
func (p *parser) joined() From {
	start := p.tok().start
	f := p.tableRef()
	for n := 0; ; n++ {
		p.notLonger(n)
		j := p.joinWords()
		if j == nil {
			return f
		}
		j.Left = f
		j.Right = p.tableRef()
		p.ends = nil
		switch {
		case p.got("ON"):
			j.On = p.expr()
		case p.got("USING"):
			j.Using = p.names("a column")
		}
		j.At = p.since(start)
		f = j
	}
}

// joinKinds are the joins by their first word.
var joinKinds = map[string]JoinKind{
	"JOIN": Inner, "INNER": Inner, "LEFT": Left, "RIGHT": Right, "FULL": Full, "CROSS": Cross,
}

// joinWords takes [NATURAL] [INNER | LEFT | …] JOIN where it is next.
func (p *parser) joinWords() *Join {
	j := &Join{}
	first := p.tok()
	n := 0
	if first.upper == "NATURAL" {
		j.Natural, n = true, 1
	}
	if w := p.ahead(n); w.upper == "OUTER" {
		p.fault(w.start, w.end, "an outer join has a side").WithHint("write LEFT, RIGHT or FULL OUTER JOIN")
		panic(bailout{})
	}
	kind, ok := joinKinds[p.ahead(n).upper]
	if !ok {
		if j.Natural {
			p.i++
			p.unexpected("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN")
		}
		return nil
	}
	j.Kind = kind
	p.i += n
	if !p.got("JOIN") {
		p.i++
		if kind == Left || kind == Right || kind == Full {
			p.got("OUTER")
		}
		if !p.got("JOIN") {
			p.unexpected("JOIN")
		}
	}
	j.Word = p.pos(first.start, p.tokens[p.i-1].end)
	return j
}

// tableRef takes one reference with its alias.
func (p *parser) tableRef() From {
	p.deeper()
	defer p.shallower()
	start := p.tok().start
	f := p.tablePrimary()
	f = p.pivots(f, start)
	switch f := f.(type) {
	case *FromTable:
		p.rename(&f.Rename, start, &f.At)
	case *FromQuery:
		p.rename(&f.Rename, start, &f.At)
	case *FromFunction:
		p.rename(&f.Rename, start, &f.At)
	case *Unnest:
		p.rename(&f.Rename, start, &f.At)
	case *Match:
		p.rename(&f.Rename, start, &f.At)
	case *Pivot:
		p.rename(&f.Rename, start, &f.At)
	case *Unpivot:
		p.rename(&f.Rename, start, &f.At)
	case *Join:
		if t := p.tok(); p.atName() || p.atWords("AS") {
			p.fault(t.start, t.end, "joined tables in brackets have no alias").WithHint("write (SELECT * FROM …) AS name")
			panic(bailout{})
		}
	}
	if p.atWords("TABLESAMPLE") {
		return p.sample(f, start)
	}
	return f
}

// rename takes [AS] name [(columns)].
func (p *parser) rename(r *Rename, start int, at *At) {
	n, ok := p.optionalAlias()
	if !ok {
		return
	}
	r.Alias = n
	if p.atOp("(") {
		r.Columns = p.names("a column")
		p.soft = -1
	}
	*at = p.since(start)
}

// tablePrimary takes a reference without its alias.
func (p *parser) tablePrimary() From {
	start := p.tok().start
	lateral := p.got("LATERAL")
	var f From
	switch {
	case p.atOp("("):
		f = p.bracketedFrom(lateral, start)
	case p.atWords("TABLE") && p.ahead(1).text == "(":
		return p.tableFunction(lateral, start)
	case lateral:
		p.unexpected("TABLE(", "(")
	case p.got("UNNEST"):
		return p.unnest(start)
	case p.atWords("TABLE"):
		p.i++
		p.unexpected("(")
	default:
		f = p.table(start)
	}
	if p.atWords("MATCH_RECOGNIZE") {
		return p.matchRecognize(f, start)
	}
	return f
}

// table takes a name with what may stand before its alias.
func (p *parser) table(start int) From {
	f := &FromTable{Table: p.path("a table")}
	if p.atOp("/*+") {
		f.Hints = p.hints()
	}
	switch {
	case p.got("EXTEND"):
		f.Extend = p.typedColumns()
	case p.atOp("("):
		if !p.nameAhead(1) || p.ahead(2).kind == tokOp { // no column with a type
			t := p.tok()
			p.fault(t.start, t.end, "a table function stands in TABLE( )").
				WithHint("write FROM TABLE(%s(…))", f.Table.Parts[len(f.Table.Parts)-1].Text)
			panic(bailout{})
		}
		f.Extend = p.typedColumns()
	}
	if p.got("FOR") {
		p.want("SYSTEM_TIME", "AS", "OF")
		f.AsOf = p.plainExpr()
	}
	f.At = p.since(start)
	return f
}

// typedColumns takes (name type, …).
func (p *parser) typedColumns() []*Column {
	p.wantOp("(")
	out := list(p, func() *Column {
		start := p.tok().start
		c := &Column{Name: p.name("a column")}
		c.Type = p.dataType(true)
		c.At = p.since(start)
		return c
	})
	p.wantOp(")")
	return out
}

// bracketedFrom takes (query), or (joined tables).
func (p *parser) bracketedFrom(lateral bool, start int) From {
	open := p.take()
	if p.atQuery() {
		q := p.query()
		return p.closedQuery(q, lateral, start)
	}
	at := p.tok().start
	inner := p.from()
	if q, ok := inner.(*FromQuery); ok && !q.Lateral && q.Alias.Text == "" {
		// What looked like a table reference was an operand of a set operator.
		query := p.ordered(p.setOperators(q.Query, at, 0), at)
		return p.closedQuery(query, lateral, start)
	}
	if !p.gotOp(")") {
		p.unexpected("a join", ")")
	}
	if _, ok := inner.(*Join); !ok || lateral {
		p.fault(open.start, p.tokens[p.i-1].end, "brackets in FROM hold a query or a join").WithHint("drop them")
		panic(bailout{})
	}
	return inner
}

func (p *parser) closedQuery(q Query, lateral bool, start int) From {
	if !p.gotOp(")") {
		p.unexpected(p.inner()...)
	}
	p.ends = nil
	return &FromQuery{At: p.since(start), Lateral: lateral, Query: q}
}

// tableFunction takes TABLE(call).
func (p *parser) tableFunction(lateral bool, start int) From {
	p.i += 2
	f := &FromFunction{Lateral: lateral, Specific: p.got("SPECIFIC")}
	f.Call = p.routineCall()
	p.wantOp(")")
	f.At = p.since(start)
	return f
}

// routineCall takes path(arguments), where none is an aggregate.
func (p *parser) routineCall() *Call {
	start := p.tok().start
	path := p.path("a function")
	if !p.atOp("(") {
		p.unexpected("(", ".")
	}
	n := len(path.Parts) - 1
	c := newCall(path.Parts[n], path.Parts[:n:n])
	p.wantOp("(")
	if !p.atOp(")") {
		c.Args = list(p, p.argument)
	}
	if !p.gotOp(")") {
		p.unexpected(",", ")")
	}
	c.At = p.since(start)
	return c
}

func (p *parser) unnest(start int) From {
	u := &Unnest{}
	p.wantOp("(")
	u.Args = list(p, p.firstArgument)
	p.wantOp(")")
	if p.got("WITH") {
		p.want("ORDINALITY")
		u.Ordinality = true
	}
	u.At = p.since(start)
	return u
}

// hints takes /*+ name [(options)], … */.
func (p *parser) hints() []*Hint {
	p.wantOp("/*+")
	out := list(p, p.oneHint)
	p.wantOp("*/")
	return out
}

func (p *parser) oneHint() *Hint {
	start := p.tok().start
	h := &Hint{Name: p.name("a hint")}
	if p.gotOp("(") && !p.gotOp(")") {
		switch {
		case p.ahead(1).text == "=" && p.ahead(1).kind == tokOp:
			h.Options = list(p, p.hintOption)
		case p.tok().kind == tokString || p.tok().kind == tokNumber || p.atOp("-") || p.atOp("+"):
			h.Literals = list(p, p.hintLiteral)
		default:
			h.Names = list(p, func() Name { return p.name("a table") })
		}
		if !p.gotOp(")") {
			p.unexpected(",", ")")
		}
	}
	h.At = p.since(start)
	return h
}

func (p *parser) hintOption() HintOption {
	o := HintOption{Quote: p.tok().kind == tokString}
	if o.Quote {
		o.Key = p.constant("a key")
	} else {
		start := p.tok().start
		name := p.name("a key")
		o.Key = &String{At: p.since(start), Value: ir.Literal(name.Text)}
	}
	p.wantOp("=")
	o.Value = p.string("a value")
	return o
}

func (p *parser) hintLiteral() Expr {
	if p.tok().kind == tokString {
		return p.textLiteral()
	}
	return p.signedNumber()
}

// signedNumber takes [+ | -] number.
func (p *parser) signedNumber() Expr {
	if t := p.tok(); t.kind != tokNumber && !p.atOp("-") && !p.atOp("+") || p.ahead(1).kind != tokNumber && t.kind != tokNumber {
		p.unexpected("a number")
	}
	return p.prefix()
}

// sample takes TABLESAMPLE ….
func (p *parser) sample(f From, start int) From {
	w := p.take()
	s := &Sample{Input: f, Word: p.where(w)}
	if s.Method = p.gotWord("BERNOULLI", "SYSTEM", "SUBSTITUTE"); s.Method == "" {
		p.unexpected("BERNOULLI", "SYSTEM", "SUBSTITUTE")
	}
	p.wantOp("(")
	if s.Method == "SUBSTITUTE" {
		if p.tok().kind != tokString {
			p.unexpected("a string")
		}
		s.Arg = p.textLiteral()
	} else {
		s.Arg = p.percentage()
	}
	p.wantOp(")")
	if s.Method != "SUBSTITUTE" && p.got("REPEATABLE") {
		p.wantOp("(")
		s.Seed = p.signedNumber()
		p.wantOp(")")
	}
	s.At = p.since(start)
	return s
}

func (p *parser) percentage() Expr {
	t := p.tok()
	if t.kind != tokNumber {
		p.unexpected("a percentage")
	}
	p.i++
	if v, err := strconv.ParseFloat(t.text, 64); err == nil && v > 100 {
		p.fault(t.start, t.end, "a percentage is from 0 to 100")
	}
	return p.number(t)
}

// pivots takes PIVOT (…) and UNPIVOT (…) after f.
func (p *parser) pivots(f From, start int) From {
	if p.atWords("PIVOT") {
		f = p.pivot(f, start)
	}
	if p.atWords("UNPIVOT") {
		f = p.unpivot(f, start)
	}
	return f
}

func (p *parser) pivot(f From, start int) From {
	v := &Pivot{Input: f, Word: p.where(p.take())}
	p.wantOp("(")
	v.Aggregates = list(p, func() Expr {
		start := p.tok().start
		x := p.operand()
		if _, ok := x.(*Call); !ok {
			p.unexpected("an aggregate")
		}
		return p.alias(x, start)
	})
	p.want("FOR")
	v.Axis = p.nameOrNames("a column")
	p.want("IN")
	p.wantOp("(")
	if !p.atOp(")") {
		v.Values = list(p, func() Expr {
			start := p.tok().start
			return p.alias(p.expr(), start)
		})
	}
	p.wantOp(")")
	p.wantOp(")")
	v.At = p.since(start)
	return v
}

// nameOrNames takes a name, or names in brackets.
func (p *parser) nameOrNames(what string) []Name {
	if p.atOp("(") {
		return p.names(what)
	}
	return []Name{p.name(what)}
}

func (p *parser) unpivot(f From, start int) From {
	u := &Unpivot{Input: f, Word: p.where(p.take())}
	if u.Nulls = p.gotWord("INCLUDE", "EXCLUDE"); u.Nulls != "" {
		p.want("NULLS")
	}
	p.wantOp("(")
	u.Measures = p.nameOrNames("a column")
	p.want("FOR")
	u.Axis = p.nameOrNames("a column")
	p.want("IN")
	p.wantOp("(")
	u.Values = list(p, func() UnpivotValue {
		v := UnpivotValue{Columns: p.nameOrNames("a column")}
		if p.got("AS") {
			v.As = p.expr()
		}
		return v
	})
	p.wantOp(")")
	p.wantOp(")")
	u.At = p.since(start)
	return u
}
