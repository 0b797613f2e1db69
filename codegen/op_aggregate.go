package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/agg"
	agglist "pyfc/rt/agg/list"
)

// accumulator is the field of one aggregate call in the accumulator struct.
type accumulator struct {
	agglist.Signature
	field string
	typ   *jen.Statement
	call  ir.AggCall
	// distinct is the field of the argument lists that a DISTINCT call has seen,
	// nil for another call.
	distinct *distinct
	// python is one more than the place among the calls of Python functions, which
	// have no field; 0 for a built-in function.
	python int
	// args and result are the types that the accumulator may ask for.
	args   []types.Type
	result types.Type
}

// distinct is the field that the DISTINCT calls of the same arguments and
// filter share.
type distinct struct {
	field  string
	key    *rowType
	args   []int
	filter int
}

// aggregation is an Aggregate with the Go of its parts.
type aggregation struct {
	*ir.Aggregate
	name      string // of the struct of accumulators
	accs      []accumulator
	distincts []*distinct
	in, key   *rowType
	out       *rowType
}

// aggregate emits key, accumulators and result functions of an aggregation and
// returns the expression of its op.GroupAggFuncs.
func (w *wiring) aggregate(a *ir.Aggregate, in *rowType) (funcs *jen.Statement, x *aggregation) {
	n := exported(a.UID)
	x = &aggregation{Aggregate: a, name: "acc" + n, in: in}
	x.key = w.keyRow("key"+a.UID, a.Schema[:len(a.Group)])
	x.out = w.row(a.UID, a.Schema)
	w.accumulators(x)
	w.ops.Comment(headline(a))
	x.declare(w.ops)
	w.keyFunc("keyOf"+n, a.Group, in, x.key)
	w.hashFunc("hash"+n, x.key)
	w.keepFunc("keep"+n, x.key)
	w.accumulate("add"+n, x, "Add")
	retract := jen.Nil()
	if a.In.P().Mode.Updating() {
		w.accumulate("retract"+n, x, "Retract")
		retract = jen.Id("retract" + n)
	}
	w.resultFunc("result"+n, x)
	w.entryFuncs(n, x)
	d := jen.Dict{
		jen.Id("Key"):         jen.Id("keyOf" + n),
		jen.Id("Hash"):        jen.Id("hash" + n),
		jen.Id("Keep"):        jen.Id("keep" + n),
		jen.Id("Result"):      jen.Id("result" + n),
		jen.Id("Makes"):       jen.Lit(slices.ContainsFunc(x.accs, func(c accumulator) bool { return c.Value.Arena })),
		jen.Id("AppendEntry"): jen.Id("appendEntry" + n),
		jen.Id("ReadEntry"):   jen.Id("readEntry" + n),
	}
	if !a.InPython() { // else they have other parameters
		d[jen.Id("Add")], d[jen.Id("Retract")] = jen.Id("add"+n), retract
	}
	switch {
	case w.batch:
		d[jen.Id("Rows")] = w.rowFuncs(in)
		d[jen.Id("Bytes")] = w.bytesFunc("bytes"+n, x)
		d[jen.Id("Global")] = jen.Lit(a.Global)
	case a.Window != nil:
		d[jen.Id("Last")] = w.lastOfGroup(x.key, a.Window)
	default:
		d[jen.Id("Equal")] = equalFunc(x.out)
		d[jen.Id("EmitBefore")] = jen.Lit(a.Mode.Has(ir.UpdateBefores))
		d[jen.Id("Coalesce")] = jen.Lit(a.Coalesce)
		w.expire(d, "TTL", a.Retention)
	}
	return jen.Qual(pkgOp, "GroupAggFuncs").Types(jen.Id(in.name), jen.Id(x.key.name), jen.Id(x.name), jen.Id(x.out.name)).Values(d), x
}

