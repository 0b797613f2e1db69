package codegen

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/rt/conn"
	connlist "pyfc/rt/conn/list"
)

const (
	pkgJob    = "pyfc/rt/job"
	pkgBridge = "pyfc/udfbridge"
)

// wire emits New, the description of the job, and one build function per
// submission.
func (g *generator) wire() {
	var steps, tables []jen.Code
	for _, a := range g.job.Actions {
		if a.Run == nil {
			print := jen.Dict{jen.Id("Print"): text(a.Print)}
			if a.Stderr {
				print[jen.Id("Stderr")] = jen.True()
			}
			steps = append(steps, jen.Values(print))
			continue
		}
		name := fmt.Sprintf("build%d", len(steps)+1)
		g.session = fmt.Sprintf("session%d", len(steps)+1)
		w := &wiring{generator: g, lengths: g.lengths[a.Run], batch: a.Run.Batch, streams: map[ir.Rel]stream{}, tables: &tables}
		w.build(name, a.Run)
		run := jen.Dict{
			jen.Id("Name"): jen.Lit(a.Run.Name), jen.Id("Batch"): jen.Lit(a.Run.Batch), jen.Id("Result"): jen.Lit(isResult(a.Run)),
			jen.Id("Session"): jen.Id(g.session), jen.Id("Build"): jen.Id(name)}
		if !sameSettings(a.Run.Config, g.job.Config) {
			run[jen.Id("Config")] = settings(a.Run.Config)
		}
		steps = append(steps, jen.Values(jen.Dict{jen.Id("Run"): jen.Op("&").Qual(pkgJob, "Run").Values(run)}))
	}
	plan := planText(g.job)
	spec := jen.Dict{
		jen.Id("Name"):           jen.Lit(g.job.Name),
		jen.Id("Script"):         jen.Lit(g.job.Script),
		jen.Id("Plan"):           jen.Id("plan"),
		jen.Id("Fingerprint"):    jen.Lit(fingerprint(plan)),
		jen.Id("Steps"):          jen.Index().Qual(pkgJob, "Step").Values(lined(steps)...),
		jen.Id("Tables"):         jen.Index().Qual(pkgJob, "Table").Values(lined(tables)...),
		jen.Id("Config"):         settings(g.job.Config),
		jen.Id("Inputs"):         inputs(g.job.Inputs),
		jen.Id("Arguments"):      stringList(g.job.Arguments),
		jen.Id("ExtraArguments"): jen.Lit(g.job.ExtraArguments),
	}
	if len(g.job.Files) > 0 {
		g.wiring.Comment("//go:embed all:" + bundleDir)
		g.wiring.Var().Id("bundle").Qual("embed", "FS")
	} else {
		g.wiring.Anon("embed") // for the plan
	}
	if g.job.Driver != nil {
		spec[jen.Id("Driver")] = g.driver()
	}
	if g.job.Exit != 0 {
		spec[jen.Id("Exit")] = jen.Lit(g.job.Exit)
	}
	if len(g.pythonNames) > 0 {
		spec[jen.Id("Python")] = jen.Index().Qual(pkgJob, "Setting").Values(lined(g.pythonNames)...)
	}
	if len(g.job.Requirements) > 0 {
		spec[jen.Id("Requirements")] = stringList(g.job.Requirements)
	}
	g.plan = plan
	g.wiring.Comment("//go:embed " + planFile)
	g.wiring.Var().Id("plan").String()
	g.wiring.Comment("New describes the job.")
	g.wiring.Func().Id("New").Params().Op("*").Qual(pkgJob, "Spec").Block(jen.Return(jen.Op("&").Qual(pkgJob, "Spec").Values(spec)))
}

func planText(j *ir.Job) string {
	var b strings.Builder
	for _, s := range j.Sinks() {
		b.WriteString(ir.Print(s))
	}
	return b.String()
}

