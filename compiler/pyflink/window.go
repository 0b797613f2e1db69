package pyflink

import (
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
)

const windowModule = "pyflink.table.window"

// The builders of windows of groups: each step carries a *groupWindow, the last
// one is a GroupWindow.
var (
	groupWindowClass = pyeval.NewClass(windowModule, "GroupWindow")

	tumbleClass       = pyeval.NewClass(windowModule, "Tumble")
	tumbleSizeClass   = pyeval.NewClass(windowModule, "TumbleWithSize")
	tumbleOnTimeClass = pyeval.NewClass(windowModule, "TumbleWithSizeOnTime")

	slideClass       = pyeval.NewClass(windowModule, "Slide")
	slideSizeClass   = pyeval.NewClass(windowModule, "SlideWithSize")
	slideStepClass   = pyeval.NewClass(windowModule, "SlideWithSizeAndSlide")
	slideOnTimeClass = pyeval.NewClass(windowModule, "SlideWithSizeAndSlideOnTime")

	sessionClass       = pyeval.NewClass(windowModule, "Session")
	sessionGapClass    = pyeval.NewClass(windowModule, "SessionWithGap")
	sessionOnTimeClass = pyeval.NewClass(windowModule, "SessionWithGapOnTime")
)

// What Table.window and group_by give: the first carries a *windowedTable, the
// second a *bind.Grouped.
var (
	groupWindowedClass = pyeval.NewClass("pyflink.table.table", "GroupWindowedTable")
	windowGroupedClass = pyeval.NewClass("pyflink.table.table", "WindowGroupedTable")
)

// groupWindow is a window as far as its builder has come.
type groupWindow struct {
	bind.GroupWindow
	unrun string // what of it isn't run yet
}

// windowedTable is a table behind window().
type windowedTable struct {
	rel ir.Rel
	groupWindow
}

// tableWindowMembers are the members of Table that begin a window.
var tableWindowMembers = []member{
	def("window(self, window: GroupWindow)", "Puts the rows into windows of time, for group_by.", func(c *pyeval.Call) (pyeval.Value, error) {
		w, _ := pyeval.Data[*groupWindow](c.Arg("window"))
		if w.unrun != "" {
			return nil, planned(c.Where("window").Pos(), w.unrun)
		}
		return groupWindowedClass.Make(&windowedTable{relOf(c.Self()), *w}), nil
	}),
	def("over_window(self, *over_windows: OverWindow)", "Names windows over which select may aggregate.", overWindow),
}

func init() {
	declare(groupWindowClass, "A window of groups, with its alias.")
	declare(tumbleClass, "Windows that follow each other.",
		onClass("over(size)", "Sets their length.", windowBegins(tumbleSizeClass, bind.GroupWindow{Kind: bind.TumbleWindow})))
	declare(tumbleSizeClass, "Tumbling windows of a length.", windowOn(tumbleOnTimeClass))
	declare(tumbleOnTimeClass, "Tumbling windows over a column of time.", windowAlias())
	declare(slideClass, "Windows of a length that begin in steps.",
		onClass("over(size)", "Sets their length.", windowBegins(slideSizeClass, bind.GroupWindow{Kind: bind.SlideWindow})))
	declare(slideSizeClass, "Sliding windows of a length.",
		def("every(self, slide)", "Sets the step between their beginnings.", windowStep("slide", slideStepClass, func(w *groupWindow, x sql.Expr) { w.Step = x })))
	declare(slideStepClass, "Sliding windows with a step.", windowOn(slideOnTimeClass))
	declare(slideOnTimeClass, "Sliding windows over a column of time.", windowAlias())
	declare(sessionClass, "Windows that end with a gap.",
		onClass("with_gap(gap)", "Sets the gap.", func(c *pyeval.Call) (pyeval.Value, error) {
			x, err := oneExpression(c, "gap")
			return sessionGapClass.Make(&groupWindow{GroupWindow: bind.GroupWindow{Kind: bind.SessionWindow, Size: x}}), err
		}))
	declare(sessionGapClass, "Windows that end with a gap.", windowOn(sessionOnTimeClass))
	declare(sessionOnTimeClass, "Session windows over a column of time.", windowAlias())
	declare(groupWindowedClass, "A relation in windows.",
		def("group_by(self, *fields)", "Groups the rows by keys and the window's alias.", func(c *pyeval.Call) (pyeval.Value, error) {
			xs, err := fields(c, "fields")
			if err != nil {
				return nil, err
			}
			t, _ := pyeval.Data[*windowedTable](c.Self())
			return windowGroupedClass.Make(runOf(c).session.WindowedBy(t.rel, t.GroupWindow, xs, c.Span.Pos())), nil
		}),
	)
	declare(windowGroupedClass, "A relation grouped by keys and a window.",
		def("select(self, *fields)", "Computes keys, aggregates and properties of the window, a row per group.", groupedSelect),
		def("aggregate(self, func)", "Applies an aggregate function to each group.", aggregated(aggregatedTableClass, false)).later())
}

