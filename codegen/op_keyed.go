package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
)

// normalize wires the completion of changes.
func (w *wiring) normalize(r *ir.Normalize) stream {
	from := w.rel(r.In)
	return w.then(r, from, from.row, "NewNormalize", w.keyedFuncs(r, r.Key, from.row, equalFunc(from.row), true))
}

// materialize wires the choice of the last row of a sink's key. Without a key
// of the query all columns tell a row, and equal ones are counted.
func (w *wiring) materialize(r *ir.Materialize) stream {
	from := w.rel(r.In)
	same := equalFunc(from.row)
	if r.By != nil {
		same = w.sameColumns("same"+exported(r.UID), r.By, from.row)
	}
	return w.then(r, from, from.row, "NewMaterialize", w.keyedFuncs(r, r.Key, from.row, same, r.By != nil))
}

// keyedFuncs emits the functions of an operator that keeps rows by a key.
func (w *wiring) keyedFuncs(r ir.Rel, columns ir.Key, row *rowType, same *jen.Statement, unique bool) *jen.Statement {
	n := exported(r.P().UID)
	w.ops.Comment(headline(r))
	key := w.keyRow("key"+r.P().UID, r.P().Schema.At(columns))
	w.keyFunc("keyOf"+n, columns, row, key)
	w.hashFunc("hash"+n, key)
	d := jen.Dict{
		jen.Id("Key"):        jen.Id("keyOf" + n),
		jen.Id("Hash"):       jen.Id("hash" + n),
		jen.Id("Keep"):       w.keepRow(row),
		jen.Id("Same"):       same,
		jen.Id("Unique"):     jen.Lit(unique),
		jen.Id("Append"):     w.appendRow(row),
		jen.Id("Read"):       w.readRow(row),
		jen.Id("EmitBefore"): jen.Lit(r.P().Mode.Has(ir.UpdateBefores)),
	}
	w.expire(d, "TTL", 0)
	return jen.Qual(pkgOp, "KeyedFuncs").Types(jen.Id(row.name), jen.Id(key.name)).Values(d)
}
