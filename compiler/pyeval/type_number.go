package pyeval

import (
	"math"
	"math/big"

	"pyfc/rt/pytext"
)

func init() {
	BoolClass.Static("__new__(cls, x=False, /)", func(c *Call) (Value, error) {
		if o, ok := c.Arg("x").(*Opaque); ok {
			return o.derive("bool("+o.Origin+")", c.Span), nil
		}
		yes, err := c.Thread.Truth(c.Arg("x"), "bool()")
		return Bool(yes), err
	})
	IntClass.Static("__new__(cls, x=0, /, base: int=...)", newInt)
	FloatClass.Static("__new__(cls, x=0, /)", newFloat)
	IntClass.Def("bit_length(self)", func(c *Call) (Value, error) {
		i, _ := asInt(c.Self())
		return NewInt(int64(i.Big().BitLen())), nil
	})
	IntClass.Def("conjugate(self)", func(c *Call) (Value, error) { return c.Self(), nil })
	IntClass.Getter("real", func(c *Call) (Value, error) { return c.Self(), nil })
	IntClass.Getter("numerator", func(c *Call) (Value, error) { return c.Self(), nil })
	IntClass.Getter("imag", func(*Call) (Value, error) { return NewInt(0), nil })
	IntClass.Getter("denominator", func(*Call) (Value, error) { return NewInt(1), nil })
	FloatClass.Def("is_integer(self)", func(c *Call) (Value, error) {
		f := float64(c.Self().(Float))
		return Bool(f == math.Trunc(f) && !math.IsInf(f, 0)), nil
	})
	for name, f := range (Named[func(float64) float64]{{"__floor__", math.Floor}, {"__ceil__", math.Ceil}, {"__trunc__", math.Trunc}}).All() {
		FloatClass.Def(name+"(self)", func(c *Call) (Value, error) { return floatToInt(f(float64(c.Self().(Float)))) })
	}
	for _, name := range []string{"__floor__", "__ceil__"} {
		IntClass.Def(name+"(self)", func(c *Call) (Value, error) { i, _ := asInt(c.Self()); return i, nil })
	}
	FloatClass.Def("hex(self)", func(c *Call) (Value, error) {
		return NewStr(floatHex(float64(c.Self().(Float)))), nil
	})
	FloatClass.Def("as_integer_ratio(self)", func(c *Call) (Value, error) {
		r := new(big.Rat)
		if r.SetFloat64(float64(c.Self().(Float))) == nil {
			return nil, Errorf(OverflowError, "cannot convert Infinity to integer ratio")
		}
		return NewTuple(NewBig(r.Num()), NewBig(r.Denom())), nil
	})
}

// newInt is int(x, base).
func newInt(c *Call) (Value, error) {
	v, err := toInt(c)
	return c.wrap(v), err
}

// wrap makes an instance of a derived class around a built-in value; cls is
// the first argument of __new__.
func (c *Call) wrap(v Value) Value {
	k, ok := c.Arg("cls").(*Class)
	if v == nil || !ok || k.native() && k.module == "builtins" {
		return v
	}
	switch v.(type) {
	case *Sym, *Opaque:
		return v
	}
	return Derived(k, v)
}

func toInt(c *Call) (Value, error) {
	t, x := c.Thread, c.Arg("x")
	base := 10
	if c.Given("base") {
		base = int(c.Int("base"))
		if base < 0 || base == 1 || base > 36 {
			return nil, Errorf(ValueError, "int() base must be >= 2 and <= 36, or 0")
		}
		if _, ok := plain(x).(*Str); !ok && !isSym(x) {
			return nil, Errorf(TypeError, "int() can't convert non-string with explicit base")
		}
	}
	switch v := x.(type) {
	case *Opaque:
		return v.derive("int("+v.Origin+")", c.Span), nil
	case *Sym:
		if v.Kind == SymInt {
			return v, nil
		}
		if v.Kind != SymStr || base != 10 {
			return nil, v.Needs("int()")
		}
		return t.ApplyAtStart("int", SymInt, v)
	}
	for _, name := range []string{"__int__", "__index__", "__trunc__"} {
		if m := operatorMethod(x, name); m != nil {
			return t.callMethod(m, x)
		}
	}
	switch v := plain(x).(type) {
	case *Str:
		if i, ok := parseInt(v.s, base); ok {
			return i, nil
		}
		return nil, Errorf(ValueError, "invalid literal for int() with base %d: %s", base, pytext.Quote(v.s))
	case Bytes:
		if i, ok := parseInt(string(v), base); ok {
			return i, nil
		}
		return nil, Errorf(ValueError, "invalid literal for int() with base %d: %s", base, bytesRepr(string(v)))
	case Float:
		return floatToInt(math.Trunc(float64(v)))
	}
	if i, ok := asInt(x); ok {
		return i, nil
	}
	return nil, Errorf(TypeError, "int() argument must be a string, a bytes-like object or a real number, not '%s'", x.Class().name)
}

// newFloat is float(x).
func newFloat(c *Call) (Value, error) {
	v, err := makeFloat(c)
	return c.wrap(v), err
}

func makeFloat(c *Call) (Value, error) {
	t, x := c.Thread, c.Arg("x")
	switch v := x.(type) {
	case *Opaque:
		return v.derive("float("+v.Origin+")", c.Span), nil
	case *Sym:
		if v.Kind == SymFloat {
			return v, nil
		}
		if v.Kind == SymBool {
			return nil, v.Needs("float()")
		}
		return t.ApplyAtStart("float", SymFloat, v)
	}
	if m := operatorMethod(x, "__float__"); m != nil {
		return t.callMethod(m, x)
	}
	p := plain(x)
	if s, ok := p.(*Str); ok {
		if f, ok := parseFloat(s.s); ok {
			return Float(f), nil
		}
		return nil, Errorf(ValueError, "could not convert string to float: %s", pytext.Quote(s.s))
	}
	f, ok, err := toFloat(p)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, Errorf(TypeError, "float() argument must be a string or a real number, not '%s'", x.Class().name)
	}
	return Float(f), nil
}
