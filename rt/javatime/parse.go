package javatime

import (
	"errors"
	"strings"

	"pyfc/rt/val"
)

// ErrText is what Parse fails with where the text isn't of the pattern.
var ErrText = errors.New("the text doesn't follow the date pattern")

// parsed holds the values read, by the letter of their field.
type parsed struct {
	has    [128]bool
	values [128]int64
}

// field is the letter under which a letter's value is kept.
func fieldOf(letter byte) byte {
	switch letter {
	case 'L':
		return 'M'
	case 'q':
		return 'Q'
	case 'c':
		return 'e'
	case 'S':
		return 'n'
	}
	return letter
}

// set keeps a value; false if the field has another one.
func (p *parsed) set(letter byte, v int64) bool {
	f := fieldOf(letter)
	if p.has[f] {
		return p.values[f] == v
	}
	p.has[f], p.values[f] = true, v
	return true
}

func (p *parsed) get(letter byte, missing int64) int64 {
	if p.has[letter] {
		return p.values[letter]
	}
	return missing
}

// Parse reads a wall clock time. What the pattern doesn't give is that of
// 1970-01-01 00:00:00. The day of a month that has no such is its last, and
// hour 24 the next day's begin. A zone or offset is read and doesn't count.
func (f *Formatter) Parse(s string) (val.Timestamp, error) {
	var p parsed
	rest, ok := p.elements(f.elements, s)
	if !ok || rest != "" {
		return val.Timestamp{}, ErrText
	}
	if t, ok := p.resolve(); ok {
		return t, nil
	}
	return val.Timestamp{}, ErrText
}

func (p *parsed) elements(elements []element, s string) (rest string, ok bool) {
	for i := range elements {
		e := &elements[i]
		switch {
		case e.optional != nil:
			before := *p
			if rest, ok := p.elements(e.optional, s); ok {
				s = rest
			} else {
				*p = before
			}
			continue
		case e.letter == 0:
			s, ok = strings.CutPrefix(s, e.literal)
		case e.pad > 0:
			s, ok = p.padded(e, s)
		default:
			s, ok = p.element(e, s)
		}
		if !ok {
			return s, false
		}
	}
	return s, true
}

// padded reads a field in its width, after spaces.
func (p *parsed) padded(e *element, s string) (string, bool) {
	if len(s) < e.pad {
		return s, false
	}
	inner := *e
	inner.pad = 0
	rest, ok := p.element(&inner, strings.TrimLeft(s[:e.pad], " "))
	return s[e.pad:], ok && rest == ""
}

func (p *parsed) element(e *element, s string) (string, bool) {
	switch {
	case e.text != nil:
		return p.name(e, s)
	case e.number():
		return p.number(e, s)
	}
	return zoneText(e.letter, s)
}

// name reads the longest of the texts.
func (p *parsed) name(e *element, s string) (string, bool) {
	best := -1
	for i, text := range e.text {
		if strings.HasPrefix(s, text) && (best < 0 || len(text) > len(e.text[best])) {
			best = i
		}
	}
	if best < 0 || len(e.text[0]) == 1 { // initials are ambiguous
		return s, false
	}
	return s[len(e.text[best]):], p.set(e.letter, int64(best)+textBase(e.letter))
}

// number reads digits as NumberPrinterParser does in strict mode.
func (p *parsed) number(e *element, s string) (string, bool) {
	negative, plus := strings.HasPrefix(s, "-"), strings.HasPrefix(s, "+")
	if negative && e.sign == noSign || plus && e.sign != exceedsSign {
		return s, false
	}
	if negative || plus {
		s = s[1:]
	}
	n, most := 0, e.max+e.following
	for n < len(s) && n < most && isDigit(s[n]) {
		n++
	}
	if e.following > 0 {
		most = max(e.min, n-e.following)
	}
	n = min(n, most)
	if n < e.min || plus && n <= e.min || !negative && !plus && e.sign == exceedsSign && n > e.min || n > 18 {
		return s, false
	}
	v := int64(0)
	for i := range n {
		v = v*10 + int64(s[i]-'0')
	}
	if negative {
		if v == 0 {
			return s, false
		}
		v = -v
	}
	switch {
	case e.letter == 'S':
		for i := n; i < 9; i++ {
			v *= 10
		}
	case e.count == 2 && (e.letter == 'y' || e.letter == 'u' || e.letter == 'Y'):
		v += 2000
	}
	return s[n:], p.set(e.letter, v)
}

