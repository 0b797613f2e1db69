# Types of arguments. The parser is written in Go.


class FileType:
    """Opens the file that an argument names; - is a standard stream."""

    def __init__(self, mode='r', bufsize=-1, encoding=None, errors=None):
        self._how = dict(mode=mode, buffering=bufsize, encoding=encoding, errors=errors)

    def __call__(self, string):
        mode = self._how['mode']
        if string == '-':
            import sys
            stream = sys.stdin if 'r' in mode else sys.stdout
            return stream.buffer if 'b' in mode else stream
        try:
            return open(string, **self._how)
        except OSError as fault:
            raise ArgumentTypeError(f"can't open '{string}': {fault}")

    def __repr__(self):
        given = [repr(self._how['mode'])]
        if self._how['buffering'] != -1:
            given.append(repr(self._how['buffering']))
        given += [f'{name}={self._how[name]!r}' for name in ('encoding', 'errors') if self._how[name] is not None]
        return f'FileType({", ".join(given)})'
