package ir

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Collation is a column that rows are ordered by. NULLs come first where the
// order is ascending, unless NullsOther says the opposite, so that they count
// as smaller than every value.
type Collation struct {
	Column     int
	Desc       bool
	NullsOther bool
}

// NullsFirst reports whether NULLs come before all values.
func (c Collation) NullsFirst() bool { return c.Desc == c.NullsOther }

// Order is a list of collations, the most important one first.
type Order []Collation

// Columns are the positions of the columns that the order reads.
func (o Order) Columns() []int {
	out := make([]int, len(o))
	for i, c := range o {
		out[i] = c.Column
	}
	return out
}

// Remap replaces each column position by to[position].
func (o Order) Remap(to map[int]int) Order {
	out := slices.Clone(o)
	for i := range out {
		out[i].Column = to[out[i].Column]
	}
	return out
}

// text prints the order: "(a, b DESC NULLS FIRST)".
func (o Order) text(s types.Schema) string {
	parts := make([]string, len(o))
	for i, c := range o {
		parts[i] = columnName(c.Column, s)
		if c.Desc {
			parts[i] += " DESC"
		}
		if c.NullsOther {
			parts[i] += " NULLS " + map[bool]string{true: "FIRST", false: "LAST"}[c.NullsFirst()]
		}
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// order reads what text prints.
func (l *lineParser) order(s types.Schema) Order {
	var out Order
	l.list(func() {
		c := Collation{Column: l.position(l.columnText(), s)}
		c.Desc = l.accept("DESC")
		if l.accept("NULLS") {
			first := l.accept("FIRST")
			if !first {
				l.expect("LAST")
			}
			c.NullsOther = first == c.Desc
		}
		out = append(out, c)
	})
	return out
}

// NoLimit is the limit of a Sort that yields all rows.
const NoLimit int64 = -1

// Sort yields the rows in an order, without the first ones, and no more than a
// limit.
type Sort struct {
	unary
	Order  Order // empty: rows as they come
	Offset int64 // rows left out at the beginning
	Limit  int64 // rows that follow these, or NoLimit
	// Partial marks the part of a Sort that runs before all rows are brought
	// together: it may yield more than the Sort behind it needs.
	Partial bool
}

// Op implements Rel.
func (*Sort) Op() Op { return OpSort }

// NewSort orders and limits in.
func NewSort(in Rel, order Order, offset, limit int64, pos diag.Pos) *Sort {
	s := &Sort{Order: order, Offset: offset, Limit: limit}
	s.In, s.Pos = in, pos
	s.Schema, s.Mode, s.Keys = in.P().Schema, in.P().Mode, in.P().Keys
	return s
}

// ByTime reports whether a streaming job sorts as the watermark rises: by the
// time of events first.
func (s *Sort) ByTime() bool {
	return s.Limit == NoLimit && s.Offset == 0 && len(s.Order) > 0 && !s.Order[0].Desc &&
		s.In.P().Schema[s.Order[0].Column].Type.Time == types.Rowtime
}

// End is the number of rows from the first one that can count: offset and
// limit, or NoLimit.
func (s *Sort) End() int64 {
	if s.Limit == NoLimit {
		return NoLimit
	}
	return s.Offset + s.Limit
}

func (s *Sort) copied() Rel {
	c := *s
	c.Order = slices.Clone(s.Order)
	return &c
}

func (s *Sort) text() string {
	var parts []string
	if s.Order != nil {
		parts = append(parts, "order="+s.Order.text(s.In.P().Schema))
	}
	if s.Offset != 0 {
		parts = append(parts, "offset="+strconv.FormatInt(s.Offset, 10))
	}
	if s.Limit != NoLimit {
		parts = append(parts, "limit="+strconv.FormatInt(s.Limit, 10))
	}
	if s.Partial {
		parts = append(parts, "partial")
	}
	return strings.Join(parts, " ")
}

func parseSort(l *lineParser, in Rel) Rel {
	s := &Sort{Limit: NoLimit}
	if l.accept("order") {
		l.expect("=")
		s.Order = l.order(in.P().Schema)
	}
	if l.accept("offset") {
		l.expect("=")
		s.Offset = l.number64()
	}
	if l.accept("limit") {
		l.expect("=")
		s.Limit = l.number64()
	}
	s.Partial = l.accept("partial")
	s.In, s.Props = in, l.props()
	return s
}

func (s *Sort) verify() error {
	if s.Offset < 0 || s.Limit < NoLimit {
		return fmt.Errorf("offset %d, limit %d", s.Offset, s.Limit)
	}
	in := s.In.P().Schema
	if err := within("order", s.Order.Columns(), len(in)); err != nil {
		return err
	}
	return verifyPassed(s.Schema, in)
}
