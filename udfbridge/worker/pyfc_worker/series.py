"""Functions of pandas Series over batches of rows.

As in PyFlink 1.20.1 a column is what pyarrow makes of it, so that integers with
NULLs are floats with NaN, and what a function returns becomes a column by
pyarrow's rules, which convert what loses nothing.
"""
import itertools
import re

import pyarrow as pa
from pyflink.common import Row
from pyflink.table.udf import AggregateFunction

from pyfc_worker import arguments, failure, udf_pb2


class _Plan:
    """The results of an OpenRequest."""

    def __init__(self, request, functions):
        import pandas
        self._pandas = pandas
        self._functions = functions
        self._results = request.results
        self._columns = Columns(request)
        self._schema = pa.ipc.read_schema(pa.py_buffer(request.result_schema))
        self._zone = request.time_zone
        self._handled = 0
        self._name = ""  # of the function at work

    def progress(self):
        """Returns the rows of the batch under way that are done: a function takes
        all at once."""
        return 0

    def handled(self):
        """Returns the rows that are done since the start."""
        return self._handled

    def run(self, request):
        """Answers a CallRequest: a CallResponse without its id."""
        try:
            batch = self._columns.read(request.batch)
            arrays = self._arrays(batch, len(request.groups))
            answer = pa.RecordBatch.from_arrays(arrays, schema=self._schema)
        except BaseException as error:  # SystemExit too is a failure of the function
            return udf_pb2.CallResponse(failure=failure.of(error, self._name))
        self._handled += batch.rows
        return udf_pb2.CallResponse(batch=answer.serialize().to_pybytes(), groups=request.groups)

    def _array(self, value, arrow, result):
        """Returns what a function gave as a column."""
        array = to_arrow(self._pandas, value, arrow, result.type, self._zone)
        if result.not_null and array.null_count:
            raise ValueError("a result that is declared NOT NULL is None")
        return array


class Plan(_Plan):
    """The results of functions that take and give Series."""

    def _arrays(self, batch, groups):
        return [self._array(self._value(result.call, batch), field.type, result)
                for result, field in zip(self._results, self._schema)]

    def _value(self, call, batch):
        function = self._functions[call.function]
        given = [batch.series(a.column) if a.WhichOneof("kind") == "column" else batch.literal(a.literal)
                 for a in call.arguments]
        self._name = function.name
        value = function.call(*given)
        if not isinstance(value, (self._pandas.Series, self._pandas.DataFrame)):
            raise TypeError("a pandas function must return a Series or DataFrame, %s returned %s"
                            % (function.name, type(value).__name__))
        if len(value) != batch.rows:
            raise ValueError("a pandas function must return as many values as it was given, %s returned %d for %d"
                             % (function.name, len(value), batch.rows))
        return value


class Groups(_Plan):
    """The results of aggregate functions, each called once for a group with Series
    of all its rows. The first two columns of a request and of its answer are those
    of Grouping."""

    def _arrays(self, batch, groups):
        parts = [batch.slice(*part) for part in batch.parts(0, groups)]
        arrays = [pa.array(range(groups), pa.int32()), pa.array([False] * groups, pa.bool_())]
        for result, field in zip(self._results, list(self._schema)[2:]):
            arrays.append(pa.concat_arrays([self._array(self._value(result.call, part), field.type, result) for part in parts]))
        return arrays

    def _value(self, call, batch):
        function = self._functions[call.function]
        self._name = function.name
        accumulator = function.function.create_accumulator()
        function.function.accumulate(accumulator, *[batch.series(a.column) for a in call.arguments])
        value = function.function.get_value(accumulator)
        if isinstance(value, Row):
            value = tuple(value._values)
        if isinstance(value, tuple):
            return self._pandas.concat([self._pandas.Series([v]) for v in value], axis=1)
        return self._pandas.Series([value])


