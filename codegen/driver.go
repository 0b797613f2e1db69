package codegen

import (
	"path/filepath"
	"slices"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/udfbridge/python"
)

const pkgDriver = "pyfc/udfbridge/driver"

// isResult reports whether a submission gives the driver, or shows the user,
// what it gives, rather than inserting it.
func isResult(run *ir.Submission) bool {
	return slices.ContainsFunc(run.Sinks, func(s *ir.Sink) bool { return connector(s.Table).Internal })
}

// driver is the script, which runs beside the job.
func (g *generator) driver() *jen.Statement {
	d := g.job.Driver
	var calls []jen.Code
	for _, c := range d.Calls {
		fields := jen.Dict{jen.Id("File"): jen.Lit(c.File), jen.Id("Line"): jen.Lit(c.Line), jen.Id("EndLine"): jen.Lit(c.EndLine),
			jen.Id("Name"): jen.Lit(c.Name)}
		if c.Args != nil {
			fields[jen.Id("Args")] = stringList(c.Args)
		}
		if c.Loose {
			fields[jen.Id("Loose")] = jen.True()
		}
		if c.Answer.Kind != ir.DriverObject {
			fields[jen.Id("Kind")] = jen.Lit(string(c.Answer.Kind))
		}
		if c.Answer.Run != 0 {
			fields[jen.Id("Run")] = jen.Lit(c.Answer.Run)
		}
		if c.Answer.Name != "" {
			fields[jen.Id("Class")] = jen.Lit(c.Answer.Name)
		}
		if c.Answer.Text != nil {
			fields[jen.Id("Text")] = text(c.Answer.Text)
		}
		calls = append(calls, jen.Values(fields))
	}
	g.wiring.Comment("//go:embed all:" + driverDir)
	g.wiring.Var().Id("driverFiles").Qual("embed", "FS")
	program := jen.Dict{
		jen.Id("Root"):   jen.Lit(d.Root),
		jen.Id("Script"): jen.Lit(filepath.Base(g.job.Script)),
		jen.Id("Files"):  jen.Qual(pkgBridge, "Files").Call(jen.Id("driverFiles"), jen.Lit(driverDir)),
	}
	if d.Names != nil {
		names := jen.Dict{}
		for module, list := range d.Names {
			names[jen.Lit(module)] = stringList(list)
		}
		program[jen.Id("Names")] = jen.Map(jen.String()).Index().String().Values(names)
	}
	if packages := python.DriverPackages(d.Modules); packages != nil {
		program[jen.Id("Packages")] = stringList(packages)
	}
	return jen.Op("&").Qual(pkgJob, "Driver").Values(jen.Dict{
		jen.Id("Calls"): jen.Index().Qual(pkgJob, "DriverCall").Values(lined(calls)...),
		jen.Id("Main"):  jen.Parens(jen.Op("&").Qual(pkgDriver, "Program").Values(program)).Dot("Main"),
	})
}
