# INI files: sections of options, whose values may refer to each other.
import re
from collections.abc import MutableMapping

DEFAULTSECT = 'DEFAULT'
MAX_INTERPOLATION_DEPTH = 10
_nothing = object()


class Error(Exception):
    """The root of this module's errors; facts become attributes."""

    def __init__(self, msg='', *shown, **facts):
        Exception.__init__(self, *(shown or (msg,)))
        self.__dict__.update(facts, message=msg)

    def __str__(self):
        return self.message

    __repr__ = __str__


def _within(source, lineno, text):
    """A message about a place in a file; without one it begins the sentence."""
    if source is None:
        return text[0].upper() + text[1:]
    at = '' if lineno is None else f' [line {lineno:2d}]'
    return f'While reading from {source!r}{at}: {text}'


class NoSectionError(Error):
    def __init__(self, section):
        super().__init__(f'No section: {section!r}', section, section=section)


class NoOptionError(Error):
    def __init__(self, option, section):
        super().__init__(f'No option {option!r} in section: {section!r}', option, section, option=option, section=section)


class DuplicateSectionError(Error):
    def __init__(self, section, source=None, lineno=None):
        text = _within(source, lineno, f'section {section!r} already exists')
        super().__init__(text, section, source, lineno, section=section, source=source, lineno=lineno)


class DuplicateOptionError(Error):
    def __init__(self, section, option, source=None, lineno=None):
        text = _within(source, lineno, f'option {option!r} in section {section!r} already exists')
        super().__init__(text, section, option, source, lineno, section=section, option=option, source=source, lineno=lineno)


class InterpolationError(Error):
    def __init__(self, option, section, msg, **facts):
        super().__init__(msg, option, section, msg, option=option, section=section, **facts)


class InterpolationSyntaxError(InterpolationError):
    pass


class InterpolationMissingOptionError(InterpolationError):
    def __init__(self, option, section, rawval, reference):
        super().__init__(option, section, f'Bad value substitution: option {option!r} in section {section!r} contains an interpolation key '
                         f'{reference!r} which is not a valid option name. Raw value: {rawval!r}', reference=reference)
        self.args = option, section, rawval, reference


class InterpolationDepthError(InterpolationError):
    def __init__(self, option, section, rawval):
        super().__init__(option, section, f'Recursion limit exceeded in value substitution: option {option!r} in section {section!r} contains '
                         f'an interpolation key which cannot be substituted in {MAX_INTERPOLATION_DEPTH} steps. Raw value: {rawval!r}')
        self.args = option, section, rawval


class ParsingError(Error):
    def __init__(self, source):
        super().__init__(f'Source contains parsing errors: {source!r}', source, source=source, errors=[])

    def append(self, lineno, line):
        self.errors.append((lineno, line))
        self.message += f'\n\t[line {lineno:2d}]: {line}'


class MissingSectionHeaderError(ParsingError):
    def __init__(self, filename, lineno, line):
        Error.__init__(self, f'File contains no section headers.\nfile: {filename!r}, line: {lineno}\n{line!r}', filename, lineno, line,
                       source=filename, lineno=lineno, line=line, errors=[])


class Interpolation:
    """How a value becomes what get() returns; this one leaves it."""

    before_get = lambda self, parser, section, option, value, defaults: value
    before_set = lambda self, parser, section, option, value: value


class _References(Interpolation):
    """References to other options, each behind the character _mark; two of them stand for one."""

    def before_get(self, parser, section, option, value, defaults):
        return self._expand(parser, section, option, value or '', value, defaults, 1)

    def before_set(self, parser, section, option, value):
        loose = self._key.sub('', value.replace(self._mark * 2, '')).find(self._mark)
        if loose >= 0:
            raise ValueError(f'invalid interpolation syntax in {value!r} at position {loose}')
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
            raise InterpolationSyntaxError(option, section, f"More than one ':' found: {reference!r}")
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


def _reader(convert):
    """A method that reads an option and converts it, but not what stands in for it."""
    def read(self, section, option, *, raw=False, vars=None, fallback=_nothing):
        found = self.get(section, option, raw=raw, vars=vars, fallback=fallback)
        return found if found is fallback else convert(self, found)
    return read


def _truth(parser, text):
    known = parser.BOOLEAN_STATES
    if text.lower() in known:
        return known[text.lower()]
    raise ValueError('Not a boolean: ' + text)


