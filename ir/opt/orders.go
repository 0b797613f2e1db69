package opt

import (
	"pyfc/ir"
	"pyfc/ir/diag"
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
	case endless:
		c.Diags.Errorf(diag.RefusedByFlink, s.Pos, "a streaming job can't sort on a column that isn't a time attribute, since it would have to wait for the last row").
			WithHint("add LIMIT, or use the batch mode")
	}
}

func checkOver(o *ir.Over, c *Context) {
	in := o.In.P().Schema
	timed := len(o.Order) > 0 && in[o.Order[0].Column].Type.Timestamp()
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
