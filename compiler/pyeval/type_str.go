package pyeval

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

func init() {
	StrClass.Static("__new__(cls, object=..., encoding: str=..., errors: str=...)", func(c *Call) (Value, error) {
		v := c.Arg("object")
		if v == nil {
			return c.wrap(NewStr("")), nil
		}
		if b, ok := plain(v).(Bytes); ok && (c.Given("encoding") || c.Given("errors")) {
			s, err := decode(string(b), c.Str("encoding"), c.Str("errors"))
			return c.wrap(s), err
		}
		s, err := c.Thread.Text(v)
		if err != nil {
			return nil, err
		}
		return c.wrap(s), nil
	})
	defStrCase()
	defStrStrip()
	defStrSplit()
	defStrFind()
	defStrTests()
	defStrPad()
	strMethod("join(self, iterable, /)", strJoin)
	strMethod("format(self, /, *args, **kw)", func(c *Call) (Value, error) {
		f := formatStr{t: c.Thread, args: c.Elems("args"), kw: func(name string) (Value, error) {
			if v, ok := c.Keywords("kw").GetStr(name); ok {
				return v, nil
			}
			return nil, raise(KeyError, NewStr(name))
		}}
		s, ok := c.Self().(*Str)
		if !ok {
			return nil, c.Self().(*Sym).Needs(".format()")
		}
		return f.run(s)
	})
	strMethod("format_map(self, mapping, /)", func(c *Call) (Value, error) {
		f := formatStr{t: c.Thread, kw: func(name string) (Value, error) {
			return c.Thread.Index(c.Arg("mapping"), NewStr(name))
		}}
		return f.run(c.Self().(*Str))
	})
	strMethod("encode(self, encoding: str='utf-8', errors: str='strict')", func(c *Call) (Value, error) {
		return encode(text(c), c.Str("encoding"), c.Str("errors"))
	})
	strMethod("translate(self, table, /)", strTranslate)
	StrClass.Static("maketrans(x, y: str=..., z: str=..., /)", strMaketrans)
}

// strMethod adds a method of str. A method of an opaque argument is opaque.
func strMethod(signature string, f NativeFunc) {
	StrClass.Pure(signature, f)
}

// Pure is Def for a method without effect, whose result is opaque when an
// argument is.
func (c *Class) Pure(signature string, f NativeFunc) *Class {
	n := c.newMethod(signature, f)
	n.pure = true
	c.dict.SetStr(n.name, n)
	return c
}

// Pure is Def for a function without effect, whose result is opaque when an
// argument is.
func (m *Module) Pure(signature string, f NativeFunc) *Module {
	m.Def(signature, f)
	name, _ := parseSignature(signature)
	v, _ := m.dict.GetStr(name)
	v.(*Native).pure = true
	return m
}

// text is the receiver of a str method that needs its text.
func text(c *Call) string { return c.Self().(*Str).s }

// simple adds a method from str to str without arguments.
func simple(name string, f func(string) string) {
	strMethod(name+"(self)", func(c *Call) (Value, error) {
		if isSym(c.Self()) {
			return symMethod(c, "str."+name)
		}
		s := c.Self().(*Str)
		out := f(s.s)
		if out == s.s {
			return s, nil
		}
		return NewStr(out), c.Thread.alloc(len(out))
	})
}

func defStrCase() {
	simple("upper", func(s string) string { return cases.Upper(language.Und).String(s) })
	simple("lower", func(s string) string { return cases.Lower(language.Und).String(s) })
	simple("casefold", func(s string) string { return cases.Fold().String(s) })
	simple("swapcase", func(s string) string {
		var b strings.Builder
		for _, r := range s {
			if unicode.IsUpper(r) {
				b.WriteString(lowerOf(r))
			} else if unicode.IsLower(r) {
				b.WriteString(upperOf(r))
			} else {
				b.WriteRune(r)
			}
		}
		return b.String()
	})
	simple("capitalize", func(s string) string {
		r, n := utf8.DecodeRuneInString(s)
		if n == 0 {
			return s
		}
		return titleOf(r) + strings.ToLower(s[n:])
	})
	simple("title", func(s string) string {
		inWord := false
		var b strings.Builder
		for _, r := range s {
			if inWord {
				b.WriteString(lowerOf(r))
			} else {
				b.WriteString(titleOf(r))
			}
			inWord = unicode.IsLetter(r)
		}
		return b.String()
	})
}

