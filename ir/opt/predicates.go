package opt

import (
	"slices"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/fn"
	fnlist "pyfc/rt/fn/list"
)

// pushPredicates moves conditions towards the sources, as far as they keep
// their meaning: through projections, correlations and unions, below aggregations by whose
// groups they choose, and into and below joins, to both inputs where they look at
// keys alone. An outer join whose rows without a match a condition rejects becomes
// one that doesn't make them.
func pushPredicates(s *ir.Sink, _ *Context) { s.In = pushInto(s.In, nil) }

// pushInto is r with only the rows for which conds, over its columns, are true.
func pushInto(r ir.Rel, conds []ir.Expr) ir.Rel {
	switch r := r.(type) {
	case *ir.Filter:
		return pushFilter(r, conds)
	case *ir.Project:
		return pushProject(r, conds)
	case *ir.Aggregate:
		return pushAggregate(r, conds)
	case *ir.Union:
		for i, in := range r.In {
			r.In[i] = pushInto(in, over(conds, in.P().Schema))
		}
		return r
	case *ir.Correlate:
		return pushCorrelate(r, conds)
	case *ir.Join:
		return pushJoin(r, conds)
	}
	for i, in := range r.Inputs() {
		r.SetInput(i, pushInto(in, nil))
	}
	return filtered(r, conds)
}

// filtered is r behind a filter, if there are conditions.
func filtered(r ir.Rel, conds []ir.Expr) ir.Rel {
	if len(conds) == 0 {
		return r
	}
	return ir.NewFilter(r, ir.And(conds...), conds[0].Pos())
}

// pushFilter takes a filter's conditions down with the others; those that
// cannot move stay.
func pushFilter(f *ir.Filter, conds []ir.Expr) ir.Rel {
	moving, staying := split(conjuncts(f.Cond), movable)
	if len(moving) == 0 || len(conds) == 0 && !worthwhile(f.In) {
		f.In = pushInto(f.In, conds)
		return f
	}
	in := pushInto(f.In, append(moving, conds...))
	if len(staying) == 0 {
		if top, ok := in.(*ir.Filter); ok {
			top.Pos = f.Pos
		}
		return in
	}
	f.In, f.Cond = in, ir.And(staying...)
	return f
}

// worthwhile reports whether a condition can do more below r than above it:
// where only projections without calls of Python functions, and filters, follow
// down to a source it can't.
func worthwhile(r ir.Rel) bool {
	switch r := r.(type) {
	case *ir.Project:
		return callsUDF(r.Columns) || worthwhile(r.In)
	case *ir.Filter:
		return worthwhile(r.In)
	case *ir.Correlate, *ir.Join, *ir.Union, *ir.Aggregate, *ir.Over:
		return true
	}
	return false
}

// pushCorrelate moves the conditions that don't look at the elements.
func pushCorrelate(c *ir.Correlate, conds []ir.Expr) ir.Rel {
	width := len(c.In.P().Schema)
	moving, staying := split(conds, func(e ir.Expr) bool {
		return !slices.ContainsFunc(ir.Columns(e), func(i int) bool { return i >= width })
	})
	c.In = pushInto(c.In, over(moving, c.In.P().Schema))
	return filtered(c, staying)
}

func pushProject(p *ir.Project, conds []ir.Expr) ir.Rel {
	moving, staying := split(conds, func(e ir.Expr) bool {
		return worthwhile(p) && movable(substitute(e, p.Columns))
	})
	for i, e := range moving {
		moving[i] = substitute(e, p.Columns)
	}
	p.In = pushInto(p.In, moving)
	return filtered(p, staying)
}

// pushAggregate moves the conditions that only look at the groups.
func pushAggregate(a *ir.Aggregate, conds []ir.Expr) ir.Rel {
	moving, staying := split(conds, func(e ir.Expr) bool {
		columns := ir.Columns(e)
		return len(columns) > 0 && !slices.ContainsFunc(columns, func(c int) bool { return c >= len(a.Group) })
	})
	to := map[int]int{}
	for i, g := range a.Group {
		to[i] = g
	}
	for i, e := range moving {
		moving[i] = ir.Remap(e, to)
	}
	a.In = pushInto(a.In, moving)
	return filtered(a, staying)
}

// pushJoin gives each input the conditions that only look at it, unless rows
// that they reject are wanted all the same; what looks at both stays above, or
// goes into the condition of an inner join.
func pushJoin(j *ir.Join, above []ir.Expr) ir.Rel {
	j.Kind = simplified(j, above)
	width := len(j.Left.P().Schema)
	var left, right, both, stay []ir.Expr
	for _, e := range above {
		switch side := sideOf(e, width); {
		case side == leftSide && !j.Kind.KeepsRight():
			left = append(left, e)
		case side == rightSide && !j.Kind.KeepsLeft() && !j.Kind.LeftOnly():
			right = append(right, e)
		case j.Kind == ir.InnerJoin:
			both = append(both, e)
		default:
			stay = append(stay, e)
		}
	}
	var on []ir.Expr
	for _, e := range append(conjuncts(j.Cond), both...) {
		switch side := sideOf(e, width); {
		case !movable(e):
			on = append(on, e)
		case side == leftSide && !j.Kind.KeepsLeft() && j.Kind != ir.AntiJoin:
			left = append(left, e)
		case side == rightSide && !j.Kind.KeepsRight():
			right = append(right, e)
		default:
			on = append(on, e)
		}
	}
	j.Cond = ir.And(over(on, j.InputSchema())...)
	forLeft, forRight := implied(j, right, left), implied(j, left, right)
	for _, e := range on {
		if cond, ok := onSide(e, leftSide, width); ok {
			forLeft = append(forLeft, cond)
		}
		if cond, ok := onSide(e, rightSide, width); ok {
			forRight = append(forRight, cond)
		}
	}
	if !j.Kind.KeepsLeft() && j.Kind != ir.AntiJoin {
		left = append(left, forLeft...)
	}
	if !j.Kind.KeepsRight() {
		right = append(right, forRight...)
	}
	j.Left = pushInto(j.Left, over(left, j.Left.P().Schema))
	j.Right = pushInto(j.Right, over(shifted(right, -width), j.Right.P().Schema))
	j.Update()
	return filtered(j, stay)
}

