package calls

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"pyfc/golden/cases"
	"pyfc/golden/services"
	"pyfc/ir/diag"
)

// TestGoldens runs the drivers of the goldens on both sides: the evaluator sees
// the calls that CPython makes, in the same lines.
func TestGoldens(t *testing.T) {
	needSandbox(t)
	list, err := cases.Load("../../jobs")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		t.Run(c.Name, func(t *testing.T) {
			dir := t.TempDir()
			if err := c.Unpack(dir); err != nil {
				t.Fatal(err)
			}
			args := c.Spec.Args
			if args == nil {
				args = []string{}
			}
			want, got := both(t, filepath.Join(dir, c.Spec.Script), args, c.Nowhere())
			if got.Beside {
				sameUpToRun(t, want, got)
				return
			}
			if c.Spec.Classes != "" {
				if want.End == "" || got.End != "" {
					t.Errorf("CPython: %q, evaluator: %q; case.json says that only the real pyflink has its %s", want.End, got.End, c.Spec.Classes)
				}
				return
			}
			if want.End != "" || got.End != "" {
				t.Fatalf("CPython: %q, evaluator: %q %v", want.End, got.End, got.Diags)
			}
			first, lines := Difference(want, got)
			if first >= 0 {
				t.Fatalf("call %d: CPython %v, evaluator %v", first, at(want, first), at(got, first))
			}
			if lines != len(want.Calls) || lines == 0 {
				t.Errorf("%d of %d calls are in CPython's line", lines, len(want.Calls))
			}
		})
	}
}

// sameUpToRun compares the calls of a driver that goes on beside its job up to the
// first one that runs something, or to where it writes: those behind that depend
// on rows and files, which the sandbox doesn't have.
func sameUpToRun(t *testing.T, want, got *Run) {
	t.Helper()
	runs := slices.IndexFunc(want.Calls, func(c Call) bool { return strings.HasPrefix(c.Name, "execute") || c.Name == "to_pandas" })
	if runs < 0 && !strings.Contains(want.End, "the sandbox forbids") {
		t.Fatalf("CPython runs nothing: %q %v", want.End, want.Calls)
	}
	if runs < 0 {
		runs = len(want.Calls) - 1
	}
	upTo := func(r *Run) *Run { return &Run{Calls: r.Calls[:min(runs+1, len(r.Calls))]} }
	want, got = upTo(want), upTo(got)
	first, lines := Difference(want, got)
	if first >= 0 {
		t.Fatalf("call %d: CPython %v, evaluator %v", first, at(want, first), at(got, first))
	}
	if lines != len(want.Calls) {
		t.Errorf("%d of %d calls are in CPython's line", lines, len(want.Calls))
	}
}

// TestFolder runs the scripts that a list names on both sides and reports what
// disagrees. PYFC_DRIVERS is the file of the list, one path a line, or a folder
// of scripts.
func TestFolder(t *testing.T) {
	root := os.Getenv("PYFC_DRIVERS")
	if root == "" {
		t.Skip("PYFC_DRIVERS names no scripts")
	}
	needSandbox(t)
	var ran, ended, same, lines, total int
	causes := map[string][]string{}
	for _, script := range drivers(t, root) {
		want, got := both(t, script, []string{}, nil)
		for _, d := range got.Diags {
			if d.Code == diag.InternalError {
				t.Errorf("%s: %v", script, d)
			}
		}
		if got.Time > 2*time.Second {
			t.Errorf("%s takes %v", script, got.Time)
		}
		if want.End != "" {
			causes["CPython stops: "+want.End] = append(causes["CPython stops: "+want.End], script)
			continue
		}
		ran++
		if got.End != "" {
			causes["evaluator stops: "+got.End] = append(causes["evaluator stops: "+got.End], script)
			continue
		}
		ended++
		first, n := Difference(want, got)
		if first >= 0 {
			cause := fmt.Sprintf("calls differ: CPython %v, evaluator %v", at(want, first), at(got, first))
			causes[cause] = append(causes[cause], script)
			continue
		}
		same++
		lines += n
		total += len(want.Calls)
		if n != len(want.Calls) {
			cause := "lines differ" + firstLine(want, got)
			causes[cause] = append(causes[cause], script)
		}
	}
	var text []string
	for cause, scripts := range causes {
		text = append(text, fmt.Sprintf("%d %s\n      %s", len(scripts), cause, strings.Join(scripts, "\n      ")))
	}
	sort.Strings(text)
	t.Logf("CPython ends %d, evaluator %d of these, same calls %d, same line %d of %d\n%s",
		ran, ended, same, lines, total, strings.Join(text, "\n"))
	if ran == 0 || float64(ended) < 0.97*float64(ran) || float64(same) < 0.97*float64(ended) || float64(lines) < 0.98*float64(total) {
		t.Error("want 97 % of the drivers to end, 97 % of these with the same calls, 98 % of the calls in the same line")
	}
}

