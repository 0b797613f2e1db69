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
    """Managers that can decorate a function, which then runs inside of one."""

    def _each_time(self):
        return self

    def __call__(self, func):
        def within(*args, **named):
            with self._each_time():
                return func(*args, **named)
        return _wraps(func)(within)


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
    """What is to be left at the end, the last that was entered first."""

    def __init__(self):
        self._leaving = []

    def enter_context(self, cm):
        leave, value = cm.__exit__, cm.__enter__()
        self._leaving.append(leave)
        return value

    def push(self, exit):
        self._leaving.append(getattr(exit, '__exit__', exit))
        return exit

    def callback(self, callback, /, *args, **named):
        self._leaving.append(lambda *raised: callback(*args, **named) and False)
        return callback

    def pop_all(self):
        moved = type(self)()
        moved._leaving, self._leaving = self._leaving, moved._leaving
        return moved

    def close(self):
        self.__exit__(*[None] * 3)

    def __exit__(self, kind, error, trace):
        now = error
        while self._leaving:
            leave = self._leaving.pop()
            try:
                if leave(now and type(now), now, trace if now is error else None):
                    now = None
            except BaseException as other:
                now = other
        if now is not error and now is not None:
            raise now
        return error is not None and now is None


class _Halves(AbstractContextManager, ContextDecorator):
    """What a generator does before its yield is the entry, what it does after it the exit."""

    def __init__(self, make):
        self._make, self._halves = make, make()

    def _each_time(self):
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