// lowerOf, upperOf and titleOf are a character's case; it may be several
// characters.
func lowerOf(r rune) string { return caseOf(r, unicode.ToLower, cases.Lower(language.Und)) }
func upperOf(r rune) string { return caseOf(r, unicode.ToUpper, cases.Upper(language.Und)) }
func titleOf(r rune) string { return caseOf(r, unicode.ToTitle, cases.Title(language.Und)) }

func caseOf(r rune, ascii func(rune) rune, full cases.Caser) string {
	if r < utf8.RuneSelf {
		return string(ascii(r))
	}
	return full.String(string(r))
}

func defStrStrip() {
	for name, trim := range (Named[[2]bool]{{"strip", [2]bool{true, true}}, {"lstrip", [2]bool{true, false}}, {"rstrip", [2]bool{false, true}}}).All() {
		strMethod(name+"(self, chars: text|None=None, /)", func(c *Call) (Value, error) {
			if isSym(c.Self()) || isSym(c.Arg("chars")) {
				return symMethod(c, "str."+name)
			}
			cut := unicode.IsSpace
			if c.Arg("chars") != None {
				set := c.Str("chars")
				cut = func(r rune) bool { return strings.ContainsRune(set, r) }
			}
			s := c.Self().(*Str)
			lo, hi := 0, len(s.s)
			if trim[0] {
				lo = len(s.s) - len(strings.TrimLeftFunc(s.s, cut))
			}
			if trim[1] {
				hi = max(lo, len(strings.TrimRightFunc(s.s, cut)))
			}
			return s.slice(lo, hi), nil
		})
	}
	strMethod("removeprefix(self, prefix: str, /)", func(c *Call) (Value, error) {
		s := c.Self().(*Str)
		if strings.HasPrefix(s.s, c.Str("prefix")) {
			return s.slice(len(c.Str("prefix")), len(s.s)), nil
		}
		return s, nil
	})
	strMethod("removesuffix(self, suffix: str, /)", func(c *Call) (Value, error) {
		s := c.Self().(*Str)
		if strings.HasSuffix(s.s, c.Str("suffix")) {
			return s.slice(0, len(s.s)-len(c.Str("suffix"))), nil
		}
		return s, nil
	})
	strMethod("replace(self, old: text, new: text, count: int=-1, /)", func(c *Call) (Value, error) {
		if isSym(c.Self()) || isSym(c.Arg("old")) || isSym(c.Arg("new")) {
			return symMethod(c, "str.replace")
		}
		s := c.Self().(*Str)
		out, err := c.Thread.replace(s, plain(c.Arg("old")).(*Str), plain(c.Arg("new")).(*Str), int(c.Int("count")))
		return out, err
	})
}

// replace keeps the origins of what stays and of what comes in.
func (t *Thread) replace(s, old, with *Str, count int) (*Str, error) {
	if n := strings.Count(s.s, old.s); count < 0 || count > n {
		count = n
	}
	if err := t.alloc(len(s.s) + count*len(with.s)); err != nil {
		return nil, err
	}
	if old.s == "" {
		return NewStr(strings.Replace(s.s, "", with.s, count)), nil
	}
	var b strBuilder
	at := 0
	for range count {
		n := strings.Index(s.s[at:], old.s)
		b.add(s.slice(at, at+n))
		b.add(with)
		at += n + len(old.s)
	}
	b.add(s.slice(at, len(s.s)))
	return b.str(), nil
}

