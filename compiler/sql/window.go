package sql

// over takes what follows OVER: a name, or a specification in brackets.
func (p *parser) over() *Window {
	if !p.atOp("(") {
		start := p.tok().start
		w := &Window{Name: p.name("a window"), Named: true}
		w.At = p.since(start)
		return w
	}
	return p.windowSpecification()
}

func (p *parser) namedWindow() *NamedWindow {
	start := p.tok().start
	w := &NamedWindow{Name: p.name("a window")}
	p.want("AS")
	if !p.atOp("(") {
		p.unexpected("(")
	}
	w.Window = p.windowSpecification()
	w.At = p.since(start)
	return w
}

// windowSpecification takes ([name] [PARTITION BY …] [ORDER BY …] [frame]).
func (p *parser) windowSpecification() *Window {
	start := p.take().start
	w := &Window{}
	if p.atName() {
		w.Name = p.name("a window")
	}
	if p.got("PARTITION") {
		p.want("BY")
		w.PartitionBy = list(p, p.plainExpr)
	}
	w.OrderBy = p.orderBy()
	if p.atWords("ROWS") || p.atWords("RANGE") {
		w.Frame = p.frame()
	}
	if w.Partial = p.gotWord("ALLOW", "DISALLOW"); w.Partial != "" {
		p.want("PARTIAL")
	}
	if !p.gotOp(")") {
		p.unexpected("PARTITION BY", "ORDER BY", "ROWS", "RANGE", ")")
	}
	w.At = p.since(start)
	return w
}

// frame takes ROWS or RANGE, and bounds.
func (p *parser) frame() *Frame {
	t := p.take()
	f := &Frame{Rows: t.upper == "ROWS"}
	if p.got("BETWEEN") {
		f.From = p.bound()
		p.want("AND")
		to := p.bound()
		f.To = &to
	} else {
		f.From = p.bound()
	}
	f.At = p.since(t.start)
	return f
}

func (p *parser) bound() Bound {
	switch {
	case p.got("CURRENT", "ROW"):
		return Bound{Kind: CurrentRow}
	case p.got("UNBOUNDED", "PRECEDING"):
		return Bound{Kind: UnboundedPreceding}
	case p.got("UNBOUNDED", "FOLLOWING"):
		return Bound{Kind: UnboundedFollowing}
	}
	b := Bound{Kind: Preceding, Offset: p.plainExpr()}
	switch {
	case p.got("PRECEDING"):
	case p.got("FOLLOWING"):
		b.Kind = Following
	default:
		p.unexpected("PRECEDING", "FOLLOWING")
	}
	return b
}
