package bind

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
	"pyfc/rt/agg"
	agglist "pyfc/rt/agg/list"
	"pyfc/rt/val"
)

// overRef is a call of a function over a window, until overs makes it a column
// of an Over.
type overRef struct {
	ir.Expr   // a constant of the result's type, for the place
	t         types.Type
	call      ir.OverCall // positions aren't set yet
	args      []ir.Expr
	partition []ir.Expr
	order     []ir.Expr
	dirs      ir.Order // how the exprs of order are ordered; columns aren't set
}

// Type implements ir.Expr.
func (r *overRef) Type() types.Type { return r.t }

// Operands implements ir.Expr.
func (r *overRef) Operands() []ir.Expr { return slices.Concat(r.args, r.partition, r.order) }

// WithOperands implements ir.Expr.
func (r *overRef) WithOperands(all []ir.Expr) ir.Expr {
	c := *r
	n, m := len(r.args), len(r.args)+len(r.partition)
	c.args, c.partition, c.order = all[:n:n], all[n:m:m], all[m:]
	return &c
}

// String is equal for equal calls.
func (r *overRef) String() string {
	return fmt.Sprintf("%s(%s) %v OVER %s", r.call.Fn, texts(r.args), r.call.Frame, r.window())
}

// window is equal for calls over the same partitions in the same order.
func (r *overRef) window() string {
	return fmt.Sprintf("(%s; %s %v)", texts(r.partition), texts(r.order), r.dirs)
}

func texts(es []ir.Expr) string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = e.String()
	}
	return strings.Join(out, ", ")
}

// over binds a call with OVER.
func (b *binder) over(x *sql.Call) ir.Expr {
	if b.clause != "SELECT" && b.windows == nil {
		b.errorf(diag.BadAggregate, x.Pos, "a function over a window can't stand in %s", b.clause)
		return poison(x.Pos)
	}
	if b.inOver {
		b.errorf(diag.BadAggregate, x.Pos, "a function over a window can't be the input of another one")
		return poison(x.Pos)
	}
	inner := *b
	inner.inOver = true
	w, ok := inner.windowOf(x.Over)
	if !ok {
		return poison(x.Pos)
	}
	if x.Filter != nil {
		b.errorf(diag.BadAggregate, x.Filter.Where(), "Flink takes no FILTER of a function over a window").
			WithHint("write %s(CASE WHEN … THEN … END)", x.Func)
		return poison(x.Pos)
	}
	if d, ok := agglist.Window(x.Func); ok {
		if x.Nulls == "IGNORE" {
			b.errorf(diag.SQLIgnored, x.Pos, "PyFlink 1.20.1 counts NULLs in spite of IGNORE NULLS behind %s, and so does the job", x.Func)
		}
		return inner.windowCall(d, x, w)
	}
	return inner.windowAggregate(x, w)
}

// windowOf binds the window of a call: a named one, or one in brackets that may
// refine a named one.
func (b *binder) windowOf(x *sql.Window) (overRef, bool) {
	w := overRef{}
	x, ok := b.resolveWindow(x, nil)
	if !ok {
		return w, false
	}
	for _, k := range x.PartitionBy {
		w.partition = append(w.partition, b.expr(k))
	}
	for _, o := range x.OrderBy {
		e := b.expr(o.X)
		if _, constant := e.(*ir.Const); constant && valid(e) {
			continue // it orders nothing
		}
		c := ir.Collation{Desc: o.Desc}
		if o.Nulls != "" {
			c.NullsOther = (o.Nulls == "FIRST") == o.Desc
		}
		w.order, w.dirs = append(w.order, e), append(w.dirs, c)
	}
	for _, e := range slices.Concat(w.partition, w.order) {
		switch {
		case !valid(e):
			ok = false
		case !e.Type().Orderable():
			b.errorf(diag.TypeMismatch, e.Pos(), "values of %s have no order", e.Type())
			ok = false
		}
	}
	if !ok {
		return w, false
	}
	w.call.Frame, ok = b.frame(x.Frame, &w)
	return w, ok
}

