package udfbridge

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pyfc/internal/expect"
	"pyfc/ir/types"
	"pyfc/rt/stream"
	"pyfc/rt/val"
	"pyfc/udfbridge/python"
)

// run feeds n rows and returns the results.
func run1(t *testing.T, spec *Spec, n int, settings ...string) (*call, []string) {
	t.Helper()
	c := newCall(t, spec, settings...)
	c.mustFeed(pairs(n, 10))
	if err := c.op.Close(); err != nil {
		t.Fatal(err)
	}
	return c, c.results()
}

// TestFunctionForms calls everything that can be a scalar function.
func TestFunctionForms(t *testing.T) {
	const source = `
import functools
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col
from pyflink.table.udf import FunctionContext, ScalarFunction, udf

LIMIT = 2

class Marker(ScalarFunction):
    def __init__(self, mark):
        self.mark = mark
        self.calls = 0

    def open(self, context: FunctionContext):
        self.prefix = context.get_job_parameter("prefix", "none")

    def eval(self, s, n):
        self.calls += 1
        return "%s%s%s%d" % (self.prefix, self.mark, s, self.calls)

class Callable(object):
    def __call__(self, s, n):
        return "called " + s

def plain(s, n):
    return "many" if n >= LIMIT else "few"

def between(low, s, n):
    return low + s

partial = udf(functools.partial(between, "low "), result_type=DataTypes.STRING())
lambda_ = udf(lambda s, n: s[::-1], result_type="STRING")
marker = udf(Marker("!"), result_type=DataTypes.STRING())
decorated = udf(result_type=DataTypes.STRING(), name="other")(plain)

def make(n):
    @udf(result_type=DataTypes.STRING())
    def inner(s, _):
        return s * n
    return inner
`
	for expr, want := range map[string]string{
		"plain":                           "few few many",
		"decorated":                       "few few many",
		"lambda_":                         "0 wor 1 wor 2 wor",
		"lambda s, n: str(n)":             "0 1 2",
		"partial":                         "low row 0 low row 1 low row 2",
		"marker":                          "p:!row 01 p:!row 12 p:!row 23",
		"Marker('?')":                     "p:?row 01 p:?row 12 p:?row 23",
		"Callable()":                      "called row 0 called row 1 called row 2",
		"make(2)":                         "row 0row 0 row 1row 1 row 2row 2",
		"'{}-{}'.format":                  "row 0-0 row 1-1 row 2-2",
		"__import__('hashlib') and plain": "few few many",
	} {
		t.Run(expr, func(t *testing.T) {
			spec := pairSpec(source, types.String())
			spec.Functions[0].Expression = expr
			spec.JobParameters = map[string]string{"prefix": "p:"}
			_, got := run1(t, spec, 3, "python.worker.address", sharedWorker(t))
			if s := strings.Join(got, " "); s != want {
				t.Errorf("got %q, want %q", s, want)
			}
		})
	}
}

// TestCalls nests calls, mixes in constants and returns several results.
func TestCalls(t *testing.T) {
	const source = `
def parts(s): return s.split(" ")
def last(p, default): return p[-1] if p else default
def show(*args): return repr(args)
def zero(): return "nothing"
`
	spec := &Spec{
		Code: &Code{Sources: []Source{{Module: "__main__", File: "job.py", Text: source}}},
		Functions: []Function{
			{Name: "parts", Module: "__main__", Expression: "parts"}, {Name: "last", Module: "__main__", Expression: "last"},
			{Name: "show", Module: "__main__", Expression: "show"}, {Name: "zero", Module: "__main__", Expression: "zero"},
		},
		Columns: pairColumns,
		Results: []Result{
			{Call: Expr{1, []Arg{Inner(Expr{0, []Arg{Column(0)}}), Constant("none")}}, Type: types.String()},
			{Call: Expr{2, []Arg{Constant(nil), Constant(true), Constant(int64(7)), Constant(0.5), Constant("é"), Constant([]byte("b")), Column(1)}}, Type: types.String()},
			{Call: Expr{3, nil}, Type: types.String()},
		},
	}
	codec := pairCodec
	codec.Result = func(in *pair, i int, r *Results, out *pair) error {
		out.out = strings.Join([]string{r.String(0, i), r.String(1, i), r.String(2, i)}, " ")
		return nil
	}
	c := prepareWith(t, spec, codec, "python.worker.address", sharedWorker(t))
	if err := c.op.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.mustFeed(pairs(2, 2))
	expect.List(t, c.results(),
		"0 (None, True, 7, 0.5, 'é', b'b', 0) nothing", "1 (None, True, 7, 0.5, 'é', b'b', 1) nothing")
}

