package bind

import (
	"os"
	"strings"
	"testing"

	"pyfc/compiler/sql"
)

// Whatever parses is bound or refused, and never ends in a panic.
func TestWhateverParsesIsBoundOrRefused(t *testing.T) {
	data, err := os.ReadFile("../sql/testdata/verdicts.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(data), "\n") {
		_, text, ok := strings.Cut(line, "\t")
		if !ok {
			continue
		}
		s := newSession(t)
		stmts, _ := sql.Parse(strings.ReplaceAll(text, `\n`, "\n"), nil)
		for _, st := range stmts {
			out := s.Execute(st)
			silent := out.Query == nil && out.Sink == nil && out.Set == nil && out.Reset == nil && out.Function == nil && !s.Diags.HasErrors()
			if silent && out.Listing == nil {
				t.Errorf("neither a plan nor an answer nor a fault: %s", text)
			}
		}
	}
}
