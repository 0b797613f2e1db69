package val

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// The text that Java gives a floating-point number is the one that SQL casts,
// csv and print show. Up to JDK 18 that is not simply the shortest decimal that
// reads back as the same number. Java develops the digits of the exact value
// value/unit and stops at the first that leaves less than half a unit in the
// last place (gap/unit), with these particulars, some of them known faults:
//
//   - Where the three fit into a machine word it computes in it. Then a decimal
//     exactly half a unit away doesn't count (2e23 is 1.9999999999999998E23),
//     and sums overflow at times, which spoils the last digit.
//   - Next to a power of two it takes the narrower of the two neighbouring
//     distances for both sides.
//   - An integer below 2^63 keeps digits by a rule of its own.
//   - The form with an exponent has at least two digits (4.9E-324).
//
// In the remaining cases the digits are those of strconv's shortest form.

// floatFormat is what the digits depend on besides the value.
type floatFormat struct {
	bits     int // as strconv wants it
	mantissa int // significant bits of a normal number
	minExp   int // binary exponent of the smallest positive number
	// A decimal of shortest length can be exactly half a unit away only from
	// values in [tieMin, tieMax): below, the halfway point has more digits
	// than any shortest decimal; above, its odd part is too small to have the
	// power of ten as a factor.
	tieMin, tieMax float64
}

var (
	double = floatFormat{bits: 64, mantissa: 53, minExp: -1074, tieMin: 1 << 52, tieMax: 1e41}
	single = floatFormat{bits: 32, mantissa: 24, minExp: -149, tieMin: 1 << 22, tieMax: 1e21}
)

// AppendDouble appends f as Double.toString of JDK 17 writes it.
func AppendDouble(dst []byte, f float64) []byte { return double.append(dst, f) }

// AppendFloat appends f as Float.toString of JDK 17 writes it.
func AppendFloat(dst []byte, f float32) []byte { return single.append(dst, float64(f)) }

func (ff *floatFormat) append(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	}
	if math.Signbit(f) {
		dst = append(dst, '-')
		f = -f
	}
	if f == 0 {
		return append(dst, "0.0"...)
	}
	var buf [32]byte
	digits, exp := ff.digits(buf[:0], f)
	return appendJavaForm(dst, digits, exp)
}

// appendJavaForm writes d.ddd × 10^exp: plainly in [10^-3, 10^7), else with an
// exponent; always with a digit on both sides of the point.
func appendJavaForm(dst, digits []byte, exp int) []byte {
	switch {
	case 0 <= exp && exp < 7:
		for i := 0; i <= exp; i++ {
			dst = append(dst, digitAt(digits, i))
		}
		dst = append(dst, '.')
		return appendOrZero(dst, digits[min(len(digits), exp+1):])
	case -3 <= exp && exp < 0:
		dst = append(dst, "0.00"[:1-exp]...)
		return append(dst, digits...)
	}
	dst = append(dst, digits[0], '.')
	dst = appendOrZero(dst, digits[1:])
	dst = append(dst, 'E')
	return strconv.AppendInt(dst, int64(exp), 10)
}

func digitAt(digits []byte, i int) byte {
	if i < len(digits) {
		return digits[i]
	}
	return '0'
}

func appendOrZero(dst, digits []byte) []byte {
	if len(digits) == 0 {
		return append(dst, '0')
	}
	return append(dst, digits...)
}

// digits returns the significant digits of f > 0, without trailing zeros, and
// the decimal exponent of the first.
func (ff *floatFormat) digits(buf []byte, f float64) ([]byte, int) {
	frac, exp := math.Frexp(f)
	if f == math.Trunc(f) && exp <= 63 {
		return ff.integerDigits(buf, uint64(f), exp-1)
	}
	r := ff.ratioOf(f)
	valueBits := bits.Len64(uint64(r.mantissa)) + r.value2 + bitsOfPow5(r.value5)
	unitBits := r.unit2 + 1 + bitsOfPow5(r.unit5+1) // of ten units
	switch {
	case valueBits < 32 && unitBits < 32:
		return developWord[int32](buf, &r)
	case valueBits < 64 && unitBits < 64:
		return developWord[int64](buf, &r)
	case frac == 0.5, ff.tieMin <= f && f < ff.tieMax:
		return developBig(buf, &r)
	}
	digits, e := splitScientific(strconv.AppendFloat(buf, f, 'e', -1, ff.bits))
	switch {
	case len(digits) > 1 || !r.exponentForm(e):
		return digits, e
	case digits[0] == '1':
		return developBig(buf, &r) // whether the first digit is a 9 depends on the estimate
	}
	return splitScientific(strconv.AppendFloat(buf, f, 'e', 1, ff.bits))
}

// splitScientific takes strconv's d.ddde±xx apart, in place.
func splitScientific(s []byte) (digits []byte, exp int) {
	e := len(s) - 1
	for s[e] != 'e' {
		e--
	}
	for _, c := range s[e+2:] {
		exp = exp*10 + int(c-'0')
	}
	if s[e+1] == '-' {
		exp = -exp
	}
	if e == 1 {
		return s[:1], exp
	}
	copy(s[1:], s[2:e])
	return trimZeros(s[:e-1]), exp
}

func trimZeros(digits []byte) []byte {
	n := len(digits)
	for n > 1 && digits[n-1] == '0' {
		n--
	}
	return digits[:n]
}

// integerDigits gives an integer whose highest bit is binExp all its digits,
// but for those that lie below a 2^-1 of the last mantissa bit.
func (ff *floatFormat) integerDigits(buf []byte, n uint64, binExp int) ([]byte, int) {
	dropped := 0
	if below := binExp - ff.mantissa - 1; below > 0 {
		pow := uint64(1)
		for pow*10 <= 1<<below {
			pow *= 10
			dropped++
		}
		if dropped > 0 {
			rest := n % pow
			n /= pow
			if rest >= pow/2 {
				n++
			}
		}
	}
	digits := strconv.AppendUint(buf, n, 10)
	return trimZeros(digits), len(digits) - 1 + dropped
}

