package javatime

import (
	"strconv"
	"strings"
	"time"

	"pyfc/rt/val"
)

// simpleParsed holds the values that SimpleFormat.Parse reads; order says which
// field came last.
type simpleParsed struct {
	values    [128]int64
	order     [128]int
	read      int
	offset    int64 // of a zone that was read, in seconds
	hasOffset bool
	twoDigits bool // the year was given by two digits
}

func (p *simpleParsed) set(letter byte, v int64) {
	p.read++
	p.values[letter], p.order[letter] = v, p.read
}

func (p *simpleParsed) get(letter byte, missing int64) int64 {
	if p.order[letter] > 0 {
		return p.values[letter]
	}
	return missing
}

// Parse reads an instant, in milliseconds since the epoch, of a text that begins
// by the pattern; what follows is ignored, and fields out of their range carry
// over. Two digits of a year mean one of the 80 years before now or the 20 after.
// It returns false where the text doesn't follow the pattern.
func (f *SimpleFormat) Parse(s string, zone *time.Location, now time.Time) (milli int64, ok bool) {
	var p simpleParsed
	century := now.AddDate(-80, 0, 0)
	rest := s
	for i := range f.parts {
		part := &f.parts[i]
		if part.letter == 0 {
			rest, ok = strings.CutPrefix(rest, part.literal)
		} else {
			rest, ok = p.part(part, rest, century)
		}
		if !ok {
			return 0, false
		}
	}
	milli = p.instant(zone)
	if p.twoDigits && milli < century.UnixMilli() {
		p.values['y'] += 100
		milli = p.instant(zone)
	}
	return milli, true
}

// part reads one field and returns what follows.
func (p *simpleParsed) part(part *simplePart, s string, century time.Time) (string, bool) {
	blanks := len(s) - len(strings.TrimLeft(s, " \t"))
	if blanks == len(s) {
		return s, false
	}
	letter := part.letter
	switch letter {
	case 'L':
		letter = 'M'
	case 'G', 'a':
		return p.name(letter, 0, s, texts[letter][0])
	case 'z', 'Z', 'X':
		return p.zone(part, s[blanks:])
	}
	if letter == 'E' || letter == 'M' && part.count > 2 {
		return p.name(letter, 1, s, texts[letter][1], texts[letter][0])
	}
	end := len(s)
	if part.exact {
		if end = part.count; end > len(s) {
			return s, false
		}
	}
	v, n, ok := integer(s[min(blanks, end):end])
	if !ok {
		return s, false
	}
	digits := s[blanks : blanks+n]
	if (letter == 'y' || letter == 'Y') && part.count <= 2 && n == 2 && isDigit(digits[0]) {
		base := int64(century.Year())
		p.twoDigits = v == base%100
		if v += base / 100 * 100; v < base {
			v += 100
		}
	}
	p.set(letter, v)
	return s[blanks+n:], true
}

// integer reads digits, with a minus sign or without.
func integer(s string) (v int64, length int, ok bool) {
	n := 0
	if strings.HasPrefix(s, "-") {
		n = 1
	}
	begin := n
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	if n == begin {
		return 0, 0, false
	}
	v, err := strconv.ParseInt(s[:n], 10, 64)
	if err != nil {
		return map[bool]int64{true: -1 << 31, false: 1<<31 - 1}[v < 0], n, true // as Java's double to int
	}
	return int64(int32(v)), n, true
}

// name reads the longest of the names, in any case; base is the value of the
// first.
func (p *simpleParsed) name(letter byte, base int64, s string, lists ...[]string) (string, bool) {
	for _, names := range lists {
		best := -1
		for i, name := range names {
			if len(s) >= len(name) && strings.EqualFold(s[:len(name)], name) && (best < 0 || len(name) > len(names[best])) {
				best = i
			}
		}
		if best >= 0 {
			p.set(letter, int64(best)+base)
			return s[len(names[best]):], true
		}
	}
	return s, false
}

// zone reads an offset, GMT with an offset, or an abbreviation.
func (p *simpleParsed) zone(part *simplePart, s string) (string, bool) {
	if part.letter == 'X' && strings.HasPrefix(s, "Z") {
		p.hasOffset = true
		return s[1:], true
	}
	if rest, ok := strings.CutPrefix(s, "GMT"); ok && part.letter != 'X' && rest != "" && (rest[0] == '+' || rest[0] == '-') {
		s = rest
	}
	if s[0] == '+' || s[0] == '-' {
		n := 1
		for n < len(s) && (isDigit(s[n]) || s[n] == ':') && n < 6 {
			n++
		}
		if part.letter == 'X' && n > 1+[...]int{0, 2, 4, 5}[part.count] {
			n = 1 + [...]int{0, 2, 4, 5}[part.count]
		}
		zone, ok := val.LookupZone(s[:n])
		if ok {
			p.offset, p.hasOffset = val.ZoneOffset(zone, 0), true
		}
		return s[n:], ok
	}
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	hours, ok := zoneOffsets[strings.ToUpper(s[:n])]
	if !ok || part.letter == 'X' {
		return s, false
	}
	p.offset, p.hasOffset = hours*3600, true
	return s[n:], true
}

// instant makes one instant of the fields, as a lenient calendar does.
func (p *simpleParsed) instant(zone *time.Location) int64 {
	wall := p.days()*val.MillisPerDay + p.hour()*val.MillisPerHour +
		p.get('m', 0)*val.MillisPerMinute + p.get('s', 0)*val.MillisPerSecond + p.get('S', 0)
	if p.hasOffset {
		return wall - p.offset*1000
	}
	return val.LegacyInstant(zone, wall)
}

// hour is that of 24 hours, or that of 12 if it came last.
func (p *simpleParsed) hour() int64 {
	h24 := max(p.order['H'], p.order['k'])
	h12 := max(p.order['K'], p.order['h'])
	if h12 > 0 && p.order['a'] == 0 && h24 > 0 {
		h12 = 0
	}
	if h12 > 0 && p.order['a'] > 0 {
		h12 = max(h12, p.order['a'])
	}
	if h24 >= h12 && h24 > 0 {
		if p.order['k'] > p.order['H'] {
			return p.values['k'] % 24
		}
		return p.values['H']
	}
	h := p.get('K', 0)
	if p.order['h'] > p.order['K'] {
		h = p.values['h']
		if h == 12 {
			h = 0
		}
	}
	return h + 12*p.get('a', 0)
}

// days is the day, of year, month and day, or of the day or week of the year if
// these came last.
func (p *simpleParsed) days() int64 {
	year := p.get('y', p.get('Y', 1970))
	if p.order['G'] > 0 && p.values['G'] == 0 {
		year = 1 - year
	}
	dow := max(p.order['E'], p.order['u'])
	switch {
	case p.order['D'] > max(p.order['d'], p.order['M']):
		return hybridToDays(year, 1, 1) + p.values['D'] - 1
	case p.order['w'] > 0 && p.order['d'] == 0 && (dow > 0 || p.order['M'] == 0):
		january1 := hybridToDays(year, 1, 1)
		sunday := january1 - val.FloorMod(january1+4, 7)
		day := int64(0)
		if dow > 0 {
			day = p.get('u', p.values['E']) % 7
		}
		return sunday + (p.values['w']-1)*7 + day
	}
	return hybridToDays(year, p.get('M', 1), p.get('d', 1))
}
