package pyeval_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

// writeTree writes files below a new folder and returns it.
func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runTree runs job.py of a tree with the given extra modules.
func runTree(t *testing.T, files map[string]string, opts pyeval.Options, more ...*pyeval.Module) (*pyeval.Interp, string, error) {
	t.Helper()
	host := &recorder{}
	opts.Host = host
	in := pyeval.New(opts)
	register(in)
	for _, m := range more {
		in.RegisterModule(m.Name(), func(*pyeval.Thread) *pyeval.Module { return m })
	}
	err := in.RunFile(filepath.Join(writeTree(t, files), "job.py"))
	return in, host.String(), err
}

func TestImports(t *testing.T) {
	in, out, err := runTree(t, map[string]string{
		"job.py": `
import sibling, pkg.sub.deep, space.mod as sm
from pkg import value, sub, helper as h
from pkg.sub import deep as d2
from pkg.star import *
import logging, csv
print(sibling.x, pkg.sub.deep.name, sm.v, value, sub.deep is d2, h.f(), a, 'hidden' in globals(), '_b' in globals(), __name__)
print(pkg.sub.deep.__file__.endswith('pkg/sub/deep.py'), sibling.__name__, pkg.sub.deep.__name__, pkg.__package__, sibling.__doc__)
def late():
    from pkg.sub.deep import up
    return up
print(late())
try:
    from sibling import nope
except ImportError as e:
    print(type(e).__name__, e)
try:
    import pkg.gone
except ModuleNotFoundError as e:
    print(e)
`,
		"sibling.py":          "'doc'\nprint('loading sibling')\nx = 1\nif __name__ == '__main__': print('never')",
		"pkg/__init__.py":     "from .helper import f\nvalue = f() + 1",
		"pkg/helper.py":       "def f(): return 41",
		"pkg/star.py":         "a = 'A'\n_b = 1\nhidden = 2\n__all__ = ['a']",
		"pkg/sub/__init__.py": "",
		"pkg/sub/deep.py":     "from ..helper import f\nfrom .. import value as up\nfrom . import __name__ as name",
		"space/mod.py":        "v = 'ns'",
		"logging/notes.txt":   "no package",
	}, pyeval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := `loading sibling
1 pkg.sub ns 42 True 41 A False False __main__
True sibling pkg.sub.deep pkg doc
42
ImportError cannot import name 'nope' from 'sibling'
No module named 'pkg.gone'
`
	if out != want {
		t.Errorf("printed\n%s\nwant\n%s", out, want)
	}
	var names []string
	for _, m := range in.Modules() {
		names = append(names, m.Name())
	}
	if got := strings.Join(names, " "); got != "__main__ sibling pkg pkg.helper pkg.sub pkg.sub.deep space.mod pkg.star" {
		t.Errorf("modules %s", got)
	}
}

func TestErrorInImportedModule(t *testing.T) {
	in, _, err := runTree(t, map[string]string{"job.py": "import bad", "bad.py": "x = 1\ny = zz"}, pyeval.Options{})
	if err == nil {
		t.Fatal("no error")
	}
	d := in.Diagnostics()[0]
	if filepath.Base(d.Pos.File) != "bad.py" || d.Pos.Line != 2 || len(d.Notes) != 1 || d.Notes[0].Pos.Line != 1 {
		t.Errorf("got %v, notes %v", d, d.Notes)
	}
}

func TestFilesBelowTheScript(t *testing.T) {
	outside := writeTree(t, map[string]string{"real.sql": "outside"})
	in, out, err := runTree(t, map[string]string{
		"job.py": `
import os, pathlib, json
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, 'q', 'a.sql')) as f:
    print(f.read().strip(), f.closed)
print(f.closed, [l for l in open('q/a.sql')], pathlib.Path(__file__).parent.joinpath('q/a.sql').read_text())
print(json.load(open('c.json'))['k'], open('/etc/app.sql').read(), os.path.exists('q'), os.listdir('q'))
`,
		"q/a.sql": "select\r\n1\n",
		"c.json":  `{"k": [1]}`,
	}, pyeval.Options{Files: map[string]string{"/etc/app.sql": filepath.Join(outside, "real.sql")}})
	if err != nil {
		t.Fatal(err)
	}
	want := "select\n1 False\nTrue ['select\\n', '1\\n'] select\n1\n\n[1] outside True ['a.sql']\n"
	if out != want {
		t.Errorf("printed %q", out)
	}
	files := in.FilesRead()
	last := files[len(files)-1]
	if len(files) != 4 || last.Path != "/etc/app.sql" || last.SHA256 != "31207a2065f46a5b948fce6fe5c13e85abaf5631e2f894b47dcd4fce14f6c57b" {
		t.Errorf("files %+v", files)
	}
}

// table is the Go half of the fake pyflink's Table.
type table struct{ calls []string }

// fakeFlink is a tiny pyflink.table that records what a script says.
func fakeFlink(record *[]string, spans *[]pyast.Span) []*pyeval.Module {
	expr := pyeval.NewClass("pyflink.table.expression", "Expression")
	for name, op := range map[string]string{"__add__": "+", "__gt__": ">", "__and__": "&", "__eq__": "=="} {
		expr.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			self, _ := pyeval.Data[string](c.Self())
			other, err := c.Thread.Text(c.Arg("other"))
			if e, ok := pyeval.Data[string](c.Arg("other")); ok {
				other, err = pyeval.NewStr(e), nil
			}
			if err != nil {
				return nil, err
			}
			return expr.Make("(" + self + " " + op + " " + other.(*pyeval.Str).String() + ")"), nil
		})
	}
	expr.Def("__radd__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		self, _ := pyeval.Data[string](c.Self())
		return expr.Make("(lit + " + self + ")"), nil
	})
	expr.Def("__invert__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		self, _ := pyeval.Data[string](c.Self())
		return expr.Make("~" + self), nil
	})
	expr.Getter("sum", func(c *pyeval.Call) (pyeval.Value, error) {
		self, _ := pyeval.Data[string](c.Self())
		return expr.Make(self + ".sum"), nil
	})
	tables := pyeval.NewClass("pyflink.table.table", "Table")
	tables.Def("select(self, *fields: Expression|str)", func(c *pyeval.Call) (pyeval.Value, error) {
		tab, _ := pyeval.Data[*table](c.Self())
		for i, f := range c.Elems("fields") {
			if e, ok := pyeval.Data[string](f); ok {
				tab.calls = append(tab.calls, e)
			} else {
				tab.calls = append(tab.calls, f.(*pyeval.Str).String())
			}
			*spans = append(*spans, c.Where("fields", i))
		}
		*record = append(*record, strings.Join(tab.calls, ", "))
		return c.Self(), nil
	})
	env := pyeval.NewClass("pyflink.table.table_environment", "TableEnvironment")
	env.Static("create(settings=None)", func(*pyeval.Call) (pyeval.Value, error) { return env.Make(nil), nil })
	env.Def("execute_sql(self, stmt: text)", func(c *pyeval.Call) (pyeval.Value, error) {
		if s, ok := c.Arg("stmt").(*pyeval.Str); ok {
			if i := strings.Index(s.String(), "FALSCH"); i >= 0 {
				c.Thread.Report(diag.New(diag.SQLSyntax, c.Locate("stmt", i).Pos(), "unexpected FALSCH"))
				return pyeval.Poison(c.Span), nil
			}
			*record = append(*record, s.String())
		}
		return pyeval.None, nil
	})
	env.Def("from_path(self, path: str)", func(*pyeval.Call) (pyeval.Value, error) { return tables.Make(&table{}), nil })
	scalar := pyeval.NewClass("pyflink.table.udf", "ScalarFunction")
	scalar.Def("is_deterministic(self)", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.True, nil })
	m := pyeval.NewModule("pyflink.table").Add(env, scalar)
	m.Def("col(name: str)", func(c *pyeval.Call) (pyeval.Value, error) { return expr.Make(c.Str("name")), nil })
	m.Def("udf(f=None, *, result_type=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		if c.Arg("f") != pyeval.None {
			*record = append(*record, describe(c.Arg("f")))
			return c.Arg("f"), nil
		}
		return pyeval.NewNative("udf(f)", func(c *pyeval.Call) (pyeval.Value, error) {
			*record = append(*record, "decorated "+describe(c.Arg("f")))
			return c.Arg("f"), nil
		}), nil
	})
	return []*pyeval.Module{pyeval.NewModule("pyflink"), m}
}

