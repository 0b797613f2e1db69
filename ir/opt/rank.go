package opt

import (
	"math"
	"slices"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// findRanks makes a Rank of what a streaming job can only run as one: ORDER BY
// or none with LIMIT, and ROW_NUMBER() with a condition on it. LIMIT 0 has no
// rows in either mode.
func findRanks(s *ir.Sink, c *Context) {
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		switch r := r.(type) {
		case *ir.Sort:
			switch {
			case r.Limit == 0:
				return noRows(r)
			case c.Batch:
			case r.Limit != ir.NoLimit:
				return rankBy(r.In, nil, r.Order, r.Offset+1, r.End(), "", r.Pos)
			case r.Offset == 0 && len(r.Order) == 1 && byArrival(r.In, r.Order[0]):
				return r.In
			}
		case *ir.Filter:
			if o, ok := r.In.(*ir.Over); ok && !c.Batch {
				return rankOf(r, o, c)
			}
		}
		return r
	})
}

// rankBy makes a Rank. Rows come in the order of the time at which they are
// processed, so that this is none to sort by.
func rankBy(in ir.Rel, partition []int, order ir.Order, from, to int64, name string, pos diag.Pos) *ir.Rank {
	if i := slices.IndexFunc(order, func(c ir.Collation) bool { return byArrival(in, c) }); i >= 0 {
		order = order[:i:i]
	}
	return ir.NewRank(in, partition, order, from, to, name, pos)
}

// deduplicate sets up a Rank that keeps one row by a time attribute, of
// insertions: the latest of equal ones, if the last is wanted.
func deduplicate(r *ir.Rank, by ir.Collation) {
	if !by.Desc {
		return
	}
	r.Strategy = ir.RankLast
	if timeOf(r.In, by) == types.Proctime {
		r.Order = nil
	}
}

// timeOf is the time attribute that a collation is by.
func timeOf(in ir.Rel, c ir.Collation) types.TimeAttribute {
	return in.P().Schema[c.Column].Type.Time
}

// byArrival reports whether the order of a collation is that in which rows come.
func byArrival(in ir.Rel, c ir.Collation) bool { return timeOf(in, c) == types.Proctime && !c.Desc }

func noRows(r ir.Rel) ir.Rel {
	v := &ir.Values{}
	*v.P() = *r.P()
	v.Mode = ir.Append
	return v
}

// rankOf makes a Rank of a filter over the number of rows. Where the condition
// leaves one number, it is a constant.
func rankOf(f *ir.Filter, o *ir.Over, c *Context) ir.Rel {
	if len(o.Calls) != 1 || !numbersRows(o.Calls[0].Fn) {
		return f
	}
	call, width := o.Calls[0], len(o.In.P().Schema)
	if call.Fn != "ROW_NUMBER" {
		c.Diags.Errorf(diag.RefusedByFlink, call.Pos, "Flink has no %s() in streaming mode", call.Fn).WithHint("ROW_NUMBER() runs there")
		return f
	}
	from, to, rest := rankRange(f, width)
	switch {
	case to == math.MaxInt64:
		c.Diags.Errorf(diag.RefusedByFlink, f.Pos, "a streaming job must know the last number of a rank").
			WithHint("add a condition such as %s <= 10", o.Schema[width].Name)
		return f
	case from > to:
		return noRows(f)
	}
	name := o.Schema[width].Name
	if from == to {
		name = ""
	}
	rank := rankBy(o.In, o.Partition, o.Order, from, to, name, o.Pos)
	if from == 1 && to == 1 && len(o.Order) == 1 && timeOf(o.In, o.Order[0]) != types.NoAttribute {
		if o.In.P().Mode.Updating() {
			c.Diags.Errorf(diag.RefusedByFlink, o.Pos, "Flink doesn't keep the first or latest row by a time attribute of rows that are updated").
				WithHint("order by another column")
			return f
		}
		deduplicate(rank, o.Order[0])
	}
	var out ir.Rel = rank
	if from == to {
		columns := append(passOn(out, width), ir.NewConst(call.Type, from, call.Pos))
		out = ir.NewProject(out, columns, o.Schema.Names(), o.Pos)
	}
	if len(rest) > 0 {
		out = ir.NewFilter(out, ir.And(rest...), f.Pos)
	}
	return out
}

func numbersRows(fn string) bool { return fn == "ROW_NUMBER" || fn == "RANK" || fn == "DENSE_RANK" }

