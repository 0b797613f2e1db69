package golden

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"pyfc/compiler/cli"
	"pyfc/golden/cases"
)

// endToEndFloor is the fraction of the cases of PYFC_E2E that pass: what works
// keeps working. It is raised as more does.
const endToEndFloor = 0.4

// endToEnd is case.json of an end-to-end case, which lies beside the job and its
// inputs in one txtar file; want.stdout and want/PATH are what it gives.
type endToEnd struct {
	Script string            `json:"script"`
	Argv   []string          `json:"argv"`
	Env    map[string]string `json:"env"`
	// Build is what the build is given, if not what the run is.
	Build *struct {
		Argv []string          `json:"argv"`
		Env  map[string]string `json:"env"`
	} `json:"build"`
	Compare struct {
		Stdout   string            `json:"stdout"`    // exact, lines_unordered or ignore
		SinkDirs map[string]string `json:"sink_dirs"` // the same, by path
	} `json:"compare"`
	Exit           json.RawMessage `json:"exit"` // a number, or "nonzero"; 0 by default
	StderrContains []string        `json:"stderr_contains"`

	files map[string]string
}

// TestEndToEnd builds jobs as a user does, takes their Python files away, runs
// the binaries and compares what they print and leave: the cases of the folder
// PYFC_E2E, or the project's own, which all must pass, as must those that -run
// chooses.
func TestEndToEnd(t *testing.T) {
	dir := os.Getenv("PYFC_E2E")
	strict := dir == "" || strings.Contains(flag.Lookup("test.run").Value.String(), "/")
	if dir == "" {
		dir = "e2e"
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases in %s: %v", dir, err)
	}
	passed, ran := 0, 0
	for _, path := range paths {
		c, err := loadEndToEnd(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			ran++
			switch why := c.failure(t); {
			case why == "":
				passed++
			case strict:
				t.Error(why)
			default:
				t.Log("fails: ", why) // it counts below
			}
		})
	}
	t.Logf("%d of %d pass", passed, ran)
	if !strict && float64(passed) < endToEndFloor*float64(ran) {
		t.Errorf("%d of %d pass; at least %.2f of them have passed before", passed, ran, endToEndFloor)
	}
}

func loadEndToEnd(path string) (*endToEnd, error) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		return nil, err
	}
	c := &endToEnd{Script: "job.py", files: map[string]string{}}
	for _, f := range archive.Files {
		c.files[f.Name] = string(f.Data)
	}
	if err := json.Unmarshal([]byte(c.files["case.json"]), c); err != nil {
		return nil, fmt.Errorf("%s: case.json: %w", path, err)
	}
	return c, nil
}

// failure builds and runs the case in a folder of its own, and says in what it
// differs from what is wanted.
func (c *endToEnd) failure(t *testing.T) string {
	dir := t.TempDir()
	for name, text := range c.files {
		if name == "case.json" || name == "want.stdout" || strings.HasPrefix(name, "want/") {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	binary := filepath.Join(t.TempDir(), "job")
	code, messages := c.build(binary)
	stdout := ""
	if code == 0 {
		withoutPython(t, dir)
		got := run(t, dir, c.Env, binary, c.Argv...)
		code, stdout, messages = got.code, got.stdout, messages+got.stderr
	}
	return c.differs(dir, code, stdout, messages)
}

// build runs pyfc build.
func (c *endToEnd) build(binary string) (code int, messages string) {
	argv, env := c.Argv, c.Env
	if c.Build != nil {
		argv, env = c.Build.Argv, c.Build.Env
	}
	args := []string{"build", c.Script, "-o", binary}
	for _, k := range slices.Sorted(maps.Keys(env)) {
		args = append(args, "--env", k+"="+env[k])
	}
	if len(argv) > 0 {
		args = append(append(args, "--"), argv...)
	}
	var out, errs bytes.Buffer
	code = cli.Main(args, &out, &errs)
	return code, errs.String() + out.String()
}

// withoutPython removes the scripts: a binary needs nothing but itself.
func withoutPython(t *testing.T, dir string) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".py" {
			return os.Remove(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *endToEnd) differs(dir string, code int, stdout, messages string) string {
	switch exit := string(c.Exit); {
	case exit == `"nonzero"`:
		if code == 0 {
			return "it succeeds"
		}
	case exit != fmt.Sprint(code) && (exit != "" || code != 0):
		return fmt.Sprintf("exit code %d\n%s", code, messages)
	}
	for _, pattern := range c.StderrContains {
		if ok, err := regexp.MatchString(pattern, messages); !ok {
			return fmt.Sprintf("the messages lack %s (%v):\n%s", pattern, err, messages)
		}
	}
	if why := unlike("standard output", c.Compare.Stdout, c.files["want.stdout"], stdout); why != "" {
		return why
	}
	for sink, how := range c.Compare.SinkDirs {
		text, err := cases.SinkText(filepath.Join(dir, sink))
		if err != nil {
			return err.Error()
		}
		if why := unlike(sink, how, c.files["want/"+sink], text); why != "" {
			return why
		}
	}
	return ""
}

// unlike says how a text differs from the wanted one.
func unlike(what, how, want, got string) string {
	if how == "lines_unordered" {
		want, got = cases.SortLines(want), cases.SortLines(got)
	}
	if how == "ignore" || want == got {
		return ""
	}
	return fmt.Sprintf("%s:\n%s\nwant:\n%s", what, got, want)
}
