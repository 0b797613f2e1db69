package sql

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"pyfc/compiler/words"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// Locator turns an offset into the parsed text into a place in the user's
// files. The text mostly lives in a Python string literal, so only the caller
// knows.
type Locator func(offset int) diag.Pos

// Hole is a place in the text where a value goes in that is known only at
// start. It may stand only inside a string literal of WITH or SET: it is data
// there, whatever quotes it holds.
type Hole struct {
	Offset int // into the text, between two bytes; ascending
	Value  ir.TextPart
}

// dialect says whose tokens and grammar the text has.
type dialect uint8

const (
	flinkSQL          dialect = iota // statements
	stringExpressions                // select("a, sum(b) as c") of Flink 1.10 and 1.11
)

type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokIdent
	tokQuoted // `ident`
	tokNumber
	tokString
	tokBinary // X'00ff'
	tokOp
)

// token is one lexical element; end is exclusive.
type token struct {
	kind       tokenKind
	start, end int
	// depth is the number of brackets around the token, not counting those
	// that it is itself.
	depth int
	// text is the source of operators, numbers and plain identifiers, and what
	// quoted identifiers, strings and binaries mean.
	text string
	// upper is text in upper case for plain identifiers, which may be keywords.
	upper string
	// prefixed says that something such as U& stands before the quote.
	prefixed bool
	// value is the text of a string with holes; nil for one without.
	value ir.Text
}

// operators by length, longest first, so that a prefix never wins.
var sqlOperators = []string{
	"<>", "<=", ">=", "!=", "||", "=>", "*/",
	"+", "-", "*", "/", "%", "=", "<", ">", "(", ")", "[", "]", "{", "}", ",", ".", ";", ":", "?", "!", "|", "^",
}

var stringExpressionOperators = []string{
	"===", "!==", "==", "<>", "!=", "<=", ">=", "&&", "||",
	"+", "-", "*", "/", "%", "=", "<", ">", "(", ")", "[", "]", "{", "}", ",", ".", "?", "!", ":", ";", "&", "|",
}

// lexer cuts a text into tokens.
type lexer struct {
	text    string
	dialect dialect
	holes   []Hole
	pos     int
	fault   func(start, end int, format string, args ...any) *diag.Diagnostic
	// misuse reports a value known only at start where none can be.
	misuse func(start, end int, value ir.TextPart)
	tokens []token
}

// run lexes the whole text; the last token is tokEOF.
func (l *lexer) run() []token {
	for {
		l.skipBlank()
		start := l.pos
		if start >= len(l.text) {
			l.holesUpTo(start)
			l.tokens = append(l.tokens, token{kind: tokEOF, start: start, end: start})
			nest(l.tokens)
			return l.tokens
		}
		n := len(l.tokens)
		l.next()
		if len(l.tokens) > n && l.tokens[n].kind != tokString {
			l.holesUpTo(l.pos)
		}
	}
}

// nest sets the depths. A semicolon closes what is open.
func nest(tokens []token) {
	depth := 0
	for i := range tokens {
		t := &tokens[i]
		if t.kind == tokOp {
			switch t.text {
			case ")", "]":
				depth = max(0, depth-1)
			case ";":
				depth = 0
			}
		}
		t.depth = depth
		if t.kind == tokOp && (t.text == "(" || t.text == "[") {
			depth++
		}
	}
}

// holesUpTo reports the holes that no string literal has taken.
func (l *lexer) holesUpTo(offset int) {
	for len(l.holes) > 0 && l.holes[0].Offset <= offset {
		h := l.holes[0]
		l.misuse(h.Offset, h.Offset, h.Value)
		l.holes = l.holes[1:]
	}
}

// misused reports the start-time parts of a token that can't have any.
func (l *lexer) misused(t token) {
	for _, part := range t.value {
		if part.Input != nil {
			l.misuse(t.start, l.pos, part)
		}
	}
}

// skipBlank skips white space and comments.
func (l *lexer) skipBlank() {
	for l.pos < len(l.text) {
		rest := l.text[l.pos:]
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case unicode.IsSpace(r):
			l.pos += size
		case l.dialect == stringExpressions:
			return
		case strings.HasPrefix(rest, "--"), strings.HasPrefix(rest, "//"):
			if i := strings.IndexAny(rest, "\r\n"); i >= 0 {
				l.pos += i
			} else {
				l.pos = len(l.text)
			}
		case strings.HasPrefix(rest, "/*") && !strings.HasPrefix(rest, "/*+"):
			i := strings.Index(rest, "*/")
			if i < 0 {
				l.fault(l.pos, l.pos+2, "comment isn't closed").WithHint("close it with */")
				l.pos = len(l.text)
				return
			}
			l.pos += i + 2
		default:
			return
		}
	}
}

