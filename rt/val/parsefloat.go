package val

import (
	"strconv"
	"strings"
)

// ParseFloat reads a number of 32 or 64 bits as Java's parseFloat and
// parseDouble do: a type suffix is allowed, "inf" and digit separators aren't,
// and what is too large is infinite. It takes no blanks.
func ParseFloat(s string, size int) (float64, bool) {
	text := s
	if text != "" && (text[0] == '-' || text[0] == '+') {
		text = text[1:]
	}
	hex := len(text) > 1 && text[0] == '0' && text[1]|0x20 == 'x'
	switch {
	case text == "NaN" || text == "Infinity":
		v, err := strconv.ParseFloat(text, size) // which knows no signed NaN
		if s[0] == '-' {
			v = -v
		}
		return v, err == nil
	case text == "" || !hex && text[0] != '.' && (text[0] < '0' || text[0] > '9') || strings.Contains(text, "_"):
		return 0, false
	}
	switch s[len(s)-1] | 0x20 {
	case 'd', 'f':
		if hex && !strings.ContainsAny(text, "pP") {
			return 0, false // it is a digit, and the exponent is missing
		}
		s = s[:len(s)-1]
	}
	v, err := strconv.ParseFloat(s, size)
	if err != nil {
		return v, err.(*strconv.NumError).Err == strconv.ErrRange
	}
	return v, true
}
