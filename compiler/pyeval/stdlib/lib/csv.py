# Reading and writing of separated values.
import io

QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE = 0, 1, 2, 3
_limit = 131072


class Error(Exception):
    pass


class Dialect:
    pass


class excel(Dialect):
    pass


class excel_tab(excel):
    pass


class unix_dialect(Dialect):
    pass


_standard = dict(delimiter=',', quotechar='"', doublequote=True, escapechar=None, lineterminator='\r\n', quoting=QUOTE_MINIMAL,
                 skipinitialspace=False, strict=False)
for _class, _options in ((Dialect, _standard), (excel_tab, {'delimiter': '\t'}), (unix_dialect, {'quoting': QUOTE_ALL, 'lineterminator': '\n'})):
    for _name, _option in _options.items():
        setattr(_class, _name, _option)

_dialects = {'excel': excel, 'excel-tab': excel_tab, 'unix': unix_dialect}


def _resolve(dialect, options):
    base = get_dialect(dialect) if isinstance(dialect, str) else dialect
    out = Dialect()
    for name, usual in _standard.items():
        setattr(out, name, options.pop(name) if name in options else getattr(base, name, usual))
    if options:
        raise TypeError("'%s' is an invalid keyword argument for this function" % next(iter(options)))
    if not isinstance(out.delimiter, str) or len(out.delimiter) != 1:
        raise TypeError('"delimiter" must be a 1-character string')
    if out.quotechar is not None and len(out.quotechar) != 1:
        raise TypeError('"quotechar" must be a 1-character string')
    if not out.quotechar and out.quoting != QUOTE_NONE:
        raise TypeError('quotechar must be set if quoting enabled')
    if out.quoting not in (0, 1, 2, 3):
        raise TypeError('bad "quoting" value')
    return out


def register_dialect(name, dialect=excel, **fmtparams):
    _dialects[name] = _resolve(dialect, fmtparams)


def unregister_dialect(name):
    if name not in _dialects:
        raise Error('unknown dialect')
    del _dialects[name]


def get_dialect(name):
    if name not in _dialects:
        raise Error('unknown dialect')
    return _dialects[name]


def list_dialects():
    return list(_dialects)


def field_size_limit(new_limit=None):
    global _limit
    old = _limit
    if new_limit is not None:
        _limit = new_limit
    return old


class _reader:
    def __init__(self, lines, dialect):
        self.dialect, self.line_num, self._lines = dialect, 0, iter(lines)

    def __iter__(self):
        return self

    def __next__(self):
        d, row, text, state, quoted = self.dialect, [], [], 'start', False
        while True:
            try:
                line = next(self._lines)
            except StopIteration:
                if state == 'start' and not row:
                    raise
                if d.strict and state == 'quoted':
                    raise Error('unexpected end of data') from None
                self._end(row, text, quoted)
                return row
            if not isinstance(line, str):
                raise Error('iterator should return strings, not %s (the file should be opened in text mode)' % type(line).__name__)
            self.line_num += 1
            for c in line:
                if state == 'eol':
                    if c not in '\r\n':
                        raise Error('new-line character seen in unquoted field - do you need to open the file with newline=\'\'?')
                elif state == 'escaped':
                    text.append(c)
                    state = 'field'
                elif state == 'quoted escape':
                    text.append(c)
                    state = 'quoted'
                elif state == 'quoted':
                    if c == d.escapechar:
                        state = 'quoted escape'
                    elif c == d.quotechar and d.quoting != QUOTE_NONE:
                        state = 'quote seen' if d.doublequote else 'field'
                    else:
                        text.append(c)
                elif state == 'quote seen' and c == d.quotechar and d.quoting != QUOTE_NONE:
                    text.append(c)
                    state = 'quoted'
                elif c in '\r\n':
                    if state != 'start' or row:
                        self._end(row, text, quoted)
                    text, quoted, state = [], False, 'eol'
                elif c == d.delimiter:
                    self._end(row, text, quoted)
                    text, quoted, state = [], False, 'next'
                elif state == 'quote seen' and d.strict:
                    raise Error("'%s' expected after '%s'" % (d.delimiter, d.quotechar))
                elif state in ('start', 'next') and c == d.quotechar and d.quoting != QUOTE_NONE:
                    quoted, state = True, 'quoted'
                elif c == d.escapechar:
                    state = 'escaped'
                elif state in ('start', 'next') and c == ' ' and d.skipinitialspace:
                    state = 'next'
                else:
                    text.append(c)
                    state = 'field'
            if state == 'eol':
                return row
            if state == 'start':
                return row
            if state in ('escaped', 'quoted escape'):
                text.append('\n')
                state = 'field' if state == 'escaped' else 'quoted'
            if state != 'quoted':
                self._end(row, text, quoted)
                return row

    def _end(self, row, text, quoted):
        field = ''.join(text)
        if len(field) > _limit:
            raise Error('field larger than field limit (%d)' % _limit)
        row.append(float(field) if self.dialect.quoting == QUOTE_NONNUMERIC and not quoted else field)


