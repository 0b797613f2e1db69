package stdlib

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

func init() {
	loaders["time"] = fillTime
	loaders["datetime"] = fillDatetime
}

var (
	datetimeClass  = pyeval.NewClass("datetime", "datetime", dateClass)
	dateClass      = pyeval.NewClass("datetime", "date")
	timeOfDayClass = pyeval.NewClass("datetime", "time")
	timedeltaClass = pyeval.NewClass("datetime", "timedelta")
	timezoneClass  = pyeval.NewClass("datetime", "timezone")
)

// Moment is the Go value behind a datetime, date or time. Clock holds its
// fields, in UTC when Aware is false.
type Moment struct {
	Clock time.Time
	Aware bool // has a time zone: Clock's
}

// Datetime returns the value of a datetime.datetime.
func Datetime(v pyeval.Value) (Moment, bool) { return momentOf(v, datetimeClass) }

// Date returns the value of a datetime.date that is no datetime.
func Date(v pyeval.Value) (Moment, bool) { return momentOf(v, dateClass) }

// Time returns the value of a datetime.time.
func Time(v pyeval.Value) (Moment, bool) { return momentOf(v, timeOfDayClass) }

// Timedelta returns the value of a datetime.timedelta; Python's microseconds
// are exact in it.
func Timedelta(v pyeval.Value) (time.Duration, bool) { return pyeval.Data[time.Duration](v) }

func momentOf(v pyeval.Value, class *pyeval.Class) (Moment, bool) {
	m, ok := pyeval.Data[Moment](v)
	return m, ok && (v.Class() == class || class != dateClass && v.Class().IsA(class))
}

// fillTime models waiting. What the clock says at build is not what it says at
// start, so the clock is opaque.
func fillTime(_ *pyeval.Thread, m *pyeval.Module) {
	m.Def("sleep(seconds, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		if h := c.Thread.Interp().Options().Host; h != nil {
			return pyeval.None, h.Sleep(c.Arg("seconds"), c.Span)
		}
		return pyeval.None, nil
	})
}

func fillDatetime(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(datetimeClass, dateClass, timeOfDayClass, timedeltaClass, timezoneClass)
	m.Set("UTC", utc).Set("MINYEAR", pyeval.NewInt(1)).Set("MAXYEAR", pyeval.NewInt(9999))
}

var utc = timezoneClass.Make(time.Duration(0))

// zoneOf is the Go location of a tzinfo argument; nil means none.
func zoneOf(v pyeval.Value) (*time.Location, error) {
	if v == pyeval.None || v == nil {
		return nil, nil
	}
	if d, ok := pyeval.Data[time.Duration](v); ok && v.Class() == timezoneClass {
		return fixedZone(d), nil
	}
	return nil, pyeval.Errorf(pyeval.TypeError, "tzinfo argument must be None or of a tzinfo subclass, not type '%s'", v.Class().Name())
}

func fixedZone(d time.Duration) *time.Location {
	if d == 0 {
		return time.UTC
	}
	return time.FixedZone("", int(d/time.Second))
}

func makeMoment(class *pyeval.Class, clock time.Time, aware bool) (pyeval.Value, error) {
	if y := clock.Year(); y < 1 || y > 9999 {
		return nil, pyeval.Errorf(pyeval.OverflowError, "date value out of range")
	}
	return class.Make(Moment{clock, aware}), nil
}