// bytesFunc emits what growing accumulators keep, and returns its name; nil if
// there are none.
func (g *generator) bytesFunc(name string, x *aggregation) *jen.Statement {
	var sum *jen.Statement
	add := func(field string) {
		bytes := jen.Id("a").Dot(field).Dot("Bytes").Call()
		if sum != nil {
			bytes = sum.Op("+").Add(bytes)
		}
		sum = bytes
	}
	for _, c := range x.accs {
		if c.Grows {
			add(c.field)
		}
	}
	for _, d := range x.distincts {
		add(d.field)
	}
	if sum == nil {
		return jen.Nil()
	}
	g.ops.Func().Id(name).Params(jen.Id("a").Op("*").Id(x.name)).Int().Block(jen.Return(sum))
	return jen.Id(name)
}

// accumulators chooses the accumulator of each call, and what DISTINCT calls
// share.
func (g *generator) accumulators(x *aggregation) {
	schema := x.In.P().Schema
	python := 0
	for i, c := range x.Calls {
		var acc accumulator
		if c.UDF != nil {
			python++
			acc = accumulator{call: c, args: c.Types(schema), result: c.Type, python: python}
		} else {
			acc = accumulatorOf(c, schema, x.In.P().Mode.Updating() && !c.Monotone)
			acc.field = fmt.Sprintf("%s%d", fieldName(c.Fn), i+1)
		}
		if c.Distinct {
			acc.distinct = g.distinctOf(x, c)
		}
		x.accs = append(x.accs, acc)
	}
}

// accumulatorOf finds the declared accumulator for a call's arguments.
func accumulatorOf(c ir.AggCall, in types.Schema, updating bool) accumulator {
	out := accumulator{call: c, args: c.Types(in), result: c.Type}
	out.Signature = agglist.SignatureOf(overloadOf(c, in).For(updating))
	out.typ = jen.Qual(pkgAgg, out.Name)
	if out.Generic {
		out.typ.Types(goTypeOf(out.args[0]))
	}
	return out
}

func overloadOf(c ir.AggCall, in types.Schema) *agg.Overload {
	d, ok := agglist.Lookup(c.Fn)
	if !ok {
		panic("codegen: no declaration of " + c.Fn)
	}
	o, ok := d.For(agglist.ArgsOf(c.Types(in)))
	if !ok {
		panic(fmt.Sprintf("codegen: no accumulator of %s for %v", c.Fn, c.Types(in)))
	}
	return o
}

// fieldName makes the name of an accumulator's field of a function's name.
func fieldName(fn string) string { return uniqueName(strings.ToLower(fn), map[string]bool{}) }

func (g *generator) distinctOf(x *aggregation, c ir.AggCall) *distinct {
	for _, d := range x.distincts {
		if slices.Equal(d.args, c.Args) && d.filter == c.Filter {
			return d
		}
	}
	n := len(x.distincts) + 1
	name := fmt.Sprintf("distinct%d%s", n, exported(x.UID))
	d := &distinct{field: fmt.Sprintf("seen%d", n), key: g.keyRow(name, x.In.P().Schema.At(c.Args)), args: c.Args, filter: c.Filter}
	g.keyFunc(name+"Of", c.Args, x.in, d.key)
	g.keepFunc(d.keep(), d.key)
	g.codecFuncs(d.key)
	x.distincts = append(x.distincts, d)
	return d
}

func (d *distinct) keep() string { return "keep" + exported(d.key.name) }

// keyOf is the function that reads the key of a row.
func (d *distinct) keyOf() string { return strings.TrimSuffix(d.key.name, "Row") + "Of" }

// declare emits the struct of accumulators.
func (x *aggregation) declare(f *jen.File) {
	f.Type().Id(x.name).StructFunc(func(s *jen.Group) {
		for _, c := range x.accs {
			if c.python == 0 {
				s.Id(c.field).Add(c.typ)
			}
		}
		for _, d := range x.distincts {
			s.Id(d.field).Qual(pkgAgg, "Distinct").Types(jen.Id(d.key.name))
		}
	})
}

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
		v := row.value("k", i)
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

