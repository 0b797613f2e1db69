// Package jmath computes the elementary functions as java.lang.Math of JDK 17
// does on x86-64, where Go's package math often differs in the last digit.
//
// Asin, Acos, Atan, Atan2, Sinh, Cosh and Tanh follow the fdlibm algorithms that
// Java prescribes and give the same bits. For Sin, Cos, Tan, Exp, Log, Log10 and
// Pow the JDK calls Intel's code, which is almost always rounded correctly; here
// they are computed in double-double arithmetic and rounded once, and agree but
// for a few values in a thousand (jmath_test.go has the rates).
package jmath

import (
	"math"
	"math/big"
	"sync"
)

// dd is an unevaluated sum hi + lo with |lo| at most half a unit in the last
// place of hi.
type dd struct{ hi, lo float64 }

// fast2 adds where |a| >= |b|.
func fast2(a, b float64) dd {
	s := a + b
	return dd{s, b - (s - a)}
}

func two(a, b float64) dd {
	s := a + b
	t := s - a
	return dd{s, (a - (s - t)) + (b - t)}
}

func product(a, b float64) dd {
	p := float64(a * b)
	return dd{p, math.FMA(a, b, -p)}
}

func (a dd) add(b dd) dd {
	s, t := two(a.hi, b.hi), two(a.lo, b.lo)
	s = fast2(s.hi, s.lo+t.hi)
	return fast2(s.hi, s.lo+t.lo)
}

func (a dd) mul(b dd) dd {
	p := product(a.hi, b.hi)
	return fast2(p.hi, p.lo+(float64(a.hi*b.lo)+float64(a.lo*b.hi)))
}

func (a dd) times(b float64) dd {
	p := product(a.hi, b)
	return fast2(p.hi, p.lo+float64(a.lo*b))
}

func (a dd) neg() dd { return dd{-a.hi, -a.lo} }

func (a dd) div(b dd) dd {
	q := a.hi / b.hi
	r := a.add(b.times(-q))
	q2 := r.hi / b.hi
	r = r.add(b.times(-q2))
	return fast2(q, q2).add(dd{r.hi / b.hi, 0})
}

var (
	ln2     = dd{math.Ln2, 2.319046813846299558e-17}
	ln10    = dd{math.Ln10, -2.170756223382249351e-16}
	quarter = constants() // π/2 in three pieces
	// factorials are 1/n!, as exactly as a dd can be.
	factorials = reciprocalFactorials()
)

func constants() (p [3]float64) {
	rest := new(big.Float).Quo(pi(), big.NewFloat(2))
	for i := range p {
		p[i], _ = rest.Float64()
		rest.Sub(rest, big.NewFloat(p[i]))
	}
	return p
}

// piBits are enough to reduce the largest DOUBLE.
const piBits = 1300

// pi is computed once by Machin's formula, 16 atan(1/5) - 4 atan(1/239).
var pi = sync.OnceValue(func() *big.Float {
	inverseTangent := func(n int64) *big.Float {
		sum, power := new(big.Float).SetPrec(piBits), new(big.Float).SetPrec(piBits).SetInt64(1)
		power.Quo(power, big.NewFloat(float64(n)))
		square := big.NewFloat(float64(n * n))
		for k := int64(1); power.MantExp(nil) > -piBits; k += 2 {
			term := new(big.Float).SetPrec(piBits).Quo(power, big.NewFloat(float64(k)))
			if k%4 == 1 {
				sum.Add(sum, term)
			} else {
				sum.Sub(sum, term)
			}
			power.Quo(power, square)
		}
		return sum
	}
	a, b := inverseTangent(5), inverseTangent(239)
	a.Mul(a, big.NewFloat(16))
	return a.Sub(a, b.Mul(b, big.NewFloat(4)))
})

func reciprocalFactorials() (f [28]dd) {
	f[0] = dd{1, 0}
	for i := 1; i < len(f); i++ {
		f[i] = f[i-1].div(dd{float64(i), 0})
	}
	return f
}

// series is the sum of r^n / n! over n = from, from+step, …, divided by r^from,
// for |r| < 0.8; the powers of r are given by x = r^step. Terms that reach only
// the lower half are added in plain floating point.
func series(x dd, from, step int, alternate bool) dd {
	sign := 1.0
	if alternate {
		sign = -1
	}
	low := 0.0
	n := from + (len(factorials)-1-from)/step*step
	for ; n > from+8; n -= step {
		low = factorials[n].hi + float64(float64(sign*x.hi)*low)
	}
	sum := dd{low, 0}
	for ; n >= from; n -= step {
		sum = factorials[n].add(sum.mul(x).times(sign))
	}
	return sum
}

