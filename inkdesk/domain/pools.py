"""Which concrete station units a start would take: the first free ones of each pool, in the pool's order.

A unit does for a start if it is free in every span the need keeps it (``sitting.StationNeed``), so nobody changes the
chair in the middle: a slot never straddles two units.
"""

from collections.abc import Sequence
from typing import NamedTuple

from inkdesk.domain.sitting import StationNeed
from inkdesk.domain.slots import StationPool
from inkdesk.domain.spans import Span
from inkdesk.domain.sweeps import Pair, less


class Section(NamedTuple):
    """The starts of ``[start_s, end_s)`` would take these units, by pool and in its order."""

    start_s: int
    end_s: int
    station_ids: tuple[int, ...]


def sections_of(pools: Sequence[StationPool], within: Span) -> list[Section]:
    """The starts of ``within`` at which every pool has enough free units, in order; all of it if there is no pool."""
    sections = [Section(within.start_s, within.end_s, ())]
    for pool in pools:
        sections = [
            Section(start, end, section.station_ids + taken)
            for section in sections
            for start, end, taken in _placed(pool, Span(section.start_s, section.end_s))
        ]
    return sections


def first_met(pool: StationPool, start_s: int) -> Span | None:
    """The earliest busy span that keeps a unit of the pool from a start."""
    met = (
        Span(begin, end)
        for busy in pool.units.values()
        for begin, end in busy
        for kept in pool.need.kept
        if max(begin, start_s + kept.start_s) < min(end, start_s + kept.end_s)
    )
    return min(met, default=None)


def _placed(pool: StationPool, within: Span) -> list[Section]:
    units = [(unit, _refused(pool.need, busy, within)) for unit, busy in pool.units.items()]
    return sorted(_first_free([(within.start_s, within.end_s)], units, pool.need.units))


def _first_free(free: list[Pair], units: Sequence[tuple[int, list[Pair]]], wanted: int) -> list[Section]:
    """Divide ``free`` by the first ``wanted`` units that are free there; what has too few is left out."""
    if wanted == 0:
        return [Section(start, end, ()) for start, end in free]
    sections: list[Section] = []
    for number, (unit, refused) in enumerate(units):
        if not free or len(units) - number < wanted:
            break
        here = less(free, refused)
        with_it = _first_free(here, units[number + 1 :], wanted - 1)
        sections += (Section(start, end, (unit, *others)) for start, end, others in with_it)
        free = less(free, here)
    return sections


def _refused(need: StationNeed, busy: Sequence[Pair], within: Span) -> list[Pair]:
    """The starts that a unit's busy spans refuse, sorted."""
    # start + kept meets [begin, end) exactly if begin - kept.end < start < end - kept.start.
    first, last = within
    return sorted(
        (begin - until + 1, end - since)
        for since, until in need.kept
        for begin, end in busy
        if begin < end and begin - until < last and end - since > first
    )
