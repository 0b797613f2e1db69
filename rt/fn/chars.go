package fn

import (
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Ascii is the first byte of the text in UTF-8, with a sign; 0 for none.
func Ascii(s string) int32 {
	if s == "" {
		return 0
	}
	return int32(int8(s[0]))
}

// Chr is the character of Latin-1 with the code modulo 256; nothing for a
// negative one.
func Chr(a *val.Arena, code int64) string {
	if code < 0 {
		return ""
	}
	return val.View(utf8.AppendRune(a.Alloc(2)[:0], rune(code&0xff)))
}

// Initcap makes the first letter of each word upper case and the others lower
// case. Only the letters of ASCII count, and with its digits make up words.
func Initcap(a *val.Arena, s string) string {
	dst := a.Alloc(len(s))
	inWord := false
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		switch {
		case letter && inWord:
			c |= 0x20
		case letter:
			c &^= 0x20
		}
		dst[i], inWord = c, letter || '0' <= c && c <= '9'
	}
	return val.View(dst)
}

// HexInt writes the 64 bits of an integer in hexadecimal.
func HexInt(a *val.Arena, v int64) string {
	var buf [16]byte
	b := strconv.AppendUint(buf[:0], uint64(v), 16)
	for i := range b {
		if b[i] >= 'a' {
			b[i] -= 'a' - 'A'
		}
	}
	return a.Concat(val.View(b))
}

// HexText writes the bytes of a text in UTF-8 in hexadecimal.
func HexText(a *val.Arena, s string) string { return hexBytes(a, s, "0123456789ABCDEF") }

func hexBytes(a *val.Arena, s, digits string) string {
	dst := a.Alloc(2 * len(s))
	for i := range len(s) {
		dst[2*i], dst[2*i+1] = digits[s[i]>>4], digits[s[i]&15]
	}
	return val.View(dst)
}

// Bin writes the 64 bits of an integer in binary.
func Bin(a *val.Arena, v int64) string {
	var buf [64]byte
	return a.Concat(val.View(strconv.AppendUint(buf[:0], uint64(v), 2)))
}

// IsAlpha reports whether a text isn't empty and has nothing but letters. NULL
// and numbers haven't.
func IsAlpha(v val.Typed) bool { return v.Type.Text() && allRunes(v.Text(), unicode.IsLetter) }

// IsDigit reports whether a value is an integer, or a text of nothing but
// digits.
func IsDigit(v val.Typed) bool {
	if v.Null || !v.Type.Text() {
		return !v.Null && v.Type.Integer()
	}
	return allRunes(v.Text(), unicode.IsDigit)
}

// allRunes reports whether s isn't empty and is true for each of its
// characters. Those beyond 16 bits are two for Java, and neither letters nor
// digits.
func allRunes(s string, is func(rune) bool) bool {
	for _, r := range s {
		if r > 0xffff || !is(r) {
			return false
		}
	}
	return s != ""
}

// IsDecimal reports whether a value is an integer or FLOAT or DOUBLE, or a text
// that Java reads as one.
func IsDecimal(v val.Typed) bool {
	switch {
	case v.Null:
		return false
	case !v.Type.Text():
		return v.Type.Integer() || v.Type.Approximate()
	}
	s := v.Text()
	if _, ok := val.ParseFloat(strings.TrimFunc(s, func(r rune) bool { return r <= ' ' }), 64); ok {
		return true
	}
	return javaLong(s)
}

// javaLong reports whether Java reads the text as an integer of 64 bits, whose
// digits may be those of any script.
func javaLong(s string) bool {
	var digits strings.Builder
	for i, r := range s {
		switch {
		case i == 0 && (r == '+' || r == '-'):
			digits.WriteRune(r)
		case r <= 0xffff && unicode.IsDigit(r):
			digits.WriteByte(byte('0' + digitOf(r)))
		default:
			return false
		}
	}
	v, ok := new(big.Int).SetString(digits.String(), 10)
	return ok && v.IsInt64()
}

// digitOf is the value of a decimal digit of any script: they come in blocks of
// ten.
func digitOf(r rune) rune {
	first := r
	for unicode.IsDigit(first-1) && r-first < 9 {
		first--
	}
	return r - first
}

var testParam = NewParam("a string or a number", func(t types.Type) bool { return t.Text() || t.Numeric() })

