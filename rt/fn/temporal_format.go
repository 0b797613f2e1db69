package fn

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/javatime"
	"pyfc/rt/val"
)

// The functions with date patterns. Flink hands those of TIMESTAMP values to
// DateTimeFormatter, and those of texts and seconds to SimpleDateFormat, whose
// rules differ.

// compiled is a pattern, or why it is none.
type compiled[T any] struct {
	pattern T
	err     error
}

var (
	formatters    val.Cache[compiled[*javatime.Formatter]]
	simpleFormats val.Cache[compiled[*javatime.SimpleFormat]]
)

func formatter(pattern string) (*javatime.Formatter, error) {
	c := formatters.Get(pattern, func(p string) (c compiled[*javatime.Formatter]) {
		c.pattern, c.err = javatime.NewFormatter(p)
		return c
	})
	return c.pattern, c.err
}

func simpleFormat(pattern string) (*javatime.SimpleFormat, error) {
	c := simpleFormats.Get(pattern, func(p string) (c compiled[*javatime.SimpleFormat]) {
		c.pattern, c.err = javatime.NewSimpleFormat(p)
		return c
	})
	return c.pattern, c.err
}

// plainPattern is the pattern where none is given.
const plainPattern = "yyyy-MM-dd HH:mm:ss"

// inArena keeps in the arena what f appends.
func inArena(a *val.Arena, f func(dst []byte) ([]byte, error)) (string, error) {
	text := newTextScratch()
	defer text.free()
	var err error
	if text.buf, err = f(text.buf); err != nil {
		return "", err
	}
	return a.Concat(val.View(text.buf)), nil
}

// FormatTimestamp is DATE_FORMAT of a TIMESTAMP.
func FormatTimestamp(a *val.Arena, t val.Timestamp, pattern string) (string, error) {
	f, err := formatter(pattern)
	if err != nil {
		return "", err
	}
	return inArena(a, func(dst []byte) ([]byte, error) { return f.Format(dst, t) })
}

// FormatTimestampLTZ is DATE_FORMAT of a TIMESTAMP_LTZ, in the session's zone.
func FormatTimestampLTZ(s *val.Session, a *val.Arena, t val.Timestamp, pattern string) (string, error) {
	return FormatTimestamp(a, t.Local(s.Zone), pattern)
}

// FormatTextTimestamp is DATE_FORMAT of a text; NULL where it is no timestamp.
func FormatTextTimestamp(a *val.Arena, text, pattern string) (string, bool, error) {
	return convertText(a, text, pattern, time.UTC, time.UTC)
}

// convertText reads a plain timestamp in one zone and writes it by a pattern in
// another.
func convertText(a *val.Arena, text, pattern string, from, to *time.Location) (string, bool, error) {
	in, err := simpleFormat(plainPattern)
	if err != nil {
		return "", false, err
	}
	out, err := simpleFormat(pattern)
	if err != nil {
		return "", false, err
	}
	milli, ok := in.Parse(text, from, val.Now())
	if !ok {
		return "", false, nil
	}
	s, err := inArena(a, func(dst []byte) ([]byte, error) { return out.Format(dst, milli, to) })
	return s, true, err
}

// ConvertZone is CONVERT_TZ: a wall clock time in another zone; an unknown zone
// is GMT, as in Java.
func ConvertZone(a *val.Arena, text, from, to string) (string, bool, error) {
	return convertText(a, text, plainPattern, val.LegacyZone(from), val.LegacyZone(to))
}

// FromUnixTime is FROM_UNIXTIME(seconds, pattern) in the session's zone.
func FromUnixTime(s *val.Session, a *val.Arena, seconds int64, pattern string) (string, error) {
	f, err := simpleFormat(pattern)
	if err != nil {
		return "", err
	}
	return inArena(a, func(dst []byte) ([]byte, error) { return f.Format(dst, seconds*1000, s.Zone) })
}

// FromUnixTimePlain is FROM_UNIXTIME(seconds).
func FromUnixTimePlain(s *val.Session, a *val.Arena, seconds int64) (string, error) {
	return FromUnixTime(s, a, seconds, plainPattern)
}

// UnixTimeOf is UNIX_TIMESTAMP(text, pattern) in the session's zone; as in
// Flink, a text that doesn't follow the pattern gives the least BIGINT.
func UnixTimeOf(s *val.Session, text, pattern string) (int64, error) {
	f, err := simpleFormat(pattern)
	if err != nil {
		return 0, err
	}
	milli, ok := f.Parse(text, s.Zone, val.Now())
	if !ok {
		return math.MinInt64, nil
	}
	return milli / 1000, nil
}

