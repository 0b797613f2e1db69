package list

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pyfc/rt/conn"
)

// apart are options that the documentation describes otherwise than PyFlink
// 1.20.1's connectors declare them, or that pyfc declares otherwise on purpose.
var apart = map[string]string{
	"kafka sink.semantic":             "deprecated, it has a default only through sink.delivery-guarantee",
	"jdbc scan.partition.lower-bound": "a Long in the connector",
	"jdbc scan.partition.upper-bound": "a Long in the connector",
	"jdbc lookup.cache.max-rows":      "a Long in the connector",
	"csv csv.quote-character":         "its default depends on disable-quote-character",
}

// TestReference holds the declared options against the tables of Flink's
// documentation: all are declared, with the documented type and default.
// PYFC_REFERENCE is a folder with those tables.
func TestReference(t *testing.T) {
	dir := os.Getenv("PYFC_REFERENCE")
	if dir == "" {
		t.Skip("PYFC_REFERENCE names no folder with the tables of Flink's options")
	}
	text, err := os.ReadFile(filepath.Join(dir, "connectors.md"))
	if err != nil {
		t.Fatal(err)
	}
	var options []conn.Option
	var prefix, name string
	count := 0
	for line := range strings.Lines(string(text)) {
		if head, ok := strings.CutPrefix(line, "#"); ok {
			name, _, _ = strings.Cut(strings.TrimLeft(head, "# "), " ")
			options, prefix = declared(name)
			continue
		}
		row := cells(line)
		if name == "What" && len(row) == 3 { // the table of formats
			count += formatRow(t, row)
		}
		if options == nil || len(row) < 4 || !strings.HasPrefix(row[0], "`") {
			continue
		}
		key := strings.Trim(row[0], "`")
		if key == "format" && prefix != "" {
			continue
		}
		count++
		o := optionOf(options, strings.TrimPrefix(key, prefix))
		if o == nil {
			t.Errorf("%s: %s isn't declared", name, key)
			continue
		}
		if apart[name+" "+key] != "" || strings.HasPrefix(key, "fields.#.") { // a map by column
			continue
		}
		if want := typeOf(row[3]); !sameType(o.Type, want) {
			t.Errorf("%s: %s is a %s, and %s in Flink", name, key, o.Type, want)
		}
		if def := row[2]; !strings.HasPrefix(def, "(") && plain(o.Default) != plain(def) {
			t.Errorf("%s: the default of %s is %q, and %q in Flink", name, key, o.Default, def)
		}
	}
	if count < 100 {
		t.Errorf("only %d options in the reference", count)
	}
	t.Logf("%d options", count)
}

var quoted = regexp.MustCompile("`([^`]+)`")

// formatRow looks up the options in a row of the table of formats, and returns
// how many there are.
func formatRow(t *testing.T, row []string) (count int) {
	for _, m := range quoted.FindAllStringSubmatch(row[2], -1) {
		format, key, _ := strings.Cut(m[1], ".")
		options, _ := declared(format)
		if options == nil {
			format, key = row[0], m[1]
			options, _ = declared(format)
		}
		if key == "" || key == "format" {
			continue
		}
		count++
		if optionOf(options, key) == nil {
			t.Errorf("%s: %s isn't declared", format, key)
		}
	}
	return count
}

// sameType says whether a declared type takes what the documented one does:
// lists, maps and choices are documented as texts.
func sameType(declared, documented string) bool {
	switch base, _, _ := strings.Cut(declared, "<"); base {
	case "Enum", "List", "Map":
		return documented == "String" || documented == base
	}
	return declared == documented
}

// declared returns the options of a connector or format, and how the keys of a
// format's begin in tables; nil if there is none of that name.
func declared(name string) ([]conn.Option, string) {
	if c, ok := Connector(name, conn.Modern); ok {
		return conn.Describe(c.Options()), ""
	}
	if f, ok := Format(name); ok {
		return conn.Describe(f.Options()), name + "."
	}
	return nil, ""
}

// optionOf finds the option of a key, or of the longest prefix of it.
func optionOf(options []conn.Option, key string) *conn.Option {
	var found *conn.Option
	for i := range options {
		o := &options[i]
		if o.Key == key {
			return o
		}
		if p, ok := strings.CutSuffix(o.Key, "*"); ok && strings.HasPrefix(key, p) && (found == nil || len(o.Key) > len(found.Key)) {
			found = o
		}
	}
	return found
}

func cells(line string) []string {
	row := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
	for i := range row {
		row[i] = strings.TrimSpace(row[i])
	}
	return row
}

var word = regexp.MustCompile(`^[A-Z][A-Za-z]*`)

// typeOf is the first word of a documented type.
func typeOf(cell string) string { return strings.TrimSuffix(word.FindString(cell), "Possible") }

var units = strings.NewReplacer("&nbsp;", "", "'", "", "minutes", "min", " ", "", "[]", "", "0s", "0")

// plain is a default without the documentation's ways of writing it; without
// one, an option that is true or false is false.
func plain(s string) string {
	if s == "false" {
		return ""
	}
	return strings.ToLower(units.Replace(s))
}
