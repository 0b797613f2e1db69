package bind

import (
	"math/big"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/agg"
	agglist "pyfc/rt/agg/list"
	"pyfc/rt/fn/list"
)

// spread makes a variance or standard deviation of sums and a count, as Flink
// does, so that it has the same rounding and overflows:
//
//	(SUM(x * x) - SUM(x) * SUM(x) / COUNT(x)) / n
//
// where n is COUNT(x), or for a sample COUNT(x) - 1; the square root of it for
// a deviation. All is computed in the type of the result.
func (b *binder) spread(d *agg.Decl, c aggCall) ir.Expr {
	pos, x := c.call.Pos, c.args[0]
	t := b.resultType(&d.Overloads[0], c)
	scaled := b.coerce(x, t.WithNull(x.Type().Nullable))
	unfiltered := c // PyFlink 1.20.1 sums the squares of all rows, whatever FILTER says
	unfiltered.filter = nil
	squares := b.noteOf("SUM", unfiltered, b.numeric("*", scaled, scaled, pos))
	sum := b.noteOf("SUM", c, x)
	sum = b.coerce(sum, t.WithNull(sum.Type().Nullable))
	count := b.noteOf("COUNT", c, x)

	mean := b.numeric("/", b.numeric("*", sum, sum, pos), count, pos)
	e := b.numeric("/", b.numeric("-", squares, mean, pos), b.divisor(d, count), pos)
	if strings.HasPrefix(d.Name, "STDDEV") {
		half := ir.NewConst(types.NewDecimal(2, 1).NotNull(), big.NewInt(5), pos)
		power, _ := list.Lookup("POWER")
		e = b.overload(power, []ir.Expr{e, half}, pos)
	}
	e = b.coerce(e, t.WithNull(e.Type().Nullable))
	if t.Nullable || !e.Type().Nullable {
		return e
	}
	return b.withoutNull(e, count)
}

// noteOf notes a call of another function with the same filter and DISTINCT.
func (b *binder) noteOf(fn string, c aggCall, arg ir.Expr) ir.Expr {
	d, _ := agglist.Lookup(fn)
	c.call.Fn = fn
	c.args = []ir.Expr{arg}
	o, _ := d.For(ir.Args(c.args))
	return b.note(o, c)
}

// divisor is COUNT(x), or for a sample COUNT(x) - 1 and NULL instead of 0.
func (b *binder) divisor(d *agg.Decl, count ir.Expr) ir.Expr {
	if strings.HasSuffix(d.Name, "_POP") {
		return count
	}
	pos := count.Pos()
	one := ir.NewConst(types.Of(types.BigInt).NotNull(), int64(1), pos)
	null := ir.NewConst(types.Of(types.BigInt), nil, pos)
	return b.newCase([]ir.Expr{b.compare(sql.OpEq, count, one, pos)}, []ir.Expr{null}, b.numeric("-", count, one, pos), pos)
}

// withoutNull is e, which is NULL for a single value although its type has no
// NULL: PyFlink 1.20.1 then shows the -1 that stands for NULL in a field. Only
// a DECIMAL stays NULL.
func (b *binder) withoutNull(e, count ir.Expr) ir.Expr {
	if e.Type().Kind == types.Decimal {
		return e
	}
	pos := e.Pos()
	t := e.Type().NotNull()
	one := ir.NewConst(types.Of(types.BigInt).NotNull(), int64(1), pos)
	shown := b.coerce(ir.NewConst(types.Of(types.Int).NotNull(), int64(-1), pos), t)
	return ir.NewCase([]ir.Expr{b.compare(sql.OpEq, count, one, pos)}, []ir.Expr{shown}, e, t, pos)
}
