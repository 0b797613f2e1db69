package val

import (
	"cmp"
	"math/big"
	"math/bits"
	"strconv"
)

// Decimal is the value of a DECIMAL: its digits without the point, as a 128-bit
// integer in two's complement. Precision and scale are known when the job is
// compiled and aren't part of it. Values of one scale compare with ==.
type Decimal struct {
	Hi int64
	Lo uint64
}

// MaxPrecision is the most digits that a DECIMAL has.
const MaxPrecision = 38

// Shape is what a type has besides its kind: precision and scale of a DECIMAL,
// the length of a text as Precision.
type Shape struct{ Precision, Scale int }

// DecimalOf returns the DECIMAL of scale 0 that v is.
func DecimalOf(v int64) Decimal { return Decimal{v >> 63, uint64(v)} }

// DecimalOfBig returns the DECIMAL with these digits; false if they are too
// many for any DECIMAL.
func DecimalOfBig(digits *big.Int) (Decimal, bool) {
	if digits.BitLen() > 127 {
		return Decimal{}, false
	}
	abs := new(big.Int).Abs(digits)
	lo := new(big.Int).And(abs, new(big.Int).SetUint64(1<<64-1)).Uint64()
	m := uint128{new(big.Int).Rsh(abs, 64).Uint64(), lo}
	return m.decimal(digits.Sign() < 0), m.less(pow10(MaxPrecision))
}

// Big returns the digits of d.
func (d Decimal) Big() *big.Int {
	neg, m := d.parts()
	v := new(big.Int).SetUint64(m.hi)
	v.Add(v.Lsh(v, 64), new(big.Int).SetUint64(m.lo))
	if neg {
		v.Neg(v)
	}
	return v
}

// parts splits d into sign and magnitude.
func (d Decimal) parts() (negative bool, m uint128) {
	if d.Hi >= 0 {
		return false, uint128{uint64(d.Hi), d.Lo}
	}
	return true, uint128{uint64(d.Hi), d.Lo}.negate()
}

// decimal is the reverse of parts.
func (m uint128) decimal(negative bool) Decimal {
	if negative {
		m = m.negate()
	}
	return Decimal{int64(m.hi), m.lo}
}

// Neg returns -d.
func (d Decimal) Neg() Decimal {
	m := uint128{uint64(d.Hi), d.Lo}.negate()
	return Decimal{int64(m.hi), m.lo}
}

// Cmp compares two values of the same scale: -1, 0 or 1.
func (d Decimal) Cmp(e Decimal) int {
	if d.Hi != e.Hi {
		return cmp.Compare(d.Hi, e.Hi)
	}
	return cmp.Compare(d.Lo, e.Lo)
}

// CmpDecimal compares a and b, which have the given scales: -1, 0 or 1.
func CmpDecimal(a Decimal, aScale int, b Decimal, bScale int) int {
	if aScale == bScale {
		return a.Cmp(b)
	}
	an, am := a.parts()
	bn, bm := b.parts()
	switch {
	case an && !bn:
		return -1
	case bn && !an:
		return 1
	}
	scale := max(aScale, bScale)
	c := am.mul(pow10(scale - aScale)).cmp(bm.mul(pow10(scale - bScale)))
	if an {
		return -c
	}
	return c
}

// The arithmetic below gives a result of the shape to, rounded half up (away
// from zero), and false and zero where it doesn't fit, which in SQL is NULL.

// AddDecimal returns a + b.
func AddDecimal(a Decimal, aScale int, b Decimal, bScale int, to Shape) (Decimal, bool) {
	if aScale == bScale && aScale == to.Scale {
		lo, carry := bits.Add64(a.Lo, b.Lo, 0)
		hi, _ := bits.Add64(uint64(a.Hi), uint64(b.Hi), carry)
		if neg := a.Hi < 0; neg == (b.Hi < 0) && neg != (int64(hi) < 0) {
			return Decimal{}, false // the sum of two of 38 digits may take more than 127 bits
		}
		return fit(Decimal{int64(hi), lo}, to.Precision)
	}
	scale := max(aScale, bScale)
	an, am := a.parts()
	bn, bm := b.parts()
	x, y := am.mul(pow10(scale-aScale)), bm.mul(pow10(scale-bScale))
	switch {
	case an == bn:
		return x.add(y).round(an, scale, to)
	case x.cmp(y) < 0:
		return y.sub(x).round(bn, scale, to)
	}
	return x.sub(y).round(an, scale, to)
}

