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
		w.add(jen.Id(name).Op(":=").Qual(pkgStream, "Map").Call(jen.Id(from.name), jen.Lit(fmt.Sprintf("%s/%d", r.UID, i+1)),
			jen.Func().Params(jen.Op("*").Qual(pkgStream, "Subtask")).Func().Params(batchOf(from.row), batchOf(row)).Error().
				Block(jen.Return(jen.Id(fn)))))
		inputs = append(inputs, jen.Id(name))
	}
	return w.define(r, row, jen.Qual(pkgStream, "Union").Call(inputs...))
}

// convertFunc emits a function over batches that copies rows column by column
// and returns its name.
func (w *wiring) convertFunc(name string, in ir.Rel, from, to *rowType) string {
	body := []jen.Code{
		jen.Id("r").Op(":=").Op("&").Id("in").Dot("Rows").Index(jen.Id("i")),
		jen.Id("o").Op(":=").Add(addRow(in.P().Mode)),
	}
	for i := range to.fields {
		body = append(body, to.assign("o", i, from.operand("r", i)))
	}
	w.stages.Func().Id(name).Params(jen.Id("in").Add(batchOf(from)), jen.Id("out").Add(batchOf(to))).Error().Block(
		jen.For(jen.Id("i").Op(":=").Range().Id("in").Dot("Rows")).Block(body...),
		jen.Return(jen.Nil()))
	w.stages.Line()
	return name
}
