# What wraps classes and methods. partial, reduce and the caches are written in
# Go.
_names = {'__lt__': '<', '__gt__': '>', '__le__': '<=', '__ge__': '>='}
WRAPPER_ASSIGNMENTS = ('__module__', '__name__', '__qualname__', '__doc__', '__annotations__')
WRAPPER_UPDATES = ('__dict__',)


def _order(root, negate, equal):
    """An ordering method from another: the negated one, and what equality adds."""
    def method(self, other):
        r = getattr(self, root)(other)
        if r is NotImplemented:
            return r
        if negate:
            r = not r
        if equal is None:
            return r
        return r or self == other if equal else r and self != other
    return method


_derived = {
    '__lt__': {'__gt__': (True, False), '__le__': (False, True), '__ge__': (True, None)},
    '__le__': {'__ge__': (True, True), '__lt__': (False, False), '__gt__': (True, None)},
    '__gt__': {'__lt__': (True, False), '__ge__': (False, True), '__le__': (True, None)},
    '__ge__': {'__le__': (True, True), '__gt__': (False, False), '__lt__': (True, None)},
}


def total_ordering(cls):
    own = [name for name in ('__lt__', '__le__', '__gt__', '__ge__') if any(name in k.__dict__ for k in cls.__mro__[:-1])]
    if not own:
        raise ValueError('must define at least one ordering operation: < > <= >=')
    for name, (negate, equal) in _derived[own[0]].items():
        if name not in own:
            method = _order(own[0], negate, equal)
            method.__name__ = name
            setattr(cls, name, method)
    return cls


class cached_property:
    def __init__(self, func):
        self.func, self.attrname, self.__doc__ = func, None, func.__doc__

    def __set_name__(self, owner, name):
        self.attrname = name

    def __get__(self, instance, owner=None):
        memo = {self.attrname: self} if instance is None else instance.__dict__
        if self.attrname not in memo:
            memo[self.attrname] = self.func(instance)
        return memo[self.attrname]


def _dispatch(registry, cls):
    for k in cls.__mro__:
        if k in registry:
            return registry[k]
    for k, f in registry.items():
        if k is not object and issubclass(cls, k):
            return f
    return registry[object]


def singledispatch(func):
    registry = {object: func}

    def register(cls, f=None):
        if f is None:
            if isinstance(cls, type):
                return lambda f: register(cls, f)
            f, notes = cls, cls.__annotations__
            if not notes:
                raise TypeError('Invalid first argument to `register()`: %r. Use either `@register(some_class)` or plain `@register` on an annotated function.' % cls)
            cls = next(iter(notes.values()))
        registry[cls] = f
        return f

    def wrapper(*args, **kw):
        if not args:
            raise TypeError('%s requires at least 1 positional argument' % func.__name__)
        return _dispatch(registry, type(args[0]))(*args, **kw)

    update_wrapper(wrapper, func)
    wrapper.register, wrapper.registry = register, registry
    wrapper.dispatch = lambda cls: _dispatch(registry, cls)
    return wrapper


class singledispatchmethod:
    def __init__(self, func):
        self.dispatcher, self.func = singledispatch(func), func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, method)

    def __get__(self, obj, cls=None):
        def method(*args, **kw):
            return self.dispatcher.dispatch(type(args[0])).__get__(obj, cls)(*args, **kw)
        method.register = self.register
        return method


class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        self.func, self.args, self.keywords = func, args, keywords

    def __get__(self, obj, cls=None):
        return partial(self.func, obj, *self.args, **self.keywords)


class _CacheInfo(tuple):
    hits = property(lambda self: self[0])
    misses = property(lambda self: self[1])
    maxsize = property(lambda self: self[2])
    currsize = property(lambda self: self[3])

    def __repr__(self):
        return 'CacheInfo(hits=%r, misses=%r, maxsize=%r, currsize=%r)' % tuple(self)


class _lru_cache_wrapper:
    def __init__(self, func, maxsize, typed):
        self.__wrapped__, self._maxsize, self._typed = func, maxsize, typed
        update_wrapper(self, func)
        self.cache_clear()

    def cache_clear(self):
        self._kept, self._hits, self._misses = {}, 0, 0

    def cache_info(self):
        return _CacheInfo((self._hits, self._misses, self._maxsize, len(self._kept)))

    def cache_parameters(self):
        return {'maxsize': self._maxsize, 'typed': self._typed}

    def __call__(self, *args, **kwds):
        key = (args, tuple(kwds.items())) if kwds else (args,)
        if self._typed:
            key += (tuple(type(a) for a in args), tuple(type(v) for v in kwds.values()))
        kept = self._kept
        if key in kept:
            self._hits += 1
            if self._maxsize is None:
                return kept[key]
            value = kept[key] = kept.pop(key)
            return value
        value = self.__wrapped__(*args, **kwds)
        self._misses += 1
        if self._maxsize != 0:
            if self._maxsize is not None and key not in kept and len(kept) >= self._maxsize:
                del kept[next(iter(kept))]
            kept[key] = value
        return value

    def __get__(self, obj, cls=None):
        if obj is None:
            return self
        return partial(self, obj)


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _lru_cache_wrapper(maxsize, 128, typed)
    if maxsize is not None and maxsize < 0:
        maxsize = 0
    return lambda func: _lru_cache_wrapper(func, maxsize, typed)


def cache(user_function, /):
    return _lru_cache_wrapper(user_function, None, False)
