# The abstract base classes with what they derive from their abstract methods.
from abc import ABCMeta, abstractmethod


def _by_methods(*names):
    def hook(cls, C):
        for name in names:
            if getattr(C, name, None) is None:
                return NotImplemented
        return True
    return hook


def _make(name, bases, *methods):
    members = {'__module__': 'collections.abc', '__class_getitem__': classmethod(_alias)}
    for m in methods:
        members[m] = abstractmethod(_missing(m))
    cls = ABCMeta(name, bases, members)
    if not bases or all(b.__name__ in ('Iterable', 'Iterator', 'Sized', 'Container') for b in bases):
        hooked = [m for b in cls.__mro__[:-1] for m in _abstract.get(b.__name__, ())]
        _abstract[name] = methods
        _hooks[name] = _by_methods(*methods, *hooked)
    return cls


def _missing(name):
    def method(self, *args):
        raise NotImplementedError(name)
    return method


_abstract, _hooks = {}, {}


def _finish(cls):
    check = _hooks.get(cls.__name__)
    if check is not None:
        def hook(cls_, C, own=cls, check=check):
            return check(cls_, C) if cls_ is own else NotImplemented
        cls.__subclasshook__ = classmethod(hook)
    return cls


Hashable = _finish(_make('Hashable', (), '__hash__'))
Iterable = _finish(_make('Iterable', (), '__iter__'))
Sized = _finish(_make('Sized', (), '__len__'))
Container = _finish(_make('Container', (), '__contains__'))
Callable = _finish(_make('Callable', (), '__call__'))
Awaitable = _finish(_make('Awaitable', (), '__await__'))
Coroutine = _finish(_make('Coroutine', (), 'send', 'throw', 'close', '__await__'))
AsyncIterable = _finish(_make('AsyncIterable', (), '__aiter__'))
AsyncIterator = _finish(_make('AsyncIterator', (), '__anext__', '__aiter__'))
AsyncGenerator = _finish(_make('AsyncGenerator', (), 'asend', 'athrow'))
Iterator = _finish(_make('Iterator', (Iterable,), '__next__'))
Reversible = _finish(_make('Reversible', (Iterable,), '__reversed__'))
Collection = _finish(_make('Collection', (Sized, Iterable, Container)))
Generator = _finish(_make('Generator', (Iterator,), 'send', 'throw'))
Iterator.__iter__ = lambda self: self
del _hooks


class Sequence(Reversible, Collection):
    @abstractmethod
    def __getitem__(self, index):
        raise IndexError

    def __iter__(self):
        i = 0
        try:
            while True:
                yield self[i]
                i += 1
        except IndexError:
            return

    def __contains__(self, x):
        return any(v is x or v == x for v in self)

    def __reversed__(self):
        for i in range(len(self) - 1, -1, -1):
            yield self[i]

    def index(self, x, start=0, stop=None):
        n = len(self)
        start = max(n + start, 0) if start < 0 else start
        stop = n if stop is None else stop + n if stop < 0 else min(stop, n)
        for i in range(start, stop):
            v = self[i]
            if v is x or v == x:
                return i
        raise ValueError

    def count(self, x):
        return sum(1 for v in self if v is x or v == x)


class ByteString(Sequence):
    pass


