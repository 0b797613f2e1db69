package pyast

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"pyfc/compiler/words"
)

// scanner cuts a part of a source into tokens.
type scanner struct {
	src      *source
	at       place
	end      int  // offset at which the part ends
	nested   bool // the part stands inside brackets: lines don't count
	tokens   []token
	brackets []int // indices of the open brackets
	indents  []indent
}

// indent is a level of indentation, measured with tabs of 8 and of 1, as
// CPython does to find tabs and spaces that are mixed inconsistently.
type indent struct{ wide, narrow int }

// scanFile cuts a whole file into tokens, with the layout tokens.
func scanFile(src *source) []token {
	s := &scanner{src: src, at: fileStart, end: len(src.text), indents: []indent{{}}, tokens: make([]token, 0, len(src.text)/4)}
	return s.run()
}

// scanExpr cuts the text between two places into tokens, as if it stood in
// parentheses; the end of it counts as a line's end.
func scanExpr(src *source, from place, end int) []token {
	s := &scanner{src: src, at: from, end: end, nested: true, indents: []indent{{}}}
	return s.run()
}

func (s *scanner) run() []token {
	lineStart := !s.nested
	for {
		if lineStart {
			s.layout()
			lineStart = false
		}
		s.skipBlanks()
		if s.at.off >= s.end {
			break
		}
		if s.peek() == '\n' { // only outside brackets: blanks include it inside
			s.add(tokNewline, 1)
			lineStart = true
			continue
		}
		s.next()
	}
	s.finish()
	return s.tokens
}

func (s *scanner) rest() string { return s.src.text[s.at.off:s.end] }
func (s *scanner) peek() byte   { return s.src.text[s.at.off] }

func (s *scanner) inBrackets() bool { return s.nested || len(s.brackets) > 0 }

// fail reports a syntax error n bytes long at the current place.
func (s *scanner) fail(n int, format string, args ...any) {
	to := s.at.after(s.rest()[:n])
	fail(s.src.span(s.at, to), format, args...)
}

// add appends a token of n bytes and goes behind it.
func (s *scanner) add(kind tokenKind, n int) *token {
	text := s.rest()[:n]
	from := s.at
	s.at = s.at.after(text)
	return s.append(token{kind: kind, text: text, from: from, to: s.at})
}

func (s *scanner) append(t token) *token {
	t.partner, t.within = -1, -1
	if len(s.brackets) > 0 {
		t.within = s.brackets[len(s.brackets)-1]
	}
	s.tokens = append(s.tokens, t)
	return &s.tokens[len(s.tokens)-1]
}

// skipBlanks goes over white space, comments and joined lines.
func (s *scanner) skipBlanks() {
	for s.at.off < s.end {
		rest := s.rest()
		switch c := rest[0]; {
		case c == ' ' || c == '\t' || c == '\f' || c == '\n' && s.inBrackets():
			s.at = s.at.after(rest[:1])
		case c == '#':
			s.at = s.at.after(rest[:lineLength(rest)])
		case c == '\\':
			s.joinLine()
		default:
			return
		}
	}
}

// joinLine goes over a backslash and the line's end behind it.
func (s *scanner) joinLine() {
	rest := s.rest()
	if len(rest) < 2 || rest[1] != '\n' {
		s.fail(1, "unexpected character after line continuation character")
	}
	if len(rest) == 2 {
		s.fail(1, "unexpected EOF while parsing")
	}
	s.at = s.at.after(rest[:2])
}

