# Loggers, handlers and formatters. Lines for standard error are dropped: a
# build's own messages stand there, and nobody compares them.
import sys as _sys
from string import Template as _Template

CRITICAL, ERROR, WARNING, INFO, DEBUG, NOTSET = 50, 40, 30, 20, 10, 0
FATAL, WARN = CRITICAL, WARNING
BASIC_FORMAT = '%(levelname)s:%(name)s:%(message)s'
raiseExceptions = True
_names = {50: 'CRITICAL', 40: 'ERROR', 30: 'WARNING', 20: 'INFO', 10: 'DEBUG', 0: 'NOTSET'}
_levels = {'CRITICAL': 50, 'FATAL': 50, 'ERROR': 40, 'WARN': 30, 'WARNING': 30, 'INFO': 20, 'DEBUG': 10, 'NOTSET': 0}
_disabled = 0


def getLevelName(level):
    if level in _names:
        return _names[level]
    return _levels.get(level, 'Level %s' % level)


def getLevelNamesMapping():
    return dict(_levels)


def addLevelName(level, levelName):
    _names[level] = levelName
    _levels[levelName] = level


def _check(level):
    if isinstance(level, int):
        return level
    if isinstance(level, str):
        if level not in _levels:
            raise ValueError('Unknown level: %r' % (level,))
        return _levels[level]
    raise TypeError('Level not an integer or a valid string: %r' % (level,))


class LogRecord:
    def __init__(self, name, level, pathname, lineno, msg, args, exc_info, func=None, sinfo=None, **kwargs):
        if args and len(args) == 1 and isinstance(args[0], dict) and args[0]:
            args = args[0]
        self.name, self.msg, self.args, self.levelno, self.levelname = name, msg, args, level, getLevelName(level)
        self.pathname, self.lineno, self.exc_info, self.exc_text, self.stack_info, self.funcName = pathname, lineno, exc_info, None, sinfo, func
        self.filename = self.module = self.processName = self.threadName = 'MainThread'
        self.process = self.thread = 0

    def __repr__(self):
        return '<LogRecord: %s, %s, %s, %s, "%s">' % (self.name, self.levelno, self.pathname, self.lineno, self.msg)

    def getMessage(self):
        msg = str(self.msg)
        return msg % self.args if self.args else msg

    def __getattr__(self, name):
        if name in ('created', 'msecs', 'relativeCreated', 'asctime'):
            import time
            return time.time()
        raise AttributeError("'LogRecord' object has no attribute '%s'" % name)


def makeLogRecord(attrdict):
    record = LogRecord(None, NOTSET, '', 0, '', (), None)
    record.__dict__.update(attrdict)
    return record


class _Fields:
    def __init__(self, record):
        self.record = record

    def __getitem__(self, name):
        try:
            return getattr(self.record, name)
        except AttributeError:
            raise KeyError(name) from None


class Formatter:
    def __init__(self, fmt=None, datefmt=None, style='%', validate=True, *, defaults=None):
        if style not in ('%', '{', '$'):
            raise ValueError('Style must be one of: %,{,$')
        self._fmt, self.datefmt, self._style = fmt or {'%': '%(message)s', '{': '{message}', '$': '${message}'}[style], datefmt, style

    def usesTime(self):
        return 'asctime' in self._fmt

    def formatTime(self, record, datefmt=None):
        return record.asctime

    def formatMessage(self, record):
        if self._style == '%':
            return self._fmt % _Fields(record)
        if self._style == '{':
            return self._fmt.format_map(_Fields(record))
        return _Template(self._fmt).substitute(_Fields(record))

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
        return not self.name or record.name == self.name or record.name.startswith(self.name + '.')


def _with(items, item):
    if item not in items:
        items.append(item)


def _without(items, item):
    items[:] = [x for x in items if x != item]


class Filterer:
    def __init__(self):
        self.filters = []

    def addFilter(self, filter):
        _with(self.filters, filter)

    def removeFilter(self, filter):
        _without(self.filters, filter)

    def filter(self, record):
        for f in self.filters:
            if not (f.filter(record) if hasattr(f, 'filter') else f(record)):
                return False
        return True


class Handler(Filterer):
    def __init__(self, level=NOTSET):
        Filterer.__init__(self)
        self.level, self.formatter, self.name = _check(level), None, None

    def setLevel(self, level):
        self.level = _check(level)

    def setFormatter(self, fmt):
        self.formatter = fmt

    def set_name(self, name):
        self.name = name

    def get_name(self):
        return self.name

    def format(self, record):
        return (self.formatter or Formatter()).format(record)

    def handle(self, record):
        ok = self.filter(record)
        if ok:
            self.emit(record)
        return ok

    def emit(self, record):
        raise NotImplementedError('emit must be implemented by Handler subclasses')

    def flush(self):
        pass

    def close(self):
        pass

    def acquire(self):
        pass

    def release(self):
        pass


class StreamHandler(Handler):
    terminator = '\n'

    def __init__(self, stream=None):
        Handler.__init__(self)
        self.stream = _sys.stderr if stream is None else stream

    def setStream(self, stream):
        old, self.stream = self.stream, stream
        return old

    def emit(self, record):
        if self.stream is not _sys.stderr:
            _write(self.stream, self.format(record), self.terminator)


