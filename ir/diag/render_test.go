package diag

import (
	"strings"
	"testing"
)

func TestRenderPointsAtTheColumns(t *testing.T) {
	src := "a = 1\n\tt.selekt('名', x)\n"
	d := New(PyAttribute, Pos{"job.py", 2, 4, 10}, "no attribute %q", "selekt").
		WithHint("did you mean %q?", "select").
		WithNote(Pos{"job.py", 2, 16, 0}, "x is here")
	var b strings.Builder
	Render(&b, d, func(string) (string, bool) { return src, true })
	want := "job.py:2:4: error[PY004]: no attribute \"selekt\"\n" +
		"    2 | \tt.selekt('名', x)\n" +
		"      | \t  ^^^^^^\n" +
		"   hint: did you mean \"select\"?\n" +
		"   note: job.py:2:16: x is here\n" +
		"    2 | \tt.selekt('名', x)\n" +
		"      | \t               ^\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestRenderWithoutAPlace(t *testing.T) {
	var b strings.Builder
	Render(&b, New(NoPipeline, Pos{}, "nothing to run"), nil)
	if b.String() != "error[PLN005]: nothing to run\n" {
		t.Errorf("got %q", b.String())
	}
}

func TestSortedPutsPlacelessLast(t *testing.T) {
	var l List
	l.Errorf(NoPipeline, Pos{}, "c")
	l.Errorf(PyName, Pos{"b.py", 1, 1, 0}, "b")
	l.Errorf(PyName, Pos{"a.py", 9, 1, 0}, "a")
	l.Errorf(PyName, Pos{"a.py", 9, 1, 0}, "a")
	var got []string
	for _, d := range l.Sorted() {
		got = append(got, d.Message)
	}
	if s := strings.Join(got, ""); s != "abc" {
		t.Errorf("order %s", s)
	}
}

func TestEveryCodeIsDeclared(t *testing.T) {
	for code, info := range codes {
		if info.Doc == "" || !strings.HasSuffix(info.Doc, ".") {
			t.Errorf("%s has no sentence of documentation", code)
		}
		if info.Severity == Error && info.Verdict == Plan {
			t.Errorf("%s is an error that lets the build succeed", code)
		}
	}
	if Code("XX000").Info().Verdict != Internal {
		t.Error("an undeclared code isn't pyfc's own fault")
	}
}
