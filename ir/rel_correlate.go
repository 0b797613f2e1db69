package ir

import (
	"fmt"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Correlate pairs each row with the elements of a collection in it: UNNEST. The
// schema is the input's, followed by the columns of an element.
type Correlate struct {
	unary
	Column int // position of the collection
	// Outer keeps rows without elements, with NULLs for the element.
	Outer bool
}

// Op implements Rel.
func (*Correlate) Op() Op { return OpCorrelate }

// ElementColumns are the columns of the elements of a collection: those of the
// rows in it, key and value of a map's entries, else one without a name. It is
// nil for a type that has no elements. An element that is a row and NULL counts
// as none.
func ElementColumns(t types.Type) types.Schema {
	switch t.Kind {
	case types.Map:
		return types.Schema{{Name: "KEY", Type: t.Elems[0]}, {Name: "VALUE", Type: t.Elems[1]}}
	case types.Array, types.Multiset:
		elem := t.Elems[0]
		if elem.Kind != types.Row {
			return types.Schema{{Type: elem}}
		}
		out := make(types.Schema, len(elem.Elems))
		for i, f := range elem.Elems {
			out[i] = Column{Name: elem.Names[i], Type: f}
		}
		return out
	}
	return nil
}

// NewCorrelate pairs the rows of in with the elements of a column, whose columns
// get the given names.
func NewCorrelate(in Rel, column int, names []string, outer bool, pos diag.Pos) *Correlate {
	c := &Correlate{Column: column, Outer: outer}
	c.In, c.Pos, c.Mode = in, pos, in.P().Mode
	c.Schema = append(c.Schema, in.P().Schema...)
	for i, e := range ElementColumns(in.P().Schema[column].Type) {
		c.Schema = append(c.Schema, Column{Name: names[i], Type: e.Type.WithNull(e.Type.Nullable || outer)})
	}
	return c
}

// ElementNames are the names of the element's columns.
func (c *Correlate) ElementNames() []string { return c.Schema[len(c.In.P().Schema):].Names() }

func (c *Correlate) copied() Rel { d := *c; return &d }

func (c *Correlate) text() string {
	kind := InnerJoin
	if c.Outer {
		kind = LeftJoin
	}
	return fmt.Sprintf("%s (%s)", kind, columnName(c.Column, c.In.P().Schema))
}

func parseCorrelate(l *lineParser, in Rel) Rel {
	c := &Correlate{}
	switch kind := l.name(); kind {
	case InnerJoin.String():
	case LeftJoin.String():
		c.Outer = true
	default:
		l.failf("%q is no kind of correlation", kind)
	}
	l.expect("(")
	c.Column = l.position(l.columnText(), in.P().Schema)
	l.expect(")")
	c.In, c.Props = in, l.props()
	return c
}

func (c *Correlate) verify() error {
	in := c.In.P().Schema
	if err := within("collection", []int{c.Column}, len(in)); err != nil {
		return err
	}
	elements := ElementColumns(in[c.Column].Type)
	if elements == nil {
		return fmt.Errorf("%s is no collection", in[c.Column].Type)
	}
	if err := sameLen("columns", len(in)+len(elements), len(c.Schema)); err != nil {
		return err
	}
	if err := verifyPassed(c.Schema[:len(in)], in); err != nil {
		return err
	}
	return verifyWider(c.Schema[len(in):], elements)
}