class Aggregate(AggregateFunction):
    """A plain function that gives the result for the Series of a group."""

    def __init__(self, function):
        self._function = function

    def create_accumulator(self):
        return []

    def accumulate(self, accumulator, *args):
        accumulator.append(self._function(*args))

    def get_value(self, accumulator):
        return accumulator[0]


class Columns:
    """The argument columns of requests."""

    def __init__(self, request):
        self._schema = pa.ipc.read_schema(pa.py_buffer(request.schema))
        self._zone = request.time_zone
        decoder = arguments.Decoder(request.time_zone)
        self._values = [decoder.column(t) for t in self._schema.types]

    def read(self, message):
        """Returns the Batch of an encapsulated record batch."""
        return Batch(pa.ipc.read_record_batch(pa.py_buffer(message), self._schema), self._values, self._zone)


class Batch:
    """The argument columns of one request."""

    def __init__(self, batch, values, zone):
        self.rows = batch.num_rows
        self._batch, self._values, self._zone = batch, values, zone

    def series(self, column):
        """Returns a column as a Series; that of a ROW as a DataFrame."""
        return to_pandas(self._batch.schema.names[column], self._batch.column(column), self._zone)

    def slice(self, start, rows):
        """Returns the Batch of some rows."""
        return Batch(self._batch.slice(start, rows), self._values, self._zone)

    def parts(self, column, groups):
        """Returns where the rows of each group begin, and how many there are, by the
        column that says the group of a row, ascending."""
        sizes = [0] * groups
        for group in self._batch.column(column).to_pylist():
            sizes[group] += 1
        return zip(itertools.accumulate([0] + sizes), sizes)

    def literal(self, column):
        """Returns the value of a column whose values are all equal."""
        return self._values[column](self._batch.column(column).slice(0, 1))[0]


def to_pandas(name, array, zone):
    """Returns an Arrow array as a Series of a name, one of structs as a DataFrame."""
    if pa.types.is_struct(array.type):
        import pandas
        fields = [to_pandas(array.type[i].name, field, zone) for i, field in enumerate(array.flatten())]
        return pandas.concat(fields, axis=1)
    if not pa.types.is_timestamp(array.type):
        return array.to_pandas(date_as_object=True).rename(name)
    series = array.cast(pa.timestamp("ns")).to_pandas().rename(name)
    return series if array.type.tz is None else series.dt.tz_localize(arguments.zone_name(zone))


def to_arrow(pandas, value, arrow, type_name, zone):
    """Returns what a function gave as an Arrow array of a type."""
    if isinstance(value, pandas.DataFrame):
        if not pa.types.is_struct(arrow):
            raise TypeError("the function returned a DataFrame, its result type is %s" % type_name)
        if len(value.columns) < arrow.num_fields:
            raise ValueError("the function returned a DataFrame of %d columns, its result type is %s"
                             % (len(value.columns), type_name))
        fields = [_column(value.iloc[:, i], arrow[i].type, zone) for i in range(arrow.num_fields)]
        return pa.StructArray.from_arrays(fields, [field.name for field in arrow])
    return _column(value, arrow, zone, _unit(type_name))


def _column(series, arrow, zone, unit="us"):
    if not pa.types.is_timestamp(arrow):
        return _from_pandas(series, arrow)
    if arrow.tz is not None and series.dt.tz is not None:
        series = series.dt.tz_convert(arguments.zone_name(zone)).dt.tz_localize(None)
    # Fractions that the type has no place for are a fault; nanoseconds don't travel.
    return _from_pandas(series, pa.timestamp(unit)).cast(pa.timestamp("us"), safe=False).cast(arrow)


def _unit(type_name):
    """Returns the unit of Arrow in which PyFlink has timestamps of a SQL type."""
    precision = re.match(r"TIMESTAMP\w*\((\d)\)", type_name)
    return ["s", "ms", "us", "ns"][(int(precision.group(1)) + 2) // 3] if precision else "us"


def _from_pandas(series, arrow):
    return pa.Array.from_pandas(series, mask=series.isnull(), type=arrow)
