package fn

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// ToBase64 encodes the bytes of a text in UTF-8, or of a binary string.
func ToBase64[T bytesLike](a *val.Arena, s T) string {
	dst := a.Alloc(base64.StdEncoding.EncodedLen(len(s)))
	base64.StdEncoding.Encode(dst, []byte(s))
	return val.View(dst)
}

// FromBase64 decodes; the padding may be missing, but must be right if there.
func FromBase64[T bytesLike](a *val.Arena, s T) (string, error) {
	enc := base64.StdEncoding
	if len(s)%4 != 0 && !strings.HasSuffix(string(s), "=") {
		enc = base64.RawStdEncoding
	}
	if strings.ContainsAny(string(s), "\r\n") { // which Go skips
		return "", errors.New("illegal base64 character: a line break")
	}
	dst := a.Alloc(enc.DecodedLen(len(s)))
	n, err := enc.Decode(dst, []byte(s))
	if err != nil {
		return "", err
	}
	return val.View(dst[:n]), nil
}

// charset finds an encoding by one of Java's names for it; nil for US-ASCII.
// Those of the Web's encodings that only resemble Java's (Big5, Shift_JIS,
// EUC-JP, EUC-KR) aren't among them.
func charset(name string) (encoding.Encoding, error) {
	switch strings.ToUpper(name) {
	case "US-ASCII", "ASCII", "ASCII7", "ISO646-US", "646", "CP367", "IBM367":
		return nil, nil
	case "UTF-8", "UTF8", "UNICODE-1-1-UTF-8":
		return unicode.UTF8, nil
	case "UTF-16", "UTF_16", "UTF16", "UNICODE", "UNICODEBIG":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), nil
	case "UTF-16BE", "UTF_16BE", "UNICODEBIGUNMARKED", "X-UTF-16BE", "ISO-10646-UCS-2":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), nil
	case "UTF-16LE", "UTF_16LE", "UNICODELITTLEUNMARKED", "X-UTF-16LE":
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), nil
	case "UTF-32", "UTF_32", "UTF32", "UTF-32BE", "UTF_32BE", "ISO-10646-UCS-4":
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), nil
	case "UTF-32LE", "UTF_32LE":
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), nil
	case "ISO-8859-1", "ISO8859_1", "ISO8859-1", "LATIN1", "L1", "ISO_8859-1", "8859_1", "ISO_8859_1", "CP819", "IBM819", "IBM-819":
		return charmap.ISO8859_1, nil
	case "ISO-8859-2", "ISO8859_2", "LATIN2", "L2":
		return charmap.ISO8859_2, nil
	case "ISO-8859-5", "ISO8859_5", "CYRILLIC":
		return charmap.ISO8859_5, nil
	case "ISO-8859-7", "ISO8859_7", "GREEK":
		return charmap.ISO8859_7, nil
	case "ISO-8859-9", "ISO8859_9", "LATIN5", "L5":
		return charmap.ISO8859_9, nil
	case "ISO-8859-15", "ISO8859_15", "LATIN9", "LATIN-9", "L9":
		return charmap.ISO8859_15, nil
	case "WINDOWS-1250", "CP1250":
		return charmap.Windows1250, nil
	case "WINDOWS-1251", "CP1251":
		return charmap.Windows1251, nil
	case "WINDOWS-1252", "CP1252", "IBM-1252":
		return charmap.Windows1252, nil
	case "KOI8-R", "KOI8_R", "KOI8", "CSKOI8R":
		return charmap.KOI8R, nil
	case "GBK", "CP936", "WINDOWS-936":
		return simplifiedchinese.GBK, nil
	case "GB18030", "GB18030-2000":
		return simplifiedchinese.GB18030, nil
	}
	return nil, fmt.Errorf("the character set %q isn't known", name)
}

// Encode writes the text in a character set; what that lacks becomes a question
// mark.
func Encode(a *val.Arena, s, name string) (val.Bytes, error) {
	cs, err := charset(name)
	if err != nil || cs == unicode.UTF8 {
		return val.Bytes(s), err
	}
	if cs == nil {
		dst := a.Alloc(len(s))[:0]
		for _, r := range s {
			if r >= utf8.RuneSelf {
				r = '?'
			}
			dst = append(dst, byte(r))
		}
		return val.Bytes(val.View(dst)), nil
	}
	if all, err := cs.NewEncoder().String(s); err == nil {
		return val.Bytes(a.Concat(all)), nil
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		one, err := cs.NewEncoder().String(s[i : i+n])
		if err != nil {
			one = "?"
		}
		out.WriteString(one)
		i += n
	}
	return val.Bytes(a.Concat(out.String())), nil
}