func init() {
	timezoneClass.Static("__new__(cls, offset: timedelta, name: str=...)", func(c *pyeval.Call) (pyeval.Value, error) {
		d, _ := Timedelta(c.Arg("offset"))
		return timezoneClass.Make(d), nil
	})
	timezoneClass.Set("utc", utc)
	timezoneClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		d, _ := pyeval.Data[time.Duration](c.Self())
		if d == 0 {
			return str("datetime.timezone.utc")
		}
		return str("datetime.timezone(" + deltaRepr(d) + ")")
	})
	dateClass.Static("__new__(cls, year: int, month: int, day: int)", func(c *pyeval.Call) (pyeval.Value, error) {
		return checked(c, dateClass, c.Int("year"), c.Int("month"), c.Int("day"))
	})
	datetimeClass.Static("__new__(cls, year: int, month: int, day: int, hour: int=0, minute: int=0, second: int=0, microsecond: int=0, tzinfo=None)",
		func(c *pyeval.Call) (pyeval.Value, error) {
			return checked(c, datetimeClass, c.Int("year"), c.Int("month"), c.Int("day"))
		})
	timeOfDayClass.Static("__new__(cls, hour: int=0, minute: int=0, second: int=0, microsecond: int=0, tzinfo=None)",
		func(c *pyeval.Call) (pyeval.Value, error) { return checked(c, timeOfDayClass, 1900, 1, 1) })
	for _, k := range []*pyeval.Class{datetimeClass, dateClass, timeOfDayClass} {
		defMoment(k)
	}
	for _, k := range []*pyeval.Class{datetimeClass, dateClass} {
		for _, sig := range []string{"now(tz=None)", "today()", "utcnow()", "fromtimestamp(timestamp, tz=None)", "utcfromtimestamp(timestamp)"} {
			k.Static(sig, clockDependent)
		}
		k.Static("fromisoformat(text: str, /)", func(c *pyeval.Call) (pyeval.Value, error) { return fromISO(k, c.Str("text")) })
	}
	datetimeClass.Static("fromtimestamp(timestamp: float, tz=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		if c.Arg("tz") == pyeval.None {
			return clockDependent(c)
		}
		zone, err := zoneOf(c.Arg("tz"))
		if err != nil {
			return nil, err
		}
		return makeMoment(datetimeClass, time.UnixMicro(int64(c.Float("timestamp")*1e6)).In(zone), true)
	})
	datetimeClass.Static("strptime(text: str, format: str, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		clock, aware, err := strptime(c.Str("text"), c.Str("format"))
		if err != nil {
			return nil, err
		}
		return makeMoment(datetimeClass, clock, aware)
	})
	defDatetimeOnly()
}

// clockDependent is what depends on the builder's clock or time zone.
func clockDependent(c *pyeval.Call) (pyeval.Value, error) {
	return &pyeval.Opaque{Origin: "datetime." + c.Name + "(…)", Module: "datetime", Import: c.Span, Where: c.Span}, nil
}

// checked makes a moment of the call's arguments after checking their ranges.
func checked(c *pyeval.Call, class *pyeval.Class, y, mo, d int64) (pyeval.Value, error) {
	part := func(name string) int64 { return c.Int(name) }
	if class == dateClass {
		part = func(string) int64 { return 0 }
	}
	h, mi, s, us := part("hour"), part("minute"), part("second"), part("microsecond")
	for _, r := range []struct {
		name      string
		v, lo, hi int64
	}{{"year", y, 1, 9999}, {"month", mo, 1, 12}, {"hour", h, 0, 23}, {"minute", mi, 0, 59}, {"second", s, 0, 59}, {"microsecond", us, 0, 999999}} {
		if r.v < r.lo || r.v > r.hi {
			if r.name == "year" {
				return nil, pyeval.Errorf(pyeval.ValueError, "year %d is out of range", r.v)
			}
			return nil, pyeval.Errorf(pyeval.ValueError, "%s must be in %d..%d", r.name, r.lo, r.hi)
		}
	}
	if last := time.Date(int(y), time.Month(mo)+1, 0, 0, 0, 0, 0, time.UTC).Day(); d < 1 || d > int64(last) {
		return nil, pyeval.Errorf(pyeval.ValueError, "day is out of range for month")
	}
	zone := time.UTC
	aware := false
	if class != dateClass {
		z, err := zoneOf(c.Arg("tzinfo"))
		if err != nil {
			return nil, err
		}
		if z != nil {
			zone, aware = z, true
		}
	}
	clock := time.Date(int(y), time.Month(mo), int(d), int(h), int(mi), int(s), int(us)*1000, zone)
	return makeMoment(class, clock, aware)
}

