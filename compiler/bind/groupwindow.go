package bind

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/fn/list"
	"pyfc/rt/window"
)

// groupWindow is the window of GROUP BY TUMBLE(…): columns of the input of the
// aggregation, which are keys.
type groupWindow struct {
	kind  window.Kind
	args  string // as written, equal in the functions that tell about it
	first int    // position of its start, which end and time follow
	// computed are the positions of keys that are computed in front of it, by
	// their texts.
	computed map[string]int
}

// hiddenWindow are the names of these columns, which no query can spell.
var hiddenWindow = []string{"$window_start", "$window_end", "$window_time"}

// windowCall is the call of a window in GROUP BY.
func windowCall(x sql.Expr) (*sql.Call, bool) {
	c, ok := x.(*sql.Call)
	if !ok || c.Written == "" {
		return nil, false
	}
	_, ok = window.KindOf(c.Func)
	return c, ok && c.Func != window.Cumulate.String()
}

// groupWindow binds the window of GROUP BY, if there is one: the rows of in by
// their windows.
func (b *binder) groupWindow(in ir.Rel, q *sql.Select) (ir.Rel, *groupWindow, bool) {
	i := slices.IndexFunc(q.GroupBy, func(x sql.Expr) bool { _, ok := windowCall(x); return ok })
	if i < 0 {
		return in, nil, true
	}
	call, _ := windowCall(q.GroupBy[i])
	if another := slices.IndexFunc(q.GroupBy[i+1:], func(x sql.Expr) bool { _, ok := windowCall(x); return ok }); another >= 0 {
		b.errorf(diag.RefusedByFlink, q.GroupBy[i+1+another].Where(), "only a single window may be in GROUP BY")
		return nil, nil, false
	}
	kind, _ := window.KindOf(call.Func)
	want := 2
	if kind == window.Hop {
		want = 3
	}
	if len(call.Args) != want {
		b.errorf(diag.FunctionArgument, call.Pos, "%s in GROUP BY takes %d arguments, not %d", call.Func, want, len(call.Args))
		return nil, nil, false
	}
	outer := b.clause
	b.clause = call.Func
	defer func() { b.clause = outer }()
	a := window.Assigner{Kind: kind}
	time, ok := b.time(call.Args[0])
	lengths := []*int64{&a.Size}
	if kind == window.Hop {
		lengths = []*int64{&a.Step, &a.Size}
	}
	for i, to := range lengths {
		v, isLength := b.length(call.Args[i+1], types.IntervalDayTime, types.IntervalYearMonth)
		ok = ok && isLength
		*to = v
	}
	if !ok || !b.checkWindow(&a, call.Pos) {
		return nil, nil, false
	}
	out := &groupWindow{kind: kind, args: windowArgs(call)}
	var partition ir.Key
	if kind == window.Session {
		keys := slices.Delete(slices.Clone(q.GroupBy), i, i+1)
		if in, partition, ok = b.partition(in, keys, out); !ok {
			return nil, nil, false
		}
	}
	w := ir.NewWindow(in, time, a, hiddenWindow, call.Pos)
	w.Partition = partition
	out.first = len(in.P().Schema)
	return w, out, true
}

// partition computes the keys that rows are grouped by besides a session, whose
// rows make sessions together: in with a column behind it for each that isn't
// one.
func (b *binder) partition(in ir.Rel, keys []sql.Expr, w *groupWindow) (ir.Rel, ir.Key, bool) {
	w.computed = map[string]int{}
	schema := in.P().Schema
	columns := make([]ir.Expr, len(schema))
	names := slices.Clone(schema.Names())
	for i := range schema {
		columns[i] = ir.NewColumnRef(schema, i, in.P().Pos)
	}
	var key ir.Key
	for i, k := range singly(keys) {
		if _, sets := k.(*sql.Grouping); sets {
			b.planned(k.Where(), "sql", "grouping sets of SESSION")
			return nil, nil, false
		}
		e := b.expr(k)
		ref, isRef := e.(*ir.ColumnRef)
		switch {
		case !valid(e):
			return nil, nil, false
		case isRef:
			key = append(key, ref.Index)
		default:
			key = append(key, len(columns))
			w.computed[e.String()] = len(columns)
			columns, names = append(columns, e), append(names, fmt.Sprintf("$p%d", i))
		}
	}
	if len(columns) > len(schema) {
		in = ir.NewProject(in, columns, names, in.P().Pos)
	}
	return in, key, true
}

