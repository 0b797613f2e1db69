package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
)

// pythonSpec collects what the worker of an operator is told: functions, argument
// columns and results.
type pythonSpec struct {
	*wiring
	functions, columns, names, results []jen.Code
}

func (w *wiring) newPythonSpec() *pythonSpec {
	w.usePython()
	return &pythonSpec{wiring: w}
}

// function declares a function and returns its place.
func (s *pythonSpec) function(u *ir.UDF) int {
	d := jen.Dict{
		jen.Id("Name"): jen.Lit(u.Name), jen.Id("Module"): jen.Lit(s.module(u)), jen.Id("Expression"): jen.Lit(u.Ref.Name),
		jen.Id("Deterministic"): jen.Lit(u.Deterministic),
	}
	kind := functionKinds[u.Kind]
	if u.Pandas() {
		kind = "Pandas"
	}
	if kind != "" {
		d[jen.Id("Kind")] = jen.Qual(pkgBridge, kind)
	}
	s.functions = append(s.functions, jen.Values(d))
	return len(s.functions) - 1
}

// column declares an argument column and returns its place.
func (s *pythonSpec) column(name string, t types.Type) int {
	s.columns = append(s.columns, typeFields(wireType(t)))
	s.names = append(s.names, jen.Lit(name))
	return len(s.columns) - 1
}

// result declares a result: a call's value, or a column of the rows it gives.
func (s *pythonSpec) result(t types.Type, function int, args []jen.Code, more jen.Dict) {
	d := jen.Dict{
		jen.Id("Call"): jen.Qual(pkgBridge, "Expr").Values(jen.Dict{
			jen.Id("Function"): jen.Lit(function), jen.Id("Args"): jen.Index().Qual(pkgBridge, "Arg").Values(args...)}),
		jen.Id("Type"): typeLiteral(wireType(t)),
	}
	for k, v := range more {
		d[k] = v
	}
	s.results = append(s.results, jen.Values(d))
}

// literal is the udfbridge.Spec. Only functions of Series ask for the names of
// columns.
func (s *pythonSpec) literal(series bool, grouping string) *jen.Statement {
	d := jen.Dict{
		jen.Id("Code"):      jen.Id("code"),
		jen.Id("Functions"): jen.Index().Qual(pkgBridge, "Function").Values(lined(s.functions)...),
		jen.Id("Columns"):   jen.Index().Qual(pkgTypes, "Type").Values(s.columns...),
		jen.Id("Results"):   jen.Index().Qual(pkgBridge, "Result").Values(lined(s.results)...),
		jen.Id("Zone"):      jen.Id(s.session).Dot("Zone").Dot("String").Call(),
	}
	if series {
		d[jen.Id("Names")] = jen.Index().String().Values(s.names...)
	}
	if grouping != "" {
		d[jen.Id("Grouping")] = jen.Qual(pkgBridge, grouping)
	}
	return jen.Op("&").Qual(pkgBridge, "Spec").Values(d)
}
