# Binary search in sorted sequences.


def _search(goes_left):
    """A search that goes to the left half where goes_left(element, x) says so."""
    def search(a, x, lo=0, hi=None, *, key=None):
        if lo < 0:
            raise ValueError('lo must be non-negative')
        left, size = lo, (len(a) if hi is None else hi) - lo
        while size > 0:
            half = size // 2
            element = a[left + half]
            if goes_left(key(element) if key else element, x):
                size = half
            else:
                left, size = left + half + 1, size - half - 1
        return left
    return search


def _insertion(search):
    def insert(a, x, lo=0, hi=None, *, key=None):
        a.insert(search(a, key(x) if key else x, lo, hi, key=key), x)
    return insert


bisect = bisect_right = _search(lambda element, x: x < element)
bisect_left = _search(lambda element, x: not element < x)
insort = insort_right = _insertion(bisect_right)
insort_left = _insertion(bisect_left)