// describe tells what UDF shipping asks about a function or object.
func describe(v pyeval.Value) string {
	switch f := v.(type) {
	case *pyeval.Function:
		s := f.Qualname() + " of " + f.Module().Name()
		if f.IsModuleLevel() {
			s += " at module level"
		}
		for _, cell := range f.Closure() {
			s += " with " + cell.Name
		}
		return s
	case *pyeval.Instance:
		return "object of " + f.Class().Qualname() + " of " + f.Class().Source().Name()
	}
	return "?"
}

func TestNativeModel(t *testing.T) {
	var record []string
	var spans []pyast.Span
	_, out, err := runTree(t, map[string]string{"job.py": `
from pyflink.table import TableEnvironment, ScalarFunction, col, udf
import helper
t_env = TableEnvironment.create()
t_env.execute_sql("CREATE TABLE a (" "x INT)")
tab = t_env.from_path('a').select(~(col('a') + 1 > 2) & (1 + col('b')), col('c').sum, "d")
@udf(result_type='INT')
def f(x): return x
def make(k):
    n = 2
    def g(x): return x + n + k
    return g
udf(make(1)); udf(lambda x: x); udf(helper.h)
class U(ScalarFunction):
    def __init__(self, n): self.n = n
    def eval(self, x): return x + self.n
    @staticmethod
    def s(): return 1
u = U(5)
udf(u); udf(U.eval)
print(u.is_deterministic(), u.eval(1), isinstance(u, ScalarFunction), f(3), (col('a') == 1) is None)
`, "helper.py": "def h(x): return x"}, pyeval.Options{}, fakeFlink(&record, &spans)...)
	if err != nil {
		t.Fatal(err)
	}
	if out != "True 6 True 3 False\n" {
		t.Errorf("printed %q", out)
	}
	want := []string{"CREATE TABLE a (x INT)", "(~((a + 1) > 2) & (lit + b)), c.sum, d", "decorated f of __main__ at module level",
		"make.<locals>.g of __main__ with n with k", "<lambda> of __main__ at module level", "h of helper at module level",
		"object of U of __main__", "U.eval of __main__"}
	if strings.Join(record, "\n") != strings.Join(want, "\n") {
		t.Errorf("recorded\n%s", strings.Join(record, "\n"))
	}
	if len(spans) != 3 || spans[1].Line != 6 || spans[1].Col != 73 {
		t.Errorf("spans %+v", spans)
	}
}

