# Decimal arithmetic as the General Decimal Arithmetic Specification defines it:
# sign, coefficient and exponent, rounded to the context's precision.
from math import gcd as _gcd

ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR = 'ROUND_UP', 'ROUND_DOWN', 'ROUND_CEILING', 'ROUND_FLOOR'
ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP = 'ROUND_HALF_UP', 'ROUND_HALF_DOWN', 'ROUND_HALF_EVEN', 'ROUND_05UP'
MAX_PREC, MAX_EMAX, MIN_EMIN = 999999999999999999, 999999999999999999, -999999999999999999


class DecimalException(ArithmeticError):
    pass


def _exception(name, *bases):
    return type(name, bases, {'__module__': 'decimal'})


Clamped = _exception('Clamped', DecimalException)
InvalidOperation = _exception('InvalidOperation', DecimalException)
ConversionSyntax = _exception('ConversionSyntax', InvalidOperation)
DivisionUndefined = _exception('DivisionUndefined', InvalidOperation, ZeroDivisionError)
DivisionByZero = _exception('DivisionByZero', DecimalException, ZeroDivisionError)
Inexact = _exception('Inexact', DecimalException)
Rounded = _exception('Rounded', DecimalException)
Subnormal = _exception('Subnormal', DecimalException)
Overflow = _exception('Overflow', Inexact, Rounded)
Underflow = _exception('Underflow', Inexact, Rounded, Subnormal)
FloatOperation = _exception('FloatOperation', DecimalException, TypeError)


_SIGNALS = (InvalidOperation, FloatOperation, DivisionByZero, Overflow, Underflow, Subnormal, Inexact, Rounded, Clamped)


def _switches(on):
    """A switch for each signal; on lists those that are set, or is such a dict."""
    return {signal: bool(on[signal]) if isinstance(on, dict) else signal in on for signal in _SIGNALS}


class Context:
    def __init__(self, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None):
        self.prec = 28 if prec is None else prec
        self.rounding = ROUND_HALF_EVEN if rounding is None else rounding
        self.Emin = -999999 if Emin is None else Emin
        self.Emax = 999999 if Emax is None else Emax
        self.capitals = 1 if capitals is None else capitals
        self.clamp = 0 if clamp is None else clamp
        self.flags = _switches([] if flags is None else flags)
        self.traps = _switches([InvalidOperation, DivisionByZero, Overflow] if traps is None else traps)

    def copy(self):
        return Context(self.prec, self.rounding, self.Emin, self.Emax, self.capitals, self.clamp, self.flags, self.traps)

    def create_decimal(self, num='0'):
        return Decimal(num)._round(self)

    def quantize(self, a, b):
        return a.quantize(b, context=self)

    def add(self, a, b):
        return Decimal(a)._add(Decimal(b), self)

    def subtract(self, a, b):
        return Decimal(a)._add(Decimal(b).copy_negate(), self)

    def multiply(self, a, b):
        return Decimal(a)._mul(Decimal(b), self)

    def divide(self, a, b):
        return Decimal(a)._div(Decimal(b), self)

    def sqrt(self, a):
        return Decimal(a).sqrt(self)

    def power(self, a, b):
        return Decimal(a)._pow(Decimal(b), self)

    def clear_flags(self):
        self.flags = _switches([])

    def clear_traps(self):
        self.traps = _switches([])


DefaultContext = Context()
BasicContext = Context(prec=9, rounding=ROUND_HALF_UP)
ExtendedContext = Context(prec=9, traps=[])
_current = [Context()]


def getcontext():
    return _current[-1]


def setcontext(context):
    _current[-1] = context


class _Local:
    def __init__(self, context):
        self._context = context

    def __enter__(self):
        _current.append(self._context)
        return self._context

    def __exit__(self, *exc):
        _current.pop()


def localcontext(ctx=None, **kwargs):
    ctx = (ctx or getcontext()).copy()
    for name, value in kwargs.items():
        setattr(ctx, name, value)
    return _Local(ctx)


def _signal(context, exc, result, *args):
    signal = InvalidOperation if issubclass(exc, InvalidOperation) else exc
    context.flags[signal] = True
    if context.traps[signal]:
        raise signal([exc])
    return result


def _lost(context, exact):
    """Signals that digits were dropped, and that they weren't zeros."""
    context.flags[Rounded] = True
    if not exact:
        context.flags[Inexact] = True
    for signal in (Inexact, Rounded) if not exact else (Rounded,):
        if context.traps[signal]:
            raise signal([signal])


