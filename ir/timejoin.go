package ir

import (
	"math"
	"slices"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Interval says that the time of a left row lies within an interval around that
// of the right one, in milliseconds: left is from right + From to right + To.
// None does where From is behind To.
type Interval struct {
	Left, Right int // positions of the times in the inputs
	From, To    int64
}

// deriveTime finds what lets a streaming join of insertions forget rows with the
// watermark: that both are in one window, or within an interval of time.
func (j *Join) deriveTime() {
	j.Window, j.Interval = nil, nil
	if j.Left.P().Mode.Updating() || j.Right.P().Mode.Updating() {
		return
	}
	if j.Window = j.window(); j.Window == nil && !j.Kind.LeftOnly() {
		j.Interval = j.interval()
	}
}

// window is that in which both rows of each pair are.
func (j *Join) window() *GroupWindow {
	left, ok := WindowsOf(j.Left)
	right, alike := WindowsOf(j.Right)
	if !ok || !alike || left.Attribute == types.NoAttribute || right.Attribute == types.NoAttribute {
		return nil
	}
	var lefts, rights []int
	start, end := false, -1
	for _, p := range j.Pairs() {
		lefts, rights = append(lefts, p.Left), append(rights, p.Right)
		start = start || slices.Contains(left.Start, p.Left) && slices.Contains(right.Start, p.Right)
		if slices.Contains(left.End, p.Left) && slices.Contains(right.End, p.Right) {
			end = p.Left
		}
	}
	_, ok = left.within(lefts)
	_, alike = right.within(rights)
	if !ok || !alike || !start || end < 0 {
		return nil
	}
	return &GroupWindow{End: end, Local: left.Local}
}

// interval is what the condition and the equalities say about the times of both
// rows; nil unless it has two ends.
func (j *Join) interval() *Interval {
	in, width := j.InputSchema(), len(j.Left.P().Schema)
	out := &Interval{Left: -1, From: math.MinInt64, To: math.MaxInt64}
	bound := func(left, right int, op string, distance int64) {
		if out.Left >= 0 && (out.Left != left || out.Right != right) || in[left].Type.Time != in[width+right].Type.Time {
			return
		}
		out.Left, out.Right = left, right
		switch op {
		case "<":
			out.To = min(out.To, distance-1)
		case "<=":
			out.To = min(out.To, distance)
		case ">":
			out.From = max(out.From, distance+1)
		case ">=":
			out.From = max(out.From, distance)
		case "=":
			out.From, out.To = max(out.From, distance), min(out.To, distance)
		}
	}
	for _, k := range j.Equi {
		if in[k.Left].Type.Time != types.NoAttribute {
			bound(k.Left, k.Right, "=", 0)
		}
	}
	for _, e := range Conjuncts(j.Cond) {
		call, ok := e.(*Call)
		if !ok || len(call.Args) != 2 {
			continue
		}
		x, y := shiftOf(call.Args[0]), shiftOf(call.Args[1])
		op := call.Fn
		if x.column >= width {
			x, y = y, x
			op = swapped[op]
		}
		if x.column >= 0 && x.column < width && y.column >= width {
			bound(x.column, y.column-width, op, y.by-x.by)
		}
	}
	if out.From == math.MinInt64 || out.To == math.MaxInt64 {
		return nil
	}
	return out
}

// swapped are the comparisons with their sides exchanged.
var swapped = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}

// shift is a time attribute with a constant number of milliseconds added.
type shift struct {
	column int // -1: it is another expression
	by     int64
}

// shiftOf reads an expression such as ts - INTERVAL '5' SECOND.
func shiftOf(e Expr) shift {
	switch e := e.(type) {
	case *ColumnRef:
		if e.T.Time != types.NoAttribute {
			return shift{e.Index, 0}
		}
	case *Cast:
		if e.Implicit && e.T.Kind == e.Arg.Type().Kind {
			return shiftOf(e.Arg)
		}
	case *Call:
		if len(e.Args) != 2 || e.Fn != "+" && e.Fn != "-" {
			break
		}
		x, y := e.Args[0], e.Args[1]
		if _, first := x.(*Const); first && e.Fn == "+" {
			x, y = y, x
		}
		c, ok := y.(*Const)
		if !ok {
			break
		}
		length, ok := c.Value.(val.Millis)
		if !ok {
			break
		}
		s := shiftOf(x)
		if e.Fn == "-" {
			length = -length
		}
		s.by += int64(length)
		return s
	}
	return shift{column: -1}
}
