"""Results of functions as Arrow columns, by the rules of PyFlink's coders.

PyFlink 1.20's compiled coders take for an integer whatever has __int__ (so 3.7
is 3), for a float whatever math takes, for a boolean an integer from 0 to 255,
for a string only what has encode(), for bytes only bytes and bytearray. All
else, and what doesn't fit, is an error with the messages used here.
"""
import math

import pyarrow as pa

from pyfc_worker import udf_pb2
from pyfc_worker.failure import BadValue

_NONE = type(None)


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


class Converter:
    """Makes columns of one SQL type."""

    def __init__(self, arrow, plain, convert):
        self.arrow = arrow      # Arrow type
        self._plain = plain     # Python type whose values need no conversion
        self._convert = convert

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
            name = udf_pb2.Type.Name(result.type) + (" NOT NULL" if result.not_null else "")
            raise BadValue(row, value, name) from error

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


OF = {
    udf_pb2.BOOLEAN: Converter(pa.bool_(), bool, _boolean),
    udf_pb2.TINYINT: Converter(pa.int8(), int, _signed(8)),
    udf_pb2.SMALLINT: Converter(pa.int16(), int, _signed(16)),
    udf_pb2.INT: Converter(pa.int32(), int, _signed(32)),
    udf_pb2.BIGINT: Converter(pa.int64(), int, _signed(64)),
    udf_pb2.FLOAT: Converter(pa.float32(), float, _float),
    udf_pb2.DOUBLE: Converter(pa.float64(), float, _float),
    udf_pb2.STRING: Converter(pa.string(), str, _string),
    udf_pb2.BYTES: Converter(pa.binary(), bytes, _bytes),
}
