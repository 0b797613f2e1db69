package jregex

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// translation is a pattern of java.util.regex in the syntax that Go's regexp
// and regexp2 share, and what tells when the first gives the same.
type translation struct {
	text string
	// backtracks says that only regexp2 can run it.
	backtracks bool
	// lineEnd says that it has $ or \Z, written as \z, which is the same for
	// texts without line terminators; full is with all that Java means.
	lineEnd bool
	// ascii says that the engines agree on texts of ASCII alone.
	ascii bool
	full  string
}

// translator reads a pattern once and writes both forms.
type translator struct {
	in        string
	at        int
	out, full strings.Builder
	t         translation
	// atom and atomFull are where the last atom begins in the outputs; -1 where
	// nothing can be repeated.
	atom, atomFull int
	flags          flags
	groups         int
	names          map[string]int // the numbers of named groups
}

// flags are those that are set: s, i, m, u and x.
type flags struct{ all, fold, lines, unicode, comments bool }

// syntaxError is a pattern that Java refuses, or one that isn't built.
type syntaxError struct {
	at   int
	text string
}

func translate(pattern string) (t translation, err error) {
	x := &translator{in: pattern, atom: -1, names: map[string]int{}}
	defer func() {
		if e, ok := recover().(syntaxError); ok {
			err = fmt.Errorf("regular expression %q: %s at %d", pattern, e.text, e.at)
		}
	}()
	x.alternatives()
	if x.at < len(x.in) {
		x.fail("unmatched )")
	}
	x.t.text, x.t.full = x.out.String(), x.full.String()
	return x.t, nil
}

func (x *translator) fail(format string, args ...any) {
	panic(syntaxError{x.at, fmt.Sprintf(format, args...)})
}

func (x *translator) more() bool { return x.at < len(x.in) }

// got takes the text if it comes next.
func (x *translator) got(s string) bool {
	if strings.HasPrefix(x.in[x.at:], s) {
		x.at += len(s)
		return true
	}
	return false
}

func (x *translator) next() rune {
	if !x.more() {
		x.fail("unexpected end")
	}
	r, n := utf8.DecodeRuneInString(x.in[x.at:])
	x.at += n
	return r
}

func (x *translator) write(s string) {
	x.out.WriteString(s)
	x.full.WriteString(s)
}

// alternatives takes all up to a closing parenthesis. Flags set inside end
// there.
func (x *translator) alternatives() {
	flags := x.flags
	for x.blanks(); x.more() && x.in[x.at] != ')'; x.blanks() {
		x.piece()
	}
	x.flags = flags
}

// blanks skips what the flag x makes blanks and comments of.
func (x *translator) blanks() {
	for x.flags.comments && x.more() {
		switch c := x.in[x.at]; {
		case c == ' ' || c >= '\t' && c <= '\r':
			x.at++
		case c == '#':
			line := strings.IndexAny(x.in[x.at:], "\n\r\u0085\u2028\u2029")
			if line < 0 {
				line = len(x.in) - x.at
			}
			x.at += line
		default:
			return
		}
	}
}

func (x *translator) begin() { x.atom, x.atomFull = x.out.Len(), x.full.Len() }