// TestNoColumns calls a function without arguments once for each row.
func TestNoColumns(t *testing.T) {
	spec := pairSpec("import itertools\nf = itertools.count().__next__", types.String())
	spec.Functions[0].Expression = "lambda: str(f())"
	spec.Columns, spec.Results[0].Call.Args = nil, nil
	codec := pairCodec
	codec.Args = func([]pair, *Args, *val.Arena) error { return nil }
	c := prepareWith(t, spec, codec)
	if err := c.op.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.mustFeed(pairs(20, 7))
	c.wantNumbers(20, func(i int) string { return fmt.Sprint(i) })
}

// TestComputedArguments makes arguments in the arena of a request, which goes
// with the request, and fails on one.
func TestComputedArguments(t *testing.T) {
	var arenas []*val.Arena
	codec := pairCodec
	codec.Args = func(in []pair, a *Args, arena *val.Arena) error {
		arena.Retain()
		arenas = append(arenas, arena)
		for i := range in {
			if in[i].n == 7 {
				return val.Fail(errors.New("seven"), "f(n)", "job.py:1:1")
			}
			a.String(0).Append(arena.Concat(in[i].s, "!"))
			a.Int64(1).Append(in[i].n)
		}
		return nil
	}
	c := prepareWith(t, pairSpec(upperSource, types.String()), codec, "python.worker.address", sharedWorker(t))
	if err := c.op.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	batches := pairs(10, 5)
	c.mustFeed(batches[:1])
	c.wantNumbers(5, func(i int) string { return fmt.Sprint("ROW ", i, "!") })
	var failed *val.DataError
	if err := c.op.Process(batches[1]); !errors.As(err, &failed) || failed.Expr != "f(n)" {
		t.Errorf("the second batch ended with %v", err)
	}
	for i, a := range arenas {
		if a.Shared() {
			t.Errorf("the arena of request %d isn't released", i+1)
		}
	}
}

