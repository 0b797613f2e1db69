package golden

import (
	"fmt"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"pyfc/golden/multicall"
	"pyfc/golden/services"
)

// sumsScript adds 30000 numbers up by a function whose accumulator has a view.
const sumsScript = `
from pyflink.common import Row
from pyflink.table import AggregateFunction, EnvironmentSettings, MapView, TableEnvironment
from pyflink.table.udf import udaf


class Sum(AggregateFunction):
    def create_accumulator(self):
        return Row(0, 0, MapView())

    def accumulate(self, accumulator, n):
        accumulator[0] += n
        accumulator[1] += 1
        accumulator[2][n % 7] = n

    def get_value(self, accumulator):
        return "%d of %d in %d" % (accumulator[0], accumulator[1], len(list(accumulator[2])))


t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.get_config().set("execution.checkpointing.interval", "200 ms")
t_env.get_config().set("python.fn-execution.bundle.time", "100")
t_env.create_temporary_function("total", udaf(Sum(), result_type="STRING",
    accumulator_type="ROW<a BIGINT, b BIGINT, m MAP<BIGINT, BIGINT>>"))
t_env.execute_sql("""CREATE TABLE src (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1500',
    'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '30000')""")
t_env.execute_sql("CREATE TABLE shown (k BIGINT, s STRING, c BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO shown SELECT n % 5, total(n), COUNT(*) FROM src GROUP BY n % 5")
`

var shownSum = regexp.MustCompile(`\+[IU]\[(\d), (.*)\]`)

// TestAggregateSurvives kills a job that aggregates in Python, goes on at another
// parallelism, and kills its workers: each row counts once.
func TestAggregateSurvives(t *testing.T) {
	t.Parallel()
	res := compileText(t, sumsScript)
	if v := res.Verdict(); v.ExitCode() != 0 {
		t.Fatalf("the job is %s: %v", v, res.Diags.Sorted())
	}
	var linked multicall.Binary
	job := linked.Add(res.Files)
	binary, dir := build(t, &linked), t.TempDir()
	addr := fmt.Sprintf("127.0.0.1:%d", services.FreePort(t))
	start := func(parallelism string) *process {
		p := launch(t, dir, nil, binary, job, "--parallelism", parallelism, "--ops-addr", addr)
		p.waitReady(t)
		p.until(t, func() string {
			if metric(t, addr, "pyfc_checkpoints_completed_total") < 2 {
				return "no two checkpoints"
			}
			return ""
		})
		return p
	}
	p := start("1")
	p.end(t, syscall.SIGKILL, stopLimit)
	p = start("2")
	for _, pid := range p.workers(t) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	if code := p.code(t, converges); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	if !strings.Contains(p.log.text(), "Python worker died") {
		t.Error("no worker died")
	}
	last := map[string]string{}
	for _, m := range shownSum.FindAllStringSubmatch(p.stdout.text(), -1) {
		last[m[1]] = m[2]
	}
	for k := range 5 {
		sum := 0
		for n := 1; n <= 30000; n++ {
			if n%5 == k {
				sum += n
			}
		}
		if got, want := last[fmt.Sprint(k)], fmt.Sprintf("%d of 6000 in 7, 6000", sum); got != want {
			t.Errorf("group %d has %q, want %q", k, got, want)
		}
	}
}
