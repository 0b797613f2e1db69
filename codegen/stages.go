package codegen

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
)

// chain is a run of projections and filters that becomes one function over a
// batch: rels[0] reads the input, the last one makes the output.
type chain struct {
	input ir.Rel
	rels  []ir.Rel
}

// stage emits the fused function of a chain and returns its name, the type of its
// output rows, and whether it needs to know how far the time of events has come.
func (g *generator) stage(c chain, in *rowType) (name string, out *rowType, progress bool) {
	last := c.rels[len(c.rels)-1]
	uid := last.P().UID
	out = in
	if !keepsRows(c.rels) {
		out = g.row(uid, last.P().Schema)
	}
	name = "run" + exported(uid)
	x := g.newExprs(in, jen.Id("out").Dot("Arena"), &progress)
	reads := out == in // whether the input row is looked at
	watch(x.columns, &reads)
	for i, r := range c.rels {
		if i == 0 || c.rels[i-1].Op() == ir.OpProject {
			x.share(untilProject(c.rels[i:])...)
		}
		x.chainLink(r)
	}
	x.add(jen.Id("o").Op(":=").Add(addRow(last.P().Mode)))
	if out == in {
		x.add(jen.Op("*").Id("o").Op("=").Op("*").Id("r"))
	} else {
		for i := range out.fields {
			x.add(out.assign("o", i, x.columns[i]))
		}
	}
	for _, r := range c.rels {
		g.stages.Comment(headline(r))
	}
	body := x.take()
	g.batchFunc(name, in, out, progress, eachRow(jen.Id("in").Dot("Rows"), reads, last.P().Mode.Updating(), body))
	return name, out, progress
}

// batchFunc emits a function over batches, for mapped.
func (g *generator) batchFunc(name string, in, out *rowType, progress bool, body ...jen.Code) {
	params := []jen.Code{jen.Id("in").Add(batchOf(in)), jen.Id("out").Add(batchOf(out))}
	if progress {
		params = append(params, jen.Id("progress").Op("*").Qual(pkgVal, "Progress"))
	}
	g.stages.Func().Id(name).Params(params...).Error().Block(append(body, jen.Return(jen.Nil()))...)
	g.stages.Line()
}

// mapped is a stream of what a function over batches makes of another stream.
func mapped(from stream, uid, name string, out *rowType, progress bool) *jen.Statement {
	sub, run := jen.Op("*").Qual(pkgStream, "Subtask"), jen.Id(name)
	if progress {
		sub = jen.Id("sub").Add(sub)
		run = jen.Func().Params(jen.Id("in").Add(batchOf(from.row)), jen.Id("out").Add(batchOf(out))).Error().
			Block(jen.Return(jen.Id(name).Call(jen.Id("in"), jen.Id("out"), jen.Op("&").Id("sub").Dot("Progress"))))
	}
	return jen.Qual(pkgStream, "Map").Call(jen.Id(from.name), jen.Lit(uid),
		jen.Func().Params(sub).Func().Params(batchOf(from.row), batchOf(out)).Error().Block(jen.Return(run)))
}

// eachRow is the loop over rows whose body reads the row r, or only its place i.
func eachRow(rows *jen.Statement, reads, counts bool, body []jen.Code) jen.Code {
	loop := jen.Range().Add(rows)
	if reads || counts {
		loop = jen.Id("i").Op(":=").Add(loop)
	}
	if reads {
		body = append([]jen.Code{jen.Id("r").Op(":=").Op("&").Add(rows).Index(jen.Id("i"))}, body...)
	}
	return jen.For(loop).Block(body...)
}

// untilProject are the expressions of rels that read the same columns: those
// of filters and of the first projection.
func untilProject(rels []ir.Rel) []ir.Expr {
	var out []ir.Expr
	for _, r := range rels {
		out = append(out, r.Exprs()...)
		if r.Op() == ir.OpProject {
			break
		}
	}
	return out
}

// watch sets used when the code of one of the operands is asked for: Go refuses
// a variable that nothing reads, and a projection may be of constants only.
func watch(columns []operand, used *bool) {
	for i := range columns {
		value, null := columns[i].value, columns[i].null
		columns[i].value = func() *jen.Statement { *used = true; return value() }
		if null != nil {
			columns[i].null = func() *jen.Statement { *used = true; return null() }
		}
	}
}

// keepsRows reports whether a chain only drops rows, so that its output rows
// have the type of its input rows.
func keepsRows(rels []ir.Rel) bool {
	for _, r := range rels {
		if r.Op() != ir.OpFilter {
			return false
		}
	}
	return true
}

// chainLink emits one relation of a chain: x.columns become its columns.
func (x *exprs) chainLink(r ir.Rel) {
	switch r := r.(type) {
	case *ir.Filter:
		x.add(jen.If(jen.Op("!").Parens(truth(x.emit(r.Cond)))).Block(jen.Continue()))
	case *ir.Project:
		columns := make([]operand, len(r.Columns))
		for i, e := range r.Columns {
			columns[i] = x.emitStable(e)
		}
		x.columns = columns
	}
}

// addRow appends a row to out, of the input row's kind where there are kinds.
func addRow(m ir.Mode) *jen.Statement {
	if m.Updating() {
		return jen.Id("out").Dot("AddKind").Call(jen.Id("in").Dot("Kind").Call(jen.Id("i")))
	}
	return jen.Id("out").Dot("Add").Call()
}

// headline is the comment above a generated piece: its place and what it does.
// Go's sources can't have a byte order mark, also within a text.
func headline(r ir.Rel) string {
	line := strings.ToValidUTF8(r.P().Pos.String()+" "+ir.Line(r), "\ufffd") // FROM_BASE64('abc') isn't
	return strings.ReplaceAll(line, "\ufeff", `\ufeff`)
}