// next appends the token at pos, or reports a fault and skips.
func (l *lexer) next() {
	start := l.pos
	rest := l.text[start:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case r == '\'':
		l.str(start, start, '\'')
	case r == '"' && l.dialect == stringExpressions:
		l.str(start, start, '"')
	case r == '`':
		l.quoted()
	case r >= '0' && r <= '9', r == '.' && len(rest) > 1 && isDigit(rest[1]) && !l.afterOperand():
		l.number()
	case l.dialect == flinkSQL && l.prefixedString(rest):
	case isIdentStart(r):
		for l.pos < len(l.text) {
			r, size := utf8.DecodeRuneInString(l.text[l.pos:])
			if !isIdentPart(r) {
				break
			}
			l.pos += size
		}
		text := l.text[start:l.pos]
		l.add(token{kind: tokIdent, start: start, text: text, upper: strings.ToUpper(text)})
	default:
		if l.operator(rest) {
			return
		}
		l.pos += size
		if l.setting() {
			l.add(token{kind: tokOp, start: start, text: string(r)})
			return
		}
		d := l.fault(start, l.pos, "%q has no meaning here", string(r))
		switch r {
		case '"':
			d.WithHint("strings take 'single quotes', identifiers `back quotes`")
		case '‘', '’', '“', '”':
			d.WithHint("this is a typographic quote; strings take 'single quotes'")
		case '，', '（', '）', '；':
			d.WithHint("this is a full-width character; write the plain one")
		}
	}
}

func (l *lexer) add(t token) {
	t.end = l.pos
	l.tokens = append(l.tokens, t)
}

// setting reports whether pos is in SET or RESET, whose values may stand
// without quotes.
func (l *lexer) setting() bool {
	for i := len(l.tokens) - 1; i >= 0; i-- {
		t := l.tokens[i]
		if i == 0 || l.tokens[i-1].text == ";" {
			return l.dialect == flinkSQL && (t.upper == "SET" || t.upper == "RESET")
		}
	}
	return false
}

// afterOperand reports whether the token before pos ends right here and ends
// an operand, so that a point is member access: t.1 is not a number.
func (l *lexer) afterOperand() bool {
	if len(l.tokens) == 0 {
		return false
	}
	t := l.tokens[len(l.tokens)-1]
	return t.end == l.pos && (t.kind == tokIdent || t.kind == tokQuoted || t.text == ")" || t.text == "]")
}

func (l *lexer) operator(rest string) bool {
	ops := sqlOperators
	if l.dialect == stringExpressions {
		ops = stringExpressionOperators
	} else if strings.HasPrefix(rest, "/*+") {
		ops = []string{"/*+"}
	}
	for _, op := range ops {
		if strings.HasPrefix(rest, op) {
			start := l.pos
			l.pos += len(op)
			l.add(token{kind: tokOp, start: start, text: op})
			return true
		}
	}
	return false
}

// number lexes digits [. digits] [exponent], and in string expressions one of
// the suffixes f d l p. There, a point belongs to the number only if a digit
// follows (10.minutes is a call).
func (l *lexer) number() {
	start := l.pos
	l.digits()
	if l.peek(0) == '.' && (isDigit(l.peek(1)) || l.dialect == flinkSQL && !isIdentByte(l.peek(1))) {
		l.pos++
		l.digits()
	}
	if e := l.peek(0); e == 'e' || e == 'E' {
		sign := 0
		if s := l.peek(1); s == '+' || s == '-' {
			sign = 1
		}
		if isDigit(l.peek(1 + sign)) {
			l.pos += 1 + sign
			l.digits()
		}
	}
	if l.dialect == stringExpressions && strings.IndexByte("fFdDlLpP", l.peek(0)) >= 0 && !isIdentByte(l.peek(1)) {
		l.pos++
	}
	l.add(token{kind: tokNumber, start: start, text: l.text[start:l.pos]})
}

func (l *lexer) digits() {
	for isDigit(l.peek(0)) {
		l.pos++
	}
}

// peek returns the byte n after pos; 0 past the end.
func (l *lexer) peek(n int) byte {
	if l.pos+n < len(l.text) {
		return l.text[l.pos+n]
	}
	return 0
}

// quoted lexes `an identifier`, in which two back quotes are one.
func (l *lexer) quoted() {
	start := l.pos
	t := l.body(start, '`', "quoted identifier")
	l.misused(t)
	if t.text == "" && l.pos > start+1 {
		l.fault(start, l.pos, "a quoted identifier can't be empty")
	}
	l.add(token{kind: tokQuoted, start: start, text: t.text})
}

// str lexes a string whose opening quote is at quoteAt; its holes become parts
// of its value.
func (l *lexer) str(start, quoteAt int, quote byte) {
	l.holesUpTo(quoteAt)
	l.pos = quoteAt
	t := l.body(start, quote, "string")
	t.kind = tokString
	l.add(t)
}

