package pyast

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the outputs of this run into the case files")

// testCase is one case of a case file: a source and what it gives.
//
//	=== name
//	source
//	----
//	output
type testCase struct{ name, source, output string }

func readCases(t testing.TB, file string) []testCase {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []testCase
	for _, chunk := range strings.Split("\n"+string(text), "\n=== ")[1:] {
		head, output, ok := strings.Cut(chunk+"\n", "----\n")
		if !ok {
			t.Fatalf("%s: a case has no output: %q", file, chunk)
		}
		name, source, _ := strings.Cut(head, "\n")
		cases = append(cases, testCase{name, source, strings.TrimRight(output, "\n")})
	}
	return cases
}

// runCases compares what run makes of each source with the output in the file.
func runCases(t *testing.T, file string, run func(source string) string) {
	var out strings.Builder
	for _, c := range readCases(t, file) {
		got := strings.TrimRight(run(c.source), "\n")
		out.WriteString("=== " + c.name + "\n" + c.source + "----\n" + got + "\n")
		if got != c.output && !*update {
			t.Errorf("%s: %s\n%s---- got\n%s\n---- want\n%s", file, c.name, c.source, got, c.output)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
