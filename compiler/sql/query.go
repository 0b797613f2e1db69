package sql

import (
	"pyfc/compiler/words"
	"pyfc/ir/diag"
)

// queryWords begin a query that isn't in brackets.
var queryWords = words.Set("SELECT VALUES WITH TABLE")

// atQuery reports whether a query is next that isn't in brackets.
func (p *parser) atQuery() bool {
	return p.tok().kind == tokIdent && queryWords[p.tok().upper]
}

// atBracketedQuery reports whether a query is next, maybe in brackets. What
// begins with a bracket may still be an expression over a query.
func (p *parser) atBracketedQuery() bool {
	for n := 0; ; n++ {
		switch t := p.ahead(n); {
		case t.kind == tokOp && t.text == "(":
		case t.kind == tokIdent:
			return queryWords[t.upper]
		default:
			return false
		}
	}
}

// query takes [WITH …] a query with its set operators, ORDER BY and LIMIT.
func (p *parser) query() Query {
	p.deeper()
	defer p.shallower()
	start := p.tok().start
	w := p.tok()
	var items []*CommonTable
	if p.got("WITH") {
		for len(items) == 0 || p.gotOp(",") { // not a list: behind a fault nothing is sure
			items = append(items, p.commonTable())
		}
	}
	q := p.setOperators(p.queryTerm(), start, 0)
	if items != nil {
		q = &With{At: p.since(start), Items: items, Query: q, Word: p.where(w)}
	}
	return p.ordered(q, start)
}

// commonTable takes name [(columns)] AS (query).
func (p *parser) commonTable() *CommonTable {
	start := p.tok().start
	c := &CommonTable{Name: p.name("a name")}
	if p.atOp("(") {
		c.Columns = p.names("a column")
	}
	p.want("AS")
	c.Query = p.bracketedQuery()
	c.At = p.since(start)
	return c
}

// bracketedQuery takes (query).
func (p *parser) bracketedQuery() Query {
	p.wantOp("(")
	q := p.query()
	if !p.gotOp(")") {
		p.unexpected(p.inner()...)
	}
	p.ends = nil
	return q
}

// Binding powers of the set operators.
const (
	precUnion     = 1
	precIntersect = 2
)

var setOperators = map[string]SetOperator{"UNION": Union, "INTERSECT": Intersect, "EXCEPT": Except}

// setOperators takes what follows the operand left, by precedence climbing.
func (p *parser) setOperators(left Query, start, above int) Query {
	for n := 0; ; n++ {
		p.notLonger(n)
		w := p.tok()
		if p.atWords("MINUS") {
			p.fault(w.start, w.end, "MINUS is no set operator of Flink SQL").WithHint("write EXCEPT")
			panic(bailout{})
		}
		op, ok := setOperators[w.upper]
		power := precUnion
		if op == Intersect {
			power = precIntersect
		}
		if !ok || power <= above {
			return left
		}
		p.i++
		s := &SetOp{Op: op, Left: left, Word: p.where(w)}
		if s.All = p.got("ALL"); !s.All {
			p.got("DISTINCT")
		}
		at := p.tok().start
		s.Right = p.setOperators(p.queryTerm(), at, power)
		s.At = p.since(start)
		left = s
	}
}

// ordered takes the ORDER BY, LIMIT, OFFSET and FETCH of q.
func (p *parser) ordered(q Query, start int) Query {
	o := &Ordered{Query: q}
	w := p.tok()
	if p.got("ORDER") {
		p.want("BY")
		o.OrderBy = list(p, p.orderItem)
		o.OrderWord = p.where(w)
		p.ends = []string{",", "LIMIT", "OFFSET", "FETCH", endOfStatement}
	}
	w = p.tok()
	switch {
	case p.got("LIMIT"):
		o.LimitWord = p.where(w)
		if !p.got("ALL") {
			o.Limit = p.rowCount()
		}
		if comma := p.tok(); p.gotOp(",") {
			p.fault(comma.start, comma.end, "LIMIT takes one number").WithHint("write LIMIT n OFFSET start")
			panic(bailout{})
		}
		w = p.tok()
		if p.got("OFFSET") {
			p.offset(o, w)
		}
		p.ends = []string{"OFFSET", endOfStatement}
	case p.got("OFFSET"):
		p.offset(o, w)
		if l := p.tok(); p.got("LIMIT") {
			p.fault(l.start, l.end, "OFFSET stands behind LIMIT").WithHint("write LIMIT n OFFSET start")
			panic(bailout{})
		}
		w = p.tok()
		if p.got("FETCH") {
			p.fetch(o, w)
		}
	case p.got("FETCH"):
		p.fetch(o, w)
	}
	if !o.OrderWord.Known() && !o.LimitWord.Known() && !o.OffsetWord.Known() {
		return q
	}
	o.At = p.since(start)
	return o
}

func (p *parser) offset(o *Ordered, w token) {
	o.OffsetWord = p.where(w)
	o.Offset = p.rowCount()
	if !p.got("ROWS") {
		p.got("ROW")
	}
}

// fetch takes what follows FETCH.
func (p *parser) fetch(o *Ordered, w token) {
	o.LimitWord, o.Fetch = p.where(w), true
	if !p.got("FIRST") {
		p.want("NEXT")
	}
	o.Limit = p.rowCount()
	if !p.got("ROWS") {
		p.want("ROW")
	}
	p.want("ONLY")
}

// rowCount takes an unsigned number, or ?.
func (p *parser) rowCount() Expr {
	t := p.tok()
	if p.gotOp("?") {
		return &Param{At{p.where(t)}}
	}
	if t.kind != tokNumber {
		p.unexpected("a number of rows")
	}
	p.i++
	return p.number(t)
}

