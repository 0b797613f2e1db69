"""Command line of the worker:

    python -m pyfc_worker --listen HOST:PORT
"""
import argparse
import os
import signal
import sys
import threading


def main():
    parser = argparse.ArgumentParser(prog="pyfc_worker", description="Calls a pyfc job's Python functions.")
    parser.add_argument("--listen", required=True, metavar="HOST:PORT",
                        help="address to serve at, without encryption; unix:PATH for a unix socket")
    parser.add_argument("--child", metavar="FOLDER",
                        help="put code into FOLDER, and end when standard input does: the binary "
                             "that started this worker is gone")
    options = parser.parse_args()

    # A signal must never surface inside a function, where a bare "except:"
    # would turn it into data. The worker ends with its client.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if options.child:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        threading.Thread(target=_end_with_input, name="parent watch", daemon=True).start()

    # Our own pyflink wins over an installed one, and over the current folder.
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    # gRPC's fork handlers only get in the way of functions that start processes.
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    from pyfc_worker import server
    server.serve(options.listen, options.child)


def _end_with_input():
    # The descriptor and not sys.stdin, whose lock would outlive a fork.
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
