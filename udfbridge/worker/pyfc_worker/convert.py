"""Results of functions as Arrow columns, by the rules of PyFlink's coders.

PyFlink 1.20's compiled coders take for an integer whatever has __int__ (so 3.7
is 3), for a float whatever math takes, for a boolean an integer from 0 to 255,
for a string only what has encode(), for bytes only bytes and bytearray, for an
array only a list, for a row only a Row. All else, and what doesn't fit, is an
error with the messages used here.
"""
import datetime
import decimal
import math

import pyarrow as pa

from pyfc_worker.failure import BadValue

_NONE = type(None)
_EPOCH_DAY = datetime.date(1970, 1, 1).toordinal()


def _integer(value):
    if not hasattr(type(value), "__int__"):
        raise TypeError("an integer is required")
    return int(value)


def _signed(bits):
    limit = 1 << bits - 1

    def convert(value):
        number = _integer(value)
        if -limit <= number < limit:
            return number
        if -1 << 63 <= number < 1 << 63:
            raise OverflowError("value too large to convert to int%d_t" % bits)
        raise OverflowError("Python int too large to convert to C long")
    return convert


def _boolean(value):
    number = _integer(value)
    if number < 0:
        raise OverflowError("can't convert negative value to unsigned char")
    if number > 255:
        raise OverflowError("value too large to convert to unsigned char")
    return number != 0


def _float(value):
    return math.ldexp(value, 0)  # unlike float(), takes no strings


def _string(value):
    return value.encode("utf-8").decode("utf-8")


def _bytes(value):
    if not isinstance(value, (bytes, bytearray)):
        raise TypeError("expected bytes, %s found" % type(value).__name__)
    return bytes(value)


def _decimal(precision, scale):
    context = decimal.Context(prec=precision)
    unit = decimal.Decimal(10) ** -scale

    def convert(value):
        with decimal.localcontext(context):
            return value.quantize(unit)
    return convert


def _date(value):
    return value.toordinal() - _EPOCH_DAY


def _time(value):
    return ((value.hour * 60 + value.minute) * 60 + value.second) * 1000 + value.microsecond // 1000


def _timestamp(value):
    """The wall clock's microseconds, whatever the zone. The seconds are cut
    towards 1970, as PyFlink's are."""
    seconds = int(value.replace(tzinfo=datetime.timezone.utc).timestamp())
    return seconds * 1000000 + value.microsecond


def _array(element):
    def convert(value):
        if not isinstance(value, list):
            raise TypeError("Expected list, got %s" % type(value).__name__)
        return [None if v is None else element(v) for v in value]
    return convert


def _map(key, element):
    def convert(value):
        return [(key(k), None if v is None else element(v)) for k, v in value.items()]
    return convert


def _row(names, fields):
    def convert(value):
        values = value.get_fields_by_names(names)
        return tuple([None if values[i] is None else f(values[i]) for i, f in enumerate(fields)])
    return convert


def rows(arrow):
    """Returns the conversion of the rows of a table function, each a list."""
    fields = [_conversion(f.type) for f in arrow.value_type]

    def convert(value):
        return [tuple([None if row[i] is None else f(row[i]) for i, f in enumerate(fields)]) for row in value]
    return convert


def _conversion(arrow):
    """Returns the function that brings a value, not None, into the form in which
    pa.array takes those of an Arrow type."""
    if pa.types.is_list(arrow):
        return _array(_conversion(arrow.value_type))
    if pa.types.is_map(arrow):
        return _map(_conversion(arrow.key_type), _conversion(arrow.item_type))
    if pa.types.is_struct(arrow):
        fields = [arrow[i] for i in range(arrow.num_fields)]
        return _row([f.name for f in fields], [_conversion(f.type) for f in fields])
    if pa.types.is_decimal(arrow):
        return _decimal(arrow.precision, arrow.scale)
    if pa.types.is_timestamp(arrow):
        return _timestamp
    return _BASIC[arrow][1]


_BASIC = {  # the Python type whose values need no conversion, and the conversion
    pa.bool_(): (bool, _boolean),
    pa.int8(): (int, _signed(8)),
    pa.int16(): (int, _signed(16)),
    pa.int32(): (int, _signed(32)),
    pa.int64(): (int, _signed(64)),
    pa.float32(): (float, _float),
    pa.float64(): (float, _float),
    pa.string(): (str, _string),
    pa.binary(): (bytes, _bytes),
    pa.date32(): (_NONE, _date),
    pa.time32("ms"): (_NONE, _time),
}


class Converter:
    """Makes the column of a result."""

    def __init__(self, arrow, conversion=None):
        self.arrow = arrow
        self._plain = _BASIC.get(arrow, (_NONE,))[0]
        self._convert = conversion or _conversion(arrow)

    def column(self, values, result):
        """Returns an Arrow array; raises BadValue for the first misfit."""
        array = self._fast(values)
        if array is None:
            array = self.array([self.value(v, row, result) for row, v in enumerate(values)])
        if result.not_null and array.null_count:
            self.value(None, values.index(None), result)
        return array

    def value(self, value, row, result):
        """Returns a value in the type's own form; raises BadValue."""
        try:
            if value is not None:
                return self._convert(value)
            if result.not_null:
                raise ValueError("a result that is declared NOT NULL is None")
            return None
        except Exception as error:
            raise BadValue(row, value, result.type) from error

    def array(self, values):
        """Returns the Arrow array of converted values."""
        return pa.array(values, self.arrow)

    def _fast(self, values):
        if not set(map(type, values)) <= {self._plain, _NONE}:
            return None
        try:
            return self.array(values)
        except (pa.ArrowException, OverflowError, UnicodeError):
            return None  # the slow way finds the row

