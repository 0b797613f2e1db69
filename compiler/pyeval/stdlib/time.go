package stdlib

import (
	"fmt"
	"strings"
	"time"

	"pyfc/compiler/pyeval"
)

func init() { loaders["time"] = fillTime }

// newStructClass makes a class of tuples whose elements have names; name is
// the full one that repr shows.
func newStructClass(name string, fields ...string) *pyeval.Class {
	module, own, _ := strings.Cut(name, ".")
	k := pyeval.NewClass(module, own, pyeval.TupleClass)
	nameElements(k, name, fields)
	return k
}

// nameElements makes the elements of a class of tuples attributes; name is what
// repr shows.
func nameElements(k *pyeval.Class, name string, fields []string) {
	elem := func(c *pyeval.Call, i int) pyeval.Value {
		if t, ok := c.Self().(*pyeval.Tuple); ok && i < len(t.Elems()) {
			return t.Elems()[i]
		}
		return pyeval.None
	}
	for i, f := range fields {
		k.Getter(f, func(c *pyeval.Call) (pyeval.Value, error) { return elem(c, i), nil })
	}
	k.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		parts := make([]string, len(fields))
		for i, f := range fields {
			s, err := c.Thread.Repr(elem(c, i))
			if err != nil {
				return nil, err
			}
			parts[i] = f + "=" + s
		}
		return str(name + "(" + strings.Join(parts, ", ") + ")")
	})
}

// newStruct is an instance of such a class.
func newStruct(k *pyeval.Class, fields ...int) pyeval.Value {
	elems := make([]pyeval.Value, len(fields))
	for i, n := range fields {
		elems[i] = pyeval.NewInt(int64(n))
	}
	return pyeval.Derived(k, pyeval.NewTuple(elems...))
}

var structTimeClass = newStructClass("time.struct_time", "tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst")

func structTime(t time.Time, summer int) pyeval.Value {
	return newStruct(structTimeClass, t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second(), weekday(t), t.YearDay(), summer)
}

// clockOf is the moment of a struct_time or tuple of nine numbers.
func clockOf(t *pyeval.Thread, v pyeval.Value) (time.Time, error) {
	elems, err := t.Iterate(v)
	if err != nil {
		return time.Time{}, err
	}
	if len(elems) != 9 {
		return time.Time{}, pyeval.Errorf(pyeval.TypeError, "time tuple must have exactly 9 elements")
	}
	var n [6]int
	for i := range n {
		x, ok := elems[i].(pyeval.Int)
		k, fits := x.Int64()
		if !ok || !fits {
			return time.Time{}, pyeval.Errorf(pyeval.TypeError, "an integer is required")
		}
		n[i] = int(k)
	}
	return time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC), nil
}

// ofClock is the result of a function of time that is given no time.
func ofClock(c *pyeval.Call, name string) (pyeval.Value, error) {
	return &pyeval.Opaque{Origin: "time." + name + "(…)", Module: "time", Import: c.Span, Where: c.Span}, nil
}

// fillTime models waiting, and what is computed from a given time. What the
// clock says at build is not what it says at start, so the clock is opaque.
func fillTime(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(structTimeClass)
	m.Def("sleep(seconds, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		if h := c.Thread.Interp().Options().Host; h != nil {
			return pyeval.None, h.Sleep(c.Arg("seconds"), c.Span)
		}
		return pyeval.None, nil
	})
	m.Def("gmtime(seconds: float|None=None, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		if c.Arg("seconds") == pyeval.None {
			return ofClock(c, "gmtime")
		}
		return structTime(time.Unix(int64(c.Float("seconds")), 0).UTC(), 0), nil
	})
	m.Def("strptime(text: str, format: str='%a %b %d %H:%M:%S %Y', /)", func(c *pyeval.Call) (pyeval.Value, error) {
		p, err := strptime(c.Str("text"), c.Str("format"))
		if err != nil {
			return nil, err
		}
		return structTime(p.clock, -1), nil
	})
	given := func(signature string, text func(c *pyeval.Call, t time.Time) (string, error)) {
		name, _, _ := strings.Cut(signature, "(")
		m.Def(signature, func(c *pyeval.Call) (pyeval.Value, error) {
			v := c.Arg("t")
			if o, ok := v.(*pyeval.Opaque); v == pyeval.None || ok && o != nil {
				return ofClock(c, name)
			}
			t, err := clockOf(c.Thread, v)
			if err != nil {
				return nil, err
			}
			s, err := text(c, t)
			return pyeval.NewStr(s), err
		})
	}
	given("strftime(format: str, t=None, /)", func(c *pyeval.Call, t time.Time) (string, error) {
		return strftime(c.Thread, moment{clock: t, zone: utc}, pyeval.None, c.Str("format"))
	})
	given("asctime(t=None, /)", func(_ *pyeval.Call, t time.Time) (string, error) {
		return fmt.Sprintf("%s %2d %s", t.Format("Mon Jan"), t.Day(), t.Format("15:04:05 2006")), nil
	})
}

func init() {
	structTimeClass.Static("__new__(cls, elems, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		elems, err := c.Thread.Iterate(c.Arg("elems"))
		if err != nil {
			return nil, err
		}
		if len(elems) < 9 {
			return nil, pyeval.Errorf(pyeval.TypeError, "time.struct_time() takes an at least 9-sequence (%d-sequence given)", len(elems))
		}
		return pyeval.Derived(structTimeClass, pyeval.NewTuple(elems[:9]...)), nil
	})
}
