"""Row and RowKind as pyflink.common.types has them."""
from enum import Enum


class RowKind(Enum):
    INSERT = 0
    UPDATE_BEFORE = 1
    UPDATE_AFTER = 2
    DELETE = 3

    def __str__(self):
        return ("+I", "-U", "+U", "-D")[self.value]


class Row:
    """A row with positional values, Row(1, 2), or named ones, Row(a=1, b=2).

    Row("a", "b") called with values makes a row with these names.
    """

    def __init__(self, *args, **kwargs):
        if args and kwargs:
            raise ValueError("Can not use both args and kwargs to create Row")
        self._row_kind = RowKind.INSERT
        if kwargs:
            self._fields, self._values = list(kwargs), list(kwargs.values())
        else:
            self._values = list(args)

    def __call__(self, *args):
        if len(args) > len(self):
            raise ValueError("Can not create Row with fields %s, expected %d values but got %s"
                             % (self, len(self), args))
        row = Row(*args)
        row.set_field_names(self._values)
        return row

    def get_row_kind(self):
        return self._row_kind

    def set_row_kind(self, row_kind):
        self._row_kind = row_kind

    @staticmethod
    def of_kind(row_kind, *args, **kwargs):
        row = Row(*args, **kwargs)
        row.set_row_kind(row_kind)
        return row

    def _is_retract_msg(self):
        return self._row_kind in (RowKind.UPDATE_BEFORE, RowKind.DELETE)

    def _is_accumulate_msg(self):
        return not self._is_retract_msg()

    def set_field_names(self, field_names):
        self._fields = list(field_names)

    def get_fields_by_names(self, names):
        if not hasattr(self, "_fields") or names == self._fields:
            return self._values
        missing = list(set(names).difference(self._fields))
        if missing:
            raise Exception("Field names %s not exist in %s." % (missing, self._fields))
        return [self[name] for name in names]

    def as_dict(self, recursive=False):
        if not hasattr(self, "_fields"):
            raise TypeError("Cannot convert a Row class into dict")

        def plain(value):
            if isinstance(value, Row):
                return value.as_dict(True)
            if isinstance(value, list):
                return [plain(v) for v in value]
            if isinstance(value, dict):
                return {k: plain(v) for k, v in value.items()}
            return value

        return {n: plain(v) if recursive else v for n, v in zip(self._fields, self._values)}

    def __getitem__(self, item):
        if isinstance(item, (int, slice)):
            return self._values[item]
        if item not in self._fields:
            raise ValueError(item)
        return self._values[self._fields.index(item)]

    def __setitem__(self, key, value):
        if not isinstance(key, (int, slice)):
            if not hasattr(self, "_fields"):
                raise KeyError(key)
            if key not in self._fields:
                raise ValueError(value)
            key = self._fields.index(key)
        self._values[key] = value

    def __getattr__(self, item):
        if item.startswith("_") or item not in self._fields:
            raise AttributeError(item)
        return self._values[self._fields.index(item)]

    def __setattr__(self, key, value):
        if key not in ("_fields", "_values", "_row_kind"):
            raise AttributeError(key)
        object.__setattr__(self, key, value)

    def __contains__(self, item):
        return item in (self._fields if hasattr(self, "_fields") else self._values)

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __eq__(self, other):
        return (isinstance(other, Row) and self._row_kind == other._row_kind
                and self._comparable() == other._comparable())

    def _comparable(self):
        """Named values are compared by name, in whatever order they are."""
        return dict(zip(self._fields, self._values)) if hasattr(self, "_fields") else self._values

    def __hash__(self):
        return hash(tuple(self._values))

    def __repr__(self):
        if hasattr(self, "_fields"):
            return "Row(%s)" % ", ".join("%s=%r" % (n, v) for n, v in zip(self._fields, self._values))
        return "<Row(%s)>" % ", ".join(map(repr, self._values))
