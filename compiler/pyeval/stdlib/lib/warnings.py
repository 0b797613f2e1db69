# Warnings go nowhere, as log lines of the build would, unless the script
# records them or makes errors of them.
import re as _re

filters = []
_recorded = None


class WarningMessage:
    def __init__(self, message, category, filename='', lineno=0, file=None, line=None, source=None):
        self.message, self.category, self.filename, self.lineno = message, category, filename, lineno
        self.file, self.line, self.source = file, line, source

    def __str__(self):
        return '{message : %r, category : %r, filename : %r, lineno : %s, line : %r}' % (
            self.message, self.category.__name__, self.filename, self.lineno, self.line)


def _set(entry, append):
    if entry in filters:
        filters.remove(entry)
    filters.insert(len(filters) if append else 0, entry)


def filterwarnings(action, message='', category=Warning, module='', lineno=0, append=False):
    _set((action, message, category), append)


def simplefilter(action, category=Warning, lineno=0, append=False):
    _set((action, '', category), append)


def resetwarnings():
    filters.clear()


def _action(text, category):
    for action, message, kind in filters:
        if issubclass(category, kind) and _re.match(message, text, _re.I):
            return action
    return 'default'


def warn(message, category=None, stacklevel=1, source=None):
    if isinstance(message, Warning):
        category = type(message)
    else:
        category = UserWarning if category is None else category
        message = category(message)
    action = _action(str(message), category)
    if action == 'error':
        raise message
    if action != 'ignore' and _recorded is not None:
        _recorded.append(WarningMessage(message, category))


def warn_explicit(message, category, filename, lineno, *more, **named):
    warn(message, category)


def formatwarning(message, category, filename, lineno, line=None):
    return '%s:%s: %s: %s\n' % (filename, lineno, category.__name__, message)


def showwarning(message, category, filename, lineno, file=None, line=None):
    pass


class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record, self._filter = record, (action, category, lineno, append)

    def __enter__(self):
        global _recorded
        self._before = filters[:], _recorded
        if self._record:
            _recorded = []
        if self._filter[0] is not None:
            simplefilter(*self._filter)
        return _recorded if self._record else None

    def __exit__(self, *raised):
        global _recorded
        filters[:], _recorded = self._before
