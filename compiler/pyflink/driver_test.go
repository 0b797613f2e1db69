package pyflink

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pyfc/ir"
	"pyfc/ir/diag"
)

// drivers are scripts that compute with rows, behind the declarations of
// tables: what is submitted, by the tables that are written, or the first
// diagnostic.
var driverCases = []struct{ name, src, want string }{
	{"rows in a list", "rows = list(q.execute().collect())\nprint(len(rows))", "collect"},
	{"sum", "n = 0\nfor r in q.execute().collect():\n    n += r[0]\nprint(f'{n:5d}', n > 3, n and 1, not n)", "collect"},
	{"print only", "for r in q.execute().collect():\n    print(r)", "no driver"},
	{"two results at once", "for a, b in zip(q.execute().collect(), q.execute().collect()):\n    print(a == b)", "collect collect"},
	{"rows of one result twice", "r = q.execute()\nfirst = next(r.collect())\nrest = list(r.collect())", "collect"},
	{"shown behind", "n = sum(r[0] for r in q.execute().collect())\nq.execute().print()\nq.execute_insert('snk').wait()", "collect collect snk"},
	{"either way of a branch", "if max(r[0] for r in q.execute().collect()) > 2:\n    q.execute_insert('snk').wait()\nelse:\n    q.execute().print()", "collect snk collect"},
	{"behind a loop that may be left", "for r in q.execute().collect():\n    if r[0] == 1:\n        break\nq.execute_insert('snk').wait()", "collect snk"},
	{"while", "it = q.execute().collect()\nwhile True:\n    try:\n        r = next(it)\n    except StopIteration:\n        break\nq.execute_insert('snk').wait()", "collect snk"},
	{"function that may return", "def find():\n    for r in q.execute().collect():\n        if r[0]:\n            return r\n    return None\nx = find()\nprint(x, x is None)\nq.execute_insert('snk').wait()", "collect snk"},
	{"generator", "def rows():\n    for r in q.execute().collect():\n        yield r[0]\nprint(sorted(rows()), [x for x in rows() if x])", "collect collect"},
	{"what doesn't depend on rows", "names = ['snk']\nseen = set()\nfor r in q.execute().collect():\n    seen.add(r[0])\nfor n in names:\n    q.execute_insert(n).wait()", "collect snk"},

	{"files of the job", "t_env.execute_sql(\"CREATE TABLE f (a INT, b STRING) WITH ('connector' = 'filesystem', 'path' = 'o/f', 'format' = 'csv')\")\nq.execute_insert('f').wait()\nimport os\nfor n in os.listdir('o/f'):\n    print(n)\nq.execute_insert('snk').wait()", "f snk"},
	{"files of the job by a recursive function", "t_env.execute_sql(\"CREATE TABLE f (a INT, b STRING) WITH ('connector' = 'filesystem', 'path' = 'o/f', 'format' = 'csv')\")\nq.execute_insert('f').wait()\nimport glob\nprint(len(glob.glob('o/**/*', recursive=True)))", "f"},
	{"output outside that may be there", "import os, shutil\nif os.path.exists('/nowhere/out'):\n    shutil.rmtree('/nowhere/out')\nq.execute_insert('snk').wait()", "snk"},
	{"file outside that may be there", "import pathlib\np = pathlib.Path('/nowhere/out.csv')\nif p.exists():\n    print('removing')\n    p.unlink()\nq.execute_insert('snk').wait()", "snk"},
	{"output that a function removes", "import os, shutil, glob, contextlib\nOUT = '/nowhere/out'\ndef wipe(p):\n    if os.path.isdir(p):\n        shutil.rmtree(p)\nif os.path.exists(OUT):\n    wipe(OUT)\nq.execute_insert('snk').wait()", "snk"},
	{"output that a method removes", "import os, shutil, glob, contextlib\nOUT = '/nowhere/out'\nclass Job:\n    def clean(self):\n        if os.path.exists(OUT):\n            self.wipe()\n    def wipe(self):\n        shutil.rmtree(OUT)\nJob().clean()\nq.execute_insert('snk').wait()", "snk"},
	{"output that is removed in a try", "import os, shutil, glob, contextlib\nOUT = '/nowhere/out'\nif os.path.exists(OUT):\n    try:\n        shutil.rmtree(OUT)\n    except OSError as gone:\n        print(gone)\nq.execute_insert('snk').wait()", "snk"},
	{"output that is removed in a with", "import os, shutil, glob, contextlib\nOUT = '/nowhere/out'\nif os.path.exists(OUT):\n    with contextlib.suppress(OSError):\n        os.remove(OUT)\nq.execute_insert('snk').wait()", "snk"},
	{"output that is removed unless a function returns before", "import os, shutil, glob, contextlib\nOUT = '/nowhere/out'\ndef clean(p):\n    if not os.path.exists(p):\n        return\n    shutil.rmtree(p)\nclean(OUT)\nq.execute_insert('snk').wait()", "snk"},
	{"output by a variable, a conjunction and a loop", "import os, shutil, glob, contextlib\nOUT = '/nowhere/out'\nthere = os.path.exists(OUT)\nif there:\n    shutil.rmtree(OUT)\nos.path.exists(OUT + '2') and os.remove(OUT + '2')\nfor f in glob.glob(OUT + '/*.csv'):\n    os.remove(f)\nwhile os.path.exists(OUT + '3'):\n    os.remove(OUT + '3')\nq.execute_insert('snk').wait()", "snk"},
	{"file outside that a function asks for", "import os, shutil, glob, contextlib\nOUT = '/nowhere/out'\ndef read(p):\n    if not os.path.exists(p):\n        return {}\n    return {'a': 1}\nif os.path.exists(OUT):\n    read(OUT)\nread(OUT)\nq.execute_insert('snk').wait()", "no driver"},
	{"list outside the files", "import os\nnames = ['a']\nif os.path.exists('/nowhere/out'):\n    names.remove('a')\nq.execute_insert('snk').wait()", "no driver"},
	{"while that counts", "n, rows = 0, q.execute().collect()\nwhile n < 10_000_000:\n    n += 1\n    print(next(rows))\nq.execute_insert('snk').wait()", "collect snk"},
	{"function that calls itself", "def deep(x):\n    return deep(x[0]) if x else 1\nprint(deep(list(q.execute().collect())))\nq.execute_insert('snk').wait()", "collect snk"},
	{"terminal", "name = input('name? ')\nprint('hello', name)\nif name:\n    input()\nq.execute_insert('snk').wait()", "snk"},
	{"terminal in a statement", "n = input()\nt_env.execute_sql(f'INSERT INTO snk SELECT a, b FROM src WHERE a > {n}')",
		"9:19 PY008 a text with input(…) is passed to execute_sql(), but it is only known when the job runs"},
	{"library", "import csv, heapq, json\nheap = []\nfor r in q.execute().collect():\n    heapq.heappush(heap, r[0])\nprint(json.dumps(heap), list(csv.reader(heap)))\nq.execute_insert('snk').wait()", "collect snk"},

	{"rows in a statement", "n = next(q.execute().collect())[0]\nt_env.execute_sql(f'INSERT INTO snk SELECT a, b FROM src WHERE a > {n}')",
		"9:19 PY008 a text with next(…)[…] is passed to execute_sql(), but it is only known when the job runs"},
	{"count in a query", "n = 0\nfor r in q.execute().collect():\n    n += 1\nq.fetch(n).execute_insert('snk')", "11:9 PY008"},
	{"list of names", "names = []\nbox = {'names': names}\nfor r in q.execute().collect():\n    names.append('snk')\nfor n in box['names']:\n    q.execute_insert(n)", "13:22 PY008"},
	{"attribute", "class C:\n    n = 1\nc = C()\nfor r in q.execute().collect():\n    c.n = 2\nq.fetch(c.n).execute_insert('snk')", "13:9 PY008"},
	{"submission in a loop over rows", "for r in q.execute().collect():\n    q.execute_insert('snk').wait()", "9:5 PY008 TableResult.collect() decides how often this is submitted"},
	{"table that rows decide", "if list(q.execute().collect()):\n    t_env.execute_sql('DROP TABLE snk')", "9:5 PY008 list(…) decides whether this is defined"},
	{"view that rows decide", "if list(q.execute().collect()):\n    t_env.create_temporary_view('v', q)", "9:5 PY008 list(…) decides whether this is defined"},
}

