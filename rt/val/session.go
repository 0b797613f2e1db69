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

// LoadZone finds a time zone by its name, also by those that only Java has.
func LoadZone(name string) (*time.Location, error) {
	if name == DefaultZone {
		return time.Local, nil
	}
	if zone, ok := LookupZone(name); ok {
		return zone, nil
	}
	return nil, fmt.Errorf("no time zone is called %q", name)
}
