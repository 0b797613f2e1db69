package bind

import (
	"slices"
	"strconv"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/agg"
	agglist "pyfc/rt/agg/list"
	"pyfc/rt/fn/list"
)

// aggregation collects what one GROUP BY computes.
type aggregation struct {
	in       ir.Rel
	keys     []ir.Expr // over in
	keyNames []string
	calls    []aggCall
	inside   bool // binding an aggregate's argument
	// ungrouped are the places where a column has been reported: one * may
	// stand for many.
	ungrouped map[diag.Pos]bool
	// sets are the grouping sets, of which the level-th of those that come
	// several times are at hand; none or one where rows are grouped by all keys.
	sets  []ir.Key
	level int
	// window is that of GROUP BY; nil for none.
	window *groupWindow
	// labels are what default names number, in order.
	labels []string
}

// aggCall is one aggregate, bound over the input.
type aggCall struct {
	call   ir.AggCall // positions aren't set yet
	args   []ir.Expr
	filter ir.Expr // or nil
	text   string  // equal for equal calls
}

// aggRef stands for the result of an aggregate in an expression over the
// input, until place makes it a column of the aggregate.
type aggRef struct {
	ir.Expr // a constant, for the place and what has no operands
	t       types.Type
	index   int
	label   string // the default name of an item that is the aggregate
}

// Type implements ir.Expr.
func (a *aggRef) Type() types.Type { return a.t }

// String keeps aggregates apart in keys and names.
func (a *aggRef) String() string { return "EXPR$" + strconv.Itoa(a.index) }

// alwaysValues reports whether a group has a row at least.
func (g *aggregation) alwaysValues() bool { return len(g.keys) > 0 }

// expanded reports whether rows are grouped by several sets of keys.
func (g *aggregation) expanded() bool { return len(g.sets) > 1 }

// width is the number of the aggregate's columns before those of calls.
func (g *aggregation) width() int {
	if g.expanded() {
		return len(g.keys) + 1
	}
	return len(g.keys)
}

// hides reports whether a column of the input isn't visible in the output.
func (g *aggregation) hides(name string) bool { return g.in.P().Schema.Index(name) >= 0 }

// aggregate binds an aggregate call.
func (b *binder) aggregate(x *sql.Call) ir.Expr {
	if !b.mayAggregate(x.Pos) {
		return poison(x.Pos)
	}
	inner := *b
	inner.scope = b.aggScope
	b.agg.inside = true
	defer func() { b.agg.inside = false }()

	d, _ := agglist.Lookup(x.Func)
	star := len(x.Args) == 1 && isStar(x.Args[0])
	if star && d.Name != "COUNT" {
		b.errorf(diag.FunctionArgument, x.Args[0].Where(), "only COUNT takes *, not %s", x.Func)
		return poison(x.Pos)
	}
	if !star && !takesSoMany(d, x) {
		b.errorf(diag.FunctionArgument, x.Pos, "%s takes %s, not %d", d.Name, d.Arity(), len(x.Args))
		return poison(x.Pos)
	}
	c := aggCall{call: ir.AggCall{Fn: d.Name, Distinct: x.Distinct, Filter: -1, Pos: x.Pos}}
	if !star {
		c.args = inner.exprs(x.Args)
	}
	if x.Filter != nil {
		inner.clause = "FILTER"
		c.filter = inner.condition(x.Filter)
	}
	if !valid(c.args...) || c.filter != nil && !valid(c.filter) {
		return poison(x.Pos)
	}
	if c, ok := inner.adapt(c, x); ok {
		return b.noteAny(d, c)
	}
	return poison(x.Pos)
}

// mayAggregate reports whether the clause may have an aggregate function here.
func (b *binder) mayAggregate(pos diag.Pos) bool {
	switch {
	case b.agg == nil:
		b.errorf(diag.BadAggregate, pos, "an aggregate function can't stand in %s", b.clause)
	case b.agg.inside:
		b.errorf(diag.BadAggregate, pos, "an aggregate function can't be the input of another one")
	default:
		return true
	}
	return false
}

