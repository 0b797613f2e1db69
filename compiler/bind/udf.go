package bind

import (
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/window"
)

// udf binds the call of a Python function in an expression.
func (b *binder) udf(u *ir.UDF, x *sql.Call) ir.Expr {
	switch u.Kind {
	case ir.AggregateUDF, ir.PandasAggregateUDF:
		return b.udfAggregate(u, x)
	case ir.TableUDF:
		b.errorf(diag.FunctionPlace, x.Pos, "%s is a table function, which gives rows, so it can't stand in %s", spoken(x), b.clause).
			WithHint("%s", map[dialect]string{sqlText: "write FROM t, LATERAL TABLE(f(…)) AS r(a, b)", tableAPI: "use join_lateral or flat_map"}[b.dialect])
		return poison(x.Pos)
	case ir.TableAggregateUDF:
		b.errorf(diag.FunctionPlace, x.Pos, "%s is a table aggregate function, which can't stand in %s", spoken(x), b.clause).
			WithHint("use flat_aggregate of the Table API")
		return poison(x.Pos)
	}
	if x.Distinct || x.Filter != nil || x.Over != nil {
		b.errorf(diag.BadAggregate, x.Pos, "DISTINCT, FILTER and OVER belong to aggregate functions, and %s is none", spoken(x))
		return poison(x.Pos)
	}
	return b.udfCall(u, x)
}

// spoken is the name of a function as messages have it: without what tells
// functions apart that the script gave no names.
func spoken(x *sql.Call) string {
	name, _, _ := strings.Cut(x.Written, "#")
	return name
}

// udfCall binds a call by its arguments.
func (b *binder) udfCall(u *ir.UDF, x *sql.Call) ir.Expr {
	args, ok := b.udfArgs(u, x)
	if !ok {
		return poison(x.Pos)
	}
	return ir.NewUDFCall(u, args, x.Pos)
}

// udfArgs binds the arguments of a call. Declared parameter types are converted
// to as a sink's columns are; without, any arguments go.
func (b *binder) udfArgs(u *ir.UDF, x *sql.Call) ([]ir.Expr, bool) {
	list := x.Args
	if b.dialect == tableAPI {
		list = b.expand(list)
	}
	args := b.exprs(list)
	if !valid(args...) {
		return nil, false
	}
	if u.Args != nil && len(args) != len(u.Args) && !u.WholeRow {
		b.errorf(diag.FunctionArgument, x.Pos, "%s takes %s, not %d", spoken(x), count(len(u.Args), "argument"), len(args)).
			WithNote(u.Pos, "the function's types are declared here")
		return nil, false
	}
	if u.WholeRow {
		return []ir.Expr{wholeRow(args, x.Pos)}, true
	}
	declared := u.Args
	if b.s.unchecked[strings.ToLower(x.Written)] {
		declared = nil
	}
	for i, a := range args {
		switch {
		case declared == nil && a.Type().Kind == types.Null && b.dialect == sqlText && (u.Kind == ir.ScalarUDF || u.Kind == ir.TableUDF):
			args[i] = b.coerce(a, types.String()) // None, as a NULL of any type is
		case declared == nil && a.Type().Kind == types.Null:
			b.untypedNull(a)
			return nil, false
		case declared == nil:
		case !types.Implicit(a.Type(), declared[i]):
			d := b.errorf(diag.FunctionArgument, a.Pos(), "argument %d of %s is %s, but %s was declared", i+1, spoken(x), a.Type(), declared[i]).
				WithHint("write CAST(… AS %s), or declare another type", declared[i].WithNull(true)).
				WithNote(u.Pos, "the function's types are declared here")
			b.tellTypes(d, a)
			return nil, false
		default:
			args[i] = b.coerce(a, declared[i])
		}
	}
	return args, true
}

// wholeRow is one ROW of columns, whose fields have their names.
func wholeRow(columns []ir.Expr, pos diag.Pos) ir.Expr {
	t := types.Type{Kind: types.Row}
	for _, c := range columns {
		name := ""
		if r, ok := c.(*ir.ColumnRef); ok {
			name = r.Name
		}
		t.Names, t.Elems = append(t.Names, name), append(t.Elems, c.Type())
	}
	return ir.NewCall("ROW", 0, columns, t, pos)
}

