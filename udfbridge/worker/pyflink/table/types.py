"""SQL types. A worker is told its types by the job; here they only have to be
made, compared and printed."""
from pyflink import _driver
from pyflink.common.types import Row, RowKind

__all__ = ["DataType", "DataTypes", "Row", "RowKind"]

__getattr__ = _driver.members(__name__)


class DataType:
    """A type's name with its parameters, which may be types themselves."""

    def __init__(self, name, params=(), nullable=True):
        self._name, self._params, self._nullable = name, tuple(params), nullable

    def not_null(self):
        return DataType(self._name, self._params, False)

    def nullable(self):
        return DataType(self._name, self._params, True)

    def __eq__(self, other):
        return isinstance(other, DataType) and vars(self) == vars(other)

    def __hash__(self):
        return hash((self._name, self._params, self._nullable))

    def __repr__(self):
        params = "(%s)" % ", ".join(map(repr, self._params)) if self._params else ""
        return self._name + params + ("" if self._nullable else " NOT NULL")


def _of(name, *defaults):
    """Returns the maker of a type: its parameters, then nullable."""
    def make(*args, **kwargs):
        nullable = kwargs.pop("nullable", True)
        params = list(args) + list(kwargs.values())
        if len(params) > len(defaults) and isinstance(params[-1], bool):
            nullable = params.pop()
        params += defaults[len(params):]
        return DataType(name, [tuple(p) if isinstance(p, list) else p for p in params], nullable)
    return staticmethod(make)


class DataTypes:
    """Makes types: DataTypes.BIGINT(), DataTypes.DECIMAL(10, 2)."""


for _name, _defaults in {
        "NULL": (), "BOOLEAN": (), "TINYINT": (), "SMALLINT": (), "INT": (), "BIGINT": (),
        "FLOAT": (), "DOUBLE": (), "STRING": (), "BYTES": (), "DATE": (), "CHAR": (1,),
        "VARCHAR": (1,), "BINARY": (1,), "VARBINARY": (1,), "DECIMAL": (10, 0), "TIME": (0,),
        "TIMESTAMP": (6,), "TIMESTAMP_WITH_LOCAL_TIME_ZONE": (6,), "TIMESTAMP_LTZ": (6,),
        "ARRAY": (None,), "LIST_VIEW": (None,), "MULTISET": (None,), "MAP": (None, None),
        "MAP_VIEW": (None, None), "ROW": (None,), "FIELD": (None, None, None), "RAW": (None, None),
        "YEAR": (2,), "MONTH": (), "DAY": (2,), "HOUR": (), "MINUTE": (), "SECOND": (6,),
        "INTERVAL": (None, None)}.items():
    setattr(DataTypes, _name, _of(_name, *_defaults))
