package golden

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/golden/cases"
	"pyfc/golden/multicall"
)

// Rows of spilled jobs take about a hundred bytes, all of them ten times what
// the job has.
const (
	spilledRows   = 60_000
	spilledMemory = "600kb"
)

// spilled are queries whose operators keep all rows until they end. Ordered says
// that the order of the result is part of it.
var spilled = []struct {
	name, columns, query string
	ordered              bool
}{
	{"sort", "id BIGINT, k STRING, v BIGINT", "SELECT * FROM l ORDER BY v, id", true},
	{"top", "id BIGINT, k STRING, v BIGINT", "SELECT * FROM l ORDER BY v DESC, id LIMIT 30000 OFFSET 10", true},
	{"top_n", "id BIGINT, v BIGINT", "SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY MOD(id, 3) ORDER BY v, id) AS n FROM l) WHERE n <= 15000", false},
	{"aggregate", "k STRING, n BIGINT, s BIGINT, m STRING", "SELECT k, COUNT(*), SUM(v), MAX(k) FROM l GROUP BY k", false},
	{"distinct", "n BIGINT, s STRING", "SELECT COUNT(DISTINCT k), MAX(k) FROM (SELECT k FROM l UNION ALL SELECT k FROM r)", false},
	{"distinct_values", "g BIGINT, n BIGINT, s BIGINT", "SELECT MOD(id, 2), COUNT(DISTINCT v), SUM(DISTINCT v) FROM l GROUP BY MOD(id, 2)", false},
	{"join", "a BIGINT, b BIGINT, k STRING", "SELECT l.id, r.id, l.k FROM l JOIN r ON l.k = r.k AND l.v <> r.v", false},
	{"self_join", "a BIGINT, b BIGINT, k STRING", "SELECT x.id, y.id, x.k FROM l AS x JOIN l AS y ON x.k = y.k AND x.v <> y.v", false},
	{"outer_join", "a BIGINT, b BIGINT", "SELECT l.id, r.id FROM l FULL JOIN r ON l.k = r.k", false},
	{"anti_join", "a BIGINT", "SELECT id FROM l WHERE NOT EXISTS (SELECT 1 FROM r WHERE r.k = l.k)", false},
	{"over", "id BIGINT, s BIGINT, p BIGINT", "SELECT id, SUM(v) OVER (ORDER BY id ROWS BETWEEN 300 PRECEDING AND CURRENT ROW), LAG(v, 1000) OVER (ORDER BY id) FROM l", false},
	{"except", "k STRING", "SELECT k FROM l EXCEPT SELECT k FROM r", false},
	{"intersect", "k STRING", "SELECT k FROM l INTERSECT ALL SELECT k FROM r", false},
	{"union", "k STRING, v BIGINT", "SELECT k, v FROM l UNION SELECT k, v FROM r", false},
}

// spilledScript is a script that writes the result of a query into the folder taken.
func spilledScript(columns, query string) string {
	var b strings.Builder
	b.WriteString("from pyflink.table import EnvironmentSettings, TableEnvironment\n\n" +
		"t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())\n" +
		"t_env.get_config().set(\"parallelism.default\", \"1\")\n")
	for _, t := range []string{"l (id BIGINT, k STRING, v BIGINT)", "r (id BIGINT, k STRING, v BIGINT)", "taken (" + columns + ")"} {
		name, _, _ := strings.Cut(t, " ")
		fmt.Fprintf(&b, "t_env.execute_sql(\"CREATE TABLE %s WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'csv')\")\n", t, name)
	}
	fmt.Fprintf(&b, "t_env.execute_sql(\"INSERT INTO taken %s\").wait()\n", query)
	return b.String()
}

// TestSpill runs queries on ten times the memory that they have: the results are
// those of runs that have enough, and where there is nowhere to put files the
// runs fail, so that files were what helped.
func TestSpill(t *testing.T) {
	input := t.TempDir()
	for name, seed := range map[string]int64{"l": 1, "r": 2} {
		r := rand.New(rand.NewSource(seed))
		var b bytes.Buffer
		for i := range spilledRows {
			fmt.Fprintf(&b, "%d,key number %d of many,%d\n", i, r.Intn(2*spilledRows), r.Intn(1_000_000))
		}
		if err := os.WriteFile(filepath.Join(input, name), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var linked multicall.Binary
	var jobs []string
	for _, q := range spilled {
		res := compileText(t, spilledScript(q.columns, q.query))
		if v := res.Verdict(); v.ExitCode() != 0 {
			t.Fatalf("%s is %s: %v", q.name, v, res.Diags.Sorted())
		}
		jobs = append(jobs, linked.Add(res.Files))
	}
	binary := build(t, &linked)
	result := func(t *testing.T, job string, env map[string]string, args ...string) (string, outcome) {
		dir := t.TempDir()
		for _, name := range []string{"l", "r"} {
			if err := os.Symlink(filepath.Join(input, name), filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		out := run(t, dir, env, binary, append([]string{job}, args...)...)
		text, err := cases.SinkText(filepath.Join(dir, "taken"))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		return text, out
	}
	for i, q := range spilled {
		t.Run(q.name, func(t *testing.T) {
			want, out := result(t, jobs[i], nil)
			if out.code != 0 || want == "" {
				t.Fatalf("exit code %d\n%s", out.code, out.stderr)
			}
			small := []string{"--memory", spilledMemory}
			got, out := result(t, jobs[i], nil, small...)
			if out.code != 0 {
				t.Fatalf("exit code %d\n%s", out.code, out.stderr)
			}
			if !q.ordered {
				want, got = cases.SortLines(want), cases.SortLines(got)
			}
			if got != want {
				t.Errorf("%d bytes of another result than the %d of a run with enough memory", len(got), len(want))
			}
			_, out = result(t, jobs[i], map[string]string{"TMPDIR": filepath.Join(input, "missing")}, small...)
			if out.code == 0 || !strings.Contains(out.stderr, "what doesn't fit into memory") {
				t.Errorf("without a folder for files: exit code %d\n%s", out.code, out.stderr)
			}
		})
	}
}
