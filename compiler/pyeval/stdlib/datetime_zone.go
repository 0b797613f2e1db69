package stdlib

import (
	"fmt"
	"time"

	"pyfc/compiler/pyeval"
)

var (
	tzinfoClass   = pyeval.NewClass("datetime", "tzinfo")
	timezoneClass = pyeval.NewClass("datetime", "timezone", tzinfoClass)
	utc           = timezoneClass.Make(zone{})
)

// zone is the Go value behind a timezone; the name is empty unless given.
type zone struct {
	offset delta
	name   string
}

// newZone is timezone(offset); that of UTC is one object.
func newZone(offset delta) *pyeval.Instance {
	if offset == 0 {
		return utc
	}
	return timezoneClass.Make(zone{offset: offset})
}

func (z zone) text() string {
	switch {
	case z.name != "":
		return z.name
	case z.offset == 0:
		return "UTC"
	}
	return "UTC" + offsetText(z.offset, ":")
}

// offsetText is "+05:30", with seconds and microseconds only if there are any.
func offsetText(d delta, colon string) string {
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	s := fmt.Sprintf("%s%02d%s%02d", sign, d/hour, colon, d/minute%60)
	if d%minute != 0 {
		s += fmt.Sprintf("%s%02d", colon, d/second%60)
	}
	if us := d % second; us != 0 {
		s += fmt.Sprintf(".%06d", us)
	}
	return s
}

// ask calls a method of the moment's tzinfo about it; self is its object.
func (m moment) ask(t *pyeval.Thread, name string, self pyeval.Value) (pyeval.Value, error) {
	if m.zone == nil {
		return pyeval.None, nil
	}
	return method(t, m.zone, name, self)
}

func zoneOrNone(m moment) pyeval.Value {
	if m.zone == nil {
		return pyeval.None
	}
	return m.zone
}

// inZone is a naive moment read as one of the zone; None and nil are no zone.
func inZone(t *pyeval.Thread, naive moment, v pyeval.Value) (moment, error) {
	if v == nil || v == pyeval.None {
		return naive, nil
	}
	if !v.Class().IsA(tzinfoClass) {
		return naive, pyeval.Errorf(pyeval.TypeError, "tzinfo argument must be None or of a tzinfo subclass, not type '%s'", v.Class().Name())
	}
	answer, err := method(t, v, "utcoffset", datetimeClass.Make(naive))
	if err != nil {
		return naive, err
	}
	offset, ok := deltaOf(answer)
	if !ok {
		return naive, pyeval.Errorf(pyeval.TypeError, "tzinfo.utcoffset() must return None or a timedelta, not '%s'", answer.Class().Name())
	}
	c := naive.clock
	location := time.UTC
	if offset != 0 {
		location = time.FixedZone("", int(offset/second))
	}
	naive.clock = time.Date(c.Year(), c.Month(), c.Day(), c.Hour(), c.Minute(), c.Second(), c.Nanosecond(), location)
	naive.zone = v
	return naive, nil
}

// fromUTC is a moment of UTC as one of the zone.
func fromUTC(t *pyeval.Thread, class pyeval.Value, clock time.Time, v pyeval.Value) (pyeval.Value, error) {
	at, err := inZone(t, moment{clock: clock}, v)
	if err != nil {
		return nil, err
	}
	_, offset := at.clock.Zone()
	local, err := inZone(t, moment{clock: clock.Add(time.Duration(offset) * time.Second)}, v)
	if err != nil {
		return nil, err
	}
	return newMoment(class, local)
}

func init() {
	for _, name := range []string{"utcoffset", "tzname", "dst"} {
		tzinfoClass.Def(name+"(self, dt, /)", func(*pyeval.Call) (pyeval.Value, error) {
			return nil, pyeval.Errorf(pyeval.NotImplementedError, "a tzinfo subclass must implement %s()", name)
		})
	}
	self := func(c *pyeval.Call) zone {
		z, _ := pyeval.Data[zone](c.Self())
		return z
	}
	timezoneClass.Static("__new__(cls, offset: timedelta, name: str=...)", func(c *pyeval.Call) (pyeval.Value, error) {
		d, _ := deltaOf(c.Arg("offset"))
		if d <= -day || d >= day {
			return nil, pyeval.Errorf(pyeval.ValueError, "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not %s.", d.repr())
		}
		if c.Arg("name") == nil {
			return newZone(d), nil
		}
		return timezoneClass.Make(zone{d, c.Str("name")}), nil
	})
	timezoneClass.Set("utc", utc).Set("min", newZone(-day+minute)).Set("max", newZone(day-minute))
	timezoneClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		switch z := self(c); {
		case z == zone{}:
			return str("datetime.timezone.utc")
		case z.name != "":
			return str("datetime.timezone(" + z.offset.repr() + ", " + pyeval.Quote(z.name) + ")")
		default:
			return str("datetime.timezone(" + z.offset.repr() + ")")
		}
	})
	timezoneClass.Def("__str__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return str(self(c).text()) })
	timezoneClass.Def("tzname(self, dt, /)", func(c *pyeval.Call) (pyeval.Value, error) { return str(self(c).text()) })
	timezoneClass.Def("utcoffset(self, dt, /)", func(c *pyeval.Call) (pyeval.Value, error) { return timedeltaClass.Make(self(c).offset), nil })
	timezoneClass.Def("dst(self, dt, /)", none)
	timezoneClass.Def("__eq__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		o, ok := pyeval.Data[zone](c.Arg("other"))
		if !ok {
			return pyeval.NotImplemented, nil
		}
		return pyeval.Bool(o.offset == self(c).offset), nil
	})
	timezoneClass.Def("__hash__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(int64(self(c).offset)), nil })
}

// defZoned adds what datetimes and times have in common.
func defZoned(k *pyeval.Class) {
	k.Getter("tzinfo", func(c *pyeval.Call) (pyeval.Value, error) { return zoneOrNone(selfMoment(c)), nil })
	k.Getter("fold", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(selfMoment(c).fold), nil })
	for _, name := range []string{"utcoffset", "tzname", "dst"} {
		k.Def(name+"(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			about := c.Self()
			if k == timeOfDayClass {
				about = pyeval.None
			}
			return selfMoment(c).ask(c.Thread, name, about)
		})
	}
}
