package stdlib

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"

	"pyfc/compiler/pyeval"
)

var timedeltaClass = pyeval.NewClass("datetime", "timedelta")

// delta is the Go value behind a timedelta, in microseconds: a tenth of
// Python's range, which ends at a thousand million days.
type delta int64

const (
	second delta = 1_000_000
	minute       = 60 * second
	hour         = 60 * minute
	day          = 24 * hour
)

// deltaOf is the value of a timedelta.
func deltaOf(v pyeval.Value) (delta, bool) { return pyeval.Data[delta](v) }

// Milliseconds is the length of a timedelta, rounded half to even, and false for
// another value.
func Milliseconds(v pyeval.Value) (int64, bool) {
	d, ok := deltaOf(v)
	const milli = 1000
	ms := d.floor(milli) / milli
	if rest := d - ms*milli; rest > milli/2 || rest == milli/2 && ms%2 != 0 {
		ms++
	}
	return int64(ms), ok
}

// floor is the multiple of the unit at or below d.
func (d delta) floor(unit delta) delta {
	r := d % unit
	if r < 0 {
		r += unit
	}
	return d - r
}

// after is the moment that lies d after t.
func (d delta) after(t time.Time) time.Time {
	days := d.floor(day)
	return t.Add(time.Duration(days/day) * 24 * time.Hour).Add(time.Duration(d-days) * time.Microsecond)
}

// roundMicros converts seconds to microseconds, half to even.
func roundMicros(seconds float64) delta {
	whole, part := math.Modf(seconds)
	return delta(whole)*second + delta(math.RoundToEven(part*1e6))
}

// units are the arguments of timedelta in their order.
var units = []struct {
	name string
	unit delta
}{{"days", day}, {"seconds", second}, {"microseconds", 1}, {"milliseconds", 1000}, {"minutes", minute}, {"hours", hour}, {"weeks", 7 * day}}

func newDelta(c *pyeval.Call) (pyeval.Value, error) {
	total, rest := new(big.Int), 0.0
	for _, u := range units {
		switch v := pyeval.Builtin(c.Arg(u.name)).(type) {
		case pyeval.Float:
			whole, part := math.Modf(float64(v))
			n, _ := new(big.Float).SetFloat64(whole).Int(nil)
			if n == nil {
				return nil, pyeval.Errorf(pyeval.OverflowError, "cannot convert float infinity to integer")
			}
			total.Add(total, n.Mul(n, big.NewInt(int64(u.unit))))
			rest += part * float64(u.unit)
		case pyeval.Int:
			total.Add(total, new(big.Int).Mul(v.Big(), big.NewInt(int64(u.unit))))
		case pyeval.Bool:
			if v {
				total.Add(total, big.NewInt(int64(u.unit)))
			}
		default:
			return nil, pyeval.Errorf(pyeval.TypeError, "unsupported type for timedelta %s component: %s", u.name, v.Class().Name())
		}
	}
	floor := math.Floor(rest)
	total.Add(total, big.NewInt(int64(floor)))
	if part := rest - floor; part > 0.5 || part == 0.5 && total.Bit(0) == 1 { // half to even
		total.Add(total, big.NewInt(1))
	}
	if !total.IsInt64() {
		return nil, pyeval.Errorf(pyeval.OverflowError, "a timedelta of more than 292471 years isn't evaluated at build")
	}
	return timedeltaClass.Make(delta(total.Int64())), nil
}

func init() {
	signature := "__new__(cls"
	for _, u := range units {
		signature += ", " + u.name + "=0"
	}
	timedeltaClass.Static(signature+")", newDelta)
	timedeltaClass.Set("resolution", timedeltaClass.Make(delta(1)))
	for _, name := range []string{"min", "max"} { // beyond what a delta holds
		timedeltaClass.Set(name, &pyeval.Opaque{Origin: "datetime.timedelta." + name, Module: "datetime"})
	}
	self := func(c *pyeval.Call) delta {
		d, _ := deltaOf(c.Self())
		return d
	}
	for name, f := range (pyeval.Named[func(d delta) pyeval.Value]{
		{"total_seconds", func(d delta) pyeval.Value { return pyeval.Float(float64(d) / 1e6) }},
		{"__str__", func(d delta) pyeval.Value { return pyeval.NewStr(d.text()) }},
		{"__repr__", func(d delta) pyeval.Value { return pyeval.NewStr(d.repr()) }},
		{"__hash__", func(d delta) pyeval.Value { return pyeval.NewInt(int64(d)) }},
		{"__bool__", func(d delta) pyeval.Value { return pyeval.Bool(d != 0) }},
		{"__neg__", func(d delta) pyeval.Value { return timedeltaClass.Make(-d) }},
		{"__pos__", func(d delta) pyeval.Value { return timedeltaClass.Make(d) }},
		{"__abs__", func(d delta) pyeval.Value { return timedeltaClass.Make(max(d, -d)) }},
	}).All() {
		timedeltaClass.Def(name+"(self)", func(c *pyeval.Call) (pyeval.Value, error) { return f(self(c)), nil })
	}
	for name, f := range (pyeval.Named[func(d delta) delta]{
		{"days", func(d delta) delta { return d.floor(day) / day }},
		{"seconds", func(d delta) delta { return (d - d.floor(day)) / second }},
		{"microseconds", func(d delta) delta { return d - d.floor(second) }},
	}).All() {
		timedeltaClass.Getter(name, func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(int64(f(self(c)))), nil })
	}
	for name, f := range (pyeval.Named[func(a, b delta) pyeval.Value]{
		{"__add__", func(a, b delta) pyeval.Value { return timedeltaClass.Make(a + b) }},
		{"__sub__", func(a, b delta) pyeval.Value { return timedeltaClass.Make(a - b) }},
		{"__eq__", func(a, b delta) pyeval.Value { return pyeval.Bool(a == b) }},
		{"__lt__", func(a, b delta) pyeval.Value { return pyeval.Bool(a < b) }},
		{"__le__", func(a, b delta) pyeval.Value { return pyeval.Bool(a <= b) }},
		{"__gt__", func(a, b delta) pyeval.Value { return pyeval.Bool(a > b) }},
		{"__ge__", func(a, b delta) pyeval.Value { return pyeval.Bool(a >= b) }},
	}).All() {
		timedeltaClass.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			o, ok := deltaOf(c.Arg("other"))
			if !ok {
				return pyeval.NotImplemented, nil
			}
			return f(self(c), o), nil
		})
	}
	defDeltaProducts(self)
}

