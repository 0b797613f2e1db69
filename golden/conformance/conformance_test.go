package conformance

import (
	"slices"
	"testing"

	"pyfc/ir"
	"pyfc/rt/conn/values"
)

func TestMapsCompareWithoutOrder(t *testing.T) {
	for _, c := range []struct {
		want, got []string
		ordered   bool
		same      bool
	}{
		{[]string{"+I[{a=1, b=2}]"}, []string{"+I[{b=2, a=1}]"}, false, true},
		{[]string{"+I[{a={x=1, y=[2, 3]}, b=2}]"}, []string{"+I[{b=2, a={y=[2, 3], x=1}}]"}, false, true},
		{[]string{"+I[{a=1}, {b=2}]"}, []string{"+I[{b=2}, {a=1}]"}, false, false},
		{[]string{"+I[1]", "+I[2]"}, []string{"+I[2]", "+I[1]"}, false, true},
		{[]string{"+I[1]", "+I[2]"}, []string{"+I[2]", "+I[1]"}, true, false},
		{[]string{"+I[1]"}, []string{"+U[1]"}, false, false},
		{[]string{"+I[1]", "+I[1]"}, []string{"+I[1]"}, false, false},
		{[]string{"+I[a{b]"}, []string{"+I[a{b]"}, false, true},
	} {
		if got := same(c.want, c.got, c.ordered); got != c.same {
			t.Errorf("%q and %q: %v", c.want, c.got, got)
		}
	}
}

func TestSelection(t *testing.T) {
	c := &Case{ID: "expr/ScalarFunctionsTest.testSubstring/3", SQL: "SELECT SUBSTRING(a, 1)"}
	for _, s := range []struct {
		run, filter string
		has, narrow bool
	}{
		{"", "", true, false},
		{"TestConformance", "", true, false},
		{"TestConformance/expr", "", true, false},
		{"TestConformance/(expr|builtin)", "", true, false},
		{"TestConformance/batch", "", false, false},
		{"TestConformance/expr/ScalarFunctionsTest.testSub", "", true, true},
		{"TestConformance/expr/ScalarFunctionsTest.testSub/^3$", "", true, true},
		{"TestConformance/expr/ScalarFunctionsTest.testSub/^4$", "", false, true},
		{"TestJobs|TestConformance/expr", "", true, false},
		{"", `SUBSTRING\(`, true, true},
		{"", `TRIM\(`, false, true},
	} {
		selection, err := NewSelection(s.run, s.filter)
		if err != nil {
			t.Fatal(err)
		}
		if has := selection.Has("TestConformance", c); has != s.has || selection.Narrow() != s.narrow {
			t.Errorf("%+v: has %v, narrow %v", s, has, selection.Narrow())
		}
	}
	if _, err := NewSelection("", "("); err == nil {
		t.Error("a malformed filter is accepted")
	}
}

func TestMaterialize(t *testing.T) {
	line := func(kind string, columns ...string) values.Line { return values.Line{Kind: kind, Columns: columns} }
	changes := []values.Line{line("+I", "1", "a"), line("+I", "2", "b"), line("-U", "1", "a"), line("+U", "1", "c"), line("-D", "2", "b")}
	for _, key := range []ir.Key{nil, {0}} {
		left := materialize(changes, &ir.Table{Key: key})
		if len(left) != 1 || left[0].String() != "+I[1, c]" {
			t.Errorf("key %v: %v", key, left)
		}
	}
	upserts := slices.DeleteFunc(changes, func(l values.Line) bool { return l.Kind == "-U" })
	if left := materialize(upserts, &ir.Table{Key: ir.Key{0}}); len(left) != 1 || left[0].String() != "+I[1, c]" {
		t.Errorf("upserts: %v", left)
	}
}

func TestCasesAreReadWithTheirTables(t *testing.T) {
	all, err := Load("cases")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		for _, table := range c.Tables {
			if len(table.Columns) == 0 || table.Rows == nil {
				t.Errorf("%s: table %s lacks its columns or rows", c.ID, table.Name)
			}
		}
		if !c.Verified || c.Expect == nil && !c.ExpectError {
			t.Errorf("%s has no answer: run make oracle", c.ID)
		}
	}
}
