package jmath

import "math"

// The rational approximations below are those of fdlibm, which the
// documentation of java.lang.StrictMath prescribes. Products are converted, so
// that no compiler fuses them into the sums.

const (
	halfPiHigh = 1.57079632679489655800e+00
	halfPiLow  = 6.12323399573676603587e-17
	piLow      = 1.2246467991473531772e-16
)

// polynomial is c[0] + x*(c[1] + x*(…)).
func polynomial(x float64, c ...float64) float64 {
	sum := c[len(c)-1]
	for i := len(c) - 2; i >= 0; i-- {
		sum = c[i] + float64(x*sum)
	}
	return sum
}

// highWord is the upper half of the bits without the sign.
func highWord(x float64) uint32 { return uint32(math.Float64bits(x)>>32) & 0x7fffffff }

// cutLow is x with the lower half of its bits cleared.
func cutLow(x float64) float64 { return math.Float64frombits(math.Float64bits(x) &^ 0xffffffff) }

// arcRatio is R(t) in asin(x) = x + x*R(x*x).
func arcRatio(t float64) float64 {
	p := float64(t * polynomial(t, 1.66666666666666657415e-01, -3.25565818622400915405e-01, 2.01212532134862925881e-01,
		-4.00555345006794114027e-02, 7.91534994289814532176e-04, 3.47933107596021167570e-05))
	q := polynomial(t, 1, -2.40339491173441421878e+00, 2.02094576023350569471e+00, -6.88283971605453293030e-01, 7.70381505559019352791e-02)
	return p / q
}

// Asin is the arc sine.
func Asin(x float64) float64 {
	word := highWord(x)
	switch {
	case math.Abs(x) > 1 || x != x:
		return math.NaN()
	case math.Abs(x) == 1:
		return float64(x*halfPiHigh) + float64(x*halfPiLow)
	case word < 0x3e400000:
		return x
	case word < 0x3fe00000:
		return x + float64(x*arcRatio(float64(x*x)))
	}
	const quarterPi = 7.85398163397448278999e-01
	w := 1 - math.Abs(x)
	t := float64(w * 0.5)
	s := math.Sqrt(t)
	if word >= 0x3fef3333 {
		r := arcRatio(t)
		t = halfPiHigh - (float64(2*(s+float64(s*r))) - halfPiLow)
	} else {
		r := arcRatio(t)
		w = cutLow(s)
		c := (t - float64(w*w)) / (s + w)
		p := float64(float64(2*s)*r) - (halfPiLow - float64(2*c))
		q := quarterPi - float64(2*w)
		t = quarterPi - (p - q)
	}
	return math.Copysign(t, x)
}

// Acos is the arc cosine.
func Acos(x float64) float64 {
	word := highWord(x)
	switch {
	case math.Abs(x) > 1 || x != x:
		return math.NaN()
	case x == 1:
		return 0
	case x == -1:
		return math.Pi + float64(2*halfPiLow)
	case word <= 0x3c600000:
		return halfPiHigh + halfPiLow
	case word < 0x3fe00000:
		return halfPiHigh - (x - (halfPiLow - float64(x*arcRatio(float64(x*x)))))
	case x < 0:
		z := float64((1 + x) * 0.5)
		s := math.Sqrt(z)
		w := float64(arcRatio(z)*s) - halfPiLow
		return math.Pi - float64(2*(s+w))
	}
	z := float64((1 - x) * 0.5)
	s := math.Sqrt(z)
	df := cutLow(s)
	c := (z - float64(df*df)) / (s + df)
	w := float64(arcRatio(z)*s) + c
	return float64(2 * (df + w))
}

// arcHigh and arcLow are the arc tangents of 1/2, 1, 3/2 and infinity.
var (
	arcHigh = [4]float64{4.63647609000806093515e-01, 7.85398163397448278999e-01, 9.82793723247329054082e-01, 1.57079632679489655800e+00}
	arcLow  = [4]float64{2.26987774529616870924e-17, 3.06161699786838301793e-17, 1.39033110312309984516e-17, 6.12323399573676603587e-17}
)

