"""How the worker ends, whatever functions have left behind."""
import faulthandler
import os
import signal
import threading
import traceback

LIMIT = 10  # seconds that the end may take


def on_sigterm(action):
    """Calls action in a thread of its own when the first SIGTERM comes.

    The kernel may give the signal to any thread, most often to one that is
    starting another, and the main thread, where handlers in Python run, sleeps on.
    The pipe is written by the handler in C, in whichever thread it is."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, lambda *_: None)
    _leave_children_alone()

    def watch():
        while signal.SIGTERM not in os.read(read, 64):
            pass
        action()
    threading.Thread(target=watch, name="SIGTERM", daemon=True).start()


def _leave_children_alone():
    """Lets SIGTERM end what functions fork. A child shares the pipe, so it gets no
    signal before it has let go of it."""
    forking = threading.local()

    def block():
        forking.mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])

    def unblock():
        signal.pthread_sigmask(signal.SIG_SETMASK, forking.mask)

    def restore():
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        unblock()
    os.register_at_fork(before=block, after_in_parent=unblock, after_in_child=restore)


def end(server, bundle):
    """Ends the process; if that takes too long, by force and with all stacks."""
    faulthandler.dump_traceback_later(LIMIT, exit=True, file=2)
    try:
        server.stop(grace=1).wait()
        bundle.remove()
    except BaseException:  # of a module of the user's
        traceback.print_exc()
    os._exit(0)  # functions may have left threads behind
