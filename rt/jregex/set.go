package jregex

import (
	"slices"
	"strings"
	"unicode"
)

// set is a class of characters: ranges from first to last, in order and apart.
type set [][2]rune

var (
	digits     = set{{'0', '9'}}
	words      = set{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}
	spaces     = set{{'\t', '\r'}, {' ', ' '}}
	vertical   = set{{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}}
	horizontal = set{{'\t', '\t'}, {' ', ' '}, {0xa0, 0xa0}, {0x1680, 0x1680}, {0x180e, 0x180e}, {0x2000, 0x200a}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}}
	// terminators end a line, for the point and the dollar.
	terminators = set{{'\n', '\n'}, {'\r', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}}
)

// posix are the classes \p{…} that are of ASCII.
var posix = map[string]set{
	"Lower": {{'a', 'z'}}, "Upper": {{'A', 'Z'}}, "ASCII": {{0, 0x7f}}, "Alpha": {{'A', 'Z'}, {'a', 'z'}}, "Digit": digits,
	"Alnum": {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}, "Punct": {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}, "Graph": {{'!', '~'}},
	"Print": {{' ', '~'}}, "Blank": {{'\t', '\t'}, {' ', ' '}}, "Cntrl": {{0, 0x1f}, {0x7f, 0x7f}},
	"XDigit": {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}, "Space": spaces,
}

// normal sorts the ranges and joins those that touch.
func (s set) normal() set {
	s = slices.Clone(s)
	slices.SortFunc(s, func(a, b [2]rune) int { return int(a[0] - b[0]) })
	var out set
	for _, r := range s {
		if n := len(out); n > 0 && r[0] <= out[n-1][1]+1 {
			out[n-1][1] = max(out[n-1][1], r[1])
		} else {
			out = append(out, r)
		}
	}
	return out
}

// not is the complement.
func (s set) not() set {
	var out set
	next := rune(0)
	for _, r := range s.normal() {
		if r[0] > next {
			out = append(out, [2]rune{next, r[0] - 1})
		}
		next = r[1] + 1
	}
	if next <= unicode.MaxRune {
		out = append(out, [2]rune{next, unicode.MaxRune})
	}
	return out
}

func (s set) and(t set) set { return append(s.not(), t.not()...).not() }

// write gives the set as a class that both engines read.
func (s set) write(b *strings.Builder) {
	s = s.normal()
	if len(s) == 0 { // matches nothing
		b.WriteString(`[^\x00-` + string(unicode.MaxRune) + `]`)
		return
	}
	b.WriteByte('[')
	for _, r := range s {
		quoteRune(b, r[0])
		if r[1] > r[0] {
			b.WriteByte('-')
			quoteRune(b, r[1])
		}
	}
	b.WriteByte(']')
}

// quoteRune writes a character that stands for itself. Surrogates, which are no
// characters in UTF-8, give way to their neighbours.
func quoteRune(b *strings.Builder, r rune) {
	switch {
	case r >= 0xd800 && r < 0xe000:
		r = 0xd7ff
	case r < 0x80 && r != '_' && (r > 'z' || r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a') && r > ' ' && r != 0x7f:
		b.WriteByte('\\')
	}
	b.WriteRune(r)
}

// tableSet is a table of package unicode as a set.
func tableSet(t *unicode.RangeTable) set {
	var out set
	add := func(lo, hi, stride rune) {
		if stride == 1 {
			out = append(out, [2]rune{lo, hi})
			return
		}
		for r := lo; r <= hi; r += stride {
			out = append(out, [2]rune{r, r})
		}
	}
	for _, r := range t.R16 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range t.R32 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return out
}

// property is the class \p{name}; false for one that isn't known.
func property(name string) (set, bool) {
	if s, ok := posix[name]; ok {
		return s, true
	}
	name = strings.TrimPrefix(name, "Is")
	for _, prefix := range []string{"general_category=", "gc=", "script=", "sc="} {
		name = strings.TrimPrefix(name, prefix)
	}
	if t, ok := unicode.Categories[name]; ok {
		return tableSet(t), true
	}
	if t, ok := unicode.Scripts[name]; ok {
		return tableSet(t), true
	}
	switch name {
	case "Alphabetic":
		return append(append(tableSet(unicode.Letter), tableSet(unicode.Nl)...), tableSet(unicode.Other_Alphabetic)...), true
	case "Lowercase":
		return append(tableSet(unicode.Lower), tableSet(unicode.Other_Lowercase)...), true
	case "Uppercase":
		return append(tableSet(unicode.Upper), tableSet(unicode.Other_Uppercase)...), true
	case "White_Space":
		return tableSet(unicode.White_Space), true
	}
	return nil, false
}
