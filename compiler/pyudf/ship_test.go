package pyudf

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/pyeval/stdlib"
	"pyfc/golden/services"
	"pyfc/ir/diag"
)

// envClass stands for what belongs to the job.
var envClass = pyeval.NewClass("jobs", "Env")

func init() {
	envClass.Def("register(self, *things)", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.None, nil })
	envClass.Def("limit(self)", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(7), nil })
	envClass.Def("rows(self)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Self(), nil })
}

func isEnv(v pyeval.Value) bool { return v == envClass || v != nil && v.Class() == envClass }

// script evaluates files; job.py is the driver.
func script(t *testing.T, files map[string]string) (*pyeval.Interp, *Shipper) {
	t.Helper()
	dir := t.TempDir()
	for name, src := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	in := pyeval.New(pyeval.Options{})
	stdlib.Register(in)
	in.RegisterModule("jobs", func(*pyeval.Thread) *pyeval.Module {
		return pyeval.NewModule("jobs").Add(envClass).Def("setting(name: str)", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewSym(&pyeval.Input{Kind: pyeval.EnvInput, Name: c.Str("name")}, c.Span), nil
		})
	})
	if err := in.RunFile(filepath.Join(dir, "job.py")); err != nil {
		t.Fatal(err)
	}
	return in, NewShipper(in, isEnv)
}

func global(t *testing.T, in *pyeval.Interp, name string) pyeval.Value {
	t.Helper()
	v, ok := in.Main().Dict().GetStr(name)
	if !ok {
		t.Fatalf("the script has no %s", name)
	}
	return v
}

