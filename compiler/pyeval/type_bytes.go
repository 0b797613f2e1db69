package pyeval

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"pyfc/ir/diag"
	"pyfc/rt/pytext"
)

func init() {
	BytesClass.Static("__new__(cls, source=..., encoding: str='utf-8', errors: str='strict')", newBytes)
	raw := func(c *Call) string { return string(c.Self().(Bytes)) }
	BytesClass.Def("decode(self, encoding: str='utf-8', errors: str='strict')", func(c *Call) (Value, error) {
		return decode(raw(c), c.Str("encoding"), c.Str("errors"))
	})
	BytesClass.Def("hex(self, sep: str='', bytes_per_sep: int=1)", func(c *Call) (Value, error) {
		return NewStr(hexText(raw(c), c.Str("sep"), int(c.Int("bytes_per_sep")))), nil
	})
	BytesClass.ClassMethod("fromhex(cls, text: str, /)", func(c *Call) (Value, error) {
		b, err := hex.DecodeString(strings.Join(strings.Fields(c.Str("text")), ""))
		if err != nil {
			at := strings.IndexFunc(c.Str("text"), func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF \t\n", r) })
			if at < 0 {
				at = len(c.Str("text"))
			}
			return nil, Errorf(ValueError, "non-hexadecimal number found in fromhex() arg at position %d", at)
		}
		if c.Arg("cls") == Value(BytesClass) {
			return Bytes(b), nil
		}
		return c.Thread.Call(c.Arg("cls"), Bytes(b))
	})
}

func init() {
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
		return Bytes(strings.Join(parts, string(c.Self().(Bytes)))), nil
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
	if m := operatorMethod(c.Arg("source"), "__bytes__"); m != nil {
		return c.Thread.callMethod(m, c.Arg("source"))
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
	case "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be":
		return strings.ReplaceAll(strings.ToLower(name), "_", "-")
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
	case "utf-8-sig":
		return Bytes("\ufeff" + s), nil
	}
	if width, order, mark := wide(kind); width > 0 {
		return Bytes(encodeWide(s, width, order, mark)), nil
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
		case errors == "backslashreplace":
			b = append(b, pytext.EscapeRune(r)...)
		case errors == "xmlcharrefreplace":
			b = append(b, fmt.Sprintf("&#%d;", r)...)
		default:
			return nil, Errorf(UnicodeEncodeError, "'%s' codec can't encode character '%s' in position %d: ordinal not in range(%d)", kind, pytext.EscapeRune(r), i, limit)
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
	if kind == "utf-8-sig" {
		b, kind = strings.TrimPrefix(b, "\ufeff"), "utf-8"
	}
	if width, order, mark := wide(kind); width > 0 {
		return decodeWide(b, kind, width, order, mark)
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
		case errors == "backslashreplace":
			fmt.Fprintf(&out, `\x%02x`, b[i])
		case kind == "ascii":
			return nil, Errorf(UnicodeDecodeError, "'ascii' codec can't decode byte 0x%02x in position %d: ordinal not in range(128)", b[i], i)
		default:
			return nil, Errorf(UnicodeDecodeError, "'%s' codec can't decode byte%s", kind, utf8Fault(b, i))
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

// utf8Fault describes what is wrong with the UTF-8 at b[i].
func utf8Fault(b string, i int) string {
	want := 0
	switch c := b[i]; {
	case c >= 0xc2 && c < 0xe0:
		want = 1
	case c >= 0xe0 && c < 0xf0:
		want = 2
	case c >= 0xf0 && c < 0xf5:
		want = 3
	default:
		return fmt.Sprintf(" 0x%02x in position %d: invalid start byte", b[i], i)
	}
	for k := 1; k <= want; k++ {
		switch {
		case i+k >= len(b) && k > 1:
			return fmt.Sprintf("s in position %d-%d: unexpected end of data", i, i+k-1)
		case i+k >= len(b):
			return fmt.Sprintf(" 0x%02x in position %d: unexpected end of data", b[i], i)
		case b[i+k]&0xc0 != 0x80 && k > 1:
			return fmt.Sprintf("s in position %d-%d: invalid continuation byte", i, i+k-1)
		}
	}
	return fmt.Sprintf(" 0x%02x in position %d: invalid continuation byte", b[i], i)
}

// hexText writes bytes as hexadecimal digits, with a separator between groups
// that are counted from the right, or from the left if every is negative.
func hexText(b, sep string, every int) string {
	digits := hex.EncodeToString([]byte(b))
	if sep == "" || every == 0 {
		return digits
	}
	var out strings.Builder
	for i := range len(b) {
		if i > 0 && (every > 0 && (len(b)-i)%every == 0 || every < 0 && i%-every == 0) {
			out.WriteString(sep)
		}
		out.WriteString(digits[2*i : 2*i+2])
	}
	return out.String()
}
