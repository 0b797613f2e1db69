# Heaps in lists: each element is no larger than its two children. The order of
# equal elements follows from the moves, so they are those of CPython: a hole
# goes down to a leaf first and the element up from there.


def _up(heap, start, at):
    x = heap[at]
    while at > start:
        parent = (at - 1) // 2
        if not x < heap[parent]:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = x


def _down(heap, at):
    start, x, n = at, heap[at], len(heap)
    while (child := 2 * at + 1) < n:
        if child + 1 < n and not heap[child] < heap[child + 1]:
            child += 1
        heap[at] = heap[child]
        at = child
    heap[at] = x
    _up(heap, start, at)


def heappush(heap, item):
    heap.append(item)
    _up(heap, 0, len(heap) - 1)


def heappop(heap):
    if not heap:
        raise IndexError('index out of range')
    last = heap.pop()
    if not heap:
        return last
    first, heap[0] = heap[0], last
    _down(heap, 0)
    return first


def heapreplace(heap, item):
    first, heap[0] = heap[0], item
    _down(heap, 0)
    return first


def heappushpop(heap, item):
    return heapreplace(heap, item) if heap and heap[0] < item else item


def heapify(x):
    for i in range(len(x) // 2 - 1, -1, -1):
        _down(x, i)


def nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]


def nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[:max(n, 0)]


def merge(*iterables, key=None, reverse=False):
    everything = []
    for it in iterables:
        everything.extend(it)
    yield from sorted(everything, key=key, reverse=reverse)
