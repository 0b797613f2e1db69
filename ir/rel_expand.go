package ir

import (
	"slices"

	"pyfc/ir/diag"
)

// Expand yields for each row one row per projection, for the grouping sets, or
// the same row several times.
type Expand struct {
	unary
	Projects [][]Expr // each in the order of the schema
	// Times, if not nil, is how often each of these rows comes: a BIGINT that
	// isn't NULL; none for a negative one.
	Times Expr
}

// Op implements Rel.
func (*Expand) Op() Op { return OpExpand }

// Exprs implements Rel.
func (e *Expand) Exprs() []Expr {
	out := slices.Concat(e.Projects...)
	if e.Times != nil {
		out = append(out, e.Times)
	}
	return out
}

// MapExprs implements Rel.
func (e *Expand) MapExprs(f func(Expr) Expr) {
	for _, p := range e.Projects {
		mapExprs(p, f)
	}
	if e.Times != nil {
		e.Times = f(e.Times)
	}
}

// NewExpand computes each projection over in. Their columns have the same types
// but for nullability.
func NewExpand(in Rel, projects [][]Expr, names []string, pos diag.Pos) *Expand {
	e := &Expand{Projects: projects}
	e.In, e.Pos, e.Mode = in, pos, in.P().Mode
	for i, name := range names {
		t := projects[0][i].Type()
		for _, p := range projects {
			t.Nullable = t.Nullable || p[i].Type().Nullable
		}
		e.Schema = append(e.Schema, Column{Name: name, Type: t})
	}
	return e
}

// NewRepeat yields each row as often as times says.
func NewRepeat(in Rel, columns []Expr, times Expr, names []string, pos diag.Pos) *Expand {
	e := NewExpand(in, [][]Expr{columns}, names, pos)
	e.Times = times
	return e
}

func (e *Expand) copied() Rel {
	c := *e
	c.Projects = slices.Clone(e.Projects)
	for i, p := range c.Projects {
		c.Projects[i] = slices.Clone(p)
	}
	return &c
}
