package sql

import (
	"slices"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text     string
		complete []string
		rest     string
	}{
		{"SELECT 1", nil, "SELECT 1"},
		{"SELECT ';' -- ;\n; SELECT 2;", []string{"SELECT ';' -- ;\n;", " SELECT 2;"}, ""},
		{"SELECT 'open;", nil, "SELECT 'open;"},
		{"SELECT /* open; ", nil, "SELECT /* open; "},
		{"EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END; SHOW", []string{"EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END;"}, " SHOW"},
		{"begin statement set; insert into a select 1; end;", []string{"begin statement set; insert into a select 1; end;"}, ""},
	} {
		complete, rest := Split(c.text)
		if !slices.Equal(complete, c.complete) || rest != c.rest {
			t.Errorf("Split(%q) = %q, %q", c.text, complete, rest)
		}
	}
}

func TestBlank(t *testing.T) {
	for text, want := range map[string]bool{"": true, " -- words\n;": true, "/* x */ ; ;": true, "SELECT": false, "'": false} {
		if Blank(text) != want {
			t.Errorf("Blank(%q) = %v", text, !want)
		}
	}
}
