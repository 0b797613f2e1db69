package pyeval_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

// TestDiagnostics checks what a user sees: code, place, text and hint. The
// line of the script that is at fault ends in "# !".
func TestDiagnostics(t *testing.T) {
	for _, c := range []struct {
		name, script string
		code         diag.Code
		text, hint   string
	}{
		{"name", "topic = 'a'\nprint(tpoic) # !", diag.PyName, "NameError: name 'tpoic' is not defined", "did you mean 'topic'?"},
		{"builtin name", "pritn('a') # !", diag.PyName, "NameError: name 'pritn' is not defined", "did you mean 'print'?"},
		{"attribute", "'a'.uper() # !", diag.PyAttribute, "AttributeError: 'str' object has no attribute 'uper'", "did you mean 'upper'?"},
		{"own attribute", "class A:\n  def run(self): pass\nA().rnu() # !", diag.PyAttribute, "AttributeError: 'A' object has no attribute 'rnu'", "did you mean 'run'?"},
		{"module member", "import os\nos.getenvv('A') # !", diag.PyAttribute, "AttributeError: module 'os' has no attribute 'getenvv'", "did you mean 'getenv'?"},
		{"import member", "from json import dump, laods # !", diag.PyImport, "ImportError: cannot import name 'laods' from 'json'", "did you mean 'loads'?"},
		{"submodule", "import json.nope # !", diag.PyImport, "ModuleNotFoundError: No module named 'json.nope'", ""},
		{"raised", "def f():\n  raise ValueError('no') # !\nf()", diag.PyRaised, "ValueError: no", ""},
		{"own exception", "class E(Exception): pass\nraise E('x', 1) # !", diag.PyRaised, "E: ('x', 1)", ""},
		{"type error", "x = 1\nx + 'a' # !", diag.PyType, "TypeError: unsupported operand type(s) for +: 'int' and 'str'", ""},
		{"keyword", "def f(topic): pass\nf(tpoic=1) # !", diag.PyType, "TypeError: f() got an unexpected keyword argument 'tpoic'", "did you mean 'topic'?"},
		{"key", "{}['a'] # !", diag.PyRaised, "KeyError: 'a'", ""},
		{"syntax", "x = = 1 # !", diag.PySyntax, "", ""},
		{"opaque branch", "import numpy as np\nif np.zeros(3).any(): # !\n  pass", diag.PyOpaque, "numpy.zeros(…).any(…) decides a branch, but pyfc cannot know it at build", "compute it inside"},
		{"opaque loop", "from pandas import read_csv\nfor r in read_csv('x').rows: # !\n  pass", diag.PyOpaque, "pandas.read_csv(…).rows is iterated over", ""},
		{"opaque print", "import numpy\nprint(numpy.pi) # !", diag.PyOpaque, "numpy.pi is printed", ""},
		{"opaque in modelled call", "import numpy, os\nif os.path.join('a', numpy.x): # !\n  pass", diag.PyOpaque, "decides a branch", ""},
		{"clock", "import time\nif time.time() > 5: # !\n  pass", diag.PyOpaque, "time.time(…) > … decides a branch", ""},
		{"random", "import random\nx = [1, 2][random.randint(0, 1)]\nwhile x: # !\n  pass", diag.PyOpaque, "decides a loop", ""},
		{"left out", "import dotenv\ndotenv.load_dotenv() # !", diag.PyLeftOut, "dotenv.load_dotenv(…) is left out of the build", ""},
		{"write", "open('out.txt', 'w') # !", diag.PyEffect, "open() writes a file, which a build never does", ""},
		{"remove", "import os\nos.remove('x') # !", diag.PyEffect, "os.remove() deletes a file", ""},
		{"process", "import subprocess\nsubprocess.run(['ls']) # !", diag.PyEffect, "subprocess.run() starts a process", ""},
		{"socket", "from urllib.request import urlopen\nurlopen('http://x') # !", diag.PyEffect, "urllib.request.urlopen() opens a connection", ""},
		{"refusal is no exception", "import os\ntry:\n  os.system('ls') # !\nexcept:\n  print('swallowed')\nfinally:\n  print('ran')", diag.PyEffect, "os.system() starts a process", ""},
		{"asynchronous", "async def f(x):\n  async with x as y:\n    return [await z async for z in y]\nasync def g(): await f(1)\ng() # !", diag.PyUnsupported, "g() is asynchronous", "without async"},
		{"terminal", "input('name?') # !", diag.PyEffect, "the driver reads from the terminal", ""},
		{"unmodelled member", "import hashlib\nh = hashlib.blake2b(b'a') # !\nprint(h.hexdigest())", diag.PyUnsupported, "hashlib.blake2b() isn't evaluated at build", "inside a Python function"},
		{"member of the machine", "import os\nif os.getpid() > 5: # !\n  pass", diag.PyOpaque, "os.getpid(…) > … decides a branch", ""},
		{"missing file", "open('nope.sql') # !", diag.InputFile, "FileNotFoundError: [Errno 2] No such file or directory: 'nope.sql'", ""},
		{"file outside", "open('/etc/passwd') # !", diag.InputOutside, "the driver looks at /etc/passwd, which lies outside its project", "--file /etc/passwd"},
		{"folder outside", "import os\nos.listdir('/etc') # !", diag.InputOutside, "the driver looks at /etc, which lies outside its project", "--file /etc"},
		{"no file outside", "open('/nowhere/a.sql') # !", diag.InputFile, "FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/a.sql'", "--file /nowhere/a.sql=FILE"},
		{"steps", "while True:\n  pass # !", diag.PyBudget, "the driver takes more than", ""},
		{"memory", "x = 'a' * 10 ** 12 # !", diag.PyBudget, "the driver takes more than 16 MB", ""},
		{"memory of ints", "x = 10 ** 10 ** 10 # !", diag.PyBudget, "the driver takes more than 16 MB", ""},
		{"memory of sums", "x = 'ab'\nwhile True:\n  x += x # !", diag.PyBudget, "the driver takes more than 16 MB", ""},
		{"eval", "eval('1') # !", diag.PyUnsupported, "eval() isn't evaluated at build", ""},
		{"recursion", "def f(): return f() # !\nf()", diag.PyRaised, "RecursionError: maximum recursion depth exceeded", ""},
		{"relative", "from . import x # !", diag.PyImport, "ImportError: attempted relative import with no known parent package", ""},
		{"usage", "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n', type=int, required=True)\np.parse_args([]) # !", diag.PyRaised, "the following arguments are required: --n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, host, err := runScript(t, c.script, pyeval.Options{Args: []string{}, Steps: 300_000, Memory: 1 << 24})
			if err == nil && c.code.Info().Severity == diag.Error {
				t.Fatalf("no error; printed %q", host.String())
			}
			ds := in.Diagnostics()
			if len(ds) != 1 {
				t.Fatalf("diagnostics: %v", ds)
			}
			d := ds[0]
			line := 1 + strings.Count(c.script[:strings.Index(c.script, "# !")], "\n")
			if d.Code != c.code || d.Pos.Line != line || d.Pos.Column == 0 {
				t.Errorf("got %v, want code %s in line %d", d, c.code, line)
			}
			if c.text != "" && !strings.Contains(d.Message, c.text) {
				t.Errorf("got message %q, want %q", d.Message, c.text)
			}
			if c.hint != "" && !strings.Contains(d.Hint, c.hint) {
				t.Errorf("got hint %q, want %q", d.Hint, c.hint)
			}
			if host.String() != "" {
				t.Errorf("printed %q", host.String())
			}
		})
	}
}

