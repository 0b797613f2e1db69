package conformance

import (
	"fmt"
	"regexp"
	"strings"
)

// Selection chooses cases.
type Selection struct {
	run    [][]*regexp.Regexp // alternatives of one pattern per level of the name
	filter *regexp.Regexp     // over ids and statements, or nil
}

// NewSelection makes a selection of the -run pattern of `go test`, whose levels
// below the test's own name choose ids, and of a pattern over ids and
// statements. Either may be empty.
func NewSelection(run, filter string) (*Selection, error) {
	s := &Selection{}
	if filter != "" {
		var err error
		if s.filter, err = regexp.Compile(filter); err != nil {
			return nil, fmt.Errorf("filter: %w", err)
		}
	}
	if run == "" {
		return s, nil
	}
	for _, alternative := range cut(run, '|') {
		var levels []*regexp.Regexp
		for _, p := range cut(alternative, '/') {
			re, err := regexp.Compile(p)
			if err != nil {
				return nil, fmt.Errorf("-run: %w", err)
			}
			levels = append(levels, re)
		}
		s.run = append(s.run, levels)
	}
	return s, nil
}

// cut splits a pattern at a character outside of brackets, as -run does.
func cut(pattern string, at byte) []string {
	var out []string
	square, round, from := 0, 0, 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case c == '[':
			square++
		case c == ']':
			square = max(0, square-1)
		case c == '(' && square == 0:
			round++
		case c == ')' && square == 0:
			round--
		case c == at && square == 0 && round == 0:
			out = append(out, pattern[from:i])
			from = i + 1
		}
	}
	return append(out, pattern[from:])
}

// Narrow reports whether less than whole families is chosen.
func (s *Selection) Narrow() bool {
	if s.filter != nil {
		return true
	}
	for _, levels := range s.run {
		if len(levels) > 2 {
			return true
		}
	}
	return false
}

// Has reports whether a case is chosen for a test of the given name.
func (s *Selection) Has(test string, c *Case) bool {
	if s.filter != nil && !s.filter.MatchString(c.ID) && !s.filter.MatchString(c.SQL) {
		return false
	}
	names := append([]string{test}, strings.Split(c.ID, "/")...)
	for _, levels := range s.run {
		if matchLevels(levels, names) {
			return true
		}
	}
	return len(s.run) == 0
}

func matchLevels(levels []*regexp.Regexp, names []string) bool {
	for i, re := range levels {
		if i < len(names) && !re.MatchString(names[i]) {
			return false
		}
	}
	return true
}