class _writer:
    def __init__(self, write, dialect):
        self.dialect, self._write = dialect, write

    def writerow(self, row):
        try:
            row = list(row)
        except TypeError:
            raise Error('iterable expected, not %s' % type(row).__name__) from None
        d = self.dialect
        if len(row) == 1 and d.quoting == QUOTE_NONE and row[0] in ('', None):
            raise Error('single empty field record must be quoted')
        fields = [self._field(v, len(row) == 1) for v in row]
        return self._write(d.delimiter.join(fields) + d.lineterminator)

    def _field(self, v, alone):
        d = self.dialect
        text = '' if v is None else v if isinstance(v, str) else str(v)
        quote = d.quoting == QUOTE_ALL or d.quoting == QUOTE_NONNUMERIC and not isinstance(v, (int, float)) or alone and text == ''
        special = d.delimiter + '\r\n' + (d.quotechar or '') + (d.escapechar or '') + d.lineterminator
        out = []
        for c in text:
            if c in special:
                if c == d.quotechar and d.doublequote and d.quoting != QUOTE_NONE:
                    out.append(c)
                    quote = True
                elif d.quoting == QUOTE_NONE or c == d.quotechar or c == d.escapechar:
                    if d.escapechar is None:
                        raise Error('need to escape, but no escapechar set')
                    out.append(d.escapechar)
                else:
                    quote = True
            out.append(c)
        text = ''.join(out)
        return d.quotechar + text + d.quotechar if quote and d.quoting != QUOTE_NONE else text

    def writerows(self, rows):
        for row in rows:
            self.writerow(row)


def reader(csvfile, dialect='excel', **fmtparams):
    return _reader(csvfile, _resolve(dialect, fmtparams))


def writer(csvfile, dialect='excel', **fmtparams):
    if not hasattr(csvfile, 'write'):
        raise TypeError('argument 1 must have a "write" method')
    return _writer(csvfile.write, _resolve(dialect, fmtparams))


class DictReader:
    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect='excel', *args, **kwds):
        self._names, self.restkey, self.restval, self.dialect = fieldnames, restkey, restval, dialect
        self.reader, self.line_num = reader(f, dialect, *args, **kwds), 0

    @property
    def fieldnames(self):
        if self._names is None:
            self._names = next(self.reader, None)
        self.line_num = self.reader.line_num
        return self._names

    @fieldnames.setter
    def fieldnames(self, value):
        self._names = value

    def __iter__(self):
        return self

    def __next__(self):
        names, row = self.fieldnames, []
        while not row:
            row = next(self.reader)
        self.line_num = self.reader.line_num
        fields = dict(zip(names, row + [self.restval] * (len(names) - len(row))))
        if row[len(names):]:
            fields[self.restkey] = row[len(names):]
        return fields


class DictWriter:
    def __init__(self, f, fieldnames, restval='', extrasaction='raise', dialect='excel', *args, **kwds):
        if extrasaction.lower() not in ('raise', 'ignore'):
            raise ValueError("extrasaction (%s) must be 'raise' or 'ignore'" % extrasaction)
        self.fieldnames, self.restval, self.extrasaction = fieldnames, restval, extrasaction.lower()
        self.writer = writer(f, dialect, *args, **kwds)

    def writeheader(self):
        return self.writer.writerow(self.fieldnames)

    def _row(self, rowdict):
        extra = [k for k in rowdict if k not in self.fieldnames]
        if extra and self.extrasaction == 'raise':
            raise ValueError('dict contains fields not in fieldnames: ' + ', '.join(repr(x) for x in extra))
        return [rowdict.get(name, self.restval) for name in self.fieldnames]

    def writerow(self, rowdict):
        return self.writer.writerow(self._row(rowdict))

    def writerows(self, rowdicts):
        for row in rowdicts:
            self.writerow(row)
