# Loggers, handlers and formatters as a dict describes them, or an INI file that
# says the same.
import logging
import logging.handlers


def _member(path):
    """What a dotted name stands for: a member of a module, or of a member."""
    head, dot, name = path.rpartition('.')
    if not dot:
        return __import__(path)
    try:
        return getattr(_member(head), name)
    except AttributeError:
        return __import__(path, fromlist=[name])


def _value(value, config):
    """A value of the dict, with what it refers to in its place."""
    if isinstance(value, dict):
        return {key: _value(each, config) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_value(each, config) for each in value])
    if isinstance(value, str) and value.startswith('ext://'):
        return _member(value[6:])
    if isinstance(value, str) and value.startswith('cfg://'):
        for part in value[6:].replace('[', '.').replace(']', '').split('.'):
            config = config[int(part) if part.isdigit() else part]
        return config
    return value


def _formatter(spec):
    if '()' in spec:
        return _custom(spec)
    kind = _member(spec['class']) if 'class' in spec else logging.Formatter
    more = {'defaults': spec['defaults']} if 'defaults' in spec else {}
    return kind(spec.get('format'), spec.get('datefmt'), spec.get('style', '%'), **more)


def _custom(spec):
    """What a factory of the user's makes of the rest."""
    rest = dict(spec)
    make, attributes = rest.pop('()'), rest.pop('.', {})
    made = (make if callable(make) else _member(make))(**rest)
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def _handler(spec, formatters, filters):
    rest = dict(spec)
    level, form, names = rest.pop('level', None), rest.pop('formatter', None), rest.pop('filters', [])
    if 'class' in rest:
        kind = rest.pop('class')
        rest['()'] = kind if callable(kind) else _member(kind)
    made = _custom(rest)
    if form:
        made.setFormatter(formatters[form])
    if level is not None:
        made.setLevel(level)
    for name in names:
        made.addFilter(filters[name])
    return made


def _configure(logger, spec, handlers, filters):
    if spec.get('level') is not None:
        logger.setLevel(spec['level'])
    logger.handlers.clear()
    for name in spec.get('handlers', ()):
        logger.addHandler(handlers[name])
    for name in spec.get('filters', ()):
        logger.addFilter(filters[name])
    logger.propagate = spec.get('propagate', logger.propagate)


def _each(what, specs, make):
    """Makes the things of a section; a fault names the one that has it."""
    made = {}
    for name in sorted(specs):
        try:
            made[name] = make(specs[name])
        except Exception as fault:
            raise ValueError(f'Unable to configure {what} {name!r}' if name else f'Unable to configure {what}') from fault
    return made


def dictConfig(config):
    version = config.get('version')
    if version != 1:
        raise ValueError(f'Unsupported version: {version}' if 'version' in config else "dictionary doesn't specify a version")
    config = _value(config, config)
    formatters = _each('formatter', config.get('formatters', {}), _formatter)
    filters = _each('filter', config.get('filters', {}), lambda spec: _custom(spec) if '()' in spec else logging.Filter(spec.get('name', '')))
    handlers = _each('handler', config.get('handlers', {}), lambda spec: _handler(spec, formatters, filters))
    named = config.get('loggers', {})
    if not config.get('incremental') and config.get('disable_existing_loggers', True):
        for name, logger in logging._loggers.items():
            logger.disabled = not any(name == n or name.startswith(n + '.') for n in named)
    for name, spec in named.items():
        logger = logging.getLogger(name)
        logger.disabled = False
        _each('logger', {name: spec}, lambda spec: _configure(logger, spec, handlers, filters))
    if 'root' in config:
        _each('root logger', {'': config['root']}, lambda spec: _configure(logging.root, spec, handlers, filters))


_words = {'True': True, 'False': False, 'None': None}


def _argument(text):
    """An argument as the file writes it: a text in quotes, a number, a word or a dotted name."""
    if text[:1] in ('"', "'"):
        return text[1:-1]
    if text.lstrip('-').isdigit():
        return int(text)
    return _words[text] if text in _words else _member(text)


def _list(text):
    return [part.strip() for part in text.split(',') if part.strip()]


def fileConfig(fname, defaults=None, disable_existing_loggers=True, encoding=None):
    import configparser
    parser = fname
    if not isinstance(fname, configparser.RawConfigParser):
        parser = configparser.ConfigParser(defaults)
        if hasattr(fname, 'readline'):
            parser.read_file(fname)
        else:
            parser.read(fname, encoding)
    formatters, handlers, loggers = {}, {}, {}
    for name in _list(parser['formatters']['keys']):
        at = parser[f'formatter_{name}']
        formatters[name] = {'format': at.get('format', raw=True), 'datefmt': at.get('datefmt', raw=True), 'style': at.get('style', '%')}
        if at.get('class'):
            formatters[name]['class'] = at['class']
    for name in _list(parser['handlers']['keys']):
        at = parser[f'handler_{name}']
        kind = at['class']
        kind = _member(kind if kind.startswith('logging.') or not hasattr(logging, kind.partition('.')[0]) else 'logging.' + kind)
        args = [_argument(a) for a in _list(at.get('args', '()').strip('()'))]
        handlers[name] = {'()': lambda kind=kind, args=args: kind(*args), 'level': at.get('level'), 'formatter': at.get('formatter')}
    for name in _list(parser['loggers']['keys']):
        at = parser[f'logger_{name}']
        loggers[at.get('qualname', 'root')] = {
            'level': at.get('level'), 'handlers': _list(at.get('handlers', '')), 'propagate': at.getint('propagate', 1) == 1}
    dictConfig({'version': 1, 'disable_existing_loggers': disable_existing_loggers, 'formatters': formatters, 'handlers': handlers,
                'root': loggers.pop('root'), 'loggers': loggers})
