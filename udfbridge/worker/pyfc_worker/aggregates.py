"""Aggregate functions over the groups of requests."""
import copy
import pickle

import pyarrow as pa
from pyflink.common import Row
from pyflink.table.udf import AggregateFunction, Declared, TableAggregateFunction

from pyfc_worker import arguments, convert, failure, series, udf_pb2


class Aggregate:
    """One aggregate function of an OpenRequest."""

    def __init__(self, declaration, bundle, grouping):
        self.name = declaration.name
        value = bundle.evaluate(declaration.module, declaration.expression)
        if isinstance(value, Declared):
            value = value._func
        base = TableAggregateFunction if grouping == udf_pb2.TABLE_AGGREGATE else AggregateFunction
        if declaration.kind == udf_pb2.PANDAS and callable(value):
            value = series.Aggregate(value)
        if not isinstance(value, base):
            raise TypeError("%s is not of the class %s but %s" % (self.name, base.__name__, type(value)))
        self.function = copy.deepcopy(value)

    def open(self, context):
        self.function.open(context)

    def close(self):
        self.function.close()


class Call:
    """The use of a function, with the places of its arguments in a row."""

    def __init__(self, result, functions):
        self.name = functions[result.call.function].name
        self.function = functions[result.call.function].function
        self._columns = [a.column for a in result.call.arguments]
        self._takes = result.takes - 1

    def take(self, accumulator, columns, row, back):
        """Accumulates a row, or takes it back."""
        if self._takes >= 0 and not columns[self._takes][row]:
            return
        method = self.function.retract if back else self.function.accumulate
        method(accumulator, *[columns[c][row] for c in self._columns])


class Aggregates:
    """The results of an OpenRequest that aggregates.

    What a group has is the list of the calls' accumulators, pickled. As in
    PyFlink a request asks for each group's value before and after its rows, also
    for a new group's.
    """

    def __init__(self, request, functions):
        self._table = request.grouping == udf_pb2.TABLE_AGGREGATE
        self._results = request.results
        self._calls = [Call(r, functions) for r in request.results[:1 if self._table else None]]
        self._columns = pa.ipc.read_schema(pa.py_buffer(request.schema))
        decoder = arguments.Decoder(request.time_zone)
        self._decoders = [decoder.column(t) for t in self._columns.types]
        # The columns "group" and "old", then the results.
        self._schema = pa.ipc.read_schema(pa.py_buffer(request.result_schema))
        self._converters = [convert.Converter(t) for t in self._schema.types[2:]]
        self._progress, self._handled = 0, 0

    def progress(self):
        """Returns the rows of the request under way that are done."""
        return self._progress

    def handled(self):
        """Returns the rows that are done since the start."""
        return self._handled + self._progress

    def run(self, request):
        """Answers a CallRequest: a CallResponse without its id."""
        batch = pa.ipc.read_record_batch(pa.py_buffer(request.batch), self._columns)
        self._handled += self._progress
        self._progress = 0
        try:
            columns = [decode(column) for decode, column in zip(self._decoders, batch.columns)]
        except UnicodeDecodeError as error:
            return udf_pb2.CallResponse(failure=failure.of(error))
        rows = [[] for _ in request.groups]
        for row, group in enumerate(columns[0]):
            rows[group].append(row)
        return _Request(self, columns, rows).answer(request.groups)

    # What follows is for _Request.

    def done(self):
        self._progress += 1

    def calls(self):
        return self._calls

    def values(self, accumulators):
        """Returns the rows of results that a group has."""
        if not self._table:
            return [[c.function.get_value(a) for c, a in zip(self._calls, accumulators)]]
        return [_values(row) for row in self._calls[0].function.emit_value(accumulators[0])]

    def batch(self, groups, old, rows):
        """Returns the record batch of rows of results; raises BadValue."""
        arrays = [pa.array(groups, pa.int32()), pa.array(old, pa.bool_())]
        for i, (converter, result) in enumerate(zip(self._converters, self._results)):
            arrays.append(converter.column([row[i] for row in rows], result))
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema).serialize().to_pybytes()


class _Request:
    """The work on one request."""

    def __init__(self, aggregates, columns, rows):
        self._aggregates, self._columns, self._rows = aggregates, columns, rows
        self._groups, self._old, self._results = [], [], []
        self._row, self._call = 0, aggregates.calls()[0]  # at work

    def answer(self, groups):
        try:
            kept = [self._group(i, state) for i, state in enumerate(groups)]
        except BaseException as error:  # SystemExit too is a failure of the function
            return self._failure(error)
        try:
            batch = self._aggregates.batch(self._groups, self._old, self._results)
        except failure.BadValue as error:
            self._row = self._rows[self._groups[error.row]][-1]
            return self._failure(error)
        return udf_pb2.CallResponse(batch=batch, groups=kept)

    def _group(self, group, state):
        """Takes the rows of a group in; returns what it has then."""
        calls = self._aggregates.calls()
        self._row = self._rows[group][0]
        if state:
            accumulators = pickle.loads(state)
            self._give(group, True, accumulators)
        else:
            accumulators = [c.function.create_accumulator() for c in calls]
            if not self._aggregates._table:
                self._aggregates.values(accumulators)
        for row in self._rows[group]:
            self._row = row
            for self._call, accumulator in zip(calls, accumulators):
                self._call.take(accumulator, self._columns, row, self._columns[1][row])
            self._aggregates.done()
        self._give(group, False, accumulators)
        return pickle.dumps(accumulators, 4)

    def _give(self, group, old, accumulators):
        for values in self._aggregates.values(accumulators):
            self._groups.append(group)
            self._old.append(old)
            self._results.append(values)

    def _failure(self, error):
        arguments = [column[self._row] for column in self._columns[2:]]
        return udf_pb2.CallResponse(failure=failure.of(error, self._call.name, self._row, arguments))


def _values(row):
    if isinstance(row, Row):
        return row._values
    return list(row) if isinstance(row, tuple) else [row]
