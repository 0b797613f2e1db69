package codegen

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/agg"
	agglist "pyfc/rt/agg/list"
)

// accumulator is the field of one aggregate call in the accumulator struct.
type accumulator struct {
	field string
	typ   *jen.Statement
	call  ir.AggCall
	// shapes are what Value takes.
	shapes []jen.Code
}

// aggregate emits key, accumulators and result functions of an aggregation and
// returns the expression of its op.GroupAggFuncs.
func (g *generator) aggregate(a *ir.Aggregate, in *rowType, batch bool) (funcs *jen.Statement, out *rowType) {
	uid := a.UID
	key := g.row("key"+uid, g.keySchema(a))
	out = g.row(uid, a.Schema)
	accs := g.accumulators(a)
	acc := "acc" + exported(uid)
	g.ops.Comment(headline(a))
	g.ops.Type().Id(acc).StructFunc(func(s *jen.Group) {
		for _, c := range accs {
			s.Id(c.field).Add(c.typ)
		}
	})
	n := exported(uid)
	g.keyFunc("keyOf"+n, a.Group, in, key)
	g.hashFunc("hash"+n, key)
	g.keepFunc("keep"+n, key)
	g.accumulate("add"+n, acc, "Add", accs, in)
	retract := jen.Nil()
	if a.In.P().Mode.Updating() {
		g.accumulate("retract"+n, acc, "Retract", accs, in)
		retract = jen.Id("retract" + n)
	}
	g.resultFunc("result"+n, acc, accs, key, out)
	g.entryFuncs(n, acc, accs, key)
	return jen.Qual(pkgOp, "GroupAggFuncs").Types(jen.Id(in.name), jen.Id(key.name), jen.Id(acc), jen.Id(out.name)).Values(jen.Dict{
		jen.Id("Key"):         jen.Id("keyOf" + n),
		jen.Id("Hash"):        jen.Id("hash" + n),
		jen.Id("Keep"):        jen.Id("keep" + n),
		jen.Id("Add"):         jen.Id("add" + n),
		jen.Id("Retract"):     retract,
		jen.Id("Result"):      jen.Id("result" + n),
		jen.Id("Equal"):       equalFunc(out),
		jen.Id("AppendEntry"): jen.Id("appendEntry" + n),
		jen.Id("ReadEntry"):   jen.Id("readEntry" + n),
		jen.Id("EmitBefore"):  jen.Lit(a.Mode.Has(ir.UpdateBefores)),
		jen.Id("Coalesce"):    jen.Lit(a.Coalesce),
		jen.Id("Final"):       jen.Lit(batch),
		jen.Id("Global"):      jen.Lit(a.Global),
	}), out
}

func (g *generator) keySchema(a *ir.Aggregate) types.Schema {
	return a.Schema[:len(a.Group)]
}

func (g *generator) accumulators(a *ir.Aggregate) []accumulator {
	out := make([]accumulator, len(a.Calls))
	for i, c := range a.Calls {
		o := overload(a, c)
		out[i] = accumulator{
			field: fmt.Sprintf("%s%d", strings.ToLower(c.Fn), i+1),
			typ:   accType(o),
			call:  c,
		}
		if value, _ := reflect.PointerTo(reflect.TypeOf(o.Acc)).MethodByName("Value"); value.Type.NumIn() > 1 {
			out[i].shapes = []jen.Code{shapeOf(a.In.P().Schema[c.Args[0]].Type), shapeOf(c.Type)}
		}
	}
	return out
}

// overload finds the declared accumulator for a call's argument.
func overload(a *ir.Aggregate, c ir.AggCall) agg.Overload {
	d, ok := agglist.Lookup(c.Fn)
	if !ok {
		panic("codegen: no declaration of " + c.Fn)
	}
	kind := types.Invalid
	if len(c.Args) > 0 {
		if kind = a.In.P().Schema[c.Args[0]].Type.Kind; kind == types.Char {
			kind = types.VarChar
		}
	}
	for _, o := range d.Overloads {
		if o.Arg == kind || o.Arg == types.Null && kind != types.Invalid {
			return o
		}
	}
	panic(fmt.Sprintf("codegen: no accumulator of %s for %s", c.Fn, kind))
}

// accType is the Go type of an accumulator: agg.SumInt[int64].
func accType(o agg.Overload) *jen.Statement {
	name, arg, generic := strings.Cut(reflect.TypeOf(o.Acc).Name(), "[")
	t := jen.Qual(pkgAgg, name)
	if generic {
		t = t.Types(jen.Id(strings.TrimSuffix(arg, "]")))
	}
	return t
}

// takesArgument reports whether the accumulator's Add takes the value.
func (c accumulator) takesArgument() bool { return c.call.Fn != "COUNT" }

func (g *generator) keyFunc(name string, columns []int, in, key *rowType) {
	g.ops.Func().Id(name).Params(jen.Id("r").Op("*").Id(in.name)).Params(jen.Id("k").Id(key.name)).BlockFunc(func(b *jen.Group) {
		for i, c := range columns {
			b.Add(key.assign("k", i, in.operand("r", c)))
		}
		b.Return()
	})
}

func (g *generator) keepFunc(name string, key *rowType) {
	g.ops.Func().Id(name).Params(jen.Id("k").Op("*").Id(key.name)).BlockFunc(func(b *jen.Group) {
		for i, f := range key.fields {
			if viewed(f.typ) {
				b.Add(key.get("k", i).Op("=").Qual(pkgVal, "Keep").Call(key.get("k", i)))
			}
		}
	})
}

