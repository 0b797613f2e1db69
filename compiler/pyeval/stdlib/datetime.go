package stdlib

import (
	"time"

	"pyfc/compiler/pyeval"
)

func init() { loaders["datetime"] = fillDatetime }

var (
	datetimeClass  = pyeval.NewClass("datetime", "datetime", dateClass)
	dateClass      = pyeval.NewClass("datetime", "date")
	timeOfDayClass = pyeval.NewClass("datetime", "time")
	isoDateClass   = newStructClass("datetime.IsoCalendarDate", "year", "week", "weekday")
)

// moment is the Go value behind a datetime, date or time. clock holds its
// fields, in UTC when zone is nil; a time's date is 1900-01-01.
type moment struct {
	clock time.Time
	zone  pyeval.Value // its tzinfo, nil when it is naive
	fold  int64
}

func fillDatetime(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(datetimeClass, dateClass, timeOfDayClass, timedeltaClass, tzinfoClass, timezoneClass)
	m.Set("UTC", utc).Set("MINYEAR", pyeval.NewInt(1)).Set("MAXYEAR", pyeval.NewInt(9999))
}

// kindOf is the class of the module that a value is an instance of, nil for
// others: a datetime is no date here.
func kindOf(v pyeval.Value) *pyeval.Class {
	for _, k := range []*pyeval.Class{datetimeClass, dateClass, timeOfDayClass} {
		if v.Class().IsA(k) {
			return k
		}
	}
	return nil
}

// momentOf is the value of an instance of one of the three classes.
func momentOf(v pyeval.Value, class *pyeval.Class) (moment, bool) {
	m, ok := pyeval.Data[moment](v)
	return m, ok && kindOf(v) == class
}

func selfMoment(c *pyeval.Call) moment {
	m, _ := pyeval.Data[moment](c.Self())
	return m
}

// newMoment makes an instance of the class or of one that derives from it.
func newMoment(class pyeval.Value, m moment) (pyeval.Value, error) {
	k, ok := class.(*pyeval.Class)
	if !ok {
		return nil, pyeval.Errorf(pyeval.TypeError, "a class is needed")
	}
	if y := m.clock.Year(); y < 1 || y > 9999 {
		return nil, pyeval.Errorf(pyeval.OverflowError, "date value out of range")
	}
	return k.Make(m), nil
}

