package golden

import (
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pyfc/compiler/cli"
)

var (
	quoted   = regexp.MustCompile("`([^`\n]+)`")
	pathLike = regexp.MustCompile(`^[A-Za-z0-9_.]+(/[A-Za-z0-9_.*]+)+/?$`)
	testFunc = regexp.MustCompile(`(?m)^func (Test[A-Z][A-Za-z0-9]+)\(`)
	testName = regexp.MustCompile(`\bTest[A-Z][A-Za-z0-9]+\b`)
)

// TestDocsNameWhatExists holds the pages to the tree: paths between back quotes
// exist, and so do the tests that promises refer to.
func TestDocsNameWhatExists(t *testing.T) {
	tests := testNames(t)
	checked := 0
	for _, page := range []string{"README.md", "ARCHITECTURE.md", "RATIONALE.md", "CONTRIBUTING.md"} {
		text, err := os.ReadFile(filepath.Join("..", page))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			if !pathLike.MatchString(m[1]) || strings.HasPrefix(m[1], "github.com/") {
				continue
			}
			checked++
			if found, err := filepath.Glob(filepath.Join("..", m[1])); err != nil || len(found) == 0 {
				t.Errorf("%s names %s, which isn't there", page, m[1])
			}
		}
		for _, name := range testName.FindAllString(string(text), -1) {
			checked++
			if !tests[name] {
				t.Errorf("%s names the test %s, which isn't there", page, name)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d names were checked", checked)
	}
}

// TestReadmeShowsWhatIsPrinted holds the README's blocks to what pyfc says and to
// the example that they are taken from.
func TestReadmeShowsWhatIsPrinted(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	readme := string(text)
	example, err := os.ReadFile(filepath.Join("examples", "popularity", "tests", "days.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if _, test, _ := strings.Cut(string(example), "\n"); !strings.Contains(readme, "```\n"+test) {
		t.Errorf("the README lacks the example's test:\n%s", test)
	}
	t.Chdir(t.TempDir())
	const script = `from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE s (amount INT) WITH ('connector' = 'datagen')")
t_env.execute_sql("CREATE TABLE p (amount INT) WITH ('connector' = 'print')")
t_env.from_path("s").select(col("amuont")).execute_insert("p")
`
	if err := os.WriteFile("job.py", []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cli.Main([]string{"check", "job.py"}, io.Discard, &said)
	if !strings.Contains(readme, "```\n"+said.String()+"```") {
		t.Errorf("the README lacks what check says:\n%s", said.String())
	}
}

// testNames are the tests of all packages.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		for _, m := range testFunc.FindAllSubmatch(data, -1) {
			names[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestFirstCommand builds and runs an example as a user does.
func TestFirstCommand(t *testing.T) {
	out := filepath.Join(t.TempDir(), "popularity")
	script := filepath.Join(root(t), "golden", "examples", "popularity", "job.py")
	if code := cli.Main([]string{"build", script, "-o", out}, os.Stdout, os.Stderr); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	cmd := exec.Command(out)
	cmd.Dir = t.TempDir()
	got, err := cmd.Output()
	want := "+I[teapot, 1, 12]\n+I[kettle, 1, 40]\n-U[teapot, 1, 12]\n+U[teapot, 2, 7]\n-U[teapot, 2, 7]\n+U[teapot, 3, 15]\n-U[kettle, 1, 40]\n+U[kettle, 2, 24]\n"
	if err != nil || string(got) != want {
		t.Errorf("error %v, output:\n%s\nwant:\n%s", err, got, want)
	}
}

// TestRun runs the example by `pyfc run`, with options of its binary, which is
// gone then.
func TestRun(t *testing.T) {
	cache, checkpoints := t.TempDir(), filepath.Join(t.TempDir(), "checkpoints")
	t.Setenv("PYFC_CACHE", cache)
	script := filepath.Join(root(t), "golden", "examples", "popularity", "job.py")
	t.Chdir(t.TempDir())
	for option, want := range map[string]int{"--parallelism=2": 0, "--parallelism=300": 10} {
		if code := cli.Main([]string{"run", script, option, "--checkpoint-dir", checkpoints}, io.Discard, os.Stderr); code != want {
			t.Errorf("%s: exit code %d, want %d", option, code, want)
		}
	}
	if _, err := os.Stat(checkpoints); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(filepath.Join(cache, "run")); err != nil || len(left) > 0 {
		t.Errorf("%v is left, error %v", left, err)
	}
}