def _rounded(n, drop, negative, how):
    """n without its last drop digits; n isn't negative."""
    unit = 10 ** drop
    q, r = divmod(n, unit)
    if not r:
        return q
    half = 2 * r - unit
    up = {ROUND_UP: True, ROUND_DOWN: False, ROUND_CEILING: not negative, ROUND_FLOOR: negative, ROUND_HALF_UP: half >= 0,
          ROUND_HALF_DOWN: half > 0, ROUND_HALF_EVEN: half > 0 or half == 0 and q % 2 == 1, ROUND_05UP: q % 5 == 0}[how]
    return q + 1 if up else q


class DecimalTuple(tuple):
    sign = property(lambda self: self[0])
    digits = property(lambda self: self[1])
    exponent = property(lambda self: self[2])

    def __repr__(self):
        return 'DecimalTuple(sign=%r, digits=%r, exponent=%r)' % tuple(self)


def _apply(a, b, f):
    a, b = _operand(a), _operand(b)
    if a is NotImplemented or b is NotImplemented:
        return NotImplemented
    return f(a, b, getcontext())


def _operator(f):
    """The methods for a binary operator: decimal on the left, and on the right."""
    return (lambda self, other: _apply(self, other, f)), (lambda self, other: _apply(other, self, f))


def _comparison(test):
    def compare(self, other):
        other = _operand(other, float_too=True)
        if other is NotImplemented:
            return other
        if self.is_nan() or other.is_nan():
            raise InvalidOperation([InvalidOperation])
        return test(self._cmp(other))
    return compare


