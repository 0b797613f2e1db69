"""pyflink for a driver whose job is compiled.

Whatever is below pyflink exists and does nothing. A call is looked up among
those that the build has seen, by file, line and name; that says what it gives
the driver: an object like all others, a value, or what the job gives.
"""
import ast
import datetime
import decimal
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
import types

from pyfc_driver.channel import JobFailed

# What the text of a row may name.
LITERALS = {"Decimal": decimal.Decimal, "datetime": datetime, "nan": float("nan"), "inf": float("inf"),
            "bytearray": bytearray, "__builtins__": {}}


# The classes of pyflink whose objects the driver gets, and where they are here.
REAL = {"Row": "pyflink.common.types", "RowKind": "pyflink.common.types",
        "JobID": "pyfc_driver.jobs", "JobStatus": "pyfc_driver.jobs"}


def real(name):
    return getattr(importlib.import_module(REAL[name]), name)


class Calls:
    """The calls that the build has seen."""

    def __init__(self, job, program):
        self.job, self.root, self.folder = job, program["root"], program["folder"]
        self.by_name = {}
        for call in program["calls"]:
            call["used"] = False
            self.by_name.setdefault((call["file"], call["name"]), []).append(call)

    def find(self, name, args, kwargs):
        """The call that the driver makes now; None if the build has none like it
        here. It is the first of its place, not yet made, with these texts."""
        place = self.place()
        if place is None:
            return None
        file, line = place
        here = [c for c in self.by_name.get((file, name), ()) if c["line"] <= line <= c["end"]]
        texts = [str(v) for v in (*args, *kwargs.values()) if isinstance(v, str)]
        same = [c for c in here if c["loose"] or c["args"] == texts]
        for call in same:
            if not call["used"]:
                call["used"] = True
                return call
        if same and same[-1]["kind"] in ("", "value", "string", "print", "answers", "job", "ended"):
            return same[-1]
        if same:
            self.job.refuse("%s:%d: %s is called more often than the build has seen it called" % (file, line, name))
        if here:
            self.job.refuse("%s:%d: %s is called with %r; the build has seen it called with %r"
                            % (file, line, name, texts, here[0]["args"]))
        return None

    def place(self):
        """File and line of the driver's own code that is running."""
        frame = sys._getframe(2)
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith(self.root + os.sep):
                return os.path.relpath(name, self.root).replace(os.sep, "/"), frame.f_lineno
            frame = frame.f_back
        return None

    def answer(self, name, args, kwargs):
        """What a call gives the driver."""
        call = self.find(name, args, kwargs)
        if call is None:
            return Replayed(name)
        kind, text = call["kind"], call["text"]
        if kind == "value":
            return ast.literal_eval(text)
        if kind == "string":
            return text
        if kind == "raises":
            raise exception(call["class"])(text)
        if kind == "print":
            sys.stdout.write(text)
            return None
        if kind == "answers":
            return Rows(None, 0, (row_of(0, values) for values in ast.literal_eval(text)))
        if kind == "frame":
            from pyfc_driver import frames
            different = frames.write(self.folder, json.loads(text), kwargs["pdf"] if "pdf" in kwargs else args[0])
            if different:
                self.job.refuse("%s:%d: the DataFrame %s" % (call["file"], call["line"], different))
            return Replayed(name)
        if kind == "job":
            return real("JobID")(text)
        if kind == "ended":
            return real("JobStatus").FINISHED
        if kind == "run":
            self.job.run(call["run"])
            return None if name == "print" else Replayed(name)
        rows = (parsed(line) for line in self.job.lines(call["run"]))
        if kind == "rows":
            return Rows(self.job, call["run"], rows)
        if kind == "pandas":
            from pyfc_driver import frames
            return frames.frame(json.loads(text), rows)
        return Replayed(name)


calls = None


class Replayed:
    """An object of pyflink."""

    def __init__(self, name):
        self.__dict__["_name"] = name

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Replayed(name)

    def __setattr__(self, name, value):
        pass

    def __call__(self, *args, **kwargs):
        return calls.answer(self._name, args, kwargs)

    def __mro_entries__(self, bases):
        return (base_class(self._name),)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return False

    def __str__(self):
        call = calls.find("__str__", (), {})
        return call["text"] if call and call["kind"] == "string" else self._unknown("text")

    __hash__ = object.__hash__

    def __bool__(self):
        return True

    def _unknown(self, what):
        place = calls.place()
        calls.job.refuse("%s: the driver takes the %s of %s, which a compiled job doesn't know"
                         % ("%s:%d" % place if place else "the driver", what, self._name))

    def __iter__(self):
        self._unknown("elements")

    def __len__(self):
        self._unknown("length")

    def __int__(self):
        self._unknown("number")

    __float__ = __index__ = __int__


def _operator(self, *args):
    return Replayed("()")


for _name in "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor".split():
    setattr(Replayed, "__%s__" % _name, _operator)
    setattr(Replayed, "__r%s__" % _name, _operator)
for _name in "eq ne lt le gt ge neg pos invert getitem".split():
    setattr(Replayed, "__%s__" % _name, _operator)

bases = {}


def base_class(name):
    """The base of a class of the driver that derives from one of pyflink."""
    if name not in bases:
        bases[name] = type(name, (), {"__init__": lambda self, *args, **kwargs: None})
    return bases[name]


def exception(name):
    """A class of exceptions by its name."""
    import builtins
    return getattr(builtins, name, None) or bases.setdefault("!" + name, type(name, (Exception,), {}))


def parsed(line):
    """A row from its text: the kind, and a tuple."""
    kinds = {"+I": 0, "-U": 1, "+U": 2, "-D": 3}
    return row_of(kinds[line[:2]], eval(line[2:], LITERALS))


def row_of(kind, values):
    from pyflink.common.types import Row, RowKind
    row = Row(*values)
    row.set_row_kind(RowKind(kind))
    return row


class Rows:
    """The rows of a result; PyFlink's CloseableIterator."""

    def __init__(self, job, step, rows):
        self._job, self._step, self._rows = job, step, rows

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._rows)

    next = __next__

    def close(self):
        if self._job is not None:
            self._rows.close()
            self._job.close(self._step)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


Rows.__name__ = Rows.__qualname__ = "CloseableIterator"
Rows.__module__ = "pyflink.table.table_result"


class Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.endswith(("Exception", "Error")):
            return exception(name)
        if name in REAL:
            return real(name)
        value = self.__dict__[name] = Replayed(name)
        return value


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds pyflink and py4j."""

    def __init__(self, program, here):
        self.names, self.here = program["names"] or {}, here

    def find_spec(self, name, path, target=None):
        top = name.split(".")[0]
        if name == "pyflink.common.types":
            return importlib.util.spec_from_file_location(name, os.path.join(self.here, "pyflink", "common", "types.py"))
        if top in ("pyflink", "py4j"):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = Module(spec.name)
        module.__path__ = []
        module.__all__ = self.names.get(spec.name, [])
        if spec.name == "py4j.protocol":
            module.Py4JJavaError = JobFailed
        if spec.name == "pyflink.version" or spec.name == "pyflink":
            module.__version__ = "1.20.1"
        return module

    def exec_module(self, module):
        pass


def install(job, program, here):
    """Makes pyflink importable."""
    global calls
    calls = Calls(job, program)
    sys.meta_path.insert(0, Finder(program, here))
