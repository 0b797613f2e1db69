package stdlib

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
)

// printer is a host that keeps what a script prints.
type printer struct{ strings.Builder }

func (p *printer) Print(text pyeval.Value, _ bool, _ pyast.Span) { fmt.Fprint(&p.Builder, text) }
func (*printer) Effect(pyeval.Effect) bool                       { return false }
func (*printer) Sleep(pyeval.Value, pyast.Span) error            { return nil }

// shownNames prints the names of all modules and of their classes as a script sees
// them.
func shownNames(t *testing.T) string {
	t.Helper()
	host := &printer{}
	in := pyeval.New(pyeval.Options{Host: host})
	Register(in)
	script := `
for c in (object, type, int, bool, float, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, property, BaseException):
    print(c, list(vars(c)), dir(c))
def show(m):
    print(m.__name__, list(vars(m)), dir(m))
    for name, v in list(vars(m).items()):
        if isinstance(v, type):
            print(name, list(vars(v)), dir(v))
`
	for _, name := range slices.Sorted(maps.Keys(loaders)) {
		script += fmt.Sprintf("import %[1]s\nshow(%[1]s)\n", name)
	}
	path := filepath.Join(t.TempDir(), "names.py")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := in.RunFile(path); err != nil {
		t.Fatal(err, in.Diagnostics())
	}
	return host.String()
}

const showEnv = "PYFC_SHOW_NAMES"

// TestSameEachTime: a build sees the names of modules and classes in the same
// order as any other, in this process and, since classes are made when it
// starts, in others.
func TestSameEachTime(t *testing.T) {
	first := shownNames(t)
	if to := os.Getenv(showEnv); to != "" {
		if err := os.WriteFile(to, []byte(first), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, name := range []string{"math [", "datetime [", "timedelta [", "collections.abc [", "<class 'str'> ["} {
		if !strings.Contains("\n"+first, "\n"+name) {
			t.Errorf("%s…] isn't shown", name)
		}
	}
	same := func(again, where string) {
		t.Helper()
		was, is := strings.Split(first, "\n"), strings.Split(again, "\n")
		for i := range min(len(was), len(is)) {
			if was[i] != is[i] {
				t.Errorf("%s:\n%s\n%s", where, was[i], is[i])
			}
		}
		if len(was) != len(is) {
			t.Errorf("%s: %d lines, not %d", where, len(is), len(was))
		}
	}
	for range 4 {
		same(shownNames(t), "in the same process")
	}
	for range 4 {
		to := filepath.Join(t.TempDir(), "names")
		again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		again.Env = append(os.Environ(), showEnv+"="+to)
		if out, err := again.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		text, err := os.ReadFile(to)
		if err != nil {
			t.Fatal(err)
		}
		same(string(text), "in another process")
	}
}
