package codegen

import (
	"fmt"
	"strings"
	"testing"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// TestAlternativesAreOneSwitch holds which conditions become a switch.
func TestAlternativesAreOneSwitch(t *testing.T) {
	none := diag.Pos{File: "job.py", Line: 2, Column: 1}
	schema := types.Schema{{Name: "n", Type: bigint}, {Name: "m", Type: bigint}, {Name: "s", Type: stringType.NotNull()}, {Name: "d", Type: double}}
	is := func(column int, value any) ir.Expr {
		c := ir.NewColumnRef(schema, column, none)
		return call("=", 1, boolean, c, ir.NewConst(c.Type().NotNull(), value, none))
	}
	or := func(terms ...ir.Expr) ir.Expr {
		e := terms[0]
		for _, x := range terms[1:] {
			e = call("OR", 0, boolean, e, x)
		}
		return e
	}
	for _, c := range []struct {
		name string
		e    ir.Expr
		want int // cases
	}{
		{"integers, one of them twice", or(is(0, int64(1)), is(0, int64(5)), is(0, int64(1)), is(0, int64(9))), 3},
		{"texts", or(is(2, "a"), is(2, "b"), is(2, "c")), 3},
		{"two", or(is(0, int64(1)), is(0, int64(5))), 0},
		{"two columns", or(is(0, int64(1)), is(0, int64(5)), is(1, int64(9))), 0},
		{"floating point", or(is(3, 1.0), is(3, 2.0), is(3, 3.0)), 0},
	} {
		g := &generator{job: &ir.Job{}, typeVars: map[string]string{}}
		g.rows, g.stages = g.file(), g.file()
		values := &ir.Values{}
		values.Schema, values.UID = schema, "values0"
		filter := ir.NewFilter(values, c.e, none)
		filter.UID = "filter1"
		g.stage(chain{values, []ir.Rel{filter}}, newRowType("values0Row", schema))
		text := fmt.Sprintf("%#v", g.stages)
		got := 0
		if _, after, ok := strings.Cut(text, "case "); ok {
			list, _, _ := strings.Cut(after, ":")
			got = strings.Count(list, ",") + 1
		}
		if got != c.want {
			t.Errorf("%s: %d cases, not %d:\n%s", c.name, got, c.want, text)
		}
	}
}
