# Handlers for files that are changed now and then, and for what isn't this
# process. Their lines are dropped as those of other files are.
from logging import NOTSET, ERROR, FileHandler, Handler

DEFAULT_TCP_LOGGING_PORT, DEFAULT_UDP_LOGGING_PORT, DEFAULT_HTTP_LOGGING_PORT = 9020, 9021, 9022
SYSLOG_UDP_PORT = SYSLOG_TCP_PORT = 514


class BaseRotatingHandler(FileHandler):
    namer = rotator = None


class RotatingFileHandler(BaseRotatingHandler):
    def __init__(self, filename, mode='a', maxBytes=0, backupCount=0, encoding=None, delay=False, errors=None):
        super().__init__(filename, 'a' if maxBytes > 0 else mode, encoding, delay, errors)
        self.maxBytes, self.backupCount = maxBytes, backupCount


class TimedRotatingFileHandler(BaseRotatingHandler):
    def __init__(self, filename, when='h', interval=1, backupCount=0, encoding=None, delay=False, utc=False, atTime=None, errors=None):
        super().__init__(filename, 'a', encoding, delay, errors)
        self.when, self.interval, self.backupCount, self.utc, self.atTime = when.upper(), interval, backupCount, utc, atTime


class WatchedFileHandler(FileHandler):
    pass


class _Elsewhere(Handler):
    """A handler for a service: what it is told isn't told at build."""

    def __init__(self, *args, **named):
        super().__init__()

    def emit(self, record):
        pass

    def _drops(self):
        return True


class SysLogHandler(_Elsewhere):
    pass


class SocketHandler(_Elsewhere):
    pass


class DatagramHandler(SocketHandler):
    pass


class HTTPHandler(_Elsewhere):
    pass


class SMTPHandler(_Elsewhere):
    pass


class MemoryHandler(Handler):
    """Keeps lines until one is grave enough, or there are many."""

    def __init__(self, capacity, flushLevel=ERROR, target=None, flushOnClose=True):
        super().__init__()
        self.capacity, self.flushLevel, self.target, self.flushOnClose, self.buffer = capacity, flushLevel, target, flushOnClose, []

    def setTarget(self, target):
        self.target = target

    def emit(self, record):
        self.buffer.append(record)
        if record.levelno >= self.flushLevel or len(self.buffer) >= self.capacity:
            self.flush()

    def flush(self):
        if self.target is not None:
            kept, self.buffer = self.buffer, []
            for record in kept:
                self.target.handle(record)

    def close(self):
        if self.flushOnClose:
            self.flush()
        self.target, self.buffer = None, []


class QueueHandler(Handler):
    def __init__(self, queue):
        super().__init__()
        self.queue = queue

    def emit(self, record):
        self.queue.put_nowait(record)
