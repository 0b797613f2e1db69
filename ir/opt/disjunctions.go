package opt

import (
	"slices"

	"pyfc/ir"
	"pyfc/ir/types"
)

// conjuncts lists the operands of a condition's ANDs, with what all operands of
// an OR have in common taken out of it:
//
//	a = x AND b > 1 OR a = x AND y < 2  →  a = x, b > 1 OR y < 2
//
// so that keys of joins are found wherever they are written.
func conjuncts(e ir.Expr) []ir.Expr {
	var out []ir.Expr
	for _, c := range ir.Conjuncts(e) {
		out = append(out, factored(c)...)
	}
	return out
}

// factored are what the operands of e's ORs have in common, and the rest.
func factored(e ir.Expr) []ir.Expr {
	branches := disjuncts(e)
	if len(branches) == 1 {
		return []ir.Expr{e}
	}
	lists := make([][]ir.Expr, len(branches))
	for i, b := range branches {
		lists[i] = ir.Conjuncts(b)
	}
	common, _ := split(lists[0], func(c ir.Expr) bool {
		return movable(c) && !slices.ContainsFunc(lists[1:], func(list []ir.Expr) bool { return !contains(list, c) })
	})
	if len(common) == 0 {
		return []ir.Expr{e}
	}
	for i, list := range lists {
		_, rest := split(list, func(c ir.Expr) bool { return contains(common, c) })
		if len(rest) == 0 {
			return common
		}
		branches[i] = ir.And(rest...)
	}
	return append(common, or(branches))
}

// disjuncts lists the operands of a condition's ORs.
func disjuncts(e ir.Expr) []ir.Expr {
	if c, ok := e.(*ir.Call); ok && c.Fn == "OR" {
		return append(disjuncts(c.Args[0]), disjuncts(c.Args[1])...)
	}
	return []ir.Expr{e}
}

// or is true where one of the conditions is.
func or(es []ir.Expr) ir.Expr {
	out := es[0]
	for _, e := range es[1:] {
		t := types.Of(types.Boolean).WithNull(out.Type().Nullable || e.Type().Nullable)
		out = ir.NewCall("OR", 0, []ir.Expr{out, e}, t, e.Pos())
	}
	return out
}

func contains(es []ir.Expr, e ir.Expr) bool {
	return slices.ContainsFunc(es, func(x ir.Expr) bool { return x.String() == e.String() })
}

// onSide is what a condition of both inputs of a join says of one of them: for
// each operand of its ORs the part that looks at this input. ok is false where
// an operand has none.
func onSide(e ir.Expr, of side, width int) (cond ir.Expr, ok bool) {
	branches := disjuncts(e)
	for i, b := range branches {
		own, _ := split(ir.Conjuncts(b), func(c ir.Expr) bool { return movable(c) && sideOf(c, width) == of })
		if len(own) == 0 {
			return nil, false
		}
		branches[i] = ir.And(own...)
	}
	return or(branches), len(branches) > 1
}
