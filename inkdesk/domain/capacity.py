"""Seats of a group sitting: how many are taken at once, who fits, and who sits where.

A *load* is ``(span, seats)``: a party that takes so many seats during a half-open span (``spans``), in any order.
What counts is the true peak, the most seats that are taken at the same instant; the number of parties that overlap
a span says too much, for two short parties may follow each other on one seat.

Who sits where is the colouring of an interval graph: giving each party, by start, seats that are free by then never
needs more seats than the peak (Gavril 1972; "interval partitioning" in Kleinberg & Tardos, Algorithm Design, 4.1).
So a party fits exactly if the peak does, as long as those who have not begun may be given other seats.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple, TypeAlias

from inkdesk.domain.spans import Span, merge, overlaps

Load: TypeAlias = tuple[Span, int]
"""So many seats (0 or more) during a span; an empty or reversed span takes none."""


class Party(NamedTuple):
    """So many ``seats`` together for a ``span``; ``units`` are the concrete seats it has, if it has them yet."""

    key: int
    span: Span
    seats: int
    units: tuple[int, ...] = ()


def peak(loads: Iterable[Load]) -> int:
    """The most seats taken at one instant; touching spans do not add. 0 without loads."""
    return max((seats for _, seats in _levels(loads)), default=0)


def seats_left(seats: int, taken: Iterable[Load], within: Span) -> int:
    """How many of ``seats`` are free during the whole of ``within``: all that its peak leaves.

    Negative if more are taken than there are. An empty ``within`` leaves all of them.
    """
    return seats - peak(_clipped(taken, within))


def crowded(seats: int, taken: Iterable[Load], wanted: int) -> list[Span]:
    """When fewer than ``wanted`` of ``seats`` are free, merged."""
    steps = _levels(taken)
    full = (Span(step[0], after[0]) for step, after in pairwise(steps) if seats - step[1] < wanted)
    return merge(full)


def free_starts(seats: int, taken: Iterable[Load], within: Span, length_s: int, party: int, step_s: int) -> list[int]:
    """Every start at which ``party`` seats are free for ``length_s`` inside ``within``.

    Starts lie on a grid of ``step_s`` (more than 0) from the start of ``within``. Nothing if ``party`` is more than
    ``seats``, or ``length_s`` is longer than ``within``.
    """
    if not 0 < party <= seats or length_s <= 0:
        return []
    walls = crowded(seats, _clipped(taken, within), party)
    found: list[int] = []
    at = 0
    for start in range(within.start_s, within.end_s - length_s + 1, step_s):
        while at < len(walls) and walls[at].end_s <= start:
            at += 1
        if at == len(walls) or walls[at].start_s >= start + length_s:
            found.append(start)
    return found


def first_fit(units: Sequence[int], parties: Iterable[Party], span: Span, seats: int) -> tuple[int, ...] | None:
    """The first ``seats`` of ``units`` that nobody of ``parties`` has during ``span``; None if there are fewer."""
    taken = {unit for party in parties if overlaps(party.span, span) for unit in party.units}
    free = tuple(unit for unit in units if unit not in taken)[:seats]
    return free if len(free) == seats else None


def assign(
    units: Sequence[int], parties: Iterable[Party], fixed: Iterable[Party] = ()
) -> dict[int, tuple[int, ...]] | None:
    """Give every party seats that are free for its whole span: units by key; None if that cannot be.

    Parties are served by start, each with the first free units in the order of ``units``; what they had does not
    count. ``fixed`` keep what they have and are not in the answer. It is found exactly if the peak of all together
    is at most the number of units, provided that the fixed begin no later than the others.
    """
    free_from: dict[int, int] = {}
    for party in fixed:
        for unit in party.units:
            free_from[unit] = max(free_from.get(unit, party.span.end_s), party.span.end_s)
    seated: dict[int, tuple[int, ...]] = {}
    for party in sorted(parties, key=lambda one: (one.span, one.key)):
        chosen = tuple(unit for unit in units if free_from.get(unit, party.span.start_s) <= party.span.start_s)
        if len(chosen) < party.seats:
            return None
        seated[party.key] = chosen[: party.seats]
        free_from.update(dict.fromkeys(seated[party.key], party.span.end_s))
    return seated


def loads_of(parties: Iterable[Party]) -> list[Load]:
    """What parties take, wherever they sit."""
    return [(party.span, party.seats) for party in parties]


def _levels(loads: Iterable[Load]) -> list[tuple[int, int]]:
    """How many seats are taken from each instant on at which that may change; the last step is to 0.

    Who leaves at an instant makes room for who comes at it, so both are added up before anything is compared.
    """
    changes: defaultdict[int, int] = defaultdict(int)
    for span, seats in loads:
        if span.start_s < span.end_s:
            changes[span.start_s] += seats
            changes[span.end_s] -= seats
    return list(zip(sorted(changes), accumulate(changes[at] for at in sorted(changes)), strict=True))


def _clipped(loads: Iterable[Load], within: Span) -> list[Load]:
    return [
        (Span(max(span.start_s, within.start_s), min(span.end_s, within.end_s)), seats)
        for span, seats in loads
        if overlaps(span, within)
    ]
