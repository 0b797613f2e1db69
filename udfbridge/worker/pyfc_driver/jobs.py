"""What a driver learns of its jobs, as PyFlink's classes say it.

A call that submits an insertion comes back when the job has ended, so that a
driver never sees one in another state.
"""
import enum
import uuid


class JobID:
    """The number of a job, another one at each run."""

    _of = {}

    def __init__(self, job):
        self._text = self._of.setdefault(job, uuid.uuid4().hex)

    def __str__(self):
        return self._text


JobID.__module__ = "pyflink.common.job_id"


class JobStatus(enum.Enum):
    """What a job is doing."""

    CREATED = 0
    RUNNING = 1
    FAILING = 2
    FAILED = 3
    CANCELLING = 4
    CANCELED = 5
    FINISHED = 6
    RESTARTING = 7
    SUSPENDED = 8
    RECONCILING = 9

    def is_globally_terminal_state(self):
        return self in (JobStatus.FAILED, JobStatus.CANCELED, JobStatus.FINISHED)

    def is_terminal_state(self):
        return self is JobStatus.SUSPENDED or self.is_globally_terminal_state()


JobStatus.__module__ = "pyflink.common.job_status"
