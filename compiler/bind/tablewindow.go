package bind

import (
	"slices"
	"strconv"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/window"
)

// OverSelect is OverWindowedTable.select: a projection whose items may hold
// calls over the windows.
func (s *Session) OverSelect(in ir.Rel, windows []*sql.NamedWindow, items []sql.Expr, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	b := s.tableBinder(in, "select")
	b.windows = windows
	columns, names := b.items(b.expand(items))
	if !valid(columns...) {
		return unknownRows(in, columns, names, pos)
	}
	return ir.NewProject(b.overs(in, columns, pos), columns, names, pos)
}

// The kinds of windows of Table.window.
const (
	TumbleWindow  = window.Tumble
	SlideWindow   = window.Hop
	SessionWindow = window.Session
)

// GroupWindow is a window of Table.window: the rows by their time, under an
// alias.
type GroupWindow struct {
	Kind  window.Kind
	Size  sql.Expr
	Step  sql.Expr // of HOP, else nil
	Time  sql.Expr
	Alias sql.Name
}

// WindowedBy is WindowGroupedTable: the rows grouped by keys, among them the
// alias of the window. It returns nil for a relation that isn't known.
func (s *Session) WindowedBy(in ir.Rel, w GroupWindow, keys []sql.Expr, pos diag.Pos) *Grouped {
	if in == nil {
		return nil
	}
	isAlias := func(x sql.Expr) bool {
		id, ok := x.(*sql.Ident)
		return ok && len(id.Parts) == 1 && id.Parts[0].Text == w.Alias.Text
	}
	rest := slices.DeleteFunc(slices.Clone(keys), isAlias)
	if len(keys)-len(rest) != 1 {
		s.Diags.Errorf(diag.RefusedByFlink, pos, "group_by behind window must name the window %q once", w.Alias.Text)
		return nil
	}
	b := s.tableBinder(in, "window")
	a := window.Assigner{Kind: w.Kind}
	time, ok := b.time(w.Time)
	if size, isLength := b.length(w.Size, types.IntervalDayTime); isLength {
		a.Size = size
	} else {
		ok = false
	}
	if w.Step != nil {
		step, isLength := b.length(w.Step, types.IntervalDayTime)
		a.Step, ok = step, ok && isLength
	}
	if !ok || !b.checkWindow(&a, pos) {
		return nil
	}
	group := &groupWindow{kind: w.Kind, args: w.Alias.Text}
	var partition ir.Key
	if w.Kind == SessionWindow {
		if in, partition, ok = b.partition(in, b.expand(rest), group); !ok {
			return nil
		}
	}
	windows := ir.NewWindow(in, time, a, hiddenWindow, pos)
	windows.Partition, group.first = partition, len(in.P().Schema)
	g := s.GroupBy(windows, rest, pos)
	g.agg.window = group
	g.agg.windowKeys(pos)
	return g
}

// isWindowProperty reports whether a call asks for a property of the window
// behind Table.window: w.start.
func (b *binder) isWindowProperty(x *sql.Call) bool {
	return b.dialect == tableAPI && len(x.Args) == 1 && slices.Contains(windowProperties, "_"+x.Func)
}

// tableWindowProperty binds w.start and its like over the keys.
func (b *binder) tableWindowProperty(x *sql.Call) ir.Expr {
	id, ok := x.Args[0].(*sql.Ident)
	property := "_" + x.Func
	switch {
	case !ok || b.agg == nil || b.agg.window == nil || id.Parts[0].Text != b.agg.window.args:
		b.errorf(diag.BadAggregate, x.Pos, "%s is a property of the window that group_by names", strings.ToLower(x.Func))
		return poison(x.Pos)
	case property == "_PROCTIME" || property == "_ROWTIME":
		return b.agg.property(x.Func, b.windowTime(b.hiddenColumn(lastMoment, x.Pos), x, property))
	}
	e := b.hiddenColumn(slices.Index(windowProperties, property), x.Pos)
	t := types.Type{Kind: e.Type().Kind, Precision: 3, Nullable: true}
	return b.agg.property(x.Func, ir.NewCast(e, t, true, false, x.Pos))
}

// hiddenColumn is a column of the window behind Table.window.
func (b *binder) hiddenColumn(i int, pos diag.Pos) ir.Expr {
	return ir.NewColumnRef(b.scope.schema, b.scope.schema.Index(hiddenWindow[i]), pos)
}

// propertyRef is a property of the window, or an aggregate that is made of
// others. They share the numbers of default names with aggregates.
type propertyRef struct {
	ir.Expr
	label string
}

// property notes the use of a property; the first use gives it its number.
func (g *aggregation) property(name string, e ir.Expr) ir.Expr {
	return &propertyRef{e, g.label(name)}
}

// label is the default name of an aggregate or property, by the order of first
// uses.
func (g *aggregation) label(text string) string {
	at := slices.Index(g.labels, text)
	if at < 0 {
		at = len(g.labels)
		g.labels = append(g.labels, text)
	}
	return "EXPR$" + strconv.Itoa(at)
}
