package sql

import "strings"

// Calls whose arguments have a syntax of their own. All become plain calls;
// words such as YEAR or LEADING become string literals. Each function returns
// nil, having taken nothing, where the plain form is written.

var extractUnits = []string{
	"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND",
	"NANOSECOND", "DOW", "ISODOW", "DOY", "ISOYEAR", "EPOCH", "DECADE", "CENTURY", "MILLENNIUM",
}

var timestampUnits = []string{
	"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND",
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
	c.Args = list(p, p.expr)
	if p.got("TO") {
		c.Args = append(c.Args, p.symbol("a time unit", extractUnits...))
	}
	return p.finish(c, start)
}

// trim takes TRIM([[BOTH | LEADING | TRAILING] [characters] FROM] x): three
// arguments, or one.
func (p *parser) trim() Expr {
	c, start := p.special()
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
	case side != "":
		p.unexpected("FROM")
	default:
		c.Args = []Expr{x}
	}
	return p.finish(c, start)
}

// substring takes SUBSTRING(x FROM start [FOR length]), or with commas.
func (p *parser) substring() Expr {
	c, start := p.special()
	c.Args = list(p, p.expr)
	if p.got("FROM") {
		c.Args = append(c.Args, p.expr())
		if p.got("FOR") {
			c.Args = append(c.Args, p.expr())
		}
	}
	return p.finish(c, start)
}

// position takes POSITION(part IN x).
func (p *parser) position() Expr {
	c, start := p.special()
	part := p.exprAbove(precRange)
	p.want("IN")
	c.Args = []Expr{part, p.exprAbove(precRange)}
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
	if plain == "FRAC_SECOND" {
		plain = "MICROSECOND"
	}
	p.wantOp(",")
	c.Args = []Expr{Text(unit.Pos, plain)}
	c.Args = append(c.Args, list(p, p.expr)...)
	return p.finish(c, start)
}
