package jmath

import (
	"math"
	"sync"
)

// A logarithm is that of a number near the argument, which a table has, and that
// of their quotient, which is near 1 and has a short series. logDD does this in
// double-double arithmetic throughout. logNear does it in a sixth of the time,
// where only what reaches the upper half is exact; seldom is its error too large
// to tell how the result is rounded.

// logSteps is the number of logarithms between 1 and 2 in the table logs, whose
// entry i is that of i/logSteps, from √½ to √2.
const logSteps = 128

var (
	logs  = sync.OnceValue(tableOfLogs)
	third = dd{1, 0}.div(dd{3, 0})
)

func tableOfLogs() *[logSteps * 3 / 2]dd {
	var t [logSteps * 3 / 2]dd
	for i := logSteps * 2 / 3; i < len(t); i++ {
		f := float64(i) / logSteps
		// A first value, and a step of Newton's.
		y := math.Log(f)
		m, e := expDD(dd{-y, 0})
		r := dd{math.Ldexp(m.hi, e), math.Ldexp(m.lo, e)}.times(f).add(dd{-1, 0})
		t[i] = dd{y, 0}.add(r.add(r.mul(r).times(-0.5)))
	}
	return &t
}

// logDD is the logarithm of a positive finite number: that of a number near it,
// and 2 artanh of what is left, which is small.
func logDD(x float64) dd {
	f, k := math.Frexp(x)
	if f < math.Sqrt2/2 {
		f, k = f*2, k-1
	}
	i := int(math.RoundToEven(f * logSteps))
	near := float64(i) / logSteps
	s := dd{f - near, 0}.div(two(f, near))
	square := s.mul(s)
	low := 1.0 / 13
	for _, c := range [...]float64{1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5} {
		low = c + float64(square.hi*low)
	}
	sum := third.add(dd{float64(square.hi * low), 0}).mul(square).add(dd{1, 0})
	return logs()[i].add(s.mul(sum).times(2)).add(ln2.times(float64(k)))
}

// logEdge is the logarithm, to any base, of what isn't a positive number.
func logEdge(x float64) (y float64, ok bool) {
	switch {
	case x != x || math.IsInf(x, 1):
		return x, true
	case x < 0:
		return math.NaN(), true
	case x == 0:
		return math.Inf(-1), true
	}
	return 0, false
}

// reciprocal is 1/n of an n near i/logSteps, and its logarithm without the sign.
// head is a multiple of 2^-42, as ln2Head is, so that sums of both are exact.
type reciprocal struct{ value, head, tail float64 }

var (
	reciprocals      = sync.OnceValue(tableOfReciprocals)
	ln2Head, ln2Tail = headAndTail(ln2)
	perLn10          = dd{1, 0}.div(ln10)
)

func headAndTail(a dd) (head, tail float64) {
	const unit = 1.0 / (1 << 42)
	head = math.RoundToEven(a.hi/unit) * unit
	return head, a.hi - head + a.lo
}

func tableOfReciprocals() *[logSteps * 3 / 2]reciprocal {
	var t [logSteps * 3 / 2]reciprocal
	for i := logSteps * 2 / 3; i < len(t); i++ {
		v := logSteps / float64(i)
		head, tail := headAndTail(logDD(v).neg())
		t[i] = reciprocal{v, head, tail}
	}
	return &t
}

// nearError bounds logNear's error, as a part of its result: the largest parts
// are the rounding of the series' cubic term, at most 2^-24, and of sums with it.
const nearError = 1.0 / (1 << 66)

// logNear is the logarithm of a positive normal number to 66 bits.
func logNear(x float64) dd {
	const one = 0x3ff << 52
	bits := math.Float64bits(x)
	f, k := math.Float64frombits(bits&(1<<52-1)|one), int(bits>>52)-0x3ff
	if f > math.Sqrt2 {
		f, k = f/2, k+1
	}
	near := &reciprocals()[int(f*logSteps+0.5)]
	p := product(f, near.value)
	r := fast2(p.hi-1, p.lo)
	half := product(r.hi, -0.5*r.hi)
	series := 1.0/3 + r.hi*(-1.0/4+r.hi*(1.0/5+r.hi*(-1.0/6+r.hi*(1.0/7+r.hi*(-1.0/8+r.hi*(1.0/9))))))
	sum := fast2(float64(k)*ln2Head+near.head, r.hi)
	sum2 := fast2(sum.hi, half.hi)
	low := sum.lo + sum2.lo + half.lo + r.lo - r.hi*r.lo - 2*half.hi*r.hi*series + (float64(k)*ln2Tail + near.tail)
	return fast2(sum2.hi, low)
}

// rounded is the double nearest to the number that a is nearly, and whether an
// error of a's in the given proportion leaves no doubt of it.
func (a dd) rounded(proportion float64) (y float64, sure bool) {
	off := math.Abs(a.hi) * proportion
	y = a.hi + (a.lo + off)
	return y, y == a.hi+(a.lo-off)
}

// Log is the natural logarithm.
func Log(x float64) float64 {
	if y, ok := logEdge(x); ok {
		return y
	}
	if x >= minNormal {
		if y, sure := logNear(x).rounded(nearError); sure {
			return y
		}
	}
	r := logDD(x)
	return r.hi + r.lo
}

// minNormal is the smallest double with all its bits.
const minNormal = 0x1p-1022

// Log10 is the logarithm to base 10.
func Log10(x float64) float64 {
	if y, ok := logEdge(x); ok {
		return y
	}
	if x >= minNormal {
		if y, sure := logNear(x).mul(perLn10).rounded(2 * nearError); sure {
			return y
		}
	}
	r := logDD(x).div(ln10)
	return r.hi + r.lo
}
