package codegen

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/agg"
	agglist "pyfc/rt/agg/list"
	"pyfc/rt/val"
)

// timeOver wires functions over the rows up to each row of a stream.
func (w *wiring) timeOver(r *ir.Over) stream {
	from := w.rel(r.In)
	row := w.row(r.UID, r.Schema)
	n := exported(r.UID)
	x := w.timeAggregation(r, from.row)
	time := r.Order[0].Column
	frame := r.Upto()
	w.ops.Comment(headline(r))
	x.declare(w.ops)
	w.keyFunc("keyOf"+n, r.Partition, from.row, x.key)
	w.hashFunc("hash"+n, x.key)
	w.keepFunc("keep"+n, x.key)
	w.accumulate("add"+n, x, "Add")
	retract := jen.Nil()
	if frame.From.Kind != ir.UnboundedPreceding {
		w.accumulate("retract"+n, x, "Retract")
		retract = jen.Id("retract" + n)
	}
	makes := false
	w.ops.Func().Id("write"+n).Params(jen.Id("r").Op("*").Id(from.row.name), jen.Id("a").Op("*").Id(x.name),
		jen.Id("o").Op("*").Id(row.name), jen.Id("arena").Op("*").Qual(pkgVal, "Arena")).BlockFunc(func(b *jen.Group) {
		copyColumns(b, from.row, row)
		for i, c := range x.accs {
			makes = makes || c.Value.Arena
			w.setResult(b, row, len(from.row.fields)+i, c, "a")
		}
	})
	w.entryFuncs(n, x)
	funcs := jen.Qual(pkgOp, "TimeOverFuncs").Types(jen.Id(from.row.name), jen.Id(x.key.name), jen.Id(x.name), jen.Id(row.name)).Values(jen.Dict{
		jen.Id("Key"):         jen.Id("keyOf" + n),
		jen.Id("Keep"):        jen.Id("keep" + n),
		jen.Id("Hash"):        jen.Id("hash" + n),
		jen.Id("Time"):        milliOf(from.row, time),
		jen.Id("Arrival"):     jen.Lit(r.In.P().Schema[time].Type.Time == types.Proctime),
		jen.Id("Rows"):        jen.Lit(frame.Rows),
		jen.Id("Preceding"):   jen.Lit(preceding(frame)),
		jen.Id("Add"):         jen.Id("add" + n),
		jen.Id("Retract"):     retract,
		jen.Id("Write"):       jen.Id("write" + n),
		jen.Id("Makes"):       jen.Lit(makes),
		jen.Id("KeepRow"):     w.keepRow(from.row),
		jen.Id("Append"):      w.appendRow(from.row),
		jen.Id("Read"):        w.readRow(from.row),
		jen.Id("AppendEntry"): jen.Id("appendEntry" + n),
		jen.Id("ReadEntry"):   jen.Id("readEntry" + n),
	})
	return w.then(r, from, row, "NewTimeOver", funcs)
}

// preceding is where a frame begins in front of the current row, in rows or
// milliseconds; negative where it has all rows.
func preceding(f *ir.Frame) int {
	if f.From.Kind == ir.UnboundedPreceding {
		return -1
	}
	if f.From.Offset == nil {
		return 0
	}
	switch v := f.From.Offset.Value.(type) {
	case int64:
		return int(v)
	case val.Millis:
		return int(v)
	}
	panic(fmt.Sprintf("codegen: a frame of time begins at %s", f.From.Offset))
}

// timeAggregation is the calls of an Over as those of an aggregation by its
// partition.
func (w *wiring) timeAggregation(r *ir.Over, in *rowType) *aggregation {
	a := &ir.Aggregate{Group: r.Partition}
	a.In, a.UID = r.In, r.UID
	x := &aggregation{Aggregate: a, name: "acc" + exported(r.UID), in: in}
	x.key = w.keyRow("key"+r.UID, r.In.P().Schema.At(r.Partition))
	for i, c := range r.Calls {
		acc := timeAccumulator(c.AggCall, r.In.P().Schema, r.Upto().From.Kind != ir.UnboundedPreceding)
		acc.field = fmt.Sprintf("%s%d", fieldName(c.Fn), i+1)
		if c.Distinct {
			acc.distinct = w.distinctOf(x, c.AggCall)
		}
		x.accs = append(x.accs, acc)
	}
	return x
}

// timeAccumulator is that of an aggregate, or of a function that counts rows or
// looks back.
func timeAccumulator(c ir.AggCall, in types.Schema, retracts bool) accumulator {
	var acc any
	switch c.Fn {
	case "ROW_NUMBER", "RANK":
		acc = agg.Count{}
	case "LAG":
		acc = [...]any{agg.Lag{}, agg.LagBy{}, agg.LagOr{}}[len(c.Args)-1]
	default:
		return accumulatorOf(c, in, retracts)
	}
	out := accumulator{Signature: agglist.SignatureOf(acc), call: c, args: c.Types(in), result: c.Type}
	out.typ = jen.Qual(pkgAgg, out.Name)
	return out
}

// milliOf is the function that reads a column of points in time.
func milliOf(row *rowType, column int) *jen.Statement {
	return jen.Func().Params(jen.Id("r").Op("*").Id(row.name)).Int64().Block(jen.Return(row.get("r", column).Dot("Milli")))
}

// timeSort wires an order by the time of events.
func (w *wiring) timeSort(r *ir.Sort) stream {
	from := w.rel(r.In)
	w.ops.Comment(headline(r))
	funcs := jen.Qual(pkgOp, "TimeSortFuncs").Types(jen.Id(from.row.name)).Values(jen.Dict{
		jen.Id("Time"):    milliOf(from.row, r.Order[0].Column),
		jen.Id("Compare"): w.compareFunc("compare"+exported(r.UID), r.Order[1:], from.row),
		jen.Id("Keep"):    w.keepRow(from.row),
		jen.Id("Append"):  w.appendRow(from.row),
		jen.Id("Read"):    w.readRow(from.row),
	})
	return w.then(r, from, from.row, "NewTimeSort", funcs)
}