// Decode reads bytes in a character set; what isn't valid becomes U+FFFD.
func Decode(a *val.Arena, s val.Bytes, name string) (string, error) {
	cs, err := charset(name)
	if err != nil {
		return "", err
	}
	if cs == nil {
		dst := a.Alloc(len(s) * len(string(utf8.RuneError)))[:0]
		for i := range len(s) {
			r := rune(s[i])
			if r >= utf8.RuneSelf {
				r = utf8.RuneError
			}
			dst = utf8.AppendRune(dst, r)
		}
		return val.View(dst), nil
	}
	if cs == unicode.UTF8 && utf8.ValidString(string(s)) {
		return string(s), nil
	}
	out, err := cs.NewDecoder().String(string(s))
	return a.Concat(out), err
}

// Declarations.
var (
	ToBase64Decl = Decl{Name: "TO_BASE64", Doc: "The bytes of a text or binary string in base 64.",
		Overloads: []Overload{{Params: []Param{bytesParam}, Result: alwaysString, Impls: []any{ToBase64[string], ToBase64[val.Bytes]}}},
		Examples:  []Example{{"TO_BASE64('hello')", "aGVsbG8="}, {"TO_BASE64('中😀')", "5Lit8J+YgA=="}, {"TO_BASE64(x'00FF')", "AP8="}, {"TO_BASE64('')", ""}}}
	FromBase64Decl = Decl{Name: "FROM_BASE64", Doc: "The text that is encoded in base 64.",
		Overloads: []Overload{{Params: []Param{bytesParam}, Result: alwaysString, Impls: []any{FromBase64[string], FromBase64[val.Bytes]}}},
		Examples: []Example{{"FROM_BASE64('aGVsbG8=')", "hello"}, {"FROM_BASE64('aGVsbG8')", "hello"}, {"FROM_BASE64('!!')", "error"}, {"FROM_BASE64('')", ""},
			{"FROM_BASE64('aGV sbG8=')", "error"}, {"FROM_BASE64('aGVsbG8==')", "error"}, {"FROM_BASE64('a')", "error"}, {"FROM_BASE64('_w==')", "error"},
			{"FROM_BASE64(x'6147567362473867643239796247513D')", "hello world"}}}
	EncodeDecl = Decl{Name: "ENCODE", Doc: "The text as bytes in a character set.",
		Overloads: []Overload{{Params: []Param{Text, Text}, Result: func([]Arg) types.Type { return types.Of(types.Binary) }, Impls: []any{Encode}}},
		Examples:  []Example{{"DECODE(ENCODE('aé中', 'US-ASCII'), 'US-ASCII')", "a??"}, {"DECODE(ENCODE('aé中', 'GBK'), 'GBK')", "aé中"}, {"DECODE(ENCODE('a', 'xyz'), 'utf8')", "error"}}}
	DecodeDecl = Decl{Name: "DECODE", Doc: "The text that bytes are in a character set.",
		Overloads: []Overload{{Params: []Param{Binary, Text}, Result: nullableString, Impls: []any{Decode}}},
		Examples: []Example{{"HEX(DECODE(x'41C3A9FF00FE', 'UTF-8'))", "41C3A9EFBFBD00EFBFBD"}, {"HEX(DECODE(x'41C3A9FF00FE', 'UTF-16BE'))", "E48783EAA7BFC3BE"},
			{"HEX(DECODE(x'41C3A9FF00FE', 'UTF-16LE'))", "EC8D81EFBEA9EFB880"}, {"HEX(DECODE(x'41C3A9FF00FE', 'US-ASCII'))", "41EFBFBDEFBFBDEFBFBD00EFBFBD"},
			{"HEX(DECODE(x'41C3A9FF00FE', 'latin1'))", "41C383C2A9C3BF00C3BE"}, {"HEX(DECODE(x'41C3A9FF00FE', 'GBK'))", "41E88C85EFBFBD00EFBFBD"}}}
)
