package opt

import (
	"fmt"
	"slices"

	"pyfc/ir"
	"pyfc/ir/types"
)

// rewriteInput runs f over everything below the sink.
func rewriteInput(s *ir.Sink, f func(ir.Rel) ir.Rel) { s.In = ir.Rewrite(s.In, f) }

// mergeProjects joins a projection with the one below it. Expressions are
// duplicated only where that repeats no work: a computed column that is read
// more than once stays below.
func mergeProjects(s *ir.Sink, _ *Context) {
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		outer, ok := r.(*ir.Project)
		if !ok {
			return r
		}
		inner, ok := outer.In.(*ir.Project)
		if !ok || repeatsWork(outer, inner) {
			return r
		}
		for i, e := range outer.Columns {
			outer.Columns[i] = substitute(e, inner.Columns)
		}
		outer.In = inner.In
		return outer
	})
}

func repeatsWork(outer, inner *ir.Project) bool {
	uses := map[int]int{}
	for _, e := range outer.Columns {
		ir.WalkExpr(e, func(e ir.Expr) {
			if c, ok := e.(*ir.ColumnRef); ok {
				uses[c.Index]++
			}
		})
	}
	for i, n := range uses {
		if n > 1 && computed(inner.Columns[i]) {
			return true
		}
	}
	return false
}

// computed reports whether it is work to evaluate e.
func computed(e ir.Expr) bool {
	switch e.(type) {
	case *ir.ColumnRef, *ir.Const:
		return false
	}
	return true
}

// substitute replaces each column by the expression that computes it.
func substitute(e ir.Expr, columns []ir.Expr) ir.Expr {
	return ir.MapExpr(e, func(e ir.Expr) ir.Expr {
		if c, ok := e.(*ir.ColumnRef); ok {
			return columns[c.Index]
		}
		return e
	})
}

// dropIdentity removes projections that pass all columns on as they are.
func dropIdentity(s *ir.Sink, _ *Context) {
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		p, ok := r.(*ir.Project)
		if !ok || len(p.Columns) != len(p.In.P().Schema) {
			return r
		}
		for i, e := range p.Columns {
			if c, ok := e.(*ir.ColumnRef); !ok || c.Index != i {
				return r
			}
		}
		return p.In
	})
}

// splitBridge takes the calls of Python functions out of expressions:
//
//	Project(a, f(b + 1))  →  Project(a, f#2) · Bridge(f(b#1 + 1)) · input
//
// Calls inside the arguments of calls make a bridge of their own below, as do
// those of functions that take rows, and those that take pandas Series. An
// argument that tells how far the time of events has come is computed below, for
// rows reach a bridge's worker together.
func splitBridge(s *ir.Sink, _ *Context) {
	rewriteInput(s, func(r ir.Rel) ir.Rel {
		switch r := r.(type) {
		case *ir.Project:
			r.In = bridgeFor(r.In, r.Columns)
		case *ir.Filter:
			width := len(r.In.P().Schema)
			exprs := []ir.Expr{r.Cond}
			r.In = bridgeFor(r.In, exprs)
			r.Cond = exprs[0]
			if len(r.In.P().Schema) > width {
				names := r.Schema.Names()
				r.Schema = r.In.P().Schema
				return ir.NewProject(r, passOn(r, width), names, r.Pos)
			}
		}
		return r
	})
}

// bridgeFor stacks bridges on in for all calls in exprs, innermost first, and
// replaces the calls by the columns that the bridges append.
func bridgeFor(in ir.Rel, exprs []ir.Expr) ir.Rel {
	for {
		var calls []*ir.UDFCall
		column := map[udfCall]int{}
		take := func(e ir.Expr) ir.Expr {
			c, ok := e.(*ir.UDFCall)
			if !ok || callsUDF(c.Args) || len(calls) > 0 && (calls[0].UDF.Kind == ir.PandasUDF) != (c.UDF.Kind == ir.PandasUDF) {
				return e
			}
			same := udfCall{c.UDF, c.String()}
			i, seen := column[same]
			if !seen || !c.UDF.Deterministic {
				i = len(calls)
				column[same] = i
				calls = append(calls, c)
			}
			return &pending{UDFCall: c, call: i}
		}
		for i, e := range exprs {
			exprs[i] = ir.MapExpr(e, take)
		}
		if len(calls) == 0 {
			return in
		}
		names := make([]string, len(calls))
		for i, c := range calls {
			names[i] = c.UDF.Name
		}
		in = withProgress(in, calls)
		base := len(in.P().Schema)
		bridge := ir.NewBridge(in, calls, names)
		for i, e := range exprs {
			exprs[i] = ir.MapExpr(e, func(e ir.Expr) ir.Expr {
				if p, ok := e.(*pending); ok {
					return ir.NewColumnRef(bridge.Schema, base+p.call, p.Pos())
				}
				return e
			})
		}
		in = bridge
	}
}

// withProgress appends to in the arguments of calls that tell how far the time of
// events has come, and makes these refer to them.
func withProgress(in ir.Rel, calls []*ir.UDFCall) ir.Rel {
	columns, schema := passOn(in, len(in.P().Schema)), slices.Clone(in.P().Schema)
	for i, c := range calls {
		if !slices.ContainsFunc(c.Args, ir.TellsProgress) {
			continue
		}
		args := slices.Clone(c.Args)
		for j, a := range args {
			if ir.TellsProgress(a) {
				schema = append(schema, types.Column{Name: fmt.Sprintf("progress%d", len(columns)), Type: a.Type()})
				args[j] = ir.NewColumnRef(schema, len(columns), a.Pos())
				columns = append(columns, a)
			}
		}
		calls[i] = ir.NewUDFCall(c.UDF, args, c.Pos())
	}
	if len(columns) == len(in.P().Schema) {
		return in
	}
	return ir.NewProject(in, columns, schema.Names(), in.P().Pos)
}

// udfCall is equal for equal calls. Functions that a script registered one
// after the other may share a name.
type udfCall struct {
	udf  *ir.UDF
	text string
}

// pending stands for a call whose column exists only when its bridge is built.
type pending struct {
	*ir.UDFCall
	call int
}

func (p *pending) Operands() []ir.Expr            { return nil }
func (p *pending) WithOperands([]ir.Expr) ir.Expr { return p }

// callsUDF reports whether a call stands in es, also one that is being moved.
func callsUDF(es []ir.Expr) bool {
	found := false
	for _, e := range es {
		ir.WalkExpr(e, func(e ir.Expr) {
			switch e.(type) {
			case *ir.UDFCall, *pending:
				found = true
			}
		})
	}
	return found
}

// passOn refers to the first n columns of in.
func passOn(in ir.Rel, n int) []ir.Expr {
	out := make([]ir.Expr, n)
	for i := range out {
		out[i] = ir.NewColumnRef(in.P().Schema, i, in.P().Pos)
	}
	return out
}
