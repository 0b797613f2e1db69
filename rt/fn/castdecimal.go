package fn

import (
	"fmt"
	"math"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// IntToDecimal converts an integer; NULL if it doesn't fit.
func IntToDecimal[From integer](v From, to val.Shape) (val.Decimal, bool) {
	return val.DecimalOf(int64(v)).Rescale(0, to)
}

// BoolToDecimal is 1 or 0.
func BoolToDecimal(v bool, to val.Shape) (val.Decimal, bool) {
	if v {
		return val.DecimalOf(1).Rescale(0, to)
	}
	return val.Decimal{}, true
}

// FloatToDecimal converts the number that Java writes for a DOUBLE; NULL if it
// doesn't fit. Infinity and NaN fail.
func FloatToDecimal[From float](v From, to val.Shape) (val.Decimal, bool, error) {
	f := float64(v)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return val.Decimal{}, false, fmt.Errorf("DECIMAL has no %s", val.AppendDouble(nil, f))
	}
	var buf [32]byte
	return val.ParseDecimal(val.View(val.AppendDouble(buf[:0], f)), to)
}

// DecimalToDecimal gives a value another precision and scale, rounded half up;
// NULL if it doesn't fit.
func DecimalToDecimal(v val.Decimal, from, to val.Shape) (val.Decimal, bool) {
	return v.Rescale(from.Scale, to)
}

// DecimalToInt truncates toward zero; what doesn't fit keeps its low bits, as
// in Java.
func DecimalToInt[To integer](v val.Decimal, from, _ val.Shape) To { return To(v.Int64(from.Scale)) }

// DecimalToFloat converts to DOUBLE, and from there to FLOAT.
func DecimalToFloat[To float](v val.Decimal, from, _ val.Shape) To { return To(v.Float64(from)) }

// DecimalToBool is false for zero.
func DecimalToBool(v val.Decimal) bool { return v != val.Decimal{} }

// DecimalToText writes all digits of the scale.
func DecimalToText(a *val.Arena, v val.Decimal, from, _ val.Shape) string {
	var buf [val.MaxPrecision + 3]byte
	return a.Concat(val.View(val.AppendPlainDecimal(buf[:0], v, from.Scale)))
}

// TextToDecimal parses a DECIMAL, blanks around it ignored. What doesn't fit is
// an error, unlike in other conversions.
func TextToDecimal(s string, to val.Shape) (val.Decimal, error) {
	d, fits, err := val.ParseDecimal(strings.Trim(s, " \n\t"), to)
	if to.Precision <= shortDigits && len(s) <= shortDigits {
		d, fits, err = shortDecimal(s, to)
	}
	if err != nil || !fits {
		return val.Decimal{}, fmt.Errorf("cannot read %q as DECIMAL(%d, %d)", s, to.Precision, to.Scale)
	}
	return d, nil
}

// shortDigits is the length up to which Flink has a parser of its own, for
// texts and for DECIMALs.
const shortDigits = 18

// shortDecimal reads a short text as Flink does, with these particulars: zeros
// in front count as digits that must fit; the character that ends the number
// or the exponent is skipped, whatever it is, so that 12a is 12; rounding may
// give a digit more than the type has; there may be no digits at all.
func shortDecimal(s string, to val.Shape) (d val.Decimal, fits bool, err error) {
	p := shortParser{rest: strings.TrimLeft(s, " \n\t")}
	negative := p.sign()
	if p.rest == "" {
		return d, false, val.ErrNumber
	}
	digits, fraction := p.significand()
	exp := 0
	if (p.last == 'e' || p.last == 'E') && p.rest != "" {
		down := p.sign()
		if p.rest == "" {
			return d, false, val.ErrNumber
		}
		if exp = p.exponent(); down {
			exp = -exp
		}
	}
	if p.faulty || strings.TrimLeft(p.rest, " \n\t") != "" {
		return d, false, val.ErrNumber
	}
	shift := exp - fraction + to.Scale
	if digits+shift > to.Precision || shift < -shortDigits {
		return d, false, nil
	}
	d = val.DecimalOf(p.value)
	if negative {
		d = d.Neg()
	}
	d, _ = d.Rescale(max(0, -shift), val.Shape{Precision: val.MaxPrecision, Scale: max(0, shift)})
	return d, true, nil
}

