package ir

import (
	"fmt"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/val"
	"pyfc/rt/window"
)

// What a condition says about the times of both rows is an interval if it has
// two ends; the text is From and To.
func TestIntervalsOfJoins(t *testing.T) {
	source := func(a types.TimeAttribute) Rel {
		v := &Values{}
		v.Mode = Append
		v.Schema = types.Schema{{Name: "k", Type: bigint}, {Name: "ts", Type: types.Type{Kind: types.Timestamp, Precision: 3, Time: a}}}
		return v
	}
	left, right := source(types.Rowtime), source(types.Rowtime)
	in := append(left.P().Schema[:2:2], right.P().Schema...)
	l, r := NewColumnRef(in, 1, none), NewColumnRef(in, 3, none)
	shifted := func(e Expr, op string, ms int64) Expr {
		return NewCall(op, 0, []Expr{e, NewConst(types.Of(types.IntervalDayTime).NotNull(), val.Millis(ms), none)}, e.Type().WithTime(types.NoAttribute), none)
	}
	is := func(x Expr, op string, y Expr) Expr { return NewCall(op, 0, []Expr{x, y}, boolean, none) }
	for _, c := range []struct {
		want string
		cond []Expr
	}{
		{"-5 10", []Expr{is(l, ">=", shifted(r, "-", 5)), is(l, "<=", shifted(r, "+", 10))}},
		{"-5 10", []Expr{is(shifted(l, "+", 5), ">=", r), is(shifted(l, "-", 10), "<=", r)}},
		{"-4 9", []Expr{is(l, ">", shifted(r, "-", 5)), is(l, "<", shifted(r, "+", 10))}},
		{"-9 4", []Expr{is(r, ">", shifted(l, "-", 5)), is(r, "<", shifted(l, "+", 10))}},
		{"3 2", []Expr{is(l, ">=", shifted(shifted(r, "+", 1), "+", 2)), is(l, "<=", shifted(r, "+", 2)), is(l, "<=", shifted(r, "+", 7))}},
		{"0 0", []Expr{is(l, "=", r)}},
		{"none", []Expr{is(l, ">=", r)}},
		{"none", []Expr{is(l, ">=", r), is(l, "<=", NewCase(nil, nil, r, r.T, none))}},
		{"none", nil},
	} {
		got := func(left, right Rel, kind JoinKind) string {
			j := NewJoin(kind, left, right, And(c.cond...), none)
			if at := j.Schema[1].Type.Time; (at != types.NoAttribute) != (j.Interval != nil) {
				t.Errorf("%s: the time goes on as %s", Print(j), at)
			}
			if j.Interval == nil {
				return "none"
			}
			if j.Mode != Append || j.Interval.Left != 1 || j.Interval.Right != 1 {
				t.Errorf("%s: %+v", Print(j), j.Interval)
			}
			return fmt.Sprint(j.Interval.From, j.Interval.To)
		}
		if text := got(left, right, FullJoin); text != c.want {
			t.Errorf("%v: %s, want %s", c.cond, text, c.want)
		}
		for name, text := range map[string]string{
			"batch mode": got(source(types.NoAttribute), right, LeftJoin), "two clocks": got(source(types.Proctime), right, LeftJoin),
			"a semi join": got(left, right, SemiJoin), "updates": got(NewAggregate(left, []int{0, 1}, nil, nil, none), right, LeftJoin),
		} {
			if text != "none" {
				t.Errorf("%v: %s in %s", c.cond, text, name)
			}
		}
	}
}

func TestWindowsOfJoins(t *testing.T) {
	tumble := func(a types.TimeAttribute) Rel {
		v := &Values{}
		v.Mode = Append
		v.Schema = types.Schema{{Name: "ts", Type: types.Type{Kind: types.Timestamp, Precision: 3, Time: a}}}
		return NewWindow(v, 0, window.Assigner{Size: 5}, WindowColumns, none)
	}
	for _, c := range []struct {
		equal []JoinKey
		end   int // -1: none
	}{
		{[]JoinKey{{1, 1, false}, {2, 2, false}}, 2},
		{[]JoinKey{{2, 2, false}, {0, 0, false}, {1, 1, true}}, 2},
		{[]JoinKey{{1, 1, false}}, -1},
		{[]JoinKey{{2, 2, false}}, -1},
		{[]JoinKey{{1, 2, false}, {2, 1, false}}, -1},
	} {
		j := NewJoin(LeftJoin, tumble(types.Rowtime), tumble(types.Rowtime), nil, none)
		j.Equi = c.equal
		j.Update()
		if (j.Window != nil) != (c.end >= 0) || j.Window != nil && j.Window.End != c.end || (j.Mode == Append) != (c.end >= 0) {
			t.Errorf("%v: %+v, %s", c.equal, j.Window, j.Mode)
		}
		j.Left = tumble(types.NoAttribute)
		if j.Update(); j.Window != nil {
			t.Errorf("%v: a window in batch mode", c.equal)
		}
	}
}
