package val

import (
	"strconv"

	"pyfc/ir/types"
)

// AppendJava appends a value as the toString of the Java object that PyFlink's
// collected rows hold for it: LocalDate, LocalTime, LocalDateTime, Instant,
// Period and Duration, arrays as [1, 2], maps as {k=v}, rows as +I[1, a]. Texts
// have no quotes.
func AppendJava(dst []byte, d Datum, t *types.Type) []byte {
	if d.Null {
		return append(dst, "null"...)
	}
	switch t.Kind {
	case types.Boolean:
		return strconv.AppendBool(dst, d.Bool())
	case types.Float:
		return AppendFloat(dst, float32(d.Float()))
	case types.Double:
		return AppendDouble(dst, d.Float())
	case types.Decimal:
		return AppendDecimal(dst, d.Decimal(), t.Scale)
	case types.Char, types.VarChar:
		return append(dst, d.Text()...)
	case types.Binary, types.VarBinary:
		text := d.Text()
		return appendList(dst, '[', ']', len(text), func(dst []byte, i int) []byte {
			return strconv.AppendInt(dst, int64(int8(text[i])), 10)
		})
	case types.Date:
		return appendLocalDate(dst, Date(d.Int()))
	case types.Time:
		return appendLocalTime(dst, Time(d.Int()), 0, false)
	case types.Timestamp, types.TimestampLTZ:
		return appendJavaTimestamp(dst, d.Timestamp(), t.Kind == types.TimestampLTZ)
	case types.IntervalYearMonth:
		return appendPeriod(dst, Months(d.Int()))
	case types.IntervalDayTime:
		return appendDuration(dst, Millis(d.Int()))
	case types.Array, types.Map, types.Multiset, types.Row:
		return appendNested(dst, d, t)
	}
	return strconv.AppendInt(dst, d.Int(), 10)
}

func appendNested(dst []byte, d Datum, t *types.Type) []byte {
	switch t.Kind {
	case types.Array:
		a, elem := d.Array(), &t.Elems[0]
		return appendList(dst, '[', ']', a.Len(), func(dst []byte, i int) []byte { return AppendJava(dst, a.At(i, elem), elem) })
	case types.Row:
		r := d.Row()
		return appendList(append(dst, Insert.String()...), '[', ']', len(t.Elems), func(dst []byte, i int) []byte {
			return AppendJava(dst, r.Field(i, t), &t.Elems[i])
		})
	}
	m := d.Map()
	return appendList(dst, '{', '}', m.Len(), func(dst []byte, i int) []byte {
		key, value := m.At(i, t)
		dst = append(AppendJava(dst, key, &t.Elems[0]), '=')
		return AppendJava(dst, value, MapValue(t))
	})
}

func appendList(dst []byte, open, end byte, n int, item func(dst []byte, i int) []byte) []byte {
	dst = append(dst, open)
	for i := range n {
		if i > 0 {
			dst = append(dst, separator...)
		}
		dst = item(dst, i)
	}
	return append(dst, end)
}

// appendLocalDate appends a LocalDate: years of more than four digits have a
// sign.
func appendLocalDate(dst []byte, d Date) []byte {
	year, month, day := d.Civil()
	switch {
	case year > 9999:
		dst = append(dst, '+')
	case year < 0:
		dst, year = append(dst, '-'), -year
	}
	dst = appendPadded(dst, int64(year), 4)
	dst = append(AppendTwoDigits(append(dst, '-'), month), '-')
	return AppendTwoDigits(dst, day)
}

// appendLocalTime appends a LocalTime: seconds of zero are left out unless they
// are wanted, a fraction has 3, 6 or 9 digits.
func appendLocalTime(dst []byte, t Time, nano int32, seconds bool) []byte {
	hour, minute, second, milli := t.Clock()
	dst = AppendTwoDigits(append(AppendTwoDigits(dst, hour), ':'), minute)
	nanos := int64(milli)*1_000_000 + int64(nano)
	if !seconds && second == 0 && nanos == 0 {
		return dst
	}
	dst = AppendTwoDigits(append(dst, ':'), second)
	switch {
	case nanos == 0:
		return dst
	case nanos%1_000_000 == 0:
		return appendPadded(append(dst, '.'), nanos/1_000_000, 3)
	case nanos%1000 == 0:
		return appendPadded(append(dst, '.'), nanos/1000, 6)
	}
	return appendPadded(append(dst, '.'), nanos, 9)
}

// appendJavaTimestamp appends a LocalDateTime, or an Instant.
func appendJavaTimestamp(dst []byte, t Timestamp, instant bool) []byte {
	dst = append(appendLocalDate(dst, t.Date()), 'T')
	dst = appendLocalTime(dst, t.Time(), t.Nano, instant)
	if instant {
		dst = append(dst, 'Z')
	}
	return dst
}

// appendPeriod appends a Period: Flink makes one of months, whatever the
// interval's units.
func appendPeriod(dst []byte, v Months) []byte {
	if v == 0 {
		return append(dst, "P0D"...)
	}
	return append(strconv.AppendInt(append(dst, 'P'), int64(v), 10), 'M')
}

// appendDuration appends a Duration: its parts have the sign of the whole.
func appendDuration(dst []byte, v Millis) []byte {
	if v == 0 {
		return append(dst, "PT0S"...)
	}
	dst = append(dst, "PT"...)
	if h := v / MillisPerHour; h != 0 {
		dst = append(strconv.AppendInt(dst, int64(h), 10), 'H')
	}
	if m := v % MillisPerHour / MillisPerMinute; m != 0 {
		dst = append(strconv.AppendInt(dst, int64(m), 10), 'M')
	}
	rest := v % MillisPerMinute
	if rest == 0 {
		return dst
	}
	if rest < 0 {
		dst, rest = append(dst, '-'), -rest
	}
	dst = strconv.AppendInt(dst, int64(rest/MillisPerSecond), 10)
	if ms := int64(rest % MillisPerSecond); ms != 0 {
		dst = appendPadded(append(dst, '.'), ms, 3)
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
	}
	return append(dst, 'S')
}
