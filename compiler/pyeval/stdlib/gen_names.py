"""Prints the public names of the standard modules that package stdlib models.

Run it as: python3 gen_names.py > names.txt
"""
import importlib
import importlib.metadata
import importlib.resources
import importlib.util

MODULES = """abc argparse base64 bisect calendar collections configparser csv collections.abc contextlib copy dataclasses datetime decimal enum fnmatch functools glob hashlib heapq importlib inspect io
itertools json logging logging.config logging.handlers math operator os os.path pathlib random re shutil string sys tempfile
textwrap time traceback types typing uuid warnings""".split()

for module in MODULES:
    names = [n for n in dir(importlib.import_module(module)) if not n.startswith('_')]
    print(module, *names)
