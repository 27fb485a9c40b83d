"""Where entries stand on dates beside each other: rows under each date, and how many more there are. Pure.

An entry keeps one row on all the dates it covers. Entries of several dates come first, longer ones before shorter,
then by what the caller put first; each takes the first row that is free on all its dates. Where a date has more entries
than rows, its last row says how many do not show; an entry that does not fit on one of its dates shows on none, so
that a bar is whole or not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

DAYS = 7
"""The dates of a week."""
T = TypeVar("T")


class Entry(NamedTuple, Generic[T]):
    """Something on the dates ``first`` to ``last``, counted from the first one shown, both included."""

    first: int
    last: int
    what: T


class Strip(NamedTuple, Generic[T]):
    """An entry that shows, with its row."""

    row: int
    entry: Entry[T]


@dataclass(frozen=True, slots=True)
class DateRows(Generic[T]):
    """``strips`` show; ``more`` is, for each date, how many do not."""

    strips: tuple[Strip[T], ...]
    more: tuple[int, ...]


def lay_dates(entries: Sequence[Entry[T]], rows: int, days: int = DAYS) -> DateRows[T]:
    """Lay out ``days`` dates into at most ``rows`` rows each, the line that counts the rest included."""
    placed = _placed(entries, days)
    count = _on_each_day([strip.entry for strip in placed], days)
    crowded: set[int] = set()
    while True:
        shown = [strip for strip in placed if all(strip.row < rows - (day in crowded) for day in _days(strip.entry))]
        seen = _on_each_day([strip.entry for strip in shown], days)
        too_full = {day for day in range(days) if seen[day] < count[day]}
        if too_full <= crowded:
            return DateRows(tuple(shown), tuple(whole - part for whole, part in zip(count, seen, strict=True)))
        crowded |= too_full


def _days(entry: Entry[T]) -> range:
    return range(entry.first, entry.last + 1)


def _on_each_day(entries: Sequence[Entry[T]], days: int) -> list[int]:
    return [sum(day in _days(entry) for entry in entries) for day in range(days)]


def _placed(entries: Sequence[Entry[T]], days: int) -> list[Strip[T]]:
    taken: list[set[int]] = [set() for _ in range(days)]
    placed: list[Strip[T]] = []
    for entry in sorted(entries, key=lambda one: (-(one.last - one.first), one.first)):
        row = next(row for row in range(len(entries)) if all(row not in taken[day] for day in _days(entry)))
        for day in _days(entry):
            taken[day].add(row)
        placed.append(Strip(row, entry))
    return placed
