package opt

import (
	"slices"

	"pyfc/ir"
	"pyfc/ir/types"
)

// dropWatermarks takes away the watermarks that nothing waits for, so that
// conditions and projections reach the source. The time stays a time attribute.
func dropWatermarks(s *ir.Sink, _ *Context) { s.In = withoutMarks(s.In, false) }

// withoutMarks is r without watermarks; waited says that something above waits
// for them.
func withoutMarks(r ir.Rel, waited bool) ir.Rel {
	waited = waited || waits(r)
	for i, in := range r.Inputs() {
		r.SetInput(i, withoutMarks(in, waited))
	}
	w, ok := r.(*ir.Watermark)
	if !ok || waited {
		return r
	}
	w.In.P().Schema = slices.Clone(w.Schema)
	return w.In
}

// waits reports whether what an operator yields, or when it forgets rows, is
// decided by the time of events.
func waits(r ir.Rel) bool {
	switch r := r.(type) {
	case *ir.Window:
		return timeAt(r.In, r.Time) == types.Rowtime
	case *ir.Over:
		return len(r.Order) > 0 && timeOf(r.In, r.Order[0]) == types.Rowtime
	case *ir.Sort:
		return len(r.Order) > 0 && timeOf(r.In, r.Order[0]) == types.Rowtime
	case *ir.Join:
		return withinInterval(r)
	}
	return false
}

// timeAt is the time attribute that a column is.
func timeAt(r ir.Rel, column int) types.TimeAttribute { return r.P().Schema[column].Type.Time }

// addClocks puts the clock in front of windows of processing time, which are
// over by it.
func addClocks(s *ir.Sink, c *Context) {
	if c.Batch {
		return
	}
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		if w, ok := r.(*ir.Window); ok && timeAt(w.In, w.Time) == types.Proctime && w.In.Op() != ir.OpWatermark {
			w.In = ir.NewWatermark(w.In, w.Time, ir.NewColumnRef(w.In.P().Schema, w.Time, w.Pos), w.Pos)
		}
		return r
	})
}
