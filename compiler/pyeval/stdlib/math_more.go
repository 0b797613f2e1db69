package stdlib

import (
	"math"
	"math/big"

	"pyfc/compiler/pyeval"
	"pyfc/rt/jmath"
)

func domainError() error { return pyeval.Errorf(pyeval.ValueError, "math domain error") }

func rangeError() error { return pyeval.Errorf(pyeval.OverflowError, "math range error") }

// checkedMath gives CPython's errors: a NaN of proper arguments is a domain
// error, an infinity of finite ones a range error.
func checkedMath(f func(float64) float64) func(float64) (float64, error) {
	return func(x float64) (float64, error) {
		y := f(x)
		switch {
		case math.IsNaN(y) && !math.IsNaN(x):
			return 0, domainError()
		case math.IsInf(y, 0) && !math.IsInf(x, 0):
			return 0, rangeError()
		}
		return y, nil
	}
}

// mathOfOne are the functions of one number.
var mathOfOne = pyeval.Named[func(float64) float64]{
	{"sin", jmath.Sin}, {"cos", jmath.Cos}, {"tan", jmath.Tan}, {"asin", jmath.Asin}, {"acos", jmath.Acos}, {"atan", jmath.Atan}, {"exp", jmath.Exp},
	{"sinh", jmath.Sinh}, {"cosh", jmath.Cosh}, {"tanh", jmath.Tanh}, {"acosh", math.Acosh}, {"asinh", math.Asinh}, {"cbrt", math.Cbrt},
	{"erf", math.Erf}, {"erfc", math.Erfc}, {"exp2", math.Exp2}, {"expm1", math.Expm1},
	{"log1p", poleAt(-1, math.Log1p)}, {"atanh", poleAt(1, poleAt(-1, math.Atanh))},
}

// mathOfTwo are those of two numbers.
var mathOfTwo = pyeval.Named[func(x, y float64) (float64, error)]{
	{"copysign", func(x, y float64) (float64, error) { return math.Copysign(x, y), nil }},
	{"nextafter", func(x, y float64) (float64, error) { return math.Nextafter(x, y), nil }},
	{"fmod", remainderBy(math.Mod)}, {"remainder", remainderBy(math.Remainder)}, {"pow", powOf},
}

// mathCalls are those with other arguments or results, by their signatures.
var mathCalls = pyeval.Named[pyeval.NativeFunc]{
	{"gamma(x: float, /)", gammaBy(math.Gamma)},
	{"lgamma(x: float, /)", gammaBy(func(x float64) float64 { y, _ := math.Lgamma(x); return y })},
	{"ulp(x: float, /)", mathUlp},
	{"isfinite(x: float, /)", mathIsFinite},
	{"modf(x: float, /)", mathModf},
	{"frexp(x: float, /)", mathFrexp},
	{"ldexp(x: float, i: int, /)", mathLdexp},
	{"isclose(a: float, b: float, *, rel_tol: float=1e-09, abs_tol: float=0.0)", mathIsClose},
	{"fsum(seq, /)", mathFsum},
	{"hypot(*coordinates: float)", mathHypot},
	{"dist(p, q, /)", mathDist},
}

func fillMathMore(m *pyeval.Module) {
	for name, f := range mathOfOne.All() {
		checked := checkedMath(f)
		m.Pure(name+"(x: float, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			y, err := checked(c.Float("x"))
			return pyeval.Float(y), err
		})
	}
	for name, f := range mathOfTwo.All() {
		m.Pure(name+"(x: float, y: float, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			z, err := f(c.Float("x"), c.Float("y"))
			return pyeval.Float(z), err
		})
	}
	for signature, f := range mathCalls.All() {
		m.Pure(signature, f)
	}
	fillMathIntegers(m)
}

func remainderBy(f func(x, y float64) float64) func(x, y float64) (float64, error) {
	return func(x, y float64) (float64, error) {
		if y == 0 || math.IsInf(x, 0) {
			return 0, domainError()
		}
		return f(x, y), nil
	}
}

func powOf(x, y float64) (float64, error) {
	z := pyeval.Pow(x, y)
	switch {
	case x == 0 && y < 0, math.IsNaN(z) && !math.IsNaN(x) && !math.IsNaN(y):
		return 0, domainError()
	case math.IsInf(z, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0):
		return 0, rangeError()
	}
	return z, nil
}