// sliceCases are drivers with the slice of their function f; a line that the
// slice leaves out is empty in it.
var sliceCases = []struct{ name, driver, want string }{
	{"function alone", `
import os, json
from jobs import Env
env = Env()
def f(x):
    return x + 1
env.register(f)
`, `



def f(x):
    return x + 1
`},
	{"names it needs, in order, mutations too", `
from jobs import Env
import re
import json as j
env = Env()
table = {}
other = {}
table["a"] = 1
env.register(table)
for k in ("b", "c"):
    table[k] = len(table)
pattern = re.compile("[a-z]+")
def helper(x):
    return pattern.sub("", j.dumps(x))
def f(x):
    return helper(table.get(x))
print(other)
`, `

import re
import json as j

table = {}

table["a"] = 1

for k in ("b", "c"):
    table[k] = len(table)
pattern = re.compile("[a-z]+")
def helper(x):
    return pattern.sub("", j.dumps(x))
def f(x):
    return helper(table.get(x))
`},
	{"mutation through an alias and through a function", `
a = []
b = a
def fill():
    b.append(1)
fill()
c = [2]
def f(x):
    return a
`, `
a = []
b = a
def fill():
    b.append(1)
fill()

def f(x):
    return a
`},
	{"a value of the job is taken by value", `
from jobs import Env
env = Env()
limit = env.limit()
def f(x):
    return min(x, limit)
`, `


limit = 7
def f(x):
    return min(x, limit)
`},
	{"only the imported names that are needed", `
from os.path import join, basename as base, dirname
def f(x):
    return base(x)
`, `
from os.path import basename as base
def f(x):
    return base(x)
`},
	{"under the main guard", `
from jobs import Env
if __name__ == "__main__":
    env = Env()
    offset = 3
    def f(x):
        return x + offset
    env.register(f)
`, `

if True:

    offset = 3
    def f(x):
        return x + offset
`},
	{"two statements on a line", `
a = 1; b = 2; c = 3
def f(x): return a + c
`, `
a = 1; c = 3
def f(x): return a + c
`},
	{"inside a function, with what it captures", `
from jobs import Env
from math import sqrt
def main(scale, unit):
    env = Env()
    factor = scale * 2
    def half(x):
        return sqrt(x) / 2
    def inner(x):
        return half(x) * factor, unit
    env.register(inner)
    return inner
f = main(5, "m")
`, `

from math import sqrt
for unit, in [('m',)]:

    factor = 10
    def half(x):
        return sqrt(x) / 2
    def inner(x):
        return half(x) * factor, unit
`},
	{"a lambda keeps its line", `
from jobs import Env
n = 2
def id_(g): return g
f = id_(
    lambda x: x
              + n)
`, `

n = 2


_pyfc_function = (lambda x: x
              + n)
`},
	{"a lambda in a comprehension", `
fs = [lambda x: x + i for i in (0, 1, 2)]
f = fs[2]
`, `
i = 2; _pyfc_function = (lambda x: x + i)
`},
	{"an object with plain attributes", `
class Add:
    unit = "m"
    def __init__(self, n):
        self.n = n
    def __call__(self, x):
        return x + self.n
f = Add(4)
f.n = 5
`, `
class Add:
    unit = "m"
    def __init__(self, n):
        self.n = n
    def __call__(self, x):
        return x + self.n



_pyfc_function = object.__new__(Add); _pyfc_function.__dict__.update({'n': 5})
`},
	{"an object with an attribute that only Python has", `
import webshop
base = "http://x"
class Ask:
    def __init__(self, url):
        self.session = webshop.Session()
        self.url = url
    def eval(self, x):
        return self.session.get(self.url + x)
f = Ask(base)
`, `
import webshop
base = "http://x"
class Ask:
    def __init__(self, url):
        self.session = webshop.Session()
        self.url = url
    def eval(self, x):
        return self.session.get(self.url + x)
_pyfc_function = (Ask(base))
`},
	{"a bound method", `
class Add:
    def plus(self, x):
        return x + 1
f = Add().plus
`, `
class Add:
    def plus(self, x):
        return x + 1


_pyfc_function = object.__new__(Add); _pyfc_function.__dict__.update({}); _pyfc_function = _pyfc_function.plus
`},
	{"a lambda made in a loop, with the loop's variable as a default", `
made = []
for k in (1, 2):
    made.append(lambda x, k=k, *, s="é", n=[k,
            k]: x + k)
f = made[0]
k = 9
`, `

if True:
    _pyfc_function = (lambda x, k=1, *, s="é", n=[1, 1]: x + k)
`},
	{"a lambda made in a comprehension", `
f = [lambda x, k=k: x + k for k in (1, 2)][0]
`, `
_pyfc_function = (lambda x, k=1: x + k)
`},
	{"a function made in a loop", `
made = []
for k in (1, 2):
    def inner(x, s="é", k=k * 10, *, j=k):
        return x + k
    made.append(inner)
f = made[0]
k = 9
`, `

for k, in [(9,)]:
    def inner(x, s="é", k=10, *, j=1):
        return x + k
`},
	{"a static method", `
sep = "-"
class Add:
    @staticmethod
    def dash(x):
        return sep + x
f = Add.dash
`, `
sep = "-"
class Add:
    @staticmethod
    def dash(x):
        return sep + x


_pyfc_function = Add.dash
`},
	{"a class method, called through an object", `
class Add:
    sep = "-"
    @classmethod
    def dash(cls, x):
        return cls.sep + x
f = Add().dash
`, `
class Add:
    sep = "-"
    @classmethod
    def dash(cls, x):
        return cls.sep + x


_pyfc_function = Add.dash
`},
	{"partials, of each other and in a loop", `
from functools import partial
n = 7
def power(x, p, plus=0):
    return x ** p + plus
made = []
for n in (2, 3):
    made.append(partial(power, p=n))
f = partial(made[0], plus=1)
n = 9
`, `


def power(x, p, plus=0):
    return x ** p + plus






_pyfc_function = __import__('functools').partial(power, *(), **{'p': 2}); _pyfc_function = __import__('functools').partial(_pyfc_function, *(), **{'plus': 1})
`},
	{"a partial of a lambda", `
from functools import partial
f = partial(lambda a, b: a + b, 5)
`, `

_pyfc_function = (lambda a, b: a + b); _pyfc_function = __import__('functools').partial(_pyfc_function, *(5,), **{})
`},
	{"an object that goes through the driver", `
from jobs import Env
import webshop
session = webshop.Session()
session.timeout = 3
def main(s):
    env = Env()
    env.register(s)
def f(x):
    return session.ask(x)
main(session)
`, `

import webshop
session = webshop.Session()
session.timeout = 3



def f(x):
    return session.ask(x)
`},
	{"an object of what a function was called with", `
import argparse
import webshop
from jobs import setting
class Predict:
    def __init__(self, session): self.session = session
    def eval(self, x): return self.session.ask(x)
def main(args, label):
    session = webshop.Session()
    session.timeout = args.timeout
    label = label.upper()
    return Predict(session)
parser = argparse.ArgumentParser()
parser.add_argument("--timeout", type=int, default=3)
f = main(parser.parse_args([]), "a")
`, `

import webshop

class Predict:
    def __init__(self, session): self.session = session
    def eval(self, x): return self.session.ask(x)
for args, in [(__import__("argparse").Namespace(**{'timeout': 3}),)]:
    session = webshop.Session()
    session.timeout = args.timeout

    _pyfc_function = (Predict(session))
`},
	{"import *", `
from helpers import *
def f(x):
    return shout(x)
`, `
from helpers import shout
def f(x):
    return shout(x)
`},
}

