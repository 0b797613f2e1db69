package val

import (
	"errors"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrNumber is what a text that is no number fails with.
var ErrNumber = errors.New("not a number")

// Digit returns the value of a decimal digit of any script. Each range of the
// Unicode table begins with a zero.
func Digit(r rune) (byte, bool) {
	if r < utf8.RuneSelf {
		return byte(r - '0'), r >= '0' && r <= '9'
	}
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10), true
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10), true
		}
	}
	return 0, false
}

// ParseDecimal reads a number as Java's BigDecimal does, with or without point
// and exponent and without blanks, and gives it the shape to, rounded half up.
// It is false and zero where it doesn't fit.
func ParseDecimal(text string, to Shape) (d Decimal, fits bool, err error) {
	number, exp, err := splitExponent(text)
	if err != nil {
		return d, false, err
	}
	negative := strings.HasPrefix(number, "-")
	if negative || strings.HasPrefix(number, "+") {
		number = number[1:]
	}
	n, err := countDigits(number)
	if err != nil {
		return d, false, err
	}
	if n.significant == 0 {
		return d, true, nil
	}
	// want is how many significant digits are in front of the last one of the
	// shape; what follows is rounded.
	want := int64(n.significant-n.fraction) + exp + int64(to.Scale)
	switch {
	case want < 0:
		return d, true, nil
	case want > MaxPrecision:
		return d, false, nil
	}
	m := takeDigits(number, int(want))
	if !m.less(pow10(to.Precision)) {
		return d, false, nil
	}
	return m.decimal(negative), true, nil
}

// splitExponent cuts the exponent off.
func splitExponent(text string) (number string, exp int64, err error) {
	i := strings.IndexAny(text, "eE")
	if i < 0 {
		return text, 0, nil
	}
	digits := text[i+1:]
	negative := strings.HasPrefix(digits, "-")
	if negative || strings.HasPrefix(digits, "+") {
		digits = digits[1:]
	}
	if digits == "" {
		return "", 0, ErrNumber
	}
	for _, r := range digits {
		v, ok := Digit(r)
		if exp = exp*10 + int64(v); !ok || exp > math.MaxInt32 {
			return "", 0, ErrNumber
		}
	}
	if negative {
		exp = -exp
	}
	return text[:i], exp, nil
}

// digitCount says how many digits a number has from the first that isn't zero,
// and how many behind the point. The point may stand in front of the first.
type digitCount struct{ significant, fraction int }

func countDigits(number string) (n digitCount, err error) {
	any, point := false, false
	for _, r := range number {
		v, ok := Digit(r)
		switch {
		case r == '.' && !point:
			point = true
			continue
		case !ok || r > 0xFFFF: // Java reads by UTF-16 code units
			return n, ErrNumber
		}
		any = true
		if v != 0 || n.significant > 0 {
			n.significant++
		}
		if point {
			n.fraction++
		}
	}
	if !any {
		return n, ErrNumber
	}
	return n, nil
}

// takeDigits is the integer of the first want significant digits, filled up
// with zeros and rounded half up by the one that follows.
func takeDigits(number string, want int) (m uint128) {
	taken := 0
	for _, r := range number {
		v, _ := Digit(r)
		if r == '.' || taken == 0 && v == 0 {
			continue
		}
		if taken == want {
			return m.roundUpIf(v >= 5)
		}
		m = m.mul(uint128{lo: 10}).add(wide{uint64(v)}).low()
		taken++
	}
	return m.mul(pow10(want - taken)).low()
}