// ratio is a number as mantissa·2^value2·5^value5 / (2^unit2·5^unit5) × 10^exp,
// and half its distance to the next one as 2^gap2·5^value5 over the same.
type ratio struct {
	mantissa                           int64 // odd
	value2, value5, unit2, unit5, gap2 int
	// exp is an estimate of the decimal exponent: right or one too high.
	exp int
}

func (ff *floatFormat) ratioOf(f float64) ratio {
	frac, e := math.Frexp(f)
	e-- // f = 2·frac × 2^e
	ulp := max(e+1-ff.mantissa, ff.minExp)
	m := int64(math.Ldexp(f, -ulp))
	zeros := bits.TrailingZeros64(uint64(m))
	lowest := ulp + zeros // f = odd × 2^lowest
	tiny := max(0, -lowest)

	// A tangent to the logarithm; the constants decide where it is too high.
	log := float64((2*frac-1.5)*0.289529654) + 0.176091259 + float64(float64(e)*0.301029995663981)
	r := ratio{mantissa: m >> zeros, exp: int(math.Floor(log))}
	r.value5, r.unit5 = max(0, -r.exp), max(0, r.exp)
	r.value2, r.unit2 = r.value5+tiny+lowest, r.unit5+tiny
	r.gap2 = r.value5 + tiny + ulp - 1
	if r.mantissa == 1 {
		r.gap2--
	}
	common := min(r.value2, r.unit2, r.gap2)
	r.value2 -= common
	r.unit2 -= common
	r.gap2 -= common
	return r
}

// exponentForm reports whether digits from 10^exp on are developed for the form
// with an exponent, which has two at least. (It begins at 10^7, but there this
// matters only for integers.)
func (r *ratio) exponentForm(exp int) bool { return exp < -3 || exp >= 8 }

// pow5 holds the powers of five that fit into 63 bits.
var pow5 = func() (p [27]int64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = 5 * p[i-1]
	}
	return p
}()

// bitsOfPow5 is how many bits Java reckons with for a factor 5^n.
func bitsOfPow5(n int) int {
	switch {
	case n == 0:
		return 0
	case n < len(pow5):
		return bits.Len64(uint64(pow5[n]))
	}
	return 3 * n
}

// developWord develops digits in one machine word, overflow included.
func developWord[T int32 | int64](buf []byte, r *ratio) ([]byte, int) {
	value := T(r.mantissa*pow5[r.value5]) << r.value2
	unit := T(pow5[r.unit5]) << r.unit2
	gap := T(pow5[r.value5]) << r.gap2
	tenUnits := 10 * unit
	d := digitStop{exp: r.exp}
	for {
		q := value / unit
		value = 10 * (value % unit)
		gap *= 10
		low, high := true, true
		if gap > 0 {
			low, high = value < gap, value+gap > tenUnits
		}
		if d.add(byte(q), low, high) {
			return d.round(buf, cmp.Compare(2*value-tenUnits, 0))
		}
	}
}

// developBig develops digits exactly.
func developBig(buf []byte, r *ratio) ([]byte, int) {
	product := func(n int64, exp5, exp2 int) *big.Int {
		p := new(big.Int).Exp(big.NewInt(5), big.NewInt(int64(exp5)), nil)
		p.Mul(p, big.NewInt(n))
		return p.Lsh(p, uint(exp2))
	}
	value := product(r.mantissa, r.value5, r.value2)
	unit := product(1, r.unit5, r.unit2)
	gap := product(1, r.value5, r.gap2)
	ten := big.NewInt(10)
	tenUnits := new(big.Int).Mul(unit, ten)
	q, sum := new(big.Int), new(big.Int)
	d := digitStop{exp: r.exp}
	for {
		q.QuoRem(value, unit, value)
		value.Mul(value, ten)
		gap.Mul(gap, ten)
		low, high := value.Cmp(gap) < 0, sum.Add(value, gap).Cmp(tenUnits) >= 0
		if d.add(byte(q.Int64()), low, high) {
			return d.round(buf, value.Lsh(value, 1).Cmp(tenUnits))
		}
	}
}

// digitStop collects developed digits and says when there are enough.
type digitStop struct {
	digits    [32]byte
	n         int
	exp       int
	low, high bool // the digits so far, or those with the last one up by one, are near enough
	begun     bool
}

// add appends a digit and reports whether it is the last.
func (d *digitStop) add(q byte, low, high bool) bool {
	if !d.begun && q == 0 && !high {
		d.exp-- // the estimate was too high
	} else {
		d.digits[d.n] = '0' + q
		d.n++
	}
	if !d.begun && (d.exp < -3 || d.exp >= 8) {
		low, high = false, false
	}
	d.begun = true
	d.low, d.high = low, high
	return low || high
}

// round appends the result to buf, which is empty: the digits, or those with
// the last one up by one. half compares what is left of the value with half a
// unit of the last digit.
func (d *digitStop) round(buf []byte, half int) ([]byte, int) {
	digits := append(buf, d.digits[:d.n]...)
	odd := digits[d.n-1]&1 == 1
	if d.high && (!d.low || half > 0 || half == 0 && odd) && roundUp(digits) {
		d.exp++
	}
	return trimZeros(digits), d.exp
}

// roundUp adds one to the last digit. It reports a carry out of the first,
// after which the digits are 1000….
func roundUp(digits []byte) bool {
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] != '9' {
			digits[i]++
			return false
		}
		digits[i] = '0'
	}
	digits[0] = '1'
	return true
}
