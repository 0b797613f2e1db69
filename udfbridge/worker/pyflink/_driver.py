"""Placeholders for the driver's side of PyFlink.

A module that defines functions may also import, or even build, things that only
make sense in the driver. In a worker they become placeholders: those can be
called, subclassed and asked for attributes, which gives more placeholders, and
raise an error that tells where they come from as soon as a value is needed.
"""
import importlib.abc
import importlib.machinery
import sys


class DriverOnly:
    """Stands for an object that exists in the driver only."""

    def __init__(self, origin):
        object.__setattr__(self, "_origin", origin)

    def __repr__(self):
        return "<%s, which exists in the driver program only>" % self._origin

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return DriverOnly("%s.%s" % (self._origin, name))

    def __setattr__(self, name, value):
        pass

    def __call__(self, *args, **kwargs):
        return DriverOnly(self._origin + "()")

    def __mro_entries__(self, bases):
        return ()

    def _needed(self, *args):
        raise RuntimeError("a Python function needs the value of %r" % self)

    __bool__ = __iter__ = __len__ = __str__ = __int__ = __float__ = __index__ = _needed
    __getitem__ = __contains__ = __eq__ = __lt__ = __le__ = __gt__ = __ge__ = _needed
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _needed
    __hash__ = object.__hash__


def members(module):
    """Returns a module's __getattr__ that makes placeholders of unknown names."""
    def get(name):
        if name.startswith("_"):
            raise AttributeError("module %r has no attribute %r" % (module, name))
        return DriverOnly("%s.%s" % (module, name))
    return get


class _Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every submodule of pyflink that has no file here."""

    def find_spec(self, name, path=None, target=None):
        if name.startswith("pyflink."):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__getattr__ = members(module.__name__)


def install():
    """Makes all of pyflink importable; what has a file here comes first."""
    sys.meta_path.append(_Modules())