func strJoin(c *Call) (Value, error) {
	elems, err := c.Thread.Iterate(c.Arg("iterable"))
	if err != nil {
		if isRaised(err, TypeError) {
			return nil, Errorf(TypeError, "can only join an iterable")
		}
		return nil, err
	}
	var b textBuilder
	for i, e := range elems {
		if i > 0 {
			b.add(c.Self())
		}
		if _, opaque := e.(*Opaque); !isText(e) && !opaque {
			return nil, Errorf(TypeError, "sequence item %d: expected str instance, %s found", i, e.Class().name)
		}
		b.add(e)
	}
	return b.value(c.Span), c.Thread.alloc(b.size)
}

func defStrSplit() {
	strMethod("split(self, sep: str|None=None, maxsplit: int=-1)", func(c *Call) (Value, error) { return strSplit(c, false) })
	strMethod("rsplit(self, sep: str|None=None, maxsplit: int=-1)", func(c *Call) (Value, error) { return strSplit(c, true) })
	strMethod("splitlines(self, keepends: bool=False)", func(c *Call) (Value, error) {
		s := c.Self().(*Str)
		out := NewList()
		for lo := 0; lo < len(s.s); {
			n := strings.IndexFunc(s.s[lo:], isLineEnd)
			if n < 0 {
				out.Append(s.slice(lo, len(s.s)))
				break
			}
			_, size := utf8.DecodeRuneInString(s.s[lo+n:])
			if strings.HasPrefix(s.s[lo+n:], "\r\n") {
				size = 2
			}
			end := lo + n
			if c.Bool("keepends") {
				end += size
			}
			out.Append(s.slice(lo, end))
			lo += n + size
		}
		return out, nil
	})
	for name, last := range (Named[bool]{{"partition", false}, {"rpartition", true}}).All() {
		strMethod(name+"(self, sep: str, /)", func(c *Call) (Value, error) {
			s, sep := c.Self().(*Str), c.Str("sep")
			if sep == "" {
				return nil, Errorf(ValueError, "empty separator")
			}
			i := strings.Index(s.s, sep)
			if last {
				i = strings.LastIndex(s.s, sep)
			}
			switch {
			case i < 0 && last:
				return NewTuple(NewStr(""), NewStr(""), s), nil
			case i < 0:
				return NewTuple(s, NewStr(""), NewStr("")), nil
			}
			return NewTuple(s.slice(0, i), s.slice(i, i+len(sep)), s.slice(i+len(sep), len(s.s))), nil
		})
	}
}

