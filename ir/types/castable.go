package types

import "slices"

// numbersAnd are the numbers and more kinds.
func numbersAnd(more ...Kind) []Kind {
	return append(more, TinyInt, SmallInt, Int, BigInt, Float, Double, Decimal)
}

// castTargets are what CAST converts a scalar of a kind to, besides itself and
// text. An interval goes to a number in Flink if it has one field only, which
// these types don't tell.
var castTargets = map[Kind][]Kind{
	Boolean:      numbersAnd(),
	TinyInt:      numbersAnd(Boolean, IntervalYearMonth, IntervalDayTime),
	SmallInt:     numbersAnd(Boolean, IntervalYearMonth, IntervalDayTime),
	Int:          numbersAnd(Boolean, IntervalYearMonth, IntervalDayTime),
	BigInt:       numbersAnd(Boolean, IntervalYearMonth, IntervalDayTime),
	Float:        numbersAnd(Boolean),
	Double:       numbersAnd(Boolean),
	Decimal:      numbersAnd(Boolean),
	Char:         numbersAnd(Boolean, Binary, VarBinary, Date, Time, Timestamp, TimestampLTZ),
	VarChar:      numbersAnd(Boolean, Binary, VarBinary, Date, Time, Timestamp, TimestampLTZ),
	Binary:       {VarBinary},
	VarBinary:    {Binary},
	Date:         {Timestamp, TimestampLTZ},
	Time:         {Timestamp, TimestampLTZ},
	Timestamp:    {Date, Time, TimestampLTZ},
	TimestampLTZ: {Date, Time, Timestamp},
}

// Castable reports whether CAST converts from one type to another: PyFlink
// 1.20.1 refuses every other pair before the job starts.
func Castable(from, to Type) bool {
	switch {
	case from.Kind == Null, to.Text():
		return true
	case from.Kind != to.Kind:
		return slices.Contains(castTargets[from.Kind], to.Kind)
	}
	return slices.EqualFunc(from.Elems, to.Elems, Castable)
}
