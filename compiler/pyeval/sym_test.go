package pyeval_test

import (
	"slices"
	"strings"
	"testing"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

// TestSymbolic evaluates an expression over a symbolic text s (environment
// variable S without a default), d (D, default "dd") and int n. want is what
// is printed; with code set the expression is refused instead.
func TestSymbolic(t *testing.T) {
	const prelude = `
import os, json
from os import getenv
s = os.environ['S']
o = os.environ.get('O')
d = getenv('D', 'dd')
n = int(getenv('N', '1'))
`
	for _, c := range []struct {
		expr, want string
		code       diag.Code
	}{
		{expr: `s`, want: "${S}"},
		{expr: `'a' + s + 'b' + d`, want: "a${S}b${D}"},
		{expr: `'x=%s,%s' % (s, 1)`, want: "x=${S},1"},
		{expr: `'%(k)s' % {'k': s}`, want: "${S}"},
		{expr: `'{}/{a}'.format(s, a=d)`, want: "${S}/${D}"},
		{expr: `f'{s}!{d!s}'`, want: "${S}!${D}"},
		{expr: `','.join([s, 'k', d])`, want: "${S},k,${D}"},
		{expr: `s.join(['a', 'b'])`, want: "a${S}b"},
		{expr: `str(s)`, want: "${S}"},
		{expr: `str(n)`, want: "${str(${int(${N})})}"},
		{expr: `s.strip().lower()`, want: "${str.lower(${str.strip(${S}, {})})}"},
		{expr: `s.replace('a', 'b')`, want: "${str.replace(${S}, a, b, -1)}"},
		{expr: `'abc'.replace('b', s)`, want: "${str.replace(abc, b, ${S}, -1)}"},
		{expr: `os.path.join('/data', s)`, want: "${os.path.join(/data, ${S})}"},
		{expr: `s or 'x'`, want: "${or(${S}, x)}"},
		{expr: `o or d`, want: "${or(${O}, ${D})}"},
		{expr: `'yes' if 'a' + s else 'no'`, want: "yes"},
		{expr: `isinstance(s, str)`, want: "True"},
		{expr: `isinstance(n, int)`, want: "True"},
		{expr: `type(s).__name__`, want: "str"},
		{expr: `d is None`, want: "False"},
		{expr: `s != None`, want: "True"},
		{expr: `[s][0]`, want: "${S}"},
		{expr: `{'k': s}['k']`, want: "${S}"},
		{expr: `__import__('string').Template('a $x').substitute(x=s)`, want: "a ${S}"},

		{expr: `o is None`, want: "True", code: diag.InputFixed},
		{expr: `'S' in os.environ`, want: "False", code: diag.InputFixed},
		{expr: `list(os.environ)`, code: diag.InputMissing},
		{expr: `getenv('P', 8080)`, want: "8080"},
		{expr: `1 if s else 2`, code: diag.InputSymbolic},
		{expr: `s == 'a'`, code: diag.InputSymbolic},
		{expr: `s in ['a']`, code: diag.InputSymbolic},
		{expr: `'a' in s`, code: diag.InputSymbolic},
		{expr: `s[0]`, code: diag.InputSymbolic},
		{expr: `s[1:]`, code: diag.InputSymbolic},
		{expr: `[c for c in s]`, code: diag.InputSymbolic},
		{expr: `len(s)`, code: diag.InputSymbolic},
		{expr: `s.split(',')`, code: diag.InputSymbolic},
		{expr: `str.split(s)`, code: diag.InputSymbolic},
		{expr: `f'{s:>5}'`, code: diag.InputSymbolic},
		{expr: `f'{s!r}'`, code: diag.InputSymbolic},
		{expr: `'%5s' % s`, code: diag.InputSymbolic},
		{expr: `'%d' % n`, want: "1", code: diag.InputFixed},
		{expr: `n + 1`, want: "2", code: diag.InputFixed},
		{expr: `n * 2`, want: "2", code: diag.InputFixed},
		{expr: `s * 2`, code: diag.InputSymbolic},
		{expr: `range(n)`, want: "range(0, 1)", code: diag.InputFixed},
		{expr: `d[1:] + f'{n:03}'`, want: "d001", code: diag.InputFixed},
		{expr: `[i for i in range(n) if d == 'dd']`, want: "[0]", code: diag.InputFixed},
		{expr: `{s: 1}`, code: diag.InputSymbolic},
		{expr: `{s}`, code: diag.InputSymbolic},
		{expr: `{'a': 1}[s]`, code: diag.InputSymbolic},
		{expr: `repr(s)`, code: diag.InputSymbolic},
		{expr: `[s].index('a')`, code: diag.InputSymbolic},
		{expr: `sorted([s, 'a'])`, code: diag.InputSymbolic},
		{expr: `json.loads(s)`, code: diag.InputSymbolic},
		{expr: `open(s)`, code: diag.InputSymbolic},
		{expr: `-n`, want: "-1", code: diag.InputFixed},
		{expr: `getattr(os, s)`, code: diag.InputSymbolic},
		{expr: `not s`, code: diag.InputSymbolic},
		{expr: `s and 'x'`, code: diag.InputSymbolic},
		{expr: `bool(s)`, code: diag.InputSymbolic},
		{expr: `'abc'.startswith(s)`, code: diag.InputSymbolic},
		{expr: `s + 1`, code: diag.PyType},
	} {
		t.Run(c.expr, func(t *testing.T) {
			in, host, err := runScript(t, prelude+"print("+c.expr+")\n", pyeval.Options{})
			if c.code == "" {
				if got := strings.TrimSuffix(host.String(), "\n"); err != nil || got != c.want {
					t.Errorf("got %q, %v, want %q", got, err, c.want)
				}
				return
			}
			got := strings.TrimSuffix(host.String(), "\n")
			if c.code == diag.InputFixed && (err != nil || got != c.want) || c.code != diag.InputFixed && err == nil {
				t.Fatalf("%v; printed %q, want %q", err, got, c.want)
			}
			d := in.Diagnostics()[0]
			if d.Code != c.code || d.Pos.Line != 8 {
				t.Errorf("got %v, want %s in line 8", d, c.code)
			}
			if (c.code == diag.InputSymbolic || c.code == diag.InputFixed) && !strings.Contains(d.Hint, "pyfc build job.py --env ") {
				t.Errorf("hint %q", d.Hint)
			}
			if c.code != diag.PyType && len(d.Missing) == 0 {
				t.Error("no missing input")
			}
		})
	}
}

func TestInputsAreRecorded(t *testing.T) {
	script := `
import os, sys, argparse
a = os.environ.get('A', 'x')
b = os.environ['B']
p = argparse.ArgumentParser()
p.add_argument('--topic', default='t', help='the topic')
p.add_argument('--port', type=int, default=9092)
p.add_argument('--flag', action='store_true')
p.add_argument('where')
args, rest = p.parse_known_args()
print(a, b, args.topic, args.port, args.where, sys.argv[0][-8:], rest)
`
	in, host, err := runScript(t, script, pyeval.Options{Env: map[string]string{"B": "bb"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := host.String(), "${A} bb ${--topic} ${str(${int(${--port})})} ${where} probe.py []\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
	var got []string
	for _, i := range in.Inputs() {
		s := string(i.Kind) + " " + i.Name
		if i.HasDefault {
			s += "=" + i.Default
		}
		if i.Baked {
			s += " baked " + i.Value
		}
		got = append(got, s)
	}
	want := "env A=x, env B baked bb, argument --topic=t, argument --port=9092, argument --flag=False, argument where"
	if strings.Join(got, ", ") != want {
		t.Errorf("inputs %q", got)
	}

	in, host, err = runScript(t, script, pyeval.Options{Env: map[string]string{"A": "1", "B": "2"}, Args: []string{"here", "--topic", "q", "--zz"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := host.String(), "1 2 q 9092 here probe.py ['--zz']\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
	for _, i := range in.Inputs() {
		if !i.Baked {
			t.Errorf("input %v isn't baked", i)
		}
	}
}

func TestArgumentsNeeded(t *testing.T) {
	for script, code := range map[string]diag.Code{
		"import sys\nif len(sys.argv) > 1: raise ValueError\nassert sys.argv == sys.argv[:9] and len(sys.argv[-1]) > 1":                                     diag.InputFixed,
		"import sys\nfor a in sys.argv[1:]: raise ValueError":                                                                                               diag.InputFixed,
		"import sys\nlen(sys.argv)\ntry:\n    sys.argv[1]\nexcept IndexError: pass\nelse: raise ValueError":                                                 diag.InputFixed,
		"import sys\nif sys.argv[1] == 'x': pass":                                                                                                           diag.InputSymbolic,
		"import argparse\np = argparse.ArgumentParser()\np.add_argument('--o')\nif p.parse_args().o is not None: raise ValueError":                          diag.InputFixed,
		"import argparse\np = argparse.ArgumentParser()\np.add_argument('--f', action='store_true')\nif p.parse_args().f: raise ValueError":                 diag.InputFixed,
		"import argparse\np = argparse.ArgumentParser()\np.add_subparsers().add_parser('x')\np.parse_args()":                                                diag.InputMissing,
		"import argparse\np = argparse.ArgumentParser()\np.add_argument('--o', default=argparse.SUPPRESS)\np.parse_args()":                                  diag.InputMissing,
		"import argparse\np = argparse.ArgumentParser()\np.add_argument('--o', type=lambda s: s.split(','), default='a')\nassert p.parse_args().o == ['a']": diag.InputFixed,
	} {
		in, _, err := runScript(t, script, pyeval.Options{})
		if (err == nil) != (code == diag.InputFixed) || in.Diagnostics()[0].Code != code || !strings.Contains(in.Diagnostics()[0].Hint, "pyfc build job.py -- ") {
			t.Errorf("%q: %v %v", script, err, in.Diagnostics())
		}
	}
}

// Defaults of other types than text shape the plan where the build isn't given a
// value: the script goes on as in CPython, and the binary refuses other values.
func TestDefaultsThatShapeThePlan(t *testing.T) {
	const parser = "import argparse\np = argparse.ArgumentParser()\n"
	for script, want := range map[string]struct{ printed, name, value string }{
		"import os\nprint(os.getenv('P', 8080) + 1)":                                                {"8081", "P", "8080"},
		"import os\nprint((os.environ.get('P') or 8080) + 1)":                                       {"8081", "P", ""},
		"import os\nprint(os.environ.get('P', False))":                                              {"False", "P", "False"},
		parser + "p.add_argument('--o', default=5)\nprint(p.parse_args().o + 1)":                    {"6", "--o", "5"},
		parser + "p.add_argument('--o', nargs='*', default=['a'])\nprint(p.parse_args().o)":         {"['a']", "--o", "['a']"},
		parser + "p.add_argument('--o', action='append')\nprint(p.parse_args().o)":                  {"None", "--o", "None"},
		parser + "p.add_argument('--o', nargs='+', type=int, default=[1])\nprint(p.parse_args().o)": {"[1]", "--o", "[1]"},
	} {
		in, host, err := runScript(t, script, pyeval.Options{})
		if got := strings.TrimSuffix(host.String(), "\n"); err != nil || got != want.printed {
			t.Errorf("%q: %q, %v", script, got, err)
			continue
		}
		inputs := slices.DeleteFunc(slices.Clone(in.Inputs()), func(in *pyeval.Input) bool { return !in.Baked })
		if len(inputs) != 1 || inputs[0].Name != want.name || inputs[0].Value != want.value {
			t.Errorf("%q: %+v", script, inputs)
		}
	}
}
