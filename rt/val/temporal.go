package val

import "cmp"

// Date is the value of a DATE: days since 1970-01-01 in the proleptic Gregorian
// calendar.
type Date int32

// Time is the value of a TIME: milliseconds of the day. A TIME of more than
// three fractional digits has no more than that either, as in Flink.
type Time int32

// Timestamp is the value of a TIMESTAMP, the wall clock's reading as if it were
// UTC, or of a TIMESTAMP_LTZ, an instant. Equal values compare with ==.
type Timestamp struct {
	Milli int64 // since 1970-01-01T00:00:00
	Nano  int32 // within the millisecond, 0 to 999,999
}

// Months is the value of an INTERVAL YEAR TO MONTH.
type Months int32

// Millis is the value of an INTERVAL DAY TO SECOND: milliseconds.
type Millis int64

// The milliseconds in units of fixed length.
const (
	MillisPerSecond = 1000
	MillisPerMinute = 60 * MillisPerSecond
	MillisPerHour   = 60 * MillisPerMinute
	MillisPerDay    = 24 * MillisPerHour
)

// FloorDiv returns the quotient rounded down; b is positive.
func FloorDiv[T ~int32 | ~int64](a, b T) T {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// FloorMod returns the remainder that is not negative; b is positive.
func FloorMod[T ~int32 | ~int64](a, b T) T {
	r := a % b
	if r < 0 {
		r += b
	}
	return r
}

// The calendar repeats after 400 years, which begin in March so that the leap
// day is the last of its year.
const (
	daysPerEra   = 146_097
	epochFromEra = 719_468 // days from 0000-03-01 to 1970-01-01
)

// DaysFromCivil returns the days since 1970-01-01; a month or a day out of its
// range counts on from the first.
func DaysFromCivil(year, month, day int64) int64 {
	month--
	year, month = year+FloorDiv(month, 12), FloorMod(month, 12)
	shifted := FloorMod(month-2, 12) // March is 0
	if shifted >= 10 {
		year--
	}
	era, yoe := FloorDiv(year, 400), FloorMod(year, 400)
	return era*daysPerEra + yoe*365 + yoe/4 - yoe/100 + (153*shifted+2)/5 + day - 1 - epochFromEra
}

// CivilFromDays is the reverse of DaysFromCivil.
func CivilFromDays(days int64) (year, month, day int64) {
	days += epochFromEra
	era, doe := FloorDiv(days, daysPerEra), FloorMod(days, daysPerEra)
	yoe := (doe - doe/1460 + doe/36_524 - doe/146_096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	shifted := (5*doy + 2) / 153
	day = doy - (153*shifted+2)/5 + 1
	month = shifted + 3
	year = yoe + era*400
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, day
}

// DaysInMonth returns the length of a month, 1 to 12.
func DaysInMonth(year, month int64) int64 {
	if month == 2 {
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 30 + (month+month>>3)&1
}

// DateOf returns the day of the calendar.
func DateOf(year, month, day int) Date {
	return Date(DaysFromCivil(int64(year), int64(month), int64(day)))
}

// Civil returns year, month and day.
func (d Date) Civil() (year, month, day int) {
	y, m, dd := CivilFromDays(int64(d))
	return int(y), int(m), int(dd)
}

// TimeOf returns the time of day.
func TimeOf(hour, minute, second, milli int) Time {
	return Time(hour*MillisPerHour + minute*MillisPerMinute + second*MillisPerSecond + milli)
}

// Clock returns the fields of the time of day.
func (t Time) Clock() (hour, minute, second, milli int) {
	ms := int(t)
	return ms / MillisPerHour, ms / MillisPerMinute % 60, ms / MillisPerSecond % 60, ms % 1000
}

// TimestampOf returns the timestamp at a day's time, nano nanoseconds within
// the millisecond after it.
func TimestampOf(d Date, t Time, nano int32) Timestamp {
	return Timestamp{int64(d)*MillisPerDay + int64(t), nano}
}

// TimestampFromUnix returns the timestamp of seconds since the epoch and
// nanoseconds, 0 to 999,999,999.
func TimestampFromUnix(seconds, nanos int64) Timestamp {
	return Timestamp{seconds*1000 + nanos/1_000_000, int32(nanos % 1_000_000)}
}

// Date returns the day of the wall clock.
func (t Timestamp) Date() Date { return Date(FloorDiv(t.Milli, MillisPerDay)) }

// Time returns the time of day of the wall clock, without what is less than a
// millisecond.
func (t Timestamp) Time() Time { return Time(FloorMod(t.Milli, MillisPerDay)) }

// Unix returns the seconds since the epoch and the nanoseconds within the
// second.
func (t Timestamp) Unix() (seconds, nanos int64) {
	return FloorDiv(t.Milli, 1000), FloorMod(t.Milli, 1000)*1_000_000 + int64(t.Nano)
}

// Cmp compares two timestamps: -1, 0 or 1.
func (t Timestamp) Cmp(u Timestamp) int {
	if t.Milli != u.Milli {
		return cmp.Compare(t.Milli, u.Milli)
	}
	return cmp.Compare(t.Nano, u.Nano)
}

// Truncate drops the fractional digits of the second beyond precision, 0 to 9:
// of nanoseconds towards the past, of milliseconds, like Flink, towards 1970.
func (t Timestamp) Truncate(precision int) Timestamp {
	if precision > 3 {
		t.Nano -= t.Nano % int32(pow10Small[9-precision])
		return t
	}
	return Timestamp{Milli: t.Milli - t.Milli%pow10Small[3-precision]}
}

var pow10Small = [...]int64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000}