func TestDriver(t *testing.T) {
	for _, c := range driverCases {
		t.Run(c.name, func(t *testing.T) {
			res := script(t, tables+"q = t_env.sql_query('SELECT a, b FROM src')\n"+c.src, nil)
			if got := driverOutcome(res); !strings.HasPrefix(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func driverOutcome(res *Result) string {
	for _, d := range res.Diags {
		if d.Severity() == diag.Error {
			return fmt.Sprintf("%d:%d %s %s", d.Pos.Line, d.Pos.Column, d.Code, d.Message)
		}
	}
	if res.Job.Driver == nil {
		return "no driver"
	}
	var sinks []string
	for _, s := range res.Job.Sinks() {
		sinks = append(sinks, s.Table.Name)
	}
	return strings.Join(sinks, " ")
}

// TestDriverCalls checks what is kept of the calls of a driver.
func TestDriverCalls(t *testing.T) {
	res := script(t, tables+`names = t_env.list_tables()
for row in t_env.execute_sql("SHOW TABLES").collect():
    print(row[0])
t_env.from_path("src").print_schema()
try:
    t_env.from_path(1)
except TypeError as e:
    pass
rows = list(t_env.sql_query("SELECT a FROM src").execute().collect())
`, nil)
	if res.Job.Driver == nil {
		t.Fatal("the script is no driver")
	}
	var got []string
	for _, c := range res.Job.Driver.Calls {
		if c.Line >= 7 && c.Answer.Kind != ir.DriverObject {
			text, _ := c.Answer.Text.Const()
			got = append(got, fmt.Sprintf("%d %s %q %s %q", c.Line, c.Name, c.Args, c.Answer.Kind, text))
		}
	}
	want := []string{
		`7 list_tables [] value "['snk', 'src']"`,
		`8 collect [] answers "[('snk',), ('src',)]"`,
		`10 print_schema [] print "(\n  ` + "`a` INT,\\n  `b` STRING,\\n  `c` BIGINT\\n)\\n\"",
		`15 collect [] rows ""`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestFrames checks how columns are handed over to pandas.
func TestFrames(t *testing.T) {
	res := script(t, tables+`frame = t_env.sql_query("""SELECT a, CAST(c AS DECIMAL(10, 2)) AS d, ARRAY[b] AS e, MAP[b, a] AS f,
		CAST('2024-01-01 00:00:00' AS TIMESTAMP(6)) AS g, CAST('01:00:00' AS TIME) AS h, CAST(ROW(a, b) AS ROW<x INT, y STRING>) AS i FROM src""").to_pandas()
print(frame["a"].sum(), frame.shape[0] > 1)
`, nil)
	if res.Job.Driver == nil || len(res.Diags) > 0 {
		t.Fatal(res.Diags)
	}
	calls := res.Job.Driver.Calls
	got, _ := calls[len(calls)-1].Answer.Text.Const()
	want := `[["a","int32()"],["d","decimal128(10, 2)"],["e","list_(utf8())"],["f","map_(utf8(), int32())"],["g","timestamp('us')"],["h","time32('s')"],["i","struct([(\"x\", int32()), (\"y\", utf8())])"]]`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for src, want := range map[string]string{
		"pd.DataFrame({'a': [1, None], 'b': ['x', None]})":                              "(a DOUBLE, b STRING)",
		"pd.DataFrame([(1, True)], columns=['n', 'yes'])":                               "(n BIGINT, yes BOOLEAN)",
		"pd.DataFrame([{'a': 1}, {'b': 2.5}]), ['x', 'y']":                              "(x DOUBLE, y DOUBLE)",
		"pd.DataFrame([[1, 'x']]), [DataTypes.INT(), DataTypes.STRING()]":               "(`0` INT, `1` STRING)",
		"pd.read_csv('x.csv'), DataTypes.ROW([DataTypes.FIELD('a', DataTypes.DATE())])": "(a DATE)",
		"pd.read_csv('x.csv')":                   "the columns of pandas.read_csv(…) are only known when the job runs",
		"pd.DataFrame({'a': [1, 'x']})":          "the type of the DataFrame's column a isn't found at build",
		"pd.DataFrame({'a': [1]}, dtype='int8')": "the columns of pandas.DataFrame(…) are only known when the job runs",
	} {
		res := script(t, tables+"import pandas as pd\nt_env.from_pandas("+src+").execute().print()", nil)
		got := ""
		if len(res.Diags) > 0 {
			got = res.Diags[0].Message
		} else {
			got = res.Job.Sinks()[0].In.P().Schema.String()
		}
		if got != want {
			t.Errorf("from_pandas(%s)\ngot  %s\nwant %s", src, got, want)
		}
	}
	res = script(t, tables+"frame = t_env.sql_query(\"SELECT CAST('2024-01-01 00:00:00' AS TIMESTAMP(9)) AS g FROM src\").to_pandas()", nil)
	if len(res.Diags) != 1 || res.Diags[0].Code != diag.APIPlanned {
		t.Errorf("nanoseconds: %v", res.Diags)
	}
}
