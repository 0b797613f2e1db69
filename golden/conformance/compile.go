package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pyfc/compiler"
	"pyfc/compiler/bind"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// compile takes a case through all stages. What panics is an internal error.
func compile(c *Case) (res *compiler.Result) {
	b := &binder{c: c, job: newJob()}
	defer func() {
		if p := recover(); p != nil {
			res = &compiler.Result{}
			res.Diags.Errorf(diag.InternalError, diag.Pos{File: script}, "panic: %v", p)
		}
	}()
	b.bind()
	return compiler.CompileJob(b.job, b.diags)
}

// script is the file name in the places of diagnostics.
const script = "case.sql"

func newJob() *ir.Job { return &ir.Job{Name: "conformance", Script: script} }

// binder makes the job of a case.
type binder struct {
	c       *Case
	job     *ir.Job
	diags   diag.List
	session *bind.Session
}

func (b *binder) bind() {
	b.session = bind.NewSession(&b.diags)
	b.session.Batch = func() bool { return b.c.Mode == "batch" }
	for _, k := range slices.Sorted(maps.Keys(b.c.Config)) {
		b.job.Config = append(b.job.Config, ir.Setting{Key: k, Value: ir.Literal(b.c.Config[k])})
	}
	for _, t := range b.c.Tables {
		rows := slices.Concat(t.Rows, t.Before, t.After)
		b.create(t, map[string]string{"data": dataOf(rows)})
	}
	for _, s := range b.c.Sinks {
		b.create(s.Table, nil)
	}
	stmts, faults := sql.Parse(b.c.SQL, sql.TextLocator(script, b.c.SQL))
	b.add(faults)
	run := &ir.Submission{Name: "collect", Batch: b.c.Mode == "batch", Config: b.job.Config, Pos: diag.Pos{File: script, Line: 1, Column: 1}}
	for _, st := range stmts {
		out := b.session.Execute(st)
		if out.Query != nil {
			out.Sink = b.session.Collect(out.Query, st.Where())
		}
		if out.Sink != nil {
			run.Sinks = append(run.Sinks, out.Sink)
		}
	}
	if len(run.Sinks) == 0 && !b.diags.HasErrors() {
		b.diags.Errorf(diag.NoPipeline, run.Pos, "the statement yields no rows")
	}
	b.job.Actions = []ir.Action{{Run: run}}
}

func (b *binder) add(faults []*diag.Diagnostic) {
	for _, d := range faults {
		b.diags.Add(d)
	}
}

// create declares a table of the connector "values". Where only columns are
// given they may be of any type, as in a table descriptor.
func (b *binder) create(t Table, options map[string]string) {
	decl := &sql.CreateTable{Name: sql.Path{Parts: []sql.Name{{Text: t.Name}}, Pos: diag.Pos{File: t.Name}}}
	if t.DDL != nil {
		text := "CREATE TABLE " + types.Quote(t.Name, '`') + " (\n" + strings.Join(t.DDL, ",\n") + ")"
		if t.PartitionedBy != nil {
			text += " PARTITIONED BY (" + strings.Join(t.PartitionedBy, ", ") + ")"
		}
		stmts, faults := sql.Parse(text, sql.TextLocator(t.Name, text))
		b.add(faults)
		if len(stmts) != 1 {
			return
		}
		decl = stmts[0].(*sql.CreateTable)
	} else {
		for _, col := range t.Columns {
			typ, faults := sql.ParseType(col.Type, sql.TextLocator(t.Name, col.Type))
			b.add(faults)
			decl.Columns = append(decl.Columns, &sql.Column{Name: sql.Name{Text: col.Name}, Type: typ})
		}
	}
	add := func(key, value string) {
		decl.Options = append(decl.Options, sql.Option{Key: &sql.String{Value: ir.Literal(key)}, Value: &sql.String{Value: ir.Literal(value)}})
	}
	add("connector", "values")
	for _, all := range []map[string]string{t.Options, options} {
		for _, k := range slices.Sorted(maps.Keys(all)) {
			if !pushDown[k] {
				add(k, all[k])
			}
		}
	}
	b.session.CreateTable(decl)
}

// pushDown are options that say what Flink's planner may leave to the source;
// they never change a result.
var pushDown = map[string]bool{
	"filterable-fields": true, "partition-list": true, "enable-projection-push-down": true,
	"enable-watermark-push-down": true, "enable-aggregate-push-down": true,
}

// dataOf writes rows as the option data has them.
func dataOf(rows []Row) string {
	list := make([]any, len(rows))
	for i, r := range rows {
		list[i] = r.Values
		if r.Kind != "+I" {
			list[i] = map[string]json.RawMessage{r.Kind: r.Values}
		}
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic(fmt.Sprintf("conformance: %v", err))
	}
	return string(text)
}
