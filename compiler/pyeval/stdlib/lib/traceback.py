# Exceptions as text. The lines of the driver's frames are not shown: a build
# has none that a job would print.
import sys as _sys


def _line(exc):
    kind = type(exc)
    name = kind.__qualname__ if kind.__module__ in ('builtins', '__main__') else kind.__module__ + '.' + kind.__qualname__
    text = str(exc)
    return name + ': ' + text + '\n' if text else name + '\n'


def format_exception_only(exc, /, value=None):
    exc = exc if value is None else value
    if exc is None:
        return ['NoneType: None\n']
    return [_line(exc)] + [note + '\n' for note in getattr(exc, '__notes__', [])]


_CAUSE = '\nThe above exception was the direct cause of the following exception:\n\n'
_CONTEXT = '\nDuring handling of the above exception, another exception occurred:\n\n'


def format_exception(exc, /, value=None, tb=None, limit=None, chain=True):
    exc = exc if value is None else value
    if exc is None:
        return ['NoneType: None\n']
    out = []
    if chain and exc.__cause__ is not None:
        out += format_exception(exc.__cause__) + [_CAUSE]
    elif chain and exc.__context__ is not None and not exc.__suppress_context__:
        out += format_exception(exc.__context__) + [_CONTEXT]
    return out + ['Traceback (most recent call last):\n'] + format_exception_only(exc)


def format_exc(limit=None, chain=True):
    return ''.join(format_exception(_sys.exc_info()[1], chain=chain))


def print_exception(exc, /, value=None, tb=None, limit=None, file=None, chain=True):
    print(''.join(format_exception(exc, value, chain=chain)), file=file or _sys.stderr, end='')


def print_exc(limit=None, file=None, chain=True):
    print(format_exc(chain=chain), file=file or _sys.stderr, end='')


def format_tb(tb, limit=None):
    return []


def format_stack(f=None, limit=None):
    return []


def print_stack(f=None, limit=None, file=None):
    pass
