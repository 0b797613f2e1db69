package ir

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"

	"pyfc/ir/types"
)

// written is a plan with all that Parse needs.
func written(rel Rel) string { return declarations(rel) + Print(rel) }

// declarations prints what a plan refers to: its tables and its Python
// functions, one a line, in order of use. Options, which may be secret, aren't
// printed.
//
//	Table clicks connector=kafka legacy format=csv : (url STRING, n BIGINT)
//	Function region(STRING) : STRING
func declarations(rel Rel) string {
	var b strings.Builder
	tables, udfs := map[*Table]bool{}, map[*UDF]bool{}
	Walk(rel, func(r Rel) {
		var t *Table
		switch r := r.(type) {
		case *Scan:
			t = r.Table
		case *Sink:
			t = r.Table
		}
		if t != nil && !tables[t] {
			tables[t] = true
			b.WriteString(t.declaration())
		}
		for _, u := range UDFsOf(r) {
			if !udfs[u] {
				udfs[u] = true
				b.WriteString(u.declaration())
			}
		}
	})
	return b.String()
}

func (t *Table) declaration() string {
	s := "Table " + t.text()
	if t.Legacy {
		s += " legacy"
	}
	if t.Format != "" {
		s += " format=" + word(t.Format)
	}
	if t.Key != nil {
		s += " key=" + t.Key.Names(t.Schema())
	}
	if t.PartitionBy != nil {
		s += " partitioned=" + t.PartitionBy.Names(t.Schema())
	}
	return s + " : " + t.Schema().String() + "\n"
}

func (u *UDF) declaration() string {
	args := "*"
	if u.Args != nil {
		parts := make([]string, len(u.Args))
		for i, t := range u.Args {
			parts[i] = t.String()
		}
		args = strings.Join(parts, ", ")
	}
	s := "Function " + functionName(u.Name) + "(" + args + ") : " + u.Result.String()
	if u.Kind != ScalarUDF {
		s += " " + u.Kind.String()
	}
	if u.WholeRow {
		s += " whole_row"
	}
	if !u.Deterministic {
		s += " nondeterministic"
	}
	return s + "\n"
}

// TestEveryOperatorIsPrintedAndParsed walks all operators: what is parsed is
// what was printed, in every field.
func TestEveryOperatorIsPrintedAndParsed(t *testing.T) {
	samples := sampleRels()
	for _, op := range Ops() {
		t.Run(op.String(), func(t *testing.T) {
			rel := samples[op]
			if rel == nil {
				t.Fatal("sampleRels has none")
			}
			if err := Verify(rel); err != nil {
				t.Fatalf("the sample is wrong: %v", err)
			}
			text := written(rel)
			if strings.Contains(text, "?") {
				t.Errorf("the printer doesn't know something:\n%s", text)
			}
			back, err := Parse(text)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if again := written(back); again != text {
				t.Errorf("printed\n%s\nparsed and printed\n%s", text, again)
			}
			if !reflect.DeepEqual(back, rel) {
				t.Errorf("something is lost in\n%s", text)
			}
		})
	}
}

// TestEveryExpressionIsPrintedAndParsed does so for expressions, whose kinds
// are all types of this package with a method WithOperands.
func TestEveryExpressionIsPrintedAndParsed(t *testing.T) {
	udfs := sampleUDFs()
	seen := map[string]bool{}
	texts := map[string]Expr{}
	for _, e := range sampleExprs(udfs) {
		text := e.String()
		t.Run(text, func(t *testing.T) {
			WalkExpr(e, func(e Expr) { seen[kindOf(e)] = true })
			if strings.ContainsAny(text, "\n?") {
				t.Errorf("printed as %q", text)
			}
			if other := texts[text]; other != nil && !reflect.DeepEqual(other, e) {
				t.Errorf("two expressions print as %s", text)
			}
			texts[text] = e
			if err := verifyExpr(e, sampleColumns); err != nil {
				t.Fatalf("the sample is wrong: %v", err)
			}
			p := &exprParser{tokenize(1, text), sampleColumns, udfs}
			back := p.expr()
			p.end()
			if !reflect.DeepEqual(back, e) {
				t.Errorf("comes back as %s: %#v, want %#v", back, back, e)
			}
		})
	}
	for _, kind := range expressionKinds(t) {
		if !seen[kind] {
			t.Errorf("sampleExprs has no %s", kind)
		}
	}
}

