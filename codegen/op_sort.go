package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
)

// sort wires a sort.
func (w *wiring) sort(r *ir.Sort) stream {
	from := w.rel(r.In)
	n := exported(r.UID)
	w.ops.Comment(headline(r))
	funcs := jen.Qual(pkgOp, "SortFuncs").Types(jen.Id(from.row.name)).Values(jen.Dict{
		jen.Id("RowFuncs"): w.rowFuncs(from.row),
		jen.Id("Compare"):  w.compareFunc("compare"+n, r.Order, from.row),
		jen.Id("Offset"):   jen.Lit(int(r.Offset)),
		jen.Id("Limit"):    jen.Lit(int(r.Limit)),
	})
	return w.then(r, from, from.row, "NewSort", funcs)
}

// then wires an operator of rt/op that is made from its functions alone.
func (w *wiring) then(r ir.Rel, from stream, row *rowType, constructor string, args ...jen.Code) stream {
	args = append([]jen.Code{jen.Id("sub"), jen.Id("next")}, args...)
	return w.define(r, row, jen.Qual(pkgStream, "Then").Call(jen.Id(from.name), jen.Lit(r.P().UID),
		jen.Func().Params(jen.Id("sub").Op("*").Qual(pkgStream, "Subtask"), jen.Id("next").Add(consumerOf(row))).
			Params(consumerOf(from.row), jen.Error()).
			Block(jen.Return(jen.Qual(pkgOp, constructor).Call(args...), jen.Nil()))))
}

// rowFuncs are the functions by which rows are kept.
func (g *generator) rowFuncs(row *rowType) *jen.Statement {
	return jen.Qual(pkgOp, "RowFuncs").Types(jen.Id(row.name)).Values(jen.Dict{
		jen.Id("Keep"):   g.keepRow(row),
		jen.Id("Viewed"): g.viewedRow(row),
		jen.Id("Append"): g.appendRow(row),
		jen.Id("Read"):   g.readRow(row),
	})
}

// keepRow, viewedRow, appendRow and readRow are functions of a row type, which
// are emitted once for each.
func (g *generator) keepRow(row *rowType) *jen.Statement {
	name := "keep" + exported(row.name)
	if !g.codecs[name] {
		g.codecs[name] = true
		g.keepFunc(name, row)
	}
	return jen.Id(name)
}

// viewedRow adds up what a row's columns view.
func (g *generator) viewedRow(row *rowType) *jen.Statement {
	name := "viewed" + exported(row.name)
	if g.codecs[name] {
		return jen.Id(name)
	}
	g.codecs[name] = true
	sum := jen.Lit(0)
	for i, f := range row.fields {
		if viewed(f.typ) {
			sum = sum.Op("+").Len(row.get("r", i))
		}
	}
	g.ops.Func().Id(name).Params(jen.Id("r").Op("*").Id(row.name)).Int().Block(jen.Return(sum))
	return jen.Id(name)
}

func (g *generator) appendRow(row *rowType) *jen.Statement {
	g.codecFuncs(row)
	return jen.Id("append" + exported(row.name))
}

func (g *generator) readRow(row *rowType) *jen.Statement {
	g.codecFuncs(row)
	return jen.Id("read" + exported(row.name))
}

// compareFunc emits the comparison of two rows by an order and returns its
// name; nil for no order.
func (g *generator) compareFunc(name string, order ir.Order, row *rowType) *jen.Statement {
	if len(order) == 0 {
		return jen.Nil()
	}
	g.ops.Func().Id(name).Params(jen.Id("x"), jen.Id("y").Op("*").Id(row.name)).Int().BlockFunc(func(b *jen.Group) {
		for i, c := range order {
			cmp := g.compareColumn(c, row)
			if i == len(order)-1 {
				b.Return(cmp)
				break
			}
			b.If(jen.Id("c").Op(":=").Add(cmp), jen.Id("c").Op("!=").Lit(0)).Block(jen.Return(jen.Id("c")))
		}
	})
	return jen.Id(name)
}

// compareColumn compares a column of the rows x and y. A NULL column holds its
// zero value, so that two NULLs are equal whatever compares the values.
func (g *generator) compareColumn(c ir.Collation, row *rowType) *jen.Statement {
	x, y := row.get("x", c.Column), row.get("y", c.Column)
	if c.Desc {
		x, y = y, x
	}
	cmp := g.compareValues(row.fields[c.Column].typ, x, y)
	if row.fields[c.Column].bit < 0 {
		return cmp
	}
	xNull, yNull := row.isNull("x", c.Column), row.isNull("y", c.Column)
	if !c.NullsFirst() {
		xNull, yNull = yNull, xNull
	}
	return jen.Qual(pkgVal, "OrNulls").Call(xNull, yNull, cmp)
}

// compareValues is -1, 0 or 1 for two values of a type.
func (g *generator) compareValues(t types.Type, x, y *jen.Statement) *jen.Statement {
	switch goType(t) {
	case "bool":
		return jen.Qual(pkgVal, "CompareBool").Call(x, y)
	case "float32", "float64":
		return jen.Qual(pkgVal, "CompareFloat").Call(x, y)
	case "val.Decimal", "val.Timestamp":
		return x.Dot("Cmp").Call(y)
	case "val.Array", "val.Row":
		datum := func(v *jen.Statement) jen.Code { return asDatum(operand{value: func() *jen.Statement { return v }}, t) }
		return jen.Qual(pkgVal, "CompareDatum").Call(datum(x), datum(y), g.typeVar(t))
	}
	return jen.Qual("cmp", "Compare").Call(x, y)
}
