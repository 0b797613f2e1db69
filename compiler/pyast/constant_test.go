package pyast

import (
	"strings"
	"testing"
)

// constantIn returns the only string constant of an assignment's value.
func constantIn(t *testing.T, text string) *Constant {
	t.Helper()
	switch v := parseText(t, text).Body[0].(*Assign).Value.(type) {
	case *Constant:
		return v
	case *JoinedStr:
		return v.Values[0].(*Constant)
	}
	t.Fatalf("%q holds no string", text)
	return nil
}

func TestConstantValues(t *testing.T) {
	tests := []struct {
		source string
		kind   ConstKind
		text   string
	}{
		{`1_000`, ConstInt, "1000"},
		{`0xFF_ff`, ConstInt, "65535"},
		{`0o17`, ConstInt, "15"},
		{`0B101`, ConstInt, "5"},
		{`00`, ConstInt, "0"},
		{`123456789012345678901234567890`, ConstInt, "123456789012345678901234567890"},
		{`0x1_0000_0000_0000_0000`, ConstInt, "18446744073709551616"},
		{`1_0.2_5e1_0`, ConstFloat, "10.25e10"},
		{`.5`, ConstFloat, ".5"},
		{`09.5`, ConstFloat, "09.5"},
		{`1E5`, ConstFloat, "1E5"},
		{`1_0J`, ConstComplex, "10J"},
		{`'a\tb\x41\u00e9\U0001F600\101\0'`, ConstStr, "a\tbA\u00e9\U0001F600A\x00"},
		{`'\N{LATIN SMALL LETTER E WITH ACUTE}\N{bullet}\N{LINE FEED}\N{CJK UNIFIED IDEOGRAPH-4E2D}'`, ConstStr, "é•\n中"},
		{`'\ud800'`, ConstStr, "\xed\xa0\x80"},
		{`'\w\''`, ConstStr, `\w'`},
		{"'a\\\nb'", ConstStr, "ab"},
		{"'''a\\\nb\nc'''", ConstStr, "ab\nc"},
		{"r'''a\\\nb'''", ConstStr, "a\\\nb"},
		{`Rb'\x41' b'\xff\u0041\N{x}'`, ConstBytes, "\\x41\xff\\u0041\\N{x}"},
		{`'a' "b" u'c'`, ConstStr, "abc"},
		{`''`, ConstStr, ""},
	}
	for _, test := range tests {
		c := constantIn(t, "x = ("+test.source+")")
		if c.Kind != test.kind || c.Text != test.text {
			t.Errorf("%s: got %d %q, want %d %q", test.source, c.Kind, c.Text, test.kind, test.text)
		}
	}
}

// TestPosAt finds each mark of a string's value in its source. In the sources
// «x» stands for a mark x of the value, written as it is between the quotes.
func TestPosAt(t *testing.T) {
	tests := []struct{ source, mark string }{
		{"x = 'select «a»'", "a"},
		{"x = '''\nselect a,\n  «b»\nfrom t\n'''", "b"},
		{"x = 'é中\u00a0«b»'", "b"},
		{"x = ('SELECT a, '\n     'b, «c»'\n     ' from t')", "c"},
		{"x = 'a\\tb\\n«c»'", "c"},
		{"x = 'a«\\u00e9»c'", "é"},
		{"x = 'a\\\n«b»'", "b"},
		{"x = r'\\d «b»'", "b"},
		{"x = ('' \"\"\"a\n\"\"\" 'b\\'«c»')", "c"},
		{"x = f'a{{«b»'", "b"},
		{"x = f'a«{{»b'", "{"},
		{"x = 'a' f'b\\t«c» {d}'", "c"},
		{"x = 'a«é»'", "é"},
	}
	for _, test := range tests {
		before, rest, _ := strings.Cut(test.source, "«")
		marked, after, _ := strings.Cut(rest, "»")
		c := constantIn(t, before+marked+after)
		from := fileStart.after(before)
		to := from.after(marked)
		offset := strings.Index(c.Text, test.mark)
		for i := range len(test.mark) { // from any byte of the character
			got := c.PosAt(offset + i)
			if got.Line != from.line || got.Col != from.col || got.EndLine != to.line || got.EndCol != to.col {
				t.Errorf("%q: offset %d: got %s, want %d:%d-%d:%d", test.source, offset+i,
					rangeOf(got), from.line, from.col, to.line, to.col)
			}
		}
	}
}

func TestPosAtEnd(t *testing.T) {
	c := constantIn(t, "x = ('ab'\n 'c')")
	if got := rangeOf(c.PosAt(3)); got != "2:4-2:4" {
		t.Errorf("got %s", got)
	}
	if got := rangeOf((&Constant{exprNode: c.exprNode, Text: "a"}).PosAt(0)); got != "1:6-2:5" {
		t.Errorf("a constant without parts: got %s", got)
	}
}

// TestFormattedPlaces proves that what stands inside an f-string has its true
// place, unlike CPython 3.11's.
func TestFormattedPlaces(t *testing.T) {
	m := parseText(t, "x = f'''é{a.b\n + c!r:>{w}}'''")
	field := m.Body[0].(*Assign).Value.(*JoinedStr).Values[1].(*FormattedValue)
	sum := field.Value.(*BinOp)
	spec := field.FormatSpec
	for _, test := range []struct {
		node Node
		want string
	}{
		{field, "1:10-2:13"},
		{sum, "1:11-2:5"},
		{sum.Left, "1:11-1:14"},
		{sum.Right, "2:4-2:5"},
		{spec, "2:8-2:12"},
		{spec.Values[0], "2:8-2:9"},
		{spec.Values[1], "2:9-2:12"},
		{spec.Values[1].(*FormattedValue).Value, "2:10-2:11"},
	} {
		if got := rangeOf(test.node.Where()); got != test.want {
			t.Errorf("%T: got %s, want %s", test.node, got, test.want)
		}
	}
}
