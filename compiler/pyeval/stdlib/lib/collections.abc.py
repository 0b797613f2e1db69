# The abstract base classes with what they derive from their abstract methods.
from abc import ABCMeta, abstractmethod


def _required(name, fault=NotImplementedError):
    """An abstract method, which raises the fault when it is called all the same."""
    def method(self, *args):
        raise fault
    method.__name__ = name
    return abstractmethod(method)


def _has(cls, method):
    for base in cls.__mro__:
        if method in base.__dict__:
            return base.__dict__[method] is not None
    return False


def _kind(name, bases, *required, **derived):
    """A base class; whatever has all the methods that it and its bases have is of its kind."""
    members = {each: _required(each) for each in required} | derived
    wanted = [*members, *(each for base in bases for each in base._wanted)]

    def of_kind(asked, C):
        return asked is cls and all(_has(C, each) for each in wanted) or NotImplemented
    cls = ABCMeta(name, bases, members | {
        '__module__': 'collections.abc', '__class_getitem__': classmethod(_alias), '__subclasshook__': classmethod(of_kind), '_wanted': wanted})
    return cls


_self = {'__iter__': lambda self: self}
Hashable = _kind('Hashable', (), '__hash__')
Iterable = _kind('Iterable', (), '__iter__')
Sized = _kind('Sized', (), '__len__')
Container = _kind('Container', (), '__contains__')
Callable = _kind('Callable', (), '__call__')
Awaitable = _kind('Awaitable', (), '__await__')
Coroutine = _kind('Coroutine', (Awaitable,), 'send', 'throw', close=lambda self: None)
AsyncIterable = _kind('AsyncIterable', (), '__aiter__')
AsyncIterator = _kind('AsyncIterator', (AsyncIterable,), '__anext__', __aiter__=lambda self: self)
AsyncGenerator = _kind('AsyncGenerator', (AsyncIterator,), 'asend', 'athrow')
Iterator = _kind('Iterator', (Iterable,), '__next__', **_self)
Reversible = _kind('Reversible', (Iterable,), '__reversed__')
Collection = _kind('Collection', (Sized, Iterable, Container))
Generator = _kind('Generator', (Iterator,), 'send', 'throw', __next__=lambda self: self.send(None), close=lambda self: None, **_self)


def _same(x, y):
    return x is y or x == y


class Sequence(Reversible, Collection):
    __getitem__ = _required('__getitem__', IndexError)

    def __iter__(self):
        for at in _count():
            try:
                item = self[at]
            except IndexError:
                return
            yield item

    def __contains__(self, value):
        return any(_same(item, value) for item in self)

    def __reversed__(self):
        yield from map(self.__getitem__, reversed(range(len(self))))

    def index(self, value, start=0, stop=None):
        for at in range(len(self))[start:stop]:
            if _same(self[at], value):
                return at
        raise ValueError

    def count(self, value):
        return [_same(item, value) for item in self].count(True)


def _count():
    at = 0
    while True:
        yield at
        at += 1


class ByteString(Sequence):
    pass