// orderItem takes x [ASC | DESC] [NULLS FIRST | LAST].
func (p *parser) orderItem() *OrderItem {
	start := p.tok().start
	o := &OrderItem{X: p.expr()}
	if !p.got("ASC") {
		o.Desc = p.got("DESC")
	}
	if p.got("NULLS") {
		if o.Nulls = p.gotWord("FIRST", "LAST"); o.Nulls == "" {
			p.unexpected("FIRST", "LAST")
		}
	}
	o.At = p.since(start)
	return o
}

// orderBy takes ORDER BY items where it is next.
func (p *parser) orderBy() []*OrderItem {
	if !p.got("ORDER") {
		return nil
	}
	p.want("BY")
	return list(p, p.orderItem)
}

// queryTerm takes an operand of a set operator.
func (p *parser) queryTerm() Query {
	p.ends = []string{endOfStatement}
	start := p.tok().start
	switch {
	case p.atOp("("):
		p.deeper()
		defer p.shallower()
		q := p.bracketedQuery()
		p.ends = []string{endOfStatement}
		return q
	case p.atWords("SELECT"):
		return p.selectQuery()
	case p.atWords("VALUES"):
		return p.values()
	case p.got("TABLE"):
		t := &TableQuery{Table: p.path("a table")}
		t.At = p.since(start)
		return t
	}
	p.unexpected("SELECT", "VALUES")
	return nil
}

func (p *parser) selectQuery() Query {
	start := p.take().start
	s := &Select{}
	if p.atOp("/*+") {
		s.Hints = p.hints()
	}
	s.Stream = p.got("STREAM")
	if d := p.tok(); p.got("DISTINCT") {
		s.Distinct, s.DistinctWord = true, p.where(d)
	} else {
		p.got("ALL")
	}
	s.Items = list(p, p.selectItem)
	p.ends = []string{",", "FROM", endOfStatement}
	if p.got("FROM") {
		s.From = p.from()
		p.clauses(s)
	}
	s.At = p.since(start)
	return s
}

// clauses takes what may follow FROM.
func (p *parser) clauses(s *Select) {
	p.ends = []string{"WHERE", "GROUP BY", "HAVING", endOfStatement}
	if p.got("WHERE") {
		s.Cond = p.expr() // a subquery in it leaves its own ends behind
		p.ends = []string{"GROUP BY", "HAVING", endOfStatement}
	}
	if p.got("GROUP") {
		p.want("BY")
		if s.GroupDistinct = p.got("DISTINCT"); !s.GroupDistinct {
			p.got("ALL")
		}
		s.GroupBy = list(p, p.groupItem)
		p.ends = []string{",", "HAVING", endOfStatement}
	}
	if p.got("HAVING") {
		s.Having = p.expr()
		p.ends = []string{endOfStatement}
	}
	if p.got("WINDOW") {
		s.Windows = list(p, p.namedWindow)
		p.ends = []string{",", endOfStatement}
	}
}

// groupItem takes a key, (), GROUPING SETS (…), ROLLUP (…) or CUBE (…).
func (p *parser) groupItem() Expr {
	p.deeper()
	defer p.shallower()
	start := p.tok().start
	g := &Grouping{}
	switch {
	case p.got("GROUPING", "SETS"):
		g.Kind = GroupingSets
		p.wantOp("(")
		g.Items = list(p, p.groupItem)
		p.wantOp(")")
	case p.got("ROLLUP"), p.got("CUBE"):
		g.Kind = Rollup
		if p.tokens[p.i-1].upper == "CUBE" {
			g.Kind = Cube
		}
		p.wantOp("(")
		g.Items = list(p, p.expr)
		p.wantOp(")")
	case p.atOp("(") && p.ahead(1).text == ")":
		p.i += 2
	default:
		return p.expr()
	}
	g.At = p.since(start)
	return g
}

// selectItem takes *, or an expression with its alias.
func (p *parser) selectItem() Expr {
	start := p.tok().start
	if p.atOp("*") {
		star := &Star{At: At{p.where(p.take())}}
		if t := p.tok(); p.atName() || p.atWords("AS") {
			p.doubt(diag.SQLSyntax, t.start, t.end, "* stands for several columns and has no alias")
		}
		return p.alias(star, start)
	}
	x := p.alias(p.expr(), start)
	if t := p.tok(); t.kind == tokString {
		p.fault(t.start, t.end, "an alias is a name, not a string").WithHint("quote a name `like this`")
		panic(bailout{})
	}
	return x
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
	if !p.atName() {
		return Name{}, false
	}
	p.soft = p.i
	return p.name("a name"), true
}

// inner is what may follow a query in brackets.
func (p *parser) inner() []string {
	out := []string{}
	for _, e := range p.ends {
		if e != endOfStatement {
			out = append(out, e)
		}
	}
	return append(out, ")")
}

func (p *parser) values() Query {
	start := p.take().start
	v := &Values{}
	v.Rows = list(p, p.valuesRow)
	v.At = p.since(start)
	p.ends = []string{",", endOfStatement}
	return v
}

// valuesRow takes (a, b), ROW(a, b), or a value alone. A bracket may also
// begin an expression: (1) + 2.
func (p *parser) valuesRow() []Expr {
	x := p.withDefaults()
	if c, ok := x.(*Call); ok && c.Func == OpRow && c.Written == "" {
		return c.Args
	}
	return []Expr{x}
}

// withDefaults takes an expression; if it is a bracket, DEFAULT may stand in it.
func (p *parser) withDefaults() Expr {
	p.defaults = p.atOp("(") || p.atWords("ROW")
	return p.expr()
}
