package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// The marks between which a page has the figures.
const (
	pageBegin = "<!-- figures of make bench-readme -->\n"
	pageEnd   = "<!-- end of figures -->\n"
)

// load reads a report that save has written.
func load(path string) (*report, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := new(report)
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// markdown is what a page shows of the report: the ratios, and where and when
// they were measured.
func (r *report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured %s:\n\n| experiment | figure | median | extremes |\n|---|---|---|---|\n", r.machine())
	for _, sec := range r.Sections {
		title := sec.Title
		for _, g := range sec.Goals {
			fmt.Fprintf(&b, "| %s | %s | %s | %s to %s |\n", title, g.Name, number(g.Value), number(g.Low), number(g.High))
			title = ""
		}
	}
	return b.String()
}

// writeInto puts the figures between the marks of a page, and the plot, if it
// is in a file, whose path is as seen from the page.
func (r *report) writeInto(path, plot string) error {
	page, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(page), pageBegin)
	_, after, closed := strings.Cut(rest, pageEnd)
	if !found || !closed {
		return fmt.Errorf("%s has no place for figures: a line %q and one %q", path, strings.TrimSpace(pageBegin), strings.TrimSpace(pageEnd))
	}
	figures := r.markdown()
	if plot != "" {
		figures += fmt.Sprintf("\n![rows per second of each side of each experiment](%s)\n", plot)
	}
	return os.WriteFile(path, []byte(before+pageBegin+figures+pageEnd+after), 0o644)
}
