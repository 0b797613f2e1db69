# Days of months and years in the Gregorian calendar.
import datetime as _datetime

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
January, February = 1, 2
day_name = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
month_name = ['', 'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
day_abbr, month_abbr = [[name[:3] for name in names] for names in (day_name, month_name)]
error = ValueError


class _Illegal(ValueError):
    """A number outside of the range of a kind of things."""

    def __init__(self, number):
        setattr(self, self._kind, number)

    def __str__(self):
        return f'bad {self._kind} number {getattr(self, self._kind)!r}; must be {self._range}'


class IllegalMonthError(_Illegal):
    _kind, _range = 'month', '1-12'


class IllegalWeekdayError(_Illegal):
    _kind, _range = 'weekday', '0 (Monday) to 6 (Sunday)'


def isleap(year):
    return year % 4 == 0 and year % 100 != 0 or year % 400 == 0


def leapdays(y1, y2):
    before = lambda year: (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400
    return before(y2) - before(y1)


def weekday(year, month, day):
    return _datetime.date(year, month, day).weekday()


def monthrange(year, month):
    if month not in range(1, 13):
        raise IllegalMonthError(month)
    days = 31 - (month in (4, 6, 9, 11)) if month != 2 else 28 + isleap(year)
    return weekday(year, month, 1), days


def timegm(tuple):
    year, month, day, hour, minute, second = tuple[:6]
    days = _datetime.date(year, month, 1).toordinal() - _datetime.date(1970, 1, 1).toordinal() + day - 1
    return ((days * 24 + hour) * 60 + minute) * 60 + second


class Calendar:
    """Weeks that begin with firstweekday."""

    def __init__(self, firstweekday=0):
        self.firstweekday = firstweekday

    def setfirstweekday(self, firstweekday):
        self.firstweekday = firstweekday

    def getfirstweekday(self):
        return self.firstweekday % 7

    def iterweekdays(self):
        return ((self.firstweekday + i) % 7 for i in range(7))

    def itermonthdates(self, year, month):
        first, days = monthrange(year, month)
        start = -((first - self.firstweekday) % 7)
        one = _datetime.date(year, month, 1)
        for at in range(start, start - (start - days) // 7 * 7):
            yield one + _datetime.timedelta(at)

    def itermonthdays(self, year, month):
        return (d.day if d.month == month else 0 for d in self.itermonthdates(year, month))

    def itermonthdays2(self, year, month):
        return ((d.day if d.month == month else 0, d.weekday()) for d in self.itermonthdates(year, month))

    def monthdatescalendar(self, year, month):
        return _weeks(self.itermonthdates(year, month))

    def monthdayscalendar(self, year, month):
        return _weeks(self.itermonthdays(year, month))

    def monthdays2calendar(self, year, month):
        return _weeks(self.itermonthdays2(year, month))


def _weeks(days):
    days = list(days)
    return [days[i:i + 7] for i in range(0, len(days), 7)]


_usual = Calendar()
firstweekday, setfirstweekday, monthcalendar = _usual.getfirstweekday, _usual.setfirstweekday, _usual.monthdayscalendar
