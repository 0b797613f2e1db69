package golden

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pyfc/compiler"
	"pyfc/compiler/cli"
	"pyfc/golden/cases"
	"pyfc/ir/diag"
)

// pyflinkExamples are the examples of the Table API that PyFlink comes with,
// with what becomes of them: a job, a job of which a part isn't run yet, or a
// script of the DataStream API. Those that are run end by themselves.
var pyflinkExamples = []struct {
	name    string
	verdict diag.Verdict
	stream  bool // uses the DataStream API, and is refused for that alone
	run     bool
}{
	{name: "basic_operations", verdict: diag.Planned},
	{name: "multi_sink", verdict: diag.Plan, run: true},
	{name: "process_json_data", verdict: diag.Plan, run: true},
	{name: "process_json_data_with_udf", verdict: diag.Plan, run: true},
	{name: "streaming_word_count", verdict: diag.Plan},
	{name: "word_count", verdict: diag.Planned},
	{name: "pandas/conversion_from_dataframe", verdict: diag.Planned},
	{name: "mixing_use_of_datastream_and_table", verdict: diag.Planned, stream: true},
	{name: "pandas/pandas_udaf", verdict: diag.Planned, stream: true},
	{name: "windowing/over_window", verdict: diag.Planned, stream: true},
	{name: "windowing/session_window", verdict: diag.Planned, stream: true},
	{name: "windowing/sliding_window", verdict: diag.Planned, stream: true},
	{name: "windowing/tumble_window", verdict: diag.Planned, stream: true},
}

// TestPyFlinkExamples compiles the examples of the PyFlink that
// PYFC_ORACLE_PYTHON runs, and compares what they print with what it prints.
func TestPyFlinkExamples(t *testing.T) {
	python := os.Getenv("PYFC_ORACLE_PYTHON")
	if python == "" {
		t.Skip("PYFC_ORACLE_PYTHON names no interpreter with PyFlink")
	}
	out, err := exec.Command(python, "-c", "import os, pyflink; print(os.path.dirname(pyflink.__file__))").Output()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(strings.TrimSpace(string(out)), "examples", "table")
	for _, e := range pyflinkExamples {
		t.Run(e.name, func(t *testing.T) {
			script := filepath.Join(folder, e.name+".py")
			res := compiler.Compile(compiler.Request{Script: script, Args: []string{}})
			if got := res.Verdict(); got > e.verdict {
				t.Errorf("the verdict is %v, want %v at most", got, e.verdict)
			}
			for _, d := range res.Diags.Sorted() {
				if e.stream && d.Severity() == diag.Error && d.Code != diag.APIStream {
					t.Errorf("refused for more than the DataStream API: %v", d)
				} else if !e.stream && d.Code.Info().Verdict != diag.Planned && d.Severity() == diag.Error {
					t.Errorf("%v", d)
				}
			}
			if e.run {
				compareWithPyFlink(t, python, script)
			}
		})
	}
}

// changeLines matches the changes that the connector print shows, without the
// subtask that shows them. The examples send what libraries log to the same
// place.
var changeLines = regexp.MustCompile(`(?m)^(?:\d+> )?([+-][IUD]\[.*\n)`)

// compareWithPyFlink builds and runs a script, and compares the changes that it
// prints with those that PyFlink prints.
func compareWithPyFlink(t *testing.T, python, script string) {
	binary := filepath.Join(t.TempDir(), "job")
	var messages bytes.Buffer
	if code := cli.Main([]string{"build", script, "-o", binary}, &messages, &messages); code != 0 {
		t.Fatalf("exit code %d\n%s", code, messages.String())
	}
	got := run(t, t.TempDir(), nil, binary)
	if got.code != 0 {
		t.Fatalf("exit code %d\n%s", got.code, got.stderr)
	}
	cmd := exec.Command(python, script)
	cmd.Dir = t.TempDir()
	want, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := func(text string) string {
		var b strings.Builder
		for _, m := range changeLines.FindAllStringSubmatch(text, -1) {
			b.WriteString(m[1])
		}
		return cases.SortLines(b.String())
	}
	if lines(got.stdout) != lines(string(want)) || lines(got.stdout) == "" {
		t.Errorf("it prints\n%s\nPyFlink prints\n%s", got.stdout, want)
	}
}
