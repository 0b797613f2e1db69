package pyast

import (
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/runenames"
)

// namedRunes maps the names of all characters to them. It is made when the
// first \N{…} is met, which few scripts have.
var namedRunes = sync.OnceValue(func() map[string]rune {
	names := map[string]rune{}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if name := runenames.Name(r); name != "" && name[0] != '<' {
			names[name] = r
		}
	}
	return names
})

// controlNames are the standard's formal aliases of the control characters
// that texts are likely to name; they have no names of their own.
var controlNames = map[string]rune{
	"NULL": 0, "BACKSPACE": 8, "CHARACTER TABULATION": 9, "TAB": 9, "LINE FEED": 10, "NEW LINE": 10,
	"LINE TABULATION": 11, "FORM FEED": 12, "CARRIAGE RETURN": 13, "ESCAPE": 27, "DELETE": 127,
	"NEXT LINE": 0x85, "NBSP": 0xA0, "ZWSP": 0x200B, "BYTE ORDER MARK": 0xFEFF, "BOM": 0xFEFF,
}

// runeNamed finds a character by its Unicode name, in any case.
func runeNamed(name string) (rune, bool) {
	name = strings.ToUpper(name)
	if hex, ok := strings.CutPrefix(name, "CJK UNIFIED IDEOGRAPH-"); ok {
		code, err := strconv.ParseUint(hex, 16, 32)
		return rune(code), err == nil && unicode.Is(unicode.Han, rune(code))
	}
	if r, ok := controlNames[name]; ok {
		return r, true
	}
	r, ok := namedRunes()[name]
	return r, ok
}