func fingerprint(plan string) string {
	sum := sha256.Sum256([]byte(plan))
	return hex.EncodeToString(sum[:8])
}

// rawString is a text of several lines as Go would be written by hand.
func rawString(s string) *jen.Statement {
	if strings.Contains(s, "`") {
		return jen.Lit(s)
	}
	return jen.Id("`" + s + "`")
}

func lined(values []jen.Code) []jen.Code {
	out := make([]jen.Code, 0, len(values)+1)
	for _, v := range values {
		out = append(out, jen.Line().Add(v))
	}
	if len(out) > 0 {
		out = append(out, jen.Line())
	}
	return out
}

func stringList(list []string) *jen.Statement {
	var values []jen.Code
	for _, s := range list {
		values = append(values, jen.Lit(s))
	}
	return jen.Index().String().Values(values...)
}

func settings(list []ir.Setting) *jen.Statement {
	var values []jen.Code
	for _, s := range list {
		values = append(values, setting(s.Key, s.Value))
	}
	return jen.Index().Qual(pkgJob, "Setting").Values(lined(values)...)
}

// sameSettings compares what two lists of settings come to.
func sameSettings(a, b []ir.Setting) bool {
	return reflect.DeepEqual(effective(a), effective(b))
}

// effective are settings by their keys: later ones win.
func effective(list []ir.Setting) map[string]ir.Text {
	values := map[string]ir.Text{}
	for _, s := range list {
		values[s.Key] = s.Value
	}
	return values
}

func setting(key string, value ir.Text) jen.Code {
	return jen.Values(jen.Dict{jen.Id("Key"): jen.Lit(key), jen.Id("Value"): text(value)})
}

func text(t ir.Text) *jen.Statement {
	var parts []jen.Code
	for _, p := range t {
		if p.Input == nil {
			parts = append(parts, jen.Values(jen.Dict{jen.Id("Literal"): jen.Lit(p.Literal)}))
			continue
		}
		d := jen.Dict{jen.Id("Input"): jen.Lit(p.Input.Kind + " " + p.Input.Name)}
		var ops []jen.Code
		for _, op := range p.Apply {
			ops = append(ops, jen.Values(jen.Dict{jen.Id("Name"): jen.Lit(op.Name), jen.Id("Args"): stringList(op.Args)}))
		}
		if ops != nil {
			d[jen.Id("Apply")] = jen.Index().Qual(pkgJob, "Op").Values(ops...)
		}
		parts = append(parts, jen.Values(d))
	}
	return jen.Qual(pkgJob, "Text").Values(parts...)
}

func inputs(list []ir.BoundInput) *jen.Statement {
	var values []jen.Code
	for _, b := range list {
		in := b.Input
		values = append(values, jen.Values(jen.Dict{
			jen.Id("Kind"): jen.Lit(in.Kind), jen.Id("Name"): jen.Lit(in.Name),
			jen.Id("Aliases"): stringList(in.Aliases), jen.Id("Constant"): jen.Lit(in.Constant),
			jen.Id("Default"): jen.Lit(in.Default), jen.Id("HasDefault"): jen.Lit(in.HasDefault), jen.Id("Optional"): jen.Lit(in.Optional),
			jen.Id("Baked"): jen.Lit(b.Baked), jen.Id("Absent"): jen.Lit(b.Absent), jen.Id("Value"): jen.Lit(b.Value), jen.Id("Where"): jen.Lit(in.Pos.String()),
		}))
	}
	return jen.Index().Qual(pkgJob, "Input").Values(lined(values)...)
}

// wiring emits one build function: a Go variable per stream.
type wiring struct {
	*generator
	lengths
	batch   bool
	body    []jen.Code
	streams map[ir.Rel]stream
	tables  *[]jen.Code // the entries of Spec.Tables
	pool    bool        // the worker pool has been made
}

// stream is a wired relation: the Go variable of its stream and the type of
// its rows.
type stream struct {
	name string
	row  *rowType
}

