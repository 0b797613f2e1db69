# UUIDs. Those that are random or made from clock and machine would differ in
# each build, so they are opaque.
from functools import total_ordering as _total_ordering
from hashlib import md5 as _md5, sha1 as _sha1

_whole = int
_variants = ('reserved for NCS compatibility', 'specified in RFC 4122', 'reserved for Microsoft compatibility', 'reserved for future definition')
RESERVED_NCS, RFC_4122, RESERVED_MICROSOFT, RESERVED_FUTURE = _variants


def _number_of_hex(text):
    digits = text
    for dressing in ('urn:', 'uuid:', '-'):
        digits = digits.replace(dressing, '')
    digits = digits.strip('{}')
    if len(digits) == 32:
        return _whole(digits, 16)
    raise ValueError('badly formed hexadecimal UUID string')


def _number_of_bytes(data, name='bytes'):
    if len(data) == 16:
        return _whole.from_bytes(data, 'big')
    raise ValueError(f'{name} is not a 16-char string')


def _swapped(data):
    """The same bytes with the first three fields turned round."""
    return data[:4][::-1] + data[4:6][::-1] + data[6:8][::-1] + data[8:]


_widths = (32, 16, 16, 8, 8, 48)  # of the fields, in bits


def _number_of_fields(values):
    if len(values) != len(_widths):
        raise ValueError('fields is not a 6-tuple')
    number = 0
    for width, value in zip(_widths, values):
        number = number << width | value
    return number


def _bits(above, width):
    return property(lambda self: self.int >> above & (1 << width) - 1)


@_total_ordering
class UUID:
    def __init__(self, hex=None, bytes=None, bytes_le=None, fields=None, int=None, version=None):
        given = [(value, read) for value, read in (
            (hex, _number_of_hex), (bytes, _number_of_bytes), (bytes_le, lambda data: _number_of_bytes(_swapped(data), 'bytes_le')),
            (fields, _number_of_fields), (int, lambda number: number)) if value is not None]
        if len(given) != 1:
            raise TypeError('one of the hex, bytes, bytes_le, fields, or int arguments must be given')
        value, read = given[0]
        number = read(value)
        if number < 0 or number.bit_length() > 128:
            raise ValueError('int is out of range (need a 128-bit value)')
        if version is not None:
            if version not in range(1, 6):
                raise ValueError('illegal version number')
            number &= ~(0xf << 76 | 0b11 << 62)
            number |= version << 76 | 0b10 << 62
        vars(self)['int'] = number

    def __setattr__(self, name, value):
        raise TypeError('UUID objects are immutable')

    def __eq__(self, other):
        return isinstance(other, UUID) and self.int == other.int

    def __lt__(self, other):
        if not isinstance(other, UUID):
            return NotImplemented
        return self.int < other.int

    __hash__ = lambda self: hash(self.int)
    __int__ = lambda self: self.int
    __str__ = lambda self: '-'.join(self.hex[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
    __repr__ = lambda self: f"UUID('{self}')"

    hex = property(lambda self: format(self.int, '032x'))
    urn = property(lambda self: f'urn:uuid:{self}')
    bytes = property(lambda self: self.int.to_bytes(16, 'big'))
    bytes_le = property(lambda self: _swapped(self.bytes))
    time_low, time_mid, time_hi_version = _bits(96, 32), _bits(80, 16), _bits(64, 16)
    clock_seq_hi_variant, clock_seq_low, node = _bits(56, 8), _bits(48, 8), _bits(0, 48)
    fields = property(lambda self: (self.time_low, self.time_mid, self.time_hi_version,
                                    self.clock_seq_hi_variant, self.clock_seq_low, self.node))
    clock_seq = _bits(48, 14)
    time = property(lambda self: (self.int >> 64 & 0xfff) << 48 | self.time_mid << 32 | self.time_low)
    # As many ones as the variant's bits begin with, which are three at most.
    variant = property(lambda self: _variants[[0, 0, 0, 0, 1, 1, 2, 3][self.int >> 61 & 7]])
    version = property(lambda self: self.int >> 76 & 0xf if self.variant == RFC_4122 else None)


def _of_name(version, digest):
    return lambda namespace, name: UUID(bytes=digest(namespace.bytes + name.encode()).digest()[:16], version=version)


uuid3, uuid5 = _of_name(3, _md5), _of_name(5, _sha1)
NAMESPACE_DNS, NAMESPACE_URL, NAMESPACE_OID, NAMESPACE_X500 = [
    UUID(f'6ba7b81{n}-9dad-11d1-80b4-00c04fd430c8') for n in (0, 1, 2, 4)]
