package stdlib

import (
	"strings"

	"pyfc/compiler/pyeval"
)

func init() {
	loaders["string"] = fillString
	loaders["textwrap"] = fillTextwrap
}

func fillString(_ *pyeval.Thread, m *pyeval.Module) {
	const lower, digits = "abcdefghijklmnopqrstuvwxyz", "0123456789"
	upper := strings.ToUpper(lower)
	const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
	for name, v := range (pyeval.Named[string]{
		{"ascii_lowercase", lower}, {"ascii_uppercase", upper}, {"ascii_letters", lower + upper}, {"digits", digits},
		{"hexdigits", digits + "abcdefABCDEF"}, {"octdigits", "01234567"}, {"punctuation", punctuation},
		{"whitespace", " \t\n\r\v\f"}, {"printable", digits + lower + upper + punctuation + " \t\n\r\v\f"},
	}).All() {
		m.Set(name, pyeval.NewStr(v))
	}
}

func fillTextwrap(_ *pyeval.Thread, m *pyeval.Module) {
	m.Pure("dedent(text: str)", func(c *pyeval.Call) (pyeval.Value, error) { return str(dedent(c.Str("text"))) })
}

// dedent removes the blanks that all lines begin with; blank lines become
// empty.
func dedent(s string) string {
	lines := strings.Split(s, "\n")
	margin, first := "", true
	for i, l := range lines {
		body := strings.TrimLeft(l, " \t")
		if body == "" {
			lines[i] = ""
			continue
		}
		lead := l[:len(l)-len(body)]
		if first {
			margin, first = lead, false
		}
		for !strings.HasPrefix(lead, margin) {
			margin = margin[:len(margin)-1]
		}
	}
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, margin)
	}
	return strings.Join(lines, "\n")
}
