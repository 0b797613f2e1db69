package fn

import (
	"unicode/utf8"

	"pyfc/rt/val"
)

// CharLength returns the number of code points.
func CharLength(s string) int32 { return int32(utf8.RuneCountInString(s)) }

// Concat joins two texts.
func Concat(a *val.Arena, s, t string) string { return a.Concat(s, t) }

// Declarations.
var (
	UpperDecl = Decl{Name: "UPPER", Doc: "The text in upper case.",
		Overloads: []Overload{{Params: []Param{Text}, Result: sameAsFirst, Impls: []any{Upper}}},
		Examples:  []Example{{"UPPER('aBc')", "ABC"}, {"UPPER('straße')", "STRASSE"}, {"UPPER('ǆı')", "ǄI"}}}
	LowerDecl = Decl{Name: "LOWER", Doc: "The text in lower case.",
		Overloads: []Overload{{Params: []Param{Text}, Result: sameAsFirst, Impls: []any{Lower}}},
		Examples:  []Example{{"LOWER('aBc')", "abc"}, {"LOWER('ΑΣ Β')", "ας β"}, {"LOWER('İ')", "i\u0307"}}}
	CharLengthDecl = Decl{Name: "CHAR_LENGTH", Aliases: []string{"CHARACTER_LENGTH"}, Doc: "The number of characters.",
		Overloads: []Overload{{Params: []Param{Text}, Result: alwaysInt, Impls: []any{CharLength}}},
		Examples:  []Example{{"CHAR_LENGTH('aä中')", "3"}, {"CHAR_LENGTH('😀')", "1"}}}
	ConcatDecl = Decl{Name: "||", Doc: "Two texts joined.",
		Overloads: []Overload{{Params: []Param{Text, Text}, Result: alwaysString, Impls: []any{Concat}}},
		Examples:  []Example{{"'a' || 'b'", "ab"}, {"'a' || CAST(NULL AS STRING)", "NULL"}}}
)
