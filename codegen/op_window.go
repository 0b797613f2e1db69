package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
)

const pkgWindow = "pyfc/rt/window"

// window wires the assignment of rows to windows: a function that adds a row per
// window.
func (w *wiring) window(r *ir.Window) stream {
	from := w.rel(r.In)
	row := w.row(r.UID, r.Schema)
	if r.Sessions() {
		return w.then(r, from, row, "NewSessions", w.sessionFuncs(r, from.row, row))
	}
	name := "windows" + exported(r.UID)
	w.assigner(name+"Of", r)
	w.stages.Comment(headline(r))
	w.batchFunc(name, from.row, row, false,
		jen.For(jen.Id("i").Op(":=").Range().Id("in").Dot("Rows")).BlockFunc(func(b *jen.Group) {
			b.Id("r").Op(":=").Op("&").Id("in").Dot("Rows").Index(jen.Id("i"))
			if null := from.row.isNull("r", r.Time); null != nil {
				b.If(null).Block(jen.Continue())
			}
			b.Id("time").Op(":=").Add(w.wallTime(r, from.row.get("r", r.Time))).Dot("Milli")
			next := func(method string, args ...jen.Code) *jen.Statement {
				return jen.Id(name + "Of").Dot(method).Call(append([]jen.Code{jen.Id("time")}, args...)...)
			}
			window := jen.List(jen.Id("from"), jen.Id("to"), jen.Id("ok"))
			b.For(jen.Add(window).Op(":=").Add(next("First")), jen.Id("ok"),
				jen.Add(window.Clone()).Op("=").Add(next("Next", jen.Id("from"), jen.Id("to")))).
				BlockFunc(func(b *jen.Group) { w.windowRow(b, r, from.row, row) })
		}))
	return w.define(r, row, mapped(from, r.UID, name, row, false))
}

// assigner declares the variable of a window's assigner.
func (w *wiring) assigner(name string, r *ir.Window) {
	a := r.Assigner
	w.stages.Var().Id(name).Op("=").Qual(pkgWindow, "Assigner").Values(jen.Dict{
		jen.Id("Kind"):   jen.Qual(pkgWindow, [...]string{"Tumble", "Hop", "Cumulate"}[a.Kind]),
		jen.Id("Size"):   jen.Lit(int(a.Size)),
		jen.Id("Step"):   jen.Lit(int(a.Step)),
		jen.Id("Offset"): jen.Lit(int(a.Offset)),
	})
}

// sessionFuncs emits the functions of session windows.
func (w *wiring) sessionFuncs(r *ir.Window, in, out *rowType) *jen.Statement {
	n := exported(r.UID)
	w.ops.Comment(headline(r))
	key := w.keyRow("key"+r.UID, r.In.P().Schema.At(r.Partition))
	w.keyFunc("keyOf"+n, r.Partition, in, key)
	w.hashFunc("hash"+n, key)
	w.ops.Func().Id("timeOf"+n).Params(jen.Id("r").Op("*").Id(in.name)).Params(jen.Int64(), jen.Bool()).BlockFunc(func(b *jen.Group) {
		if null := in.isNull("r", r.Time); null != nil {
			b.If(null).Block(jen.Return(jen.Lit(0), jen.False()))
		}
		b.Return(w.wallTime(r, in.get("r", r.Time)).Dot("Milli"), jen.True())
	})
	w.ops.Func().Id("write"+n).Params(jen.Id("r").Op("*").Id(in.name), jen.List(jen.Id("from"), jen.Id("to")).Int64(), jen.Id("o").Op("*").Id(out.name)).
		BlockFunc(func(b *jen.Group) { w.setWindow(b, r, in, out) })
	return jen.Qual(pkgOp, "SessionFuncs").Types(jen.Id(in.name), jen.Id(key.name), jen.Id(out.name)).Values(jen.Dict{
		jen.Id("Key"):     jen.Id("keyOf" + n),
		jen.Id("Hash"):    jen.Id("hash" + n),
		jen.Id("Time"):    jen.Id("timeOf" + n),
		jen.Id("Gap"):     jen.Lit(int(r.Assigner.Size)),
		jen.Id("Last"):    jen.Func().Params(jen.Id("to").Int64()).Int64().Block(jen.Return(w.lastMoment(jen.Id("to"), localTime(r)))),
		jen.Id("Write"):   jen.Id("write" + n),
		jen.Id("Keep"):    w.keepRow(in),
		jen.Id("Append"):  w.appendRow(in),
		jen.Id("Read"):    w.readRow(in),
		jen.Id("Updates"): jen.Lit(r.Mode.Updating()),
	})
}

// windowRow adds the input row with one of its windows.
func (w *wiring) windowRow(b *jen.Group, r *ir.Window, in, out *rowType) {
	b.Id("o").Op(":=").Add(addRow(r.In.P().Mode))
	w.setWindow(b, r, in, out)
}

// setWindow sets the row o to the input row with one of its windows.
func (w *wiring) setWindow(b *jen.Group, r *ir.Window, in, out *rowType) {
	n := len(in.fields)
	copyColumns(b, in, out)
	moment := func(v *jen.Statement) *jen.Statement {
		return jen.Qual(pkgVal, "Timestamp").Values(jen.Dict{jen.Id("Milli"): v})
	}
	b.Add(out.get("o", n)).Op("=").Add(moment(jen.Id("from")))
	b.Add(out.get("o", n+1)).Op("=").Add(moment(jen.Id("to")))
	last := moment(jen.Id("to").Op("-").Lit(1))
	if localTime(r) {
		last.Dot("Instant").Call(jen.Id(w.session).Dot("Zone"))
	}
	b.Add(out.get("o", n+2)).Op("=").Add(last)
}

// localTime reports whether windows are those of the session's wall clock.
func localTime(r *ir.Window) bool {
	return r.In.P().Schema[r.Time].Type.Kind == types.TimestampLTZ
}

func (w *wiring) wallTime(r *ir.Window, time *jen.Statement) *jen.Statement {
	if localTime(r) {
		return time.Dot("Local").Call(jen.Id(w.session).Dot("Zone"))
	}
	return time
}
