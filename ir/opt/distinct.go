package opt

import (
	"slices"

	"pyfc/ir"
	agglist "pyfc/rt/agg/list"
)

// splitDistinct computes aggregates of different values in two steps, in batch
// mode where all of them are of the same columns:
//
//	Aggregate group=(k) calls=(COUNT(DISTINCT x))  →  Aggregate group=(k) calls=(COUNT(x)) · Aggregate group=(k, x)
//
// A set of values within an accumulator has to fit into memory; groups may lie in
// files, and those of one k be found by several subtasks.
func splitDistinct(s *ir.Sink, c *Context) {
	if !c.Batch {
		return
	}
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		a, ok := r.(*ir.Aggregate)
		if !ok {
			return r
		}
		if columns, ok := distinctColumns(a); ok {
			return inTwoSteps(a, columns)
		}
		return r
	})
}

// distinctColumns are the columns whose different values are all that a computes
// with; ok is false where it looks at others, at all rows or at their order.
func distinctColumns(a *ir.Aggregate) (columns []int, ok bool) {
	for _, c := range a.Calls {
		if !c.Distinct {
			continue
		}
		args := slices.Compact(slices.Sorted(slices.Values(c.Args)))
		if columns == nil {
			columns = args
		}
		if !slices.Equal(columns, args) {
			return nil, false
		}
	}
	for _, c := range a.Calls {
		d, known := agglist.Lookup(c.Fn)
		unordered := c.Distinct && slices.Contains(orderless, c.Fn) || known && d.Idempotent && within(c.Args, columns)
		if c.Filter >= 0 || !unordered {
			return nil, false
		}
	}
	return columns, columns != nil
}

// orderless are the aggregates that don't depend on the order of their values.
var orderless = []string{"COUNT", "SUM", "SUM0", "AVG", "VAR_POP", "VAR_SAMP", "STDDEV_POP", "STDDEV_SAMP"}

func within(some, all []int) bool {
	return !slices.ContainsFunc(some, func(c int) bool { return !slices.Contains(all, c) })
}

func inTwoSteps(a *ir.Aggregate, columns []int) ir.Rel {
	all := union(a.Group, columns)
	values := ir.NewAggregate(a.In, all, nil, nil, a.Pos)
	values.Retention = a.Retention
	values.Mode = a.Mode
	place := map[int]int{}
	for i, c := range all {
		place[c] = i
	}
	group := make([]int, len(a.Group))
	for i := range group {
		group[i] = i
	}
	calls := slices.Clone(a.Calls)
	for i := range calls {
		calls[i].Distinct = false
		calls[i].Args = slices.Clone(calls[i].Args)
		for j, c := range calls[i].Args {
			calls[i].Args[j] = place[c]
		}
	}
	out := ir.NewAggregate(values, group, calls, a.Schema.Names()[len(a.Group):], a.Pos)
	out.Retention = a.Retention
	out.Mode, out.Schema, out.Keys, out.Global = a.Mode, a.Schema, a.Keys, a.Global
	return out
}
