package pyeval

import "strings"

// Methods of bytes that do what those of str do on ASCII text: they run on the
// bytes as code points.
var asText = []string{
	"capitalize(self)", "center(self, width: int, fill: bytes=..., /)", "count(self, sub: bytes|int, start=..., end=..., /)",
	"endswith(self, sub: bytes|tuple, start=..., end=..., /)", "expandtabs(self, tabsize: int=8)",
	"find(self, sub: bytes|int, start=..., end=..., /)", "index(self, sub: bytes|int, start=..., end=..., /)",
	"isalnum(self)", "isalpha(self)", "isascii(self)", "isdigit(self)", "islower(self)", "isspace(self)", "istitle(self)",
	"isupper(self)", "ljust(self, width: int, fill: bytes=..., /)", "lower(self)", "lstrip(self, chars: bytes|None=None, /)",
	"partition(self, sep: bytes, /)", "removeprefix(self, prefix: bytes, /)", "removesuffix(self, suffix: bytes, /)",
	"replace(self, old: bytes, new: bytes, count: int=-1, /)", "rfind(self, sub: bytes|int, start=..., end=..., /)",
	"rindex(self, sub: bytes|int, start=..., end=..., /)", "rjust(self, width: int, fill: bytes=..., /)",
	"rpartition(self, sep: bytes, /)", "rsplit(self, sep: bytes|None=None, maxsplit: int=-1)", "rstrip(self, chars: bytes|None=None, /)",
	"split(self, sep: bytes|None=None, maxsplit: int=-1)", "splitlines(self, keepends=False)",
	"startswith(self, sub: bytes|tuple, start=..., end=..., /)", "strip(self, chars: bytes|None=None, /)", "swapcase(self)",
	"title(self)", "upper(self)", "zfill(self, width: int, /)",
}

// bytearrayClass is bytearray: an instance whose built-in value is replaced
// when it changes.
var bytearrayClass = NewClass("builtins", "bytearray")

func init() {
	for _, sig := range asText {
		name, _, _ := strings.Cut(sig, "(")
		BytesClass.Def(sig, func(c *Call) (Value, error) { return throughStr(c, name) })
	}
	BytesClass.Def("translate(self, table, /, delete: bytes=...)", func(c *Call) (Value, error) {
		table, _ := plain(c.Arg("table")).(Bytes)
		drop, _ := plain(c.Arg("delete")).(Bytes)
		var out []byte
		for _, b := range []byte(c.Self().(Bytes)) {
			if strings.IndexByte(string(drop), b) >= 0 {
				continue
			}
			if len(table) == 256 {
				b = table[b]
			}
			out = append(out, b)
		}
		return Bytes(out), nil
	})
	BytesClass.Static("maketrans(old: bytes, new: bytes, /)", func(c *Call) (Value, error) {
		table := make([]byte, 256)
		for i := range table {
			table[i] = byte(i)
		}
		from, to := plain(c.Arg("old")).(Bytes), plain(c.Arg("new")).(Bytes)
		if len(from) != len(to) {
			return nil, Errorf(ValueError, "maketrans arguments must have same length")
		}
		for i := range len(from) {
			table[from[i]] = to[i]
		}
		return Bytes(table), nil
	})
}

// throughStr runs a method of str on bytes.
func throughStr(c *Call, name string) (Value, error) {
	args := make([]Value, 0, len(c.slots))
	for i, v := range c.slots {
		if v == nil {
			break
		}
		if s, ok := plain(v).(Int); ok && c.params.list[i].name == "sub" {
			v = Bytes([]byte{byte(s.n)})
		}
		args = append(args, latin(v))
	}
	if v := plain(c.slots[0]).(Bytes); strings.HasSuffix(name, "strip") && args[1] == None {
		args[1] = NewStr(" \t\n\r\v\f")
	} else if hasHigh(string(v)) && (name == "upper" || name == "lower" || name == "swapcase" || name == "title" || name == "capitalize") {
		return asciiCase(c, string(v), name)
	}
	v, err := c.Thread.Call(StrClass.Lookup(name), args...)
	if isRaised(err, ValueError) && strings.Contains(err.Error(), "substring not found") {
		err = Errorf(ValueError, "subsection not found")
	}
	return unlatin(v), err
}

func hasHigh(s string) bool { return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 }) }

// asciiCase changes the case of the ASCII letters between others.
func asciiCase(c *Call, s, name string) (Value, error) {
	var out strings.Builder
	for len(s) > 0 {
		n := 0
		for n < len(s) && s[n] < 0x80 {
			n++
		}
		if n == 0 {
			out.WriteByte(s[0])
			s = s[1:]
			continue
		}
		v, err := c.Thread.Call(StrClass.Lookup(name), NewStr(s[:n]))
		if err != nil {
			return nil, err
		}
		out.WriteString(v.(*Str).s)
		s = s[n:]
	}
	return Bytes(out.String()), nil
}