// dateOf is midnight of a day.
func dateOf(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// clockDependent is what depends on the builder's clock or time zone.
func clockDependent(c *pyeval.Call) (pyeval.Value, error) {
	return &pyeval.Opaque{Origin: "datetime." + c.Name + "(…)", Module: "datetime", Import: c.Span, Where: c.Span}, nil
}

const (
	dateParameters  = "year: int, month: int, day: int"
	clockParameters = "hour: int=0, minute: int=0, second: int=0, microsecond: int=0, tzinfo=None, *, fold: int=0"
)

func init() {
	dateClass.Static("__new__(cls, "+dateParameters+")", func(c *pyeval.Call) (pyeval.Value, error) {
		if err := checkDate(c.Int("year"), c.Int("month"), c.Int("day")); err != nil {
			return nil, err
		}
		return newMoment(c.Arg("cls"), moment{clock: dateOf(int(c.Int("year")), time.Month(c.Int("month")), int(c.Int("day")))})
	})
	datetimeClass.Static("__new__(cls, "+dateParameters+", "+clockParameters+")", func(c *pyeval.Call) (pyeval.Value, error) {
		if err := checkDate(c.Int("year"), c.Int("month"), c.Int("day")); err != nil {
			return nil, err
		}
		return withClock(c, dateOf(int(c.Int("year")), time.Month(c.Int("month")), int(c.Int("day"))))
	})
	timeOfDayClass.Static("__new__(cls, "+clockParameters+")", func(c *pyeval.Call) (pyeval.Value, error) {
		return withClock(c, dateOf(1900, 1, 1))
	})
	defConstructors()
	defLimits()
	for _, k := range []*pyeval.Class{datetimeClass, dateClass, timeOfDayClass} {
		defFields(k)
		defComparison(k)
		defTexts(k)
	}
	for _, k := range []*pyeval.Class{datetimeClass, dateClass} {
		defDates(k)
	}
	for _, k := range []*pyeval.Class{datetimeClass, timeOfDayClass} {
		defZoned(k)
	}
	defDatetimeOnly()
}

// ranged is a field with its bounds.
type ranged struct {
	name      string
	v, lo, hi int64
}

func checkRanges(fields ...ranged) error {
	for _, r := range fields {
		if r.v < r.lo || r.v > r.hi {
			return pyeval.Errorf(pyeval.ValueError, "%s must be in %d..%d", r.name, r.lo, r.hi)
		}
	}
	return nil
}

func checkDate(y, m, d int64) error {
	if y < 1 || y > 9999 {
		return pyeval.Errorf(pyeval.ValueError, "year %d is out of range", y)
	}
	if err := checkRanges(ranged{"month", m, 1, 12}); err != nil {
		return err
	}
	if last := dateOf(int(y), time.Month(m)+1, 0).Day(); d < 1 || d > int64(last) {
		return pyeval.Errorf(pyeval.ValueError, "day is out of range for month")
	}
	return nil
}

func checkClock(h, m, s, us int64) error {
	return checkRanges(ranged{"hour", h, 0, 23}, ranged{"minute", m, 0, 59}, ranged{"second", s, 0, 59}, ranged{"microsecond", us, 0, 999999})
}

// withClock adds the call's time of day and zone to a day.
func withClock(c *pyeval.Call, day time.Time) (pyeval.Value, error) {
	h, m, s, us := c.Int("hour"), c.Int("minute"), c.Int("second"), c.Int("microsecond")
	if err := checkClock(h, m, s, us); err != nil {
		return nil, err
	}
	naive := time.Date(day.Year(), day.Month(), day.Day(), int(h), int(m), int(s), int(us)*1000, time.UTC)
	made, err := inZone(c.Thread, moment{clock: naive, fold: c.Int("fold")}, c.Arg("tzinfo"))
	if err != nil {
		return nil, err
	}
	return newMoment(c.Arg("cls"), made)
}

// defConstructors adds the class methods that make dates.
func defConstructors() {
	for _, k := range []*pyeval.Class{datetimeClass, dateClass} {
		for _, sig := range []string{"now(cls, tz=None)", "today(cls)", "utcnow(cls)"} {
			k.ClassMethod(sig, clockDependent)
		}
		k.ClassMethod("fromordinal(cls, ordinal: int, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			n := c.Int("ordinal")
			if n < 1 || n > 3652059 {
				return nil, pyeval.Errorf(pyeval.ValueError, "ordinal must be >= 1")
			}
			return newMoment(c.Arg("cls"), moment{clock: dateOf(1, 1, int(n))})
		})
		k.ClassMethod("fromisocalendar(cls, year: int, week: int, day: int)", func(c *pyeval.Call) (pyeval.Value, error) {
			day, err := isoDay(c.Int("year"), c.Int("week"), c.Int("day"))
			if err != nil {
				return nil, err
			}
			return newMoment(c.Arg("cls"), moment{clock: day})
		})
		k.ClassMethod("fromtimestamp(cls, timestamp: float, tz=None)", func(c *pyeval.Call) (pyeval.Value, error) {
			if k == dateClass || c.Arg("tz") == pyeval.None {
				return clockDependent(c)
			}
			return fromUTC(c.Thread, c.Arg("cls"), epoch(c.Float("timestamp")), c.Arg("tz"))
		})
	}
	datetimeClass.ClassMethod("utcfromtimestamp(cls, timestamp: float, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		return newMoment(c.Arg("cls"), moment{clock: epoch(c.Float("timestamp"))})
	})
	datetimeClass.ClassMethod("combine(cls, date: date, time: time, tzinfo=...)", func(c *pyeval.Call) (pyeval.Value, error) {
		day, _ := pyeval.Data[moment](c.Arg("date"))
		m, _ := pyeval.Data[moment](c.Arg("time"))
		y, mo, d := day.clock.Date()
		t := m.clock
		made := moment{clock: time.Date(y, mo, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC), fold: m.fold}
		zone := m.zone
		if z := c.Arg("tzinfo"); z != nil {
			zone = z
		}
		made, err := inZone(c.Thread, made, zone)
		if err != nil {
			return nil, err
		}
		return newMoment(c.Arg("cls"), made)
	})
}

// epoch is a number of seconds since 1970, rounded half to even microseconds.
func epoch(seconds float64) time.Time { return time.UnixMicro(int64(roundMicros(seconds))).UTC() }