// TestPlacesInsideSQL finds a fault of an SQL text in the script, through the
// ways in which scripts build texts. The script's "FALSCH" stands where the
// diagnostic must point.
func TestPlacesInsideSQL(t *testing.T) {
	for _, script := range []string{
		`t.execute_sql("SELECT FALSCH")`,
		`t.execute_sql("""
  CREATE TABLE x (
    FALSCH
  )""")`,
		`t.execute_sql("SELECT a, "
              "é, FALSCH")`,
		`ddl = "SELECT " + name + " FALSCH"
t.execute_sql(ddl)`,
		`t.execute_sql("SELECT {} FALSCH".format(name))`,
		`t.execute_sql("SELECT %s FALSCH %d" % (name, 3))`,
		`t.execute_sql(f"SELECT {name} FALSCH {1 + 1}")`,
		`t.execute_sql("  SELECT FALSCH ".strip().replace("SELECT", "select"))`,
		`t.execute_sql("; ".join(["a", "b FALSCH"]).split("; ")[1])`,
		`parts = "a;b FALSCH".split(";")
t.execute_sql(parts[-1])`,
	} {
		var record []string
		var spans []pyast.Span
		prelude := "from pyflink.table import TableEnvironment\nt = TableEnvironment.create()\nname = 'nämé'\n"
		in, _, err := runTree(t, map[string]string{"job.py": prelude + script + "\n"}, pyeval.Options{}, fakeFlink(&record, &spans)...)
		if err == nil {
			t.Errorf("%s: no error", script)
			continue
		}
		before, _, _ := strings.Cut(prelude+script, "FALSCH")
		line := strings.Count(before, "\n") + 1
		col := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
		if p := in.Diagnostics()[0].Pos; p.Line != line || p.Column != col {
			t.Errorf("%s: at %d:%d, want %d:%d", script, p.Line, p.Column, line, col)
		}
	}
}