// oneExpression reads an argument that is one expression or, in the legacy
// form, a string of one.
func oneExpression(c *pyeval.Call, param string) (sql.Expr, error) {
	at := c.Where(param).Pos()
	xs, err := expressionsOf(c, c.Arg(param), at)
	if err != nil {
		return nil, err
	}
	if len(xs) != 1 {
		return nil, argument(at, "%s takes one expression, here are %d", c.Name, len(xs))
	}
	return xs[0], nil
}

// windowBegins makes a window of a length.
func windowBegins(next *pyeval.Class, begun bind.GroupWindow) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		x, err := oneExpression(c, "size")
		w := &groupWindow{GroupWindow: begun}
		w.Size = x
		if inRows(x) {
			w.unrun = "Table.window of a number of rows"
		}
		return next.Make(w), err
	}
}

// inRows reports whether a length is one in rows: 10.rows, row_interval(10).
func inRows(x sql.Expr) bool {
	call, ok := x.(*sql.Call)
	return ok && call.Func == sql.OpRows
}

// windowStep is a step of a builder that takes one expression.
func windowStep(param string, next *pyeval.Class, take func(*groupWindow, sql.Expr)) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		x, err := oneExpression(c, param)
		if err != nil {
			return nil, err
		}
		w, _ := pyeval.Data[*groupWindow](c.Self())
		with := *w
		take(&with, x)
		return next.Make(&with), nil
	}
}

func windowOn(next *pyeval.Class) member {
	return def("on(self, time_field)", "Sets the column of time.", windowStep("time_field", next, func(w *groupWindow, x sql.Expr) { w.Time = x }))
}

func windowAlias() member {
	return def("alias(self, alias: str)", "Names the windows.", func(c *pyeval.Call) (pyeval.Value, error) {
		w, _ := pyeval.Data[*groupWindow](c.Self())
		with := *w
		with.Alias = nameArgument(c, "alias")
		return groupWindowClass.Make(&with), nil
	})
}

// nameArgument is a name that an argument gives.
func nameArgument(c *pyeval.Call, param string) sql.Name {
	return sql.Name{Text: c.Str(param), Pos: c.Where(param).Pos()}
}

// The builders of windows around each row: each step carries a *sql.NamedWindow.
var (
	overClass            = pyeval.NewClass(windowModule, "Over")
	overPartitionedClass = pyeval.NewClass(windowModule, "OverWindowPartitioned")
	overOrderedClass     = pyeval.NewClass(windowModule, "OverWindowPartitionedOrdered")
	overPrecedingClass   = pyeval.NewClass(windowModule, "OverWindowPartitionedOrderedPreceding")
	overWindowClass      = pyeval.NewClass(windowModule, "OverWindow")
	overWindowedClass    = pyeval.NewClass("pyflink.table.table", "OverWindowedTable")
)

// overWindowed is a table behind over_window().
type overWindowed struct {
	rel     ir.Rel
	windows []*sql.NamedWindow
}

