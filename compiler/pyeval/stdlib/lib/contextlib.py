# Context managers. suppress, closing and nullcontext are written in Go.
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


class _Halves(AbstractContextManager, ContextDecorator):
    """What a generator does before its yield is the entry, what it does after it the exit."""

    def __init__(self, make):
        self._make, self._halves = make, make()

    def _recreate_cm(self):
        return _Halves(self._make)

    def __enter__(self):
        for value in self._halves:
            return value
        raise RuntimeError("generator didn't yield")

    def __exit__(self, typ, error, trace):
        try:
            if error is None:
                next(self._halves)
            else:
                self._halves.throw(error)
        except StopIteration as end:
            return error is not None and end is not error
        except BaseException as other:
            if other is error:
                return False
            raise
        raise RuntimeError("generator didn't stop" + ('' if error is None else ' after throw()'))


def contextmanager(func):
    return _wraps(func)(lambda *args, **named: _Halves(lambda: func(*args, **named)))