class FileHandler(StreamHandler):
    def __init__(self, filename, mode='a', encoding=None, delay=False, errors=None):
        StreamHandler.__init__(self)
        self.baseFilename = filename


class NullHandler(Handler):
    def handle(self, record):
        pass

    def emit(self, record):
        pass


class Logger(Filterer):
    def __init__(self, name, level=NOTSET):
        Filterer.__init__(self)
        self.name, self.level, self.parent, self.propagate, self.handlers, self.disabled = name, _check(level), None, True, [], False

    def __repr__(self):
        return '<%s %s (%s)>' % (type(self).__name__, self.name, getLevelName(self.getEffectiveLevel()))

    def setLevel(self, level):
        self.level = _check(level)

    def getEffectiveLevel(self):
        logger = self
        while logger:
            if logger.level:
                return logger.level
            logger = logger.parent
        return NOTSET

    def isEnabledFor(self, level):
        return not self.disabled and level > _disabled and level >= self.getEffectiveLevel()

    def getChild(self, suffix):
        return getLogger(suffix if self is root else self.name + '.' + suffix)

    def addHandler(self, hdlr):
        _with(self.handlers, hdlr)

    def removeHandler(self, hdlr):
        _without(self.handlers, hdlr)

    def hasHandlers(self):
        logger = self
        while logger:
            if logger.handlers:
                return True
            logger = logger.parent if logger.propagate else None
        return False

    def log(self, level, msg, *args, **kwargs):
        if type(level) is not int:
            raise TypeError('level must be an integer')
        self._at(level, msg, args, kwargs)

    def _at(self, level, msg, args, options):
        if self.isEnabledFor(level):
            self._log(level, msg, args, **options)

    def _log(self, level, msg, args, exc_info=None, extra=None, stack_info=False, stacklevel=1):
        if not self._heard(level):
            return
        record = LogRecord(self.name, level, '', 0, msg, args, exc_info)
        for key, value in (extra or {}).items():
            setattr(record, key, value)
        self.handle(record)

    def _heard(self, level):
        """Whether any handler does more than drop the line."""
        logger = self
        while logger:
            for h in logger.handlers:
                if level >= h.level and not (type(h) in (StreamHandler, FileHandler) and h.stream is _sys.stderr and not h.filters):
                    return True
            logger = logger.parent if logger.propagate else None
        return bool(self.filters)

    def handle(self, record):
        if not self.disabled and self.filter(record):
            self.callHandlers(record)

    def callHandlers(self, record):
        logger = self
        while logger:
            for h in logger.handlers:
                if record.levelno >= h.level:
                    h.handle(record)
            logger = logger.parent if logger.propagate else None


class RootLogger(Logger):
    def __init__(self, level):
        Logger.__init__(self, 'root', level)


class LoggerAdapter:
    def __init__(self, logger, extra=None):
        self.logger, self.extra = logger, extra

    def process(self, msg, kwargs):
        kwargs['extra'] = self.extra
        return msg, kwargs

    def _at(self, level, msg, args, options):
        if self.isEnabledFor(level):
            text, options = self.process(msg, options)
            self.logger._at(level, text, args, options)

    log = Logger.log
    setLevel = property(lambda self: self.logger.setLevel)
    isEnabledFor = property(lambda self: self.logger.isEnabledFor)


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


def getLogger(name=None):
    if name in (None, '', 'root'):
        return root
    if name not in _loggers:
        logger = _loggers[name] = Logger(name)
        logger.parent = root
        parts = name.split('.')
        for i in range(len(parts) - 1, 0, -1):
            above = '.'.join(parts[:i])
            if above in _loggers:
                logger.parent = _loggers[above]
                break
        for other in _loggers.values():
            if other.name.startswith(name + '.') and (other.parent is logger.parent):
                other.parent = logger
    return _loggers[name]


def basicConfig(*, force=False, handlers=None, stream=None, filename=None, filemode='a', format=None, datefmt=None, style='%',
                level=None, encoding=None, errors='backslashreplace'):
    if force:
        root.handlers[:] = []
    if not root.handlers:
        if handlers is None:
            handlers = [FileHandler(filename, filemode) if filename else StreamHandler(stream)]
        default = {'%': BASIC_FORMAT, '{': '{levelname}:{name}:{message}', '$': '${levelname}:${name}:${message}'}[style]
        for h in handlers:
            if h.formatter is None:
                h.setFormatter(Formatter(format or default, datefmt, style))
            root.addHandler(h)
        if level is not None:
            root.setLevel(level)


def _root_call(name):
    def call(msg, *args, **kwargs):
        if not root.handlers:
            basicConfig()
        getattr(root, name)(msg, *args, **kwargs)
    return call


debug, info, warning, error = _root_call('debug'), _root_call('info'), _root_call('warning'), _root_call('error')
critical, exception, log = _root_call('critical'), _root_call('exception'), _root_call('log')
warn, fatal = warning, critical


def disable(level=CRITICAL):
    global _disabled
    _disabled = _check(level)


def shutdown(handlerList=()):
    pass


def captureWarnings(capture):
    pass


def setLoggerClass(klass):
    pass


def getLoggerClass():
    return Logger
