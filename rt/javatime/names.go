// Package javatime formats and parses times by the patterns of Java 17's two
// classes that Flink hands a script's patterns to: java.time's DateTimeFormatter
// (Formatter) and java.text's SimpleDateFormat (SimpleFormat), both in English
// as it is spoken in the United States.
package javatime

import "pyfc/rt/val"

var (
	monthNames = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
		"October", "November", "December"}
	dayNames     = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	halfNames    = []string{"AM", "PM"}
	eraNames     = []string{"BC", "AD"}
	longEras     = []string{"Before Christ", "Anno Domini"}
	quarterNames = []string{"Q1", "Q2", "Q3", "Q4"}
	longQuarters = []string{"1st quarter", "2nd quarter", "3rd quarter", "4th quarter"}

	shortMonths, shortDays     = cut(monthNames, 3), cut(dayNames, 3)
	initialMonths, initialDays = cut(monthNames, 1), cut(dayNames, 1)
)

func cut(names []string, n int) []string {
	out := make([]string, len(names))
	for i, s := range names {
		out[i] = s[:n]
	}
	return out
}

// weekday is the day of the week, 0 for Monday.
func weekday(days int64) int64 { return val.FloorMod(days+3, 7) }

// weekOfYear counts weeks from Sunday to Saturday; the first one has January 1st.
func weekOfYear(days int64) (year, week int64) {
	saturday := days - val.FloorMod(days+4, 7) + 6
	year, _, _ = val.CivilFromDays(saturday)
	return year, (saturday-val.DaysFromCivil(year, 1, 1))/7 + 1
}

// weekOfMonth counts weeks from Sunday to Saturday; the first one has the 1st.
func weekOfMonth(days, day int64) int64 {
	return (day-1+val.FloorMod(days-day+1+4, 7))/7 + 1
}

// appendInt appends v with zeros before it up to a width.
func appendInt(dst []byte, v int64, width int) []byte {
	var buf [20]byte
	i := len(buf)
	for v > 0 || i == len(buf) {
		i--
		buf[i] = byte('0' + v%10)
		v /= 10
	}
	for n := len(buf) - i; n < width; n++ {
		dst = append(dst, '0')
	}
	return append(dst, buf[i:]...)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
