package opt

import (
	"slices"

	"pyfc/ir"
)

// A hash join takes its right input into memory. chooseBuildSides exchanges the
// inputs of a join in batch mode whose left one is much the smaller, as far as
// sources tell how much they hold when the job is built.
func chooseBuildSides(s *ir.Sink, c *Context) {
	if !c.Batch {
		return
	}
	exchanged := false
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		j, ok := r.(*ir.Join)
		if !ok || j.Kind.LeftOnly() || !smaller(j.Left, j.Right) {
			return r
		}
		exchanged = true
		return exchange(j)
	})
	if exchanged {
		mergeProjects(s, c)
	}
}

// muchSmaller is how many times the size of the other input an input must have
// for them to be exchanged: sizes are estimates.
const muchSmaller = 2

func smaller(left, right ir.Rel) bool {
	l, okL := sizeOf(left)
	r, okR := sizeOf(right)
	return okL && okR && l*muchSmaller < r
}

// exchange is the join with its inputs exchanged, and its columns in their order.
func exchange(j *ir.Join) ir.Rel {
	left, right := len(j.Left.P().Schema), len(j.Right.P().Schema)
	to := map[int]int{}
	for i := range left + right {
		to[i] = (i + right) % (left + right)
	}
	kind := j.Kind
	switch kind {
	case ir.LeftJoin:
		kind = ir.RightJoin
	case ir.RightJoin:
		kind = ir.LeftJoin
	}
	out := &ir.Join{Kind: kind, Cond: j.Cond}
	out.Left, out.Right, out.Pos = j.Right, j.Left, j.Pos
	for _, k := range j.Equi {
		out.Equi = append(out.Equi, ir.JoinKey{Left: k.Right, Right: k.Left, NullSafe: k.NullSafe})
	}
	out.MapExprs(func(e ir.Expr) ir.Expr { return ir.Remap(e, to) })
	out.Schema = slices.Clone(j.Schema)
	out.Renumber(to)
	columns := make([]ir.Expr, len(j.Schema))
	for i := range columns {
		columns[i] = ir.NewColumnRef(out.Schema, to[i], j.Pos)
	}
	return ir.NewProject(out, columns, j.Schema.Names(), j.Pos)
}

// What is left of rows, as an estimate, and the bytes of one that is made.
const (
	passFilter = 0.25
	passGroup  = 0.5
	madeRow    = 100
)

// sizeOf estimates what a relation yields in bytes of its sources; ok is false
// where a source can't tell.
func sizeOf(r ir.Rel) (bytes float64, ok bool) {
	switch r := r.(type) {
	case *ir.Scan:
		return sizeOfScan(r)
	case *ir.Values:
		return float64(len(r.Rows) * madeRow), true
	case *ir.Join:
		left, ok := sizeOf(r.Left)
		if !ok || r.Kind.LeftOnly() {
			return left, ok
		}
		right, ok := sizeOf(r.Right)
		return max(left, right), ok
	case *ir.Union:
		for _, in := range r.In {
			n, ok := sizeOf(in)
			if !ok {
				return 0, false
			}
			bytes += n
		}
		return bytes, true
	}
	bytes, ok = sizeOf(r.Inputs()[0])
	switch r := r.(type) {
	case *ir.Filter, *ir.Rank:
		bytes *= passFilter
	case *ir.Aggregate:
		if bytes *= passGroup; len(r.Group) == 0 {
			bytes = madeRow
		}
	case *ir.Expand:
		bytes *= float64(len(r.Projects))
	case *ir.Sort:
		if r.Limit != ir.NoLimit {
			bytes = min(bytes, float64(r.Limit*madeRow))
		}
	}
	return bytes, ok
}

func sizeOfScan(s *ir.Scan) (bytes float64, ok bool) {
	size := connectorOf(s.Table).Size
	if size == nil {
		return 0, false
	}
	n, ok := size(declared(s.Table))
	bytes = float64(n) * float64(len(s.Read)) / float64(len(s.Table.Columns))
	if s.Partitions != nil || s.Filter != nil {
		bytes *= passFilter
	}
	return bytes, ok
}
