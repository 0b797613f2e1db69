package fn

import (
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// shiftMonths and shiftMillis are the units of TIMESTAMPADD and TIMESTAMPDIFF.
var (
	shiftMonths = map[string]int64{"YEAR": 12, "QUARTER": 3, "MONTH": 1}
	shiftMillis = map[string]int64{"WEEK": 7 * val.MillisPerDay, "DAY": val.MillisPerDay, "HOUR": val.MillisPerHour,
		"MINUTE": val.MillisPerMinute, "SECOND": val.MillisPerSecond}
)

// ShiftDate is TIMESTAMPADD of a DATE by units of days and more.
func ShiftDate[N integer](unit string, n N, d val.Date) val.Date {
	if m, ok := shiftMonths[unit]; ok {
		return AddMonthsToDate(d, val.Months(int64(n)*m))
	}
	return AddMillisToDate(d, val.Millis(int64(n)*shiftMillis[unit]))
}

// ShiftTime is TIMESTAMPADD of a TIME, which stays within the day.
func ShiftTime[N integer](unit string, n N, t val.Time) val.Time {
	if _, ok := shiftMonths[unit]; ok {
		return t
	}
	return AddMillisToTime(t, val.Millis(int64(n)*shiftMillis[unit]))
}

// ShiftTimestamp is TIMESTAMPADD of a timestamp.
func ShiftTimestamp[N integer](unit string, n N, t val.Timestamp) val.Timestamp {
	if m, ok := shiftMonths[unit]; ok {
		return AddMonthsToTimestamp(t, val.Months(int64(n)*m))
	}
	return AddMillisToTimestamp(t, val.Millis(int64(n)*shiftMillis[unit]))
}

// UnitsBetween is TIMESTAMPDIFF(unit, from, to): whole units, as an INT that
// wraps around.
func UnitsBetween(unit string, from, to val.Timestamp) int32 {
	if m, ok := shiftMonths[unit]; ok {
		return int32(int64(MonthsBetween(to, from)) / m)
	}
	return int32((to.Milli - from.Milli) / shiftMillis[unit])
}

// UnitsBetweenTimes is TIMESTAMPDIFF of TIMEs in months and more, whose
// milliseconds count as days, as in PyFlink 1.20.1.
func UnitsBetweenTimes(unit string, from, to val.Time) int32 {
	return UnitsBetween(unit, val.Timestamp{Milli: int64(from) * val.MillisPerDay}, val.Timestamp{Milli: int64(to) * val.MillisPerDay})
}

// MicrosBetween is TIMESTAMPDIFF in microseconds: those of the whole seconds, as
// an INT that wraps around.
func MicrosBetween(_ string, from, to val.Timestamp) int32 {
	return UnitsBetween("SECOND", from, to) * 1_000_000
}

// NanosBetween is TIMESTAMPDIFF in nanoseconds: those of the whole seconds.
func NanosBetween(_ string, from, to val.Timestamp) int64 {
	return (to.Milli - from.Milli) / val.MillisPerSecond * 1_000_000_000
}

// Overlaps tells whether two periods have a moment in common, their ends
// included. Each goes from the earlier of its points to the later.
func Overlaps[T val.Date | val.Time](a, b, c, d T) bool {
	return max(a, b) >= min(c, d) && max(c, d) >= min(a, b)
}

// OverlapsTimestamp is Overlaps of timestamps.
func OverlapsTimestamp(a, b, c, d val.Timestamp) bool {
	if a.Cmp(b) > 0 {
		a, b = b, a
	}
	if c.Cmp(d) > 0 {
		c, d = d, c
	}
	return b.Cmp(c) >= 0 && d.Cmp(a) >= 0
}

const calendarUnits = "YEAR QUARTER MONTH WEEK DAY"

func sameAsThird(args []Arg) types.Type { return args[2].NotNull() }

// timestampOfDate is what a DATE becomes when a time of day is added.
func timestampOfDate(types.Type) types.Type { return types.Of(types.Timestamp) }

// Declarations.
var (
	TimestampAddDecl = Decl{Name: "TIMESTAMPADD", Doc: "A time moved by a number of units.",
		Overloads: []Overload{
			{Params: []Param{unit(calendarUnits), Integer, Date}, Result: sameAsThird,
				Impls: []any{ShiftDate[int8], ShiftDate[int16], ShiftDate[int32], ShiftDate[int64]}},
			{Params: []Param{unit(calendarUnits, "HOUR MINUTE SECOND"), Integer, Time}, Result: sameAsThird,
				Impls: []any{ShiftTime[int8], ShiftTime[int16], ShiftTime[int32], ShiftTime[int64]}},
			{Params: []Param{unit("HOUR MINUTE SECOND"), Integer, Date.As(timestampOfDate)}, Result: sameAsThird,
				Impls: []any{ShiftTimestamp[int8], ShiftTimestamp[int16], ShiftTimestamp[int32], ShiftTimestamp[int64]}},
			{Params: []Param{unit(calendarUnits, "HOUR MINUTE SECOND"), Integer, Timestamps}, Result: sameAsThird,
				Impls: []any{ShiftTimestamp[int8], ShiftTimestamp[int16], ShiftTimestamp[int32], ShiftTimestamp[int64]}},
		},
		Examples: []Example{
			{"TIMESTAMPADD(WEEK, 1, TIMESTAMP '2020-02-29 10:00:00')", "2020-03-07 10:00:00"},
			{"TIMESTAMPADD(QUARTER, 1, TIMESTAMP '2020-02-29 10:00:00')", "2020-05-29 10:00:00"},
			{"TIMESTAMPADD(HOUR, 1, DATE '2020-02-29')", "2020-02-29 01:00:00.000000"},
			{"TIMESTAMPADD(HOUR, 1, TIME '23:30:00')", "00:30:00"},
			{"TIMESTAMPADD(DAY, CAST(NULL AS INT), DATE '2020-02-29')", "NULL"},
		}}
	TimestampDiffDecl = Decl{Name: "TIMESTAMPDIFF", Doc: "The whole units from the second argument to the third.",
		Overloads: []Overload{
			{Params: []Param{unit(calendarUnits, "HOUR MINUTE SECOND"), asTimestamps, asTimestamps}, Result: alwaysInt,
				Coerce: sameZones, Impls: []any{UnitsBetween}},
			{Params: []Param{unit("YEAR QUARTER MONTH"), Time, Time}, Result: alwaysInt, Impls: []any{UnitsBetweenTimes}},
			{Params: []Param{unit("MICROSECOND"), asTimestamps, asTimestamps}, Result: alwaysInt,
				Coerce: sameZones, Impls: []any{MicrosBetween}},
			{Params: []Param{unit("NANOSECOND"), asTimestamps, asTimestamps}, Result: alwaysBigInt,
				Coerce: sameZones, Impls: []any{NanosBetween}},
		},
		Examples: []Example{
			{"TIMESTAMPDIFF(YEAR, DATE '2020-02-29', DATE '2021-02-28')", "1"},
			{"TIMESTAMPDIFF(DAY, TIMESTAMP '2020-02-29 10:00:00', TIMESTAMP '2020-02-27 11:00:00')", "-1"},
			{"TIMESTAMPDIFF(SECOND, DATE '1970-01-01', DATE '2170-01-01')", "2016466304"},
			{"TIMESTAMPDIFF(NANOSECOND, TIMESTAMP '2020-02-29 10:00:00.9', TIMESTAMP '2020-02-29 10:00:02')", "1000000000"},
			{"TIMESTAMPDIFF(QUARTER, TIMESTAMP '2016-06-15 11:00:00', DATE '2018-05-19')", "7"},
			{"TIMESTAMPDIFF(MONTH, TIME '10:11:12', TIME '12:13:14')", "240563"},
		}}
	MillisBetweenDecl = difference(MillisBetweenName, "The time from b to a.", types.IntervalDayTime, MillisBetween,
		Example{"(DATE '2021-03-31' - DATE '2020-01-31') DAY", "+425 00:00:00.000"},
		Example{"(TIMESTAMP '2021-03-31 12:34:56' - TIMESTAMP '2021-03-31 12:34:56.123456789') SECOND", "-0 00:00:00.123"})
	MonthsBetweenDecl = difference(MonthsBetweenName, "The whole months from b to a.", types.IntervalYearMonth, MonthsBetween,
		Example{"(TIMESTAMP '2020-02-09 10:00:00' - TIMESTAMP '2019-02-08 09:00:00') YEAR TO MONTH", "+1-00"},
		Example{"(TIMESTAMP '2021-03-31 12:34:56' - TIMESTAMP '2021-03-31 12:34:56.123456789') MONTH", "-0-01"})
	OverlapsDecl = Decl{Name: "OVERLAPS", Doc: "Whether two periods, each given by its begin and its end, have a moment in common.",
		Overloads: []Overload{
			{Params: []Param{Date, Date, Date, Date}, Result: alwaysBoolean, Impls: []any{Overlaps[val.Date]}},
			{Params: []Param{Time, Time, Time, Time}, Result: alwaysBoolean, Impls: []any{Overlaps[val.Time]}},
			{Params: []Param{Timestamps, Timestamps, Timestamps, Timestamps}, Result: alwaysBoolean, Impls: []any{OverlapsTimestamp}},
		},
		Examples: []Example{
			{"(TIME '2:55:00', INTERVAL '1' HOUR) OVERLAPS (TIME '3:30:00', INTERVAL '2' HOUR)", "TRUE"},
			{"(DATE '2011-03-10', INTERVAL '10' DAY) OVERLAPS (DATE '2011-03-20', INTERVAL '10' DAY)", "TRUE"},
			{"(TIMESTAMP '2011-03-10 05:02:02', INTERVAL '0' SECOND) OVERLAPS (TIMESTAMP '2011-03-10 05:02:02', TIMESTAMP '2011-03-10 05:02:01')", "TRUE"},
		}}
)

// The names of (a - b) DAY TO SECOND and (a - b) YEAR TO MONTH.
const (
	MillisBetweenName = "(A - B) DAY TO SECOND"
	MonthsBetweenName = "(A - B) YEAR TO MONTH"
)

func difference(name, doc string, kind types.Kind, impl any, examples ...Example) Decl {
	return Decl{Name: name, Doc: doc, Examples: examples, Overloads: []Overload{
		{Params: []Param{asTimestamps, asTimestamps}, Result: always(kind, 0), Coerce: sameZones, Impls: []any{impl}}}}
}

// sameZones lets a TIMESTAMP_LTZ go together only with another; the points in
// time are the last two arguments.
func sameZones(args []Arg) ([]types.Type, bool) {
	out := make([]types.Type, len(args))
	zoned := 0
	for i, a := range args {
		if out[i] = a.Type; i >= len(args)-2 {
			out[i] = asTimestamps.become(a.Type)
		}
		if a.Kind == types.TimestampLTZ {
			zoned++
		}
	}
	return out, zoned != 1
}
