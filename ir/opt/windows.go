package opt

import (
	"pyfc/ir"
	"pyfc/ir/diag"
)

// checkWindows reports windows over unbounded inputs, whose results come with
// the watermark.
func checkWindows(s *ir.Sink, c *Context) {
	if c.Batch {
		return
	}
	ir.Walk(s, func(r ir.Rel) {
		if w, ok := r.(*ir.Window); ok {
			c.Diags.Errorf(diag.PlanPlanned, w.Pos, "%s isn't supported in streaming mode yet", w.Assigner.Kind).
				WithMissing("sql", w.Assigner.Kind.String())
		}
	})
}
