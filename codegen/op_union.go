package codegen

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
)

// union wires the merging of streams: each input's rows become rows of one
// type, whose columns may be more nullable.
func (w *wiring) union(r *ir.Union) stream {
	row := w.row(r.UID, r.Schema)
	var inputs []jen.Code
	for i, in := range r.In {
		from := w.rel(in)
		name := fmt.Sprintf("%sInput%d", r.UID, i+1)
		fn := w.convertFunc("convert"+exported(name), in, from.row, row)
		w.add(jen.Id(name).Op(":=").Add(mapped(from, fmt.Sprintf("%s/%d", r.UID, i+1), fn, row, false)))
		inputs = append(inputs, jen.Id(name))
	}
	return w.define(r, row, jen.Qual(pkgStream, "Union").Call(inputs...))
}

// convertFunc emits a function over batches that copies rows column by column
// and returns its name.
func (w *wiring) convertFunc(name string, in ir.Rel, from, to *rowType) string {
	w.batchFunc(name, from, to, false, jen.For(jen.Id("i").Op(":=").Range().Id("in").Dot("Rows")).BlockFunc(func(b *jen.Group) {
		b.Id("r").Op(":=").Op("&").Id("in").Dot("Rows").Index(jen.Id("i"))
		b.Id("o").Op(":=").Add(addRow(in.P().Mode))
		copyColumns(b, from, to)
	}))
	return name
}