// piece takes an alternative's bar, an atom or a quantifier.
func (x *translator) piece() {
	switch {
	case x.got("|"):
		x.write("|")
		x.atom = -1
	case strings.IndexByte("*+?{", x.in[x.at]) >= 0:
		x.quantifier()
	case x.got("("):
		x.group()
	case x.got("["):
		x.begin()
		x.class(x.set())
	case x.got("."):
		x.begin()
		if x.flags.all {
			x.class(set{}.not())
		} else {
			x.class(terminators.not())
		}
	case x.got("^"):
		x.begin()
		if x.flags.lines {
			x.t.backtracks = true
			x.write(`(?!\z)(?:\A|(?<=[\n\u0085\u2028\u2029]|\r(?!\n)))`)
			return
		}
		x.write(`\A`)
	case x.got("$"):
		x.lineEnd(x.flags.lines)
	case x.got(`\`):
		x.escape()
	default:
		x.begin()
		x.literal(x.next())
	}
}

func (x *translator) literal(r rune) {
	if s := x.folded(set{{r, r}}); len(s) > 1 {
		x.class(s)
		return
	}
	quoteRune(&x.out, r)
	quoteRune(&x.full, r)
}

// maxFolded bounds the characters of a class whose other cases are looked for one
// by one; a class of more has them.
const maxFolded = 20_000

// folded is a set with the other cases of its characters where they don't count:
// those of ASCII, with the flag u all.
func (x *translator) folded(s set) set {
	if !x.flags.fold {
		return s
	}
	out := s
	for _, r := range s {
		last := r[1]
		if !x.flags.unicode {
			last = min(last, unicode.MaxASCII)
		}
		for c := r[0]; c <= last && c-r[0] < maxFolded; c++ {
			for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
				if x.flags.unicode || other <= unicode.MaxASCII {
					out = append(out, [2]rune{other, other})
				}
			}
		}
	}
	return out
}

func (x *translator) class(s set) {
	s.write(&x.out)
	s.write(&x.full)
}

// lineEnd is $: the end, or before the line terminator that ends the text.
func (x *translator) lineEnd(anyLine bool) {
	x.begin()
	x.t.lineEnd = true
	x.out.WriteString(`\z`)
	if anyLine {
		x.full.WriteString(`(?=\r|(?<!\r)\n|[\u0085\u2028\u2029]|\z)`)
		return
	}
	x.full.WriteString(`(?=(?:\r\n|(?<!\r)\n|[\r\u0085\u2028\u2029])?\z)`)
}

// quantifier takes *, +, ?, {n}, {n,} or {n,m}, lazy or possessive.
func (x *translator) quantifier() {
	if x.atom < 0 {
		x.fail("dangling %q", x.in[x.at])
	}
	start := x.at
	if x.next() == '{' {
		x.counts()
	}
	q := x.in[start:x.at]
	switch {
	case x.got("?"):
		x.write(q + "?")
	case x.got("+"):
		x.t.backtracks = true
		atom := x.full.String()
		x.full.Reset()
		x.full.WriteString(atom[:x.atomFull] + "(?>" + atom[x.atomFull:] + q + ")")
	default:
		x.write(q)
	}
	x.atom = -1
}

func (x *translator) counts() {
	low, ok := x.number()
	if !ok {
		x.fail("illegal repetition")
	}
	high := low
	if x.got(",") {
		if high, ok = x.number(); !ok {
			high = low
		}
	}
	if !x.got("}") || high < low {
		x.fail("illegal repetition")
	}
	if high > 1000 { // which Go's engine refuses
		x.t.backtracks = true
	}
}

func (x *translator) number() (int, bool) {
	start := x.at
	for x.more() && x.in[x.at] >= '0' && x.in[x.at] <= '9' {
		x.at++
	}
	n, err := strconv.Atoi(x.in[start:x.at])
	return n, err == nil
}

// group takes what follows an opening parenthesis.
func (x *translator) group() {
	begin, beginFull := x.out.Len(), x.full.Len()
	outer := x.flags
	open := "("
	switch {
	case x.got("?:"):
		open = "(?:"
	case x.got("?="), x.got("?!"), x.got("?>"), x.got("?<="), x.got("?<!"):
		x.t.backtracks = true
		open = x.in[strings.LastIndex(x.in[:x.at], "("):x.at]
	case x.got("?<"):
		name, rest, ok := strings.Cut(x.in[x.at:], ">")
		if !ok || name == "" || strings.TrimFunc(name, isAlnum) != "" || name[0] <= '9' {
			x.fail("a group's name is missing")
		}
		x.at = len(x.in) - len(rest)
		if x.names[name] > 0 {
			x.fail("a group is called %s already", name)
		}
		x.names[name] = x.groups + 1 // regexp2 would number it behind the others
	case x.got("?"):
		if x.inlineFlags() {
			x.atom = -1
			return
		}
		open = "(?:"
	}
	if open == "(" {
		x.groups++
	}
	x.write(open)
	x.atom = -1
	x.alternatives()
	if !x.got(")") {
		x.fail("unclosed group")
	}
	x.write(")")
	x.flags = outer
	x.atom, x.atomFull = begin, beginFull
}

func isAlnum(r rune) bool { return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// inlineFlags takes (?i) or (?i: without the opening; true for the first.
func (x *translator) inlineFlags() bool {
	for on := true; ; {
		switch c := x.next(); c {
		case '-':
			on = false
		case 'i':
			x.flags.fold = on
		case 's':
			x.flags.all = on
		case 'm':
			x.flags.lines = on
		case 'u':
			x.flags.unicode = on
		case 'x':
			x.flags.comments = on
		case ')':
			return true
		case ':':
			return false
		default:
			x.fail("the flag %q isn't supported", c)
		}
	}
}