// accumulate emits Add or Retract for all calls; rows that FILTER keeps out and
// NULLs that an accumulator doesn't take are passed over.
func (g *generator) accumulate(name string, x *aggregation, method string) {
	params := []jen.Code{jen.Id("a").Op("*").Id(x.name), jen.Id("r").Op("*").Id(x.in.name)}
	if x.Aggregate != nil && x.InPython() { // not of OVER
		params = append(params, jen.Id("_").Bool(), jen.Id("takes").Index().Bool())
	}
	g.ops.Func().Id(name).Params(params...).Error().BlockFunc(func(b *jen.Group) {
		for _, c := range x.accs {
			if c.distinct == nil && !(c.call.Monotone && method == "Retract") {
				guarded(b, x.filter(c.call.Filter), g.take(x, c, method))
			}
		}
		for _, d := range x.distincts {
			g.takeDistinct(b, x, d, method)
		}
		b.Return(jen.Nil())
	})
}

// takeDistinct takes a row into the calls of the same arguments if these are
// new, or back if they are there no more.
func (g *generator) takeDistinct(b *jen.Group, x *aggregation, d *distinct, method string) {
	changed := jen.Id("a").Dot(d.field).Dot(method).Call(jen.Id(d.keyOf()).Call(jen.Id("r")), jen.Id(d.keep()))
	guarded(b, append(x.filter(d.filter), changed), func(b *jen.Group) {
		for _, c := range x.accs {
			if c.distinct == d {
				g.take(x, c, method)(b)
			}
		}
	})
}

// filter is the condition that lets a row in; none for no FILTER.
func (x *aggregation) filter(column int) []*jen.Statement {
	if column < 0 {
		return nil
	}
	return []*jen.Statement{x.in.operand("r", column).value()}
}

// take emits the call of an accumulator's Add or Retract.
func (g *generator) take(x *aggregation, c accumulator, method string) func(*jen.Group) {
	if c.python > 0 {
		return func(b *jen.Group) { b.Id("takes").Index(jen.Lit(c.python - 1)).Op("=").True() }
	}
	var args []jen.Code
	var conds []*jen.Statement
	for i, column := range c.call.Args {
		o := x.in.operand("r", column)
		switch {
		case c.Add.SeesNull(i):
			args = append(args, asDatum(o, c.args[i]))
			continue
		case i < len(c.Add.Args):
			args = append(args, o.value())
		}
		if o.null != nil {
			conds = append(conds, jen.Op("!").Parens(o.null()))
		}
	}
	for _, t := range c.args[:c.Add.Types] {
		args = append(args, g.typeVar(t))
	}
	call := jen.Id("a").Dot(c.field).Dot(method).Call(args...)
	return func(b *jen.Group) {
		guarded(b, conds, func(b *jen.Group) {
			if c.Add.Fails && method == "Add" {
				b.If(jen.Err().Op(":=").Add(call), jen.Err().Op("!=").Nil()).Block(
					jen.Return(jen.Qual(pkgVal, "Fail").Call(jen.Err(), jen.Lit(c.call.Fn), jen.Lit(c.call.Pos.String()))))
				return
			}
			b.Add(call)
		})
	}
}

// guarded emits what body does where all conditions hold.
func guarded(b *jen.Group, conds []*jen.Statement, body func(*jen.Group)) {
	if len(conds) == 0 {
		body(b)
		return
	}
	cond := conds[0].Clone()
	for _, more := range conds[1:] {
		cond.Op("&&").Add(more)
	}
	b.If(cond).BlockFunc(body)
}

func (g *generator) resultFunc(name string, x *aggregation) {
	g.ops.Func().Id(name).Params(jen.Id("k").Op("*").Id(x.key.name), jen.Id("a").Op("*").Id(x.name),
		jen.Id("o").Op("*").Id(x.out.name), jen.Id("arena").Op("*").Qual(pkgVal, "Arena")).BlockFunc(func(b *jen.Group) {
		for i := range x.key.fields {
			b.Add(x.out.assign("o", i, x.key.operand("k", i)))
		}
		for i, c := range x.accs {
			if c.python > 0 {
				continue
			}
			g.setResult(b, x.out, len(x.key.fields)+i, c, "a")
		}
	})
}

