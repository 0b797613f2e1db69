package sql

import (
	"slices"
	"strings"
	"testing"

	"pyfc/ir"
	"pyfc/ir/diag"
)

// holed cuts {NAME} out of a text and returns the holes.
func holed(text string) (string, []Hole) {
	var holes []Hole
	for {
		before, rest, ok := strings.Cut(text, "{")
		if !ok {
			return text, holes
		}
		name, after, _ := strings.Cut(rest, "}")
		holes = append(holes, Hole{len(before), ir.TextPart{Input: &ir.Input{Kind: "env", Name: name, Supply: "--env " + name + "=VALUE"}}})
		text = before + after
	}
}

func TestHolesInOptions(t *testing.T) {
	text, holes := holed("CREATE TABLE t (a INT) WITH ('url' = 'jdbc:{HOST}/x''{DB}', 'p' = '{P}', 'q' = 'plain'); SET 'k' = '{V}.'")
	stmts, ds := Parse(text, nil, holes...)
	if len(ds) > 0 {
		t.Fatal(render(ds))
	}
	want := `CREATE TABLE t (
  a INT
) WITH (
  'url' = 'jdbc:${HOST}/x''${DB}',
  'p' = '${P}',
  'q' = 'plain'
)`
	if got := Print(stmts[0]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := Print(stmts[1]), "SET 'k' = '${V}.'"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	value := stmts[0].(*CreateTable).Options[0].Value.Value
	if len(value) != 4 || value[0].Literal != "jdbc:" || value[1].Input.Name != "HOST" || value[2].Literal != "/x'" {
		t.Errorf("parts are %+v", value)
	}
}

// A value that is known only at start may not decide what the text means.
func TestHolesElsewhere(t *testing.T) {
	for _, in := range []string{
		"SELECT * FROM {T}", "SELECT * FROM t_{T}", "SELECT '{T}'", "SELECT `{T}` FROM t", "SELECT X'{T}'", "SELECT {T}",
		"CREATE TABLE t (a INT) WITH ('{T}' = 'x')", "SET {T} = 'x'", "SELECT DATE '{T}'", "SELECT 1 -- {T}\n", "SELECT 'a'{T}",
		"CREATE TABLE t (a INT COMMENT '{T}')", "SELECT 'a'\n'{T}'", "{T}", "SET a = {T}",
	} {
		text, holes := holed(in)
		stmts, ds := Parse(text, nil, holes...)
		other := slices.ContainsFunc(ds, func(d *diag.Diagnostic) bool {
			return d.Code != diag.InputSymbolic || d.Missing[0] != diag.Missing{Kind: "env", Name: "T"} || !strings.HasSuffix(d.Hint, "--env T=VALUE")
		})
		if len(ds) == 0 || other || len(stmts) > 0 {
			t.Errorf("%s: %d statements, diagnostics:\n%s", in, len(stmts), render(ds))
		}
	}
}

func TestDeepNestingIsRefused(t *testing.T) {
	const n = 100_000
	for _, text := range []string{
		"SELECT " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n),
		"SELECT " + strings.Repeat("- ", n) + "1",
		"SELECT " + strings.Repeat("NOT ", n) + "a",
		strings.Repeat("(", n) + "SELECT 1",
		"SELECT CAST(a AS " + strings.Repeat("ARRAY<", n),
		"SELECT * FROM " + strings.Repeat("(", n),
	} {
		_, ds := Parse(text, nil)
		if len(ds) == 0 || !strings.Contains(ds[0].Message, "nested too deeply") {
			t.Errorf("%.30s…: %s", text, render(ds))
		}
	}
	for _, text := range []string{strings.Repeat("(", n), strings.Repeat("- ", n), strings.Repeat("f(", n)} {
		_, ds := ParseExpressions(text, nil)
		if len(ds) == 0 || !strings.Contains(ds[0].Message, "nested too deeply") {
			t.Errorf("%.30s…: %s", text, render(ds))
		}
	}
}

func TestPositionsGoThroughTheLocator(t *testing.T) {
	_, ds := ParseExpressions("a, b c", func(offset int) diag.Pos {
		return diag.Pos{File: "job.py", Line: 7, Column: 100 + offset}
	})
	want := diag.Pos{File: "job.py", Line: 7, Column: 105, EndColumn: 106}
	if len(ds) != 1 || ds[0].Pos != want {
		t.Errorf("%+v", ds)
	}
}

func TestLongChainsAreRefused(t *testing.T) {
	chain := strings.Repeat("a + ", 2*maxChain) + "a"
	_, ds := Parse("SELECT "+chain, nil)
	_, es := ParseExpressions(chain, nil)
	if len(ds) != 1 || len(es) != 1 {
		t.Errorf("%s%s", render(ds), render(es))
	}
}

func TestFaultsAreBounded(t *testing.T) {
	for _, text := range []string{strings.Repeat("\xff", 1<<16), strings.Repeat("SELECT 1 x y;", 1<<12)} {
		if _, ds := Parse(text, nil); len(ds) != maxFaults {
			t.Errorf("%.20q…: %d diagnostics, want %d", text, len(ds), maxFaults)
		}
	}
}

func TestTextLocator(t *testing.T) {
	at := TextLocator("f.sql", "aé\n中b\n")
	for offset, want := range map[int][2]int{0: {1, 1}, 1: {1, 2}, 3: {1, 3}, 4: {2, 1}, 7: {2, 2}, 8: {2, 3}, 9: {3, 1}} {
		if got := at(offset); got.Line != want[0] || got.Column != want[1] {
			t.Errorf("offset %d is %s, want %v", offset, got, want)
		}
	}
}
