package stdlib

import (
	"errors"
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/pyeval/regex"
	"pyfc/ir/diag"
)

func init() { loaders["re"] = fillRe }

var (
	patternClass = pyeval.NewClass("re", "Pattern")
	matchClass   = pyeval.NewClass("re", "Match")
	reErrorClass = pyeval.NewClass("re", "error", pyeval.Exception)
)

// reFlags are the flags with their short names.
var reFlags = []struct {
	long, short string
	bit         regex.Flags
}{
	{"IGNORECASE", "I", regex.IgnoreCase}, {"LOCALE", "L", regex.Locale}, {"MULTILINE", "M", regex.Multiline},
	{"DOTALL", "S", regex.DotAll}, {"UNICODE", "U", regex.Unicode}, {"VERBOSE", "X", regex.Verbose}, {"ASCII", "A", regex.ASCII},
}

// pattern is a compiled regular expression.
type pattern struct {
	text string
	re   *regex.Regexp
}

// match is where a pattern matched.
type match struct {
	p        *pattern
	text     []rune
	pos, end int
	*regex.Match
}

func fillRe(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(patternClass, matchClass, reErrorClass)
	m.Set("NOFLAG", pyeval.NewInt(0))
	for _, f := range reFlags {
		m.Set(f.long, pyeval.NewInt(int64(f.bit))).Set(f.short, pyeval.NewInt(int64(f.bit)))
	}
	m.Pure("compile(pattern, flags: int=0)", func(c *pyeval.Call) (pyeval.Value, error) {
		return withPattern(c, func(_ *pyeval.Call, p *pattern) (pyeval.Value, error) { return patternClass.Make(p), nil })
	})
	m.Pure("escape(pattern: str)", func(c *pyeval.Call) (pyeval.Value, error) {
		var b strings.Builder
		for _, r := range c.Str("pattern") {
			if strings.ContainsRune("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
		return str(b.String())
	})
	m.Def("purge()", none)
	for _, f := range reFunctions {
		m.Pure(f.name+"(pattern, "+f.params+", flags: int=0)", func(c *pyeval.Call) (pyeval.Value, error) { return withPattern(c, f.run) })
	}
}

func init() {
	for _, f := range reFunctions {
		params := f.params
		if f.ranged {
			params += ", pos: int=0, endpos: int=9223372036854775807"
		}
		patternClass.Pure(f.name+"(self, "+params+")", func(c *pyeval.Call) (pyeval.Value, error) {
			p, _ := pyeval.Data[*pattern](c.Self())
			return f.run(c, p)
		})
	}
	get := func(name string, f func(p *pattern) pyeval.Value) {
		patternClass.Getter(name, func(c *pyeval.Call) (pyeval.Value, error) {
			p, _ := pyeval.Data[*pattern](c.Self())
			return f(p), nil
		})
	}
	get("pattern", func(p *pattern) pyeval.Value { return pyeval.NewStr(p.text) })
	get("flags", func(p *pattern) pyeval.Value { return pyeval.NewInt(int64(p.re.Flags)) })
	get("groups", func(p *pattern) pyeval.Value { return pyeval.NewInt(int64(p.re.Groups)) })
	get("groupindex", func(p *pattern) pyeval.Value {
		d := pyeval.NewDict()
		for _, n := range p.re.Names {
			d.SetStr(n, pyeval.NewInt(int64(p.re.Index[n])))
		}
		return d
	})
	patternClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, _ := pyeval.Data[*pattern](c.Self())
		s, err := c.Thread.Repr(pyeval.NewStr(p.text))
		var flags []string
		for _, f := range reFlags {
			if p.re.Flags&f.bit != 0 && f.bit != regex.Unicode {
				flags = append(flags, "re."+f.long)
			}
		}
		if flags != nil {
			s += ", " + strings.Join(flags, "|")
		}
		return pyeval.NewStr("re.compile(" + s + ")"), err
	})
	same := func(c *pyeval.Call) (a, b *pattern, ok bool) {
		a, _ = pyeval.Data[*pattern](c.Self())
		b, ok = pyeval.Data[*pattern](c.Arg("other"))
		return a, b, ok
	}
	patternClass.Def("__eq__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		a, b, ok := same(c)
		return pyeval.Bool(ok && a.text == b.text && a.re.Flags == b.re.Flags), nil
	})
	patternClass.Def("__hash__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, _ := pyeval.Data[*pattern](c.Self())
		h, err := c.Thread.Hash(pyeval.NewStr(p.text))
		return pyeval.NewInt(h), err
	})
	reErrorClass.Def("__init__(self, msg, pattern=None, pos=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		for _, n := range []string{"msg", "pattern", "pos"} {
			if err := c.Thread.SetAttr(c.Self(), n, c.Arg(n)); err != nil {
				return nil, err
			}
		}
		return pyeval.None, nil
	})
}

// reFunctions are functions of the module and methods of a pattern; ranged
// ones take bounds as methods.
var reFunctions = []struct {
	name, params string
	ranged       bool
	run          func(c *pyeval.Call, p *pattern) (pyeval.Value, error)
}{
	{"search", "string: str", true, finder(regex.Search)},
	{"match", "string: str", true, finder(regex.Prefix)},
	{"fullmatch", "string: str", true, finder(regex.Full)},
	{"findall", "string: str", true, func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
		l := pyeval.NewList()
		return l, p.each(c, func(m *match) error { l.Append(m.found()); return nil })
	}},
	{"finditer", "string: str", true, func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
		var all []*match
		if err := p.each(c, func(m *match) error { all = append(all, m); return nil }); err != nil {
			return nil, err
		}
		return pyeval.NewIterator(func() (pyeval.Value, error) {
			if len(all) == 0 {
				return nil, nil
			}
			m := all[0]
			all = all[1:]
			return matchClass.Make(m), nil
		}), nil
	}},
	{"split", "string: str, maxsplit: int=0", false, split},
	{"sub", "repl, string: str, count: int=0", false, func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
		s, _, err := substitute(c, p)
		return pyeval.NewStr(s), err
	}},
	{"subn", "repl, string: str, count: int=0", false, func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
		s, n, err := substitute(c, p)
		return pyeval.NewTuple(pyeval.NewStr(s), pyeval.NewInt(n)), err
	}},
}