// TestReportedOnce checks that what follows from a reported fault isn't
// reported again.
func TestReportedOnce(t *testing.T) {
	var record []string
	var spans []pyast.Span
	in, _, err := runTree(t, map[string]string{"job.py": `
from pyflink.table import TableEnvironment
t = TableEnvironment.create()
r = t.execute_sql("FALSCH").wait()
r.print()
if r: pass
`}, pyeval.Options{}, fakeFlink(&record, &spans)...)
	if err == nil || len(in.Diagnostics()) != 1 {
		t.Errorf("error %v, diagnostics %v", err, in.Diagnostics())
	}
}

func TestSignatureErrors(t *testing.T) {
	m := pyeval.NewModule("m")
	m.Def("f(a: str, b: int=1, *, c: list|None=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.NewTuple(c.Arg("a"), c.Arg("b"), c.Arg("c"), pyeval.Bool(c.Given("b"))), nil
	})
	k := pyeval.NewClass("m", "K").Def("run(self, n: float)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.Float(c.Float("n")), nil
	})
	m.Add(k)
	_, out, err := runTree(t, map[string]string{"job.py": `
import m
def tell(f):
    try:
        print(f())
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
for f in [lambda: m.f('x'), lambda: m.f('x', 2, c=[1]), lambda: m.f(a='x', b=True), lambda: m.f(), lambda: m.f(1), lambda: m.f('a', 'b'),
          lambda: m.f('a', 1, 2), lambda: m.f('a', z=1), lambda: m.f('a', a='b'), lambda: m.K().run(3), lambda: m.K().run(),
          lambda: m.K().run('3'), lambda: m.K.run(5, 3), lambda: m.K().walk(), lambda: m.K(1), lambda: setattr(m.K, 'x', 1)]:
    tell(f)
`}, pyeval.Options{}, m)
	if err != nil {
		t.Fatal(err)
	}
	want := `('x', 1, None, False)
('x', 2, [1], True)
('x', True, None, True)
TypeError f() missing 1 required positional argument: 'a'
TypeError f() argument 'a' must be str, not int
TypeError f() argument 'b' must be int, not str
TypeError f() takes from 1 to 2 positional arguments but 3 were given
TypeError f() got an unexpected keyword argument 'z'
TypeError f() got multiple values for argument 'a'
3.0
TypeError K.run() missing 1 required positional argument: 'n'
TypeError run() argument 'n' must be float, not str
TypeError descriptor 'run' for 'K' objects doesn't apply to a 'int' object
AttributeError 'K' object has no attribute 'walk'
TypeError K() takes no arguments
TypeError cannot set 'x' attribute of immutable type 'K'
`
	if out != want {
		t.Errorf("printed\n%s", out)
	}
}
