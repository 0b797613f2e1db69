package opt

import (
	"fmt"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// splitJoins takes the equalities between both inputs out of joins' conditions.
// What a side compares, if it is computed, becomes a column of its input:
//
//	Join (a#0 + 1 = b#1)  →  Project(a, b) · Join on=($key0 = b) · Project(a, a + 1)
func splitJoins(s *ir.Sink, c *Context) {
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		if j, ok := r.(*ir.Join); ok && j.Cond != nil {
			return splitJoin(j, c)
		}
		return r
	})
}

// joinSplitter collects what becomes of a join's condition.
type joinSplitter struct {
	*ir.Join
	width int
	rest  []ir.Expr
	// left and right are computed columns to be appended to the inputs.
	left, right []ir.Expr
}

func splitJoin(j *ir.Join, c *Context) ir.Rel {
	s := &joinSplitter{Join: j, width: len(j.Left.P().Schema)}
	var above []ir.Expr
	for _, e := range ir.Conjuncts(j.Cond) {
		switch side := sideOf(e, s.width); {
		case s.key(e):
		case !callsUDF([]ir.Expr{e}):
			s.rest = append(s.rest, e)
		case side != leftSide|rightSide:
			s.rest = append(s.rest, s.column(e, side))
		case j.Kind == ir.InnerJoin:
			above = append(above, e)
		default:
			c.Diags.Errorf(diag.PlanPlanned, e.Pos(), "a Python function of both inputs in the condition of a %s join isn't supported", j.Kind).
				WithMissing("operator", "Python function in an outer join's condition")
		}
	}
	return filtered(s.build(), above)
}

// key takes an equality as a key, if it is one between the inputs.
func (s *joinSplitter) key(e ir.Expr) bool {
	l, r, nullSafe, ok := ir.EquiOperands(e)
	if !ok {
		return false
	}
	if sideOf(l, s.width) == rightSide {
		l, r = r, l
	}
	if sideOf(l, s.width) != leftSide || sideOf(r, s.width) != rightSide {
		return false
	}
	t, ok := keyType(l.Type(), r.Type())
	if !ok {
		return false
	}
	l, r = convert(l, t), convert(r, t)
	s.Equi = append(s.Equi, ir.JoinKey{Left: s.position(l, leftSide), Right: s.position(r, rightSide), NullSafe: nullSafe})
	return true
}

// keyType is the type in which equal values are the same bytes.
func keyType(l, r types.Type) (types.Type, bool) {
	switch {
	case l.SameRoot(r), l.Text() && r.Text(), l.Binary() && r.Binary(), l.Kind == r.Kind && l.Temporal():
		return types.Type{}, true
	case l.Numeric() && r.Numeric():
		return types.CommonNumber(l, r), true
	}
	return types.Type{}, false
}

// convert casts e to t, if t is a type and another one.
func convert(e ir.Expr, t types.Type) ir.Expr {
	if !t.Valid() || e.Type().SameRoot(t) {
		return e
	}
	return ir.NewCast(e, t.WithNull(e.Type().Nullable), true, false, e.Pos())
}

// position is where e, which looks at one side only, stands in that input.
func (s *joinSplitter) position(e ir.Expr, of side) int {
	in, extra := s.Left, &s.left
	if of == rightSide {
		in, extra = s.Right, &s.right
		e = shifted([]ir.Expr{e}, -s.width)[0]
	}
	if c, ok := e.(*ir.ColumnRef); ok {
		return c.Index
	}
	*extra = append(*extra, e)
	return len(in.P().Schema) + len(*extra) - 1
}

// column makes e a column of the input that it looks at. Columns of the right
// one are renumbered by build.
func (s *joinSplitter) column(e ir.Expr, of side) ir.Expr {
	if of == neither {
		of = leftSide
	}
	return &appended{e, s.position(e, of), of}
}

// appended refers to a column that its input gets.
type appended struct {
	ir.Expr
	at int // in that input
	of side
}

func (*appended) Operands() []ir.Expr              { return nil }
func (a *appended) WithOperands([]ir.Expr) ir.Expr { return a }

// build is the join over inputs with the computed columns, without those in
// what it yields.
func (s *joinSplitter) build() ir.Rel {
	j := s.Join
	before := j.Schema
	j.Left = withColumns(j.Left, s.left, j)
	j.Right = withColumns(j.Right, s.right, j)
	place := func(c int) int {
		if c >= s.width {
			return c + len(s.left)
		}
		return c
	}
	for i, e := range s.rest {
		in := j.InputSchema()
		s.rest[i] = ir.MapExpr(e, func(e ir.Expr) ir.Expr {
			switch x := e.(type) {
			case *appended:
				at := x.at
				if x.of == rightSide {
					at = place(s.width + at)
				}
				return ir.NewColumnRef(in, at, x.Pos())
			case *ir.ColumnRef:
				return ir.NewColumnRef(in, place(x.Index), x.Pos())
			}
			return e
		})
	}
	j.Cond = ir.And(s.rest...)
	if len(s.left)+len(s.right) == 0 {
		j.Update()
		return j
	}
	to := map[int]int{}
	for i := range before {
		to[i] = place(i)
	}
	j.Renumber(to)
	columns := make([]ir.Expr, len(before))
	for i := range columns {
		columns[i] = ir.NewColumnRef(j.Schema, place(i), j.Pos)
	}
	return ir.NewProject(j, columns, before.Names(), j.Pos)
}

// withColumns appends computed columns to a join's input.
func withColumns(in ir.Rel, extra []ir.Expr, j *ir.Join) ir.Rel {
	if len(extra) == 0 {
		return in
	}
	names := in.P().Schema.Names()
	columns := append(passOn(in, len(names)), extra...)
	for i := range extra {
		names = append(names, fmt.Sprintf("$key%d", i))
	}
	return ir.NewProject(in, columns, names, j.Pos)
}
