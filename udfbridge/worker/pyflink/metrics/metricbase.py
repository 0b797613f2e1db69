"""Counters, gauges, meters and distributions. The worker reads them from time
to time and sends them to the job's binary."""
import threading
import time
from collections import deque


class Metric:
    """Base of all metrics."""


class Counter(Metric):
    def __init__(self):
        self._count = 0
        self._lock = threading.Lock()

    def inc(self, n=1):
        with self._lock:
            self._count += n

    def dec(self, n=1):
        self.inc(-n)

    def get_count(self):
        return self._count


class Gauge(Metric):
    """A value that is asked for: what MetricGroup.gauge registers."""

    def __init__(self, obj):
        self._obj = obj

    def get_value(self):
        return self._obj()


class Distribution(Metric):
    def __init__(self):
        self._lock = threading.Lock()
        self._count = self._sum = self._min = self._max = 0

    def update(self, value):
        with self._lock:
            self._min = min(self._min, value) if self._count else value
            self._max = max(self._max, value) if self._count else value
            self._count += 1
            self._sum += value

    def get(self):
        """Returns count, sum, least and greatest value."""
        with self._lock:
            return self._count, self._sum, self._min, self._max


class Meter(Metric):
    def __init__(self, time_span_in_second=60):
        self._span = time_span_in_second
        self._lock = threading.Lock()
        self._count = 0
        self._seconds = deque()  # [second, events]

    def make_event(self, value=1):
        self.mark_event(value)

    def mark_event(self, value=1):
        with self._lock:
            now = int(time.monotonic())
            self._count += value
            if not self._seconds or self._seconds[-1][0] != now:
                self._seconds.append([now, 0])
                self._forget(now)
            self._seconds[-1][1] += value

    def _forget(self, now):
        while self._seconds and self._seconds[0][0] <= now - self._span:
            self._seconds.popleft()

    def get_count(self):
        return self._count

    def get_rate(self):
        """Returns the events a second over the last time span."""
        with self._lock:
            self._forget(int(time.monotonic()))
            return sum(n for _, n in self._seconds) / self._span


class MetricGroup:
    """Named metrics, and groups of them."""

    def __init__(self, scope=()):
        self._scope = tuple(scope)
        self._metrics = {}
        self._groups = {}

    def add_group(self, name, extra=None):
        """Returns the group of a name, or with extra of a key and a value."""
        names = (name,) if extra is None else (name, str(extra))
        if names not in self._groups:
            self._groups[names] = MetricGroup(self._scope + names)
        return self._groups[names]

    def counter(self, name):
        return self._register(name, Counter())

    def gauge(self, name, obj):
        self._register(name, Gauge(obj))

    def meter(self, name, time_span_in_second=60):
        return self._register(name, Meter(time_span_in_second))

    def distribution(self, name):
        return self._register(name, Distribution())

    def _register(self, name, metric):
        self._metrics[name] = metric
        return metric

    def walk(self):
        """Yields scope, name and metric of this group and those in it."""
        for name, metric in list(self._metrics.items()):
            yield self._scope, name, metric
        for group in list(self._groups.values()):
            yield from group.walk()
