# What functions, classes and modules are made of.
import sys as _sys
import types as _types
from collections import namedtuple as _namedtuple
from enum import IntEnum as _IntEnum


class _empty:
    """Marks a default or annotation that there is none of."""


class _ParameterKind(_IntEnum):
    POSITIONAL_ONLY = 0
    POSITIONAL_OR_KEYWORD = 1
    VAR_POSITIONAL = 2
    KEYWORD_ONLY = 3
    VAR_KEYWORD = 4

    __str__ = lambda self: self.name
    description = property(lambda self: (
        'positional-only', 'positional or keyword', 'variadic positional', 'keyword-only', 'variadic keyword')[self])


def _shown(annotation):
    if isinstance(annotation, type):
        return annotation.__qualname__ if annotation.__module__ == 'builtins' else f'{annotation.__module__}.{annotation.__qualname__}'
    return repr(annotation)


class Parameter:
    empty = _empty

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        self.name, self.kind, self.default, self.annotation = name, _ParameterKind(kind), default, annotation

    def __str__(self):
        text = ('', '', '*', '', '**')[self.kind] + self.name
        noted = self.annotation is not _empty
        if noted:
            text += ': ' + _shown(self.annotation)
        if self.default is not _empty:
            text += (' = ' if noted else '=') + repr(self.default)
        return text

    def __repr__(self):
        return f'<Parameter "{self}">'

    def __eq__(self, other):
        return isinstance(other, Parameter) and vars(self) == vars(other)

    def __hash__(self):
        return hash((self.name, self.kind))

    def replace(self, **changes):
        known = {'name': self.name, 'kind': self.kind, 'default': self.default, 'annotation': self.annotation} | changes
        return Parameter(known.pop('name'), known.pop('kind'), **known)


for _kind in _ParameterKind:
    setattr(Parameter, _kind.name, _kind)


class BoundArguments:
    def __init__(self, signature, arguments):
        self.signature, self.arguments = signature, arguments

    def apply_defaults(self):
        filled = {}
        for name, p in self.signature.parameters.items():
            if name in self.arguments:
                filled[name] = self.arguments[name]
            elif p.default is not _empty:
                filled[name] = p.default
            elif p.kind in (2, 4):
                filled[name] = () if p.kind == 2 else {}
        self.arguments = filled

    def _sorted(self):
        args, kwargs = [], {}
        for name, value in self.arguments.items():
            kind = self.signature.parameters[name].kind
            if kind == 2:
                args.extend(value)
            elif kind == 4:
                kwargs.update(value)
            elif kind == 3 or kwargs:
                kwargs[name] = value
            else:
                args.append(value)
        return tuple(args), kwargs

    args = property(lambda self: self._sorted()[0])
    kwargs = property(lambda self: self._sorted()[1])

    def __repr__(self):
        return f"<BoundArguments ({', '.join(f'{name}={value!r}' for name, value in self.arguments.items())})>"


class Signature:
    empty = _empty

    def __init__(self, parameters=(), *, return_annotation=_empty):
        self.parameters, self.return_annotation = {p.name: p for p in parameters}, return_annotation

    def __str__(self):
        out, kinds = [], [p.kind for p in self.parameters.values()]
        for at, p in enumerate(self.parameters.values()):
            before = kinds[at - 1] if at else None
            if before == 0 and p.kind != 0:
                out.append('/')
            if p.kind == 3 and before not in (2, 3):
                out.append('*')
            out.append(str(p))
        if kinds and kinds[-1] == 0:
            out.append('/')
        back = '' if self.return_annotation is _empty else ' -> ' + _shown(self.return_annotation)
        return '(' + ', '.join(out) + ')' + back

    def __repr__(self):
        return f'<Signature {self}>'

    def __eq__(self, other):
        return isinstance(other, Signature) and str(self) == str(other)

    def replace(self, *, parameters=None, return_annotation=_empty):
        return Signature(self.parameters.values() if parameters is None else parameters,
                         return_annotation=self.return_annotation if return_annotation is _empty else return_annotation)

    def _bind(self, args, kwargs, partial):
        bound, given, named = {}, list(args), dict(kwargs)
        for name, p in self.parameters.items():
            if p.kind == 2:
                if given:
                    bound[name], given = tuple(given), []
            elif p.kind == 4:
                if named:
                    bound[name], named = named, {}
            elif given and p.kind != 3:
                if name in named and p.kind == 1:
                    raise TypeError(f'multiple values for argument {name!r}')
                bound[name] = given.pop(0)
            elif name in named and p.kind != 0:
                bound[name] = named.pop(name)
            elif p.default is _empty and not partial:
                raise TypeError(f'missing a required argument: {name!r}')
        if given:
            raise TypeError('too many positional arguments')
        if named:
            raise TypeError(f'got an unexpected keyword argument {next(iter(named))!r}')
        return BoundArguments(self, bound)

    def bind(self, /, *args, **kwargs):
        return self._bind(args, kwargs, False)

    def bind_partial(self, /, *args, **kwargs):
        return self._bind(args, kwargs, True)


