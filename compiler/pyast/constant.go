package pyast

import (
	"math/big"
	"strings"
)

// number reads the kind and value of a number token.
func number(text string) (ConstKind, string) {
	text = strings.ReplaceAll(text, "_", "")
	lower := strings.ToLower(text)
	radix := len(lower) > 1 && strings.IndexByte("xob", lower[1]) >= 0
	switch {
	case !radix && strings.HasSuffix(lower, "j"):
		return ConstComplex, text
	case !radix && strings.ContainsAny(lower, ".e"):
		return ConstFloat, text
	case !radix:
		if text = strings.TrimLeft(text, "0"); text == "" {
			text = "0"
		}
		return ConstInt, text
	}
	n, _ := new(big.Int).SetString(lower, 0) // the scanner has checked the digits
	return ConstInt, n.String()
}

// PosAt returns the source place of the character that holds the byte at an
// offset of a string constant's Text: through escapes, lines and adjacent
// literals. An offset at or behind the end gives the end of the last literal's
// body. A constant without parts gives its own place.
func (c *Constant) PosAt(offset int) Span {
	if len(c.parts) == 0 {
		return c.Span
	}
	k := len(c.parts) - 1
	for k > 0 && c.parts[k].offset > offset {
		k--
	}
	part := &c.parts[k]
	from, to := part.body.placeOf(offset - part.offset)
	return Span{File: part.span.File, Line: from.line, Col: from.col, EndLine: to.line, EndCol: to.col}
}
