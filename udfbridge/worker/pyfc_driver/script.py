"""Runs the driver's text as Python runs a script."""
import builtins
import importlib.abc
import importlib.machinery
import io
import linecache
import os
import sys
import traceback
import types

from pyfc_driver.channel import JobFailed


class Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the script's own modules among the texts that travel with the job."""

    def __init__(self, root, texts):
        self.root, self.texts = root, texts

    def find_spec(self, name, path, target=None):
        base = name.replace(".", "/")
        for file, package in ((base + "/__init__.py", True), (base + ".py", False)):
            if file in self.texts:
                spec = importlib.machinery.ModuleSpec(name, self, origin=os.path.join(self.root, file), is_package=package)
                spec.has_location = True
                return spec
        if any(file.startswith(base + "/") for file in self.texts):
            return importlib.machinery.ModuleSpec(name, None, is_package=True)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        file = os.path.relpath(module.__spec__.origin, self.root).replace(os.sep, "/")
        exec(compiled(self.root, file, self.texts[file]), module.__dict__)


def provide(root, texts, folder):
    """Lets open() find the files that the build has read and that aren't where
    the job runs."""
    real = io.open

    def find(file, mode="r", *args, **kwargs):
        try:
            return real(file, mode, *args, **kwargs)
        except FileNotFoundError:
            if not isinstance(file, (str, os.PathLike)) or set(mode) & set("wax+"):
                raise
            name = os.path.relpath(os.path.join(root, os.fspath(file)), root).replace(os.sep, "/")
            if name not in texts:
                raise
        copy = os.path.join(folder, "%d.copy" % list(texts).index(name))
        with real(copy, "w", encoding="utf-8", newline="") as out:
            out.write(texts[name])
        return real(copy, mode, *args, **kwargs)

    io.open = builtins.open = find


def compiled(root, file, text):
    path = os.path.join(root, file)
    linecache.cache[path] = (len(text), None, text.splitlines(True), path)
    return compile(text, path, "exec")


def run(job, program, args):
    """Runs the script and ends the process with its exit code."""
    root, name = program["root"], program["script"]
    sys.argv = [name] + args
    sys.path.insert(0, root)
    sys.meta_path.insert(1, Modules(root, program["files"]))
    provide(root, program["files"], program["folder"])
    main = types.ModuleType("__main__")
    main.__file__ = os.path.join(root, name)
    main.__builtins__ = __builtins__
    sys.modules["__main__"] = main
    try:
        exec(compiled(root, name, program["files"][name]), main.__dict__)
    except BaseException as e:
        if isinstance(e, SystemExit):
            raise
        own = e.__traceback__.tb_next  # without this function
        traceback.print_exception(type(e), e.with_traceback(own), own)
        sys.stdout.flush()
        if isinstance(e, JobFailed):
            job.failed(str(e))
        sys.exit(130 if isinstance(e, KeyboardInterrupt) else 1)
