package opt

import (
	"slices"

	"pyfc/ir"
	"pyfc/ir/types"
)

// orderJoins changes the order of inner joins where the script's order pairs
// all rows of two inputs although equalities lead from one input to the next:
//
//	FROM a, b, c WHERE a.x = c.x AND b.y = c.y  →  a ⋈ c ⋈ b, not a × b ⋈ c
//
// Of the inputs that an equality leads to, the script's first comes next. A
// streaming job keeps the script's order, as in PyFlink 1.20.1: the unique keys
// and with them what sinks are told depend on it.
func orderJoins(s *ir.Sink, c *Context) {
	if c.Batch {
		s.In = orderBelow(s.In)
	}
}

func orderBelow(r ir.Rel) ir.Rel {
	j, ok := r.(*ir.Join)
	if !ok || !reorderable(j) {
		for i, in := range r.Inputs() {
			r.SetInput(i, orderBelow(in))
		}
		return r
	}
	var c joinChain
	c.collect(j)
	for i, in := range c.inputs {
		c.inputs[i] = orderBelow(in)
	}
	parts := c.parts()
	if len(parts) > c.crosses {
		c.replace(j, 0)
		return j
	}
	return c.build(parts, j)
}

// reorderable reports whether a join's inputs can be joined with others first.
func reorderable(j *ir.Join) bool {
	return j.Kind == ir.InnerJoin && !slices.ContainsFunc(ir.Conjuncts(j.Cond), func(e ir.Expr) bool { return !movable(e) })
}

// joinChain is what a tree of inner joins pairs, and by what.
type joinChain struct {
	inputs []ir.Rel
	// inputOf has the input of each column of the tree's schema.
	inputOf []int
	// conds are over the tree's schema.
	conds []ir.Expr
	// crosses counts the joins that no equality brings rows together for.
	crosses int
}

func (c *joinChain) collect(r ir.Rel) {
	j, ok := r.(*ir.Join)
	if !ok || !reorderable(j) {
		for range r.P().Schema {
			c.inputOf = append(c.inputOf, len(c.inputs))
		}
		c.inputs = append(c.inputs, r)
		return
	}
	from := len(c.inputOf)
	c.collect(j.Left)
	first := len(c.inputs)
	c.collect(j.Right)
	conds := shifted(ir.Conjuncts(j.Cond), from)
	if !slices.ContainsFunc(conds, func(e ir.Expr) bool {
		return c.links(e, func(in int) bool { return in < first }, func(in int) bool { return in >= first })
	}) {
		c.crosses++
	}
	c.conds = append(c.conds, conds...)
}

// links reports whether e is an equality between columns of inputs in a and
// columns of inputs in b by which a join can bring rows together.
func (c *joinChain) links(e ir.Expr, a, b func(input int) bool) bool {
	l, r, _, ok := ir.EquiOperands(e)
	if !ok {
		return false
	}
	if _, ok := keyType(l.Type(), r.Type()); !ok {
		return false
	}
	return c.within(l, a) && c.within(r, b) || c.within(l, b) && c.within(r, a)
}

// within reports whether e has columns, all of inputs in set.
func (c *joinChain) within(e ir.Expr, set func(input int) bool) bool {
	columns := ir.Columns(e)
	return len(columns) > 0 && !slices.ContainsFunc(columns, func(i int) bool { return !set(c.inputOf[i]) })
}

// parts are the inputs in the order of joining, in one list if equalities lead
// to all of them.
func (c *joinChain) parts() [][]int {
	var parts [][]int
	left := make([]int, len(c.inputs))
	for i := range left {
		left[i] = i
	}
	for len(left) > 0 {
		part := []int{left[0]}
		left = left[1:]
		for {
			next := slices.IndexFunc(left, func(in int) bool { return c.linked(part, in) })
			if next < 0 {
				break
			}
			part = append(part, left[next])
			left = slices.Delete(left, next, next+1)
		}
		parts = append(parts, part)
	}
	return parts
}

// linked reports whether an equality leads from the inputs in part to input in.
func (c *joinChain) linked(part []int, in int) bool {
	return slices.ContainsFunc(c.conds, func(e ir.Expr) bool {
		return c.links(e, func(i int) bool { return slices.Contains(part, i) }, func(i int) bool { return i == in })
	})
}

// replace puts the inputs back into the joins that they come from, those of r
// being first and following; it returns the next one.
func (c *joinChain) replace(r *ir.Join, first int) int {
	for i, in := range r.Inputs() {
		if j, ok := in.(*ir.Join); ok && reorderable(j) {
			first = c.replace(j, first)
			continue
		}
		r.SetInput(i, c.inputs[first])
		first++
	}
	return first
}

// joined is a part of a chain that has been joined; columns are the places in
// the chain's schema of what it yields.
type joined struct {
	ir.Rel
	columns []int
}

// build joins the inputs of each part in their order, then the parts, and
// yields the columns in the order of the join that it replaces.
func (c *joinChain) build(parts [][]int, before *ir.Join) ir.Rel {
	var all joined
	for _, part := range parts {
		var in joined
		for _, i := range part {
			in = c.join(in, c.input(i), before)
		}
		all = c.join(all, in, before)
	}
	columns := make([]ir.Expr, len(all.columns))
	for at, i := range all.columns {
		columns[i] = ir.NewColumnRef(all.P().Schema, at, before.Pos)
	}
	return ir.NewProject(all.Rel, columns, before.Schema.Names(), before.Pos)
}

func (c *joinChain) input(i int) joined {
	var columns []int
	for column, in := range c.inputOf {
		if in == i {
			columns = append(columns, column)
		}
	}
	return joined{c.inputs[i], columns}
}

// join pairs the rows of a, if it is one, and b for which those of the
// remaining conditions are true that look at no other input.
func (c *joinChain) join(a, b joined, before *ir.Join) joined {
	if a.Rel == nil {
		return b
	}
	columns := slices.Concat(a.columns, b.columns)
	to := map[int]int{}
	for at, i := range columns {
		to[i] = at
	}
	now, later := split(c.conds, func(e ir.Expr) bool {
		return !slices.ContainsFunc(ir.Columns(e), func(i int) bool { _, has := to[i]; return !has })
	})
	c.conds = later
	for i, e := range now {
		now[i] = ir.Remap(e, to)
	}
	schema := slices.Concat[types.Schema](a.P().Schema, b.P().Schema)
	return joined{ir.NewJoin(ir.InnerJoin, a.Rel, b.Rel, ir.And(over(now, schema)...), before.Pos), columns}
}
