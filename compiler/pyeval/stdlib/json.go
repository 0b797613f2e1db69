package stdlib

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

func init() {
	loaders["json"] = fillJSON
	for _, part := range []string{"json.decoder", "json.encoder"} {
		loaders[part] = func(_ *pyeval.Thread, m *pyeval.Module) { // its names are those of json
			m.Fallback = func(t *pyeval.Thread, name string) (pyeval.Value, error) {
				whole, err := t.Import("json")
				if err != nil {
					return nil, err
				}
				v, err := t.GetAttr(whole, name)
				if err != nil {
					return nil, nil // said of this module
				}
				return v, nil
			}
		}
	}
}

var jsonErrorClass = pyeval.NewClass("json.decoder", "JSONDecodeError", pyeval.ValueError)

func fillJSON(_ *pyeval.Thread, m *pyeval.Module) {
	m.Set("JSONDecodeError", jsonErrorClass)
	const options = "indent: int|str|None=None, sort_keys: bool=False, ensure_ascii: bool=True, separators: tuple|None=None, default=None, skipkeys: bool=False, allow_nan: bool=True, check_circular=True, cls=None, **kw)"
	m.Pure("dumps(obj, *, "+options, func(c *pyeval.Call) (pyeval.Value, error) {
		return dumps(c)
	})
	m.Def("dump(obj, fp, *, "+options, func(c *pyeval.Call) (pyeval.Value, error) {
		text, err := dumps(c)
		if err != nil {
			return nil, err
		}
		write, err := c.Thread.GetAttr(c.Arg("fp"), "write")
		if err != nil {
			return nil, err
		}
		return c.Thread.Call(write, text)
	})
	m.Pure("loads(s: any, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		return loadsWith(c, c.Arg("s"))
	})
	m.Def("load(fp, **kw)", func(c *pyeval.Call) (pyeval.Value, error) {
		read, err := c.Thread.GetAttr(c.Arg("fp"), "read")
		if err != nil {
			return nil, err
		}
		text, err := c.Thread.Call(read)
		if err != nil {
			return nil, err
		}
		return loadsWith(c, text)
	})
}

// dumps writes the value of a call; a class of encoders does it instead.
func dumps(c *pyeval.Call) (pyeval.Value, error) {
	if c.Arg("cls") != pyeval.None {
		var args []pyeval.Arg
		for _, a := range c.Passed() {
			if a.Name != "" && a.Name != "cls" && a.Name != "obj" && a.Name != "fp" {
				args = append(args, a)
			}
		}
		enc, err := c.Thread.Invoke(c.Arg("cls"), args, c.Span, c.At)
		if err != nil {
			return nil, err
		}
		return method(c.Thread, enc, "encode", c.Arg("obj"))
	}
	w, err := newJSONWriter(c)
	if err != nil {
		return nil, err
	}
	w.skip, w.noNaN = c.Bool("skipkeys"), !c.Bool("allow_nan")
	if err := w.value(c.Arg("obj"), ""); err != nil {
		return nil, err
	}
	return str(w.out.String())
}

// loadsWith parses with the hooks of a call's keywords.
func loadsWith(c *pyeval.Call, text pyeval.Value) (pyeval.Value, error) {
	kw := c.Keywords("kw")
	if cls, ok := kw.GetStr("cls"); ok && cls != pyeval.None {
		dec, err := c.Thread.Call(cls)
		if err != nil {
			return nil, err
		}
		return method(c.Thread, dec, "decode", text)
	}
	p := &jsonReader{t: c.Thread, hooks: map[string]pyeval.Value{}}
	for k, v := range kw.Items() {
		if v != pyeval.None {
			p.hooks[k.(*pyeval.Str).String()] = v
		}
	}
	return p.whole(text)
}

// hooked passes what was parsed through a hook.
func (p *jsonReader) hooked(name string, v pyeval.Value) (pyeval.Value, bool, error) {
	hook, ok := p.hooks[name]
	if !ok {
		return v, false, nil
	}
	v, err := p.t.Call(hook, v)
	return v, true, err
}

// closed is a finished object: pairs holds its members in order, also those
// with the same name.
func (p *jsonReader) closed(d *pyeval.Dict, pairs *pyeval.List) (pyeval.Value, error) {
	if v, done, err := p.hooked("object_pairs_hook", pairs); done {
		return v, err
	}
	v, _, err := p.hooked("object_hook", d)
	return v, err
}

// jsonWriter writes JSON as Python's encoder does.
type jsonWriter struct {
	t           *pyeval.Thread
	out         strings.Builder
	indent      string
	pretty      bool
	sort, ascii bool
	skip, noNaN bool
	item, key   string
	fallback    pyeval.Value
	depth       int
	open        []pyeval.Value // the containers that are being written
}

