# Loggers, handlers and formatters. Lines for standard error and for files are
# dropped: a build's own messages stand there, and nobody compares them.
import sys as _sys
from string import Template as _Template

_standard = dict(CRITICAL=50, ERROR=40, WARNING=30, INFO=20, DEBUG=10, NOTSET=0)
globals().update(_standard)
FATAL, WARN = CRITICAL, WARNING
BASIC_FORMAT = '%(levelname)s:%(name)s:%(message)s'
raiseExceptions, lastResort = True, None
_levels = {**_standard, 'FATAL': 50, 'WARN': 30}
_names = {number: word for word, number in _standard.items()}
_disabled = 0


def getLevelName(level):
    return _names.get(level) or _levels.get(level, f'Level {level}')


def getLevelNamesMapping():
    return dict(_levels)


def addLevelName(level, levelName):
    _names[level], _levels[levelName] = levelName, level


def _number(level):
    known = _levels.get(level) if isinstance(level, str) else level
    if known is None and level is not None:
        raise ValueError('Unknown level: %r' % (level,))
    if not isinstance(known, int):
        raise TypeError('Level not an integer or a valid string: %r' % (level,))
    return known


class LogRecord:
    processName, threadName, exc_text = 'MainProcess', 'MainThread', None

    def __init__(self, name, level, pathname, lineno, msg, args, exc_info, func=None, sinfo=None, **kwargs):
        named = args and len(args) == 1 and isinstance(args[0], dict) and args[0]
        self.name, self.msg, self.args = name, msg, named or args
        self.levelno, self.levelname = level, getLevelName(level)
        self.pathname, self.lineno, self.funcName = pathname, lineno, func
        self.filename = pathname.rpartition('/')[2]
        self.module = self.filename.rpartition('.')[0] or self.filename
        self.exc_info, self.stack_info = exc_info, sinfo

    def __repr__(self):
        return '<LogRecord: %s, %s, %s, %s, "%s">' % (self.name, self.levelno, self.pathname, self.lineno, self.msg)

    def getMessage(self):
        return str(self.msg) % self.args if self.args else str(self.msg)

    def __getattr__(self, name):
        # What is another one in each run.
        if name in ('created', 'msecs', 'relativeCreated', 'asctime'):
            import time
            return time.time()
        if name in ('process', 'thread'):
            import os
            return os.getpid()
        raise AttributeError("'LogRecord' object has no attribute '%s'" % name)


def makeLogRecord(attrdict):
    record = LogRecord(None, NOTSET, '', 0, '', (), None)
    vars(record).update(attrdict)
    return record


class _Fields:
    """A record as the mapping that a format takes its fields from."""

    def __init__(self, record, defaults):
        self.record, self.defaults = record, defaults

    def __getitem__(self, name):
        found = getattr(self.record, name, self)
        if found is self:
            return self.defaults[name]
        return found


_fill = {
    '%': lambda text, fields: text % fields,
    '{': lambda text, fields: text.format_map(fields),
    '$': lambda text, fields: _Template(text).substitute(fields),
}
_placeholder = {'%': '%({})s', '{': '{{{}}}', '$': '${{{}}}'}


class Formatter:
    def __init__(self, fmt=None, datefmt=None, style='%', validate=True, *, defaults=None):
        if style not in _fill:
            raise ValueError('Style must be one of: %s' % ','.join(_fill))
        self._fmt, self.datefmt, self._style, self._defaults = fmt or _placeholder[style].format('message'), datefmt, style, defaults or {}

    def usesTime(self):
        return 'asctime' in self._fmt

    def formatTime(self, record, datefmt=None):
        return record.asctime

    def formatMessage(self, record):
        return _fill[self._style](self._fmt, _Fields(record, self._defaults))

    def formatException(self, ei):
        import traceback
        return ''.join(traceback.format_exception(*ei)).rstrip('\n')

    def format(self, record):
        record.message = record.getMessage()
        return self.formatMessage(record)


class Filter:
    def __init__(self, name=''):
        self.name = name

    def filter(self, record):
        return (record.name + '.').startswith(self.name + '.' if self.name else '')


class Filterer:
    def __init__(self):
        self.filters = []

    def removeFilter(self, filter):
        _drop(self.filters, filter)

    def addFilter(self, filter):
        _once(self.filters, filter)

    def filter(self, record):
        return all(getattr(f, 'filter', f)(record) for f in self.filters)


def _once(items, item):
    if item not in items:
        items.append(item)


def _drop(items, item):
    if item in items:
        items.remove(item)


class Handler(Filterer):
    def __init__(self, level=NOTSET):
        super().__init__()
        self.level, self.formatter, self.name = _number(level), None, None

    def __repr__(self):
        return f'<{type(self).__name__} ({getLevelName(self.level)})>'

    def setLevel(self, level):
        self.level = _number(level)

    def setFormatter(self, fmt):
        self.formatter = fmt

    set_name = lambda self, name: setattr(self, 'name', name)
    get_name = lambda self: self.name

    def format(self, record):
        return (self.formatter or Formatter()).format(record)

    def handle(self, record):
        if passed := self.filter(record):
            self.emit(record)
        return passed

    def emit(self, record):
        raise NotImplementedError('emit must be implemented by Handler subclasses')

    def flush(self):
        pass

    close = acquire = release = createLock = flush

    def _drops(self):
        """Whether no line of it can be seen."""
        return False


