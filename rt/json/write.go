package json

import (
	"encoding/base64"
	"math"
	"unicode/utf8"

	"pyfc/rt/val"
)

// Append writes a value without blanks, members in the order of the text.
func Append(dst []byte, v *Value) []byte {
	switch v.Kind {
	case Null:
		return append(dst, "null"...)
	case Bool:
		return AppendBool(dst, v.True)
	case Int:
		return append(dst, v.Text...)
	case Double:
		return AppendDouble(dst, v.Num)
	case String:
		return AppendString(dst, v.Text)
	case Array:
		return appendList(dst, '[', ']', len(v.Items), func(dst []byte, i int) []byte { return Append(dst, v.Items[i]) })
	}
	return appendList(dst, '{', '}', len(v.Items), func(dst []byte, i int) []byte {
		return Append(append(AppendString(dst, v.Keys[i]), ':'), v.Items[i])
	})
}

func appendList(dst []byte, opening, closing byte, n int, item func(dst []byte, i int) []byte) []byte {
	dst = append(dst, opening)
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = item(dst, i)
	}
	return append(dst, closing)
}

// AppendBool writes true or false.
func AppendBool(dst []byte, v bool) []byte {
	if v {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}

// AppendDouble writes a DOUBLE as Java does; what isn't finite in quotes.
func AppendDouble(dst []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(val.AppendDouble(append(dst, '"'), v), '"')
	}
	return val.AppendDouble(dst, v)
}

// AppendFloat writes a FLOAT as Java does; what isn't finite in quotes.
func AppendFloat(dst []byte, v float32) []byte {
	if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
		return append(val.AppendFloat(append(dst, '"'), v), '"')
	}
	return val.AppendFloat(dst, v)
}

// AppendBinary writes bytes as a string in base 64.
func AppendBinary(dst []byte, s string) []byte {
	return append(base64.StdEncoding.AppendEncode(append(dst, '"'), []byte(s)), '"')
}

const hexDigits = "0123456789ABCDEF"

// AppendString writes a string in quotes, with Jackson's escapes.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= ' ':
			dst = append(dst, c)
		default:
			dst = appendControl(dst, c)
		}
	}
	return append(dst, '"')
}

func appendControl(dst []byte, c byte) []byte {
	switch c {
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// CompareKeys orders keys by their UTF-16 code units, as Java does.
func CompareKeys(a, b string) int {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if x != y {
			return codeUnit(x) - codeUnit(y)
		}
		a, b = a[n:], b[m:]
	}
	return len(a) - len(b)
}

// codeUnit orders characters behind the basic plane where their first half is.
func codeUnit(r rune) int {
	if r > 0xFFFF {
		return int(0xD800<<11 + r)
	}
	return int(r << 11)
}

// AppendText writes a value as Java's toString of it: strings without quotes,
// [a, b] and {k=v}.
func AppendText(dst []byte, v *Value) []byte {
	switch v.Kind {
	case String:
		return append(dst, v.Text...)
	case Double:
		return val.AppendDouble(dst, v.Num)
	case Array, Object:
		brackets := "[]"
		if v.Kind == Object {
			brackets = "{}"
		}
		dst = append(dst, brackets[0])
		for i, item := range v.Items {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			if v.Kind == Object {
				dst = append(append(dst, v.Keys[i]...), '=')
			}
			dst = AppendText(dst, item)
		}
		return append(dst, brackets[1])
	}
	return Append(dst, v)
}
