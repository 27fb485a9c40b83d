"""Half-open spans of real time, and the instants they are made of.

Half-open, because then spans that follow each other touch without a gap or an overlap, and a length is a difference
(Dijkstra, EWD 831). POSIX seconds count every day as 86,400 (IEEE Std 1003.1, 4.19): leap seconds do not exist here.

Inside the rules an instant is an integer: POSIX seconds, UTC. At every border (commands, views, output) it is
an aware ``datetime``; a naive one is refused.

A *merged* list is sorted, and its spans are disjoint, do not touch and are not empty. The sweeps are linear once their
input is sorted (``sweeps``).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from inkdesk.domain import sweeps


class Span(NamedTuple):
    """``[start_s, end_s)`` in POSIX seconds; touching spans do not overlap."""

    start_s: int
    end_s: int


def to_seconds(instant: datetime) -> int:
    """POSIX seconds of an aware instant, fractions cut. Raises ValueError if it is naive."""
    if instant.utcoffset() is None:
        raise ValueError(f"a time without a zone is not an instant: {instant.isoformat()}")
    return int(instant.replace(microsecond=0).timestamp())


def to_seconds_up(instant: datetime) -> int:
    """POSIX seconds of an aware instant, a begun second counted whole: what starts then is not past."""
    return to_seconds(instant) + (instant.microsecond > 0)


def to_instant(seconds: int) -> datetime:
    """The UTC datetime of POSIX seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def later(instant: datetime, seconds: int) -> datetime:
    """The instant so many real seconds later, in the same zone; adding to a zone's datetime moves its clock instead."""
    return (instant.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(instant.tzinfo)


def overlaps(one: Span, other: Span) -> bool:
    """Whether the two share at least one instant; an empty or reversed span has none."""
    return max(one.start_s, other.start_s) < min(one.end_s, other.end_s)


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same instants as a merged list; empty and reversed spans vanish."""
    return _named(sweeps.merged(spans))


def subtract(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """What is left of ``spans`` without ``holes``, merged."""
    return _named(sweeps.less(sweeps.merged(spans), sorted(holes)))


def intersect(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The instants that are in both; both must be merged, and so is the result."""
    return _named(sweeps.common(one, other))


def _named(pairs: Iterable[sweeps.Pair]) -> list[Span]:
    return [Span(start_s, end_s) for start_s, end_s in pairs]
