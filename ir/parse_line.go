package ir

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tokenKind classifies the words of a printed plan.
type tokenKind uint8

const (
	endToken tokenKind = iota
	nameToken
	quotedToken // a name in backticks
	textToken   // '…'
	bytesToken  // X'…'
	numberToken
	markToken // operator or punctuation
)

type token struct {
	kind tokenKind
	text string // unquoted
}

func (t token) String() string {
	if t.kind == endToken {
		return "the end of the line"
	}
	return strconv.Quote(t.text)
}

// syntaxError is what parsing panics with; Parse returns it.
type syntaxError struct {
	line int // 0 behind the last one
	text string
}

func (e *syntaxError) Error() string {
	if e.line == 0 {
		return e.text
	}
	return fmt.Sprintf("line %d: %s", e.line, e.text)
}

// lineParser reads one line of a plan.
type lineParser struct {
	number int
	tokens []token // the last one is the end
	depth  int     // of nested expressions and types
}

func (l *lineParser) failf(format string, args ...any) {
	panic(&syntaxError{l.number, fmt.Sprintf(format, args...)})
}

// operators of more than one character; all others have one.
var operators = []string{"<>", "<=", ">=", "||"}

// tokenize splits a line into words.
func tokenize(number int, s string) *lineParser {
	l := &lineParser{number: number}
	if !utf8.ValidString(s) {
		l.failf("not UTF-8")
	}
	for s = strings.TrimLeft(s, " "); s != ""; s = strings.TrimLeft(s, " ") {
		var t token
		t, s = l.scan(s)
		l.tokens = append(l.tokens, t)
	}
	l.tokens = append(l.tokens, token{})
	return l
}

// scan takes the first token off s.
func (l *lineParser) scan(s string) (t token, rest string) {
	switch c := s[0]; {
	case c == '\'' || c == '`':
		return l.quoted(s)
	case strings.HasPrefix(s, "U&'") || strings.HasPrefix(s, "U&`"):
		t, rest = l.quoted(s[2:])
		t.text = l.unescape(t.text)
		return t, rest
	case strings.HasPrefix(s, "X'"):
		t, rest = l.quoted(s[1:])
		return token{bytesToken, t.text}, rest
	case isDigit(c) || c == '-' && len(s) > 1 && isDigit(s[1]):
		n := numberLength(s)
		return token{numberToken, s[:n]}, s[n:]
	case strings.HasPrefix(s, "-Infinity"):
		return token{numberToken, "-Infinity"}, s[len("-Infinity"):]
	case isLetter(c):
		n := nameLength(s)
		return token{nameToken, s[:n]}, s[n:]
	}
	for _, op := range operators {
		if strings.HasPrefix(s, op) {
			return token{markToken, op}, s[len(op):]
		}
	}
	_, n := utf8.DecodeRuneInString(s)
	return token{markToken, s[:n]}, s[n:]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// nameLength is the length of the word that s begins with; words joined by
// hyphens are one.
func nameLength(s string) int {
	n := 1
	for n < len(s) {
		switch c := s[n]; {
		case isLetter(c), isDigit(c), c == '$':
		case c == '-' && n+1 < len(s) && isLetter(s[n+1]):
		default:
			return n
		}
		n++
	}
	return n
}

// numberLength is the length of the number that s begins with: -12, 1.5, 2e+10.
func numberLength(s string) int {
	digits := func(n int) int {
		for n < len(s) && isDigit(s[n]) {
			n++
		}
		return n
	}
	n := digits(1)
	if n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
		n = digits(n + 1)
	}
	if n < len(s) && s[n] == 'e' {
		sign := n + 1
		if sign < len(s) && (s[sign] == '+' || s[sign] == '-') {
			sign++
		}
		if end := digits(sign); end > sign {
			n = end
		}
	}
	return n
}

// quoted reads a text or name in quotation marks, which are doubled inside.
func (l *lineParser) quoted(s string) (t token, rest string) {
	mark := s[0]
	t.kind = textToken
	if mark == '`' {
		t.kind = quotedToken
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] == mark {
			if i+1 == len(s) || s[i+1] != mark {
				t.text = b.String()
				return t, s[i+1:]
			}
			i++
		}
		b.WriteByte(s[i])
	}
	l.failf("quotation mark %c isn't closed", mark)
	return t, ""
}

// unescape resolves the escapes of U&'…'.
func (l *lineParser) unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if strings.HasPrefix(s[i:], `\\`) {
			b.WriteByte('\\')
			i++
			continue
		}
		if i+5 > len(s) {
			l.failf("%q ends within an escape", s)
		}
		r, err := strconv.ParseUint(s[i+1:i+5], 16, 16)
		if err != nil {
			l.failf("%q isn't an escape", s[i:i+5])
		}
		b.WriteRune(rune(r))
		i += 4
	}
	return b.String()
}

func (l *lineParser) peek() token { return l.tokens[0] }

// after is the token behind the next one.
func (l *lineParser) after() token {
	if len(l.tokens) > 1 {
		return l.tokens[1]
	}
	return token{}
}

func (l *lineParser) next() token {
	t := l.tokens[0]
	if t.kind != endToken {
		l.tokens = l.tokens[1:]
	}
	return t
}

func (t token) isMark(s string) bool { return t.kind == markToken && t.text == s }

func (t token) isWord(s string) bool { return t.kind == nameToken && t.text == s }

// accept takes the next token if it is the given mark or word.
func (l *lineParser) accept(s string) bool {
	t := l.peek()
	if !t.isMark(s) && !t.isWord(s) {
		return false
	}
	l.next()
	return true
}

func (l *lineParser) expect(words ...string) {
	for _, w := range words {
		if !l.accept(w) {
			l.failf("expected %q, found %s", w, l.peek())
		}
	}
}

// name reads an identifier.
func (l *lineParser) name() string {
	t := l.next()
	if t.kind != nameToken && t.kind != quotedToken {
		l.failf("expected a name, found %s", t)
	}
	return t.text
}

// number reads a small natural number.
func (l *lineParser) number32() int {
	t := l.next()
	n, err := strconv.ParseInt(t.text, 10, 32)
	if t.kind != numberToken || err != nil || n < 0 {
		l.failf("expected a natural number, found %s", t)
	}
	return int(n)
}

// number64 reads a natural number.
func (l *lineParser) number64() int64 {
	t := l.next()
	n, err := strconv.ParseInt(t.text, 10, 64)
	if t.kind != numberToken || err != nil || n < 0 {
		l.failf("expected a natural number, found %s", t)
	}
	return n
}

// list reads items in parentheses.
func (l *lineParser) list(item func()) {
	l.expect("(")
	for i := 0; !l.accept(")"); i++ {
		if i > 0 {
			l.expect(",")
		}
		item()
	}
}

// nest guards the stack against lines of nothing but parentheses.
func (l *lineParser) nest() func() {
	const deepest = 1000
	if l.depth++; l.depth > deepest {
		l.failf("more than %d levels of nesting", deepest)
	}
	return func() { l.depth-- }
}
