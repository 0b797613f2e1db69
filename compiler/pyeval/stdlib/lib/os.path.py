# What paths have in common.
import os as _os
import re as _re

altsep = None
extsep = '.'
pardir = '..'
curdir = '.'
pathsep = ':'


def normcase(s):
    return s


def splitdrive(p):
    return p[:0], p


def commonprefix(m):
    if not m:
        return ''
    first, last = min(m), max(m)
    for i, c in enumerate(first):
        if c != last[i]:
            return first[:i]
    return first


def commonpath(paths):
    paths = list(paths)
    if not paths:
        raise ValueError('commonpath() arg is an empty sequence')
    if len({p.startswith('/') for p in paths}) > 1:
        raise ValueError("Can't mix absolute and relative paths")
    split = [[c for c in p.split('/') if c and c != '.'] for p in paths]
    return ('/' if paths[0].startswith('/') else '') + '/'.join(commonprefix(split))


def expandvars(path):
    path, out, end = _os.fspath(path), '', 0
    for m in _re.finditer(r'\$(\w+|\{[^}]*\})', path):
        out, end = out + path[end:m.start()] + _os.environ.get(m[1].strip('{}'), m[0]), m.end()
    return out + path[end:]


def samefile(f1, f2):
    for path in (f1, f2):
        _os.stat(path)
    return _os.path.realpath(f1) == _os.path.realpath(f2)
