package ir

import (
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/window"
)

// Aggregates and ranks wait for windows that their groups tell, whatever passes
// them on.
func TestGroupsOfWindows(t *testing.T) {
	time := types.Type{Kind: types.TimestampLTZ, Precision: 3}
	source := func(a types.TimeAttribute) Rel {
		v := &Values{}
		v.Mode = Append
		v.Schema = types.Schema{{Name: "k", Type: text}, {Name: "ts", Type: time.WithTime(a)}}
		return v
	}
	windows := func(kind window.Kind, partition ...int) *Window {
		w := NewWindow(source(types.Rowtime), 1, window.Assigner{Kind: kind, Size: 5}, WindowColumns, none)
		w.Partition = partition
		return w
	}
	project := func(in Rel, columns ...int) Rel {
		var exprs []Expr
		names := make([]string, len(columns))
		for _, c := range columns {
			exprs = append(exprs, NewColumnRef(in.P().Schema, c, none))
		}
		return NewProject(in, exprs, names, none)
	}
	tumble := windows(window.Tumble)
	batch := NewWindow(source(types.NoAttribute), 1, window.Assigner{Size: 5}, WindowColumns, none)
	join := NewJoin(FullJoin, tumble, tumble, nil, none)
	left := NewJoin(LeftJoin, project(tumble, 0), project(tumble, 2, 3), nil, none)
	right := NewJoin(RightJoin, project(tumble, 0), project(tumble, 2, 3), nil, none)
	expand := func(last Expr) Rel {
		first := []Expr{NewColumnRef(tumble.Schema, 2, none), NewColumnRef(tumble.Schema, 3, none)}
		return NewExpand(tumble, [][]Expr{first, {first[0], last}}, []string{"s", "e"}, none)
	}
	for _, c := range []struct {
		name  string
		in    Rel
		group []int
		end   int // -1: none
	}{
		{"start and end", tumble, []int{3, 0, 2}, 0},
		{"no start", tumble, []int{3}, -1},
		{"no end", tumble, []int{2, 4}, -1},
		{"renamed", NewFilter(project(tumble, 3, 0, 2), NewConst(boolean, true, none), none), []int{1, 2, 0}, 2},
		{"groups of groups", NewAggregate(tumble, []int{2, 3, 0}, nil, nil, none), []int{0, 1}, 1},
		{"ranks", NewRank(tumble, []int{2, 3}, nil, 1, 3, "n", none), []int{2, 3}, 1},
		{"batch mode", batch, []int{2, 3}, -1},
		{"session without its key", windows(window.Session, 0), []int{2, 3}, -1},
		{"session with its key", windows(window.Session, 0), []int{2, 0, 3}, 2},
		{"key that is lost", project(windows(window.Session, 0), 2, 3), []int{0, 1}, -1},
		{"grouping sets", expand(NewColumnRef(tumble.Schema, 3, none)), []int{0, 1}, 1},
		{"grouping sets without the end", expand(NewConst(types.Type{Kind: types.Timestamp, Precision: 3, Nullable: true}, nil, none)), []int{0, 1}, -1},
		{"rows that may be missing", join, []int{2, 3}, -1},
		{"left rows", NewJoin(LeftJoin, tumble, tumble, nil, none), []int{2, 3}, 1},
		{"no windows on the left", left, []int{1, 2}, -1},
		{"right rows", right, []int{1, 2}, 1},
	} {
		a := NewAggregate(c.in, c.group, nil, nil, none)
		switch {
		case (a.Window != nil) != (c.end >= 0) || (a.Mode == Append) != (c.end >= 0):
			t.Errorf("%s: %s", c.name, Print(a))
		case a.Window != nil && (a.Window.End != c.end || !a.Window.Local):
			t.Errorf("%s: %+v", c.name, a.Window)
		}
		r := NewRank(c.in, c.group, nil, 1, 2, "", none)
		if (r.Window != nil) != (c.end >= 0) {
			t.Errorf("%s: %s", c.name, Print(r))
		} else if r.Window != nil && r.Window.End != c.group[c.end] {
			t.Errorf("%s: %+v", c.name, r.Window)
		}
	}
}
