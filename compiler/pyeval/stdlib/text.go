package stdlib

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

func init() {
	loaders["re"] = fillRe
	loaders["string"] = fillString
	loaders["textwrap"] = fillTextwrap
}

var (
	patternClass = pyeval.NewClass("re", "Pattern")
	matchClass   = pyeval.NewClass("re", "Match")
	reErrorClass = pyeval.NewClass("re", "error", pyeval.Exception)
)

// The flags that RE2 knows, by CPython's numbers.
var reFlags = map[string]int64{"IGNORECASE": 2, "I": 2, "MULTILINE": 8, "M": 8, "DOTALL": 16, "S": 16, "VERBOSE": 64, "X": 64, "UNICODE": 32, "U": 32, "ASCII": 256, "A": 256}

// pattern is a compiled regular expression.
type pattern struct {
	text string
	re   *regexp.Regexp
}

// match is where a pattern matched: byte offsets as of regexp.
type match struct {
	p     *pattern
	s     string
	index []int
}

func fillRe(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(patternClass, matchClass, reErrorClass)
	for name, v := range reFlags {
		m.Set(name, pyeval.NewInt(v))
	}
	m.Pure("compile(pattern, flags: int=0)", func(c *pyeval.Call) (pyeval.Value, error) {
		return withPattern(c, func(_ *pyeval.Call, p *pattern) (pyeval.Value, error) { return patternClass.Make(p), nil })
	})
	m.Pure("escape(text: str)", func(c *pyeval.Call) (pyeval.Value, error) {
		var b strings.Builder
		for _, r := range c.Str("text") {
			if strings.ContainsRune("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
		return str(b.String())
	})
	for _, f := range reFunctions {
		m.Pure(f.name+"(pattern, "+f.params+", flags: int=0)", func(c *pyeval.Call) (pyeval.Value, error) {
			return withPattern(c, f.run)
		})
		patternClass.Pure(f.name+"(self, "+f.params+")", func(c *pyeval.Call) (pyeval.Value, error) {
			p, _ := pyeval.Data[*pattern](c.Self())
			return f.run(c, p)
		})
	}
	patternClass.Getter("pattern", func(c *pyeval.Call) (pyeval.Value, error) {
		p, _ := pyeval.Data[*pattern](c.Self())
		return str(p.text)
	})
}

// reFunctions are functions of the module and methods of a pattern.
var reFunctions = []struct {
	name, params string
	run          func(c *pyeval.Call, p *pattern) (pyeval.Value, error)
}{
	{"search", "string: str", func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
		return p.first(c.Str("string"), func([]int) bool { return true }), nil
	}},
	{"match", "string: str", func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
		return p.anchored(c.Str("string"), `\A(?:`, `)`)
	}},
	{"fullmatch", "string: str", func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
		return p.anchored(c.Str("string"), `\A(?:`, `)\z`)
	}},
	{"findall", "string: str", func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
		l := pyeval.NewList()
		for _, m := range p.all(c.Str("string")) {
			l.Append(m.found())
		}
		return l, nil
	}},
	{"finditer", "string: str", func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
		all, i := p.all(c.Str("string")), -1
		return pyeval.NewIterator(func() (pyeval.Value, error) {
			if i++; i < len(all) {
				return matchClass.Make(all[i]), nil
			}
			return nil, nil
		}), nil
	}},
	{"split", "string: str, maxsplit: int=0", func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
		s, at := c.Str("string"), 0
		l := pyeval.NewList()
		for i, m := range p.all(s) {
			if n := c.Int("maxsplit"); n > 0 && int64(i) >= n {
				break
			}
			l.Append(pyeval.NewStr(s[at:m.index[0]]))
			for g := 1; g < len(m.index)/2; g++ {
				l.Append(m.group(g))
			}
			at = m.index[1]
		}
		l.Append(pyeval.NewStr(s[at:]))
		return l, nil
	}},
	{"sub", "repl, string: str, count: int=0", substitute},
}

// withPattern runs a function of a call's pattern. A pattern that RE2 doesn't
// know is opaque: it may still serve inside a Python function of the job.
func withPattern(c *pyeval.Call, run func(c *pyeval.Call, p *pattern) (pyeval.Value, error)) (pyeval.Value, error) {
	p, err := compile(c)
	if d, ok := err.(*diag.Diagnostic); ok && d.Code == diag.PyUnsupported {
		return &pyeval.Opaque{Origin: c.Name + "(…)", Module: "re", Import: c.Span, Where: c.Span}, nil
	}
	if err != nil {
		return nil, err
	}
	return run(c, p)
}

