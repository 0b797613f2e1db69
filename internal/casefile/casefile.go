// Package casefile runs table tests kept as text: a file holds cases of the
// form
//
//	# comment
//	directive
//	input, any number of lines
//	----
//	output
//
// with a blank line between cases. The output is what the code under test
// answers; `go test -update` writes it anew, for a review of the difference.
package casefile

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the answers into the case files")

// Case is one case of a file.
type Case struct {
	Directive string
	Input     string // without the final line break
	Line      int    // of the directive
}

// Run gives each case of the file to answer and compares what it returns with
// the file. An output never holds a blank line.
func Run(t *testing.T, path string, answer func(t *testing.T, c Case) string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	for i := 0; i < len(lines); {
		if lines[i] == "" || strings.HasPrefix(lines[i], "#") {
			out.WriteString(lines[i] + "\n")
			i++
			continue
		}
		c := Case{Directive: lines[i], Line: i + 1}
		start := i + 1
		for i = start; i < len(lines) && lines[i] != "----"; i++ {
		}
		if i == len(lines) {
			t.Fatalf("%s:%d: the case has no ----", path, c.Line)
		}
		c.Input = strings.Join(lines[start:i], "\n")
		start = i + 1
		for i = start; i < len(lines) && lines[i] != ""; i++ {
		}
		want := strings.Join(lines[start:i], "\n")
		got := strings.TrimRight(answer(t, c), "\n")
		if strings.Contains(got, "\n\n") {
			t.Errorf("%s:%d: the answer holds a blank line:\n%s", path, c.Line, got)
		}
		if got != want && !*update {
			t.Errorf("%s:%d: %s\n%s\ngot:\n%s\nwant:\n%s", path, c.Line, c.Directive, c.Input, got, want)
		}
		out.WriteString(c.Directive + "\n" + c.Input + "\n----\n")
		if got != "" {
			out.WriteString(got + "\n")
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
