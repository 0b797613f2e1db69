package conformance

import (
	"slices"
	"strings"
)

// canon sorts the entries of every {k=v, …} in a row's text: their order is
// free.
func canon(row string) string {
	open := strings.IndexByte(row, '{')
	if open < 0 {
		return row
	}
	depth := 0
	for i := open; i < len(row); i++ {
		switch row[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth > 0 {
				continue
			}
			entries := split(row[open+1 : i])
			for j, e := range entries {
				entries[j] = canon(e)
			}
			slices.Sort(entries)
			return row[:open] + "{" + strings.Join(entries, ", ") + "}" + canon(row[i+1:])
		}
	}
	return row
}

// split cuts at the commas outside of brackets.
func split(s string) []string {
	var out []string
	depth, from := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(s[from:i]))
				from = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(s[from:]))
}

// same compares two results as lists, or as multisets.
func same(want, got []string, ordered bool) bool {
	return slices.Equal(normal(want, ordered), normal(got, ordered))
}

func normal(rows []string, ordered bool) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = canon(r)
	}
	if !ordered {
		slices.Sort(out)
	}
	return out
}
