package val

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// The calendar agrees with package time's, which is proleptic Gregorian, too.
func TestCivil(t *testing.T) {
	day := time.Date(-2100, 1, 1, 0, 0, 0, 0, time.UTC)
	for days := day.Unix() / 86400; days < 5_000_000; days += 17 {
		want := time.Unix(days*86400, 0).UTC()
		y, m, d := Date(days).Civil()
		if y != want.Year() || m != int(want.Month()) || d != want.Day() {
			t.Fatalf("day %d is %d-%d-%d, want %s", days, y, m, d, want)
		}
		if back := DateOf(y, m, d); int64(back) != days {
			t.Fatalf("%d-%d-%d is day %d, want %d", y, m, d, back, days)
		}
	}
	for month := int64(1); month <= 12; month++ {
		for _, year := range []int64{1900, 2000, 2023, 2024} {
			want := time.Date(int(year), time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
			if got := DaysInMonth(year, month); got != int64(want) {
				t.Errorf("%d-%d has %d days, want %d", year, month, got, want)
			}
		}
	}
	if DateOf(2023, 14, 0) != DateOf(2024, 1, 31) {
		t.Error("month 14 and day 0 don't count on")
	}
}

func TestTimestampParts(t *testing.T) {
	ts := Timestamp{-1, 999_999}
	if ts.Date() != -1 || ts.Time() != MillisPerDay-1 {
		t.Errorf("before the epoch: %d %d", ts.Date(), ts.Time())
	}
	if s, n := ts.Unix(); s != -1 || n != 999_999_999 || TimestampFromUnix(s, n) != ts {
		t.Errorf("Unix: %d %d", s, n)
	}
	for p, want := range []Timestamp{{0, 0}, {0, 0}, {0, 0}, {-1, 0}, {-1, 900_000}, {-1, 990_000}} {
		if got := ts.Truncate(p); got != want {
			t.Errorf("%d digits: %v, want %v", p, got, want)
		}
	}
	if ts.Cmp(Timestamp{}) != -1 || (Timestamp{1, 2}).Cmp(Timestamp{1, 1}) != 1 || ts.Cmp(ts) != 0 {
		t.Error("Cmp")
	}
	if h, m, s, ms := TimeOf(23, 59, 58, 7).Clock(); h != 23 || m != 59 || s != 58 || ms != 7 {
		t.Error("Clock")
	}
}

// Recorded from PyFlink 1.20.1: CAST(CAST(text AS type) AS STRING) over a
// column, in UTC; "" for one that fails.
var temporalCasts = []struct{ kind, text, want string }{
	{"DATE", "2020-2-9", "2020-02-09"},
	{"DATE", "2020-2", "2020-02-01"},
	{"DATE", "2020", "2020-01-01"},
	{"DATE", "2020-02-30", ""},
	{"DATE", "2020-13-01", ""},
	{"DATE", "2020-02-09 foo", "2020-02-09"},
	{"DATE", " 2020-02-09", "2020-02-09"},
	{"DATE", "2020-02-09 ", "2020-02-09"},
	{"DATE", "2020-02-09T12:00:00", ""},
	{"DATE", "10000-01-01", ""},
	{"DATE", "0000-01-01", "0000-01-01"},
	{"DATE", "0-1-1", "0000-01-01"},
	{"DATE", "-1-01-01", ""},
	{"DATE", "20200209", ""},
	{"DATE", "", ""},
	{"DATE", "abc", ""},
	{"DATE", "2020-02-09-01", ""},
	{"DATE", "+2020-02-09", ""},
	{"DATE", "2020- 2 - 9", ""},
	{"DATE", "99-1-1", "0099-01-01"},
	{"TIME", "12:34:56", "12:34:56"},
	{"TIME", "12:34", "12:34:00"},
	{"TIME", "12", "12:00:00"},
	{"TIME", "1:2:3", "01:02:03"},
	{"TIME", "12:34:56.123456789", "12:34:56"},
	{"TIME", "24:00:00", "24:00:00"},
	{"TIME", "23:60:00", "24:00:00"},
	{"TIME", "23:59:60", "24:00:00"},
	{"TIME", "23:59:59.9999", "24:00:00"},
	{"TIME", "99:99:99", "00:40:39"},
	{"TIME", "12:34:56+08:00", "20:34:56"},
	{"TIME", "12:34:56+8", "20:34:56"},
	{"TIME", "20:00:00+08:00", "28:00:00"},
	{"TIME", "02:00:00-08:00", "18:00:00"},
	{"TIME", "02:00-01:30", ""},
	{"TIME", "02-01:30", ""},
	{"TIME", "12:34:56Z", ""},
	{"TIME", "2020-02-09 12:34:56", ""},
	{"TIME", "", ""},
	{"TIME", ":", ""},
	{"TIME", "1:", ""},
	{"TIME", "1:2:", ""},
	{"TIME", "1:2:3.", "01:02:03"},
	{"TIME", "1:2:3.x", "01:02:03"},
	{"TIME", "1:2:3:4", ""},
	{"TIME", "-1:2:3", ""},
	{"TIME", "123456", "72:12:48"},
	{"TIME", "99999999999", ""},
	{"TIME", "12 : 34 : 56", "12:34:56"},
	{"TIMESTAMP", "2020-2-9 1:2:3", "2020-02-09 01:02:03.000"},
	{"TIMESTAMP", "2020-2-9 1:2", ""},
	{"TIMESTAMP", "2020-2-9", "2020-02-09 00:00:00.000"},
	{"TIMESTAMP", "2020-2", ""},
	{"TIMESTAMP", "2020-02-30", "2020-02-29 00:00:00.000"},
	{"TIMESTAMP", "2021-02-29", "2021-02-28 00:00:00.000"},
	{"TIMESTAMP", "2020-02-32", ""},
	{"TIMESTAMP", "2020-04-31 00:00:00", "2020-04-30 00:00:00.000"},
	{"TIMESTAMP", "2020-02-09 24:00:00", "2020-02-10 00:00:00.000"},
	{"TIMESTAMP", "2020-02-09 24:00:01", ""},
	{"TIMESTAMP", "2020-02-09T12:34:56", ""},
	{"TIMESTAMP", "2020-02-09 12:34:56.", "2020-02-09 12:34:56.000"},
	{"TIMESTAMP", "2020-02-09 12:34:56.1", "2020-02-09 12:34:56.100"},
	{"TIMESTAMP", "2020-02-09 12:34:56.123456789", "2020-02-09 12:34:56.123"},
	{"TIMESTAMP", "2020-02-09 12:34:56.1234567891", ""},
	{"TIMESTAMP", "2020-02-09 12:34:56Z", ""},
	{"TIMESTAMP", " 2020-02-09 12:34:56", ""},
	{"TIMESTAMP", "2020-02-09 12:34:56 ", ""},
	{"TIMESTAMP", "20-02-09 12:34:56", ""},
	{"TIMESTAMP", "0000-02-09 12:34:56", ""},
	{"TIMESTAMP", "0001-02-09 12:34:56", "0001-02-09 12:34:56.000"},
	{"TIMESTAMP", "10000-02-09 12:34:56", ""},
	{"TIMESTAMP", "+10000-02-09 12:34:56", "0000-02-09 12:34:56.000"},
	{"TIMESTAMP", "-0001-02-09 12:34:56", ""},
	{"TIMESTAMP", "2020-00-09 12:34:56", ""},
	{"TIMESTAMP", "2020-1-009", ""},
	{"TIMESTAMP", "9999-12-31 24:00:00", "0000-01-01 00:00:00.000"},
	{"TIMESTAMP", "", ""},
}

func castTemporal(kind, text string) (string, error) {
	switch kind {
	case "DATE":
		d, err := ParseDate(text)
		return string(AppendDate(nil, d)), err
	case "TIME":
		t, err := ParseTime(text)
		return string(AppendTime(nil, t, 0)), err
	}
	t, err := ParseTimestamp(text, 3)
	return string(AppendTimestamp(nil, t, 3)), err
}

func TestTemporalCasts(t *testing.T) {
	for _, c := range temporalCasts {
		got, err := castTemporal(c.kind, c.text)
		if (err != nil) != (c.want == "") || err == nil && got != c.want {
			t.Errorf("CAST(%q AS %s) = %q, %v; PyFlink has %q", c.text, c.kind, got, err, c.want)
		}
		if err != nil && !errors.Is(err, ErrBadTemporal) {
			t.Errorf("CAST(%q AS %s): %v", c.text, c.kind, err)
		}
	}
}

// No text makes a parser panic, and what it makes of one can be read again.
func FuzzParseTemporal(f *testing.F) {
	for _, c := range temporalCasts {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, _ = castTemporal("TIME", s)
		for _, kind := range []string{"DATE", "TIMESTAMP"} {
			text, err := castTemporal(kind, s)
			if err != nil || strings.HasPrefix(s, "+") || strings.HasPrefix(text, "0000") {
				continue
			}
			if again, err := castTemporal(kind, text); err != nil || again != text {
				t.Errorf("%q as %s is %q, and that is %q, %v", s, kind, text, again, err)
			}
		}
	})
}

// Recorded from PyFlink 1.20.1.
func TestIntervalText(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{string(AppendMonths(nil, 12)), "+1-00"},
		{string(AppendMonths(nil, -14)), "-1-02"},
		{string(AppendMonths(nil, 1200)), "+100-00"},
		{string(AppendMillis(nil, 93_784_567)), "+1 02:03:04.567"},
		{string(AppendMillis(nil, -7_384_567)), "-0 02:03:04.567"},
		{string(AppendMillis(nil, 0)), "+0 00:00:00.000"},
		{string(AppendTimestamp(nil, Timestamp{57_500, 0}, 0)), "1970-01-01 00:00:57.5"},
		{string(AppendDate(nil, DateOf(-999, 1, 1))), "0'''-01-01"},
	} {
		if c.got != c.want {
			t.Errorf("%s, PyFlink has %s", c.got, c.want)
		}
	}
}
