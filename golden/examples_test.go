package golden

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"pyfc/golden/cases"
)

// examples are the goldens below golden/jobs/examples: each has a page in
// docs/examples, and docs/examples.md lists them.
func examples(t *testing.T) []*cases.Case {
	t.Helper()
	all, err := cases.Load("jobs/examples")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// examplePages are the pages of the examples by path: the script, what it
// shows, what it reads and gives, as the goldens have it.
func examplePages(t *testing.T) map[string]string {
	pages := map[string]string{}
	var list strings.Builder
	list.WriteString("# Examples\n\nWhole scripts, with the output that PyFlink 1.20.1 gave for each. `make golden-update` writes these pages from `golden/jobs/examples`; `TestJobs` holds pyfc to the output.\n\n")
	for _, c := range examples(t) {
		title, text, _ := strings.Cut(strings.TrimSpace(c.Comment()), "\n")
		if title == "" || strings.TrimSpace(text) == "" {
			t.Errorf("%s: the comment needs a title and what it shows", c.Name)
		}
		fmt.Fprintf(&list, "- [%s](examples/%s.md): %s\n", title, c.Name, strings.TrimSpace(text))
		pages["docs/examples/"+c.Name+".md"] = examplePage(c, title, strings.TrimSpace(text))
	}
	pages["docs/examples.md"] = list.String()
	return pages
}

func examplePage(c *cases.Case, title, text string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", title, text)
	block := func(what, name, language string) {
		if content, ok := c.Section(name); ok {
			fmt.Fprintf(&b, "\n%s:\n\n```%s\n%s```\n", what, language, content)
		}
	}
	block("`"+c.Spec.Script+"`", c.Spec.Script, "python")
	for _, name := range c.Inputs() {
		block("`"+name+"`", name, strings.TrimPrefix(path.Ext(name), "."))
	}
	command := "pyfc run " + c.Spec.Script
	for _, k := range slices.Sorted(maps.Keys(c.Spec.Env)) {
		command += " --env " + k + "=" + c.Spec.Env[k]
	}
	if len(c.Spec.Args) > 0 {
		command += " -- " + strings.Join(c.Spec.Args, " ")
	}
	fmt.Fprintf(&b, "\n```console\n$ %s\n", command)
	out, _ := c.Section("want.out")
	b.WriteString(out + "```\n")
	for _, sink := range c.Spec.Sinks {
		block("Then `"+sink+"` holds", "want/"+sink, "")
	}
	return b.String()
}
