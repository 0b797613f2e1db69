package pyast

import (
	"regexp"
	"strings"

	"pyfc/compiler/words"
)

// numberText is any number; "D" stands for digits with single underscores
// between them. Alternatives are ordered so that the first match is the
// longest.
var numberText = regexp.MustCompile("^(?:" + strings.ReplaceAll(
	`0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|`+
		`(?:D\.D?|\.D)(?:[eE][-+]?D)?[jJ]?|D[eE][-+]?D[jJ]?|D[jJ]?`,
	"D", `(?:[0-9](?:_?[0-9])*)`) + ")")

var (
	gluedWord  = regexp.MustCompile(`^[0-9A-Za-z_]+`)
	zeroPadded = regexp.MustCompile(`^0[0-9_]*[1-9][0-9_]*$`)
	radixes    = map[string]string{"0x": "hexadecimal", "0o": "octal", "0b": "binary"}
	// afterNumber are the keywords that may stand right behind a number.
	afterNumber = words.Set("and else for if in is not or")
)

func (s *scanner) number() {
	rest := s.rest()
	text := numberText.FindString(rest)
	if zeroPadded.MatchString(text) {
		s.fail(len(text), "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers")
	}
	if tail := gluedWord.FindString(rest[len(text):]); tail != "" && !afterNumber[tail] {
		s.fail(len(text)+len(tail), "invalid %s literal", numberKind(text+tail))
	}
	s.add(tokNumber, len(text))
}

// numberKind names the kind of a malformed number for its message.
func numberKind(text string) string {
	if len(text) >= 2 {
		if kind, ok := radixes[strings.ToLower(text[:2])]; ok {
			return kind
		}
	}
	if strings.HasSuffix(numberText.FindString(text), "j") {
		return "imaginary"
	}
	return "decimal"
}

// stringPrefixes are those of string literals, in lower case.
var stringPrefixes = words.Set("r u b f br rb fr rf")

// quoteAt returns the offset of the quote when s begins with a string
// literal, else -1.
func quoteAt(s string) int {
	for i := 0; i < len(s) && i < 3; i++ {
		if s[i] == '\'' || s[i] == '"' {
			if i > 0 && !stringPrefixes[strings.ToLower(s[:i])] {
				return -1
			}
			return i
		}
	}
	return -1
}

// delimiter returns the quotes that s begins with: one or three.
func delimiter(s string) string {
	if q := s[:1]; strings.HasPrefix(s, q+q+q) {
		return q + q + q
	}
	return s[:1]
}

// quoted scans a string literal whose quote stands at an offset behind the
// prefix. f-strings are cut here like others, as Python did before 3.12.
func (s *scanner) quoted(quote int) {
	rest := s.rest()
	delim := delimiter(rest[quote:])
	for i := quote + len(delim); i < len(rest); i++ {
		switch {
		case strings.HasPrefix(rest[i:], delim):
			s.add(tokString, i+len(delim))
			return
		case rest[i] == '\\':
			i++
		case rest[i] == '\n' && len(delim) == 1:
			s.fail(i, "unterminated string literal (detected at line %d)", s.at.after(rest[:i]).line)
		}
	}
	kind := "string literal"
	if len(delim) == 3 {
		kind = "triple-quoted string literal"
	}
	last := s.at.after(strings.TrimRight(rest, "\n")).line
	s.fail(len(delim)+quote, "unterminated %s (detected at line %d)", kind, last)
}
