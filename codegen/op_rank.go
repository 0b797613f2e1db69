package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
)

// rankStrategies are the names of strategies in rt/op.
var rankStrategies = map[ir.RankStrategy]string{
	ir.RankAppend: "RankAppend", ir.RankUpdate: "RankUpdate", ir.RankRetract: "RankRetract",
	ir.RankLast: "RankLast",
}

// rank wires a rank.
func (w *wiring) rank(r *ir.Rank) stream {
	from := w.rel(r.In)
	row := w.row(r.UID, r.Schema)
	n := exported(r.UID)
	w.ops.Comment(headline(r))
	key := w.keyRow("key"+r.UID, r.In.P().Schema.At(r.Partition))
	w.keyFunc("keyOf"+n, r.Partition, from.row, key)
	w.hashFunc("hash"+n, key)
	w.ops.Func().Id("write"+n).Params(jen.Id("r").Op("*").Id(from.row.name), jen.Id("number").Int64(), jen.Id("o").Op("*").Id(row.name)).BlockFunc(func(b *jen.Group) {
		copyColumns(b, from.row, row)
		if r.Number {
			b.Add(row.get("o", len(from.row.fields)).Op("=").Id("number"))
		}
	})
	same := equalFunc(from.row)
	if r.Strategy == ir.RankUpdate {
		same = w.sameColumns("same"+n, r.Key, from.row)
	}
	d := jen.Dict{
		jen.Id("Key"):        jen.Id("keyOf" + n),
		jen.Id("Hash"):       jen.Id("hash" + n),
		jen.Id("Keep"):       w.keepRow(from.row),
		jen.Id("Compare"):    w.compareFunc("compare"+n, r.Order, from.row),
		jen.Id("Same"):       same,
		jen.Id("Write"):      jen.Id("write" + n),
		jen.Id("Append"):     w.appendRow(from.row),
		jen.Id("Read"):       w.readRow(from.row),
		jen.Id("From"):       jen.Lit(int(r.From)),
		jen.Id("To"):         jen.Lit(int(r.To)),
		jen.Id("Numbered"):   jen.Lit(r.Numbered()),
		jen.Id("Strategy"):   jen.Qual(pkgOp, rankStrategies[r.Strategy]),
		jen.Id("EmitBefore"): jen.Lit(r.Mode.Has(ir.UpdateBefores)),
	}
	constructor := "NewRank"
	if r.Window != nil {
		constructor = "NewWindowRank"
		d[jen.Id("Last")] = jen.Func().Params(jen.Id("r").Op("*").Id(from.row.name)).Int64().
			Block(jen.Return(w.lastMoment(from.row.get("r", r.Window.End).Dot("Milli"), r.Window.Local)))
	} else {
		w.expire(d, "TTL", 0)
	}
	funcs := jen.Qual(pkgOp, "RankFuncs").Types(jen.Id(from.row.name), jen.Id(key.name), jen.Id(row.name)).Values(d)
	return w.then(r, from, row, constructor, funcs)
}

// sameColumns emits whether two rows agree on columns.
func (g *generator) sameColumns(name string, columns []int, row *rowType) *jen.Statement {
	same := jen.True()
	for i, c := range columns {
		equal := g.compareColumn(ir.Collation{Column: c}, row).Op("==").Lit(0)
		if i == 0 {
			same = equal
		} else {
			same = same.Op("&&").Add(equal)
		}
	}
	g.ops.Func().Id(name).Params(jen.Id("x"), jen.Id("y").Op("*").Id(row.name)).Bool().Block(jen.Return(same))
	return jen.Id(name)
}
