package fn

import "pyfc/rt/val"

// FLOOR and CEIL of temporal values, with Flink's ways: the day of a timestamp
// is rounded to a month or year whatever its time of day is; CEIL of a DATE to
// DAY is the next day, and to DECADE, CENTURY and MILLENNIUM the next one's
// begin, even where the date is one's begin itself; so it is to QUARTER, but for
// the first of a year. A DATE stays as it is at units that aren't rounded to, and
// a TIME's milliseconds count as days at calendar units. Before 1970 the day of a
// timestamp is the next one, but for midnight.

// yearSpans are the units that count years, and the year in which they begin.
var yearSpans = map[string]struct{ years, first int64 }{
	"YEAR": {1, 0}, "DECADE": {10, 0}, "CENTURY": {100, 1}, "MILLENNIUM": {1000, 1},
}

// floorDay rounds a day down.
func floorDay(days int64, unit string) int64 {
	y, m, _ := val.CivilFromDays(days)
	if span, ok := yearSpans[unit]; ok {
		return val.DaysFromCivil(val.FloorDiv(y-span.first, span.years)*span.years+span.first, 1, 1)
	}
	switch unit {
	case "QUARTER":
		return val.DaysFromCivil(y, (m-1)/3*3+1, 1)
	case "MONTH":
		return val.DaysFromCivil(y, m, 1)
	case "WEEK":
		return days - val.FloorMod(days+4, 7) // to Sunday
	}
	return days
}

// ceilDay rounds a day up.
func ceilDay(days int64, unit string) int64 {
	floor := floorDay(days, unit)
	span, years := yearSpans[unit]
	y, m, _ := val.CivilFromDays(floor)
	switch {
	case years && span.years > 1:
		return val.DaysFromCivil(y+span.years, 1, 1)
	case floor == days && (unit != "QUARTER" || m == 1):
		return days
	case years:
		return val.DaysFromCivil(y+1, 1, 1)
	case unit == "QUARTER":
		return val.DaysFromCivil(y, m+3, 1)
	case unit == "MONTH":
		return val.DaysFromCivil(y, m+1, 1)
	case unit == "WEEK":
		return floor + 7
	}
	return days
}

// FloorDate rounds a DATE down.
func FloorDate(d val.Date, unit string) val.Date { return val.Date(floorDay(int64(d), unit)) }

// CeilDate rounds a DATE up.
func CeilDate(d val.Date, unit string) val.Date {
	if unit == "DAY" {
		return d + 1
	}
	return val.Date(ceilDay(int64(d), unit))
}

// FloorTime rounds a TIME down.
func FloorTime(t val.Time, unit string) val.Time {
	u, _, ok := timeUnit(unit)
	if !ok {
		return val.Time(floorDay(int64(t), unit))
	}
	return val.FloorDiv(t, val.Time(u)) * val.Time(u)
}

// CeilTime rounds a TIME up.
func CeilTime(t val.Time, unit string) val.Time {
	u, _, ok := timeUnit(unit)
	if !ok {
		return val.Time(CeilDate(val.Date(t), unit))
	}
	return FloorTime(t+val.Time(u)-1, unit)
}

func dayOrTimeMillis(unit string) (int64, bool) {
	if unit == "DAY" {
		return val.MillisPerDay, true
	}
	u, _, ok := timeUnit(unit)
	return u, ok
}

func floorMilli(milli int64, unit string) int64 {
	if u, ok := dayOrTimeMillis(unit); ok {
		return val.FloorDiv(milli, u) * u
	}
	return floorDay(milli/val.MillisPerDay, unit) * val.MillisPerDay
}

func ceilMilli(milli int64, unit string) int64 {
	if u, ok := dayOrTimeMillis(unit); ok {
		return val.FloorDiv(milli+u-1, u) * u
	}
	return ceilDay(milli/val.MillisPerDay, unit) * val.MillisPerDay
}

// FloorTimestamp rounds a TIMESTAMP down.
func FloorTimestamp(t val.Timestamp, unit string) val.Timestamp {
	return val.Timestamp{Milli: floorMilli(t.Milli, unit)}
}

// CeilTimestamp rounds a TIMESTAMP up; less than a millisecond counts only for
// MILLISECOND.
func CeilTimestamp(t val.Timestamp, unit string) val.Timestamp {
	if unit == "MILLISECOND" && t.Nano > 0 {
		t.Milli++
	}
	return val.Timestamp{Milli: ceilMilli(t.Milli, unit)}
}

// FloorTimestampLTZ rounds what the session's wall clock shows; the offset stays
// that of the given instant, as in Flink.
func FloorTimestampLTZ(s *val.Session, t val.Timestamp, unit string) val.Timestamp {
	wall := t.Local(s.Zone)
	return val.Timestamp{Milli: floorMilli(wall.Milli, unit) - (wall.Milli - t.Milli)}
}

// CeilTimestampLTZ likewise rounds up.
func CeilTimestampLTZ(s *val.Session, t val.Timestamp, unit string) val.Timestamp {
	wall := t.Local(s.Zone)
	return val.Timestamp{Milli: ceilMilli(wall.Milli, unit) - (wall.Milli - t.Milli)}
}

const (
	roundUnits = "MILLENNIUM CENTURY DECADE YEAR QUARTER MONTH WEEK DAY"
	partUnits  = "DOW ISODOW DOY ISOYEAR EPOCH"
)

// rounding are the overloads of FLOOR and CEIL; Flink has none for minutes and
// seconds of a TIMESTAMP_LTZ.
func rounding(date, time, timestamp, ltz any) []Overload {
	return []Overload{
		binaryOverload(Date, unit(roundUnits, timeUnits, partUnits), sameAsFirst, date),
		binaryOverload(Time, unit(roundUnits, timeUnits), sameAsFirst, time),
		binaryOverload(plainTimestamp, unit(roundUnits, timeUnits), sameAsFirst, timestamp),
		binaryOverload(timestampLTZ, unit(roundUnits, "HOUR"), sameAsFirst, ltz),
	}
}

// temporalFloor are the overloads of FLOOR(x TO unit), the unit as a text.
var temporalFloor = rounding(FloorDate, FloorTime, FloorTimestamp, FloorTimestampLTZ)

// temporalCeil are those of CEIL(x TO unit).
var temporalCeil = rounding(CeilDate, CeilTime, CeilTimestamp, CeilTimestampLTZ)
