package values

import (
	"fmt"
	"strings"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// TestFilter knows SQL's three truth values; kinds of rows don't matter.
func TestFilter(t *testing.T) {
	const data = `[[1, "a"], [2, null], {"-D": [3, "c"]}, [null, "d"]]`
	number, text := types.Of(types.Int), types.Of(types.VarChar)
	a := func(op string, v int32) conn.Condition {
		return conn.Condition{Op: op, Type: &number, Value: val.IntDatum(v)}
	}
	b := func(op string, v string) conn.Condition {
		return conn.Condition{Op: op, Column: 1, Type: &text, Value: val.TextDatum(v)}
	}
	all := func(op string, args ...conn.Condition) conn.Condition { return conn.Condition{Op: op, Args: args} }
	for _, c := range []struct {
		conds []conn.Condition
		want  string // the first column of the rows
	}{
		{nil, "1 2 3 null"},
		{[]conn.Condition{a("=", 2)}, "2"},
		{[]conn.Condition{a("<>", 2)}, "1 3"},
		{[]conn.Condition{a("<", 2)}, "1"},
		{[]conn.Condition{a("<=", 2)}, "1 2"},
		{[]conn.Condition{a(">", 2)}, "3"},
		{[]conn.Condition{a(">=", 2)}, "2 3"},
		{[]conn.Condition{a("IS NULL", 0)}, "null"},
		{[]conn.Condition{a("IS NOT NULL", 0), b("IS NOT NULL", "")}, "1 3"},
		{[]conn.Condition{all("NOT", a("=", 2))}, "1 3"},
		{[]conn.Condition{all("OR", b("=", "a"), a(">", 1))}, "1 2 3"},
		{[]conn.Condition{all("OR", b("=", "d"), a(">", 7))}, "null"},
		{[]conn.Condition{all("NOT", all("AND", b("=", "a"), a(">", 2)))}, "1 2 3 null"},
	} {
		for i := range c.conds {
			if !filtering(nil, &c.conds[i]) {
				t.Errorf("%s isn't taken", c.conds[i].Op)
			}
		}
		tab := table(data, "I,D")
		tab.Filter = c.conds
		var got []string
		for _, r := range open(t, tab, 0).rows {
			first, _, _ := strings.Cut(strings.TrimPrefix(string(r.values), "["), ",")
			got = append(got, first)
		}
		if fmt.Sprint(got) != "["+c.want+"]" {
			t.Errorf("%v: %v, want %s", c.conds, got, c.want)
		}
	}
	like := all("OR", a("=", 1), b("LIKE", "a%"))
	if filtering(nil, &like) {
		t.Error("LIKE is taken")
	}
}