func gammaBy(f func(float64) float64) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		x := c.Float("x")
		if x <= 0 && x == math.Trunc(x) {
			return nil, domainError()
		}
		y := f(x)
		if math.IsInf(y, 0) && !math.IsInf(x, 0) {
			return nil, rangeError()
		}
		return pyeval.Float(y), nil
	}
}

func mathUlp(c *pyeval.Call) (pyeval.Value, error) {
	x := math.Abs(c.Float("x"))
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return pyeval.Float(x), nil
	}
	if x == math.MaxFloat64 {
		return pyeval.Float(x - math.Nextafter(x, 0)), nil
	}
	return pyeval.Float(math.Nextafter(x, math.Inf(1)) - x), nil
}

func mathIsFinite(c *pyeval.Call) (pyeval.Value, error) {
	x := c.Float("x")
	return pyeval.Bool(!math.IsInf(x, 0) && !math.IsNaN(x)), nil
}

func mathModf(c *pyeval.Call) (pyeval.Value, error) {
	x := c.Float("x")
	if math.IsInf(x, 0) {
		return pyeval.NewTuple(pyeval.Float(math.Copysign(0, x)), pyeval.Float(x)), nil
	}
	whole := math.Trunc(x)
	return pyeval.NewTuple(pyeval.Float(math.Copysign(x-whole, x)), pyeval.Float(whole)), nil
}

func mathFrexp(c *pyeval.Call) (pyeval.Value, error) {
	f, e := math.Frexp(c.Float("x"))
	return pyeval.NewTuple(pyeval.Float(f), pyeval.NewInt(int64(e))), nil
}

func mathLdexp(c *pyeval.Call) (pyeval.Value, error) {
	x, y := c.Float("x"), math.Ldexp(c.Float("x"), int(min(max(c.Int("i"), -5000), 5000)))
	if math.IsInf(y, 0) && !math.IsInf(x, 0) {
		return nil, rangeError()
	}
	return pyeval.Float(y), nil
}

func mathIsClose(c *pyeval.Call) (pyeval.Value, error) {
	a, b, rel, abs := c.Float("a"), c.Float("b"), c.Float("rel_tol"), c.Float("abs_tol")
	switch {
	case rel < 0 || abs < 0:
		return nil, pyeval.Errorf(pyeval.ValueError, "tolerances must be non-negative")
	case a == b:
		return pyeval.True, nil
	case math.IsInf(a, 0) || math.IsInf(b, 0):
		return pyeval.False, nil
	}
	diff := math.Abs(b - a)
	return pyeval.Bool(diff <= math.Abs(rel*b) || diff <= math.Abs(rel*a) || diff <= abs), nil
}

func mathFsum(c *pyeval.Call) (pyeval.Value, error) {
	elems, err := floats(c, "seq")
	return pyeval.Float(exactSum(elems)), err
}

func mathHypot(c *pyeval.Call) (pyeval.Value, error) {
	elems, err := floats(c, "coordinates")
	return pyeval.Float(norm(elems)), err
}

func mathDist(c *pyeval.Call) (pyeval.Value, error) {
	p, err := floats(c, "p")
	if err != nil {
		return nil, err
	}
	q, err := floats(c, "q")
	if err != nil {
		return nil, err
	}
	if len(p) != len(q) {
		return nil, pyeval.Errorf(pyeval.ValueError, "both points must have the same number of dimensions")
	}
	for i := range p {
		p[i] -= q[i]
	}
	return pyeval.Float(norm(p)), nil
}

func poleAt(pole float64, f func(float64) float64) func(float64) float64 {
	return func(x float64) float64 {
		if x == pole {
			return math.NaN()
		}
		return f(x)
	}
}

// floats are the numbers of an iterable argument.
func floats(c *pyeval.Call, name string) ([]float64, error) {
	elems, err := c.Thread.Iterate(c.Arg(name))
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(elems))
	for i, e := range elems {
		v, err := c.Thread.Call(pyeval.FloatClass, e)
		if err != nil {
			return nil, err
		}
		f, _ := v.(pyeval.Float)
		out[i] = float64(f)
	}
	return out, nil
}

// exactSum rounds only once.
func exactSum(elems []float64) float64 {
	sum := new(big.Rat)
	for i, x := range elems {
		r := new(big.Rat).SetFloat64(x)
		if r == nil { // an infinity or NaN decides
			total := 0.0
			for _, y := range elems[i:] {
				if math.IsInf(y, 0) || math.IsNaN(y) {
					total += y
				}
			}
			return total
		}
		sum.Add(sum, r)
	}
	f, _ := sum.Float64()
	return f
}

