package types

import (
	"fmt"
	"strings"
	"unicode"
)

// Name prints an identifier: as it is where it is a word, else quoted.
func Name(s string) string {
	if isWord(s) {
		return s
	}
	return Quote(s, '`')
}

func isWord(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r != '$' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}

// Quote encloses s in quotation marks, ' for texts and ` for names, so that it
// stays on one line: where there are control characters, as SQL's U&'…', in
// which \000A is a line break and \\ a backslash.
func Quote(s string, mark byte) string {
	m := string(mark)
	prefix := ""
	if strings.ContainsFunc(s, unicode.IsControl) {
		prefix = "U&"
		var b strings.Builder
		for _, r := range s {
			switch {
			case unicode.IsControl(r):
				fmt.Fprintf(&b, `\%04X`, r)
			case r == '\\':
				b.WriteString(`\\`)
			default:
				b.WriteRune(r)
			}
		}
		s = b.String()
	}
	return prefix + m + strings.ReplaceAll(s, m, m+m) + m
}