class RawConfigParser(MutableMapping):
    """Sections by name. All of them, the default one first, lie in _all."""

    BOOLEAN_STATES = dict.fromkeys(('1', 'yes', 'true', 'on'), True) | dict.fromkeys(('0', 'no', 'false', 'off'), False)
    _interprets = Interpolation

    def __init__(self, defaults=None, dict_type=dict, allow_no_value=False, *, delimiters=('=', ':'), comment_prefixes=('#', ';'),
                 inline_comment_prefixes=None, strict=True, empty_lines_in_values=True, default_section=DEFAULTSECT,
                 interpolation=_nothing, converters=None):
        self.default_section = default_section
        self._all, self._views = {default_section: {}}, {default_section: SectionProxy(self, default_section)}
        self._form = _Form(tuple(delimiters), tuple(comment_prefixes or ()), tuple(inline_comment_prefixes or ()), allow_no_value,
                           strict, empty_lines_in_values)
        self._interpolation = (self._interprets if interpolation is _nothing else interpolation or Interpolation)
        if isinstance(self._interpolation, type):
            self._interpolation = self._interpolation()
        self.converters = {'int': int, 'float': float, 'boolean': lambda text: _truth(self, text)}
        for name, convert in (converters or {}).items():
            self.converters[name] = convert
            setattr(self, 'get' + name, self._reads(convert))
        self.read_dict({default_section: defaults or {}})

    def _reads(self, convert):
        read = _reader(lambda _, text: convert(text))
        return lambda section, option, **how: read(self, section, option, **how)

    getint = _reader(lambda self, text: int(text))
    getfloat = _reader(lambda self, text: float(text))
    getboolean = _reader(_truth)

    def optionxform(self, optionstr):
        return optionstr.lower()

    # Sections. '' and None name the default one for set and the like.

    def _section(self, name):
        name = name or self.default_section
        if name not in self._all:
            raise NoSectionError(name)
        return self._all[name]

    def _make(self, name):
        self._all[name], self._views[name] = {}, SectionProxy(self, name)
        return self._all[name]

    def defaults(self):
        return self._all[self.default_section]

    def sections(self):
        return list(self._all)[1:]

    def has_section(self, section):
        return section in self._all and section != self.default_section

    def add_section(self, section):
        if section == self.default_section:
            raise ValueError(f'Invalid section name: {section!r}')
        if section in self._all:
            raise DuplicateSectionError(section)
        self._make(section)

    def remove_section(self, section):
        there = self.has_section(section)
        if there:
            del self._all[section], self._views[section]
        return there

    # Options.

    def options(self, section):
        if not self.has_section(section):
            raise NoSectionError(section)
        return list(self._all[section] | self.defaults())

    def has_option(self, section, option):
        section = section or self.default_section
        return section in self._all and self.optionxform(option) in self.defaults() | self._all[section]

    def set(self, section, option, value=None):
        if value:
            value = self._interpolation.before_set(self, section, option, value)
        self._section(section)[self.optionxform(option)] = value

    def remove_option(self, section, option):
        return self._section(section).pop(self.optionxform(option), _nothing) is not _nothing

    def get(self, section, option, *, raw=False, vars=None, fallback=_nothing):
        key = self.optionxform(option)
        values = None
        if section in self._all:
            given = {self.optionxform(k): None if v is None else str(v) for k, v in (vars or {}).items()}
            values = self.defaults() | self._all[section] | given
        if values is None or key not in values:
            if fallback is not _nothing:
                return fallback
            raise NoSectionError(section) if values is None else NoOptionError(key, section)
        return self._value(section, key, values, raw or values[key] is None)

    def _value(self, section, key, values, raw):
        value = values[key]
        return value if raw else self._interpolation.before_get(self, section, key, value, values)

    def items(self, section=_nothing, raw=False, vars=None):
        if section is _nothing:
            return [(name, self._views[name]) for name in self]
        own = self.defaults() | self._section(section)
        values = own | {self.optionxform(k): v for k, v in (vars or {}).items()}
        return [(key, self._value(section, key, values, raw)) for key in own]

    # Files.

    def read(self, filenames, encoding=None):
        several = not (isinstance(filenames, str) or hasattr(filenames, '__fspath__'))
        done = []
        for name in filenames if several else [filenames]:
            try:
                with open(name, encoding=encoding) as f:
                    self._form.parse(self, f, str(name))
                done.append(str(name))
            except OSError:
                pass  # as documented: what isn't there is left out
        return done

    def read_file(self, f, source=None):
        self._form.parse(self, f, getattr(f, 'name', '<???>') if source is None else source)

    def read_string(self, string, source='<string>'):
        self._form.parse(self, string.splitlines(True), source)

    def read_dict(self, dictionary, source='<dict>'):
        names = [str(name) for name in dictionary]
        for name, options in zip(names, dictionary.values()):
            if name not in self._all:
                self.add_section(name)
            elif self._form.strict and names.count(name) > 1:
                raise DuplicateSectionError(name)
            keys = [self.optionxform(str(key)) for key in options]
            for key, value in zip(keys, options.values()):
                if self._form.strict and keys.count(key) > 1:
                    raise DuplicateOptionError(name, key, source)
                self.set(name, key, None if value is None else str(value))

    def write(self, fp, space_around_delimiters=True):
        delimiter = self._form.delimiters[0]
        if space_around_delimiters:
            delimiter = f' {delimiter} '
        for name, options in self._all.items():
            if options or name != self.default_section:
                lines = [f'[{name}]']
                for key, value in options.items():
                    bare = value is None and self._form.no_value
                    lines.append(key if bare else key + delimiter + str(value).replace('\n', '\n\t'))
                fp.write('\n'.join(lines) + '\n\n')

    # The mapping.

    def __contains__(self, name):
        return name in self._all

    def __len__(self):
        return len(self._all)

    def __iter__(self):
        return iter(list(self._all))

    def __getitem__(self, name):
        return self._views[name]

    def __setitem__(self, name, options):
        if name not in self._all or options is not self._views[name]:  # a section assigned to itself stays as it is
            self._all.get(name, {}).clear()
            self.read_dict({name: options})

    def __delitem__(self, name):
        if name == self.default_section:
            raise ValueError('Cannot remove the default section.')
        if not self.remove_section(name):
            raise KeyError(name)

    def popitem(self):
        for name in self.sections():
            view = self._views[name]
            del self[name]
            return name, view
        raise KeyError


