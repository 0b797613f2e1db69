package pyflink

import (
	"strings"
	"testing"

	"pyfc/ir"
	"pyfc/ir/diag"
)

// TestEnvironments has the same names in several environments of one script.
func TestEnvironments(t *testing.T) {
	res := script(t, `from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import *
from pyflink.table.expressions import col
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(3)
a = StreamTableEnvironment.create(env)
a.get_config().set("table.exec.state.ttl", "1 h")
b = StreamTableEnvironment.create(env)
c = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
other = StreamExecutionEnvironment.get_execution_environment()
d = StreamTableEnvironment.create(other)
other.set_parallelism(5)
for n, e in enumerate([a, b, c, d]):
    e.create_temporary_view("v", e.sql_query("SELECT %d AS n" % n))
    assert e.get_config() is not a.get_config() or e is a
for e in [d, a, c, b]:
    e.from_path("v").select(col("n")).execute().print()
`, nil)
	if len(res.Diags) > 0 {
		t.Fatal(res.Diags)
	}
	want := []string{"(3:INT) false 5 ", "(0:INT) false 3 1 h", "(2:INT) true  ", "(1:INT) false 3 "}
	for i, s := range submissions(res.Job) {
		set := map[string]string{}
		for _, x := range s.Config {
			set[x.Key], _ = x.Value.Const()
		}
		got := "false"
		if s.Batch {
			got = "true"
		}
		got += " " + set["parallelism.default"] + " " + set["table.exec.state.ttl"]
		number, rest, _ := strings.Cut(want[i], " ")
		if plan := ir.Print(s.Sinks[0]); got != rest || !strings.Contains(plan, "Project "+number) {
			t.Errorf("submission %d: got %q of\n%swant %q", i, got, plan, want[i])
		}
	}
}

// TestTriedStatements has statements in try statements: where the script goes on
// in spite of an exception, the fault is told, and nothing else is left of it.
func TestTriedStatements(t *testing.T) {
	for handler, want := range map[string]string{
		"except Exception:\n    print('no')":                  "PY012",
		"except:\n    pass":                                   "PY012",
		"except Exception as e:\n    print(e)\n    raise":     "BND002",
		"except Exception as e:\n    import sys; sys.exit(3)": "BND002",
		"except (ValueError, KeyError):\n    pass":            "BND002",
		"finally:\n    pass":                                  "BND002",
	} {
		res := script(t, tables+"try:\n    t_env.execute_sql('CREATE VIEW v AS SELECT nothing FROM src')\n"+handler+
			"\nt_env.execute_sql(\"CREATE VIEW v AS SELECT 1 AS a, 'x' AS b\")\nt_env.from_path('v').execute_insert('snk')\n", nil)
		if len(res.Diags) == 0 || res.Diags[0].Code != diag.Code(want) || want == "PY012" && len(res.Diags) > 1 {
			t.Errorf("%q: %v", handler, res.Diags)
		}
	}
	res := script(t, tables+"try:\n    t_env.execute_sql('CREATE VIEW v AS SELECT nothing FROM src')\nexcept Exception:\n    pass\n", nil)
	if len(res.Diags) != 1 || res.Diags[0].Code != diag.UnknownColumn {
		t.Errorf("a script that does nothing else: %v", res.Diags)
	}
}
