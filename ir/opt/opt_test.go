package opt

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pyfc/internal/casefile"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// TestPasses runs testdata/<pass>.txt for every pass. A case is a plan, the
// answer what the pass makes of it, or "unchanged". The directives:
//
//	declare        tables and functions for the cases that follow
//	<pass>         the pass over a sink's plan
//	<pass> batch   in batch mode
//	<pass> sorting in streaming mode, sorting by any column
//	<pass> apart   without what equal parts of plans share
//	<pass> K=V …   with these settings
//	labels         the sink's labels after sink_keys, one a line
//	names          the operators' names after the pass number, inputs first
//	all            all passes
func TestPasses(t *testing.T) {
	for _, p := range Passes {
		t.Run(p.Name, func(t *testing.T) { runCases(t, p.Name) })
	}
	t.Run("all", func(t *testing.T) { runCases(t, "all") })
}

func runCases(t *testing.T, file string) {
	path := "testdata/" + file + ".txt"
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the pass has no cases: %v", err)
	}
	declarations := ""
	fired, kept := 0, 0
	casefile.Run(t, path, func(t *testing.T, c casefile.Case) string {
		if c.Directive == "declare" {
			declarations = c.Input + "\n"
			return ""
		}
		rel, err := ir.Parse(declarations + c.Input + "\n")
		if err != nil {
			t.Fatalf("line %d: %v", c.Line, err)
		}
		got := answer(t, c, rel.(*ir.Sink))
		if got == "unchanged" {
			kept++
		} else {
			fired++
		}
		return got
	})
	if fired == 0 || kept == 0 && file != "all" && file != "number" {
		t.Errorf("%d cases that fire, %d that must not", fired, kept)
	}
}

func answer(t *testing.T, c casefile.Case, s *ir.Sink) string {
	before := ir.Print(s)
	name, mode, _ := strings.Cut(c.Directive, " ")
	var diags diag.List
	ctx := &Context{Diags: &diags, Batch: mode == "batch"}
	switch mode {
	case "sorting":
		ctx.Config = []ir.Setting{{Key: sortsAnyColumn, Value: ir.Literal("true")}}
	case "apart":
		ctx.Config = []ir.Setting{{Key: sharesPlans, Value: ir.Literal("false")}}
	}
	for _, setting := range strings.Fields(mode) {
		if key, value, ok := strings.Cut(setting, "="); ok {
			ctx.Config = append(ctx.Config, ir.Setting{Key: key, Value: ir.Literal(value)})
		}
	}
	switch name {
	case "all":
		if err := Run([]*ir.Sink{s}, ctx, nil); err != nil {
			t.Fatalf("line %d: %v", c.Line, err)
		}
	case "labels":
		runPass(t, c, "sink_keys", s, ctx)
		return strings.Join(s.Labels, "\n")
	case "names":
		runPass(t, c, "number", s, ctx)
		return names(s)
	default:
		runPass(t, c, name, s, ctx)
	}
	if after := ir.Print(s); after != before {
		return after + render(&diags)
	}
	if faults := render(&diags); faults != "" {
		return faults
	}
	return "unchanged"
}

func runPass(t *testing.T, c casefile.Case, name string, s *ir.Sink, ctx *Context) {
	for _, p := range Passes {
		if p.Name != name {
			continue
		}
		p.Run([]*ir.Sink{s}, ctx)
		if err := ir.Verify(s); err != nil {
			t.Errorf("line %d: %v\n%s", c.Line, err, ir.Print(s))
		}
		return
	}
	t.Fatalf("line %d: no pass is called %q", c.Line, name)
}

func names(s *ir.Sink) string {
	var b strings.Builder
	ir.Walk(s, func(r ir.Rel) { fmt.Fprintf(&b, "%s %s\n", r.P().UID, r.Op()) })
	return b.String()
}

