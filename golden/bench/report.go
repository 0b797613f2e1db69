package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"pyfc/internal/pictures"
)

// report is the outcome of a run of the benchmark.
type report struct {
	Date     string    `json:"date"` // 2006-01-02
	CPU      string    `json:"cpu"`  // the processor's name, empty where the kernel has none
	Cores    int       `json:"cores"`
	Go       string    `json:"go"`
	Load     string    `json:"load"` // /proc/loadavg at the start: who else was working
	Sections []section `json:"sections"`
}

// section is the outcome of one experiment.
type section struct {
	Title  string   `json:"title"`
	Series []series `json:"series"`
	Goals  []goal   `json:"goals"`
}

// series are the values of one figure, one a round.
type series struct {
	Name   string    `json:"name"`
	Unit   string    `json:"unit"`
	Values []float64 `json:"values"`
}

// goal compares medians with what is aimed at; low and high are the ratios of
// the extremes.
type goal struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	AtMost bool    `json:"atMost,omitempty"` // the goal is an upper limit
	Goal   float64 `json:"goal,omitempty"`   // 0: for information
}

func newReport() (*report, error) {
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return nil, err
	}
	cpu, err := os.ReadFile("/proc/cpuinfo")
	return &report{Date: time.Now().Format(time.DateOnly), CPU: processor(string(cpu)), Cores: runtime.NumCPU(), Go: runtime.Version(), Load: strings.TrimSpace(string(load))}, err
}

// processor is the name of the first processor in /proc/cpuinfo.
func processor(cpuinfo string) string {
	for line := range strings.Lines(cpuinfo) {
		if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// machine says in a line where and when the figures were measured.
func (r *report) machine() string {
	cpu := ""
	if r.CPU != "" {
		cpu = " of " + r.CPU
	}
	return fmt.Sprintf("%s, %d cores%s, %s, load at the start %s", r.Date, r.Cores, cpu, r.Go, strings.Join(strings.Fields(r.Load)[:1], ""))
}

func (s *series) min() float64 { return slices.Min(s.Values) }
func (s *series) max() float64 { return slices.Max(s.Values) }

func (s *series) median() float64 {
	v := slices.Sorted(slices.Values(s.Values))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// ratio compares a series with another.
func ratio(name string, a, b series) goal {
	return goal{Name: name, Value: a.median() / b.median(), Low: a.min() / b.max(), High: a.max() / b.min()}
}

// of turns a series itself into a goal.
func of(name string, s series) goal {
	return goal{Name: name, Value: s.median(), Low: s.min(), High: s.max()}
}

func (g goal) atLeast(want float64) goal { g.Goal = want; return g }
func (g goal) atMost(want float64) goal  { g.Goal, g.AtMost = want, true; return g }

func (g goal) verdict() string {
	switch {
	case g.Goal == 0:
		return ""
	case g.AtMost && g.Value <= g.Goal:
		return fmt.Sprintf("goal ≤ %.4g: met", g.Goal)
	case g.AtMost:
		return fmt.Sprintf("goal ≤ %.4g: MISSED", g.Goal)
	case g.Value >= g.Goal:
		return fmt.Sprintf("goal ≥ %.4g: met", g.Goal)
	}
	return fmt.Sprintf("goal ≥ %.4g: MISSED", g.Goal)
}

// print writes a section as a table.
func (s *section) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s\n", s.Title)
	fmt.Fprintf(w, "  %-46s %-8s %10s %10s %10s  %s\n", "", "", "min", "median", "max", "runs")
	for _, v := range s.Series {
		fmt.Fprintf(w, "  %-46s %-8s %10s %10s %10s  %d\n", v.Name, v.Unit, number(v.min()), number(v.median()), number(v.max()), len(v.Values))
	}
	for _, g := range s.Goals {
		fmt.Fprintf(w, "  %-46s %-8s %10s %10s %10s  %s\n", "= "+g.Name, "", number(g.Low), number(g.Value), number(g.High), g.verdict())
	}
}

// number prints a figure with about three digits.
func number(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.2f M", v/1e6)
	case v >= 1e4:
		return fmt.Sprintf("%.0f k", v/1e3)
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// plot draws the throughputs of all experiments on one scale.
func (r *report) plot() string {
	var bars []pictures.Bar
	for _, sec := range r.Sections {
		for _, v := range sec.Series {
			if v.Unit == "rows/s" {
				bars = append(bars, pictures.Bar{Name: sec.Title + ", " + v.Name, Value: v.median(), Low: v.min(), High: v.max(), Text: number(v.median())})
			}
		}
	}
	return pictures.DrawBars(fmt.Sprintf("rows/s, median and extremes; %d cores, %s", r.Cores, r.Go), bars)
}

// save writes the report as JSON.
func (r *report) save(path string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}
