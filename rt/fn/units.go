package fn

import "unicode/utf8"

// Some of Flink's functions count UTF-16 code units as Java's String does. A
// half of a surrogate pair can't be written in UTF-8; Java puts a question
// mark.

func unitsOf(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// unitCount is the length of s in UTF-16 code units.
func unitCount(s string) int {
	n := 0
	for _, r := range s {
		n += unitsOf(r)
	}
	return n
}

// appendUnits appends code units from up to, but not with, to. That takes at
// most three bytes per unit.
func appendUnits(dst []byte, s string, from, to int) []byte {
	at := 0
	for _, r := range s {
		if at >= to {
			break
		}
		n := unitsOf(r)
		switch min(at+n, to) - max(at, from) {
		case n:
			dst = utf8.AppendRune(dst, r)
		case 1:
			dst = append(dst, '?')
		}
		at += n
	}
	return dst
}
