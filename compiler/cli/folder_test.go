package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/ir/diag"
)

const goodJob = `from pyflink.table import EnvironmentSettings, TableEnvironment
t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE s (a INT) WITH ('connector'='filesystem', 'path'='/data', 'format'='csv')")
t_env.execute_sql("CREATE TABLE k (a INT) WITH ('connector'='print')")
t_env.execute_sql("INSERT INTO k SELECT a FROM s")
`

func scripts(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCheckFolder(t *testing.T) {
	dir := scripts(t, map[string]string{
		"good.py":          goodJob,
		"deep/bad.py":      strings.Replace(goodJob, "SELECT a", "SELECT b", 1),
		"deep/tables.py":   "from pyflink.table import DataTypes\nrow = DataTypes.INT()\n",
		"other.py":         "print('nothing to do with it')\n",
		".hidden/bad.py":   strings.Replace(goodJob, "SELECT a", "SELECT b", 1),
		"deep/readme.text": "pyflink",
	})
	var out, errs bytes.Buffer
	if code := Main([]string{"check", dir}, &out, &errs); code != diag.Refused.ExitCode() {
		t.Errorf("exit code %d", code)
	}
	want := "refused      deep/bad.py  line 5: cannot resolve column \"b\"\nno job       deep/tables.py\nplan         good.py\n2 jobs: 1 plan, 1 refused\n"
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
	if !strings.Contains(errs.String(), "bad.py:5:") || strings.Contains(errs.String(), "\x1b") {
		t.Errorf("diagnostics, without colours:\n%s", errs.String())
	}
	out.Reset()
	Main([]string{"check", "--format=json", dir}, &out, &errs)
	var answers map[string]checked
	if err := json.Unmarshal(out.Bytes(), &answers); err != nil || len(answers) != 2 || answers["good.py"].Status != "plan" {
		t.Errorf("%v: %s", err, out.String())
	}
	if code := Main([]string{"check", t.TempDir()}, &out, &errs); code != 10 || !strings.Contains(errs.String(), "no script below it imports pyflink") {
		t.Errorf("an empty folder: exit code %d, %s", code, errs.String())
	}
	for _, of := range []string{dir, filepath.Join(dir, "good.py")} {
		errs.Reset()
		if code := Main([]string{"check", "--format=yaml", of}, &out, &errs); code != 10 || errs.String() != "pyfc: --format=yaml: want text or json\n" {
			t.Errorf("a format that there isn't: exit code %d, %s", code, errs.String())
		}
	}
}

// TestColours: parts are coloured, and nothing else changes.
func TestColours(t *testing.T) {
	d := diag.New(diag.InternalError, diag.Pos{File: "job.py", Line: 1, Column: 2, EndColumn: 4}, "it broke").WithHint("mend it")
	source := func(string) (string, bool) { return "abcd", true }
	var plain, coloured bytes.Buffer
	diag.Plain.Render(&plain, d, source)
	diag.Colour.Render(&coloured, d, source)
	if !strings.Contains(coloured.String(), "\x1b[1;31m^^\x1b[0m") {
		t.Errorf("%q", coloured.String())
	}
	bare := coloured.String()
	for _, sequence := range []string{diag.Colour.Error, diag.Colour.Warning, diag.Colour.Place, diag.Colour.Hint, "\x1b[0m"} {
		bare = strings.ReplaceAll(bare, sequence, "")
	}
	if bare != plain.String() {
		t.Errorf("%q, want %q", bare, plain.String())
	}
}
