package stdlib

import (
	"regexp"
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
	for name, v := range map[string]string{
		"ascii_lowercase": lower, "ascii_uppercase": upper, "ascii_letters": lower + upper, "digits": digits,
		"hexdigits": digits + "abcdefABCDEF", "octdigits": "01234567", "punctuation": punctuation,
		"whitespace": " \t\n\r\v\f", "printable": digits + lower + upper + punctuation + " \t\n\r\v\f",
	} {
		m.Set(name, pyeval.NewStr(v))
	}
	m.Add(templateClass)
}

// templateClass is string.Template.
var templateClass = pyeval.NewClass("string", "Template")

var placeholder = regexp.MustCompile(`\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})`)

func init() {
	templateClass.Def("__init__(self, template: str)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.None, c.Thread.SetAttr(c.Self(), "template", c.Arg("template"))
	})
	for name, strict := range map[string]bool{"substitute": true, "safe_substitute": false} {
		templateClass.Def(name+"(self, mapping: dict|None=None, /, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
			return fillTemplate(c, strict)
		})
	}
}

// fillTemplate joins the pieces with +, so that symbolic values and origins
// are kept.
func fillTemplate(c *pyeval.Call, strict bool) (pyeval.Value, error) {
	t := c.Thread
	template, err := t.GetAttr(c.Self(), "template")
	if err != nil {
		return nil, err
	}
	s, err := t.Str(template)
	if err != nil {
		return nil, err
	}
	var out pyeval.Value = pyeval.NewStr("")
	add := func(v pyeval.Value) {
		if err == nil {
			out, err = t.Binary("+", out, v)
		}
	}
	at := 0
	for _, loc := range placeholder.FindAllStringSubmatchIndex(s, -1) {
		add(pyeval.NewStr(s[at:loc[0]]))
		at = loc[1]
		if loc[2] >= 0 {
			add(pyeval.NewStr("$"))
			continue
		}
		name := s[max(loc[4], loc[6]):max(loc[5], loc[7])]
		v, ok := c.Keywords("kw").GetStr(name)
		if d := c.Keywords("mapping"); !ok && d != nil {
			v, ok = d.GetStr(name)
		}
		switch {
		case ok:
			text, terr := t.Text(v)
			if terr != nil {
				return nil, terr
			}
			add(text)
		case strict:
			return nil, pyeval.Raise(pyeval.KeyError, pyeval.NewStr(name))
		default:
			add(pyeval.NewStr(s[loc[0]:loc[1]]))
		}
	}
	add(pyeval.NewStr(s[at:]))
	return out, err
}

func fillTextwrap(_ *pyeval.Thread, m *pyeval.Module) {
	m.Pure("dedent(text: str)", func(c *pyeval.Call) (pyeval.Value, error) { return str(dedent(c.Str("text"))) })
	m.Pure("indent(text: str, prefix: str, predicate=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		lines := strings.SplitAfter(c.Str("text"), "\n")
		for i, l := range lines {
			if strings.TrimSpace(l) != "" {
				lines[i] = c.Str("prefix") + l
			}
		}
		return str(strings.Join(lines, ""))
	})
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
