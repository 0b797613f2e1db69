package opt

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/ir"
)

// insertExchanges brings rows of one key together where an operator needs
// that and they aren't yet.
func insertExchanges(s *ir.Sink, c *Context) {
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		switch r := r.(type) {
		case *ir.Aggregate:
			r.In = ir.NewExchange(r.In, r.Group)
		case *ir.Window:
			if r.Sessions() {
				r.In = ir.NewExchange(r.In, r.Partition)
			}
		case *ir.Normalize:
			r.In = ir.NewExchange(r.In, r.Key)
		case *ir.Materialize:
			r.In = ir.NewExchange(r.In, r.Key)
		case *ir.Rank:
			r.In = ir.NewExchange(r.In, r.Partition)
		case *ir.Over:
			r.In = ir.NewExchange(r.In, r.Partition)
		case *ir.Sort:
			r.In = ir.NewExchange(partialSort(r), nil)
		case *ir.Join:
			var left, right ir.Key
			for _, k := range r.Equi {
				left, right = append(left, k.Left), append(right, k.Right)
			}
			r.Left, r.Right = ir.NewExchange(r.Left, left), ir.NewExchange(r.Right, right)
		}
		return r
	})
	if s.Key != nil && !distributedBy(s.In, s.Key) {
		s.In = ir.NewExchange(s.In, s.Key)
	}
}

// partialSort is what of a sort runs before all rows are brought together: each
// subtask needs to pass on no more rows than the limit lets through.
func partialSort(s *ir.Sort) ir.Rel {
	if s.Limit == ir.NoLimit {
		return s.In
	}
	part := ir.NewSort(s.In, s.Order, 0, s.End(), s.Pos)
	part.Partial = true
	return part
}

// distributedBy reports whether rows that agree on key are in one subtask
// already.
func distributedBy(r ir.Rel, key ir.Key) bool {
	switch r := r.(type) {
	case *ir.Project:
		below := ir.Key{}
		for _, i := range key {
			if c, ok := r.Columns[i].(*ir.ColumnRef); ok {
				below = append(below, c.Index)
			}
		}
		return distributedBy(r.In, below)
	case *ir.Bridge, *ir.Correlate:
		in := r.Inputs()[0]
		below := ir.Key{}
		for _, i := range key {
			if i < len(in.P().Schema) {
				below = append(below, i)
			}
		}
		return distributedBy(in, below)
	case *ir.Over, *ir.Rank:
		in := r.Inputs()[0]
		return distributedBy(in, slices.DeleteFunc(slices.Clone(key), func(i int) bool { return i >= len(in.P().Schema) }))
	case *ir.Filter, *ir.Sort, *ir.Normalize, *ir.Materialize, *ir.Watermark:
		return distributedBy(r.Inputs()[0], key)
	case *ir.Aggregate:
		groups := ir.Key{}
		for i := range r.Group {
			groups = append(groups, i)
		}
		return key.Contains(groups)
	case *ir.Join:
		return joinDistributes(r, key)
	case *ir.Exchange:
		return key.Contains(r.Key)
	}
	return false
}

// joinDistributes reports whether a join brings rows that agree on key
// together: those of one join key are, and so are pairs that agree on either
// side of it, unless that side may be filled up with NULLs.
func joinDistributes(j *ir.Join, key ir.Key) bool {
	width := len(j.Left.P().Schema)
	var left, right ir.Key
	for _, k := range j.Equi {
		left, right = append(left, k.Left), append(right, width+k.Right)
	}
	return !j.Kind.KeepsRight() && key.Contains(left) ||
		!j.Kind.KeepsLeft() && !j.Kind.LeftOnly() && key.Contains(right)
}

// number names the operators by kind and place in the job: "scan1",
// "aggregate4". The same plan gets the same names, so that state is found
// again.
func number(sinks []*ir.Sink, c *Context) {
	eachOnce(sinks, func(r ir.Rel) {
		c.numbered++
		r.P().UID = fmt.Sprintf("%s%d", strings.ToLower(r.Op().String()), c.numbered)
	})
}
