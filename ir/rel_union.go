package ir

import (
	"slices"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Union yields the rows of all its inputs: UNION ALL.
type Union struct {
	Props
	In []Rel
}

// Op implements Rel.
func (*Union) Op() Op { return OpUnion }

// P implements Rel.
func (u *Union) P() *Props { return &u.Props }

// Inputs implements Rel.
func (u *Union) Inputs() []Rel { return slices.Clone(u.In) }

// SetInput implements Rel.
func (u *Union) SetInput(i int, in Rel) { u.In[i] = in }

// Exprs implements Rel.
func (*Union) Exprs() []Expr { return nil }

// MapExprs implements Rel.
func (*Union) MapExprs(func(Expr) Expr) {}

// NewUnion yields the rows of all inputs, of which there is one at least. Their
// columns must have the same types but for nullability and the lengths of
// VARCHAR, of which the greatest counts; the binder's casts see to that. The
// names are the first input's.
func NewUnion(inputs []Rel, pos diag.Pos) *Union {
	u := &Union{In: inputs}
	u.Pos = pos
	u.Derive()
	return u
}

// Derive sets schema and row kinds by what the inputs are now. A union has no
// unique key: a row may come from several inputs.
func (u *Union) Derive() {
	u.Schema, u.Mode, u.Keys = slices.Clone(u.In[0].P().Schema), 0, nil
	for _, in := range u.In {
		u.Mode |= in.P().Mode
		for i, c := range in.P().Schema {
			t := &u.Schema[i].Type
			t.Nullable = t.Nullable || c.Type.Nullable
			if t.Kind == types.VarChar && c.Type.Kind == types.VarChar {
				t.Precision = max(t.Precision, c.Type.Precision)
			}
		}
	}
}
