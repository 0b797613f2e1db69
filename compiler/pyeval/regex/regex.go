// Package regex matches regular expressions as Python's re does: by
// backtracking, with look-around, back-references, conditions, atomic groups
// and possessive repeats, over code points.
//
// A pattern is parsed to nodes (parse.go), each of which is a function that
// matches at a place and calls what follows (match.go). A budget of steps
// bounds patterns that would backtrack for ever.
package regex

import (
	"errors"
	"fmt"
)

// Flags are re's flags, by CPython's numbers.
type Flags int64

// The flags that change what a pattern matches.
const (
	IgnoreCase Flags = 2
	Locale     Flags = 4
	Multiline  Flags = 8
	DotAll     Flags = 16
	Unicode    Flags = 32
	Verbose    Flags = 64
	ASCII      Flags = 256
)

// Error is what re.error says of a malformed pattern.
type Error struct {
	Msg string
	Pos int // code point in the pattern, -1 for the pattern as a whole
}

// Error returns CPython's text.
func (e *Error) Error() string {
	if e.Pos < 0 {
		return e.Msg
	}
	return fmt.Sprintf("%s at position %d", e.Msg, e.Pos)
}

// ErrBudget says that a match took more steps than a build allows.
var ErrBudget = errors.New("the regular expression backtracks too long")

// maxSteps bounds the work of one search.
const maxSteps = 5_000_000

// Regexp is a compiled pattern.
type Regexp struct {
	Flags  Flags
	Groups int            // number of groups
	Index  map[string]int // group by name
	Names  []string       // of named groups, in order of their numbers
	prog   node
}

// Match is one match: group g spans Caps[2*g] to Caps[2*g+1], in code points,
// -1 when it took no part.
type Match struct {
	Caps []int
	Last int // the group that closed last, 0 if none
}

// Mode says where a match may lie.
type Mode uint8

// The modes of Find.
const (
	Search Mode = iota // anywhere from the start
	Prefix             // at the start
	Full               // from the start to the end
)

// Find returns the first match in text[:end] from pos, nil if there is none.
// With advance an empty match at pos doesn't count.
func (re *Regexp) Find(text []rune, pos, end int, mode Mode, advance bool) (*Match, error) {
	m := &matcher{text: text[:end], caps: make([]int, 2*(re.Groups+1))}
	for start := pos; start <= end; start++ {
		for i := range m.caps {
			m.caps[i] = -1
		}
		m.last = 0
		stop := -1
		if re.prog(m, start, func(i int) bool {
			if mode == Full && i != end || advance && i == pos {
				return false
			}
			stop = i
			return true
		}) {
			m.caps[0], m.caps[1] = start, stop
			return &Match{Caps: m.caps, Last: m.last}, nil
		}
		if m.steps > maxSteps {
			return nil, ErrBudget
		}
		if mode != Search {
			break
		}
	}
	return nil, nil
}

// FindAll calls yield for each match in turn until it returns false.
func (re *Regexp) FindAll(text []rune, pos, end int, yield func(*Match) bool) error {
	advance := false
	for pos <= end {
		m, err := re.Find(text, pos, end, Search, advance)
		if err != nil || m == nil || !yield(m) {
			return err
		}
		pos = m.Caps[1]
		advance = m.Caps[0] == m.Caps[1]
	}
	return nil
}
