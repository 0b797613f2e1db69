package fn_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"pyfc/compiler/bind"
	"pyfc/compiler/sql"
	"pyfc/ir/diag"
	"pyfc/rt/fn"
)

// TestJSON compares the JSON functions with what PyFlink gave.
func TestJSON(t *testing.T) {
	f, err := os.Open("testdata/json.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	texts := map[string]string{}
	scan := bufio.NewScanner(f)
	for scan.Scan() {
		line := scan.Text()
		if name, text, ok := strings.Cut(line, " "); ok && strings.HasPrefix(line, "@") && !strings.Contains(line, " => ") {
			texts[name] = text
			continue
		}
		expr, want, ok := strings.Cut(line, " => ")
		if !ok {
			continue
		}
		for name, text := range texts {
			expr = strings.ReplaceAll(expr, name, text)
			want = strings.ReplaceAll(want, name, strings.Trim(text, "'"))
		}
		t.Run(strings.SplitN(line, " => ", 2)[0], func(t *testing.T) {
			refused := refusal(expr)
			switch {
			case want == "refused" || want == "error" && refused != nil:
				if refused == nil {
					t.Errorf("it is taken")
				}
			case refused != nil:
				t.Errorf("%s, PyFlink has %s", refused, want)
			default:
				check(t, fn.Example{SQL: expr, Want: want})
			}
		})
	}
	if len(texts) == 0 {
		t.Error("there are no texts")
	}
}

// refusal is the first fault of an expression, nil for one that is taken.
func refusal(expr string) *diag.Diagnostic {
	var ds diag.List
	stmts, faults := sql.Parse("SELECT "+expr, nil)
	if len(faults) > 0 {
		return faults[0]
	}
	bind.NewSession(&ds).Execute(stmts[0])
	if ds.HasErrors() {
		return ds.Sorted()[0]
	}
	return nil
}