func both(t *testing.T, script string, args []string, env map[string]string) (cpython, evaluator *Run) {
	t.Helper()
	cpython, err := CPython(script, args, env)
	if err != nil {
		t.Fatal(err)
	}
	if len(args) == 0 && env == nil {
		args = nil
	}
	if evaluator, err = Evaluator(script, args, env); err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return cpython, evaluator
}

func at(r *Run, i int) string {
	if i < len(r.Calls) {
		return r.Calls[i].String()
	}
	return "nothing"
}

func firstLine(a, b *Run) string {
	for i := range a.Calls {
		if a.Calls[i].File != b.Calls[i].File || a.Calls[i].Line != b.Calls[i].Line {
			return fmt.Sprintf(": CPython %v, evaluator %v", a.Calls[i], b.Calls[i])
		}
	}
	return ""
}

func drivers(t *testing.T, root string) []string {
	var out []string
	info, err := os.Stat(root)
	if err != nil {
		t.Fatal(err)
	}
	if !info.IsDir() {
		data, err := os.ReadFile(root)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(data)), "\n")
	}
	err = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".py" {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// needSandbox skips the test, but not in CI, where CPython 3.11 or a namespace
// without network is missing.
func needSandbox(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("unshare", "-rn", "python3", "-c", "import sys; assert sys.version_info >= (3, 11)").CombinedOutput(); err != nil {
		services.Missing(t, "needs python3 ≥ 3.11 and unshare -rn: %s", out)
	}
}

// TestLinesOfCalls: a call with *args or **keywords, or of a method of what the
// module imports by name, is in the line in which its expression begins, others
// are in that of the method's name.
func TestLinesOfCalls(t *testing.T) {
	needSandbox(t)
	script := filepath.Join(t.TempDir(), "job.py")
	src := `from pyflink.table import *
from pyflink.table.expressions import col
settings = (EnvironmentSettings
    .new_instance()
    .build())
t = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
x = t.from_elements([(1, 'x')], ['k', 's'])
(x.group_by(col('s'))
    .select(col('s'),
            *[col(n).sum
              for n in ['k']])
    .execute())
(x
    .select(
        col('s'),
        *(col(n) for n in ['k']))
    .print_schema())
def own(*columns):
    return x.select(
        columns[0])
(own(
    *[col('k')])
    .print_schema())
x.select(
    *[col('k')],
    **{})
from pyflink.table import Schema
def schema():
    from pyflink.table import DataTypes
    return (Schema
        .new_builder()
        .column('k', DataTypes
            .INT())
        .build())
schema()
`
	if err := os.WriteFile(script, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	want, got := both(t, script, []string{}, nil)
	if first, lines := Difference(want, got); first >= 0 || lines != len(want.Calls) || lines == 0 {
		t.Errorf("%d of %d calls are in CPython's line%s", lines, len(want.Calls), firstLine(want, got))
	}
}
