// Package jcharset encodes and decodes texts in the character sets that Java
// knows by name: those of ENCODE and DECODE, and of the format raw.
package jcharset

import (
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Charset is a character set. The zero value is US-ASCII.
type Charset struct {
	encoding encoding.Encoding
	table    table // instead of encoding
	// decode, if set, reads instead of encoding.
	decode func(s string) (string, error)
}

// table is a character set that is read from tables of its own.
type table interface {
	Encode(text string) string
	Decode(text string) string
}

// names are tables by the upper-case names of their character sets.
type names map[string]func() table

// add adds a character set, whose table is made when it is first asked for.
func (n names) add(list string, of func() table) {
	of = sync.OnceValue(of)
	for _, name := range strings.Fields(list) {
		n[name] = of
	}
}

// tables are filled by Find, so that binaries that need no character set are
// linked without them.
var tables struct {
	once  sync.Once
	names names
}

// Find finds a character set by one of Java's names for it.
func Find(name string) (Charset, error) {
	of := func(e encoding.Encoding) (Charset, error) { return Charset{encoding: e}, nil }
	tables.once.Do(func() {
		tables.names = names{}
		addSingles(tables.names)
		addPairs(tables.names)
	})
	if of, ok := tables.names[strings.ToUpper(name)]; ok {
		return Charset{table: of()}, nil
	}
	switch strings.ToUpper(name) {
	case "US-ASCII", "ASCII", "ASCII7", "ISO646-US", "646", "CP367", "IBM367":
		return Charset{}, nil
	case "UTF-8", "UTF8", "UNICODE-1-1-UTF-8":
		return of(unicode.UTF8)
	case "UTF-16", "UTF_16", "UTF16", "UNICODE", "UNICODEBIG":
		return Charset{encoding: unicode.UTF16(unicode.BigEndian, unicode.UseBOM), decode: wide{mark: true}.decode}, nil
	case "UTF-16BE", "UTF_16BE", "UNICODEBIGUNMARKED", "X-UTF-16BE", "ISO-10646-UCS-2":
		return Charset{encoding: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), decode: wide{}.decode}, nil
	case "UTF-16LE", "UTF_16LE", "UNICODELITTLEUNMARKED", "X-UTF-16LE":
		return Charset{encoding: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), decode: wide{little: true}.decode}, nil
	case "UTF-32", "UTF_32", "UTF32", "ISO-10646-UCS-4":
		return Charset{encoding: utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), decode: decodeMarked32}, nil
	case "UTF-32BE", "UTF_32BE", "X-UTF-32BE":
		return of(utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM))
	case "UTF-32LE", "UTF_32LE", "X-UTF-32LE":
		return of(utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM))
	case "ISO-8859-1", "ISO8859_1", "ISO8859-1", "LATIN1", "L1", "ISO_8859-1", "8859_1", "ISO_8859_1", "CP819", "IBM819", "IBM-819":
		return of(charmap.ISO8859_1)
	}
	return Charset{}, fmt.Errorf("the character set %q isn't known", name)
}

// Encode returns the bytes of a text; what the character set lacks becomes a
// question mark. In UTF-8 it is the text itself.
func (c Charset) Encode(s string) string {
	switch {
	case c.table != nil:
		return c.table.Encode(s)
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
	case c.table != nil:
		return c.table.Decode(s), nil
	case c.decode != nil:
		return c.decode(s)
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

// decodeMarked32 reads UTF-32 whose byte order mark may come first.
func decodeMarked32(s string) (string, error) {
	order := utf32.BigEndian
	if rest, ok := strings.CutPrefix(s, "\x00\x00\xfe\xff"); ok {
		s = rest
	} else if rest, ok := strings.CutPrefix(s, "\xff\xfe\x00\x00"); ok {
		s, order = rest, utf32.LittleEndian
	}
	return utf32.UTF32(order, utf32.IgnoreBOM).NewDecoder().String(s)
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
