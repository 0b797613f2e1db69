package demo

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
)

// steps prints a line for each step, before it, as it may take long, and what
// it took behind.
type steps struct {
	out  io.Writer
	of   int
	took []time.Duration
}

func (s *steps) begin(title string) {
	fmt.Fprintf(s.out, "[%d/%d] %s\n", len(s.took)+1, s.of, title)
}

func (s *steps) do(title string, f func() error) error {
	s.begin(title)
	start := time.Now()
	err := f()
	s.took = append(s.took, time.Since(start))
	if err == nil {
		fmt.Fprintf(s.out, "      %.1f s\n", s.took[len(s.took)-1].Seconds())
	}
	return err
}

// view shows the table while it fills.
type view struct {
	out   io.Writer
	live  bool // draw it in place
	start time.Time
	lines int // that the last drawing has
	last  struct {
		at    time.Time
		total int64
	}
}

// widest are the provinces' columns on the screen.
const widest = 12

func (v *view) show(sent int, rows []tableRow, done bool) {
	if !v.live && !done && v.lines > 0 && time.Since(v.last.at) < 2*time.Second {
		return // not more than a reader of a log wants
	}
	now, counted := time.Now(), total(rows)
	since := v.last.at
	if since.IsZero() {
		since = v.start
	}
	rate := float64(counted-v.last.total) / now.Sub(since).Seconds()
	v.last.at, v.last.total = now, counted
	var b strings.Builder
	if v.live && v.lines > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", v.lines)
	}
	header := "\n"
	if v.live && v.lines > 0 {
		header = ""
	}
	b.WriteString(header)
	fmt.Fprintf(&b, "  %4.1f s: %d lines sent, %d counted, %.0f rows/s\n", now.Sub(v.start).Seconds(), sent, counted, rate)
	fmt.Fprintf(&b, "  %s %9s %13s %9s\n", pad("province", widest), "requests", "sent_bytes", "speed")
	for _, r := range rows {
		fmt.Fprintf(&b, "  %s %9d %13s %9.9s\n", pad(r.province, widest), r.requests, r.columns[1], r.columns[2])
	}
	v.lines = 2 + len(rows)
	_, _ = io.WriteString(v.out, b.String()) // a closed terminal ends the demo by a signal
}

// pad fills a text up to a width on the screen, where a Chinese character is
// as wide as two others.
func pad(s string, width int) string {
	for _, r := range s {
		width--
		if unicode.Is(unicode.Han, r) {
			width--
		}
	}
	return s + strings.Repeat(" ", max(0, width))
}