// fields are the attributes of the classes.
var fields = map[string]func(t time.Time) int{
	"year": time.Time.Year, "month": func(t time.Time) int { return int(t.Month()) }, "day": time.Time.Day,
	"hour": time.Time.Hour, "minute": time.Time.Minute, "second": time.Time.Second,
	"microsecond": func(t time.Time) int { return t.Nanosecond() / 1000 },
}

func self(c *pyeval.Call) Moment {
	m, _ := pyeval.Data[Moment](c.Self())
	return m
}

func defMoment(k *pyeval.Class) {
	for name, f := range fields {
		isDate := name == "year" || name == "month" || name == "day"
		if k == datetimeClass || isDate == (k == dateClass) {
			k.Getter(name, func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(int64(f(self(c).Clock))), nil })
		}
	}
	text := func(signature string, f func(c *pyeval.Call, m Moment) (string, error)) {
		k.Def(signature, func(c *pyeval.Call) (pyeval.Value, error) {
			s, err := f(c, self(c))
			return pyeval.NewStr(s), err
		})
	}
	text("isoformat(self, sep: str='T', timespec: str='auto')", func(c *pyeval.Call, m Moment) (string, error) {
		return isoText(k, m, c.Str("sep")), nil
	})
	text("__str__(self)", func(_ *pyeval.Call, m Moment) (string, error) { return isoText(k, m, " "), nil })
	text("strftime(self, format: str, /)", func(c *pyeval.Call, m Moment) (string, error) { return strftime(m, c.Str("format")) })
	text("__format__(self, format: str, /)", func(c *pyeval.Call, m Moment) (string, error) {
		if c.Str("format") == "" {
			return isoText(k, m, " "), nil
		}
		return strftime(m, c.Str("format"))
	})
	text("__repr__(self)", func(_ *pyeval.Call, m Moment) (string, error) { return momentRepr(k, m), nil })
	k.Def("__hash__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(self(c).Clock.UnixMicro()), nil })
	for name, holds := range map[string]func(c int) bool{
		"__eq__": func(c int) bool { return c == 0 }, "__ne__": func(c int) bool { return c != 0 },
		"__lt__": func(c int) bool { return c < 0 }, "__le__": func(c int) bool { return c <= 0 },
		"__gt__": func(c int) bool { return c > 0 }, "__ge__": func(c int) bool { return c >= 0 },
	} {
		k.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			o, ok := momentOf(c.Arg("other"), k)
			if !ok {
				return pyeval.NotImplemented, nil
			}
			m := self(c)
			if m.Aware != o.Aware && name != "__eq__" && name != "__ne__" {
				return nil, pyeval.Errorf(pyeval.TypeError, "can't compare offset-naive and offset-aware datetimes")
			}
			if m.Aware != o.Aware {
				return pyeval.Bool(name == "__ne__"), nil
			}
			return pyeval.Bool(holds(m.Clock.Compare(o.Clock))), nil
		})
	}
	if k != timeOfDayClass {
		defMomentArithmetic(k)
	}
}

func defMomentArithmetic(k *pyeval.Class) {
	move := func(c *pyeval.Call, sign time.Duration) (pyeval.Value, error) {
		d, ok := Timedelta(c.Arg("other"))
		if !ok || c.Arg("other").Class() != timedeltaClass {
			return pyeval.NotImplemented, nil
		}
		if k == dateClass {
			d = floorTo(d, 24*time.Hour)
		}
		return makeMoment(k, self(c).Clock.Add(sign*d), self(c).Aware)
	}
	k.Def("__add__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) { return move(c, 1) })
	k.Def("__radd__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) { return move(c, 1) })
	k.Def("__sub__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		if o, ok := momentOf(c.Arg("other"), k); ok {
			return timedeltaClass.Make(self(c).Clock.Sub(o.Clock)), nil
		}
		return move(c, -1)
	})
	k.Def("weekday(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.NewInt(int64(self(c).Clock.Weekday()+6) % 7), nil
	})
	k.Def("isoweekday(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.NewInt(int64(self(c).Clock.Weekday()+6)%7 + 1), nil
	})
	k.Def("replace(self, **parts)", func(c *pyeval.Call) (pyeval.Value, error) { return replaceParts(c, k) })
}