// isoDay is a day by its week.
func isoDay(year, week, day int64) (time.Time, error) {
	if year < 1 || year > 9999 {
		return time.Time{}, pyeval.Errorf(pyeval.ValueError, "Year is out of range: %d", year)
	}
	fourth := dateOf(int(year), 1, 4)
	first := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
	at := first.AddDate(0, 0, int(week-1)*7)
	if y, _ := at.AddDate(0, 0, 3).ISOWeek(); week < 1 || y != int(year) {
		return time.Time{}, pyeval.Errorf(pyeval.ValueError, "Invalid week: %d", week)
	}
	if day < 1 || day > 7 {
		return time.Time{}, pyeval.Errorf(pyeval.ValueError, "Invalid weekday: %d (range is [1, 7])", day)
	}
	return at.AddDate(0, 0, int(day-1)), nil
}

// defLimits adds min, max and resolution.
func defLimits() {
	first := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	last := time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
	datetimeClass.Set("min", datetimeClass.Make(moment{clock: first})).Set("max", datetimeClass.Make(moment{clock: last}))
	dateClass.Set("min", dateClass.Make(moment{clock: first})).Set("max", dateClass.Make(moment{clock: dateOf(9999, 12, 31)}))
	timeOfDayClass.Set("min", timeOfDayClass.Make(moment{clock: dateOf(1900, 1, 1)}))
	timeOfDayClass.Set("max", timeOfDayClass.Make(moment{clock: time.Date(1900, 1, 1, 23, 59, 59, 999999000, time.UTC)}))
	datetimeClass.Set("resolution", timedeltaClass.Make(delta(1)))
	timeOfDayClass.Set("resolution", timedeltaClass.Make(delta(1)))
	dateClass.Set("resolution", timedeltaClass.Make(day))
}

// numbers are the fields of the classes; the first three are a date's.
var numbers = []struct {
	name string
	get  func(t time.Time) int
}{
	{"year", time.Time.Year}, {"month", func(t time.Time) int { return int(t.Month()) }}, {"day", time.Time.Day},
	{"hour", time.Time.Hour}, {"minute", time.Time.Minute}, {"second", time.Time.Second},
	{"microsecond", func(t time.Time) int { return t.Nanosecond() / 1000 }},
}

// numbersOf are the fields that a class has.
func numbersOf(k *pyeval.Class) (from, to int) {
	switch k {
	case dateClass:
		return 0, 3
	case timeOfDayClass:
		return 3, len(numbers)
	}
	return 0, len(numbers)
}

func defFields(k *pyeval.Class) {
	from, to := numbersOf(k)
	var names []string
	for _, n := range numbers[from:to] {
		k.Getter(n.name, func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewInt(int64(n.get(selfMoment(c).clock))), nil
		})
		names = append(names, n.name+"=...")
	}
	signature := "replace(self"
	for _, n := range names {
		signature += ", " + n
	}
	if k != dateClass {
		signature += ", tzinfo=..., *, fold=..."
	}
	k.Def(signature+")", func(c *pyeval.Call) (pyeval.Value, error) {
		m := selfMoment(c)
		var args []pyeval.Arg
		for _, n := range numbers[from:to] {
			v := c.Arg(n.name)
			if v == nil {
				v = pyeval.NewInt(int64(n.get(m.clock)))
			}
			args = append(args, pyeval.Arg{Name: n.name, Value: v})
		}
		if k != dateClass {
			zone := c.Arg("tzinfo")
			if zone == nil {
				zone = zoneOrNone(m)
			}
			args = append(args, pyeval.Arg{Name: "tzinfo", Value: zone})
		}
		return c.Thread.Invoke(c.Args()[0].Class(), args, c.Span, c.At)
	})
}

func defComparison(k *pyeval.Class) {
	k.Def("__hash__(self)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(selfMoment(c).clock.UnixMicro()), nil })
	for name, holds := range (pyeval.Named[func(c int) bool]{
		{"__eq__", func(c int) bool { return c == 0 }}, {"__ne__", func(c int) bool { return c != 0 }},
		{"__lt__", func(c int) bool { return c < 0 }}, {"__le__", func(c int) bool { return c <= 0 }},
		{"__gt__", func(c int) bool { return c > 0 }}, {"__ge__", func(c int) bool { return c >= 0 }},
	}).All() {
		equality := name == "__eq__" || name == "__ne__"
		k.Def(name+"(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
			o, ok := momentOf(c.Arg("other"), k)
			m := selfMoment(c)
			switch other := kindOf(c.Arg("other")); {
			case !ok && other != nil && k != timeOfDayClass && other != timeOfDayClass && !equality:
				return nil, pyeval.Errorf(pyeval.TypeError, "can't compare datetime.datetime to datetime.date")
			case !ok:
				return pyeval.NotImplemented, nil
			case (m.zone == nil) == (o.zone == nil):
				return pyeval.Bool(holds(m.clock.Compare(o.clock))), nil
			case equality:
				return pyeval.Bool(name == "__ne__"), nil
			}
			return nil, pyeval.Errorf(pyeval.TypeError, "can't compare offset-naive and offset-aware %ss", k.Name())
		})
	}
}