// norm is the root of the exact sum of squares.
func norm(elems []float64) float64 {
	sum := new(big.Float).SetPrec(2200)
	for _, x := range elems {
		if math.IsInf(x, 0) {
			return math.Inf(1)
		}
		if math.IsNaN(x) {
			return x
		}
		b := new(big.Float).SetPrec(2200).SetFloat64(x)
		sum.Add(sum, b.Mul(b, b))
	}
	f, _ := sum.Sqrt(sum).Float64()
	return f
}

func fillMathIntegers(m *pyeval.Module) {
	whole := func(c *pyeval.Call, name string) *big.Int {
		v := pyeval.Builtin(c.Arg(name))
		if b, ok := v.(pyeval.Bool); ok {
			if b {
				return big.NewInt(1)
			}
			return new(big.Int)
		}
		n, _ := v.(pyeval.Int)
		return n.Big()
	}
	for name, join := range (pyeval.Named[func(a, b *big.Int) *big.Int]{
		{"gcd", func(a, b *big.Int) *big.Int {
			return new(big.Int).GCD(nil, nil, new(big.Int).Abs(a), new(big.Int).Abs(b))
		}},
		{"lcm", func(a, b *big.Int) *big.Int {
			if a.Sign() == 0 || b.Sign() == 0 {
				return new(big.Int)
			}
			g := new(big.Int).GCD(nil, nil, new(big.Int).Abs(a), new(big.Int).Abs(b))
			return g.Abs(g.Mul(g.Div(a, g), b))
		}},
	}).All() {
		m.Pure(name+"(*integers: int)", func(c *pyeval.Call) (pyeval.Value, error) {
			out := new(big.Int)
			if name == "lcm" {
				out.SetInt64(1)
			}
			for _, e := range c.Elems("integers") {
				v, err := c.Thread.Call(pyeval.IntClass, e)
				if err != nil {
					return nil, err
				}
				n, _ := v.(pyeval.Int)
				out = join(out, n.Big())
			}
			return pyeval.NewBig(out.Abs(out)), nil
		})
	}
	m.Pure("isqrt(n: int, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		n := whole(c, "n")
		if n.Sign() < 0 {
			return nil, pyeval.Errorf(pyeval.ValueError, "isqrt() argument must be nonnegative")
		}
		return pyeval.NewBig(new(big.Int).Sqrt(n)), nil
	})
	m.Pure("comb(n: int, k: int, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		n, k := c.Int("n"), c.Int("k")
		switch {
		case n < 0:
			return nil, pyeval.Errorf(pyeval.ValueError, "n must be a non-negative integer")
		case k < 0:
			return nil, pyeval.Errorf(pyeval.ValueError, "k must be a non-negative integer")
		case k > n:
			return pyeval.NewInt(0), nil
		case min(k, n-k) > 100000:
			return nil, pyeval.Errorf(pyeval.OverflowError, "comb() is too large for a build")
		}
		return pyeval.NewBig(new(big.Int).Binomial(n, k)), nil
	})
	m.Pure("perm(n: int, k: int|None=None, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		n, k := c.Int("n"), c.Int("k")
		if c.Arg("k") == pyeval.None {
			k = n
		}
		switch {
		case n < 0:
			return nil, pyeval.Errorf(pyeval.ValueError, "n must be a non-negative integer")
		case k < 0:
			return nil, pyeval.Errorf(pyeval.ValueError, "k must be a non-negative integer")
		case k > n:
			return pyeval.NewInt(0), nil
		case k > 100000:
			return nil, pyeval.Errorf(pyeval.OverflowError, "perm() is too large for a build")
		}
		return pyeval.NewBig(new(big.Int).MulRange(n-k+1, n)), nil
	})
	m.Pure("factorial(n: int, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		n := c.Int("n")
		if n < 0 {
			return nil, pyeval.Errorf(pyeval.ValueError, "factorial() not defined for negative values")
		}
		if n > 20000 {
			return nil, pyeval.Errorf(pyeval.OverflowError, "factorial() is too large for a build")
		}
		return pyeval.NewBig(new(big.Int).MulRange(1, n)), nil
	})
	m.Pure("prod(iterable, /, *, start=1)", func(c *pyeval.Call) (pyeval.Value, error) {
		elems, err := c.Thread.Iterate(c.Arg("iterable"))
		out := c.Arg("start")
		for i := 0; err == nil && i < len(elems); i++ {
			out, err = c.Thread.Binary("*", out, elems[i])
		}
		return out, err
	})
}
