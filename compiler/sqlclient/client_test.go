package sqlclient

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pyfc/compiler/pyflink"
	"pyfc/ir/diag"
)

// run executes a text, one task a job, and returns what was shown.
func run(t *testing.T, text string) (out, faults string, err error) {
	t.Helper()
	c, o, e := client(t)
	err = c.Run("script.sql", text)
	return o.String(), e.String(), err
}

// client is a client whose jobs have one task.
func client(t *testing.T) (c *Client, out, faults *bytes.Buffer) {
	t.Helper()
	out, faults = new(bytes.Buffer), new(bytes.Buffer)
	c, err := New(Options{Options: pyflink.Options{Script: ".", Config: map[string]string{"parallelism.default": "1"}},
		Out: out, Err: faults, Palette: diag.Plain})
	if err != nil {
		t.Fatal(err)
	}
	return c, out, faults
}

// TestRecorded compares with what sql-client.sh of Flink 1.20.1 shows for the
// same statements, of which the records have the tables alone: they are what
// tables leaves of its output with -D execution.target=local -f SCRIPT.
func TestRecorded(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.sql")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, script := range scripts {
		t.Run(filepath.Base(script), func(t *testing.T) {
			text, err := os.ReadFile(script)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.TrimSuffix(script, ".sql") + ".out")
			if err != nil {
				t.Fatal(err)
			}
			out, faults, err := run(t, string(text))
			if err != nil {
				t.Fatalf("%v\n%s", err, faults)
			}
			if got := tables(out); got != tables(string(want)) {
				t.Errorf("shown:\n%s\nFlink shows:\n%s", got, tables(string(want)))
			}
		})
	}
}

// shown is what a line of a table ends with, or what stands below one. Flink
// adds the time that a query took.
var shown = regexp.MustCompile(`(\+(?:-+\+)+|\|.*\||Empty set|\d+ rows? in set|Received a total of \d+ rows?)(?: \([\d.]+ seconds?\))?$`)

// tables are the tables in a text, without the prompts and echoes before them
// and the reports between.
func tables(out string) string {
	var kept strings.Builder
	for line := range strings.Lines(out) {
		if m := shown.FindStringSubmatch(strings.TrimRight(line, " \r\n")); m != nil {
			kept.WriteString(m[1] + "\n")
		}
	}
	return kept.String()
}

func TestModes(t *testing.T) {
	const query = "SELECT s, COUNT(*) AS c FROM (VALUES ('a'), ('b'), ('a')) AS v(s) GROUP BY s;"
	out, faults, err := run(t, "SET 'sql-client.execution.result-mode' = 'table';"+query)
	if err != nil || !strings.HasSuffix(out, "| b | 1 |\n| a | 2 |\n+---+---+\n2 rows in set\n") {
		t.Errorf("table: %v %s\n%s", err, faults, out)
	}
	out, faults, err = run(t, "SET 'sql-client.execution.result-mode' = 'changelog';"+query)
	if err != nil || strings.Count(out, "| -U |") != 1 || strings.Count(out, "| +U |") != 1 {
		t.Errorf("changelog: %v %s\n%s", err, faults, out)
	}
	_, faults, err = run(t, "SET 'sql-client.execution.result-mode' = 'chart';"+query)
	if err == nil || !strings.Contains(faults, "use table, changelog or tableau") {
		t.Errorf("another mode: %v\n%s", err, faults)
	}
}

func TestFaultsShowTheStatement(t *testing.T) {
	_, faults, err := run(t, "CREATE TABLE t (amount INT) WITH ('connector' = 'datagen');\nSELECT\n  amont FROM t;\nSHOW TABLES;")
	failed := (*Failed)(nil)
	if !errors.As(err, &failed) || failed.Code != 10 {
		t.Errorf("error %v", err)
	}
	for _, want := range []string{"script.sql:3:3: error[BND002]", "    3 |   amont FROM t;\n      |   ^^^^^\n", "did you mean amount?"} {
		if !strings.Contains(faults, want) {
			t.Errorf("no %q in\n%s", want, faults)
		}
	}
}

