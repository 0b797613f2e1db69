"""Writes optionkeys.txt: the keys of Flink's configuration.

    python optionkeys_gen.py SITE_PACKAGES/pyflink > optionkeys.txt

The argument is an installed PyFlink 1.20.1. The keys are the dotted constants of
the classes of its jars that declare options, those of old keys among them.
"""
import io
import pathlib
import re
import struct
import sys
import zipfile

# What follows the tag of a constant of a class file, in bytes.
SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
DECLARES = re.compile(r"org/apache/flink/.*(Options|Config)\w*(\$\w+)?\.class")
KEY = re.compile(r"(?!(java|org|com)\.)[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z0-9]+([-_][a-z0-9]+)*)+")


def texts(data):
    """The texts among the constants of a class file."""
    count = struct.unpack(">H", data[8:10])[0]
    at, index = 10, 1
    while index < count:
        tag = data[at]
        if tag == 1:
            size = struct.unpack(">H", data[at + 1:at + 3])[0]
            yield data[at + 3:at + 3 + size].decode("utf-8", "replace")
            at += 3 + size
        else:
            at += 1 + SIZES[tag]
        index += 2 if tag in (5, 6) else 1


def keys(jar):
    for name in jar.namelist():
        if name.endswith(".jar"):
            yield from keys(zipfile.ZipFile(io.BytesIO(jar.read(name))))
        elif DECLARES.fullmatch(name):
            data = jar.read(name)
            found = set(texts(data))
            if any("ConfigOption" in t for t in found):
                yield from (t for t in found if KEY.fullmatch(t))


root = pathlib.Path(sys.argv[1])
out = set()
for path in sorted(root.glob("lib/*.jar")) + sorted(root.glob("opt/flink-python*.jar")):
    out |= set(keys(zipfile.ZipFile(path)))
print("\n".join(sorted(out)))
