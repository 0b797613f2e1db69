package fn

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"pyfc/rt/val"
)

// skip is the offset in bytes behind the first n code points of s, len(s)
// where there are fewer.
func skip(s string, n int) int {
	if n <= 0 {
		return 0
	}
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// Substring is s from code point start, counted from 1, or from the end where
// negative; 0 means 1.
func Substring(s string, start int32) string {
	switch {
	case start > 0:
		return s[skip(s, int(start)-1):]
	case start == 0:
		return s
	}
	n := utf8.RuneCountInString(s) + int(start)
	if n < 0 {
		return ""
	}
	return s[skip(s, n):]
}

// SubstringLength is n code points of Substring; NULL where n is negative.
func SubstringLength(s string, start, n int32) (string, bool) {
	if n < 0 {
		return "", false
	}
	if start < 0 && utf8.RuneCountInString(s)+int(start) < 0 {
		return "", true
	}
	s = Substring(s, start)
	return s[:skip(s, int(n))], true
}

// Left is the first n code points.
func Left(s string, n int32) string { return s[:skip(s, int(n))] }

// Right is the last n code points.
func Right(s string, n int32) string {
	if n <= 0 {
		return ""
	}
	return s[skip(s, utf8.RuneCountInString(s)-int(n)):]
}

// SplitIndex is part i, counted from 0, of s split by a separator; an empty
// one stands for white space. NULL where there is no such part, and an empty
// text has none.
func SplitIndex(s, separator string, i int32) (string, bool) {
	if i < 0 || s == "" {
		return "", false
	}
	for ; ; i-- {
		at, n := strings.Index(s, separator), len(separator)
		if separator == "" {
			at, n = indexSpace(s)
		}
		switch {
		case i == 0 && at >= 0:
			return s[:at], true
		case i == 0:
			return s, true
		case at < 0:
			return "", false
		}
		s = s[at+n:]
	}
}

// SplitIndexChar is SplitIndex with the code of a character, 1 to 255.
func SplitIndexChar(s string, code, i int32) (string, bool) {
	if code < 1 || code > 255 {
		return "", false
	}
	var buf [utf8.UTFMax]byte
	return SplitIndex(s, val.View(buf[:utf8.EncodeRune(buf[:], rune(code))]), i)
}

func indexSpace(s string) (at, n int) {
	for i, r := range s {
		if javaSpace(r) {
			return i, utf8.RuneLen(r)
		}
	}
	return -1, 0
}

// javaSpace reports what Java takes for white space: no non-breaking ones, but
// the separators of ASCII.
func javaSpace(r rune) bool {
	switch r {
	case '\u00a0', '\u2007', '\u202f', '\u0085':
		return false
	case 0x1c, 0x1d, 0x1e, 0x1f:
		return true
	}
	return unicode.IsSpace(r)
}

// Declarations.
var (
	SubstringDecl = Decl{Name: "SUBSTRING", Aliases: []string{"SUBSTR"},
		Doc: "Characters from a start, counted from 1 or from the end where negative, up to a length.",
		Overloads: []Overload{
			{Params: []Param{Text, int32Param}, Result: nullableText, Impls: []any{Substring}},
			{Params: []Param{Text, int32Param, int32Param}, Result: nullableText, Impls: []any{SubstringLength}}},
		Examples: []Example{{"SUBSTRING('hello', 0)", "hello"}, {"SUBSTRING('hello', -2)", "lo"}, {"SUBSTRING('hello', -9)", ""},
			{"SUBSTRING('hello', 9)", ""}, {"SUBSTRING('hello', -2147483647 - 1)", ""}, {"SUBSTRING('hello', 0, 2)", "he"},
			{"SUBSTRING('hello', -3, 2)", "ll"}, {"SUBSTRING('hello', 2, -1)", "NULL"}, {"SUBSTRING('hello', 2, 2147483647)", "ello"},
			{"SUBSTRING('hello', -9, 6)", ""}, {"SUBSTRING('a😀b中', -3, 2)", "😀b"}, {"SUBSTR('', 1)", ""}, {"SUBSTRING('abc' FROM 0 FOR 2)", "ab"}}}
	LeftDecl = Decl{Name: "LEFT", Doc: "The first characters.",
		Overloads: []Overload{{Params: []Param{Text, int32Param}, Result: nullableText, Impls: []any{Left}}},
		Examples:  []Example{{"LEFT('a😀b中', 2)", "a😀"}, {"LEFT('hello', -1)", ""}, {"LEFT('hello', 2147483647)", "hello"}}}
	RightDecl = Decl{Name: "RIGHT", Doc: "The last characters.",
		Overloads: []Overload{{Params: []Param{Text, int32Param}, Result: nullableText, Impls: []any{Right}}},
		Examples:  []Example{{"RIGHT('a😀b中', 2)", "b中"}, {"RIGHT('hello', 0)", ""}, {"RIGHT('hello', 2147483647)", "hello"}}}
	SplitIndexDecl = Decl{Name: "SPLIT_INDEX", Doc: "One of the parts between separators, counted from 0.",
		Overloads: []Overload{
			{Params: []Param{Text, Text, int32Param}, Result: nullableString, Impls: []any{SplitIndex}},
			{Params: []Param{Text, int32Param, int32Param}, Result: nullableString, Impls: []any{SplitIndexChar}}},
		Examples: []Example{{"SPLIT_INDEX('a,b,c', ',', 1)", "b"}, {"SPLIT_INDEX('a,b,c', ',', 3)", "NULL"}, {"SPLIT_INDEX('', ',', 0)", "NULL"},
			{"SPLIT_INDEX(',a,', ',', 2)", ""}, {"SPLIT_INDEX('a---b', '--', 1)", "-b"}, {"SPLIT_INDEX('abc', '', 0)", "abc"},
			{"SPLIT_INDEX('a,b', 44, 1)", "b"}, {"SPLIT_INDEX('a,b', 256, 0)", "NULL"}, {"SPLIT_INDEX('a,b', ',', -1)", "NULL"}}}
)
