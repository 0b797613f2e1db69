package codegen

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/udfbridge/python"
)

// checkFunctions reports functions of kinds that workers don't run yet.
func checkFunctions(b *ir.Bridge, diags *diag.List) {
	for _, c := range b.Calls {
		kind := strings.ReplaceAll(c.UDF.Kind.String(), "_", " ")
		if _, runs := functionKinds[c.UDF.Kind]; runs {
			continue
		}
		diags.Errorf(diag.UDFPlanned, c.Pos(), "%s functions written in Python aren't supported yet", kind).WithMissing("udf", kind).
			WithNote(c.UDF.Pos, "%s is defined here", c.UDF.Name)
	}
}

// functionKinds are the kinds of functions that workers run, as constants of the
// bridge.
var functionKinds = map[ir.UDFKind]string{ir.ScalarUDF: "Scalar", ir.TableUDF: "Table", ir.PandasUDF: "Pandas"}

// checkBridge reports arguments and results that cannot travel to a worker.
func checkBridge(b *ir.Bridge, report func(ir.Expr)) {
	for _, c := range b.Calls {
		if _, runs := functionKinds[c.UDF.Kind]; !runs {
			continue // reported
		}
		for _, e := range append([]ir.Expr{c}, c.Args...) {
			if !python.Supports(wireType(e.Type())) || c.UDF.Pandas() && e != c && e.Type().Kind == types.Map {
				report(e) // PyFlink 1.20.1 gives no MAP to functions of Series
			}
		}
	}
}

// wireType is the type as which a value travels: texts of any length as
// STRING.
func wireType(t types.Type) types.Type {
	if t.Text() {
		return types.String().WithNull(t.Nullable)
	}
	return t
}

// bridge wires the calls of Python functions: an operator with a task of its
// own behind which the workers run.
func (w *wiring) bridge(r *ir.Bridge) stream {
	from := w.rel(r.In)
	row := w.row(r.UID, r.Schema)
	n := exported(r.UID)
	w.bridgeArgs("args"+n, r, from.row)
	w.bridgeResult("result"+n, r, from.row, row)
	w.codecFuncs(from.row)
	w.usePool()
	codec := jen.Qual(pkgBridge, "Codec").Types(jen.Id(from.row.name), jen.Id(row.name)).Values(jen.Dict{
		jen.Id("Args"):   jen.Id("args" + n),
		jen.Id("Result"): jen.Id("result" + n),
		jen.Id("Append"): jen.Id("append" + exported(from.row.name)),
		jen.Id("Decode"): jen.Id("read" + exported(from.row.name)),
	})
	w.add(jen.Id("spec" + n).Op(":=").Add(w.bridgeSpec(r)))
	return w.define(r, row, jen.Qual(pkgStream, "Via").Call(jen.Id(from.name), jen.Lit(r.UID),
		jen.Func().Params(jen.Id("sub").Op("*").Qual(pkgStream, "Subtask"), jen.Id("next").Add(consumerOf(row))).
			Params(jen.Qual(pkgStream, "Overtaker").Types(jen.Id(from.row.name)), jen.Error()).
			Block(jen.Return(jen.Qual(pkgBridge, "NewCall").Call(jen.Id("sub"), jen.Id("workers"), jen.Id("spec"+n), codec, jen.Id("next"))))))
}

// usePool makes the worker pool and the Python code of the submission, once.
func (w *wiring) usePool() {
	if w.pool {
		return
	}
	w.pool = true
	w.add(jen.List(jen.Id("workers"), jen.Err()).Op(":=").Qual(pkgBridge, "Workers").Call(
		jen.Id("env").Dot("Config"), jen.Qual("strings", "Join").Call(jen.Id("env").Dot("Requirements"), jen.Lit("\n")), jen.Id("env").Dot("Log")))
	w.add(jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Err())))
	w.add(jen.Id("code").Op(":=").Id("python").Call(jen.Id("env")))
}

// bridgeSpec is what the worker is told: functions, argument columns and
// result columns of the calls.
func (w *wiring) bridgeSpec(r *ir.Bridge) *jen.Statement {
	s := w.newPythonSpec()
	computed := 0
	index := map[*ir.UDF]int{}
	for _, c := range r.Calls {
		if _, ok := index[c.UDF]; !ok {
			index[c.UDF] = s.function(c.UDF)
		}
		var args []jen.Code
		for _, a := range c.Args {
			name := fmt.Sprintf("f%d", computed)
			if c, ok := a.(*ir.ColumnRef); ok {
				name = c.Name
			} else if _, literal := a.(*ir.Const); !literal {
				computed++
			}
			args = append(args, jen.Qual(pkgBridge, argumentOf(c.UDF, a)).Call(jen.Lit(s.column(name, a.Type()))))
		}
		s.result(c.UDF.Result, index[c.UDF], args, nil)
	}
	return s.literal(r.Calls[0].UDF.Kind == ir.PandasUDF, "")
}

