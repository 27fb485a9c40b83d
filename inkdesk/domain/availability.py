"""What is free: one set of rules for offering a slot and for booking it.

A start is free for an artist if

* the sitting ``[start, start + sitting)`` lies inside one stretch of working hours, and meets no leave
  (preparation, clean-up and pause may reach outside the hours and into leave);
* its date is within a guest's stay, and the artist's limits have room on that date and in that week;
* the artist's occupancy ``[start - prep, start + sitting + clean-up + pause)`` meets no busy span of the artist.

For several artists at once it must be free for each of them. Besides,

* it is not in the past, not sooner than the notice, and within the horizon;
* every pool has enough station units that are free in all spans the sitting keeps them (``pools``).

Busy spans are occupancies of the same kind, so the gap between two sittings is the first one's tail plus the
second one's head. Spans are half-open: occupancies may touch.

Each rule is a set of starts (``starts``): ``free_slots`` offers the grid (``grid``) of what all of them leave open,
``verdict`` names the rules that refuse a start. So what is offered can be booked, and what can be booked on the grid
is offered. The grid is the clock of the first artist's zone, or counts from each window of free starts, as the studio
chose. What bounds a window is what stands in the way at any time of asking: hours, stay, leave, bookings, stations;
not the present, the horizon, a limit or the searched range.

All times are POSIX seconds (``spans``). Nothing here reads a clock or a database, and the order of the given spans
does not matter.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from itertools import chain, repeat

from inkdesk.domain.grid import clock_starts, window_starts
from inkdesk.domain.hours import DAY_S, ArtistHours, dates_spans, offset_spans, working_spans
from inkdesk.domain.pools import Section, first_met, sections_of
from inkdesk.domain.slot_rules import Alignment
from inkdesk.domain.slots import (
    TAKEN,
    WAIVABLE,
    ArtistTime,
    Cause,
    Obstacle,
    Slot,
    SlotRequest,
    StationPool,
    Verdict,
)
from inkdesk.domain.spans import Span, intersect, subtract
from inkdesk.domain.starts import (
    ArtistRule,
    bookable,
    in_hours,
    in_windows,
    local_date,
    obstacles,
    refused_by_limits,
    refused_by_request,
    refused_in_windows,
)
from inkdesk.domain.sweeps import Pair, common, holding, less, merged

__all__ = [
    "TAKEN",
    "WAIVABLE",
    "ArtistTime",
    "Cause",
    "Obstacle",
    "Slot",
    "SlotRequest",
    "StationPool",
    "Verdict",
    "free_slots",
    "open_spans",
    "slots_of_any",
    "verdict",
]

_AROUND_S = 2 * DAY_S
"""No window is longer than a day and what a change of the clock adds; beyond this none reaches a searched range."""


def open_spans(hours: ArtistHours, within: Span) -> list[Span]:
    """Real time in which a sitting may lie: hours and stay, less leave, cut to ``within``.

    A guest's open time begins with the first date of the stay and ends with the hours of the last, so the last
    night is shown whole.
    """
    if within.end_s <= within.start_s:
        return []
    here = dates_spans(hours.zone, hours.stays_from, None, within)
    return subtract(intersect(working_spans(hours, within, hours.stays_until), here), hours.leave)


def free_slots(artists: Sequence[ArtistTime], request: SlotRequest, within: Span) -> list[Slot]:
    """Every start of ``within`` (its end not included) that can be booked with all of these artists, in order.

    One artist is a list of one. Nobody at all is never free. The artists are different ones: nothing here refuses one
    who is named twice, as the services do (``check_each_once``).
    """
    if not artists or within.end_s <= within.start_s:
        return []
    last_date = _last_open_date(artists, request, within.end_s)
    return _until(
        last_date, request, _offered(artists, request, within, sections_of(request.pools, _around(request, within)))
    )


def slots_of_any(artists: Sequence[ArtistTime], request: SlotRequest, within: Span) -> list[Slot]:
    """Every start that can be booked with one of these artists alone, by start, then artist."""
    if within.end_s <= within.start_s:
        return []
    sections = sections_of(request.pools, _around(request, within))
    found: list[Slot] = []
    for artist in artists:
        last_date = _last_open_date([artist], request, within.end_s)
        found += _until(last_date, request, _offered([artist], request, within, sections))
    found.sort()
    return found


def verdict(artists: Sequence[ArtistTime], request: SlotRequest, start_s: int) -> Verdict:
    """Judge one start for all of these artists, on the grid or off it: the desk may choose its own minute."""
    against = [Obstacle(cause, None, None) for cause in refused_by_request(request, start_s)]
    last_date = _last_open_date(artists, request, start_s + 1)
    if last_date is not None and local_date(start_s, request.zone) > last_date:
        against.append(Obstacle(Cause.TOO_FAR, None, None))
    for artist in artists:
        against += obstacles(artist, request.sitting, start_s)
    taken: tuple[int, ...] = ()
    for pool in request.pools:
        sections = sections_of([pool], Span(start_s, start_s + 1))
        if sections:
            taken += sections[0].station_ids
        else:
            against.append(Obstacle(Cause.STATION_TAKEN, None, first_met(pool, start_s), pool.need.kind))
    return Verdict(tuple(one for one in against if one.cause not in request.waived), taken)


def _offered(
    artists: Sequence[ArtistTime], request: SlotRequest, searched: Span, sections: Sequence[Section]
) -> list[Slot]:
    """The slots of the searched range, the limit of ``open_days`` apart."""
    find = _on_clock if request.rules.alignment is Alignment.CLOCK else _from_windows
    starts = find(artists, request, searched, sections)
    length_s, ids = request.sitting.sitting_s, tuple(one.hours.artist_id for one in artists)
    ends = [start + length_s for start in starts]
    units = _units_at(starts, sections) if request.pools else repeat(())
    return list(map(Slot, starts, ends, repeat(ids), units))


def _on_clock(
    artists: Sequence[ArtistTime], request: SlotRequest, searched: Span, sections: Sequence[Section]
) -> list[int]:
    free = reduce(common, (in_hours(one, request.sitting.sitting_s, searched) for one in artists))
    free = common(free, bookable(request, searched))
    holes = _holes(refused_in_windows, artists, request, searched)
    free = less(free, sorted(holes + _holes(refused_by_limits, artists, request, searched)))
    if request.pools:
        free = common(free, _union(sections))
    return clock_starts(free, offset_spans(artists[0].hours.zone, searched), request.rules.step_s)


def _from_windows(
    artists: Sequence[ArtistTime], request: SlotRequest, searched: Span, sections: Sequence[Section]
) -> list[int]:
    around = _around(request, searched)
    windows = reduce(common, (in_windows(one, request.sitting.sitting_s, around) for one in artists))
    windows = less(windows, sorted(_holes(refused_in_windows, artists, request, around)))
    if request.pools:
        windows = common(windows, _union(sections))
    opened = less(bookable(request, searched), sorted(_holes(refused_by_limits, artists, request, searched)))
    offsets = offset_spans(artists[0].hours.zone, around)
    alignment, step_s = request.rules.alignment, request.rules.step_s
    starts = chain.from_iterable(window_starts(one, alignment, offsets, step_s) for one in windows)
    return [start for start in starts if holding(opened, start)]


def _holes(rule: ArtistRule, artists: Sequence[ArtistTime], request: SlotRequest, around: Span) -> list[Pair]:
    holes: list[Pair] = []
    for artist in artists:
        for cause, refused in rule(artist, request.sitting, around):
            if cause not in request.waived:
                holes += refused
    return holes


def _around(request: SlotRequest, searched: Span) -> Span:
    """What must be looked at to offer the searched range."""
    if request.rules.alignment is Alignment.CLOCK:
        return searched
    return Span(searched.start_s - _AROUND_S, searched.end_s + _AROUND_S)


def _union(sections: Sequence[Section]) -> list[Pair]:
    return merged((one.start_s, one.end_s) for one in sections)


def _units_at(starts: Iterable[int], sections: Sequence[Section]) -> Iterator[tuple[int, ...]]:
    """The units that each of the starts, in order, would take."""
    following = iter(sections)
    section = Section(0, 0, ())
    for start in starts:
        while section.end_s <= start or section.start_s > start:
            section = next(following)
        yield section.station_ids


def _last_open_date(artists: Sequence[ArtistTime], request: SlotRequest, until_s: int) -> date | None:
    """The date with a slot that ``open_days`` counts last; None if there is no such limit, or it is not reached.

    Looked for until ``until_s``, and no further than need be: most questions are about a date far behind the last
    open one. What the desk overrides does not make a date count.
    """
    most = request.rules.open_days
    if most is None or Cause.TOO_FAR in request.waived or until_s <= request.now_s:
        return None
    plain = replace(request, waived=frozenset())
    dates: set[date] = set()
    for searched in _growing(Span(request.now_s, until_s), most):
        slots = _offered(artists, plain, searched, sections_of(plain.pools, _around(plain, searched)))
        dates.update(local_date(slot.start_s, request.zone) for slot in slots)
        if len(dates) >= most:
            return sorted(dates)[most - 1]
    return None


def _growing(whole: Span, days: int) -> Iterator[Span]:
    """The whole in pieces, the first of so many days and a week, each next one twice as long."""
    start_s, length_s = whole.start_s, (days + 7) * DAY_S
    while start_s < whole.end_s:
        end_s = min(start_s + length_s, whole.end_s)
        yield Span(start_s, end_s)
        start_s, length_s = end_s, 2 * length_s


def _until(last_date: date | None, request: SlotRequest, slots: list[Slot]) -> list[Slot]:
    if last_date is None:
        return slots
    return [slot for slot in slots if local_date(slot.start_s, request.zone) <= last_date]
