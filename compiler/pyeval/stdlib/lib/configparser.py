# INI files as configparser reads and writes them.
import re
from collections.abc import MutableMapping

DEFAULTSECT = 'DEFAULT'
MAX_INTERPOLATION_DEPTH = 10
_missing = object()


class Error(Exception):
    def __init__(self, msg=''):
        self.message = msg
        Exception.__init__(self, msg)

    def __repr__(self):
        return self.message

    def __str__(self):
        return self.message


class NoSectionError(Error):
    def __init__(self, section):
        Error.__init__(self, 'No section: %r' % (section,))
        self.section = section
        self.args = (section,)


class DuplicateSectionError(Error):
    def __init__(self, section, source=None, lineno=None):
        where = 'Section %r already exists' % section
        if source is not None:
            at = ' [line %2d]' % lineno if lineno is not None else ''
            where = 'While reading from %r%s: section %r already exists' % (source, at, section)
        Error.__init__(self, where)
        self.section, self.source, self.lineno = section, source, lineno


class DuplicateOptionError(Error):
    def __init__(self, section, option, source=None, lineno=None):
        text = 'Option %r in section %r already exists' % (option, section)
        if source is not None:
            at = ' [line %2d]' % lineno if lineno is not None else ''
            text = 'While reading from %r%s: option %r in section %r already exists' % (source, at, option, section)
        Error.__init__(self, text)
        self.section, self.option, self.source, self.lineno = section, option, source, lineno


class NoOptionError(Error):
    def __init__(self, option, section):
        Error.__init__(self, 'No option %r in section: %r' % (option, section))
        self.option, self.section = option, section
        self.args = (option, section)


class InterpolationError(Error):
    def __init__(self, option, section, msg):
        Error.__init__(self, msg)
        self.option, self.section = option, section
        self.args = (option, section, msg)


class InterpolationMissingOptionError(InterpolationError):
    def __init__(self, option, section, rawval, reference):
        InterpolationError.__init__(self, option, section, 'Bad value substitution: option %r in section %r contains an interpolation '
                                    'key %r which is not a valid option name. Raw value: %r' % (option, section, reference, rawval))
        self.reference = reference


class InterpolationSyntaxError(InterpolationError):
    pass


class InterpolationDepthError(InterpolationError):
    def __init__(self, option, section, rawval):
        InterpolationError.__init__(self, option, section, 'Recursion limit exceeded in value substitution: option %r in section %r '
                                    'contains an interpolation key which cannot be substituted in %d steps. Raw value: %r'
                                    % (option, section, MAX_INTERPOLATION_DEPTH, rawval))


class ParsingError(Error):
    def __init__(self, source):
        Error.__init__(self, 'Source contains parsing errors: %r' % source)
        self.source, self.errors = source, []

    def append(self, lineno, line):
        self.errors.append((lineno, line))
        self.message += '\n\t[line %2d]: %s' % (lineno, line)


class MissingSectionHeaderError(ParsingError):
    def __init__(self, filename, lineno, line):
        Error.__init__(self, 'File contains no section headers.\nfile: %r, line: %d\n%r' % (filename, lineno, line))
        self.source, self.lineno, self.line = filename, lineno, line


class Interpolation:
    def before_get(self, parser, section, option, value, defaults):
        return value

    def before_set(self, parser, section, option, value):
        return value


class _References(Interpolation):
    """References to other options, each behind the character _mark; two of them stand for one."""

    def before_get(self, parser, section, option, value, defaults):
        return self._expand(parser, section, option, value, value, defaults, 1)

    def before_set(self, parser, section, option, value):
        rest = self._key.sub('', value.replace(self._mark * 2, ''))
        if self._mark in rest:
            raise ValueError('invalid interpolation syntax in %r at position %d' % (value, rest.find(self._mark)))
        return value

    def _expand(self, parser, section, option, rest, raw, values, depth):
        if depth > MAX_INTERPOLATION_DEPTH:
            raise InterpolationDepthError(option, section, raw)
        out = ''
        while rest:
            plain, mark, rest = rest.partition(self._mark)
            out += plain
            if not mark:
                return out
            if rest[:1] == mark:
                out, rest = out + mark, rest[1:]
                continue
            if rest[:1] != self._open:
                raise InterpolationSyntaxError(option, section, self._expected % (mark + rest,))
            m = self._key.match(mark + rest)
            if m is None:
                raise InterpolationSyntaxError(option, section, 'bad interpolation variable reference %r' % (mark + rest))
            rest = rest[m.end() - 1:]
            at_section, at_option, value, known = self._find(parser, section, option, m.group(1), raw, values)
            if mark in value:
                value = self._expand(parser, at_section, at_option, value, raw, known(), depth + 1)
            out += value
        return out