func render(ds *diag.List) string {
	var b strings.Builder
	for _, d := range ds.Sorted() {
		fmt.Fprintf(&b, "%s %s", d.Code, d.Message)
		if d.Hint != "" {
			fmt.Fprintf(&b, " (%s)", d.Hint)
		}
		for _, m := range d.Missing {
			fmt.Fprintf(&b, " missing %s %s", m.Kind, m.Name)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Two sinks of one job have operators of different names.
func TestNamesGoOnFromSinkToSink(t *testing.T) {
	const plan = "Table t connector=print : (a INT)\nSink t connector=print [I]\n  Values (1) [I] : (a INT)\n"
	ctx := &Context{Diags: &diag.List{}}
	got := ""
	for range 2 {
		rel, err := ir.Parse(plan)
		if err != nil {
			t.Fatal(err)
		}
		if err := Run([]*ir.Sink{rel.(*ir.Sink)}, ctx, nil); err != nil {
			t.Fatal(err)
		}
		got += names(rel.(*ir.Sink))
	}
	if want := "values1 Values\nsink2 Sink\nvalues3 Values\nsink4 Sink\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What two sinks of one job read is one relation, with the columns of both.
func TestSinksShareRelations(t *testing.T) {
	const head = `Table t connector=kafka format=csv : (a BIGINT, b BIGINT, c BIGINT)
Table o connector=blackhole : (a BIGINT)
Sink o connector=blackhole [I]
`
	first, err := ir.Parse(head + `  Scan t connector=kafka [I] : (a BIGINT)
`)
	if err != nil {
		t.Fatal(err)
	}
	second := ir.Clone(first).(*ir.Sink)
	table := first.Inputs()[0].(*ir.Scan).Table
	second.In = ir.NewProject(ir.NewScan(table, ir.Append, table.Pos), []ir.Expr{ir.NewColumnRef(table.Schema(), 2, table.Pos)}, []string{"a"}, table.Pos)
	sinks := []*ir.Sink{first.(*ir.Sink), second}
	var diags diag.List
	if err := Run(sinks, &Context{Diags: &diags}, nil); err != nil || diags.HasErrors() {
		t.Fatal(err, diags.Sorted())
	}
	const want = `Sink o connector=blackhole [I]
  Project (a#0) [I] : (a BIGINT)
    Scan t connector=kafka [I] shared=1 : (a BIGINT, c BIGINT)
Sink o connector=blackhole [I]
  Project (c#1) [I] : (a BIGINT)
    Scan t connector=kafka [I] shared=1 : (a BIGINT, c BIGINT)
`
	if got := ir.Print(sinks[0]) + ir.Print(sinks[1]); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if a, b := sinks[0].In.Inputs()[0], sinks[1].In.Inputs()[0]; a != b {
		t.Error("there are two scans")
	}
}

// Functions that were registered under one name, one after the other, are
// different functions.
func TestFunctionsOfOneNameAreNotMerged(t *testing.T) {
	const plan = `Table t connector=kafka : (a STRING)
Table o connector=print : (x STRING, y STRING)
Function f(STRING) : STRING
Function g(STRING) : STRING
Sink o connector=print [I]
  Project (f(a#0), g(a#0)) [I] : (x STRING, y STRING)
    Scan t connector=kafka [I] : (a STRING)
`
	rel, err := ir.Parse(plan)
	if err != nil {
		t.Fatal(err)
	}
	s := rel.(*ir.Sink)
	s.In.(*ir.Project).Columns[1].(*ir.UDFCall).UDF.Name = "f"
	splitBridge(s, nil)
	if b, ok := s.In.P(), s.In.Inputs()[0]; len(ok.(*ir.Bridge).Calls) != 2 {
		t.Errorf("%v:\n%s", b.Pos, ir.Print(s))
	}
}

// Run stops at the first pass that finds a fault of the user's, and tells of
// each pass that ran.
func TestRunStopsAtFaults(t *testing.T) {
	rel, err := ir.Parse(`Table t connector=kafka : (a STRING)
Table o connector=jdbc : (a STRING, n BIGINT NOT NULL)
Sink o connector=jdbc [I,UB,UA,D] unique=(a)
  Aggregate group=(a) calls=(COUNT(*)) [I,UB,UA,D] unique=(a) : (a STRING, n BIGINT NOT NULL)
    Scan t connector=kafka [I] : (a STRING)
`)
	if err != nil {
		t.Fatal(err)
	}
	var diags diag.List
	last := ""
	if err := Run([]*ir.Sink{rel.(*ir.Sink)}, &Context{Diags: &diags}, func(pass string, _ *ir.Sink) { last = pass }); err != nil {
		t.Fatal(err)
	}
	if last != "bucket_distinct" || len(diags.Sorted()) != 1 || diags.Sorted()[0].Code != diag.SinkNoKey {
		t.Errorf("stopped after %s with %v", last, diags.Sorted())
	}
}