// zoneText reads an offset or the name of a zone.
func zoneText(letter byte, s string) (string, bool) {
	if strings.HasPrefix(s, "Z") && (letter == 'X' || letter == 'Z') {
		return s[1:], true
	}
	if letter == 'O' {
		rest, ok := strings.CutPrefix(s, "GMT")
		if !ok || rest == "" || rest[0] != '+' && rest[0] != '-' {
			return rest, ok
		}
		s = rest
	}
	if strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") {
		n := 1
		for n < len(s) && (isDigit(s[n]) || s[n] == ':') {
			n++
		}
		_, ok := val.LookupZone(s[:n])
		return s[n:], ok
	}
	n := 0
	for n < len(s) && (isLetter(s[n]) || isDigit(s[n]) || strings.IndexByte("/_-+:", s[n]) >= 0) {
		n++
	}
	_, ok := val.LookupZone(s[:n])
	return s[n:], ok && strings.IndexByte("Vzv", letter) >= 0
}

// resolve makes one time of the fields, by DateTimeFormatter's smart rules.
func (p *parsed) resolve() (val.Timestamp, bool) {
	nanos, ok := p.timeOfDay()
	if !ok {
		return val.Timestamp{}, false
	}
	days, complete, ok := p.date()
	if !ok {
		return val.Timestamp{}, false
	}
	if complete && !p.agrees(days) {
		return val.Timestamp{}, false
	}
	return val.TimestampFromUnix(days*86_400+nanos/nanosPerSecond, nanos%nanosPerSecond), true
}

// timeOfDay is the nanoseconds since midnight.
func (p *parsed) timeOfDay() (int64, bool) {
	within := func(letter byte, low, high int64) bool {
		v := p.get(letter, low)
		return v >= low && v <= high
	}
	if !within('k', 0, 24) || !within('h', 0, 12) || !within('K', 0, 11) || !within('H', 0, 24) || !within('m', 0, 59) ||
		!within('s', 0, 59) || !within('n', 0, 999_999_999) || !within('A', 0, val.MillisPerDay-1) || !within('N', 0, 24*nanosPerHour-1) {
		return 0, false
	}
	if p.has['k'] && !p.set('H', p.values['k']%24) || p.has['h'] && !p.set('K', p.values['h']%12) {
		return 0, false
	}
	if p.has['a'] && p.has['K'] && !p.set('H', p.values['a']*12+p.values['K']) {
		return 0, false
	}
	nanos := p.get('H', 0)*nanosPerHour + p.get('m', 0)*nanosPerMinute + p.get('s', 0)*nanosPerSecond + p.get('n', 0)
	if p.get('H', 0) == 24 && nanos != 24*nanosPerHour {
		return 0, false
	}
	for letter, unit := range map[byte]int64{'A': 1_000_000, 'N': 1} {
		if p.has[letter] {
			if p.has['H'] && nanos != p.values[letter]*unit {
				return 0, false
			}
			nanos = p.values[letter] * unit
		}
	}
	return nanos, true
}

// date is the days since 1970-01-01; complete says that the pattern gave a day
// of the calendar.
func (p *parsed) date() (days int64, complete, ok bool) {
	if p.has['y'] {
		y := p.values['y']
		if y < 1 || y > 999_999_999 {
			return 0, false, false
		}
		if p.has['G'] && p.values['G'] == 0 {
			y = 1 - y
		}
		if !p.set('u', y) {
			return 0, false, false
		}
	}
	year, month, day := p.get('u', 1970), p.get('M', 1), p.get('d', 1)
	if year < -999_999_999 || year > 999_999_999 {
		return 0, false, false
	}
	january1 := val.DaysFromCivil(year, 1, 1)
	switch {
	case p.has['u'] && p.has['D'] && !p.has['M']:
		d := p.values['D']
		return january1 + d - 1, true, d >= 1 && d <= val.DaysFromCivil(year+1, 1, 1)-january1
	case p.has['Y'] && p.has['w'] && (p.has['e'] || p.has['E']):
		return p.weekDate()
	case p.has['g']:
		return p.values['g'] - 40_587, true, true
	case month < 1 || month > 12 || day < 1 || day > 31:
		return 0, false, false
	}
	complete = p.has['u'] && p.has['M'] && p.has['d']
	last := val.DaysInMonth(year, month)
	if complete {
		day = min(day, last)
	}
	return val.DaysFromCivil(year, month, day), complete, day <= last
}

// weekDate is the day of a week of a year of weeks.
func (p *parsed) weekDate() (days int64, complete, ok bool) {
	january1 := val.DaysFromCivil(p.values['Y'], 1, 1)
	sunday := january1 - val.FloorMod(january1+4, 7)
	dow := p.get('e', p.values['E']%7+1)
	if w := p.values['w']; dow < 1 || dow > 7 || w < 1 || w > 53 {
		return 0, false, false
	}
	return sunday + (p.values['w']-1)*7 + dow - 1, true, true
}

// agrees reports whether the other fields say the same of the day.
func (p *parsed) agrees(days int64) bool {
	f := fieldsOf(val.Timestamp{Milli: days * val.MillisPerDay})
	for _, letter := range []byte("EeQDFWwYgu") {
		if v, _ := f.value(letter); p.has[letter] && p.values[letter] != v {
			return false
		}
	}
	return true
}
