"""The gRPC services: they find the session and leave the work to it."""
import concurrent.futures
import itertools
import math
import os
import platform
import threading
import time

import grpc
import pyarrow

from pyfc_worker import PROTOCOL, ending, udf_pb2, udf_pb2_grpc
from pyfc_worker.bundle import Bundle
from pyfc_worker.session import Session

# Each session keeps three streams open, and each open stream a thread.
MAX_STREAMS = 512
# Seconds in which a client names the session that it has opened.
CLAIM = 60


class Worker(udf_pb2_grpc.ControlServicer, udf_pb2_grpc.DataServicer):
    """Serves Control and Data, and knows the sessions."""

    def __init__(self, folder):
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._sessions = {}
        self.bundle = Bundle(folder)
        self._draining = False
        self.idle = threading.Event()  # draining, and the last session has ended

    def Register(self, request, context):
        if request.protocol != PROTOCOL:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION,
                          "the job speaks version %d of the worker protocol, this worker version %d"
                          % (request.protocol, PROTOCOL))
        return udf_pb2.RegisterResponse(protocol=PROTOCOL, python=platform.python_version(),
                                        pyarrow=pyarrow.__version__, pid=os.getpid())

    def Open(self, request, context):
        with self._lock:
            if self._draining:
                context.abort(grpc.StatusCode.UNAVAILABLE, "the worker is draining")
            refusal = self.bundle.install(request, in_use=bool(self._sessions))
            if refusal:
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, refusal)
            session = Session(next(self._ids), request, self.bundle)
            self._sessions[session.id] = session
        opened = False
        try:
            failure = session.open()
            # The client may give up while open() is still running.
            opened = failure is None and context.is_active()
        finally:
            if not opened:
                self._end(session)
        if failure:
            return udf_pb2.OpenResponse(failure=failure)
        session.claim_by = time.monotonic() + CLAIM
        return udf_pb2.OpenResponse(session=session.id)

    def Close(self, request, context):
        failure = self._end(self._session(request.session, context))
        return udf_pb2.CloseResponse(failure=failure)

    def Health(self, request, context):
        return self._session(request.session, context).health()

    def Drain(self, request, context):
        return udf_pb2.DrainResponse(sessions=self.drain())

    def Call(self, requests, context):
        named = dict(context.invocation_metadata()).get("pyfc-session")
        session = self._session(int(named), context) if named else None
        try:
            first = next(requests, None)
            if first is None:
                return
            session = session or self._session(first.session, context)
            yield from session.answers(itertools.chain([first], requests), context)
        finally:
            if session:
                self._end(session)

    def session(self, id):
        """Returns the session of an id, None if there is none."""
        with self._lock:
            session = self._sessions.get(id)
            if session:
                session.claim_by = math.inf
            return session

    def drain(self):
        """Takes no more sessions; returns how many there still are."""
        with self._lock:
            self._draining = True
            if not self._sessions:
                self.idle.set()
            return len(self._sessions)

    def end_unclaimed(self):
        """Ends, when draining, the sessions whose clients never had the answer to Open."""
        with self._lock:
            now = time.monotonic()
            left = [s for s in self._sessions.values() if self._draining and s.claim_by < now]
        for session in left:
            threading.Thread(target=self._end, args=[session], daemon=True).start()

    def _session(self, id, context):
        session = self.session(id)
        if session is None:
            context.abort(grpc.StatusCode.NOT_FOUND, "there is no session %d" % id)
        return session

    def _end(self, session):
        try:
            return session.close()
        finally:
            with self._lock:
                self._sessions.pop(session.id, None)
                if self._draining and not self._sessions:
                    self.idle.set()


class Logging(udf_pb2_grpc.LoggingServicer):
    def __init__(self, worker):
        self._worker = worker

    def Follow(self, request, context):
        session = self._worker.session(request.session)
        return session.logs.follow(context) if session else iter(())


class Metrics(udf_pb2_grpc.MetricsServicer):
    def __init__(self, worker):
        self._worker = worker

    def Follow(self, request, context):
        session = self._worker.session(request.session)
        return session.metrics.follow(context) if session else iter(())


def serve(address, folder):
    """Serves at an address until drained. With a folder, for the job's code, the
    worker is the child of a job's binary; else it tells where it serves, and
    SIGTERM drains it."""
    pool = concurrent.futures.ThreadPoolExecutor(MAX_STREAMS, thread_name_prefix="grpc")
    server = grpc.server(pool, options=[
        ("grpc.max_receive_message_length", -1),
        ("grpc.max_send_message_length", -1),
        ("grpc.so_reuseport", 0),
        ("grpc.enable_http_proxy", 0),
    ])
    worker = Worker(folder)
    udf_pb2_grpc.add_ControlServicer_to_server(worker, server)
    udf_pb2_grpc.add_DataServicer_to_server(worker, server)
    udf_pb2_grpc.add_LoggingServicer_to_server(Logging(worker), server)
    udf_pb2_grpc.add_MetricsServicer_to_server(Metrics(worker), server)
    server.add_insecure_port(address)
    if folder is None:
        ending.on_sigterm(worker.drain)
    server.start()
    if folder is None:
        print("pyfc_worker: serving at %s" % address, flush=True)
    while not worker.idle.wait(CLAIM):
        worker.end_unclaimed()
    ending.end(server, worker.bundle)
