package val

import (
	"slices"
	"strings"
	"time"
)

// ZoneOffset returns the seconds that a zone is ahead of UTC at an instant, in
// seconds since the epoch.
func ZoneOffset(zone *time.Location, unix int64) int64 {
	if zone == time.UTC {
		return 0
	}
	_, offset := time.Unix(unix, 0).In(zone).Zone()
	return int64(offset)
}

// Local returns the zone's wall clock time at an instant.
func (t Timestamp) Local(zone *time.Location) Timestamp {
	return Timestamp{t.Milli + ZoneOffset(zone, FloorDiv(t.Milli, 1000))*1000, t.Nano}
}

// Instant returns the instant of a wall clock time as java.time does: the
// earlier one of two; where the clock was put forward, the offset before
// counts.
func (t Timestamp) Instant(zone *time.Location) Timestamp {
	if zone == time.UTC {
		return t
	}
	wall := FloorDiv(t.Milli, 1000)
	offset, after := ZoneOffset(zone, wall-86_400), ZoneOffset(zone, wall+86_400)
	if offset != after && ZoneOffset(zone, wall-offset) != offset && ZoneOffset(zone, wall-after) == after {
		offset = after
	}
	return Timestamp{t.Milli - offset*1000, t.Nano}
}

// LegacyZoneOffset is ZoneOffset as java.util.TimeZone has it: before 1900 it
// knows no changes.
func LegacyZoneOffset(zone *time.Location, unix int64) int64 {
	const year1900 = -2_208_988_800
	return ZoneOffset(zone, max(unix, year1900))
}

// LegacyInstant returns the instant of a wall clock time, both in milliseconds,
// as java.util.Calendar does: the later one of two.
func LegacyInstant(zone *time.Location, wall int64) int64 {
	s := FloorDiv(wall, 1000)
	offset, after := LegacyZoneOffset(zone, s-86_400), LegacyZoneOffset(zone, s+86_400)
	if LegacyZoneOffset(zone, s-after) == after {
		offset = after
	}
	return wall - offset*1000
}

// javaShortIDs are the abbreviations that Java's TimeZone knows and the zone
// database doesn't.
var javaShortIDs = map[string]string{
	"ACT": "Australia/Darwin", "AET": "Australia/Sydney", "AGT": "America/Argentina/Buenos_Aires",
	"ART": "Africa/Cairo", "AST": "America/Anchorage", "BET": "America/Sao_Paulo", "BST": "Asia/Dhaka",
	"CAT": "Africa/Harare", "CNT": "America/St_Johns", "CST": "America/Chicago", "CTT": "Asia/Shanghai",
	"EAT": "Africa/Addis_Ababa", "ECT": "Europe/Paris", "IET": "America/Indiana/Indianapolis",
	"IST": "Asia/Kolkata", "JST": "Asia/Tokyo", "MIT": "Pacific/Apia", "NET": "Asia/Yerevan",
	"NST": "Pacific/Auckland", "PLT": "Asia/Karachi", "PNT": "America/Phoenix", "PRT": "America/Puerto_Rico",
	"PST": "America/Los_Angeles", "SST": "Pacific/Guadalcanal", "VST": "Asia/Ho_Chi_Minh",
	"EST": "-05:00", "MST": "-07:00", "HST": "-10:00",
}

// LookupZone finds a zone as Java's ZoneId.of with its short ids does: a region
// of the zone database, Z, an offset such as +8, +08:00 or GMT+8.
func LookupZone(id string) (*time.Location, bool) {
	if long, ok := javaShortIDs[id]; ok {
		id = long
	}
	if id == "Z" || id == "UTC" || id == "GMT" || id == "UT" {
		return time.UTC, true
	}
	if _, offset, is := cutOffset(id); is {
		seconds, ok := parseOffset(offset)
		return time.FixedZone(id, seconds), ok
	}
	if id == "" || id == "Local" {
		return nil, false
	}
	loc, err := time.LoadLocation(id)
	return loc, err == nil
}

// cutOffset splits the name of a zone of a fixed offset, such as GMT+8.
func cutOffset(id string) (prefix, offset string, is bool) {
	at := strings.IndexAny(id, "+-")
	if at < 0 || !slices.Contains([]string{"", "UTC", "GMT", "UT"}, id[:at]) {
		return "", "", false
	}
	return id[:at], id[at:], true
}

// parseOffset reads +h, +hh, +hh:mm, +hhmm, +hh:mm:ss or +hhmmss.
func parseOffset(s string) (seconds int, ok bool) {
	sign, digits := 1, s[1:]
	if s[0] == '-' {
		sign = -1
	}
	if len(digits) == 1 {
		digits = "0" + digits
	}
	colon := len(digits) > 2 && digits[2] == ':'
	unit, limit := 3600, 18
	for i := 0; digits != ""; i++ {
		if i > 0 && colon {
			if digits[0] != ':' {
				return 0, false
			}
			digits = digits[1:]
		}
		if i > 2 || len(digits) < 2 || !isDigit(digits[0]) || !isDigit(digits[1]) {
			return 0, false
		}
		n := int(digits[0]-'0')*10 + int(digits[1]-'0')
		if n > limit {
			return 0, false
		}
		seconds += n * unit
		unit, limit, digits = unit/60, 59, digits[2:]
	}
	return sign * seconds, seconds <= 18*3600
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// LookupZoneLegacy finds a zone as java.util.TimeZone.getTimeZone does: a
// region, a short id or GMT+h, GMT+hh:mm or GMT+hhmm; anything else is GMT.
func LookupZoneLegacy(id string) *time.Location {
	if rest, ok := strings.CutPrefix(id, "GMT"); ok && rest != "" && (rest[0] == '+' || rest[0] == '-') {
		if digits := rest[1:]; !strings.Contains(digits, ":") && len(digits) == 3 {
			rest = rest[:1] + "0" + digits
		} else if len(digits) == 4 && digits[1] == ':' {
			rest = rest[:1] + "0" + digits
		}
		seconds, ok := parseOffset(rest)
		if !ok || seconds%60 != 0 || seconds >= 24*3600 {
			return time.UTC
		}
		return time.FixedZone(id, seconds)
	}
	if strings.HasPrefix(id, "+") || strings.HasPrefix(id, "-") || strings.HasPrefix(id, "UTC+") || strings.HasPrefix(id, "UTC-") {
		return time.UTC
	}
	if z, ok := LookupZone(id); ok {
		return z
	}
	return time.UTC
}

// LegacyZone is LookupZoneLegacy with a memory, for calls per row.
func LegacyZone(id string) *time.Location { return legacyZones.Get(id, LookupZoneLegacy) }

var legacyZones Cache[*time.Location]