// expDD is e^x as m * 2^k.
func expDD(x dd) (m dd, k int) {
	n := math.RoundToEven(x.hi / math.Ln2)
	r := x.add(ln2.times(-n))
	r = dd{r.hi / 16, r.lo / 16}
	m = series(r, 0, 1, false)
	for range 4 {
		m = m.mul(m)
	}
	return m, int(n)
}

// scale is the nearest double to m * 2^k.
func scale(m dd, k int) float64 {
	if k > -1000 {
		return math.Ldexp(m.hi+m.lo, k)
	}
	// The sum is rounded where the subnormal's last bit is.
	head := math.Ldexp(m.hi, k)
	rest := math.Ldexp(m.hi-math.Ldexp(head, -k)+m.lo, k+1000)
	unit := math.Ldexp(1, -1074+1000)
	n := rest / unit
	switch {
	case n > 0.5:
		head += math.SmallestNonzeroFloat64
	case n < -0.5:
		head -= math.SmallestNonzeroFloat64
	}
	return head
}

// Exp is e^x.
func Exp(x float64) float64 {
	switch {
	case x != x || math.IsInf(x, 1):
		return x
	case x > 709.79:
		return math.Inf(1)
	case x < -745.2:
		return 0
	}
	m, k := expDD(dd{x, 0})
	return scale(m, k)
}

// Pow is x^y.
func Pow(x, y float64) float64 {
	switch {
	case y == 0:
		return 1
	case y == 1:
		return x
	case y == 2:
		return x * x
	case math.Abs(x) == 1 && math.IsInf(y, 0):
		return math.NaN()
	case x == 0 || x != x || y != y || math.IsInf(x, 0) || math.IsInf(y, 0):
		if x == 1 && y != y {
			return math.NaN()
		}
		return math.Pow(x, y)
	}
	sign := 1.0
	if x < 0 {
		if y != math.Trunc(y) {
			return math.NaN()
		}
		if math.Abs(y) < 1<<53 && int64(y)&1 != 0 {
			sign = -1
		}
		x = -x
	}
	l := logDD(x).times(y)
	switch {
	case l.hi > 709.79:
		return sign * math.Inf(1)
	case l.hi < -745.2:
		return sign * 0
	}
	m, k := expDD(l)
	return sign * scale(m, k)
}

// reduce is x less a multiple of π/2, between -π/4 and π/4, and the multiple
// modulo 4.
func reduce(x float64) (r dd, quadrant int) {
	if math.Abs(x) < 1<<27 {
		n := math.RoundToEven(x * (2 / math.Pi))
		a := product(-n, quarter[0])
		b := product(-n, quarter[1])
		r = two(x, a.hi).add(dd{a.lo, 0}).add(b).add(dd{-n * quarter[2], 0})
		return r, int(int64(n) & 3)
	}
	half := new(big.Float).Quo(pi(), big.NewFloat(2))
	v := new(big.Float).SetPrec(piBits).SetFloat64(x)
	n, _ := new(big.Float).Quo(v, half).Int(nil)
	rest := new(big.Float).Sub(v, new(big.Float).Mul(new(big.Float).SetPrec(piBits).SetInt(n), half))
	if q, _ := new(big.Float).Quo(rest, half).Float64(); math.Abs(q) > 0.5 {
		one := int64(math.Copysign(1, q))
		n.Add(n, big.NewInt(one))
		rest.Sub(rest, new(big.Float).Mul(half, big.NewFloat(float64(one))))
	}
	hi, _ := rest.Float64()
	lo, _ := rest.Sub(rest, big.NewFloat(hi)).Float64()
	return dd{hi, lo}, int(new(big.Int).And(n, big.NewInt(3)).Int64())
}

// sinCos are sine and cosine of x.
func sinCos(x float64) (sin, cos dd) {
	r, quadrant := reduce(x)
	square := r.mul(r)
	s, c := series(square, 1, 2, true).mul(r), series(square, 0, 2, true)
	switch quadrant {
	case 1:
		return c, s.neg()
	case 2:
		return s.neg(), c.neg()
	case 3:
		return c.neg(), s
	}
	return s, c
}

// Sin is the sine of an angle in radians.
func Sin(x float64) float64 {
	if x == 0 || x-x != 0 {
		return x * (x - x + 1)
	}
	s, _ := sinCos(x)
	return s.hi + s.lo
}

// Cos is the cosine.
func Cos(x float64) float64 {
	if x-x != 0 {
		return math.NaN()
	}
	_, c := sinCos(x)
	return c.hi + c.lo
}

// Tan is the tangent.
func Tan(x float64) float64 {
	if x == 0 || x-x != 0 {
		return x * (x - x + 1)
	}
	s, c := sinCos(x)
	t := s.div(c)
	return t.hi + t.lo
}
