package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
)

// watermark wires the watermarks of a column, or the clock's.
func (w *wiring) watermark(r *ir.Watermark) stream {
	from := w.rel(r.In)
	if r.In.P().Schema[r.Time].Type.Time == types.Proctime {
		return w.then(r, from, from.row, "NewClockWatermarks")
	}
	name := "mark" + exported(r.UID)
	w.markFunc(name, r, from.row)
	funcs := jen.Qual(pkgOp, "WatermarkFuncs").Types(jen.Id(from.row.name)).Values(jen.Dict{
		jen.Id("Mark"):     jen.Id(name),
		jen.Id("Interval"): jen.Lit(int(w.markInterval.Milliseconds())),
		jen.Id("Grain"):    jen.Lit(int(r.Grain)),
		jen.Id("Idle"):     jen.Lit(int(w.idle.Milliseconds())),
	})
	return w.then(r, from, from.row, "NewWatermarks", funcs)
}

// markFunc emits what a row says about the watermark.
func (w *wiring) markFunc(name string, r *ir.Watermark, row *rowType) {
	x := w.newExprs(row, jen.Id("arena"), nil)
	if null := row.isNull("r", r.Time); null != nil {
		x.add(jen.If(null).Block(jen.Return(jen.Qual(pkgVal, "Fail").Call(
			jen.Qual(pkgOp, "ErrNullTime"), jen.Lit(r.Schema[r.Time].Name), jen.Lit(r.Pos.String())))))
	}
	mark := x.emit(r.Mark)
	set := jen.Op("*").Id("to").Op("=").Parens(mark.value()).Dot("Milli")
	if mark.null != nil {
		set = jen.If(jen.Op("!").Parens(mark.null())).Block(set)
	}
	x.add(set)
	w.stages.Comment(headline(r))
	w.stages.Func().Id(name).Params(jen.Id("r").Op("*").Id(row.name), jen.Id("arena").Op("*").Qual(pkgVal, "Arena"),
		jen.Id("to").Op("*").Int64()).Error().Block(append(x.take(), jen.Return(jen.Nil()))...)
	w.stages.Line()
}

// lastOfGroup is the function that tells the last moment of a window by its key.
func (w *wiring) lastOfGroup(key *rowType, window *ir.GroupWindow) *jen.Statement {
	return jen.Func().Params(jen.Id("k").Op("*").Id(key.name)).Int64().
		Block(jen.Return(w.lastMoment(key.get("k", window.End).Dot("Milli"), window.Local)))
}

// lastMoment is the last moment of a window that ends at a time, as watermarks
// see it: those of the session's wall clock are moments in its zone.
func (w *wiring) lastMoment(end *jen.Statement, local bool) *jen.Statement {
	last := end.Op("-").Lit(1)
	if local {
		return jen.Qual(pkgVal, "Timestamp").Values(jen.Dict{jen.Id("Milli"): last}).Dot("Instant").Call(jen.Id(w.session).Dot("Zone")).Dot("Milli")
	}
	return last
}
