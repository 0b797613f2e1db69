package fn

import (
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Conversions of temporal values. What is less than the target's precision is
// cut, never rounded.

// DateToText writes 2020-02-29.
func DateToText(a *val.Arena, d val.Date) string {
	var buf [10]byte
	return a.Concat(val.View(val.AppendDate(buf[:0], d)))
}

// TimeToText writes 12:34:56: for PyFlink 1.20.1's planner every TIME is TIME(0).
func TimeToText(a *val.Arena, t val.Time) string {
	var buf [20]byte
	return a.Concat(val.View(val.AppendTime(buf[:0], t, 0)))
}

// TimestampToText writes 2020-02-29 12:34:56.123.
func TimestampToText(a *val.Arena, t val.Timestamp, from, _ val.Shape) string {
	var buf [32]byte
	return a.Concat(val.View(val.AppendTimestamp(buf[:0], t, from.Precision)))
}

// TimestampLTZToText writes what the session's wall clock shows.
func TimestampLTZToText(s *val.Session, a *val.Arena, t val.Timestamp, from, _ val.Shape) string {
	var buf [32]byte
	return a.Concat(val.View(val.AppendTimestampLTZ(buf[:0], t, from.Precision, s.Zone)))
}

// MonthsToText writes +1-02.
func MonthsToText(a *val.Arena, v val.Months) string {
	var buf [16]byte
	return a.Concat(val.View(val.AppendMonths(buf[:0], v)))
}

// MillisToText writes +1 02:03:04.567.
func MillisToText(a *val.Arena, v val.Millis) string {
	var buf [32]byte
	return a.Concat(val.View(val.AppendMillis(buf[:0], v)))
}

// TextToDate parses a DATE.
func TextToDate(s string) (val.Date, error) { return val.ParseDate(s) }

// TextToTime parses a TIME.
func TextToTime(s string) (val.Time, error) { return val.ParseTime(s) }

// TextToTimestamp parses a TIMESTAMP.
func TextToTimestamp(s string, to val.Shape) (val.Timestamp, error) {
	return val.ParseTimestamp(s, to.Precision)
}

// TextToTimestampLTZ parses the time on the session's wall clock.
func TextToTimestampLTZ(ss *val.Session, s string, to val.Shape) (val.Timestamp, error) {
	return val.ParseTimestampLTZ(s, to.Precision, ss.Zone)
}

// TimestampToDate drops the time of day; like Flink, before 1970 it gives the
// day after, unless it is midnight.
func TimestampToDate(t val.Timestamp) val.Date { return val.Date(t.Milli / val.MillisPerDay) }

// TimestampToTime drops the day.
func TimestampToTime(t val.Timestamp) val.Time { return t.Time() }

// TimestampLTZToDate is the session's day.
func TimestampLTZToDate(s *val.Session, t val.Timestamp) val.Date { return t.Local(s.Zone).Date() }

// TimestampLTZToTime is the session's time of day.
func TimestampLTZToTime(s *val.Session, t val.Timestamp) val.Time { return t.Local(s.Zone).Time() }

// DateToTimestamp is the day's midnight.
func DateToTimestamp(d val.Date) val.Timestamp { return val.TimestampOf(d, 0, 0) }

// TimeToTimestamp is the time on 1970-01-01.
func TimeToTimestamp(t val.Time) val.Timestamp { return val.TimestampOf(0, t, 0) }

// DateToTimestampLTZ is the midnight on the session's wall clock.
func DateToTimestampLTZ(s *val.Session, d val.Date) val.Timestamp {
	return DateToTimestamp(d).Instant(s.Zone)
}

// TimeToTimestampLTZ is the time on 1970-01-01 on the session's wall clock.
func TimeToTimestampLTZ(s *val.Session, t val.Time) val.Timestamp {
	return TimeToTimestamp(t).Instant(s.Zone)
}

// TruncateTimestamp changes the precision.
func TruncateTimestamp(t val.Timestamp, to val.Shape) val.Timestamp { return t.Truncate(to.Precision) }

// TimestampToLTZ is the instant of a wall clock time in the session's zone.
func TimestampToLTZ(s *val.Session, t val.Timestamp, to val.Shape) val.Timestamp {
	return t.Instant(s.Zone).Truncate(to.Precision)
}

// LTZToTimestamp is what the session's wall clock shows.
func LTZToTimestamp(s *val.Session, t val.Timestamp, to val.Shape) val.Timestamp {
	return t.Local(s.Zone).Truncate(to.Precision)
}

// IntToMonths counts months.
func IntToMonths[From integer](v From) val.Months { return val.Months(v) }

// IntToMillis counts milliseconds.
func IntToMillis[From integer](v From) val.Millis { return val.Millis(v) }

// MonthsToInt is an interval's months as a number, of which a cast makes its
// field.
func MonthsToInt(v val.Months) int64 { return int64(v) }

// MillisToInt is an interval's milliseconds as a number.
func MillisToInt(v val.Millis) int64 { return int64(v) }

// KeepTime is the conversion between precisions of TIME, which Flink ignores.
func KeepTime(t val.Time) val.Time { return t }

var temporalCasts = []CastDecl{
	{From: types.Date, To: types.VarChar, Impl: DateToText},
	{From: types.Time, To: types.VarChar, Impl: TimeToText},
	{From: types.Timestamp, To: types.VarChar, Impl: TimestampToText},
	{From: types.TimestampLTZ, To: types.VarChar, Impl: TimestampLTZToText},
	{From: types.IntervalYearMonth, To: types.VarChar, Impl: MonthsToText},
	{From: types.IntervalDayTime, To: types.VarChar, Impl: MillisToText},
	{From: types.VarChar, To: types.Date, Impl: TextToDate},
	{From: types.VarChar, To: types.Time, Impl: TextToTime},
	{From: types.VarChar, To: types.Timestamp, Impl: TextToTimestamp},
	{From: types.VarChar, To: types.TimestampLTZ, Impl: TextToTimestampLTZ},
	{From: types.Timestamp, To: types.Date, Impl: TimestampToDate},
	{From: types.Timestamp, To: types.Time, Impl: TimestampToTime},
	{From: types.TimestampLTZ, To: types.Date, Impl: TimestampLTZToDate},
	{From: types.TimestampLTZ, To: types.Time, Impl: TimestampLTZToTime},
	{From: types.Date, To: types.Timestamp, Impl: DateToTimestamp},
	{From: types.Date, To: types.TimestampLTZ, Impl: DateToTimestampLTZ},
	{From: types.Time, To: types.Timestamp, Impl: TimeToTimestamp},
	{From: types.Time, To: types.TimestampLTZ, Impl: TimeToTimestampLTZ},
	{From: types.Time, To: types.Time, Impl: KeepTime},
	{From: types.Timestamp, To: types.Timestamp, Impl: TruncateTimestamp},
	{From: types.TimestampLTZ, To: types.TimestampLTZ, Impl: TruncateTimestamp},
	{From: types.Timestamp, To: types.TimestampLTZ, Impl: TimestampToLTZ},
	{From: types.TimestampLTZ, To: types.Timestamp, Impl: LTZToTimestamp},
	{From: types.IntervalYearMonth, To: types.BigInt, Impl: MonthsToInt},
	{From: types.IntervalDayTime, To: types.BigInt, Impl: MillisToInt},
	{From: types.TinyInt, To: types.IntervalYearMonth, Impl: IntToMonths[int8]},
	{From: types.SmallInt, To: types.IntervalYearMonth, Impl: IntToMonths[int16]},
	{From: types.Int, To: types.IntervalYearMonth, Impl: IntToMonths[int32]},
	{From: types.BigInt, To: types.IntervalYearMonth, Impl: IntToMonths[int64]},
	{From: types.TinyInt, To: types.IntervalDayTime, Impl: IntToMillis[int8]},
	{From: types.SmallInt, To: types.IntervalDayTime, Impl: IntToMillis[int16]},
	{From: types.Int, To: types.IntervalDayTime, Impl: IntToMillis[int32]},
	{From: types.BigInt, To: types.IntervalDayTime, Impl: IntToMillis[int64]},
}