// UnixTimeOfPlain is UNIX_TIMESTAMP(text).
func UnixTimeOfPlain(s *val.Session, text string) (int64, error) {
	return UnixTimeOf(s, text, plainPattern)
}

// ToDate is TO_DATE(text); NULL where it is no date.
func ToDate(text string) (val.Date, bool) {
	d, err := val.ParseDate(text)
	return d, err == nil
}

// ToDateBy is TO_DATE(text, pattern); as in Flink, a text that doesn't follow
// the pattern gives the day that is left of the least BIGINT.
func ToDateBy(text, pattern string) (val.Date, error) {
	f, err := simpleFormat(pattern)
	if err != nil {
		return 0, err
	}
	milli, ok := f.Parse(text, time.UTC, val.Now())
	if !ok {
		return val.Date(math.MinInt64 / val.MillisPerDay & math.MaxUint32), nil
	}
	return val.Date(val.FloorDiv(milli, val.MillisPerDay)), nil
}

// ToTimestamp is TO_TIMESTAMP(text); NULL where it is no timestamp.
func ToTimestamp(text string) (val.Timestamp, bool) {
	t, err := val.ParseTimestamp(text, 3)
	return t, err == nil
}

// ToTimestampBy is TO_TIMESTAMP(text, pattern). A text that doesn't follow the
// pattern can still be one of java.sql.Timestamp or java.sql.Date; any other
// one, and a wrong pattern, give NULL.
func ToTimestampBy(text, pattern string) (val.Timestamp, bool) {
	f, err := formatter(pattern)
	if err != nil {
		return val.Timestamp{}, false
	}
	t, err := f.Parse(text)
	if err != nil {
		return sqlTimestamp(strings.TrimSpace(text))
	}
	return t.Truncate(3), true
}

var errForm = errors.New("not of the form")

// sqlTimestamp reads yyyy-m-d, with a time h:m:s of any size and a fraction of
// up to nine digits after a space.
func sqlTimestamp(s string) (val.Timestamp, bool) {
	date, clock, hasClock := strings.Cut(s, " ")
	ymd := strings.Split(date, "-")
	if len(ymd) != 3 || len(ymd[0]) != 4 || len(ymd[1]) > 2 || len(ymd[2]) > 2 {
		return val.Timestamp{}, false
	}
	y, m, d, err := atois(ymd)
	if err != nil || m < 1 || m > 12 || d < 1 || d > 31 {
		return val.Timestamp{}, false
	}
	seconds := val.DaysFromCivil(y, m, d) * 86_400
	if !hasClock {
		return val.TimestampFromUnix(seconds, 0), true
	}
	clock, fraction, hasFraction := strings.Cut(clock, ".")
	hms := strings.Split(clock, ":")
	if len(hms) != 3 {
		return val.Timestamp{}, false
	}
	hour, minute, second, err := atois(hms)
	nanos := int64(0)
	if hasFraction && err == nil {
		if len(fraction) > 9 || fraction == "" || strings.Trim(fraction, "0123456789") != "" {
			err = errForm
		} else {
			nanos, err = strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
		}
	}
	return val.TimestampFromUnix(seconds+hour*3600+minute*60+second, nanos), err == nil
}

func atois(s []string) (a, b, c int64, err error) {
	out := [3]int64{}
	for i := range out {
		v, e := strconv.ParseInt(s[i], 10, 32)
		if out[i] = v; e != nil {
			err = e
		}
	}
	return out[0], out[1], out[2], err
}

var (
	nullableString    = nullable(alwaysString)
	nullableDate      = nullable(always(types.Date, 0))
	nullableTimestamp = nullable(always(types.Timestamp, 3))
	seconds           = Integer.AsKind(types.BigInt)
)