// withPattern runs a function of a call's pattern. A pattern of bytes is
// opaque: it may still serve inside a Python function of the job.
func withPattern(c *pyeval.Call, run func(c *pyeval.Call, p *pattern) (pyeval.Value, error)) (pyeval.Value, error) {
	if p, ok := pyeval.Data[*pattern](c.Arg("pattern")); ok {
		return run(c, p)
	}
	if _, ok := pyeval.Builtin(c.Arg("pattern")).(pyeval.Bytes); ok {
		return &pyeval.Opaque{Origin: c.Name + "(…)", Module: "re", Import: c.Span, Where: c.Span}, nil
	}
	if _, ok := pyeval.Builtin(c.Arg("pattern")).(*pyeval.Str); !ok {
		if s, ok := c.Arg("pattern").(*pyeval.Sym); ok {
			return nil, s.Needs(c.Name + "()")
		}
		return nil, pyeval.Errorf(pyeval.TypeError, "first argument must be string or compiled pattern")
	}
	text := c.Str("pattern")
	re, err := regex.Compile(text, regex.Flags(c.Int("flags")))
	var e *regex.Error
	if errors.As(err, &e) {
		r := pyeval.Raise(reErrorClass, pyeval.NewStr(e.Error())).(*pyeval.Raised)
		r.Exc.Dict().SetStr("msg", pyeval.NewStr(e.Msg))
		r.Exc.Dict().SetStr("pattern", c.Arg("pattern"))
		r.Exc.Dict().SetStr("pos", pyeval.None)
		if e.Pos >= 0 {
			r.Exc.Dict().SetStr("pos", pyeval.NewInt(int64(e.Pos)))
		}
		return nil, r
	}
	return run(c, &pattern{text, re})
}

// bounds are the call's string and the part that is looked at.
func bounds(c *pyeval.Call) (text []rune, pos, end int) {
	text = []rune(c.Str("string"))
	n := int64(len(text))
	if len(c.Args()) < 4 || strings.HasPrefix(c.Name, "re.") {
		return text, 0, int(n)
	}
	end = int(min(max(c.Int("endpos"), 0), n))
	return text, int(min(max(c.Int("pos"), 0), int64(end))), end
}

func budget(err error, p *pattern) error {
	if errors.Is(err, regex.ErrBudget) {
		return diag.New(diag.PyUnsupported, diag.Pos{}, "the regular expression %q takes too many steps", p.text)
	}
	return err
}

func finder(mode regex.Mode) func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
	return func(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
		text, pos, end := bounds(c)
		m, err := p.re.Find(text, pos, end, mode, false)
		if err != nil || m == nil {
			return pyeval.None, budget(err, p)
		}
		return matchClass.Make(&match{p, text, pos, end, m}), nil
	}
}

// each calls f with the matches of a call's string.
func (p *pattern) each(c *pyeval.Call, f func(m *match) error) error {
	text, pos, end := []rune(c.Str("string")), 0, 0
	if end = len(text); strings.Contains(c.Name, "find") {
		text, pos, end = bounds(c)
	}
	var failed error
	err := p.re.FindAll(text, pos, end, func(m *regex.Match) bool {
		if failed = c.Thread.Step(); failed == nil {
			failed = f(&match{p, text, pos, end, m})
		}
		return failed == nil
	})
	if failed == errEnough {
		failed = nil
	}
	if failed != nil {
		return failed
	}
	return budget(err, p)
}

var errEnough = errors.New("enough")

func split(c *pyeval.Call, p *pattern) (pyeval.Value, error) {
	l, at, n := pyeval.NewList(), 0, c.Int("maxsplit")
	text := []rune(c.Str("string"))
	done := int64(0)
	err := p.each(c, func(m *match) error {
		if n > 0 && done >= n || n < 0 {
			return errEnough
		}
		done++
		l.Append(pyeval.NewStr(string(text[at:m.Caps[0]])))
		for g := 1; g <= p.re.Groups; g++ {
			l.Append(m.group(g))
		}
		at = m.Caps[1]
		return nil
	})
	l.Append(pyeval.NewStr(string(text[at:])))
	return l, err
}

// substitute is re.sub with a template or a function.
func substitute(c *pyeval.Call, p *pattern) (string, int64, error) {
	text, at, n := []rune(c.Str("string")), 0, c.Int("count")
	var b strings.Builder
	done := int64(0)
	repl, callable := c.Arg("repl"), pyeval.Callable(c.Arg("repl"))
	err := p.each(c, func(m *match) error {
		if n > 0 && done >= n {
			return errEnough
		}
		done++
		b.WriteString(string(text[at:m.Caps[0]]))
		at = m.Caps[1]
		v := repl
		if callable {
			var err error
			if v, err = c.Thread.Call(repl, matchClass.Make(m)); err != nil {
				return err
			}
		}
		s, err := c.Thread.Str(v)
		if err != nil {
			return err
		}
		if callable {
			b.WriteString(s)
			return nil
		}
		return m.expand(&b, s)
	})
	b.WriteString(string(text[at:]))
	return b.String(), done, err
}
