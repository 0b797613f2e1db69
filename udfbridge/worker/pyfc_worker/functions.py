"""The functions of a session: found, opened, closed, and cached."""
import collections.abc
import copy
import functools

import pyarrow as pa
from pyflink.common import Row
from pyflink.table.udf import Declared, ScalarFunction, TableFunction, UserDefinedFunction

from pyfc_worker import udf_pb2

class Function:
    """One function of an OpenRequest, ready to be called."""

    def __init__(self, declaration, bundle):
        self.name = declaration.name
        self.kind = declaration.kind
        value = bundle.evaluate(declaration.module, declaration.expression)
        if isinstance(value, Declared):
            value = value._func
        # Like PyFlink, which pickles it, each use of a function has an instance
        # of its own. (Of a plain function, deepcopy returns the function.)
        self._instance = copy.deepcopy(value)
        self.call = self._entry()
        self.code = _code_of(self.call)
        if self.kind == udf_pb2.TABLE:
            self.call = _gathered(self.call)

    def _entry(self):
        base = TableFunction if self.kind == udf_pb2.TABLE else ScalarFunction
        if isinstance(self._instance, base):
            return self._instance.eval
        if isinstance(self._instance, UserDefinedFunction) or not callable(self._instance):
            raise TypeError("%s is not a %s but %s" % (self.name, base.__name__, type(self._instance)))
        return self._instance

    def open(self, context):
        if isinstance(self._instance, UserDefinedFunction):
            self._instance.open(context)

    def close(self):
        if isinstance(self._instance, UserDefinedFunction):
            self._instance.close()

    def cache(self, size):
        """Keeps the results of the last different arguments."""
        self.call = functools.lru_cache(maxsize=size, typed=True)(self.call)


def _gathered(call):
    """Returns the function that gives all rows of a call of a table function, each
    a list of values. A list, range or generator has several rows, all else is
    one; a tuple or Row has the values of a row, all else is the only one."""
    several = (list, range, collections.abc.Generator)

    def values(row):
        if isinstance(row, Row):
            return row._values
        return list(row) if isinstance(row, tuple) else [row]

    def gather(*arguments):
        result = call(*arguments)
        if result is None:
            return []
        return [values(row) for row in (result if isinstance(result, several) else [result])]
    return gather


def cacheable(request):
    """Returns the positions of the functions whose results may be cached.

    They are deterministic, and their arguments are columns or constants whose
    equality means sameness: 0.0 and -0.0 are equal, so floats are out.
    """
    schema = pa.ipc.read_schema(pa.py_buffer(request.schema))
    out = {i for i, f in enumerate(request.functions) if f.deterministic}

    def visit(call):
        for argument in call.arguments:
            kind = argument.WhichOneof("kind")
            if kind == "call":
                out.discard(call.function)
                visit(argument.call)
            elif kind == "column" and pa.types.is_floating(schema.field(argument.column).type):
                out.discard(call.function)
            elif kind == "constant" and argument.constant.WhichOneof("kind") == "float":
                out.discard(call.function)

    for result in request.results:
        visit(result.call)
    return out


def _code_of(call):
    """Returns the code object that a call runs first, None if it isn't Python."""
    while isinstance(call, functools.partial):
        call = call.func
    if not hasattr(call, "__code__") and not hasattr(call, "__func__"):
        call = type(call).__call__
    return getattr(call, "__code__", None)
