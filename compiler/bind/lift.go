package bind

import (
	"slices"

	"pyfc/ir"
)

// The operators through which conditions with parameters are lifted; Filter and
// Project are in decorrelate.go.

// liftAggregate groups by what the conditions compare with, too. Without GROUP
// BY there would be a row for no rows.
func (u *decorrelator) liftAggregate(a *ir.Aggregate) lifted {
	in, keys := u.keyed(u.lift(a.In))
	group := slices.Clone(a.Group)
	for _, k := range keys {
		group = append(group, k.local.(*ir.ColumnRef).Index)
	}
	names := a.Schema[len(a.Group):].Names()
	agg := ir.NewAggregate(in.rel, group, a.Calls, names, a.Pos)
	// The columns of the query first, the keys behind them.
	order := span(0, len(a.Group))
	order = append(order, span(len(group), len(a.Calls))...)
	order = append(order, span(len(a.Group), len(keys))...)
	out := lifted{rel: reordered(agg, order)}
	for i := range keys {
		keys[i].local = ir.NewColumnRef(out.rel.P().Schema, len(a.Schema)+i, u.pos)
	}
	out.conds = u.conditions(keys)
	if a.Global {
		for _, c := range a.Calls {
			out.empty = append(out.empty, u.ofNothing(c))
		}
	}
	return out
}

// ofNothing is the value of an aggregate function of no rows.
func (u *decorrelator) ofNothing(c ir.AggCall) ir.Expr {
	switch {
	case c.Type.Nullable:
		return ir.NewConst(c.Type, nil, u.pos)
	case c.Type.Integer():
		return ir.NewConst(c.Type, int64(0), u.pos)
	}
	u.b.planned(c.Pos, "sql", "a correlated sub-query with "+c.Fn)
	return ir.NewConst(c.Type.WithNull(true), nil, u.pos)
}

func span(first, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = first + i
	}
	return out
}

// reordered has columns of rel in another order.
func reordered(rel ir.Rel, order []int) ir.Rel {
	schema := rel.P().Schema
	columns, names := make([]ir.Expr, len(order)), make([]string, len(order))
	for i, at := range order {
		columns[i], names[i] = ir.NewColumnRef(schema, at, rel.P().Pos), schema[at].Name
	}
	return ir.NewProject(rel, columns, names, rel.P().Pos)
}

// liftJoin lifts through a join. What an inner join is about goes on up; the
// other kinds see which rows match, so that the parameters must have their
// values among the columns of the side whose rows they keep.
func (u *decorrelator) liftJoin(j *ir.Join) lifted {
	switch j.Kind {
	case ir.FullJoin:
		u.b.planned(u.pos, "sql", "a correlated sub-query with FULL JOIN")
		return lifted{rel: j}
	case ir.RightJoin:
		return u.lift(flipped(j))
	}
	left, right := u.settled(u.lift(j.Left)), u.settled(u.lift(j.Right))
	own, free := u.split(j.Cond)
	for _, k := range j.Equi {
		own = append(own, u.equality(j, k))
	}
	wasLeft := len(j.Left.P().Schema)
	if j.Kind != ir.InnerJoin && len(free)+len(right.conds) > 0 {
		if used := slices.Concat(free, right.conds); len(u.params(u.replace(left.conds, used)...)) > 0 {
			left = u.overValues(left, used...)
		}
	}
	isLeft, isRight := len(left.rel.P().Schema), len(right.rel.P().Schema)
	own = moved(own, wasLeft, isLeft)
	free = append(moved(free, wasLeft, isLeft), moved(right.conds, 0, isLeft)...)
	conds := slices.Clone(left.conds)
	if j.Kind == ir.InnerJoin {
		conds = append(conds, free...)
	} else {
		own = append(own, u.replace(left.conds, free)...)
	}
	rel := u.joinOn(j.Kind, left.rel, right.rel, own)
	if j.Kind.LeftOnly() {
		return lifted{rel: rel, conds: conds}
	}
	return rearranged(rel, conds, []int{wasLeft, isLeft - wasLeft, len(j.Right.P().Schema), isRight - len(j.Right.P().Schema)})
}

// equality is a join's key as a condition over the columns of both sides.
func (u *decorrelator) equality(j *ir.Join, k ir.JoinKey) ir.Expr {
	both := j.InputSchema()
	x, y := ir.NewColumnRef(both, k.Left, j.Pos), ir.NewColumnRef(both, len(j.Left.P().Schema)+k.Right, j.Pos)
	if k.NullSafe {
		return newSame(x, y)
	}
	return u.b.compare("=", x, y, j.Pos)
}

