package sql

import (
	"slices"
	"strings"
)

// Calls whose arguments have a syntax of their own. All become plain calls;
// words such as YEAR or LEADING become string literals. Each function returns
// nil, having taken nothing, where the plain form is written.

var extractUnits = []string{
	"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND",
	"NANOSECOND", "DOW", "ISODOW", "DOY", "ISOYEAR", "EPOCH", "DECADE", "CENTURY", "MILLENNIUM",
}

// floorUnits are the units of FLOOR and CEIL: those of EXTRACT from the
// millisecond up.
var floorUnits = slices.DeleteFunc(slices.Clone(extractUnits), func(u string) bool {
	return u == "MICROSECOND" || u == "NANOSECOND"
})

var timestampUnits = []string{
	"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MICROSECOND",
	"NANOSECOND", "FRAC_SECOND", "SQL_TSI_YEAR", "SQL_TSI_QUARTER", "SQL_TSI_MONTH", "SQL_TSI_WEEK",
	"SQL_TSI_DAY", "SQL_TSI_HOUR", "SQL_TSI_MINUTE", "SQL_TSI_SECOND", "SQL_TSI_MICROSECOND", "SQL_TSI_FRAC_SECOND",
}

// special begins a call with its own syntax: NAME(.
func (p *parser) special() (*Call, int) {
	t := p.take()
	p.wantOp("(")
	return &Call{Func: t.upper, Written: t.text}, t.start
}

// finish ends it.
func (p *parser) finish(c *Call, start int) Expr {
	p.wantOp(")")
	c.At = p.since(start)
	return c
}

// extract takes EXTRACT(unit FROM x).
func (p *parser) extract() Expr {
	c, start := p.special()
	unit := p.symbol("a time unit", extractUnits...)
	p.want("FROM")
	c.Args = []Expr{unit, p.expr()}
	return p.finish(c, start)
}

// floorTo takes FLOOR(x [TO unit]) and CEIL.
func (p *parser) floorTo() Expr {
	if p.ahead(1).text != "(" {
		return nil
	}
	c, start := p.special()
	if c.Func == "CEILING" {
		c.Func = "CEIL"
	}
	c.Args = []Expr{p.expr()}
	if p.got("TO") {
		c.Args = append(c.Args, p.symbol("a time unit", floorUnits...))
	}
	p.finish(c, start)
	p.overAfter(c)
	c.At = p.since(start)
	return c
}

// trim takes TRIM([[BOTH | LEADING | TRAILING] [characters] FROM] x): three
// arguments, or one.
func (p *parser) trim() Expr {
	c, start := p.special()
	if p.atOp(")") { // Flink's grammar takes no argument at all
		return p.finish(c, start)
	}
	from := p.tok()
	side := p.gotWord("BOTH", "LEADING", "TRAILING")
	if side != "" && p.got("FROM") {
		c.Args = []Expr{Text(p.where(from), side), Text(p.where(from), " "), p.expr()}
		return p.finish(c, start)
	}
	x := p.expr()
	switch {
	case p.got("FROM"):
		if side == "" {
			side = "BOTH"
		}
		c.Args = []Expr{Text(p.where(from), side), x, p.expr()}
	case side != "": // TRIM(LEADING x)
		c.Args = []Expr{Text(p.where(from), side), Text(p.where(from), " "), x}
	default:
		c.Args = []Expr{x}
	}
	return p.finish(c, start)
}

// substring takes SUBSTRING(x FROM start [FOR length]), or with commas.
func (p *parser) substring() Expr {
	c, start := p.special()
	c.Args = []Expr{p.expr()}
	if !p.got("FROM") && !p.gotOp(",") {
		p.unexpected("FROM", ",")
	}
	c.Args = append(c.Args, p.expr())
	if p.got("FOR") || p.gotOp(",") {
		c.Args = append(c.Args, p.expr())
	}
	return p.finish(c, start)
}

// position takes POSITION(part IN x [FROM start]).
func (p *parser) position() Expr {
	c, start := p.special()
	part := p.primary()
	p.want("IN")
	c.Args = []Expr{part, p.expr()}
	if p.got("FROM") {
		c.Args = append(c.Args, p.expr())
	}
	return p.finish(c, start)
}

// overlay takes OVERLAY(x PLACING y FROM start [FOR length]).
func (p *parser) overlay() Expr {
	c, start := p.special()
	c.Args = []Expr{p.expr()}
	p.want("PLACING")
	c.Args = append(c.Args, p.expr())
	p.want("FROM")
	c.Args = append(c.Args, p.expr())
	if p.got("FOR") {
		c.Args = append(c.Args, p.expr())
	}
	return p.finish(c, start)
}

