package cli

import (
	"bytes"
	"strings"
	"testing"

	"pyfc/compiler/pyflink"
	"pyfc/rt/conn"
	connlist "pyfc/rt/conn/list"
	"pyfc/rt/fn/list"
)

// TestFunctionPage finds every declared function on the page, with its text
// and an example.
func TestFunctionPage(t *testing.T) {
	var out bytes.Buffer
	if code := Main([]string{"docs", "functions"}, &out, &out); code != 0 {
		t.Fatalf("exit code %d: %s", code, out.String())
	}
	sections := map[string]string{}
	for _, s := range strings.Split(out.String(), "\n## ")[1:] {
		name, text, _ := strings.Cut(s, "\n")
		sections[name] = text
	}
	if len(sections) != len(list.All) {
		t.Errorf("%d sections for %d functions", len(sections), len(list.All))
	}
	for _, d := range list.All {
		text, ok := sections[d.Name]
		switch {
		case !ok:
			t.Errorf("%s isn't there", d.Name)
		case d.Doc == "" || !strings.Contains(text, d.Doc):
			t.Errorf("%s has no text", d.Name)
		case !strings.Contains(text, "- takes ") || strings.Contains(text, "- takes \n"):
			t.Errorf("%s has no signature:\n%s", d.Name, text)
		}
	}
}

// TestConnectorPage finds every connector and format on the page, each with its
// options.
func TestConnectorPage(t *testing.T) {
	var out bytes.Buffer
	if code := Main([]string{"docs", "connectors"}, &out, &out); code != 0 {
		t.Fatalf("exit code %d: %s", code, out.String())
	}
	sections := strings.Split(out.String(), "\n## ")
	has := func(title string, options func() any) {
		for _, s := range sections {
			if !strings.HasPrefix(s, title+"\n") {
				continue
			}
			for _, o := range conn.Describe(options()) {
				if !strings.Contains(s, "`"+o.Key+"`") && !strings.Contains(s, "`"+o.Legacy+"`") {
					t.Errorf("%s: option %s isn't there", title, o.Key)
				}
			}
			return
		}
		t.Errorf("%s isn't there", title)
	}
	for _, c := range connlist.Connectors {
		if !c.Internal {
			has("Connector "+c.Name, c.Options)
		}
	}
	for _, f := range connlist.Formats {
		has("Format "+f.Name, f.Options)
	}
}

// TestAPIPage finds every member on the page.
func TestAPIPage(t *testing.T) {
	var out bytes.Buffer
	if code := Main([]string{"docs", "api"}, &out, &out); code != 0 {
		t.Fatalf("exit code %d: %s", code, out.String())
	}
	for _, m := range pyflink.Members() {
		if m.Class != "" && !strings.Contains(out.String(), "\n## "+m.Module+"."+m.Class+"\n") {
			t.Errorf("%s isn't there", m.Class)
		}
	}
	for _, row := range []string{
		"| `where(self, predicate)` | runs | Keeps the rows for which a condition holds. |",
		"| `to_pandas(self)` | runs | The rows as a DataFrame of pandas. |",
		"| `create_java_function` | refused | Refused: it makes an object of a Java class",
	} {
		if !strings.Contains(out.String(), row) {
			t.Errorf("the page has no row %s", row)
		}
	}
}