// resolveWindow puts what a window refines into it. seen are the names that
// lead to it.
func (b *binder) resolveWindow(x *sql.Window, seen []string) (*sql.Window, bool) {
	name := x.Name.Text
	if name == "" {
		return x, true
	}
	i := slices.IndexFunc(b.windows, func(w *sql.NamedWindow) bool { return w.Name.Text == name })
	if i < 0 || slices.Contains(seen, name) {
		b.errorf(diag.UnknownTable, x.Name.Pos, "no window is called %q", name)
		return nil, false
	}
	base, ok := b.resolveWindow(b.windows[i].Window, append(seen, name))
	if !ok {
		return nil, false
	}
	if x.Named {
		return base, true
	}
	out := *x
	switch {
	case x.PartitionBy != nil:
		b.errorf(diag.SQLSyntax, x.Pos, "a window that refines %s can't have a PARTITION BY of its own", name)
		return nil, false
	case x.OrderBy != nil && base.OrderBy != nil:
		b.errorf(diag.SQLSyntax, x.Pos, "the window %s has an ORDER BY already", name)
		return nil, false
	case base.Frame != nil:
		b.errorf(diag.SQLSyntax, x.Pos, "a window with ROWS or RANGE can't be refined")
		return nil, false
	case x.Frame != nil:
		b.planned(x.Frame.Pos, "sql", "ROWS or RANGE of a window that refines another one")
		return nil, false
	}
	out.PartitionBy = base.PartitionBy
	if out.OrderBy == nil {
		out.OrderBy = base.OrderBy
	}
	return &out, true
}

// windowCall binds a function that only stands over a window.
func (b *binder) windowCall(d *agg.WindowDecl, x *sql.Call, w overRef) ir.Expr {
	switch {
	case len(x.Args) < d.MinArgs || len(x.Args) > d.MaxArgs:
		b.errorf(diag.FunctionArgument, x.Pos, "%s takes %d to %d arguments, not %d", d.Name, d.MinArgs, d.MaxArgs, len(x.Args))
		return poison(x.Pos)
	case x.Over.Frame != nil:
		b.errorf(diag.SQLSyntax, x.Over.Frame.Pos, "ROWS and RANGE don't go with %s", d.Name)
		return poison(x.Pos)
	case d.Ranks && len(w.order) == 0:
		b.errorf(diag.SQLSyntax, x.Over.Pos, "%s wants an ORDER BY in its window", d.Name)
		return poison(x.Pos)
	case x.Distinct:
		b.errorf(diag.BadAggregate, x.Pos, "DISTINCT doesn't go with %s", d.Name)
		return poison(x.Pos)
	}
	args := b.exprs(x.Args)
	if !valid(args...) || !b.windowArgs(d, args) {
		return poison(x.Pos)
	}
	argTypes := make([]types.Type, len(args))
	for i, a := range args {
		argTypes[i] = a.Type()
	}
	w.call.Frame = nil
	return w.made(ir.AggCall{Fn: d.Name, Filter: -1, Type: d.Result(argTypes), Pos: x.Pos}, args)
}

// windowArgs checks the arguments of NTILE, LAG and LEAD and converts a
// default to the value's type.
func (b *binder) windowArgs(d *agg.WindowDecl, args []ir.Expr) bool {
	for _, a := range args {
		if a.Type().Kind == types.Null {
			b.untypedNull(a)
			return false
		}
	}
	if d.Name == "NTILE" {
		n, ok := opt.FoldAll(args[0]).(*ir.Const)
		if v, isInt := constInteger(n); !ok || !isInt || v < 1 {
			b.errorf(diag.FunctionArgument, args[0].Pos(), "NTILE takes the number of buckets, a positive constant")
			return false
		}
		args[0] = b.coerce(n, types.Of(types.BigInt))
		return true
	}
	if len(args) > 1 {
		if !args[1].Type().Integer() {
			b.errorf(diag.FunctionArgument, args[1].Pos(), "the offset of %s is an integer, not %s", d.Name, args[1].Type())
			return false
		}
		args[1] = b.coerce(args[1], types.Of(types.BigInt))
	}
	if len(args) > 2 {
		from, to := args[2].Type(), args[0].Type()
		switch {
		case from.WithNull(true).Equal(to.WithNull(true)):
		case !types.Castable(from, to):
			b.errorf(diag.FunctionArgument, args[2].Pos(), "the default of %s is %s, its value %s", d.Name, from, to)
			return false
		default:
			args[2] = b.convert(args[2], to.WithNull(from.Nullable), true, false, args[2].Pos())
		}
	}
	return true
}

// constInteger is the value of a constant of an integer type.
func constInteger(c *ir.Const) (int64, bool) {
	if c == nil || !c.T.Integer() {
		return 0, false
	}
	v, ok := c.Value.(int64)
	return v, ok
}

