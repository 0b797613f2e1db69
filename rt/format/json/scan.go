package json

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// value is the text of a JSON value within a record.
type value struct {
	text    []byte // a string's without its quotes
	kind    byte   // its first character; digits and - are '0'; 0 for none
	escaped bool   // a string with escapes
}

// present reports whether there is a value other than null.
func (v value) present() bool { return v.kind != 0 && v.kind != 'n' }

// scanner reads JSON as Jackson does. It allocates nothing: values are views of
// the text.
type scanner struct {
	text []byte
	at   int
}

var (
	errMalformed = errors.New("malformed JSON")
	errDepth     = errors.New("values are nested more than 10000 deep")
)

// maxDepth is how deep values may nest. PyFlink has no limit but its stack.
const maxDepth = 10_000

// space skips white space and returns the character behind it, 0 at the end.
func (s *scanner) space() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// value reads the value at the scanner's place, which has depth values around
// it, and checks it.
func (s *scanner) value(depth int) (value, error) {
	switch c := s.space(); {
	case c == '"':
		return s.string()
	case c == '{' || c == '[':
		return s.structure(depth)
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == 'n':
		return s.word("null")
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	}
	return value{}, errMalformed
}

func (s *scanner) word(w string) (value, error) {
	if !bytes.HasPrefix(s.text[s.at:], []byte(w)) {
		return value{}, errMalformed
	}
	v := value{text: s.text[s.at : s.at+len(w)], kind: w[0]}
	s.at += len(w)
	return v, s.ends()
}

// ends checks that a word or number ends here.
func (s *scanner) ends() error {
	if s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r', ',', ']', '}':
		default:
			return errMalformed
		}
	}
	return nil
}

func (s *scanner) digits() int {
	start := s.at
	for s.at < len(s.text) && s.text[s.at]-'0' <= 9 {
		s.at++
	}
	return s.at - start
}

func (s *scanner) number() (value, error) {
	start := s.at
	if s.text[s.at] == '-' {
		s.at++
	}
	lead := s.at
	if n := s.digits(); n == 0 || n > 1 && s.text[lead] == '0' {
		return value{}, errMalformed
	}
	if s.at < len(s.text) && s.text[s.at] == '.' {
		s.at++
		if s.digits() == 0 {
			return value{}, errMalformed
		}
	}
	if s.at < len(s.text) && s.text[s.at]|0x20 == 'e' {
		s.at++
		if s.at < len(s.text) && (s.text[s.at] == '+' || s.text[s.at] == '-') {
			s.at++
		}
		if s.digits() == 0 {
			return value{}, errMalformed
		}
	}
	return value{text: s.text[start:s.at], kind: '0'}, s.ends()
}

// string reads a string; the scanner is at its opening quote. Control characters
// may stand in it.
func (s *scanner) string() (value, error) {
	s.at++
	v := value{kind: '"'}
	start := s.at
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"':
			v.text = s.text[start:s.at]
			s.at++
			return v, nil
		case c == '\\':
			v.escaped = true
			if err := s.escape(); err != nil {
				return v, err
			}
		default:
			s.at++
		}
	}
	return v, errMalformed
}

// escape skips an escape sequence.
func (s *scanner) escape() error {
	if s.at+1 >= len(s.text) {
		return errMalformed
	}
	switch s.text[s.at+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at += 2
		return nil
	case 'u':
		if _, ok := hex4(s.text[s.at+2:]); ok {
			s.at += 6
			return nil
		}
	}
	return errMalformed
}

// hex4 reads four hexadecimal digits.
func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// structure reads an object or array.
func (s *scanner) structure(depth int) (value, error) {
	if depth >= maxDepth {
		return value{}, errDepth
	}
	v := value{kind: s.text[s.at]}
	start, end := s.at, v.kind+2
	more, err := s.enter(end)
	for more && err == nil {
		if v.kind == '{' {
			_, err = s.key()
		}
		if err == nil {
			_, err = s.value(depth + 1)
		}
		if err == nil {
			more, err = s.more(end)
		}
	}
	v.text = s.text[start:s.at]
	return v, err
}

// enter steps into the object or array at the scanner's place and reports
// whether it has elements.
func (s *scanner) enter(end byte) (bool, error) {
	s.at++
	if s.space() == end {
		s.at++
		return false, nil
	}
	return true, nil
}

// key reads the key of a member and the colon.
func (s *scanner) key() (value, error) {
	if s.space() != '"' {
		return value{}, errMalformed
	}
	k, err := s.string()
	if err == nil && s.space() != ':' {
		err = errMalformed
	}
	s.at++
	return k, err
}

// more reads what follows an element: a comma, or the end.
func (s *scanner) more(end byte) (bool, error) {
	switch s.space() {
	case ',':
		s.at++
		return true, nil
	case end:
		s.at++
		return false, nil
	}
	return false, errMalformed
}

// unescape appends a string's value to dst. Half a surrogate pair has no
// bytes and becomes a question mark.
func unescape(dst, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != '\\' {
			dst = append(dst, c)
			continue
		}
		i++
		switch c = text[i]; c {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r, n := unicode(text[i+1:])
			dst = utf8.AppendRune(dst, r)
			i += n
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// unicode reads the digits of \uXXXX, and those of the other half of a pair. It
// returns how many bytes it took.
func unicode(text []byte) (rune, int) {
	r, _ := hex4(text)
	switch {
	case r < 0xD800 || r > 0xDFFF:
		return r, 4
	case r < 0xDC00 && len(text) >= 10 && text[4] == '\\' && text[5] == 'u':
		if low, ok := hex4(text[6:]); ok && low >= 0xDC00 && low <= 0xDFFF {
			return (r-0xD800)<<10 + low - 0xDC00 + 0x10000, 10
		}
	}
	return '?', 4
}
