package bind

import (
	"slices"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
	"pyfc/rt/val"
	"pyfc/rt/window"
)

// windowParameters are those of the table functions that make windows, in their
// order.
var windowParameters = map[window.Kind][]string{
	window.Tumble:   {"DATA", "TIMECOL", "SIZE", "OFFSET"},
	window.Hop:      {"DATA", "TIMECOL", "SLIDE", "SIZE", "OFFSET"},
	window.Cumulate: {"DATA", "TIMECOL", "STEP", "SIZE", "OFFSET"},
	window.Session:  {"DATA", "TIMECOL", "GAP"},
}

// windowTable binds TABLE(TUMBLE(…)) and its like.
func (s *Session) windowTable(f *sql.FromFunction, kind window.Kind, env environment) (ir.Rel, scope) {
	b := &binder{s: s, clause: f.Call.Func}
	args, ok := b.parameters(f.Call, windowParameters[kind])
	if !ok {
		return nil, scope{}
	}
	data := b.tableArgument(args["DATA"], kind, env)
	if data == nil {
		return nil, scope{}
	}
	b.scope = scopeOf(data)
	partition, ok := b.partitionColumns(args["DATA"])
	time, timed := b.timeColumn(args["TIMECOL"])
	if !ok || !timed {
		return nil, scope{}
	}
	a := window.Assigner{Kind: kind}
	for _, p := range []struct {
		name string
		to   *int64
	}{{"SIZE", &a.Size}, {"GAP", &a.Size}, {"SLIDE", &a.Step}, {"STEP", &a.Step}, {"OFFSET", &a.Offset}} {
		if x := args[p.name]; x != nil {
			v, isLength := b.length(x, types.IntervalDayTime)
			ok = ok && isLength
			*p.to = v
		}
	}
	if !ok || !b.checkWindow(&a, f.Call.Pos) {
		return nil, scope{}
	}
	w := ir.NewWindow(data, time, a, ir.WindowColumns, f.Call.Pos)
	w.Partition = partition
	return s.alias(w, f.Rename, nil, f.Pos)
}

// partitionColumns are those of PARTITION BY behind the table of SESSION.
func (b *binder) partitionColumns(x sql.Expr) (out ir.Key, ok bool) {
	t, isTable := x.(*sql.TableArg)
	if !isTable {
		return nil, true
	}
	for _, name := range t.PartitionBy {
		at := b.scope.schema.Index(name.Text)
		if at < 0 {
			b.unknownColumn(name, nil)
			return nil, false
		}
		out = append(out, at)
	}
	return out, true
}

// parameters are the arguments of a call by the parameters' names. OFFSET may be
// left out.
func (b *binder) parameters(x *sql.Call, names []string) (map[string]sql.Expr, bool) {
	out := map[string]sql.Expr{}
	for i, a := range x.Args {
		name := ""
		if named, ok := a.(*sql.NamedArg); ok {
			name, a = strings.ToUpper(named.Name.Text), named.X
		} else if i < len(names) {
			name = names[i]
		}
		if !slices.Contains(names, name) || out[name] != nil {
			b.errorf(diag.FunctionArgument, a.Where(), "%s takes %s", x.Func, strings.Join(names, ", "))
			return nil, false
		}
		out[name] = a
	}
	for _, name := range names {
		if out[name] == nil && name != "OFFSET" {
			b.errorf(diag.FunctionArgument, x.Pos, "%s needs the argument %s", x.Func, name)
			return nil, false
		}
	}
	return out, true
}

// tableArgument binds an argument that is a table or a query.
func (b *binder) tableArgument(x sql.Expr, kind window.Kind, env environment) ir.Rel {
	switch x := x.(type) {
	case *sql.TableArg:
		if len(x.PartitionBy) > 0 && kind != window.Session || len(x.OrderBy) > 0 {
			b.errorf(diag.RefusedByFlink, x.Pos, "%s takes a table without PARTITION BY and ORDER BY", b.clause)
			return nil
		}
		return b.s.bindQuery(x.Query, env.within())
	case *sql.Subquery:
		return b.s.bindQuery(x.Query, env.within())
	}
	b.errorf(diag.FunctionArgument, x.Where(), "%s takes a table first: TABLE name", b.clause)
	return nil
}

// timeColumn is the column that DESCRIPTOR names.
func (b *binder) timeColumn(x sql.Expr) (int, bool) {
	call, ok := x.(*sql.Call)
	if !ok || call.Func != "DESCRIPTOR" || len(call.Args) != 1 {
		b.errorf(diag.FunctionArgument, x.Where(), "%s takes the time as DESCRIPTOR(column)", b.clause)
		return 0, false
	}
	return b.time(call.Args[0])
}

// time is the column of an expression that must be one of points in time.
func (b *binder) time(x sql.Expr) (int, bool) {
	e := b.expr(x)
	ref, ok := e.(*ir.ColumnRef)
	switch {
	case !valid(e):
		return 0, false
	case !ok || !e.Type().Timestamp():
		b.errorf(diag.FunctionArgument, x.Where(), "%s takes a column that is TIMESTAMP or TIMESTAMP_LTZ, not %s", b.clause, e.Type())
		return 0, false
	case !b.s.Batch() && e.Type().Time == types.NoAttribute:
		b.errorf(diag.RefusedByFlink, x.Where(), "in streaming mode %s takes a time attribute, but %s is %s", b.clause, ref.Name, e.Type()).
			WithHint("declare a WATERMARK FOR the column, or take a column AS PROCTIME()")
		return 0, false
	}
	return ref.Index, true
}

// length is the constant interval that an expression must be, in milliseconds.
// Flink takes the number of months for one of milliseconds in GROUP BY.
func (b *binder) length(x sql.Expr, kinds ...types.Kind) (int64, bool) {
	e := b.expr(x)
	if !valid(e) {
		return 0, false
	}
	if c, ok := opt.FoldAll(e).(*ir.Const); ok && slices.Contains(kinds, c.Type().Kind) {
		switch v := c.Value.(type) {
		case val.Millis:
			return int64(v), true
		case val.Months:
			return int64(v), true
		}
	}
	b.errorf(diag.FunctionArgument, x.Where(), "%s takes a constant interval of days to seconds, not %s", b.clause, e)
	return 0, false
}

// checkWindow reports lengths that make no windows, and brings the offset
// between the starts of two windows.
func (b *binder) checkWindow(a *window.Assigner, pos diag.Pos) bool {
	if err := a.Check(); err != nil {
		b.errorf(diag.FunctionArgument, pos, "%s", err)
		return false
	}
	if a.Kind == window.Session && b.s.Batch() {
		b.errorf(diag.RefusedByFlink, pos, "Flink has no sessions in batch mode").WithHint("use the streaming mode")
		return false
	}
	every := a.Size
	if a.Kind == window.Hop {
		every = a.Step
	}
	a.Offset = ((a.Offset % every) + every) % every
	return true
}
