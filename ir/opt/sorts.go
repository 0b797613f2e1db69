package opt

import (
	"pyfc/ir"
	"pyfc/ir/diag"
)

// checkSorts refuses orders that Flink doesn't keep, most of them in streaming
// jobs, which would have to see all rows first.
func checkSorts(s *ir.Sink, c *Context) {
	ir.Walk(s, func(r ir.Rel) {
		sort, ok := r.(*ir.Sort)
		switch {
		case !ok:
		case c.Batch && sort.Order != nil && sort.Limit == ir.NoLimit && sort.Offset > 0:
			c.Diags.Errorf(diag.RefusedByFlink, sort.Pos, "Flink doesn't sort with OFFSET and without LIMIT").WithHint("add LIMIT")
		case c.Batch:
		case sort.Limit == ir.NoLimit && sort.Offset > 0:
			c.Diags.Errorf(diag.RefusedByFlink, sort.Pos, "a streaming job can't leave out the first rows of a result that has no last one").
				WithHint("add LIMIT, or use the batch mode")
		case sort.Limit == ir.NoLimit:
			c.Diags.Errorf(diag.RefusedByFlink, sort.Pos, "a streaming job can't sort on a column that isn't a time attribute, since it would have to wait for the last row").
				WithHint("add LIMIT, or use the batch mode")
		default:
			c.Diags.Errorf(diag.PlanPlanned, sort.Pos, "LIMIT of a streaming query isn't supported yet").WithMissing("operator", "Rank")
		}
	})
}
