package golden

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/compiler/cli"
	"pyfc/golden/services"
)

// pyfcTest runs pyfc test and returns its exit code and what it says.
func pyfcTest(args ...string) (int, string) {
	var out, errs bytes.Buffer
	code := cli.Main(append([]string{"test"}, args...), &out, &errs)
	return code, out.String() + errs.String()
}

// changeFile exchanges a text in a file.
func changeFile(t *testing.T, path, from, to string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(data, []byte(from)) {
		t.Fatalf("%s doesn't say %s: %v", path, from, err)
	}
	if err := os.WriteFile(path, bytes.Replace(data, []byte(from), []byte(to), 1), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestJobTests is the README's example: the test of a job passes, catches an
// aggregate that was changed, and takes the change when told to.
func TestJobTests(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("examples/popularity")); err != nil {
		t.Fatal(err)
	}
	script, tests := filepath.Join(dir, "job.py"), filepath.Join(dir, "tests")
	if code, said := pyfcTest(tests); code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	changeFile(t, script, `col("seconds").avg`, `col("seconds").sum`)
	code, said := pyfcTest(tests)
	if want := "row product=teapot, column mean_seconds: got 45, want 15"; code != 1 || !strings.Contains(said, want) {
		t.Errorf("exit code %d, want a line %q in:\n%s", code, want, said)
	}
	if code, said := pyfcTest("-update", tests); code != 0 {
		t.Errorf("exit code %d\n%s", code, said)
	}
	if code, said := pyfcTest(tests); code != 0 {
		t.Errorf("exit code %d after the update\n%s", code, said)
	}
}

// clockJob prints and writes, from rows in the case.
const clockJob = `A script in the case, rows in place of a topic, and a clock that stands.
-- case.json --
{"env": {"TOPIC": "clicks"}, "clock": "2024-02-29T23:59:58Z"}
-- job.py --
import os
from pyflink.table import EnvironmentSettings, TableEnvironment
t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.get_config().set("table.local-time-zone", "UTC")
t_env.execute_sql("CREATE TABLE clicks (a INT, b STRING) WITH ('connector' = 'kafka', 'topic' = '" + os.environ["TOPIC"] + "', 'properties.bootstrap.servers' = 'nowhere:1', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json')")
t_env.execute_sql("CREATE TABLE seen (b STRING, seen_on STRING, n INT) WITH ('connector' = 'jdbc', 'url' = 'jdbc:mysql://nowhere:1/x', 'table-name' = 'seen')")
print("reading", os.environ["TOPIC"])
t_env.execute_sql("INSERT INTO seen SELECT b, CAST(CURRENT_DATE AS STRING), a FROM clicks")
-- in/clicks.%s --
%s
-- want/seen.csv --
b,seen_on,n
x,2024-02-29,1
y,2024-02-29,2
-- want/seen.changes --
+I[y, 2024-02-29, 2]
+I[x, 2024-02-29, 1]
-- want/stdout --
reading clicks
`

// TestJobTestForms runs cases with rows and with records, and ones that can't
// be run: each says what is wrong.
func TestJobTestForms(t *testing.T) {
	const records, rows = `{"a": 2, "b": "y"}` + "\n" + `{"a": 1, "b": "x"}`, `[[2, "y"], [1, "x"]]`
	base := fmt.Sprintf(clockJob, "txt", records)
	upserts := strings.NewReplacer("(a INT, b STRING)", "(a INT, b STRING, PRIMARY KEY (b) NOT ENFORCED)", "'connector' = 'kafka'", "'connector' = 'upsert-kafka'",
		"'scan.startup.mode' = 'earliest-offset', 'format' = 'json'", "'value.format' = 'json', 'key.format' = 'json'",
		"(b STRING, seen_on STRING, n INT)", "(b STRING, seen_on STRING, n INT, PRIMARY KEY (b) NOT ENFORCED)").
		Replace(fmt.Sprintf(clockJob, "json", `[[2, "y"], [1, "x"], [3, "z"], {"-D": [null, "z"]}]`))
	upserts, _, _ = strings.Cut(upserts, "-- want/seen.changes --")
	for name, c := range map[string]struct {
		text string
		code int
		says string
	}{
		"records":        {base, 0, "ok"},
		"rows":           {fmt.Sprintf(clockJob, "json", rows), 0, "ok"},
		"order":          {strings.Replace(base, "+I[y, 2024-02-29, 2]\n", "", 1), 1, "line 1: got +I[y, 2024-02-29, 2], want +I[x, 2024-02-29, 1]"},
		"printed":        {strings.Replace(base, "reading clicks", "reading clocks", 1), 1, "line 1: got reading clicks, want reading clocks"},
		"no input":       {strings.Replace(base, "in/clicks", "beside/clicks", 1), 10, "no input for clicks: the case needs in/clicks.txt or in/clicks.json"},
		"unknown input":  {base + "-- in/clocks.txt --\n", 10, "in/clocks.txt: the job reads no table clocks; did you mean clicks?"},
		"unknown output": {base + "-- want/sen.csv --\n", 10, "want/sen.csv: the job writes no table sen; did you mean seen?"},
		"bad json":       {strings.Replace(base, `"clock"`, `"clok"`, 1), 10, `unknown field "clok"`},
		"no script":      {strings.Replace(base, "-- job.py --", "-- jab.py --", 1), 10, "the script job.py isn't there"},
		"bad script":     {strings.Replace(base, "SELECT b,", "SELECT c,", 1), 10, "the script doesn't build"},
		"nothing wanted": {strings.Replace(base, "-- want/", "-- wont/", -1), 10, "nothing is expected; pyfc test -update"},
		"keys": {strings.Replace(base, "'format' = 'json'", "'value.format' = 'json', 'key.format' = 'raw', 'key.fields' = 'b', 'value.fields-include' = 'EXCEPT_KEY'", 1), 10,
			"clicks has columns beside the values of its records, which in/clicks.txt can't hold: the case needs in/clicks.json"},
		"changes": {upserts, 0, "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "case.txtar")
			if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			if code, said := pyfcTest(file); code != c.code || !strings.Contains(said, c.says) {
				t.Errorf("exit code %d, want %d; want %q in:\n%s", code, c.code, c.says, said)
			}
		})
	}
}

