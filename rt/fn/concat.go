package fn

import "pyfc/rt/val"

// ConcatAll joins texts.
func ConcatAll(a *val.Arena, parts ...string) string { return a.Concat(parts...) }

// ConcatWS joins the texts that aren't NULL with a separator.
func ConcatWS(a *val.Arena, separator string, parts ...val.Datum) string {
	size := 0
	for _, p := range parts {
		size += len(separator) + len(p.Text())
	}
	dst := a.Alloc(size)[:0]
	first := true
	for _, p := range parts {
		if p.Null {
			continue
		}
		if !first {
			dst = append(dst, separator...)
		}
		dst, first = append(dst, p.Text()...), false
	}
	return val.View(dst)
}

// Declarations.
var (
	ConcatAllDecl = Decl{Name: "CONCAT", Doc: "Texts joined.",
		Overloads: []Overload{{Params: []Param{Text, Text}, Variadic: true, Result: alwaysString, Impls: []any{ConcatAll}}},
		Examples:  []Example{{"CONCAT('a', 'b')", "ab"}, {"CONCAT('a')", "a"}, {"CONCAT('a', CAST(NULL AS STRING))", "NULL"}}}
	ConcatWSDecl = Decl{Name: "CONCAT_WS", Doc: "The texts that aren't NULL, joined with a separator.",
		Overloads: []Overload{{Params: []Param{Text, Text}, Variadic: true, Result: alwaysString, Impls: []any{ConcatWS}}},
		Examples: []Example{{"CONCAT_WS('-', 'a', 'b')", "a-b"}, {"CONCAT_WS('-')", ""}, {"CONCAT_WS('-', CAST(NULL AS STRING), 'b')", "b"},
			{"CONCAT_WS(CAST(NULL AS STRING), 'a')", "NULL"}, {"CONCAT_WS('-', '', 'b')", "-b"}}}
)