def unwrap(func, *, stop=None):
    while hasattr(func, '__wrapped__') and not (stop and stop(func)):
        func = func.__wrapped__
    return func


def signature(obj, *, follow_wrapped=True, **more):
    if not callable(obj):
        raise TypeError(f'{obj!r} is not a callable object')
    func = unwrap(obj) if follow_wrapped else obj
    skip = 0
    if isinstance(func, type):
        func, skip = func.__init__, 1
    elif ismethod(func):
        func, skip = func.__func__, 1
    elif not isfunction(func):
        func, skip = getattr(type(func), '__call__', None), 1
    parts = _parameters(func)
    if parts is None:
        raise ValueError(f'no signature found for builtin {obj!r}')
    notes = getattr(func, '__annotations__', {})
    return Signature([Parameter(name, kind, default=default[0] if default else _empty, annotation=notes.get(name, _empty))
                      for name, kind, *default in parts[skip:]], return_annotation=_empty if skip and isinstance(obj, type) else notes.get('return', _empty))


def getfullargspec(func):
    found = signature(func).parameters.values()
    named = [p for p in found if p.kind in (0, 1)]
    only = [p for p in found if p.kind == 3]
    first = lambda kind: next((p.name for p in found if p.kind == kind), None)
    defaults = tuple(p.default for p in named if p.default is not _empty)
    return FullArgSpec([p.name for p in named], first(2), first(4), defaults or None, [p.name for p in only],
                       {p.name: p.default for p in only if p.default is not _empty} or None, dict(getattr(func, '__annotations__', {})))


FullArgSpec = _namedtuple('FullArgSpec', 'args varargs varkw defaults kwonlyargs kwonlydefaults annotations')

isclass = lambda object: isinstance(object, type)
isfunction = lambda object: isinstance(object, _types.FunctionType)
ismethod = lambda object: isinstance(object, _types.MethodType)
ismodule = lambda object: isinstance(object, _types.ModuleType)
isbuiltin = lambda object: isinstance(object, _types.BuiltinFunctionType)
isgenerator = lambda object: isinstance(object, _types.GeneratorType)
isgeneratorfunction = lambda obj: _yields(getattr(obj, '__func__', obj))
isroutine = lambda object: isfunction(object) or ismethod(object) or isbuiltin(object)
iscoroutine = iscoroutinefunction = isawaitable = isasyncgen = isasyncgenfunction = lambda obj: False
isabstract = lambda object: isclass(object) and bool(getattr(object, '__abstractmethods__', None))
isdatadescriptor = lambda object: isinstance(object, property)


def getmembers(object, predicate=None):
    found = [(name, getattr(object, name)) for name in sorted(dir(object)) if hasattr(object, name)]
    return found if predicate is None else [(name, value) for name, value in found if predicate(value)]


def getmro(cls):
    return cls.__mro__


def cleandoc(doc):
    import textwrap
    first, _, rest = doc.expandtabs().partition('\n')
    lines = [first.lstrip(), *textwrap.dedent(rest).split('\n')] if rest else [first.lstrip()]
    return '\n'.join(lines).strip('\n')


def getdoc(object):
    doc = getattr(object, '__doc__', None)
    return cleandoc(doc) if isinstance(doc, str) else None


def currentframe():
    return _sys._getframe()


def getfile(object):
    """The file of a module, class, function or frame."""
    code = getattr(object, 'f_code', None) or getattr(getattr(object, '__func__', object), '__code__', object)
    if hasattr(code, 'co_filename'):
        return code.co_filename
    if isinstance(object, type):
        for member in vars(object).values():
            if isinstance(member, _types.FunctionType):
                return getfile(member)
    if getattr(object, '__file__', None):
        return object.__file__
    raise TypeError(f'{object!r} is a built-in ' + ('class' if isinstance(object, type) else 'module'))


getsourcefile = getfile
