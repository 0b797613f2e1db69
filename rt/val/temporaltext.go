package val

import (
	"strconv"
	"time"
)

// The texts of temporal values as CAST(… AS STRING) makes them in PyFlink
// 1.20.1, with what it does for years that four digits don't hold.

// AppendDate appends a DATE: 2020-02-29. As in Flink, only the last four
// digits of a year appear, and those of a year before 0 are none.
func AppendDate(dst []byte, d Date) []byte {
	y, m, day := d.Civil()
	for p := 1000; p > 0; p /= 10 {
		dst = append(dst, byte('0'+y/p%10))
	}
	return AppendTwoDigits(append(AppendTwoDigits(append(dst, '-'), m), '-'), day)
}

// AppendTwoDigits appends two digits.
func AppendTwoDigits(dst []byte, v int) []byte { return append(dst, byte('0'+v/10%10), byte('0'+v%10)) }

// AppendTime appends a TIME: 12:34:56, and its fraction of precision digits,
// which ends early where nothing but zeros follows. A TIME that ParseTime made
// of an offset can be negative, then it is the day before's.
func AppendTime(dst []byte, t Time, precision int) []byte {
	if t < 0 {
		t = FloorMod(t, MillisPerDay)
	}
	h, m, s, ms := t.Clock()
	dst = AppendTwoDigits(append(AppendTwoDigits(append(AppendTwoDigits(dst, h), ':'), m), ':'), s)
	if precision > 0 {
		dst = append(dst, '.')
	}
	for ; precision > 0; precision-- {
		dst = append(dst, byte('0'+ms/100))
		if ms = ms % 100 * 10; ms == 0 {
			break
		}
	}
	return dst
}

// AppendTimestamp appends a TIMESTAMP: 2020-02-29 12:34:56, and the fraction
// with at least precision digits and as many more as it has.
func AppendTimestamp(dst []byte, t Timestamp, precision int) []byte {
	dst = AppendDate(dst, t.Date())
	hour, minute, second, milli := t.Time().Clock()
	dst = AppendTwoDigits(append(AppendTwoDigits(append(AppendTwoDigits(append(dst, ' '), hour), ':'), minute), ':'), second)
	return appendFraction(dst, int64(milli)*1_000_000+int64(t.Nano), precision)
}

// appendFraction appends a point and nanoseconds, without the zeros at the end
// beyond the digits wanted; nothing if no digit is left.
func appendFraction(dst []byte, nanos int64, digits int) []byte {
	n := 9
	for n > digits && nanos%10 == 0 {
		nanos /= 10
		n--
	}
	if n == 0 {
		return dst
	}
	return appendPadded(append(dst, '.'), nanos, n)
}

// appendPadded appends v with zeros before it up to a width.
func appendPadded(dst []byte, v int64, width int) []byte {
	var buf [20]byte
	s := strconv.AppendInt(buf[:0], v, 10)
	for i := len(s); i < width; i++ {
		dst = append(dst, '0')
	}
	return append(dst, s...)
}

// AppendTimestampLTZ appends a TIMESTAMP_LTZ as the wall clock of the zone
// shows it.
func AppendTimestampLTZ(dst []byte, t Timestamp, precision int, zone *time.Location) []byte {
	return AppendTimestamp(dst, t.Local(zone), precision)
}

// AppendMonths appends an INTERVAL YEAR TO MONTH: +1-02.
func AppendMonths(dst []byte, v Months) []byte {
	m, dst := appendSign(dst, int64(v))
	dst = append(strconv.AppendInt(dst, m/12, 10), '-')
	return AppendTwoDigits(dst, int(m%12))
}

// AppendMillis appends an INTERVAL DAY TO SECOND: +1 02:03:04.567.
func AppendMillis(dst []byte, v Millis) []byte {
	ms, dst := appendSign(dst, int64(v))
	dst = append(strconv.AppendInt(dst, ms/MillisPerDay, 10), ' ')
	h, m, s, milli := Time(ms % MillisPerDay).Clock()
	dst = AppendTwoDigits(append(AppendTwoDigits(append(AppendTwoDigits(dst, h), ':'), m), ':'), s)
	return appendPadded(append(dst, '.'), int64(milli), 3)
}

// appendSign appends the sign of v and returns its magnitude.
func appendSign(dst []byte, v int64) (int64, []byte) {
	if v < 0 {
		return -v, append(dst, '-')
	}
	return v, append(dst, '+')
}
