package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pyfc/compiler"
	"pyfc/ir/diag"
)

// expectation is a comment "# CODE: regexp" behind the line that a diagnostic
// must point at.
var expectation = regexp.MustCompile(`#\s*(?:at nowhere )?([A-Z]+\d{3}): (.*)$`)

// TestErrors compiles the scripts below golden/errors. A file holds several,
// separated by lines of three dashes; each must yield exactly the diagnostics
// that its comments say, on their lines. A first line "# at nowhere CODE:
// regexp" expects one without a place.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("errors/*.py")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts below golden/errors (%v)", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, script := range strings.Split(string(data), "\n---\n") {
			name := fmt.Sprintf("%s/%d", strings.TrimSuffix(filepath.Base(file), ".py"), i+1)
			t.Run(name, func(t *testing.T) { checkErrors(t, script) })
		}
	}
}

func checkErrors(t *testing.T, script string) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("job.py", []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	want := map[int][]string{} // line → "CODE: regexp"
	total := 0
	for i, line := range strings.Split(script, "\n") {
		if m := expectation.FindStringSubmatch(line); m != nil {
			at := i + 1
			if strings.HasPrefix(line, "# at nowhere ") {
				at = 0
			}
			want[at] = append(want[at], m[1]+": "+m[2])
			total++
		}
	}
	if total == 0 {
		t.Fatal("the script expects no diagnostic")
	}
	res := compiler.Compile(compiler.Request{Script: "job.py"})
	for _, d := range res.Diags.Sorted() {
		if !take(want, d) {
			t.Errorf("unexpected %s", d.Error())
		}
	}
	for line, list := range want {
		for _, w := range list {
			t.Errorf("line %d: no diagnostic %s", line, w)
		}
	}
}

// take removes the expectation that a diagnostic meets. The text that must
// match is message, hint and notes, these with the lines that they point at.
func take(want map[int][]string, d *diag.Diagnostic) bool {
	for i, w := range want[d.Pos.Line] {
		code, text, _ := strings.Cut(w, ": ")
		if diag.Code(code) == d.Code && regexp.MustCompile(text).MatchString(told(d)) {
			want[d.Pos.Line] = append(want[d.Pos.Line][:i:i], want[d.Pos.Line][i+1:]...)
			return true
		}
	}
	return false
}

// told is what a diagnostic says.
func told(d *diag.Diagnostic) string {
	parts := []string{d.Message}
	if d.Hint != "" {
		parts = append(parts, d.Hint)
	}
	for _, n := range d.Notes {
		parts = append(parts, fmt.Sprintf("line %d: %s", n.Pos.Line, n.Message))
	}
	return strings.Join(parts, " | ")
}
