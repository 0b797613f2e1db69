# Temporary files and folders: in memory, for as long as the build lasts.
import os as _os

tempdir = None
TMP_MAX = 10000


def gettempdir():
    return _root


def gettempprefix():
    return 'tmp'


def mkdtemp(suffix=None, prefix=None, dir=None):
    return _new(dir or _root, prefix or 'tmp', suffix or '', True)


def mktemp(suffix='', prefix='tmp', dir=None):
    path = _new(dir or _root, prefix, suffix, False)
    _os.remove(path)
    return path


def mkstemp(suffix=None, prefix=None, dir=None, text=False):
    return 3, _new(dir or _root, prefix or 'tmp', suffix or '', False)


class TemporaryDirectory:
    def __init__(self, suffix=None, prefix=None, dir=None, ignore_cleanup_errors=False):
        self.name = mkdtemp(suffix, prefix, dir)

    def __repr__(self):
        return '<TemporaryDirectory %r>' % self.name

    def __enter__(self):
        return self.name

    def __exit__(self, *exc):
        self.cleanup()

    def cleanup(self):
        import shutil
        shutil.rmtree(self.name, ignore_errors=True)


class _TemporaryFileWrapper:
    def __init__(self, file, name, delete):
        self.file, self.name, self.delete = file, name, delete

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def __iter__(self):
        return iter(self.file)

    def close(self):
        if not self.file.closed:
            self.file.close()
            if self.delete and _os.path.exists(self.name):
                _os.remove(self.name)


def NamedTemporaryFile(mode='w+b', buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None, delete=True, *, errors=None):
    name = _new(dir or _root, prefix or 'tmp', suffix or '', False)
    return _TemporaryFileWrapper(open(name, mode, encoding=encoding), name, delete)


def TemporaryFile(mode='w+b', buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None, *, errors=None):
    return open(_new(dir or _root, prefix or 'tmp', suffix or '', False), mode, encoding=encoding)


class SpooledTemporaryFile(_TemporaryFileWrapper):
    def __init__(self, max_size=0, mode='w+b', **kwargs):
        name = _new(_root, 'tmp', '', False)
        _TemporaryFileWrapper.__init__(self, open(name, mode), name, True)
