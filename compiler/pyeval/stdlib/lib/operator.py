# The operators that aren't written in Go.
_size = abs
abs = lambda a, /: _size(a)
truth = lambda a, /: bool(a)
is_ = lambda a, b, /: a is b
is_not = lambda a, b, /: a is not b
contains = lambda a, b, /: b in a
getitem = lambda a, b, /: a[b]
index = lambda a, /: range(a, a).start
call = lambda obj, /, *args, **kwargs: obj(*args, **kwargs)


def _same(x, y):
    return x is y or x == y


def countOf(a, b, /):
    return [_same(x, b) for x in a].count(True)


def indexOf(a, b, /):
    for at, x in enumerate(a):
        if _same(x, b):
            return at
    raise ValueError('sequence.index(x): x not in sequence')


def length_hint(obj, default=0, /):
    return len(obj) if hasattr(obj, '__len__') else default


def setitem(a, b, c, /):
    a[b] = c


def delitem(a, b, /):
    del a[b]


class methodcaller:
    def __init__(self, name, /, *args, **kwargs):
        if not isinstance(name, str):
            raise TypeError('method name must be a string')
        self._call = lambda obj: getattr(obj, name)(*args, **kwargs)

    def __call__(self, obj, /):
        return self._call(obj)
