package regex

import (
	"slices"
	"unicode"
)

// node matches at i and calls k with the end; it reports whether k accepted.
type node func(m *matcher, i int, k func(int) bool) bool

// matcher is one search.
type matcher struct {
	text  []rune
	caps  []int
	last  int
	steps int
}

// step counts work; false ends the search.
func (m *matcher) step() bool {
	m.steps++
	return m.steps <= maxSteps
}

// set tells whether a code point belongs to a class.
type set func(r rune) bool

// one matches a code point of a set.
func one(s set) node {
	return func(m *matcher, i int, k func(int) bool) bool {
		return m.step() && i < len(m.text) && s(m.text[i]) && k(i+1)
	}
}

func sequence(nodes []node) node {
	switch len(nodes) {
	case 0:
		return func(_ *matcher, i int, k func(int) bool) bool { return k(i) }
	case 1:
		return nodes[0]
	}
	first, rest := nodes[0], sequence(nodes[1:])
	return func(m *matcher, i int, k func(int) bool) bool {
		return first(m, i, func(j int) bool { return rest(m, j, k) })
	}
}

func alternatives(nodes []node) node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	return func(m *matcher, i int, k func(int) bool) bool {
		for _, n := range nodes {
			if n(m, i, k) {
				return true
			}
		}
		return false
	}
}

// capture is a numbered group.
func capture(g int, body node) node {
	return func(m *matcher, i int, k func(int) bool) bool {
		return body(m, i, func(j int) bool {
			start, end, last := m.caps[2*g], m.caps[2*g+1], m.last
			m.caps[2*g], m.caps[2*g+1], m.last = i, j, g
			if k(j) {
				return true
			}
			m.caps[2*g], m.caps[2*g+1], m.last = start, end, last
			return false
		})
	}
}

// assertion is a test that takes no text.
func assertion(test func(m *matcher, i int) bool) node {
	return func(m *matcher, i int, k func(int) bool) bool { return test(m, i) && k(i) }
}

// alone matches body without what follows: look-around and atomic groups. The
// groups that it set stay only if it matched and keep says so.
func alone(m *matcher, body node, i int, keep bool) (end int, ok bool) {
	saved, last := slices.Clone(m.caps), m.last
	ok = body(m, i, func(j int) bool { end = j; return true })
	if !ok || !keep {
		copy(m.caps, saved)
		m.last = last
	}
	return end, ok
}

func look(body node, behind int, negative bool) node {
	return func(m *matcher, i int, k func(int) bool) bool {
		if i < behind {
			return negative && k(i)
		}
		saved, last := slices.Clone(m.caps), m.last
		_, ok := alone(m, body, i-behind, !negative)
		if ok != negative && k(i) {
			return true
		}
		copy(m.caps, saved)
		m.last = last
		return false
	}
}

func atomic(body node) node {
	return func(m *matcher, i int, k func(int) bool) bool {
		saved, last := slices.Clone(m.caps), m.last
		if end, ok := alone(m, body, i, true); ok && k(end) {
			return true
		}
		copy(m.caps, saved)
		m.last = last
		return false
	}
}

// backreference matches what a group matched.
func backreference(g int, same func(a, b rune) bool) node {
	return func(m *matcher, i int, k func(int) bool) bool {
		start, end := m.caps[2*g], m.caps[2*g+1]
		if start < 0 || i+end-start > len(m.text) {
			return false
		}
		for j := start; j < end; j++ {
			if !same(m.text[j], m.text[i+j-start]) {
				return false
			}
		}
		return k(i + end - start)
	}
}

func conditional(g int, yes, no node) node {
	return func(m *matcher, i int, k func(int) bool) bool {
		if m.caps[2*g+1] >= 0 {
			return yes(m, i, k)
		}
		return no(m, i, k)
	}
}

// repeatSet repeats a single code point, without recursion.
func repeatSet(s set, least, most int, lazy bool) node {
	return func(m *matcher, i int, k func(int) bool) bool {
		n := 0
		if lazy {
			for ; ; n++ {
				if n >= least && k(i+n) {
					return true
				}
				if n >= most || i+n >= len(m.text) || !s(m.text[i+n]) || !m.step() {
					return false
				}
			}
		}
		for n < most && i+n < len(m.text) && s(m.text[i+n]) {
			if n++; !m.step() {
				return false
			}
		}
		for ; n >= least; n-- {
			if k(i + n) {
				return true
			}
			if !m.step() {
				return false
			}
		}
		return false
	}
}

// repeat repeats any node; a repetition that takes no text ends the loop.
func repeat(body node, least, most int, lazy bool) node {
	return func(m *matcher, i int, k func(int) bool) bool {
		var try func(n, i, last int) bool
		try = func(n, i, last int) bool { // last is where the round before began
			if !m.step() {
				return false
			}
			more := func() bool {
				return n < most && (i != last || n < least) && body(m, i, func(j int) bool { return try(n+1, j, i) })
			}
			switch {
			case n < least:
				return more()
			case lazy:
				return k(i) || more()
			}
			return more() || k(i)
		}
		return try(0, i, -1)
	}
}

func isWord(r rune) bool  { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }
func isDigit(r rune) bool { return unicode.Is(unicode.Nd, r) }
func isSpace(r rune) bool { return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f }
func ascii(s set) set     { return func(r rune) bool { return r < 128 && s(r) } }
func asciiSpace(r rune) bool {
	return r == ' ' || '\t' <= r && r <= '\r'
}

// folded matches a set without regard to case.
func folded(s set) set {
	return func(r rune) bool {
		if s(r) {
			return true
		}
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			if s(f) {
				return true
			}
		}
		return false
	}
}

func sameFold(a, b rune) bool { return folded(func(r rune) bool { return r == b })(a) }
