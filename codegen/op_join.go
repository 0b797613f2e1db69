package codegen

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
)

// join wires a join: its inputs' exchanges are its own, since rows of both
// meet behind one gate.
func (w *wiring) join(r *ir.Join) stream {
	leftIn, rightIn := r.Left.(*ir.Exchange), r.Right.(*ir.Exchange)
	left, right := w.rel(leftIn.In), w.rel(rightIn.In)
	funcs, out := w.joinFuncs(r, left.row, right.row)
	toLeft := w.route(leftIn, left.row)
	toRight := w.route(rightIn, right.row)
	args := []jen.Code{jen.Id("sub"), jen.Id("next"), funcs}
	constructor := "NewHashJoin"
	switch {
	case w.batch:
	case r.Window != nil:
		constructor = "NewWindowJoin"
	case r.Interval != nil:
		constructor = "NewIntervalJoin"
	default:
		constructor = "NewJoin"
		args = append(args, w.identity(r, 0, left.row), w.identity(r, 1, right.row))
	}
	made := jen.Qual(pkgOp, constructor).Call(args...)
	twoInput := jen.Qual(pkgStream, "TwoInput").Types(jen.Id(left.row.name), jen.Id(right.row.name))
	return w.define(r, out, jen.Qual(pkgStream, "Connect").Call(
		jen.Id(left.name), toLeft, jen.Id(right.name), toRight, jen.Lit(r.UID),
		jen.Func().Params(jen.Id("sub").Op("*").Qual(pkgStream, "Subtask"), jen.Id("next").Add(consumerOf(out))).
			Params(twoInput, jen.Error()).Block(jen.Return(made, jen.Nil()))))
}

// route is how the rows of an exchange find their subtask.
func (w *wiring) route(r *ir.Exchange, row *rowType) *jen.Statement {
	return jen.Qual(pkgStream, "ByKey").Call(jen.Id(w.exchangeHash(r, row)))
}

// joinFuncs emits the functions of a join and returns the expression of its
// op.JoinFuncs.
func (w *wiring) joinFuncs(r *ir.Join, left, right *rowType) (funcs *jen.Statement, out *rowType) {
	n := exported(r.UID)
	key := w.row("key"+r.UID, joinKeySchema(r))
	out = w.row(r.UID, r.Schema)
	var leftKey, rightKey []int
	for _, k := range r.Equi {
		leftKey, rightKey = append(leftKey, k.Left), append(rightKey, k.Right)
	}
	w.ops.Comment(headline(r))
	w.keyFunc("leftKey"+n, leftKey, left, key)
	w.keyFunc("rightKey"+n, rightKey, right, key)
	w.hashFunc("hash"+n, key)
	w.pairFunc("pair"+n, r, left, right, out)
	d := jen.Dict{
		jen.Id("LeftKey"):     jen.Id("leftKey" + n),
		jen.Id("RightKey"):    jen.Id("rightKey" + n),
		jen.Id("Hash"):        jen.Id("hash" + n),
		jen.Id("Pair"):        jen.Id("pair" + n),
		jen.Id("KeepLeft"):    w.keepRow(left),
		jen.Id("KeepRight"):   w.keepRow(right),
		jen.Id("ViewedLeft"):  w.viewedRow(left),
		jen.Id("ViewedRight"): w.viewedRow(right),
		jen.Id("AppendLeft"):  w.appendRow(left),
		jen.Id("ReadLeft"):    w.readRow(left),
		jen.Id("AppendRight"): w.appendRow(right),
		jen.Id("ReadRight"):   w.readRow(right),
		jen.Id("LeftOuter"):   jen.Lit(r.Kind.KeepsLeft()),
		jen.Id("RightOuter"):  jen.Lit(r.Kind.KeepsRight()),
		jen.Id("Semi"):        jen.Lit(r.Kind == ir.SemiJoin),
		jen.Id("Anti"):        jen.Lit(r.Kind == ir.AntiJoin),
	}
	if known := knownKey(r, key); known != nil {
		d[jen.Id("Known")] = known
	}
	if r.Cond != nil {
		w.matchFunc("match"+n, r, left, right)
		d[jen.Id("Match")] = jen.Id("match" + n)
	}
	switch {
	case r.Window != nil:
		end := slices.IndexFunc(r.Equi, func(k ir.JoinKey) bool { return k.Left == r.Window.End })
		d[jen.Id("Last")] = w.lastOfGroup(key, &ir.GroupWindow{End: end, Local: r.Window.Local})
	case r.Interval != nil:
		d[jen.Id("LeftTime")], d[jen.Id("RightTime")] = milliOf(left, r.Interval.Left), milliOf(right, r.Interval.Right)
		d[jen.Id("From")], d[jen.Id("To")] = jen.Lit(int(r.Interval.From)), jen.Lit(int(r.Interval.To))
	default:
		w.expire(d, "LeftTTL", r.Retention[0])
		w.expire(d, "RightTTL", r.Retention[1])
	}
	return jen.Qual(pkgOp, "JoinFuncs").Types(jen.Id(left.name), jen.Id(right.name), jen.Id(key.name), jen.Id(out.name)).Values(d), out
}

