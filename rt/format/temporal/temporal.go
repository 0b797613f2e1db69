// Package temporal reads and writes dates and times as the formats do, by the
// formatters of java.time and the types of java.sql: what PyFlink 1.20.1 takes,
// and nothing else.
package temporal

import (
	"strconv"

	"pyfc/rt/val"
)

const secondsPerDay = 24 * 60 * 60

// ParseDate reads yyyy-MM-dd, a day that there is; years of more than four digits
// have a sign.
func ParseDate(text string) (val.Date, bool) {
	p := reader{text: text}
	d := p.date(true)
	return d, p.done()
}

// ParseSQLDate reads yyyy-[m]m-[d]d as java.sql.Date does: a day that the month
// doesn't have is one of the next month.
func ParseSQLDate(text string) (val.Date, bool) {
	p := reader{text: text}
	year := p.number(4, 4)
	p.want('-', '-')
	month := p.number(1, 2)
	p.want('-', '-')
	day := p.number(1, 2)
	if !p.done() || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	return val.DateOf(year, month, 1) + val.Date(day-1), true
}

// ParseTime reads HH:mm:ss with a fraction, which doesn't count; 24:00:00 is
// midnight.
func ParseTime(text string) (val.Time, bool) {
	p := reader{text: text}
	seconds, _ := p.clock(true)
	return val.Time(seconds % secondsPerDay * 1000), p.done()
}

// ParseISOTime reads HH:mm, HH:mm:ss and those with a fraction, which doesn't
// count.
func ParseISOTime(text string) (val.Time, bool) {
	p := reader{text: text}
	seconds, _ := p.clock(false)
	return val.Time(seconds * 1000), p.done() && seconds < secondsPerDay
}

// ParseTimestamp reads yyyy-MM-dd HH:mm:ss with a fraction or, for iso, a T in
// place of the blank and seconds that may be missing. A text of UTC ends with Z.
// The value is cut to a precision.
func ParseTimestamp(text string, iso, utc bool, precision int) (val.Timestamp, bool) {
	p := reader{text: text}
	date := p.date(iso)
	if iso {
		p.want('T', 't')
	} else {
		p.want(' ', ' ')
	}
	seconds, nanos := p.clock(!iso)
	if utc {
		p.want('Z', 'Z')
	}
	at := val.TimestampFromUnix(int64(date)*secondsPerDay+int64(seconds), nanos)
	return at.Truncate(precision), p.done() && !(iso && seconds == secondsPerDay)
}

// ParseZuluTimestamp reads yyyy-MM-ddTHH:mm:ssZ with a fraction, as the legacy
// generation of JSON has timestamps. The value is cut to a precision.
func ParseZuluTimestamp(text string, precision int) (val.Timestamp, bool) {
	p := reader{text: text}
	date := p.date(false)
	p.want('T', 'T')
	seconds, nanos := p.clock(true)
	p.want('Z', 'Z')
	return val.TimestampFromUnix(int64(date)*secondsPerDay+int64(seconds), nanos).Truncate(precision), p.done()
}

// ParseZuluTime reads HH:mm:ssZ; it has no fraction.
func ParseZuluTime(text string) (val.Time, bool) {
	p := reader{text: text}
	seconds, nanos := p.clock(true)
	p.want('Z', 'Z')
	return val.Time(seconds * 1000), p.done() && nanos == 0 && seconds < secondsPerDay
}

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

// AppendDate writes yyyy-MM-dd; years of more than four digits have a sign.
func AppendDate(dst []byte, d val.Date) []byte {
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
	return val.AppendTwoDigits(append(val.AppendTwoDigits(dst, month), '-'), day)
}

// AppendTime writes HH:mm:ss.
func AppendTime(dst []byte, t val.Time) []byte { return appendClock(dst, t, 0) }

// AppendTimestamp writes yyyy-MM-dd HH:mm:ss and the fraction without the zeros at
// its end; for iso with a T in place of the blank, for UTC with a Z.
func AppendTimestamp(dst []byte, t val.Timestamp, iso, utc bool) []byte {
	sep := byte(' ')
	if iso {
		sep = 'T'
	}
	_, nanos := t.Unix()
	dst = appendClock(append(AppendDate(dst, t.Date()), sep), t.Time(), nanos)
	if utc {
		dst = append(dst, 'Z')
	}
	return dst
}

// appendClock writes HH:mm:ss and the fraction without the zeros at its end.
func appendClock(dst []byte, t val.Time, nanos int64) []byte {
	hour, minute, second, _ := t.Clock()
	dst = val.AppendTwoDigits(append(val.AppendTwoDigits(dst, hour), ':'), minute)
	dst = val.AppendTwoDigits(append(dst, ':'), second)
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
