package bind

import (
	"fmt"
	"strings"
	"testing"

	"pyfc/compiler/sql"
	"pyfc/internal/casefile"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/fn/list"
)

// declared is what the cases find: a table with a column of each kind, the
// flagship's tables and two Python functions.
const declared = `
CREATE TABLE t (
  a INT, b BIGINT, c DOUBLE, d DECIMAL(10, 2), s STRING, bo BOOLEAN, f FLOAT, ti TINYINT, si SMALLINT,
  dt DATE, tm TIME(3), ts TIMESTAMP(3), lz TIMESTAMP_LTZ(3), v VARCHAR(5), nn INT NOT NULL, ch CHAR(3),
  r ROW<x INT>
) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'h:9092', 'format' = 'csv',
  'properties.group.id' = 'g');
CREATE TABLE snk (k STRING, n BIGINT, x DOUBLE) WITH ('connector' = 'print');
CREATE TABLE keyed (k STRING NOT NULL, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'print');
CREATE VIEW w AS SELECT a, s FROM t;
`

func newSession(t *testing.T) *Session {
	t.Helper()
	s := NewSession(&diag.List{})
	stmts, ds := sql.Parse(declared, nil)
	if len(ds) > 0 {
		t.Fatal(ds[0])
	}
	for _, st := range stmts {
		s.Execute(st)
	}
	str := types.String()
	s.Register("g", &ir.UDF{Name: "g", Result: str, Deterministic: true})
	s.Register("h", &ir.UDF{Name: "h", Args: []types.Type{str}, Result: types.Of(types.BigInt), Deterministic: true})
	return s
}

func TestCases(t *testing.T) {
	for _, file := range []string{"sql", "types", "table", "declarations", "errors", "unrun", "from", "order", "over", "subquery"} {
		t.Run(file, func(t *testing.T) {
			casefile.Run(t, "testdata/"+file+".txt", func(t *testing.T, c casefile.Case) string {
				s := newSession(t)
				out := answer(t, s, c)
				if strings.Contains(out, "FAULT ") {
					t.Errorf("line %d: %s", c.Line, out)
				}
				return out + render(s.Diags.Sorted())
			})
		})
	}
}

// answer handles the directives: sql (statements; plans of queries and
// inserts), types (one SQL expression over t a line; its type), table (one
// chain of Table API calls, see chain).
func answer(t *testing.T, s *Session, c casefile.Case) string {
	switch c.Directive {
	case "sql":
		return execute(s, c.Input)
	case "types":
		var b strings.Builder
		for _, line := range strings.Split(c.Input, "\n") {
			b.WriteString(exprType(line, t))
		}
		return b.String()
	case "unrun":
		s.Diags = &diag.List{}
		stmts, ds := sql.Parse(c.Input, nil)
		for _, d := range ds {
			s.Diags.Add(d)
		}
		for _, st := range stmts {
			s.runnable(st)
		}
		return ""
	case "table":
		return plan(s, chain(t, s, c.Input))
	}
	t.Fatalf("line %d: no directive %q", c.Line, c.Directive)
	return ""
}

func execute(s *Session, text string) string {
	stmts, ds := sql.Parse(text, nil)
	for _, d := range ds {
		s.Diags.Add(d)
	}
	var b strings.Builder
	for _, st := range stmts {
		o := s.Execute(st)
		switch {
		case o.Sink != nil:
			b.WriteString(plan(s, o.Sink))
		case o.Query != nil:
			b.WriteString(plan(s, o.Query))
		}
	}
	return b.String()
}

// plan prints a plan that is right, and its schema alone for a faulty one.
func plan(s *Session, rel ir.Rel) string {
	if rel == nil {
		return ""
	}
	if s.Diags.HasErrors() {
		return rel.P().Schema.String() + "\n"
	}
	if err := ir.Verify(rel); err != nil {
		return fmt.Sprintf("FAULT %v\n%s", err, ir.Print(rel))
	}
	return ir.Print(rel)
}

// exprType is the type of one SELECT item, or the first fault.
func exprType(text string, t *testing.T) string {
	s := newSession(t)
	stmts, ds := sql.Parse("SELECT "+text+" FROM t", nil)
	if len(ds) > 0 {
		return text + " => " + render(ds[:1])
	}
	rel := s.Execute(stmts[0]).Query
	out := text + " =>"
	for _, c := range rel.P().Schema {
		out += " " + c.Type.String()
	}
	if ds := s.Diags.Sorted(); len(ds) > 0 {
		return out + " " + render(ds[:1])
	}
	return out + "\n"
}

// pathAt is the path of a table that a line names.
func pathAt(text string, at sql.Locator) sql.Path {
	path := sql.Path{Pos: at(0)}
	offset := 0
	for part := range strings.SplitSeq(text, ".") {
		path.Parts = append(path.Parts, sql.Name{Text: part, Pos: at(offset)})
		offset += len(part) + 1
	}
	return path
}

// chain runs lines of the form "from t", "select EXPRS", "where EXPR",
// "group_by EXPRS" followed by select, "insert_into SINK"; EXPRS are string
// expressions.
func chain(t *testing.T, s *Session, text string) (rel ir.Rel) {
	var grouped *Grouped
	var right ir.Rel
	for i, line := range strings.Split(text, "\n") {
		verb, arg, _ := strings.Cut(line, " ")
		pos := diag.Pos{Line: i + 1, Column: 1}
		at := func(offset int) diag.Pos { return diag.Pos{Line: i + 1, Column: 2 + len(verb) + offset} }
		path := pathAt(arg, at)
		var xs []sql.Expr
		if verb == "select" || verb == "where" || verb == "group_by" || strings.HasSuffix(verb, "join") && arg != "" {
			var ds []*diag.Diagnostic
			if xs, ds = sql.ParseExpressions(arg, at); len(ds) > 0 {
				t.Fatal(ds[0])
			}
		}
		switch verb {
		case "from":
			rel = s.From(path)
		case "group_by":
			grouped = s.GroupBy(rel, xs, pos)
			continue
		case "select":
			if grouped != nil {
				rel = grouped.Select(xs, pos)
			} else {
				rel = s.Select(rel, xs, pos)
			}
			grouped = nil
		case "join", "left_outer_join":
			var on sql.Expr
			if arg != "" {
				on = xs[0]
			}
			rel = s.Join(map[string]ir.JoinKind{"join": ir.InnerJoin, "left_outer_join": ir.LeftJoin}[verb], rel, right, on, pos)
		case "right": // of the joins that follow
			right = rel
		case "where":
			rel = s.Where(rel, xs[0], pos)
		case "insert_into":
			if sink := s.Insert(rel, path, pos); sink != nil {
				return sink
			}
			return nil
		default:
			t.Fatalf("no verb %q", verb)
		}
	}
	return rel
}

// render is one diagnostic a line.
func render(ds []*diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "%d:%d %s %s", d.Pos.Line, d.Pos.Column, d.Code, d.Message)
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

// A function that is declared is known by that alone.
func TestKnownFunctionsHaveNoDeclaration(t *testing.T) {
	for _, name := range knownNames() {
		if _, declared := list.Lookup(name); declared {
			t.Errorf("%s is declared", name)
		}
	}
}
