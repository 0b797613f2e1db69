# The iterators that aren't written in Go.


def starmap(function, iterable, /):
    for args in iterable:
        yield function(*args)


def filterfalse(function, iterable, /):
    for x in iterable:
        if not (x if function is None else function(x)):
            yield x


def compress(data, selectors):
    for x, keep in zip(data, selectors):
        if keep:
            yield x


def pairwise(iterable, /):
    first = True
    for x in iterable:
        if not first:
            yield last, x
        last, first = x, False


def tee(iterable, n=2, /):
    if n < 0:
        raise ValueError('n must be >= 0')
    it, seen = iter(iterable), []

    def replay():
        i = 0
        while True:
            if i == len(seen):
                try:
                    seen.append(next(it))
                except StopIteration:
                    return
            yield seen[i]
            i += 1
    return tuple(replay() for _ in range(n))


def combinations_with_replacement(iterable, r):
    pool = tuple(iterable)
    if not pool and r:
        return
    at = [0] * r
    while True:
        yield tuple(pool[i] for i in at)
        for i in range(r - 1, -1, -1):
            if at[i] != len(pool) - 1:
                at[i:] = [at[i] + 1] * (r - i)
                break
        else:
            return