// setResult stores the value of an accumulator, which is a field of the struct
// called acc, in a column of the row o.
func (g *generator) setResult(b *jen.Group, out *rowType, column int, c accumulator, acc string) {
	value := jen.Id(acc).Dot(c.field).Dot("Value").Call(g.valueArgs(c)...)
	v := jen.Id("v")
	if c.Value.GivesDatum {
		v = fromDatum(jen.Id("v"), c.result)
	}
	if out.fields[column].bit < 0 && !c.Value.GivesDatum {
		b.List(out.get("o", column), jen.Id("_")).Op("=").Add(value)
		return
	}
	set := b.If(jen.List(jen.Id("v"), jen.Id("ok")).Op(":=").Add(value), jen.Id("ok")).Block(out.get("o", column).Op("=").Add(v))
	if out.fields[column].bit >= 0 {
		set.Else().Block(out.setNull("o", column))
	}
}

// valueArgs are what the accumulator's Value takes.
func (g *generator) valueArgs(c accumulator) []jen.Code {
	var args []jen.Code
	if c.Value.Arena {
		args = append(args, jen.Id("arena"))
	}
	all := append(slices.Clone(c.args), c.result)
	for _, t := range all[len(all)-c.Value.Shapes:] {
		args = append(args, shapeOf(t))
	}
	for _, t := range all[len(all)-c.Value.Types:] {
		args = append(args, g.typeVar(t))
	}
	return args
}

func equalFunc(row *rowType) *jen.Statement {
	return jen.Func().Params(jen.Id("x"), jen.Id("y").Op("*").Id(row.name)).Bool().
		Block(jen.Return(jen.Op("*").Id("x").Op("==").Op("*").Id("y")))
}

// entryFuncs emit the state form of a group: key columns, then accumulators.
func (g *generator) entryFuncs(n string, x *aggregation) {
	g.codecFuncs(x.key)
	g.ops.Func().Id("appendEntry"+n).Params(jen.Id("dst").Index().Byte(), jen.Id("k").Op("*").Id(x.key.name), jen.Id("a").Op("*").Id(x.name)).
		Index().Byte().BlockFunc(func(b *jen.Group) {
		b.Id("dst").Op("=").Id("append"+exported(x.key.name)).Call(jen.Id("dst"), jen.Id("k"))
		x.eachState(func(field string, codec func(string) []jen.Code) {
			b.Id("dst").Op("=").Id("a").Dot(field).Dot("AppendState").Call(append([]jen.Code{jen.Id("dst")}, codec("append")...)...)
		})
		b.Return(jen.Id("dst"))
	})
	g.ops.Func().Id("readEntry"+n).Params(jen.Id("src").Index().Byte(), jen.Id("k").Op("*").Id(x.key.name), jen.Id("a").Op("*").Id(x.name)).
		Params(jen.Index().Byte(), jen.Error()).BlockFunc(func(b *jen.Group) {
		b.List(jen.Id("src"), jen.Err()).Op(":=").Id("read"+exported(x.key.name)).Call(jen.Id("src"), jen.Id("k"))
		x.eachState(func(field string, codec func(string) []jen.Code) {
			b.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err()))
			b.List(jen.Id("src"), jen.Err()).Op("=").Id("a").Dot(field).Dot("ReadState").Call(append([]jen.Code{jen.Id("src")}, codec("read")...)...)
		})
		b.Return(jen.Id("src"), jen.Err())
	})
}

// eachState calls f for each field with state, with what its codecs take: the
// function that appends or reads a key.
func (x *aggregation) eachState(f func(field string, codec func(verb string) []jen.Code)) {
	for _, c := range x.accs {
		if c.python > 0 {
			continue
		}
		f(c.field, func(string) []jen.Code { return nil })
	}
	for _, d := range x.distincts {
		f(d.field, func(verb string) []jen.Code { return []jen.Code{jen.Id(verb + exported(d.key.name))} })
	}
}
