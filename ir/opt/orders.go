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
	case s.ByTime():
		refuseUpdates(s, "ORDER BY a time attribute", c)
	case endless && c.enabled(sortsAnyColumn):
	case endless && len(s.Order) > 0 && timeOf(s.In, s.Order[0]) == types.Proctime && !s.Order[0].Desc:
		c.Diags.Errorf(diag.PlanPlanned, s.Pos, "ORDER BY processing time and other columns isn't supported yet in a streaming job").WithMissing("operator", "TemporalSort")
	case endless:
		c.Diags.Errorf(diag.RefusedByFlink, s.Pos, "a streaming job can't sort on a column that isn't a time attribute, since it would have to wait for the last row").
			WithHint("add LIMIT, or use the batch mode")
	}
}

func checkOver(o *ir.Over, c *Context) {
	if !c.Batch {
		checkTimeOver(o, c)
		return
	}
	for _, call := range o.Calls {
		if call.Distinct {
			c.Diags.Errorf(diag.RefusedByFlink, call.Pos, "Flink has no %s of DISTINCT values over a window in batch mode", call.Fn)
		}
	}
}

// checkTimeOver refuses windows of a streaming job that aren't the rows up to
// each row in the order of a time attribute, the same ones for all functions.
func checkTimeOver(o *ir.Over, c *Context) {
	refuse := func(format string, args ...any) *diag.Diagnostic {
		return c.Diags.Errorf(diag.RefusedByFlink, o.Pos, format, args...)
	}
	switch {
	case len(o.Order) == 0 || timeOf(o.In, o.Order[0]) == types.NoAttribute:
		refuse("the windows of OVER in a streaming job must be ordered by a time attribute").
			WithHint("use the batch mode; ROW_NUMBER() with a condition on it, WHERE rn <= n, also runs in streaming mode")
		return
	case len(o.Order) > 1:
		refuse("the windows of OVER in a streaming job must be ordered by a time attribute alone")
		return
	case o.Order[0].Desc:
		refuse("the windows of OVER in a streaming job must be ordered by ascending time")
		return
	}
	for _, call := range o.Calls {
		switch {
		case call.Fn == "DENSE_RANK":
			c.Diags.Errorf(diag.PlanPlanned, call.Pos, "%s over a window isn't supported yet in a streaming job", call.Fn).WithMissing("operator", "OverAggregate")
			return
		case call.Frame == nil && !slices.Contains(looksBack, call.Fn):
			refuse("Flink has no %s over a window in streaming mode", call.Fn)
			return
		case call.Frame != nil && (call.Frame.From.Kind >= ir.CurrentRow || call.Frame.To.Kind != ir.CurrentRow):
			refuse("the windows of OVER in a streaming job must reach from rows before the current one up to that one").WithHint("BETWEEN … PRECEDING AND CURRENT ROW does")
			return
		}
	}
	if !o.OneFrame() {
		refuse("all functions over windows of a streaming job must have the same window").
			WithHint("ROW_NUMBER() is over ROWS, functions without a frame of their own over RANGE")
		return
	}
	refuseUpdates(o, "OVER", c)
}

// looksBack are the functions over windows that need no row behind the current
// one.
var looksBack = []string{"ROW_NUMBER", "RANK", "LAG"}

// refuseUpdates reports an operator that takes insertions only over rows that
// are updated.
func refuseUpdates(r ir.Rel, what string, c *Context) {
	if r.Inputs()[0].P().Mode.Updating() {
		c.Diags.Errorf(diag.RefusedByFlink, r.P().Pos, "%s in a streaming job doesn't support consuming update changes, which its input yields", what)
	}
}
