package pyflink

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pyfc/ir/diag"
)

// TestOtherVersions asks for names that PyFlink 1.20.1 lacks and other versions
// have.
func TestOtherVersions(t *testing.T) {
	for _, c := range []struct{ owner, name, want string }{
		{"Table", "print_explain", "PyFlink 2.1 and later have it; use print(table.explain()) instead"},
		{"StreamTableEnvironment", "create_view", "PyFlink 2.0 and later have it; use create_temporary_view(path, table) instead"},
		{"EnvironmentSettings", "is_blink_planner", "PyFlink 1.13–1.14 had it; use True, as there is one planner, instead"},
		{"pyflink.common", "state", "PyFlink 1.12 had it; use pyflink.datastream.state instead"},
		{"pyflink.datastream.connectors", "FlinkKafkaConsumer", "PyFlink 1.12–1.15 had it; use from pyflink.datastream.connectors.kafka import FlinkKafkaConsumer instead"},
		{"pyflink.datastream", "Time", "PyFlink 1.20.1 has it elsewhere: from pyflink.common import Time"},
		{"Catalog", "list_models", "PyFlink 2.0 and later have it; PyFlink 1.20.1 has nothing in its place"},
		{"Table", "printexplain", ""},
		{"TableResult", "print_explain", ""},
		{"pyflink.table", "NoSuchName", ""},
	} {
		if got := versionHint(c.owner, c.name); got != c.want {
			t.Errorf("%s.%s: %q, want %q", c.owner, c.name, got, c.want)
		}
	}
}

// TestVersionTable: what the table names, PyFlink 1.20.1 must lack, and the rest
// of a line must be readable.
func TestVersionTable(t *testing.T) {
	has := map[string]bool{}
	for module, names := range PublicNames() {
		has[module] = true
		for _, n := range names {
			has[module+"."+n] = true
		}
		for _, c := range known()[module].classes {
			for _, m := range c.members {
				has[c.name+"."+strings.TrimRight(m, "()!=")] = true
			}
		}
	}
	for _, m := range expressionMethods() {
		has["Expression."+m] = true
	}
	line := regexp.MustCompile(`^[\w.]+\.\w+\t[12]\.\d+(\+|-[12]\.\d+)?(\t\S.*\S)?\n$`)
	var names []string
	for l := range strings.Lines(versionsText) {
		if strings.HasPrefix(l, "#") {
			continue
		}
		if !line.MatchString(l) {
			t.Errorf("unreadable: %q", l)
		}
		name, _, _ := strings.Cut(l, "\t")
		if has[name] {
			t.Errorf("PyFlink 1.20.1 has %s", name)
		}
		owner := name[:strings.LastIndexByte(name, '.')]
		if !has[owner] && !slices.ContainsFunc(declared, func(d *declaration) bool { return d.class.Name() == owner }) {
			t.Errorf("PyFlink 1.20.1 lacks %s altogether", owner)
		}
		names = append(names, name)
	}
	if !slices.IsSorted(names) || len(slices.Compact(names)) != len(versionTable()) {
		t.Error("the names aren't sorted, or one is there twice")
	}
}

// TestOtherVersionsAreReported uses such names in a script: as a method of a
// table, where it may be a column, and of an expression, where it may be a field,
// and in imports.
func TestOtherVersionsAreReported(t *testing.T) {
	for src, want := range map[string]string{
		`t_env.from_path("src").print_explain()`:                      "Table has no member",
		`t_env.from_path("src").select(col("b").starts_with("x"))`:    "TypeError: 'Expression' object is not callable",
		`t_env.from_path("src").select(col("b").unhex)`:               "an expression of type STRING",
		`t_env.create_view("v", t_env.from_path("src"))`:              "AttributeError",
		`from pyflink.table.expressions import lag`:                   "ImportError",
		`from pyflink.common.state import ListState`:                  "ModuleNotFoundError",
		`from pyflink.table.table_pipeline import TablePipeline as p`: "ModuleNotFoundError",
	} {
		res := script(t, tables+src, nil)
		if len(res.Diags) != 1 || res.Diags[0].Code != diag.APIVersion || !strings.Contains(res.Diags[0].Message, want) || !strings.Contains(res.Diags[0].Hint, "; use ") {
			t.Errorf("%s: got %v", src, res.Diags)
		}
	}
}

// TestMovedStreamNames: what a script imports of the DataStream API from where
// other versions had it isn't reported, its use is.
func TestMovedStreamNames(t *testing.T) {
	for src, want := range map[string]diag.Code{
		"from pyflink.datastream.connectors import FlinkKafkaConsumer, JdbcSink":              "",
		"from pyflink.datastream.connectors import FlinkKafkaConsumer as K\nK('t', None, {})": diag.APIStream,
		"from pyflink.datastream.connectors import FlinkPravegaConsumer":                      diag.PyImport,
	} {
		res := script(t, tables+src+"\nt_env.execute_sql('INSERT INTO snk SELECT c, b FROM src')", nil)
		switch {
		case want == "" && len(res.Diags) == 0:
		case len(res.Diags) != 1 || res.Diags[0].Code != want:
			t.Errorf("%s: got %v", src, res.Diags)
		}
	}
}

// TestHomes asks where PyFlink 1.20.1 has names that other versions have
// elsewhere.
func TestHomes(t *testing.T) {
	for name, want := range map[string]string{
		"FlinkKafkaConsumer":         "pyflink.datastream.connectors.kafka",
		"JsonRowSerializationSchema": "pyflink.datastream.formats.json",
		"TableEnvironment":           "pyflink.table",
		"NoSuchName":                 "",
	} {
		if got := homeOf(name); got != want {
			t.Errorf("%s is in %q, want %q", name, got, want)
		}
	}
}

// TestInstallationIsKnown: scripts print where pyflink is installed.
func TestInstallationIsKnown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "job.py")
	if err := os.WriteFile(path, []byte("import os, pyflink\nprint(os.path.dirname(os.path.abspath(pyflink.__file__)))\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	res, err := Run(Options{Script: path})
	if err != nil || res.Stopped != "" || len(res.Job.Actions) != 1 {
		t.Errorf("%v, stopped by %q, %d actions", err, res.Stopped, len(res.Job.Actions))
	}
}
