package sql

// atQuery reports whether a query is next, maybe in brackets.
func (p *parser) atQuery() bool {
	for n := 0; ; n++ {
		switch t := p.ahead(n); {
		case t.kind == tokOp && t.text == "(":
		case t.kind == tokIdent:
			return t.upper == "SELECT" || t.upper == "VALUES" || t.upper == "WITH"
		default:
			return false
		}
	}
}

// query takes SELECT or VALUES, maybe in brackets, and refuses the clauses
// behind it that are planned.
func (p *parser) query() Query {
	p.deeper()
	defer p.shallower()
	p.inQuery++
	defer func() { p.inQuery-- }()
	q := p.queryTerm()
	if p.plannedAhead() {
		panic(bailout{})
	}
	return q
}

func (p *parser) queryTerm() Query {
	p.ends = []string{"the end of the statement"}
	switch {
	case p.gotOp("("):
		q := p.query()
		if !p.gotOp(")") {
			p.unexpected(p.inner()...)
		}
		p.ends = []string{"the end of the statement"}
		return q
	case p.atWords("SELECT"):
		return p.selectQuery()
	case p.atWords("VALUES"):
		return p.values()
	}
	p.unexpected("SELECT", "VALUES")
	return nil
}

func (p *parser) selectQuery() Query {
	start := p.take().start
	s := &Select{}
	if p.atOp("/*+") {
		p.unexpected()
	}
	if d := p.tok(); p.got("DISTINCT") {
		p.planned(d.start, d.end, "SELECT DISTINCT")
	} else {
		p.got("ALL")
	}
	p.got("STREAM")
	s.Items = list(p, p.selectItem)
	p.ends = []string{",", "FROM", "the end of the statement"}
	if p.got("FROM") {
		s.From = p.from()
		p.ends = []string{"WHERE", "GROUP BY", "HAVING", "the end of the statement"}
		if p.got("WHERE") {
			s.Cond = p.expr()
			p.ends = p.ends[1:]
		}
		if p.got("GROUP") {
			p.want("BY")
			s.GroupBy = p.groupBy()
			p.ends = []string{",", "HAVING", "the end of the statement"}
		}
		if p.got("HAVING") {
			s.Having = p.expr()
			p.ends = []string{"the end of the statement"}
		}
	}
	s.At = p.since(start)
	return s
}

// groupBy takes the keys; () alone is the one group of all rows.
func (p *parser) groupBy() []Expr {
	if p.atOp("(") && p.ahead(1).text == ")" {
		p.plannedHere("GROUP BY ()")
	}
	for _, w := range []string{"GROUPING SETS", "ROLLUP", "CUBE"} {
		if p.plannedName([]string{w}) != "" && p.tok().kind == tokIdent {
			p.plannedHere(w)
		}
	}
	return list(p, p.expr)
}

// selectItem takes *, or an expression with its alias.
func (p *parser) selectItem() Expr {
	if p.atOp("*") {
		return &Star{At: At{p.where(p.take())}}
	}
	start := p.tok().start
	return p.alias(p.expr(), start)
}

// alias takes [AS] name after x.
func (p *parser) alias(x Expr, start int) Expr {
	n, ok := p.optionalAlias()
	if !ok {
		return x
	}
	return &Alias{At: p.since(start), X: x, Names: []Name{n}}
}

func (p *parser) optionalAlias() (Name, bool) {
	if p.got("AS") {
		return p.name("a name"), true
	}
	if !p.atName() || p.plannedName(plannedClauses) != "" {
		return Name{}, false
	}
	p.soft = p.i
	return p.name("a name"), true
}

// from takes what follows FROM: a table or a query, under an alias.
func (p *parser) from() From {
	p.deeper()
	defer p.shallower()
	start := p.tok().start
	if p.atOp("(") && p.atQuery() {
		p.i++
		f := &FromQuery{Query: p.query()}
		if !p.gotOp(")") {
			p.unexpected(p.inner()...)
		}
		f.Alias = p.tableAlias()
		f.At = p.since(start)
		return f
	}
	if p.gotOp("(") {
		f := p.from()
		if !p.gotOp(")") {
			p.unexpected(")")
		}
		return f
	}
	if p.atWords("TABLE") && p.ahead(1).text == "(" {
		p.plannedHere(p.ahead(2).upper)
	}
	if p.plannedAhead() {
		panic(bailout{})
	}
	f := &FromTable{Table: p.path("a table")}
	if p.atOp("/*+") || p.atWords("FOR", "SYSTEM_TIME") {
		p.unexpected()
	}
	f.Alias = p.tableAlias()
	f.At = p.since(start)
	return f
}

// inner is what may follow a query in brackets.
func (p *parser) inner() []string {
	return append(append([]string{}, p.ends[:len(p.ends)-1]...), ")")
}

// tableAlias takes [AS] name, and refuses what else would join it.
func (p *parser) tableAlias() Name {
	n, _ := p.optionalAlias()
	switch t := p.tok(); {
	case p.atOp("("):
		p.plannedHere("column names of a table alias")
	case p.atOp(","):
		p.planned(t.start, t.end, "JOIN")
		p.skipPlanned(t.depth)
		panic(bailout{})
	}
	return n
}

func (p *parser) values() Query {
	start := p.take().start
	v := &Values{}
	v.Rows = list(p, func() []Expr {
		if p.atOp("(") {
			p.i++
			row := list(p, p.expr)
			p.wantOp(")")
			return row
		}
		return []Expr{p.expr()}
	})
	v.At = p.since(start)
	p.ends = []string{",", "the end of the statement"}
	return v
}