// udfAggregate binds the call of an aggregate function in Python. Over windows it
// isn't run yet: its type is known, so that what follows is checked.
func (b *binder) udfAggregate(u *ir.UDF, x *sql.Call) ir.Expr {
	inner := *b
	switch {
	case x.Over != nil:
		inner.inOver = true
		if _, ok := inner.windowOf(x.Over); !ok {
			return poison(x.Pos)
		}
	case !b.mayAggregate(x.Pos):
		return poison(x.Pos)
	default:
		inner.scope = b.aggScope
		b.agg.inside = true
		defer func() { b.agg.inside = false }()
	}
	c := aggCall{call: ir.AggCall{UDF: u, Distinct: x.Distinct, Filter: -1, Type: u.Result, Pos: x.Pos}}
	if x.Filter != nil {
		if c.filter = inner.condition(x.Filter); !valid(c.filter) {
			return poison(x.Pos)
		}
	}
	var ok bool
	if c.args, ok = inner.udfArgs(u, x); !ok {
		return poison(x.Pos)
	}
	windowed := x.Over != nil || b.agg.window != nil && !b.s.Batch()
	switch {
	case x.Over != nil && b.s.refusesOver(u, x.Pos) || b.s.refusesAggregate(u, windowed, x.Pos) || b.s.ignoresSelection(u, x):
		return poison(x.Pos)
	case b.s.runsAggregate(u) && !windowed:
		return b.noted(c)
	}
	e := b.unrunUDF(u, x.Pos)
	if b.dialect == tableAPI && b.agg != nil {
		return &propertyRef{e, b.agg.label(sql.PrintExpr(x))}
	}
	return e
}

// runsAggregate reports whether a function is run over the rows of groups, which
// in streaming mode are no windows.
func (s *Session) runsAggregate(u *ir.UDF) bool {
	if u.Kind == ir.PandasAggregateUDF {
		return s.Batch()
	}
	return !u.WholeRow
}

// ignoresSelection reports a call of a function of pandas Series with DISTINCT or
// FILTER, which PyFlink 1.20.1 takes but doesn't heed.
func (s *Session) ignoresSelection(u *ir.UDF, x *sql.Call) bool {
	if u.Kind != ir.PandasAggregateUDF || !x.Distinct && x.Filter == nil {
		return false
	}
	s.Diags.Errorf(diag.RefusedByFlink, x.Pos, "PyFlink 1.20.1 gives all rows to a function of pandas Series, whatever DISTINCT and FILTER say").
		WithHint("choose the rows in a sub-query, or in the function").WithNote(u.Pos, "%s is defined here", u.Name)
	return true
}

// refusesMixture reports built-in functions beside those of pandas Series.
func (s *Session) refusesMixture(calls []aggCall) {
	pandas := slices.IndexFunc(calls, func(c aggCall) bool { return c.call.UDF != nil && c.call.UDF.Kind == ir.PandasAggregateUDF })
	other := slices.IndexFunc(calls, func(c aggCall) bool { return c.call.UDF == nil })
	if pandas < 0 || other < 0 {
		return
	}
	s.Diags.Errorf(diag.RefusedByFlink, calls[other].call.Pos, "PyFlink 1.20.1 has no built-in aggregate function beside one of pandas Series, here %s", calls[pandas].call.UDF.Name).
		WithHint("compute it by a function of pandas Series, too, or in a query of its own").WithNote(calls[pandas].call.Pos, "the function of pandas Series is called here")
}

