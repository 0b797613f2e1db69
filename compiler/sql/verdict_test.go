package sql

import (
	"os"
	"strings"
	"testing"
)

// verdict is what the parser of PyFlink 1.20.1 says of a text: "accepted", also
// where its validator or planner refuses the statement afterwards, or
// "refused".
type verdict struct {
	text     string
	accepted bool
}

// verdicts reads testdata/verdicts.txt: a verdict and a text a line, \n in it
// for the end of a line.
func verdicts(t testing.TB) []verdict {
	data, err := os.ReadFile("testdata/verdicts.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []verdict
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		word, text, ok := strings.Cut(line, "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if !ok || word != "accepted" && word != "refused" {
			t.Fatalf("no verdict: %s", line)
		}
		out = append(out, verdict{strings.ReplaceAll(text, `\n`, "\n"), word == "accepted"})
	}
	return out
}

// Where Flink's parser takes a text there is a tree for each of its statements;
// where it doesn't, some statement has none.
func TestVerdicts(t *testing.T) {
	wrong := 0
	for _, v := range verdicts(t) {
		_, ds := Parse(v.text, nil)
		if got := parsed(v.text); got != v.accepted {
			wrong++
			t.Errorf("PyFlink: accepted %t, here %t: %s\n%s", v.accepted, got, v.text, render(ds))
		}
	}
	t.Logf("%d of %d texts have PyFlink's verdict", len(verdicts(t))-wrong, len(verdicts(t)))
}

// parsed reports whether all statements of a text have a tree.
func parsed(text string) bool {
	p := newParser(text, nil, flinkSQL, nil)
	stmts := p.statements()
	return p.faults == 0 && len(stmts) > 0
}
