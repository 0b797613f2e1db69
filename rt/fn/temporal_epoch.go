package fn

import (
	"math"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// The seconds and milliseconds from year 0 to 9999 that TO_TIMESTAMP_LTZ takes.
const (
	minEpochSecond = -62_167_219_200
	maxEpochSecond = 253_402_300_799
)

func epochMilli(v int64) (val.Timestamp, bool) {
	return val.Timestamp{Milli: v}, v >= minEpochSecond*1000 && v <= maxEpochSecond*1000+999
}

// EpochToTimestamp is TO_TIMESTAMP_LTZ of an integer; NULL beyond year 9999.
func EpochToTimestamp[N integer](v, precision N) (val.Timestamp, bool) {
	n := int64(v)
	if precision == 3 {
		return epochMilli(n)
	}
	if n < minEpochSecond || n > maxEpochSecond {
		return val.Timestamp{}, false
	}
	return val.Timestamp{Milli: n * 1000}, true
}

// FloatEpochToTimestamp is TO_TIMESTAMP_LTZ of a DOUBLE, cut to milliseconds.
func FloatEpochToTimestamp(v float64, precision int64) (val.Timestamp, bool) {
	if precision == 0 {
		v *= 1000
	}
	if math.IsNaN(v) {
		v = 0
	}
	if math.Abs(v) > 1<<62 {
		return val.Timestamp{}, false
	}
	return epochMilli(int64(v))
}

// Now is the time of the query: in streaming mode that of the row.
func Now(s *val.Session) val.Timestamp {
	if s.Batch {
		return timestampOf(s.Start)
	}
	return timestampOf(val.Now())
}

// RowNow is the time of the row in both modes.
func RowNow(*val.Session) val.Timestamp { return timestampOf(val.Now()) }

func timestampOf(t time.Time) val.Timestamp { return val.Timestamp{Milli: t.UnixMilli()} }

// LocalNow is Now on the session's wall clock.
func LocalNow(s *val.Session) val.Timestamp { return Now(s).Local(s.Zone) }

// Today is LocalNow's day.
func Today(s *val.Session) val.Date { return LocalNow(s).Date() }

// LocalTime is LocalNow's time of day in whole seconds.
func LocalTime(s *val.Session) val.Time { return FloorTime(LocalNow(s).Time(), "SECOND") }

// CurrentWatermark is the last watermark before the row; the row's time doesn't
// matter.
func CurrentWatermark(p *val.Progress, _ val.Datum) (val.Timestamp, bool) {
	if p.Mark == val.NoMark {
		return val.Timestamp{}, false
	}
	return val.Timestamp{Milli: p.Mark}, true
}

// UnixNow is the time in seconds since the epoch.
func UnixNow() int64 { return val.Now().Unix() }

func always(k types.Kind, precision int) func([]Arg) types.Type {
	t := types.Of(k).NotNull()
	t.Precision = precision
	return func([]Arg) types.Type { return t }
}

// nullable is a result type that is nullable whatever the arguments are.
func nullable(result func([]Arg) types.Type) func([]Arg) types.Type {
	return func(args []Arg) types.Type { return result(args).WithNull(true) }
}

// clock declares a function that tells the time.
func clock(name, doc string, result func([]Arg) types.Type, impl any, aliases ...string) Decl {
	return Decl{Name: name, Aliases: aliases, Doc: doc, Volatile: true,
		Overloads: []Overload{{Result: result, Impls: []any{impl}}}}
}

func proctime([]Arg) types.Type {
	return types.Type{Kind: types.TimestampLTZ, Precision: 3, Time: types.Proctime}
}

// epochPrecision takes 0 for seconds and 3 for milliseconds.
var epochPrecision = NewParam("0 or 3", types.Type.Integer).WithValue(func(v any) bool { return v == int64(0) || v == int64(3) })

// Declarations.
var (
	ToTimestampLTZDecl = Decl{Name: "TO_TIMESTAMP_LTZ", Doc: "The instant of so many seconds (0) or milliseconds (3) since the epoch; NULL beyond the years 0 to 9999.",
		Overloads: []Overload{
			{Params: []Param{NewParam("an integer or DECIMAL", Exact.accepts).AsKind(types.BigInt), epochPrecision.AsKind(types.BigInt)},
				Result: nullable(always(types.TimestampLTZ, 3)), Impls: []any{EpochToTimestamp[int64]}},
			{Params: []Param{Double, epochPrecision.AsKind(types.BigInt)},
				Result: nullable(always(types.TimestampLTZ, 3)), Impls: []any{FloatEpochToTimestamp}},
		},
		Examples: []Example{
			{"TO_TIMESTAMP_LTZ(100, 0)", "1970-01-01 00:01:40.000"},
			{"TO_TIMESTAMP_LTZ(1.9999, 0)", "1970-01-01 00:00:01.000"},
			{"TO_TIMESTAMP_LTZ(CAST(100.0159 AS FLOAT), 0)", "1970-01-01 00:01:40.015"},
			{"TO_TIMESTAMP_LTZ(CAST(-1.5 AS DOUBLE), 3)", "1969-12-31 23:59:59.999"},
			{"TO_TIMESTAMP_LTZ(-62167219200, 0)", "0000-01-01 00:00:00.000"},
			{"TO_TIMESTAMP_LTZ(253402300800000, 3)", "NULL"},
		}}
	NowDecl              = clock("CURRENT_TIMESTAMP", "The time: of the row in streaming mode, of the query's start in batch mode.", always(types.TimestampLTZ, 3), Now, "NOW")
	CurrentWatermarkDecl = Decl{Name: "CURRENT_WATERMARK", Doc: "The last watermark before the row; NULL before the first.", Volatile: true,
		Overloads: []Overload{{Params: []Param{NewParam("a rowtime attribute", func(t types.Type) bool { return t.Time == types.Rowtime })},
			Result: func(args []Arg) types.Type { return types.Type{Kind: args[0].Kind, Precision: 3, Nullable: true} },
			Null:   Called, Impls: []any{CurrentWatermark}}}}
	RowTimestampDecl   = clock("CURRENT_ROW_TIMESTAMP", "The time of the row.", always(types.TimestampLTZ, 3), RowNow)
	ProctimeDecl       = clock("PROCTIME", "The time at which the row is processed; a time attribute in streaming mode.", proctime, RowNow)
	LocalTimestampDecl = clock("LOCALTIMESTAMP", "The time on the session's wall clock.", always(types.Timestamp, 3), LocalNow)
	CurrentDateDecl    = clock("CURRENT_DATE", "The day in the session's zone.", always(types.Date, 0), Today)
	CurrentTimeDecl    = clock("LOCALTIME", "The time of day in the session's zone.", always(types.Time, 0), LocalTime, "CURRENT_TIME")
)
