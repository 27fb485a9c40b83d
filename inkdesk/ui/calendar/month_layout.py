"""Where entries stand in one week of a month: rows under each date, and how many more there are. Pure.

An entry keeps one row on all the dates it covers. Entries of several dates come first, longer ones before shorter,
then by what the caller put first; each takes the first row that is free on all its dates. Where a date has more entries
than rows, its last row says how many do not show; an entry that does not fit on one of its dates shows on none, so
that a bar is whole or not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

DAYS = 7
T = TypeVar("T")


class Entry(NamedTuple, Generic[T]):
    """Something on the dates ``first`` to ``last`` of a week (0 to 6, both included)."""

    first: int
    last: int
    what: T


class Strip(NamedTuple, Generic[T]):
    """An entry that shows, with its row."""

    row: int
    entry: Entry[T]


@dataclass(frozen=True, slots=True)
class WeekRows(Generic[T]):
    """``strips`` show; ``more`` is, for each date, how many do not."""

    strips: tuple[Strip[T], ...]
    more: tuple[int, ...]


def lay_week(entries: Sequence[Entry[T]], rows: int) -> WeekRows[T]:
    """Lay out one week into at most ``rows`` rows a date, the line that counts the rest included."""
    placed = _placed(entries)
    count = _on_each_day([strip.entry for strip in placed])
    crowded: set[int] = set()
    while True:
        shown = [strip for strip in placed if all(strip.row < rows - (day in crowded) for day in _days(strip.entry))]
        seen = _on_each_day([strip.entry for strip in shown])
        too_full = {day for day in range(DAYS) if seen[day] < count[day]}
        if too_full <= crowded:
            return WeekRows(tuple(shown), tuple(whole - part for whole, part in zip(count, seen, strict=True)))
        crowded |= too_full


def _days(entry: Entry[T]) -> range:
    return range(entry.first, entry.last + 1)


def _on_each_day(entries: Sequence[Entry[T]]) -> list[int]:
    return [sum(day in _days(entry) for entry in entries) for day in range(DAYS)]


def _placed(entries: Sequence[Entry[T]]) -> list[Strip[T]]:
    taken: list[set[int]] = [set() for _ in range(DAYS)]
    placed: list[Strip[T]] = []
    for entry in sorted(entries, key=lambda one: (-(one.last - one.first), one.first)):
        days = _days(entry)
        row = next(row for row in range(len(entries)) if all(row not in taken[day] for day in days))
        for day in days:
            taken[day].add(row)
        placed.append(Strip(row, entry))
    return placed
