"""The way from the driver to its job: a request is a line of JSON, an answer a
line of JSON and, where that says so, rows behind it."""
import json
import os
import sys
import threading


class JobFailed(Exception):
    """A submission has failed, as Py4J tells of it. It is Py4JJavaError in the
    module py4j.protocol."""

    def __init__(self, message):
        super().__init__(message)
        self.java_exception = None

    def __str__(self):
        return self.args[0]


JobFailed.__name__ = JobFailed.__qualname__ = "Py4JJavaError"
JobFailed.__module__ = "py4j.protocol"


class Job:
    """The job: what the driver asks of it."""

    def __init__(self, read, write):
        for fd in (read, write):
            os.set_inheritable(fd, False)
        self._in, self._out = open(read, "rb"), open(write, "wb")
        self._lock = threading.Lock()

    def _ask(self, **request):
        with self._lock:
            self._out.write(json.dumps(request).encode() + b"\n")
            self._out.flush()
            line = self._in.readline()
            if not line:
                os._exit(1)  # the job is gone
            answer = json.loads(line)
            rows = self._in.read(answer.get("bytes", 0))
        if "error" in answer:
            raise JobFailed(answer["error"])
        return answer, rows

    def run(self, step):
        """Runs a submission to its end."""
        sys.stdout.flush()
        self._ask(run=step)

    def lines(self, step):
        """The lines that a submission gives."""
        while True:
            answer, rows = self._ask(next=step)
            yield from rows.decode().splitlines() if rows else ()
            if answer.get("end"):
                return

    def close(self, step):
        """Ends a submission whose lines nobody reads any more."""
        self._ask(close=step)

    def refuse(self, message):
        """Ends the driver, which does what the build hasn't seen it do."""
        sys.stdout.flush()
        sys.stderr.flush()
        self._ask(refuse=message)
        os._exit(10)

    def failed(self, message):
        """Tells that the failure of a submission has ended the driver."""
        self._ask(failed=message)
