package fn

import (
	"errors"
	"strings"
	"unicode/utf8"

	"pyfc/rt/val"
)

// indexFrom finds part in s behind the first from code points: the index in
// code points, -1 without. An empty part is found at 0, wherever one looks.
func indexFrom(s, part string, from int) int {
	if part == "" {
		return 0
	}
	from = max(from, 0)
	at := skip(s, from)
	i := strings.Index(s[at:], part)
	if i < 0 {
		return -1
	}
	return from + utf8.RuneCountInString(s[at:at+i])
}

// Locate is where part stands in s, counted from 1; 0 where it doesn't.
func Locate(part, s string) int32 { return int32(indexFrom(s, part, 0) + 1) }

// LocateFrom is Locate from a start on.
func LocateFrom(part, s string, start int32) int32 {
	return int32(indexFrom(s, part, int(start)-1) + 1)
}

// Instr is Locate with the text first.
func Instr(s, part string) int32 { return Locate(part, s) }

// InstrFrom is where part first stands in s from a start on, which counts from
// the end, and goes backwards, where it is negative.
func InstrFrom(s, part string, start int32) (int32, error) { return InstrNth(s, part, start, 1) }

// InstrNth is the n-th place of InstrFrom; occurrences may overlap.
func InstrNth(s, part string, start, n int32) (int32, error) {
	switch {
	case n <= 0:
		return 0, errors.New("nthAppearance must be positive")
	case start == 0:
		return 0, nil
	case start > 0:
		at := 0
		for from := int(start); n > 0; n-- {
			if at = indexFrom(s, part, from-1) + 1; at == 0 {
				return 0, nil
			}
			from = at + 1
		}
		return int32(at), nil
	}
	return instrBackwards(s, part, -int(start), n), nil
}

// instrBackwards looks for the n-th part that ends at least so many code points
// before the end of s, the last one counting as 1.
func instrBackwards(s, part string, fromEnd int, n int32) int32 {
	if part == "" {
		return int32(utf8.RuneCountInString(s)) + 1
	}
	end := skip(s, utf8.RuneCountInString(s)-(fromEnd-1))
	if fromEnd-1 > utf8.RuneCountInString(s) {
		return 0
	}
	for {
		at := strings.LastIndex(s[:end], part)
		if at < 0 {
			return 0
		}
		if n--; n == 0 {
			return int32(utf8.RuneCountInString(s[:at])) + 1
		}
		_, last := utf8.DecodeLastRuneInString(s[:at+len(part)])
		end = at + len(part) - last
	}
}

// Replace puts with in the place of each part. An empty part stands before each
// UTF-16 code unit and at the end.
func Replace(a *val.Arena, s, part, with string) string {
	if part == "" {
		return interleave(a, s, with)
	}
	n := strings.Count(s, part)
	if n == 0 {
		return s
	}
	dst := a.Alloc(len(s) + n*(len(with)-len(part)))[:0]
	for {
		before, after, found := strings.Cut(s, part)
		dst = append(dst, before...)
		if !found {
			return val.View(dst)
		}
		dst = append(dst, with...)
		s = after
	}
}

func interleave(a *val.Arena, s, with string) string {
	n := unitCount(s)
	dst := a.Alloc(3*n + (n+1)*len(with))[:0]
	for _, r := range s {
		dst = append(dst, with...)
		if unitsOf(r) == 1 {
			dst = utf8.AppendRune(dst, r)
			continue
		}
		dst = append(dst, '?')
		dst = append(dst, with...)
		dst = append(dst, '?')
	}
	return val.View(append(dst, with...))
}

// Declarations.
var (
	PositionDecl = Decl{Name: "POSITION", Doc: "Where one text stands in another, counted from 1; 0 where it doesn't.",
		Overloads: []Overload{
			{Params: []Param{Text, Text}, Result: alwaysInt, Impls: []any{Locate}},
			{Params: []Param{Text, Text, int32Param}, Result: alwaysInt, Impls: []any{LocateFrom}}},
		Examples: []Example{{"POSITION('b' IN 'a😀b')", "3"}, {"POSITION('' IN 'abc')", "1"}, {"POSITION('x' IN 'abc')", "0"}, {"POSITION('b' IN 'abcb' FROM 3)", "4"}}}
	LocateDecl = Decl{Name: "LOCATE", Doc: "Where one text stands in another from a start on; 0 where it doesn't.",
		Overloads: []Overload{
			{Params: []Param{Text, Text}, Result: alwaysInt, Impls: []any{Locate}},
			{Params: []Param{Text, Text, int32Param}, Result: alwaysInt, Impls: []any{LocateFrom}}},
		Examples: []Example{{"LOCATE('b', 'abcb')", "2"}, {"LOCATE('b', 'abcb', 3)", "4"}, {"LOCATE('b', 'abcb', -1)", "2"}, {"LOCATE('', 'abc', 9)", "1"}, {"LOCATE('b', 'a😀b', 2)", "3"}}}
	InstrDecl = Decl{Name: "INSTR", Doc: "Where the n-th of a text stands in another, also from the end; 0 where there is none.",
		Overloads: []Overload{
			{Params: []Param{Text, Text}, Result: alwaysInt, Impls: []any{Instr}},
			{Params: []Param{Text, Text, int32Param}, Result: alwaysInt, Impls: []any{InstrFrom}},
			{Params: []Param{Text, Text, int32Param, int32Param}, Result: alwaysInt, Impls: []any{InstrNth}}},
		Examples: []Example{{"INSTR('abcb', 'b')", "2"}, {"INSTR('abcb', 'b', 3)", "4"}, {"INSTR('abcb', 'b', -1)", "4"}, {"INSTR('abcb', 'b', -1, 2)", "2"},
			{"INSTR('abcb', 'b', 0)", "0"}, {"INSTR('abcb', 'b', 1, 2)", "4"}, {"INSTR('abcb', 'b', 1, 3)", "0"}, {"INSTR('abcb', 'b', 1, 0)", "error"},
			{"INSTR('abc', '', 2)", "1"}, {"INSTR('abc', '', -1)", "4"}, {"INSTR('a😀b', 'b')", "3"}, {"INSTR('aaaa', 'aa', 1, 2)", "2"},
			{"INSTR('aaaa', 'aa', -1, 2)", "2"}, {"INSTR('abcb', 'b', -9)", "0"}, {"INSTR('Corporate Floor', 'or', -3, 2)", "2"}}}
	ReplaceDecl = Decl{Name: "REPLACE", Doc: "The text with each occurrence of another one replaced.",
		Overloads: []Overload{{Params: []Param{Text, Text, Text}, Result: alwaysString, Impls: []any{Replace}}},
		Examples:  []Example{{"REPLACE('abcabc', 'b', 'X')", "aXcaXc"}, {"REPLACE('abc', '', 'X')", "XaXbXcX"}, {"REPLACE('', '', 'X')", "X"}, {"REPLACE('aaa', 'aa', 'b')", "ba"}, {"REPLACE('a.c', '.', '\\$')", "a\\$c"}}}
)
