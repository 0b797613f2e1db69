"""Python's logging, sent to the job's binary."""
import logging
import queue
import threading
import traceback

from pyfc_worker import udf_pb2

CAPACITY = 10000  # records of a session that wait for the binary

_thread = threading.local()  # .logs: the session's that the thread works for
_open = []                   # Logs of all sessions


class Logs:
    """The log records of one session."""

    def __init__(self, level):
        self._queue = queue.Queue(CAPACITY)
        self._dropped = 0
        self._closed = threading.Event()
        root = logging.getLogger()
        if not any(isinstance(h, _Handler) for h in root.handlers):
            root.addHandler(_Handler())
        root.setLevel(level)
        _open.append(self)

    def adopt_thread(self):
        """Makes the current thread's records this session's."""
        _thread.logs = self

    def put(self, record):
        try:
            self._queue.put_nowait(record)
        except queue.Full:
            self._dropped += 1

    def close(self):
        if self in _open:
            _open.remove(self)
        self._closed.set()
        self.put(None)  # wakes follow

    def follow(self, context):
        """Yields records until the session is closed, then the rest of them."""
        while context.is_active():
            try:
                record = self._queue.get(block=not self._closed.is_set(), timeout=1)
            except queue.Empty:
                if self._closed.is_set():
                    break
                continue
            if record is not None:
                yield record
        if self._dropped:
            yield udf_pb2.LogRecord(level=logging.WARNING, logger="pyfc_worker",
                                    message="%d log records were dropped" % self._dropped)


class _Handler(logging.Handler):
    def emit(self, record):
        try:
            message = _message(record)
        except Exception:  # arguments that don't fit the format
            self.handleError(record)
            return
        # A record of a thread that functions started may be any session's.
        for logs in [_thread.logs] if hasattr(_thread, "logs") else list(_open):
            logs.put(message)


def _message(record):
    exception = ""
    if record.exc_info and record.exc_info[0]:
        exception = "".join(traceback.format_exception(*record.exc_info)).rstrip()
    return udf_pb2.LogRecord(
        time_nanos=int(record.created * 1e9), level=record.levelno, logger=record.name,
        message=record.getMessage(), file=record.pathname, line=record.lineno, exception=exception)