// hashFunc emits the stable hash of all columns of a row type, null bits
// included.
func (g *generator) hashFunc(name string, key *rowType) {
	g.ops.Func().Id(name).Params(jen.Id("k").Op("*").Id(key.name)).Uint64().BlockFunc(func(b *jen.Group) {
		b.Id("h").Op(":=").Qual(pkgVal, "HashSeed")
		all := make([]int, len(key.fields))
		for i := range all {
			all[i] = i
		}
		hashColumns(b, key, all)
		b.Return(jen.Id("h"))
	})
}

// hashColumns mixes columns of the row k into h. A NULL column adds its zero
// value and a marker, which depends on its place among the columns and not on
// the row: exchange and state must agree where a key belongs.
func hashColumns(b *jen.Group, row *rowType, columns []int) {
	for n, i := range columns {
		f := row.fields[i]
		v := row.get("k", i)
		mix := func(fn string, v *jen.Statement) jen.Code {
			return jen.Id("h").Op("=").Qual(pkgVal, fn).Call(jen.Id("h"), v)
		}
		info := infoOf(f.typ)
		b.Add(mix("Hash"+info.hash, converted(info.hashAs, v)))
		if f.bit >= 0 {
			b.If(row.isNull("k", i)).Block(mix("HashInt", jen.Lit(n+1)))
		}
	}
}

// accumulate emits Add or Retract for all calls; NULL arguments and rows that
// FILTER keeps out are passed over.
func (g *generator) accumulate(name, acc, method string, accs []accumulator, in *rowType) {
	g.ops.Func().Id(name).Params(jen.Id("a").Op("*").Id(acc), jen.Id("r").Op("*").Id(in.name)).BlockFunc(func(b *jen.Group) {
		for _, c := range accs {
			var args []jen.Code
			var conds []func() *jen.Statement
			if len(c.call.Args) > 0 {
				o := in.operand("r", c.call.Args[0])
				if c.takesArgument() {
					args = append(args, o.value())
				}
				if o.null != nil {
					conds = append(conds, func() *jen.Statement { return jen.Op("!").Parens(o.null()) })
				}
			}
			if c.call.Filter >= 0 {
				conds = append(conds, in.operand("r", c.call.Filter).value)
			}
			call := jen.Id("a").Dot(c.field).Dot(method).Call(args...)
			if len(conds) == 0 {
				b.Add(call)
				continue
			}
			cond := conds[0]()
			for _, more := range conds[1:] {
				cond = cond.Op("&&").Add(more())
			}
			b.If(cond).Block(call)
		}
	})
}

func (g *generator) resultFunc(name, acc string, accs []accumulator, key, out *rowType) {
	g.ops.Func().Id(name).Params(jen.Id("k").Op("*").Id(key.name), jen.Id("a").Op("*").Id(acc), jen.Id("o").Op("*").Id(out.name)).BlockFunc(func(b *jen.Group) {
		for i := range key.fields {
			b.Add(out.assign("o", i, key.operand("k", i)))
		}
		for i, c := range accs {
			column := len(key.fields) + i
			value := jen.Id("a").Dot(c.field).Dot("Value").Call(c.shapes...)
			if out.fields[column].bit < 0 {
				b.List(out.get("o", column), jen.Id("_")).Op("=").Add(value)
				continue
			}
			b.If(jen.List(jen.Id("v"), jen.Id("ok")).Op(":=").Add(value), jen.Id("ok")).
				Block(out.get("o", column).Op("=").Id("v")).
				Else().Block(out.setNull("o", column))
		}
	})
}

func equalFunc(row *rowType) *jen.Statement {
	return jen.Func().Params(jen.Id("x"), jen.Id("y").Op("*").Id(row.name)).Bool().
		Block(jen.Return(jen.Op("*").Id("x").Op("==").Op("*").Id("y")))
}

// entryFuncs emit the state form of a group: key columns, then accumulators.
func (g *generator) entryFuncs(n, acc string, accs []accumulator, key *rowType) {
	g.codecFuncs(key)
	g.ops.Func().Id("appendEntry"+n).Params(jen.Id("dst").Index().Byte(), jen.Id("k").Op("*").Id(key.name), jen.Id("a").Op("*").Id(acc)).
		Index().Byte().BlockFunc(func(b *jen.Group) {
		b.Id("dst").Op("=").Id("append"+exported(key.name)).Call(jen.Id("dst"), jen.Id("k"))
		for _, c := range accs {
			b.Id("dst").Op("=").Id("a").Dot(c.field).Dot("AppendState").Call(jen.Id("dst"))
		}
		b.Return(jen.Id("dst"))
	})
	g.ops.Func().Id("readEntry"+n).Params(jen.Id("src").Index().Byte(), jen.Id("k").Op("*").Id(key.name), jen.Id("a").Op("*").Id(acc)).
		Params(jen.Index().Byte(), jen.Error()).BlockFunc(func(b *jen.Group) {
		b.List(jen.Id("src"), jen.Err()).Op(":=").Id("read"+exported(key.name)).Call(jen.Id("src"), jen.Id("k"))
		for _, c := range accs {
			b.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err()))
			b.List(jen.Id("src"), jen.Err()).Op("=").Id("a").Dot(c.field).Dot("ReadState").Call(jen.Id("src"))
		}
		b.Return(jen.Id("src"), jen.Err())
	})
}
