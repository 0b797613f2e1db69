package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/udfbridge/python"
)

// checkAggregate reports arguments and results of aggregate functions that
// cannot travel to a worker.
func checkAggregate(a *ir.Aggregate, diags *diag.List) {
	in := a.In.P().Schema
	for _, c := range a.Calls {
		if c.UDF == nil {
			continue
		}
		report := func(what string, t types.Type) {
			if !python.Supports(wireType(t)) {
				diags.Errorf(diag.UDFPlanned, c.Pos, "%s is %s, which cannot travel to a Python worker yet", what, t).WithMissing("type", t.Kind.String())
			}
		}
		for _, i := range c.Args {
			report(in[i].Name, in[i].Type)
			if c.UDF.Pandas() && in[i].Type.Kind == types.Map {
				diags.Errorf(diag.RefusedByFlink, c.Pos, "%s is %s, which no function of pandas Series takes in PyFlink 1.20.1", in[i].Name, in[i].Type)
			}
		}
	}
	if a.InPython() {
		for i, c := range a.Schema[len(a.Group):] {
			if !a.OfTable() && a.Calls[i].UDF == nil || python.Supports(wireType(c.Type)) {
				continue
			}
			call := a.Calls[min(i, len(a.Calls)-1)]
			diags.Errorf(diag.UDFPlanned, call.Pos, "%s gives %s, which cannot travel from a Python worker yet", call.Name(), c.Type).WithMissing("type", c.Type.Kind.String())
		}
	}
}

// pythonCalls are the calls of Python functions among an aggregation's.
func (x *aggregation) pythonCalls() []accumulator {
	var out []accumulator
	for _, c := range x.accs {
		if c.python > 0 {
			out = append(out, c)
		}
	}
	return out
}

// selects reports whether a call doesn't take all rows.
func (c *accumulator) selects() bool { return c.distinct != nil || c.call.Filter >= 0 }

// pythonAggregate wires an aggregation by Python functions, beside which there
// may be built-in ones.
func (w *wiring) pythonAggregate(r *ir.Aggregate) stream {
	from := w.rel(r.In)
	funcs, x := w.aggregate(r, from.row)
	n := exported(r.UID)
	w.pythonArgs("args"+n, x)
	w.pythonValues("values"+n, x)
	take := jen.Id("add" + n)
	if r.In.P().Mode.Updating() {
		take = jen.Id("take" + n)
		w.takeFunc("take"+n, x)
	}
	w.usePool()
	w.add(jen.Id("spec" + n).Op(":=").Add(w.aggregateSpec(x)))
	kinds := []jen.Code{jen.Id(from.row.name), jen.Id(x.key.name), jen.Id(x.name), jen.Id(x.out.name)}
	all := jen.Dict{
		jen.Id("GroupAggFuncs"): funcs,
		jen.Id("Take"):          take,
		jen.Id("Args"):          jen.Id("args" + n),
		jen.Id("Values"):        jen.Id("values" + n),
	}
	if r.OfTable() {
		all[jen.Id("Table")] = jen.True()
	}
	constructor := "NewAgg"
	args := []jen.Code{jen.Id("sub"), jen.Id("workers"), jen.Id("spec" + n), jen.Id("next"), jen.Qual(pkgBridge, "AggFuncs").Types(kinds...).Values(all)}
	if w.batch { // then all functions are of Series
		constructor = "NewSeriesAgg"
		var groups ir.Order
		for _, c := range r.Group {
			groups = append(groups, ir.Collation{Column: c})
		}
		args = append(args, w.compareFunc("compare"+n, groups, from.row))
	}
	return w.define(r, x.out, jen.Qual(pkgStream, "Then").Call(jen.Id(from.name), jen.Lit(r.UID),
		jen.Func().Params(jen.Id("sub").Op("*").Qual(pkgStream, "Subtask"), jen.Id("next").Add(consumerOf(x.out))).
			Params(consumerOf(from.row), jen.Error()).
			Block(jen.Return(jen.Qual(pkgBridge, constructor).Call(args...)))))
}

