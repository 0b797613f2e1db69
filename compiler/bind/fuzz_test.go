package bind

import (
	"os"
	"strings"
	"testing"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// FuzzBind wants no panic, and of a statement without a fault a plan that
// verifies.
func FuzzBind(f *testing.F) {
	for _, file := range []string{"sql", "declarations", "errors", "from", "subquery"} {
		data, err := os.ReadFile("testdata/" + file + ".txt")
		if err != nil {
			f.Fatal(err)
		}
		for _, block := range strings.Split(string(data), "\n\n") {
			if _, rest, ok := strings.Cut(block, "sql\n"); ok {
				input, _, _ := strings.Cut(rest, "\n----")
				f.Add(input)
			}
		}
	}
	stmts, _ := sql.Parse(declared, nil)
	f.Fuzz(func(t *testing.T, text string) {
		s := NewSession(&diag.List{})
		parsed, ds := sql.Parse(text, nil)
		if len(ds) > 0 {
			return
		}
		for _, st := range append(stmts[:len(stmts):len(stmts)], parsed...) {
			o := s.Execute(st)
			rel := o.Query
			if o.Sink != nil {
				rel = o.Sink
			}
			if rel == nil || s.Diags.HasErrors() {
				continue
			}
			if err := ir.Verify(rel); err != nil {
				t.Fatalf("%q: %v\n%s", text, err, ir.Print(rel))
			}
		}
	})
}

// A value that is known only at start is taken to be right, and kept.
func TestOptionsBoundAtStart(t *testing.T) {
	text := "CREATE TABLE k (a INT) WITH ('connector' = 'kafka', 'topic' = '', 'properties.bootstrap.servers' = 'h:'," +
		"'properties.group.id' = 'g', 'format' = 'csv', 'csv.ignore-parse-errors' = ''); SELECT a FROM k"
	input := func(name string) ir.TextPart { return ir.TextPart{Input: &ir.Input{Kind: "env", Name: name}} }
	hole := func(before, name string) sql.Hole {
		return sql.Hole{Offset: strings.Index(text, before) + len(before), Value: input(name)}
	}
	stmts, ds := sql.Parse(text, nil, hole("'topic' = '", "TOPIC"), hole("'h:", "PORT"), hole("'csv.ignore-parse-errors' = '", "IGNORE"))
	if len(ds) > 0 {
		t.Fatal(render(ds))
	}
	s := NewSession(&diag.List{})
	s.Execute(stmts[0])
	rel := s.Execute(stmts[1]).Query
	if s.Diags.HasErrors() {
		t.Fatal(render(s.Diags.Sorted()))
	}
	table := rel.Inputs()[0].(*ir.Scan).Table
	for key, want := range map[string]string{"topic": "${TOPIC}", "properties.bootstrap.servers": "h:${PORT}"} {
		if o, _ := table.Option(key); o.Value.Display() != want {
			t.Errorf("%s is %s, want %s", key, o.Value.Display(), want)
		}
	}
}

// The connector itself must be known.
func TestConnectorBoundAtStart(t *testing.T) {
	text := "CREATE TABLE k (a INT) WITH ('connector' = ''); SELECT a FROM k"
	at := strings.Index(text, "''") + 1
	stmts, _ := sql.Parse(text, nil, sql.Hole{Offset: at, Value: ir.TextPart{Input: &ir.Input{Kind: "env", Name: "C"}}})
	s := NewSession(&diag.List{})
	s.Execute(stmts[0])
	s.Execute(stmts[1])
	ds := s.Diags.Sorted()
	if len(ds) != 1 || ds[0].Code != diag.InputSymbolic || ds[0].Missing[0].Name != "C" {
		t.Error(render(ds))
	}
}

// A relation may go into several sinks, and passes change each plan in place.
func TestSinksDontShareTheirPlans(t *testing.T) {
	s := newSession(t)
	path := func(name string) sql.Path { return sql.Path{Parts: []sql.Name{{Text: name}}} }
	rel := s.Select(s.From(path("t")), []sql.Expr{sql.Col(diag.Pos{}, "s"), sql.Col(diag.Pos{}, "b")}, diag.Pos{})
	one, two := s.Insert(rel, path("keyed"), diag.Pos{}), s.Insert(rel, path("keyed"), diag.Pos{})
	before := ir.Print(two)
	ir.Walk(one, func(r ir.Rel) {
		r.MapExprs(func(e ir.Expr) ir.Expr { return ir.NewConst(e.Type(), nil, e.Pos()) })
		r.P().Schema[0].Name = "changed"
	})
	if after := ir.Print(two); after != before {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
}