// Atan is the arc tangent.
func Atan(x float64) float64 {
	word, id := highWord(x), -1
	if x != x {
		return x
	}
	if word >= 0x44100000 {
		return math.Copysign(arcHigh[3]+arcLow[3], x)
	}
	sign := x
	if word < 0x3fdc0000 {
		if word < 0x3e200000 {
			return x
		}
	} else {
		x = math.Abs(x)
		switch {
		case word < 0x3fe60000:
			id, x = 0, (float64(2*x)-1)/(2+x)
		case word < 0x3ff30000:
			id, x = 1, (x-1)/(x+1)
		case word < 0x40038000:
			id, x = 2, (x-1.5)/(1+float64(1.5*x))
		default:
			id, x = 3, -1/x
		}
	}
	z := float64(x * x)
	w := float64(z * z)
	s1 := float64(z * polynomial(w, 3.33333333333329318027e-01, 1.42857142725034663711e-01, 9.09088713343650656196e-02,
		6.66107313738753120669e-02, 4.97687799461593236017e-02, 1.62858201153657823623e-02))
	s2 := float64(w * polynomial(w, -1.99999999998764832476e-01, -1.11111104054623557880e-01, -7.69187620504482999495e-02,
		-5.83357013379057348645e-02, -3.65315727442169155270e-02))
	if id < 0 {
		return x - float64(x*(s1+s2))
	}
	return math.Copysign(arcHigh[id]-((float64(x*(s1+s2))-arcLow[id])-x), sign)
}

// Atan2 is the angle of the point (x, y).
func Atan2(y, x float64) float64 {
	switch {
	case x != x || y != y:
		return math.NaN()
	case x == 1:
		return Atan(y)
	case y == 0:
		if math.Signbit(x) {
			return math.Copysign(math.Pi, y)
		}
		return y
	case x == 0:
		return math.Copysign(halfPiHigh, y)
	case math.IsInf(x, 0) || math.IsInf(y, 0):
		return math.Atan2(y, x) // multiples of π/4
	}
	k := (int64(highWord(y)) - int64(highWord(x))) >> 20
	var z float64
	switch {
	case k > 60:
		z = halfPiHigh + float64(0.5*piLow)
	case x < 0 && k < -60:
		z = 0
	default:
		z = Atan(math.Abs(y / x))
	}
	switch {
	case x > 0:
		return math.Copysign(z, y)
	case y > 0:
		return math.Pi - (z - piLow)
	}
	return (z - piLow) - math.Pi
}

// expm1 is e^x - 1.
func expm1(x float64) float64 {
	const (
		ln2High = 6.93147180369123816490e-01
		ln2Low  = 1.90821492927058770002e-10
	)
	word, negative := highWord(x), math.Signbit(x)
	switch {
	case word >= 0x4043687a && x != x:
		return x
	case word >= 0x4043687a && negative:
		return -1
	case x > 7.09782712893383973096e+02:
		return math.Inf(1)
	case word < 0x3c900000:
		return x
	}
	k, c := 0, 0.0
	if word > 0x3fd62e42 {
		var high, low float64
		switch {
		case word < 0x3ff0a2b2 && !negative:
			high, low, k = x-ln2High, ln2Low, 1
		case word < 0x3ff0a2b2:
			high, low, k = x+ln2High, -ln2Low, -1
		default:
			k = int(1.44269504088896338700e+00*x + math.Copysign(0.5, x))
			high, low = x-float64(float64(k)*ln2High), float64(float64(k)*ln2Low)
		}
		x = high - low
		c = (high - x) - low
	}
	half := float64(0.5 * x)
	hxs := float64(x * half)
	r1 := polynomial(hxs, 1, -3.33333333333331316428e-02, 1.58730158725481460165e-03, -7.93650757867487942473e-05,
		4.00821782732936239552e-06, -2.01099218183624371326e-07)
	t := 3 - float64(r1*half)
	e := float64(hxs * ((r1 - t) / (6 - float64(x*t))))
	if k == 0 {
		return x - (float64(x*e) - hxs)
	}
	e = float64(x*(e-c)) - c
	e -= hxs
	switch {
	case k == -1:
		return float64(0.5*(x-e)) - 0.5
	case k == 1 && x < -0.25:
		return -2 * (e - (x + 0.5))
	case k == 1:
		return 1 + float64(2*(x-e))
	case k <= -2 || k > 56:
		return math.Ldexp(1-(e-x), k) - 1
	case k < 20:
		t = 1 - math.Ldexp(1, -k)
		return math.Ldexp(t-(e-x), k)
	}
	t = math.Ldexp(1, -k)
	return math.Ldexp((x-(e+t))+1, k)
}