class MutableSequence(Sequence):
    __setitem__, __delitem__ = _required('__setitem__', IndexError), _required('__delitem__', IndexError)
    insert = _required('insert', IndexError)

    def __iadd__(self, values):
        self.extend(values)
        return self

    def clear(self):
        while len(self):
            self.pop()

    def append(self, value):
        self.insert(len(self), value)

    def reverse(self):
        for near, far in zip(range(len(self) // 2), reversed(range(len(self)))):
            self[near], self[far] = self[far], self[near]

    def extend(self, values):
        for value in tuple(values) if values is self else values:
            self.append(value)

    def pop(self, index=-1):
        taken = self[index]
        del self[index]
        return taken

    def remove(self, value):
        at = self.index(value)
        del self[at]


def _between(kind, work):
    """A method for an operator whose other side must be of a kind."""
    return lambda self, other: work(self, other) if isinstance(other, kind()) else NotImplemented


def _of_sets(test):
    return _between(lambda: Set, test)


def _with_any(make):
    """An operator that makes a set from what make gives."""
    return _between(lambda: Iterable, lambda self, other: self._from_iterable(make(self, other)))


def _within(some, others):
    return all(x in others for x in some)


class Set(Collection):
    _from_iterable = classmethod(lambda cls, values: cls(values))

    __eq__ = _of_sets(lambda self, other: len(self) == len(other) and _within(self, other))
    __le__ = _of_sets(lambda self, other: len(self) <= len(other) and _within(self, other))
    __ge__ = _of_sets(lambda self, other: len(self) >= len(other) and _within(other, self))
    __lt__ = _of_sets(lambda self, other: len(self) < len(other) and _within(self, other))
    __gt__ = _of_sets(lambda self, other: len(self) > len(other) and _within(other, self))
    __and__ = __rand__ = _with_any(lambda self, other: (x for x in other if x in self))
    __or__ = __ror__ = _with_any(lambda self, other: [*self, *other])
    __sub__ = _with_any(lambda self, other: _left(self, self._from_iterable(other)))
    __rsub__ = _with_any(lambda self, other: _left(other, self))
    __xor__ = __rxor__ = _with_any(lambda self, other: [*_left(self, self._from_iterable(other)), *_left(other, self)])

    def isdisjoint(self, other):
        return not any(map(self.__contains__, other))


def _left(some, others):
    return [x for x in some if x not in others]


class MutableSet(Set):
    add, discard = _required('add'), _required('discard')

    def remove(self, value):
        missing = value not in self
        self.discard(value)
        if missing:
            raise KeyError(value)

    def pop(self):
        for taken in self:
            break
        else:
            raise KeyError
        self.discard(taken)
        return taken

    def clear(self):
        self -= self

    def __ior__(self, values):
        for value in values:
            self.add(value)
        return self

    def __isub__(self, values):
        for value in list(values):
            self.discard(value)
        return self

    def __iand__(self, values):
        self -= self - values
        return self

    def __ixor__(self, values):
        for value in list(values):
            (self.discard if value in self else self.add)(value)
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


_none = object()


class Mapping(Collection):
    __getitem__ = _required('__getitem__', KeyError)
    __hash__ = None

    def _find(self, key):
        """Whether a key is there, and what it has."""
        try:
            return True, self[key]
        except KeyError:
            return False, None

    def __contains__(self, key):
        return self._find(key)[0]

    def get(self, key, default=None):
        there, value = self._find(key)
        return value if there else default

    keys = lambda self: KeysView(self)
    items = lambda self: ItemsView(self)
    values = lambda self: ValuesView(self)
    __eq__ = _between(lambda: Mapping, lambda self, other: dict(self.items()) == dict(other.items()))


class MutableMapping(Mapping):
    __setitem__, __delitem__ = _required('__setitem__', KeyError), _required('__delitem__', KeyError)

    def pop(self, key, default=_none):
        if default is not _none and key not in self:
            return default
        taken = self[key]
        del self[key]
        return taken

    def popitem(self):
        for key in self:
            return key, self.pop(key)
        raise KeyError

    def clear(self):
        for key in list(self):
            del self[key]

    def update(self, other=(), /, **named):
        if hasattr(other, 'keys'):
            other = [(key, other[key]) for key in other.keys()]
        for pairs in (other, named.items()):
            for key, value in pairs:
                self[key] = value

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]


_of_dict = type({}.keys()), type({}.items())
for _base, _classes in {Sequence: (tuple, str, range), MutableSequence: (list, bytearray), ByteString: (bytes, bytearray),
                        Set: (frozenset, *_of_dict), MutableSet: (set,), MutableMapping: (dict,),
                        Reversible: (dict, *_of_dict),
                        Callable: (type, type(len), type(_has), type(Set.register), type([].append))}.items():
    for _class in _classes:
        _base.register(_class)
for _base in (KeysView, ItemsView, ValuesView):
    _base.register(_of_dict[0])
del _base, _class, _classes
