package ir

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// OverCall is a call of a function over a window.
type OverCall struct {
	AggCall
	// Frame is the rows around the current one that an aggregate takes; nil for
	// functions that look at the whole partition.
	Frame *Frame
}

// Frame is a range of rows around the current one: by their number, or by the
// value that they are ordered by.
type Frame struct {
	Rows     bool
	From, To FrameBound
}

// FrameBound is one end of a frame.
type FrameBound struct {
	Kind FrameBoundKind
	// Offset is the distance of Preceding and Following.
	Offset *Const
}

// FrameBoundKind says where a frame begins or ends.
type FrameBoundKind uint8

// The kinds of bounds, from the first row of the partition to the last.
const (
	UnboundedPreceding FrameBoundKind = iota
	Preceding
	CurrentRow
	Following
	UnboundedFollowing
)

var boundKinds = [...]string{"UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING"}

func (b FrameBound) text() string {
	if b.Offset != nil {
		return b.Offset.String() + " " + boundKinds[b.Kind]
	}
	return boundKinds[b.Kind]
}

// String is the frame in SQL.
func (f *Frame) String() string {
	unit := "RANGE"
	if f.Rows {
		unit = "ROWS"
	}
	return unit + " BETWEEN " + f.From.text() + " AND " + f.To.text()
}

// HoldsCurrent reports whether the frame of each row has the row itself.
func (f *Frame) HoldsCurrent() bool { return f.From.Kind <= CurrentRow && f.To.Kind >= CurrentRow }

// Over appends one column per function over a window to each row. The
// functions of one Over have the same partitions and the same order.
type Over struct {
	unary
	Partition []int // positions in the input; empty for one partition
	Order     Order
	Calls     []OverCall
}

// Op implements Rel.
func (*Over) Op() Op { return OpOver }

// NewOver appends the results of calls.
func NewOver(in Rel, partition []int, order Order, calls []OverCall, names []string, pos diag.Pos) *Over {
	o := &Over{Partition: partition, Order: order, Calls: calls}
	o.In, o.Pos = in, pos
	o.Mode, o.Keys = in.P().Mode, in.P().Keys
	o.Schema = append(o.Schema, in.P().Schema...)
	for i, c := range calls {
		o.Schema = append(o.Schema, Column{Name: names[i], Type: c.Type})
	}
	return o
}

// Upto is the frame of all functions where a streaming job runs them: it ends
// at the current row, or at those of the same time. Functions without a frame
// of their own have all rows up to there.
func (o *Over) Upto() *Frame { return o.Calls[0].upto() }

func (c OverCall) upto() *Frame {
	if c.Frame != nil {
		return c.Frame
	}
	return &Frame{Rows: c.Fn == "ROW_NUMBER", To: FrameBound{Kind: CurrentRow}}
}

// OneFrame reports whether all functions have the same frame.
func (o *Over) OneFrame() bool {
	return !slices.ContainsFunc(o.Calls, func(c OverCall) bool { return c.upto().String() != o.Upto().String() })
}

// Reads are the columns of the input that the functions of a subset of calls
// read, and those of partition and order.
func (o *Over) Reads(calls []OverCall) []int {
	out := append(slices.Clone(o.Partition), o.Order.Columns()...)
	for _, c := range calls {
		out = append(out, c.Args...)
	}
	return out
}

func (o *Over) copied() Rel {
	c := *o
	c.Partition, c.Order, c.Calls = slices.Clone(o.Partition), slices.Clone(o.Order), slices.Clone(o.Calls)
	for i := range c.Calls {
		c.Calls[i].Args = slices.Clone(o.Calls[i].Args)
	}
	return &c
}

func (o *Over) text() string {
	in := o.In.P().Schema
	var parts []string
	if len(o.Partition) > 0 {
		parts = append(parts, "partition="+Key(o.Partition).Names(in))
	}
	if len(o.Order) > 0 {
		parts = append(parts, "order="+o.Order.text(in))
	}
	calls := make([]string, len(o.Calls))
	for i, c := range o.Calls {
		if calls[i] = c.text(in); c.Frame != nil {
			calls[i] += " " + c.Frame.String()
		}
	}
	return strings.Join(append(parts, "calls=("+strings.Join(calls, ", ")+")"), " ")
}

func parseOver(e *exprParser, in Rel) Rel {
	o := &Over{}
	if e.accept("partition") {
		e.expect("=")
		o.Partition = e.resolve(e.columnList(), e.in)
	}
	if e.accept("order") {
		e.expect("=")
		o.Order = e.order(e.in)
	}
	e.expect("calls", "=")
	e.list(func() {
		c := OverCall{AggCall: e.aggCall(e.udfs, e.in)}
		if rows := e.accept("ROWS"); rows || e.accept("RANGE") {
			c.Frame = &Frame{Rows: rows}
			e.expect("BETWEEN")
			c.Frame.From = e.frameBound()
			e.expect("AND")
			c.Frame.To = e.frameBound()
		}
		o.Calls = append(o.Calls, c)
	})
	o.In, o.Props = in, e.props()
	if len(o.Schema) != len(e.in)+len(o.Calls) {
		e.failf("%d columns of %d and %d calls", len(o.Schema), len(e.in), len(o.Calls))
	}
	for i := range o.Calls {
		o.Calls[i].Type = o.Schema[len(e.in)+i].Type
	}
	return o
}

func (e *exprParser) frameBound() FrameBound {
	var b FrameBound
	if !e.peek().isWord("UNBOUNDED") && !e.peek().isWord("CURRENT") {
		offset, ok := e.expr().(*Const)
		if !ok {
			e.failf("the offset of a frame is a constant")
		}
		b.Offset = offset
	}
	for kind, words := range boundKinds {
		first, second, _ := strings.Cut(words, " ")
		if !e.peek().isWord(first) || second != "" && !e.after().isWord(second) {
			continue
		}
		e.expect(strings.Fields(words)...)
		b.Kind = FrameBoundKind(kind)
		return b
	}
	e.failf("expected a bound of a frame, found %s", e.peek())
	return b
}

func (o *Over) verify() error {
	in := o.In.P().Schema
	if err := sameLen("columns", len(in)+len(o.Calls), len(o.Schema)); err != nil {
		return err
	}
	if err := within("window", o.Reads(o.Calls), len(in)); err != nil {
		return err
	}
	for i, c := range o.Calls {
		if t := o.Schema[len(in)+i].Type; !t.Equal(c.Type) {
			return fmt.Errorf("%s is %s, declared %s", c.text(in), c.Type, t)
		}
		if c.Frame == nil {
			continue
		}
		for _, b := range []FrameBound{c.Frame.From, c.Frame.To} {
			if (b.Offset != nil) != (b.Kind == Preceding || b.Kind == Following) {
				return fmt.Errorf("%s: %s", c.text(in), b.text())
			}
			if b.Offset != nil && !c.Frame.Rows && len(o.Order) != 1 {
				return fmt.Errorf("%s: a range over %d columns", c.text(in), len(o.Order))
			}
		}
	}
	return verifyPassed(o.Schema[:len(in)], in)
}

// Remap is the call with each column position p of its input as to[p].
func (c OverCall) Remap(to map[int]int) OverCall {
	args := make([]int, len(c.Args))
	for i, a := range c.Args {
		args[i] = to[a]
	}
	c.Args = args
	return c
}

// Types are the types of the arguments.
func (c AggCall) Types(in types.Schema) []types.Type {
	out := make([]types.Type, len(c.Args))
	for i, a := range c.Args {
		out[i] = in[a].Type
	}
	return out
}
