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

// windowGroups finds the aggregations by windows, which give a row out when the
// window is over, and puts the clock where windows are of processing time.
func windowGroups(s *ir.Sink, c *Context) {
	if c.Batch {
		return
	}
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		switch r := r.(type) {
		case *ir.Window:
			if in := r.In; timeAt(in, r.Time) == types.Proctime && in.Op() != ir.OpWatermark {
				r.In = ir.NewWatermark(in, r.Time, ir.NewColumnRef(in.P().Schema, r.Time, r.Pos), r.Pos)
			}
		case *ir.Aggregate:
			w, ok := ir.WindowsOf(r)
			if !ok || w.Attribute == types.NoAttribute {
				return r
			}
			r.Window = &ir.GroupWindow{End: w.End[0], Local: w.Local}
			r.Mode = r.Yields(false, true)
		}
		return r
	})
}