class _Form:
    """What a file looks like."""

    def __init__(self, delimiters, comments, inline, no_value, strict, empty_lines):
        self.delimiters, self.comments, self.inline = delimiters, comments, inline
        self.no_value, self.strict, self.empty_lines = no_value, strict, empty_lines

    def uncommented(self, line):
        """The line without comments and blanks at its ends, and whether it had a comment."""
        text = line.strip()
        if text.startswith(self.comments):
            return '', True
        for i, c in enumerate(line):
            if (i == 0 or line[i - 1].isspace()) and line.startswith(self.inline, i):
                return line[:i].strip(), True
        return text, False

    def option(self, text):
        """The name and the value of an option, None if there is none; None for a line that holds no option."""
        at = min([i for i in map(text.find, self.delimiters) if i >= 0], default=None)
        if at is None:
            return (text, None) if self.no_value else None
        if at == 0:
            return None
        width = max(len(d) for d in self.delimiters if text.startswith(d, at))
        return text[:at].rstrip(), text[at + width:].strip()

    def parse(self, parser, lines, source):
        seen, errors = set(), ParsingError(source)
        options = value = None  # of the section, and the lines of the option that may go on
        name, indent, touched = None, 0, []
        for number, line in enumerate(lines, 1):
            text, comment = self.uncommented(line)
            if not text:
                if not self.empty_lines:
                    value = None
                elif value is not None and not comment:
                    value.append('')
                continue
            deep = len(line) - len(line.lstrip())
            if value is not None and deep > indent:
                value.append(text)
                continue
            indent, value = deep, None
            if text[0] == '[' and ']' in text[2:]:
                name = text[1:text.rindex(']')]
                if self.strict and (name,) in seen and name != parser.default_section:
                    raise DuplicateSectionError(name, source, number)
                seen.add((name,))
                options = parser._all[name] if name in parser._all else parser._make(name)
                touched.append(options)
            elif options is None:
                raise MissingSectionHeaderError(source, number, line)
            else:
                found = self.option(text)
                if found is None:
                    errors.append(number, repr(line))
                    continue
                key = parser.optionxform(found[0])
                if self.strict and (name, key) in seen:
                    raise DuplicateOptionError(name, key, source, number)
                seen.add((name, key))
                value = options[key] = None if found[1] is None else [found[1]]
        for options in touched:
            for key, value in options.items():
                if isinstance(value, list):
                    options[key] = '\n'.join(value).rstrip()
        if errors.errors:
            raise errors


class ConfigParser(RawConfigParser):
    _interprets = BasicInterpolation

    def set(self, section, option, value=None):
        _only_texts(self, option, value)
        super().set(section, option, value)

    def add_section(self, section):
        if not isinstance(section, str):
            raise TypeError('section names must be strings')
        super().add_section(section)


def _only_texts(parser, option, value):
    if not isinstance(option, str):
        raise TypeError('option keys must be strings')
    if not (isinstance(value, str) or not value and parser._form.no_value):
        raise TypeError('option values must be strings')


class SectionProxy(MutableMapping):
    """One section, with the defaults behind its options."""

    def __init__(self, parser, name):
        self.parser, self.name = parser, name

    def __repr__(self):
        return f'<Section: {self.name}>'

    def _names(self):
        p = self.parser
        return list(p.defaults()) if self.name == p.default_section else p.options(self.name)

    def __len__(self):
        return len(self._names())

    def __iter__(self):
        return iter(self._names())

    def __contains__(self, key):
        return self.parser.has_option(self.name, key)

    def __getitem__(self, key):
        if key in self:
            return self.parser.get(self.name, key)
        raise KeyError(key)

    def __setitem__(self, key, value):
        _only_texts(self.parser, key, value)
        self.parser.set(self.name, key, value)

    def __delitem__(self, key):
        if key not in self or not self.parser.remove_option(self.name, key):
            raise KeyError(key)

    def get(self, option, fallback=None, *, raw=False, vars=None, _impl=None, **more):
        return self.parser.get(self.name, option, raw=raw, vars=vars, fallback=fallback)

    def __getattr__(self, name):
        convert = self.parser.converters.get(name[3:]) if name[:3] == 'get' else None
        if convert is None:
            raise AttributeError(f"'SectionProxy' object has no attribute {name!r}")

        def read(option, fallback=None, **how):
            found = self.get(option, fallback, **how)
            return found if found is fallback else convert(found)
        return read