class BasicInterpolation(_References):
    _mark, _open, _key = '%', '(', re.compile(r'%\(([^)]+)\)s')
    _expected = "'%%' must be followed by '%%' or '(', found: %r"

    def _find(self, parser, section, option, reference, raw, values):
        name = parser.optionxform(reference)
        if name not in values:
            raise InterpolationMissingOptionError(option, section, raw, name)
        return section, option, values[name], lambda: values


class ExtendedInterpolation(_References):
    _mark, _open, _key = '$', '{', re.compile(r'\$\{([^}]+)\}')
    _expected = "'$' must be followed by '$' or '{', found: %r"

    def _find(self, parser, section, option, reference, raw, values):
        path = reference.split(':')
        if len(path) > 2:
            raise InterpolationSyntaxError(option, section, "More than one ':' found: %r" % (reference,))
        name = parser.optionxform(path[-1])
        try:
            if len(path) == 1:
                value = values[name]
            else:
                section = path[0]
                value = parser.get(section, name, raw=True)
        except (KeyError, NoSectionError, NoOptionError):
            raise InterpolationMissingOptionError(option, section, raw, reference) from None
        return section, name, value, lambda: dict(parser.items(section, raw=True))


class RawConfigParser(MutableMapping):
    BOOLEAN_STATES = {'1': True, 'yes': True, 'true': True, 'on': True, '0': False, 'no': False, 'false': False, 'off': False}
    _interpolation_default = Interpolation

    def __init__(self, defaults=None, dict_type=dict, allow_no_value=False, *, delimiters=('=', ':'), comment_prefixes=('#', ';'),
                 inline_comment_prefixes=None, strict=True, empty_lines_in_values=True, default_section=DEFAULTSECT,
                 interpolation=_missing, converters=None):
        self._sections, self._defaults = {}, {}
        self._no_value, self._delimiters, self._strict = allow_no_value, tuple(delimiters), strict
        self._comments, self._inline = tuple(comment_prefixes or ()), tuple(inline_comment_prefixes or ())
        self._empty_lines, self.default_section = empty_lines_in_values, default_section
        self._interpolation = self._interpolation_default() if interpolation is _missing else interpolation or Interpolation()
        self._proxies = {default_section: SectionProxy(self, default_section)}
        self._converters = {'int': int, 'float': float, 'boolean': self._convert_to_boolean}
        self._converters.update(converters or {})
        for name, conv in (converters or {}).items():
            setattr(self, 'get' + name, self._getter(conv))
        if defaults:
            self.read_dict({default_section: defaults})

    def _getter(self, conv):
        return lambda section, option, **kw: self._get_conv(section, option, conv, **kw)

    def defaults(self):
        return self._defaults

    def sections(self):
        return list(self._sections)

    def add_section(self, section):
        if section == self.default_section:
            raise ValueError('Invalid section name: %r' % section)
        if section in self._sections:
            raise DuplicateSectionError(section)
        self._sections[section] = {}
        self._proxies[section] = SectionProxy(self, section)

    def has_section(self, section):
        return section in self._sections

    def options(self, section):
        if section not in self._sections:
            raise NoSectionError(section)
        out = dict(self._sections[section])
        out.update(self._defaults)
        return list(out)

    def read(self, filenames, encoding=None):
        if isinstance(filenames, str) or hasattr(filenames, '__fspath__'):
            filenames = [filenames]
        done = []
        for name in filenames:
            try:
                with open(name, encoding=encoding) as f:
                    self._read(f, str(name))
            except OSError:
                continue
            done.append(str(name))
        return done

    def read_file(self, f, source=None):
        if source is None:
            source = getattr(f, 'name', '<???>')
        self._read(f, source)

    def read_string(self, string, source='<string>'):
        self._read(string.splitlines(True), source)

    def read_dict(self, dictionary, source='<dict>'):
        seen = set()
        for section, keys in dictionary.items():
            section = str(section)
            if section != self.default_section:
                if section in self._sections:
                    if self._strict and section in seen:
                        raise DuplicateSectionError(section)
                else:
                    self.add_section(section)
            seen.add(section)
            options = set()
            for key, value in keys.items():
                key = self.optionxform(str(key))
                if value is not None:
                    value = str(value)
                if self._strict and key in options:
                    raise DuplicateOptionError(section, key, source)
                options.add(key)
                self.set(section, key, value)

    def _values(self, section, vars):
        own = {}
        if section != self.default_section:
            if section not in self._sections:
                raise NoSectionError(section)
            own = self._sections[section]
        out = dict(self._defaults)
        out.update(own)
        for k, v in (vars or {}).items():
            out[self.optionxform(k)] = None if v is None else str(v)
        return out

    def get(self, section, option, *, raw=False, vars=None, fallback=_missing):
        try:
            values = self._values(section, vars)
        except NoSectionError:
            if fallback is _missing:
                raise
            return fallback
        option = self.optionxform(option)
        if option not in values:
            if fallback is _missing:
                raise NoOptionError(option, section)
            return fallback
        value = values[option]
        if raw or value is None:
            return value
        return self._interpolation.before_get(self, section, option, value, values)

    def _get_conv(self, section, option, conv, *, raw=False, vars=None, fallback=_missing):
        try:
            value = self.get(section, option, raw=raw, vars=vars)
        except (NoSectionError, NoOptionError):
            if fallback is _missing:
                raise
            return fallback
        return conv(value)

    def getint(self, section, option, *, raw=False, vars=None, fallback=_missing):
        return self._get_conv(section, option, int, raw=raw, vars=vars, fallback=fallback)

    def getfloat(self, section, option, *, raw=False, vars=None, fallback=_missing):
        return self._get_conv(section, option, float, raw=raw, vars=vars, fallback=fallback)

    def getboolean(self, section, option, *, raw=False, vars=None, fallback=_missing):
        return self._get_conv(section, option, self._convert_to_boolean, raw=raw, vars=vars, fallback=fallback)

    def _convert_to_boolean(self, value):
        if value.lower() not in self.BOOLEAN_STATES:
            raise ValueError('Not a boolean: %s' % value)
        return self.BOOLEAN_STATES[value.lower()]

    def items(self, section=_missing, raw=False, vars=None):
        if section is _missing:
            return [(name, self[name]) for name in self]
        values = dict(self._defaults)
        if section in self._sections:
            values.update(self._sections[section])
        elif section != self.default_section:
            raise NoSectionError(section)
        keys = list(values)
        for k, v in (vars or {}).items():
            values[self.optionxform(k)] = v
        if raw:
            return [(k, values[k]) for k in keys]
        return [(k, self._interpolation.before_get(self, section, k, values[k], values) if values[k] is not None else None) for k in keys]

    def popitem(self):
        for name in self.sections():
            value = self[name]
            del self[name]
            return name, value
        raise KeyError

    def optionxform(self, optionstr):
        return optionstr.lower()

    def has_option(self, section, option):
        if not section or section == self.default_section:
            return self.optionxform(option) in self._defaults
        if section not in self._sections:
            return False
        option = self.optionxform(option)
        return option in self._sections[section] or option in self._defaults

    def set(self, section, option, value=None):
        if value:
            value = self._interpolation.before_set(self, section, option, value)
        if not section or section == self.default_section:
            where = self._defaults
        elif section in self._sections:
            where = self._sections[section]
        else:
            raise NoSectionError(section)
        where[self.optionxform(option)] = value

    def write(self, fp, space_around_delimiters=True):
        d = ' %s ' % self._delimiters[0] if space_around_delimiters else self._delimiters[0]
        parts = [(self.default_section, self._defaults)] if self._defaults else []
        for name, options in parts + list(self._sections.items()):
            fp.write('[%s]\n' % name)
            for key, value in options.items():
                if value is not None or not self._no_value:
                    fp.write(key + d + str(value).replace('\n', '\n\t') + '\n')
                else:
                    fp.write(key + '\n')
            fp.write('\n')

    def remove_option(self, section, option):
        if not section or section == self.default_section:
            where = self._defaults
        elif section in self._sections:
            where = self._sections[section]
        else:
            raise NoSectionError(section)
        return where.pop(self.optionxform(option), _missing) is not _missing

    def remove_section(self, section):
        if section not in self._sections:
            return False
        del self._sections[section]
        del self._proxies[section]
        return True

    def __contains__(self, name):
        return name in self._sections or name == self.default_section

    def __getitem__(self, name):
        if name in self:
            return self._proxies[name]
        raise KeyError(name)

    def __setitem__(self, name, options):
        if name in self and options is self._proxies[name]:
            return  # a section assigned to itself stays as it is
        old = self._defaults if name == self.default_section else self._sections.get(name, {})
        old.clear()
        self.read_dict({name: options})

    def __delitem__(self, name):
        if name == self.default_section:
            raise ValueError('Cannot remove the default section.')
        if not self.remove_section(name):
            raise KeyError(name)

    def __len__(self):
        return len(self._sections) + 1

    def __iter__(self):
        return iter([self.default_section] + list(self._sections))

    def _strip_comment(self, line):
        for p in self._comments:
            if line.strip().startswith(p):
                return '', True
        cut = len(line)
        for p in self._inline:
            at = line.find(p)
            while at >= 0:
                if at == 0 or line[at - 1].isspace():
                    cut = min(cut, at)
                    break
                at = line.find(p, at + 1)
        return line[:cut].strip(), cut < len(line)

    def _read(self, lines, source):
        section, name, current, option, indent, errors = None, None, None, None, 0, None
        sections, options = set(), set()
        values = []
        for number, line in enumerate(lines, 1):
            text, commented = self._strip_comment(line)
            if not text:
                if self._empty_lines:
                    if not commented and current is not None and option and current[option] is not None:
                        current[option].append('')
                else:
                    indent = 1 << 60
                continue
            here = len(line) - len(line.lstrip())
            if current is not None and option and here > indent:
                current[option].append(text)
                continue
            indent = here
            head = re.match(r'\[(?P<header>.+)\]', text)
            if head:
                name, option = head.group('header'), None
                if name in self._sections:
                    if self._strict and name in sections:
                        raise DuplicateSectionError(name, source, number)
                    current = self._sections[name]
                elif name == self.default_section:
                    current = self._defaults
                else:
                    current = {}
                    self._sections[name] = current
                    self._proxies[name] = SectionProxy(self, name)
                sections.add(name)
                values.append(current)
            elif current is None:
                raise MissingSectionHeaderError(source, number, line)
            else:
                at = min([i for i in (text.find(d) for d in self._delimiters) if i >= 0], default=-1)
                if at < 0 and not self._no_value or at == 0:
                    if errors is None:
                        errors = ParsingError(source)
                    errors.append(number, repr(line))
                    continue
                d = next((d for d in self._delimiters if at >= 0 and text.startswith(d, at)), '')
                option = self.optionxform((text if at < 0 else text[:at]).rstrip())
                if self._strict and (name, option) in options:
                    raise DuplicateOptionError(name, option, source, number)
                options.add((name, option))
                current[option] = [text[at + len(d):].strip()] if at >= 0 else None
        for part in [self._defaults] + list(self._sections.values()):
            for key, value in part.items():
                if isinstance(value, list):
                    part[key] = '\n'.join(value).rstrip()
        if errors is not None:
            raise errors