class StreamHandler(Handler):
    terminator = '\n'

    def __init__(self, stream=None):
        super().__init__()
        self.stream = _sys.stderr if stream is None else stream

    def setStream(self, stream):
        before, self.stream = self.stream, stream
        return before

    def emit(self, record):
        if self.stream is not _sys.stderr:
            _write(self.stream, self.format(record), self.terminator)

    def _drops(self):
        return type(self).emit is StreamHandler.emit and self.stream is _sys.stderr and not self.filters


class FileHandler(StreamHandler):
    def __init__(self, filename, mode='a', encoding=None, delay=False, errors=None):
        super().__init__()
        self.baseFilename, self.mode, self.encoding = filename, mode, encoding


class NullHandler(Handler):
    def handle(self, record):
        pass

    emit = handle

    def _drops(self):
        return True


class Logger(Filterer):
    def __init__(self, name, level=NOTSET):
        super().__init__()
        self.name, self.level, self.handlers = name, _number(level), []
        self.parent, self.propagate, self.disabled = None, True, False

    def __repr__(self):
        return f'<{type(self).__name__} {self.name} ({getLevelName(self.getEffectiveLevel())})>'

    def setLevel(self, level):
        self.level = _number(level)

    def getEffectiveLevel(self):
        return self.level or (self.parent.getEffectiveLevel() if self.parent else NOTSET)

    def isEnabledFor(self, level):
        return not self.disabled and level > _disabled and level >= self.getEffectiveLevel()

    def getChild(self, suffix):
        return getLogger(suffix if self is root else self.name + '.' + suffix)

    def addHandler(self, hdlr):
        _once(self.handlers, hdlr)

    def removeHandler(self, hdlr):
        _drop(self.handlers, hdlr)

    def _audience(self):
        """The handlers that get its lines, its own first."""
        above = self.parent._audience() if self.parent and self.propagate else []
        return self.handlers + above

    def hasHandlers(self):
        return self._audience() != []

    def log(self, level, msg, *args, **kwargs):
        if not isinstance(level, int):
            raise TypeError('level must be an integer')
        self._at(level, msg, args, kwargs)

    def _at(self, level, msg, args, options):
        if self.isEnabledFor(level):
            self._log(level, msg, args, **options)

    def _log(self, level, msg, args, exc_info=None, extra=None, stack_info=False, stacklevel=1):
        if not self.filters and all(h.level > level or h._drops() for h in self._audience()):
            return
        path, line, function = _caller(stacklevel)
        record = LogRecord(self.name, level, path, line, msg, args, exc_info, function)
        vars(record).update(extra or {})
        self.handle(record)

    def handle(self, record):
        if not self.disabled and self.filter(record):
            self.callHandlers(record)

    def callHandlers(self, record):
        for h in self._audience():
            if h.level <= record.levelno:
                h.handle(record)


class RootLogger(Logger):
    def __init__(self, level):
        super().__init__('root', level)


class LoggerAdapter:
    def __init__(self, logger, extra=None):
        self.logger, self.extra = logger, extra

    def process(self, msg, kwargs):
        return msg, kwargs | {'extra': self.extra}

    def _at(self, level, msg, args, options):
        if self.logger.isEnabledFor(level):
            text, options = self.process(msg, options)
            self.logger._at(level, text, args, options)

    log = Logger.log

    def __getattr__(self, name):
        return getattr(self.logger, name)


def _define_levels(owner):
    """Gives a class debug, info and so on, each for its level."""
    def at(level, **preset):
        return lambda self, msg, *args, **options: self._at(level, msg, args, {**preset, **options})
    for word in ('critical', 'error', 'warning', 'info', 'debug'):
        setattr(owner, word, at(_levels[word.upper()]))
    owner.exception, owner.fatal, owner.warn = at(ERROR, exc_info=True), owner.critical, owner.warning


_define_levels(Logger)
_define_levels(LoggerAdapter)
Logger.root = root = RootLogger(WARNING)
_loggers = {}
_class = Logger


def getLogger(name=None):
    if name in (None, '', 'root'):
        return root
    if name not in _loggers:
        _loggers[name] = _class(name)
        for each in _loggers.values():  # it stands above some and below others
            each.parent = _above(each.name)
    return _loggers[name]


def _above(name):
    """The nearest logger that a name's beginning belongs to."""
    while name := name.rpartition('.')[0]:
        if name in _loggers:
            return _loggers[name]
    return root


def basicConfig(*, force=False, handlers=None, stream=None, filename=None, filemode='a', format=None, datefmt=None, style='%',
                level=None, encoding=None, errors='backslashreplace'):
    if force:
        root.handlers.clear()
    if root.handlers:
        return
    text = format or ':'.join(map(_placeholder[style].format, ('levelname', 'name', 'message')))
    for h in handlers or [FileHandler(filename, filemode) if filename else StreamHandler(stream)]:
        h.formatter = h.formatter or Formatter(text, datefmt, style)
        root.addHandler(h)
    root.level = root.level if level is None else _number(level)


def _of_root(method):
    def call(*args, **kwargs):
        if root.handlers == []:
            basicConfig()
        return method(root, *args, **kwargs)
    return call


for _word in ('debug', 'info', 'warning', 'error', 'critical', 'exception', 'log', 'warn', 'fatal'):
    globals()[_word] = _of_root(getattr(Logger, _word))
del _word


def disable(level=CRITICAL):
    global _disabled
    _disabled = _number(level)


def shutdown(handlerList=()):
    pass


def captureWarnings(capture):
    pass


def setLoggerClass(klass):
    global _class
    _class = klass


def getLoggerClass():
    return _class
