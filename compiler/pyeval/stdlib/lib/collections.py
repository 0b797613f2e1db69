# Containers that wrap others. namedtuple, Counter, deque and the dicts are
# written in Go.
from collections.abc import MutableMapping as _MutableMapping, MutableSequence as _MutableSequence, Sequence as _Sequence


class ChainMap(_MutableMapping):
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def __missing__(self, k):
        raise KeyError(k)

    def __getitem__(self, k):
        for m in self.maps:
            try:
                return m[k]
            except KeyError:
                pass
        return self.__missing__(k)

    def get(self, k, default=None):
        return self[k] if k in self else default

    def __len__(self):
        return len(set().union(*self.maps))

    def __iter__(self):
        seen = {}
        for m in reversed(self.maps):
            seen.update(dict.fromkeys(m))
        return iter(seen)

    def __contains__(self, k):
        return any(k in m for m in self.maps)

    def __bool__(self):
        return any(self.maps)

    def __repr__(self):
        return '%s(%s)' % (type(self).__name__, ', '.join(map(repr, self.maps)))

    def copy(self):
        return type(self)(self.maps[0].copy(), *self.maps[1:])

    __copy__ = copy

    def new_child(self, m=None, **kwargs):
        if m is None:
            m = kwargs
        elif kwargs:
            m.update(kwargs)
        return type(self)(m, *self.maps)

    @property
    def parents(self):
        return type(self)(*self.maps[1:])

    def __setitem__(self, k, value):
        self.maps[0][k] = value

    def __delitem__(self, k):
        if k not in self.maps[0]:
            raise KeyError('Key not found in the first mapping: %r' % (k,))
        del self.maps[0][k]

    def popitem(self):
        if not self.maps[0]:
            raise KeyError('No keys found in the first mapping.')
        return self.maps[0].popitem()

    def pop(self, k, *args):
        if k not in self.maps[0] and not args:
            raise KeyError('Key not found in the first mapping: %r' % (k,))
        return self.maps[0].pop(k, *args)

    def clear(self):
        self.maps[0].clear()

    def __or__(self, them):
        out = self.copy()
        out.maps[0].update(them)
        return out


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


class UserList(_MutableSequence):
    def __init__(self, elems=None):
        self.data = []
        if elems is not None:
            self.data[:] = elems.data if isinstance(elems, UserList) else list(elems)

    def _other(self, them):
        return them.data if isinstance(them, UserList) else them

    def __repr__(self):
        return repr(self.data)

    def __eq__(self, them):
        return self.data == self._other(them)

    def __lt__(self, them):
        return self.data < self._other(them)

    def __contains__(self, item):
        return item in self.data

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        return type(self)(self.data[i]) if isinstance(i, slice) else self.data[i]

    def __setitem__(self, i, item):
        self.data[i] = item

    def __delitem__(self, i):
        del self.data[i]

    def __add__(self, them):
        return type(self)(self.data + list(self._other(them)))

    def __radd__(self, them):
        return type(self)(list(self._other(them)) + self.data)

    def __iadd__(self, them):
        self.data += self._other(them)
        return self

    def __mul__(self, n):
        return type(self)(self.data * n)

    __rmul__ = __mul__

    def insert(self, i, item):
        self.data.insert(i, item)

    def copy(self):
        return type(self)(self)

    def sort(self, /, *args, **named):
        self.data.sort(*args, **named)

    def extend(self, them):
        self.data.extend(self._other(them))


class UserString(_Sequence):
    def __init__(self, seq):
        self.data = seq if isinstance(seq, str) else str(seq)

    def __str__(self):
        return self.data

    def __repr__(self):
        return repr(self.data)

    def __hash__(self):
        return hash(self.data)

    def __eq__(self, them):
        return self.data == (them.data if isinstance(them, UserString) else them)

    def __lt__(self, them):
        return self.data < (them.data if isinstance(them, UserString) else them)

    def __contains__(self, part):
        return str(part) in self.data

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        return type(self)(self.data[i])

    def __add__(self, them):
        return type(self)(self.data + str(them))

    def __radd__(self, them):
        return type(self)(str(them) + self.data)

    def __mul__(self, n):
        return type(self)(self.data * n)

    def __mod__(self, args):
        return type(self)(self.data % args)

    def __getattr__(self, name):
        method = getattr(self.data, name)

        def call(*args, **kw):
            out = method(*args, **kw)
            return type(self)(out) if isinstance(out, str) and name != 'join' else out
        return call
