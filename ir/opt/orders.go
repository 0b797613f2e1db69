package opt

import (
	"math"
	"slices"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/agg"
)

// checkOrders refuses orders that Flink doesn't keep, most of them in streaming
// jobs, which would have to see all rows first.
func checkOrders(s *ir.Sink, c *Context) {
	tops := map[*ir.Over]bool{}
	ir.Walk(s, func(r ir.Rel) {
		if f, ok := r.(*ir.Filter); ok && c.Batch {
			if o, ok := f.In.(*ir.Over); ok {
				tops[o] = isTop(f, o)
			}
		}
	})
	ir.Walk(s, func(r ir.Rel) {
		switch r := r.(type) {
		case *ir.Sort:
			checkSort(r, c)
		case *ir.Over:
			checkOver(r, c)
			if c.Batch && !tops[r] {
				checkRanks(r, c)
			}
		}
	})
}

// isTop reports whether a filter leaves the first ranks of an Over: PyFlink 1.20.1
// has an operator of its own for these in batch mode.
func isTop(f *ir.Filter, o *ir.Over) bool {
	if len(o.Calls) != 1 || o.Calls[0].Fn != agg.RankDecl.Name {
		return false
	}
	_, to, _ := rankRange(f, len(o.In.P().Schema))
	return to != math.MaxInt64
}

// checkRanks refuses ranks in an order that batch mode can't find equal rows of.
func checkRanks(o *ir.Over, c *Context) {
	for _, call := range o.Calls {
		if !slices.Contains(comparesRows, call.Fn) {
			continue
		}
		for _, by := range o.Order {
			if t := o.In.P().Schema[by.Column].Type; t.Kind == types.Row || t.Kind == types.Array {
				c.Diags.Errorf(diag.RefusedByFlink, call.Pos, "PyFlink 1.20.1 has no %s in the order of %s", call.Fn, t)
				return
			}
		}
	}
}

// comparesRows are the functions over windows that give equal rows the same.
var comparesRows = []string{agg.RankDecl.Name, agg.DenseRankDecl.Name, agg.PercentRankDecl.Name}

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
		looks := call.Fn == agg.LagDecl.Name || call.Fn == agg.LeadDecl.Name
		if t := call.Type; looks && slices.Contains(neverLookedAt, t.Kind) {
			c.Diags.Errorf(diag.RefusedByFlink, call.Pos, "Flink has no %s of %s in batch mode", call.Fn, t)
		}
	}
}

// neverLookedAt are the kinds of values that LAG and LEAD don't find in batch mode.
var neverLookedAt = []types.Kind{types.TimestampLTZ, types.VarBinary, types.Array, types.Map, types.IntervalDayTime}

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
