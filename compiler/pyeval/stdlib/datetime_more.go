package stdlib

import (
	"math"
	"math/big"
	"strings"
	"time"

	"pyfc/compiler/pyeval"
)

// micros rounds a quotient of microseconds half to even, as timedelta does.
func micros(q float64) pyeval.Value {
	return timedeltaClass.Make(time.Duration(math.RoundToEven(q)) * time.Microsecond)
}

func init() {
	delta := func(c *pyeval.Call) time.Duration {
		d, _ := pyeval.Data[time.Duration](c.Self())
		return d
	}
	timedeltaClass.Def("__abs__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return timedeltaClass.Make(delta(c).Abs()), nil })
	timedeltaClass.Def("__pos__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return c.Self(), nil })
	for _, name := range []string{"__truediv__", "__floordiv__", "__mod__"} {
		timedeltaClass.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			if o, ok := Timedelta(c.Arg("other")); ok {
				return divideDeltas(name, delta(c), o)
			}
			return divideDelta(name, delta(c), pyeval.Builtin(c.Arg("other")))
		})
	}
	for _, k := range []*pyeval.Class{dateClass, datetimeClass} {
		k.Def("toordinal(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			y, m, d := self(c).Clock.Date()
			return pyeval.NewInt(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400 + 719163), nil
		})
		k.Def("isocalendar(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			m := self(c)
			y, w := m.Clock.ISOWeek()
			day := (int(m.Clock.Weekday())+6)%7 + 1
			return pyeval.NewTuple(pyeval.NewInt(int64(y)), pyeval.NewInt(int64(w)), pyeval.NewInt(int64(day))), nil
		})
		k.Def("ctime(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			return str(self(c).Clock.Format("Mon Jan _2 15:04:05 2006"))
		})
	}
	datetimeClass.Def("utcoffset(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		m := self(c)
		if !m.Aware {
			return pyeval.None, nil
		}
		_, seconds := m.Clock.Zone()
		return timedeltaClass.Make(time.Duration(seconds) * time.Second), nil
	})
}

// divideDeltas is an operation of two durations: a number or a remainder.
func divideDeltas(name string, a, b time.Duration) (pyeval.Value, error) {
	if b == 0 {
		return nil, pyeval.Errorf(pyeval.ZeroDivisionError, "integer division or modulo by zero")
	}
	x, y := big.NewInt(int64(a)), big.NewInt(int64(b))
	if name == "__truediv__" {
		f, _ := new(big.Rat).SetFrac(x, y).Float64()
		return pyeval.Float(f), nil
	}
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	if name == "__mod__" {
		return timedeltaClass.Make(a - q*b), nil
	}
	return pyeval.NewInt(int64(q)), nil
}

// divideDelta is a duration divided by a number.
func divideDelta(name string, a time.Duration, n pyeval.Value) (pyeval.Value, error) {
	us := float64(a / time.Microsecond)
	switch n := n.(type) {
	case pyeval.Int:
		k, ok := n.Int64()
		switch {
		case !ok || name == "__mod__":
			return pyeval.NotImplemented, nil
		case k == 0:
			return nil, pyeval.Errorf(pyeval.ZeroDivisionError, "division by zero")
		case name == "__floordiv__":
			return micros(math.Floor(us / float64(k))), nil
		}
		return micros(us / float64(k)), nil
	case pyeval.Float:
		if name != "__truediv__" {
			return pyeval.NotImplemented, nil
		}
		if n == 0 {
			return nil, pyeval.Errorf(pyeval.ZeroDivisionError, "division by zero")
		}
		return micros(us / float64(n)), nil
	}
	return pyeval.NotImplemented, nil
}

func init() {
	pathClass.Getter("suffixes", func(c *pyeval.Call) (pyeval.Value, error) {
		name := pathOf(c)[strings.LastIndexByte(pathOf(c), '/')+1:]
		parts := strings.Split(strings.TrimLeft(name, "."), ".")
		out := pyeval.NewList()
		for _, p := range parts[1:] {
			out.Append(pyeval.NewStr("." + p))
		}
		if strings.HasSuffix(name, ".") {
			return pyeval.NewList(), nil
		}
		return out, nil
	})
	for _, name := range []string{"root", "anchor"} {
		pathClass.Getter(name, func(c *pyeval.Call) (pyeval.Value, error) {
			if strings.HasPrefix(pathOf(c), "/") {
				return str("/")
			}
			return str("")
		})
	}
}
