package pyeval_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pyfc/compiler/pyeval"
)

// TestBuildLinesGoOn: the build line that a hint gives, with values in it, lets
// the script go on to its end.
func TestBuildLinesGoOn(t *testing.T) {
	const parser = "import argparse\np = argparse.ArgumentParser()\n"
	for script, values := range map[string]map[string]string{
		"import os\nif os.environ['MODE'] == 'x': print(1)":                                                                                                           nil,
		"import os\nfor x in os.getenv('A', 'a,b').split(','): print(x)":                                                                                              nil,
		"import os\nprint('yes' if 'PROD' in os.environ else 'no')":                                                                                                   nil,
		"import os\nprint({k for k in os.environ if k > 'A'}, dict(os.environ), len(os.environ))":                                                                     nil,
		"import os\nx = os.environ.get('T')\nif not x: raise SystemExit(1)":                                                                                           nil,
		"import sys\nif len(sys.argv) < 2: sys.exit(2)\nprint(sys.argv[1].split('a'))":                                                                                nil,
		"import sys\nprint(sys.argv[1] if len(sys.argv) > 1 else 'd')":                                                                                                nil,
		parser + "p.add_argument('--a')\nprint(p.parse_args().a or 'x')":                                                                                              nil,
		parser + "p.add_argument('--n', type=int, required=True)\nprint(range(p.parse_args().n))":                                                                     {"--n": "3"},
		parser + "p.add_argument('--m', choices=['a', 'b'], default='a')\nif p.parse_args().m == 'a': print(1)":                                                       {"--m": "b"},
		parser + "p.add_argument('--dry', action='store_true')\nif p.parse_args().dry: print(1)":                                                                      nil,
		parser + "p.add_argument('kv', nargs='+')\nprint(p.parse_args().kv[0])":                                                                                       nil,
		parser + "p.add_argument('--j', type=lambda s: s.split(','), default='x')\nprint(p.parse_args().j)":                                                           nil,
		parser + "p.add_argument('--f', type=argparse.FileType('r'), required=True)\nprint(p.parse_args().f.read()[:6])":                                              {"--f": "probe.py"},
		parser + "g = p.add_mutually_exclusive_group(required=True)\ng.add_argument('--a')\ng.add_argument('--b')\nx = p.parse_args()\nprint(x.a or x.b)":             nil,
		parser + "g = p.add_mutually_exclusive_group(required=True)\ng.add_argument('--a')\np.add_argument('--c')\nif p.parse_args().c == 'q': print(1)":              nil,
		parser + "s = p.add_subparsers(dest='cmd', required=True)\nq = s.add_parser('run')\nq.add_argument('--t', default='r')\nif p.parse_args().t == 'r': print(1)": {"CMD": "run"},
		"import argparse, os\np = argparse.ArgumentParser()\np.add_argument('--t', default=os.getenv('T', 'k'))\nif p.parse_args().t == 'k': print(1)":                nil,
	} {
		opts := pyeval.Options{}
		for range 3 {
			in, _, err := runScript(t, script, opts)
			if err == nil && len(in.Diagnostics()) == 0 {
				break
			}
			_, line, ok := strings.Cut(in.Diagnostics()[0].Hint, "pyfc build job.py ")
			if !ok || opts.Args != nil || opts.Env != nil {
				t.Errorf("%q with %v and %v: %v", script, opts.Env, opts.Args, in.Diagnostics())
				break
			}
			line, _, _ = strings.Cut(line, "; ")
			opts = supplied(line, values)
		}
	}
}

// supplied are the options that a build line gives, with a value of values, or
// "v", where it says VALUE.
func supplied(line string, values map[string]string) pyeval.Options {
	options, args, some := strings.Cut(line, "--")
	opts := pyeval.Options{Env: map[string]string{}}
	if strings.HasPrefix(args, "env ") {
		options, args, some = strings.Cut(line, "-- ")
	}
	for _, word := range strings.Fields(options) {
		if name, _, ok := strings.Cut(word, "=VALUE"); ok {
			opts.Env[name] = "v"
		}
	}
	if !some {
		return opts
	}
	last := ""
	for _, word := range strings.Fields(args) {
		if word == "VALUE" {
			word = "v"
			if v, ok := values[last]; ok {
				word = v
			}
		} else if slices.Contains(slices.Collect(maps.Keys(values)), word) && !strings.HasPrefix(word, "-") {
			word = values[word]
		}
		opts.Args, last = append(opts.Args, word), word
	}
	return opts
}

// TestInputsAsDefaultsOfFields: a dataclass asks nothing about what its fields
// begin with.
func TestInputsAsDefaultsOfFields(t *testing.T) {
	script := "import os\nfrom dataclasses import dataclass\n@dataclass\nclass C:\n    topic: str = os.environ['TOPIC']\n    n: str = os.getenv('N', '1')\nprint(C().topic + C(n='2').n, C.__doc__)\n"
	in, host, err := runScript(t, script, pyeval.Options{})
	if got, want := host.String(), "${TOPIC}2 C(topic: str = None, n: str = '1')\n"; err != nil || got != want {
		t.Errorf("printed %q, %v %v", got, err, in.Diagnostics())
	}
}

// TestFilesOfTheLibrary: a file that a module of pyfc opens is read where the
// script calls the module.
func TestFilesOfTheLibrary(t *testing.T) {
	in, _, err := runScript(t, "import configparser\n\nconfigparser.ConfigParser().read_string('[a]')\nconfigparser.ConfigParser(strict=False, allow_no_value=True, comment_prefixes=('i',)).read('probe.py')\n", pyeval.Options{})
	if len(in.FilesRead()) != 1 || in.FilesRead()[0].Where.Line != 4 || in.FilesRead()[0].Where.File.Path == "" {
		t.Errorf("%+v %v", in.FilesRead(), err)
	}
}
