package conformance

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Tally counts results.
type Tally struct {
	Name          string
	Passed, Total int
}

// Line is the tally in a line: "expr: 10 passed, 2 failed, 0 skipped of 12".
func (t Tally) Line() string {
	return fmt.Sprintf("%s: %d passed, %d failed, 0 skipped of %d", t.Name, t.Passed, t.Total-t.Passed, t.Total)
}

// Fraction is the part that passed.
func (t Tally) Fraction() float64 { return float64(t.Passed) / float64(t.Total) }

// tally counts results under each name that of gives.
func tally(results []*Result, of func(*Case) []string) []Tally {
	index := map[string]int{}
	var out []Tally
	for _, r := range results {
		for _, name := range of(r.Case) {
			i, ok := index[name]
			if !ok {
				i = len(out)
				index[name] = i
				out = append(out, Tally{Name: name})
			}
			out[i].Total++
			if r.Passed {
				out[i].Passed++
			}
		}
	}
	slices.SortFunc(out, func(a, b Tally) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Families counts results by family.
func Families(results []*Result) []Tally {
	return tally(results, func(c *Case) []string { return []string{c.Family} })
}

// Summary writes a line per tag and per family, one for cases that expect an
// error and meet a part that isn't supported, and, last, the total.
func Summary(w io.Writer, results []*Result) {
	for _, t := range tally(results, func(c *Case) []string { return slices.Compact(slices.Sorted(slices.Values(c.Tags))) }) {
		fmt.Fprintln(w, "tag "+t.Line())
	}
	for _, t := range Families(results) {
		fmt.Fprintln(w, "family "+t.Line())
	}
	for _, t := range tally(results, untimed) {
		fmt.Fprintln(w, t.Line())
	}
	unsupported := 0
	for _, r := range results {
		if r.Unsupported {
			unsupported++
		}
	}
	fmt.Fprintf(w, "of the failed: %d that expect an error are refused because a part isn't supported yet\n", unsupported)
	all := Tally{Name: "total"}
	for _, t := range Families(results) {
		all.Passed, all.Total = all.Passed+t.Passed, all.Total+t.Total
	}
	fmt.Fprintln(w, all.Line())
}

// timed are the tags of streaming programs whose results come with time: windows,
// watermarks, versions of tables, timers.
var timed = map[string]bool{
	"window-tvf": true, "group-window": true, "TUMBLE": true, "HOP": true, "CUMULATE": true, "SESSION": true,
	"match-recognize": true, "MatchRecognize": true, "temporal-join": true, "TemporalJoin": true, "IntervalJoin": true,
	"LookupJoin": true, "TemporalSort": true, "WatermarkAssigner": true, "MiniBatchAssigner": true, "OverWindow": true,
	"WindowJoin": true, "WindowRank": true, "WindowDeduplicate": true, "WindowAggregate": true,
	"WindowTableFunction": true, "GroupWindowAggregate": true,
}

// untimed gives the streaming programs that need no time a name to be counted
// under.
func untimed(c *Case) []string {
	over := slices.Contains(c.Tags, "over") && slices.Contains(c.Tags, "QueryOperation")
	if c.Family != "program" || over || slices.ContainsFunc(c.Tags, func(t string) bool { return timed[t] }) {
		return nil
	}
	return []string{"programs without time"}
}

// Report writes each failure with its reason, then the summary.
func Report(w io.Writer, results []*Result) {
	for _, r := range results {
		if !r.Passed {
			fmt.Fprintln(w, r)
		}
	}
	Summary(w, results)
}

// String tells a result with what is needed to understand it.
func (r *Result) String() string {
	if r.Passed {
		return "passed " + r.Case.ID
	}
	return fmt.Sprintf("FAILED %s: %s\n  %s\n  %s\n", r.Case.ID, r.Why,
		strings.ReplaceAll(r.Case.SQL, "\n", "\n  "), strings.ReplaceAll(r.Detail, "\n", "\n  "))
}
