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
	reads, progress := false, false
	var body []jen.Code
	for _, columns := range r.Projects {
		x := w.newExprs(from.row, jen.Id("out").Dot("Arena"), &progress)
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
	w.stages.Comment(headline(r))
	w.batchFunc(name, from.row, row, progress, eachRow(jen.Id("in").Dot("Rows"), reads, r.In.P().Mode.Updating(), body))
	return w.define(r, row, mapped(from, r.UID, name, row, progress))
}