// compile makes the pattern of a call; a pattern object is taken as it is.
func compile(c *pyeval.Call) (*pattern, error) {
	if p, ok := pyeval.Data[*pattern](c.Arg("pattern")); ok {
		return p, nil
	}
	text, err := c.Thread.Str(c.Arg("pattern"))
	if err != nil {
		return nil, err
	}
	flags := ""
	for _, f := range []struct {
		bit  int64
		flag string
	}{{2, "i"}, {8, "m"}, {16, "s"}} {
		if c.Int("flags")&f.bit != 0 {
			flags += f.flag
		}
	}
	source := text
	if c.Int("flags")&64 != 0 {
		return nil, diag.New(diag.PyUnsupported, diag.Pos{}, "re.VERBOSE isn't evaluated at build")
	}
	if flags != "" {
		source = "(?" + flags + ")" + source
	}
	re, err := regexp.Compile(translateRe(source))
	if err != nil {
		return nil, diag.New(diag.PyUnsupported, diag.Pos{}, "the regular expression %q isn't evaluated at build: %v", text, err)
	}
	return &pattern{text, re}, nil
}

// translateRe writes Python's \Z and \d, \w, \s of Unicode in RE2's way. A brace
// that begins no repetition is a literal in both.
func translateRe(s string) string {
	var b strings.Builder
	inSet := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			i++
			switch {
			case s[i] == 'Z' && !inSet:
				b.WriteString(`\z`)
			case s[i] == 'd':
				b.WriteString(`\p{Nd}`)
			case s[i] == 'D':
				b.WriteString(`\P{Nd}`)
			case s[i] == 'w' && !inSet:
				b.WriteString(`[\p{L}\p{N}_]`)
			case s[i] == 'W' && !inSet:
				b.WriteString(`[^\p{L}\p{N}_]`)
			case s[i] == 'w':
				b.WriteString(`\p{L}\p{N}_`)
			default:
				b.WriteString(s[i-1 : i+1])
			}
			continue
		}
		switch {
		case c == '[' && !inSet:
			inSet = true
		case c == ']':
			inSet = false
		}
		b.WriteByte(c)
	}
	return b.String()
}

func (p *pattern) first(s string, ok func([]int) bool) pyeval.Value {
	if loc := p.re.FindStringSubmatchIndex(s); loc != nil && ok(loc) {
		return matchClass.Make(&match{p, s, loc})
	}
	return pyeval.None
}

// anchored matches with the pattern wrapped, which keeps its groups.
func (p *pattern) anchored(s, before, after string) (pyeval.Value, error) {
	re, err := regexp.Compile(before + p.re.String() + after)
	if err != nil {
		return nil, diag.New(diag.PyUnsupported, diag.Pos{}, "the regular expression %q isn't evaluated at build: %v", p.text, err)
	}
	if loc := re.FindStringSubmatchIndex(s); loc != nil {
		return matchClass.Make(&match{p, s, loc}), nil
	}
	return pyeval.None, nil
}

func (p *pattern) all(s string) []*match {
	var out []*match
	for _, loc := range p.re.FindAllStringSubmatchIndex(s, -1) {
		out = append(out, &match{p, s, loc})
	}
	return out
}

// found is what findall returns of a match.
func (m *match) found() pyeval.Value {
	n := len(m.index)/2 - 1
	if n == 0 {
		return m.group(0)
	}
	var groups []pyeval.Value
	for g := 1; g <= n; g++ {
		v := m.group(g)
		if v == pyeval.None {
			v = pyeval.NewStr("")
		}
		groups = append(groups, v)
	}
	if n == 1 {
		return groups[0]
	}
	return pyeval.NewTuple(groups...)
}

// group is a group's text; None where it took no part.
func (m *match) group(g int) pyeval.Value {
	if m.index[2*g] < 0 {
		return pyeval.None
	}
	return pyeval.NewStr(m.s[m.index[2*g]:m.index[2*g+1]])
}

// number resolves a group's number or name.
func (m *match) number(v pyeval.Value) (int, error) {
	switch x := v.(type) {
	case pyeval.Int:
		if n, _ := x.Int64(); n >= 0 && n < int64(len(m.index)/2) {
			return int(n), nil
		}
	case *pyeval.Str:
		if n := m.p.re.SubexpIndex(x.String()); n > 0 {
			return n, nil
		}
	}
	return 0, pyeval.Errorf(pyeval.IndexError, "no such group")
}