// body reads from the opening quote at pos to the closing one, in which two
// quotes are one. Unclosed, it ends at the end of the text. Its token has text,
// value and start only.
func (l *lexer) body(start int, quote byte, what string) token {
	open := l.pos
	var value ir.Text
	var all, part strings.Builder
	for l.pos++; ; l.pos++ {
		for len(l.holes) > 0 && l.holes[0].Offset == l.pos {
			if part.Len() > 0 {
				value = append(value, ir.TextPart{Literal: part.String()})
				part.Reset()
			}
			value = append(value, l.holes[0].Value)
			l.holes = l.holes[1:]
		}
		if l.pos >= len(l.text) {
			l.fault(start, open+1, "%s isn't closed", what).
				WithHint("close it with %c; one inside is written twice", quote)
			break
		}
		c := l.text[l.pos]
		if c == quote {
			if l.peek(1) != quote {
				l.pos++
				break
			}
			l.pos++
		}
		all.WriteByte(c)
		part.WriteByte(c)
	}
	if value != nil && part.Len() > 0 {
		value = append(value, ir.TextPart{Literal: part.String()})
	}
	return token{start: start, text: all.String(), value: value}
}

// prefixedString lexes X'00ff', U&'\00e9', U&"\00e9", N'…' and _UTF8'…'; it
// returns false and does nothing where there is none.
func (l *lexer) prefixedString(rest string) bool {
	start := l.pos
	switch c := rest[0] | 0x20; {
	case c == 'x' && strings.HasPrefix(rest[1:], "'"):
		l.pos++
		l.binary(start)
	case c == 'u' && strings.HasPrefix(rest[1:], "&'"):
		l.str(start, start+2, '\'')
		l.unescape(&l.tokens[len(l.tokens)-1])
	case c == 'u' && strings.HasPrefix(rest[1:], "&\""): // an identifier
		l.pos += 2
		t := l.body(start, '"', "quoted identifier")
		l.misused(t)
		t.kind = tokQuoted
		l.add(t)
		l.unescape(&l.tokens[len(l.tokens)-1])
	case c == 'n' && strings.HasPrefix(rest[1:], "'"):
		l.str(start, start+1, '\'')
	case characterSet(rest) > 0:
		n := characterSet(rest)
		if name := rest[1:n]; !characterSets[strings.ToUpper(name)] {
			l.fault(start, start+n, "no character set is called %s", name)
		}
		l.str(start, start+n, '\'')
	default:
		return false
	}
	if t := &l.tokens[len(l.tokens)-1]; t.kind == tokString {
		t.prefixed = true
	}
	return true
}

func (l *lexer) binary(start int) {
	t := l.body(start, '\'', "binary literal")
	l.misused(t)
	l.add(token{kind: tokBinary, start: start, text: t.text})
}

// characterSets are the names of character sets that a prefix may have: the
// common ones of those that Java knows. Strings are Unicode whatever it says.
var characterSets = words.Set(`
	UTF8 UTF-8 UTF16 UTF-16 UTF-16BE UTF-16LE UTF32 UTF-32 LATIN1 ISO-8859-1 ISO-8859-15 ASCII US-ASCII GBK GB2312
	GB18030 BIG5 SHIFT_JIS EUC-JP EUC-KR KOI8-R WINDOWS-1250 WINDOWS-1251 WINDOWS-1252`)

// characterSet is the length of a prefix such as _UTF8 before a quote; 0 where
// there is none.
func characterSet(rest string) int {
	if rest[0] != '_' {
		return 0
	}
	n := 1
	for n < len(rest) && (isDigit(rest[n]) || isIdentByte(rest[n]) && rest[n] < utf8.RuneSelf || strings.IndexByte("-.:", rest[n]) >= 0) {
		n++
	}
	if n == 1 || n == len(rest) || rest[n] != '\'' {
		return 0
	}
	return n
}

// unescape replaces \XXXX in the string t by the UTF-16 code units that they
// mean; UESCAPE 'c' behind it gives another escape character.
func (l *lexer) unescape(t *token) {
	esc := byte('\\')
	save := l.pos
	l.skipBlank()
	if len(l.text)-l.pos > 8 && strings.EqualFold(l.text[l.pos:l.pos+7], "UESCAPE") {
		at := l.pos
		l.pos += 7
		l.skipBlank()
		text := ""
		if l.peek(0) == '\'' {
			text = l.body(l.pos, '\'', "string").text
		}
		if len(text) != 1 || isHex(text[0]) || strings.ContainsAny(text, "+'\" \t\n") {
			l.fault(at, l.pos, "UESCAPE takes one character in quotes, no digit, sign or blank")
		} else {
			esc = text[0]
		}
	} else {
		l.pos = save
	}
	text, bad := unicodeEscapes(t.text, esc)
	if bad {
		l.fault(t.start, t.end, "a Unicode escape is %c and four hexadecimal digits", esc)
	}
	t.text, t.end = text, l.pos
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isHex(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func isIdentStart(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) }

func isIdentPart(r rune) bool { return isIdentStart(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// isIdentByte is isIdentStart for a byte of UTF-8.
func isIdentByte(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}
