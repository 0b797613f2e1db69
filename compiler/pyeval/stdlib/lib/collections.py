# Containers that wrap others. namedtuple, Counter, deque and the dicts are
# written in Go.
from collections.abc import MutableMapping as _MutableMapping, MutableSequence as _MutableSequence, Sequence as _Sequence


class ChainMap(_MutableMapping):
    """Mappings behind each other: the first is written to, the others show through."""

    def __init__(self, *maps):
        self.maps = [*maps] if maps else [{}]

    @property
    def _first(self):
        return self.maps[0]

    def _merged(self):
        """All keys, in the order that they would have been written in from the back."""
        return {key: None for each in self.maps[::-1] for key in each}

    def __contains__(self, key):
        return any(key in each for each in self.maps)

    def __getitem__(self, key):
        for each in self.maps:
            if key in each:
                return each[key]
        return self.__missing__(key)

    def __missing__(self, key):
        raise KeyError(key)

    def __len__(self):
        return len(self._merged())

    def get(self, key, default=None):
        return self[key] if key in self else default

    def __iter__(self):
        return iter(self._merged())

    def __bool__(self):
        return any(map(bool, self.maps))

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(map(repr, self.maps))})"

    def copy(self):
        first, *others = self.maps
        return type(self)(first.copy(), *others)

    __copy__ = copy

    def new_child(self, m=None, **named):
        front = named if m is None else m
        if front is not named and named:
            front.update(named)
        return type(self)(front, *self.maps)

    parents = property(lambda self: type(self)(*self.maps[1:]))

    def __setitem__(self, key, value):
        self._first[key] = value

    def _written(self, key):
        if key not in self._first:
            raise KeyError('Key not found in the first mapping: %r' % (key,))

    def __delitem__(self, key):
        self._written(key)
        del self._first[key]

    def pop(self, key, *default):
        if not default:
            self._written(key)
        return self._first.pop(key, *default)

    def popitem(self):
        if self._first:
            return self._first.popitem()
        raise KeyError('No keys found in the first mapping.')

    def clear(self):
        self._first.clear()

    def __or__(self, other):
        both = self.copy()
        both.update(other)
        return both

    def __ior__(self, other):
        self.update(other)
        return self


def _of_data(name):
    def method(self, *args):
        return getattr(self.data, name)(*args)
    return method


class UserDict(_MutableMapping):
    __len__, __iter__, __repr__ = _of_data('__len__'), _of_data('__iter__'), _of_data('__repr__')
    __contains__, __setitem__, __delitem__ = _of_data('__contains__'), _of_data('__setitem__'), _of_data('__delitem__')

    def __init__(self, dict=None, /, **kwargs):
        self.data = {}
        for first in (dict, kwargs):
            if first:
                self.update(first)

    def __getitem__(self, k):
        absent = getattr(type(self), '__missing__', None)
        if absent is None or k in self.data:
            return self.data[k]
        return absent(self, k)

    def __or__(self, them):
        return type(self)(self.data | (them.data if isinstance(them, UserDict) else them))

    def copy(self):
        return type(self)(self.data)

    @classmethod
    def fromkeys(cls, iterable, value=None):
        out = cls()
        for k in iterable:
            out[k] = value
        return out


def _plain(value):
    """What a wrapper holds."""
    return value.data if isinstance(value, (UserList, UserString)) else value


def _wrapped(name, fresh=False):
    """A method of what is wrapped; its result is wrapped anew if it is fresh."""
    def method(self, *args, **named):
        result = getattr(self.data, name)(*map(_plain, args), **named)
        return type(self)(result) if fresh and result is not NotImplemented else result
    return method


def _wrap(cls, fresh, *names):
    for name in names:
        setattr(cls, name, _wrapped(name, fresh))


class UserList(_MutableSequence):
    def __init__(self, initlist=None):
        self.data = list(_plain(initlist or ()))

    def __getitem__(self, i):
        found = self.data[i]
        return type(self)(found) if isinstance(i, slice) else found

    def __radd__(self, other):
        return type(self)(list(_plain(other)) + self.data)

    def __iadd__(self, other):
        self.data.extend(_plain(other))
        return self

    def __add__(self, other):
        return type(self)(self.data + list(_plain(other)))

    def __imul__(self, n):
        self.data *= n
        return self


_wrap(UserList, False, '__repr__', '__eq__', '__lt__', '__le__', '__gt__', '__ge__', '__contains__', '__len__', '__setitem__', '__delitem__',
      'insert', 'append', 'extend', 'sort', 'reverse', 'pop', 'remove', 'clear', 'index', 'count')
_wrap(UserList, True, '__mul__', 'copy')
UserList.__rmul__ = UserList.__mul__
UserList.__abstractmethods__ = frozenset()


class UserString(_Sequence):
    def __init__(self, seq):
        self.data = str(_plain(seq))

    def __getitem__(self, i):
        return type(self)(self.data[i])

    def __add__(self, other):
        return type(self)(self.data + str(other))

    def __radd__(self, other):
        return type(self)(str(other) + self.data)

    def __getattr__(self, name):
        method = getattr(self.data, name)

        def call(*args, **named):
            out = method(*map(_plain, args), **named)
            return type(self)(out) if isinstance(out, str) and name != 'join' else out
        return call


_wrap(UserString, False, '__repr__', '__str__', '__hash__', '__eq__', '__lt__', '__le__', '__gt__', '__ge__', '__contains__', '__len__',
      'index', 'count')
_wrap(UserString, True, '__mul__', '__mod__')
UserString.__rmul__ = UserString.__mul__
UserString.__abstractmethods__ = frozenset()
