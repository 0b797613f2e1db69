package stdlib

import (
	"math"
	"math/big"

	"pyfc/compiler/pyeval"
	"pyfc/rt/jmath"
)

func init() {
	loaders["math"] = fillMath
}

func fillMath(_ *pyeval.Thread, m *pyeval.Module) {
	for name, v := range (pyeval.Named[float64]{{"pi", math.Pi}, {"e", math.E}, {"tau", 2 * math.Pi}, {"inf", math.Inf(1)}, {"nan", math.NaN()}}).All() {
		m.Set(name, pyeval.Float(v))
	}
	for name, f := range (pyeval.Named[func(float64) float64]{
		{"fabs", math.Abs},
		{"radians", func(x float64) float64 { return x * (math.Pi / 180) }},
		{"degrees", func(x float64) float64 { return x * (180 / math.Pi) }},
	}).All() {
		m.Pure(name+"(x: float, /)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.Float(f(c.Float("x"))), nil })
	}
	for name, f := range (pyeval.Named[func(float64) float64]{{"log2", math.Log2}, {"log10", jmath.Log10}, {"sqrt", math.Sqrt}}).All() {
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
		l := logOf(c, "x")
		if c.Given("base") {
			base := logOf(c, "base")
			if base == 0 {
				return nil, pyeval.Errorf(pyeval.ZeroDivisionError, "float division by zero")
			}
			l /= base
		}
		return pyeval.Float(l), nil
	})
	m.Pure("atan2(y: float, x: float, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.Float(jmath.Atan2(c.Float("y"), c.Float("x"))), nil
	})
	m.Pure("isnan(x: float, /)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.Bool(math.IsNaN(c.Float("x"))), nil })
	m.Pure("isinf(x: float, /)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.Bool(math.IsInf(c.Float("x"), 0)), nil })
	for name, f := range (pyeval.Named[func(float64) float64]{{"floor", math.Floor}, {"ceil", math.Ceil}, {"trunc", math.Trunc}}).All() {
		m.Pure(name+"(x, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			switch x := pyeval.Builtin(c.Arg("x")).(type) {
			case pyeval.Float:
				return c.Thread.Call(pyeval.IntClass, pyeval.Float(f(float64(x))))
			case pyeval.Int:
				return x, nil
			case pyeval.Bool:
				return c.Thread.Call(pyeval.IntClass, x)
			case *pyeval.Sym:
				return nil, x.Needs("math." + name + "()")
			}
			own, err := c.Thread.GetAttr(c.Arg("x"), "__"+name+"__")
			if err != nil {
				if name == "trunc" {
					return nil, pyeval.Errorf(pyeval.TypeError, "type %s doesn't define __trunc__ method", c.Arg("x").Class().Name())
				}
				return nil, pyeval.Errorf(pyeval.TypeError, "must be real number, not %s", c.Arg("x").Class().Name())
			}
			return c.Thread.Call(own)
		})
	}
	fillMathMore(m)
}

// logOf is the logarithm of a number, also of an int beyond the floats.
func logOf(c *pyeval.Call, name string) float64 {
	n, ok := pyeval.Builtin(c.Arg(name)).(pyeval.Int)
	if ok && n.Big().BitLen() > 1000 {
		shift := n.Big().BitLen() - 64
		f, _ := new(big.Float).SetInt(new(big.Int).Rsh(n.Big(), uint(shift))).Float64()
		return jmath.Log(f) + float64(shift)*math.Ln2
	}
	return jmath.Log(c.Float(name))
}
