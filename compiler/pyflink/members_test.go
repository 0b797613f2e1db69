package pyflink

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxRefused is how many user-facing members may be refused.
const maxRefused = 40

// TestMembers finds every user-facing member of the real package among those
// that pyfc documents, so that none is silently missing. PYFC_REFERENCE is a
// folder with the tables of members; without it known.txt says what there is.
func TestMembers(t *testing.T) {
	states := map[string]Member{}
	for _, m := range Members() {
		states[strings.Trim(m.Class+"."+m.Name, ".")] = m
		if m.Class == "" {
			states[m.Module+"."+m.Name] = m
		}
	}
	names := knownNames()
	if dir := os.Getenv("PYFC_REFERENCE"); dir != "" {
		names = referenceNames(t, filepath.Join(dir, "table_api.tsv"))
	}
	count := map[State]int{}
	var planned []string
	for _, name := range names {
		m, ok := states[name]
		if !ok {
			t.Errorf("%s isn't documented", name)
			continue
		}
		count[m.State]++
		if m.State == Planned {
			planned = append(planned, name)
		}
	}
	t.Logf("%d members: %d run, %d planned, %d refused; planned: %s", len(names), count[Runs], count[Planned], count[Refused], strings.Join(planned, " "))
	if count[Refused] > maxRefused {
		t.Errorf("%d members are refused, more than %d", count[Refused], maxRefused)
	}
}

// knownNames are the members of pyflink.table by known.txt.
func knownNames() []string {
	var out []string
	for module, k := range known() {
		if !strings.HasPrefix(module, "pyflink.table") {
			continue
		}
		for _, c := range k.classes {
			out = append(out, c.name)
			for _, m := range c.members {
				out = append(out, c.name+"."+strings.TrimRight(m, "()!="))
			}
		}
		for _, name := range slices.Concat(k.functions, k.constants) {
			out = append(out, module+"."+name)
		}
	}
	return out
}

// referenceNames are the members in the scope of the table's rows.
func referenceNames(t *testing.T, path string) []string {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(column string) int { return slices.Index(rows[0], column) }
	var out []string
	for _, row := range rows[1:] {
		class, name, module := row[at("class")], row[at("member")], row[at("module")]
		switch {
		case !slices.Contains([]string{"core", "core-deprecated"}, row[at("scope")]):
		case class == "":
			out = append(out, module+"."+name)
		case name != "__init__": // the class stands for its constructor
			out = append(out, strings.Trim(class+"."+name, "."))
		}
	}
	return out
}
