"""The metrics that a session's functions registered, sent as they change."""
import threading

from pyflink.metrics import MetricGroup
from pyflink.metrics.metricbase import Counter, Distribution, Meter

from pyfc_worker import udf_pb2

INTERVAL = 1.0  # seconds between two reports


class Metrics:
    def __init__(self):
        self.group = MetricGroup()
        self._closed = threading.Event()

    def close(self):
        self._closed.set()

    def follow(self, context):
        """Yields a report whenever a metric has changed, until the session is
        closed."""
        last = udf_pb2.MetricReport()
        done = False
        while not done and context.is_active():
            done = self._closed.wait(INTERVAL)
            report = udf_pb2.MetricReport(metrics=[_message(*m) for m in self.group.walk()])
            if report != last:
                yield report
                last = report


def _message(scope, name, metric):
    out = udf_pb2.Metric(scope=scope, name=name)
    if isinstance(metric, Counter):
        out.counter = metric.get_count()
    elif isinstance(metric, Meter):
        out.meter.count, out.meter.rate = metric.get_count(), metric.get_rate()
    elif isinstance(metric, Distribution):
        d = out.distribution
        d.count, d.sum, d.min, d.max = metric.get()
    else:
        out.gauge = metric.get_value()
    return out
