# Shell patterns.
import re as _re


def translate(pat):
    out, i, n = [], 0, len(pat)
    while i < n:
        c, i = pat[i], i + 1
        if c == '*':
            if not out or out[-1] != '.*':
                out.append('.*')
        elif c == '?':
            out.append('.')
        elif c == '[':
            j = i + 1 if pat[i:i + 1] in ('!', ']') else i
            if pat[i:i + 2] == '!]':
                j = i + 2
            end = pat.find(']', j)
            if end < 0:
                out.append('\\[')
            else:
                inside, i = pat[i:end].replace('\\', '\\\\'), end + 1
                out.append('[%s]' % ('^' + inside[1:] if inside[0] == '!' else '\\' + inside if inside[0] in '^[' else inside))
        else:
            out.append(_re.escape(c))
    return '(?s:%s)\\Z' % ''.join(out)


def fnmatchcase(name, pat):
    return _re.compile(translate(pat)).match(name) is not None


fnmatch = fnmatchcase


def filter(names, pat):
    match = _re.compile(translate(pat)).match
    return [n for n in names if match(n) is not None]