func newJSONWriter(c *pyeval.Call) (*jsonWriter, error) {
	w := &jsonWriter{t: c.Thread, item: ", ", key: ": ", sort: c.Bool("sort_keys"), ascii: c.Bool("ensure_ascii"), fallback: c.Arg("default")}
	switch v := c.Arg("indent").(type) {
	case pyeval.Int:
		w.pretty, w.item = true, ","
		w.indent = strings.Repeat(" ", int(min(max(c.Int("indent"), 0), 100)))
	case *pyeval.Str:
		w.pretty, w.indent, w.item = true, v.String(), ","
	}
	if sep := c.Elems("separators"); len(sep) == 2 {
		var err error
		if w.item, err = c.Thread.Str(sep[0]); err != nil {
			return nil, err
		}
		if w.key, err = c.Thread.Str(sep[1]); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (w *jsonWriter) value(v pyeval.Value, margin string) error {
	if w.depth++; w.depth > 900 {
		return pyeval.Errorf(pyeval.RecursionError, "maximum recursion depth exceeded while encoding a JSON object")
	}
	defer func() { w.depth-- }()
	if err := w.t.Step(); err != nil {
		return err
	}
	switch x := pyeval.Builtin(v).(type) {
	case pyeval.NoneType:
		w.out.WriteString("null")
	case pyeval.Bool:
		w.out.WriteString(strconv.FormatBool(bool(x)))
	case *pyeval.Str:
		w.text(x.String())
	case *pyeval.Sym:
		known, err := w.t.Assume(x, "json.dumps()")
		if err != nil {
			return err
		}
		return w.value(known, margin)
	case *pyeval.Opaque:
		w.t.AssumeOpaque(x, "is written as JSON")
		w.text(x.Origin)
	case pyeval.Int, pyeval.Float:
		s, err := w.t.Repr(x)
		if w.noNaN && (s == "nan" || s == "inf" || s == "-inf") {
			return pyeval.Errorf(pyeval.ValueError, "Out of range float values are not JSON compliant")
		}
		w.out.WriteString(map[string]string{"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[s])
		if s != "nan" && s != "inf" && s != "-inf" {
			w.out.WriteString(s)
		}
		return err
	case *pyeval.List:
		return w.inside(x, func() error { return w.list(x.Elems(), margin) })
	case *pyeval.Tuple:
		return w.inside(x, func() error { return w.list(x.Elems(), margin) })
	case *pyeval.Dict:
		return w.inside(x, func() error { return w.object(x, margin) })
	default:
		if w.fallback == pyeval.None {
			return pyeval.Errorf(pyeval.TypeError, "Object of type %s is not JSON serializable", v.Class().Name())
		}
		r, err := w.t.Call(w.fallback, v)
		if err != nil {
			return err
		}
		return w.value(r, margin)
	}
	return nil
}

// inside writes a container, which can't be part of itself.
func (w *jsonWriter) inside(v pyeval.Value, write func() error) error {
	if slices.Contains(w.open, v) {
		return pyeval.Errorf(pyeval.ValueError, "Circular reference detected")
	}
	w.open = append(w.open, v)
	err := write()
	w.open = w.open[:len(w.open)-1]
	return err
}

// line begins a new line in pretty output.
func (w *jsonWriter) line(margin string) {
	if w.pretty {
		w.out.WriteString("\n" + margin)
	}
}

func (w *jsonWriter) list(elems []pyeval.Value, margin string) error {
	if len(elems) == 0 {
		w.out.WriteString("[]")
		return nil
	}
	w.out.WriteByte('[')
	for i, e := range elems {
		if i > 0 {
			w.out.WriteString(w.item)
		}
		w.line(margin + w.indent)
		if err := w.value(e, margin+w.indent); err != nil {
			return err
		}
	}
	w.line(margin)
	w.out.WriteByte(']')
	return nil
}

func (w *jsonWriter) object(d *pyeval.Dict, margin string) error {
	if d.Len() == 0 {
		w.out.WriteString("{}")
		return nil
	}
	keys := d.Keys()
	if w.sort {
		sorted, err := w.t.Sorted(keys)
		if err != nil {
			return err
		}
		keys = sorted
	}
	if w.skip {
		keys = slices.DeleteFunc(slices.Clone(keys), func(k pyeval.Value) bool {
			_, err := w.keyText(k)
			return err != nil
		})
	}
	w.out.WriteByte('{')
	for i, k := range keys {
		if i > 0 {
			w.out.WriteString(w.item)
		}
		w.line(margin + w.indent)
		name, err := w.keyText(k)
		if err != nil {
			return err
		}
		w.text(name)
		w.out.WriteString(w.key)
		v, err := d.Get(w.t, k)
		if err != nil {
			return err
		}
		if err := w.value(v, margin+w.indent); err != nil {
			return err
		}
	}
	w.line(margin)
	w.out.WriteByte('}')
	return nil
}

func (w *jsonWriter) keyText(k pyeval.Value) (string, error) {
	switch x := pyeval.Builtin(k).(type) {
	case *pyeval.Str:
		return x.String(), nil
	case pyeval.Bool:
		return strconv.FormatBool(bool(x)), nil
	case pyeval.NoneType:
		return "null", nil
	case pyeval.Int, pyeval.Float:
		return w.t.Repr(x)
	}
	return "", pyeval.Errorf(pyeval.TypeError, "keys must be str, int, float, bool or None, not %s", k.Class().Name())
}

func (w *jsonWriter) text(s string) {
	const hexDigits = "0123456789abcdef"
	escape := func(u uint16) {
		w.out.WriteString(`\u`)
		for shift := 12; shift >= 0; shift -= 4 {
			w.out.WriteByte(hexDigits[u>>shift&0xf])
		}
	}
	w.out.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.out.WriteString(`\` + string(r))
		case r == '\n':
			w.out.WriteString(`\n`)
		case r == '\r':
			w.out.WriteString(`\r`)
		case r == '\t':
			w.out.WriteString(`\t`)
		case r == '\b':
			w.out.WriteString(`\b`)
		case r == '\f':
			w.out.WriteString(`\f`)
		case r < 0x20 || w.ascii && r >= 0x7f && r < 0x10000:
			if r == 0x7f {
				w.out.WriteRune(r)
				break
			}
			escape(uint16(r))
		case w.ascii && r >= 0x10000:
			hi, lo := utf16.EncodeRune(r)
			escape(uint16(hi))
			escape(uint16(lo))
		default:
			w.out.WriteRune(r)
		}
	}
	w.out.WriteByte('"')
}

// whole parses a JSON text.
func (p *jsonReader) whole(text pyeval.Value) (pyeval.Value, error) {
	switch x := pyeval.Builtin(text).(type) {
	case *pyeval.Str:
		p.s = x.String()
	case pyeval.Bytes:
		p.s = string(x)
	case *pyeval.Sym:
		known, err := p.t.Assume(x, "json.loads()")
		if err != nil {
			return nil, err
		}
		return p.whole(known)
	case *pyeval.Opaque:
		return x, nil
	default:
		return nil, pyeval.Errorf(pyeval.TypeError, "the JSON object must be str, bytes or bytearray, not %s", text.Class().Name())
	}
	p.blank()
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if p.blank(); p.i < len(p.s) {
		return nil, p.fail("Extra data", p.i)
	}
	return v, nil
}

// jsonReader is a JSON parser with the messages of Python's.
type jsonReader struct {
	t     *pyeval.Thread
	s     string
	i     int
	depth int
	hooks map[string]pyeval.Value
}

func (p *jsonReader) fail(msg string, at int) error {
	before := p.s[:at]
	line := strings.Count(before, "\n") + 1
	col := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	pos := utf8.RuneCountInString(before)
	err := pyeval.Errorf(jsonErrorClass, "%s: line %d column %d (char %d)", msg, line, col, pos)
	if r, ok := err.(*pyeval.Raised); ok {
		r.Exc.Dict().SetStr("msg", pyeval.NewStr(msg))
		r.Exc.Dict().SetStr("doc", pyeval.NewStr(p.s))
		for name, n := range (pyeval.Named[int]{{"pos", pos}, {"lineno", line}, {"colno", col}}).All() {
			r.Exc.Dict().SetStr(name, pyeval.NewInt(int64(n)))
		}
	}
	return pyeval.WithCode(err, diag.PyRaised)
}

func (p *jsonReader) blank() {
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.i]) >= 0 {
		p.i++
	}
}

func (p *jsonReader) value() (pyeval.Value, error) {
	if p.depth++; p.depth > 900 {
		return nil, pyeval.Errorf(pyeval.RecursionError, "maximum recursion depth exceeded while decoding a JSON document")
	}
	defer func() { p.depth-- }()
	if p.i < len(p.s) {
		switch p.s[p.i] {
		case '"':
			s, err := p.str()
			return pyeval.NewStr(s), err
		case '{':
			return p.object()
		case '[':
			return p.list()
		}
	}
	for word, v := range (pyeval.Named[pyeval.Value]{{"null", pyeval.None}, {"true", pyeval.True}, {"false", pyeval.False}}).All() {
		if strings.HasPrefix(p.s[p.i:], word) {
			p.i += len(word)
			return v, nil
		}
	}
	for word, f := range (pyeval.Named[float64]{{"NaN", math.NaN()}, {"Infinity", math.Inf(1)}, {"-Infinity", math.Inf(-1)}}).All() {
		if strings.HasPrefix(p.s[p.i:], word) {
			p.i += len(word)
			if v, done, err := p.hooked("parse_constant", pyeval.NewStr(word)); done {
				return v, err
			}
			return pyeval.Float(f), nil
		}
	}
	return p.number()
}

func (p *jsonReader) number() (pyeval.Value, error) {
	from := p.i
	digits := func() bool {
		n := p.i
		for p.i < len(p.s) && p.s[p.i] >= '0' && p.s[p.i] <= '9' {
			p.i++
		}
		return p.i > n
	}
	at := func(set string) bool { return p.i < len(p.s) && strings.IndexByte(set, p.s[p.i]) >= 0 }
	if at("-") {
		p.i++
	}
	if at("0") {
		p.i++
	} else if !digits() {
		return nil, p.fail("Expecting value", from)
	}
	isFloat := false
	if at(".") {
		save := p.i
		p.i++
		if isFloat = digits(); !isFloat {
			p.i = save
		}
	}
	if at("eE") {
		save := p.i
		if p.i++; at("+-") {
			p.i++
		}
		if digits() {
			isFloat = true
		} else {
			p.i = save
		}
	}
	class, hook := pyeval.IntClass, "parse_int"
	if isFloat {
		class, hook = pyeval.FloatClass, "parse_float"
	}
	if v, done, err := p.hooked(hook, pyeval.NewStr(p.s[from:p.i])); done {
		return v, err
	}
	return p.t.Call(class, pyeval.NewStr(p.s[from:p.i]))
}

func (p *jsonReader) list() (pyeval.Value, error) {
	l := pyeval.NewList()
	p.i++
	if p.blank(); p.i < len(p.s) && p.s[p.i] == ']' {
		p.i++
		return l, nil
	}
	for {
		p.blank()
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		l.Append(v)
		p.blank()
		if p.i < len(p.s) && p.s[p.i] == ']' {
			p.i++
			return l, nil
		}
		if p.i >= len(p.s) || p.s[p.i] != ',' {
			return nil, p.fail("Expecting ',' delimiter", p.i)
		}
		p.i++
	}
}

func (p *jsonReader) object() (pyeval.Value, error) {
	d, pairs := pyeval.NewDict(), pyeval.NewList()
	p.i++
	if p.blank(); p.i < len(p.s) && p.s[p.i] == '}' {
		p.i++
		return p.closed(d, pairs)
	}
	for {
		p.blank()
		if p.i >= len(p.s) || p.s[p.i] != '"' {
			return nil, p.fail("Expecting property name enclosed in double quotes", p.i)
		}
		k, err := p.str()
		if err != nil {
			return nil, err
		}
		p.blank()
		if p.i >= len(p.s) || p.s[p.i] != ':' {
			return nil, p.fail("Expecting ':' delimiter", p.i)
		}
		p.i++
		p.blank()
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		d.SetStr(k, v)
		if p.hooks["object_pairs_hook"] != nil {
			pairs.Append(pyeval.NewTuple(pyeval.NewStr(k), v))
		}
		p.blank()
		if p.i < len(p.s) && p.s[p.i] == '}' {
			p.i++
			return p.closed(d, pairs)
		}
		if p.i >= len(p.s) || p.s[p.i] != ',' {
			return nil, p.fail("Expecting ',' delimiter", p.i)
		}
		p.i++
	}
}

func (p *jsonReader) str() (string, error) {
	from := p.i
	var b strings.Builder
	for p.i++; p.i < len(p.s); {
		c := p.s[p.i]
		p.i++
		switch {
		case c == '"':
			return b.String(), nil
		case c < 0x20:
			return "", p.fail("Invalid control character at", p.i-1)
		case c != '\\':
			b.WriteByte(c)
		case p.i < len(p.s):
			if err := p.escape(&b); err != nil {
				return "", err
			}
		}
	}
	return "", p.fail("Unterminated string starting at", from)
}

func (p *jsonReader) escape(b *strings.Builder) error {
	c := p.s[p.i]
	p.i++
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		b.WriteByte("\"\\/\b\f\n\r\t"[i])
		return nil
	}
	if c != 'u' {
		return p.fail(`Invalid \escape`, p.i-2)
	}
	r, ok := p.hex4()
	if !ok {
		return p.fail(`Invalid \uXXXX escape`, p.i-1)
	}
	if utf16.IsSurrogate(r) && strings.HasPrefix(p.s[p.i:], `\u`) {
		save := p.i
		p.i += 2
		if lo, ok := p.hex4(); ok && utf16.DecodeRune(r, lo) != utf8.RuneError {
			r = utf16.DecodeRune(r, lo)
		} else {
			p.i = save
		}
	}
	b.WriteRune(r)
	return nil
}

func (p *jsonReader) hex4() (rune, bool) {
	if p.i+4 > len(p.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(p.s[p.i:p.i+4], 16, 16)
	if err != nil {
		return 0, false
	}
	p.i += 4
	return rune(n), true
}