func isLineEnd(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// strSplit splits by a separator, or at runs of blanks.
func strSplit(c *Call, right bool) (Value, error) {
	s := c.Self().(*Str)
	limit := int(c.Int("maxsplit"))
	if limit < 0 {
		limit = len(s.s) + 1
	}
	sep := c.Str("sep")
	blank := c.Arg("sep") == None
	if !blank && sep == "" {
		return nil, Errorf(ValueError, "empty separator")
	}
	var out []Value
	switch {
	case blank && right:
		out = splitBlankRight(s, limit)
	case blank:
		out = splitBlank(s, limit)
	case right:
		hi := len(s.s)
		for ; limit > 0; limit-- {
			i := strings.LastIndex(s.s[:hi], sep)
			if i < 0 {
				break
			}
			out = append(out, s.slice(i+len(sep), hi))
			hi = i
		}
		out = append(out, s.slice(0, hi))
	default:
		lo := 0
		for ; limit > 0; limit-- {
			i := strings.Index(s.s[lo:], sep)
			if i < 0 {
				break
			}
			out = append(out, s.slice(lo, lo+i))
			lo += i + len(sep)
		}
		out = append(out, s.slice(lo, len(s.s)))
	}
	if right {
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
	}
	return NewList(out...), c.Thread.alloc(len(s.s) + 16*len(out))
}

func splitBlank(s *Str, limit int) []Value {
	var out []Value
	lo := 0
	for {
		lo += len(s.s[lo:]) - len(strings.TrimLeftFunc(s.s[lo:], unicode.IsSpace))
		if lo == len(s.s) {
			return out
		}
		n := strings.IndexFunc(s.s[lo:], unicode.IsSpace)
		if n < 0 || limit == 0 {
			return append(out, s.slice(lo, len(s.s)))
		}
		out = append(out, s.slice(lo, lo+n))
		lo += n
		limit--
	}
}

// splitBlankRight splits from the end; the parts come last first.
func splitBlankRight(s *Str, limit int) []Value {
	var out []Value
	hi := len(s.s)
	for {
		hi = len(strings.TrimRightFunc(s.s[:hi], unicode.IsSpace))
		if hi == 0 {
			return out
		}
		n := strings.LastIndexFunc(s.s[:hi], unicode.IsSpace)
		if n < 0 || limit == 0 {
			return append(out, s.slice(0, hi))
		}
		_, size := utf8.DecodeRuneInString(s.s[n:])
		out = append(out, s.slice(n+size, hi))
		hi = n
		limit--
	}
}

func defStrFind() {
	const args = "(self, sub: str, start: int|None=None, end: int|None=None, /)"
	find := func(name string, f func(s, sub string) int, must bool) {
		strMethod(name+args, func(c *Call) (Value, error) {
			s := c.Self().(*Str)
			lo, hi, ok := window(c, s)
			i := -1
			if ok {
				i = f(s.s[lo:hi], c.Str("sub"))
			}
			if i < 0 {
				if must {
					return nil, Errorf(ValueError, "substring not found")
				}
				return NewInt(-1), nil
			}
			return NewInt(int64(s.runeOffset(lo + i))), nil
		})
	}
	find("find", strings.Index, false)
	find("rfind", strings.LastIndex, false)
	find("index", strings.Index, true)
	find("rindex", strings.LastIndex, true)
	strMethod("count"+args, func(c *Call) (Value, error) {
		s := c.Self().(*Str)
		lo, hi, ok := window(c, s)
		if !ok {
			return NewInt(0), nil
		}
		return NewInt(int64(strings.Count(s.s[lo:hi], c.Str("sub")))), nil
	})
	affix := func(name string, f func(s, x string) bool) {
		strMethod(name+"(self, sub: str|tuple, start: int|None=None, end: int|None=None, /)", func(c *Call) (Value, error) {
			s := c.Self().(*Str)
			lo, hi, ok := window(c, s)
			options := []Value{c.Arg("sub")}
			if t, isTuple := plain(c.Arg("sub")).(*Tuple); isTuple {
				options = t.elems
			}
			for _, o := range options {
				x, isStr := plain(o).(*Str)
				if !isStr {
					return nil, Errorf(TypeError, "%s first arg must be str or a tuple of str, not %s", name, o.Class().name)
				}
				if ok && f(s.s[lo:hi], x.s) {
					return True, nil
				}
			}
			return False, nil
		})
	}
	affix("startswith", strings.HasPrefix)
	affix("endswith", strings.HasSuffix)
}

// window resolves start and end to byte offsets; ok is false for an empty one
// beyond the text.
func window(c *Call, s *Str) (lo, hi int, ok bool) {
	n := int64(s.Len())
	pos := func(name string, def int64) int64 {
		if c.Arg(name) == None {
			return def
		}
		i := c.Int(name)
		if i < 0 {
			i = max(i+n, 0)
		}
		return i
	}
	a, b := pos("start", 0), min(pos("end", n), n)
	if a > b {
		return 0, 0, false
	}
	return s.byteOffset(int(a)), s.byteOffset(int(b)), true
}

func defStrTests() {
	every := func(name string, f func(r rune) bool) {
		strMethod(name+"(self)", func(c *Call) (Value, error) {
			s := text(c)
			return Bool(s != "" && strings.IndexFunc(s, func(r rune) bool { return !f(r) }) < 0), nil
		})
	}
	every("isdigit", func(r rune) bool { return unicode.IsDigit(r) || unicode.Is(digitLike, r) })
	every("isdecimal", unicode.IsDigit)
	every("isnumeric", unicode.IsNumber)
	every("isalpha", unicode.IsLetter)
	every("isalnum", func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
	every("isspace", unicode.IsSpace)
	test := func(name string, f func(s string) bool) {
		strMethod(name+"(self)", func(c *Call) (Value, error) { return Bool(f(text(c))), nil })
	}
	cased := func(is, isNot func(r rune) bool) func(s string) bool {
		return func(s string) bool {
			return strings.ContainsFunc(s, is) && !strings.ContainsFunc(s, func(r rune) bool { return isNot(r) || unicode.IsTitle(r) })
		}
	}
	test("isupper", cased(isUpper, isLower))
	test("islower", cased(isLower, isUpper))
	test("istitle", func(s string) bool {
		inWord, any := false, false
		for _, r := range s {
			if unicode.IsLetter(r) || unicode.Is(unicode.Other_Uppercase, r) {
				if (isUpper(r) || unicode.IsTitle(r)) == inWord {
					return false
				}
				any = true
			}
			inWord = unicode.IsLetter(r)
		}
		return any
	})
	test("isprintable", func(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 })
	test("isascii", func(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 })
	test("isidentifier", func(s string) bool {
		for i, r := range s {
			if r != '_' && !unicode.IsLetter(r) && !unicode.Is(unicode.Nl, r) && (i == 0 || !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && !unicode.Is(unicode.Pc, r)) {
				return false
			}
		}
		return s != ""
	})
}

func defStrPad() {
	for name, align := range (Named[byte]{{"ljust", '<'}, {"rjust", '>'}, {"center", '^'}}).All() {
		strMethod(name+"(self, width: int, fill: str=' ', /)", func(c *Call) (Value, error) {
			fill := []rune(c.Str("fill"))
			if len(fill) != 1 {
				return nil, Errorf(TypeError, "The fill character must be exactly one character long")
			}
			width := min(c.Int("width"), 1<<40)
			if err := c.Thread.alloc(int(max(width, 0))); err != nil {
				return nil, err
			}
			s := text(c)
			if name == "center" {
				return NewStr(center(s, int(width), string(fill))), nil
			}
			return NewStr(spec{fill: fill[0], width: int(width)}.pad(s, align)), nil
		})
	}
	strMethod("zfill(self, width: int, /)", func(c *Call) (Value, error) {
		if err := c.Thread.alloc(int(min(max(c.Int("width"), 0), 1<<40))); err != nil {
			return nil, err
		}
		s := text(c)
		n := int(c.Int("width")) - utf8.RuneCountInString(s)
		if n <= 0 {
			return c.Self(), nil
		}
		sign := ""
		if s != "" && (s[0] == '+' || s[0] == '-') {
			sign, s = s[:1], s[1:]
		}
		return NewStr(sign + strings.Repeat("0", n) + s), nil
	})
	strMethod("expandtabs(self, tabsize: int=8)", func(c *Call) (Value, error) {
		var b strings.Builder
		col, size := 0, int(min(c.Int("tabsize"), 1<<10))
		for _, r := range text(c) {
			switch {
			case r == '\t' && size > 0:
				n := size - col%size
				b.WriteString(strings.Repeat(" ", n))
				col += n
			case r == '\t':
			case r == '\n' || r == '\r':
				b.WriteRune(r)
				col = 0
			default:
				b.WriteRune(r)
				col++
			}
		}
		return NewStr(b.String()), c.Thread.alloc(b.Len())
	})
}

// center puts the odd blank where CPython's str.center does.
func center(s string, width int, fill string) string {
	n := width - utf8.RuneCountInString(s)
	if n <= 0 {
		return s
	}
	left := n/2 + (n & width & 1)
	return strings.Repeat(fill, left) + s + strings.Repeat(fill, n-left)
}

func strTranslate(c *Call) (Value, error) {
	var b strings.Builder
	for _, r := range text(c) {
		v, err := c.Thread.Index(c.Arg("table"), NewInt(int64(r)))
		if isRaised(err, LookupError) {
			b.WriteRune(r)
			continue
		}
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case Int:
			b.WriteRune(rune(v.n))
		case *Str:
			b.WriteString(v.s)
		}
	}
	return NewStr(b.String()), nil
}

func strMaketrans(c *Call) (Value, error) {
	d := NewDict()
	if c.Arg("y") == nil {
		src, err := c.Thread.asDict(c.Arg("x"))
		if err != nil {
			return nil, err
		}
		for k, v := range src.Items() {
			if s, ok := k.(*Str); ok && s.Len() == 1 {
				k = NewInt(int64([]rune(s.s)[0]))
			}
			if err := d.Set(c.Thread, k, v); err != nil {
				return nil, err
			}
		}
		return d, nil
	}
	x, ok := c.Arg("x").(*Str)
	y := []rune(c.Str("y"))
	if !ok || x.Len() != len(y) {
		return nil, Errorf(ValueError, "the first two maketrans arguments must have equal length")
	}
	put := func(r rune, v Value) error { return d.Set(c.Thread, NewInt(int64(r)), v) }
	for i, r := range []rune(x.s) {
		if err := put(r, NewInt(int64(y[i]))); err != nil {
			return nil, err
		}
	}
	for _, r := range c.Str("z") {
		if err := put(r, None); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// strContains is x in s.
func strContains(s *Str, x Value) (bool, error) {
	y, ok := plain(x).(*Str)
	if !ok {
		if o, ok := x.(*Opaque); ok {
			return false, o.Refuse("is searched by in")
		}
		return false, Errorf(TypeError, "'in <string>' requires string as left operand, not %s", x.Class().name)
	}
	return strings.Contains(s.s, y.s), nil
}

func isLower(r rune) bool { return unicode.IsLower(r) || unicode.Is(unicode.Other_Lowercase, r) }

func isUpper(r rune) bool { return unicode.IsUpper(r) || unicode.Is(unicode.Other_Uppercase, r) }

// digitLike holds the digits that don't form decimal numbers: superscripts,
// subscripts and those in circles, brackets and before full stops.
var digitLike = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x00b2, Hi: 0x00b3, Stride: 1}, {Lo: 0x00b9, Hi: 0x00b9, Stride: 1}, {Lo: 0x1369, Hi: 0x1371, Stride: 1}, {Lo: 0x19da, Hi: 0x19da, Stride: 1},
	{Lo: 0x2070, Hi: 0x2070, Stride: 1}, {Lo: 0x2074, Hi: 0x2079, Stride: 1}, {Lo: 0x2080, Hi: 0x2089, Stride: 1}, {Lo: 0x2460, Hi: 0x2468, Stride: 1},
	{Lo: 0x2474, Hi: 0x247c, Stride: 1}, {Lo: 0x2488, Hi: 0x2490, Stride: 1}, {Lo: 0x24ea, Hi: 0x24ea, Stride: 1}, {Lo: 0x24f5, Hi: 0x24fd, Stride: 1},
	{Lo: 0x24ff, Hi: 0x24ff, Stride: 1}, {Lo: 0x2776, Hi: 0x277e, Stride: 1}, {Lo: 0x2780, Hi: 0x2788, Stride: 1}, {Lo: 0x278a, Hi: 0x2792, Stride: 1},
}, LatinOffset: 2}
