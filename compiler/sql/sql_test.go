package sql

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pyfc/internal/casefile"
	"pyfc/ir/diag"
)

// render is one diagnostic a line, its position within the input.
func render(ds []*diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "%d:%d", d.Pos.Line, d.Pos.Column)
		if d.Pos.EndColumn > 0 {
			fmt.Fprintf(&b, "-%d", d.Pos.EndColumn)
		}
		fmt.Fprintf(&b, " %s %s", d.Code, d.Message)
		if d.Hint != "" {
			fmt.Fprintf(&b, " (%s)", d.Hint)
		}
		for _, n := range d.Notes {
			fmt.Fprintf(&b, " note %s %s", n.Pos, n.Message)
		}
		for _, m := range d.Missing {
			fmt.Fprintf(&b, " missing %s %s", m.Kind, m.Name)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestCases(t *testing.T) {
	for _, file := range []string{"statements", "errors", "trees", "expressions", "strings", "types"} {
		t.Run(file, func(t *testing.T) {
			casefile.Run(t, "testdata/"+file+".txt", answer)
		})
	}
}

// answer handles the directives: parse (statements), exprs (one expression a
// line), strings (one string expression argument a line), types (one type a
// line).
func answer(t *testing.T, c casefile.Case) string {
	var b strings.Builder
	lines := strings.Split(c.Input, "\n")
	switch c.Directive {
	case "parse":
		stmts, ds := Parse(c.Input, nil)
		for _, s := range stmts {
			b.WriteString(Print(s) + "\n")
		}
		b.WriteString(render(ds))
	case "exprs":
		for _, line := range lines {
			stmts, ds := Parse("SELECT "+line, TextLocator("", strings.Repeat(" ", 7)+line))
			for _, s := range stmts {
				for _, x := range s.(*Select).Items {
					b.WriteString(PrintExpr(x) + describe(x) + "\n")
				}
			}
			b.WriteString(render(ds))
		}
	case "strings":
		for _, line := range lines {
			xs, ds := ParseExpressions(line, nil)
			for i, x := range xs {
				if i > 0 {
					b.WriteString(" ; ")
				}
				b.WriteString(PrintExpr(x) + describe(x))
			}
			if len(xs) > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(render(ds))
		}
	case "types":
		for _, line := range lines {
			stmts, ds := Parse("CREATE TABLE t (c "+line+")", nil)
			for _, s := range stmts {
				typ := s.(*CreateTable).Columns[0].Type
				b.WriteString(typ.String() + "\n")
			}
			b.WriteString(render(ds))
		}
	default:
		t.Fatalf("line %d: no directive %q", c.Line, c.Directive)
	}
	return b.String()
}

// describe is the type of a literal, which its text may not tell.
func describe(x Expr) string {
	if a, ok := x.(*Alias); ok {
		x = a.X
	}
	if l, ok := x.(*Literal); ok {
		return " : " + l.Type.String()
	}
	return ""
}

// reparse checks that printing is a fixpoint: the text of a tree parses to a
// tree with the same text.
func reparse(t *testing.T, text string) {
	stmts, ds := Parse(text, nil)
	if len(ds) > 0 {
		return
	}
	for _, s := range stmts {
		once := Print(s)
		again, ds := Parse(once, nil)
		if len(ds) > 0 || len(again) != 1 {
			t.Fatalf("%q\nprints as\n%s\nwhich doesn't parse:\n%s", text, once, render(ds))
		}
		if twice := Print(again[0]); twice != once {
			t.Fatalf("%q\nprints as\n%s\nand then as\n%s", text, once, twice)
		}
	}
}

// inputs are all inputs of the case files.
func inputs(t testing.TB, directives ...string) []string {
	var out []string
	for _, f := range []string{"statements", "errors", "trees", "expressions", "strings"} {
		data, err := os.ReadFile("testdata/" + f + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range strings.Split(string(data), "\n\n") {
			directive, rest, _ := strings.Cut(block, "\n")
			input, _, _ := strings.Cut(rest, "\n----")
			for _, d := range directives {
				switch {
				case d != directive:
				case d == "parse":
					out = append(out, input)
				default:
					out = append(out, strings.Split(input, "\n")...)
				}
			}
		}
	}
	return out
}

func TestPrintIsFixpoint(t *testing.T) {
	for _, v := range verdicts(t) {
		reparse(t, v.text)
	}
	for _, in := range inputs(t, "parse") {
		reparse(t, in)
	}
	for _, in := range inputs(t, "exprs") {
		reparse(t, "SELECT "+in)
	}
}

func FuzzParse(f *testing.F) {
	for _, v := range verdicts(f) {
		f.Add(v.text)
	}
	for _, in := range inputs(f, "parse") {
		f.Add(in)
	}
	for _, in := range inputs(f, "exprs") {
		f.Add("SELECT " + in)
	}
	f.Fuzz(func(t *testing.T, text string) { reparse(t, text) })
}

func FuzzParseExpressions(f *testing.F) {
	for _, in := range inputs(f, "strings") {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, text string) {
		xs, ds := ParseExpressions(text, nil)
		for _, x := range xs {
			PrintExpr(x)
		}
		if len(xs) == 0 && len(ds) == 0 {
			t.Fatalf("%q yields neither expressions nor a diagnostic", text)
		}
	})
}
