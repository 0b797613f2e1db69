package opt

import (
	"slices"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// checkOrders refuses orders that Flink doesn't keep, most of them in streaming
// jobs, which would have to see all rows first.
func checkOrders(s *ir.Sink, c *Context) {
	ir.Walk(s, func(r ir.Rel) {
		switch r := r.(type) {
		case *ir.Sort:
			checkSort(r, c)
		case *ir.Over:
			checkOver(r, c)
		case *ir.Join:
			checkInterval(r, c)
		}
	})
}

func checkSort(s *ir.Sort, c *Context) {
	endless := s.Limit == ir.NoLimit
	switch {
	case c.Batch && endless && s.Order != nil && s.Offset > 0:
		c.Diags.Errorf(diag.RefusedByFlink, s.Pos, "Flink doesn't sort with OFFSET and without LIMIT").WithHint("add LIMIT")
	case c.Batch:
	case endless && s.Offset > 0:
		c.Diags.Errorf(diag.RefusedByFlink, s.Pos, "a streaming job can't leave out the first rows of a result that has no last one").
			WithHint("add LIMIT, or use the batch mode")
	case endless && c.enabled(sortsAnyColumn):
	case endless && len(s.Order) > 0 && timeOf(s.In, s.Order[0]) != types.NoAttribute && !s.Order[0].Desc:
		c.Diags.Errorf(diag.PlanPlanned, s.Pos, "ORDER BY a time attribute isn't supported yet in a streaming job").WithMissing("operator", "TemporalSort")
	case endless:
		c.Diags.Errorf(diag.RefusedByFlink, s.Pos, "a streaming job can't sort on a column that isn't a time attribute, since it would have to wait for the last row").
			WithHint("add LIMIT, or use the batch mode")
	}
}

func checkOver(o *ir.Over, c *Context) {
	timed := len(o.Order) > 0 && timeOf(o.In, o.Order[0]) != types.NoAttribute
	switch {
	case c.Batch:
		for _, call := range o.Calls {
			if call.Distinct {
				c.Diags.Errorf(diag.RefusedByFlink, call.Pos, "Flink has no %s of DISTINCT values over a window in batch mode", call.Fn)
			}
		}
	case timed:
		c.Diags.Errorf(diag.PlanPlanned, o.Pos, "OVER in a streaming job isn't supported yet").WithMissing("operator", "OverAggregate")
	default:
		c.Diags.Errorf(diag.RefusedByFlink, o.Pos, "the windows of OVER in a streaming job must be ordered by a time attribute").
			WithHint("use the batch mode; ROW_NUMBER() with a condition on it, WHERE rn <= n, also runs in streaming mode")
	}
}

// checkInterval reports a join of rows within an interval of time: rows are
// forgotten with the watermark, and those without a match come with it.
func checkInterval(j *ir.Join, c *Context) {
	if !c.Batch && withinInterval(j) {
		c.Diags.Errorf(diag.PlanPlanned, j.Pos, "a join of rows within an interval of time isn't supported yet in a streaming job").
			WithMissing("operator", "IntervalJoin")
	}
}

// withinInterval reports whether the rows of a join lie within an interval of
// time of each other.
func withinInterval(j *ir.Join) bool {
	if j.Kind.LeftOnly() || j.Left.P().Mode.Updating() || j.Right.P().Mode.Updating() {
		return false
	}
	in, width := j.InputSchema(), len(j.Left.P().Schema)
	timed := func(e ir.Expr, left bool) bool {
		return slices.ContainsFunc(ir.Columns(e), func(i int) bool { return (i < width) == left && in[i].Type.Time != types.NoAttribute })
	}
	var lower, upper bool
	for _, k := range j.Equi {
		if in[k.Left].Type.Time != types.NoAttribute && in[width+k.Right].Type.Time != types.NoAttribute {
			lower, upper = true, true
		}
	}
	for _, e := range ir.Conjuncts(j.Cond) {
		call, ok := e.(*ir.Call)
		if !ok || len(call.Args) != 2 {
			continue
		}
		x, y := call.Args[0], call.Args[1]
		straight := timed(x, true) && timed(y, false)
		if !straight && !(timed(x, false) && timed(y, true)) {
			continue
		}
		switch call.Fn {
		case "<", "<=":
			lower, upper = lower || !straight, upper || straight
		case ">", ">=":
			lower, upper = lower || straight, upper || !straight
		}
	}
	return lower && upper
}