class ConfigParser(RawConfigParser):
    _interpolation_default = BasicInterpolation

    def set(self, section, option, value=None):
        _check_texts(self, option, value)
        RawConfigParser.set(self, section, option, value)

    def add_section(self, section):
        if not isinstance(section, str):
            raise TypeError('section names must be strings')
        RawConfigParser.add_section(self, section)


def _check_texts(parser, option, value):
    allowed = (str, type(None)) if parser._no_value else (str,)
    for text, what, types in ((option, 'keys', (str,)), (value, 'values', allowed)):
        if not isinstance(text, types) and (text or types == (str,)):
            raise TypeError('option ' + what + ' must be strings')


class SectionProxy(MutableMapping):
    parser = property(lambda self: self._parser)
    name = property(lambda self: self._name)

    def __init__(self, parser, name):
        self._parser, self._name = parser, name

    def __repr__(self):
        return '<Section: %s>' % self._name

    def __getitem__(self, key):
        if not self._parser.has_option(self._name, key):
            raise KeyError(key)
        return self._parser.get(self._name, key)

    def __setitem__(self, key, value):
        _check_texts(self._parser, key, value)
        self._parser.set(self._name, key, value)

    def __delitem__(self, key):
        if not (self._parser.has_option(self._name, key) and self._parser.remove_option(self._name, key)):
            raise KeyError(key)

    def __contains__(self, key):
        return self._parser.has_option(self._name, key)

    def _options(self):
        if self._name != self._parser.default_section:
            return self._parser.options(self._name)
        return list(self._parser.defaults())

    def __len__(self):
        return len(self._options())

    def __iter__(self):
        return iter(self._options())

    def get(self, option, fallback=None, *, raw=False, vars=None, _impl=None, **kwargs):
        return self._parser.get(self._name, option, raw=raw, vars=vars, fallback=fallback)

    def __getattr__(self, name):
        if name.startswith('get') and name[3:] in self._parser._converters:
            conv = self._parser._converters[name[3:]]
            return lambda option, fallback=None, **kw: self._parser._get_conv(self._name, option, conv, fallback=fallback, **kw)
        raise AttributeError("'SectionProxy' object has no attribute '%s'" % name)
