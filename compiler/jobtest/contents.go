package jobtest

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"pyfc/ir/diag"
	"pyfc/rt/conn/values"
)

// contents are the rows of a table: what a changelog leaves in the end.
type contents struct {
	sink
	rows [][]string
}

// apply takes a change. A table with a key replaces by it; one without adds
// and takes away.
func (c *contents) apply(change values.Line) error {
	gone := change.Kind == "-U" || change.Kind == "-D"
	at := -1
	for i, row := range c.rows {
		if c.key == nil && slices.Equal(row, change.Columns) || c.key != nil && c.sameKey(row, change.Columns) {
			at = i
			break
		}
	}
	switch {
	case gone && at >= 0:
		c.rows = slices.Delete(c.rows, at, at+1)
	case gone && c.key == nil:
		return fmt.Errorf("%s takes away a row of %s that isn't there", change, change.Table)
	case gone:
	case c.key != nil && at >= 0:
		c.rows[at] = change.Columns
	default:
		c.rows = append(c.rows, change.Columns)
	}
	return nil
}

func (c *contents) sameKey(a, b []string) bool {
	for _, i := range c.key {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// text is the table as CSV, in order, so that it is the same whatever came
// first.
func (c *contents) text() ([]byte, error) {
	var b bytes.Buffer
	rows := slices.Clone(c.rows)
	slices.SortStableFunc(rows, slices.Compare)
	err := csv.NewWriter(&b).WriteAll(append([][]string{c.columns}, rows...))
	return b.Bytes(), err
}

// parseContents reads what text wrote; columns may be left out or stand in
// another order, then only these are compared.
func parseContents(data []byte) (columns []string, rows [][]string, err error) {
	r := csv.NewReader(bytes.NewReader(data))
	all, err := r.ReadAll()
	if err != nil {
		return nil, nil, err
	}
	if len(all) == 0 {
		return nil, nil, fmt.Errorf("the first line must name the columns")
	}
	return all[0], all[1:], nil
}

// difference says in lines where a table isn't as expected: rows by their key,
// or by their likeness, and columns by their names.
func (c *contents) difference(want []byte) ([]string, error) {
	columns, rows, err := parseContents(want)
	if err != nil {
		return nil, err
	}
	places := make([]int, len(columns))
	for i, name := range columns {
		if places[i] = slices.Index(c.columns, name); places[i] < 0 {
			return nil, fmt.Errorf("the table has no column %s%s; it has %s", name, diag.DidYouMean(name, c.columns), strings.Join(c.columns, ", "))
		}
	}
	d := differ{columns: columns}
	for _, i := range c.id {
		if at := slices.Index(places, i); at >= 0 {
			d.key = append(d.key, at)
		}
	}
	got := make([][]string, len(c.rows))
	for i, row := range c.rows {
		for _, p := range places {
			got[i] = append(got[i], row[p])
		}
	}
	return d.compare(got, rows), nil
}

// differ compares rows of the same columns.
type differ struct {
	columns []string
	key     []int
}

func (d *differ) compare(got, want [][]string) []string {
	got, want = unequal(got, want)
	var out []string
	for _, w := range want {
		at := d.partner(got, w)
		if at < 0 {
			out = append(out, fmt.Sprintf("row %s: is missing", d.title(w)))
			continue
		}
		for i, name := range d.columns {
			if got[at][i] != w[i] {
				out = append(out, fmt.Sprintf("row %s, column %s: got %s, want %s", d.title(w), name, got[at][i], w[i]))
			}
		}
		got = slices.Delete(got, at, at+1)
	}
	for _, g := range got {
		out = append(out, fmt.Sprintf("row %s: shouldn't be there", d.title(g)))
	}
	return out
}

// unequal takes the rows away that are on both sides.
func unequal(got, want [][]string) (g, w [][]string) {
	counts := map[string]int{}
	id := func(row []string) string { return strings.Join(row, "\x00") }
	for _, row := range got {
		counts[id(row)]++
	}
	for _, row := range want {
		if counts[id(row)] > 0 {
			counts[id(row)]--
		} else {
			w = append(w, row)
		}
	}
	for _, row := range got {
		if counts[id(row)] > 0 {
			counts[id(row)]--
			g = append(g, row)
		}
	}
	slices.SortStableFunc(g, slices.Compare)
	slices.SortStableFunc(w, slices.Compare)
	return g, w
}

// partner finds the row that was meant: the one with the same key, or the one
// that has most columns in common, at least one.
func (d *differ) partner(got [][]string, want []string) int {
	best, most := -1, 0
	for i, row := range got {
		common := 0
		for c := range row {
			if row[c] == want[c] {
				common++
			}
		}
		if d.key != nil {
			for _, k := range d.key {
				if row[k] != want[k] {
					common = 0
				}
			}
			if common > 0 {
				return i
			}
			continue
		}
		if common > most {
			best, most = i, common
		}
	}
	return best
}

// title names a row: by its key, or by all it has.
func (d *differ) title(row []string) string {
	places := d.key
	if places == nil {
		for i := range row {
			places = append(places, i)
		}
	}
	var parts []string
	for _, i := range places {
		parts = append(parts, d.columns[i]+"="+row[i])
	}
	return strings.Join(parts, " ")
}

// lineDifference compares texts line by line and tells the first line that
// differs.
func lineDifference(got, want string) []string {
	if got == want {
		return nil
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(g) || i == len(g)-1 && g[i] == "" && i < len(w) && w[i] != "":
			return []string{fmt.Sprintf("line %d: is missing: %s", i+1, w[i])}
		case i >= len(w) || i == len(w)-1 && w[i] == "" && g[i] != "":
			return []string{fmt.Sprintf("line %d: shouldn't be there: %s", i+1, g[i])}
		case g[i] != w[i]:
			return []string{fmt.Sprintf("line %d: got %s, want %s", i+1, g[i], w[i])}
		}
	}
	return nil
}