// strictExp is e^x as fdlibm computes it.
func strictExp(x float64) float64 {
	const (
		ln2High = 6.93147180369123816490e-01
		ln2Low  = 1.90821492927058770002e-10
	)
	switch {
	case x != x || math.IsInf(x, 1):
		return x
	case x > 7.09782712893383973096e+02:
		return math.Inf(1)
	case x < -7.45133219101941108420e+02:
		return 0
	}
	word := highWord(x)
	k, high, low := 0, x, 0.0
	switch {
	case word > 0x3fd62e42 && word < 0x3ff0a2b2:
		k = int(math.Copysign(1, x))
		high, low = x-math.Copysign(ln2High, x), math.Copysign(ln2Low, x)
		x = high - low
	case word > 0x3fd62e42:
		k = int(1.44269504088896338700e+00*x + math.Copysign(0.5, x))
		high, low = x-float64(float64(k)*ln2High), float64(float64(k)*ln2Low)
		x = high - low
	case word < 0x3e300000:
		return 1 + x
	}
	t := float64(x * x)
	c := x - float64(t*polynomial(t, 1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05,
		-1.65339022054652515390e-06, 4.13813679705723846039e-08))
	if k == 0 {
		return 1 - ((float64(x*c) / (c - 2)) - x)
	}
	return math.Ldexp(1-((low-(float64(x*c)/(2-c)))-high), k)
}

// Sinh is the hyperbolic sine.
func Sinh(x float64) float64 {
	word, half := highWord(x), math.Copysign(0.5, x)
	abs := math.Abs(x)
	switch {
	case x-x != 0:
		return x
	case word < 0x3e300000:
		return x
	case word < 0x3ff00000:
		t := expm1(abs)
		return half * (float64(2*t) - float64(t*t)/(t+1))
	case word < 0x40360000:
		t := expm1(abs)
		return half * (t + t/(t+1))
	case word < 0x40862e42:
		return half * strictExp(abs)
	case abs <= 710.4758600739439:
		w := strictExp(0.5 * abs)
		return float64(half*w) * w
	}
	return math.Copysign(math.Inf(1), x)
}

// Cosh is the hyperbolic cosine.
func Cosh(x float64) float64 {
	word, abs := highWord(x), math.Abs(x)
	switch {
	case x-x != 0:
		return float64(x * x)
	case word < 0x3fd62e43:
		t := expm1(abs)
		w := 1 + t
		if word < 0x3c800000 {
			return w
		}
		return 1 + float64(t*t)/(w+w)
	case word < 0x40360000:
		t := strictExp(abs)
		return float64(0.5*t) + 0.5/t
	case word < 0x40862e42:
		return 0.5 * strictExp(abs)
	case abs <= 710.4758600739439:
		w := strictExp(0.5 * abs)
		return float64(0.5*w) * w
	}
	return math.Inf(1)
}

// Tanh is the hyperbolic tangent.
func Tanh(x float64) float64 {
	word, abs := highWord(x), math.Abs(x)
	var z float64
	switch {
	case x != x:
		return x
	case word < 0x3c800000:
		return float64(x * (1 + x))
	case word >= 0x40360000:
		z = 1
	case word >= 0x3ff00000:
		z = 1 - 2/(expm1(float64(2*abs))+2)
	default:
		t := expm1(float64(-2 * abs))
		z = -t / (t + 2)
	}
	return math.Copysign(z, x)
}