class Decimal:
    # _exponent is 'F' of an infinity and 'n' of a NaN.
    def __new__(cls, value='0', context=None):
        if isinstance(value, Decimal):
            return cls._make(value._minus, value._coefficient, value._exponent)
        if isinstance(value, int):
            return cls._make(1 if value < 0 else 0, abs(int(value)), 0)
        if isinstance(value, float):
            return cls.from_float(value)
        if isinstance(value, str):
            return cls._parse(value, context or getcontext())
        if isinstance(value, (tuple, list)):
            if len(value) != 3:
                raise ValueError('argument must be a sequence of length 3')
            sign, digits, exp = value
            if isinstance(exp, str) and exp not in ('F', 'n', 'N'):
                raise ValueError("string argument in the third position must be 'F', 'n' or 'N'")
            if isinstance(exp, str):
                return cls._make(sign, 0, exp.replace('N', 'n'))
            return cls._make(sign, int(''.join(map(str, digits)) or '0'), exp)
        raise TypeError('conversion from %s to Decimal is not supported' % type(value).__name__)

    @classmethod
    def _make(cls, sign, n, exp):
        self = object.__new__(cls)
        self._minus, self._coefficient, self._exponent = sign, n, exp
        return self

    @classmethod
    def _parse(cls, text, context):
        s = text.strip().replace('_', '')
        sign, body = 0, s
        if s[:1] in ('+', '-'):
            sign, body = int(s[0] == '-'), s[1:]
        low = body.lower()
        if low in ('inf', 'infinity'):
            return cls._make(sign, 0, 'F')
        if low in ('nan', 'snan'):
            return cls._make(sign, 0, 'n')
        mantissa, mark, exp = low.partition('e')
        whole, dot, part = mantissa.partition('.')
        number = exp[1:] if exp[:1] in ('+', '-') else exp
        if not (whole + part).isdigit() or mark and not number.isdigit():
            return _signal(context, ConversionSyntax, cls._make(0, 0, 'n'))
        return cls._make(sign, int(whole + part), (int(exp) if mark else 0) - len(part))

    @classmethod
    def from_float(cls, f):
        if isinstance(f, int):
            return cls(f)
        if f != f:
            return cls._make(0, 0, 'n')
        if f in (float('inf'), float('-inf')):
            return cls._make(int(f < 0), 0, 'F')
        n, d = abs(f).as_integer_ratio()
        k = d.bit_length() - 1
        return cls._make(int(f < 0 or str(f)[0] == '-'), n * 5 ** k, -k)

    # Properties
    is_nan = is_qnan = lambda self: self._exponent == 'n'
    is_infinite = lambda self: self._exponent == 'F'
    is_finite = lambda self: self._exponent not in ('n', 'F')
    is_signed = lambda self: self._minus == 1
    is_zero = lambda self: self.is_finite() and not self._coefficient
    is_normal = lambda self, context=None: self.is_finite() and bool(self._coefficient)

    def _digits(self):
        return len(str(self._coefficient))

    def adjusted(self):
        return self._exponent + self._digits() - 1 if self.is_finite() else 0

    def as_tuple(self):
        digits = (0,) if self._exponent == 'F' else () if self._exponent == 'n' else tuple(map(int, str(self._coefficient)))
        return DecimalTuple((self._minus, digits, self._exponent))

    def as_integer_ratio(self):
        if not self.is_finite():
            if self.is_nan():
                raise ValueError('cannot convert NaN to integer ratio')
            raise OverflowError('cannot convert Infinity to integer ratio')
        n, d = self._signed() * 10 ** max(self._exponent, 0), 10 ** max(-self._exponent, 0)
        shared = _gcd(abs(n), d)
        return n // shared, d // shared

    def canonical(self):
        return self

    def _signed(self):
        return -self._coefficient if self._minus else self._coefficient

    # Text
    def __repr__(self):
        return "Decimal('%s')" % str(self)

    def __str__(self):
        return self._text(False)

    def to_eng_string(self, context=None):
        return self._text(True)

    def _text(self, eng):
        sign = '-' if self._minus else ''
        if self._exponent == 'F':
            return sign + 'Infinity'
        if self._exponent == 'n':
            return sign + 'NaN'
        digits = str(self._coefficient)
        left = self._exponent + len(digits)
        if self._exponent <= 0 and left > -6:
            dot = left
        elif not eng:
            dot = 1
        elif digits == '0':
            dot = (left + 1) % 3 - 1
        else:
            dot = (left - 1) % 3 + 1
        if dot <= 0:
            whole, part = '0', '.' + '0' * -dot + digits
        elif dot >= len(digits):
            whole, part = digits + '0' * (dot - len(digits)), ''
        else:
            whole, part = digits[:dot], '.' + digits[dot:]
        exp = '' if left == dot else ('E' if getcontext().capitals else 'e') + '%+d' % (left - dot)
        return sign + whole + part + exp

    def __format__(self, spec, context=None):
        return _format(self, spec)

    # Rounding
    def _round(self, context):
        if not self.is_finite():
            return self
        drop = self._digits() - context.prec
        if drop > 0:
            n, exp = _rounded(self._coefficient, drop, self._minus == 1, context.rounding), self._exponent + drop
            _lost(context, self._coefficient % 10 ** drop == 0)
            if len(str(n)) > context.prec:
                n, exp = n // 10, exp + 1
            self = Decimal._make(self._minus, n, exp)
        if self._coefficient and self.adjusted() > context.Emax:
            return _signal(context, Overflow, Decimal._make(self._minus, 0, 'F'))
        tiny = context.Emin - context.prec + 1
        if self._exponent < tiny:
            return self._moved_to(tiny, context.rounding)
        return self

    def _moved_to(self, exp, rounding):
        if exp <= self._exponent:
            return Decimal._make(self._minus, self._coefficient * 10 ** (self._exponent - exp), exp)
        drop = exp - self._exponent
        if drop > self._digits() + 2:
            drop_int = self._coefficient and 1
            return Decimal._make(self._minus, _rounded(drop_int, 2, self._minus == 1, rounding), exp)
        return Decimal._make(self._minus, _rounded(self._coefficient, drop, self._minus == 1, rounding), exp)

    def quantize(self, exp, rounding=None, context=None):
        context = context or getcontext()
        exp = _operand(exp, True)
        if self.is_nan() or exp.is_nan():
            return Decimal._make(0, 0, 'n')
        if self.is_infinite() and exp.is_infinite():
            return self
        if not (self.is_finite() and exp.is_finite()):
            return _signal(context, InvalidOperation, Decimal._make(0, 0, 'n'))
        if self._coefficient and self.adjusted() - exp._exponent + 1 > context.prec:
            return _signal(context, InvalidOperation, Decimal._make(0, 0, 'n'))
        out = self._moved_to(exp._exponent, rounding or context.rounding)
        if out._digits() > context.prec:
            return _signal(context, InvalidOperation, Decimal._make(0, 0, 'n'))
        if exp._exponent > self._exponent:
            _lost(context, out._coefficient * 10 ** (exp._exponent - self._exponent) == self._coefficient)
        return out

    def normalize(self, context=None):
        out = self._round(context or getcontext())
        if not out.is_finite():
            return out
        n, exp = out._coefficient, out._exponent
        if not n:
            return Decimal._make(out._minus, 0, 0)
        while n % 10 == 0:
            n, exp = n // 10, exp + 1
        return Decimal._make(out._minus, n, exp)

    def to_integral_value(self, rounding=None, context=None):
        if not self.is_finite() or self._exponent >= 0:
            return self
        return self._moved_to(0, rounding or (context or getcontext()).rounding)

    to_integral = to_integral_value
    to_integral_exact = to_integral_value

    def __round__(self, n=None):
        if n is None:
            if not self.is_finite():
                raise (ValueError('cannot convert NaN to integer') if self.is_nan() else OverflowError('cannot convert Infinity to integer'))
            return int(self._moved_to(0, ROUND_HALF_EVEN))
        return self.quantize(Decimal._make(0, 1, -n), ROUND_HALF_EVEN)

    def __floor__(self):
        return int(self._moved_to(0, ROUND_FLOOR))

    def __ceil__(self):
        return int(self._moved_to(0, ROUND_CEILING))

    def __trunc__(self):
        return int(self)

    def __int__(self):
        if not self.is_finite():
            raise (ValueError('cannot convert NaN to integer') if self.is_nan() else OverflowError('cannot convert Infinity to integer'))
        return self._moved_to(0, ROUND_DOWN)._signed()

    def __float__(self):
        return float(str(self))

    def __bool__(self):
        return not self.is_zero()

    def __complex__(self):
        return complex(float(self))

    # Comparison
    def _cmp(self, other):
        if not (self.is_finite() and other.is_finite()):
            a = (1 - 2 * self._minus) if self.is_infinite() else 0
            b = (1 - 2 * other._minus) if other.is_infinite() else 0
            return (a > b) - (a < b)
        e = min(self._exponent, other._exponent)
        a, b = self._signed() * 10 ** (self._exponent - e), other._signed() * 10 ** (other._exponent - e)
        return (a > b) - (a < b)

    def __eq__(self, other):
        other = _operand(other, float_too=True)
        if other is NotImplemented:
            return other
        return not self.is_nan() and not other.is_nan() and self._cmp(other) == 0

    __lt__, __le__ = _comparison(lambda c: c < 0), _comparison(lambda c: c <= 0)
    __gt__, __ge__ = _comparison(lambda c: c > 0), _comparison(lambda c: c >= 0)

    def __hash__(self):
        if self.is_finite() and self._exponent >= 0:
            return hash(self._signed() * 10 ** self._exponent)
        if not self.is_finite():
            return hash(float('-inf') if self._minus else float('inf'))
        p = 2 ** 61 - 1
        h = self._coefficient * pow(pow(10, p - 2, p), -self._exponent, p) % p
        h = -h if self._minus else h
        return -2 if h == -1 else h

    def compare(self, other, context=None):
        other = _operand(other, True)
        if self.is_nan() or other.is_nan():
            return Decimal._make(0, 0, 'n')
        return Decimal(self._cmp(other))

    def max(self, other, context=None):
        other = _operand(other, True)
        return (other if self._cmp(other) < 0 else self)._round(context or getcontext())

    def min(self, other, context=None):
        other = _operand(other, True)
        return (other if self._cmp(other) > 0 else self)._round(context or getcontext())

    def same_quantum(self, other, context=None):
        return self._exponent == _operand(other, True)._exponent

    # Arithmetic
    def copy_abs(self):
        return Decimal._make(0, self._coefficient, self._exponent)

    def copy_negate(self):
        return Decimal._make(1 - self._minus, self._coefficient, self._exponent)

    def copy_sign(self, other, context=None):
        return Decimal._make(_operand(other, True)._minus, self._coefficient, self._exponent)

    def __neg__(self):
        if self.is_zero():
            return self.copy_abs()._round(getcontext())
        return self.copy_negate()._round(getcontext())

    def __pos__(self):
        return (self.copy_abs() if self.is_zero() else self)._round(getcontext())

    def __abs__(self):
        return self.copy_abs()._round(getcontext())

    def _add(self, other, context):
        if self.is_nan() or other.is_nan():
            return Decimal._make(0, 0, 'n')
        if self.is_infinite() or other.is_infinite():
            if self.is_infinite() and other.is_infinite() and self._minus != other._minus:
                return _signal(context, InvalidOperation, Decimal._make(0, 0, 'n'))
            return self if self.is_infinite() else other
        e = min(self._exponent, other._exponent)
        n = self._signed() * 10 ** (self._exponent - e) + other._signed() * 10 ** (other._exponent - e)
        sign = int(n < 0)
        if n == 0:
            sign = int(self._minus and other._minus or self._minus != other._minus and context.rounding == ROUND_FLOOR)
        return Decimal._make(sign, abs(n), e)._round(context)

    def _mul(self, other, context):
        sign = self._minus ^ other._minus
        if self.is_nan() or other.is_nan():
            return Decimal._make(0, 0, 'n')
        if self.is_infinite() or other.is_infinite():
            if self.is_zero() or other.is_zero():
                return _signal(context, InvalidOperation, Decimal._make(0, 0, 'n'))
            return Decimal._make(sign, 0, 'F')
        return Decimal._make(sign, self._coefficient * other._coefficient, self._exponent + other._exponent)._round(context)

    def _div(self, other, context):
        sign = self._minus ^ other._minus
        if self.is_nan() or other.is_nan():
            return Decimal._make(0, 0, 'n')
        if self.is_infinite():
            if other.is_infinite():
                return _signal(context, InvalidOperation, Decimal._make(0, 0, 'n'))
            return Decimal._make(sign, 0, 'F')
        if other.is_infinite():
            return Decimal._make(sign, 0, context.Emin - context.prec + 1)
        if not other._coefficient:
            if not self._coefficient:
                return _signal(context, DivisionUndefined, Decimal._make(0, 0, 'n'))
            return _signal(context, DivisionByZero, Decimal._make(sign, 0, 'F'))
        exp = self._exponent - other._exponent
        if not self._coefficient:
            return Decimal._make(sign, 0, exp)._round(context)
        shift = other._digits() - self._digits() + context.prec + 1
        n, d, e = self._coefficient, other._coefficient, exp - shift
        if shift >= 0:
            n *= 10 ** shift
        else:
            d *= 10 ** -shift
        q, r = divmod(n, d)
        if r:
            if q % 5 == 0:
                q += 1
        else:
            while e < exp and q % 10 == 0:
                q, e = q // 10, e + 1
        return Decimal._make(sign, q, e)._round(context)

    def _divmod(self, other, context):
        e = min(self._exponent, other._exponent)
        a, b = self._coefficient * 10 ** (self._exponent - e), other._coefficient * 10 ** (other._exponent - e)
        q, r = divmod(a, b)
        return Decimal._make(self._minus ^ other._minus, q, 0)._round(context), Decimal._make(self._minus, r, e)._round(context)

    def _whole(self, other, context):
        if self.is_nan() or other.is_nan():
            nan = Decimal._make(0, 0, 'n')
            return nan, nan
        if self.is_infinite():
            nan = _signal(context, InvalidOperation, Decimal._make(0, 0, 'n'))
            return nan, nan
        if other.is_infinite():
            return Decimal._make(self._minus ^ other._minus, 0, 0), self
        if not other._coefficient:
            nan = Decimal._make(0, 0, 'n')
            if not self._coefficient:
                return _signal(context, DivisionUndefined, nan), nan
            return _signal(context, DivisionByZero, Decimal._make(self._minus ^ other._minus, 0, 'F')), nan
        return self._divmod(other, context)

    def _mod(self, other, context):
        if other.is_zero():
            return _signal(context, InvalidOperation if self._coefficient else DivisionUndefined, Decimal._make(0, 0, 'n'))
        return self._whole(other, context)[1]

    def _pow(self, other, context):
        if other.is_zero():
            if self.is_zero():
                return _signal(context, InvalidOperation, Decimal._make(0, 0, 'n'))
            return Decimal(1)
        if other == other.to_integral_value() and self.is_finite():
            n = int(other)
            if n >= 0 and self._digits() * n < 20000:
                return Decimal._make(self._minus & n & 1, self._coefficient ** n, self._exponent * n)._round(context)
            wide = context.copy()
            wide.prec += 10
            if self.is_zero():
                return Decimal._make(self._minus & n & 1, 0, 'F')
            out = Decimal(1)._div(self._pow(Decimal(-n), wide), wide)._round(context)
            return out
        if self._minus:
            return _signal(context, InvalidOperation, Decimal._make(0, 0, 'n'))
        wide = context.copy()
        wide.prec += 12
        return self._ln(wide)._mul(other, wide)._exponential(wide)._round(context)

    def sqrt(self, context=None):
        context = context or getcontext()
        if self.is_nan() or self.is_infinite() and not self._minus:
            return self
        if self.is_zero():
            return Decimal._make(self._minus, 0, self._exponent // 2)
        if self._minus:
            return _signal(context, InvalidOperation, Decimal._make(0, 0, 'n'))
        ideal = self._exponent // 2
        n, e = self._coefficient, self._exponent
        if e % 2:
            n, e = n * 10, e - 1
        shift = max(context.prec + 1 - (len(str(n)) + 1) // 2, 0)
        n *= 100 ** shift
        r, e = _isqrt(n), e // 2 - shift
        if r * r != n:
            if r % 5 == 0:
                r += 1
        else:
            while e < ideal and r % 10 == 0:
                r, e = r // 10, e + 1
        how = context.copy()
        how.rounding = ROUND_HALF_EVEN
        return Decimal._make(0, r, e)._round(how)

    def _exponential(self, context):
        """e**self by halving and a series in integers."""
        digits = context.prec + 10 + max(self.adjusted(), 0)
        one = 10 ** digits
        x = self._signed() * 10 ** (digits + self._exponent) if self._exponent >= -digits else self._signed() // 10 ** (-self._exponent - digits)
        ln10 = _ln_int(10 * one, one)
        k, x = divmod(x, ln10)
        total, term, i = one, one, 1
        while term:
            term = term * x // (one * i)
            total += term
            i += 1
        return Decimal._make(0, total, k - digits)._round(context)

    def _ln(self, context):
        digits = context.prec + 10 + abs(self.adjusted()).bit_length()
        one = 10 ** digits
        k = self.adjusted()
        e = self._exponent - k
        m = self._coefficient * 10 ** (digits + e)
        total = _ln_int(m, one) + k * _ln_int(10 * one, one)
        return Decimal._make(int(total < 0), abs(total), -digits)._round(context)

    def exp(self, context=None):
        context = context or getcontext()
        if not self.is_finite():
            return Decimal(0) if self.is_infinite() and self._minus else self
        return Decimal(1) if self.is_zero() else self._exponential(context)

    def _log(self, context, base10):
        if self.is_zero():
            return Decimal._make(1, 0, 'F')
        if self._minus:
            return _signal(context, InvalidOperation, Decimal._make(0, 0, 'n'))
        if not self.is_finite():
            return self
        if self == 1:
            return Decimal(0)
        if base10 and str(self._coefficient).strip('0') == '1':
            return Decimal(self.adjusted())
        wide = context.copy()
        wide.prec += 10
        out = self._ln(wide)
        return (out._div(Decimal(10)._ln(wide), wide) if base10 else out)._round(context)

    def ln(self, context=None):
        return self._log(context or getcontext(), False)

    def log10(self, context=None):
        return self._log(context or getcontext(), True)

    def fma(self, other, third, context=None):
        exact = (context or getcontext()).copy()
        prec, exact.prec = exact.prec, MAX_PREC
        product = self._mul(_operand(other, True), exact)
        exact.prec = prec
        return product._add(_operand(third, True), exact)

    def scaleb(self, other, context=None):
        return Decimal._make(self._minus, self._coefficient, self._exponent + int(other))

    def remainder_near(self, other, context=None):
        other = _operand(other, True)
        q = self._div(other, Context(prec=60)).to_integral_value(ROUND_HALF_EVEN)
        return self - q * other

    __add__, __radd__ = _operator(lambda a, b, c: a._add(b, c))
    __sub__, __rsub__ = _operator(lambda a, b, c: a._add(b.copy_negate(), c))
    __mul__, __rmul__ = _operator(lambda a, b, c: a._mul(b, c))
    __truediv__, __rtruediv__ = _operator(lambda a, b, c: a._div(b, c))
    __floordiv__, __rfloordiv__ = _operator(lambda a, b, c: a._whole(b, c)[0])
    __mod__, __rmod__ = _operator(lambda a, b, c: a._mod(b, c))
    __divmod__ = _operator(lambda a, b, c: a._whole(b, c))[0]
    _power, __rpow__ = _operator(lambda a, b, c: a._pow(b, c))

    def __pow__(self, other, modulo=None):
        return self._power(other)

    real = property(lambda self: self)
    imag = property(lambda self: Decimal(0))

    def conjugate(self):
        return self

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


def _isqrt(n):
    x = 1 << (n.bit_length() + 1) // 2
    while True:
        y = (x + n // x) // 2
        if y >= x:
            return x
        x = y


def _ln_int(m, one):
    """ln(m / one) * one, by roots until the argument is near one and a series."""
    halvings = 0
    scale = one * 10 ** 10
    m *= 10 ** 10
    while abs(m - scale) * 8 > scale:
        m = _isqrt(m * scale)
        halvings += 1
    z = (m - scale) * scale // (m + scale)
    square, term, total, i = z * z // scale, z, 0, 1
    while term:
        total += term // i
        term = term * square // scale
        i += 2
    return total * 2 ** (halvings + 1) // 10 ** 10


def _operand(v, strict=False, float_too=False):
    if isinstance(v, Decimal):
        return v
    if isinstance(v, int):
        return Decimal(v)
    if float_too and isinstance(v, float):
        return Decimal.from_float(v)
    if strict:
        raise TypeError('conversion from %s to Decimal is not supported' % type(v).__name__)
    return NotImplemented


def _format(d, spec):
    import re
    m = re.fullmatch(r'(?:(?P<fill>.)?(?P<align>[<>=^]))?(?P<sign>[-+ ])?(?P<z>z)?(?P<zero>0)?(?P<width>\d+)?(?P<comma>[,_])?(?:\.(?P<prec>\d+))?(?P<type>[eEfFgGn%])?', spec, re.DOTALL)
    if m is None:
        raise ValueError('invalid format string')
    kind, prec = m['type'], None if m['prec'] is None else int(m['prec'])
    value = d.copy_abs()
    suffix = ''
    if not d.is_finite():
        body = 'Infinity' if d.is_infinite() else 'NaN'
    else:
        if kind == '%':
            value, suffix = Decimal._make(0, value._coefficient, value._exponent + 2), '%'
        if prec is not None:
            how = getcontext().rounding
            if kind and kind in 'eE':
                drop = value._digits() - 1 - prec
                if drop > 0:
                    value = value._moved_to(value._exponent + drop, how)
                    if value._digits() > prec + 1:
                        value = Decimal._make(0, value._coefficient // 10, value._exponent + 1)
                elif drop < 0 and value._coefficient:
                    value = Decimal._make(0, value._coefficient * 10 ** -drop, value._exponent + drop)
            elif kind and kind in 'fF%':
                value = value._moved_to(-prec, how)
            elif value._digits() > max(prec, 1):
                value = value._moved_to(value._exponent + value._digits() - max(prec, 1), how)
        if kind and kind in 'fF%':
            body = _fixed(value)
        elif kind and kind in 'eE':
            digits = str(value._coefficient)
            exp = value._exponent + len(digits) - 1
            body = digits[0] + ('.' + digits[1:] if len(digits) > 1 else '') + kind + '%+d' % exp
        else:
            body = str(value)
            if kind == 'g' or kind == 'n':
                body = body.replace('E', 'e')
    sign = '-' if d._minus else m['sign'] if m['sign'] and m['sign'] in '+ ' else ''
    whole = re.match(r'\d*', body).group()
    rest, width = body[len(whole):] + suffix, int(m['width'] or 0)
    comma = m['comma']
    if m['zero'] and not m['align']:
        room = width - len(sign) - len(rest)
        whole = whole.rjust(max(room, 1), '0') if not comma else whole
        if comma:
            while len(format(int(whole), ',')) + 0 < room and len(_group(whole, comma)) < room:
                whole = '0' + whole
    if comma:
        whole = _group(whole, comma)
    text, fill, align = whole + rest, m['fill'] or ' ', m['align'] or '>'
    if align == '=':
        return sign + text.rjust(width - len(sign), fill)
    return {'<': (sign + text).ljust, '>': (sign + text).rjust, '^': (sign + text).center}[align](width, fill)


def _group(digits, comma):
    out = []
    while len(digits) > 3:
        out.insert(0, digits[-3:])
        digits = digits[:-3]
    return comma.join([digits] + out)


def _fixed(value):
    if value._exponent >= 0:
        return str(value._coefficient * 10 ** value._exponent)
    digits = str(value._coefficient).rjust(1 - value._exponent, '0')
    return digits[:value._exponent] + '.' + digits[value._exponent:]