// expressionKinds lists the types of this package that are expressions.
func expressionKinds(t *testing.T) []string {
	t.Helper()
	var out []string
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "WithOperands" {
				out = append(out, f.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name)
			}
		}
	}
	if len(out) < 6 {
		t.Fatalf("found only %v", out)
	}
	return out
}

// What a plan looks like is what users read in `pyfc explain`.
func TestPrint(t *testing.T) {
	data, err := os.ReadFile("testdata/plans.txt")
	if err != nil {
		t.Fatal(err)
	}
	plans := strings.Split(string(data), "\n\n")
	if len(plans) < 3 {
		t.Fatalf("found %d plans", len(plans))
	}
	for _, plan := range plans {
		plan = strings.TrimSpace(plan) + "\n"
		rel, err := Parse(plan)
		if err != nil {
			t.Errorf("%v\n%s", err, plan)
			continue
		}
		if got := written(rel); got != plan {
			t.Errorf("got\n%s\nwant\n%s", got, plan)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	const head = "Table t connector=kafka format=csv key=(a) : (a INT NOT NULL, b STRING)\n" +
		"Function f(STRING) : STRING\n"
	const scan = "\n  Scan t connector=kafka [I] : (a INT NOT NULL, b STRING)"
	over := func(expr string) string { return "Filter (" + expr + ") [I] : (a INT NOT NULL, b STRING)" + scan }
	for _, c := range []struct{ plan, want string }{
		{"", "the plan ends where a relation is expected"},
		{"Scan t connector=kafka [I] : (a INT NOT NULL)\nScan t connector=kafka [I] : (a INT NOT NULL)", "line 4: nothing consumes this relation"},
		{"Filter (TRUE) [I] : (a INT)\nScan t connector=kafka [I] : (a INT)", "line 4: expected a relation with an indentation"},
		{"Scan u connector=kafka [I] : (a INT)", "line 3: no Table u is declared"},
		{"Scan t connector=print [I] : (a INT)", "line 3: t is declared with connector=kafka"},
		{"Scan t connector=kafka [I] : (c INT)", "there is no column c in (a INT NOT NULL, b STRING)"},
		{"Scan t connector=kafka [X] : (a INT)", `"X" is no row kind`},
		{"Scan t connector=kafka [] : (a INT)", "Scan yields no row kind"},
		{"Scan t connector=kafka [I] unique=(b, a) : (a INT, b STRING)", "Scan: key [1 0] isn't ascending"},
		{"Scan t connector=kafka [I] : (a INTEGER)", `expected a type, found "INTEGER"`},
		{"Scan t connector=kafka [I] : (a INT) x", `expected the end of the line, found "x"`},
		{"Jam t", "no operator is called Jam"},
		{over("TRUE"), ""},
		{over("a#0"), "Filter: condition a#0 is INT NOT NULL"},
		{over("(a#0 > 1)"), `expected a type behind the expression, found ")"`},
		{over("(a#0 > 300:TINYINT)"), "Filter: 300 is no value of TINYINT NOT NULL"},
		{over("(a#0 > 'x':INT)"), `"x" is no value of INT`},
		{over("NULL:BOOLEAN NOT NULL"), "Filter: NULL is no value of BOOLEAN NOT NULL"},
		{over("c#2"), "c#2 is outside of (a INT NOT NULL, b STRING)"},
		{over("(a#0 ? a#0)"), "expected a type behind the expression"},
		{over("(a#0 ? a#0):BOOLEAN"), "Filter: ? has no overload 0 of 2 arguments"},
		{over("(a#0 > a#0)@2:BOOLEAN"), "Filter: > has no overload 2 of 2 arguments"},
		{over("(f(b#1) = 'x'"), `expected ")", found "["`},
		{over("(f(b#1) f(b#1))"), `expected an operator, found "f"`},
		{over("(g(b#1) = 'x')"), "no Function g is declared"},
		{over("(f(b#1, b#1) = 'x')"), "Filter: f(b#1, b#1) isn't called as it is declared"},
		{over("CASE WHEN a#0 THEN TRUE ELSE FALSE END"), "Filter: WHEN a#0 is INT NOT NULL"},
		{over(strings.Repeat("(", 2000)), "more than 1000 levels of nesting"},
		{over("'x"), "quotation mark ' isn't closed"},
		{over(`U&'\00'`), "ends within an escape"},
		{over(`U&'\00GG'`), "isn't an escape"},
		{over("\xff"), "not UTF-8"},
		{"Project (a#0) [I] : (a INT)" + scan, "Project: a#0 is INT NOT NULL, declared INT"},
		{"Project (a#0) [I] : ()" + scan, "Project: columns: 1 of 0"},
		{"Bridge (a#0) [I] : (a INT NOT NULL, b STRING, c INT)" + scan, "a#0 is no call of a Python function"},
		{"Bridge (f(b#1)) [I] : (a INT NOT NULL, b STRING)" + scan, "Bridge: columns: 3 of 2"},
		{"Filter (TRUE) [I] : (a INT NOT NULL, b INT)" + scan, "Filter: column b is STRING in the input, declared INT"},
		{"Aggregate group=(a) calls=(COUNT(*)) [I] : (a INT NOT NULL)" + scan, "1 columns of 1 groups and 1 calls"},
		{"Aggregate group=(a) calls=(COUNT(*)) [I] : (a INT, n BIGINT)" + scan, "Aggregate: group column a is INT NOT NULL in the input, declared INT"},
		{"Aggregate group=() calls=(COUNT(*) FILTER (b)) [I] : (n BIGINT)" + scan, "the filter is STRING"},
		{"Sink t connector=kafka [I]\n  Project (a#0) [I] : (a INT NOT NULL)\n    Scan t connector=kafka [I] : (a INT NOT NULL)", "Sink: sink columns: 2 of 1"},
		{"Union [I] : (a INT NOT NULL)\n  Scan t connector=kafka [I] shared=1 : (a INT NOT NULL)\n  Scan t connector=kafka [I] unique=(a) shared=1 : (a INT NOT NULL)", "line 5: shared=1 is another relation, too"},
		{"Scan t connector=kafka [I] shared=0 : (a INT NOT NULL)", "relations are numbered from 1"},
		{"Values (1, 2) [I] : (a INT)", "a row of 2 values for 1 columns"},
		{"Values ('x') [I] : (a INT)", `"x" is no value of INT`},
		{"Table t connector=kafka : (a INT)\nScan t connector=kafka [I] : (a INT)", "line 3: Table t is declared twice"},
	} {
		_, err := Parse(head + c.plan)
		switch {
		case err == nil && c.want == "":
		case err == nil:
			t.Errorf("no error for\n%s", c.plan)
		case c.want == "" || !strings.Contains(err.Error(), c.want):
			t.Errorf("%s\ngot  %v\nwant %s", c.plan, err, c.want)
		}
	}
}

// A column of a key is found by name, and by position where the name isn't
// enough.
func TestKeyNames(t *testing.T) {
	s := types.Schema{{Name: "f", Type: bigint}, {Name: "f", Type: bigint}, {Name: "x, y", Type: bigint}}
	if got, want := (Key{0, 1, 2}).Names(s), "(f, f#1, `x, y`)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzParse(f *testing.F) {
	for _, rel := range sampleRels() {
		f.Add(written(rel))
	}
	data, err := os.ReadFile("testdata/plans.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, plan := range strings.Split(string(data), "\n\n") {
		f.Add(plan)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rel, err := Parse(text)
		if err != nil {
			return
		}
		once := written(rel)
		back, err := Parse(once)
		if err != nil {
			t.Fatalf("%v\nin what was printed:\n%s", err, once)
		}
		if twice := written(back); twice != once {
			t.Fatalf("printed\n%s\nparsed and printed\n%s", once, twice)
		}
	})
}