// rearranged puts the four parts of a join's columns, whose widths are given,
// into the order first, third, second, fourth: the query's columns first.
func rearranged(rel ir.Rel, conds []ir.Expr, widths []int) lifted {
	order := span(0, widths[0])
	order = append(order, span(widths[0]+widths[1], widths[2])...)
	order = append(order, span(widths[0], widths[1])...)
	order = append(order, span(widths[0]+widths[1]+widths[2], widths[3])...)
	to := map[int]int{}
	for i, at := range order {
		to[at] = i
	}
	out := lifted{rel: reordered(rel, order)}
	for _, c := range conds {
		out.conds = append(out.conds, ir.Remap(c, to))
	}
	return out
}

// flipped is a right join as a left one, with its columns in the old order.
func flipped(j *ir.Join) ir.Rel {
	left, right := len(j.Left.P().Schema), len(j.Right.P().Schema)
	f := ir.NewJoin(ir.LeftJoin, j.Right, j.Left, nil, j.Pos)
	to := map[int]int{}
	for i := range left {
		to[i] = right + i
	}
	for i := range right {
		to[left+i] = i
	}
	if j.Cond != nil {
		f.Cond = ir.Remap(j.Cond, to)
	}
	for _, k := range j.Equi {
		f.Equi = append(f.Equi, ir.JoinKey{Left: k.Right, Right: k.Left, NullSafe: k.NullSafe})
	}
	f.Update()
	return reordered(f, append(span(right, left), span(0, right)...))
}

// liftUnion keeps the parameters' values in each input.
func (u *decorrelator) liftUnion(x *ir.Union) lifted {
	var all []ir.Expr
	inputs := make([]lifted, len(x.In))
	for i, in := range x.In {
		inputs[i] = u.settled(u.lift(in))
		all = append(all, inputs[i].conds...)
	}
	params := u.params(all...)
	rels := make([]ir.Rel, len(inputs))
	for i, in := range inputs {
		rels[i] = u.inOrder(u.overValues(in, all...), len(x.Schema), params)
	}
	union := ir.NewUnion(rels, x.Pos)
	out := lifted{rel: union}
	for i, p := range params {
		out.conds = append(out.conds, newSame(p, ir.NewColumnRef(union.Schema, len(x.Schema)+i, u.pos)))
	}
	return out
}

// inOrder is l with the query's columns and the values of params behind them.
func (u *decorrelator) inOrder(l lifted, width int, params []*param) ir.Rel {
	columns, names := allColumns(l.rel.P().Schema[:width], u.pos)
	es := make([]ir.Expr, len(params))
	for i, p := range params {
		es[i] = p
		names = append(names, p.name)
	}
	return ir.NewProject(l.rel, append(columns, u.replace(l.conds, es)...), names, u.pos)
}

// liftCorrelate passes the columns on that conditions read.
func (u *decorrelator) liftCorrelate(c *ir.Correlate) lifted {
	in := u.settled(u.lift(c.In))
	was, now := len(c.In.P().Schema), len(in.rel.P().Schema)
	rel := ir.NewCorrelate(in.rel, c.Column, c.ElementNames(), c.Outer, c.Pos)
	return rearranged(rel, in.conds, []int{was, now - was, len(c.Schema) - was, 0})
}

// liftOver parts the rows by what the conditions compare with, too.
func (u *decorrelator) liftOver(o *ir.Over) lifted {
	in, keys := u.keyed(u.lift(o.In))
	partition := slices.Clone(o.Partition)
	for _, k := range keys {
		partition = append(partition, k.local.(*ir.ColumnRef).Index)
	}
	was, now := len(o.In.P().Schema), len(in.rel.P().Schema)
	rel := ir.NewOver(in.rel, partition, o.Order, o.Calls, o.Schema[was:].Names(), o.Pos)
	return rearranged(rel, in.conds, []int{was, now - was, len(o.Calls), 0})
}

// liftExpand passes the columns on that conditions read, in each projection.
func (u *decorrelator) liftExpand(e *ir.Expand) lifted {
	in := u.settled(u.lift(e.In))
	if es := u.replace(in.conds, e.Exprs()); len(u.params(es...)) > 0 {
		in = u.overValues(in, es...)
	}
	read := ir.Columns(in.conds...)
	names := e.Schema.Names()
	to := map[int]int{}
	for i, c := range read {
		to[c] = len(e.Schema) + i
		names = append(names, in.rel.P().Schema[c].Name)
	}
	projects := make([][]ir.Expr, len(e.Projects))
	for i, p := range e.Projects {
		projects[i] = u.replace(in.conds, p)
		for _, c := range read {
			projects[i] = append(projects[i], ir.NewColumnRef(in.rel.P().Schema, c, u.pos))
		}
	}
	out := ir.NewExpand(in.rel, projects, names, e.Pos)
	if e.Times != nil {
		out.Times = u.replace(in.conds, []ir.Expr{e.Times})[0]
	}
	l := lifted{rel: out}
	for _, c := range in.conds {
		l.conds = append(l.conds, ir.Remap(c, to))
	}
	return l
}