// singly are the keys of GROUP BY, also those in parentheses, one by one.
func singly(keys []sql.Expr) []sql.Expr {
	var out []sql.Expr
	for _, k := range keys {
		if row, ok := k.(*sql.Call); ok && row.Func == sql.OpRow && row.Written == "" {
			out = append(out, row.Args...)
		} else {
			out = append(out, k)
		}
	}
	return out
}

func windowArgs(x *sql.Call) string {
	texts := make([]string, len(x.Args))
	for i, a := range x.Args {
		texts[i] = sql.PrintExpr(a)
	}
	return strings.Join(texts, ", ")
}

// windowProperties are the suffixes of the functions that tell about a window,
// in the order of its columns.
var windowProperties = []string{"_START", "_END", "_ROWTIME", "_PROCTIME"}

// windowProperty is the property that a function tells of a window.
func windowProperty(fn string) (kind, property string, ok bool) {
	for _, p := range windowProperties {
		if kind, ok := strings.CutSuffix(fn, p); ok && windowFunctions[kind] {
			return kind, p, true
		}
	}
	return "", "", false
}

// aboutWindow binds a call of TUMBLE_START and its like.
func (b *binder) aboutWindow(x *sql.Call) ir.Expr {
	kind, property, _ := windowProperty(x.Func)
	if b.agg == nil || b.agg.window == nil || b.agg.window.kind.String() != kind || b.agg.window.args != windowArgs(x) {
		b.errorf(diag.BadAggregate, x.Pos, "%s must have the arguments of a %s in GROUP BY", x.Func, kind)
		return poison(x.Pos)
	}
	in := b.agg.in.P().Schema
	if property == "_PROCTIME" || property == "_ROWTIME" {
		return b.windowTime(ir.NewColumnRef(in, b.agg.window.first+lastMoment, x.Pos), x, property)
	}
	return ir.NewColumnRef(in, b.agg.window.first+slices.Index(windowProperties, property), x.Pos)
}

// lastMoment is the place of the last moment among the columns of a window.
const lastMoment = 2

// windowTime is the time attribute that a window's result has: of a window of
// events its last moment, of any the time at which it is given out. In batch
// mode it is no attribute.
func (b *binder) windowTime(last ir.Expr, x *sql.Call, property string) ir.Expr {
	t := last.Type()
	switch {
	case property == "_PROCTIME" && t.Time == types.NoAttribute:
		b.planned(x.Pos, "function", x.Func)
		return poison(x.Pos)
	case property == "_PROCTIME":
		now, _ := list.Lookup("PROCTIME")
		return b.overload(now, nil, x.Pos)
	case t.Time == types.Proctime:
		b.errorf(diag.RefusedByFlink, x.Pos, "a window of processing time has no %s", x.Func)
		return poison(x.Pos)
	case t.Time == types.Rowtime:
		return last
	}
	return ir.NewCast(last, types.Type{Kind: t.Kind, Precision: 3, Nullable: b.dialect != tableAPI}, true, false, x.Pos)
}

// windowKeys makes the window's columns keys.
func (g *aggregation) windowKeys(pos diag.Pos) ir.Key {
	var out ir.Key
	for i, name := range hiddenWindow {
		out = append(out, len(g.keys))
		g.keys = append(g.keys, ir.NewColumnRef(g.in.P().Schema, g.window.first+i, pos))
		g.keyNames = append(g.keyNames, name)
	}
	return out
}
