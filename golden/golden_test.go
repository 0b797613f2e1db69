package golden

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pyfc/compiler"
	"pyfc/golden/cases"
	"pyfc/golden/multicall"
)

var update = flag.Bool("update", false, "rewrite expected plans (never recorded results)")

// prepared is a case that has been compiled.
type prepared struct {
	*cases.Case
	job string // chooses it in the binary
}

// TestJobs compiles every case below golden/jobs, compares its plan, and runs
// it at several batch sizes, and once with poisoned arenas: results never depend
// on where batches end, and no value outlives its batch. With PYFC_LONG each batch
// size runs at parallelism 1 and 2, with poisoned arenas, too.
// -run 'TestJobs/sql/nulls' takes one case.
func TestJobs(t *testing.T) {
	testJobs(t, func(c *cases.Case) bool { return c.Spec.Servers == nil })
}

// TestServedJobs does so with the cases that work with real servers.
func TestServedJobs(t *testing.T) {
	testJobs(t, func(c *cases.Case) bool { return c.Spec.Servers != nil })
}

func testJobs(t *testing.T, take func(*cases.Case) bool) {
	var linked multicall.Binary
	var jobs []*prepared
	all, err := cases.Load("jobs")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if take(c) {
			t.Run(c.Name+"/plan", func(t *testing.T) {
				if p := prepare(t, c, &linked); p != nil {
					jobs = append(jobs, p)
				}
			})
		}
	}
	if len(jobs) == 0 {
		t.Fatal("no case compiles")
	}
	servers := cases.StartServers(t, casesOf(jobs)...)
	binary := build(t, &linked)
	for _, v := range matrix(os.Getenv("PYFC_LONG") != "") {
		for _, c := range jobs {
			if !v.parallel || c.Spec.Serial == "" {
				t.Run(c.Name+"/"+v.name, func(t *testing.T) {
					if c.Spec.Servers == nil {
						t.Parallel()
					}
					c.check(t, servers, binary, v)
				})
			}
		}
	}
}

func casesOf(jobs []*prepared) (list []*cases.Case) {
	for _, p := range jobs {
		list = append(list, p.Case)
	}
	return list
}

// variant is one way of running all cases.
type variant struct {
	name     string
	args     []string
	parallel bool // by several subtasks
	poisoned bool // released memory is overwritten
}

// batchSizes are those that every case runs at, 0 the default.
var batchSizes = []int{0, 1, 3}

// matrix is how all cases are run.
func matrix(long bool) []variant {
	if !long {
		return append(variants(1, false, batchSizes...), variants(1, true, 0)...)
	}
	var all []variant
	for _, parallelism := range []int{1, 2} {
		for _, poisoned := range []bool{false, true} {
			all = append(all, variants(parallelism, poisoned, batchSizes...)...)
		}
	}
	return all
}

// variants are one for each batch size. Where several subtasks give out changes
// there is no order among these, so that what they leave is compared.
func variants(parallelism int, poisoned bool, batchSizes ...int) []variant {
	var out []variant
	for _, n := range batchSizes {
		v := variant{name: "default", args: []string{"--parallelism", strconv.Itoa(parallelism)}, parallel: parallelism > 1, poisoned: poisoned}
		if n > 0 {
			v.name = fmt.Sprintf("batch%d", n)
			v.args = append(v.args, "-D", fmt.Sprintf("pyfc.batch-size=%d", n))
		}
		if poisoned {
			v.name = "poison/" + v.name
		}
		if parallelism > 1 {
			v.name += fmt.Sprintf("/parallel%d", parallelism)
		}
		out = append(out, v)
	}
	return out
}

// prepare compiles a case in a folder of its own, as a user would, and compares
// its plan.
func prepare(t *testing.T, c *cases.Case, linked *multicall.Binary) *prepared {
	unpackHere(t, c)
	res := compiler.Compile(compiler.Request{Script: c.Spec.Script, Args: c.Spec.Args, Env: c.Spec.Env})
	for _, d := range res.Diags.Sorted() {
		t.Error(d)
	}
	if t.Failed() {
		return nil
	}
	plan := strings.Join(res.Plans, "\n")
	if want, ok := c.Section("want.plan"); *update && want != plan {
		c.Set("want.plan", plan)
		if err := c.Save(); err != nil {
			t.Fatal(err)
		}
	} else if !ok || want != plan {
		t.Errorf("plan of %s:\n%s\nwant:\n%s", c.Name, plan, want)
	}
	return &prepared{c, linked.Add(res.Files)}
}

// unpackHere unpacks a case and makes its folder the current one.
func unpackHere(t *testing.T, c *cases.Case) string {
	t.Helper()
	dir := t.TempDir()
	if err := c.Unpack(dir); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	return dir
}

// Print writes the number of one of several subtasks before its rows, behind the
// identifier, if it has one. The identifier may be a number, too.
var (
	identified = regexp.MustCompile(`(?m)^([^>\n]*):\d+> `)
	numbered   = regexp.MustCompile(`(?m)^\d+> `)
)

func withoutSubtasks(out, want string) string {
	if !numbered.MatchString(want) {
		out = numbered.ReplaceAllString(out, "")
	}
	return identified.ReplaceAllString(out, "$1> ")
}

// check runs a case and compares its output with what PyFlink gave.
func (c *prepared) check(t *testing.T, servers *cases.Servers, binary string, v variant) {
	dir := t.TempDir()
	if err := c.Unpack(dir); err != nil {
		t.Fatal(err)
	}
	env := servers.Prepare(t, c.Case)
	maps.Copy(env, c.Spec.Env)
	if v.poisoned {
		env["PYFC_POISON"] = "1"
	}
	args := append([]string{c.job, "--checkpoint-dir", filepath.Join(t.TempDir(), "checkpoints")}, v.args...)
	got := run(t, dir, env, binary, append(append(args, "--"), c.Spec.Args...)...)
	if got.code != 0 {
		t.Fatalf("exit code %d\n%s", got.code, got.stderr)
	}
	want, ok := c.Section("want.out")
	if v.parallel {
		want, got.stdout = cases.Left(want), cases.Left(withoutSubtasks(got.stdout, want))
	}
	if !ok && len(c.Spec.Sinks) == 0 {
		t.Fatal("no recorded output: run make oracle")
	}
	compare(t, "standard output", want, got.stdout, c.Spec.Unordered)
	for _, sink := range c.Spec.Sinks {
		want, _ := c.Section("want/" + sink)
		compare(t, sink, want, servers.Text(t, dir, sink), true)
	}
}

func compare(t *testing.T, what, want, got string, unordered bool) {
	t.Helper()
	if unordered {
		want, got = cases.SortLines(want), cases.SortLines(got)
	}
	if want != got {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}