func (w *wiring) add(c jen.Code) { w.body = append(w.body, c) }

func (w *wiring) build(name string, run *ir.Submission) {
	for _, s := range run.Sinks {
		w.sink(s)
	}
	w.wiring.Comment(w.session + " is what the functions of the submission know of it; it is filled at start.")
	w.wiring.Var().Id(w.session).Op("=").Op("&").Qual(pkgVal, "Session").Values()
	w.wiring.Func().Id(name).Params(
		jen.Id("g").Op("*").Qual(pkgStream, "Graph"), jen.Id("env").Op("*").Qual(pkgJob, "Env"),
	).Error().Block(append(w.body, jen.Return(jen.Nil()))...)
}

// rel wires a relation and what is below it, once: a relation with several
// consumers is one stream.
func (w *wiring) rel(r ir.Rel) stream {
	if s, ok := w.streams[r]; ok {
		return s
	}
	var s stream
	switch r := r.(type) {
	case *ir.Scan:
		s = w.scan(r)
	case *ir.Values:
		s = w.values(r)
	case *ir.Project, *ir.Filter:
		s = w.chain(r)
	case *ir.Bridge:
		s = w.bridge(r)
	case *ir.Exchange:
		s = w.exchange(r)
	case *ir.Watermark:
		s = w.watermark(r)
	case *ir.Window:
		s = w.window(r)
	case *ir.Expand:
		s = w.expand(r)
	case *ir.Aggregate:
		s = w.groupBy(r)
	case *ir.Join:
		s = w.join(r)
	case *ir.Correlate:
		s = w.correlate(r)
	case *ir.Union:
		s = w.union(r)
	case *ir.Normalize:
		s = w.normalize(r)
	case *ir.Materialize:
		s = w.materialize(r)
	case *ir.Rank:
		s = w.rank(r)
	case *ir.Over:
		if w.batch {
			s = w.over(r)
		} else {
			s = w.timeOver(r)
		}
	case *ir.Sort:
		if r.ByTime() {
			s = w.timeSort(r)
		} else {
			s = w.sort(r)
		}
	default:
		panic(fmt.Sprintf("codegen: no wiring for %s", r.Op()))
	}
	w.streams[r] = s
	return s
}

// define adds a comment and "name := value" and returns the stream.
func (w *wiring) define(r ir.Rel, row *rowType, value *jen.Statement) stream {
	s := stream{r.P().UID, row}
	w.add(jen.Comment(headline(r)))
	w.add(jen.Id(s.name).Op(":=").Add(value))
	return s
}

// chain fuses the longest run of projections and filters that ends in r and
// whose rows nobody else takes.
func (w *wiring) chain(r ir.Rel) stream {
	var rels []ir.Rel
	in := r
	for (in.Op() == ir.OpProject || in.Op() == ir.OpFilter) && (in == r || in.P().Shared == 0) {
		rels = append([]ir.Rel{in}, rels...)
		in = in.Inputs()[0]
	}
	from := w.rel(in)
	name, row, progress := w.stage(chain{in, rels}, from.row)
	return w.define(r, row, mapped(from, r.P().UID, name, row, progress))
}

func batchOf(row *rowType) *jen.Statement {
	return jen.Op("*").Qual(pkgStream, "Batch").Types(jen.Id(row.name))
}

func (w *wiring) exchange(r *ir.Exchange) stream {
	from := w.rel(r.In)
	return w.define(r, from.row, jen.Qual(pkgStream, "KeyBy").Call(jen.Id(from.name), jen.Id(w.exchangeHash(r, from.row))))
}

// exchangeHash emits the hash by which an exchange sends rows on and returns
// its name.
func (w *wiring) exchangeHash(r *ir.Exchange, row *rowType) string {
	name := "hash" + exported(r.UID)
	w.ops.Comment(headline(r))
	w.ops.Func().Id(name).Params(jen.Id("k").Op("*").Id(row.name)).Uint64().BlockFunc(func(b *jen.Group) {
		b.Id("h").Op(":=").Qual(pkgVal, "HashSeed")
		hashColumns(b, row, r.Key)
		b.Return(jen.Id("h"))
	})
	return name
}