class MutableSequence(Sequence):
    @abstractmethod
    def __setitem__(self, index, x):
        raise IndexError

    @abstractmethod
    def __delitem__(self, index):
        raise IndexError

    @abstractmethod
    def insert(self, index, x):
        raise IndexError

    def append(self, x):
        self.insert(len(self), x)

    def clear(self):
        try:
            while True:
                self.pop()
        except IndexError:
            pass

    def reverse(self):
        n = len(self)
        for i in range(n // 2):
            self[i], self[n - i - 1] = self[n - i - 1], self[i]

    def extend(self, values):
        for v in list(values) if values is self else values:
            self.append(v)

    def pop(self, index=-1):
        v = self[index]
        del self[index]
        return v

    def remove(self, x):
        del self[self.index(x)]

    def __iadd__(self, values):
        self.extend(values)
        return self


class Set(Collection):
    @classmethod
    def _from_iterable(cls, it):
        return cls(it)

    def __le__(self, them):
        if not isinstance(them, Set):
            return NotImplemented
        return len(self) <= len(them) and all(x in them for x in self)

    def __lt__(self, them):
        if not isinstance(them, Set):
            return NotImplemented
        return len(self) < len(them) and self.__le__(them)

    def __ge__(self, them):
        if not isinstance(them, Set):
            return NotImplemented
        return len(self) >= len(them) and all(x in self for x in them)

    def __gt__(self, them):
        if not isinstance(them, Set):
            return NotImplemented
        return len(self) > len(them) and self.__ge__(them)

    def __eq__(self, them):
        if not isinstance(them, Set):
            return NotImplemented
        return len(self) == len(them) and self.__le__(them)

    def __and__(self, them):
        if not isinstance(them, Iterable):
            return NotImplemented
        return self._from_iterable(x for x in them if x in self)

    def __or__(self, them):
        if not isinstance(them, Iterable):
            return NotImplemented
        return self._from_iterable(x for s in (self, them) for x in s)

    def __sub__(self, them):
        if not isinstance(them, Iterable):
            return NotImplemented
        return self._from_iterable(x for x in self if x not in them)

    def __xor__(self, them):
        if not isinstance(them, Iterable):
            return NotImplemented
        them = self._from_iterable(them)
        return (self - them) | (them - self)

    def isdisjoint(self, them):
        return not any(x in self for x in them)


class MutableSet(Set):
    @abstractmethod
    def add(self, x):
        raise NotImplementedError

    @abstractmethod
    def discard(self, x):
        raise NotImplementedError

    def remove(self, x):
        if x not in self:
            raise KeyError(x)
        self.discard(x)

    def pop(self):
        for v in self:
            self.discard(v)
            return v
        raise KeyError

    def clear(self):
        for v in list(self):
            self.discard(v)

    def __ior__(self, it):
        for v in it:
            self.add(v)
        return self

    def __iand__(self, it):
        for v in self - it:
            self.discard(v)
        return self

    def __isub__(self, it):
        for v in list(it):
            self.discard(v)
        return self


class MappingView(Sized):
    def __init__(self, mapping):
        self._of = mapping

    def __len__(self):
        return len(self._of)

    def __repr__(self):
        return '%s(%r)' % (type(self).__name__, self._of)


class KeysView(MappingView, Set):
    _from_iterable = classmethod(lambda cls, it: set(it))

    def __contains__(self, k):
        return k in self._of

    def __iter__(self):
        yield from self._of


class ItemsView(MappingView, Set):
    _from_iterable = classmethod(lambda cls, it: set(it))

    def __contains__(self, item):
        k, x = item
        return k in self._of and self._of[k] == x

    def __iter__(self):
        for k in self._of:
            yield k, self._of[k]


class ValuesView(MappingView, Collection):
    def __contains__(self, x):
        return any(self._of[k] == x for k in self._of)

    def __iter__(self):
        for k in self._of:
            yield self._of[k]


class Mapping(Collection):
    @abstractmethod
    def __getitem__(self, k):
        raise KeyError

    def get(self, k, default=None):
        try:
            return self[k]
        except KeyError:
            return default

    def __contains__(self, k):
        try:
            self[k]
        except KeyError:
            return False
        return True

    def keys(self):
        return KeysView(self)

    def items(self):
        return ItemsView(self)

    def values(self):
        return ValuesView(self)

    def __eq__(self, them):
        if not isinstance(them, Mapping):
            return NotImplemented
        return dict(self.items()) == dict(them.items())

    __hash__ = None


class MutableMapping(Mapping):
    @abstractmethod
    def __setitem__(self, k, x):
        raise KeyError

    @abstractmethod
    def __delitem__(self, k):
        raise KeyError

    def pop(self, k, *default):
        try:
            x = self[k]
        except KeyError:
            if default:
                return default[0]
            raise
        del self[k]
        return x

    def popitem(self):
        for k in self:
            x = self[k]
            del self[k]
            return k, x
        raise KeyError

    def clear(self):
        for k in list(self):
            del self[k]

    def update(self, them=(), /, **named):
        if isinstance(them, Mapping):
            for k in them:
                self[k] = them[k]
        elif hasattr(them, 'keys'):
            for k in them.keys():
                self[k] = them[k]
        else:
            for k, x in them:
                self[k] = x
        for k, x in named.items():
            self[k] = x

    def setdefault(self, k, default=None):
        try:
            return self[k]
        except KeyError:
            self[k] = default
        return default


for _c in (tuple, str, range, bytes):
    Sequence.register(_c)
for _c in (list, bytearray):
    MutableSequence.register(_c)
for _c in (frozenset, type({}.keys()), type({}.items())):
    Set.register(_c)
MutableSet.register(set)
MutableMapping.register(dict)
for _c in (KeysView, ItemsView, ValuesView):
    _c.register(type({}.keys()))
ByteString.register(bytes)
ByteString.register(bytearray)
del _c
