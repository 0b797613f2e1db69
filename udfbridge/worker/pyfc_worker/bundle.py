"""The job's code in a worker: files on sys.path, source slices as modules."""
import hashlib
import importlib
import itertools
import linecache
import os
import shutil
import sys
import tempfile
import threading
import types

from pyfc_worker import udf_pb2


class Bundle:
    """The code of one job. A worker holds one at a time, because modules are
    the process's; it is replaced when no session is left that uses it."""

    def __init__(self, folder=None):
        self._folder = folder
        self._lock = threading.Lock()
        self._key = None
        self._root = None
        self._sources = []
        self._loaded = False

    def install(self, request, in_use):
        """Unpacks the code of an OpenRequest; returns why not, or None."""
        key = _key_of(request)
        if in_use:
            same = key == self._key
            return None if same else "the worker serves another job's code; start one worker for each job"
        self.remove()
        self._root = tempfile.mkdtemp(prefix="pyfc-code-", dir=self._folder)
        for file in request.files:
            _write(self._root, file)
        sys.path[:0] = [os.path.normpath(os.path.join(self._root, p)) for p in request.path]
        importlib.invalidate_caches()
        sys.argv = list(request.argv) or [""]
        self._key, self._sources, self._loaded = key, list(request.sources), False
        return None

    def load(self):
        """Executes the source slices, once."""
        with self._lock:
            if self._loaded:
                return
            for source in self._sources:
                _execute(source)
            self._loaded = True

    def evaluate(self, module, expression):
        """Returns the value of an expression in a module, importing it."""
        names = vars(importlib.import_module(module))
        return eval(compile(expression, "<function>", "eval"), names)

    def remove(self):
        """Forgets the code and deletes its files."""
        if self._root is None:
            return
        inside = self._root + os.sep
        slices = {source.module for source in self._sources}
        for source in self._sources:
            linecache.cache.pop(source.file, None)
        for name, module in list(sys.modules.items()):
            if name in slices or (getattr(module, "__file__", None) or "").startswith(inside):
                del sys.modules[name]
        sys.path[:] = [p for p in sys.path if p != self._root and not p.startswith(inside)]
        shutil.rmtree(self._root, ignore_errors=True)


def _key_of(request):
    """Returns what distinguishes the code of two requests."""
    code = udf_pb2.OpenRequest(files=request.files, path=request.path, sources=request.sources,
                               argv=request.argv)
    return hashlib.sha256(code.SerializeToString(deterministic=True)).digest()


def _write(root, file):
    path = os.path.normpath(os.path.join(root, file.path))
    if not path.startswith(root + os.sep):
        raise ValueError("the file %r lies outside the bundle" % file.path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(file.content)


def _execute(source):
    """Runs a slice in its module, which is made if it isn't there yet."""
    module = sys.modules.get(source.module)
    if module is None or source.module == "__main__" and not hasattr(module, "__pyfc__"):
        module = types.ModuleType(source.module)
        module.__file__, module.__pyfc__ = source.file, True
        sys.modules[source.module] = module
    _show_lines(source)
    exec(compile(source.text, source.file, "exec"), vars(module))


def _show_lines(source):
    """Lets tracebacks show the lines of a file that needn't exist here. Several
    slices of one file fill each other's gaps."""
    known = linecache.cache.get(source.file, (0, None, [], ""))[2]
    lines = [new if new.strip() else old for new, old in itertools.zip_longest(
        source.text.splitlines(keepends=True), known, fillvalue="\n")]
    linecache.cache[source.file] = (sum(map(len, lines)), None, lines, source.file)
