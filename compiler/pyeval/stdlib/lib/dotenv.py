# python-dotenv: files of variables beside the script. load_dotenv is left out: what
# it sets is the environment of the machine, which the job meets at start.
import os as _os
import re as _re

_line = _re.compile(r'''^[^\S\n]*(?:export\s+)?(?P<key>'[^']+'|[^=#\s]+)\s*(?:=[^\S\n]*(?P<value>'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|[^\n#]*?(?:(?<=\S)#[^\n]*?)?))?[^\S\n]*(?:(?<=\s)#[^\n]*)?$''', _re.M)
_escape = {'n': '\n', 't': '\t', 'r': '\r', '"': '"', '\\': '\\', "'": "'", '$': '$'}


def find_dotenv(filename='.env', raise_error_if_not_found=False, usecwd=False):
    if _os.path.exists(filename):
        return _os.path.abspath(filename)
    if raise_error_if_not_found:
        raise IOError('File not found')
    return ''


def _parse(text, interpolate):
    out = {}
    for m in _line.finditer(text):
        key, value = m['key'].strip("'"), m['value']
        if value is None:
            out[key] = None
            continue
        if value[:1] == "'":
            value = value[1:-1].replace("\\'", "'")
        else:
            if value[:1] == '"':
                value = _re.sub(r'\\(.)', lambda e: _escape.get(e[1], e[0]), value[1:-1])
            if interpolate:
                value = _re.sub(r'\$\{([^}:]*)(?::-([^}]*))?\}', lambda v: out.get(v[1]) or v[2] or '', value)
        out[key] = value
    return out


def dotenv_values(dotenv_path=None, stream=None, verbose=False, interpolate=True, encoding='utf-8'):
    if stream is not None:
        return _parse(stream.read(), interpolate)
    path = dotenv_path or find_dotenv()
    if not path or not _os.path.exists(path):
        return {}
    with open(path, encoding=encoding) as f:
        return _parse(f.read(), interpolate)


def get_key(dotenv_path, key_to_get, encoding='utf-8'):
    return dotenv_values(dotenv_path, encoding=encoding).get(key_to_get)