// windowAggregate binds an aggregate over a window, as an aggregate of a group
// that has the rows of the frame. Its arguments are bound before, since over a
// GROUP BY they may hold aggregates of the groups.
func (b *binder) windowAggregate(x *sql.Call, w overRef) ir.Expr {
	if _, ok := agglist.Lookup(x.Func); !ok {
		b.errorf(diag.BadAggregate, x.Pos, "OVER must follow an aggregate function, and %s is none", x.Func)
		return poison(x.Pos)
	}
	plain := *x
	plain.Over, plain.Args = nil, nil
	group := *b
	group.bound = map[*sql.Ident]ir.Expr{}
	for _, a := range x.Args {
		if isStar(a) {
			plain.Args = append(plain.Args, a)
			continue
		}
		id := &sql.Ident{At: sql.At{Pos: a.Where()}}
		group.bound[id] = b.expr(a)
		plain.Args = append(plain.Args, id)
	}
	pseudo := &aggregation{}
	if w.call.Frame.HoldsCurrent() { // as in a group there is a row at least
		pseudo.keys = []ir.Expr{ir.NewConst(types.Of(types.Boolean).NotNull(), true, x.Pos)}
	}
	group.agg, group.aggScope = pseudo, b.scope
	out := group.aggregate(&plain)
	if slices.ContainsFunc(pseudo.calls, func(c aggCall) bool { return c.filter != nil }) {
		b.planned(x.Pos, "function", x.Func+" over a window without NULLs")
		return poison(x.Pos)
	}
	return ir.MapExpr(out, func(e ir.Expr) ir.Expr {
		if ref, ok := e.(*aggRef); ok {
			c := pseudo.calls[ref.index]
			return w.made(c.call, c.args)
		}
		return e
	})
}

// made is the reference to a call over the window w.
func (w overRef) made(call ir.AggCall, args []ir.Expr) *overRef {
	w.call.AggCall, w.args, w.t = call, args, call.Type
	w.Expr = ir.NewConst(call.Type.WithNull(true), nil, call.Pos)
	return &w
}

// frame binds ROWS or RANGE. Without them the rows up to the current one count,
// and those equal to it; without an order all of the partition.
func (b *binder) frame(x *sql.Frame, w *overRef) (*ir.Frame, bool) {
	f := &ir.Frame{To: ir.FrameBound{Kind: ir.CurrentRow}}
	if x == nil {
		if len(w.order) == 0 {
			f.To.Kind = ir.UnboundedFollowing
		}
		return f, true
	}
	f.Rows = x.Rows
	ok := true
	if f.From, ok = b.frameBound(x.From, x, w); !ok {
		return nil, false
	}
	if x.To != nil {
		if f.To, ok = b.frameBound(*x.To, x, w); !ok {
			return nil, false
		}
	}
	switch {
	case f.From.Kind == ir.UnboundedFollowing, f.To.Kind == ir.UnboundedPreceding,
		f.From.Kind > f.To.Kind && f.From.Kind >= ir.CurrentRow:
		b.errorf(diag.SQLSyntax, x.Pos, "the window ends before it begins")
		return nil, false
	}
	if len(w.order) == 0 { // Flink takes all of the partition, whatever is written
		return &ir.Frame{To: ir.FrameBound{Kind: ir.UnboundedFollowing}}, true
	}
	return f, true
}

func (b *binder) frameBound(x sql.Bound, f *sql.Frame, w *overRef) (ir.FrameBound, bool) {
	out := ir.FrameBound{Kind: ir.FrameBoundKind(x.Kind)}
	if x.Offset == nil {
		return out, true
	}
	e := opt.FoldAll(b.expr(x.Offset))
	if !valid(e) {
		return out, false
	}
	c, ok := e.(*ir.Const)
	if !ok || c.Value == nil {
		b.errorf(diag.FunctionArgument, e.Pos(), "the distance of a window's end is a constant")
		return out, false
	}
	out.Offset = c
	if _, literal := literalOf(x.Offset); !literal && b.dialect == sqlText && b.s.Batch() {
		b.errorf(diag.RefusedByFlink, e.Pos(), "PyFlink 1.20.1 wants a literal for the distance of a window's end in batch mode, and computes nothing there").
			WithHint("write %s", c.Literal())
		return out, false
	}
	if f.Rows {
		if v, isInt := constInteger(c); !isInt || v < 0 {
			b.errorf(diag.FunctionArgument, e.Pos(), "a number of rows is a natural number")
			return out, false
		}
		return out, true
	}
	return out, b.rangeOffset(&out, w)
}

// literalOf is the type of what Flink takes for a literal: a number with signs, an
// interval, and casts of these to others of their kind; false for the rest.
func literalOf(x sql.Expr) (types.Type, bool) {
	switch x := x.(type) {
	case *sql.Literal:
		return x.Type, true
	case *sql.Call:
		if len(x.Args) == 1 && (x.Func == sql.OpMinus || x.Func == sql.OpPlus) {
			t, ok := literalOf(x.Args[0])
			return t, ok && t.Numeric()
		}
	case *sql.Cast:
		t, ok := literalOf(x.X)
		alike := t.Numeric() && x.Type.Numeric() || t.Interval() && x.Type.Interval()
		return x.Type, ok && alike && !x.Try
	}
	return types.Type{}, false
}

