package val

import (
	"fmt"
	"math"
	"time"
	_ "time/tzdata" // an image made from scratch has no zones
)

// Session is what functions know of the job besides their arguments.
type Session struct {
	// Zone is table.local-time-zone.
	Zone *time.Location
	// Batch says that the query is a bounded one: its time is that of its start,
	// for all rows.
	Batch bool
	// Start is when the query began.
	Start time.Time
}

// Progress is how far the time of events has come where a row is computed with.
type Progress struct {
	// Mark is the last watermark, in milliseconds since the epoch; NoMark before
	// the first.
	Mark int64
}

// NoMark stands for no watermark.
const NoMark = math.MinInt64

// DefaultZone is the value of table.local-time-zone that stands for the
// machine's zone.
const DefaultZone = "default"

// LoadZone finds the zone of a value of table.local-time-zone. Flink takes names
// alone that java.time and java.util.TimeZone agree on: regions and GMT with an
// offset.
func LoadZone(name string) (*time.Location, error) {
	if name == DefaultZone {
		return time.Local, nil
	}
	zone, ok := LookupZone(name)
	_, short := javaShortIDs[name]
	if !ok || short || name == "Z" || name == "UT" {
		return nil, fmt.Errorf("no time zone is called %q: want a region, such as America/Los_Angeles, or GMT-03:00, or UTC", name)
	}
	if prefix, offset, is := cutOffset(name); is {
		seconds, _ := parseOffset(offset)
		switch {
		case prefix != "GMT":
			return nil, fmt.Errorf("a time zone of a fixed offset is written GMT%s, not %s", offset, name)
		case seconds%60 != 0:
			return nil, fmt.Errorf("the offset of time zone %s isn't of whole minutes", name)
		}
	}
	return zone, nil
}

// NormalZone is a zone's name as table.local-time-zone has it after
// set_local_timezone: an offset stands behind GMT.
func NormalZone(name string) string {
	if name == "Z" {
		return "GMT"
	}
	prefix, offset, is := cutOffset(name)
	if !is || prefix != "" && prefix != "GMT" {
		return name
	}
	seconds, ok := parseOffset(offset)
	switch {
	case !ok || seconds%60 != 0:
		return name
	case seconds == 0:
		return "GMT"
	}
	return "GMT" + time.Unix(0, 0).In(time.FixedZone("", seconds)).Format("-07:00")
}
