"""Evaluation of the calls of a session over batches of rows."""
import itertools
import operator
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from pyfc_worker import arguments, convert, failure, udf_pb2


class Failed:
    """The outcome of a result whose function raised."""

    def __init__(self, error):
        self.error = error


class Plan:
    """The results of an OpenRequest, compiled to Python code.

    Without threads and on-error policy, a batch is one list comprehension, row
    by row like PyFlink's; else each result of each row is attempted by itself.
    """

    def __init__(self, request, functions, thread_initializer):
        self._functions = functions
        self._results = request.results
        self._schema = pa.ipc.read_schema(pa.py_buffer(request.result_schema))
        self._converters = [_converter(t, r, functions) for t, r in zip(self._schema.types, request.results)]
        self._policy = request.on_error
        self._threads = None
        if request.concurrency > 1:
            self._threads = ThreadPoolExecutor(request.concurrency, "udf", thread_initializer)
        self.schema = pa.ipc.read_schema(pa.py_buffer(request.schema))
        decoder = arguments.Decoder(request.time_zone)
        self._decoders = [decoder.column(t) for t in self.schema.types]
        self._compile()
        self._rows, self._total = iter(()), 0  # of the batch under way
        self._finished = 0  # the same, when attempts are made
        self._before = 0  # rows of earlier batches

    def _compile(self):
        self._names = {"f%d" % i: f.call for i, f in enumerate(self._functions)}
        columns = ["c%d" % i for i in range(len(self.schema))]
        calls = [self._text(result.call) for result in self._results]
        row = calls[0] if len(calls) == 1 else "(%s)" % ", ".join(calls)
        self._batch = self._code("lambda rows: [%s for %s in rows]" % (row, ", ".join(columns) or "_"))
        self._calls = [self._code("lambda %s: %s" % (", ".join(columns), call)) for call in calls]

    def _code(self, text):
        return eval(compile(text, failure.GENERATED, "eval"), self._names)

    def _text(self, call):
        given = ", ".join(map(self._argument, call.arguments))
        return "f%d(%s)" % (call.function, given)

    def _named(self, value):
        """Returns the name by which compiled code finds a value."""
        name = "k%d" % len(self._names)
        self._names[name] = value
        return name

    def _argument(self, argument):
        kind = argument.WhichOneof("kind")
        if kind == "column":
            return "c%d" % argument.column
        if kind == "call":
            return self._text(argument.call)
        constant = argument.constant.WhichOneof("kind")
        return self._named(getattr(argument.constant, constant) if constant else None)

    def progress(self):
        """Returns the rows of the batch under way that are done."""
        return self._finished + self._total - operator.length_hint(self._rows)

    def handled(self):
        """Returns the rows that are done since the start."""
        return self._before + self.progress()

    def run(self, request):
        """Answers a CallRequest: a CallResponse without its id."""
        batch = pa.ipc.read_record_batch(pa.py_buffer(request.batch), self.schema)
        try:
            columns = [decode(column) for decode, column in zip(self._decoders, batch.columns)]
        except UnicodeDecodeError as error:
            return udf_pb2.CallResponse(failure=failure.of(error))
        size = batch.num_rows
        self._before += self.progress()
        self._rows, self._total, self._finished = iter(()), 0, 0
        if self._threads or self._policy != udf_pb2.FAIL:
            return self._run_attempts(columns, size)
        return self._run_plain(columns, size)

    def _run_plain(self, columns, size):
        # The first column's iterator tells, at no cost, how far we are.
        self._rows, self._total = iter(columns[0] if columns else range(size)), size
        rows = zip(self._rows, *columns[1:]) if len(columns) > 1 else self._rows
        try:
            values = self._batch(rows)
        except BaseException as error:  # SystemExit too is a failure of the function
            return self._failure(error, self.progress() - 1, columns)
        if len(self._results) == 1:
            return self._answer([values], columns)
        return self._answer(list(zip(*values)) or [()] * len(self._results), columns)

    def _answer(self, results, columns):
        arrays = []
        for converter, result, values in zip(self._converters, self._results, results):
            try:
                arrays.append(converter.column(values, result))
            except failure.BadValue as error:
                return self._failure(error, error.row, columns, result)
        return self._batch_of(arrays)

    def _run_attempts(self, columns, size):
        rows = zip(*columns) if columns else itertools.repeat((), size)
        outcomes = []
        for row in (self._threads.map if self._threads else map)(self._attempt, rows):
            outcomes.append(row)
            self._finished = len(outcomes)
        errors, arrays = [], []
        for n, (converter, result) in enumerate(zip(self._converters, self._results)):
            values = []
            for i, row in enumerate(outcomes):
                value = row[n]
                if not isinstance(value, Failed):
                    try:
                        value = converter.value(value, i, result)
                    except failure.BadValue as error:
                        value = Failed(error)
                if isinstance(value, Failed):
                    errors.append(self._failure(value.error, i, columns, result).failure)
                    value = None
                values.append(value)
            arrays.append(converter.array(values))
        errors.sort(key=lambda e: e.row)
        return self._judge(errors, arrays, columns)

    def _judge(self, errors, arrays, columns):
        if errors and self._policy == udf_pb2.FAIL:
            return udf_pb2.CallResponse(failure=errors[0])
        if self._policy == udf_pb2.NULL:
            for array, result in zip(arrays, self._results):
                if result.not_null and array.null_count:
                    return udf_pb2.CallResponse(failure=errors[0])
        response = self._batch_of(arrays)
        response.errors.extend(errors)
        return response

    def _attempt(self, arguments):
        outcomes = []
        for call in self._calls:
            try:
                outcomes.append(call(*arguments))
            except BaseException as error:
                outcomes.append(Failed(error))
        return outcomes

    def _batch_of(self, arrays):
        batch = pa.RecordBatch.from_arrays(arrays, schema=self._schema)
        return udf_pb2.CallResponse(batch=batch.serialize().to_pybytes())

    def _failure(self, error, row, columns, result=None):
        function = self._culprit(error) or self._outermost(result)
        arguments = [column[row] for column in columns]
        return udf_pb2.CallResponse(failure=failure.of(error, function, row, arguments))

    def _culprit(self, error):
        """Returns the name of the function whose frame an exception left."""
        tb = failure.foreign(error.__traceback__)
        for function in self._functions:
            if tb is not None and tb.tb_frame.f_code is function.code:
                return function.name
        return None

    def _outermost(self, result):
        results = self._results if result is None else [result]
        return ", ".join(self._functions[r.call.function].name for r in results)


def _converter(arrow, result, functions):
    if functions[result.call.function].kind == udf_pb2.TABLE:
        return convert.Converter(arrow, convert.rows(arrow))
    return convert.Converter(arrow)
