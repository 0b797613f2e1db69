# The generators of random: the Mersenne Twister is written in Go (_Twister),
# the distributions over it follow the order in which CPython draws. A generator
# that was never seeded gives values that no build may depend on: opaque ones.
from math import ceil, cos, e, exp, floor, log, pi, sin, sqrt
from itertools import accumulate
from bisect import bisect

_NV = 4 * exp(-0.5) / sqrt(2.0)


class Random:
    def __init__(self, x=None):
        Random.seed(self, x)

    def seed(self, a=None, version=2):
        self._spare = None  # gauss makes two at once
        if isinstance(a, (str, bytes, bytearray)):
            text = a.encode() if isinstance(a, str) else bytes(a)
            a = int.from_bytes(text + _sha512(text), 'big')
        if isinstance(a, float):
            a = hash(a)
        if not (a is None or isinstance(a, int)):
            raise TypeError('The only supported seed types are: None,\nint, float, str, bytes, and bytearray.')
        self._twister = None if a is None else _Twister(abs(a))

    def _draw(self, method, *args):
        return _unseeded() if self._twister is None else getattr(self._twister, method)(*args)

    def _below(self, n):
        return self._draw('below', n)

    def random(self):
        return self._draw('random')

    def _open(self):
        """A draw from (0, 1], whose logarithm there is."""
        return 1.0 - self.random()

    def getrandbits(self, k):
        if k >= 0:
            return self._draw('getrandbits', k)
        raise ValueError('number of bits must be non-negative')

    def randbytes(self, n):
        return self.getrandbits(8 * n).to_bytes(n, 'little')

    def getstate(self):
        return 3, self._draw('state'), self._spare

    def setstate(self, state):
        _, words, self._spare = state
        self._twister = _Twister(0)
        self._twister.restore(words)

    # Whole numbers and choices.

    def randrange(self, start, stop=None, step=1):
        first, end = (0, start) if stop is None else (start, stop)
        if step == 0:
            raise ValueError('zero step for randrange()')
        there = -((first - end) // step)
        if there > 0:
            return first + step * self._below(there)
        about = f' ({first}, {end}, {end - first})' if stop is not None and step == 1 else ''
        raise ValueError('empty range for randrange()' + about)

    def choice(self, seq):
        if len(seq) == 0:
            raise IndexError('Cannot choose from an empty sequence')
        return seq[self._below(len(seq))]

    def shuffle(self, x):
        for last in reversed(range(1, len(x))):
            other = self._below(last + 1)
            x[other], x[last] = x[last], x[other]

    def randint(self, a, b):
        return self.randrange(a, b + 1)

    def sample(self, population, k, *, counts=None):
        if isinstance(population, (set, dict)):
            raise TypeError('Population must be a sequence.  For dicts or sets, use sorted(d).')
        if counts is not None:
            ends = list(accumulate(counts))
            if len(ends) != len(population):
                raise ValueError('The number of counts does not match the population')
            return [population[bisect(ends, at)] for at in self.sample(range(ends[-1]), k)]
        size = len(population)
        if k < 0 or k > size:
            raise ValueError('Sample larger than population or is negative')
        # Few of many: those that were drawn before are drawn again. Otherwise
        # each drawn one gives its place to the last.
        if size > 21 + (4 ** ceil(log(3 * k, 4)) if k > 5 else 0):
            places = {}
            while len(places) < k:
                places.setdefault(self._below(size))
            return [population[at] for at in places]
        left, out = list(population), []
        while len(out) < k:
            at = self._below(len(left))
            out.append(left[at])
            left[at] = left[-1]
            left.pop()
        return out

    def choices(self, population, weights=None, *, cum_weights=None, k=1):
        if weights is cum_weights is None:
            width = float(len(population))
            return [population[floor(self.random() * width)] for _ in range(k)]
        if not (weights is None or cum_weights is None):
            raise TypeError('Cannot specify both weights and cumulative weights')
        ends = list(accumulate(weights)) if cum_weights is None else cum_weights
        if len(ends) != len(population):
            raise ValueError('The number of weights does not match the population')
        if ends[-1] <= 0:
            raise ValueError('Total of weights must be greater than zero')
        return [population[bisect(ends, self.random() * float(ends[-1]), 0, len(ends) - 1)] for _ in range(k)]

    # Distributions.

    def uniform(self, a, b):
        return a + self.random() * (b - a)

    def triangular(self, low=0.0, high=1.0, mode=None):
        drawn = self.random()
        if low == high:
            return low
        peak = 0.5 if mode is None else (mode - low) / (high - low)
        if drawn <= peak:
            return low + sqrt(drawn * peak) * (high - low)
        return high + sqrt((1.0 - drawn) * (1.0 - peak)) * (low - high)

    def normalvariate(self, mu=0.0, sigma=1.0):
        # Kinderman and Monahan 1977: the quotient of two draws.
        accepted = False
        while not accepted:
            above, below = self.random() - 0.5, self._open()
            quotient = _NV * above / below
            accepted = quotient ** 2 / 4.0 <= -log(below)
        return mu + sigma * quotient

    def gauss(self, mu=0.0, sigma=1.0):
        standard, self._spare = self._spare, None
        if standard is None:  # Box and Muller 1958
            turn, far = self.random() * (2.0 * pi), sqrt(-2.0 * log(self._open()))
            standard, self._spare = far * cos(turn), far * sin(turn)
        return mu + sigma * standard

    def lognormvariate(self, mu, sigma):
        return exp(self.normalvariate(mu, sigma))

    def expovariate(self, lambd):
        return -log(self._open()) / lambd

    def paretovariate(self, alpha):
        return self._open() ** (-1.0 / alpha)

    def weibullvariate(self, alpha, beta):
        return alpha * (-log(self._open())) ** (1.0 / beta)

    def gammavariate(self, alpha, beta):
        if min(alpha, beta) <= 0.0:
            raise ValueError('gammavariate: alpha and beta must be > 0.0')
        if alpha == 1.0:
            return beta * -log(self._open())
        return beta * (self._gamma_above if alpha > 1.0 else self._gamma_below)(alpha)

    def _gamma_above(self, shape):
        # Cheng 1977, algorithm GB, with its quick test.
        width = sqrt(2.0 * shape - 1.0)
        while True:
            first = self.random()
            if first <= 1e-7 or first >= 0.9999999:
                continue
            second = self._open()
            tilt = log(first / (1.0 - first)) / width
            x = shape * exp(tilt)
            product = first * first * second
            margin = shape - log(4.0) + (shape + width) * tilt - x
            if margin + (1.0 + log(4.5)) - 4.5 * product >= 0.0 or margin >= log(product):
                return x

    def _gamma_below(self, shape):
        # Ahrens and Dieter 1974, algorithm GS.
        whole = (e + shape) / e
        while True:
            drawn = whole * self.random()
            small = drawn <= 1.0
            x = drawn ** (1.0 / shape) if small else -log((whole - drawn) / shape)
            if self.random() <= (exp(-x) if small else x ** (shape - 1.0)):
                return x

    def betavariate(self, alpha, beta):
        ours = self.gammavariate(alpha, 1.0)
        return ours and ours / (ours + self.gammavariate(beta, 1.0))


_shared = Random()
for _name in dir(Random):
    if _name[0] != '_':
        globals()[_name] = getattr(_shared, _name)
del _name
