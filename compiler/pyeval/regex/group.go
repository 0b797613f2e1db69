package regex

import (
	"strings"
	"unicode"
)

var flagLetters = map[rune]Flags{'i': IgnoreCase, 'L': Locale, 'm': Multiline, 's': DotAll, 'u': Unicode, 'x': Verbose, 'a': ASCII}

// group reads what a parenthesis opens; false means that it has no piece.
func (p *parser) group() (term, bool) {
	start := p.at
	p.at++
	if !p.accept("?") {
		return p.capturing("", start), true
	}
	switch {
	case p.accept("P<"):
		return p.capturing(p.name(">"), start), true
	case p.accept("P="):
		at := p.at
		name := p.name(")")
		g, ok := p.re.Index[name]
		if !ok {
			p.fail(at, "unknown group name %q", name)
		}
		return p.reference(g, at), true
	case p.accept("P"):
		if p.at == len(p.src) {
			p.fail(p.at, "unexpected end of pattern")
		}
		p.fail(start+1, "unknown extension ?P%c", p.src[p.at])
	case p.accept(":"):
		return p.closed(start), true
	case p.accept(">"):
		t := p.closed(start)
		return term{node: atomic(t.node), least: t.least, most: t.most}, true
	case p.accept("#"):
		for p.at < len(p.src) && p.src[p.at] != ')' {
			p.at++
		}
		if !p.accept(")") {
			p.fail(start, "missing ), unterminated comment")
		}
		return term{}, false
	case p.accept("="), p.accept("!"):
		negative := p.src[p.at-1] == '!'
		return term{node: look(p.closed(start).node, 0, negative)}, true
	case p.accept("<="), p.accept("<!"):
		negative := p.src[p.at-1] == '!'
		t := p.closed(start)
		if t.least != t.most {
			p.fail(-1, "look-behind requires fixed-width pattern")
		}
		return term{node: look(t.node, t.least, negative)}, true
	case p.accept("("):
		return p.condition(start), true
	}
	return p.inlineFlags(start)
}

func (p *parser) capturing(name string, start int) term {
	p.re.Groups++
	g := p.re.Groups
	if name != "" {
		if old, ok := p.re.Index[name]; ok {
			p.fail(start+4, "redefinition of group name '%s' as group %d; was group %d", name, g, old)
		}
		p.re.Index[name] = g
		p.re.Names = append(p.re.Names, name)
	}
	if p.open == nil {
		p.open = map[int]bool{}
	}
	p.open[g] = true
	t := p.closed(start)
	delete(p.open, g)
	return term{node: capture(g, t.node), least: t.least, most: t.most}
}

// closed reads up to the closing parenthesis; flags set inside end there.
func (p *parser) closed(start int) term {
	flags := p.flags
	t := p.alternation()
	p.flags = flags
	if !p.accept(")") {
		p.fail(start, "missing ), unterminated subpattern")
	}
	return t
}

func (p *parser) name(end string) string {
	from := p.at
	for p.at < len(p.src) && !p.peek(end) {
		p.at++
	}
	name := string(p.src[from:p.at])
	if name == "" {
		p.fail(from, "missing group name")
	}
	if !p.accept(end) {
		p.fail(from, "missing %s, unterminated name", end)
	}
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			p.fail(from, "bad character in group name '%s'", name)
		}
	}
	return name
}

func (p *parser) condition(start int) term {
	at := p.at
	g, ok := p.number()
	if ok && !p.accept(")") || !ok {
		p.at = at
		name := p.name(")")
		if g, ok = p.re.Index[name]; !ok {
			p.fail(at, "unknown group name '%s'", name)
		}
	}
	if g == 0 {
		p.fail(at, "bad group number")
	}
	if g > p.re.Groups {
		p.fail(at, "invalid group reference %d", g)
	}
	yes, no := p.sequence(), term{node: sequence(nil)}
	if p.accept("|") {
		no = p.sequence()
		if p.peek("|") {
			p.fail(p.at, "conditional backref with more than two branches")
		}
	}
	if !p.accept(")") {
		p.fail(start, "missing ), unterminated subpattern")
	}
	return term{node: conditional(g, yes.node, no.node), least: min(yes.least, no.least), most: max(yes.most, no.most)}
}

// inlineFlags is (?i) at the start of a pattern, or (?i-s:...).
func (p *parser) inlineFlags(start int) (term, bool) {
	read := func() (f Flags) {
		for p.at < len(p.src) && flagLetters[p.src[p.at]] != 0 {
			f |= flagLetters[p.src[p.at]]
			p.at++
		}
		return f
	}
	on := read()
	if on != 0 && p.accept(")") {
		if start != 0 && strings.TrimSpace(string(p.src[:start])) != "" {
			p.fail(start, "global flags not at the start of the expression")
		}
		p.global |= on
		p.flags |= on
		return term{}, false
	}
	var off Flags
	if p.accept("-") {
		off = read()
	}
	if p.at >= len(p.src) {
		p.fail(p.at, "unexpected end of pattern")
	}
	if on|off == 0 {
		p.fail(start+1, "unknown extension ?%c", p.src[p.at])
	}
	if !p.accept(":") {
		p.fail(p.at, "unknown flag")
	}
	flags := p.flags
	p.flags = (p.flags | on) &^ off
	if on&ASCII != 0 {
		p.flags &^= Unicode
	} else if on&Unicode != 0 {
		p.flags &^= ASCII
	}
	t := p.closed(start)
	p.flags = flags
	return t, true
}
