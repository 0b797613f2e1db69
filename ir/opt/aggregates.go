package opt

import (
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	agglist "pyfc/rt/agg/list"
)

// checkAggregates reports aggregate calls that no accumulator computes yet:
// those that must take values back, and those of DISTINCT values.
func checkAggregates(s *ir.Sink, c *Context) {
	ir.Walk(s, func(r ir.Rel) {
		a, ok := r.(*ir.Aggregate)
		if !ok {
			return
		}
		in := a.In.P()
		for i := range a.Calls {
			call := &a.Calls[i]
			arg := types.Invalid
			if len(call.Args) > 0 {
				arg = in.Schema[call.Args[0]].Type.Kind
			}
			d, ok := agglist.Lookup(call.Fn)
			if !ok {
				c.planned(call.Pos, call.Fn)
				continue
			}
			call.Distinct = call.Distinct && !d.Idempotent
			switch o, ok := d.For(arg); {
			case !ok:
				c.planned(call.Pos, call.Fn+" of "+arg.String())
			case call.Distinct:
				c.planned(call.Pos, call.Fn+" of DISTINCT values")
			case in.Mode.Updating() && !o.Retracts:
				c.planned(call.Pos, call.Fn+" over rows that are updated")
			}
		}
	})
}

// planned reports a function that is known but isn't run yet.
func (c *Context) planned(pos diag.Pos, function string) {
	c.Diags.Errorf(diag.PlanPlanned, pos, "%s isn't supported yet", function).WithMissing("function", function)
}