// refusesAggregate reports what PyFlink 1.20.1 refuses: functions of rows in
// batch mode, those of pandas Series in streaming mode without windows.
func (s *Session) refusesAggregate(u *ir.UDF, windowed bool, pos diag.Pos) bool {
	pandas := u.Kind == ir.PandasAggregateUDF
	switch {
	case s.Batch() && u.Kind == ir.TableAggregateUDF:
		s.Diags.Errorf(diag.RefusedByFlink, pos, "PyFlink 1.20.1 runs no table aggregate function in batch mode").
			WithNote(u.Pos, "%s is defined here", u.Name)
	case s.Batch() && !pandas:
		s.Diags.Errorf(diag.RefusedByFlink, pos, "PyFlink 1.20.1 runs aggregate functions in batch mode over pandas Series only").
			WithHint("write udaf(…, func_type='pandas')").WithNote(u.Pos, "%s is defined here", u.Name)
	case !s.Batch() && pandas && !windowed:
		s.Diags.Errorf(diag.RefusedByFlink, pos, "PyFlink 1.20.1 runs aggregate functions over pandas Series in streaming mode only in windows").
			WithHint("derive a class from AggregateFunction, which sees row by row").WithNote(u.Pos, "%s is defined here", u.Name)
	default:
		return false
	}
	return true
}

// refusesOver reports a function of rows over a window, which PyFlink 1.20.1
// refuses in both modes.
func (s *Session) refusesOver(u *ir.UDF, pos diag.Pos) bool {
	if u.Kind != ir.AggregateUDF {
		return false
	}
	s.Diags.Errorf(diag.RefusedByFlink, pos, "PyFlink 1.20.1 runs aggregate functions over windows of rows over pandas Series only").
		WithHint("write udaf(…, func_type='pandas')").WithNote(u.Pos, "%s is defined here", u.Name)
	return true
}

// unrunUDF reports a function of a kind that isn't run yet, and stands for its
// result.
func (b *binder) unrunUDF(u *ir.UDF, pos diag.Pos) ir.Expr {
	kind := strings.ReplaceAll(u.Kind.String(), "_", " ")
	b.errorf(diag.UDFPlanned, pos, "%s functions written in Python aren't supported yet", kind).WithMissing("udf", kind).
		WithNote(u.Pos, "%s is defined here", u.Name)
	return ir.NewConst(u.Result.WithNull(true), nil, pos)
}

// isCollection reports whether a reference stands for the elements of a
// collection that is computed of the tables before it: UNNEST, and the call of a
// table function.
func isCollection(f sql.From) bool {
	switch f := f.(type) {
	case *sql.Unnest:
		return true
	case *sql.FromFunction:
		_, isWindow := window.KindOf(f.Call.Func)
		return !isWindow
	}
	return false
}

// tableFunction binds TABLE(f(…)) that stands alone.
func (s *Session) tableFunction(f *sql.FromFunction, env environment) (ir.Rel, scope) {
	b := &binder{s: s, env: environment{with: env.with, outer: env.around()}}
	return b.correlateFunction(f, newValues([][]*ir.Const{{}}, nil, f.Pos), false)
}

// correlateFunction pairs the rows of in, whose columns are those in scope, with
// the rows that a table function gives for each.
func (b *binder) correlateFunction(f *sql.FromFunction, in ir.Rel, outer bool) (ir.Rel, scope) {
	b.clause = "the arguments of a table function"
	e := b.tableCall(f.Call)
	if e == nil {
		return nil, scope{}
	}
	names := ir.ElementColumns(e.Type()).Names()
	if len(f.Columns) > 0 {
		if !b.s.namesFit("the alias "+f.Alias.Text, "the function gives", f.Columns, len(names), f.Alias.Pos) {
			return nil, scope{}
		}
		for i, c := range f.Columns {
			names[i] = c.Text
		}
	}
	return b.pairWith(in, e, names, f.Rename, outer, f.Pos)
}

// tableCall binds the call of a table function as the collection of the rows
// that it gives; nil where a fault was reported. There is no built-in table
// function that Flink knows by name.
func (b *binder) tableCall(x *sql.Call) ir.Expr {
	u, ok := b.s.Function(x.Written)
	switch {
	case !ok:
		b.exprs(x.Args) // for the faults in them
		b.s.unknownFunction(x.Pos, x.Written)
		return nil
	case u.Result.Kind == types.Invalid: // its definition was refused
		return nil
	case u.Kind != ir.TableUDF:
		b.errorf(diag.FunctionPlace, x.Pos, "%s isn't a table function, so it gives no rows", spoken(x)).
			WithHint("make it by udtf").WithNote(u.Pos, "it is defined here")
		return nil
	}
	if e := b.udfCall(u, x); valid(e) {
		return e
	}
	return nil
}

