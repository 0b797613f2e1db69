package sql

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// number makes a literal of SQL text: INT or, where that is too small, BIGINT;
// DECIMAL with a point, DOUBLE with an exponent.
func (p *parser) number(t token) Expr {
	pos := p.where(t)
	if strings.ContainsAny(t.text, "eE") {
		v, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return p.outOfRange(t)
		}
		return Double(pos, v)
	}
	whole, frac, _ := strings.Cut(t.text, ".")
	v, err := strconv.ParseInt(whole+frac, 10, 64)
	switch {
	case err != nil: // Flink wants the digits of a DECIMAL literal to fit BIGINT, too
		return p.outOfRange(t)
	case frac != "":
		return Decimal(pos, t.text)
	case v > math.MaxInt32:
		return Integer(pos, types.BigInt, v)
	}
	return Integer(pos, types.Int, v)
}

func (p *parser) outOfRange(t token) Expr {
	p.doubt(diag.LiteralRange, t.start, t.end, "the number %s is out of range", t.text)
	return Null(p.where(t), types.Of(types.Null))
}

// datetime takes DATE '…', TIME '…' or TIMESTAMP '…'.
func (p *parser) datetime() Expr {
	if p.ahead(1).kind != tokString {
		return nil
	}
	t, s := p.take(), p.take()
	return p.datetimeLiteral(t.upper, s, t.start)
}

// datetimeLiteral makes the literal of a kind, DATE, TIME or TIMESTAMP, from
// the string s.
func (p *parser) datetimeLiteral(kind string, s token, start int) Expr {
	p.known(s)
	lit := &Literal{At: p.since(start)}
	var layout, form string
	switch kind {
	case "DATE":
		lit.Type, layout, form = types.Of(types.Date).NotNull(), "2006-1-2", "yyyy-MM-dd"
	case "TIME":
		lit.Type, layout, form = types.Of(types.Time).NotNull(), "15:4:5", "HH:mm:ss[.fff]"
	default:
		lit.Type, layout, form = types.Of(types.Timestamp).NotNull(), "2006-1-2 15:4:5", "yyyy-MM-dd HH:mm:ss[.fffffffff]"
		lit.Type.Precision = 0
		if _, frac, ok := strings.Cut(s.text, "."); ok {
			lit.Type.Precision = min(len(frac), 9)
		}
	}
	text := strings.TrimLeft(s.text, " ")
	if _, frac, ok := strings.Cut(text, "."); ok && kind != "DATE" && len(frac) > 9 && isAllDigits(frac) {
		text = text[:len(text)-len(frac)+9]
	}
	v, err := time.Parse(layout, text)
	if err != nil && kind == "TIMESTAMP" { // midnight may be left out
		v, err = time.Parse("2006-1-2", text)
	}
	if err != nil || v.Year() == 0 && kind != "TIME" {
		p.report(diag.LiteralRange, s.start, s.end, "'%s' is no %s", s.text, kind).WithHint("its form is '%s'", form)
		return lit
	}
	if kind == "TIME" {
		v = v.AddDate(1970, 0, 0)
	}
	lit.Value = v
	return lit
}

// A unit of an interval, from the largest to the smallest.
type intervalUnit int

const (
	unitYear intervalUnit = iota
	unitMonth
	unitDay
	unitHour
	unitMinute
	unitSecond
)

var intervalUnits = [...]string{"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"}

func (u intervalUnit) String() string { return intervalUnits[u] }

// amount is one unit in months (YEAR, MONTH) or milliseconds.
func (u intervalUnit) amount() int64 { return types.IntervalUnit(u.String()) }

// intervalUnit takes a unit, also in the plural; it returns -1 at anything
// else.
func (p *parser) intervalUnit() intervalUnit {
	for i, u := range intervalUnits {
		if p.got(u) || p.got(u+"S") {
			return intervalUnit(i)
		}
	}
	return -1
}

// qualifier says which fields an interval has. precision is the digits of the
// first, fraction those behind the point of its seconds.
type qualifier struct {
	from, to            intervalUnit
	precision, fraction int
}

// unit is the name of the field if there is one only.
func (q qualifier) unit() string {
	if q.from != q.to {
		return ""
	}
	return q.from.String()
}

// intervalQualifier takes YEAR, DAY(3), DAY TO SECOND(3), …
func (p *parser) intervalQualifier() (types.Kind, qualifier) {
	q := qualifier{precision: 2, fraction: 6}
	if q.from = p.intervalUnit(); q.from < 0 {
		p.unexpected(intervalUnits[:]...)
	}
	if p.gotOp("(") {
		q.precision = p.count(q.from.String(), 1, 10)
		if q.from == unitSecond && p.gotOp(",") {
			q.fraction = p.count("SECOND", 0, 9)
		}
		p.wantOp(")")
	}
	q.to = q.from
	if p.got("TO") {
		t := p.tok()
		q.to = p.intervalUnit()
		if q.to <= q.from || (q.to <= unitMonth) != (q.from <= unitMonth) {
			p.fault(t.start, t.end, "no interval goes from %s to %s", q.from, t.describe())
			panic(bailout{})
		}
		if q.to == unitSecond && p.gotOp("(") {
			q.fraction = p.count("SECOND", 0, 9)
			p.wantOp(")")
		}
	}
	if q.from <= unitMonth {
		return types.IntervalYearMonth, q
	}
	return types.IntervalDayTime, q
}

