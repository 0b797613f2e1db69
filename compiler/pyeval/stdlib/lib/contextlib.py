# Context managers as classes. contextmanager, suppress, closing and nullcontext
# are written in Go.
from abc import ABC as _ABC, abstractmethod as _abstractmethod
from functools import wraps as _wraps


class AbstractContextManager(_ABC):
    def __enter__(self):
        return self

    @_abstractmethod
    def __exit__(self, exc_type, exc_value, traceback):
        return None


class ContextDecorator:
    def _recreate_cm(self):
        return self

    def __call__(self, func):
        @_wraps(func)
        def inner(*args, **kwds):
            with self._recreate_cm():
                return func(*args, **kwds)
        return inner


class _redirect:
    def __init__(self, new_target):
        self._target, self._old = new_target, []

    def __enter__(self):
        import sys
        self._old.append(getattr(sys, self._stream))
        setattr(sys, self._stream, self._target)
        return self._target

    def __exit__(self, *exc):
        import sys
        setattr(sys, self._stream, self._old.pop())


class redirect_stdout(_redirect):
    _stream = 'stdout'


class redirect_stderr(_redirect):
    _stream = 'stderr'


class ExitStack(AbstractContextManager):
    def __init__(self):
        self._exits = []

    def enter_context(self, cm):
        value = cm.__enter__()
        self._exits.append(cm.__exit__)
        return value

    def push(self, exit):
        self._exits.append(exit.__exit__ if hasattr(exit, '__exit__') else exit)
        return exit

    def callback(self, callback, /, *args, **kwds):
        def leave(*exc):
            callback(*args, **kwds)
        self._exits.append(leave)
        return callback

    def pop_all(self):
        new = type(self)()
        new._exits, self._exits = self._exits, []
        return new

    def close(self):
        self.__exit__(None, None, None)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pending, raised = exc, exc[1]
        while self._exits:
            leave = self._exits.pop()
            try:
                if leave(*pending):
                    pending = (None, None, None)
            except BaseException as e:
                pending = (type(e), e, None)
        if pending[1] is not None and pending[1] is not raised:
            raise pending[1]
        return raised is not None and pending[1] is None


class _GeneratorContextManager(AbstractContextManager, ContextDecorator):
    def __init__(self, func, args, kwds):
        self.func, self.args, self.kwds = func, args, kwds
        self.gen = func(*args, **kwds)

    def _recreate_cm(self):
        return type(self)(self.func, self.args, self.kwds)

    def __enter__(self):
        try:
            return next(self.gen)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, typ, value, traceback):
        if value is None:
            try:
                next(self.gen)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        try:
            self.gen.throw(value)
        except StopIteration as e:
            return e is not value
        except BaseException as e:
            if e is value:
                return False
            raise
        raise RuntimeError("generator didn't stop after throw()")


def contextmanager(func):
    @_wraps(func)
    def helper(*args, **kwds):
        return _GeneratorContextManager(func, args, kwds)
    return helper
