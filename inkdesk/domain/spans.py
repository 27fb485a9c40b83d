"""Half-open spans of real time, and the instants they are made of.

Inside the rules an instant is an integer: POSIX seconds, UTC. At every border (commands, views, output) it is
an aware ``datetime``; a naive one is refused.

A *merged* list is sorted, and its spans are disjoint, do not touch and are not empty. All sweeps here are linear
once their input is sorted.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple


class Span(NamedTuple):
    """``[start_s, end_s)`` in POSIX seconds; touching spans do not overlap."""

    start_s: int
    end_s: int


def to_seconds(instant: datetime) -> int:
    """POSIX seconds of an aware instant, fractions cut. Raises ValueError if it is naive."""
    if instant.utcoffset() is None:
        raise ValueError(f"a time without a zone is not an instant: {instant.isoformat()}")
    return int(instant.replace(microsecond=0).timestamp())


def to_instant(seconds: int) -> datetime:
    """The UTC datetime of POSIX seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def overlaps(one: Span, other: Span) -> bool:
    """Whether the two share at least one instant; an empty or reversed span has none."""
    return max(one.start_s, other.start_s) < min(one.end_s, other.end_s)


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same instants as a merged list; empty and reversed spans vanish."""
    merged: list[Span] = []
    for span in sorted(spans):
        if span.end_s <= span.start_s:
            continue
        if merged and span.start_s <= merged[-1].end_s:
            if span.end_s > merged[-1].end_s:
                merged[-1] = Span(merged[-1].start_s, span.end_s)
        else:
            merged.append(span)
    return merged


def subtract(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """What is left of ``spans`` without ``holes``, merged."""
    left: list[Span] = []
    cuts = merge(holes)
    first = 0
    for start, end in merge(spans):
        while first < len(cuts) and cuts[first].end_s <= start:
            first += 1
        left.extend(_pieces(start, end, cuts, first))
    return left


def _pieces(start: int, end: int, cuts: Sequence[Span], first: int) -> Iterable[Span]:
    """``[start, end)`` without the merged ``cuts``, of which those before ``first`` lie behind it."""
    for index in range(first, len(cuts)):
        cut = cuts[index]
        if cut.start_s >= end:
            break
        if cut.start_s > start:
            yield Span(start, cut.start_s)
        start = cut.end_s
    if start < end:
        yield Span(start, end)


def intersect(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The instants that are in both; both must be merged, and so is the result."""
    shared: list[Span] = []
    first = 0
    for start, end in one:
        while first < len(other) and other[first].end_s <= start:
            first += 1
        for index in range(first, len(other)):
            begin, stop = other[index]
            if begin >= end:
                break
            shared.append(Span(max(start, begin), min(end, stop)))
    return shared
