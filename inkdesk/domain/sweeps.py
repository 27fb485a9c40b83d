"""Linear sweeps over half-open intervals ``(start, end)`` as plain pairs of whole numbers.

This is the inner loop of availability: plain tuples, because a named one takes ten times as long to make. *Merged*
means sorted, disjoint, not touching, not empty. ``spans`` offers the same to callers, with names.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import itemgetter

Pair = tuple[int, int]

_START, _END = itemgetter(0), itemgetter(1)


def merged(pairs: Iterable[Pair]) -> list[Pair]:
    """The same instants, merged; empty and reversed pairs vanish."""
    found: list[Pair] = []
    end = None
    for pair in sorted(pairs):
        if pair[1] <= pair[0]:
            continue
        if end is not None and pair[0] <= end:
            if pair[1] > end:
                end = pair[1]
                found[-1] = (found[-1][0], end)
        else:
            found.append(pair)
            end = pair[1]
    return found


def less(opens: Sequence[Pair], holes: Sequence[Pair]) -> list[Pair]:
    """What is left of the merged ``opens``; ``holes`` are sorted, and may overlap or be empty."""
    if not opens or not holes:
        return list(opens)
    left: list[Pair] = []
    at, over = opens[0][0], (opens[-1][1], 0)
    following = iter(holes)
    begin, stop = next(following)
    for start, end in opens:
        at = max(at, start)
        while begin < end:
            if at < stop > begin:
                if begin > at:
                    left.append((at, begin))
                at = stop
            begin, stop = next(following, over)
        if at < end:
            left.append((at, end))
    return left


def common(one: Sequence[Pair], other: Sequence[Pair]) -> list[Pair]:
    """The instants in both merged lists, merged."""
    if len(other) == 1:
        return clipped(one, *other[0])
    shared: list[Pair] = []
    first, last = 0, len(other)
    for start, end in one:
        while first < last and other[first][1] <= start:
            first += 1
        index = first
        while index < last and other[index][0] < end:
            begin, stop = other[index]
            shared.append((max(start, begin), min(end, stop)))
            index += 1
    return shared


def clipped(pairs: Sequence[Pair], begin: int, stop: int) -> list[Pair]:
    """What lies in ``[begin, stop)`` of a merged list, merged."""
    if stop <= begin:
        return []
    inside = list(pairs[bisect_right(pairs, begin, key=_END) : bisect_left(pairs, stop, key=_START)])
    if inside and inside[0][0] < begin:
        inside[0] = (begin, inside[0][1])
    if inside and inside[-1][1] > stop:
        inside[-1] = (inside[-1][0], stop)
    return inside


def holding(pairs: Sequence[Pair], at: int) -> Pair | None:
    """The pair of a merged list that ``at`` lies in."""
    index = bisect_right(pairs, at, key=_START) - 1
    return pairs[index] if index >= 0 and at < pairs[index][1] else None