type shortParser struct {
	rest   string
	last   byte // read last
	value  int64
	faulty bool
}

func (p *shortParser) next() byte {
	p.last, p.rest = p.rest[0], p.rest[1:]
	return p.last
}

// sign skips a sign and reports whether it is a minus.
func (p *shortParser) sign() bool {
	negative := strings.HasPrefix(p.rest, "-")
	if negative || strings.HasPrefix(p.rest, "+") {
		p.next()
	}
	return negative
}

// significand reads digits and a point, and one more character.
func (p *shortParser) significand() (digits, fraction int) {
	point := -1
	for p.rest != "" {
		switch c := p.next(); {
		case '0' <= c && c <= '9':
			p.value = p.value*10 + int64(c-'0')
			digits++
		case c == '.' && point < 0:
			point = digits
		default:
			p.faulty = c == '.'
			return digits, fractionOf(digits, point)
		}
	}
	return digits, fractionOf(digits, point)
}

func fractionOf(digits, point int) int {
	if point < 0 {
		return 0
	}
	return digits - point
}

// exponent reads digits, and one more character; beyond 40 no more count.
func (p *shortParser) exponent() (exp int) {
	for p.rest != "" {
		c := p.next()
		if c < '0' || c > '9' {
			break
		}
		if exp < 40 {
			exp = exp*10 + int(c-'0')
		}
	}
	return exp
}

// fitsWhole says that integers of so many digits fit a DECIMAL.
func fitsWhole(digits int) func(from, to types.Type) bool {
	return func(_, to types.Type) bool { return digits <= wholeDigits(to) }
}

// fitsDecimal allows for the digit that rounding may add.
func fitsDecimal(from, to types.Type) bool {
	digits := wholeDigits(from)
	if from.Scale > to.Scale {
		digits++
	}
	return digits <= wholeDigits(to)
}

func decimalCasts() []CastDecl {
	return []CastDecl{
		{From: types.Decimal, To: types.Decimal, Impl: DecimalToDecimal, Fits: fitsDecimal},
		{From: types.Boolean, To: types.Decimal, Impl: BoolToDecimal, Fits: fitsWhole(1)},
		{From: types.TinyInt, To: types.Decimal, Impl: IntToDecimal[int8], Fits: fitsWhole(3)},
		{From: types.SmallInt, To: types.Decimal, Impl: IntToDecimal[int16], Fits: fitsWhole(5)},
		{From: types.Int, To: types.Decimal, Impl: IntToDecimal[int32], Fits: fitsWhole(10)},
		{From: types.BigInt, To: types.Decimal, Impl: IntToDecimal[int64], Fits: fitsWhole(19)},
		{From: types.Float, To: types.Decimal, Impl: FloatToDecimal[float32]},
		{From: types.Double, To: types.Decimal, Impl: FloatToDecimal[float64]},
		{From: types.VarChar, To: types.Decimal, Impl: TextToDecimal},
		{From: types.Decimal, To: types.TinyInt, Impl: DecimalToInt[int8]},
		{From: types.Decimal, To: types.SmallInt, Impl: DecimalToInt[int16]},
		{From: types.Decimal, To: types.Int, Impl: DecimalToInt[int32]},
		{From: types.Decimal, To: types.BigInt, Impl: DecimalToInt[int64]},
		{From: types.Decimal, To: types.Float, Impl: DecimalToFloat[float32]},
		{From: types.Decimal, To: types.Double, Impl: DecimalToFloat[float64]},
		{From: types.Decimal, To: types.VarChar, Impl: DecimalToText},
		{From: types.Decimal, To: types.Boolean, Impl: DecimalToBool},
	}
}
