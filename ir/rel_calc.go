package ir

import (
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Column is a named type.
type Column = types.Column

// Project computes one output column per expression.
type Project struct {
	unary
	Columns []Expr // in the order of the schema
}

// Op implements Rel.
func (*Project) Op() Op { return OpProject }

// Exprs implements Rel.
func (p *Project) Exprs() []Expr { return p.Columns }

// MapExprs implements Rel.
func (p *Project) MapExprs(f func(Expr) Expr) { mapExprs(p.Columns, f) }

// NewProject computes columns over in. Unique keys survive whose columns are
// all passed on.
func NewProject(in Rel, columns []Expr, names []string, pos diag.Pos) *Project {
	p := &Project{Columns: columns}
	p.In, p.Pos, p.Mode = in, pos, in.P().Mode
	to := map[int]int{} // input column → first output column that passes it on
	for i, e := range columns {
		p.Schema = append(p.Schema, Column{Name: names[i], Type: e.Type()})
		if c, ok := keyColumn(e); ok {
			if _, seen := to[c.Index]; !seen {
				to[c.Index] = i
			}
		}
	}
	p.Keys = MapKeys(in.P().Keys, to)
	return p
}

// keyColumn is the column that an expression passes on, as it is or as a wider
// type: where it is part of a key the result is.
func keyColumn(e Expr) (*ColumnRef, bool) {
	if c, ok := e.(*Cast); ok && types.Widens(c.Arg.Type(), c.T) {
		e = c.Arg
	}
	c, ok := e.(*ColumnRef)
	return c, ok
}

// MapKeys renumbers keys by where each column is now; keys that lose a column
// are gone.
func MapKeys(keys []Key, to map[int]int) []Key {
	var out []Key
next:
	for _, k := range keys {
		m := make(Key, 0, len(k))
		for _, c := range k {
			i, ok := to[c]
			if !ok {
				continue next
			}
			m = append(m, i)
		}
		out = append(out, sortedKey(m))
	}
	return out
}

// Filter keeps the rows for which Cond is true.
type Filter struct {
	unary
	Cond Expr
}

// Op implements Rel.
func (*Filter) Op() Op { return OpFilter }

// Exprs implements Rel.
func (f *Filter) Exprs() []Expr { return []Expr{f.Cond} }

// MapExprs implements Rel.
func (f *Filter) MapExprs(fn func(Expr) Expr) { f.Cond = fn(f.Cond) }

// NewFilter keeps rows of in.
func NewFilter(in Rel, cond Expr, pos diag.Pos) *Filter {
	f := &Filter{Cond: cond}
	f.In, f.Pos = in, pos
	f.Schema, f.Mode, f.Keys = in.P().Schema, in.P().Mode, in.P().Keys
	return f
}

// Bridge appends one column per call of a Python function that runs in a
// worker. The schema is the input's, followed by the results.
type Bridge struct {
	unary
	Calls []*UDFCall
}

// Op implements Rel.
func (*Bridge) Op() Op { return OpBridge }

// Exprs implements Rel: the arguments of all calls.
func (b *Bridge) Exprs() []Expr {
	var out []Expr
	for _, c := range b.Calls {
		out = append(out, c.Args...)
	}
	return out
}

// MapExprs implements Rel.
func (b *Bridge) MapExprs(f func(Expr) Expr) {
	for _, c := range b.Calls {
		mapExprs(c.Args, f)
	}
}

// NewBridge appends the results of calls, named after the functions.
func NewBridge(in Rel, calls []*UDFCall, names []string) *Bridge {
	b := &Bridge{Calls: calls}
	b.In, b.Pos = in, in.P().Pos
	b.Mode, b.Keys = in.P().Mode, in.P().Keys
	b.Schema = append(b.Schema, in.P().Schema...)
	for i, c := range calls {
		b.Schema = append(b.Schema, Column{Name: names[i], Type: c.Type()})
	}
	return b
}

func mapExprs(es []Expr, f func(Expr) Expr) {
	for i, e := range es {
		es[i] = f(e)
	}
}