// simplified is the kind of the join once the conditions above it have rejected
// what they don't let through.
func simplified(j *ir.Join, above []ir.Expr) ir.JoinKind {
	width := len(j.Left.P().Schema)
	rejects := func(s side) bool {
		return slices.ContainsFunc(above, func(e ir.Expr) bool {
			return never(e, true, func(c int) bool { return (c < width) == (s == leftSide) })
		})
	}
	kind := j.Kind
	if kind.KeepsLeft() && rejects(rightSide) {
		kind = map[ir.JoinKind]ir.JoinKind{ir.LeftJoin: ir.InnerJoin, ir.FullJoin: ir.RightJoin}[kind]
	}
	if kind.KeepsRight() && rejects(leftSide) {
		kind = map[ir.JoinKind]ir.JoinKind{ir.RightJoin: ir.InnerJoin, ir.FullJoin: ir.LeftJoin}[kind]
	}
	return kind
}

// never reports whether e cannot have the given truth value while the columns
// in null are NULL.
func never(e ir.Expr, value bool, null func(int) bool) bool {
	if always(e, null) {
		return true
	}
	switch e := e.(type) {
	case *ir.Const:
		v, ok := e.Value.(bool)
		return ok && v != value
	case *ir.Call:
		one := func(a ir.Expr) bool { return never(a, value, null) }
		switch e.Fn {
		case "AND", "OR":
			if (e.Fn == "AND") == value {
				return slices.ContainsFunc(e.Args, one)
			}
			return !slices.ContainsFunc(e.Args, func(a ir.Expr) bool { return !one(a) })
		case "NOT":
			return never(e.Args[0], !value, null)
		case "IS NULL":
			return !value && always(e.Args[0], null)
		case "IS NOT NULL":
			return value && always(e.Args[0], null)
		}
	}
	return false
}

// always reports whether e is NULL while the columns in null are.
func always(e ir.Expr, null func(int) bool) bool {
	switch e := e.(type) {
	case *ir.ColumnRef:
		return null(e.Index)
	case *ir.Const:
		return e.Value == nil
	case *ir.Cast:
		return always(e.Arg, null)
	case *ir.Call:
		d, ok := fnlist.Lookup(e.Fn)
		return ok && d.Overloads[e.Overload].Null == fn.Strict &&
			slices.ContainsFunc(e.Args, func(a ir.Expr) bool { return always(a, null) })
	}
	return false
}

// side says which inputs of a join an expression looks at.
type side uint8

const (
	neither   side = 0
	leftSide  side = 1
	rightSide side = 2
)

func sideOf(e ir.Expr, width int) side {
	s := neither
	for _, c := range ir.Columns(e) {
		if c < width {
			s |= leftSide
		} else {
			s |= rightSide
		}
	}
	return s
}

// shifted are the expressions over columns that stand n further.
func shifted(es []ir.Expr, n int) []ir.Expr {
	out := make([]ir.Expr, len(es))
	for i, e := range es {
		to := map[int]int{}
		for _, c := range ir.Columns(e) {
			to[c] = c + n
		}
		out[i] = ir.Remap(e, to)
	}
	return out
}

// over are the expressions over columns of the same places in another schema,
// in which they may be NOT NULL.
func over(es []ir.Expr, s types.Schema) []ir.Expr {
	out := make([]ir.Expr, len(es))
	for i, e := range es {
		out[i] = ir.MapExpr(e, func(e ir.Expr) ir.Expr {
			if c, ok := e.(*ir.ColumnRef); ok {
				return ir.NewColumnRef(s, c.Index, c.Pos())
			}
			return e
		})
	}
	return out
}

// movable reports whether an expression may be computed elsewhere, for other
// rows and as often as it takes. As in Flink one that asks for the watermark
// moves: it asks for that of the input it looks at.
func movable(e ir.Expr) bool {
	ok := e.Type().Kind != types.Invalid && (!ir.Volatile(e) || ir.TellsProgress(e))
	ir.WalkExpr(e, func(e ir.Expr) {
		if _, calls := e.(*ir.UDFCall); calls {
			ok = false
		}
	})
	return ok
}

// split parts the expressions for which is holds from the others.
func split(es []ir.Expr, is func(ir.Expr) bool) (yes, no []ir.Expr) {
	for _, e := range es {
		if is(e) {
			yes = append(yes, e)
		} else {
			no = append(no, e)
		}
	}
	return yes, no
}