func floorTo(d, unit time.Duration) time.Duration {
	r := d % unit
	if r < 0 {
		r += unit
	}
	return d - r
}

// replaceParts is replace(year=…, …, tzinfo=…).
func replaceParts(c *pyeval.Call, k *pyeval.Class) (pyeval.Value, error) {
	m := self(c)
	var args []pyeval.Arg
	names := []string{"year", "month", "day"}
	if k == datetimeClass {
		names = append(names, "hour", "minute", "second", "microsecond", "tzinfo")
	}
	for _, name := range names {
		v, ok := c.Keywords("parts").GetStr(name)
		switch {
		case ok:
		case name != "tzinfo":
			v = pyeval.NewInt(int64(fields[name](m.Clock)))
		case m.Aware:
			_, off := m.Clock.Zone()
			v = timezoneClass.Make(time.Duration(off) * time.Second)
		default:
			v = pyeval.None
		}
		args = append(args, pyeval.Arg{Name: name, Value: v})
	}
	return c.Thread.Invoke(k, args, c.Span, c.At)
}

func defDatetimeOnly() {
	datetimeClass.Def("date(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		y, mo, d := self(c).Clock.Date()
		return makeMoment(dateClass, time.Date(y, mo, d, 0, 0, 0, 0, time.UTC), false)
	})
	datetimeClass.Def("time(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		t := self(c).Clock
		return makeMoment(timeOfDayClass, time.Date(1900, 1, 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC), false)
	})
	datetimeClass.Def("timestamp(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		if !self(c).Aware {
			return clockDependent(c)
		}
		return pyeval.Float(float64(self(c).Clock.UnixMicro()) / 1e6), nil
	})
	datetimeClass.Def("astimezone(self, tz=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		if c.Arg("tz") == pyeval.None || !self(c).Aware {
			return clockDependent(c)
		}
		zone, err := zoneOf(c.Arg("tz"))
		if err != nil {
			return nil, err
		}
		return makeMoment(datetimeClass, self(c).Clock.In(zone), true)
	})
	datetimeClass.Getter("tzinfo", func(c *pyeval.Call) (pyeval.Value, error) {
		if !self(c).Aware {
			return pyeval.None, nil
		}
		_, off := self(c).Clock.Zone()
		if off == 0 {
			return utc, nil
		}
		return timezoneClass.Make(time.Duration(off) * time.Second), nil
	})
}

func isoText(k *pyeval.Class, m Moment, sep string) string {
	t := m.Clock
	date := fmt.Sprintf("%04d-%02d-%02d", t.Year(), t.Month(), t.Day())
	if k == dateClass {
		return date
	}
	clock := fmt.Sprintf("%02d:%02d:%02d", t.Hour(), t.Minute(), t.Second())
	if us := t.Nanosecond() / 1000; us != 0 {
		clock += fmt.Sprintf(".%06d", us)
	}
	if m.Aware {
		clock += offset(t, ":")
	}
	if k == timeOfDayClass {
		return clock
	}
	return date + sep + clock
}

func offset(t time.Time, colon string) string {
	_, off := t.Zone()
	sign := "+"
	if off < 0 {
		sign, off = "-", -off
	}
	return fmt.Sprintf("%s%02d%s%02d", sign, off/3600, colon, off/60%60)
}

func momentRepr(k *pyeval.Class, m Moment) string {
	t := m.Clock
	var parts []int
	if k != timeOfDayClass {
		parts = append(parts, t.Year(), int(t.Month()), t.Day())
	}
	if k != dateClass {
		parts = append(parts, t.Hour(), t.Minute())
		if t.Second() != 0 || t.Nanosecond() != 0 {
			parts = append(parts, t.Second())
		}
		if t.Nanosecond() != 0 {
			parts = append(parts, t.Nanosecond()/1000)
		}
	}
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = strconv.Itoa(p)
	}
	if m.Aware {
		zone := "datetime.timezone.utc"
		if _, off := t.Zone(); off != 0 {
			zone = "datetime.timezone(" + deltaRepr(time.Duration(off)*time.Second) + ")"
		}
		texts = append(texts, "tzinfo="+zone)
	}
	return "datetime." + k.Name() + "(" + strings.Join(texts, ", ") + ")"
}