// defDates adds what dates and datetimes have in common.
func defDates(k *pyeval.Class) {
	move := func(c *pyeval.Call, sign delta) (pyeval.Value, error) {
		d, ok := deltaOf(c.Arg("other"))
		if !ok {
			return pyeval.NotImplemented, nil
		}
		m := selfMoment(c)
		if k == dateClass {
			d = d.floor(day)
		}
		if n := sign * d / day; n > 4e6 || n < -4e6 {
			return nil, pyeval.Errorf(pyeval.OverflowError, "date value out of range")
		}
		m.clock = (sign * d).after(m.clock)
		return newMoment(c.Args()[0].Class(), m)
	}
	k.Def("__add__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) { return move(c, 1) })
	k.Def("__radd__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) { return move(c, 1) })
	k.Def("__sub__(self, other, /)", func(c *pyeval.Call) (pyeval.Value, error) {
		o, ok := momentOf(c.Arg("other"), k)
		m := selfMoment(c)
		switch {
		case !ok:
			return move(c, -1)
		case (m.zone == nil) != (o.zone == nil):
			return nil, pyeval.Errorf(pyeval.TypeError, "can't subtract offset-naive and offset-aware datetimes")
		}
		return timedeltaClass.Make(delta(m.clock.UnixMicro() - o.clock.UnixMicro())), nil
	})
	number := func(name string, f func(t time.Time) int) {
		k.Def(name+"(self)", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(int64(f(selfMoment(c).clock))), nil })
	}
	number("weekday", weekday)
	number("isoweekday", func(t time.Time) int { return weekday(t) + 1 })
	number("toordinal", func(t time.Time) int {
		y, m, d := t.Date()
		return int(dateOf(y, m, d).Unix()/86400) + 719163
	})
	k.Def("isocalendar(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		t := selfMoment(c).clock
		y, w := t.ISOWeek()
		return newStruct(isoDateClass, y, w, weekday(t)+1), nil
	})
	k.Def("ctime(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		return str(selfMoment(c).clock.Format("Mon Jan _2 15:04:05 2006"))
	})
	k.Def("timetuple(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		m := selfMoment(c)
		summer := -1
		if m.zone != nil {
			d, err := m.ask(c.Thread, "dst", c.Self())
			if err != nil {
				return nil, err
			}
			if saved, ok := deltaOf(d); ok {
				summer = 0
				if saved != 0 {
					summer = 1
				}
			}
		}
		return structTime(m.clock, summer), nil
	})
}

// weekday counts from Monday, 0.
func weekday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

func defDatetimeOnly() {
	datetimeClass.Def("date(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		return newMoment(dateClass, moment{clock: dateOf(selfMoment(c).clock.Date())})
	})
	for _, name := range []string{"time", "timetz"} {
		datetimeClass.Def(name+"(self)", func(c *pyeval.Call) (pyeval.Value, error) {
			m := selfMoment(c)
			t := m.clock
			m.clock = time.Date(1900, 1, 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
			if name == "time" {
				m.zone, m.clock = nil, time.Date(1900, 1, 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
			}
			return newMoment(timeOfDayClass, m)
		})
	}
	datetimeClass.Def("timestamp(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		if selfMoment(c).zone == nil {
			return clockDependent(c)
		}
		return pyeval.Float(float64(selfMoment(c).clock.UnixMicro()) / 1e6), nil
	})
	datetimeClass.Def("utctimetuple(self)", func(c *pyeval.Call) (pyeval.Value, error) {
		return structTime(selfMoment(c).clock.UTC(), 0), nil
	})
	datetimeClass.Def("astimezone(self, tz=None)", func(c *pyeval.Call) (pyeval.Value, error) {
		m := selfMoment(c)
		if c.Arg("tz") == pyeval.None || m.zone == nil {
			return clockDependent(c)
		}
		return fromUTC(c.Thread, c.Args()[0].Class(), m.clock.UTC(), c.Arg("tz"))
	})
}
