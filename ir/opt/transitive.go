package opt

import (
	"slices"

	"pyfc/ir"
	"pyfc/ir/types"
)

// implied are the conditions that conds, of one input of a join, make of the
// other one's rows that can have a match, as far as these aren't in known: a = x
// and a > 1 make x > 1. They are over the columns of both inputs.
func implied(j *ir.Join, conds, known []ir.Expr) []ir.Expr {
	in := j.InputSchema()
	equal := equalColumns(j, in)
	var out []ir.Expr
	for _, e := range conds {
		c, ok := ir.ConditionOf(e)
		if !ok || c.Op == "IS NOT NULL" { // which the equality says
			continue
		}
		columns := ir.Columns(e)
		if slices.ContainsFunc(columns, func(i int) bool { _, ok := equal[i]; return !ok }) {
			continue
		}
		other := over([]ir.Expr{ir.Remap(e, equal)}, in)[0]
		if !contains(known, other) {
			out = append(out, other)
		}
	}
	return out
}

// equalColumns has for the columns of a join's keys that of the other input, if
// equal values are the same there.
func equalColumns(j *ir.Join, in types.Schema) map[int]int {
	equal := map[int]int{}
	for _, k := range j.Pairs() {
		l, r := k.Left, len(j.Left.P().Schema)+k.Right
		if in[l].Type.WithNull(true).Equal(in[r].Type.WithNull(true)) {
			equal[l], equal[r] = r, l
		}
	}
	return equal
}