// fromISO is fromisoformat for the forms that isoformat writes.
func fromISO(k *pyeval.Class, s string) (pyeval.Value, error) {
	layouts := []string{"2006-01-02T15:04:05.999999Z07:00", "2006-01-02T15:04:05.999999", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02"}
	if k == dateClass {
		layouts = layouts[len(layouts)-1:]
	}
	text := s
	if len(text) > 10 && text[10] == ' ' {
		text = text[:10] + "T" + text[11:]
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return makeMoment(k, t, strings.HasSuffix(layout, "Z07:00"))
		}
	}
	return nil, pyeval.Errorf(pyeval.ValueError, "Invalid isoformat string: '%s'", s)
}

// layouts are Go's forms of the directives that strftime and strptime share.
var layouts = map[byte]string{
	'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'b': "Jan", 'B': "January",
	'a': "Mon", 'A': "Monday", 'p': "PM", 'I': "03", 'j': "002", '%': "%",
}

func strftime(m Moment, format string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		c := format[i]
		switch {
		case c == 'f':
			fmt.Fprintf(&b, "%06d", m.Clock.Nanosecond()/1000)
		case c == 'z':
			if m.Aware {
				b.WriteString(offset(m.Clock, ""))
			}
		case c == 'F':
			b.WriteString(m.Clock.Format("2006-01-02"))
		case c == 'T':
			b.WriteString(m.Clock.Format("15:04:05"))
		case layouts[c] != "":
			b.WriteString(m.Clock.Format(layouts[c]))
		default:
			return "", diag.New(diag.PyUnsupported, diag.Pos{}, "strftime's %%%c isn't evaluated at build", c)
		}
	}
	return b.String(), nil
}

func strptime(text, format string) (time.Time, bool, error) {
	var layout strings.Builder
	aware := false
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			layout.WriteByte(format[i])
			continue
		}
		i++
		switch c := format[i]; {
		case c == 'f':
			layout.WriteString("000000")
		case c == 'z':
			aware = true
			layout.WriteString("-0700")
		case layouts[c] != "":
			layout.WriteString(layouts[c])
		default:
			return time.Time{}, false, diag.New(diag.PyUnsupported, diag.Pos{}, "strptime's %%%c isn't evaluated at build", c)
		}
	}
	l := strings.ReplaceAll(layout.String(), "05.000000", "05.999999")
	t, err := time.Parse(l, text)
	if err != nil {
		return t, false, pyeval.Errorf(pyeval.ValueError, "time data '%s' does not match format '%s'", text, format)
	}
	if !strings.Contains(format, "%Y") && !strings.Contains(format, "%y") {
		t = t.AddDate(1900-t.Year(), 0, 0)
	}
	return t, aware, nil
}

