package fn

import (
	"slices"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// EXTRACT computes like Flink with quotients that are truncated towards zero,
// so that the fields of a time before 1970 are negative.

// timeUnit are the milliseconds of a unit of a time of day, and of the unit
// above it; false for another one. A switch, since it is asked for each row.
func timeUnit(name string) (unit, next int64, ok bool) {
	switch name {
	case "HOUR":
		return val.MillisPerHour, val.MillisPerDay, true
	case "MINUTE":
		return val.MillisPerMinute, val.MillisPerHour, true
	case "SECOND":
		return val.MillisPerSecond, val.MillisPerMinute, true
	case "MILLISECOND":
		return 1, val.MillisPerSecond, true
	}
	return 0, 0, false
}

// ExtractDate returns a field of a DATE. Flink takes its days for milliseconds
// where a time of day is wanted.
func ExtractDate(unit string, d val.Date) int64 {
	if unit == "EPOCH" {
		return int64(d) * 86_400
	}
	if u, next, ok := timeUnit(unit); ok {
		return int64(d) % next / u
	}
	return dateField(unit, int64(d))
}

// dateField is a field of a day of the calendar.
func dateField(unit string, days int64) int64 {
	y, m, d := val.CivilFromDays(days)
	weekday := val.FloorMod(days+3, 7) // Monday is 0
	switch unit {
	case "YEAR":
		return y
	case "QUARTER":
		return (m + 2) / 3
	case "MONTH":
		return m
	case "DAY":
		return d
	case "WEEK":
		return (dayOfYear(days+3-weekday) + 6) / 7 // that of the week's Thursday
	case "ISOYEAR":
		y, _, _ = val.CivilFromDays(days + 3 - weekday)
		return y
	case "ISODOW":
		return weekday + 1
	case "DOW":
		return (weekday+1)%7 + 1
	case "DOY":
		return dayOfYear(days)
	case "DECADE":
		return y / 10
	case "CENTURY":
		return century(y, 100)
	}
	return century(y, 1000)
}

// century counts spans of years, the first of which begins with year 1.
func century(y, span int64) int64 {
	if y > 0 {
		return (y + span - 1) / span
	}
	return (y - span + 1) / span
}

func dayOfYear(days int64) int64 {
	y, _, _ := val.CivilFromDays(days)
	return days - val.DaysFromCivil(y, 1, 1) + 1
}

// ExtractTime returns a field of a TIME.
func ExtractTime(unit string, t val.Time) int64 {
	u, next, _ := timeUnit(unit)
	return int64(t) % next / u
}

// ExtractTimestamp returns a field of a TIMESTAMP.
func ExtractTimestamp(unit string, t val.Timestamp) int64 {
	switch unit {
	case "EPOCH":
		return t.Milli / 1000
	case "MICROSECOND":
		return t.Milli%1000*1000 + int64(t.Nano)/1000
	case "NANOSECOND":
		return t.Milli%1000*1_000_000 + int64(t.Nano)
	}
	if u, next, ok := timeUnit(unit); ok {
		return t.Milli % next / u
	}
	return dateField(unit, t.Milli/val.MillisPerDay)
}

// ExtractTimestampLTZ returns a field of what the session's wall clock shows.
func ExtractTimestampLTZ(s *val.Session, unit string, t val.Timestamp) int64 {
	return ExtractTimestamp(unit, t.Local(s.Zone))
}

// ExtractMonths returns a field of an INTERVAL YEAR TO MONTH.
func ExtractMonths(unit string, v val.Months) int64 {
	m := int64(v)
	switch unit {
	case "YEAR":
		return m / 12
	case "QUARTER":
		return (m%12-1)/3 + 1
	case "MONTH":
		return m % 12
	case "CENTURY":
		return m / 1200
	}
	return m / 12_000
}

// ExtractMillis returns a field of an INTERVAL DAY TO SECOND.
func ExtractMillis(unit string, v val.Millis) int64 {
	if unit == "DAY" {
		return int64(v) / val.MillisPerDay
	}
	u, next, _ := timeUnit(unit)
	return int64(v) % next / u
}

const (
	dateUnits = "YEAR QUARTER MONTH WEEK DAY DOW ISODOW DOY ISOYEAR DECADE CENTURY MILLENNIUM"
	timeUnits = "HOUR MINUTE SECOND MILLISECOND"
)

// unit takes one of the time units by name.
func unit(names ...string) Param {
	all := strings.Fields(strings.Join(names, " "))
	return NewParam("one of the units "+strings.Join(all, ", "), types.Type.Text).WithValue(func(v any) bool {
		s, ok := v.(string)
		return ok && slices.Contains(all, s)
	})
}

func alwaysBigInt([]Arg) types.Type { return types.Of(types.BigInt).NotNull() }

var plainTimestamp, timestampLTZ = kindParam(types.Timestamp), kindParam(types.TimestampLTZ)

// ExtractDecl is EXTRACT(unit FROM x), the unit as a text.
var ExtractDecl = Decl{Name: "EXTRACT", Doc: "A field of a date, a time or an interval.",
	Overloads: []Overload{
		binaryOverload(unit(dateUnits, timeUnits, "EPOCH"), Date, alwaysBigInt, ExtractDate),
		binaryOverload(unit(timeUnits), Time, alwaysBigInt, ExtractTime),
		binaryOverload(unit(dateUnits, timeUnits, "MICROSECOND NANOSECOND EPOCH"), plainTimestamp, alwaysBigInt, ExtractTimestamp),
		binaryOverload(unit(dateUnits, timeUnits, "MICROSECOND NANOSECOND EPOCH"), timestampLTZ, alwaysBigInt, ExtractTimestampLTZ),
		binaryOverload(unit("YEAR QUARTER MONTH CENTURY MILLENNIUM"), YearMonth, alwaysBigInt, ExtractMonths),
		binaryOverload(unit("DAY", timeUnits), DayTime, alwaysBigInt, ExtractMillis),
	},
	Examples: []Example{
		{"EXTRACT(DAY FROM DATE '2021-03-05')", "5"},
		{"EXTRACT(MILLISECOND FROM DATE '2021-03-05')", "691"},
		{"EXTRACT(SECOND FROM DATE '2021-03-05')", "18"},
		{"EXTRACT(WEEK FROM TIMESTAMP '1960-01-01 23:34:56.987')", "53"},
		{"EXTRACT(DAY FROM TIMESTAMP '1960-01-01 23:34:56.987')", "2"},
		{"EXTRACT(MINUTE FROM TIMESTAMP '1960-01-01 23:34:56.987')", "-25"},
		{"EXTRACT(NANOSECOND FROM TIMESTAMP '1960-01-01 23:34:56.987')", "-13000000"},
		{"EXTRACT(EPOCH FROM TIMESTAMP '1960-01-01 23:34:56.987')", "-315534303"},
		{"EXTRACT(MICROSECOND FROM TIMESTAMP '2021-03-05 12:34:56.123456789')", "123456"},
		{"EXTRACT(ISOYEAR FROM TIMESTAMP '1950-01-01 00:00:00')", "1949"},
		{"EXTRACT(ISODOW FROM DATE '2021-03-05')", "5"},
		{"EXTRACT(DOW FROM DATE '2021-03-05')", "6"},
		{"EXTRACT(CENTURY FROM DATE '2000-06-01')", "20"},
		{"EXTRACT(MILLENNIUM FROM DATE '2000-06-01')", "2"},
		{"EXTRACT(HOUR FROM TIME '12:34:56')", "12"},
		{"EXTRACT(QUARTER FROM INTERVAL '3-7' YEAR TO MONTH)", "3"},
		{"EXTRACT(QUARTER FROM INTERVAL -'3-7' YEAR TO MONTH)", "-1"},
		{"EXTRACT(HOUR FROM INTERVAL -'19 12:10:10.123' DAY TO SECOND(3))", "-12"},
		{"YEAR(DATE '2021-03-05')", "2021"},
		{"DAYOFWEEK(TIMESTAMP '2021-03-05 12:34:56')", "6"},
	}}
