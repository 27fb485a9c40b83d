"""Where overlapping blocks of one lane stand: items in, shares of the lane's width out.

Sorted by start, longer first; a group is a maximal chain of overlaps; each item takes the first free column of its
group and then widens over the free columns to its right. A group is always laid out whole.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Interval(NamedTuple, Generic[T]):
    """Clock minutes ``[start_min, end_min)`` of what is shown; never empty."""

    start_min: int
    end_min: int
    what: T


class Placed(NamedTuple, Generic[T]):
    """An interval with its place: ``left`` and ``width`` are shares of the lane, 0 to 1."""

    start_min: int
    end_min: int
    left: float
    width: float
    what: T


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """A chain of overlaps, its items by start; groups of a lane never overlap."""

    start_min: int
    end_min: int
    items: tuple[Placed[T], ...]


def lay_out(intervals: Iterable[Interval[T]]) -> list[Group[T]]:
    """The groups of one lane in order; equal intervals keep the order they came in."""
    ordered = sorted(intervals, key=lambda item: (item.start_min, -item.end_min))
    return [_place(chain) for chain in _chains(ordered)]


def _chains(ordered: Sequence[Interval[T]]) -> list[list[Interval[T]]]:
    chains: list[list[Interval[T]]] = []
    reach = -1
    for item in ordered:
        if not chains or item.start_min >= reach:
            chains.append([])
        chains[-1].append(item)
        reach = max(reach, item.end_min)
    return chains


def _place(chain: Sequence[Interval[T]]) -> Group[T]:
    columns: list[list[Interval[T]]] = []
    at: list[int] = []
    for item in chain:
        column = next((n for n, taken in enumerate(columns) if taken[-1].end_min <= item.start_min), len(columns))
        if column == len(columns):
            columns.append([])
        columns[column].append(item)
        at.append(column)
    placed = tuple(
        Placed(item.start_min, item.end_min, column / len(columns), _widen(item, column, columns), item.what)
        for item, column in zip(chain, at, strict=True)
    )
    return Group(chain[0].start_min, max(item.end_min for item in chain), placed)


def _widen(item: Interval[T], column: int, columns: Sequence[Sequence[Interval[T]]]) -> float:
    """The share of the lane from ``column`` to the first column that is taken beside ``item``."""
    end = column + 1
    while end < len(columns) and not any(_overlap(item, other) for other in columns[end]):
        end += 1
    return (end - column) / len(columns)


def _overlap(one: Interval[T], other: Interval[T]) -> bool:
    return one.start_min < other.end_min and other.start_min < one.end_min


K = TypeVar("K", bound=Hashable)


class LayoutIndex(Generic[K, T]):
    """Laid-out lanes by key, e.g. ``(day, artist)``, searched by clock minutes in logarithmic time."""

    def __init__(self, lanes: Mapping[K, Iterable[Interval[T]]]) -> None:
        self._groups = {key: lay_out(intervals) for key, intervals in lanes.items()}
        self._ends = {key: [group.end_min for group in groups] for key, groups in self._groups.items()}
        self._starts = {key: [group.start_min for group in groups] for key, groups in self._groups.items()}

    def between(self, key: K, start_min: float, end_min: float) -> list[Placed[T]]:
        """What of lane ``key`` shows in ``[start_min, end_min)``, by start."""
        groups = self._groups.get(key)
        if not groups:
            return []
        first = bisect_right(self._ends[key], start_min)
        last = bisect_left(self._starts[key], end_min)
        return [
            item
            for group in groups[first:last]
            for item in group.items
            if item.start_min < end_min and item.end_min > start_min
        ]

    def at(self, key: K, minute: float, share: float) -> Placed[T] | None:
        """What stands at ``minute`` and ``share`` (0 to 1) of the width of lane ``key``."""
        for item in self.between(key, minute, minute + 0.001):
            if item.left <= share < item.left + item.width:
                return item
        return None

    def all(self, key: K) -> list[Placed[T]]:
        """Everything in lane ``key``, by start."""
        return [item for group in self._groups.get(key, ()) for item in group.items]
