package fn

import (
	"encoding/base64"
	"errors"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/jcharset"
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

// Encode writes the text in a character set; what that lacks becomes a question
// mark.
func Encode(_ *val.Arena, s, name string) (val.Bytes, error) {
	cs, err := jcharset.Find(name)
	if err != nil {
		return "", err
	}
	return val.Bytes(cs.Encode(s)), nil
}

// Decode reads bytes in a character set; what isn't valid becomes U+FFFD.
func Decode(_ *val.Arena, s val.Bytes, name string) (string, error) {
	cs, err := jcharset.Find(name)
	if err != nil {
		return "", err
	}
	return cs.Decode(string(s))
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
		Examples:  []Example{{"DECODE(ENCODE('aé中', 'US-ASCII'), 'US-ASCII')", "a??"}, {"DECODE(ENCODE('aé中', 'GBK'), 'GBK')", "aé中"}, {"DECODE(ENCODE('aé中█', 'IBM437'), 'cp437')", "aé?█"}, {"DECODE(ENCODE('日é', 'Shift_JIS'), 'SJIS')", "日?"}, {"DECODE(ENCODE('a', 'xyz'), 'utf8')", "error"}}}
	DecodeDecl = Decl{Name: "DECODE", Doc: "The text that bytes are in a character set.",
		Overloads: []Overload{{Params: []Param{Binary, Text}, Result: nullableString, Impls: []any{Decode}}},
		Examples: []Example{{"HEX(DECODE(x'41C3A9FF00FE', 'UTF-8'))", "41C3A9EFBFBD00EFBFBD"}, {"HEX(DECODE(x'EDA08041EDA0', 'UTF-8'))", "EFBFBD41EFBFBD"}, {"HEX(DECODE(x'41C3A9FF00FE', 'UTF-16BE'))", "E48783EAA7BFC3BE"},
			{"HEX(DECODE(x'41C3A9FF00FE', 'UTF-16LE'))", "EC8D81EFBEA9EFB880"}, {"HEX(DECODE(x'41C3A9FF00FE', 'US-ASCII'))", "41EFBFBDEFBFBDEFBFBD00EFBFBD"},
			{"HEX(DECODE(x'41C3A9FF00FE', 'latin1'))", "41C383C2A9C3BF00C3BE"}, {"HEX(DECODE(x'41C3A9FF00FE', 'GBK'))", "41E88C85EFBFBD00EFBFBD"}}}
)
