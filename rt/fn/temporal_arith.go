package fn

import (
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Arithmetic with temporal values and intervals. Months are added to the
// calendar's month, and the day becomes the month's last where it has none of
// that number. All of it wraps around.

// addMonths adds months to a day.
func addMonths(days int64, months int64) int64 {
	y, m, d := val.CivilFromDays(days)
	m += months - 1
	y, m = y+val.FloorDiv(m, 12), val.FloorMod(m, 12)+1
	return val.DaysFromCivil(y, m, min(d, val.DaysInMonth(y, m)))
}

// AddMonthsToDate returns d + m.
func AddMonthsToDate(d val.Date, m val.Months) val.Date {
	return val.Date(addMonths(int64(d), int64(m)))
}

// SubMonthsFromDate returns d - m.
func SubMonthsFromDate(d val.Date, m val.Months) val.Date { return AddMonthsToDate(d, -m) }

// AddMillisToDate returns d and the whole days of m.
func AddMillisToDate(d val.Date, m val.Millis) val.Date { return d + val.Date(m/val.MillisPerDay) }

// SubMillisFromDate returns d without the whole days of m.
func SubMillisFromDate(d val.Date, m val.Millis) val.Date { return d - val.Date(m/val.MillisPerDay) }

// AddMonthsToTime returns t: months don't change the time of day.
func AddMonthsToTime(t val.Time, _ val.Months) val.Time { return t }

// AddMillisToTime returns t + m within the day.
func AddMillisToTime(t val.Time, m val.Millis) val.Time {
	return val.Time(val.FloorMod(int64(t)+int64(m), val.MillisPerDay))
}

// SubMillisFromTime returns t - m within the day.
func SubMillisFromTime(t val.Time, m val.Millis) val.Time { return AddMillisToTime(t, -m) }

// AddMonthsToTimestamp returns t + m; for a TIMESTAMP_LTZ in UTC.
func AddMonthsToTimestamp(t val.Timestamp, m val.Months) val.Timestamp {
	return val.Timestamp{Milli: addMonths(val.FloorDiv(t.Milli, val.MillisPerDay), int64(m))*val.MillisPerDay + int64(t.Time()), Nano: t.Nano}
}

// SubMonthsFromTimestamp returns t - m.
func SubMonthsFromTimestamp(t val.Timestamp, m val.Months) val.Timestamp {
	return AddMonthsToTimestamp(t, -m)
}

// AddMillisToTimestamp returns t + m.
func AddMillisToTimestamp(t val.Timestamp, m val.Millis) val.Timestamp {
	return val.Timestamp{Milli: t.Milli + int64(m), Nano: t.Nano}
}

// SubMillisFromTimestamp returns t - m.
func SubMillisFromTimestamp(t val.Timestamp, m val.Millis) val.Timestamp {
	return AddMillisToTimestamp(t, -m)
}

// MonthsTimes returns v * n.
func MonthsTimes[N integer](v val.Months, n N) val.Months { return v * val.Months(n) }

// MillisTimes returns v * n.
func MillisTimes[N integer](v val.Millis, n N) val.Millis { return v * val.Millis(n) }

// TimesMonths returns n * v.
func TimesMonths[N integer](n N, v val.Months) val.Months { return v * val.Months(n) }

// TimesMillis returns n * v.
func TimesMillis[N integer](n N, v val.Millis) val.Millis { return v * val.Millis(n) }

// subtractMonths counts the whole months from day b to day a.
func subtractMonths(a, b int64) int64 {
	if a < b {
		return -subtractMonths(b, a)
	}
	ay, am, _ := val.CivilFromDays(a)
	by, bm, _ := val.CivilFromDays(b)
	months := (ay-by)*12 + am - bm
	if addMonths(b, months) > a {
		months--
	}
	return months
}

// MonthsBetween counts the whole months from b to a, as Flink does: of two
// times on one day, the earlier one is a month short.
func MonthsBetween(a, b val.Timestamp) val.Months {
	da, db := int64(a.Date()), int64(b.Date())
	months := subtractMonths(da, db)
	if addMonths(db, months) == da && a.Time() < b.Time() {
		months--
	}
	return val.Months(months)
}

// MillisBetween returns a - b.
func MillisBetween(a, b val.Timestamp) val.Millis { return val.Millis(a.Milli - b.Milli) }

// The classes of temporal parameters.
var (
	Date         = kindParam(types.Date)
	Time         = kindParam(types.Time)
	Timestamps   = NewParam("a timestamp", types.Type.Timestamp)
	YearMonth    = kindParam(types.IntervalYearMonth)
	DayTime      = kindParam(types.IntervalDayTime)
	asTimestamps = NewParam("a date or timestamp", func(t types.Type) bool { return t.Kind == types.Date || t.Timestamp() }).
			As(func(t types.Type) types.Type {
			if t.Kind == types.Date {
				t = types.Of(types.Timestamp)
				t.Precision = 3
			}
			return t
		})
)

func binaryOverload(x, y Param, result func([]Arg) types.Type, impls ...any) Overload {
	return Overload{Params: []Param{x, y}, Result: result, Impls: impls}
}

func sameAsSecond(args []Arg) types.Type { return args[1].NotNull() }

// temporalPlus are the overloads of + besides those of numbers.
var temporalPlus = []Overload{
	binaryOverload(Date, YearMonth, sameAsFirst, AddMonthsToDate),
	binaryOverload(Date, DayTime, sameAsFirst, AddMillisToDate),
	binaryOverload(Time, YearMonth, sameAsFirst, AddMonthsToTime),
	binaryOverload(Time, DayTime, sameAsFirst, AddMillisToTime),
	binaryOverload(Timestamps, YearMonth, sameAsFirst, AddMonthsToTimestamp),
	binaryOverload(Timestamps, DayTime, sameAsFirst, AddMillisToTimestamp),
	binaryOverload(YearMonth, YearMonth, sameAsFirst, Add[val.Months]),
	binaryOverload(DayTime, DayTime, sameAsFirst, Add[val.Millis]),
}

// temporalMinus are the overloads of - besides those of numbers.
var temporalMinus = []Overload{
	binaryOverload(Date, YearMonth, sameAsFirst, SubMonthsFromDate),
	binaryOverload(Date, DayTime, sameAsFirst, SubMillisFromDate),
	binaryOverload(Time, YearMonth, sameAsFirst, AddMonthsToTime),
	binaryOverload(Time, DayTime, sameAsFirst, SubMillisFromTime),
	binaryOverload(Timestamps, YearMonth, sameAsFirst, SubMonthsFromTimestamp),
	binaryOverload(Timestamps, DayTime, sameAsFirst, SubMillisFromTimestamp),
	binaryOverload(YearMonth, YearMonth, sameAsFirst, Sub[val.Months]),
	binaryOverload(DayTime, DayTime, sameAsFirst, Sub[val.Millis]),
	{Params: []Param{YearMonth}, Result: sameAsFirst, Impls: []any{Neg[val.Months]}},
	{Params: []Param{DayTime}, Result: sameAsFirst, Impls: []any{Neg[val.Millis]}},
}

// temporalTimes are the overloads of * besides those of numbers.
var temporalTimes = []Overload{
	binaryOverload(YearMonth, Integer, sameAsFirst, MonthsTimes[int8], MonthsTimes[int16], MonthsTimes[int32], MonthsTimes[int64]),
	binaryOverload(DayTime, Integer, sameAsFirst, MillisTimes[int8], MillisTimes[int16], MillisTimes[int32], MillisTimes[int64]),
	binaryOverload(Integer, YearMonth, sameAsSecond, TimesMonths[int8], TimesMonths[int16], TimesMonths[int32], TimesMonths[int64]),
	binaryOverload(Integer, DayTime, sameAsSecond, TimesMillis[int8], TimesMillis[int16], TimesMillis[int32], TimesMillis[int64]),
}