// rangeOffset checks the distance of RANGE against the one column that it is
// measured on, and gives it that column's type; between dates it counts whole
// days.
func (b *binder) rangeOffset(bound *ir.FrameBound, w *overRef) bool {
	pos := bound.Offset.Pos()
	if len(w.order) != 1 {
		b.errorf(diag.SQLSyntax, pos, "RANGE with a distance wants one column in ORDER BY, here are %d", len(w.order))
		return false
	}
	key, offset := w.order[0].Type(), bound.Offset.T
	temporal := key.Timestamp() || key.Kind == types.Time || key.Kind == types.Date
	switch {
	case !key.Numeric() && !temporal:
		b.errorf(diag.TypeMismatch, w.order[0].Pos(), "RANGE with a distance wants an ORDER BY of numbers or times, not of %s", key)
		return false
	case key.Numeric() != offset.Numeric():
		b.errorf(diag.TypeMismatch, pos, "the distance is %s, but the rows are ordered by %s", offset, key)
		return false
	case offset.Kind == types.IntervalYearMonth:
		b.planned(pos, "sql", fmt.Sprintf("RANGE of %s over %s", offset.WithNull(true), key.WithNull(true)))
		return false
	case key.Kind == types.Date:
		millis, _ := bound.Offset.Value.(val.Millis)
		bound.Offset = ir.NewConst(types.Of(types.BigInt).WithNull(false), int64(millis)/val.MillisPerDay, pos)
		return true
	case key.Timestamp() && b.s.Batch():
		b.errorf(diag.RefusedByFlink, pos, "PyFlink 1.20.1 can't run RANGE with a distance over %s in batch mode", key.WithNull(true)).
			WithHint("order by the number of milliseconds")
		return false
	case temporal:
		return true
	}
	folded, ok := opt.FoldAll(b.coerce(bound.Offset, key.WithNull(false))).(*ir.Const)
	if !ok {
		b.planned(pos, "sql", fmt.Sprintf("RANGE of %s over %s", offset.WithNull(true), key.WithNull(true)))
		return false
	}
	bound.Offset = folded
	return true
}

// overs puts the calls over windows in exprs below them: an Over for each
// window, whose columns stand for the calls then.
func (b *binder) overs(in ir.Rel, exprs []ir.Expr, pos diag.Pos) ir.Rel {
	var refs []*overRef
	for _, e := range exprs {
		ir.WalkExpr(e, func(e ir.Expr) {
			r, ok := e.(*overRef)
			if ok && !slices.ContainsFunc(refs, func(o *overRef) bool { return o.String() == r.String() }) {
				refs = append(refs, r)
			}
		})
	}
	if len(refs) == 0 {
		return in
	}
	in, at := b.computed(in, refs, pos)
	column := map[string]int{}
	for len(refs) > 0 {
		window := refs[0].window()
		var calls []ir.OverCall
		var names []string
		var rest []*overRef
		for _, r := range refs {
			if r.window() != window {
				rest = append(rest, r)
				continue
			}
			n := len(in.P().Schema) + len(calls)
			c := r.call
			c.Args = positions(r.args, at)
			column[r.String()] = n
			calls, names = append(calls, c), append(names, "w"+strconv.Itoa(n))
		}
		order := slices.Clone(refs[0].dirs)
		for i, p := range positions(refs[0].order, at) {
			order[i].Column = p
		}
		in = ir.NewOver(in, positions(refs[0].partition, at), order, calls, names, pos)
		refs = rest
	}
	for i, e := range exprs {
		exprs[i] = ir.MapExpr(e, func(e ir.Expr) ir.Expr {
			if r, ok := e.(*overRef); ok {
				return ir.NewColumnRef(in.P().Schema, column[r.String()], r.Pos())
			}
			return e
		})
	}
	return in
}

func positions(es []ir.Expr, at map[string]int) []int {
	out := make([]int, len(es))
	for i, e := range es {
		out[i] = at[e.String()]
	}
	return out
}

// computed makes columns of what the calls read, and says by their text where
// they are. The columns of the input stay where they are.
func (b *binder) computed(in ir.Rel, refs []*overRef, pos diag.Pos) (ir.Rel, map[string]int) {
	schema := in.P().Schema
	at := map[string]int{}
	var columns []ir.Expr
	names := schema.Names()
	for i := range schema {
		columns = append(columns, ir.NewColumnRef(schema, i, pos))
	}
	for _, r := range refs {
		for _, e := range r.Operands() {
			text := e.String()
			if _, seen := at[text]; seen {
				continue
			}
			if c, ok := e.(*ir.ColumnRef); ok {
				at[text] = c.Index
				continue
			}
			at[text] = len(columns)
			columns, names = append(columns, e), append(names, "$w"+strconv.Itoa(len(columns)))
		}
	}
	if len(columns) == len(schema) {
		return in, at
	}
	return b.newProject(in, columns, names, pos), at
}
