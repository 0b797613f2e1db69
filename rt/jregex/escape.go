package jregex

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escape takes what follows a backslash outside of a class.
func (x *translator) escape() {
	x.begin()
	if x.got("Q") {
		text, rest, _ := strings.Cut(x.in[x.at:], `\E`)
		x.at = len(x.in) - len(rest)
		for _, r := range text {
			x.begin()
			x.literal(r)
		}
		return
	}
	if !x.more() {
		x.fail("unexpected end")
	}
	switch c := x.in[x.at]; {
	case c >= '1' && c <= '9':
		x.at++
		if int(c-'0') > x.groups { // of no group: never matches
			x.class(set{})
			return
		}
		x.again(int(c - '0'))
		return
	case x.got("k<"):
		name, rest, _ := strings.Cut(x.in[x.at:], ">")
		x.at = len(x.in) - len(rest)
		if x.names[name] == 0 {
			x.fail("no group is called %q", name)
		}
		x.again(x.names[name])
		return
	case x.got("A"):
		x.write(`\A`)
		return
	case x.got("z"):
		x.write(`\z`)
		return
	case x.got("Z"):
		x.lineEnd(false)
		return
	case x.got("b"), x.got("B"):
		x.t.ascii = true
		x.write(x.in[x.at-2 : x.at])
		return
	case x.got("R"):
		x.write("(?:\r\n|")
		x.class(vertical)
		x.write(")")
		return
	}
	if s, ok := x.escapedSet(); ok {
		x.class(s)
		return
	}
	x.literal(x.escapedRune())
}

// again is what a group has matched, once more.
func (x *translator) again(group int) {
	x.t.backtracks = true
	fold := ""
	if x.flags.fold {
		fold = "i"
	}
	x.write("(?" + fold + ":\\" + strconv.Itoa(group) + ")")
}

// escapedSet takes \d and its like, where one comes next.
func (x *translator) escapedSet() (set, bool) {
	sets := map[byte]set{'d': digits, 'w': words, 's': spaces, 'h': horizontal, 'v': vertical}
	c := x.in[x.at]
	if s, ok := sets[c|0x20]; ok {
		x.at++
		if c < 'a' {
			return s.not(), true
		}
		return s, true
	}
	if c|0x20 != 'p' {
		return nil, false
	}
	x.at++
	name := string(x.next())
	if name == "{" {
		var rest string
		var closed bool
		if name, rest, closed = strings.Cut(x.in[x.at:], "}"); !closed {
			x.fail("unclosed character family")
		}
		x.at = len(x.in) - len(rest)
	}
	s, ok := property(name)
	if !ok {
		x.fail("unknown character property %q", name)
	}
	if c == 'P' {
		return s.not(), true
	}
	return s, true
}

// controls are the escapes that are one character.
var controls = map[rune]rune{'t': '\t', 'n': '\n', 'r': '\r', 'f': '\f', 'a': '\a', 'e': 0x1b}

// escapedRune takes an escape that stands for one character.
func (x *translator) escapedRune() rune {
	switch r := x.next(); {
	case controls[r] != 0:
		return controls[r]
	case r == 'x' && x.got("{"):
		digits, rest, _ := strings.Cut(x.in[x.at:], "}")
		x.at = len(x.in) - len(rest)
		return x.hex(digits)
	case r == 'x':
		return x.hexDigits(2)
	case r == 'u':
		return x.utf16Escape()
	case r == '0':
		return x.octal()
	case r == 'c':
		return x.next() ^ 64
	case r < utf8.RuneSelf && unicode.IsLetter(r):
		x.fail("illegal escape %q", r)
		return 0
	default:
		return r
	}
}

func (x *translator) hexDigits(n int) rune {
	if len(x.in) < x.at+n {
		x.fail("illegal hexadecimal escape")
	}
	x.at += n
	return x.hex(x.in[x.at-n : x.at])
}

func (x *translator) hex(digits string) rune {
	v, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || v > unicode.MaxRune {
		x.fail("illegal hexadecimal escape")
	}
	return rune(v)
}

// utf16Escape takes four digits, and the second half of a pair.
func (x *translator) utf16Escape() rune {
	r := x.hexDigits(4)
	if r >= 0xd800 && r < 0xdc00 && x.got(`\u`) {
		return (r-0xd800)<<10 + (x.hexDigits(4) - 0xdc00) + 0x10000
	}
	return r
}

// octal takes up to three digits, at most 377.
func (x *translator) octal() rune {
	v, n := rune(0), 0
	for n < 3 && x.more() && x.in[x.at] >= '0' && x.in[x.at] <= '7' && v*8+rune(x.in[x.at]-'0') <= 0377 {
		v = v*8 + rune(x.in[x.at]-'0')
		x.at++
		n++
	}
	if n == 0 {
		x.fail("illegal octal escape")
	}
	return v
}

// set takes a class behind its opening bracket.
func (x *translator) set() set {
	negated := x.got("^")
	var all set
	out, have, first := set{}, false, true
	for x.blanks(); first || !x.got("]"); x.blanks() {
		if !x.more() {
			x.fail("unclosed character class")
		}
		if !first && x.got("&&") {
			if all == nil {
				all = out
			} else if have {
				all = all.and(out)
			}
			if all == nil {
				all = set{}
			}
			out, have = set{}, false
			continue
		}
		first = false
		out, have = append(out, x.member()...), true
	}
	if all != nil && have {
		out = all.and(out)
	} else if all != nil {
		out = all
	}
	if negated {
		return out.not()
	}
	return out
}

// member takes a nested class, a range or a character of a class.
func (x *translator) member() set {
	if x.got("[") {
		return x.set()
	}
	if x.got(`\`) {
		if x.got("Q") {
			text, rest, _ := strings.Cut(x.in[x.at:], `\E`)
			x.at = len(x.in) - len(rest)
			var out set
			for _, r := range text {
				out = append(out, x.folded(set{{r, r}})...)
			}
			return out
		}
		if !x.more() {
			x.fail("unexpected end")
		}
		if s, ok := x.escapedSet(); ok {
			return s
		}
		return x.rangeFrom(x.escapedRune())
	}
	return x.rangeFrom(x.next())
}

func (x *translator) rangeFrom(low rune) set {
	rest := x.in[x.at:]
	if !strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "-]") || strings.HasPrefix(rest, "-[") {
		return x.folded(set{{low, low}})
	}
	x.at++
	high := rune(0)
	if x.got(`\`) {
		high = x.escapedRune()
	} else {
		high = x.next()
	}
	if high < low {
		x.fail("illegal character range")
	}
	return x.folded(set{{low, high}})
}
