package fn

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"pyfc/rt/jregex"
	"pyfc/rt/val"
)

// Like reports whether a text is what a pattern says: % stands for any
// characters, _ for one that doesn't end a line.
func Like(s, pattern string) bool {
	if part, before, after, ok := likeText(pattern); ok {
		switch {
		case before && after:
			return strings.Contains(s, part)
		case before:
			return strings.HasSuffix(s, part)
		case after:
			return strings.HasPrefix(s, part)
		}
		return s == part
	}
	return like(s, pattern, -1)
}

// likeText is the text of a pattern with % at its ends only, and where that
// stands: nearly all patterns are like that, and then the texts' bytes decide.
func likeText(pattern string) (part string, before, after, ok bool) {
	if before = strings.HasPrefix(pattern, "%"); before {
		pattern = pattern[1:]
	}
	if after = strings.HasSuffix(pattern, "%"); after {
		pattern = pattern[:len(pattern)-1]
	}
	for i := range len(pattern) {
		if c := pattern[i]; c == '%' || c == '_' {
			return "", false, false, false
		}
	}
	return pattern, before, after, true
}

// LikeEscape is Like with a character that takes the meaning of %, _ and itself
// away.
func LikeEscape(s, pattern, escape string) (bool, error) {
	esc, err := escapeRune(pattern, escape, "%_")
	if err != nil {
		return false, err
	}
	return like(s, pattern, esc), nil
}

// escapeRune is the escape character, when the pattern uses it well: before
// itself and the special characters alone.
func escapeRune(pattern, escape, special string) (rune, error) {
	esc, n := utf8.DecodeRuneInString(escape)
	if n == 0 || n < len(escape) || esc > 0xffff {
		return 0, fmt.Errorf("invalid escape character '%s'", escape)
	}
	for at := 0; at < len(pattern); {
		r, n := utf8.DecodeRuneInString(pattern[at:])
		at += n
		if r != esc {
			continue
		}
		next, n := utf8.DecodeRuneInString(pattern[at:])
		if n == 0 || next != esc && !strings.ContainsRune(special, next) {
			return 0, fmt.Errorf("invalid escape sequence '%s', %d", pattern, unitCount(pattern[:at])-1)
		}
		at += n
	}
	return esc, nil
}

// like matches from left to right, and at a mismatch goes back to the last %,
// which then takes one more character.
func like(s, pattern string, escape rune) bool {
	at, p := 0, 0
	retry, retryPattern := -1, 0
	for at < len(s) || p < len(pattern) {
		r, kind, width := likeToken(pattern[p:], escape)
		if kind == '%' {
			p += width
			retry, retryPattern = at, p
			continue
		}
		c, n := utf8.DecodeRuneInString(s[at:])
		if n > 0 && (kind == '_' && !endsLine(c) || kind == 0 && width > 0 && c == r) {
			at, p = at+n, p+width
			continue
		}
		if retry < 0 || retry >= len(s) {
			return false
		}
		_, n = utf8.DecodeRuneInString(s[retry:])
		retry += n
		at, p = retry, retryPattern
	}
	return true
}

// likeToken is what comes next in a pattern: the wildcard in kind, or a
// character; width 0 at the end.
func likeToken(pattern string, escape rune) (r, kind rune, width int) {
	r, width = utf8.DecodeRuneInString(pattern)
	switch {
	case width == 0:
	case r == escape:
		next, n := utf8.DecodeRuneInString(pattern[width:])
		return next, 0, width + n
	case r == '%' || r == '_':
		kind = r
	}
	return r, kind, width
}

