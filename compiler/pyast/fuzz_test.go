package pyast

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"pyfc/ir/diag"
)

// FuzzParse proves that no text makes the parser panic or hang, and that the
// spans of what it takes are sound.
func FuzzParse(f *testing.F) {
	for _, file := range []string{"testdata/trees.txt", "testdata/errors.txt"} {
		for _, c := range readCases(f, file) {
			f.Add(c.source)
		}
	}
	scripts, err := filepath.Glob("testdata/*.py")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range scripts {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := &File{Name: "t.py", Src: text}
		m, d := Parse(file)
		if d != nil {
			checkDiagnostic(t, file, d)
			return
		}
		if err := Dump(io.Discard, m); err != nil {
			t.Fatal(err)
		}
		src := newSource(file)
		whole := src.span(fileStart, fileStart.after(src.text))
		c := spanChecker{t: t, lines: strings.Split(src.text, "\n")}
		c.walk(reflect.ValueOf(m.Body), whole)
	})
}

func checkDiagnostic(t *testing.T, file *File, d *diag.Diagnostic) {
	if d.Code != diag.PySyntax && d.Code != diag.PyUnsupported {
		t.Fatal(d)
	}
	lines := strings.Split(newSource(file).text, "\n")
	if d.Pos.Line < 1 || d.Pos.Line > len(lines) || d.Pos.Column < 1 ||
		d.Pos.Column > len([]rune(lines[d.Pos.Line-1]))+1 {
		t.Fatalf("%v is outside of the file", d)
	}
}

// spanChecker walks a tree and compares spans with the text.
type spanChecker struct {
	t     *testing.T
	lines []string
}

func (c *spanChecker) walk(v reflect.Value, outer Span) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if n, ok := v.Interface().(Node); ok {
			outer = c.node(n, outer)
		}
		c.walk(v.Elem(), outer)
	case reflect.Slice:
		for i := range v.Len() {
			c.walk(v.Index(i), outer)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Type != spanType && f.Name != "File" {
				in := outer
				if f.Name == "Decorators" { // these stand before their definition
					in.Line, in.Col = 1, 1
				}
				c.walk(v.Field(i), in)
			}
		}
	}
}

// node checks a node's span and returns it.
func (c *spanChecker) node(n Node, outer Span) Span {
	at := n.Where()
	switch {
	case before(at.EndLine, at.EndCol, at.Line, at.Col):
		c.t.Fatalf("%T at %s ends before it begins", n, rangeOf(at))
	case before(at.Line, at.Col, outer.Line, outer.Col) || before(outer.EndLine, outer.EndCol, at.EndLine, at.EndCol):
		c.t.Fatalf("%T at %s is not inside %s", n, rangeOf(at), rangeOf(outer))
	}
	switch n := n.(type) {
	case *Name:
		c.text(at, n.ID)
	case *Attribute:
		c.text(n.AttrSpan, n.Attr)
	case *Constant:
		for i, part := range n.parts {
			if part.body.verbatim() && (i+1 == len(n.parts) || n.parts[i+1].offset > part.offset) && part.offset < len(n.Text) {
				at := part.body.at
				if p := n.PosAt(part.offset); p.Line != at.line || p.Col != at.col {
					c.t.Fatalf("part %d of %q begins at %s, not %d:%d", i, n.Text, rangeOf(p), at.line, at.col)
				}
			}
		}
	}
	return at
}

func before(line, col, otherLine, otherCol int) bool {
	return line < otherLine || line == otherLine && col < otherCol
}

// text checks that an identifier stands at a span.
func (c *spanChecker) text(at Span, want string) {
	line := []rune(c.lines[at.Line-1])
	if got := norm.NFKC.String(string(line[at.Col-1 : at.EndCol-1])); got != want {
		c.t.Fatalf("%q stands at %s, not %q", got, rangeOf(at), want)
	}
}
