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
	case r == '-': // which regexp2 doesn't take for the begin of a range
		b.WriteString(`\x2d`)
		return
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

// java are the classes \p{…} of Java's own names.
var java = map[string]func() set{
	"javaLowerCase": lowerCase, "javaUpperCase": upperCase,
	"javaWhitespace": func() set {
		spaces := append(append(tableSet(unicode.Zs), tableSet(unicode.Zl)...), tableSet(unicode.Zp)...)
		return append(spaces.and(set{{0xa0, 0xa0}, {0x2007, 0x2007}, {0x202f, 0x202f}}.not()), set{{'\t', '\r'}, {0x1c, 0x1f}}...)
	},
	"javaDigit":         func() set { return tableSet(unicode.Nd) },
	"javaLetter":        func() set { return tableSet(unicode.Letter) },
	"javaLetterOrDigit": func() set { return append(tableSet(unicode.Letter), tableSet(unicode.Nd)...) },
	"javaAlphabetic":    alphabetic,
}

// binary are the properties that Java has behind Is.
var binary = map[string]func() set{
	"ALPHABETIC": alphabetic, "LOWERCASE": lowerCase, "UPPERCASE": upperCase,
	"WHITE_SPACE": func() set { return tableSet(unicode.White_Space) }, "WHITESPACE": func() set { return tableSet(unicode.White_Space) },
	"LETTER": func() set { return tableSet(unicode.Letter) }, "DIGIT": func() set { return tableSet(unicode.Nd) },
	"PUNCTUATION": func() set { return tableSet(unicode.Punct) }, "IDEOGRAPHIC": func() set { return tableSet(unicode.Ideographic) },
	"CONTROL": func() set { return tableSet(unicode.Cc) }, "TITLECASE": func() set { return tableSet(unicode.Lt) },
	"HEX_DIGIT": func() set { return append(tableSet(unicode.Nd), tableSet(unicode.Hex_Digit)...) },
}

func alphabetic() set {
	return append(append(tableSet(unicode.Letter), tableSet(unicode.Nl)...), tableSet(unicode.Other_Alphabetic)...)
}

func lowerCase() set { return append(tableSet(unicode.Lower), tableSet(unicode.Other_Lowercase)...) }

func upperCase() set { return append(tableSet(unicode.Upper), tableSet(unicode.Other_Uppercase)...) }

// blocks are the ranges of Unicode that scripts name most, by their names in
// capitals without blanks, hyphens and underscores.
var blocks = map[string][2]rune{
	"BASICLATIN": {0, 0x7f}, "LATIN1SUPPLEMENT": {0x80, 0xff}, "LATINEXTENDEDA": {0x100, 0x17f}, "LATINEXTENDEDB": {0x180, 0x24f},
	"GREEK": {0x370, 0x3ff}, "GREEKANDCOPTIC": {0x370, 0x3ff}, "CYRILLIC": {0x400, 0x4ff}, "HEBREW": {0x590, 0x5ff}, "ARABIC": {0x600, 0x6ff},
	"DEVANAGARI": {0x900, 0x97f}, "THAI": {0xe00, 0xe7f}, "GENERALPUNCTUATION": {0x2000, 0x206f}, "CURRENCYSYMBOLS": {0x20a0, 0x20cf},
	"CJKSYMBOLSANDPUNCTUATION": {0x3000, 0x303f}, "HIRAGANA": {0x3040, 0x309f}, "KATAKANA": {0x30a0, 0x30ff},
	"CJKUNIFIEDIDEOGRAPHS": {0x4e00, 0x9fff}, "HANGULSYLLABLES": {0xac00, 0xd7af}, "HALFWIDTHANDFULLWIDTHFORMS": {0xff00, 0xffef},
	"EMOTICONS": {0x1f600, 0x1f64f},
}

// property is the class \p{name}; false for one that isn't known.
func property(name string) (set, bool) {
	if s, ok := posix[name]; ok {
		return s, true
	}
	if s, ok := java[name]; ok {
		return s(), true
	}
	key, value, keyed := strings.Cut(name, "=")
	switch {
	case keyed && (key == "general_category" || key == "gc"):
		return table(unicode.Categories, value)
	case keyed && (key == "script" || key == "sc"):
		return table(unicode.Scripts, value)
	case keyed && (key == "block" || key == "blk"):
		return block(value)
	}
	if rest, ok := strings.CutPrefix(name, "In"); ok {
		return block(rest)
	}
	rest, is := strings.CutPrefix(name, "Is")
	if s, ok := binary[strings.ToUpper(rest)]; ok && is {
		return s(), true
	}
	if s, ok := table(unicode.Categories, rest); ok {
		return s, true
	}
	if !is {
		return nil, false
	}
	return table(unicode.Scripts, rest)
}

func table(tables map[string]*unicode.RangeTable, name string) (set, bool) {
	t, ok := tables[name]
	if !ok {
		return nil, false
	}
	return tableSet(t), true
}

func block(name string) (set, bool) {
	r, ok := blocks[strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToUpper(name))]
	return set{r}, ok
}
