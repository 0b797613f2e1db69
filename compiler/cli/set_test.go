package cli

import (
	"os"
	"strings"
	"testing"
)

const printJob = `from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING) WITH ('connector' = 'filesystem', 'path' = 'a.csv', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE copy (id STRING) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO copy SELECT id FROM clicks")
`

// pyfc runs the command line in a folder with printJob as job.py.
func pyfc(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("job.py", []byte(printJob), 0o644); err != nil {
		t.Fatal(err)
	}
	var o, e strings.Builder
	code = Main(args, &o, &e)
	return code, o.String(), e.String()
}

func TestSetReplacesAnOptionAtBuild(t *testing.T) {
	code, out, errOut := pyfc(t, "explain", "--stage=go", "job.py", "--set", "clicks.path=b.csv")
	if code != 0 || !strings.Contains(out, `"b.csv"`) || strings.Contains(out, `"a.csv"`) {
		t.Errorf("exit code %d, %s\n%s", code, errOut, out)
	}
}

func TestSetIsChecked(t *testing.T) {
	for assignment, want := range map[string]string{
		"click.path=b.csv":    "did you mean clicks?",
		"clicks.pth=b.csv":    "did you mean path",
		"clicks.format=jsonn": "json",
		"clicks":              "want TABLE.OPTION=VALUE",
	} {
		code, _, errOut := pyfc(t, "check", "job.py", "--set", assignment)
		if code != 10 || !strings.Contains(errOut, want) {
			t.Errorf("--set %s: exit code %d, %q doesn't contain %q", assignment, code, errOut, want)
		}
	}
}

func TestFlinkSpellings(t *testing.T) {
	code, out, errOut := pyfc(t, "check", "-py", "job.py", "-pyexec", "python3", "-D", "parallelism.default=1", "--format=json")
	if code != 0 || !strings.Contains(out, `"status": "plan"`) {
		t.Errorf("exit code %d, %s\n%s", code, errOut, out)
	}
}