// SubDecimal returns a - b.
func SubDecimal(a Decimal, aScale int, b Decimal, bScale int, to Shape) (Decimal, bool) {
	return AddDecimal(a, aScale, b.Neg(), bScale, to)
}

// MulDecimal returns a * b.
func MulDecimal(a Decimal, aScale int, b Decimal, bScale int, to Shape) (Decimal, bool) {
	an, am := a.parts()
	bn, bm := b.parts()
	return am.mul(bm).round(an != bn, aScale+bScale, to)
}

// DivDecimal returns a / b; b isn't zero. Like Flink it first rounds the
// quotient to 38 significant digits and then to its scale, so that what is
// just below a half can be rounded up.
func DivDecimal(a Decimal, aScale int, b Decimal, bScale int, to Shape) (Decimal, bool) {
	an, x := a.parts()
	bn, y := b.parts()
	if x == (uint128{}) {
		return Decimal{}, true
	}
	if q, ok := divOnce(x, y, to.Scale-aScale+bScale); ok {
		return fit(q.decimal(an != bn), to.Precision)
	}
	// With this shift the quotient has 37 or 38 digits.
	shift := MaxPrecision - 1 - (x.digits() - y.digits())
	wide, rem := x.scaleUp(shift).quoRem(y)
	if wide.low().less(pow10(MaxPrecision - 1)) {
		digit, last := rem.mul(pow10(1)).quoRem(y)
		wide, rem, shift = wide.low().mul(pow10(1)).add(digit), last, shift+1
	}
	q := wide.low().roundUpIf(!rem.less(y.half()))
	return q.wide().round(an != bn, aScale-bScale+shift, to)
}

// divOnce returns x * 10^shift / y in the frequent case that 128 bits are
// enough, and that rounding to 38 digits first would change nothing: as the
// distance of a quotient from a half is a multiple of 1/2y, it takes more than
// 38 digits in quotient and divisor together.
func divOnce(x, y uint128, shift int) (q uint128, ok bool) {
	if shift < 0 || y.hi != 0 || x.digits()+shift > MaxPrecision {
		return q, false
	}
	q, rem := x.mul(pow10(shift)).low().quoRem64(y.lo)
	if q.digits()+y.digits() > MaxPrecision {
		return q, false
	}
	return q.roundUpIf(rem >= y.lo-rem), true
}

// RemDecimal returns the remainder of a / b, which has the sign of a; b isn't
// zero. whole is false where the quotient's integer part has more than 38
// significant digits, which Java refuses.
func RemDecimal(a Decimal, aScale int, b Decimal, bScale int, to Shape) (r Decimal, ok, whole bool) {
	an, am := a.parts()
	_, bm := b.parts()
	scale := max(aScale, bScale)
	x, y := am.mul(pow10(scale-aScale)), bm.mul(pow10(scale-bScale))
	if x.cmp(y) < 0 {
		r, ok = x.round(an, scale, to)
		return r, ok, true
	}
	q, rem := x.quoRem(y.low()) // a divisor that needs more would be greater than x
	for q.cmp(pow10(MaxPrecision).wide()) >= 0 {
		var last uint128
		if q, last = q.quoRem(uint128{lo: 10}); last.lo != 0 {
			return r, false, false
		}
	}
	r, ok = rem.wide().round(an, scale, to)
	return r, ok, true
}

// Rescale returns d, of the given scale, in another shape.
func (d Decimal) Rescale(scale int, to Shape) (Decimal, bool) {
	if scale == to.Scale {
		return fit(d, to.Precision)
	}
	neg, m := d.parts()
	return m.wide().round(neg, scale, to)
}

