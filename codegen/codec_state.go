package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir/types"
)

// codecFuncs emits appendX and readX, the state form of a row type, once.
func (g *generator) codecFuncs(row *rowType) {
	if g.codecs[row.name] {
		return
	}
	g.codecs[row.name] = true
	n := exported(row.name)
	g.ops.Func().Id("append"+n).Params(jen.Id("dst").Index().Byte(), jen.Id("r").Op("*").Id(row.name)).Index().Byte().BlockFunc(func(b *jen.Group) {
		for w := range row.words {
			b.Id("dst").Op("=").Qual(pkgVal, "EncodeNulls").Call(jen.Id("dst"), jen.Id("r").Dot("nulls").Index(jen.Lit(w)))
		}
		for i, f := range row.fields {
			c := f.info()
			b.Id("dst").Op("=").Qual(pkgVal, "Encode"+c.codec).Call(jen.Id("dst"), converted(c.encodeAs, row.get("r", i)))
		}
		b.Return(jen.Id("dst"))
	})
	g.ops.Func().Id("read"+n).Params(jen.Id("src").Index().Byte(), jen.Id("r").Op("*").Id(row.name)).
		Params(jen.Id("rest").Index().Byte(), jen.Err().Error()).BlockFunc(func(b *jen.Group) {
		read := func(fn string, to *jen.Statement) {
			b.If(jen.List(jen.Id("src"), jen.Err()).Op("=").Qual(pkgVal, fn).Call(jen.Id("src"), jen.Op("&").Add(to)), jen.Err().Op("!=").Nil()).
				Block(jen.Return(jen.Nil(), jen.Err()))
		}
		for w := range row.words {
			read("DecodeNulls", jen.Id("r").Dot("nulls").Index(jen.Lit(w)))
		}
		for i, f := range row.fields {
			read("Decode"+f.info().codec, row.get("r", i))
		}
		b.Return(jen.Id("src"), jen.Nil())
	})
}

// writeFunc emits the function that visits a row's columns for a sink.
func (g *generator) writeFunc(name string, row *rowType) {
	g.ops.Func().Id(name).Params(jen.Id("r").Op("*").Id(row.name), jen.Id("w").Qual(pkgVal, "Writer")).BlockFunc(func(b *jen.Group) {
		for i, f := range row.fields {
			value := []jen.Code{row.get("r", i)}
			method := infoOf(f.typ).writer
			switch {
			case f.typ.Kind == types.Decimal:
				value = append(value, jen.Lit(f.typ.Scale))
			case method == "":
				method = "Datum"
				value = []jen.Code{asDatum(operand{value: func() *jen.Statement { return row.get("r", i) }}, f.typ), g.typeVar(f.typ)}
			}
			write := jen.Id("w").Dot(method).Call(value...)
			if f.bit < 0 {
				b.Add(write)
				continue
			}
			b.If(row.isNull("r", i)).Block(jen.Id("w").Dot("Null").Call()).Else().Block(write)
		}
	})
}
