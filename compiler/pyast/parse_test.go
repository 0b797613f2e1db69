package pyast

import (
	"bytes"
	"testing"
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

func dumpText(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := Dump(&b, parseText(t, text)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestParseCall(t *testing.T) {
	const want = `Body:
 - ExprStmt 1:1-1:16
  Value Call 1:1-1:16
   Func Attribute 1:1-1:6
    Value Name 1:1-1:2
     ID 1 t
    Attr 3 get
   Args:
    - Constant 1:7-1:10 str 1 a
   Keywords:
    - Keyword 1:12-1:15
     Name 1 n
     Value Constant 1:14-1:15 int 1 1
`
	if got := dumpText(t, `t.get("a", n=1)`); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
