// Package jcharset encodes and decodes texts in the character sets that Java
// knows by name: those of ENCODE and DECODE, and of the format raw.
package jcharset

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Charset is a character set. The zero value is US-ASCII.
type Charset struct {
	encoding encoding.Encoding
	single   *single // instead of encoding
}

// Find finds a character set by one of Java's names for it. Those of several bytes
// a character of the Web's encodings that only resemble Java's (GB2312, Big5,
// Shift_JIS, EUC-JP, EUC-KR) aren't among them.
func Find(name string) (Charset, error) {
	of := func(e encoding.Encoding) (Charset, error) { return Charset{encoding: e}, nil }
	if table, ok := singles[strings.ToUpper(name)]; ok {
		return Charset{single: table()}, nil
	}
	switch strings.ToUpper(name) {
	case "US-ASCII", "ASCII", "ASCII7", "ISO646-US", "646", "CP367", "IBM367":
		return Charset{}, nil
	case "UTF-8", "UTF8", "UNICODE-1-1-UTF-8":
		return of(unicode.UTF8)
	case "UTF-16", "UTF_16", "UTF16", "UNICODE", "UNICODEBIG":
		return of(unicode.UTF16(unicode.BigEndian, unicode.UseBOM))
	case "UTF-16BE", "UTF_16BE", "UNICODEBIGUNMARKED", "X-UTF-16BE", "ISO-10646-UCS-2":
		return of(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM))
	case "UTF-16LE", "UTF_16LE", "UNICODELITTLEUNMARKED", "X-UTF-16LE":
		return of(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM))
	case "UTF-32", "UTF_32", "UTF32", "UTF-32BE", "UTF_32BE", "ISO-10646-UCS-4":
		return of(utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM))
	case "UTF-32LE", "UTF_32LE":
		return of(utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM))
	case "ISO-8859-1", "ISO8859_1", "ISO8859-1", "LATIN1", "L1", "ISO_8859-1", "8859_1", "ISO_8859_1", "CP819", "IBM819", "IBM-819":
		return of(charmap.ISO8859_1)
	case "GBK", "CP936", "WINDOWS-936":
		return of(simplifiedchinese.GBK)
	case "GB18030", "GB18030-2000":
		return of(simplifiedchinese.GB18030)
	}
	return Charset{}, fmt.Errorf("the character set %q isn't known", name)
}

// Encode returns the bytes of a text; what the character set lacks becomes a
// question mark. In UTF-8 it is the text itself.
func (c Charset) Encode(s string) string {
	switch {
	case c.single != nil:
		return c.single.Encode(s)
	case c.encoding == unicode.UTF8:
		return s
	case c.encoding == nil:
		return ascii(s)
	}
	if all, err := c.encoding.NewEncoder().String(s); err == nil {
		return all
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		one, err := c.encoding.NewEncoder().String(s[i : i+n])
		if err != nil {
			one = "?"
		}
		out.WriteString(one)
		i += n
	}
	return out.String()
}

func ascii(s string) string {
	dst := make([]byte, 0, len(s))
	for _, r := range s {
		if r >= utf8.RuneSelf {
			r = '?'
		}
		dst = append(dst, byte(r))
	}
	return string(dst)
}

// Decode returns the text of bytes; what isn't valid becomes U+FFFD. Valid UTF-8
// is the text itself.
func (c Charset) Decode(s string) (string, error) {
	switch {
	case c.single != nil:
		return c.single.Decode(s), nil
	case c.encoding == unicode.UTF8 && utf8.ValidString(s):
		return s, nil
	case c.encoding == unicode.UTF8:
		return c.encoding.NewDecoder().String(replaceSurrogates(s))
	case c.encoding != nil:
		return c.encoding.NewDecoder().String(s)
	}
	dst := make([]byte, 0, len(s))
	for i := range len(s) {
		r := rune(s[i])
		if r >= utf8.RuneSelf {
			r = utf8.RuneError
		}
		dst = utf8.AppendRune(dst, r)
	}
	return string(dst), nil
}

// replaceSurrogates puts one U+FFFD for each surrogate that UTF-8 can't have, as
// Java does, and not one for each of its bytes.
func replaceSurrogates(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != 0xed || i+1 == len(s) || s[i+1] < 0xa0 || s[i+1] > 0xbf {
			out.WriteByte(s[i])
			continue
		}
		out.WriteRune(utf8.RuneError)
		i++
		if i+1 < len(s) && !utf8.RuneStart(s[i+1]) {
			i++
		}
	}
	return out.String()
}
