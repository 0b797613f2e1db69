package val

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The parsers of CAST(text AS …), which take what PyFlink 1.20.1 takes. Their
// errors name the text.

// ErrBadTemporal is wrapped by every error of the parsers.
var ErrBadTemporal = errors.New("not a valid date or time")

func badTemporal(what, s string) error {
	return fmt.Errorf("%q is no %s: %w", s, what, ErrBadTemporal)
}

// ParseDate reads a DATE: y-m-d, y-m or y with any number of digits, up to year
// 9999. What follows a space is ignored, so that a timestamp is taken, too.
func ParseDate(s string) (Date, error) {
	text := s
	if i := strings.IndexByte(s, ' '); i > 0 {
		text = s[:i]
	}
	fields := [3]int{0, 1, 1}
	for i := range fields {
		field, rest, more := text, "", false
		if i < 2 {
			field, rest, more = strings.Cut(text, "-")
		}
		n, ok := parseField(field)
		if !ok {
			return 0, badTemporal("DATE", s)
		}
		fields[i] = n
		if !more {
			break
		}
		text = rest
	}
	y, m, d := fields[0], fields[1], fields[2]
	if y > 9999 || m < 1 || m > 12 || d < 1 || d > int(DaysInMonth(int64(y), int64(m))) {
		return 0, badTemporal("DATE", s)
	}
	return DateOf(y, m, d), nil
}

// parseField reads digits with spaces around them.
func parseField(s string) (int, bool) {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 32)
	return int(n), err == nil
}

// ParseTime reads a TIME: h, h:m, h:m:s or h:m:s.fraction, and an offset +h or
// +h:m, which is added. Like Flink, it doesn't check the ranges: 23:59:60 is
// 24:00:00.
func ParseTime(s string) (Time, error) {
	bad := badTemporal("TIME", s)
	text, sign := s, int32(0)
	var offset [2]int
	for c, sg := range map[byte]int32{'-': -1, '+': 1} {
		i := strings.IndexByte(s, c)
		if i < 0 || c == '+' && strings.IndexByte(s, '-') >= 0 {
			continue
		}
		var ok bool
		if text, sign = s[:i], sg; strings.Count(text, ":") < 2 && strings.Contains(s[i:], ":") {
			return 0, bad // Flink takes the offset's colon for the time's
		}
		if offset, ok = parseZoneOffset(s[i+1:]); !ok {
			return 0, bad
		}
	}
	h, rest, hasMinute := strings.Cut(text, ":")
	m, rest, hasSecond := strings.Cut(rest, ":")
	sec, fraction, hasFraction := strings.Cut(rest, ".")
	hour, ok := parseField(h)
	minute, second, milli := 0, 0, 0
	if ok && hasMinute {
		minute, ok = parseField(m)
	}
	if ok && hasSecond {
		second, ok = parseField(sec)
	}
	if !ok {
		return 0, bad
	}
	if hasFraction {
		milli = parseMillis(strings.TrimSpace(fraction))
	}
	// 32 bits that wrap, as Flink's.
	hh, mm := int32(hour)+sign*int32(offset[0]), int32(minute)+sign*int32(offset[1])
	t := hh*MillisPerHour + mm*MillisPerMinute + int32(second)*MillisPerSecond + int32(milli)
	return Time(t), nil
}

// parseZoneOffset reads h or h:m.
func parseZoneOffset(s string) (out [2]int, ok bool) {
	h, m, more := strings.Cut(s, ":")
	if out[0], ok = parseField(h); ok && more {
		out[1], ok = parseField(m)
	}
	return out, ok
}

// parseMillis reads the digits behind the point as milliseconds, rounded. What
// isn't a digit counts as 0, as in Flink.
func parseMillis(s string) int {
	r := 0
	for i, unit := 0, 100; i < len(s); i, unit = i+1, unit/10 {
		if isDigit(s[i]) {
			r += unit * int(s[i]-'0')
		}
		if unit < 10 {
			if i+1 < len(s) && s[i+1] >= '5' {
				r++
			}
			break
		}
	}
	return r
}

// ParseTimestamp reads a TIMESTAMP of the precision, 0 to 9: yyyy-M-d, and
// h:m:s behind one space, and up to 9 fractional digits, which are cut. The day
// of a month that has no 30th or 31st is its last; 24:00:00 is the next day.
func ParseTimestamp(s string, precision int) (Timestamp, error) {
	p := timestampParser{s: s}
	year := p.number(4, 19, true)
	p.want('-')
	month := p.number(1, 2, false)
	p.want('-')
	day := p.number(1, 2, false)
	var hour, minute, second, nanos int64
	if p.s != "" {
		p.want(' ')
		hour = p.number(1, 2, false)
		p.want(':')
		minute = p.number(1, 2, false)
		p.want(':')
		second = p.number(1, 2, false)
		nanos = p.fraction()
	}
	midnight := hour == 24 && minute == 0 && second == 0 && nanos == 0
	if p.bad || p.s != "" || year < 1 || year > 999_999_999 || month < 1 || month > 12 || day < 1 || day > 31 ||
		hour > 23 && !midnight || minute > 59 || second > 59 {
		return Timestamp{}, badTemporal("TIMESTAMP", s)
	}
	day = min(day, DaysInMonth(year, month))
	seconds := DaysFromCivil(year, month, day)*86_400 + hour*3600 + minute*60 + second
	nanos -= nanos % pow10Small[9-precision]
	return TimestampFromUnix(seconds, nanos), nil
}

type timestampParser struct {
	s   string
	bad bool
}

// number takes at least min digits, up to max of them; signed says that more
// than min need a plus sign before.
func (p *timestampParser) number(min, max int, signed bool) (n int64) {
	plus := signed && p.s != "" && p.s[0] == '+'
	if plus {
		p.s = p.s[1:]
	} else if signed {
		max = min
	}
	digits := 0
	for digits < len(p.s) && digits < max && isDigit(p.s[digits]) {
		n = n*10 + int64(p.s[digits]-'0')
		if n > 1_000_000_000 {
			p.bad = true
			return 0
		}
		digits++
	}
	p.bad = p.bad || digits < min || plus && digits == min
	p.s = p.s[digits:]
	return n
}

func (p *timestampParser) want(c byte) {
	if p.s == "" || p.s[0] != c {
		p.bad = true
		return
	}
	p.s = p.s[1:]
}

// fraction takes a point and up to 9 digits, if there is one.
func (p *timestampParser) fraction() (nanos int64) {
	if p.s == "" || p.s[0] != '.' {
		return 0
	}
	p.s = p.s[1:]
	i := 0
	for ; i < 9; i++ {
		nanos *= 10
		if i < len(p.s) && isDigit(p.s[i]) {
			nanos += int64(p.s[i] - '0')
			continue
		}
		nanos *= pow10Small[8-i]
		break
	}
	p.s = p.s[i:]
	return nanos
}

// ParseTimestampLTZ reads a TIMESTAMP_LTZ: the text of a TIMESTAMP on the wall
// clock of the zone.
func ParseTimestampLTZ(s string, precision int, zone *time.Location) (Timestamp, error) {
	t, err := ParseTimestamp(s, precision)
	if err != nil {
		return t, err
	}
	return t.Instant(zone), nil
}
