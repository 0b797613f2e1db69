package regex

import "slices"

// class reads a set in brackets.
func (p *parser) class() term {
	start := p.at
	p.at++
	negative := p.accept("^")
	var sets []set
	for first := true; ; first = false {
		if p.at >= len(p.src) {
			p.fail(start, "unterminated character set")
		}
		if p.peek("]") && !first {
			p.at++
			break
		}
		from := p.at
		s, lo := p.member()
		if !(p.peek("-") && p.at+1 < len(p.src) && p.src[p.at+1] != ']') {
			if s == nil {
				s = func(r rune) bool { return r == lo }
			}
			sets = append(sets, s)
			continue
		}
		p.at++
		t, hi := p.member()
		if s != nil || t != nil || hi < lo {
			p.fail(from, "bad character range %s", string(p.src[from:p.at]))
		}
		sets = append(sets, func(r rune) bool { return lo <= r && r <= hi })
	}
	in := func(r rune) bool { return slices.ContainsFunc(sets, func(s set) bool { return s(r) }) }
	if p.flags&IgnoreCase != 0 {
		in = folded(in)
	}
	s := in
	if negative {
		s = func(r rune) bool { return !in(r) }
	}
	return term{node: one(s), set: s, least: 1, most: 1}
}

// member reads one code point or category of a set.
func (p *parser) member() (set, rune) {
	start := p.at
	if p.at >= len(p.src) {
		p.fail(start, "unterminated character set")
	}
	c := p.src[p.at]
	p.at++
	if c != '\\' {
		return nil, c
	}
	if p.at == len(p.src) {
		p.fail(start, "bad escape (end of pattern)")
	}
	if s := p.category(p.src[p.at]); s != nil {
		p.at++
		return s, 0
	}
	switch c := p.src[p.at]; {
	case c == 'b':
		p.at++
		return nil, '\b'
	case '1' <= c && c <= '7':
		v := rune(0)
		for n := 0; n < 3 && p.at < len(p.src) && '0' <= p.src[p.at] && p.src[p.at] <= '7'; n++ {
			v = v*8 + p.src[p.at] - '0'
			p.at++
		}
		return nil, v
	}
	return nil, p.escapedRune(start)
}