// takesSoMany reports whether a function may have the arguments that a call
// has. COUNT may have any number, JSON one for what NULL is.
func takesSoMany(d *agg.Decl, x *sql.Call) bool {
	n := len(x.Args)
	switch {
	case d.Name == "COUNT":
		return n > 0
	case strings.HasPrefix(d.Name, "JSON_"):
		n--
	}
	return n > 0 && d.Takes(n) != ""
}

func isStar(x sql.Expr) bool {
	s, ok := x.(*sql.Star)
	return ok && len(s.Table) == 0
}

// adapt makes of a call as it is written one as its declaration has it: NULLs
// that don't count become a filter, and what goes into JSON a JSON text.
func (b *binder) adapt(c aggCall, x *sql.Call) (aggCall, bool) {
	absent := x.Nulls == "IGNORE"
	if len(x.OrderBy) > 0 {
		b.errorf(diag.SQLIgnored, x.Pos, "PyFlink 1.20.1 doesn't sort by the ORDER BY in %s, nor does the job", x.Func)
	}
	switch c.call.Fn {
	case "JSON_OBJECTAGG", "JSON_ARRAYAGG":
		onNull, _ := c.args[0].(*ir.Const)
		absent = onNull.Value == "ABSENT"
		c.args = slices.Clone(c.args[1:])
		last := len(c.args) - 1
		if !makesJSON(c.args[last]) {
			d, _ := list.Lookup("JSON_STRING")
			text := b.overload(d, c.args[last:], x.Pos)
			if text == nil {
				b.wrongArguments(d, c.args[last:], x.Pos)
				return c, false
			}
			c.args[last] = text
		}
	case "COUNT":
		if len(c.args) > 1 {
			return b.countOfSeveral(c)
		}
	case "LISTAGG":
		if len(c.args) == 2 {
			if _, isConst := c.args[1].(*ir.Const); !isConst {
				b.errorf(diag.FunctionArgument, c.args[1].Pos(), "the separator of LISTAGG must be a literal")
				return c, false
			}
		}
	}
	if absent {
		c.filter = b.both(c.filter, b.unary(sql.OpIsNotNull, c.args[len(c.args)-1], x.Pos), x.Pos)
	}
	return c, true
}

// countOfSeveral is COUNT of several columns: as in Flink one that is never
// NULL changes nothing, and what is left must be one.
func (b *binder) countOfSeveral(c aggCall) (aggCall, bool) {
	left := slices.DeleteFunc(slices.Clone(c.args), func(a ir.Expr) bool { return !a.Type().Nullable })
	if c.call.Distinct || len(left) > 1 {
		b.errorf(diag.FunctionArgument, c.call.Pos, "Flink only supports the COUNT of one field").
			WithHint("count a ROW of them, or their texts joined")
		return c, false
	}
	c.args = left
	return c, true
}

// both is x AND y, or y where there is no x.
func (b *binder) both(x, y ir.Expr, pos diag.Pos) ir.Expr {
	if x == nil {
		return y
	}
	return b.connect(sql.OpAnd, x, y, pos)
}

// noteAny notes a call, or the calls that the function is made of.
func (b *binder) noteAny(d *agg.Decl, c aggCall) ir.Expr {
	o, ok := b.aggOverload(d, c)
	switch {
	case !ok:
		return poison(c.call.Pos)
	case d.Name == agg.ApproxCountDistinctDecl.Name:
		return b.approxCount(c)
	case o.Acc == nil && b.dialect == tableAPI: // its parts have no names
		label, labels := b.agg.label(c.key()), slices.Clone(b.agg.labels)
		e := b.spread(d, c)
		b.agg.labels = labels
		return &propertyRef{e, label}
	case o.Acc == nil:
		return b.spread(d, c)
	}
	return b.note(o, c)
}