// atIntervalUnit reports whether a unit is next.
func (p *parser) atIntervalUnit() bool {
	w := strings.TrimSuffix(p.tok().upper, "S")
	return p.tok().kind == tokIdent && slices.Contains(intervalUnits[:], w)
}

// interval takes INTERVAL [sign] '…' qualifier, or INTERVAL [sign] x unit,
// where x is a number, a column or a bracket.
func (p *parser) interval() Expr {
	start := p.take().start
	negative := p.atOp("-")
	if negative || p.atOp("+") {
		p.i++
	}
	s := p.tok()
	if s.kind != tokString {
		return p.intervalExpr(negative, start)
	}
	p.i++
	p.known(s)
	kind, q := p.intervalQualifier()
	if s.text == "" {
		p.fault(s.start, s.end, "an interval can't be empty")
	}
	v, problem := q.parse(s.text)
	if problem != "" {
		p.doubt(diag.LiteralRange, s.start, s.end, "'%s' is no interval: %s", s.text, problem)
	}
	if negative {
		v = -v
	}
	out := Interval(p.since(start).Pos, kind, v)
	out.Type = out.Type.WithUnit(q.unit())
	out.Written = p.writtenInterval(negative, s)
	return out
}

// writtenInterval is an interval that was just taken as Flink prints it: what
// the text has, in upper case.
func (p *parser) writtenInterval(negative bool, value token) string {
	sign := ""
	if negative {
		sign = "-"
	}
	qualifier := strings.ToUpper(strings.Join(strings.Fields(p.text[value.end:p.tokens[p.i-1].end]), " "))
	return "INTERVAL " + sign + types.Quote(value.text, '\'') + " " + pluralUnit.ReplaceAllString(qualifier, "$1")
}

var pluralUnit = regexp.MustCompile("(YEAR|QUARTER|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S")

// intervalExpr takes x unit of INTERVAL [sign] x unit: x times a literal.
func (p *parser) intervalExpr(negative bool, start int) Expr {
	var x Expr
	switch t := p.tok(); {
	case p.gotOp("("):
		x = p.expr()
		p.wantOp(")")
	case t.kind == tokNumber:
		p.i++
		x = p.number(t)
	default:
		path := p.path("a string, a number or a column")
		x = &Ident{At: At{path.Pos}, Parts: path.Parts}
	}
	kind, q := p.intervalQualifier()
	if q.to != q.from {
		t := p.tokens[p.i-1]
		p.fault(t.start, t.end, "an interval of a value that isn't a string has one unit")
		panic(bailout{})
	}
	at := p.since(start)
	if negative {
		x = &Call{At: at, Func: OpMinus, Args: []Expr{x}}
	}
	return &Call{At: at, Func: OpTimes, Args: []Expr{x, Interval(at.Pos, kind, q.from.amount())}}
}

// parse reads an interval literal: months or milliseconds, or what is wrong.
func (q qualifier) parse(text string) (value int64, problem string) {
	sign := int64(1)
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		sign, text = -1, rest
	}
	for u := q.from; u <= q.to; u++ {
		field := text
		if u < q.to {
			sep := map[intervalUnit]string{unitYear: "-", unitDay: " ", unitHour: ":", unitMinute: ":"}[u]
			i := strings.Index(text, sep)
			if i < 0 {
				return 0, u.String() + " is followed by " + strconv.Quote(sep)
			}
			field, text = text[:i], strings.TrimSpace(text[i+1:])
		}
		millis := int64(0)
		if u == unitSecond {
			whole, frac, point := strings.Cut(field, ".")
			if point && (!isAllDigits(frac) || len(frac) > q.fraction) {
				return 0, "its seconds have at most " + strconv.Itoa(q.fraction) + " fractional digits"
			}
			millis, _ = strconv.ParseInt((frac + "000")[:3], 10, 64)
			field = whole
		}
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil || !isAllDigits(field) {
			return 0, u.String() + " must be a whole number"
		}
		if problem := q.check(u, n); problem != "" {
			return 0, problem
		}
		value += n*u.amount() + millis
	}
	return sign * value, ""
}

// check bounds a field: the first by the qualifier's precision, the others by
// the calendar.
func (q qualifier) check(u intervalUnit, n int64) string {
	if u == q.from {
		if digits := strconv.FormatInt(n, 10); len(digits) > q.precision {
			return digits + " has more digits than " + u.String() + "(" + strconv.Itoa(q.precision) + ")"
		}
		return ""
	}
	if limit := [...]int64{0, 11, 0, 23, 59, 59}[u]; n > limit {
		return u.String() + " is at most " + strconv.FormatInt(limit, 10)
	}
	return ""
}

// unicodeEscapes decodes \XXXX, with esc for the backslash, and reports
// whether an escape is malformed. Two code units may form one character.
func unicodeEscapes(s string, esc byte) (string, bool) {
	if strings.IndexByte(s, esc) < 0 {
		return s, false
	}
	var units []uint16
	for i := 0; i < len(s); {
		if s[i] != esc {
			j := i
			for j < len(s) && s[j] != esc {
				j++
			}
			units = append(units, utf16.Encode([]rune(s[i:j]))...)
			i = j
			continue
		}
		if i+1 < len(s) && s[i+1] == esc {
			units = append(units, uint16(esc))
			i += 2
			continue
		}
		if i+5 > len(s) {
			return s, true
		}
		u, err := strconv.ParseUint(s[i+1:i+5], 16, 16)
		if err != nil {
			return s, true
		}
		units = append(units, uint16(u))
		i += 5
	}
	return string(utf16.Decode(units)), false
}