// TestMembersOfModules calls every public member that CPython's modules have and
// the model has not, and those that tell of the machine: the call is refused, or
// its result is, where it is and by its name.
func TestMembersOfModules(t *testing.T) {
	data, err := os.ReadFile("stdlib/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(data), "\n") {
		names := strings.Fields(line)
		if len(names) == 0 {
			continue
		}
		_, host, err := runScript(t, "import "+names[0]+" as m\nprint(*[n for n in '"+strings.Join(names[1:], " ")+"'.split() if type(getattr(m, n)).__name__ == 'opaque'])\n", pyeval.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range strings.Fields(host.String()) {
			script := "import " + names[0] + " as m\nif m." + name + "(): # !\n    pass\n"
			in, host, err := runScript(t, script, pyeval.Options{})
			if ds := in.Diagnostics(); err == nil || len(ds) != 1 || ds[0].Pos.Line != 2 || !strings.Contains(ds[0].Message, names[0]+"."+name) {
				t.Errorf("%s.%s: %v %v, printed %q", names[0], name, err, ds, host)
			}
		}
	}
}

func TestTraceNotes(t *testing.T) {
	script := "def inner(x):\n    return x['k']\ndef outer():\n    return inner({})\nouter()\n"
	in, _, err := runScript(t, script, pyeval.Options{})
	if err == nil {
		t.Fatal("no error")
	}
	d := in.Diagnostics()[0]
	if d.Pos.Line != 2 || d.Pos.Column != 12 || d.Pos.EndColumn != 18 {
		t.Errorf("place %+v", d.Pos)
	}
	var lines []int
	for _, n := range d.Notes {
		lines = append(lines, n.Pos.Line)
	}
	if len(lines) != 2 || lines[0] != 4 || lines[1] != 5 {
		t.Errorf("notes %+v", d.Notes)
	}
}

func TestOpaqueMayTravel(t *testing.T) {
	script := `
import numpy as np
from sklearn.base import BaseEstimator
import torch.nn as nn
model = np.load('m.npy')[0] * 2 + 1
a, b = model.shape
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(1, 2)
net = Net()
y = net.forward(net.l)
s = f'{model}' + 'x' if False else str(model)
same = f'm {model}' is None, net is not f'm {model}'
@np.vectorize
def f(x): return x
print('ok', isinstance(3, np.ndarray), callable(f), same)
with np.errstate(all='ignore') as q:
    z = -model
`
	_, host, err := runScript(t, script, pyeval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := host.String(); got != "ok False True (False, True)\n" {
		t.Errorf("printed %q", got)
	}
}

func TestEndOfScript(t *testing.T) {
	for _, c := range []struct {
		script string
		exit   int
	}{
		{"import sys\nsys.exit(3)", 3},
		{"import sys\nsys.exit()", 0},
		{"raise SystemExit('bye')", 1},
		{"import time\nwhile True:\n  time.sleep(60)", 0},
		{"def g():\n  try:\n    yield 1\n  finally:\n    pass\nx = g(); next(x)", 0},
	} {
		in, _, err := runScript(t, c.script, pyeval.Options{})
		if err != nil || in.ExitCode() != c.exit {
			t.Errorf("%q: error %v, exit %d", c.script, err, in.ExitCode())
		}
	}
}

// TestFilesOutside reads what lies outside the project and says so, all at once;
// what is private to its owner is asked for.
func TestFilesOutside(t *testing.T) {
	dir := writeTree(t, map[string]string{"a.sql": "SELECT {x}", "b.sql": "FROM t"})
	if err := os.Chmod(filepath.Join(dir, "a.sql"), 0o644); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("text = open('%[1]s/a.sql').read().format(x=1)\nwith open('%[1]s/b.sql') as f:\n    text += f.read()\n"+
		"try:\n    open('%[1]s/c.sql')\nexcept FileNotFoundError:\n    print(text)\n", dir)
	in, host, _ := runScript(t, script, pyeval.Options{})
	var got []string
	for _, d := range in.Diagnostics() {
		got = append(got, fmt.Sprint(d.Pos.Line, " ", d.Code, " ", strings.ReplaceAll(d.Hint, dir, "")))
	}
	want := []string{"1 IN005 say so: pyfc build job.py --file /a.sql", "2 IN003 to make it part of the build, say so: pyfc build job.py --file /b.sql"}
	if !slices.Equal(got, want) || host.String() != "SELECT 1FROM t\n" {
		t.Errorf("got %q, want %q; printed %q", got, want, host.String())
	}
}

// TestMissingArguments asks for all arguments at once that a script wouldn't go
// on without.
func TestMissingArguments(t *testing.T) {
	in, _, _ := runScript(t, `
import argparse, sys
p = argparse.ArgumentParser()
for n in 'abc':
    p.add_argument('--' + n)
args = p.parse_args()
if args.a == None:
    exit(1)
if args.b is None:
    p.print_help()
    sys.exit('no b')
if not args.c:
    sys.exit(2)
`, pyeval.Options{})
	var got []string
	for _, d := range in.Diagnostics() {
		got = append(got, fmt.Sprint(d.Pos.Line, " ", d.Missing[0].Name))
	}
	if want := []string{"7 --a", "9 --b", "12 --c"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestFilesOfProject reads what lies in the project of the script, and what is
// where pyfc was started, as the script's own.
func TestFilesOfProject(t *testing.T) {
	dir := writeTree(t, map[string]string{
		".git/HEAD": "", "conf/a.txt": "a", "conf/c.txt": "far c", "jobs/c.txt": "near c", "jobs/etl/job.py": `
import os
here = os.path.dirname(os.path.abspath(__file__))
for name in (os.path.join(here, '..', '..', 'conf', 'a.txt'), '../c.txt', 'b.txt'):
    print(open(name).read(), os.path.exists(name), end=' ')
print(sorted(os.listdir('../..')), os.path.exists('../../lib/x.jar'), open('conf/a.txt').read())
`})
	start := writeTree(t, map[string]string{"b.txt": "b", "conf/a.txt": "started"})
	host := &recorder{}
	in := pyeval.New(pyeval.Options{Start: start, Host: host})
	register(in)
	if err := in.RunFile(filepath.Join(dir, "jobs/etl/job.py")); err != nil || len(in.Diagnostics()) > 0 {
		t.Fatal(err, in.Diagnostics())
	}
	if got, want := host.String(), "a True near c True b True ['.git', 'conf', 'jobs'] False started\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
	if n := len(in.FilesRead()); n != 4 {
		t.Errorf("%d files are recorded, want 4", n)
	}
}
