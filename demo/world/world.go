// Package world is what surrounds the CDN job: access log lines, malformed
// ones among them, the look-up service that its function asks, and what its
// table must hold in the end, computed without the job.
package world

import (
	"fmt"
	"math/rand"
	"strconv"
)

// AccessLog makes access log lines and keeps the account of them. The same
// seed gives the same lines.
type AccessLog struct {
	rand    *rand.Rand
	unknown string // what the job's function answers when a look-up fails
	totals  map[string]*total
	lines   int
	kept    int64
}

// total is one row of the result: sums that no value went into are NULL.
type total struct {
	requests      int64
	bytes, time   int64
	bytesN, timeN int64
}

// NewAccessLog returns a log without lines; unknown is what the job's function
// answers when a look-up fails.
func NewAccessLog(seed int64, unknown string) *AccessLog {
	return &AccessLog{rand: rand.New(rand.NewSource(seed)), unknown: unknown, totals: map[string]*total{}}
}

// malformed lists the kinds of malformed messages: the text for a request id,
// and how the row counts, if it does.
var malformed = []struct {
	text  string
	count func(l *AccessLog)
}{
	{"%s,,x", func(l *AccessLog) { l.add(l.unknown, 0, false, 0, false) }}, // no address, too few columns
	{"%s", func(l *AccessLog) { l.add(l.unknown, 0, false, 0, false) }},    // one column
	{"%s,10.0.0.1,7,1000,/v.ts,more", nil},                                 // too many columns
	{"", nil},                                                              // nothing
	{"\"%s,10.0.0.1,7,1000,/v.ts", nil},                                    // a quote that never ends
	{"%s,10.0.0.1,12x,1000,/v.ts", func(l *AccessLog) { l.add(provinceOf("10.0.0.1"), 1000, true, 0, false) }}, // no number
}

// Line makes the next line: every thirtieth or so is malformed.
func (l *AccessLog) Line() []byte {
	l.lines++
	id := fmt.Sprintf("%08x-%d", l.rand.Uint32(), l.lines)
	if l.rand.Intn(100) < 3 {
		kind := malformed[l.rand.Intn(len(malformed))]
		if kind.count != nil {
			kind.count(l)
		}
		if kind.text == "" {
			return []byte{}
		}
		return fmt.Appendf(nil, kind.text, id)
	}
	ip := fmt.Sprintf("10.%d.%d.%d", l.rand.Intn(4), l.rand.Intn(3), l.rand.Intn(20))
	millis, size := int64(1+l.rand.Intn(500)), int64(100+l.rand.Intn(1e6))
	l.add(provinceOf(ip), size, true, millis, true)
	return fmt.Appendf(nil, "%s,%s,%d,%d,/video/%d.ts", id, ip, millis, size, l.rand.Intn(1000))
}

func (l *AccessLog) add(province string, bytes int64, hasBytes bool, millis int64, hasTime bool) {
	t := l.totals[province]
	if t == nil {
		t = &total{}
		l.totals[province] = t
	}
	l.kept++
	t.requests++
	if hasBytes {
		t.bytes += bytes
		t.bytesN++
	}
	if hasTime {
		t.time += millis
		t.timeN++
	}
}

// Kept is the number of rows that count; the other lines are dropped as
// malformed.
func (l *AccessLog) Kept() int64 { return l.kept }

// Row is a row of the job's table without its key, as a database prints it:
// requests, bytes sent and speed, NULL as "NULL".
type Row [3]string

// Table is what the job's table must hold, by province.
func (l *AccessLog) Table() map[string]Row {
	out := map[string]Row{}
	for province, t := range l.totals {
		row := Row{strconv.FormatInt(t.requests, 10), "NULL", "NULL"}
		if t.bytesN > 0 {
			row[1] = strconv.FormatInt(t.bytes, 10)
		}
		if t.bytesN > 0 && t.timeN > 0 {
			row[2] = strconv.FormatFloat(float64(t.bytes)*1.0/float64(t.time), 'g', -1, 64)
		}
		out[province] = row
	}
	return out
}

// Same compares rows, numbers by their value.
func (r Row) Same(other Row) bool {
	for i := range r {
		if r[i] == other[i] {
			continue
		}
		a, errA := strconv.ParseFloat(r[i], 64)
		b, errB := strconv.ParseFloat(other[i], 64)
		if errA != nil || errB != nil || a != b {
			return false
		}
	}
	return true
}

// Differences says where a table isn't what it must be, a line for each row;
// nothing if it is.
func (l *AccessLog) Differences(got map[string]Row) []string {
	var out []string
	want := l.Table()
	for province, row := range want {
		if !row.Same(got[province]) {
			out = append(out, fmt.Sprintf("%s: %v, want %v", province, got[province], row))
		}
	}
	for province, row := range got {
		if _, ok := want[province]; !ok {
			out = append(out, fmt.Sprintf("%s: %v should not be there", province, row))
		}
	}
	return out
}
