package sqlclient

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pyfc/compiler/sql"
	aggregates "pyfc/rt/agg/list"
	functions "pyfc/rt/fn/list"
)

// commands begin statements and are no reserved words.
var commands = []string{"CLEAR", "HELP", "QUIT", "SOURCE"}

// complete proposes what the word before the cursor may become: names of the
// catalog as they are written, functions and keywords in upper case.
func (c *Client) complete(line string, cursor int) (head string, words []string, tail string) {
	before := string([]rune(line)[:cursor])
	start := strings.LastIndexFunc(before, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if start >= 0 {
		_, width := utf8.DecodeRuneInString(before[start:])
		start += width
	} else {
		start = 0
	}
	word := before[start:]
	head, tail = before[:start], string([]rune(line)[cursor:])
	if word == "" && !strings.HasSuffix(strings.TrimRight(head, " "), ".") {
		return head, c.names(), tail
	}
	all := c.names()
	if !strings.HasSuffix(head, ".") {
		all = slices.Concat(all, commands, sql.Keywords(), functions.Names(), aggregates.Names())
	}
	for _, w := range all {
		if len(w) >= len(word) && strings.EqualFold(w[:len(word)], word) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return head, words, tail
}

// names are those of the catalog that stand in queries: tables, columns,
// functions.
func (c *Client) names() []string {
	s := c.front.Session()
	return slices.Concat(s.Tables(), s.ColumnNames(), s.UserFunctions())
}
