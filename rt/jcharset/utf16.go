package jcharset

import (
	"unicode/utf16"
	"unicode/utf8"
)

// wide is UTF-16. Encoding is that of golang.org/x/text; decoding parts what is
// broken as Java does: a high surrogate takes what follows with it.
type wide struct {
	little bool // the order of bytes where no mark says it
	mark   bool // a byte order mark may come first
}

func (w wide) decode(s string) (string, error) {
	if w.mark && len(s) >= 2 {
		switch s[:2] {
		case "\xfe\xff":
			s = s[2:]
		case "\xff\xfe":
			s, w.little = s[2:], true
		}
	}
	out := make([]byte, 0, len(s))
	for len(s) > 0 {
		r, n := w.next(s)
		out = utf8.AppendRune(out, r)
		s = s[n:]
	}
	return string(out), nil
}

// next reads a character and the number of its bytes.
func (w wide) next(s string) (rune, int) {
	if len(s) < 2 {
		return utf8.RuneError, len(s)
	}
	r := w.unit(s)
	if !utf16.IsSurrogate(r) {
		return r, 2
	}
	switch {
	case r >= 0xdc00:
		return utf8.RuneError, 2
	case len(s) < 4:
		return utf8.RuneError, len(s)
	}
	return utf16.DecodeRune(r, w.unit(s[2:])), 4
}

func (w wide) unit(s string) rune {
	if w.little {
		return rune(s[1])<<8 | rune(s[0])
	}
	return rune(s[0])<<8 | rune(s[1])
}