// TestFiles imports functions from files of the bundle, which come before an
// installed pyflink and before other modules of the same name.
func TestFiles(t *testing.T) {
	installed := t.TempDir()
	for name, text := range map[string]string{
		"pyflink/__init__.py": "raise ImportError('the installed one')", "helpers.py": "raise ImportError('not ours')",
	} {
		path := filepath.Join(installed, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PYTHONPATH", installed)
	spec := pairSpec("", types.String())
	spec.Functions[0] = Function{Name: "locate", Module: "shop.udfs", Expression: "locate"}
	spec.Code = &Code{
		Files: map[string]string{
			"shop/__init__.py": "",
			"shop/udfs.py": `import sys
from helpers import shout
from pyflink.datastream import MapFunction, StreamExecutionEnvironment
from pyflink.datastream.connectors.kafka import KafkaSource
from pyflink.table import DataTypes, TableEnvironment
from pyflink.table.udf import udf

env = StreamExecutionEnvironment.get_execution_environment()
source = KafkaSource.builder().set_topics("t").build()

class Upper(MapFunction):
    def map(self, value):
        return shout(value)

@udf(result_type=DataTypes.STRING())
def locate(s, n):
    if n == 1:
        return " ".join(sys.argv)
    return Upper().map(s)
`,
			"lib/helpers.py": "def shout(s): return s.upper() + '!'\n",
		},
		Path: []string{".", "lib"},
		Argv: []string{"job.py", "--day", "1"},
	}
	_, got := run1(t, spec, 2)
	expect.List(t, got, "ROW 0!", "job.py --day 1")
}

// TestDriverOnly: what exists in the driver only fails where it is needed.
func TestDriverOnly(t *testing.T) {
	const source = "from pyflink.table import TableEnvironment\nenv = TableEnvironment.create(None)\n" +
		"def f(s, n):\n    return s + str(env.sql_query('select 1'))\n"
	c := newCall(t, pairSpec(source, types.String()), "python.worker.address", sharedWorker(t))
	err := c.feed(pairs(1, 1))
	if err == nil {
		t.Fatal("no error")
	}
	expect.Contains(t, err.Error(), "needs the value of <pyflink.table.TableEnvironment.create().sql_query(), which exists in the driver program only>")
}

func TestException(t *testing.T) {
	const source = `

# lines of the driver that were left out

def helper(value):
    return 10 / value

def f(s, n):
    return str(helper(3 - n))
`
	for _, concurrency := range []string{"1", "4"} {
		c := newCall(t, pairSpec(source, types.String()), "python.udf.concurrency", concurrency, "python.worker.address", sharedWorker(t))
		err := c.feed(pairs(10, 10))
		var failure *FunctionError
		if !errors.As(err, &failure) || failure.ExitCode() != 13 {
			t.Fatalf("got %v", err)
		}
		got := regexp.MustCompile(`\n *[\^~]+`).ReplaceAllString(err.Error(), "")
		const want = `Python function f called with ('row 3', 3) failed: ZeroDivisionError: division by zero
Traceback (most recent call last):
  File "job.py", line 9, in f
    return str(helper(3 - n))
  File "job.py", line 6, in helper
    return 10 / value
ZeroDivisionError: division by zero`
		if got != want {
			t.Errorf("concurrency %s: got\n%s\nwant\n%s", concurrency, got, want)
		}
	}
}

// TestSlices: tracebacks show all lines of a file that travels in several
// slices, each in a module of its own.
func TestSlices(t *testing.T) {
	spec := pairSpec("\n\ndef f(s, n): return g(s)\n", types.String())
	spec.Code.Sources = append([]Source{
		{Module: "__main__.one", File: "job.py", Text: "def g(s):\n    return s[100]\n"},
		{Module: "__main__", File: "<inputs>", Text: "from __main__.one import g\n"},
	}, spec.Code.Sources...)
	c := newCall(t, spec, "python.worker.address", sharedWorker(t))
	err := c.feed(pairs(1, 1))
	if err == nil {
		t.Fatal("no error")
	}
	expect.Contains(t, err.Error(), `line 3, in f`, "def f(s, n): return g(s)", `line 2, in g`, "return s[100]")
}

// TestBadCalls: exceptions without a frame of the function, and SystemExit.
func TestBadCalls(t *testing.T) {
	for source, want := range map[string]string{
		"def f(s): return s":                                    "Python function f called with ('row 0', 0) failed: TypeError: f() takes 1 positional argument but 2 were given",
		"def f(s, n):\n    exit(3)":                             "failed: SystemExit: 3",
		"def f(s, n): return n":                                 "the function returned 0, its result type is STRING",
		"class E(Exception): pass\ndef f(s, n): raise E('own')": "failed: E: own",
	} {
		c := newCall(t, pairSpec(source, types.String()), "python.worker.address", sharedWorker(t))
		if err := c.feed(pairs(1, 1)); err == nil {
			t.Errorf("%q: no error", source)
		} else {
			expect.Contains(t, err.Error(), want)
		}
		c.op.Close()
	}
}

// TestNotNull: a function whose result is declared NOT NULL must not return
// None, whatever the policy.
func TestNotNull(t *testing.T) {
	for _, policy := range []string{"fail", "null"} {
		spec := pairSpec("def f(s, n): return None if n == 2 else s", types.String().NotNull())
		c := newCall(t, spec, "python.udf.on-error", policy, "python.worker.address", sharedWorker(t))
		err := c.feed(pairs(4, 4))
		if err == nil {
			t.Fatal("no error")
		}
		expect.Contains(t, err.Error(), "called with ('row 2', 2)", "declared NOT NULL is None")
		c.op.Close()
	}
}

func TestOpenFails(t *testing.T) {
	for source, want := range map[string]string{
		"import nowhere": "ModuleNotFoundError: No module named 'nowhere'",
		"def g(): pass":  "NameError: name 'f' is not defined",
		"f = 3":          "f is not a ScalarFunction but <class 'int'>",
		"def f(:":        "SyntaxError",
		"from pyflink.table.udf import TableFunction\nclass F(TableFunction):\n    def eval(self, s, n): yield s\nf = F()":                                                           "f is not a ScalarFunction but <class '__main__.F'>",
		"from pyflink.table.udf import ScalarFunction\nclass F(ScalarFunction):\n    def eval(self, s, n): return s\n    def open(self, c): raise ValueError('no licence')\nf = F()": "ValueError: no licence",
	} {
		c := prepareCall(t, pairSpec(source, types.String()), "python.worker.address", sharedWorker(t))
		err := c.op.Open(t.Context())
		var setup *python.SetupError
		if !errors.As(err, &setup) || setup.ExitCode() != 10 {
			t.Fatalf("%q: got %v", source, err)
		}
		expect.Contains(t, err.Error(), want)
	}
}

func TestCloseIsCalled(t *testing.T) {
	const source = `
from pyflink.table.udf import ScalarFunction
class F(ScalarFunction):
    def eval(self, s, n): return s
    def close(self): raise ValueError("closing")
`
	spec := pairSpec(source, types.String())
	spec.Functions[0].Expression = "F()"
	c := newCall(t, spec)
	c.mustFeed(pairs(1, 1))
	err := c.op.Close()
	var failure *FunctionError
	if !errors.As(err, &failure) {
		t.Fatalf("got %v", err)
	}
	expect.Contains(t, err.Error(), "Python function f failed: ValueError: closing")
}

func TestCache(t *testing.T) {
	const source = "calls = 0\ndef f(s, n):\n    global calls\n    calls += 1\n    return '%d:%s:%s' % (calls, s, n)\n"
	for _, c := range []struct {
		name, size    string
		deterministic bool
		float         bool
		want          string
	}{
		{"off", "0", true, false, "1:a:0 2:b:0 3:a:0 4:a:0"},
		{"on", "10", true, false, "1:a:0 2:b:0 1:a:0 1:a:0"},
		{"evicting", "1", true, false, "1:a:0 2:b:0 3:a:0 3:a:0"},
		{"not deterministic", "10", false, false, "1:a:0 2:b:0 3:a:0 4:a:0"},
		{"float argument", "10", true, true, "1:a:0.5 2:b:0.5 3:a:0.5 4:a:0.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			spec := pairSpec(source, types.String())
			spec.Functions[0].Deterministic = c.deterministic
			if c.float {
				spec.Results[0].Call.Args[1] = Constant(0.5)
			}
			op := newCall(t, spec, "python.udf.cache.size", c.size, "python.worker.address", sharedWorker(t))
			var inputs stream.Pool[pair]
			b := inputs.Get()
			for _, s := range []string{"a", "b", "a", "a"} {
				b.Add().s = s
			}
			op.mustFeed([]*stream.Batch[pair]{b})
			if got := strings.Join(op.results(), " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestConcurrency: slow rows overlap and keep their order.
func TestConcurrency(t *testing.T) {
	const source = `
import threading, time
lock, running, most = threading.Lock(), 0, 0
def f(s, n):
    global running, most
    with lock:
        running += 1
        most = max(most, running)
    time.sleep(0.02 if n % 3 else 0.06)
    with lock:
        running -= 1
    return s.upper() if n < 191 or most > 2 else f"at most {most} at a time"
`
	c := newCall(t, pairSpec(source, types.String()), "python.udf.concurrency", "16", "python.worker.address", sharedWorker(t))
	c.mustFeed(pairs(192, 10))
	c.wantNumbers(192, func(i int) string { return fmt.Sprint("ROW ", i) })
}

func TestDeadLetter(t *testing.T) {
	const source = "def f(s, n):\n    if n % 4 == 1:\n        raise KeyError(s)\n    return s.upper()\n"
	c := newCall(t, pairSpec(source, types.String()), "python.udf.on-error", "dead-letter", "python.worker.address", sharedWorker(t))
	c.mustFeed(pairs(8, 3))
	expect.List(t, c.results(), "ROW 0", "ROW 2", "ROW 3", "ROW 4", "ROW 6", "ROW 7")
	if n := c.sub.Count.DeadLettered.Load(); n != 2 {
		t.Errorf("%d rows were counted", n)
	}
	expect.Contains(t, c.log.String(), "row dropped", `arguments="('row 5', 5)" error="KeyError: 'row 5'"`)
}

func TestNullOnError(t *testing.T) {
	const source = "def f(s, n):\n    if n % 4 == 1:\n        raise KeyError(s)\n    return s.upper()\n"
	c := newCall(t, pairSpec(source, types.String()), "python.udf.on-error", "null", "python.worker.address", sharedWorker(t))
	c.mustFeed(pairs(6, 3))
	expect.List(t, c.results(), "ROW 0", "None", "ROW 2", "ROW 3", "ROW 4", "None")
	if n := c.sub.Count.Failed.Load(); n != 2 {
		t.Errorf("%d rows were counted", n)
	}
}

func TestLoggingAndMetrics(t *testing.T) {
	const source = `
import logging, sys
from pyflink.table.udf import ScalarFunction

log = logging.getLogger("shop.udf")

class F(ScalarFunction):
    def open(self, context):
        group = context.get_metric_group().add_group("shop").add_group("day", 7)
        self.counter = group.counter("rows")
        self.meter = context.get_metric_group().meter("speed", 10)
        self.distribution = group.distribution("n")
        group.gauge("half", lambda: self.counter.get_count() // 2)

    def eval(self, s, n):
        self.counter.inc()
        self.meter.mark_event(2)
        self.distribution.update(n)
        if n == 2:
            log.warning("strange row %s", s)
            print("printed", n)
        try:
            return s[100]
        except IndexError:
            log.debug("short row", exc_info=True)
            return ""

    def close(self):
        log.error("closing")
f = F()
`
	c, _ := run1(t, pairSpec(source, types.String()), 5)
	expect.Contains(t, c.log.String(),
		`level=WARN msg="strange row row 2"`, "logger=shop.udf", "line=20",
		"level=DEBUG msg=\"short row\"", "IndexError: string index out of range",
		"level=ERROR msg=closing", `msg="printed 2" stream=stdout`)
	got := map[string]stream.FunctionMetric{}
	for _, m := range *c.sub.Count.Functions.Load() {
		got[m.Name] = m
	}
	if m := got["shop.day.7.rows"]; m.Kind != stream.CounterMetric || m.Count != 5 {
		t.Errorf("counter: %+v", m)
	}
	if m := got["speed"]; m.Kind != stream.MeterMetric || m.Count != 10 || m.Value != 1 {
		t.Errorf("meter: %+v", m)
	}
	if m := got["shop.day.7.n"]; m.Kind != stream.DistributionMetric || m.Count != 5 || m.Sum != 10 || m.Min != 0 || m.Max != 4 {
		t.Errorf("distribution: %+v", m)
	}
	if m := got["shop.day.7.half"]; m.Kind != stream.GaugeMetric || m.Value != 2 {
		t.Errorf("gauge: %+v", m)
	}
}
