package opt

import (
	"slices"

	"pyfc/ir"
	"pyfc/ir/types"
	agglist "pyfc/rt/agg/list"
)

// bucketDistinct computes an aggregate with DISTINCT in two steps: by
// its keys and the values themselves, and then by its keys.
//
//	Aggregate group=(a) calls=(COUNT(DISTINCT b), MIN(c))
//	→ Aggregate group=(a) calls=($SUM0(n), MIN(m))
//	    Aggregate group=(a, b', c') calls=(COUNT(DISTINCT b) FILTER, MIN(c) FILTER)
//	      Expand (a, b, c, b, NULL, TRUE, FALSE), (a, b, c, NULL, c, FALSE, TRUE)
//
// PyFlink splits values by 1024 buckets of their hashes; a bucket for each value
// shows the same changes but for values that share one, as DOUBLEs of few digits
// do. With mini-batches the changes between don't show, and there is nothing to
// gain.
func bucketDistinct(s *ir.Sink, c *Context) {
	if c.Batch || !c.on(splitsDistinct) || c.on(miniBatch) {
		return
	}
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		if a, ok := r.(*ir.Aggregate); ok && a.Window == nil {
			if split := splitAggregate(a); split != nil {
				return split
			}
		}
		return r
	})
}

// finals are the functions that complete the partial results of a function. The
// values of those that are bucketed come into the group of their own value.
var finals = map[string]struct {
	fn       string
	bucketed bool
}{
	"COUNT": {"$SUM0", false}, "SUM": {"SUM", false}, "$SUM0": {"$SUM0", false}, "LISTAGG": {"LISTAGG", false},
	"MIN": {"MIN", true}, "MAX": {"MAX", true}, "FIRST_VALUE": {"FIRST_VALUE", true}, "LAST_VALUE": {"LAST_VALUE", true},
}

// splitAggregate is the aggregate in two steps; nil where it can't be split, or
// counts nothing DISTINCT.
func splitAggregate(a *ir.Aggregate) ir.Rel {
	buckets, rest, ok := bucketsOf(a)
	if !ok {
		return nil
	}
	in := a.In
	calls := slices.Clone(a.Calls)
	group := slices.Clone(a.Group)
	if sets := len(buckets); sets == 1 {
		group = append(group, buckets[0])
	} else {
		if rest {
			sets++
		}
		width := len(in.P().Schema)
		for i := range buckets {
			group = append(group, width+i)
		}
		in, calls = expandBuckets(a, buckets, sets)
	}
	names := a.Schema.Names()[len(a.Group):]
	partial := ir.NewAggregate(in, group, calls, names, a.Pos)
	partial.Retention = a.Retention
	keys := make([]int, len(a.Group))
	for i := range keys {
		keys[i] = i
	}
	completed := make([]ir.AggCall, len(calls))
	for i, call := range a.Calls {
		completed[i] = ir.AggCall{Fn: finals[call.Fn].fn, Args: []int{len(group) + i}, Filter: -1, Type: call.Type, Pos: call.Pos}
	}
	out := ir.NewAggregate(partial, keys, completed, names, a.Pos)
	out.Retention = a.Retention
	return out
}

// bucketsOf are the columns by whose values the aggregate is split, in the order
// in which its calls read them; rest says that there are calls that read none of
// them. ok is false where it can't be split.
func bucketsOf(a *ir.Aggregate) (buckets []int, rest, ok bool) {
	for _, call := range a.Calls {
		d, known := agglist.Lookup(call.Fn)
		final, splits := finals[call.Fn]
		late := !call.Type.Nullable && final.fn != "$SUM0" // it would be NULL until a row of its bucket comes
		if !known || !splits || late || len(call.Args) > 1 {
			return nil, false, false
		}
		distinct := call.Distinct && !d.Idempotent
		ok = ok || distinct
		switch {
		case !distinct && !final.bucketed:
			rest = true
		case !slices.Contains(buckets, call.Args[0]):
			buckets = append(buckets, call.Args[0])
		}
	}
	return buckets, rest, ok && len(buckets) > 0
}

// expandBuckets makes a row for each bucket of a row of the input, and one of none
// for the other calls: behind its columns those of the buckets, NULL but for its
// own, and one for each call that says whether the row counts. It returns the
// calls with these filters.
func expandBuckets(a *ir.Aggregate, buckets []int, sets int) (ir.Rel, []ir.AggCall) {
	schema := a.In.P().Schema
	names := schema.Names()
	boolean := types.Of(types.Boolean)
	calls := slices.Clone(a.Calls)
	projects := make([][]ir.Expr, sets)
	for set := range projects {
		for i := range schema {
			projects[set] = append(projects[set], ir.NewColumnRef(schema, i, a.Pos))
		}
		for i, column := range buckets {
			value := ir.Expr(ir.NewConst(schema[column].Type.WithNull(true).WithTime(types.NoAttribute), nil, a.Pos))
			if i == set {
				value = ir.NewColumnRef(schema, column, a.Pos)
			}
			projects[set] = append(projects[set], value)
		}
		for _, call := range a.Calls {
			own := sets - 1
			if call.Distinct || finals[call.Fn].bucketed {
				own = slices.Index(buckets, call.Args[0])
			}
			counts := ir.Expr(ir.NewConst(boolean.NotNull(), own == set, a.Pos))
			if own == set && call.Filter >= 0 {
				counts = ir.NewColumnRef(schema, call.Filter, a.Pos)
			}
			projects[set] = append(projects[set], counts)
		}
	}
	for _, column := range buckets {
		names = append(names, schema[column].Name)
	}
	for i := range calls {
		calls[i].Filter = len(names)
		names = append(names, a.Schema[len(a.Group)+i].Name)
	}
	return ir.NewExpand(a.In, projects, names, a.Pos), calls
}