// takeFunc emits the function that adds a row or takes it back.
func (g *generator) takeFunc(name string, x *aggregation) {
	n := exported(x.UID)
	g.ops.Func().Id(name).Params(jen.Id("a").Op("*").Id(x.name), jen.Id("r").Op("*").Id(x.in.name), jen.Id("adds").Bool(), jen.Id("takes").Index().Bool()).Error().Block(
		jen.If(jen.Id("adds")).Block(jen.Return(jen.Id("add"+n).Call(jen.Id("a"), jen.Id("r"), jen.True(), jen.Id("takes")))),
		jen.Return(jen.Id("retract"+n).Call(jen.Id("a"), jen.Id("r"), jen.False(), jen.Id("takes"))))
}

// aggregateSpec is what the worker is told.
func (w *wiring) aggregateSpec(x *aggregation) *jen.Statement {
	s := w.newPythonSpec()
	s.column("group", types.Of(types.Int))
	s.column("flag", types.Of(types.Boolean))
	for _, c := range x.pythonCalls() {
		u := c.call.UDF
		takes := jen.Dict{}
		if c.selects() {
			takes[jen.Id("Takes")] = jen.Lit(s.column("takes", types.Of(types.Boolean)) + 1)
		}
		var args []jen.Code
		for i, t := range c.args {
			args = append(args, jen.Qual(pkgBridge, "Column").Call(jen.Lit(s.column(x.In.P().Schema[c.call.Args[i]].Name, t))))
		}
		given := []types.Type{u.Result}
		if x.OfTable() {
			given = ir.ElementFields(u.Result)
		}
		function := s.function(u)
		for _, t := range given {
			s.result(t, function, args, takes)
		}
	}
	grouping := "Aggregates"
	if x.OfTable() {
		grouping = "TableAggregate"
	}
	return s.literal(w.batch, grouping)
}

// pythonArgs emits the function that appends the arguments of a row, in the
// order of the columns of aggregateSpec.
func (g *generator) pythonArgs(name string, x *aggregation) {
	g.ops.Func().Id(name).Params(jen.Id("r").Op("*").Id(x.in.name), jen.Id("takes").Index().Bool(), jen.Id("a").Op("*").Qual(pkgBridge, "Args")).BlockFunc(func(b *jen.Group) {
		column := 2
		for i, c := range x.pythonCalls() {
			if c.selects() {
				b.Id("a").Dot("Bool").Call(jen.Lit(column)).Dot("Append").Call(jen.Id("takes").Index(jen.Lit(i)))
				column++
			}
			for j, at := range c.call.Args {
				b.Add(appendArgument(x.in.operand("r", at), c.args[j], column))
				column++
			}
		}
	})
}

// pythonValues emits the function that sets the results in an output row.
func (g *generator) pythonValues(name string, x *aggregation) {
	g.ops.Func().Id(name).Params(jen.Id("results").Op("*").Qual(pkgBridge, "Results"), jen.Id("i").Int(), jen.Id("o").Op("*").Id(x.out.name)).BlockFunc(func(b *jen.Group) {
		result := 2
		for i := range x.out.fields[len(x.key.fields):] {
			if !x.OfTable() && x.accs[i].python == 0 {
				continue
			}
			b.Add(setAnswer(x.out, len(x.key.fields)+i, x.Schema[len(x.key.fields)+i].Type, result))
			result++
		}
	})
}

// appendArgument appends a value to a column of the arguments a.
func appendArgument(o operand, t types.Type, column int) jen.Code {
	method, itself := bridgeMethod(t)
	builder := jen.Id("a").Dot(method).Call(jen.Lit(column))
	if o.constNull {
		return builder.Dot("AppendNull").Call()
	}
	value := o.value()
	if !itself {
		value = jen.Qual(pkgVal, infoOf(t).datum+"Datum").Call(value)
	}
	appendValue := builder.Clone().Dot("Append").Call(value)
	if o.null == nil {
		return appendValue
	}
	return jen.If(o.null()).Block(builder.Clone().Dot("AppendNull").Call()).Else().Block(appendValue)
}

// setAnswer sets a column of the row o to that of a result, at row i.
func setAnswer(out *rowType, column int, t types.Type, result int) jen.Code {
	method, itself := bridgeMethod(t)
	get := jen.Id("results").Dot(method).Call(jen.Lit(result), jen.Id("i"))
	if !itself {
		get = fromDatum(get, t)
	}
	set := out.get("o", column).Op("=").Add(get)
	if out.fields[column].bit < 0 {
		return set
	}
	return jen.If(jen.Id("results").Dot("IsNull").Call(jen.Lit(result), jen.Id("i"))).Block(out.setNull("o", column)).Else().Block(set)
}