func (w *wiring) groupBy(r *ir.Aggregate) stream {
	if r.InPython() {
		return w.pythonAggregate(r)
	}
	from := w.rel(r.In)
	funcs, x := w.aggregate(r, from.row)
	switch {
	case w.batch:
		return w.then(r, from, x.out, "NewFinalAgg", funcs)
	case r.Window != nil:
		return w.then(r, from, x.out, "NewWindowAgg", funcs)
	}
	return w.then(r, from, x.out, "NewGroupAgg", funcs)
}

func consumerOf(row *rowType) *jen.Statement {
	return jen.Qual(pkgStream, "Consumer").Types(jen.Id(row.name))
}

// table adds an entry to Spec.Tables and returns "env.Tables[i]".
func (w *wiring) table(t *ir.Table, d jen.Dict) *jen.Statement {
	d[jen.Id("Name")] = jen.Lit(t.Name)
	d[jen.Id("Where")] = jen.Lit(t.Pos.String())
	if serial := len(*w.tables); serial > 0 {
		d[jen.Id("Serial")] = jen.Lit(serial)
	}
	if t.PartitionBy != nil {
		d[jen.Id("PartitionBy")] = intList(t.PartitionBy)
		if !connector(t).PartitionsApart {
			d[jen.Id("PartitionsInside")] = jen.True()
		}
	}
	if key := recordKeyLiteral(recordKey(t)); key != nil {
		d[jen.Id("RecordKey")] = key
	}
	if w.batch {
		d[jen.Id("Batch")] = jen.True()
	}
	w.wiring.Anon(connector(t).Linked(displayed(t))...)
	var bound []jen.Code
	for _, o := range t.Options {
		bound = append(bound, setting(o.Key, o.Value))
	}
	*w.tables = append(*w.tables, jen.Values(jen.Dict{
		jen.Id("Table"): jen.Qual(pkgConn, "Table").Values(d),
		jen.Id("Bound"): jen.Index().Qual(pkgJob, "Setting").Values(lined(bound)...),
	}))
	return jen.Id("env").Dot("Tables").Index(jen.Lit(len(*w.tables) - 1))
}

// columns describes a table's physical columns; labels, if any, are the
// expressions that make them.
func (w *wiring) columns(t *ir.Table, labels []string) *jen.Statement {
	f, ok := connlist.Format(t.Format)
	typed := ok && f.Files
	var values []jen.Code
	for i, c := range t.Columns {
		d := jen.Dict{jen.Id("Name"): jen.Lit(c.Name), jen.Id("Type"): jen.Lit(c.Type.WithNull(true).String())}
		if !c.Type.Nullable {
			d[jen.Id("NotNull")] = jen.True()
		}
		if typed {
			d[jen.Id("Of")] = w.typeVar(c.Type)
		}
		if c.Metadata != "" && t.Format != "" {
			d[jen.Id("Metadata")] = jen.True()
		}
		if labels != nil {
			d[jen.Id("Expr")] = jen.Lit(labels[i])
		}
		values = append(values, jen.Values(d))
	}
	return jen.Index().Qual(pkgVal, "Column").Values(lined(values)...)
}

func intList(list []int) *jen.Statement {
	var values []jen.Code
	for _, i := range list {
		values = append(values, jen.Lit(i))
	}
	return jen.Index().Int().Values(values...)
}

// connector finds the declaration of a table's connector; the binder has
// refused unknown ones.
func connector(t *ir.Table) *conn.Connector {
	gen := conn.Modern
	if t.Legacy {
		gen = conn.Legacy
	}
	c, ok := connlist.Connector(t.Connector, gen)
	if !ok {
		panic("codegen: no connector " + t.Connector)
	}
	return c
}