// Declarations.
var (
	AsciiDecl = Decl{Name: "ASCII", Doc: "The first byte of the text.",
		Overloads: []Overload{{Params: []Param{Text}, Result: alwaysInt, Impls: []any{Ascii}}},
		Examples:  []Example{{"ASCII('abc')", "97"}, {"ASCII('')", "0"}, {"ASCII('中')", "-28"}}}
	ChrDecl = Decl{Name: "CHR", Doc: "The character of Latin-1 with a code.",
		Overloads: []Overload{{Params: []Param{longParam}, Result: nullableString, Impls: []any{Chr}}},
		Examples:  []Example{{"CHR(65)", "A"}, {"CHR(255)", "ÿ"}, {"CHR(300)", ","}, {"CHR(-1)", ""}, {"CHR(9223372036854775807)", "ÿ"}, {"CHR(128)", "\u0080"}}}
	InitcapDecl = Decl{Name: "INITCAP", Aliases: []string{"INIT_CAP"}, Doc: "The text with the first letter of each word in upper case, the others in lower case.",
		Overloads: []Overload{{Params: []Param{Text}, Result: sameAsFirst, Impls: []any{Initcap}}},
		Examples:  []Example{{"INITCAP('a_b-c.d e')", "A_B-C.D E"}, {"INITCAP('1abc 2DEF')", "1abc 2def"}, {"INITCAP('éa ÉB')", "éA ÉB"}, {"INITCAP('it''s')", "It'S"}}}
	HexDecl = Decl{Name: "HEX", Doc: "An integer or the bytes of a text in hexadecimal.",
		Overloads: []Overload{
			{Params: []Param{longParam}, Result: alwaysString, Impls: []any{HexInt}},
			{Params: []Param{Text}, Result: alwaysString, Impls: []any{HexText}}},
		Examples: []Example{{"HEX(255)", "FF"}, {"HEX(CAST(-1 AS TINYINT))", "FFFFFFFFFFFFFFFF"}, {"HEX('中')", "E4B8AD"}, {"HEX('')", ""}}}
	BinDecl = Decl{Name: "BIN", Doc: "An integer in binary.",
		Overloads: []Overload{{Params: []Param{longParam}, Result: alwaysString, Impls: []any{Bin}}},
		Examples:  []Example{{"BIN(255)", "11111111"}, {"BIN(-1)", "1111111111111111111111111111111111111111111111111111111111111111"}, {"BIN(0)", "0"}}}
	IsAlphaDecl = Decl{Name: "IS_ALPHA", Doc: "Whether a text has nothing but letters.",
		Overloads: []Overload{{Params: []Param{testParam}, Null: Called, Result: alwaysBoolean, Impls: []any{IsAlpha}}},
		Examples:  []Example{{"IS_ALPHA('abcé')", "TRUE"}, {"IS_ALPHA('')", "FALSE"}, {"IS_ALPHA('a1')", "FALSE"}, {"IS_ALPHA(CAST(NULL AS STRING))", "FALSE"}, {"IS_ALPHA(12)", "FALSE"}, {"IS_ALPHA('😀')", "FALSE"}}}
	IsDigitDecl = Decl{Name: "IS_DIGIT", Doc: "Whether a text has nothing but digits.",
		Overloads: []Overload{{Params: []Param{testParam}, Null: Called, Result: alwaysBoolean, Impls: []any{IsDigit}}},
		Examples:  []Example{{"IS_DIGIT('12')", "TRUE"}, {"IS_DIGIT('-1')", "FALSE"}, {"IS_DIGIT('١٢')", "TRUE"}, {"IS_DIGIT('𝟘')", "FALSE"}, {"IS_DIGIT(12)", "TRUE"}, {"IS_DIGIT(1.5)", "FALSE"}}}
	IsDecimalDecl = Decl{Name: "IS_DECIMAL", Doc: "Whether a text is a number.",
		Overloads: []Overload{{Params: []Param{testParam}, Null: Called, Result: alwaysBoolean, Impls: []any{IsDecimal}}},
		Examples: []Example{{"IS_DECIMAL('1.5')", "TRUE"}, {"IS_DECIMAL('.')", "FALSE"}, {"IS_DECIMAL(' 1')", "TRUE"}, {"IS_DECIMAL('1d')", "TRUE"}, {"IS_DECIMAL('NaN')", "TRUE"},
			{"IS_DECIMAL('1L')", "FALSE"}, {"IS_DECIMAL('١٢')", "TRUE"}, {"IS_DECIMAL('1E400')", "TRUE"}, {"IS_DECIMAL('0x10')", "FALSE"}, {"IS_DECIMAL(12)", "TRUE"}, {"IS_DECIMAL(1.5)", "FALSE"}}}
)
