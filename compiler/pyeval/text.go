package pyeval

import (
	"strings"
	"unicode/utf8"

	"pyfc/compiler/pyast"
)

// textBuilder joins texts that may be symbolic or opaque.
type textBuilder struct {
	parts  []SymPart
	lit    strBuilder
	opaque *Opaque
	sym    bool
	size   int
}

// add appends a *Str, *Sym (a str) or *Opaque.
func (b *textBuilder) add(v Value) {
	switch v := plain(v).(type) {
	case *Str:
		b.lit.add(v)
		b.size += len(v.s)
	case *Sym:
		b.flush()
		b.parts = append(b.parts, v.Parts...)
		b.sym = true
	case *Opaque:
		if b.opaque == nil {
			b.opaque = v
		}
	}
}

func (b *textBuilder) flush() {
	if b.lit.b.Len() > 0 {
		b.parts = append(b.parts, SymPart{Lit: b.lit.str()})
		b.lit = strBuilder{}
	}
}

// value is the joined text.
func (b *textBuilder) value(where pyast.Span) Value {
	switch {
	case b.opaque != nil:
		return b.opaque.derive(textWith+b.opaque.Origin, where)
	case b.sym:
		b.flush()
		return &Sym{Parts: b.parts, Where: where}
	}
	return b.lit.str()
}

// formatStr is s.format(*args, **kw), or with mapping s.format_map(mapping).
type formatStr struct {
	t       *Thread
	args    []Value
	kw      func(name string) (Value, error)
	auto    int // next automatic field number; -1 after a manual one
	nesting int
}

func (f *formatStr) run(s *Str) (Value, error) {
	var b textBuilder
	text := s.s
	for i := 0; i < len(text); {
		n := strings.IndexAny(text[i:], "{}")
		if n < 0 {
			b.add(s.slice(i, len(text)))
			break
		}
		b.add(s.slice(i, i+n))
		i += n
		if i+1 < len(text) && text[i+1] == text[i] {
			b.add(s.slice(i, i+1))
			i += 2
			continue
		}
		if text[i] == '}' {
			return nil, Errorf(ValueError, "Single '}' encountered in format string")
		}
		end := closing(text, i+1)
		if end < 0 {
			if i+1 == len(text) {
				return nil, Errorf(ValueError, "Single '{' encountered in format string")
			}
			return nil, Errorf(ValueError, "expected '}' before end of string")
		}
		v, err := f.field(text[i+1 : end])
		if err != nil {
			return nil, err
		}
		b.add(v)
		i = end + 1
	}
	return b.value(f.t.Where()), f.t.alloc(b.size)
}

// closing finds the brace that ends a field beginning at i, -1 if none.
func closing(s string, i int) int {
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

// field evaluates name!conversion:spec.
func (f *formatStr) field(s string) (Value, error) {
	name, conv, format := s, "", ""
	depth := 0
scan:
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '!', ':':
			if depth > 0 {
				continue
			}
			name = s[:i]
			if s[i] == '!' {
				conv, format, _ = strings.Cut(s[i+1:], ":")
			} else {
				format = s[i+1:]
			}
			break scan
		}
	}
	switch {
	case depth > 0:
		return nil, Errorf(ValueError, "expected '}' before end of string")
	case name != s && s[len(name)] == '!' && conv == "":
		return nil, Errorf(ValueError, "unmatched '{' in format spec")
	case utf8.RuneCountInString(conv) > 1:
		return nil, Errorf(ValueError, "expected ':' after conversion specifier")
	}
	v, err := f.lookup(name)
	if err != nil {
		return nil, err
	}
	if conv != "" {
		if v, err = f.t.convert(v, conv[0]); err != nil {
			return nil, err
		}
	}
	if strings.ContainsAny(format, "{}") {
		if f.nesting > 0 {
			return nil, Errorf(ValueError, "Max string recursion exceeded")
		}
		f.nesting++
		inner, err := f.run(NewStr(format))
		f.nesting--
		if err != nil {
			return nil, err
		}
		if format, err = f.t.Str(inner); err != nil {
			return nil, err
		}
	}
	return f.t.Format(v, format)
}

// convert is !s, !r or !a.
func (t *Thread) convert(v Value, conv byte) (Value, error) {
	switch conv {
	case 's':
		return t.Text(v)
	case 'r', 'a':
		if o, ok := v.(*Opaque); ok {
			return o, nil
		}
		s, err := t.Repr(v)
		if conv == 'a' {
			s = asciiRepr(s)
		}
		return NewStr(s), err
	}
	return nil, Errorf(ValueError, "Unknown conversion specifier %c", conv)
}

// lookup evaluates a field name: a number or keyword, then .attr and [key].
func (f *formatStr) lookup(name string) (Value, error) {
	n := strings.IndexAny(name, ".[")
	if n < 0 {
		n = len(name)
	}
	v, err := f.first(name[:n])
	rest := name[n:]
	for err == nil && rest != "" {
		if rest[0] == '[' {
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, Errorf(ValueError, "Missing ']' in format string")
			}
			var key Value = NewStr(rest[1:end])
			if i, ok := digits(rest[1:end]); ok {
				key = NewInt(int64(i))
			}
			v, err = f.t.Index(v, key)
			rest = rest[end+1:]
			continue
		}
		n := strings.IndexAny(rest[1:], ".[")
		if n < 0 {
			n = len(rest) - 1
		}
		v, err = f.t.GetAttr(v, rest[1:n+1])
		rest = rest[n+1:]
	}
	return v, err
}

func (f *formatStr) first(name string) (Value, error) {
	i, numbered := digits(name)
	switch {
	case name == "":
		if f.auto < 0 {
			return nil, Errorf(ValueError, "cannot switch from manual field specification to automatic field numbering")
		}
		i = f.auto
		f.auto++
	case numbered:
		if f.auto > 0 {
			return nil, Errorf(ValueError, "cannot switch from automatic field numbering to manual field specification")
		}
		f.auto = -1
	default:
		return f.kw(name)
	}
	if i >= len(f.args) {
		return nil, Errorf(IndexError, "Replacement index %d out of range for positional args tuple", i)
	}
	return f.args[i], nil
}

// digits reads a text of ASCII digits.
func digits(s string) (int, bool) {
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || n > 1<<30 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, s != ""
}
