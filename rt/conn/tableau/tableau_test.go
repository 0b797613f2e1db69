package tableau

import (
	"slices"
	"strings"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

func TestWidthIsThatOfUTF16Units(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "中文": 4, "ａｂ": 4, "é": 1, "e\u0301": 2, "😀": 3, "𝒳": 2} {
		if got := Width(text); got != want {
			t.Errorf("Width(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestTextIsCutBetweenCharacters(t *testing.T) {
	l := &Layout{names: []string{"c"}, widths: []int{8}}
	for text, want := range map[string]string{
		"12345678":  "| 12345678 |",
		"123456789": "| 12345... |",
		"中文字中文":     "|  中文... |",
		"a中文字中文":    "| a中文... |",
		"1234😀😀😀":   "|  1234... |",
		"123😀😀😀":    "| 123?... |",
		"a\nb":      "|      a\nb |",
	} {
		got := string(l.appendCell(nil, 0, text))
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTextFitsItsContent(t *testing.T) {
	want := `
+------+-----+
| name |   n |
+------+-----+
|    a | 100 |
| 中文 |     |
+------+-----+
2 rows in set
`
	if got := "\n" + Text([]string{"name", "n"}, [][]string{{"a", "100"}, {"中文", ""}}); got != want {
		t.Errorf("got %s", got)
	}
	if got := Text([]string{"name"}, nil); got != "Empty set\n" {
		t.Errorf("got %s", got)
	}
}

type row struct{ i int64 }

func TestSinkTellsTheNumberOfRowsAtTheEnd(t *testing.T) {
	layout := ByType([]types.Column{{Name: "i", Type: types.Of(types.Int)}}, DefaultMaxWidth, true)
	var out strings.Builder
	s := &Sink[row]{sub: &stream.Subtask{Count: &stream.Counters{}}, layout: layout, op: true, out: &out,
		write: func(r *row, w val.Writer) { w.Int64(r.i) }}
	for _, kind := range []val.RowKind{val.Insert, val.UpdateBefore} {
		b := &stream.Batch[row]{}
		*b.AddKind(kind) = row{7}
		if err := s.Process(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Control(stream.Control{Kind: stream.Barrier}); err != nil {
		t.Fatal(err)
	}
	if err := s.Control(stream.Control{Kind: stream.End}); err != nil {
		t.Fatal(err)
	}
	want := `+----+-------------+
| op |           i |
+----+-------------+
| +I |           7 |
| -U |           7 |
+----+-------------+
2 rows in set
`
	if out.String() != want {
		t.Errorf("got\n%s", &out)
	}
}

func TestLinesAreReadAsRows(t *testing.T) {
	var out strings.Builder
	s := &Sink[row]{sub: &stream.Subtask{Count: &stream.Counters{}}, op: true, out: &out,
		write: func(r *row, w val.Writer) { w.Int64(r.i); w.String("a\n\"<b>\""); w.Null() }}
	b := &stream.Batch[row]{}
	*b.AddKind(val.UpdateBefore) = row{7}
	if err := s.Process(b); err != nil {
		t.Fatal(err)
	}
	if err := s.Control(stream.Control{Kind: stream.End}); err != nil {
		t.Fatal(err)
	}
	kind, texts, err := ReadRow([]byte(out.String()))
	if err != nil || kind != "-U" || !slices.Equal(texts, []string{"7", "a\n\"<b>\"", Null}) || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("%s: %s %q %v", &out, kind, texts, err)
	}
	for _, line := range []string{"", "[]", "{}", "[1]"} {
		if _, _, err := ReadRow([]byte(line)); err == nil {
			t.Errorf("%q is a row", line)
		}
	}
}
