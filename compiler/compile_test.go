package compiler

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestStagesMakeWhatIsRead: a check renders no Go, and only explain keeps the plans
// on the way; what they find is the same.
func TestStagesMakeWhatIsRead(t *testing.T) {
	req := Request{Script: "../golden/examples/popularity/job.py"}
	compiled, checked, explained := Compile(req), Check(req), Explain(req)
	for _, r := range []*Result{checked, explained} {
		if r.Verdict() != compiled.Verdict() || !slices.Equal(r.Plans, compiled.Plans) || len(r.Plans) == 0 {
			t.Errorf("%v with %q, want %v with %q", r.Verdict(), r.Plans, compiled.Verdict(), compiled.Plans)
		}
	}
	for _, c := range []struct {
		name         string
		result       *Result
		files, plans bool
	}{{"Compile", compiled, true, false}, {"Check", checked, false, false}, {"Explain", explained, true, true}} {
		if files, bound, trace := len(c.result.Files) > 0, len(c.result.Bound) > 0, len(c.result.Trace) > 0; files != c.files || bound != c.plans || trace != c.plans {
			t.Errorf("%s: files %v, plans before %v and behind passes %v", c.name, files, bound, trace)
		}
	}
}

// ofManyNames is a script whose job has all that comes out of names without an
// order of their own: settings, options, modules, what a function carries.
const ofManyNames = `
import math, string; import os.path, json
import pyflink.table, pyflink.datastream
from pyflink.common import RestartStrategies
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import DataTypes, StreamTableEnvironment
from pyflink.table.udf import udf

env = StreamExecutionEnvironment.get_execution_environment()
env.set_restart_strategy(RestartStrategies.failure_rate_restart(3, 1000, 2000))
t_env = StreamTableEnvironment.create(env)
names = "".join(str(list(vars(m))) for m in (math, string, os.path, json, pyflink.table, pyflink.datastream))
a, b, c = 1, 2, 3

def first(x): return x + a + math.floor(1.5)
def second(x): return first(x) * b

@udf(result_type=DataTypes.BIGINT())
def third(x): return second(x) + c + len(string.digits) + len(json.dumps(x))

t_env.create_temporary_function("third", third)
t_env.execute_sql("CREATE TABLE numbers (n BIGINT, m AS n + 1) WITH ('connector' = 'datagen', 'number-of-rows' = '3', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '3')")
t_env.execute_sql("CREATE TABLE seen (n BIGINT, k BIGINT, names STRING) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO seen SELECT third(n), COUNT(m), '" + names.replace("'", "") + "' FROM numbers GROUP BY third(n)").wait()
`

// TestSameBinaryEachTime: of the same script come the same files.
func TestSameBinaryEachTime(t *testing.T) {
	script := filepath.Join(t.TempDir(), "job.py")
	if err := os.WriteFile(script, []byte(ofManyNames), 0o600); err != nil {
		t.Fatal(err)
	}
	req := Request{Script: script, Config: map[string]string{"table.exec.mini-batch.size": "10", "parallelism.default": "2", "pipeline.name": "names"}}
	first := Compile(req)
	if first.Diags.HasErrors() || len(first.Files) == 0 {
		t.Fatalf("%d files: %v", len(first.Files), first.Diags.Sorted())
	}
	for range 8 {
		again := Compile(req)
		for _, name := range slices.Sorted(maps.Keys(first.Files)) {
			if !bytes.Equal(first.Files[name], again.Files[name]) {
				t.Errorf("%s:\n%s\nand then\n%s", name, first.Files[name], again.Files[name])
			}
		}
		if len(again.Files) != len(first.Files) {
			t.Errorf("%d files, then %d", len(first.Files), len(again.Files))
		}
	}
}
