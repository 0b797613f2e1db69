# Encoders and decoders as classes. dumps and loads are written in Go.


class JSONEncoder:
    item_separator = ', '
    key_separator = ': '

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, sort_keys=False, indent=None,
                 separators=None, default=None):
        self.skipkeys, self.ensure_ascii, self.check_circular = skipkeys, ensure_ascii, check_circular
        self.allow_nan, self.sort_keys, self.indent, self.separators = allow_nan, sort_keys, indent, separators
        if default is not None:
            self.default = default
        if separators is None and indent is not None:
            separators = ',', self.key_separator
        if separators is not None:
            self.item_separator, self.key_separator = separators

    def default(self, o):
        raise TypeError('Object of type %s is not JSON serializable' % type(o).__name__)

    def encode(self, o):
        return dumps(o, skipkeys=self.skipkeys, ensure_ascii=self.ensure_ascii, allow_nan=self.allow_nan, sort_keys=self.sort_keys,
                     indent=self.indent, separators=(self.item_separator, self.key_separator), default=self.default)

    def iterencode(self, o, _one_shot=False):
        yield self.encode(o)


class JSONDecoder:
    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, strict=True, object_pairs_hook=None):
        self._hooks = dict(object_hook=object_hook, parse_float=parse_float, parse_int=parse_int, parse_constant=parse_constant,
                           object_pairs_hook=object_pairs_hook)

    def decode(self, s):
        return loads(s, **self._hooks)

    def raw_decode(self, s, idx=0):
        try:
            return loads(s[idx:], **self._hooks), len(s)
        except JSONDecodeError as e:
            if e.msg != 'Extra data':
                raise
            return loads(s[idx:idx + e.pos], **self._hooks), idx + len(s[idx:idx + e.pos].rstrip())
