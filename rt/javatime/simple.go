package javatime

import (
	"fmt"
	"strings"
	"time"

	"pyfc/rt/val"
)

// SimpleFormat is a compiled pattern of SimpleDateFormat. Its calendar is the
// Julian one before 1582-10-15.
type SimpleFormat struct{ parts []simplePart }

// simplePart is a field, or a literal where letter is 0.
type simplePart struct {
	letter  byte
	count   int
	literal string
	// exact says that a number right behind makes this one have no more digits
	// than letters.
	exact bool
}

// NewSimpleFormat compiles a pattern.
func NewSimpleFormat(pattern string) (*SimpleFormat, error) {
	c := compiler{pattern: pattern}
	f := &SimpleFormat{}
	for c.pos < len(pattern) {
		ch := pattern[c.pos]
		part := simplePart{}
		switch {
		case ch == '\'':
			text, ok := c.quoted()
			if !ok {
				return nil, c.errorf("a quotation mark isn't closed")
			}
			part.literal = text
		case !isLetter(ch):
			part.literal = pattern[c.pos : c.pos+1]
			c.pos++
		case strings.IndexByte("GyMdkHmsSEDFwWahKzZYuXL", ch) < 0:
			return nil, c.errorf("%c is no letter of it", ch)
		default:
			part.letter, part.count = c.letters()
			if part.letter == 'X' && part.count > 3 {
				return nil, c.errorf("X can't stand there %d times", part.count)
			}
			if i := len(f.parts) - 1; i >= 0 && f.parts[i].letter != 0 {
				f.parts[i].exact = part.numeric()
			}
		}
		f.parts = append(f.parts, part)
	}
	return f, nil
}

// numeric reports whether the field is read as a number when another one
// stands before it.
func (p *simplePart) numeric() bool {
	switch p.letter {
	case 'M', 'L':
		return p.count <= 2
	case 'G', 'E', 'a', 'z', 'Z', 'X':
		return false
	}
	return true
}

// gregorianBegin is 1582-10-15.
const gregorianBegin = -141_427

// hybridFromDays is the day in the calendar that was in use.
func hybridFromDays(days int64) (year, month, day int64) {
	if days >= gregorianBegin {
		return val.CivilFromDays(days)
	}
	c := days + 2_440_588 + 32_082
	year = val.FloorDiv(4*c+3, 1461)
	e := c - val.FloorDiv(1461*year, 4)
	m := (5*e + 2) / 153
	return year - 4800 + m/10, m + 3 - 12*(m/10), e - (153*m+2)/5 + 1
}

// hybridToDays is the reverse; month and day may be out of their range.
func hybridToDays(year, month, day int64) int64 {
	if days := val.DaysFromCivil(year, month, day); days >= gregorianBegin {
		return days
	}
	year, month = year+val.FloorDiv(month-1, 12), val.FloorMod(month-1, 12)+1
	a := (14 - month) / 12
	y, m := year+4800-a, month+12*a-3
	return day + (153*m+2)/5 + 365*y + val.FloorDiv(y, 4) - 32_083 - 2_440_588
}

// Format appends what the zone's wall clock shows at an instant, in
// milliseconds since the epoch.
func (f *SimpleFormat) Format(dst []byte, milli int64, zone *time.Location) ([]byte, error) {
	offset := val.LegacyZoneOffset(zone, val.FloorDiv(milli, 1000))
	wall := milli + offset*1000
	fs := fields{days: val.FloorDiv(wall, val.MillisPerDay), nanoOfDay: val.FloorMod(wall, val.MillisPerDay) * 1_000_000}
	fs.year, fs.month, fs.day = hybridFromDays(fs.days)
	for i := range f.parts {
		p := &f.parts[i]
		var err error
		if dst, err = p.append(dst, &fs, milli, offset, zone); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

func (p *simplePart) append(dst []byte, fs *fields, milli, offset int64, zone *time.Location) ([]byte, error) {
	switch p.letter {
	case 0:
		return append(dst, p.literal...), nil
	case 'z':
		name, ok := zoneName(milli, zone)
		if !ok || p.count > 3 {
			return dst, fmt.Errorf("the name of the time zone %s for the pattern's %q isn't known", zone, strings.Repeat("z", p.count))
		}
		return append(dst, name...), nil
	case 'Z', 'X':
		return p.appendOffset(dst, offset), nil
	case 'S':
		return appendInt(dst, fs.nanoOfDay/1_000_000%1000, p.count), nil
	case 'u':
		return appendInt(dst, weekday(fs.days)+1, p.count), nil
	case 'F':
		return appendInt(dst, (fs.day-1)/7+1, p.count), nil
	case 'D':
		return appendInt(dst, fs.days-hybridToDays(fs.year, 1, 1)+1, p.count), nil
	}
	v, _ := fs.value(p.letter)
	switch p.letter {
	case 'G':
		return append(dst, eraNames[v]...), nil
	case 'a':
		return append(dst, halfNames[v]...), nil
	case 'y', 'Y':
		if p.count == 2 {
			v %= 100
		}
	case 'M', 'L', 'E':
		switch names := texts[p.letter]; {
		case p.count >= 4:
			return append(dst, names[1][v-1]...), nil
		case p.count == 3 || p.letter == 'E':
			return append(dst, names[0][v-1]...), nil
		}
	}
	return appendInt(dst, v, p.count), nil
}

// appendOffset writes +0800 for Z, and for X Z, +08, +0800 or +08:00.
func (p *simplePart) appendOffset(dst []byte, offset int64) []byte {
	if p.letter == 'X' && offset == 0 {
		return append(dst, 'Z')
	}
	sign := byte('+')
	if offset < 0 {
		sign, offset = '-', -offset
	}
	dst = appendInt(append(dst, sign), offset/3600, 2)
	if p.letter == 'X' && p.count == 1 {
		return dst
	}
	if p.letter == 'X' && p.count == 3 {
		dst = append(dst, ':')
	}
	return appendInt(dst, offset/60%60, 2)
}

// zoneName is the zone's abbreviation, where Java has the same.
func zoneName(milli int64, zone *time.Location) (string, bool) {
	name, _ := time.UnixMilli(milli).In(zone).Zone()
	_, known := zoneOffsets[name]
	return name, known || strings.HasPrefix(name, "GMT")
}

// zoneOffsets are the abbreviations of zones, with the hours they are ahead of
// UTC.
var zoneOffsets = map[string]int64{
	"UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "PST": -8, "PDT": -7, "MST": -7, "MDT": -6, "CST": -6, "CDT": -5, "EST": -5,
	"EDT": -4, "AKST": -9, "AKDT": -8, "HST": -10, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9,
}
