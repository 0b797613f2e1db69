package pyast

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// literal is the body of a string literal, or of a part of an f-string, as it
// stands in the source.
type literal struct {
	text   string
	at     place // of the body's first character
	raw    bool
	bytes  bool
	format bool // doubled braces stand for one
}

// literalOf takes the prefix and quotes from a string token.
func literalOf(t *token) literal {
	quote := quoteAt(t.text)
	prefix := strings.ToLower(t.text[:quote])
	n := len(delimiter(t.text[quote:]))
	return literal{
		text:   t.text[quote+n : len(t.text)-n],
		at:     t.from.after(t.text[:quote+n]),
		raw:    strings.Contains(prefix, "r"),
		bytes:  strings.Contains(prefix, "b"),
		format: strings.Contains(prefix, "f"),
	}
}

// piece is a part of a literal: its source text and the value it stands for,
// the same string unless it is an escape.
type piece struct{ text, value string }

// next returns the piece that begins at offset i of the body: the run up to
// the next escape, or an escape. A non-empty problem says why it is malformed.
func (l *literal) next(i int) (p piece, problem string) {
	rest := l.text[i:]
	switch {
	case rest[0] == '\\' && !l.raw:
		return l.escape(rest)
	case l.format && (strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "}}")):
		return piece{rest[:2], rest[:1]}, ""
	}
	n := 1
	for n < len(rest) && !l.special(rest[n]) {
		n++
	}
	return piece{rest[:n], rest[:n]}, ""
}

// special reports whether c may begin an escape.
func (l *literal) special(c byte) bool {
	return c == '\\' && !l.raw || l.format && (c == '{' || c == '}')
}

// verbatim reports whether the value is the body letter for letter.
func (l *literal) verbatim() bool {
	for i := range len(l.text) {
		if l.special(l.text[i]) {
			return false
		}
	}
	return true
}

// value decodes the literal.
func (l *literal) value(src *source) string {
	if l.bytes {
		l.checkASCII(src)
	}
	if l.verbatim() {
		return l.text
	}
	var out strings.Builder
	for i := 0; i < len(l.text); {
		p, problem := l.next(i)
		if problem != "" {
			at := l.at.after(l.text[:i])
			fail(src.span(at, at.after(p.text)), "%s", problem)
		}
		out.WriteString(p.value)
		i += len(p.text)
	}
	return out.String()
}

func (l *literal) checkASCII(src *source) {
	for i, r := range l.text {
		if r >= utf8.RuneSelf {
			at := l.at.after(l.text[:i])
			fail(src.span(at, at.after(string(r))), "bytes can only contain ASCII literal characters")
		}
	}
}

// placeOf returns where the byte at an offset of the decoded value stands:
// from its character's first to behind its last one, escapes as a whole.
func (l *literal) placeOf(offset int) (from, to place) {
	done := 0
	for i := 0; i < len(l.text); {
		p, _ := l.next(i)
		if offset < done+len(p.value) {
			from = l.at.after(l.text[:i])
			if p.text != p.value {
				return from, from.after(p.text)
			}
			start := offset - done
			for start > 0 && !utf8.RuneStart(p.text[start]) {
				start--
			}
			_, n := utf8.DecodeRuneInString(p.text[start:])
			from = from.after(p.text[:start])
			return from, from.after(p.text[start : start+n])
		}
		done += len(p.value)
		i += len(p.text)
	}
	end := l.at.after(l.text)
	return end, end
}

// simpleEscapes are the escapes of one letter.
var simpleEscapes = map[byte]string{
	'\n': "", '\\': "\\", '\'': "'", '"': "\"", 'a': "\a", 'b': "\b", 'f': "\f",
	'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// hexEscapes are the escapes with a fixed number of hexadecimal digits, with
// what CPython's message says of one that is cut short.
var hexEscapes = map[byte]struct {
	digits int
	form   string
}{
	'x': {2, `\xXX`}, 'u': {4, `\uXXXX`}, 'U': {8, `\UXXXXXXXX`},
}

// escape decodes the escape that s begins with.
func (l *literal) escape(s string) (piece, string) {
	if len(s) == 1 { // before a brace of an f-string
		return piece{s, s}, ""
	}
	c := s[1]
	if value, ok := simpleEscapes[c]; ok {
		return piece{s[:2], value}, ""
	}
	_, isHex := hexEscapes[c]
	switch {
	case '0' <= c && c <= '7':
		n := 2
		for n < len(s) && n < 4 && '0' <= s[n] && s[n] <= '7' {
			n++
		}
		code, _ := strconv.ParseUint(s[1:n], 8, 32) // three octal digits always fit
		return piece{s[:n], l.char(rune(code))}, ""
	case isHex && (c == 'x' || !l.bytes):
		return l.hexEscape(s)
	case c == 'N' && !l.bytes:
		return namedEscape(s)
	}
	return piece{s[:1], s[:1]}, "" // not an escape: the backslash stays
}

func (l *literal) hexEscape(s string) (piece, string) {
	kind := hexEscapes[s[1]]
	n := 2
	for n < len(s) && n < 2+kind.digits && strings.IndexByte("0123456789abcdefABCDEF", s[n]) >= 0 {
		n++
	}
	if n < 2+kind.digits {
		if l.bytes {
			return piece{text: s[:n]}, `(value error) invalid \x escape`
		}
		return piece{text: s[:n]}, fmt.Sprintf("(unicode error) truncated %s escape", kind.form)
	}
	code, err := strconv.ParseUint(s[2:n], 16, 32)
	if err != nil || code > utf8.MaxRune {
		return piece{text: s[:n]}, "(unicode error) illegal Unicode character"
	}
	return piece{s[:n], l.char(rune(code))}, ""
}

// char encodes a character's code. Lone surrogates, which Go's strings have
// no place for, are encoded like other characters of their range.
func (l *literal) char(code rune) string {
	switch {
	case l.bytes:
		return string([]byte{byte(code)})
	case 0xD800 <= code && code <= 0xDFFF:
		return string([]byte{0xE0 | byte(code>>12), 0x80 | byte(code>>6)&0x3F, 0x80 | byte(code)&0x3F})
	}
	return string(code)
}

// namedEscape decodes \N{name}.
func namedEscape(s string) (piece, string) {
	end := strings.IndexByte(s, '}')
	if !strings.HasPrefix(s, `\N{`) || end < 0 {
		return piece{text: s[:2]}, `(unicode error) malformed \N character escape`
	}
	r, ok := runeNamed(s[3:end])
	if !ok {
		return piece{text: s[:end+1]}, "(unicode error) unknown Unicode character name"
	}
	return piece{s[:end+1], string(r)}, ""
}
