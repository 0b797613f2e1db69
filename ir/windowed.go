package ir

import (
	"fmt"
	"slices"

	"pyfc/ir/types"
)

// Windowed says which columns of a relation hold the window that a row is in:
// positions of its start, its end and its last moment. Each may be there several
// times.
type Windowed struct {
	Start, End, Time []int
	// Partition are, for each column whose rows make sessions together, the
	// places where it is.
	Partition [][]int
	// Local says that windows are those of the session's wall clock.
	Local bool
	// Attribute is what the windows' times are: NoAttribute in batch mode.
	Attribute types.TimeAttribute
}

// WindowsOf are the windows that the rows of a relation are in; false where a
// row has none, or has lost what tells it from others: start, end, and the
// columns whose rows make sessions. Operators that pass columns on
// pass windows on, and an aggregation by windows gives a row per window.
func WindowsOf(r Rel) (Windowed, bool) {
	switch r := r.(type) {
	case *Window:
		n := len(r.In.P().Schema)
		t := r.In.P().Schema[r.Time].Type
		w := Windowed{Start: []int{n}, End: []int{n + 1}, Time: []int{n + 2}, Local: t.Kind == types.TimestampLTZ, Attribute: t.Time}
		for _, c := range r.Partition {
			w.Partition = append(w.Partition, []int{c})
		}
		return w, true
	case *Project:
		return below(r.In, func(i int) []int { return passedBy(r.Columns, i) })
	case *Expand:
		return below(r.In, func(i int) []int { return passedByAll(r.Projects, i) })
	case *Aggregate:
		return below(r.In, func(i int) []int { return placesOf(r.Group, i) })
	case *Filter, *Exchange, *Bridge, *Correlate, *Rank, *Over, *Watermark:
		return WindowsOf(r.Inputs()[0])
	case *Join:
		return windowsOfJoin(r)
	}
	return Windowed{}, false
}

// below are the windows of in where to says at which places a column of it is.
func below(in Rel, to func(int) []int) (Windowed, bool) {
	w, ok := WindowsOf(in)
	if !ok {
		return Windowed{}, false
	}
	return w.moved(to)
}

func (w Windowed) moved(to func(int) []int) (Windowed, bool) {
	all := func(columns []int) (out []int) {
		for _, c := range columns {
			out = append(out, to(c)...)
		}
		return out
	}
	w.Start, w.End, w.Time = all(w.Start), all(w.End), all(w.Time)
	ok := len(w.Start) > 0 && len(w.End) > 0
	partition := make([][]int, len(w.Partition))
	for i, places := range w.Partition {
		partition[i] = all(places)
		ok = ok && len(partition[i]) > 0
	}
	w.Partition = partition
	return w, ok
}

// within are the windows where a list of columns holds all that tells them.
func (w Windowed) within(columns []int) (Windowed, bool) {
	return w.moved(func(i int) []int {
		if slices.Contains(columns, i) {
			return []int{i}
		}
		return nil
	})
}

// passedBy are the expressions that are column i.
func passedBy(columns []Expr, i int) (out []int) {
	for at, e := range columns {
		if c, ok := e.(*ColumnRef); ok && c.Index == i {
			out = append(out, at)
		}
	}
	return out
}

// passedByAll are the places at which all lists have column i.
func passedByAll(lists [][]Expr, i int) (out []int) {
next:
	for _, at := range passedBy(lists[0], i) {
		for _, l := range lists[1:] {
			if c, ok := l[at].(*ColumnRef); !ok || c.Index != i {
				continue next
			}
		}
		out = append(out, at)
	}
	return out
}

// placesOf are the places of a value in a list.
func placesOf(list []int, v int) (out []int) {
	for at, x := range list {
		if x == v {
			out = append(out, at)
		}
	}
	return out
}

// windowsOfJoin are the windows of a join's rows: those of the side whose rows
// are always there.
func windowsOfJoin(j *Join) (Windowed, bool) {
	if !j.Kind.KeepsRight() {
		return WindowsOf(j.Left)
	}
	if j.Kind.KeepsLeft() {
		return Windowed{}, false
	}
	n := len(j.Left.P().Schema)
	return below(j.Right, func(i int) []int { return []int{n + i} })
}

// GroupWindow is when the windows are over by which an operator groups rows.
type GroupWindow struct {
	End   int  // position of the window's end
	Local bool // the end is one of the session's wall clock
}

// text is the window in an operator's line; empty without one.
func (w *GroupWindow) text(s types.Schema) string {
	if w == nil {
		return ""
	}
	text := " window=(" + columnName(w.End, s) + ")"
	if w.Local {
		text += " local"
	}
	return text
}

// groupWindow reads a window, if there is one, and the name of its end.
func (l *lineParser) groupWindow() (w *GroupWindow, end columnText) {
	if !l.accept("window") {
		return nil, end
	}
	l.expect("=")
	end = l.oneColumn()
	return &GroupWindow{Local: l.accept("local")}, end
}

func (w *GroupWindow) verify(s types.Schema) error {
	if w == nil {
		return nil
	}
	if err := within("window", []int{w.End}, len(s)); err != nil {
		return err
	}
	if t := s[w.End].Type; t.Kind != types.Timestamp {
		return fmt.Errorf("a window ends at a %s", t)
	}
	return nil
}