func init() {
	method := func(signature string, f func(c *pyeval.Call, m *match) (pyeval.Value, error)) {
		matchClass.Def(signature, func(c *pyeval.Call) (pyeval.Value, error) {
			m, _ := pyeval.Data[*match](c.Self())
			return f(c, m)
		})
	}
	method("group(self, *groups)", func(c *pyeval.Call, m *match) (pyeval.Value, error) {
		var out []pyeval.Value
		for _, g := range c.Elems("groups") {
			n, err := m.number(g)
			if err != nil {
				return nil, err
			}
			out = append(out, m.group(n))
		}
		switch len(out) {
		case 0:
			return m.group(0), nil
		case 1:
			return out[0], nil
		}
		return pyeval.NewTuple(out...), nil
	})
	method("__getitem__(self, group)", func(c *pyeval.Call, m *match) (pyeval.Value, error) {
		n, err := m.number(c.Arg("group"))
		if err != nil {
			return nil, err
		}
		return m.group(n), nil
	})
	method("groups(self, default=None)", func(c *pyeval.Call, m *match) (pyeval.Value, error) {
		var out []pyeval.Value
		for g := 1; g < len(m.index)/2; g++ {
			v := m.group(g)
			if v == pyeval.None {
				v = c.Arg("default")
			}
			out = append(out, v)
		}
		return pyeval.NewTuple(out...), nil
	})
	method("groupdict(self)", func(_ *pyeval.Call, m *match) (pyeval.Value, error) {
		d := pyeval.NewDict()
		for g, name := range m.p.re.SubexpNames() {
			if name != "" {
				d.SetStr(name, m.group(g))
			}
		}
		return d, nil
	})
	offset := func(m *match, i int) pyeval.Value {
		if m.index[i] < 0 {
			return pyeval.NewInt(-1)
		}
		return pyeval.NewInt(int64(utf8.RuneCountInString(m.s[:m.index[i]])))
	}
	at := func(name string, f func(m *match, g int) pyeval.Value) {
		method(name+"(self, group=0)", func(c *pyeval.Call, m *match) (pyeval.Value, error) {
			g, err := m.number(c.Arg("group"))
			if err != nil {
				return nil, err
			}
			return f(m, g), nil
		})
	}
	at("start", func(m *match, g int) pyeval.Value { return offset(m, 2*g) })
	at("end", func(m *match, g int) pyeval.Value { return offset(m, 2*g+1) })
	at("span", func(m *match, g int) pyeval.Value { return pyeval.NewTuple(offset(m, 2*g), offset(m, 2*g+1)) })
}

// substitute is re.sub with a template or a function.
func substitute(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
	s, at := c.Str("string"), 0
	var b strings.Builder
	for i, m := range p.all(s) {
		if n := c.Int("count"); n > 0 && int64(i) >= n {
			break
		}
		b.WriteString(s[at:m.index[0]])
		at = m.index[1]
		repl := c.Arg("repl")
		if pyeval.Callable(repl) {
			v, err := c.Thread.Call(repl, matchClass.Make(m))
			if err != nil {
				return nil, err
			}
			text, err := c.Thread.Str(v)
			if err != nil {
				return nil, err
			}
			b.WriteString(text)
			continue
		}
		template, err := c.Thread.Str(repl)
		if err != nil {
			return nil, err
		}
		if err := m.expand(&b, template); err != nil {
			return nil, err
		}
	}
	b.WriteString(s[at:])
	return str(b.String())
}

// expand writes a template with \1 and \g<name>.
func (m *match) expand(b *strings.Builder, template string) error {
	for i := 0; i < len(template); i++ {
		if template[i] != '\\' || i+1 == len(template) {
			b.WriteByte(template[i])
			continue
		}
		i++
		var ref pyeval.Value
		switch c := template[i]; {
		case c >= '0' && c <= '9':
			ref = pyeval.NewInt(int64(c - '0'))
		case c == 'g' && i+1 < len(template) && template[i+1] == '<':
			end := strings.IndexByte(template[i:], '>')
			if end < 0 {
				return pyeval.Errorf(reErrorClass, "missing >, unterminated name")
			}
			name := template[i+2 : i+end]
			ref = pyeval.NewStr(name)
			if len(name) == 1 && name[0] >= '0' && name[0] <= '9' {
				ref = pyeval.NewInt(int64(name[0] - '0'))
			}
			i += end
		case c == 'n':
			b.WriteByte('\n')
			continue
		case c == 't':
			b.WriteByte('\t')
			continue
		case c == '\\':
			b.WriteByte('\\')
			continue
		default:
			return pyeval.Errorf(reErrorClass, "bad escape \\%c", c)
		}
		n, err := m.number(ref)
		if err != nil {
			return pyeval.Errorf(reErrorClass, "invalid group reference")
		}
		if v, ok := m.group(n).(*pyeval.Str); ok {
			b.WriteString(v.String())
		}
	}
	return nil
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
