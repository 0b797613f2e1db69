"""Collections within accumulators. They are part of the accumulator, and travel
with it."""
import abc

from pyflink import _driver

__all__ = ["DataView", "ListView", "MapView"]

__getattr__ = _driver.members(__name__)


class DataView(abc.ABC):
    @abc.abstractmethod
    def clear(self):
        pass


class ListView(DataView):
    """A list that elements are added to."""

    def __init__(self):
        self._list = []

    def get(self):
        return self._list

    def add(self, value):
        self._list.append(value)

    def add_all(self, values):
        self._list.extend(values)

    def clear(self):
        self._list = []

    def __eq__(self, other):
        return isinstance(other, ListView) and self._list == other._list

    def __hash__(self):
        return hash(tuple(self._list))

    def __iter__(self):
        return iter(self._list)


class MapView(DataView):
    """A dictionary."""

    def __init__(self):
        self._dict = {}

    def get(self, key):
        return self._dict[key]

    def put(self, key, value):
        self._dict[key] = value

    def put_all(self, dict_value):
        self._dict.update(dict_value)

    def remove(self, key):
        del self._dict[key]

    def contains(self, key):
        return key in self._dict

    def items(self):
        return self._dict.items()

    def keys(self):
        return self._dict.keys()

    def values(self):
        return self._dict.values()

    def is_empty(self):
        return not self._dict

    def clear(self):
        self._dict.clear()

    def __eq__(self, other):
        return isinstance(other, MapView) and self._dict == other._dict

    __hash__ = None
    __getitem__ = get
    __setitem__ = put
    __delitem__ = remove
    __contains__ = contains

    def __iter__(self):
        return iter(self._dict)