// rankRange are the bounds that the conditions set for a column, from 1 up to
// the greatest number, and the other conditions.
func rankRange(f *ir.Filter, column int) (from, to int64, rest []ir.Expr) {
	from, to = 1, math.MaxInt64
	for _, e := range ir.Conjuncts(f.Cond) {
		low, high, ok := bounds(e, column)
		if !ok {
			rest = append(rest, e)
			continue
		}
		from, to = max(from, low), min(to, high)
	}
	return from, to, rest
}

// bounds are the numbers that a comparison of a column with a constant leaves.
func bounds(e ir.Expr, column int) (low, high int64, ok bool) {
	call, isCall := e.(*ir.Call)
	if !isCall || len(call.Args) != 2 {
		return 0, 0, false
	}
	op, x, y := call.Fn, call.Args[0], call.Args[1]
	if _, swapped := x.(*ir.Const); swapped {
		x, y = y, x
		op = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}[op]
	}
	ref, isRef := x.(*ir.ColumnRef)
	c, isConst := y.(*ir.Const)
	if !isRef || !isConst || ref.Index != column {
		return 0, 0, false
	}
	n, isInt := c.Value.(int64)
	if !isInt {
		return 0, 0, false
	}
	low, high = 1, math.MaxInt64
	switch op {
	case "=":
		low, high = n, n
	case "<":
		high = n - 1
	case "<=":
		high = n
	case ">":
		low = n + 1
	case ">=":
		low = n
	default:
		return 0, 0, false
	}
	return low, high, true
}

// rankStrategies chooses what each Rank makes of its input, as Flink does: rows
// that only come, rows that rise by a key, or any. It asks which kinds come in
// as if all were wanted.
func rankStrategies(r ir.Rel, c *Context) {
	ir.Walk(r, func(r ir.Rel) {
		rank, ok := r.(*ir.Rank)
		if !ok {
			return
		}
		in := rank.In.P()
		if rank.Strategy == ir.RankLast {
			return
		}
		rank.Strategy = ir.RankRetract
		switch {
		case slices.ContainsFunc(rank.Order, func(o ir.Collation) bool { return timeOf(rank.In, o) == types.Proctime }):
			c.Diags.Errorf(diag.PlanPlanned, rank.Pos, "the latest rows by processing time, more than one of them, aren't supported yet").
				WithMissing("operator", "Rank")
		case !in.Mode.Updating():
			rank.Strategy = ir.RankAppend
		case !in.Mode.Has(ir.Deletes) && rises(rank):
			i := slices.IndexFunc(in.Keys, func(k ir.Key) bool { return k.Contains(rank.Partition) })
			if i >= 0 {
				rank.Strategy, rank.Key = ir.RankUpdate, in.Keys[i]
			}
		}
		if rank.Strategy == ir.RankRetract && len(rank.Order) == 0 && rank.From > 1 {
			c.Diags.Errorf(diag.PlanPlanned, rank.Pos, "OFFSET without ORDER BY over rows that are updated isn't supported yet").
				WithMissing("operator", "Limit")
		}
	})
}

// rises reports whether updates can only move a row forward in its order.
func rises(r *ir.Rank) bool {
	return len(r.Order) > 0 && !slices.ContainsFunc(r.Order, func(c ir.Collation) bool {
		switch trendOf(r.In, c.Column) {
		case constant:
			return false
		case rising:
			return !c.Desc
		case falling:
			return c.Desc
		}
		return true
	})
}

// trend says how updates of a row change a column of it.
type trend uint8

const (
	unknown trend = iota
	constant
	rising
	falling
)

// trendOf is the trend of a column of r.
func trendOf(r ir.Rel, column int) trend {
	switch r := r.(type) {
	case *ir.Scan:
		return constant
	case *ir.Filter, *ir.Watermark:
		return trendOf(r.Inputs()[0], column)
	case *ir.Project:
		if c, ok := r.Columns[column].(*ir.ColumnRef); ok {
			return trendOf(r.In, c.Index)
		}
	case *ir.Aggregate:
		return aggregateTrend(r, column)
	}
	return unknown
}

// aggregateTrend is the trend of a column over rows that only come.
func aggregateTrend(a *ir.Aggregate, column int) trend {
	if a.In.P().Mode.Updating() {
		return unknown
	}
	for i := range a.In.P().Schema {
		if trendOf(a.In, i) == unknown {
			return unknown
		}
	}
	if column < len(a.Group) {
		return constant
	}
	if a.OfTable() {
		return unknown
	}
	switch call := a.Calls[column-len(a.Group)]; call.Fn {
	case "COUNT", "MAX":
		return rising
	case "MIN":
		return falling
	}
	return unknown
}
