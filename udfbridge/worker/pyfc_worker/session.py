"""A session: the functions of one operator subtask, and the thread that calls
them."""
import concurrent.futures
import math
import queue
import sys
import threading
import time
import traceback

from pyflink.table.udf import FunctionContext

from pyfc_worker import failure, series, udf_pb2
from pyfc_worker.aggregates import Aggregate, Aggregates
from pyfc_worker.functions import Function, cacheable
from pyfc_worker.logs import Logs
from pyfc_worker.metrics import Metrics
from pyfc_worker.plan import Plan

PROGRESS = 0.5  # seconds after which a batch under way is reported


class Session:
    """All calls of the user's code, from import to close(), are made by one
    thread, since some libraries insist on it."""

    def __init__(self, id, request, bundle):
        self.id = id
        self.logs = Logs(request.log_level)
        self.metrics = Metrics()
        self._request, self._bundle = request, bundle
        self._functions, self._plan = [], None
        self._lock = threading.Lock()
        self._closing = None  # a Future of the functions' end
        self.claim_by = math.inf  # time until which the client has to name the session
        self._idents = []  # of the threads that call functions
        self._thread = concurrent.futures.ThreadPoolExecutor(1, request.task, self._enter_thread)

    def _enter_thread(self):
        self._idents.append(threading.get_ident())
        self.logs.adopt_thread()

    def open(self):
        """Loads the code and opens the functions; returns a Failure or None."""
        return self._thread.submit(self._open).result()

    def _open(self):
        name = ""
        try:
            self._bundle.load()
            for declaration in self._request.functions:
                name = declaration.name
                self._functions.append(self._function(declaration))
            context = FunctionContext(self.metrics.group, dict(self._request.job_parameters))
            for function in self._functions:
                name = function.name
                function.open(context)
            pandas = self._request.functions[0].kind == udf_pb2.PANDAS
            if self._request.grouping:
                self._plan = (series.Groups if pandas else Aggregates)(self._request, self._functions)
                return None
            if pandas:
                self._plan = series.Plan(self._request, self._functions)
                return None
            if self._request.cache_size:
                for i in cacheable(self._request):
                    self._functions[i].cache(self._request.cache_size)
            self._plan = Plan(self._request, self._functions, self._enter_thread)
        except BaseException as error:
            return failure.of(error, name)
        return None

    def _function(self, declaration):
        if self._request.grouping:
            return Aggregate(declaration, self._bundle, self._request.grouping)
        return Function(declaration, self._bundle)

    def close(self):
        """Ends the session, once, and waits for its end; returns the Failure of a
        close(), or None."""
        try:
            with self._lock:
                if self._closing is None:
                    self._closing = self._thread.submit(self._close)
            return self._closing.result()
        finally:
            self._thread.shutdown(wait=False)
            self.metrics.close()
            self.logs.close()

    def _close(self):
        first = None
        for function in self._functions:
            try:
                function.close()
            except BaseException as error:
                first = first or failure.of(error, function.name)
        return first

    def answers(self, requests, context):
        """Yields the answers to requests in order, and progress meanwhile."""
        pending = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(requests, pending), daemon=True).start()
        for id, future in iter(pending.get, None):
            reported = 0
            while not concurrent.futures.wait([future], PROGRESS).done:
                if not context.is_active():
                    return
                rows = self._plan.progress()
                if rows != reported:
                    reported = rows
                    yield udf_pb2.CallResponse(id=id, progress=udf_pb2.Progress(rows=rows))
            response = future.result()
            if response is None:  # closed meanwhile
                return
            yield response

    def _read(self, requests, pending):
        try:
            for request in requests:
                pending.put((request.id, self._thread.submit(self._call, request)))
        except Exception:
            pass  # the stream was cancelled; the answers end with it
        finally:
            pending.put(None)

    def _call(self, request):
        if self._closing:
            return None
        started = time.perf_counter_ns()
        response = self._plan.run(request)
        response.id = request.id
        response.busy_nanos = time.perf_counter_ns() - started
        return response

    def health(self):
        frames = sys._current_frames()
        stacks = [_stack(frames[i]) for i in self._idents if i in frames]
        return udf_pb2.HealthResponse(handled=self._plan.handled(), stack="\n".join(filter(None, stacks)))


def _stack(frame):
    """Returns a thread's stack from the first frame of the user's on."""
    entries = list(traceback.walk_stack(frame))
    ours = [i for i, (f, _) in enumerate(entries) if failure.ours(f)]
    entries = entries[:ours[0]] if ours else []
    return "".join(traceback.StackSummary.extract(reversed(entries)).format()).rstrip()
