package golden

import (
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

// TestFirstCommand is the README's first command, on a built pyfc.
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
