package regex

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

// Compile parses a pattern. The error is an *Error.
func Compile(pattern string, flags Flags) (re *Regexp, err error) {
	p := &parser{src: []rune(pattern), flags: flags, re: &Regexp{Index: map[string]int{}}}
	defer func() {
		if e, ok := recover().(*Error); ok {
			re, err = nil, e
		} else if e != nil {
			panic(e)
		}
	}()
	t := p.alternation()
	if p.at < len(p.src) {
		p.fail(p.at, "unbalanced parenthesis")
	}
	re = p.re
	re.prog, re.Flags = t.node, p.flags|p.global
	if re.Flags&ASCII == 0 {
		re.Flags |= Unicode
	}
	return re, nil
}

// maxNesting bounds the recursion of the parser.
const maxNesting = 200

type parser struct {
	src    []rune
	at     int
	flags  Flags
	global Flags // set by (?i) at the start
	re     *Regexp
	open   map[int]bool // groups that aren't closed yet
	depth  int
}

// term is a parsed piece: its node and the range of its width. A piece that
// matches exactly one code point also has its set.
type term struct {
	node        node
	set         set
	least, most int
	anchor      bool // a place without a width, which can't be repeated
}

const unbounded = math.MaxInt32

func (p *parser) fail(pos int, format string, args ...any) {
	panic(&Error{fmt.Sprintf(format, args...), pos})
}

func (p *parser) peek(s string) bool {
	return strings.HasPrefix(string(p.src[p.at:min(len(p.src), p.at+len(s))]), s)
}

func (p *parser) accept(s string) bool {
	if p.peek(s) {
		p.at += len([]rune(s))
		return true
	}
	return false
}

func (p *parser) alternation() term {
	if p.depth++; p.depth > maxNesting {
		p.fail(p.at, "too many nested groups")
	}
	defer func() { p.depth-- }()
	out := p.sequence()
	nodes := []node{out.node}
	for p.accept("|") {
		t := p.sequence()
		nodes = append(nodes, t.node)
		out.least, out.most, out.set = min(out.least, t.least), max(out.most, t.most), nil
	}
	out.node = alternatives(nodes)
	return out
}

func (p *parser) sequence() term {
	var nodes []node
	out := term{}
	for p.at < len(p.src) && !p.peek("|") && !p.peek(")") {
		if p.flags&Verbose != 0 && p.skipBlank() {
			continue
		}
		start := p.at
		t, ok := p.item()
		if !ok {
			continue
		}
		t = p.quantified(t, start)
		nodes = append(nodes, t.node)
		out.least = min(out.least+t.least, unbounded)
		out.most = min(out.most+t.most, unbounded)
		out.set = t.set
	}
	if len(nodes) != 1 {
		out.set = nil
	}
	out.node = sequence(nodes)
	return out
}

func (p *parser) skipBlank() bool {
	c := p.src[p.at]
	if c == '#' {
		for p.at < len(p.src) && p.src[p.at] != '\n' {
			p.at++
		}
		return true
	}
	if asciiSpace(c) {
		p.at++
		return true
	}
	return false
}

// quantified reads the repeats behind a piece.
func (p *parser) quantified(t term, start int) term {
	if p.flags&Verbose != 0 {
		for p.at < len(p.src) && p.skipBlank() {
		}
	}
	at := p.at
	least, most, ok := p.quantifier()
	if !ok {
		return t
	}
	if t.anchor {
		p.fail(at, "nothing to repeat")
	}
	if t.node == nil {
		p.fail(start, "nothing to repeat")
	}
	lazy, possessive := p.accept("?"), false
	if !lazy {
		possessive = p.accept("+")
	}
	out := term{least: min(t.least*min(least, 1<<15), unbounded), most: unbounded}
	if most < unbounded && t.most < unbounded {
		out.most = min(t.most*min(most, 1<<15), unbounded)
	}
	if t.set != nil {
		out.node = repeatSet(t.set, least, most, lazy)
	} else {
		out.node = repeat(t.node, least, most, lazy)
	}
	if possessive {
		out.node = atomic(out.node)
	}
	again := p.at
	if _, _, more := p.quantifier(); more {
		p.fail(again, "multiple repeat")
	}
	return out
}

func (p *parser) quantifier() (least, most int, ok bool) {
	switch {
	case p.accept("*"):
		return 0, unbounded, true
	case p.accept("+"):
		return 1, unbounded, true
	case p.accept("?"):
		return 0, 1, true
	case !p.peek("{"):
		return 0, 0, false
	}
	start := p.at
	p.at++
	lo, hasLo := p.number()
	hi, hasHi := lo, hasLo
	if p.accept(",") {
		if hi, hasHi = p.number(); !hasHi {
			hi = unbounded
		}
		hasHi = true
	}
	if !p.accept("}") || !hasHi {
		p.at = start
		return 0, 0, false
	}
	if hi < lo {
		p.fail(start+1, "min repeat greater than max repeat")
	}
	return lo, hi, true
}

func (p *parser) number() (n int, ok bool) {
	for p.at < len(p.src) && '0' <= p.src[p.at] && p.src[p.at] <= '9' {
		n = min(n*10+int(p.src[p.at]-'0'), unbounded)
		p.at++
		ok = true
	}
	return n, ok
}

func (p *parser) single(s set) term {
	if p.flags&IgnoreCase != 0 {
		s = folded(s)
	}
	return term{node: one(s), set: s, least: 1, most: 1}
}

func (p *parser) literal(c rune) term { return p.single(func(r rune) bool { return r == c }) }

