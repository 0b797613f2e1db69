"""Exceptions of functions as the messages that the job's binary prints."""
import os
import traceback

from pyfc_worker import udf_pb2

# Frames of these files are ours and not shown.
_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
GENERATED = "<pyfc>"  # file name of code that plan.py compiles

MAX_REPR = 1000  # characters of a row's arguments in a message


class BadValue(Exception):
    """The result of a row that doesn't fit its SQL type; its cause says why."""

    def __init__(self, row, value, type_name):
        super().__init__("the function returned %s, its result type is %s" % (shorten(value), type_name))
        self.row = row


def of(error, function="", row=0, arguments=None):
    """Returns the Failure of an exception."""
    note = ""
    if isinstance(error, BadValue):
        note = "\n" + str(error)
        error = error.__cause__
    name = type(error).__qualname__
    if type(error).__module__ not in ("builtins", "__main__"):
        name = type(error).__module__ + "." + name
    lines = traceback.format_exception(type(error), error, foreign(error.__traceback__))
    return udf_pb2.Failure(
        row=row, function=function, type=name, message=_utf8(_message(error) + note),
        arguments="" if arguments is None else _utf8(shorten(tuple(arguments))),
        traceback=_utf8("".join(lines).rstrip() + note))


def _message(error):
    try:
        return str(error)
    except Exception as fault:  # a __str__ of the user's
        return "<%s, whose str failed: %s>" % (type(error).__name__, type(fault).__name__)


def _utf8(text):
    """Escapes halves of surrogate pairs, which Python's strings may have and a
    message may not."""
    return text.encode("utf-8", "backslashreplace").decode()


def foreign(tb):
    """Returns a traceback from the first frame on that isn't ours."""
    while tb is not None and ours(tb.tb_frame):
        tb = tb.tb_next
    return tb


def ours(frame):
    """Reports whether a frame runs the worker's own code."""
    file = frame.f_code.co_filename
    return file == GENERATED or file.startswith(_OURS)


def shorten(value):
    """Returns a value's repr, cut to a length fit for a message."""
    try:
        text = repr(value)
    except Exception as error:  # a __repr__ of the user's
        text = "<%s, whose repr failed: %s>" % (type(value).__name__, error)
    return text if len(text) <= MAX_REPR else text[:MAX_REPR] + "…"