// timestampCall takes TIMESTAMPADD(unit, n, x) and TIMESTAMPDIFF(unit, x, y).
// The old names SQL_TSI_DAY mean DAY.
func (p *parser) timestampCall() Expr {
	if p.ahead(1).text != "(" {
		return nil
	}
	c, start := p.special()
	unit := p.symbol("a time unit", timestampUnits...).(*Literal)
	plain := strings.TrimPrefix(unit.Value.(string), "SQL_TSI_")
	switch unit.Value { // as PyFlink 1.20.1 has it
	case "FRAC_SECOND":
		plain = "MICROSECOND"
	case "SQL_TSI_FRAC_SECOND":
		plain = "NANOSECOND"
	}
	c.Args = []Expr{Text(unit.Pos, plain)}
	for range 2 {
		p.wantOp(",")
		c.Args = append(c.Args, p.expr())
	}
	return p.finish(c, start)
}

// exists takes EXISTS (query), and UNIQUE.
func (p *parser) exists() Expr {
	t := p.take()
	x := p.prefix()
	return &Call{At: p.since(t.start), Func: t.upper, Args: []Expr{x}}
}

// period takes PERIOD (a, b).
func (p *parser) period() Expr {
	c, start := p.special()
	c.Args = []Expr{p.expr()}
	p.wantOp(",")
	c.Args = append(c.Args, p.expr())
	return p.finish(c, start)
}

// convert takes CONVERT(x USING name), TRANSLATE(x USING name), whose name
// PyFlink 1.20.1 looks for among the columns, and TRANSLATE(x, …).
func (p *parser) convert() Expr {
	c, start := p.special()
	c.Args = []Expr{p.expr()}
	switch {
	case p.got("USING"):
		n := p.name("a character set")
		c.Func += " USING"
		c.Args = append(c.Args, &Ident{At: At{n.Pos}, Parts: []Name{n}})
	case c.Func == "CONVERT":
		p.unexpected("USING")
	default:
		for p.gotOp(",") {
			c.Args = append(c.Args, p.expr())
		}
	}
	return p.finish(c, start)
}

// navigate takes FIRST(x [, n]), LAST, PREV and NEXT of MATCH_RECOGNIZE, and
// NEXT VALUE FOR.
func (p *parser) navigate() Expr {
	if p.atWords("NEXT", "VALUE") {
		return p.sequence()
	}
	if p.ahead(1).text != "(" || p.ahead(1).kind != tokOp {
		return nil
	}
	c, start := p.special()
	c.Args = []Expr{p.expr()}
	if p.gotOp(",") {
		c.Args = append(c.Args, p.signedNumber())
	}
	return p.finish(c, start)
}

// sequence takes NEXT VALUE FOR s and CURRENT VALUE FOR s.
func (p *parser) sequence() Expr {
	t := p.take()
	p.want("VALUE", "FOR")
	path := p.path("a sequence")
	name := &Ident{At: At{path.Pos}, Parts: path.Parts}
	return &Call{At: p.since(t.start), Func: t.upper + " VALUE", Args: []Expr{name}}
}

// modified takes a call with a word before it: RUNNING or FINAL in
// MATCH_RECOGNIZE, SPECIFIC, and NEW of a structured type. FINAL is a plain
// name elsewhere.
func (p *parser) modified() Expr {
	t := p.tok()
	if next := p.ahead(1); !reserved[t.upper] && (next.kind != tokIdent && next.kind != tokQuoted || !p.callAhead(1)) {
		return nil
	}
	p.i++
	x, ok := p.primary().(*Call)
	if !ok || x.Written == "" {
		p.unexpected("a call")
	}
	return &Call{At: p.since(t.start), Func: t.upper, Args: []Expr{x}}
}

// callAhead reports whether the name after the next n tokens is called.
func (p *parser) callAhead(n int) bool {
	for p.ahead(n+1).text == "." && p.ahead(n+1).kind == tokOp {
		n += 2
	}
	return p.ahead(n+1).kind == tokOp && p.ahead(n+1).text == "("
}

// braces takes {d '…'}, {t '…'}, {ts '…'} and {fn NAME(…)}.
func (p *parser) braces() Expr {
	open := p.take()
	w := p.tok()
	kinds := map[string]string{"D": "DATE", "T": "TIME", "TS": "TIMESTAMP"}
	var x Expr
	switch {
	case kinds[w.upper] != "" && p.ahead(1).kind == tokString:
		p.i++
		s := p.take()
		x = p.datetimeLiteral(kinds[w.upper], s, open.start)
	case p.got("FN"):
		n := p.tok()
		if n.kind != tokIdent || p.ahead(1).text != "(" {
			p.unexpected("a function")
		}
		p.i++
		inner := newCall(Name{n.text, p.where(n)}, nil)
		p.wantOp("(")
		if !p.atOp(")") {
			inner.Args = list(p, p.expr)
		}
		p.wantOp(")")
		inner.At = p.since(n.start)
		x = &Call{Func: OpEscape, Args: []Expr{inner}}
	default:
		p.unexpected("d", "t", "ts", "fn")
	}
	if !p.gotOp("}") {
		p.unexpected("}")
	}
	at := p.since(open.start)
	if c, ok := x.(*Call); ok {
		c.At = at
	}
	return x
}