func init() {
	alias := def("alias(self, alias: str)", "Names the window.", func(c *pyeval.Call) (pyeval.Value, error) {
		w := windowSoFar(c)
		w.Name = nameArgument(c, "alias")
		return overWindowClass.Make(w), nil
	})
	order := "Sets the column of time that orders the rows."
	declare(overClass, "Windows around each row.",
		onClass("partition_by(*partition_by)", "Sets the keys within which rows count.", func(c *pyeval.Call) (pyeval.Value, error) {
			xs, err := fields(c, "partition_by")
			return overPartitionedClass.Make(&sql.NamedWindow{Window: &sql.Window{At: sql.At{Pos: c.Span.Pos()}, PartitionBy: xs}}), err
		}),
		onClass("order_by(order_by)", order, overOrder))
	declare(overPartitionedClass, "Windows within keys.", def("order_by(self, order_by)", order, overOrder))
	declare(overOrderedClass, "Windows over ordered rows.", alias,
		def("preceding(self, preceding)", "Sets how far back they reach.", func(c *pyeval.Call) (pyeval.Value, error) {
			b, rows, err := overBound(c, "preceding", sql.Preceding)
			if err != nil {
				return nil, err
			}
			w := windowSoFar(c)
			w.Window.Frame = &sql.Frame{At: sql.At{Pos: c.Span.Pos()}, Rows: rows, From: b, To: &sql.Bound{Kind: sql.CurrentRow}}
			return overPrecedingClass.Make(w), nil
		}))
	declare(overPrecedingClass, "Windows that reach back.", alias,
		def("following(self, following)", "Sets how far ahead they reach.", func(c *pyeval.Call) (pyeval.Value, error) {
			b, rows, err := overBound(c, "following", sql.Following)
			if err != nil {
				return nil, err
			}
			w := windowSoFar(c)
			if rows != w.Window.Frame.Rows {
				return nil, argument(c.Where("following").Pos(), "preceding and following must both be rows, or both times")
			}
			frame := *w.Window.Frame
			frame.To = &b
			w.Window.Frame = &frame
			return overPrecedingClass.Make(w), nil
		}))
	declare(overWindowClass, "A window around each row, with its alias.")
	declare(overWindowedClass, "A relation with windows around its rows.",
		def("select(self, *fields)", "Computes columns, which may aggregate over the windows.", func(c *pyeval.Call) (pyeval.Value, error) {
			xs, err := fields(c, "fields")
			if err != nil {
				return nil, err
			}
			t, _ := pyeval.Data[*overWindowed](c.Self())
			return newTable(runOf(c).session.OverSelect(t.rel, t.windows, xs, c.Span.Pos())), nil
		}))
}

// windowSoFar is a copy of the window that a builder carries, or the first one
// where the call isn't on a builder's object.
func windowSoFar(c *pyeval.Call) *sql.NamedWindow {
	from, ok := pyeval.Data[*sql.NamedWindow](c.Self())
	if !ok {
		from = &sql.NamedWindow{Window: &sql.Window{At: sql.At{Pos: c.Span.Pos()}}}
	}
	w, inner := *from, *from.Window
	w.Window = &inner
	return &w
}

func overOrder(c *pyeval.Call) (pyeval.Value, error) {
	x, err := oneExpression(c, "order_by")
	if err != nil {
		return nil, err
	}
	w := windowSoFar(c)
	w.Window.OrderBy = []*sql.OrderItem{{At: sql.At{Pos: x.Where()}, X: x}}
	return overOrderedClass.Make(w), nil
}

// rangeBounds are the constants for ends of windows.
var rangeBounds = map[string]struct {
	kind sql.BoundKind
	rows bool
}{
	"UNBOUNDEDROW": {sql.UnboundedPreceding, true}, "UNBOUNDEDRANGE": {sql.UnboundedPreceding, false},
	"CURRENTROW": {sql.CurrentRow, true}, "CURRENTRANGE": {sql.CurrentRow, false},
}

// overBound reads one end of a window: a constant, a number of rows, or a
// length of time.
func overBound(c *pyeval.Call, param string, kind sql.BoundKind) (sql.Bound, bool, error) {
	name := ""
	if v := c.Arg(param); v.Class() == constantClass {
		name = constantName(v)
	} else {
		x, err := oneExpression(c, param)
		if err != nil {
			return sql.Bound{}, false, err
		}
		if inRows(x) {
			return sql.Bound{Kind: kind, Offset: x.(*sql.Call).Args[0]}, true, nil
		}
		id, ok := x.(*sql.Ident)
		if !ok {
			return sql.Bound{Kind: kind, Offset: x}, false, nil
		}
		name = id.Parts[0].Text
	}
	at, ok := rangeBounds[strings.ToUpper(strings.ReplaceAll(name, "_", ""))]
	if !ok {
		return sql.Bound{}, false, argument(c.Where(param).Pos(), "%s takes rows, a length of time, or a constant such as UNBOUNDED_RANGE", c.Name)
	}
	b := sql.Bound{Kind: at.kind}
	if b.Kind == sql.UnboundedPreceding && kind == sql.Following {
		b.Kind = sql.UnboundedFollowing
	}
	return b, at.rows, nil
}

func overWindow(c *pyeval.Call) (pyeval.Value, error) {
	out := &overWindowed{rel: relOf(c.Self())}
	for _, v := range c.Elems("over_windows") {
		w, _ := pyeval.Data[*sql.NamedWindow](v)
		out.windows = append(out.windows, w)
	}
	return overWindowedClass.Make(out), nil
}
