package javatime

import "pyfc/rt/val"

// fields are a wall clock time's parts.
type fields struct {
	days             int64 // since 1970-01-01
	year, month, day int64
	nanoOfDay        int64
}

func fieldsOf(t val.Timestamp) fields {
	days := val.FloorDiv(t.Milli, val.MillisPerDay)
	y, m, d := val.CivilFromDays(days)
	return fields{days, y, m, d, val.FloorMod(t.Milli, val.MillisPerDay)*1_000_000 + int64(t.Nano)}
}

const (
	nanosPerSecond = 1_000_000_000
	nanosPerMinute = 60 * nanosPerSecond
	nanosPerHour   = 60 * nanosPerMinute
)

// value is the field of a letter; false for those of time zones.
func (f *fields) value(letter byte) (int64, bool) {
	hour := f.nanoOfDay / nanosPerHour
	switch letter {
	case 'G':
		return b2i(f.year > 0), true
	case 'u':
		return f.year, true
	case 'y':
		if f.year <= 0 {
			return 1 - f.year, true
		}
		return f.year, true
	case 'Y':
		year, _ := weekOfYear(f.days)
		return year, true
	case 'w':
		_, week := weekOfYear(f.days)
		return week, true
	case 'W':
		return weekOfMonth(f.days, f.day), true
	case 'Q', 'q':
		return (f.month + 2) / 3, true
	case 'M', 'L':
		return f.month, true
	case 'd':
		return f.day, true
	case 'D':
		return f.days - val.DaysFromCivil(f.year, 1, 1) + 1, true
	case 'F':
		return (f.day-1)%7 + 1, true
	case 'E':
		return weekday(f.days) + 1, true
	case 'e', 'c':
		return (weekday(f.days)+1)%7 + 1, true
	case 'a':
		return b2i(hour >= 12), true
	case 'g':
		return f.days + 40_587, true
	}
	return f.timeValue(letter, hour)
}

func (f *fields) timeValue(letter byte, hour int64) (int64, bool) {
	switch letter {
	case 'H':
		return hour, true
	case 'k':
		return (hour+23)%24 + 1, true
	case 'K':
		return hour % 12, true
	case 'h':
		return (hour+11)%12 + 1, true
	case 'm':
		return f.nanoOfDay / nanosPerMinute % 60, true
	case 's':
		return f.nanoOfDay / nanosPerSecond % 60, true
	case 'S', 'n':
		return f.nanoOfDay % nanosPerSecond, true
	case 'A':
		return f.nanoOfDay / 1_000_000, true
	case 'N':
		return f.nanoOfDay, true
	}
	return 0, false
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// dayPeriod is the part of the day as one speaks of it.
func dayPeriod(f *fields, count int) string {
	minute := f.nanoOfDay / nanosPerMinute
	switch {
	case minute == 0 && count == 5:
		return "mi"
	case minute == 0:
		return "midnight"
	case minute == 12*60 && count == 5:
		return "n"
	case minute == 12*60:
		return "noon"
	case minute < 6*60 || minute >= 21*60:
		return "at night"
	case minute < 12*60:
		return "in the morning"
	case minute < 18*60:
		return "in the afternoon"
	}
	return "in the evening"
}