// JoinLateral is Table.join_lateral, and its outer form: the rows of in with
// those that a table function gives for each.
func (s *Session) JoinLateral(in ir.Rel, call sql.Expr, cond sql.Expr, outer bool, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	b := s.tableBinder(in, "join_lateral")
	x, as := aliased(call)
	c, ok := x.(*sql.Call)
	if !ok || c.Written == "" {
		b.errorf(diag.FunctionPlace, call.Where(), "join_lateral takes the call of a table function")
		return nil
	}
	e := b.tableCall(c)
	if e == nil {
		return nil
	}
	names := ir.ElementColumns(e.Type()).Names()
	if !s.nameResult(names, as) {
		return nil
	}
	for _, n := range names {
		if slices.Contains(in.P().Schema.Names(), n) {
			b.errorf(diag.DuplicateName, call.Where(), "join relations with ambiguous names: [%s]", n).
				WithHint("name the function's columns by alias")
			return nil
		}
	}
	rel, _ := b.pairWith(in, e, names, sql.Rename{}, outer, pos)
	if cond == nil {
		return rel
	}
	b.scope.schema = rel.P().Schema
	on := b.condition(cond)
	if c, ok := on.(*ir.Const); !valid(on) || ok && c.Value == true {
		return rel
	}
	if outer {
		b.errorf(diag.RefusedByFlink, cond.Where(), "left_outer_join_lateral takes no condition but TRUE")
		return rel
	}
	return b.newFilter(rel, on, pos)
}

// aliased splits an expression into itself and the names that it is given.
func aliased(x sql.Expr) (sql.Expr, []sql.Name) {
	if a, ok := x.(*sql.Alias); ok {
		return a.X, a.Names
	}
	return x, nil
}

// nameResult gives the columns of a function's result the names of its alias, if it
// has one.
func (s *Session) nameResult(names []string, as []sql.Name) bool {
	if len(as) > 0 && !s.namesFit("alias", "the function gives", as, len(names), as[0].Pos) {
		return false
	}
	for i, n := range as {
		names[i] = n.Text
	}
	return true
}

// Map is Table.map: the result of a scalar function, a column for each field of
// a row.
func (s *Session) Map(in ir.Rel, call sql.Expr, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	b := s.tableBinder(in, "map")
	if _, ok := call.(*sql.Call); !ok {
		b.errorf(diag.FunctionPlace, call.Where(), "map takes the call of a scalar function").
			WithHint("Table.alias names the columns of the result")
		return nil
	}
	e := b.expr(call)
	if !valid(e) {
		return nil
	}
	return b.newProject(in, b.fieldsOf(e), resultNames(e.Type(), "f0"), pos)
}

// fieldsOf are the fields of a row, or the value alone that is none.
func (b *binder) fieldsOf(e ir.Expr) []ir.Expr {
	t := e.Type()
	if t.Kind != types.Row {
		return []ir.Expr{e}
	}
	out := make([]ir.Expr, len(t.Names))
	for i, n := range t.Names {
		out[i] = b.field(e, sql.Name{Text: n, Pos: e.Pos()})
	}
	return out
}

// resultNames are the columns that a function's result has: those of a row, or
// one.
func resultNames(t types.Type, single string) []string {
	if t.Kind == types.Row {
		return t.Names
	}
	return []string{single}
}

// FlatMap is Table.flat_map: the rows that a table function gives.
func (s *Session) FlatMap(in ir.Rel, call sql.Expr, pos diag.Pos) ir.Rel {
	if in == nil {
		return nil
	}
	b := s.tableBinder(in, "flat_map")
	c, ok := call.(*sql.Call)
	if !ok || c.Written == "" {
		b.errorf(diag.FunctionPlace, call.Where(), "flat_map takes the call of a table function").
			WithHint("Table.alias names the columns of the result")
		return nil
	}
	e := b.tableCall(c)
	if e == nil {
		return nil
	}
	names := ir.ElementColumns(e.Type()).Names()
	rel, _ := b.pairWith(in, e, names, sql.Rename{}, false, pos)
	return reordered(rel, span(len(in.P().Schema), len(names)))
}

