package javatime

import (
	"testing"
	"time"

	"pyfc/rt/val"
)

func at(t *testing.T, s string) val.Timestamp {
	t.Helper()
	ts, err := val.ParseTimestamp(s, 9)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

// Recorded from PyFlink 1.20.1: DATE_FORMAT of a TIMESTAMP; "" for a pattern or
// a value that fails.
func TestFormatter(t *testing.T) {
	const early, late = "2021-03-05 02:34:56.123456789", "2021-03-05 14:04:06.003"
	for _, c := range []struct{ time, pattern, want string }{
		{early, "yyyy-MM-dd HH:mm:ss.SSSSSSSSS", "2021-03-05 02:34:56.123456789"},
		{early, "y yy yyy yyyy yyyyy u uu uuuu", "2021 21 2021 2021 02021 2021 21 2021"},
		{early, "M MM MMM MMMM MMMMM L LL LLL LLLL", "3 03 Mar March M 3 03 Mar March"},
		{early, "d dd D DDD E EE EEE EEEE EEEEE", "5 05 64 064 Fri Fri Fri Friday F"},
		{early, "H HH h hh k kk K KK a", "2 02 2 02 2 02 2 02 AM"},
		{late, "m mm s ss S SS SSS SSSS A n N G GGGG", "4 04 6 06 0 00 003 0030 50646003 3000000 50646003000000 AD Anno Domini"},
		{late, "Q QQ QQQ QQQQ q qqq", "1 01 Q1 1st quarter 1 Q1"},
		{late, "e ee eee eeee", "6 06 Fri Friday"},
		{late, "c ccc cccc", "6 Fri Friday"},
		{late, "w ww W YYYY YY F", "10 10 1 2021 21 5"},
		{"2021-01-01 14:04:06.003", "w ww W YYYY YY F", "1 01 1 2021 21 1"},
		{late, "VV", ""},
		{late, "z", ""},
		{late, "XXX", ""},
		{late, "'T' yyyy 'it''s' [HH]", "T 2021 it's 14"},
		{late, "pppd ppHH", "  5 14"},
		{late, "B", "in the afternoon"},
		{late, "foo", ""},
		{late, "", ""},
		{late, "dd' unclosed", ""},
		{late, "ddd", ""},
		{late, "g", "59278"},
		{late, "%Y-%m", "%2021-%4"},
		{late, "yyyy年MM月", "2021年03月"},
	} {
		f, err := NewFormatter(c.pattern)
		var got []byte
		if err == nil {
			got, err = f.Format(nil, at(t, c.time))
		}
		if err != nil {
			got = nil
		}
		if string(got) != c.want || (err == nil) != (c.want != "" || c.pattern == "") {
			t.Errorf("%q by %q = %q, %v; PyFlink has %q", c.time, c.pattern, got, err, c.want)
		}
	}
}

// Recorded from PyFlink 1.20.1: TO_TIMESTAMP; "" for NULL, but for texts that it
// reads in another way then.
func TestFormatterParse(t *testing.T) {
	for _, c := range []struct{ text, pattern, want string }{
		{"2021/03/05 14:04:06", "yyyy/MM/dd HH:mm:ss", "2021-03-05 14:04:06.000"},
		{"2021/03/05 14", "yyyy/MM/dd HH", "2021-03-05 14:00:00.000"},
		{"2021/03", "yyyy/MM", "2021-03-01 00:00:00.000"},
		{"14:04", "HH:mm", "1970-01-01 14:04:00.000"},
		{"2021/02/30", "yyyy/MM/dd", "2021-02-28 00:00:00.000"},
		{"2021/02/32", "yyyy/MM/dd", ""},
		{"99/02/03", "yy/MM/dd", "2099-02-03 00:00:00.000"},
		{"20210305140406", "yyyyMMddHHmmss", "2021-03-05 14:04:06.000"},
		{"20210305140406123", "yyyyMMddHHmmssSSS", "2021-03-05 14:04:06.123"},
		{"20000202 59:59.1234567", "yyyyMMdd mm:ss.SSSSSSS", "2000-02-02 00:59:59.123"},
		{"1234567", "SSSSSSS", "1970-01-01 00:00:00.123"},
		{"5 Mar 2021", "d MMM yyyy", "2021-03-05 00:00:00.000"},
		{"05-MAR-2021", "dd-MMM-yyyy", ""},
		{"March 5 2021", "MMMM d yyyy", "2021-03-05 00:00:00.000"},
		{"Fri, 5 Mar 2021 02:04:06 PM", "EEE, d MMM yyyy hh:mm:ss a", "2021-03-05 14:04:06.000"},
		{"Thu, 5 Mar 2021 02:04:06 PM", "EEE, d MMM yyyy hh:mm:ss a", ""},
		{"2021-03-05T14:04:06Z", "yyyy-MM-dd'T'HH:mm:ss'Z'", "2021-03-05 14:04:06.000"},
		{"2021-03-05T14:04:06+0800", "yyyy-MM-dd'T'HH:mm:ssZ", "2021-03-05 14:04:06.000"},
		{"2021-03-05T14:04:06+08:00", "yyyy-MM-dd'T'HH:mm:ssXXX", "2021-03-05 14:04:06.000"},
		{"2021-03-05 24:00:00", "yyyy-MM-dd HH:mm:ss", "2021-03-06 00:00:00.000"},
		{"2021-3-5 1:4:6", "yyyy-M-d H:m:s", "2021-03-05 01:04:06.000"},
		{"2021-03-05 02:04:06", "yyyy-MM-dd hh:mm:ss", "2021-03-05 00:04:06.000"},
		{"2021-064", "yyyy-DDD", "2021-03-05 00:00:00.000"},
		{"2021-03-05 14:04", "yyyy-MM-dd[ HH:mm]", "2021-03-05 14:04:00.000"},
		{"2021-03-05", "yyyy-MM-dd[ HH:mm]", "2021-03-05 00:00:00.000"},
		{"2021-W09-5", "YYYY-'W'ww-e", "2021-02-25 00:00:00.000"},
		{"1614953046", "n", ""},
		{"12021-03-05", "yyyy-MM-dd", ""},
		{"+12021-03-05", "yyyy-MM-dd", "2021-03-05 00:00:00.000"},
		{"2021-03-05", "uuuu-MM-dd", "2021-03-05 00:00:00.000"},
		{"2021-03-05 24:00", "yyyy-MM-dd kk:mm", "2021-03-05 00:00:00.000"},
	} {
		f, err := NewFormatter(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		ts, err := f.Parse(c.text)
		got := string(val.AppendTimestamp(nil, ts.Truncate(3), 3))
		if (err == nil) != (c.want != "") || err == nil && got != c.want {
			t.Errorf("%q by %q = %s, %v; PyFlink has %q", c.text, c.pattern, got, err, c.want)
		}
	}
}

// Recorded from PyFlink 1.20.1: FROM_UNIXTIME in America/Los_Angeles.
func TestSimpleFormat(t *testing.T) {
	zone, ok := val.LookupZone("America/Los_Angeles")
	if !ok {
		t.Fatal("no zone")
	}
	const plain = "yyyy-MM-dd HH:mm:ss"
	for _, c := range []struct {
		seconds       int64
		pattern, want string
	}{
		{0, plain, "1969-12-31 16:00:00"},
		{-3_000_000_000, plain, "1874-12-07 10:40:00"},
		{-20_000_000_000, plain, "1336-03-15 04:26:40"},
		{-60_000_000_000, plain, "0068-09-05 05:20:00"},
		{-70_000_000_000, plain, "0250-10-19 11:33:20"},
		{300_000_000_000, plain, "11476-08-14 22:20:00"},
		{1<<63 - 1, plain, "1969-12-31 15:59:59"},
		{1_614_953_046, "yyyy-MM-dd'T'HH:mm:ss.SSS Z z X XX XXX", "2021-03-05T06:04:06.000 -0800 PST -08 -0800 -08:00"},
		{1_614_953_046, "G y yy yyy yyyy yyyyy Y YY w W D d F E EEEE u a H k K h m s S SSSSS M MMM MMMM L LLL",
			"AD 2021 21 2021 2021 02021 2021 21 10 1 64 5 1 Fri Friday 5 AM 6 6 6 6 4 6 0 00000 3 Mar March 3 Mar"},
		{1_614_953_046, "foo", ""},
	} {
		f, err := NewSimpleFormat(c.pattern)
		var got []byte
		if err == nil {
			got, err = f.Format(nil, c.seconds*1000, zone)
		}
		if string(got) != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%d by %q = %q, %v; PyFlink has %q", c.seconds, c.pattern, got, err, c.want)
		}
	}
}

const none = -1 << 63

// Recorded from PyFlink 1.20.1: UNIX_TIMESTAMP in America/Los_Angeles.
func TestSimpleParse(t *testing.T) {
	zone, _ := val.LookupZone("America/Los_Angeles")
	now := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	const plain = "yyyy-MM-dd HH:mm:ss"
	for _, c := range []struct {
		text, pattern string
		want          int64
	}{
		{"2021-03-14 02:30:00", plain, 1615717800},
		{"2021-11-07 01:30:00", plain, 1636277400},
		{"2021-03-05 14:04:06.999", plain, 1614981846},
		{"2021-03-05", plain, none},
		{"x", plain, none},
		{"1960-01-01 00:00:00", plain, -315590400},
		{"1960-01-01 00:00:00.5", plain + ".S", -315590399},
		{"1850-01-01 00:00:00", plain, -3786796800},
		{"2021-03-05 14:04:06 +0800", plain + " Z", 1614924246},
		{"2021-03-05 14:04:06 PST", plain + " z", 1614981846},
		{"2021-03-05T14:04:06+08:00", "yyyy-MM-dd'T'HH:mm:ssXXX", 1614924246},
		{"20210305140406", "yyyyMMddHHmmss", 1614981846},
		{"20210305", "yyyyMMdd", 1614931200},
		{"21-3-5", "yy-M-d", 1614931200},
		{"Mar 5, 2021 2:04 PM", "MMM d, yyyy h:mm a", 1614981840},
	} {
		f, err := NewSimpleFormat(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := f.Parse(c.text, zone, now)
		if got /= 1000; !ok {
			got = none
		}
		if got != c.want {
			t.Errorf("%q by %q = %d, PyFlink has %d", c.text, c.pattern, got, c.want)
		}
	}
	if days := hybridToDays(1582, 10, 10); days != val.DaysFromCivil(1582, 10, 20) {
		t.Errorf("1582-10-10 is day %d", days)
	}
	for days := int64(-900_000); days < 100_000; days += 13 {
		if y, m, d := hybridFromDays(days); hybridToDays(y, m, d) != days {
			t.Fatalf("day %d is %d-%d-%d, and that is day %d", days, y, m, d, hybridToDays(y, m, d))
		}
	}
}

// No pattern and no text makes the package panic.
func FuzzPatterns(f *testing.F) {
	f.Add("yyyyMMdd'T'HH[:mm]ppd", "20210305T14")
	f.Add("EEE, d MMM yyyy hh:mm:ss a z", "Fri, 5 Mar 2021 02:04:06 PM GMT+8")
	f.Add("yy-w-u XXX S", "21-10-5 +08:00 5")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		ts := val.Timestamp{Milli: 1_614_953_046_123, Nano: 456_789}
		if p, err := NewFormatter(pattern); err == nil {
			_, _ = p.Format(nil, ts)
			_, _ = p.Parse(text)
		}
		if p, err := NewSimpleFormat(pattern); err == nil {
			_, _ = p.Format(nil, ts.Milli, time.UTC)
			_, _ = p.Parse(text, time.UTC, time.UnixMilli(ts.Milli))
		}
	})
}
