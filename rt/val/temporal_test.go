package val

import (
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
	for p, want := range []Timestamp{{-1000, 0}, {-100, 0}, {-10, 0}, {-1, 0}, {-1, 900_000}, {-1, 990_000}} {
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
