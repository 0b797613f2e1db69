package pyflink

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pyfc/ir/diag"
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
	var out []string
	for _, row := range referenceRows(t, path, "class", "member", "module", "scope") {
		class, name, module := row[0], row[1], row[2]
		switch {
		case !slices.Contains([]string{"core", "core-deprecated"}, row[3]):
		case class == "":
			out = append(out, module+"."+name)
		case name != "__init__": // the class stands for its constructor
			out = append(out, strings.Trim(class+"."+name, "."))
		}
	}
	return out
}

// referenceRows are some columns of a table with tabs between them.
func referenceRows(t *testing.T, path string, columns ...string) [][]string {
	t.Helper()
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
	var out [][]string
	for _, row := range rows[1:] {
		var cells []string
		for _, c := range columns {
			cells = append(cells, row[slices.Index(rows[0], c)])
		}
		out = append(out, cells)
	}
	return out
}

// TestLegacyMembers finds every member that PyFlink 1.10 and 1.11 had and 1.20.1
// lacks, or has with other parameters, among those that pyfc documents or plans:
// scripts of that time use them. It needs PYFC_REFERENCE.
func TestLegacyMembers(t *testing.T) {
	dir := os.Getenv("PYFC_REFERENCE")
	if dir == "" {
		t.Skip("PYFC_REFERENCE isn't set")
	}
	states := map[string]State{}
	for _, m := range Members() {
		states[strings.Trim(m.Class+"."+m.Name, ".")] = m.State
	}
	count := map[State]int{}
	for _, row := range referenceRows(t, filepath.Join(dir, "legacy_api.tsv"), "class", "member") {
		class := strings.TrimPrefix(strings.TrimPrefix(row[0], "descriptors."), "dataset.") // the modules
		switch class {
		case "string expression":
			if len(legacyGrammar[row[1]]) == 0 {
				t.Errorf("string expressions: nothing tests %s", row[1])
			}
			continue
		case "udf":
			class = ""
		}
		for _, name := range legacyNames(row[1]) {
			name = strings.Trim(class+"."+name, ".")
			state, ok := states[name]
			if !ok {
				t.Errorf("%s isn't documented", name)
			}
			count[state]++
		}
	}
	for part, list := range legacyGrammar {
		for _, x := range list {
			if !slices.ContainsFunc(stringExpressions, func(c struct{ expr, want string }) bool { return c.expr == x }) && !strings.Contains(legacyOther, x) {
				t.Errorf("string expressions: %s of %s isn't tested", x, part)
			}
		}
	}
	t.Logf("%d run, %d planned, %d refused", count[Runs], count[Planned], count[Refused])
}

// legacyNames are the members that one row of the table stands for: "A/B" is
// both, "(3 more: a, get/set_b)" what it lists. The class stands for its
// constructor.
func legacyNames(member string) []string {
	if member == "__init__" {
		return []string{""}
	}
	_, list, more := strings.Cut(strings.Trim(member, "()"), ": ")
	if !more {
		return strings.Split(member, "/")
	}
	var out []string
	for _, name := range strings.Split(list, ", ") {
		first, second, both := strings.Cut(name, "/")
		if out = append(out, first); both {
			out[len(out)-1] += second[strings.IndexByte(second, '_'):]
			out = append(out, second)
		}
	}
	return out
}

// legacyGrammar are expressions of TestStringExpressions and TestLegacyGrammar
// by what the table says that the grammar has.
var legacyGrammar = map[string][]string{
	"field list": {"sum(a) as s, count(b)"}, "star": {"*"}, "infix operators": {"a === 1", "a !== 1", "a > 1 && b < 2L || !f", "a % 2"},
	"alias": {"a as z", "a.as(z)", "a as (z, y)"}, "cast": {"a.cast(LONG)", "cast(b, INT)"}, "conditional": {"(a > 1).?(b, 4L)"},
	"suffix call": {"x.upperCase", "a.count"}, "prefix call": {"upperCase(x)", "count(a)"}, "distinct": {"a.count.distinct", "count.distinct(a)"},
	"intervals": {"10.minutes", "3.months"}, "time attributes": {"a.rowtime", "a.proctime"}, "window properties": {"w.start", "w.end", "w.rowtime"},
	"over": {"a.sum over w"}, "over constants": {"unbounded_range", "unbounded_row", "current_row", "current_range"}, "null literal": {"nullOf(INT)"},
	"column functions": {"withColumns(1 to 2)", "withoutColumns(3 to 6)"}, "sort": {"a.desc, b.asc"}, "literals": {"3L", "2.5p", "'it''s'"},
	"table function call in join_lateral": {"split(x) as (word, length)"},
}

// legacyOther are string expressions of other methods than select.
const legacyOther = `from pyflink.table.udf import udtf
from pyflink.table.window import Over, Tumble
t_env.execute_sql("CREATE TABLE st (a INT, b BIGINT, x STRING, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')")
t = t_env.from_path("st")
t_env.register_function("split", udtf(lambda x: [], result_types=[DataTypes.STRING(), DataTypes.INT()]))
t.join_lateral("split(x) as (word, length)").select("a, word, length").print_schema()
t.window(Tumble.over("10.minutes").on("ts").alias("w")).group_by("w, a").select("a, w.start, w.end, w.rowtime, b.sum").print_schema()
for back, ahead in (("unbounded_range", "current_range"), ("unbounded_row", "current_row"), ("10.minutes", "CURRENT_RANGE"), ("1.rows", "current_row")):
    t.over_window(Over.partition_by("x").order_by("ts").preceding(back).following(ahead).alias("w")).select("a.sum over w, count(b) over w as n").print_schema()
t.over_window(Over.partition_by("x").order_by("ts").preceding("unbounded_range").alias("w")).select("a.sum over w as s").print_schema()
t_env.from_path("src").order_by("a.desc, b.asc").select("a").fetch(3).print_schema()
`

// TestLegacyGrammar takes string expressions of all methods that had them.
func TestLegacyGrammar(t *testing.T) {
	res := script(t, tables+legacyOther+`t_env.execute_sql("INSERT INTO snk SELECT c, b FROM src")`, nil)
	for _, d := range res.Diags {
		if d.Severity() == diag.Error {
			t.Error(d)
		}
	}
	want := []string{
		"a INT word STRING length INT",
		"a INT EXPR$0 TIMESTAMP(3) EXPR$1 TIMESTAMP(3) EXPR$2 TIMESTAMP(3) NOT NULL *ROWTIME* EXPR$3 BIGINT",
		"_c0 INT n BIGINT NOT NULL", "_c0 INT n BIGINT NOT NULL", "_c0 INT n BIGINT NOT NULL", "_c0 INT n BIGINT NOT NULL", "s INT", "a INT",
	}
	var got []string
	for _, a := range res.Job.Actions {
		if text, ok := a.Print.Const(); ok && a.Run == nil {
			got = append(got, strings.NewReplacer("(\n  ", "", "\n)", "", "\n  ", " ", "`", "", ",", "").Replace(strings.TrimSpace(text)))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
