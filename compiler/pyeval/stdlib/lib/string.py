# Texts with placeholders. The constants are written in Go.
import re as _re


def capwords(s, sep=None):
    return (sep or ' ').join(x.capitalize() for x in s.split(sep))


class Formatter:
    def _filled(self, text, args, kwargs, used, depth, auto):
        if depth < 0:
            raise ValueError('Max string recursion exceeded')
        out = []
        for literal, name, spec, conversion in self.parse(text):
            if literal:
                out.append(literal)
            if name is None:
                continue
            if name == '' or name[0] in '.[':
                if auto is False:
                    raise ValueError('cannot switch from manual field specification to automatic field numbering')
                name, auto = str(auto) + name, auto + 1
            elif name.isdigit():
                if auto:
                    raise ValueError('cannot switch from manual field specification to automatic field numbering')
                auto = False
            obj, key = self.get_field(name, args, kwargs)
            used.add(key)
            obj = self.convert_field(obj, conversion)
            spec, auto = self._filled(spec, args, kwargs, used, depth - 1, auto)
            out.append(self.format_field(obj, spec))
        return ''.join(out), auto

    def vformat(self, format_string, args, kwargs):
        used = set()
        text = self._filled(format_string, args, kwargs, used, 2, 0)[0]
        self.check_unused_args(used, args, kwargs)
        return text

    def get_value(self, key, args, kwargs):
        return args[key] if isinstance(key, int) else kwargs[key]

    check_unused_args = lambda self, used_args, args, kwargs: None
    format_field = lambda self, value, format_spec: format(value, format_spec)
    _conversions = {None: lambda value: value, 's': str, 'r': repr, 'a': ascii}

    def convert_field(self, value, conversion):
        if conversion not in self._conversions:
            raise ValueError('Unknown conversion specifier %s' % conversion)
        return self._conversions[conversion](value)

    def parse(self, format_string):
        return iter(_parse(format_string))

    def format(self, format_string, /, *args, **kwargs):
        return self.vformat(format_string, args, kwargs)

    def get_field(self, field_name, args, kwargs):
        first, rest = _split(field_name)
        obj = self.get_value(first, args, kwargs)
        for is_attr, key in rest:
            obj = getattr(obj, key) if is_attr else obj[key]
        return obj, first


def _split(name):
    end = min([i for i in (name.find('.'), name.find('[')) if i >= 0], default=len(name))
    first, name, rest = name[:end], name[end:], []
    while name:
        if name[0] == '.':
            end = min([i for i in (name.find('.', 1), name.find('[', 1)) if i >= 0], default=len(name))
            rest.append((True, name[1:end]))
            name = name[end:]
        else:
            end = name.index(']')
            key = name[1:end]
            rest.append((False, int(key) if key.isdigit() else key))
            name = name[end + 1:]
    return int(first) if first.isdigit() else first, rest


def _parse(s):
    i, literal, n = 0, '', len(s)
    while i < n:
        c = s[i]
        if c in '{}' and s[i + 1:i + 2] == c:
            yield literal + c, None, None, None
            literal, i = '', i + 2
            continue
        if c == '}':
            raise ValueError("Single '}' encountered in format string")
        if c != '{':
            literal, i = literal + c, i + 1
            continue
        depth, j = 1, i + 1
        while j < n and depth:
            depth += {'{': 1, '}': -1}.get(s[j], 0)
            j += 1
        if depth:
            raise ValueError("Single '{' encountered in format string" if j == i + 1 else "expected '}' before end of string")
        field, spec, conversion, inside = s[i + 1:j - 1], '', None, 0
        for k, c in enumerate(field):
            inside += {'[': 1, ']': -1}.get(c, 0)
            if not inside and c in '!:':
                field, rest = field[:k], field[k:]
                if rest[0] == '!':
                    conversion, rest = rest[1], rest[2:]
                spec = rest[1:]
                break
        yield literal, field, spec, conversion
        literal, i = '', j
    if literal:
        yield literal, None, None, None


class Template:
    """Placeholders behind a delimiter; subclasses may change what is a delimiter and a name."""

    delimiter, flags = '$', _re.IGNORECASE
    idpattern, braceidpattern = '(?a:[_a-z][_a-z0-9]*)', None

    def __init__(self, template):
        self.template = template

    @classmethod
    def _pattern(cls):
        pattern = getattr(cls, 'pattern', None)
        if pattern is None:
            d, name = _re.escape(cls.delimiter), cls.idpattern
            pattern = '%s(?:(?P<escaped>%s)|(?P<named>%s)|\\{(?P<braced>%s)\\}|(?P<invalid>))' % (d, d, name, cls.braceidpattern or name)
        return _re.compile(pattern, cls.flags | _re.VERBOSE)

    def _fill(self, value, invalid):
        parts, at = [], 0
        for m in self._pattern().finditer(self.template):
            parts.append(self.template[at:m.start()])
            at = m.end()
            name = m.group('named') or m.group('braced')
            if name is not None:
                parts.append(str(value(name, m.group())))
            elif m.group('escaped') is not None:
                parts.append(self.delimiter)
            else:
                parts.append(invalid(m))
        parts.append(self.template[at:])
        return ''.join(parts)

    def _invalid(self, m):
        lines = self.template[:m.start('invalid')].splitlines(True)
        col = m.start('invalid') - len(''.join(lines[:-1])) if lines else 1
        raise ValueError('Invalid placeholder in string: line %d, col %d' % (len(lines) or 1, col))

    def substitute(self, mapping={}, /, **kws):
        return self._fill(lambda name, text: kws[name] if name in kws else mapping[name], self._invalid)

    def safe_substitute(self, mapping={}, /, **kws):
        def value(name, text):
            if name in kws:
                return kws[name]
            try:
                return mapping[name]
            except KeyError:
                return text
        return self._fill(value, lambda m: m.group())

    def is_valid(self):
        return all(m.group('invalid') is None for m in self._pattern().finditer(self.template))

    def get_identifiers(self):
        names = (m['named'] or m['braced'] for m in self._pattern().finditer(self.template))
        return [*dict.fromkeys(filter(None, names))]