// Aggregate is Table.aggregate of the group, or with flat flat_aggregate: the
// keys and the result of an aggregate function, a column for each field of a
// row. Select follows on it.
func (g *Grouped) Aggregate(call sql.Expr, flat bool, pos diag.Pos) ir.Rel {
	if g == nil {
		return nil
	}
	x, as := aliased(call)
	c, _ := x.(*sql.Call)
	var u *ir.UDF
	if c != nil {
		u, _ = g.s.Function(c.Written)
	}
	place := placeOfAggregate(flat)
	switch {
	case u != nil && u.Result.Kind == types.Invalid: // its definition was refused
		return nil
	case u == nil && c != nil && !flat:
		return g.aggregateBuiltIn(call, pos)
	case u == nil || !slices.Contains(place.kinds, u.Kind):
		g.s.Diags.Errorf(diag.FunctionPlace, call.Where(), "%s takes the call of %s function", place.method, place.takes).
			WithHint("make it by %s", place.maker)
		return nil
	}
	b := &binder{s: g.s, dialect: tableAPI, clause: place.method, scope: scopeOf(g.agg.in)}
	args, ok := b.udfArgs(u, c)
	if !ok || g.s.refusesAggregate(u, g.agg.window != nil, c.Pos) {
		return nil
	}
	names := aggregateNames(u.Result, flat)
	if !g.s.nameResult(names, as) {
		return nil
	}
	names = slices.Concat(g.agg.keyNames, names)
	windowed := g.agg.window != nil && !g.s.Batch()
	if !g.s.runsAggregate(u) || windowed {
		e := b.unrunUDF(u, c.Pos)
		if windowed {
			return nil
		}
		return unknownRows(g.agg.in, slices.Concat(g.agg.keys, b.fieldsOf(e)), names, pos)
	}
	agg := *g.agg
	agg.calls = []aggCall{{call: ir.AggCall{UDF: u, Filter: -1, Type: u.Result, Pos: c.Pos}, args: args}}
	out := agg.build(b, pos)
	columns := make([]ir.Expr, len(out.Schema))
	for i := range columns {
		columns[i] = ir.NewColumnRef(out.Schema, i, c.Pos)
	}
	if last := len(columns) - 1; !flat {
		columns = append(columns[:last], b.fieldsOf(columns[last])...)
	}
	return b.newProject(out, columns, names, pos)
}

// aggregatePlace is a method that takes aggregate functions.
type aggregatePlace struct {
	method, takes, maker string
	kinds                []ir.UDFKind
}

func placeOfAggregate(flat bool) aggregatePlace {
	if flat {
		return aggregatePlace{"flat_aggregate", "a table aggregate", "udtaf", []ir.UDFKind{ir.TableAggregateUDF}}
	}
	return aggregatePlace{"aggregate", "an aggregate", "udaf", []ir.UDFKind{ir.AggregateUDF, ir.PandasAggregateUDF}}
}

// aggregateNames are the columns of an aggregate function's result.
func aggregateNames(t types.Type, flat bool) []string {
	names := slices.Clone(resultNames(t, "TMP_0"))
	if t.Kind == types.Row && !flat {
		for i, n := range names {
			names[i] = "TMP_0$" + n
		}
	}
	return names
}

// aggregateBuiltIn is Aggregate of a function that is built in: a select of the
// keys and the call.
func (g *Grouped) aggregateBuiltIn(call sql.Expr, pos diag.Pos) ir.Rel {
	if _, as := aliased(call); len(as) == 0 {
		call = &sql.Alias{At: sql.At{Pos: call.Where()}, X: call, Names: []sql.Name{{Text: "TMP_0", Pos: call.Where()}}}
	}
	items := make([]sql.Expr, 0, len(g.agg.keyNames)+1)
	for _, n := range g.agg.keyNames {
		items = append(items, sql.Col(pos, n))
	}
	return g.Select(append(items, call), pos)
}