// TestRecordJobTest makes a case of the first messages of a topic and runs it.
func TestRecordJobTest(t *testing.T) {
	k := services.StartKafka(t, services.KafkaOptions{})
	k.CreateTopic(t, "access_lines", 1)
	messages := make([]message, 50)
	for i := range messages {
		messages[i].value = fmt.Appendf(nil, "r%d,10.0.0.1,7,%d,/v.ts", i, i)
	}
	send(t, k, "access_lines", 1, messages...)
	script := filepath.Join(t.TempDir(), "job.py")
	err := os.WriteFile(script, []byte(`from pyflink.table import EnvironmentSettings, TableEnvironment
t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE lines (id STRING, client STRING, took INT, sent INT, path STRING) WITH ('connector' = 'kafka', 'topic' = 'access_lines', 'properties.bootstrap.servers' = '`+k.Addr()+`', 'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE totals (client STRING, sent INT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO totals SELECT client, SUM(sent) FROM lines GROUP BY client")
`), 0o644)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "first.txtar")
	if code, said := pyfcTest("--record", "10", script, "-o", file); code != 0 || !strings.Contains(said, "lines (10)") {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	if code, said := pyfcTest("-update", file); code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), "-- want/totals.csv --\nclient,sent\n10.0.0.1,45\n") {
		t.Errorf("the case: %v\n%s", err, text)
	}
	if code, said := pyfcTest(file); code != 0 {
		t.Errorf("exit code %d\n%s", code, said)
	}
}
