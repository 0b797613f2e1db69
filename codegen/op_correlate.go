package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
)

// correlate wires the pairing of rows with the elements of a collection: a
// function over batches.
func (w *wiring) correlate(r *ir.Correlate) stream {
	from := w.rel(r.In)
	row := w.row(r.UID, r.Schema)
	name := w.unnestFunc(r, from.row, row)
	return w.define(r, row, mapped(from, r.UID, name, row, false))
}

// unnestFunc emits the function and returns its name.
func (w *wiring) unnestFunc(r *ir.Correlate, in, out *rowType) string {
	name := "run" + exported(r.UID)
	collection := in.fields[r.Column].typ
	columns := ir.ElementColumns(collection)
	w.stages.Comment(headline(r))
	w.batchFunc(name, in, out, false,
		jen.For(jen.Id("i").Op(":=").Range().Id("in").Dot("Rows")).BlockFunc(func(b *jen.Group) {
			b.Id("r").Op(":=").Op("&").Id("in").Dot("Rows").Index(jen.Id("i"))
			if r.Outer {
				b.Id("before").Op(":=").Len(jen.Id("out").Dot("Rows"))
			}
			// The value of a NULL is empty.
			b.For(jen.Id("j").Op(":=").Range().Add(in.get("r", r.Column)).Dot("Len").Call()).BlockFunc(func(b *jen.Group) {
				w.unnestElement(b, r, in, out, columns)
			})
			if r.Outer {
				b.If(jen.Len(jen.Id("out").Dot("Rows")).Op("==").Id("before")).BlockFunc(func(b *jen.Group) {
					b.Id("o").Op(":=").Add(addRow(r.In.P().Mode))
					copyColumns(b, in, out)
					for i := range columns {
						b.Add(out.setNull("o", len(in.fields)+i))
					}
				})
			}
		}))
	return name
}

// unnestElement emits the rows for element j.
func (w *wiring) unnestElement(b *jen.Group, r *ir.Correlate, in, out *rowType, columns types.Schema) {
	collection := in.fields[r.Column].typ
	value := in.get("r", r.Column)
	emit := func(b *jen.Group, elements []jen.Code) {
		b.Id("o").Op(":=").Add(addRow(r.In.P().Mode))
		copyColumns(b, in, out)
		for i, d := range elements {
			b.Add(w.assignDatum(out, len(in.fields)+i, d, columns[i].Type))
		}
	}
	at := func(element types.Type) jen.Code {
		return jen.Id("element").Op(":=").Add(value).Dot("At").Call(jen.Id("j"), w.typeVar(element))
	}
	if collection.Kind == types.Map {
		b.List(jen.Id("key"), jen.Id("value")).Op(":=").Add(value).Dot("At").Call(jen.Id("j"), w.typeVar(collection))
		emit(b, []jen.Code{jen.Id("key"), jen.Id("value")})
		return
	}
	element := collection.Elems[0]
	if collection.Kind == types.Multiset {
		b.List(jen.Id("element"), jen.Id("count")).Op(":=").Add(value).Dot("At").Call(jen.Id("j"), w.typeVar(collection))
	} else {
		b.Add(at(element))
	}
	elements := []jen.Code{jen.Id("element")}
	if element.Kind == types.Row {
		if element.Nullable {
			b.If(jen.Id("element").Dot("Null")).Block(jen.Continue())
		}
		elements = nil
		b.Id("fields").Op(":=").Add(fromDatum(jen.Id("element"), element))
		for i := range element.Elems {
			elements = append(elements, jen.Id("fields").Dot("Field").Call(jen.Lit(i), w.typeVar(element)))
		}
	}
	if collection.Kind == types.Multiset {
		b.For(jen.Range().Id("count").Dot("Int").Call()).BlockFunc(func(b *jen.Group) { emit(b, elements) })
		return
	}
	emit(b, elements)
}

// copyColumns copies the columns of the input row r to those of o.
func copyColumns(b *jen.Group, in, out *rowType) {
	for i := range in.fields {
		b.Add(out.assign("o", i, in.operand("r", i)))
	}
}

// assignDatum stores a val.Datum in column i of the row o.
func (w *wiring) assignDatum(out *rowType, i int, d jen.Code, t types.Type) jen.Code {
	if !t.Nullable {
		return out.get("o", i).Op("=").Add(fromDatum(jen.Parens(d), t))
	}
	return jen.If(jen.Id("d").Op(":=").Add(d), jen.Id("d").Dot("Null")).Block(out.setNull("o", i)).
		Else().Block(out.get("o", i).Op("=").Add(fromDatum(jen.Id("d"), t)))
}
