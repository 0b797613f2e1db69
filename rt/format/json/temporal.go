package json

import (
	"strconv"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// temporal reads a DATE, TIME or timestamp in the forms of Java's formatters
// that Flink has. A timestamp is cut to the precision of its type.
func (d *Decoder) temporal(text string, t *types.Type) (val.Datum, bool) {
	p := reader{text: text}
	switch t.Kind {
	case types.Date:
		date := p.date(true)
		return val.IntDatum(date), p.done()
	case types.Time:
		seconds, _ := p.clock(true)
		return val.IntDatum(int32(seconds % secondsPerDay * 1000)), p.done()
	}
	iso := d.opts.Timestamps == isoForm
	date := p.date(iso)
	if iso {
		p.want('T', 't')
	} else {
		p.want(' ', ' ')
	}
	seconds, nanos := p.clock(!iso)
	if iso && seconds == secondsPerDay {
		return val.Datum{}, false
	}
	if t.Kind == types.TimestampLTZ {
		p.want('Z', 'Z')
	}
	at := val.TimestampFromUnix(int64(date)*secondsPerDay+int64(seconds), nanos)
	return val.TimestampDatum(at.Truncate(t.Precision)), p.done()
}

const (
	isoForm       = "ISO-8601"
	secondsPerDay = 24 * 60 * 60
)

// reader reads the parts of temporal texts. A fault shows at the end.
type reader struct {
	text string
	bad  bool
}

func (p *reader) done() bool { return !p.bad && p.text == "" }

func (p *reader) peek() byte {
	if p.text == "" {
		return 0
	}
	return p.text[0]
}

// want takes one of two characters.
func (p *reader) want(a, b byte) {
	if c := p.peek(); c == 0 || c != a && c != b {
		p.bad = true
		return
	}
	p.text = p.text[1:]
}

// number takes at least min and at most max digits.
func (p *reader) number(min, max int) (n int) {
	i := 0
	for ; i < max && i < len(p.text) && p.text[i]-'0' <= 9; i++ {
		n = n*10 + int(p.text[i]-'0')
	}
	p.text, p.bad = p.text[i:], p.bad || i < min
	return n
}

// date takes yyyy-MM-dd; years of more than four digits have a sign. Unless it
// is strict, a day that the month doesn't have is its last.
func (p *reader) date(strict bool) val.Date {
	sign := p.peek()
	digits := 4
	if sign == '-' || sign == '+' {
		p.text = p.text[1:]
		digits = 10
	}
	before := len(p.text)
	year := p.number(4, digits)
	if n := before - len(p.text); sign == '+' && n == 4 || sign == '-' && year == 0 || year > 999_999_999 {
		p.bad = true
	}
	if sign == '-' {
		year = -year
	}
	p.want('-', '-')
	month := p.number(2, 2)
	p.want('-', '-')
	day := p.number(2, 2)
	if p.bad || month < 1 || month > 12 || day < 1 || day > 31 {
		p.bad = true
		return 0
	}
	last := int(val.DaysInMonth(int64(year), int64(month)))
	p.bad = strict && day > last
	return val.DateOf(year, month, min(day, last))
}

// clock takes HH:mm:ss and a fraction, which may be a mere point in the form of
// SQL; there 24:00:00 is midnight, too, and the seconds may not be missing.
func (p *reader) clock(sql bool) (seconds int, nanos int64) {
	hour := p.number(2, 2)
	p.want(':', ':')
	minute := p.number(2, 2)
	second := 0
	if sql || p.peek() == ':' {
		p.want(':', ':')
		second = p.number(2, 2)
		nanos = p.fraction(sql)
	}
	midnight := hour == 24 && minute == 0 && second == 0 && nanos == 0
	p.bad = p.bad || hour > 23 && !midnight || minute > 59 || second > 59
	return hour*3600 + minute*60 + second, nanos
}

// fraction takes a point and up to nine digits.
func (p *reader) fraction(bare bool) int64 {
	if p.peek() != '.' {
		return 0
	}
	p.text = p.text[1:]
	before := len(p.text)
	n := p.number(0, 9)
	digits := before - len(p.text)
	p.bad = p.bad || digits == 0 && !bare
	for ; digits < 9; digits++ {
		n *= 10
	}
	return int64(n)
}

// appendDate writes yyyy-MM-dd; years of more than four digits have a sign.
func appendDate(dst []byte, d val.Date) []byte {
	year, month, day := d.Civil()
	switch {
	case year < 0:
		dst, year = append(dst, '-'), -year
	case year > 9999:
		dst = append(dst, '+')
	}
	for p := 1000; p > year && p > 1; p /= 10 {
		dst = append(dst, '0')
	}
	dst = append(strconv.AppendInt(dst, int64(year), 10), '-')
	return append2(append(append2(dst, month), '-'), day)
}

// append2 writes two digits.
func append2(dst []byte, v int) []byte { return append(dst, byte('0'+v/10%10), byte('0'+v%10)) }

// appendClock writes HH:mm:ss and the fraction without the zeros at its end.
func appendClock(dst []byte, t val.Time, nanos int64) []byte {
	hour, minute, second, _ := t.Clock()
	dst = append2(append(append2(dst, hour), ':'), minute)
	dst = append2(append(dst, ':'), second)
	if nanos == 0 {
		return dst
	}
	dst = append(dst, '.')
	for p := int64(100_000_000); nanos > 0; p /= 10 {
		dst = append(dst, byte('0'+nanos/p))
		nanos %= p
	}
	return dst
}
