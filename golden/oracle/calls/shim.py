"""Runs a driver in CPython with a recording pyflink, in a sandbox.

    python3 shim.py NAMES OUT SCRIPT [ARGUMENT...]

NAMES is a JSON object of module names and the names that `import *` takes from
them. OUT becomes a JSON object: "calls", a list of [file, line, name,
arguments]; "end", "" or the exception that ended the script; "effects", what
the script tried to change outside.

Every name below pyflink exists. It can be called, derived from and used in
expressions, and is true, empty and unequal to everything; third-party modules
are alike, but aren't recorded. Writing, deleting, processes and connections
raise PermissionError, and the caller takes the network away.
"""
import builtins
import importlib.abc
import importlib.machinery
import json
import os
import runpy
import sys
import types

UNKNOWN = "\ue000"  # marks a text that a recorded or third-party value is part of
calls, effects = [], []

# Classes whose constants are numbers from 0 on, in PyFlink 1.20.1.
NUMBERS = {"WriteMode": ["NO_OVERWRITE", "OVERWRITE"], "ResultKind": ["SUCCESS", "SUCCESS_WITH_CONTENT"], "SqlDialect": ["DEFAULT", "HIVE"],
           "ExplainDetail": ["ESTIMATED_COST", "CHANGELOG_MODE", "JSON_EXECUTION_PLAN", "PLAN_ADVICE"]}


class Recorded:
    """A value below pyflink, or of a third-party module."""

    def __init__(self, name, ours):
        self.__dict__.update(_name=name, _ours=ours)

    def _derive(self, name):
        return Recorded(name, self._ours)

    def __getattr__(self, name):
        if name in ("__name__", "__qualname__", "__module__", "__doc__"):
            return self._name
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if self._ours and name in NUMBERS.get(self._name, ()):
            return NUMBERS[self._name].index(name)
        return self._derive(name)

    def __call__(self, *args, **kwargs):
        if self._ours:
            record(self._name, args, kwargs)
        return self._derive("()")

    def __mro_entries__(self, bases):
        return (base_class(self._name, self._ours),)

    def __getitem__(self, key):
        return self._derive("()")

    def __setattr__(self, name, value):
        self.__dict__[name] = value

    def __setitem__(self, key, value):
        pass

    def __delitem__(self, key):
        pass

    def __bool__(self):
        return True

    def __len__(self):
        return 0

    def __iter__(self):
        return iter(())

    def __next__(self):
        raise StopIteration

    def __contains__(self, value):
        return False

    def __enter__(self):
        return self._derive("()")

    def __exit__(self, *exc):
        return False

    def __int__(self):
        return 0

    def __float__(self):
        return 0.0

    def __index__(self):
        return 0

    def __str__(self):
        return UNKNOWN

    __repr__ = __str__

    def __format__(self, spec):
        return UNKNOWN

    def __hash__(self):
        return id(self)

    def __fspath__(self):
        return "/unknown"


def operator(name):
    def method(self, *args):
        if self._ours:
            record(name, args, {})
        return self._derive("()")
    return method


for _n in ("add sub mul matmul truediv floordiv mod pow lshift rshift and or xor").split():
    for _name in (f"__{_n}__", f"__r{_n}__"):
        setattr(Recorded, _name, operator(_name))
for _n in "eq ne lt le gt ge neg pos invert".split():
    setattr(Recorded, f"__{_n}__", operator(f"__{_n}__"))


class Derived:
    """The base of a script's class that derives from such a value."""

    def __init__(self, *args, **kwargs):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Recorded(name, self._ours)


bases = {}


def base_class(name, ours):
    if (name, ours) not in bases:
        bases[name, ours] = type(name, (Derived,), {"_ours": ours})
    return bases[name, ours]


def record(name, args, kwargs):
    """Notes a call with the innermost place that lies in the script's folder."""
    frame = sys._getframe(2)
    while frame and not frame.f_code.co_filename.startswith(root + os.sep):
        frame = frame.f_back
    shown = [show(a) for a in args] + [f"{k}={show(kwargs[k])}" for k in sorted(kwargs)]
    if frame:
        calls.append([os.path.relpath(frame.f_code.co_filename, root), frame.f_lineno, name, ", ".join(shown)])


def show(v, depth=6):
    if isinstance(v, (Recorded, Derived)):
        return "<object>"
    if v is None or isinstance(v, (bool, int, float)) and type(v).__module__ == "builtins":
        return repr(v)
    if isinstance(v, (str, bytes)):
        return "<unknown>" if isinstance(v, str) and UNKNOWN in v else repr(v)
    if depth and type(v) in (list, tuple):
        return "[" + ", ".join(show(x, depth - 1) for x in v) + "]"
    if depth and type(v) is dict:
        return "{" + ", ".join(show(k, depth - 1) + ": " + show(x, depth - 1) for k, x in v.items()) + "}"
    if isinstance(v, types.FunctionType):
        return f"<function {v.__name__}>"
    if isinstance(v, type):
        return f"<class {v.__name__}>"
    return "<object>"


class Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        value = self.__dict__[name] = Recorded(name, self.__name__.split(".")[0] == "pyflink")
        return value


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes the modules that CPython's own library and the script don't have."""

    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in sys.stdlib_module_names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = Module(spec.name)
        module.__path__ = []
        module.__all__ = names.get(spec.name, [])
        return module

    def exec_module(self, module):
        pass


FORBIDDEN = {"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.system", "os.exec", "os.fork", "os.forkpty",
             "os.posix_spawn", "os.spawn", "os.kill", "os.chmod", "os.chown", "os.link", "os.symlink", "os.truncate",
             "subprocess.Popen", "socket.connect", "socket.bind", "socket.getaddrinfo", "shutil.rmtree",
             "shutil.copyfile", "shutil.move", "urllib.Request", "ctypes.dlopen", "tempfile.mkstemp", "tempfile.mkdtemp"}


def audit(event, args):
    if not armed:
        return
    bad = event in FORBIDDEN
    if event == "open":
        mode, flags = args[1] or "", args[2] or 0
        bad = isinstance(mode, str) and any(c in mode for c in "wax+") or isinstance(flags, int) and flags & 3 != 0
    if bad:
        effects.append(event)
        raise PermissionError("the sandbox forbids " + event)


def main():
    global names, root, armed
    names = json.load(open(sys.argv[1]))
    out = open(sys.argv[2], "w")
    script = os.path.abspath(sys.argv[3])
    root = os.path.dirname(script)
    os.chdir(root)
    sys.argv = [script] + sys.argv[4:]
    sys.path[0] = root
    sys.path[:] = [p for p in sys.path if "site-packages" not in p and "dist-packages" not in p]
    sys.meta_path.append(Finder())
    sys.dont_write_bytecode = True
    slept = [0]

    def sleep(seconds):
        slept[0] += 1
        if slept[0] > 1000:  # it waits for a job in a loop without end
            raise SystemExit(0)

    __import__("time").sleep = sleep
    builtins.input = lambda *a: (_ for _ in ()).throw(EOFError())
    end = ""
    armed = True
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as e:
        if e.code not in (None, 0):
            end = "SystemExit: " + str(e.code)
    except BaseException as e:
        end = type(e).__name__ + ": " + str(e)
    armed = False
    json.dump({"calls": calls, "end": end, "effects": effects}, out)
    out.close()
    os._exit(0)


armed = False
sys.addaudithook(audit)
main()
