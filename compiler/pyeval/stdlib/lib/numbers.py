# The kinds of numbers, as classes to ask isinstance about.
from abc import ABC as _ABC


class Number(_ABC):
    __slots__, __hash__ = (), None


class Complex(Number):
    __slots__ = ()


class Real(Complex):
    __slots__ = ()


class Rational(Real):
    __slots__ = ()


class Integral(Rational):
    __slots__ = ()


Real.register(float)
Integral.register(int)
