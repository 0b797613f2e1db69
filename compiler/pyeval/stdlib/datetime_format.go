package stdlib

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

// defTexts adds what makes texts of a moment or a moment of a text.
func defTexts(k *pyeval.Class) {
	text := func(signature string, f func(c *pyeval.Call, m moment) (string, error)) {
		k.Def(signature, func(c *pyeval.Call) (pyeval.Value, error) {
			s, err := f(c, selfMoment(c))
			return pyeval.NewStr(s), err
		})
	}
	switch k {
	case dateClass:
		text("isoformat(self)", func(_ *pyeval.Call, m moment) (string, error) { return isoText(k, m, "T", "auto") })
	case timeOfDayClass:
		text("isoformat(self, timespec: str='auto')", func(c *pyeval.Call, m moment) (string, error) {
			return isoText(k, m, "", c.Str("timespec"))
		})
	default:
		text("isoformat(self, sep: str='T', timespec: str='auto')", func(c *pyeval.Call, m moment) (string, error) {
			return isoText(k, m, c.Str("sep"), c.Str("timespec"))
		})
	}
	text("__str__(self)", func(_ *pyeval.Call, m moment) (string, error) { return isoText(k, m, " ", "auto") })
	format := func(c *pyeval.Call, m moment) (string, error) {
		return strftime(c.Thread, m, c.Self(), c.Str("format"))
	}
	text("strftime(self, format: str)", format)
	text("__format__(self, format: str, /)", func(c *pyeval.Call, m moment) (string, error) {
		if c.Str("format") == "" {
			return c.Thread.Str(c.Args()[0])
		}
		return format(c, m)
	})
	text("__repr__(self)", func(c *pyeval.Call, m moment) (string, error) { return momentRepr(c, k, m) })
	k.ClassMethod("fromisoformat(cls, text: str, /)", func(c *pyeval.Call) (pyeval.Value, error) { return fromISO(c, k) })
	if k == datetimeClass {
		k.ClassMethod("strptime(cls, text: str, format: str, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			p, err := strptime(c.Str("text"), c.Str("format"))
			if err != nil {
				return nil, err
			}
			return p.moment(c)
		})
	}
}

func isoText(k *pyeval.Class, m moment, sep, spec string) (string, error) {
	t := m.clock
	date := fmt.Sprintf("%04d-%02d-%02d", t.Year(), t.Month(), t.Day())
	if k == dateClass {
		return date, nil
	}
	us := t.Nanosecond() / 1000
	if spec == "auto" {
		if spec = "seconds"; us != 0 {
			spec = "microseconds"
		}
	}
	clock := fmt.Sprintf("%02d:%02d:%02d.%06d", t.Hour(), t.Minute(), t.Second(), us)
	length, ok := map[string]int{"hours": 2, "minutes": 5, "seconds": 8, "milliseconds": 12, "microseconds": 15}[spec]
	if !ok {
		return "", pyeval.Errorf(pyeval.ValueError, "Unknown timespec value")
	}
	clock = clock[:length] + offsetOf(m, ":")
	if k == timeOfDayClass {
		return clock, nil
	}
	return date + sep + clock, nil
}

// offsetOf is a moment's offset to UTC as a text, empty for a naive one.
func offsetOf(m moment, colon string) string {
	if m.zone == nil {
		return ""
	}
	_, seconds := m.clock.Zone()
	return offsetText(delta(seconds)*second, colon)
}

func momentRepr(c *pyeval.Call, k *pyeval.Class, m moment) (string, error) {
	from, to := numbersOf(k)
	shown := from + map[bool]int{true: 2, false: 5}[k == timeOfDayClass]
	var parts []string
	for i, n := range numbers[from:to] {
		v := n.get(m.clock)
		if from+i >= shown && v == 0 && (n.name == "microsecond" || m.clock.Nanosecond() == 0) {
			continue
		}
		parts = append(parts, strconv.Itoa(v))
	}
	if m.fold != 0 {
		parts = append(parts, "fold=1")
	}
	if m.zone != nil {
		s, err := c.Thread.Repr(m.zone)
		if err != nil {
			return "", err
		}
		parts = append(parts, "tzinfo="+s)
	}
	class := c.Args()[0].Class()
	name := class.Name()
	if class == k {
		name = "datetime." + name
	}
	return name + "(" + strings.Join(parts, ", ") + ")", nil
}

