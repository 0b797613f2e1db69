package pyeval

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"pyfc/ir/diag"
)

func init() {
	BytesClass.Static("__new__(cls, source=..., encoding: str='utf-8', errors: str='strict')", newBytes)
	raw := func(c *Call) string { return string(c.Self().(Bytes)) }
	BytesClass.Def("decode(self, encoding: str='utf-8', errors: str='strict')", func(c *Call) (Value, error) {
		return decode(raw(c), c.Str("encoding"), c.Str("errors"))
	})
	BytesClass.Def("hex(self)", func(c *Call) (Value, error) { return NewStr(hex.EncodeToString([]byte(raw(c)))), nil })
	BytesClass.Static("fromhex(text: str, /)", func(c *Call) (Value, error) {
		b, err := hex.DecodeString(strings.ReplaceAll(c.Str("text"), " ", ""))
		if err != nil {
			return nil, Errorf(ValueError, "non-hexadecimal number found in fromhex() arg")
		}
		return Bytes(b), nil
	})
	for name, f := range map[string]func(s, sub string) bool{"startswith": strings.HasPrefix, "endswith": strings.HasSuffix} {
		BytesClass.Def(name+"(self, sub: bytes, /)", func(c *Call) (Value, error) {
			return Bool(f(raw(c), string(plain(c.Arg("sub")).(Bytes)))), nil
		})
	}
	BytesClass.Def("split(self, sep: bytes, /)", func(c *Call) (Value, error) {
		sep := string(plain(c.Arg("sep")).(Bytes))
		if sep == "" {
			return nil, Errorf(ValueError, "empty separator")
		}
		out := NewList()
		for _, part := range strings.Split(raw(c), sep) {
			out.Append(Bytes(part))
		}
		return out, nil
	})
	BytesClass.Def("strip(self)", func(c *Call) (Value, error) { return Bytes(strings.Trim(raw(c), " \t\n\r\v\f")), nil })
	BytesClass.Def("join(self, iterable, /)", func(c *Call) (Value, error) {
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		if err != nil {
			return nil, err
		}
		parts := make([]string, len(elems))
		for i, e := range elems {
			b, ok := plain(e).(Bytes)
			if !ok {
				return nil, Errorf(TypeError, "sequence item %d: expected a bytes-like object, %s found", i, e.Class().name)
			}
			parts[i] = string(b)
		}
		return Bytes(strings.Join(parts, raw(c))), nil
	})
}

func newBytes(c *Call) (Value, error) {
	switch v := plain(c.Arg("source")).(type) {
	case nil:
		return Bytes(""), nil
	case *Str:
		if !c.Given("encoding") {
			return nil, Errorf(TypeError, "string argument without an encoding")
		}
		return encode(v.s, c.Str("encoding"), c.Str("errors"))
	case Bytes:
		return v, nil
	case *Sym:
		return nil, v.Needs("bytes()")
	case Int:
		if v.Sign() < 0 {
			return nil, Errorf(ValueError, "negative count")
		}
		if err := c.Thread.allocTimes(1, v.Big().Int64()); err != nil {
			return nil, err
		}
		return Bytes(make([]byte, v.n)), nil
	}
	elems, err := c.Thread.Iterate(c.Arg("source"))
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(elems))
	for i, e := range elems {
		n, ok := asInt(e)
		if !ok || n.big != nil || n.n < 0 || n.n > 255 {
			return nil, Errorf(ValueError, "bytes must be in range(0, 256)")
		}
		out[i] = byte(n.n)
	}
	return Bytes(out), nil
}

// codec normalises the name of an encoding; "" means that it isn't known.
func codec(name string) string {
	switch strings.ReplaceAll(strings.ToLower(name), "_", "-") {
	case "", "utf-8", "utf8":
		return "utf-8"
	case "ascii", "us-ascii":
		return "ascii"
	case "latin-1", "latin1", "iso-8859-1", "iso8859-1":
		return "latin-1"
	}
	return ""
}

func unknownCodec(name string) error {
	return diag.New(diag.PyUnsupported, diag.Pos{}, "the encoding %s isn't known at build", name)
}

// encode is str.encode.
func encode(s, encoding, errors string) (Value, error) {
	kind := codec(encoding)
	switch kind {
	case "":
		return nil, unknownCodec(encoding)
	case "utf-8":
		return Bytes(s), nil
	}
	limit := rune(0x100)
	if kind == "ascii" {
		limit = 0x80
	}
	var b []byte
	for i, r := range []rune(s) {
		switch {
		case r < limit:
			b = append(b, byte(r))
		case errors == "ignore":
		case errors == "replace":
			b = append(b, '?')
		default:
			return nil, Errorf(UnicodeEncodeError, "'%s' codec can't encode character '%s' in position %d: ordinal not in range(%d)", kind, escapeRune(r), i, limit)
		}
	}
	return Bytes(b), nil
}

// decode is bytes.decode.
func decode(b, encoding, errors string) (Value, error) {
	kind := codec(encoding)
	if kind == "" {
		return nil, unknownCodec(encoding)
	}
	var out strings.Builder
	for i := 0; i < len(b); {
		r, n := rune(b[i]), 1
		bad := kind == "ascii" && r >= 0x80
		if kind == "utf-8" {
			r, n = utf8.DecodeRuneInString(b[i:])
			bad = r == utf8.RuneError && n <= 1
		}
		switch {
		case !bad:
			out.WriteRune(r)
		case errors == "ignore":
		case errors == "replace":
			out.WriteRune(utf8.RuneError)
		default:
			return nil, Errorf(UnicodeDecodeError, "'%s' codec can't decode byte 0x%02x in position %d", kind, b[i], i)
		}
		i += n
	}
	return NewStr(out.String()), nil
}

// bytesContains is x in b.
func bytesContains(b Bytes, x Value) (bool, error) {
	switch x := plain(x).(type) {
	case Bytes:
		return strings.Contains(string(b), string(x)), nil
	case Int:
		return strings.IndexByte(string(b), byte(x.n)) >= 0, nil
	}
	return false, Errorf(TypeError, "a bytes-like object is required, not '%s'", x.Class().name)
}
