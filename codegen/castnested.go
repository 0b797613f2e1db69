package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/fn"
	fnlist "pyfc/rt/fn/list"
)

// castNested converts a nested value by a function that gets the conversion of
// what is inside as one more argument, which is the code of plain casts.
func (x *exprs) castNested(c *ir.Cast, arg operand, nested fn.NestedCast) operand {
	f := fnlist.SignatureOf(nested.Impl)
	f.Args = f.Args[:1] // the ElementCast is none
	inner := jen.Func().Params(
		jen.Id("place").Int(), jen.Id("element").Qual(pkgVal, "Datum"), jen.Id("converted").Op("*").Qual(pkgVal, "Datum"),
	).Error().Block(x.elementCasts(c, nested)...)
	return x.strict(c, f, []operand{arg}, c.NullsErrors(), inner)
}

// elementCasts are the statements that convert the element, which is never NULL.
func (x *exprs) elementCasts(c *ir.Cast, nested fn.NestedCast) []jen.Code {
	cases := make([][]jen.Code, len(nested.From))
	for i, from := range nested.From {
		cases[i] = x.elementCast(c, from.NotNull(), nested.To[i])
	}
	if len(cases) == 1 {
		return append(cases[0], jen.Return(jen.Nil()))
	}
	return []jen.Code{
		jen.Switch(jen.Id("place")).BlockFunc(func(g *jen.Group) {
			for i, body := range cases {
				g.Case(jen.Lit(i)).Block(body...)
			}
		}),
		jen.Return(jen.Nil()),
	}
}

func (x *exprs) elementCast(c *ir.Cast, from, to types.Type) []jen.Code {
	element := ir.NewColumnRef(types.Schema{{Name: "element", Type: from}}, 0, c.Pos())
	inner := *x
	inner.block = nil
	inner.share() // nothing: its column is another one
	inner.columns = []operand{{value: func() *jen.Statement { return fromDatum(jen.Id("element"), from) }, atom: true}}
	o := inner.emit(ir.NewCast(element, to, true, false, c.Pos()))
	inner.add(jen.Op("*").Id("converted").Op("=").Add(asDatum(o, to)))
	return inner.take()
}
