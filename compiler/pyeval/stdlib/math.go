package stdlib

import (
	"math"
	"math/big"

	"pyfc/compiler/pyeval"
)

func init() {
	loaders["math"] = fillMath
}

func fillMath(_ *pyeval.Thread, m *pyeval.Module) {
	for name, v := range map[string]float64{"pi": math.Pi, "e": math.E, "tau": 2 * math.Pi, "inf": math.Inf(1), "nan": math.NaN()} {
		m.Set(name, pyeval.Float(v))
	}
	for name, f := range map[string]func(float64) float64{
		"sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos, "atan": math.Atan,
		"sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh, "exp": math.Exp, "fabs": math.Abs,
		"radians": func(x float64) float64 { return x * (math.Pi / 180) },
		"degrees": func(x float64) float64 { return x * (180 / math.Pi) },
	} {
		m.Pure(name+"(x: float, /)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.Float(f(c.Float("x"))), nil })
	}
	for name, f := range map[string]func(float64) float64{"log2": math.Log2, "log10": math.Log10, "sqrt": math.Sqrt} {
		m.Pure(name+"(x: float, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			if x := c.Float("x"); x < 0 || x == 0 && name != "sqrt" {
				return nil, pyeval.Errorf(pyeval.ValueError, "math domain error")
			}
			return pyeval.Float(f(c.Float("x"))), nil
		})
	}
	m.Pure("log(x: float, base: float=..., /)", func(c *pyeval.Call) (pyeval.Value, error) {
		if c.Float("x") <= 0 || c.Given("base") && c.Float("base") <= 0 {
			return nil, pyeval.Errorf(pyeval.ValueError, "math domain error")
		}
		l := math.Log(c.Float("x"))
		if c.Given("base") {
			l /= math.Log(c.Float("base"))
		}
		return pyeval.Float(l), nil
	})
	m.Pure("pow(x: float, y: float, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.Float(math.Pow(c.Float("x"), c.Float("y"))), nil
	})
	m.Pure("atan2(y: float, x: float, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.Float(math.Atan2(c.Float("y"), c.Float("x"))), nil
	})
	m.Pure("hypot(x: float, y: float)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.Float(math.Hypot(c.Float("x"), c.Float("y"))), nil
	})
	m.Pure("isnan(x: float, /)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.Bool(math.IsNaN(c.Float("x"))), nil })
	m.Pure("isinf(x: float, /)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.Bool(math.IsInf(c.Float("x"), 0)), nil })
	for name, f := range map[string]func(float64) float64{"floor": math.Floor, "ceil": math.Ceil, "trunc": math.Trunc} {
		m.Pure(name+"(x: float, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			x, isFloat := pyeval.Builtin(c.Arg("x")).(pyeval.Float)
			if !isFloat {
				return c.Arg("x"), nil
			}
			return c.Thread.Call(pyeval.IntClass, pyeval.Float(f(float64(x))))
		})
	}
	m.Pure("gcd(a: int, b: int, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		a, b := big.NewInt(c.Int("a")), big.NewInt(c.Int("b"))
		return pyeval.NewBig(new(big.Int).GCD(nil, nil, a.Abs(a), b.Abs(b))), nil
	})
	m.Pure("factorial(n: int, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		n := c.Int("n")
		if n < 0 || n > 5000 {
			return nil, pyeval.Errorf(pyeval.ValueError, "factorial() takes an integer from 0 to 5000 at build")
		}
		return pyeval.NewBig(new(big.Int).MulRange(1, n)), nil
	})
}
