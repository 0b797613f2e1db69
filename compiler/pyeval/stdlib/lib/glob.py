# Files by shell patterns.
import fnmatch as _fnmatch
import os as _os


def has_magic(s):
    return any(c in s for c in '*?[')


def escape(pathname):
    return ''.join('[' + c + ']' if c in '*?[' else c for c in pathname)


def _names(folder):
    try:
        return _os.listdir(folder or '.')
    except OSError:
        return []


def _below(folder, hidden):
    """The folders that ** stands for, itself first."""
    yield folder
    for name in sorted(_names(folder)):
        path = _os.path.join(folder, name)
        if (hidden or not name.startswith('.')) and _os.path.isdir(path):
            yield from _below(path, hidden)


def _find(base, folder, parts, recursive, hidden):
    if not parts:
        if folder:
            yield folder
        return
    part, rest = parts[0], parts[1:]
    where = _os.path.join(base, folder) if base else folder
    if part == '**' and recursive:
        for path in _below(where, hidden):
            here = path if not base else path[len(base):].lstrip('/')
            if rest:
                yield from _find(base, here, rest, recursive, hidden)
            else:
                yield _os.path.join(here, '') if path == where else here
                for name in _names(path):
                    if (hidden or not name.startswith('.')) and not _os.path.isdir(_os.path.join(path, name)):
                        yield _os.path.join(here, name)
    elif has_magic(part):
        for name in _names(where):
            if _fnmatch.fnmatch(name, part) and (hidden or part.startswith('.') or not name.startswith('.')):
                if not rest or _os.path.isdir(_os.path.join(where, name)):
                    yield from _find(base, _os.path.join(folder, name), rest, recursive, hidden)
    else:
        path = _os.path.join(folder, part)
        full = _os.path.join(base, path) if base else path
        if part and rest:
            yield from _find(base, path, rest, recursive, hidden)
        elif part == '' and _os.path.isdir(full) or part and _os.path.exists(full):
            yield from _find(base, path, rest, recursive, hidden)


def iglob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    pathname = _os.fspath(pathname)
    base = _os.fspath(root_dir) if root_dir is not None else ''
    start, parts = '', pathname.split('/')
    if pathname.startswith('/'):
        start, parts = '/', pathname.lstrip('/').split('/')
    for path in _find(base, start, parts, recursive, include_hidden):
        if path:
            yield path


def glob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    return list(iglob(pathname, root_dir=root_dir, recursive=recursive, include_hidden=include_hidden))
