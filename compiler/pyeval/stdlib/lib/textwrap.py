# Filling of paragraphs. dedent is written in Go.
import re

_blank = r'[\t\n\x0b\x0c\r ]'
_plain = re.compile('(' + _blank + '+)')
_ending = re.compile(r'[a-z][\.\!\?][\"\']?\Z')


def _is_letter(c):
    return c == '_' or c.isalnum() and not c.isdecimal()


def _at_hyphens(word):
    # Parts between which a line may end: behind a hyphen within a compound,
    # and on both sides of a dash of several hyphens.
    parts, start, at = [], 0, word.find('-')
    while at >= 0:
        end = at
        while end < len(word) and word[end] == '-':
            end += 1
        before, behind = word[max(at - 3, 0):at], word[end:end + 3]
        if end - at > 1 and _joins(before[-1:]) and _in_word(behind[:1]):
            parts += [word[start:at], word[at:end]]
            start = end
        elif end - at == 1 and _ends_compound(before) and _begins_compound(behind):
            parts.append(word[start:end])
            start = end
        at = word.find('-', end)
    parts.append(word[start:])
    return [p for p in parts if p]


def _in_word(c):
    return c != '' and (c == '_' or c.isalnum())


def _joins(c):
    return _in_word(c) or c != '' and c in '!"\'&.,?'


def _ends_compound(text):
    last = text[-2:]
    if len(last) == 2 and _is_letter(last[0]) and _is_letter(last[1]):
        return True
    return len(text) == 3 and _is_letter(text[0]) and text[1] == '-' and _is_letter(text[2])


def _begins_compound(text):
    letters = text[:1] + text[1:].lstrip('-')[:1] if text[1:2] == '-' and text[2:3] != '-' else text[:2]
    return len(letters) == 2 and _is_letter(letters[0]) and _is_letter(letters[1])


class TextWrapper:
    def __init__(self, width=70, initial_indent='', subsequent_indent='', expand_tabs=True, replace_whitespace=True,
                 fix_sentence_endings=False, break_long_words=True, drop_whitespace=True, break_on_hyphens=True, tabsize=8, *,
                 max_lines=None, placeholder=' [...]'):
        for name, value in dict(
                width=width, initial_indent=initial_indent, subsequent_indent=subsequent_indent, expand_tabs=expand_tabs,
                replace_whitespace=replace_whitespace, fix_sentence_endings=fix_sentence_endings,
                break_long_words=break_long_words, drop_whitespace=drop_whitespace, break_on_hyphens=break_on_hyphens,
                tabsize=tabsize, max_lines=max_lines, placeholder=placeholder).items():
            setattr(self, name, value)

    def _split(self, text):
        text = text.expandtabs(self.tabsize) if self.expand_tabs else text
        if self.replace_whitespace:
            for c in '\t\n\x0b\x0c\r':
                text = text.replace(c, ' ')
        pieces = [p for p in _plain.split(text) if p]
        if self.break_on_hyphens:
            pieces = [part for p in pieces for part in _at_hyphens(p)]
        if self.fix_sentence_endings:
            for i in range(len(pieces) - 1):
                if pieces[i + 1] == ' ' and _ending.search(pieces[i]):
                    pieces[i + 1] = '  '
        return pieces

    def _cut(self, pieces, line, room):
        """Takes as much of a piece that is longer than a line as fits."""
        room = max(room, 1)
        if not self.break_long_words:
            if not line:
                line.append(pieces.pop(0))
            return
        piece, end = pieces[0], room
        if self.break_on_hyphens and len(piece) > room:
            hyphen = piece.rfind('-', 0, room)
            if hyphen > 0 and any(c != '-' for c in piece[:hyphen]):
                end = hyphen + 1
        line.append(piece[:end])
        pieces[0] = piece[end:]
        if not pieces[0]:
            pieces.pop(0)

    def wrap(self, text):
        if self.width <= 0:
            raise ValueError('invalid width %r (must be > 0)' % self.width)
        if self.max_lines is not None:
            first = self.subsequent_indent if self.max_lines > 1 else self.initial_indent
            if len(first) + len(self.placeholder.lstrip()) > self.width:
                raise ValueError('placeholder too large for max width')
        pieces, lines = self._split(text), []
        while pieces:
            indent = self.subsequent_indent if lines else self.initial_indent
            room, line, size = self.width - len(indent), [], 0
            if self.drop_whitespace and lines and not pieces[0].strip():
                pieces.pop(0)
            while pieces and size + len(pieces[0]) <= room:
                size += len(pieces[0])
                line.append(pieces.pop(0))
            if pieces and len(pieces[0]) > room:
                self._cut(pieces, line, room - size)
                size = sum(map(len, line))
            if self.drop_whitespace and line and not line[-1].strip():
                size -= len(line.pop())
            if not line:
                continue
            rest = bool(pieces) and not (self.drop_whitespace and len(pieces) == 1 and not pieces[0].strip())
            if self.max_lines is None or len(lines) + 1 < self.max_lines or not rest and size <= room:
                lines.append(indent + ''.join(line))
                continue
            lines.append(self._shortened(line, size, room, indent, lines))
            break
        return lines

    def _shortened(self, line, size, room, indent, lines):
        """The last line, with the placeholder in place of what is left out."""
        while line:
            if line[-1].strip() and size + len(self.placeholder) <= room:
                return indent + ''.join(line) + self.placeholder
            size -= len(line.pop())
        if lines:
            last = lines[-1].rstrip()
            if len(last) + len(self.placeholder) <= self.width:
                lines.pop()
                return last + self.placeholder
        return indent + self.placeholder.lstrip()

    def fill(self, text):
        return '\n'.join(self.wrap(text))


def wrap(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).wrap(text)


def fill(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).fill(text)


def shorten(text, width, **kwargs):
    return TextWrapper(width=width, max_lines=1, **kwargs).fill(' '.join(text.strip().split()))


def indent(text, prefix, predicate=None):
    if predicate is None:
        predicate = str.strip
    return ''.join(prefix + line if predicate(line) else line for line in text.splitlines(True))
