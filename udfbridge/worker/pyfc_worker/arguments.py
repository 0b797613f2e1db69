"""Argument columns as the Python values that PyFlink's coders give."""
import os

import pyarrow as pa
from pyflink.common import Row


class Decoder:
    """Reads argument columns; zone is that of TIMESTAMP_LTZ, empty for the
    machine's."""

    def __init__(self, zone):
        self._zone = zone
        self._localize = None

    def column(self, arrow):
        """Returns the function that makes a list of a column of an Arrow type."""
        convert = self._value(arrow)
        if convert is None:
            return lambda column: column.to_pylist()
        return lambda column: [None if v is None else convert(v) for v in column.to_pylist()]

    def _value(self, arrow):
        """Returns what makes the argument of what to_pylist gives, None where
        that is it."""
        if pa.types.is_list(arrow):
            element = self._value(arrow.value_type)
            return element and (lambda v: [None if e is None else element(e) for e in v])
        if pa.types.is_map(arrow):
            key, item = self._value(arrow.key_type) or _same, self._value(arrow.item_type) or _same
            return lambda v: {key(k): None if e is None else item(e) for k, e in v}
        if pa.types.is_struct(arrow):
            return self._row(arrow)
        if pa.types.is_timestamp(arrow) and arrow.tz is not None:
            return self._local()
        return None

    def _row(self, arrow):
        fields = [arrow[i] for i in range(arrow.num_fields)]
        names = [f.name for f in fields]
        values = [self._value(f.type) or _same for f in fields]

        def convert(v):
            row = Row(*[None if e is None else f(e) for f, e in zip(values, v.values())])
            row.set_field_names(names)
            return row
        return convert

    def _local(self):
        """PyFlink gives an instant's reading in UTC, with the session's zone."""
        if self._localize is None:
            self._localize = localize(self._zone)
        return lambda v: self._localize(v.replace(tzinfo=None))


def _same(value):
    return value


def localize(zone):
    """Returns the function that gives a datetime without a zone one."""
    name = zone_name(zone)
    try:
        import pytz
        return pytz.timezone(name).localize
    except ImportError:
        import zoneinfo
        info = zoneinfo.ZoneInfo(name)
        return lambda v: v.replace(tzinfo=info)


def zone_name(zone):
    """Returns the name of a zone, empty for the machine's."""
    return zone or _machine_zone()


def _machine_zone():
    if os.environ.get("TZ"):
        return os.environ["TZ"].lstrip(":")
    path = os.path.realpath("/etc/localtime")
    return path.split("zoneinfo/", 1)[1] if "zoneinfo/" in path else "UTC"
