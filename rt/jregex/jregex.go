// Package jregex runs regular expressions of java.util.regex. A pattern is read
// by Java's rules and written in the syntax of Go's regexp, which runs it in
// linear time wherever that provably gives the same. What needs backtracking
// (look-around, back-references, possessive quantifiers) and the texts for
// which the engines would differ ($ before a final line terminator, \b beyond
// ASCII) go to regexp2, with a time limit. Both are told nothing of flags: what
// (?imsux) mean is written out.
package jregex

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"

	"pyfc/rt/val"
)

// Timeout bounds a match of a backtracking pattern, for which Java would go on
// for ever.
const Timeout = 10 * time.Second

// Pattern is a compiled pattern, for use by any number of goroutines.
type Pattern struct {
	fast *regexp.Regexp // nil where only slow will do
	slow func() (*regexp2.Regexp, error)
	// empty says that it can match nothing at all, after which Go and Java go on
	// differently.
	empty bool
	t     translation
}

// Compile reads a pattern; an error is one that Java refuses, too, or one with
// something that isn't supported, which it names.
func Compile(pattern string) (*Pattern, error) {
	t, err := translate(pattern)
	if err != nil {
		return nil, err
	}
	p := &Pattern{t: t}
	p.slow = sync.OnceValues(func() (*regexp2.Regexp, error) {
		re, err := regexp2.Compile(t.full, regexp2.None)
		if err == nil {
			re.MatchTimeout = Timeout
		}
		return re, err
	})
	if tree, err := syntax.Parse(t.text, syntax.Perl); !t.backtracks && err == nil && plainLoops(tree) {
		p.fast, p.empty = regexp.MustCompile(t.text), canBeEmpty(tree)
	}
	if p.fast == nil {
		_, err = p.slow()
	}
	return p, err
}

// plainLoops reports whether no repeated part has groups and can be empty:
// there, the engines leave other texts in the groups.
func plainLoops(re *syntax.Regexp) bool {
	for _, sub := range re.Sub {
		if !plainLoops(sub) {
			return false
		}
	}
	switch re.Op {
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		return re.MaxCap() == 0 || !canBeEmpty(re.Sub[0])
	}
	return true
}

func canBeEmpty(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpNoMatch:
		return false
	case syntax.OpStar, syntax.OpQuest:
		return true
	case syntax.OpRepeat:
		return re.Min == 0 || canBeEmpty(re.Sub[0])
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			if canBeEmpty(sub) {
				return true
			}
		}
		return false
	}
	for _, sub := range re.Sub {
		if !canBeEmpty(sub) {
			return false
		}
	}
	return true
}

type compiled struct {
	p   *Pattern
	err error
}

var cache val.Cache[compiled]

// Cached is Compile, once per pattern. A hit doesn't allocate.
func Cached(pattern string) (*Pattern, error) {
	c := cache.Get(pattern, func(pattern string) (c compiled) {
		c.p, c.err = Compile(pattern)
		return c
	})
	return c.p, c.err
}

// isFast reports whether Go's engine gives the same for this text.
func (p *Pattern) isFast(s string) bool {
	if p.fast == nil {
		return false
	}
	if p.t.lineEnd && strings.ContainsAny(s, "\n\r\u0085\u2028\u2029") {
		return false
	}
	if p.t.ascii {
		for i := range len(s) {
			if s[i] >= 0x80 {
				return false
			}
		}
	}
	return true
}

// Find reports whether the pattern matches somewhere in the text.
func (p *Pattern) Find(s string) (bool, error) {
	if p.isFast(s) {
		return p.fast.MatchString(s), nil
	}
	re, err := p.slow()
	if err != nil {
		return false, err
	}
	return re.MatchString(s)
}

// Group is what group n, or all for 0, matches where the pattern first does. It
// is false where there is no such group, or the match has none.
func (p *Pattern) Group(s string, n int) (string, bool, error) {
	if n < 0 {
		return "", false, nil
	}
	if p.isFast(s) {
		if n > p.fast.NumSubexp() {
			return "", false, nil
		}
		at := p.fast.FindStringSubmatchIndex(s)
		if at == nil || at[2*n] < 0 {
			return "", false, nil
		}
		return s[at[2*n]:at[2*n+1]], true, nil
	}
	re, err := p.slow()
	if err != nil {
		return "", false, err
	}
	m, err := re.FindStringMatch(s)
	if err != nil || m == nil || n >= m.GroupCount() {
		return "", false, err
	}
	g := m.Groups()[n]
	if len(g.Captures) == 0 {
		return "", false, nil
	}
	return g.String(), true, nil
}

// All are the matches one after the other, as offsets. Like Java, it finds an
// empty one right behind another.
func (p *Pattern) All(s string) ([][]int, error) {
	if p.isFast(s) && !p.empty {
		return p.fast.FindAllStringIndex(s, -1), nil
	}
	re, err := p.slow()
	if err != nil {
		return nil, err
	}
	var out [][]int
	at, runes := 0, 0 // the same place, in bytes and in characters
	offset := func(to int) int {
		for ; runes < to; runes++ {
			_, n := utf8.DecodeRuneInString(s[at:])
			at += n
		}
		return at
	}
	m, err := re.FindStringMatch(s)
	for ; m != nil && err == nil; m, err = re.FindNextMatch(m) {
		out = append(out, []int{offset(m.Index), offset(m.Index + m.Length)})
	}
	return out, err
}