// directives are those of strftime that Go has a form for, or that stand for
// others.
var directives = map[byte]string{
	'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'b': "Jan", 'h': "Jan", 'B': "January",
	'a': "Mon", 'A': "Monday", 'p': "PM", 'I': "03", 'j': "002", 'e': "_2", 'F': "2006-01-02", 'T': "15:04:05", 'R': "15:04",
	'D': "01/02/06", 'x': "01/02/06", 'X': "15:04:05", 'c': "Mon Jan _2 15:04:05 2006", 'r': "03:04:05 PM", 'n': "\n", 't': "\t", '%': "%",
}

// strftime formats a moment; self is its object.
func strftime(t *pyeval.Thread, m moment, self pyeval.Value, format string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		s, err := directive(t, m, self, format[i])
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func directive(t *pyeval.Thread, m moment, self pyeval.Value, c byte) (string, error) {
	clock := m.clock
	isoYear, isoWeek := clock.ISOWeek()
	switch c {
	case 'f':
		return fmt.Sprintf("%06d", clock.Nanosecond()/1000), nil
	case 'z':
		return offsetOf(m, ""), nil
	case 'Z':
		name, err := m.ask(t, "tzname", self)
		return textOf(name), err
	case 'Y':
		return strconv.Itoa(clock.Year()), nil
	case 'C':
		return fmt.Sprintf("%02d", clock.Year()/100), nil
	case 'w':
		return strconv.Itoa(int(clock.Weekday())), nil
	case 'u':
		return strconv.Itoa(weekday(clock) + 1), nil
	case 'U':
		return fmt.Sprintf("%02d", (clock.YearDay()+6-int(clock.Weekday()))/7), nil
	case 'W':
		return fmt.Sprintf("%02d", (clock.YearDay()+6-weekday(clock))/7), nil
	case 'V':
		return fmt.Sprintf("%02d", isoWeek), nil
	case 'G':
		return strconv.Itoa(isoYear), nil
	case 's':
		return "", diag.New(diag.PyUnsupported, diag.Pos{}, "strftime's %%s depends on the time zone of the machine and isn't evaluated at build")
	}
	if layout, ok := directives[c]; ok {
		return clock.Format(layout), nil
	}
	return "%" + string(c), nil
}

// isoParts reads numbers of a fixed width off a text.
type isoParts struct {
	rest string
	bad  bool
}

func (p *isoParts) number(width int) int64 {
	if len(p.rest) < width {
		p.bad = true
		return 0
	}
	n := int64(0)
	for _, c := range []byte(p.rest[:width]) {
		if c < '0' || c > '9' {
			p.bad = true
			return 0
		}
		n = n*10 + int64(c-'0')
	}
	p.rest = p.rest[width:]
	return n
}

// skip takes a mark if it is there.
func (p *isoParts) skip(mark string) bool {
	rest, ok := strings.CutPrefix(p.rest, mark)
	p.rest = rest
	return ok
}

// fromISO reads the forms of ISO 8601 that CPython 3.11 takes.
func fromISO(c *pyeval.Call, k *pyeval.Class) (pyeval.Value, error) {
	s := c.Str("text")
	invalid := pyeval.Errorf(pyeval.ValueError, "Invalid isoformat string: %s", pyeval.Quote(s))
	p := &isoParts{rest: s}
	at := moment{clock: dateOf(1900, 1, 1)}
	if k == timeOfDayClass {
		p.skip("T")
	} else {
		day, err := p.date()
		switch {
		case p.bad || k == dateClass && p.rest != "":
			return nil, invalid
		case err != nil:
			return nil, err
		}
		at.clock = day
		if p.rest != "" {
			_, sep := firstRune(p.rest)
			if p.rest = p.rest[sep:]; p.rest == "" {
				return nil, invalid
			}
		}
	}
	if p.rest == "" {
		return newMoment(c.Arg("cls"), at)
	}
	clock, zone, err := p.clock()
	if p.bad {
		return nil, invalid
	}
	if err != nil {
		return nil, err
	}
	at.clock = clock.after(at.clock)
	if at, err = inZone(c.Thread, at, zone); err != nil {
		return nil, err
	}
	return newMoment(c.Arg("cls"), at)
}

// firstRune is the first character of a text and its length in bytes.
func firstRune(s string) (rune, int) {
	for i, r := range s {
		if i > 0 {
			return r, i
		}
	}
	return 0, len(s)
}

// date reads YYYY-MM-DD, YYYY-Www and YYYY-Www-D, also without hyphens.
func (p *isoParts) date() (time.Time, error) {
	year := p.number(4)
	hyphen := p.skip("-")
	if p.skip("W") {
		week, day := p.number(2), int64(1)
		if p.rest != "" && (!hyphen || p.rest[0] == '-' && len(p.rest) > 1 && p.rest[1] >= '0' && p.rest[1] <= '9') {
			if p.skip("-") == hyphen && p.rest[0] >= '0' && p.rest[0] <= '9' {
				day = p.number(1)
			}
		}
		if p.bad {
			return time.Time{}, nil
		}
		return isoDay(year, week, day)
	}
	month := p.number(2)
	if p.skip("-") != hyphen {
		p.bad = true
	}
	day := p.number(2)
	if p.bad {
		return time.Time{}, nil
	}
	return dateOf(int(year), time.Month(month), int(day)), checkDate(year, month, day)
}

// clock reads a time of day and the zone behind it, nil for none.
func (p *isoParts) clock() (delta, pyeval.Value, error) {
	var zone pyeval.Value
	text := p.rest
	if i := strings.IndexAny(text, "+-Z"); i >= 0 {
		mark := text[i]
		p.rest = text[i+1:]
		if mark == 'Z' {
			p.bad = p.bad || p.rest != ""
			zone = utc
		} else {
			offset := p.duration()
			if mark == '-' {
				offset.value = -offset.value
			}
			if offset.value <= -day || offset.value >= day {
				return 0, nil, pyeval.Errorf(pyeval.ValueError, "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not %s.", offset.value.repr())
			}
			zone = newZone(offset.value)
		}
		text = text[:i]
	}
	p.rest = text
	d := p.duration()
	return d.value, zone, checkClock(d.parts[0], d.parts[1], d.parts[2], d.parts[3])
}

// isoDuration is hours, minutes, seconds and microseconds, and their sum.
type isoDuration struct {
	parts [4]int64
	value delta
}

// duration reads HH[:MM[:SS[.ffffff]]], also without colons, to the end.
func (p *isoParts) duration() isoDuration {
	var d isoDuration
	d.parts[0] = p.number(2)
	colon := strings.HasPrefix(p.rest, ":")
	for i := 1; i < 3 && p.rest != "" && p.rest[0] != '.' && p.rest[0] != ','; i++ {
		if p.skip(":") != colon {
			p.bad = true
		}
		d.parts[i] = p.number(2)
		if p.bad {
			return d
		}
	}
	if p.skip(".") || p.skip(",") {
		digits := p.rest
		if strings.Trim(digits, "0123456789") != "" || digits == "" {
			p.bad = true
		} else {
			p.rest = (digits + "000000")[:6]
			d.parts[3] = p.number(6)
		}
	}
	p.bad = p.bad || p.rest != ""
	d.value = delta(d.parts[0])*hour + delta(d.parts[1])*minute + delta(d.parts[2])*second + delta(d.parts[3])
	return d
}