func TestFaultOfData(t *testing.T) {
	_, faults, err := run(t, "SELECT CAST(s AS INT) FROM (VALUES ('x')) AS v(s);")
	failed := (*Failed)(nil)
	if !errors.As(err, &failed) || failed.Code != 13 || !strings.HasSuffix(faults, "cannot read \"x\" as an integer\n") || strings.Contains(faults, "level=INFO") {
		t.Errorf("error %v\n%s", err, faults)
	}
}

func TestSettings(t *testing.T) {
	out, faults, err := run(t, "SET 'b.c' = '1'; SET a = 2; SET; RESET 'b.c'; SET; RESET; SET;")
	if err != nil {
		t.Fatalf("%v\n%s", err, faults)
	}
	if strings.Count(out, "b.c") != 1 || strings.Count(out, "  a ") != 2 || !strings.HasSuffix(out, "Empty set\n") {
		t.Errorf("shown:\n%s", out)
	}
}

// TestMended is what a refused declaration leaves: nothing, so that its use is
// a fault of its own, and the next try counts.
func TestMended(t *testing.T) {
	c, out, faults := client(t)
	for _, st := range []string{"CREATE VIEW v AS SELECT nothing;", "SELECT * FROM v;",
		"CREATE TABLE s (x INT) WITH ('connector' = 'datagn');", "SELECT * FROM s;", "SELECT * FROM s;"} {
		faults.Reset()
		if err := c.Run("script.sql", st); (err == nil) != strings.Contains(st, "TABLE") || err != nil && faults.Len() == 0 {
			t.Errorf("%s: %v\n%s", st, err, faults)
		}
	}
	if err := c.Run("script.sql", "CREATE VIEW v AS SELECT 1 AS x; SHOW VIEWS;"); err != nil || !strings.Contains(out.String(), "v |") {
		t.Errorf("%v\n%s%s", err, out, faults)
	}
}

func TestSource(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "inner.sql", "CREATE VIEW v AS SELECT 1 AS x;\nSHOW VIEWS;")
	write(t, "loop.sql", "SOURCE 'loop.sql';")
	if out, faults, err := run(t, "SOURCE 'inner.sql'; SHOW TABLES"); err != nil || strings.Count(out, "v |") != 2 {
		t.Errorf("%v %s\n%s", err, faults, out)
	}
	if _, faults, err := run(t, "SOURCE 'loop.sql';"); err == nil || !strings.Contains(faults, "is being executed already") {
		t.Errorf("%v\n%s", err, faults)
	}
	if out, _, err := run(t, "QUIT; SHOW CATALOGS;"); err != nil || out != "" {
		t.Errorf("behind QUIT: %v %q", err, out)
	}
}

func TestInsert(t *testing.T) {
	out, faults, err := run(t, "CREATE TABLE p (x INT) WITH ('connector' = 'print'); INSERT INTO p VALUES (7);")
	if err != nil || !strings.Contains(out, "+I[7]\nComplete execution") {
		t.Errorf("%v %s\n%s", err, faults, out)
	}
}

func TestPythonFunction(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "fns.py", "from pyflink.table.udf import udf\n\n\n@udf(result_type='INT')\ndef twice(x):\n    return 2 * x\n")
	out, faults, err := run(t, "CREATE FUNCTION twice AS 'fns.twice' LANGUAGE PYTHON; SHOW USER FUNCTIONS; SELECT twice(x) AS y FROM (VALUES (4)) AS v(x);")
	if err != nil || !strings.Contains(out, "twice |") || !strings.Contains(out, " 8 |") {
		t.Errorf("%v %s\n%s", err, faults, out)
	}
	if _, faults, err = run(t, "CREATE FUNCTION twice AS 'nothing.twice' LANGUAGE PYTHON; SELECT twice(1);"); err == nil {
		t.Errorf("a module that isn't there is no fault\n%s", faults)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTableTakesRowsBack(t *testing.T) {
	v := &table{c: &Client{}, names: []string{"x"}}
	for _, line := range []string{`["+I","1"]`, `["+I","2"]`, `["+I","1"]`, `["-D","1"]`} {
		if err := v.line([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if got := v.alive(); len(got) != 2 || got[0][0] != "1" || got[1][0] != "2" {
		t.Errorf("rows %v", got)
	}
	if err := v.line([]byte(`["-U","3"]`)); err == nil {
		t.Error("a row that isn't there is taken back")
	}
}
