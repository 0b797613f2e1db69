package val

import (
	"cmp"
	"math/bits"
	"strconv"
)

// The integers behind DECIMAL: 128 bits for values, which have up to 38 digits,
// 256 bits for products and for dividends, which have up to 76.

// uint128 is an unsigned integer.
type uint128 struct{ hi, lo uint64 }

// wide is an unsigned integer of 256 bits, the lowest word first.
type wide [4]uint64

// powers are the powers of ten that fit 128 bits.
var powers = func() (p [MaxPrecision + 1]uint128) {
	p[0].lo = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1].mul(uint128{lo: 10}).low()
	}
	return p
}()

// pow10 is 10^n for 0 <= n <= 38.
func pow10(n int) uint128 { return powers[n] }

func (a uint128) wide() wide { return wide{a.lo, a.hi} }

func (a uint128) negate() uint128 {
	lo, borrow := bits.Sub64(0, a.lo, 0)
	hi, _ := bits.Sub64(0, a.hi, borrow)
	return uint128{hi, lo}
}

func (a uint128) less(b uint128) bool { return a.hi < b.hi || a.hi == b.hi && a.lo < b.lo }

// digits is the number of decimal digits; 0 for zero.
func (a uint128) digits() int {
	n := 64 + bits.Len64(a.hi)
	if a.hi == 0 {
		n = bits.Len64(a.lo)
	}
	d := n * 1233 >> 12 // n * log10(2), of which at most one too few
	if d <= MaxPrecision && !a.less(powers[d]) {
		d++
	}
	return d
}

// half is a/2 rounded up: what a remainder of a division by a must reach for
// the quotient to be rounded up.
func (a uint128) half() uint128 {
	return uint128{a.hi >> 1, a.lo>>1 | a.hi<<63}.roundUpIf(a.lo&1 != 0)
}

// roundUpIf is a+1 if up, else a.
func (a uint128) roundUpIf(up bool) uint128 {
	if !up {
		return a
	}
	lo, carry := bits.Add64(a.lo, 1, 0)
	return uint128{a.hi + carry, lo}
}

// mul is a * b.
func (a uint128) mul(b uint128) wide {
	if a.hi|b.hi == 0 {
		hi, lo := bits.Mul64(a.lo, b.lo)
		return wide{lo, hi}
	}
	var w wide
	var c uint64
	w[1], w[0] = bits.Mul64(a.lo, b.lo)
	w[3], w[2] = bits.Mul64(a.hi, b.hi)
	for _, cross := range [2][2]uint64{{a.lo, b.hi}, {a.hi, b.lo}} {
		hi, lo := bits.Mul64(cross[0], cross[1])
		w[1], c = bits.Add64(w[1], lo, 0)
		w[2], c = bits.Add64(w[2], hi, c)
		w[3] += c
	}
	return w
}

// scaleUp is a * 10^n, which has at most 76 digits.
func (a uint128) scaleUp(n int) wide {
	if n <= MaxPrecision {
		return a.mul(pow10(n))
	}
	return a.mul(pow10(n - MaxPrecision)).low().mul(pow10(MaxPrecision))
}

// quoRem64 divides by a word that isn't zero.
func (a uint128) quoRem64(d uint64) (q uint128, rem uint64) {
	q.hi, rem = a.hi/d, a.hi%d
	q.lo, rem = bits.Div64(rem, a.lo, d)
	return q, rem
}

// appendDigits appends the decimal digits; "0" for zero.
func (a uint128) appendDigits(dst []byte) []byte {
	const chunk = 1e19 // the largest power of ten in a word
	if a.hi == 0 {
		return strconv.AppendUint(dst, a.lo, 10)
	}
	q, low := a.quoRem64(chunk)
	dst = q.appendDigits(dst)
	start := len(dst)
	dst = append(dst, "0000000000000000000"...)
	for i := len(dst) - 1; i >= start; i-- {
		dst[i] = byte('0' + low%10)
		low /= 10
	}
	return dst
}

// low is the lower half.
func (w wide) low() uint128 { return uint128{w[1], w[0]} }

func (w wide) cmp(v wide) int {
	for i := 3; i > 0; i-- {
		if w[i] != v[i] {
			return cmp.Compare(w[i], v[i])
		}
	}
	return cmp.Compare(w[0], v[0])
}

func (w wide) add(v wide) wide {
	var c uint64
	for i := range w {
		w[i], c = bits.Add64(w[i], v[i], c)
	}
	return w
}

// sub is w - v, which isn't negative.
func (w wide) sub(v wide) wide {
	var c uint64
	for i := range w {
		w[i], c = bits.Sub64(w[i], v[i], c)
	}
	return w
}

// dropDigits is w / 10^n rounded half up. Cutting digits off in front of that
// changes nothing, since the first digit that is dropped decides.
func (w wide) dropDigits(n int) wide {
	for n > MaxPrecision {
		w, _ = w.quoRem(pow10(MaxPrecision))
		n -= MaxPrecision
	}
	d := pow10(n)
	q, rem := w.quoRem(d)
	if !rem.less(d.half()) {
		q = q.add(wide{1})
	}
	return q
}

// quoRem divides by d, which isn't zero: schoolbook division by words.
func (w wide) quoRem(d uint128) (q wide, rem uint128) {
	if d.hi == 0 {
		for i := 3; i >= 0; i-- {
			q[i], rem.lo = bits.Div64(rem.lo, w[i], d.lo)
		}
		return q, rem
	}
	// Shift so that the divisor's top bit is set; the dividend gets a fifth word.
	s := uint(bits.LeadingZeros64(d.hi))
	d = uint128{d.hi<<s | d.lo>>(64-s), d.lo << s}
	var top uint64
	top, w[3], w[2], w[1], w[0] = w[3]>>(64-s), w[3]<<s|w[2]>>(64-s), w[2]<<s|w[1]>>(64-s), w[1]<<s|w[0]>>(64-s), w[0]<<s
	rem = uint128{top, w[3]}
	for i := 2; i >= 0; i-- {
		q[i], rem = divStep(rem, w[i], d)
	}
	return q, uint128{rem.hi >> s, rem.lo>>s | rem.hi<<(64-s)}
}

// divStep divides the three words of rem and next by the normalized d, where
// rem < d.
func divStep(rem uint128, next uint64, d uint128) (q uint64, r uint128) {
	// Estimate from the top words; at most two too large.
	over := rem.hi >= d.hi
	q = ^uint64(0)
	if !over {
		q, _ = bits.Div64(rem.hi, rem.lo, d.hi)
	}
	product := d.mul(uint128{lo: q})
	dividend := wide{next, rem.lo, rem.hi}
	for product.cmp(dividend) > 0 {
		q--
		product = product.sub(d.wide())
	}
	return q, dividend.sub(product).low()
}
