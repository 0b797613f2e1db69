package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
)

// expand wires the projections of an Expand: one function that adds a row for
// each.
func (w *wiring) expand(r *ir.Expand) stream {
	from := w.rel(r.In)
	row := w.row(r.UID, r.Schema)
	name := "expand" + exported(r.UID)
	reads := false
	var body []jen.Code
	for _, columns := range r.Projects {
		x := w.newExprs(from.row, jen.Id("out").Dot("Arena"))
		watch(x.columns, &reads)
		var values []operand
		for _, e := range columns {
			values = append(values, x.emitStable(e))
		}
		add := []jen.Code{jen.Id("o").Op(":=").Add(addRow(r.In.P().Mode))}
		for i, v := range values {
			add = append(add, row.assign("o", i, v))
		}
		if r.Times != nil {
			add = []jen.Code{jen.For(jen.Range().Add(jen.Id("max").Call(jen.Lit(0), x.emitStable(r.Times).value()))).Block(add...)}
		}
		x.add(add...)
		body = append(body, jen.Block(x.take()...))
	}
	loop := jen.Range().Id("in").Dot("Rows")
	if reads || r.In.P().Mode.Updating() {
		loop = jen.Id("i").Op(":=").Add(loop)
	}
	if reads {
		body = append([]jen.Code{jen.Id("r").Op(":=").Op("&").Id("in").Dot("Rows").Index(jen.Id("i"))}, body...)
	}
	w.stages.Comment(headline(r))
	w.stages.Func().Id(name).Params(jen.Id("in").Add(batchOf(from.row)), jen.Id("out").Add(batchOf(row))).Error().
		Block(jen.For(loop).Block(body...), jen.Return(jen.Nil()))
	w.stages.Line()
	return w.define(r, row, jen.Qual(pkgStream, "Map").Call(jen.Id(from.name), jen.Lit(r.UID),
		jen.Func().Params(jen.Op("*").Qual(pkgStream, "Subtask")).Func().Params(batchOf(from.row), batchOf(row)).Error().
			Block(jen.Return(jen.Id(name)))))
}