func lineLength(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

// layout reads the indentation of a logical line, going over blank lines, and
// adds the indents and dedents it means.
func (s *scanner) layout() {
	var in, joined indent
	for s.at.off < s.end {
		switch s.peek() {
		case ' ':
			in.wide++
			in.narrow++
		case '\t':
			in.wide += 8 - in.wide%8
			in.narrow++
		case '\f':
			in = indent{}
		case '\\': // a joined indentation counts as its first line's
			if joined == (indent{}) {
				joined = in
			}
			s.joinLine()
			continue
		case '\n':
			in, joined = indent{}, indent{}
		case '#':
			s.at = s.at.after(s.rest()[:lineLength(s.rest())])
			continue
		default:
			if joined != (indent{}) {
				in = joined
			}
			s.indentTo(in)
			return
		}
		s.at = s.at.after(s.rest()[:1])
	}
}

func (s *scanner) indentTo(in indent) {
	top := s.indents[len(s.indents)-1]
	if (in.wide > top.wide) != (in.narrow > top.narrow) || (in.wide == top.wide) != (in.narrow == top.narrow) {
		s.fail(0, "inconsistent use of tabs and spaces in indentation")
	}
	if in.wide > top.wide {
		if len(s.indents) >= maxIndents {
			s.fail(0, "too many levels of indentation")
		}
		s.indents = append(s.indents, in)
		s.add(tokIndent, 0)
		return
	}
	for in.wide < s.indents[len(s.indents)-1].wide {
		s.indents = s.indents[:len(s.indents)-1]
		s.add(tokDedent, 0)
	}
	if s.indents[len(s.indents)-1] != in {
		s.fail(0, "unindent does not match any outer indentation level")
	}
}

// finish closes the last line and the open indents.
func (s *scanner) finish() {
	if n := len(s.brackets); n > 0 {
		open := s.tokens[s.brackets[n-1]]
		fail(s.src.span(open.from, open.to), "'%s' was never closed", open.text)
	}
	if n := len(s.tokens); n > 0 && s.tokens[n-1].kind != tokNewline && s.tokens[n-1].kind != tokDedent {
		s.add(tokNewline, 0)
	}
	for range s.indents[1:] {
		s.add(tokDedent, 0)
	}
	s.add(tokEnd, 0)
}

// next scans a name, number, string or operator.
func (s *scanner) next() {
	rest := s.rest()
	r, n := utf8.DecodeRuneInString(rest)
	switch {
	case isDigit(rest[0]) || rest[0] == '.' && len(rest) > 1 && isDigit(rest[1]):
		s.number()
	case quoteAt(rest) >= 0:
		s.quoted(quoteAt(rest))
	case isNameStart(r):
		for n < len(rest) {
			r, size := utf8.DecodeRuneInString(rest[n:])
			if !isNamePart(r) {
				break
			}
			n += size
		}
		t := s.add(tokName, n)
		t.text = norm.NFKC.String(t.text)
	default:
		s.operator()
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isNameStart(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.Other_ID_Start)
}

func isNamePart(r rune) bool {
	if r < utf8.RuneSelf {
		return isNameStart(r) || isDigit(byte(r))
	}
	return isNameStart(r) || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue)
}

// operators are those of three, two and one characters; the longest that fits
// counts.
var operators = [...]map[string]bool{
	3: words.Set("**= //= >>= <<= ..."),
	2: words.Set("** // >> << <= >= == != -> += -= *= /= %= &= |= ^= := @= <>"),
	1: words.Set("- + * / % @ & | ^ ~ < > = . , : ; ( ) [ ] { }"),
}

// operatorOf is the operator that text begins with, or "".
func operatorOf(text string) string {
	for n := min(len(text), len(operators)-1); n > 0; n-- {
		if operators[n][text[:n]] {
			return text[:n]
		}
	}
	return ""
}

func (s *scanner) operator() {
	op := operatorOf(s.rest())
	switch op {
	case "":
		s.badCharacter()
	case "(", "[", "{":
		if len(s.brackets) >= maxBrackets {
			s.fail(1, "too many nested parentheses")
		}
		n := len(s.tokens)
		trailer := op != "{" && n > 0 && s.tokens[n-1].endsOperand()
		t := s.add(tokOp, 1)
		t.trailer = trailer
		s.brackets = append(s.brackets, len(s.tokens)-1)
	case ")", "]", "}":
		s.closeBracket(op)
	default:
		s.add(tokOp, len(op))
	}
}

func (s *scanner) badCharacter() {
	r, n := utf8.DecodeRuneInString(s.rest())
	switch {
	case !unicode.IsPrint(r):
		s.fail(n, "invalid non-printable character U+%04X", r)
	case r >= utf8.RuneSelf:
		s.fail(n, "invalid character '%c' (U+%04X)", r, r)
	default:
		s.fail(n, "invalid syntax")
	}
}

var closing = map[string]string{"(": ")", "[": "]", "{": "}"}

func (s *scanner) closeBracket(op string) {
	n := len(s.brackets)
	if n == 0 {
		s.fail(1, "unmatched '%s'", op)
	}
	open := s.brackets[n-1]
	o := &s.tokens[open]
	if closing[o.text] != op {
		where := ""
		if o.from.line != s.at.line {
			where = " on line " + strconv.Itoa(o.from.line)
		}
		s.fail(1, "closing parenthesis '%s' does not match opening parenthesis '%s'%s", op, o.text, where)
	}
	s.brackets = s.brackets[:n-1]
	s.add(tokOp, 1).partner = open
	s.tokens[open].partner = len(s.tokens) - 1
}
