"""The worker that calls a pyfc job's Python functions.

The job's binary is the gRPC client, the worker the server; udf.proto is the
protocol between them. A worker serves sessions, one for each operator subtask
that calls functions: session.py. Runs on Python 3.8 and later.
"""

PROTOCOL = 2
