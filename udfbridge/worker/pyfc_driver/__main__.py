"""Runs a driver beside its compiled job.

    python FOLDER/pyfc_driver PROGRAM [ARGUMENT...]

PROGRAM is a JSON file with the driver's text, its modules and the calls into
pyflink that the build has seen it make. The driver runs as __main__; its pyflink
is replay's. What it asks of the job goes over the file descriptors 3 and 4.
"""
import json
import os
import sys


def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[0] = here
    from pyfc_driver import channel, replay, script
    with open(sys.argv[1], encoding="utf-8") as f:
        program = json.load(f)
    sys.path.remove(here)
    job = channel.Job(3, 4)
    replay.install(job, program, here)
    script.run(job, program, sys.argv[2:])


main()