// argumentOf is the function of the bridge for an argument: as in PyFlink 1.20.1
// functions of Series take literals as they are.
func argumentOf(u *ir.UDF, e ir.Expr) string {
	if _, literal := e.(*ir.Const); literal && u.Kind == ir.PandasUDF {
		return "Literal"
	}
	return "Column"
}

// module is where the worker finds a function: its module, or one made of the
// driver's slice.
func (g *generator) module(u *ir.UDF) string {
	if u.Ref.Module != "" {
		return u.Ref.Module
	}
	for i, other := range g.job.UDFs() {
		if other == u {
			return fmt.Sprintf("__main__.udf%d", i+1)
		}
	}
	panic("codegen: function " + u.Name + " isn't the job's")
}

// usePython emits the function that gives the Python code of the job, once.
func (g *generator) usePython() {
	if g.python {
		return
	}
	g.python = true
	var sources []jen.Code
	for _, u := range g.job.UDFs() {
		if u.Ref.Source == "" {
			continue
		}
		module := g.module(u)
		if len(u.Ref.Inputs) > 0 {
			sources = append(sources, jen.Qual(pkgBridge, "Names").Call(jen.Lit(module), g.pythonInputs(module, u.Ref.Inputs)))
		}
		sources = append(sources, jen.Values(jen.Dict{
			jen.Id("Module"): jen.Lit(module), jen.Id("File"): jen.Lit(u.Ref.File), jen.Id("Text"): rawString(u.Ref.Source)}))
	}
	d := jen.Dict{
		jen.Id("Path"):    jen.Index().String().Values(jen.Lit(".")),
		jen.Id("Sources"): jen.Index().Qual(pkgBridge, "Source").Values(lined(sources)...),
	}
	if len(g.job.Files) > 0 {
		d[jen.Id("Files")] = jen.Qual(pkgBridge, "Files").Call(jen.Id("bundle"), jen.Lit(bundleDir))
	}
	env := jen.Id("env")
	if len(g.pythonNames) == 0 {
		env = jen.Id("_")
	}
	g.ops.Comment("python is the Python code of the job.")
	g.ops.Func().Id("python").Params(env.Op("*").Qual(pkgJob, "Env")).Op("*").Qual(pkgBridge, "Code").Block(
		jen.Return(jen.Op("&").Qual(pkgBridge, "Code").Values(d)))
	g.ops.Line()
}

// pythonInputs is the map of names that a source reads to their values at
// start.
func (g *generator) pythonInputs(module string, inputs []ir.PyInput) jen.Code {
	names := jen.Dict{}
	for _, in := range inputs {
		key := module + "." + in.Name
		g.pythonNames = append(g.pythonNames, setting(key, in.Value))
		names[jen.Lit(in.Name)] = jen.Id("env").Dot("Python").Index(jen.Lit(key))
	}
	return jen.Map(jen.String()).String().Values(names)
}

// bridgeMethod is the method of udfbridge.Args and Results for a type, and
// whether it takes and gives the Go type itself rather than a val.Datum.
func bridgeMethod(t types.Type) (method string, itself bool) {
	if w := infoOf(t).writer; w != "" && t.Kind != types.Decimal {
		return w, true
	}
	return "Datum", false
}

// bridgeArgs emits the function that appends the argument columns of rows.
func (w *wiring) bridgeArgs(name string, r *ir.Bridge, in *rowType) {
	x := w.newExprs(in, jen.Id("arena"), nil)
	reads := false
	watch(x.columns, &reads)
	x.share(r.Exprs()...)
	for i, e := range r.Exprs() {
		x.add(appendArgument(x.emit(e), e.Type(), i))
	}
	body := x.take()
	w.ops.Func().Id(name).Params(
		jen.Id("in").Index().Id(in.name), jen.Id("a").Op("*").Qual(pkgBridge, "Args"), jen.Id("arena").Op("*").Qual(pkgVal, "Arena"),
	).Error().Block(eachRow(jen.Id("in"), reads, false, body), jen.Return(jen.Nil()))
}

// bridgeResult emits the function that makes an output row of an input row and
// the results for it.
func (w *wiring) bridgeResult(name string, r *ir.Bridge, in, out *rowType) {
	width := len(in.fields)
	w.ops.Func().Id(name).Params(
		jen.Id("r").Op("*").Id(in.name), jen.Id("i").Int(), jen.Id("results").Op("*").Qual(pkgBridge, "Results"), jen.Id("o").Op("*").Id(out.name),
	).Error().BlockFunc(func(b *jen.Group) {
		copyColumns(b, in, out)
		for i, c := range r.Calls {
			b.Add(setAnswer(out, width+i, c.Type(), i))
		}
		b.Return(jen.Nil())
	})
}