// latin turns bytes into the text of the same code points, also in tuples.
func latin(v Value) Value {
	switch x := plain(v).(type) {
	case Bytes:
		runes := make([]rune, len(x))
		for i := range len(x) {
			runes[i] = rune(x[i])
		}
		return NewStr(string(runes))
	case *Tuple:
		out := NewTuple()
		for _, e := range x.elems {
			out.elems = append(out.elems, latin(e))
		}
		return out
	}
	return v
}

// unlatin is the opposite, also in lists and tuples.
func unlatin(v Value) Value {
	all := func(elems []Value) []Value {
		out := make([]Value, len(elems))
		for i, e := range elems {
			out[i] = unlatin(e)
		}
		return out
	}
	switch x := v.(type) {
	case *Str:
		var b []byte
		for _, r := range x.s {
			b = append(b, byte(r))
		}
		return Bytes(b)
	case *List:
		return NewList(all(x.elems)...)
	case *Tuple:
		return NewTuple(all(x.elems)...)
	}
	return v
}

// likeBytearray makes the bytes of a result bytearrays.
func likeBytearray(v Value) Value {
	switch x := v.(type) {
	case Bytes:
		return Derived(bytearrayClass, x)
	case *List:
		for i, e := range x.elems {
			x.elems[i] = likeBytearray(e)
		}
	case *Tuple:
		for i, e := range x.elems {
			x.elems[i] = likeBytearray(e)
		}
	}
	return v
}

// defBytearray gives bytearray the methods of bytes, and those of list that
// change it. It runs after the init functions that fill both.
func defBytearray() {
	for key, v := range BytesClass.dict.Items() {
		n, ok := v.(*Native)
		name := key.(*Str).s
		if !ok || strings.HasPrefix(name, "__") && name != "__add__" && name != "__mul__" && name != "__len__" && name != "__iter__" && name != "__contains__" && name != "__mod__" {
			continue
		}
		bytearrayClass.Def(name+"(self, *args, **kw)", func(c *Call) (Value, error) {
			args := append([]Arg(nil), c.args...)
			args[0].Value = plain(args[0].Value)
			v, err := c.Thread.Invoke(n, args, c.Span, c.At)
			return likeBytearray(v), err
		})
	}
	bytearrayClass.dict.SetStr("maketrans", BytesClass.Lookup("maketrans"))
	bytearrayClass.dict.SetStr("fromhex", BytesClass.Lookup("fromhex"))
	bytearrayClass.Static("__new__(cls, source=..., encoding: str='utf-8', errors: str='strict')", func(c *Call) (Value, error) {
		v, err := newBytes(c)
		if err != nil {
			return nil, err
		}
		class, _ := c.Arg("cls").(*Class)
		return Derived(class, v), nil
	})
	for _, name := range []string{"append", "extend", "insert", "pop", "remove", "reverse", "clear", "__setitem__", "__delitem__"} {
		n, _ := ListClass.Lookup(name).(*Native)
		bytearrayClass.Def(name+"(self, *args)", func(c *Call) (Value, error) { return changeBytearray(c, n) })
	}
	extend, _ := ListClass.Lookup("extend").(*Native)
	bytearrayClass.Def("__iadd__(self, other, /)", func(c *Call) (Value, error) {
		_, err := changeBytearray(c, extend)
		return c.slots[0], err
	})
	bytearrayClass.Def("__getitem__(self, key, /)", func(c *Call) (Value, error) {
		v, err := c.Thread.Index(c.Self(), c.Arg("key"))
		return likeBytearray(v), err
	})
	bytearrayClass.Def("copy(self)", func(c *Call) (Value, error) { return Derived(bytearrayClass, c.Self()), nil })
	bytearrayClass.Def("__repr__(self)", func(c *Call) (Value, error) {
		s, err := c.Thread.Repr(c.Self())
		return NewStr("bytearray(" + s + ")"), err
	})
	bytearrayClass.Set("__hash__", None)
	builtins.Add(bytearrayClass)
}

// changeBytearray runs a method of list on the numbers of a bytearray.
func changeBytearray(c *Call, n *Native) (Value, error) {
	self := c.slots[0].(*Instance)
	elems, err := c.Thread.Iterate(self.builtin)
	if err != nil {
		return nil, err
	}
	l := NewList(elems...)
	args := append([]Arg(nil), c.args...)
	args[0].Value = l
	v, err := c.Thread.Invoke(n, args, c.Span, c.At)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(l.elems))
	for i, e := range l.elems {
		k, ok := asInt(e)
		if !ok {
			return nil, Errorf(TypeError, "'%s' object cannot be interpreted as an integer", e.Class().name)
		}
		if x, fits := k.Int64(); !fits || x < 0 || x > 255 {
			return nil, Errorf(ValueError, "byte must be in range(0, 256)")
		}
		out[i] = byte(k.n)
	}
	self.builtin = Bytes(out)
	return v, c.Thread.alloc(len(out))
}