func endsLine(r rune) bool {
	return r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// Similar reports whether a text is what a regular expression of SQL says.
func Similar(s, pattern string) (bool, error) { return similar(s, pattern, -1) }

// SimilarEscape is Similar with an escape character.
func SimilarEscape(s, pattern, escape string) (bool, error) {
	const special = "[]()|^-+*_%?{}"
	esc, err := escapeRune(pattern, escape, special)
	if err == nil && strings.Contains(special, escape) && strings.Contains(pattern, escape+escape) {
		err = fmt.Errorf("invalid escape sequence '%s': a special character doesn't escape itself", pattern)
	}
	if err != nil {
		return false, err
	}
	return similar(s, pattern, esc)
}

func similar(s, pattern string, escape rune) (bool, error) {
	key := similarKey{pattern, escape}
	known, ok := similarPatterns.Get(key)
	if !ok {
		key.pattern = val.Keep(pattern)
		text, err := similarRegex(key.pattern, escape)
		if err == nil {
			known, err = jregex.Compile(`\A(?:` + text + `)\z`)
		}
		if err != nil {
			return false, err
		}
		similarPatterns.Put(key, known)
	}
	return known.Find(s)
}

// similarKey is a pattern with its escape character.
type similarKey struct {
	pattern string
	escape  rune
}

var similarPatterns val.Memo[similarKey, *jregex.Pattern]

// similarClasses are the named classes, as Java's.
var similarClasses = []struct{ sql, java string }{
	{"[:ALPHA:]", `\p{Alpha}`}, {"[:UPPER:]", `\p{Upper}`}, {"[:LOWER:]", `\p{Lower}`}, {"[:DIGIT:]", `\d`},
	{"[:SPACE:]", " "}, {"[:WHITESPACE:]", `\s`}, {"[:ALNUM:]", `\p{Alnum}`},
}

// similarRegex is a regular expression of SQL as one of Java.
func similarRegex(pattern string, escape rune) (string, error) {
	var b strings.Builder
	for at := 0; at < len(pattern); {
		r, n := utf8.DecodeRuneInString(pattern[at:])
		at += n
		switch {
		case r == escape:
			next, n := utf8.DecodeRuneInString(pattern[at:])
			at += n
			b.WriteByte('\\')
			b.WriteRune(next)
		case r == '_':
			b.WriteByte('.')
		case r == '%':
			b.WriteString("(?:.|[\n\r\u0085\u2028\u2029])*")
		case r == '$' || r == '\\': // but not the dot, which stands for any character
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '[':
			n, err := similarClass(&b, pattern[at:], escape)
			if err != nil {
				return "", err
			}
			at += n
		case r == ']':
			return "", fmt.Errorf("invalid regular expression '%s'", pattern)
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), nil
}

// similarClass writes the class that begins behind a bracket, and gives its
// length.
func similarClass(b *strings.Builder, pattern string, escape rune) (int, error) {
	invalid := fmt.Errorf("invalid regular expression '[%s'", pattern)
	b.WriteByte('[')
	for at := 0; at < len(pattern); {
		r, n := utf8.DecodeRuneInString(pattern[at:])
		switch {
		case r == ']':
			b.WriteByte(']')
			return at + n, nil
		case r == escape:
			next, m := utf8.DecodeRuneInString(pattern[at+n:])
			b.WriteByte('\\')
			b.WriteRune(next)
			n += m
		case r == '[':
			java, m := namedClass(pattern[at:])
			if m == 0 {
				return 0, invalid
			}
			b.WriteString(java)
			n = m
		case r == '_' || r == '%':
			return 0, invalid
		case r == '\\' || r == '&':
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		at += n
	}
	return 0, invalid
}

func namedClass(s string) (java string, length int) {
	for _, c := range similarClasses {
		if len(s) >= len(c.sql) && strings.EqualFold(s[:len(c.sql)], c.sql) {
			return c.java, len(c.sql)
		}
	}
	return "", 0
}

// checkEscape refuses a constant that isn't one character.
func checkEscape(args []Arg) error {
	escape, ok := args[2].Value.(string)
	if !ok {
		return nil
	}
	_, err := escapeRune("", escape, "")
	return err
}

// Declarations.
var (
	LikeDecl = Decl{Name: "LIKE", Doc: "Whether a text is like a pattern, in which % stands for any characters and _ for one.",
		Overloads: []Overload{
			{Params: []Param{Text, Text}, Result: alwaysBoolean, Impls: []any{Like}},
			{Params: []Param{Text, Text, Text}, Check: checkEscape, Result: alwaysBoolean, Impls: []any{LikeEscape}}},
		Examples: []Example{{"'abc' LIKE '_b_'", "TRUE"}, {"'abc' LIKE 'A%'", "FALSE"}, {"'a\\c' LIKE 'a\\c'", "TRUE"}, {"'a%c' LIKE 'a\\%c'", "FALSE"}, {"'' LIKE '%'", "TRUE"},
			{"'' LIKE '_'", "FALSE"}, {"'😀' LIKE '_'", "TRUE"}, {"'a\nb' LIKE 'a%'", "TRUE"}, {"'aaab' LIKE '%aab'", "TRUE"}, {"'abab' LIKE '%ab_%'", "TRUE"}, {"'x' LIKE '%x_%'", "FALSE"},
			{"'a%c' LIKE 'a!%c' ESCAPE '!'", "TRUE"}, {"'abc' LIKE 'a!%c' ESCAPE '!'", "FALSE"}, {"'a!c' LIKE 'a!!c' ESCAPE '!'", "TRUE"}, {"'abc' LIKE 'a!bc' ESCAPE '!'", "error"},
			{"'abc' LIKE 'ab!' ESCAPE '!'", "error"}, {"'a%c' LIKE 'a%%c' ESCAPE '%'", "TRUE"}, {"'abc' NOT LIKE 'a%'", "FALSE"}}}
	SimilarDecl = Decl{Name: "SIMILAR TO", Doc: "Whether a text is what a regular expression of SQL says.",
		Overloads: []Overload{
			{Params: []Param{Text, Text}, Result: alwaysBoolean, Impls: []any{Similar}},
			{Params: []Param{Text, Text, Text}, Result: alwaysBoolean, Impls: []any{SimilarEscape}}},
		Examples: []Example{{"'abc' SIMILAR TO '(a|x)bc'", "TRUE"}, {"'abc' SIMILAR TO 'b'", "FALSE"}, {"'aac' SIMILAR TO 'a{1,3}c'", "TRUE"}, {"'def' SIMILAR TO 'abc|def'", "TRUE"},
			{"'ab1' SIMILAR TO '[[:ALPHA:]]+1'", "TRUE"}, {"'ab1' SIMILAR TO '[[:alpha:]]+1'", "TRUE"}, {"'a b' SIMILAR TO 'a[[:SPACE:]]b'", "TRUE"}, {"'a$' SIMILAR TO 'a$'", "TRUE"}, {"'a^' SIMILAR TO 'a^'", "FALSE"},
			{"'a\\' SIMILAR TO 'a\\'", "TRUE"}, {"'a.c' SIMILAR TO 'a.c'", "TRUE"}, {"'abc' SIMILAR TO 'a.c'", "TRUE"}, {"'abc' SIMILAR TO 'a(bc'", "error"}, {"'a]' SIMILAR TO 'a]'", "error"}, {"'a_' SIMILAR TO 'a[_]'", "error"},
			{"'{' SIMILAR TO '{'", "error"}, {"'*' SIMILAR TO '*'", "error"}, {"'AB' SIMILAR TO '[A-[B]]*'", "error"}, {"'12' SIMILAR TO '\\d+'", "FALSE"}, {"'a?' SIMILAR TO 'a\\?'", "FALSE"},
			{"'a%c' SIMILAR TO 'a!%c' ESCAPE '!'", "TRUE"}, {"'a%c' SIMILAR TO 'a%%c' ESCAPE '%'", "error"}, {"'abc' SIMILAR TO 'a!bc' ESCAPE '!'", "error"}}}
)
