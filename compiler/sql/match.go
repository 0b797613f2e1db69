package sql

import "strconv"

// matchRecognize takes MATCH_RECOGNIZE (…) after the table f.
func (p *parser) matchRecognize(f From, start int) From {
	m := &Match{Input: f, Word: p.where(p.take())}
	p.wantOp("(")
	if p.got("PARTITION") {
		p.want("BY")
		m.PartitionBy = list(p, p.plainExpr)
	}
	m.OrderBy = p.orderBy()
	if p.got("MEASURES") {
		m.Measures = list(p, p.measure)
	}
	if m.RowsPerMatch = p.gotWord("ONE", "ALL"); m.RowsPerMatch != "" {
		if m.RowsPerMatch == "ONE" {
			p.want("ROW")
		} else {
			p.want("ROWS")
		}
		p.want("PER", "MATCH")
	}
	if p.got("AFTER") {
		p.want("MATCH", "SKIP")
		m.After = p.afterMatch()
	}
	p.want("PATTERN")
	p.wantOp("(")
	m.AnchoredStart = p.gotOp("^")
	m.Pattern = p.pattern()
	if m.AnchoredEnd = p.atDollar(); m.AnchoredEnd {
		p.i++
	}
	p.wantOp(")")
	if p.got("WITHIN") {
		if !p.atWords("INTERVAL") {
			p.unexpected("INTERVAL")
		}
		m.Within = p.interval()
	}
	if p.got("SUBSET") {
		m.Subsets = list(p, p.subset)
	}
	p.want("DEFINE")
	m.Define = list(p, p.definition)
	if !p.gotOp(")") {
		p.unexpected(",", ")")
	}
	m.At = p.since(start)
	return m
}

func (p *parser) atDollar() bool { return p.tok().kind == tokIdent && p.tok().text == "$" }

// measure takes x AS name.
func (p *parser) measure() *Alias {
	start := p.tok().start
	a := &Alias{X: p.plainExpr()}
	p.want("AS")
	a.Names = []Name{p.name("a name")}
	a.At = p.since(start)
	return a
}

// afterMatch takes what follows AFTER MATCH SKIP.
func (p *parser) afterMatch() AfterMatch {
	switch {
	case p.got("PAST", "LAST", "ROW"):
		return AfterMatch{Skip: SkipPastLastRow}
	case !p.got("TO"):
		p.unexpected("TO", "PAST LAST ROW")
	case p.got("NEXT", "ROW"):
		return AfterMatch{Skip: SkipToNextRow}
	case p.atWords("FIRST") && p.nameAhead(1):
		p.i++
		return AfterMatch{Skip: SkipToFirst, Symbol: p.name("a symbol")}
	case p.atWords("LAST") && p.nameAhead(1):
		p.i++
		return AfterMatch{Skip: SkipToLast, Symbol: p.name("a symbol")}
	}
	return AfterMatch{Skip: SkipToLast, Symbol: p.name("a symbol")}
}

// nameAhead reports whether the n-th token after the next one is a name.
func (p *parser) nameAhead(n int) bool {
	t := p.ahead(n)
	return t.kind == tokQuoted || t.kind == tokIdent && !reserved[t.upper]
}

// pattern takes terms with | between them.
func (p *parser) pattern() *Pattern {
	p.deeper()
	defer p.shallower()
	start := p.tok().start
	parts := []*Pattern{p.patternTerm()}
	for p.gotOp("|") {
		parts = append(parts, p.patternTerm())
	}
	return p.patternOf(PatternAlter, parts, start)
}

// patternOf is an operator over parts, or the only part.
func (p *parser) patternOf(op PatternOp, parts []*Pattern, start int) *Pattern {
	if len(parts) == 1 {
		return parts[0]
	}
	return &Pattern{At: p.since(start), Op: op, Parts: parts}
}

func (p *parser) patternTerm() *Pattern {
	start := p.tok().start
	parts := []*Pattern{p.patternFactor()}
	for p.nameAhead(0) && !p.atDollar() || p.atOp("(") || p.atOp("{") || p.atWords("PERMUTE") {
		parts = append(parts, p.patternFactor())
	}
	return p.patternOf(PatternConcat, parts, start)
}

// patternFactor takes a pattern with its quantifier.
func (p *parser) patternFactor() *Pattern {
	start := p.tok().start
	x := p.patternPrimary()
	q := &Pattern{Op: PatternRepeat, Parts: []*Pattern{x}}
	switch {
	case p.gotOp("*"):
		q.Min, q.Max = 0, -1
	case p.gotOp("+"):
		q.Min, q.Max = 1, -1
	case p.gotOp("?"):
		q.Min, q.Max = 0, 1
	case p.atOp("{") && p.ahead(1).text == "-":
		extra := p.excluded()
		return &Pattern{At: p.since(start), Op: PatternConcat, Parts: []*Pattern{x, extra}}
	case p.gotOp("{"):
		p.repetition(q)
	default:
		return x
	}
	q.Reluctant = p.gotOp("?")
	q.At = p.since(start)
	return q
}

// repetition takes n}, n,}, n,m} or ,m}.
func (p *parser) repetition(q *Pattern) {
	q.Min, q.Max = -1, -1
	if !p.atOp(",") {
		q.Min = p.repeatCount()
		q.Max = q.Min
	}
	if p.gotOp(",") {
		q.Max = -1
		if q.Min < 0 || !p.atOp("}") {
			q.Max = p.repeatCount()
		}
	}
	if !p.gotOp("}") {
		p.unexpected(",", "}")
	}
}

func (p *parser) repeatCount() int {
	t := p.tok()
	if t.kind != tokNumber {
		p.unexpected("a number")
	}
	p.i++
	n, err := strconv.Atoi(t.text)
	if err != nil {
		p.fault(t.start, t.end, "a pattern repeats a whole number of times")
	}
	return n
}

// excluded takes {- pattern -}.
func (p *parser) excluded() *Pattern {
	start := p.take().start
	p.wantOp("-")
	x := p.pattern()
	p.wantOp("-")
	p.wantOp("}")
	return &Pattern{At: p.since(start), Op: PatternExclude, Parts: []*Pattern{x}}
}

func (p *parser) patternPrimary() *Pattern {
	start := p.tok().start
	switch {
	case p.gotOp("("):
		x := p.pattern()
		if !p.gotOp(")") {
			p.unexpected("a symbol", ")")
		}
		return x
	case p.atOp("{"):
		return p.excluded()
	case p.got("PERMUTE"):
		p.wantOp("(")
		parts := list(p, p.pattern)
		p.wantOp(")")
		return &Pattern{At: p.since(start), Op: PatternPermute, Parts: parts}
	}
	n := p.name("a symbol")
	return &Pattern{At: p.since(start), Op: PatternSymbol, Symbol: n}
}

func (p *parser) subset() *Subset {
	start := p.tok().start
	s := &Subset{Name: p.name("a symbol")}
	p.wantOp("=")
	p.wantOp("(")
	s.Symbols = list(p, p.plainExpr)
	p.wantOp(")")
	s.At = p.since(start)
	return s
}

func (p *parser) definition() *Definition {
	start := p.tok().start
	d := &Definition{Symbol: p.name("a symbol")}
	p.want("AS")
	d.Cond = p.expr()
	d.At = p.since(start)
	return d
}
