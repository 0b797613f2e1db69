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
	if slices.ContainsFunc(r.Exprs(), ir.TellsProgress) {
		return true
	}
	switch r := r.(type) {
	case *ir.Window:
		return timeAt(r.In, r.Time) == types.Rowtime
	case *ir.Over:
		return len(r.Order) > 0 && timeOf(r.In, r.Order[0]) == types.Rowtime
	case *ir.Sort:
		return len(r.Order) > 0 && timeOf(r.In, r.Order[0]) == types.Rowtime
	case *ir.Join:
		return r.Interval != nil && timeAt(r.Left, r.Interval.Left) == types.Rowtime
	}
	return false
}

// timeAt is the time attribute that a column is.
func timeAt(r ir.Rel, column int) types.TimeAttribute { return r.P().Schema[column].Type.Time }

// addClocks puts the clock in front of windows and intervals of processing time,
// which are over by it.
func addClocks(s *ir.Sink, c *Context) {
	if c.Batch {
		return
	}
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		switch r := r.(type) {
		case *ir.Window:
			r.In = clocked(r.In, r.Time)
		case *ir.Join:
			if r.Interval != nil {
				r.Left, r.Right = clocked(r.Left, r.Interval.Left), clocked(r.Right, r.Interval.Right)
			}
		}
		return r
	})
}

// clocked is a relation with watermarks by the clock, if its time is that.
func clocked(r ir.Rel, time int) ir.Rel {
	if timeAt(r, time) != types.Proctime || r.Op() == ir.OpWatermark {
		return r
	}
	return ir.NewWatermark(r, time, ir.NewColumnRef(r.P().Schema, time, r.P().Pos), r.P().Pos)
}

// watermarkGrains says how coarse a watermark may be: where nothing but windows
// on a grid waits, only one that passes a point of it ends a window or makes a
// row late.
func watermarkGrains(sinks []*ir.Sink, _ *Context) {
	grains := map[*ir.Watermark]int64{}
	each := map[*ir.Watermark]bool{} // of which every watermark counts
	var walk func(r ir.Rel, grain int64, every bool)
	walk = func(r ir.Rel, grain int64, every bool) {
		if w, ok := r.(*ir.Window); ok && !w.Sessions() {
			grain = divisor(grain, gridOf(w))
		} else if waits(r) {
			every = true
		}
		for _, in := range r.Inputs() {
			walk(in, grain, every)
		}
		if w, ok := r.(*ir.Watermark); ok {
			grains[w], each[w] = divisor(grains[w], grain), each[w] || every
		}
	}
	for _, s := range sinks {
		walk(s.In, 0, false)
	}
	for w, grain := range grains {
		if timeAt(w, w.Time) == types.Rowtime && !each[w] {
			w.Grain = grain
		}
	}
}

// zoneGrain divides what clocks of zones differ by from UTC, in milliseconds.
const zoneGrain = 30_000

// gridOf is what divides all ends of windows, in milliseconds since the epoch.
func gridOf(w *ir.Window) int64 {
	a := w.Assigner
	grid := divisor(divisor(a.Size, a.Step), a.Offset)
	if w.In.P().Schema[w.Time].Type.Kind == types.TimestampLTZ {
		grid = divisor(grid, zoneGrain)
	}
	return grid
}

// divisor is the greatest common one.
func divisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
