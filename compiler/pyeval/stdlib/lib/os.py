# Folders of the script.
from os import listdir as _listdir, path as _path


class DirEntry:
    def __init__(self, folder, name):
        self.name, self.path = name, _path.join(folder, name)

    def is_file(self, *, follow_symlinks=True):
        return _path.isfile(self.path)

    def is_dir(self, *, follow_symlinks=True):
        return _path.isdir(self.path)

    def is_symlink(self):
        return False

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return '<DirEntry %r>' % self.name


class _Entries:
    def __init__(self, entries):
        self._next = iter(entries)

    def __iter__(self):
        return self._next

    def __next__(self):
        return next(self._next)

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.close()

    def close(self):
        self._next = iter(())


def scandir(path='.'):
    return _Entries([DirEntry(path, name) for name in _listdir(path)])


def walk(top, topdown=True, onerror=None, followlinks=False):
    try:
        names = _listdir(top)
    except OSError as gone:
        if onerror is not None:
            onerror(gone)
        return
    folders = [n for n in names if _path.isdir(_path.join(top, n))]
    here = top, folders, [n for n in names if n not in folders]
    if topdown:
        yield here
    for name in folders:
        yield from walk(_path.join(top, name), topdown, onerror, followlinks)
    if not topdown:
        yield here
