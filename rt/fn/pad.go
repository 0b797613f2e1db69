package fn

import (
	"errors"
	"strings"
	"unicode/utf8"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// maxText is the longest text that functions make, in bytes, as for Java's
// arrays.
const maxText = types.MaxLength

var errTooLong = errors.New("the text is too long")

// errNotNull is what Flink fails with where a function that is declared
// without NULL gives it.
var errNotNull = errors.New("the result is NULL, but was expected not to be")

// Lpad pads s on the left to n UTF-16 code units, or cuts it. NULL where n is
// negative or the padding empty; an error where the result can't be NULL.
func Lpad(a *val.Arena, s string, n int32, padding string, t *types.Type) (string, bool, error) {
	return pad(a, s, n, padding, t, true)
}

// Rpad is Lpad on the right.
func Rpad(a *val.Arena, s string, n int32, padding string, t *types.Type) (string, bool, error) {
	return pad(a, s, n, padding, t, false)
}

func pad(a *val.Arena, s string, n int32, padding string, t *types.Type, left bool) (string, bool, error) {
	switch {
	case (n < 0 || padding == "") && !t.Nullable:
		return "", false, errNotNull
	case n < 0 || padding == "":
		return "", false, nil
	case int64(n)*3 > maxText:
		return "", false, errTooLong
	}
	have, width := unitCount(s), unitCount(padding)
	dst := a.Alloc(3 * int(n))[:0]
	if left || have >= int(n) {
		for missing := int(n) - have; missing > 0; missing -= width {
			dst = appendUnits(dst, padding, 0, missing)
		}
		return val.View(appendUnits(dst, s, 0, int(n))), true, nil
	}
	dst = append(dst, s...)
	for missing := int(n) - have; missing > 0; missing -= width {
		dst = appendUnits(dst, padding, 0, missing)
	}
	return val.View(dst), true, nil
}

// Repeat is s n times.
func Repeat(a *val.Arena, s string, n int32) (string, error) {
	if n <= 0 || s == "" {
		return "", nil
	}
	if int64(n)*int64(len(s)) > maxText {
		return "", errTooLong
	}
	dst := a.Alloc(int(n) * len(s))
	for i := 0; i < len(dst); {
		i += copy(dst[i:], s)
	}
	return val.View(dst), nil
}

// Reverse turns the order of the code points round.
func Reverse(a *val.Arena, s string) string {
	dst := a.Alloc(len(s))
	end := len(dst)
	for len(s) > 0 {
		_, n := utf8.DecodeRuneInString(s)
		end -= copy(dst[end-n:], s[:n])
		s = s[n:]
	}
	return val.View(dst)
}

// Overlay replaces as many UTF-16 code units of s as the replacement has.
func Overlay(a *val.Arena, s, replacement string, start int32) string {
	return OverlayLength(a, s, replacement, start, int32(unitCount(replacement)))
}

// OverlayLength replaces n UTF-16 code units of s from start, counted from 1.
// What isn't positive replaces all the rest; a start outside of s nothing.
func OverlayLength(a *val.Arena, s, replacement string, start, n int32) string {
	units := unitCount(s)
	if start <= 0 || int(start) > units {
		return s
	}
	dst := a.Alloc(len(s) + len(replacement) + utf8.UTFMax)[:0]
	dst = appendUnits(dst, s, 0, int(start)-1)
	dst = append(dst, replacement...)
	if end := int(start) - 1 + int(n); n > 0 && end < units {
		dst = appendUnits(dst, s, end, units)
	}
	return val.View(dst)
}

// TrimSpaces takes blanks from both ends.
func TrimSpaces(s string) string { return strings.Trim(s, " ") }

// TrimSide takes characters from one end or both.
func TrimSide(side, characters, s string) string {
	switch side {
	case "LEADING":
		return LtrimCharacters(s, characters)
	case "TRAILING":
		return RtrimCharacters(s, characters)
	}
	return LtrimCharacters(RtrimCharacters(s, characters), characters)
}

// Ltrim takes blanks from the left end.
func Ltrim(s string) string { return strings.TrimLeft(s, " ") }

// Rtrim takes blanks from the right end.
func Rtrim(s string) string { return strings.TrimRight(s, " ") }

// LtrimCharacters takes the characters from the left end.
func LtrimCharacters(s, characters string) string {
	for s != "" {
		_, n := utf8.DecodeRuneInString(s)
		if !strings.Contains(characters, s[:n]) {
			break
		}
		s = s[n:]
	}
	return s
}

// RtrimCharacters takes the characters from the right end.
func RtrimCharacters(s, characters string) string {
	for s != "" {
		_, n := utf8.DecodeLastRuneInString(s)
		if !strings.Contains(characters, s[len(s)-n:]) {
			break
		}
		s = s[:len(s)-n]
	}
	return s
}

func overlayType(args []Arg) types.Type { return varChar(args[0].Precision + args[1].Precision) }

// Declarations.
var (
	LpadDecl = Decl{Name: "LPAD", Doc: "The text padded on the left, or cut, to a length.",
		Overloads: []Overload{{Params: []Param{Text, int32Param, Text}, Result: alwaysString, Impls: []any{Lpad}}},
		Examples: []Example{{"LPAD('hi', 4, '??')", "??hi"}, {"LPAD('hi', 1, '??')", "h"}, {"LPAD('hi', 5, 'xyz')", "xyzhi"}, {"LPAD('hi', -1, 'x')", "error"},
			{"LPAD('hi', 0, 'x')", ""}, {"LPAD('hi', 5, '')", "error"}, {"LPAD('😀', 3, '中😀')", "中😀"}, {"LPAD('a😀', 2, 'x')", "a?"}}}
	RpadDecl = Decl{Name: "RPAD", Doc: "The text padded on the right, or cut, to a length.",
		Overloads: []Overload{{Params: []Param{Text, int32Param, Text}, Result: alwaysString, Impls: []any{Rpad}}},
		Examples: []Example{{"RPAD('hi', 4, '??')", "hi??"}, {"RPAD('hi', 1, '??')", "h"}, {"RPAD('hi', 5, 'xyz')", "hixyz"},
			{"RPAD('😀', 3, '中😀')", "😀中"}, {"RPAD('a😀', 2, 'x')", "a?"}, {"RPAD('', 3, 'x')", "xxx"}}}
	RepeatDecl = Decl{Name: "REPEAT", Doc: "The text several times.",
		Overloads: []Overload{{Params: []Param{Text, int32Param}, Result: alwaysString, Impls: []any{Repeat}}},
		Examples:  []Example{{"REPEAT('ab', 2)", "abab"}, {"REPEAT('ab', -1)", ""}, {"REPEAT('😀', 2)", "😀😀"}, {"REPEAT('', 5)", ""}}}
	ReverseDecl = Decl{Name: "REVERSE", Doc: "The characters in reverse order.",
		Overloads: []Overload{{Params: []Param{Text}, Result: nullableString, Impls: []any{Reverse}}},
		Examples:  []Example{{"REVERSE('a😀b中')", "中b😀a"}, {"REVERSE('')", ""}, {"REVERSE('e\u0301x')", "x\u0301e"}}}
	OverlayDecl = Decl{Name: "OVERLAY", Doc: "The text with a part of it replaced.",
		Overloads: []Overload{
			{Params: []Param{Text, Text, int32Param}, Result: overlayType, Impls: []any{Overlay}},
			{Params: []Param{Text, Text, int32Param, int32Param}, Result: overlayType, Impls: []any{OverlayLength}}},
		Examples: []Example{{"OVERLAY('hello' PLACING 'XX' FROM 2)", "hXXlo"}, {"OVERLAY('hello' PLACING 'XX' FROM 2 FOR 3)", "hXXo"},
			{"OVERLAY('hello' PLACING 'XX' FROM 0)", "hello"}, {"OVERLAY('hello' PLACING 'XX' FROM 5)", "hellXX"}, {"OVERLAY('hello' PLACING 'XX' FROM 6)", "hello"},
			{"OVERLAY('hello' PLACING 'XX' FROM 2 FOR 0)", "hXX"}, {"OVERLAY('hello' PLACING 'XX' FROM 2 FOR -1)", "hXX"}, {"OVERLAY('hello' PLACING 'XX' FROM 2 FOR 99)", "hXX"},
			{"OVERLAY('hello' PLACING '' FROM 2 FOR 2)", "hlo"}, {"OVERLAY('a😀b' PLACING 'X' FROM 2)", "aX?b"}}}
	TrimDecl = Decl{Name: "TRIM", Doc: "The text without certain characters, blanks by default, at its ends.",
		Overloads: []Overload{
			{Params: []Param{Text}, Result: textOfFirst, Impls: []any{TrimSpaces}},
			{Params: []Param{Text.Literal(), Text, Text}, Result: func(args []Arg) types.Type { return varChar(args[2].Precision) }, Impls: []any{TrimSide}}},
		Examples: []Example{{"TRIM('  a b  ')", "a b"}, {"TRIM(LEADING FROM '  a ')", "a "}, {"TRIM(TRAILING 'x' FROM 'axx')", "a"}, {"TRIM(BOTH '' FROM 'abc')", "abc"},
			{"TRIM('ab' FROM 'abcba')", "c"}, {"TRIM(BOTH '😀' FROM '😀a😀')", "a"}, {"TRIM('\t a\t')", "\t a\t"}}}
	LtrimDecl = Decl{Name: "LTRIM", Doc: "The text without certain characters, blanks by default, at its start.",
		Overloads: []Overload{
			{Params: []Param{Text}, Result: textOfFirst, Impls: []any{Ltrim}},
			{Params: []Param{Text, Text}, Result: textOfFirst, Impls: []any{LtrimCharacters}}},
		Examples: []Example{{"LTRIM('  a  ')", "a  "}, {"LTRIM('xyaxy', 'yx')", "axy"}, {"LTRIM('xxaxx', '')", "xxaxx"}}}
	RtrimDecl = Decl{Name: "RTRIM", Doc: "The text without certain characters, blanks by default, at its end.",
		Overloads: []Overload{
			{Params: []Param{Text}, Result: textOfFirst, Impls: []any{Rtrim}},
			{Params: []Param{Text, Text}, Result: textOfFirst, Impls: []any{RtrimCharacters}}},
		Examples: []Example{{"RTRIM('  a  ')", "  a"}, {"RTRIM('xyaxy', 'yx')", "xya"}, {"RTRIM('xxaxx', '')", "xxaxx"}}}
)