func init() {
	units := []struct {
		name string
		unit time.Duration
	}{{"days", 24 * time.Hour}, {"seconds", time.Second}, {"microseconds", time.Microsecond}, {"milliseconds", time.Millisecond},
		{"minutes", time.Minute}, {"hours", time.Hour}, {"weeks", 7 * 24 * time.Hour}}
	timedeltaClass.Static("__new__(cls, days: float=0, seconds: float=0, microseconds: float=0, milliseconds: float=0, minutes: float=0, hours: float=0, weeks: float=0)",
		func(c *pyeval.Call) (pyeval.Value, error) {
			var total time.Duration
			for _, u := range units {
				if _, isFloat := c.Arg(u.name).(pyeval.Float); isFloat {
					total += time.Duration(c.Float(u.name) * float64(u.unit)).Round(time.Microsecond)
				} else if n := c.Int(u.name); n > int64(1<<62)/int64(u.unit) || n < -int64(1<<62)/int64(u.unit) {
					return nil, pyeval.Errorf(pyeval.OverflowError, "a timedelta of more than 146 years isn't evaluated at build")
				} else {
					total += time.Duration(n) * u.unit
				}
			}
			return timedeltaClass.Make(total), nil
		})
	delta := func(c *pyeval.Call) time.Duration {
		d, _ := pyeval.Data[time.Duration](c.Self())
		return d
	}
	day := 24 * time.Hour
	timedeltaClass.Def("total_seconds(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.Float(float64(delta(c)/time.Microsecond) / 1e6), nil
	})
	for name, f := range map[string]func(d time.Duration) time.Duration{
		"days":         func(d time.Duration) time.Duration { return floorTo(d, day) / day },
		"seconds":      func(d time.Duration) time.Duration { return (d - floorTo(d, day)) / time.Second },
		"microseconds": func(d time.Duration) time.Duration { return (d - floorTo(d, time.Second)) / time.Microsecond },
	} {
		timedeltaClass.Getter(name, func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(int64(f(delta(c)))), nil })
	}
	timedeltaClass.Def("__str__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return str(deltaText(delta(c))) })
	timedeltaClass.Def("__repr__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return str(deltaRepr(delta(c))) })
	timedeltaClass.Def("__hash__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(int64(delta(c))), nil })
	timedeltaClass.Def("__neg__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return timedeltaClass.Make(-delta(c)), nil })
	timedeltaClass.Def("__bool__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.Bool(delta(c) != 0), nil })
	for name, f := range map[string]func(a, b time.Duration) pyeval.Value{
		"__add__": func(a, b time.Duration) pyeval.Value { return timedeltaClass.Make(a + b) },
		"__sub__": func(a, b time.Duration) pyeval.Value { return timedeltaClass.Make(a - b) },
		"__eq__":  func(a, b time.Duration) pyeval.Value { return pyeval.Bool(a == b) },
		"__lt__":  func(a, b time.Duration) pyeval.Value { return pyeval.Bool(a < b) },
		"__le__":  func(a, b time.Duration) pyeval.Value { return pyeval.Bool(a <= b) },
		"__gt__":  func(a, b time.Duration) pyeval.Value { return pyeval.Bool(a > b) },
		"__ge__":  func(a, b time.Duration) pyeval.Value { return pyeval.Bool(a >= b) },
	} {
		timedeltaClass.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			o, ok := Timedelta(c.Arg("other"))
			if !ok || c.Arg("other").Class() != timedeltaClass {
				return pyeval.NotImplemented, nil
			}
			return f(delta(c), o), nil
		})
	}
	for _, name := range []string{"__mul__", "__rmul__"} {
		timedeltaClass.Def(name+"(self, n: float, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			if _, isFloat := c.Arg("n").(pyeval.Float); isFloat {
				return timedeltaClass.Make(time.Duration(c.Float("n") * float64(delta(c))).Round(time.Microsecond)), nil
			}
			return timedeltaClass.Make(delta(c) * time.Duration(c.Int("n"))), nil
		})
	}
}

// deltaText is str() of a timedelta.
func deltaText(d time.Duration) string {
	day := 24 * time.Hour
	days, rest := floorTo(d, day)/day, d-floorTo(d, day)
	s := fmt.Sprintf("%d:%02d:%02d", rest/time.Hour, rest/time.Minute%60, rest/time.Second%60)
	if us := rest / time.Microsecond % 1e6; us != 0 {
		s += fmt.Sprintf(".%06d", us)
	}
	switch {
	case days == 1 || days == -1:
		return fmt.Sprintf("%d day, %s", days, s)
	case days != 0:
		return fmt.Sprintf("%d days, %s", days, s)
	}
	return s
}

func deltaRepr(d time.Duration) string {
	day := 24 * time.Hour
	rest := d - floorTo(d, day)
	var parts []string
	for _, p := range []struct {
		name string
		v    time.Duration
	}{{"days", floorTo(d, day) / day}, {"seconds", rest / time.Second}, {"microseconds", rest / time.Microsecond % 1e6}} {
		if p.v != 0 {
			parts = append(parts, fmt.Sprintf("%s=%d", p.name, p.v))
		}
	}
	if parts == nil {
		parts = []string{"0"}
	}
	return "datetime.timedelta(" + strings.Join(parts, ", ") + ")"
}