// fit checks that d has no more digits than allowed.
func fit(d Decimal, precision int) (Decimal, bool) {
	if _, m := d.parts(); !m.less(pow10(precision)) {
		return Decimal{}, false
	}
	return d, true
}

// round makes a value of the shape of w * 10^-scale.
func (w wide) round(negative bool, scale int, to Shape) (Decimal, bool) {
	switch drop := scale - to.Scale; {
	case drop < 0:
		if w[3]|w[2] != 0 || w.low().digits()-drop > MaxPrecision && w != (wide{}) {
			return Decimal{}, false
		}
		w = w.low().scaleUp(-drop)
	case drop > 0:
		w = w.dropDigits(drop)
	}
	if w[3]|w[2] != 0 || !w.low().less(pow10(to.Precision)) {
		return Decimal{}, false
	}
	return w.low().decimal(negative), true
}

// Int64 returns the integer part's low 64 bits.
func (d Decimal) Int64(scale int) int64 {
	neg, m := d.parts()
	q, _ := m.wide().quoRem(pow10(scale))
	if neg {
		return -int64(q[0])
	}
	return int64(q[0])
}

// Float64 returns the nearest DOUBLE; for values of at most 18 digits it is
// Flink's quotient of two DOUBLEs instead, which may be a neighbour of that.
func (d Decimal) Float64(s Shape) float64 {
	if s.Precision <= 18 {
		return float64(int64(d.Lo)) / float64(pow10(s.Scale).lo)
	}
	var buf [64]byte
	f, err := strconv.ParseFloat(View(AppendDecimal(buf[:0], d, s.Scale)), 64)
	if err != nil {
		panic(err) // 38 digits are in range
	}
	return f
}

// AppendDecimal appends d as Java's BigDecimal.toString writes it: with all
// digits of its scale, and with an exponent if it is smaller than 10^-6 or the
// scale is negative.
func AppendDecimal(dst []byte, d Decimal, scale int) []byte {
	var buf [MaxPrecision + 1]byte
	dst, digits := d.appendSign(dst, &buf)
	exp := len(digits) - 1 - scale
	if scale >= 0 && exp >= -6 {
		return appendPlain(dst, digits, scale)
	}
	dst = append(dst, digits[0])
	if len(digits) > 1 {
		dst = append(append(dst, '.'), digits[1:]...)
	}
	dst = append(dst, 'E')
	if exp > 0 {
		dst = append(dst, '+')
	}
	if exp == 0 {
		return dst[:len(dst)-1]
	}
	return strconv.AppendInt(dst, int64(exp), 10)
}

// AppendPlainDecimal appends d with all digits of its scale, zeros for a
// negative one, and never an exponent.
func AppendPlainDecimal(dst []byte, d Decimal, scale int) []byte {
	var buf [MaxPrecision + 1]byte
	dst, digits := d.appendSign(dst, &buf)
	return appendPlain(dst, digits, scale)
}

// appendSign appends the sign and returns the digits of the magnitude.
func (d Decimal) appendSign(dst []byte, buf *[MaxPrecision + 1]byte) (out, digits []byte) {
	neg, m := d.parts()
	if neg {
		dst = append(dst, '-')
	}
	return dst, m.appendDigits(buf[:0])
}

func appendPlain(dst, digits []byte, scale int) []byte {
	whole := len(digits) - scale
	if whole <= 0 {
		dst = append(dst, '0')
	} else {
		n := min(whole, len(digits))
		dst = append(dst, digits[:n]...)
		digits = digits[n:]
	}
	for ; scale < 0; scale++ {
		dst = append(dst, '0')
	}
	if scale == 0 {
		return dst
	}
	dst = append(dst, '.')
	for ; whole < 0; whole++ {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}

// StripZeros takes trailing zeros off the digits and returns the scale that
// keeps the value, which may be negative; zero has scale 0.
func (d Decimal) StripZeros(scale int) (Decimal, int) {
	if d == (Decimal{}) {
		return d, 0
	}
	neg, m := d.parts()
	for {
		q, last := m.quoRem64(10)
		if last != 0 {
			return m.decimal(neg), scale
		}
		m, scale = q, scale-1
	}
}