// approxCount counts different values exactly instead of estimating them.
func (b *binder) approxCount(c aggCall) ir.Expr {
	switch {
	case b.inOver:
		b.planned(c.call.Pos, "function", c.call.Fn+" over a window")
		return poison(c.call.Pos)
	case !b.s.Batch():
		b.errorf(diag.BadAggregate, c.call.Pos, "Flink has no %s in streaming mode", c.call.Fn).WithHint("COUNT(DISTINCT …) counts exactly")
		return poison(c.call.Pos)
	}
	c.call.Distinct = true
	return b.noteOf("COUNT", c, c.args[0])
}

// note adds a call, unless an equal one is there, and returns what stands for
// its result.
func (b *binder) note(o *agg.Overload, c aggCall) ir.Expr {
	c.call.Type = b.resultType(o, c)
	return b.noted(c)
}

// noted is note of a call whose type is known.
func (b *binder) noted(c aggCall) ir.Expr {
	c.text = c.key()
	i := slices.IndexFunc(b.agg.calls, func(o aggCall) bool { return o.text == c.text })
	if i < 0 {
		i = len(b.agg.calls)
		b.agg.calls = append(b.agg.calls, c)
	}
	return &aggRef{ir.NewConst(c.call.Type.WithNull(true), nil, c.call.Pos), c.call.Type, i, b.agg.label(c.text)}
}

// resultType is the type of a call: in a group there is always a value, unless
// all are NULL or left out. The Table API's windows
// don't tell.
func (b *binder) resultType(o *agg.Overload, c aggCall) types.Type {
	t := o.Result(ir.Args(c.args))
	windowed := b.dialect == tableAPI && b.agg.window != nil
	nullable := slices.ContainsFunc(c.args, func(a ir.Expr) bool { return a.Type().Nullable })
	if !windowed && t.Nullable && !o.Overflows && !nullable && c.filter == nil && b.agg.alwaysValues() {
		t.Nullable = false
	}
	return t
}

func (c *aggCall) key() string {
	var b strings.Builder
	b.WriteString(c.call.Name())
	if c.call.Distinct {
		b.WriteString(" DISTINCT")
	}
	for _, a := range c.args {
		b.WriteString(" " + a.String())
	}
	if c.filter != nil {
		b.WriteString(" FILTER " + c.filter.String())
	}
	return b.String()
}

// aggOverload is the aggregate's signature for its arguments.
func (b *binder) aggOverload(d *agg.Decl, c aggCall) (*agg.Overload, bool) {
	for _, a := range c.args {
		if a.Type().Kind == types.Null {
			b.untypedNull(a)
			return nil, false
		}
	}
	if o, ok := d.For(ir.Args(c.args)); ok {
		return o, true
	}
	given := make([]string, len(c.args))
	for i, a := range c.args {
		given[i] = a.Type().String()
	}
	pos := c.call.Pos
	if len(c.args) == 1 {
		pos = c.args[0].Pos()
	}
	if len(given) == 1 {
		b.tellTypes(b.errorf(diag.FunctionArgument, pos, "%s takes %s, not %s", d.Name, d.Takes(1), given[0]), c.args...)
	} else {
		b.tellTypes(b.errorf(diag.FunctionArgument, pos, "%s takes %s, not (%s)", d.Name, d.Takes(len(given)), strings.Join(given, ", ")), c.args...)
	}
	return nil, false
}

