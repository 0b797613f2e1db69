# Operations on files and folders. What changes something is written in Go.
import os as _os


class Error(OSError):
    pass


class SameFileError(Error):
    pass


def copyfileobj(fsrc, fdst, length=0):
    fdst.write(fsrc.read())


def copyfile(src, dst, *, follow_symlinks=True):
    src, dst = _os.fspath(src), _os.fspath(dst)
    if _os.path.abspath(src) == _os.path.abspath(dst):
        raise SameFileError('%r and %r are the same file' % (src, dst))
    with open(src, 'rb') as a, open(dst, 'wb') as b:
        b.write(a.read())
    return dst


def copy(src, dst, *, follow_symlinks=True):
    dst = _os.fspath(dst)
    if _os.path.isdir(dst):
        dst = _os.path.join(dst, _os.path.basename(_os.fspath(src)))
    copyfile(src, dst)
    return dst


copy2 = copy


def copymode(src, dst, *, follow_symlinks=True):
    pass


copystat = copymode


def ignore_patterns(*patterns):
    import fnmatch

    def ignored(path, names):
        return {n for p in patterns for n in fnmatch.filter(names, p)}
    return ignored


def copytree(src, dst, symlinks=False, ignore=None, copy_function=copy2, ignore_dangling_symlinks=False, dirs_exist_ok=False):
    src, dst = _os.fspath(src), _os.fspath(dst)
    names = sorted(_os.listdir(src))
    skip = ignore(src, names) if ignore is not None else set()
    _os.makedirs(dst, exist_ok=dirs_exist_ok)
    for name in names:
        if name in skip:
            continue
        a, b = _os.path.join(src, name), _os.path.join(dst, name)
        if _os.path.isdir(a):
            copytree(a, b, ignore=ignore, copy_function=copy_function, dirs_exist_ok=dirs_exist_ok)
        else:
            copy_function(a, b)
    return dst