func TestSlice(t *testing.T) {
	for _, c := range sliceCases {
		t.Run(c.name, func(t *testing.T) {
			in, s := script(t, map[string]string{"job.py": c.driver, "helpers.py": "def shout(x): return x.upper()\n"})
			sh, err := s.Ship(Function{Value: global(t, in, "f")})
			if err != nil {
				t.Fatal(err)
			}
			if got := sh.Ref.Source; got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// runSlices runs each slice of standard input like a module.
const runSlices = `
import sys, types
sys.modules["webshop"] = types.SimpleNamespace(Session=types.SimpleNamespace)
sys.modules["helpers"] = types.SimpleNamespace(shout=str.upper)
for source in sys.stdin.read().split("\0")[:-1]:
    names = {}
    exec(compile(source, "slice", "exec"), names)
    assert callable(names.get("_pyfc_function") or names.get("inner") or names["f"]) or hasattr(names["_pyfc_function"], "eval"), source
`

// TestSlicesRun asks CPython, if there is one, whether the slices that are
// expected run and offer a function.
func TestSlicesRun(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		services.Missing(t, "no python3 on the path")
	}
	var all strings.Builder
	for _, c := range sliceCases {
		all.WriteString(c.want + "\x00")
	}
	cmd := exec.Command(python, "-c", runSlices)
	cmd.Stdin = strings.NewReader(all.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("CPython refuses a slice: %v\n%s", err, out)
	}
}

func TestSliceInputs(t *testing.T) {
	in, s := script(t, map[string]string{"job.py": `
from jobs import setting
url = setting("URL") + "/x"
hosts = [url, "b"]
def f(x):
    return hosts, url
`})
	sh, err := s.Ship(Function{Value: global(t, in, "f")})
	if err != nil {
		t.Fatal(err)
	}
	want := `

url = _pyfc_input_0
hosts = [_pyfc_input_0, 'b']
def f(x):
    return hosts, url
`
	if sh.Ref.Source != want || len(sh.Inputs) != 1 || sh.Inputs[0].Value.String() != "${URL}/x" {
		t.Errorf("got inputs %v and\n%s", sh.Inputs, sh.Ref.Source)
	}
}

func TestShipRefusals(t *testing.T) {
	for _, c := range []struct {
		name, driver, want string
		notes              int
	}{
		{"an object of the job", `
from jobs import Env
env = Env()
def f(x):
    return env.limit()
`, "job.py:3:1: env belongs to the job that the script describes; a Python function runs in a worker, where there is no job", 1},
		{"a statement that needs the job", `
from jobs import Env
class Things:
    def load(self, env): env.register(self)
things = Things()
things.load(Env())
def f(x):
    return things
`, "job.py:2:1: Env belongs to the job that the script describes; a Python function runs in a worker, where there is no job", 1},
		{"something that import * brings", `
from jobs import *
env = Env()
def f(x):
    return Env()
`, "job.py:0:0: Env belongs to the job that the script describes; a Python function runs in a worker, where there is no job", 1},
		{"a name with two meanings", `
n = 1
def g(x):
    return x + n
def main():
    n = 2
    def inner(x):
        return g(x) + n
    return inner
f = main()
`, "job.py:6:5: n has one meaning here and another one outside of the function; both are needed, and only one can travel to the worker", 1},
		{"a class inside a class", `
class Outer:
    class Inner:
        def __call__(self, x): return x
f = Outer.Inner()
`, "job.py:5:5: the class Inner stands inside another one, so that its functions can't travel to the worker", 1},
		{"a partial of an object", `
from functools import partial
class Box: pass
def g(box, x): return x
f = partial(g, Box())
`, "job.py:0:0: this partial can't travel to the worker: its arguments aren't plain data", 0},
		{"a builtin", "f = len", "job.py:0:0: a value of type builtin_function_or_method can't travel to the worker: only functions and objects of classes that the script defines can", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, s := script(t, map[string]string{"job.py": c.driver})
			_, err := s.Ship(Function{Value: global(t, in, "f"), Where: diag.Pos{File: "job.py"}})
			var d *diag.Diagnostic
			if !errors.As(err, &d) {
				t.Fatalf("got %v, want a diagnostic", err)
			}
			d.Pos.File = filepath.Base(d.Pos.File)
			got := strings.Replace(d.Pos.String(), "job.py:", "job.py:", 1) + ": " + d.Message
			if !d.Pos.Known() {
				got = "job.py:0:0: " + d.Message
			}
			if len(d.Notes) != c.notes {
				t.Errorf("got %d notes: %v", len(d.Notes), d.Notes)
			}
			if d.Code != diag.UDFShipping || got != c.want {
				t.Errorf("got %s %s\nwant %s", d.Code, got, c.want)
			}
		})
	}
}

func TestShipModules(t *testing.T) {
	in, s := script(t, map[string]string{
		"job.py":           "from app.udfs.geo import lookup as f\nfrom app.unused import x\n",
		"app/__init__.py":  "",
		"app/unused.py":    "x = 1\n",
		"app/tables.py":    "T = {}\n",
		"app/late.py":      "import conf\n",
		"conf.py":          "C = 1\n",
		"app/udfs/geo.py":  "from ..tables import T\nimport json\n\ndef lookup(x):\n    from app import late\n    return T.get(x)\n",
		"app/udfs/more.py": "y = 1\n",
	})
	if err := s.AddPythonFile("geo.py", []byte("x = 2\n"), diag.Pos{}); err != nil {
		t.Fatal(err)
	}
	sh, err := s.Ship(Function{Value: global(t, in, "f")})
	if err != nil {
		t.Fatal(err)
	}
	if sh.Ref.Module != "app.udfs.geo" || sh.Ref.Name != "lookup" || sh.Ref.Source != "" {
		t.Errorf("got %+v", sh.Ref)
	}
	var paths []string
	for _, f := range s.Files() {
		paths = append(paths, f.Path)
	}
	want := "app/__init__.py app/late.py app/tables.py app/udfs/geo.py conf.py geo.py"
	if got := strings.Join(paths, " "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestReasons(t *testing.T) {
	for _, c := range []struct{ driver, want string }{
		{"def f(x): return x + 1", Uncovered},
		{"from urllib.parse import quote_plus\nfrom urllib.request import urlopen\ndef f(x):\n    return urlopen(quote_plus(x))", "calls urllib.request.urlopen (I/O)"},
		{"import re\ndef f(x): return re.sub('a', 'b', x)", "calls re.sub, which has no translation"},
		{"import random as r\nf = lambda x: r.random() + x", "calls random.random (random)"},
		{"def f(x):\n    with open('a') as g:\n        return g.read()", "calls open (I/O)"},
		{"def f(x):\n    return sorted(x, key=lambda y: -y)", "defines a function inside (lambda)"},
		{"class C:\n    def eval(self, x):\n        self.n = x\n        return x\nf = C()", "keeps state in self.n"},
		{"def f(x):\n    import numpy as np\n    return np.sqrt(x)", "calls numpy.sqrt, which has no translation"},
		{"def f(x, open):\n    return open(x)", Uncovered},
	} {
		in, s := script(t, map[string]string{"job.py": c.driver})
		sh, err := s.Ship(Function{Value: global(t, in, "f")})
		if err != nil {
			t.Errorf("%s: %v", c.driver, err)
		} else if sh.Reason != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.driver, sh.Reason, c.want)
		}
	}
}
