package fn

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// BoolToText writes TRUE or FALSE.
func BoolToText(v bool) string {
	if v {
		return "TRUE"
	}
	return "FALSE"
}

// The words for BOOLEANs, in any case.
var (
	trueWords  = [...]string{"true", "t", "yes", "y", "1"}
	falseWords = [...]string{"false", "f", "no", "n", "0"}
)

// TextToBool reads a BOOLEAN; blanks around it are not ignored.
func TextToBool(s string) (bool, error) {
	for i := range trueWords {
		switch {
		case strings.EqualFold(s, trueWords[i]):
			return true, nil
		case strings.EqualFold(s, falseWords[i]):
			return false, nil
		}
	}
	return false, fmt.Errorf("cannot read %q as BOOLEAN", s)
}

// prefix is the first n characters of s, with how many it has at most n.
func prefix(s string, n int) (string, int) {
	if len(s) <= n {
		return s, utf8.RuneCountInString(s)
	}
	count := 0
	for i := range s {
		if count == n {
			return s[:i], n
		}
		count++
	}
	return s, count
}

// CutText cuts to a VARCHAR's length.
func CutText(s string, to val.Shape) string {
	s, _ = prefix(s, to.Precision)
	return s
}

// PadText cuts to a CHAR's length, or fills up with blanks.
func PadText(a *val.Arena, s string, to val.Shape) string {
	s, n := prefix(s, to.Precision)
	if n == to.Precision {
		return s
	}
	buf := a.Alloc(len(s) + to.Precision - n)
	for i := copy(buf, s); i < len(buf); i++ {
		buf[i] = ' '
	}
	return val.View(buf)
}

// TextToVarBinary is the UTF-8 form of a text, cut to the length.
func TextToVarBinary(s string, to val.Shape) val.Bytes {
	return val.Bytes(s[:min(len(s), to.Precision)])
}

// TextToBinary is the UTF-8 form of a text, cut or filled up with zeros.
func TextToBinary(a *val.Arena, s string, to val.Shape) val.Bytes {
	return FitBytes(a, val.Bytes(s), to)
}

// CutBytes cuts to a VARBINARY's length, as sinks do; for CAST see FitBytes.
func CutBytes(b val.Bytes, to val.Shape) val.Bytes { return b[:min(len(b), to.Precision)] }

// FitBytes cuts to a length, or fills up with zeros, for VARBINARY, too.
func FitBytes(a *val.Arena, b val.Bytes, to val.Shape) val.Bytes {
	if len(b) >= to.Precision {
		return b[:to.Precision]
	}
	buf := a.Alloc(to.Precision)
	clear(buf[copy(buf, b):])
	return val.Bytes(val.View(buf))
}

// BytesToText decodes UTF-8; what is malformed becomes U+FFFD as in Java.
func BytesToText(a *val.Arena, b val.Bytes) string {
	s := string(b)
	if utf8.ValidString(s) {
		return s
	}
	const replacement = "\uFFFD"
	buf := a.Alloc(len(s) * len(replacement))[:0]
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			buf, size = append(buf, replacement...), malformed(s)
		} else {
			buf = append(buf, s[:size]...)
		}
		s = s[size:]
	}
	return val.View(buf)
}

// malformed is how many bytes at the beginning of s Java replaces by one
// character: those that could be the beginning of a character.
func malformed(s string) int {
	low, high := byte(0x80), byte(0xBF) // of the second byte
	need := 0
	switch c := s[0]; {
	case c >= 0xC2 && c <= 0xDF:
		need = 1
	case c >= 0xE0 && c <= 0xEF:
		need = 2
		if c == 0xE0 {
			low = 0xA0
		}
	case c >= 0xF0 && c <= 0xF4:
		need = 3
		if c == 0xF0 {
			low = 0x90
		} else if c == 0xF4 {
			high = 0x8F
		}
	}
	n := 1
	for n <= need && n < len(s) && s[n] >= low && s[n] <= high {
		low, high = 0x80, 0xBF
		n++
	}
	return n
}

var textCasts = []CastDecl{
	{From: types.Boolean, To: types.VarChar, Impl: BoolToText},
	{From: types.VarChar, To: types.Boolean, Impl: TextToBool},
	{From: types.VarChar, To: types.VarChar, Impl: CutText},
	{From: types.VarChar, To: types.Char, Impl: PadText},
	{From: types.VarChar, To: types.VarBinary, Impl: TextToVarBinary},
	{From: types.VarChar, To: types.Binary, Impl: TextToBinary},
	{From: types.Binary, To: types.VarChar, Impl: BytesToText},
	{From: types.VarBinary, To: types.VarChar, Impl: BytesToText},
	{From: types.Binary, To: types.Binary, Impl: FitBytes},
	{From: types.VarBinary, To: types.Binary, Impl: FitBytes},
	// Where a longer value is possible, Flink fills up the shorter ones, too.
	{From: types.Binary, To: types.VarBinary, Impl: FitBytes},
	{From: types.VarBinary, To: types.VarBinary, Impl: FitBytes},
}
