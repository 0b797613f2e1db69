package pyast

import (
	"fmt"
	"strings"
	"testing"

	"pyfc/ir/diag"
)

// parseText parses a text that must be well-formed.
func parseText(t *testing.T, text string) *Module {
	t.Helper()
	m, d := Parse(&File{Name: "t.py", Src: text})
	if d != nil {
		t.Fatalf("%q: %v", text, d)
	}
	return m
}

// dumpText is the tree of a text, or the diagnostic that it gives.
func dumpText(text string) string {
	m, d := Parse(&File{Name: "t.py", Src: text})
	if d != nil {
		return d.Error()
	}
	var b strings.Builder
	if err := Dump(&b, m); err != nil {
		return err.Error()
	}
	return b.String()
}

// TestTrees holds one case per lowering, repaired position and kind of node.
// TestAgainstCPython proves that CPython has the same trees.
func TestTrees(t *testing.T) { runCases(t, "testdata/trees.txt", dumpText) }

func TestErrors(t *testing.T) {
	runCases(t, "testdata/errors.txt", func(source string) string {
		m, d := Parse(&File{Name: "t.py", Src: source})
		if d == nil || m != nil {
			return "accepted"
		}
		text := fmt.Sprintf("%d:%d", d.Pos.Line, d.Pos.Column)
		if d.Pos.EndColumn > 0 {
			text += fmt.Sprintf("-%d", d.Pos.EndColumn)
		}
		text += fmt.Sprintf(" %s %s", d.Code, d.Message)
		if d.Hint != "" {
			text += "\nhint: " + d.Hint
		}
		return text
	})
}

func TestUnreadableText(t *testing.T) {
	tests := []struct{ text, want string }{
		{"a = 'b\x00'", "t.py:1:7: source code cannot contain null bytes [PY001]"},
		{"#!python\n# -*- coding: latin-1 -*-\n# \xe9", "t.py:2:15: the source encoding latin-1 is not supported [PY002]"},
		{"# coding=GBK\nx = 'é'", "t.py:1:10: the source encoding GBK is not supported [PY002]"},
		{"# \xe9t\xe9\n", "t.py:1:3: byte 0xe9 is not UTF-8; pyfc reads scripts as UTF-8 [PY001]"},
	}
	for _, test := range tests {
		_, d := Parse(&File{Name: "t.py", Src: test.text})
		if d == nil || d.Error() != test.want {
			t.Errorf("%q: got %v, want %s", test.text, d, test.want)
		}
	}
}

func TestHarmlessEncodings(t *testing.T) {
	for _, text := range []string{
		"# coding: UTF_8\nx = 'é'", "# vim: set fileencoding=utf-8 :\n# é", "# coding: latin-1\nx = 'e'",
		"x = 1\ny = 2\n# coding: latin-1\nz = 'é'",
	} {
		parseText(t, text)
	}
}

func TestLineEnds(t *testing.T) {
	unix := "if a:\n    b = '''c\nd'''\n"
	for _, text := range []string{
		"\ufeff" + unix,
		strings.ReplaceAll(unix, "\n", "\r\n"),
		strings.ReplaceAll(unix, "\n", "\r"),
	} {
		if got, want := dumpText(text), dumpText(unix); got != want {
			t.Errorf("%q: got\n%s\nwant\n%s", text, got, want)
		}
	}
}

// TestDeepNesting proves that no depth of a text exhausts the stack.
func TestDeepNesting(t *testing.T) {
	const n = 20000
	tests := map[string]string{
		"not":       strings.Repeat("not ", n) + "a",
		"sum":       "a" + strings.Repeat("+a", n),
		"attribute": "a" + strings.Repeat(".a", n),
		"lambda":    strings.Repeat("lambda:", n) + "a",
		"elif":      "if a: b\n" + strings.Repeat("elif a: b\n", n),
		"bracket":   strings.Repeat("(", n) + strings.Repeat(")", n),
		"indent":    deepIndent(n / 100),
	}
	for name, text := range tests {
		_, d := Parse(&File{Name: "t.py", Src: text})
		if d == nil || d.Code != diag.PySyntax || !strings.Contains(d.Message, "too ") {
			t.Errorf("%s: got %v", name, d)
		}
	}
}

func deepIndent(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "if a:\n")
	}
	return b.String()
}
