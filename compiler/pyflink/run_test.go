package pyflink

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pyfc/ir"
	"pyfc/ir/diag"
)

// script writes a driver, and files beside it, and evaluates it without inputs.
func script(t *testing.T, src string, files map[string]string) *Result {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	job := filepath.Join(dir, "job.py")
	if err := os.WriteFile(job, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	return evaluate(t, Options{Script: job})
}

func evaluate(t *testing.T, opts Options) *Result {
	t.Helper()
	res, err := Run(opts)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// accepted fails the test if there is any diagnostic but a warning.
func accepted(t *testing.T, res *Result) *ir.Job {
	t.Helper()
	for _, d := range res.Diags {
		if d.Severity() == diag.Error {
			t.Errorf("unexpected: %v", d)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
	return res.Job
}

// submissions are the runs of a job.
func submissions(job *ir.Job) []*ir.Submission {
	var out []*ir.Submission
	for _, a := range job.Actions {
		if a.Run != nil {
			out = append(out, a.Run)
		}
	}
	return out
}

// checkFlagship checks what the flagship, its twin and our own jobs of its
// shape have in common.
func checkFlagship(t *testing.T, job *ir.Job, function, module string) {
	t.Helper()
	subs := submissions(job)
	if len(subs) != 1 || len(subs[0].Sinks) != 1 || subs[0].Batch {
		t.Fatalf("want one streaming submission with one sink, got %+v", subs)
	}
	udfs := job.UDFs()
	if len(udfs) != 1 {
		t.Fatalf("want one function, got %d", len(udfs))
	}
	u := udfs[0]
	if u.Name != function || u.Ref.Module != module || u.Ref.Name != function || u.Ref.Source != "" {
		t.Errorf("function %s travels as %+v", u.Name, u.Ref)
	}
	if u.Reason != "calls urllib.request.urlopen (I/O)" {
		t.Errorf("reason %q", u.Reason)
	}
	if !u.Deterministic || u.Result.String() != "STRING" {
		t.Errorf("function is %+v", u)
	}
	packages := strings.Split(module, ".")
	for _, want := range []string{packages[0] + "/__init__.py", packages[0] + "/" + packages[1] + "/__init__.py", strings.ReplaceAll(module, ".", "/") + ".py"} {
		if !hasFile(job, want) {
			t.Errorf("%s doesn't travel", want)
		}
	}
}

func hasFile(job *ir.Job, path string) bool {
	for _, f := range job.Files {
		if f.Path == path {
			return true
		}
	}
	return false
}

func TestSeedScript(t *testing.T) {
	dir := os.Getenv("PYFC_SEED")
	if dir == "" {
		t.Skip("PYFC_SEED doesn't name the seed's folder; TestParcels runs jobs of the same shape")
	}
	job := accepted(t, evaluate(t, Options{Script: filepath.Join(dir, "cdn_demo.py")}))
	checkFlagship(t, job, "ip_to_province", "enjoyment.cdn.cdn_udf")
	if got := submissions(job)[0].Name; got != "pyflink_parse_cdn_log" {
		t.Errorf("job name %q", got)
	}
	for _, f := range []string{"cdn_udf.py", "cdn_connector_ddl.py"} {
		if !hasFile(job, f) {
			t.Errorf("%s isn't importable at top level", f)
		}
	}
}

func TestParcels(t *testing.T) {
	plans := map[string]string{}
	for name, jobName := range map[string]string{
		"legacy": "parcel totals",
		"modern": "insert-into_default_catalog.default_database.totals",
		"sqljob": "insert-into_default_catalog.default_database.totals",
	} {
		t.Run(name, func(t *testing.T) {
			job := accepted(t, evaluate(t, Options{Script: "testdata/parcels/" + name + ".py"}))
			checkFlagship(t, job, "region_of", "depot.scan.region")
			if job.Name != jobName || submissions(job)[0].Name != jobName {
				t.Errorf("job name %q", job.Name)
			}
			plans[name] = ir.Print(submissions(job)[0].Sinks[0])
		})
	}
	if plans["legacy"] != plans["modern"] {
		t.Errorf("the legacy form\n%s\nand the modern one\n%s\nare different plans", plans["legacy"], plans["modern"])
	}
}

// tables are declarations that most cases begin with.
const tables = `from pyflink.table import *
from pyflink.table.udf import *
from pyflink.table.expressions import *
t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE src (a INT, b STRING, c BIGINT) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'h:1', 'properties.group.id' = 'g', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE snk (a BIGINT, b STRING) WITH ('connector' = 'print')")
`

func TestForms(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"operators and literals",
			`t_env.from_path("src").where((col("a") > 1) & ~(col("b") == "x") | (2 - col("c") * -col("c") <= 3.5)).select(col("c"), col("b")).execute_insert("snk")`, ""},
		{"methods and properties",
			`t_env.from_path("src").select(col("c").if_null(0).alias("c"), col("b").upper_case).execute_insert("snk")`, ""},
		{"elements with names",
			`t_env.from_elements([(1, "x"), (None, "y")], ["c", "b"]).select(col("c"), col("b")).execute_insert("snk")`, ""},
		{"elements with a schema",
			`t_env.from_elements([(1, "x")], DataTypes.ROW([DataTypes.FIELD("c", DataTypes.INT()), DataTypes.FIELD("b", DataTypes.STRING())])).execute_insert("snk")`, ""},
		{"table.column and alias",
			`s = t_env.from_path("src").alias("x", "y", "z")
s.filter(s.x.is_not_null).select(s.z, s.y).execute_insert("snk")`, ""},
		{"alias in one string",
			`t_env.scan("src").alias("x, y, z").select("z, y").execute_insert("snk")`, ""},
		{"views",
			`t_env.create_temporary_view("v", t_env.sql_query("SELECT c, b FROM src"))
t_env.register_table("w", t_env.from_path("v"))
t_env.execute_sql("INSERT INTO snk SELECT * FROM w")`, ""},
		{"statement set",
			`s = t_env.create_statement_set()
s.add_insert_sql("INSERT INTO snk SELECT c, b FROM src").add_insert("snk", t_env.sql_query("SELECT c, b FROM src"))
s.execute().wait()`, "insert-into_default_catalog.default_database.snk,default_catalog.default_database.snk"},
		{"kept insertions",
			`t_env.sql_update("INSERT INTO snk SELECT c, b FROM src")
t_env.from_path("src").select("c, b").insert_into("snk")
t_env.insert_into("snk", t_env.from_path("src").select("c, b"))
t_env.execute("three")`, "three"},
		{"the name of a job from its configuration",
			`t_env.get_config().get_configuration().set_string("pipeline.name", "mine")
t_env.execute_sql("INSERT INTO snk SELECT c, b FROM src")`, "mine"},
		{"result handles",
			`t_env.execute_sql("INSERT INTO snk SELECT c, b FROM src").get_job_client().get_job_execution_result().result()`, ""},
		{"the status of a job, shown",
			`print(t_env.execute_sql("INSERT INTO snk SELECT c, b FROM src").get_job_client().get_job_status())`, ""},
		{"descriptions of streams that nothing uses",
			`from pyflink.common import Duration, SimpleStringSchema, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
class At(TimestampAssigner):
  def extract_timestamp(self, value, record_timestamp): return value[0]
WatermarkStrategy.for_bounded_out_of_orderness(Duration.of_seconds(5)).with_timestamp_assigner(At()).with_idleness(Duration.of_minutes(1))
SimpleStringSchema()
t_env.execute_sql("INSERT INTO snk SELECT c, b FROM src")`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			job := accepted(t, script(t, tables+c.src, nil))
			if subs := submissions(job); len(subs) != 1 || c.want != "" && subs[0].Name != c.want {
				t.Errorf("got %d submissions, named %q", len(subs), job.Name)
			}
		})
	}
}

func TestFunctionForms(t *testing.T) {
	for _, c := range []struct{ name, def, args, result string }{
		{"decorator", "@udf(input_types=[DataTypes.INT()], result_type=DataTypes.BIGINT())\ndef f(x): return x", "INT", "BIGINT"},
		{"decorator without input types", "@udf(result_type='BIGINT')\ndef f(x): return x", "", "BIGINT"},
		{"positional types", "f = udf(lambda x: x, DataTypes.INT(), DataTypes.BIGINT())", "INT", "BIGINT"},
		{"types as text", "f = udf(lambda x: x, ['INT'], 'BIGINT NOT NULL')", "INT", "BIGINT NOT NULL"},
		{"list of types", "f = udf(lambda x: x, [DataTypes.INT(False)], DataTypes.BIGINT())", "INT NOT NULL", "BIGINT"},
		{"class", "class F(ScalarFunction):\n  def eval(self, x): return x\nf = udf(F(), result_type=DataTypes.BIGINT())", "", "BIGINT"},
		{"callable object", "class F:\n  def __call__(self, x): return x\nf = udf(F(), result_type=DataTypes.BIGINT())", "", "BIGINT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := tables + c.def + `
t_env.create_temporary_function("g", f)
t_env.from_path("src").select(call("g", col("a")).alias("a"), col("b")).execute_insert("snk")`
			job := accepted(t, script(t, src, nil))
			u := job.UDFs()[0]
			var args []string
			for _, a := range u.Args {
				args = append(args, a.String())
			}
			if got := strings.Join(args, ", "); u.Name != "g" || got != c.args || u.Result.String() != c.result || u.Ref.Source == "" {
				t.Errorf("%s(%s) %s, from %+v", u.Name, got, u.Result, u.Ref)
			}
		})
	}
}

func TestConfiguration(t *testing.T) {
	res := evaluate(t, Options{Script: writeScript(t, `
from pyflink.common import Configuration
from pyflink.datastream import StreamExecutionEnvironment, CheckpointingMode, RuntimeExecutionMode
from pyflink.table import *
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(3).set_runtime_mode(RuntimeExecutionMode.BATCH)
env.enable_checkpointing(5000, CheckpointingMode.AT_LEAST_ONCE)
env.add_jars("file:///a.jar", "file:///b.jar")
conf = Configuration()
conf.set_integer("x.size", 4).set_boolean("x.on", True)
t_env = StreamTableEnvironment.create(env, environment_settings=EnvironmentSettings.new_instance().with_configuration(conf).build())
t_env.get_config().set("python.udf.timeout", "9 s")
from datetime import timedelta
t_env.get_config().set_idle_state_retention_time(timedelta(hours=1), timedelta(hours=2))
t_env.get_config().set("y", "z")
t_env.execute_sql("CREATE TABLE s (a INT) WITH ('connector' = 'print')")
t_env.sql_query("SELECT 1").execute_insert("s")
`), Config: map[string]string{"x.size": "5"}})
	job := accepted(t, res)
	got := map[string]string{}
	for _, s := range job.Config {
		got[s.Key] = s.Value.Display()
	}
	for k, want := range map[string]string{
		"parallelism.default": "3", "execution.runtime-mode": "BATCH", "execution.checkpointing.interval": "5000 ms",
		"execution.checkpointing.mode": "AT_LEAST_ONCE", "pipeline.jars": "file:///a.jar;file:///b.jar",
		"x.size": "5", "x.on": "true", "python.udf.timeout": "9 s", "y": "z",
		"table.exec.state.ttl": "1 h",
	} {
		if got[k] != want {
			t.Errorf("%s is %q, want %q", k, got[k], want)
		}
	}
	if !submissions(job)[0].Batch {
		t.Error("the submission isn't in batch mode")
	}
}

func writeScript(t *testing.T, src string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "job.py")
	if err := os.WriteFile(path, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestArguments(t *testing.T) {
	job := accepted(t, script(t, `import argparse, sys
p = argparse.ArgumentParser()
p.add_argument("-t", "--topic", "--queue", required=True)
p.add_argument("--quiet", "-q", action="store_false")
p.add_argument("--user")
known, rest = p.parse_known_args(sys.argv[1:])
`+tables+`
t_env.from_path("src").select(col("a"), col("b")).execute_insert("snk")
print(known.topic)
`, nil))
	if got := strings.Join(job.Arguments, " "); got != "--topic -t --queue --quiet -q --user" || !job.ExtraArguments {
		t.Errorf("arguments %s, others: %v", got, job.ExtraArguments)
	}
	var inputs []string
	for _, in := range job.Inputs {
		in := in.Input
		inputs = append(inputs, fmt.Sprintf("%d %s=%s %v", in.Pos.Line, in.Name, in.Constant, in.Optional))
	}
	if got := strings.Join(inputs, ", "); got != "3 --topic= false, 4 --quiet=False false, 5 --user= true" {
		t.Errorf("inputs %s", got)
	}
}

func TestInputs(t *testing.T) {
	job := accepted(t, script(t, `import os
`+tables+`
t_env.execute_sql(f"CREATE TABLE k (a BIGINT) WITH ('connector' = 'kafka', 'topic' = 't-{os.environ['TOPIC']}', 'properties.bootstrap.servers' = '" + os.environ.get("HOST", "h:1") + "', 'properties.group.id' = 'g', 'format' = 'csv')")
limit = os.getenv("LIMIT", "7")
@udf(result_type="BIGINT")
def f(x): return min(x, int(limit))
base = os.path.join("/data", os.environ["DAY"].strip().replace("-", "/"))
print(base)
t_env.from_path("k").select(f(col("a")).alias("a"), lit("s").alias("b")).execute_insert("snk")
print("topic", os.environ["TOPIC"])
`, nil))
	var names []string
	for _, in := range job.Inputs {
		names = append(names, in.Input.Name)
	}
	if got := strings.Join(names, " "); got != "TOPIC HOST LIMIT DAY" {
		t.Errorf("inputs %s", got)
	}
	u := job.UDFs()[0]
	if len(u.Ref.Inputs) != 1 || u.Ref.Inputs[0].Value.Display() != "${LIMIT}" || !strings.Contains(u.Ref.Source, "limit = "+u.Ref.Inputs[0].Name) {
		t.Errorf("the function reads %+v in\n%s", u.Ref.Inputs, u.Ref.Source)
	}
	var ops []string
	for _, op := range job.Actions[0].Print[0].Apply {
		ops = append(ops, op.Name+"("+strings.Join(op.Args, ",")+")")
	}
	if got := strings.Join(ops, " "); got != "strip() replace(-,/) join_path(/data)" {
		t.Errorf("operations %s", got)
	}
	last := job.Actions[len(job.Actions)-1]
	if last.Run != nil || last.Print.Display() != "topic ${TOPIC}\n" {
		t.Errorf("the last action is %+v", last)
	}
}

// TestModulesElsewhere has modules beside the script's folder: the script is told of
// them, and finds them where they are given or where it adds their folder.
func TestModulesElsewhere(t *testing.T) {
	dir := t.TempDir()
	body := "import helpers\nfrom pkg.names import SINK\n" + tables + `
t_env.create_temporary_function("f", helpers.f)
t_env.sql_query("SELECT f(a) AS a, b FROM src").execute_insert(SINK).wait()
for r in t_env.sql_query("SELECT a FROM src").execute().collect():
    helpers.shown(t_env, r)
`
	for name, text := range map[string]string{
		"jobs/job.py":         body,
		"jobs/adds.py":        "import os, sys\nsys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib'))\nimport json\nprint(json.dumps(1))\n" + body,
		"jobs/root.py":        "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))\nfrom lib import helpers\n" + strings.Replace(body, "import helpers\nfrom pkg", "from lib.pkg", 1),
		"lib/json.py":         "raise ValueError('not this one')\n",
		"lib/helpers.py":      "from pyflink.table.udf import udf\n@udf(result_type='BIGINT')\ndef f(x):\n    return x + 1\ndef shown(t_env, r):\n    print(len(r), t_env.list_tables())\n",
		"lib/pkg/__init__.py": "",
		"lib/pkg/names.py":    "SINK = 'snk'\n",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	const told = "module helpers isn't in the script's folder; it is in ../lib: pyfc build job.py --pyFiles ../lib"
	for _, c := range []struct{ script, given, want string }{
		{"job.py", "", told},
		{"job.py", "lib/helpers.py", "module pkg isn't in the script's folder"},
		{"job.py", "lib", "helpers.py job.py pkg/__init__.py pkg/names.py"},
		{"adds.py", "", "adds.py helpers.py pkg/__init__.py pkg/names.py"},
		{"root.py", "", "lib/helpers.py lib/pkg/__init__.py lib/pkg/names.py root.py"},
	} {
		opts := Options{Script: filepath.Join(dir, "jobs", c.script)}
		if c.given != "" {
			opts.PyFiles = []string{filepath.Join(dir, c.given)}
		}
		res := evaluate(t, opts)
		var got []string
		for _, d := range res.Diags {
			got = append(got, d.Message+"; "+d.Hint)
		}
		if got == nil {
			for _, f := range res.Job.Driver.Files {
				got = append(got, f.Path)
			}
			slices.Sort(got)
			if !slices.ContainsFunc(res.Job.Driver.Calls, func(call ir.DriverCall) bool {
				return strings.HasSuffix(call.File, "helpers.py") && slices.Contains(got, call.File)
			}) {
				t.Errorf("%v: no call of helpers.py is kept", c)
			}
		}
		if text := strings.Join(got, " "); !strings.Contains(text, c.want) {
			t.Errorf("%v\ngot %s", c, text)
		}
	}
}

// TestExplained ends without a job where plans are all that is asked for.
func TestExplained(t *testing.T) {
	for _, src := range []string{
		"s = t_env.create_statement_set()\ns.add_insert_sql('INSERT INTO snk SELECT a, b FROM src')\nprint(s.explain())",
		"t_env.from_path('src').select('a, b').insert_into('snk')\nprint(t_env.explain())",
		"print(t_env.from_path('src').explain())",
		"t_env.from_path('snk').print_schema()", // which can't be read
	} {
		accepted(t, script(t, tables+src, nil))
	}
}

// TestAbsentFolder blames a folder that the build wasn't given where a script ends
// without a job.
func TestAbsentFolder(t *testing.T) {
	res := script(t, "import os, sys\n"+tables+"if not os.path.exists('/nowhere/jars'):\n    sys.exit(1)\nt_env.from_path('src').execute_insert('snk')\n", nil)
	last := res.Diags[len(res.Diags)-1]
	if last.Code != diag.InputFile || !strings.Contains(last.Hint, "/nowhere/jars wasn't there for the build") {
		t.Errorf("got %v", res.Diags)
	}
}

func TestDependencies(t *testing.T) {
	job := accepted(t, script(t, tables+`
t_env.add_python_file("lib")
t_env.add_python_file("one.py")
t_env.set_python_requirements("req.txt")
t_env.add_python_archive("data.zip", "d")
t_env.execute_sql("INSERT INTO snk SELECT c, b FROM src")
`, map[string]string{"lib/p/q.py": "", "lib/__pycache__/x.pyc": "", "one.py": "", "req.txt": "# pinned\nsix==1.0  # old\n\nabc\n", "data.zip": "z"}))
	var paths []string
	for _, f := range job.Files {
		paths = append(paths, f.Path)
	}
	if got := strings.Join(paths, " "); got != "archives/d/data.zip one.py p/q.py" {
		t.Errorf("files %s", got)
	}
	if got := strings.Join(job.Requirements, "|"); got != "six==1.0|abc" {
		t.Errorf("requirements %s", got)
	}
}

// TestBroughtPackages: what comes with PyFlink is among the requirements where a
// function needs it.
func TestBroughtPackages(t *testing.T) {
	const call = "\nt_env.create_temporary_function('f', f)\nt_env.execute_sql('INSERT INTO snk SELECT f(c), b FROM src')\n"
	for src, want := range map[string]string{
		"f = udf(lambda x: x, result_type='BIGINT')":                                                                  "",
		"f = udf(lambda x: x, result_type='BIGINT', func_type='pandas')":                                              "pandas",
		"import numpy as np\nf = udf(lambda x: int(np.sqrt(x)), result_type='BIGINT')":                                "numpy",
		"import numpy as np\nf = udf(lambda x: x, result_type='BIGINT')":                                              "",
		"@udf(result_type='BIGINT')\ndef f(x):\n    from pandas.api import types\n    import os, numpy\n    return x": "numpy|pandas",
		"t_env.add_python_file('lib.py')\nf = udf(lambda x: x, result_type='BIGINT')":                                 "numpy",
	} {
		job := accepted(t, script(t, tables+src+call, map[string]string{"lib.py": "from numpy import sqrt\n"}))
		if got := strings.Join(job.Requirements, "|"); got != want {
			t.Errorf("%s\nneeds %q, want %q", src, got, want)
		}
	}
}

func TestSleep(t *testing.T) {
	job := accepted(t, script(t, "import time\n"+tables+`
time.sleep(1)
t_env.execute_sql("INSERT INTO snk SELECT c, b FROM src")
time.sleep(1)
print("started")
while True:
    time.sleep(60)
`, nil))
	if n := len(job.Actions); n != 2 || job.Actions[1].Print.Display() != "started\n" {
		t.Errorf("got %d actions", n)
	}
}

// TestSleepWithoutJob says where a script waits that submits nothing.
func TestSleepWithoutJob(t *testing.T) {
	res := script(t, "import time\nwhile True:\n    time.sleep(1)\n", nil)
	if len(res.Diags) != 1 || res.Diags[0].Code != diag.NoPipeline || len(res.Diags[0].Notes) != 1 || res.Diags[0].Notes[0].Pos.Line != 3 {
		t.Errorf("got %v", res.Diags)
	}
}

// TestSlices checks that functions of the driver travel as what they need of
// it, with the environment left out.
func TestSlices(t *testing.T) {
	job := accepted(t, script(t, tables+`
import json
limits = {"a": 1}
limits["b"] = 2
class Scale(ScalarFunction):
    def __init__(self, n): self.n = n
    def eval(self, x): return x * self.n
def main(offset):
    t = t_env.from_path("src")
    add = udf(lambda x: x + offset, result_type="BIGINT")
    @udf(result_type="BIGINT")
    def limit(s): return limits.get(json.loads(s), offset)
    t_env.create_temporary_function("scale", udf(Scale(3), result_type="BIGINT"))
    t.select(add(col("c")) + limit(col("b")) + call("scale", col("c")), lit("x")).execute_insert("snk")
if __name__ == "__main__":
    main(5)
`, nil))
	want := map[string]string{
		"<lambda>": "for offset, in [(5,)]:\n    _pyfc_function = (lambda x: x + offset)",
		"limit": "from pyflink.table.udf import udf\n" +
			"import json\nlimits = {\"a\": 1}\nlimits[\"b\"] = 2\nfor offset, in [(5,)]:\n" +
			"    @udf(result_type=\"BIGINT\")\n    def limit(s): return limits.get(json.loads(s), offset)",
		"scale": "from pyflink.table.udf import ScalarFunction\n" +
			"class Scale(ScalarFunction):\n    def __init__(self, n): self.n = n\n    def eval(self, x): return x * self.n\n" +
			"_pyfc_function = object.__new__(Scale); _pyfc_function.__dict__.update({'n': 3})",
	}
	for _, u := range job.UDFs() {
		var lines []string
		for line := range strings.Lines(u.Ref.Source) {
			if strings.TrimSpace(line) != "" {
				lines = append(lines, strings.TrimRight(line, "\n"))
			}
		}
		if got := strings.Join(lines, "\n"); got != want[u.Name] {
			t.Errorf("%s travels as\n%s\nwant\n%s", u.Name, got, want[u.Name])
		}
		delete(want, u.Name)
	}
	if len(want) > 0 {
		t.Errorf("functions that aren't there: %v", want)
	}
}

// TestAnswers checks what a script is told at build.
func TestAnswers(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{"EnvironmentSettings.in_batch_mode().get_built_in_catalog_name()", "default_catalog"},
		{"EnvironmentSettings.in_batch_mode().get_built_in_database_name()", "default_database"},
		{"EnvironmentSettings.in_batch_mode().to_configuration().get_string('execution.runtime-mode', '')", "BATCH"},
		{"t_env.list_full_modules()", "[ModuleEntry{name='core', used=true}]"},
		{"t_env.list_full_modules()[0].name(), t_env.list_full_modules()[0].used()", "core True"},
		{"ResultKind.SUCCESS, SqlDialect.HIVE", "0 1"},
	} {
		res := script(t, tables+"print("+c.expr+")\nt_env.from_path('src').select('a, b').execute_insert('snk')", nil)
		if got, _ := res.Job.Actions[0].Print.Const(); strings.TrimSpace(got) != c.want {
			t.Errorf("%s: got %q, want %q", c.expr, got, c.want)
		}
	}
}
