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
	ir.Expr // a constant of the result's type
	index   int
}

// String keeps aggregates apart in keys and names.
func (a *aggRef) String() string { return "EXPR$" + strconv.Itoa(a.index) }

// hides reports whether a column of the input isn't visible in the output.
func (g *aggregation) hides(name string) bool { return g.in.P().Schema.Index(name) >= 0 }

// aggregate binds an aggregate call.
func (b *binder) aggregate(x *sql.Call) ir.Expr {
	switch {
	case b.agg == nil:
		b.errorf(diag.BadAggregate, x.Pos, "an aggregate function can't stand in %s", b.clause)
		return poison(x.Pos)
	case b.agg.inside:
		b.errorf(diag.BadAggregate, x.Pos, "an aggregate function can't be the input of another one")
		return poison(x.Pos)
	}
	inner := *b
	inner.scope = b.aggScope
	b.agg.inside = true
	defer func() { b.agg.inside = false }()

	star := len(x.Args) == 1 && isStar(x.Args[0])
	if star && x.Func != "COUNT" {
		b.errorf(diag.FunctionArgument, x.Args[0].Where(), "only COUNT takes *, not %s", x.Func)
		return poison(x.Pos)
	}
	c := aggCall{}
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
	return b.note(x, c, star)
}

func isStar(x sql.Expr) bool {
	s, ok := x.(*sql.Star)
	return ok && len(s.Table) == 0
}

// note chooses the aggregate's overload and adds the call, unless an equal one
// is there.
func (b *binder) note(x *sql.Call, c aggCall, star bool) ir.Expr {
	d, _ := agglist.Lookup(x.Func)
	if !star && len(c.args) != 1 {
		if d.Name == "COUNT" && len(c.args) > 1 {
			b.planned(x.Pos, "function", "COUNT of several columns")
		} else {
			b.errorf(diag.FunctionArgument, x.Pos, "%s takes 1 argument, not %d", d.Name, len(c.args))
		}
		return poison(x.Pos)
	}
	o, ok := b.aggOverload(d, c, x)
	if !ok {
		return poison(x.Pos)
	}
	t := o.Result(c.argType())
	// In a group there is always a value, unless all are NULL or left out.
	if t.Nullable && !o.Overflows && !star && len(b.agg.keys) > 0 && !c.args[0].Type().Nullable && c.filter == nil {
		t.Nullable = false
	}
	c.call = ir.AggCall{Fn: d.Name, Distinct: x.Distinct, Filter: -1, Type: t, Pos: x.Pos}
	c.text = c.key()
	i := slices.IndexFunc(b.agg.calls, func(o aggCall) bool { return o.text == c.text })
	if i < 0 {
		i = len(b.agg.calls)
		b.agg.calls = append(b.agg.calls, c)
	}
	return &aggRef{ir.NewConst(t, nil, x.Pos), i}
}

func (c *aggCall) key() string {
	var b strings.Builder
	b.WriteString(c.call.Fn)
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

// argType is the type of the argument; invalid for COUNT(*).
func (c *aggCall) argType() types.Type {
	if len(c.args) == 0 {
		return types.Type{}
	}
	return c.args[0].Type()
}

// aggOverload is the aggregate's signature for its argument. A type that Flink
// takes but no overload does is planned.
func (b *binder) aggOverload(d *agg.Decl, c aggCall, x *sql.Call) (*agg.Overload, bool) {
	arg := c.argType()
	if arg.Kind == types.Null {
		b.untypedNull(c.args[0])
		return nil, false
	}
	if o, ok := d.For(arg.Kind); ok {
		return o, true
	}
	numbersOnly := d.Name == "SUM" || d.Name == "AVG"
	if !arg.Valid() || numbersOnly && !arg.Numeric() {
		b.errorf(diag.FunctionArgument, c.args[0].Pos(), "%s takes a number, not %s", d.Name, arg)
		return nil, false
	}
	b.planned(x.Pos, "function", d.Name+" of "+arg.Kind.String())
	return nil, false
}

// build makes the aggregate: a projection of keys and arguments, unless all
// are columns of the input, and the grouping.
func (g *aggregation) build(pos diag.Pos) *ir.Aggregate {
	in, positions := g.project(pos)
	group := positions[:len(g.keys)]
	rest := positions[len(g.keys):]
	var calls []ir.AggCall
	var names []string
	for i, c := range g.calls {
		call := c.call
		call.Args, rest = rest[:len(c.args)], rest[len(c.args):]
		if c.filter != nil {
			call.Filter, rest = rest[0], rest[1:]
		}
		calls = append(calls, call)
		names = append(names, "EXPR$"+strconv.Itoa(i))
	}
	return ir.NewAggregate(in, group, calls, names, pos)
}

// project computes keys, arguments and filters, equal ones once, and returns
// where each is.
func (g *aggregation) project(pos diag.Pos) (ir.Rel, []int) {
	all := slices.Clone(g.keys)
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
	return ir.NewProject(g.in, columns, names, pos), positions
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
	for i, k := range g.keys {
		if k.String() == e.String() {
			return ir.NewColumnRef(out, i, e.Pos())
		}
	}
	switch x := e.(type) {
	case *aggRef:
		return ir.NewColumnRef(out, len(g.keys)+x.index, e.Pos())
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
		if r, ok := e.(*aggRef); ok {
			return ir.NewColumnRef(out, len(g.keys)+r.index, e.Pos())
		}
		return e
	})
}
