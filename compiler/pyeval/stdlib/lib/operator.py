# The operators that aren't written in Go.


def is_(a, b, /):
    return a is b


def is_not(a, b, /):
    return a is not b


_abs = abs


def abs(a, /):
    return _abs(a)


def contains(a, b, /):
    return b in a


def countOf(a, b, /):
    return sum(1 for x in a if x is b or x == b)


def indexOf(a, b, /):
    for i, x in enumerate(a):
        if x is b or x == b:
            return i
    raise ValueError('sequence.index(x): x not in sequence')


def getitem(a, b, /):
    return a[b]


def setitem(a, b, c, /):
    a[b] = c


def delitem(a, b, /):
    del a[b]


def concat(a, b, /):
    return a + b


def truth(a, /):
    return True if a else False


def index(a, /):
    return a.__index__()


def invert(a, /):
    return ~a


inv = invert


def pos(a, /):
    return +a


def lshift(a, b, /):
    return a << b


def rshift(a, b, /):
    return a >> b


def iadd(a, b, /):
    a += b
    return a


iconcat = iadd


def isub(a, b, /):
    a -= b
    return a


def imul(a, b, /):
    a *= b
    return a


def itruediv(a, b, /):
    a /= b
    return a


def ifloordiv(a, b, /):
    a //= b
    return a


def imod(a, b, /):
    a %= b
    return a


def ipow(a, b, /):
    a **= b
    return a


def iand(a, b, /):
    a &= b
    return a


def ior(a, b, /):
    a |= b
    return a


def ixor(a, b, /):
    a ^= b
    return a


def ilshift(a, b, /):
    a <<= b
    return a


def irshift(a, b, /):
    a >>= b
    return a


def length_hint(obj, default=0, /):
    try:
        return len(obj)
    except TypeError:
        return default


def call(obj, /, *args, **kwargs):
    return obj(*args, **kwargs)


class methodcaller:
    def __init__(self, name, /, *args, **kwargs):
        if not isinstance(name, str):
            raise TypeError('method name must be a string')
        self._name, self._args, self._kwargs = name, args, kwargs

    def __call__(self, obj, /):
        return getattr(obj, self._name)(*self._args, **self._kwargs)
