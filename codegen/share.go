package codegen

import (
	"maps"

	"pyfc/ir"
	"pyfc/rt/fn"
	fnlist "pyfc/rt/fn/list"
)

// share counts how often each sub-expression of es stands there, so that emit
// computes those that repeat once, and forgets what it knew: the columns are
// others now. It must be called before what reads them is emitted.
func (x *exprs) share(es ...ir.Expr) {
	x.uses, x.memo = map[string]int{}, nil
	var count func(e ir.Expr)
	count = func(e ir.Expr) {
		if !shareable(e) {
			for _, a := range e.Operands() {
				count(a)
			}
			return
		}
		key := e.String()
		x.uses[key]++
		if x.uses[key] == 1 { // operands of a repeated expression are computed with it
			for _, a := range e.Operands() {
				count(a)
			}
		}
	}
	for _, e := range es {
		count(e)
	}
}

// shareable reports whether e is work and gives the same for the same row.
func shareable(e ir.Expr) bool {
	switch e.(type) {
	case *ir.ColumnRef, *ir.Const:
		return false
	}
	return !ir.Volatile(e)
}

// shared is what e was computed to before, in this block or one around it; if
// it repeats and wasn't, compute does so and the result is kept.
func (x *exprs) shared(e ir.Expr, compute func() operand) operand {
	if len(x.uses) == 0 {
		return compute()
	}
	key := e.String()
	if x.uses[key] < 2 {
		return compute()
	}
	if o, ok := x.memo[key]; ok {
		return o
	}
	o := x.stable(compute())
	if x.memo == nil {
		x.memo = map[string]operand{}
	}
	x.memo[key] = o
	return o
}

// scoped runs f, which emits into a block of its own: what is computed there
// isn't known behind it.
func (x *exprs) scoped(f func()) {
	before := maps.Clone(x.memo)
	f()
	x.memo = before
}

// canFail reports whether computing e can end the job, so that it must not be
// computed where Flink doesn't.
func canFail(e ir.Expr) bool {
	fails := false
	ir.WalkExpr(e, func(e ir.Expr) {
		switch e := e.(type) {
		case *ir.Call:
			if d, ok := fnlist.Lookup(e.Fn); ok && d.Overloads[e.Overload].Null <= fn.Called {
				f, found := fnlist.For(d.Overloads[e.Overload].Impls, ir.Args(e.Args))
				fails = fails || found && f.Fails
			}
		case *ir.Cast:
			if _, nested := fn.CastNested(e.Arg.Type(), e.T); nested {
				fails = true // for what is inside
			} else if d, ok := fnlist.Cast(e.Arg.Type().Kind, e.T.Kind); ok {
				fails = fails || fnlist.SignatureOf(d.Impl).Fails
			}
		}
	})
	return fails
}