// joinKeySchema is the row of a join's key: nullable where either side's column
// is.
func joinKeySchema(r *ir.Join) types.Schema {
	var s types.Schema
	for _, k := range r.Equi {
		c := r.Left.P().Schema[k.Left]
		c.Type = c.Type.WithNull(c.Type.Nullable || r.Right.P().Schema[k.Right].Type.Nullable)
		s = append(s, c)
	}
	return s
}

// knownKey is the function that tells keys with a NULL that equals nothing
// from others; nil if there can't be one.
func knownKey(r *ir.Join, key *rowType) *jen.Statement {
	var cond *jen.Statement
	for i, k := range r.Equi {
		null := key.isNull("k", i)
		if k.NullSafe || null == nil {
			continue
		}
		known := jen.Op("!").Parens(null)
		if cond != nil {
			known = cond.Op("&&").Add(known)
		}
		cond = known
	}
	if cond == nil {
		return nil
	}
	return jen.Func().Params(jen.Id("k").Op("*").Id(key.name)).Bool().Block(jen.Return(cond))
}

// pairFunc emits the function that makes an output row of two rows, one of
// which may be nil where the join yields rows without a match.
func (g *generator) pairFunc(name string, r *ir.Join, left, right, out *rowType) {
	side := func(v string, row *rowType, first int, absent bool) jen.Code {
		var set, unset []jen.Code
		for i := range row.fields {
			set = append(set, out.assign("o", first+i, row.operand(v, i)))
			if absent {
				unset = append(unset, out.setNull("o", first+i))
			}
		}
		if !absent {
			return jen.Add(lines(set)...)
		}
		return jen.If(jen.Id(v).Op("!=").Nil()).Block(set...).Else().Block(unset...)
	}
	second := jen.Id("r")
	if r.Kind.LeftOnly() {
		second = jen.Id("_")
	}
	g.ops.Func().Id(name).Params(jen.Id("l").Op("*").Id(left.name), second.Op("*").Id(right.name), jen.Id("o").Op("*").Id(out.name)).BlockFunc(func(b *jen.Group) {
		b.Add(side("l", left, 0, r.Kind.KeepsRight()))
		if !r.Kind.LeftOnly() {
			b.Add(side("r", right, len(left.fields), r.Kind.KeepsLeft()))
		}
	})
}

// lines puts each statement on a line of its own.
func lines(list []jen.Code) []jen.Code {
	var out []jen.Code
	for i, c := range list {
		if i > 0 {
			out = append(out, jen.Line())
		}
		out = append(out, c)
	}
	return out
}

// matchFunc emits the function that decides the rest of the condition.
func (g *generator) matchFunc(name string, r *ir.Join, left, right *rowType) {
	x := g.newExprs(left, jen.Id("arena"), nil)
	x.columns = nil
	for i := range left.fields {
		x.columns = append(x.columns, left.operand("l", i))
	}
	for i := range right.fields {
		x.columns = append(x.columns, right.operand("r", i))
	}
	x.share(r.Cond)
	x.add(jen.Op("*").Id("ok").Op("=").Add(truth(x.emit(r.Cond))))
	g.ops.Func().Id(name).Params(
		jen.Id("l").Op("*").Id(left.name), jen.Id("r").Op("*").Id(right.name),
		jen.Id("arena").Op("*").Qual(pkgVal, "Arena"), jen.Id("ok").Op("*").Bool(),
	).Error().Block(append(x.take(), jen.Return(jen.Nil()))...)
}

// identifying is the unique key by which a join tells the rows of an input
// apart, as Flink chooses it: one within the join key, else the shortest.
func identifying(keys []ir.Key, on ir.Key) ir.Key {
	best := keys[0]
	for _, k := range keys {
		if on.Contains(k) {
			return k
		}
		if len(k) < len(best) {
			best = k
		}
	}
	return best
}

// identity is by what the state of input i tells its rows apart: the columns of
// a unique key together with the join key, else all.
func (g *generator) identity(r *ir.Join, i int, row *rowType) *jen.Statement {
	on, keys := ir.Key{}, r.Inputs()[i].P().Keys
	for _, k := range r.Equi {
		on = append(on, [...]int{k.Left, k.Right}[i])
	}
	if len(keys) == 0 {
		return jen.Qual(pkgOp, "JoinIdentity").Types(jen.Id(row.name), jen.Id(row.name)).Values(jen.Dict{
			jen.Id("Of"): jen.Func().Params(jen.Id("r").Op("*").Id(row.name)).Id(row.name).Block(jen.Return(jen.Op("*").Id("r"))),
		})
	}
	columns := slices.Clone(on)
	for _, c := range identifying(keys, on) {
		if !slices.Contains(columns, c) {
			columns = append(columns, c)
		}
	}
	slices.Sort(columns)
	columns = slices.Compact(columns)
	n := [...]string{"left", "right"}[i] + "ID" + exported(r.UID)
	id := g.row(n, r.Inputs()[i].P().Schema.At(columns))
	g.keyFunc(n, columns, row, id)
	return jen.Qual(pkgOp, "JoinIdentity").Types(jen.Id(row.name), jen.Id(id.name)).Values(jen.Dict{
		jen.Id("Of"): jen.Id(n), jen.Id("Replaces"): jen.True(),
	})
}
