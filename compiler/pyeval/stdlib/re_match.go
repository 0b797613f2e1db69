package stdlib

import (
	"fmt"
	"strconv"
	"strings"

	"pyfc/compiler/pyeval"
)

// found is what findall returns of a match.
func (m *match) found() pyeval.Value {
	n := m.p.re.Groups
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
	if m.Caps[2*g] < 0 {
		return pyeval.None
	}
	return pyeval.NewStr(string(m.text[m.Caps[2*g]:m.Caps[2*g+1]]))
}

// number resolves a group's number or name.
func (m *match) number(v pyeval.Value) (int, error) {
	switch x := pyeval.Builtin(v).(type) {
	case pyeval.Int:
		if n, _ := x.Int64(); n >= 0 && n <= int64(m.p.re.Groups) {
			return int(n), nil
		}
	case *pyeval.Str:
		if n := m.p.re.Index[x.String()]; n > 0 {
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
	given := func(c *pyeval.Call, v pyeval.Value) pyeval.Value {
		if v == pyeval.None {
			return c.Arg("default")
		}
		return v
	}
	method("groups(self, default=None)", func(c *pyeval.Call, m *match) (pyeval.Value, error) {
		var out []pyeval.Value
		for g := 1; g <= m.p.re.Groups; g++ {
			out = append(out, given(c, m.group(g)))
		}
		return pyeval.NewTuple(out...), nil
	})
	method("groupdict(self, default=None)", func(c *pyeval.Call, m *match) (pyeval.Value, error) {
		d := pyeval.NewDict()
		for _, name := range m.p.re.Names {
			d.SetStr(name, given(c, m.group(m.p.re.Index[name])))
		}
		return d, nil
	})
	method("expand(self, template: str)", func(c *pyeval.Call, m *match) (pyeval.Value, error) {
		var b strings.Builder
		err := m.expand(&b, c.Str("template"))
		return pyeval.NewStr(b.String()), err
	})
	method("__repr__(self)", func(c *pyeval.Call, m *match) (pyeval.Value, error) {
		s, err := c.Thread.Repr(m.group(0))
		return pyeval.NewStr(fmt.Sprintf("<re.Match object; span=(%d, %d), match=%s>", m.Caps[0], m.Caps[1], s)), err
	})
	for i, name := range []string{"start", "end"} {
		method(name+"(self, group=0)", func(c *pyeval.Call, m *match) (pyeval.Value, error) {
			g, err := m.number(c.Arg("group"))
			if err != nil {
				return nil, err
			}
			return pyeval.NewInt(int64(m.Caps[2*g+i])), nil
		})
	}
	span := func(m *match, g int) pyeval.Value {
		return pyeval.NewTuple(pyeval.NewInt(int64(m.Caps[2*g])), pyeval.NewInt(int64(m.Caps[2*g+1])))
	}
	method("span(self, group=0)", func(c *pyeval.Call, m *match) (pyeval.Value, error) {
		g, err := m.number(c.Arg("group"))
		if err != nil {
			return nil, err
		}
		return span(m, g), nil
	})
	get := func(name string, f func(m *match) pyeval.Value) {
		matchClass.Getter(name, func(c *pyeval.Call) (pyeval.Value, error) {
			m, _ := pyeval.Data[*match](c.Self())
			return f(m), nil
		})
	}
	get("pos", func(m *match) pyeval.Value { return pyeval.NewInt(int64(m.pos)) })
	get("endpos", func(m *match) pyeval.Value { return pyeval.NewInt(int64(m.end)) })
	get("string", func(m *match) pyeval.Value { return pyeval.NewStr(string(m.text)) })
	get("re", func(m *match) pyeval.Value { return patternClass.Make(m.p) })
	get("lastindex", func(m *match) pyeval.Value {
		if m.Last == 0 {
			return pyeval.None
		}
		return pyeval.NewInt(int64(m.Last))
	})
	get("lastgroup", func(m *match) pyeval.Value {
		for name, g := range m.p.re.Index {
			if g == m.Last {
				return pyeval.NewStr(name)
			}
		}
		return pyeval.None
	})
	get("regs", func(m *match) pyeval.Value {
		var out []pyeval.Value
		for g := 0; g <= m.p.re.Groups; g++ {
			out = append(out, span(m, g))
		}
		return pyeval.NewTuple(out...)
	})
}

var templateEscapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'f': '\f', 'v': '\v', 'a': '\a', 'b': '\b', '\\': '\\'}

// expand writes a template with \1 and \g<name>.
func (m *match) expand(b *strings.Builder, template string) error {
	for i := 0; i < len(template); i++ {
		if template[i] != '\\' || i+1 == len(template) {
			b.WriteByte(template[i])
			continue
		}
		i++
		c := template[i]
		if e, ok := templateEscapes[c]; ok {
			b.WriteByte(e)
			continue
		}
		var name string
		switch {
		case c == '0':
			b.WriteByte(0)
			continue
		case c > '0' && c <= '9':
			name = string(c)
			if i+1 < len(template) && '0' <= template[i+1] && template[i+1] <= '9' {
				i++
				name += string(template[i])
			}
		case c == 'g':
			end := strings.IndexByte(template[i:], '>')
			if i+1 == len(template) || template[i+1] != '<' {
				return pyeval.Errorf(reErrorClass, "missing < at position %d", i+1)
			}
			if end < 0 {
				return pyeval.Errorf(reErrorClass, "missing >, unterminated name at position %d", i+2)
			}
			name = template[i+2 : i+end]
			i += end
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			return pyeval.Errorf(reErrorClass, "bad escape \\%c at position %d", c, i-1)
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
			continue
		}
		if err := m.refer(b, name, i); err != nil {
			return err
		}
	}
	return nil
}

// refer writes the group of a reference in a template.
func (m *match) refer(b *strings.Builder, name string, at int) error {
	g, err := strconv.Atoi(name)
	if err != nil {
		var ok bool
		if g, ok = m.p.re.Index[name]; !ok {
			return pyeval.Raise(pyeval.IndexError, pyeval.NewStr("unknown group name '"+name+"'"))
		}
	}
	if g > m.p.re.Groups {
		return pyeval.Errorf(reErrorClass, "invalid group reference %d at position %d", g, at)
	}
	if s, ok := m.group(g).(*pyeval.Str); ok {
		b.WriteString(s.String())
	}
	return nil
}