// defDeltaProducts adds the operators that take numbers too.
func defDeltaProducts(self func(c *pyeval.Call) delta) {
	for _, name := range []string{"__mul__", "__rmul__"} {
		timedeltaClass.Def(name+"(self, n, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			switch n := pyeval.Builtin(c.Arg("n")).(type) {
			case pyeval.Float:
				return timedeltaClass.Make(delta(math.RoundToEven(float64(n) * float64(self(c))))), nil
			case pyeval.Int:
				p := new(big.Int).Mul(n.Big(), big.NewInt(int64(self(c))))
				if !p.IsInt64() {
					return nil, pyeval.Errorf(pyeval.OverflowError, "a timedelta of more than 292471 years isn't evaluated at build")
				}
				return timedeltaClass.Make(delta(p.Int64())), nil
			}
			return pyeval.NotImplemented, nil
		})
	}
	for _, name := range []string{"__truediv__", "__floordiv__", "__mod__"} {
		timedeltaClass.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			if o, ok := deltaOf(c.Arg("other")); ok {
				return divideDeltas(name, self(c), o)
			}
			return divideDelta(name, self(c), pyeval.Builtin(c.Arg("other")))
		})
	}
	timedeltaClass.Def("__divmod__(self, other: timedelta, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		o, _ := deltaOf(c.Arg("other"))
		q, err := divideDeltas("__floordiv__", self(c), o)
		if err != nil {
			return nil, err
		}
		r, err := divideDeltas("__mod__", self(c), o)
		return pyeval.NewTuple(q, r), err
	})
}

// divideDeltas is an operation of two durations: a number or a remainder.
func divideDeltas(name string, a, b delta) (pyeval.Value, error) {
	if b == 0 {
		if name == "__truediv__" {
			return nil, pyeval.Errorf(pyeval.ZeroDivisionError, "division by zero")
		}
		return nil, pyeval.Errorf(pyeval.ZeroDivisionError, "integer division or modulo by zero")
	}
	if name == "__truediv__" {
		f, _ := big.NewRat(int64(a), int64(b)).Float64()
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
func divideDelta(name string, a delta, n pyeval.Value) (pyeval.Value, error) {
	switch n := n.(type) {
	case pyeval.Int:
		switch {
		case name == "__mod__":
			return pyeval.NotImplemented, nil
		case n.Sign() == 0:
			return nil, pyeval.Errorf(pyeval.ZeroDivisionError, "integer division or modulo by zero")
		case name == "__floordiv__":
			q := new(big.Int)
			m := new(big.Int)
			q.DivMod(big.NewInt(int64(a)), n.Big(), m)
			if n.Sign() < 0 && m.Sign() != 0 { // DivMod leaves a positive remainder
				q.Sub(q, big.NewInt(1))
			}
			return timedeltaClass.Make(delta(q.Int64())), nil
		}
		f, _ := new(big.Rat).SetFrac(big.NewInt(int64(a)), n.Big()).Float64()
		return timedeltaClass.Make(delta(math.RoundToEven(f))), nil
	case pyeval.Float:
		if name != "__truediv__" {
			return pyeval.NotImplemented, nil
		}
		if n == 0 {
			return nil, pyeval.Errorf(pyeval.ZeroDivisionError, "division by zero")
		}
		return timedeltaClass.Make(delta(math.RoundToEven(float64(a) / float64(n)))), nil
	}
	return pyeval.NotImplemented, nil
}

// text is str() of a timedelta.
func (d delta) text() string {
	days := d.floor(day) / day
	rest := d - days*day
	s := fmt.Sprintf("%d:%02d:%02d", rest/hour, rest/minute%60, rest/second%60)
	if us := rest % second; us != 0 {
		s += fmt.Sprintf(".%06d", us)
	}
	switch days {
	case 0:
		return s
	case 1, -1:
		return fmt.Sprintf("%d day, %s", days, s)
	}
	return fmt.Sprintf("%d days, %s", days, s)
}

// repr is repr() of a timedelta.
func (d delta) repr() string {
	rest := d - d.floor(day)
	var parts []string
	for _, p := range []struct {
		name string
		v    delta
	}{{"days", d.floor(day) / day}, {"seconds", rest / second}, {"microseconds", rest % second}} {
		if p.v != 0 {
			parts = append(parts, fmt.Sprintf("%s=%d", p.name, p.v))
		}
	}
	if parts == nil {
		parts = []string{"0"}
	}
	return "datetime.timedelta(" + strings.Join(parts, ", ") + ")"
}