// item reads one piece; false means that it was a comment or a flag.
func (p *parser) item() (term, bool) {
	start := p.at
	c := p.src[p.at]
	switch c {
	case '(':
		return p.group()
	case '[':
		return p.class(), true
	case '\\':
		return p.escape(), true
	case '*', '+', '?':
		p.fail(start, "nothing to repeat")
	case '{':
		if _, _, ok := p.quantifier(); ok {
			p.fail(start, "nothing to repeat")
		}
	case '.':
		p.at++
		all := p.flags&DotAll != 0
		s := func(r rune) bool { return all || r != '\n' }
		return term{node: one(s), set: s, least: 1, most: 1}, true
	case '^':
		p.at++
		multi := p.flags&Multiline != 0
		begins := func(m *matcher, i int) bool { return i == 0 || multi && m.text[i-1] == '\n' }
		return term{node: assertion(begins), anchor: true}, true
	case '$':
		p.at++
		multi := p.flags&Multiline != 0
		ends := func(m *matcher, i int) bool {
			n := len(m.text)
			return i == n || m.text[i] == '\n' && (multi || i == n-1)
		}
		return term{node: assertion(ends), anchor: true}, true
	}
	p.at++
	return p.literal(c), true
}

// category returns the set of \d, \s, \w and their opposites.
func (p *parser) category(c rune) set {
	wide := p.flags&ASCII == 0
	var s set
	switch unicode.ToLower(c) {
	case 'd':
		s = isDigit
	case 's':
		if s = isSpace; !wide {
			s = asciiSpace
		}
	case 'w':
		s = isWord
	default:
		return nil
	}
	if !wide {
		s = ascii(s)
	}
	if unicode.IsUpper(c) {
		in := s
		s = func(r rune) bool { return !in(r) }
	}
	return s
}

func (p *parser) escape() term {
	start := p.at
	p.at++
	if p.at == len(p.src) {
		p.fail(start, "bad escape (end of pattern)")
	}
	c := p.src[p.at]
	if s := p.category(c); s != nil {
		p.at++
		return term{node: one(s), set: s, least: 1, most: 1}
	}
	switch c {
	case 'A', 'Z', 'b', 'B':
		p.at++
		return term{node: p.anchor(c), anchor: true}
	}
	if '1' <= c && c <= '9' {
		return p.numbered(start)
	}
	return p.literal(p.escapedRune(start))
}

func (p *parser) anchor(c rune) node {
	word := p.category('w')
	boundary := func(m *matcher, i int) bool {
		before := i > 0 && word(m.text[i-1])
		after := i < len(m.text) && word(m.text[i])
		return before != after
	}
	switch c {
	case 'A':
		return assertion(func(_ *matcher, i int) bool { return i == 0 })
	case 'Z':
		return assertion(func(m *matcher, i int) bool { return i == len(m.text) })
	case 'b':
		return assertion(boundary)
	}
	return assertion(func(m *matcher, i int) bool { return len(m.text) > 0 && !boundary(m, i) })
}

// numbered is \1 to \99, or an octal escape of three digits.
func (p *parser) numbered(start int) term {
	digits := ""
	for p.at < len(p.src) && len(digits) < 3 && '0' <= p.src[p.at] && p.src[p.at] <= '9' {
		digits += string(p.src[p.at])
		p.at++
	}
	octal := func(c byte) bool { return '0' <= c && c <= '7' }
	if len(digits) == 3 && octal(digits[0]) && octal(digits[1]) && octal(digits[2]) {
		v := rune(digits[0]-'0')*64 + rune(digits[1]-'0')*8 + rune(digits[2]-'0')
		if v > 0o377 {
			p.fail(start, "octal escape value \\%s outside of range 0-0o377", digits)
		}
		return p.literal(v)
	}
	if len(digits) == 3 {
		digits = digits[:2]
		p.at--
	}
	g := 0
	for _, d := range digits {
		g = g*10 + int(d-'0')
	}
	return p.reference(g, start+1)
}

func (p *parser) reference(g, pos int) term {
	if g > p.re.Groups {
		p.fail(pos, "invalid group reference %d", g)
	}
	if p.open[g] {
		p.fail(pos-1, "cannot refer to an open group")
	}
	same := func(a, b rune) bool { return a == b }
	if p.flags&IgnoreCase != 0 {
		same = sameFold
	}
	return term{node: backreference(g, same), most: unbounded}
}

// escapedRune reads an escape that stands for one code point.
func (p *parser) escapedRune(start int) rune {
	c := p.src[p.at]
	p.at++
	if r, ok := map[rune]rune{'n': '\n', 't': '\t', 'r': '\r', 'f': '\f', 'v': '\v', 'a': '\a', '\\': '\\'}[c]; ok {
		return r
	}
	if n, ok := map[rune]int{'x': 2, 'u': 4, 'U': 8}[c]; ok {
		return p.hex(start, n)
	}
	if c == '0' {
		v := rune(0)
		for n := 0; n < 2 && p.at < len(p.src) && '0' <= p.src[p.at] && p.src[p.at] <= '7'; n++ {
			v = v*8 + p.src[p.at] - '0'
			p.at++
		}
		return v
	}
	if c < 128 && (unicode.IsLetter(c) || unicode.IsDigit(c)) {
		p.fail(start, "bad escape \\%c", c)
	}
	return c
}

func (p *parser) hex(start, n int) rune {
	v, got := rune(0), 0
	for ; got < n && p.at < len(p.src); got++ {
		d := strings.IndexRune("0123456789abcdef", unicode.ToLower(p.src[p.at]))
		if d < 0 {
			break
		}
		v = v*16 + rune(d)
		p.at++
	}
	if got < n {
		p.fail(start, "incomplete escape %s", string(p.src[start:p.at]))
	}
	return v
}