// build makes the aggregate: a projection of keys and arguments, unless all
// are columns of the input, and the grouping.
func (g *aggregation) build(b *binder, pos diag.Pos) *ir.Aggregate {
	b.s.refusesMixture(g.calls)
	in, positions := g.project(b, pos)
	rest := positions[len(g.keys):]
	group := positions[:len(g.keys)]
	if g.expanded() {
		in, positions = g.expand(in, positions, pos)
		rest = positions[len(g.keys):]
		group = append(slices.Clone(positions[:len(g.keys)]), len(g.keys))
	}
	var calls []ir.AggCall
	var names []string
	for i, c := range g.calls {
		call := c.call
		call.Args, rest = rest[:len(c.args)], rest[len(c.args):]
		if c.filter != nil {
			call.Filter, rest = rest[0], rest[1:]
		}
		calls = append(calls, call)
		if u := call.UDF; u != nil && u.Kind == ir.TableAggregateUDF {
			names = append(names, resultNames(u.Result, "f0")...)
			continue
		}
		names = append(names, "EXPR$"+strconv.Itoa(i))
	}
	agg := ir.NewAggregate(in, group, calls, names, pos)
	agg.Retention = b.retention
	return agg
}

// project computes keys, arguments and filters, equal ones once, and returns
// where each is.
func (g *aggregation) project(b *binder, pos diag.Pos) (ir.Rel, []int) {
	all := slices.Clone(g.keys)
	for i, k := range all {
		if g.window == nil {
			break
		}
		if at, ok := g.window.computed[k.String()]; ok {
			all[i] = ir.NewColumnRef(g.in.P().Schema, at, k.Pos())
		}
	}
	for _, c := range g.calls {
		all = append(all, c.args...)
		if c.filter != nil {
			all = append(all, c.filter)
		}
	}
	positions := make([]int, len(all))
	plain := true
	for i, e := range all {
		ref, ok := e.(*ir.ColumnRef)
		plain = plain && ok
		if ok {
			positions[i] = ref.Index
		}
	}
	if plain {
		return g.in, positions
	}
	var columns []ir.Expr
	var names []string
	at := map[string]int{}
	for i, e := range all {
		text := e.String()
		j, seen := at[text]
		if !seen {
			j = len(columns)
			at[text] = j
			columns = append(columns, e)
			names = append(names, g.inputName(i, e))
		}
		positions[i] = j
	}
	return b.newProject(g.in, columns, names, pos), positions
}

// inputName names the i-th column below the aggregate.
func (g *aggregation) inputName(i int, e ir.Expr) string {
	if i < len(g.keys) {
		return g.keyNames[i]
	}
	if ref, ok := e.(*ir.ColumnRef); ok {
		return ref.Name
	}
	return "$f" + strconv.Itoa(i)
}

// place rewrites an item, bound over the input, to one over the aggregate: a
// key or an aggregate becomes a column. Columns of the input that are left
// over are reported.
func (b *binder) place(e ir.Expr, out types.Schema) ir.Expr {
	g := b.agg
	if !valid(e) {
		return e
	}
	if r, ok := e.(*groupingRef); ok {
		return r.value(b, out)
	}
	for i, k := range g.keys {
		if k.String() == e.String() {
			return ir.NewColumnRef(out, i, e.Pos())
		}
	}
	switch x := e.(type) {
	case *aggRef:
		return ir.NewColumnRef(out, g.width()+x.index, e.Pos())
	case *ir.ColumnRef:
		if g.ungrouped[e.Pos()] {
			return poison(e.Pos())
		}
		g.ungrouped[e.Pos()] = true
		b.errorf(diag.BadAggregate, e.Pos(), "column %q is neither in GROUP BY nor in an aggregate function", x.Name)
		return poison(e.Pos())
	}
	operands := e.Operands()
	if len(operands) == 0 {
		return e
	}
	args := make([]ir.Expr, len(operands))
	for i, o := range operands {
		args[i] = b.place(o, out)
	}
	if !valid(args...) {
		return poison(e.Pos())
	}
	return e.WithOperands(args)
}

// placeRefs is place for the Table API, whose items are bound over the keys
// already.
func placeRefs(e ir.Expr, g *aggregation, out types.Schema) ir.Expr {
	return ir.MapExpr(e, func(e ir.Expr) ir.Expr {
		switch r := e.(type) {
		case *aggRef:
			return ir.NewColumnRef(out, g.width()+r.index, e.Pos())
		case *propertyRef:
			return r.Expr
		}
		return e
	})
}