// Declarations.
var (
	DateFormatDecl = Decl{Name: "DATE_FORMAT", Doc: "A timestamp written by a pattern of Java's DateTimeFormatter; a text, read as yyyy-MM-dd HH:mm:ss, by one of SimpleDateFormat.",
		Overloads: []Overload{
			binaryOverload(plainTimestamp, Text, nullableString, FormatTimestamp),
			binaryOverload(timestampLTZ, Text, nullableString, FormatTimestampLTZ),
			binaryOverload(Text, Text, nullableString, FormatTextTimestamp),
		},
		Examples: []Example{
			{"DATE_FORMAT(TIMESTAMP '2021-03-05 02:34:56.123456789', 'yyyy-MM-dd HH:mm:ss.SSSSSSSSS')", "2021-03-05 02:34:56.123456789"},
			{"DATE_FORMAT('2021-3-5 4:5:6', 'yyyy/MM/dd HH:mm:ss')", "2021/03/05 04:05:06"},
			{"DATE_FORMAT('2021-13-35 25:61:61', 'yyyy/MM/dd HH:mm:ss')", "2022/02/05 02:02:01"},
			{"DATE_FORMAT('2021-03-05', 'yyyy/MM/dd')", "NULL"},
			{"DATE_FORMAT('2021-03-05 14:04:06', 'foo')", "error"},
		}}
	ConvertZoneDecl = Decl{Name: "CONVERT_TZ", Doc: "A wall clock time yyyy-MM-dd HH:mm:ss of one time zone in another.",
		Overloads: []Overload{{Params: []Param{Text, Text, Text}, Result: nullableString, Impls: []any{ConvertZone}}},
		Examples: []Example{
			{"CONVERT_TZ('2021-03-05 14:04:06', 'UTC', 'Asia/Shanghai')", "2021-03-05 22:04:06"},
			{"CONVERT_TZ('2021-03-14 02:30:00', 'America/Los_Angeles', 'UTC')", "2021-03-14 10:30:00"},
			{"CONVERT_TZ('2021-11-07 01:30:00', 'America/Los_Angeles', 'UTC')", "2021-11-07 09:30:00"},
			{"CONVERT_TZ('2021-03-05 14:04:06', 'PST', 'GMT+08:00')", "2021-03-06 06:04:06"},
			{"CONVERT_TZ('2021-03-05 14:04:06', 'nowhere', 'GMT+8')", "2021-03-05 22:04:06"},
			{"CONVERT_TZ('2021-03-05 14:04:06', 'UTC+8', '+08:00')", "2021-03-05 14:04:06"},
			{"CONVERT_TZ('2021-03-05 14:04:06.999', 'UTC', 'EST')", "2021-03-05 09:04:06"},
			{"CONVERT_TZ('2021-03-05', 'UTC', 'PST')", "NULL"},
		}}
	FromUnixTimeDecl = Decl{Name: "FROM_UNIXTIME", Doc: "Seconds since the epoch written by a pattern of Java's SimpleDateFormat, in the session's zone.",
		Overloads: []Overload{
			{Params: []Param{seconds}, Result: nullableString, Impls: []any{FromUnixTimePlain}},
			binaryOverload(seconds, Text, nullableString, FromUnixTime),
		},
		Examples: []Example{{"FROM_UNIXTIME(CAST(NULL AS BIGINT))", "NULL"}}}
	UnixTimestampDecl = Decl{Name: "UNIX_TIMESTAMP", Doc: "The seconds since the epoch of a text read by a pattern of Java's SimpleDateFormat in the session's zone; of now without a text.", Volatile: true,
		Overloads: []Overload{
			{Result: alwaysBigInt, Impls: []any{UnixNow}},
			{Params: []Param{Text}, Result: alwaysBigInt, Impls: []any{UnixTimeOfPlain}},
			binaryOverload(Text, Text, alwaysBigInt, UnixTimeOf),
		}}
	ToDateDecl = Decl{Name: "TO_DATE", Doc: "The date of a text: yyyy-MM-dd, or by a pattern of Java's SimpleDateFormat.",
		Overloads: []Overload{
			{Params: []Param{Text}, Result: nullableDate, Impls: []any{ToDate}},
			binaryOverload(Text, Text, nullableDate, ToDateBy),
		},
		Examples: []Example{
			{"TO_DATE('2021-3-5')", "2021-03-05"}, {"TO_DATE('2021-02-30')", "NULL"}, {"TO_DATE('2021/02/30', 'yyyy/MM/dd')", "2021-03-02"},
			{"TO_DATE('20210305', 'yyyyMMdd')", "2021-03-05"}, {"TO_DATE('2021/03/05 tail', 'yyyy/MM/dd')", "2021-03-05"},
			{"TO_DATE('05 Mar 2021', 'dd MMM yyyy')", "2021-03-05"},
			{"TO_DATE('2021/03/05', 'foo')", "error"},
		}}
	ToTimestampDecl = Decl{Name: "TO_TIMESTAMP", Doc: "The TIMESTAMP of a text: yyyy-MM-dd HH:mm:ss, or by a pattern of Java's DateTimeFormatter; NULL where it is none.",
		Overloads: []Overload{
			{Params: []Param{Text}, Result: nullableTimestamp, Impls: []any{ToTimestamp}},
			binaryOverload(Text, Text, nullableTimestamp, ToTimestampBy),
		},
		Examples: []Example{
			{"TO_TIMESTAMP('2021-03-05 14:04:06.123456')", "2021-03-05 14:04:06.123"},
			{"TO_TIMESTAMP('2021-03-05 25:00:00')", "NULL"},
			{"TO_TIMESTAMP('2021-03-05 25:00:00', 'yyyy-MM-dd HH:mm:ss')", "2021-03-06 01:00:00.000"},
			{"TO_TIMESTAMP('2021-03-05 25:00:00.123456', 'yyyy-MM-dd HH:mm:ss')", "2021-03-06 01:00:00.123456"},
			{"TO_TIMESTAMP('2021-2-30', 'yyyy/MM/dd')", "2021-03-02 00:00:00.000"},
			{"TO_TIMESTAMP('20210305140406123', 'yyyyMMddHHmmssSSS')", "2021-03-05 14:04:06.123"},
			{"TO_TIMESTAMP('Thu, 5 Mar 2021 02:04:06 PM', 'EEE, d MMM yyyy hh:mm:ss a')", "NULL"},
			{"TO_TIMESTAMP('2021-03-05 14:04:06', 'foo')", "NULL"},
		}}
	FloorDecl = Decl{Name: "FLOOR", Doc: "A number rounded down, or a time rounded down to a unit.", Overloads: slices.Concat(numericFloor, temporalFloor),
		Examples: []Example{
			{"FLOOR(-4.56)", "-5"}, {"FLOOR(CAST(-4.6 AS DOUBLE))", "-5.0"}, {"FLOOR(CAST(-42 AS TINYINT))", "-42"},
			{"FLOOR(DATE '2021-03-05' TO CENTURY)", "2001-01-01"}, {"FLOOR(DATE '1960-02-27' TO WEEK)", "1960-02-21"},
			{"FLOOR(DATE '2020-05-06' TO DOW)", "2020-05-06"}, {"FLOOR(TIME '10:11:12' TO MILLENNIUM)", "10:08:55"},
			{"FLOOR(TIMESTAMP '1960-01-01 23:34:56.987' TO HOUR)", "1960-01-01 23:00:00.000"},
			{"FLOOR(TIMESTAMP '2021-03-05 12:34:56.123456789' TO MILLISECOND)", "2021-03-05 12:34:56.123000000"},
		}}
	CeilDecl = Decl{Name: "CEIL", Aliases: []string{"CEILING"}, Doc: "A number rounded up, or a time rounded up to a unit.", Overloads: slices.Concat(numericCeil, temporalCeil),
		Examples: []Example{
			{"CEIL(99.9)", "100"}, {"CEIL(CAST(4.5 AS FLOAT))", "5.0"}, {"CEIL(CAST(0.3 AS DECIMAL(5, 2)))", "1"},
			{"CEIL(DATE '2021-02-27' TO DAY)", "2021-02-28"}, {"CEIL(DATE '2020-01-01' TO DECADE)", "2030-01-01"},
			{"CEIL(DATE '2000-01-01' TO CENTURY)", "2001-01-01"}, {"CEIL(DATE '2021-01-01' TO YEAR)", "2021-01-01"},
			{"CEIL(TIMESTAMP '2018-03-01 21:00:01' TO MONTH)", "2018-03-01 00:00:00"}, {"CEIL(TIME '23:30:00' TO HOUR)", "24:00:00"},
			{"CEIL(DATE '2020-05-06' TO EPOCH)", "2020-05-06"}, {"CEIL(TIME '10:11:12' TO CENTURY)", "10:11:21"},
			{"CEIL(TIMESTAMP '2021-03-01 00:00:00.0009' TO MILLISECOND)", "2021-03-01 00:00:00.0010"},
			{"CEIL(TIMESTAMP '2021-03-01 00:00:00.0009' TO SECOND)", "2021-03-01 00:00:00.0000"},
		}}
)
