"""What is free: one set of rules for offering a slot and for booking it.

A start is free if

* the sitting ``[start, start + sitting)`` lies inside one open span: the artist's merged working hours, less leave
  (preparation, clean-up and pause may reach outside the hours and into leave);
* its local date is within a guest's stay;
* it is not before now plus the notice, and not after now plus the horizon;
* the artist's occupancy ``[start - prep, start + sitting + clean-up + pause)`` meets no busy span of the artist;
* the station's occupancy ``[start - prep, start + sitting + clean-up)`` meets no busy span of at least one unit.

Busy spans are occupancies of the same kind, so the gap between two sittings is the first one's tail plus the
second one's head. Spans are half-open: occupancies may touch.

Each rule is the set of starts that it leaves open (``_open_starts``): ``free_slots`` offers the grid of their
intersection, ``verdict`` names the rules that lack a start. So what is offered can be booked, and what can be booked
on the grid is offered. The grid is the clock of the artist's zone: what it shows, counted from midnight, is a multiple
of the step. A start in a missing hour does not exist; in a doubled hour both instants are offered.

All times are POSIX seconds (``spans``). Nothing here reads a clock or a database, and the order of the given spans
does not matter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import repeat
from typing import NamedTuple

from inkdesk.domain.hours import DAY_S, ArtistHours, OffsetSpan, dates_spans, offset_spans, working_spans
from inkdesk.domain.spans import Span, intersect, overlaps, subtract


class Sitting(NamedTuple):
    """The three spans of a service in seconds: preparation, the sitting itself, cleaning up."""

    prep_s: int
    sitting_s: int
    clean_up_s: int


@dataclass(frozen=True, slots=True)
class SlotRules:
    """The studio's grid and limits, all in seconds; ``horizon_s`` None means no furthest date.

    Raises ValueError if the step is not positive.
    """

    step_s: int = 900
    minimum_notice_s: int = 0
    horizon_s: int | None = None

    def __post_init__(self) -> None:
        """Refuse a grid without an end."""
        if self.step_s <= 0:
            raise ValueError("the slot step must be positive")


class Slot(NamedTuple):
    """A start that can be booked. ``station_id`` is the resource id of the free unit, None if none is needed."""

    start_s: int
    end_s: int
    artist_id: int
    station_id: int | None


class Cause(StrEnum):
    """Why a start is refused, most lasting first."""

    NOT_HERE = "not_here"
    OUTSIDE_HOURS = "outside_hours"
    ON_LEAVE = "on_leave"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    ARTIST_TAKEN = "artist_taken"
    STATION_TAKEN = "station_taken"


class Verdict(NamedTuple):
    """Whether a start can be booked; if not, every cause, and the span that is in the way (if one is).

    ``station_id`` is the unit that would be taken, also if something else stands against the start.
    ``blocking`` is the first busy span met (the artist's, else a station unit's), else the first leave.
    """

    causes: tuple[Cause, ...]
    station_id: int | None
    blocking: Span | None

    @property
    def is_free(self) -> bool:
        """Whether nothing stands against it."""
        return not self.causes


StationUnits = Mapping[int, Sequence[Span]]
"""Busy spans by the resource id of each unit that would do; the first free unit in this order is taken.

No units at all, where a station is needed, is a station taken; None instead of a mapping means none is needed.
"""


def occupied_by_artist(start_s: int, sitting: Sitting, pause_s: int) -> Span:
    """What the artist is kept for: ``[start - prep, start + sitting + clean-up + pause)``."""
    return Span(start_s - sitting.prep_s, start_s + sitting.sitting_s + sitting.clean_up_s + pause_s)


def occupied_on_station(start_s: int, sitting: Sitting) -> Span:
    """What a station unit is kept for: ``[start - prep, start + sitting + clean-up)``."""
    return Span(start_s - sitting.prep_s, start_s + sitting.sitting_s + sitting.clean_up_s)


def open_spans(hours: ArtistHours, within: Span) -> list[Span]:
    """Real time in which a sitting may lie: hours and stay, less leave, cut to ``within``.

    A guest's open time begins with the first date of the stay and ends with the hours of the last, so the last
    night is shown whole.
    """
    if within.end_s <= within.start_s:
        return []
    here = dates_spans(hours.zone, hours.stays_from, None, within)
    return subtract(intersect(working_spans(hours, within, hours.stays_until), here), hours.leave)


def free_slots(
    hours: ArtistHours,
    busy: Sequence[Span],
    units: StationUnits | None,
    sitting: Sitting,
    rules: SlotRules,
    within: Span,
    now_s: int,
) -> list[Slot]:
    """Every bookable start with ``within.start_s <= start < within.end_s``, in order.

    Raises ValueError for a sitting without length or with a negative preparation or clean-up.
    """
    if within.end_s <= within.start_s:
        return []
    rules_open = _open_starts(hours, busy, sitting, rules, within, now_s)
    free = reduce(intersect, (starts for _, starts in rules_open if starts != [within]), [within])
    offsets = offset_spans(hours.zone, within)
    slots: list[Slot] = []
    for span, station_id in _on_stations(free, units, sitting):
        for starts in _on_grid(span, offsets, rules.step_s):
            if not starts:
                continue
            ends = range(starts.start + sitting.sitting_s, starts.stop + sitting.sitting_s, starts.step)
            slots.extend(map(Slot, starts, ends, repeat(hours.artist_id), repeat(station_id)))
    return slots


def verdict(
    hours: ArtistHours,
    busy: Sequence[Span],
    units: StationUnits | None,
    sitting: Sitting,
    rules: SlotRules,
    start_s: int,
    now_s: int,
) -> Verdict:
    """Judge one start (on the grid or off it: the desk may choose its own minute).

    Raises ValueError as ``free_slots`` does.
    """
    only = Span(start_s, start_s + 1)
    rules_open = _open_starts(hours, busy, sitting, rules, only, now_s)
    causes = [cause for cause, starts in rules_open if not starts]
    stations = _on_stations([only], units, sitting)
    if not stations:
        causes.append(Cause.STATION_TAKEN)
    if not causes:
        return Verdict((), stations[0][1], None)
    blocking = _first_met(busy, occupied_by_artist(start_s, sitting, hours.pause_s))
    if blocking is None and not stations:
        station_busy = (span for unit in (units or {}).values() for span in unit)
        blocking = _first_met(station_busy, occupied_on_station(start_s, sitting))
    if blocking is None:
        blocking = _first_met(hours.leave, Span(start_s, start_s + sitting.sitting_s))
    return Verdict(tuple(causes), stations[0][1] if stations else None, blocking)


def _open_starts(
    hours: ArtistHours, busy: Sequence[Span], sitting: Sitting, rules: SlotRules, within: Span, now_s: int
) -> tuple[tuple[Cause, list[Span]], ...]:
    """For each cause (but the station's) the starts of ``within`` that it does not refuse, merged."""
    if sitting.sitting_s <= 0 or min(sitting) < 0:
        raise ValueError(f"not the spans of a sitting: {sitting}")
    soonest_s = now_s + rules.minimum_notice_s
    end_s = within.end_s if rules.horizon_s is None else now_s + rules.horizon_s + 1
    kept = occupied_by_artist(0, sitting, hours.pause_s)
    return (
        (Cause.NOT_HERE, dates_spans(hours.zone, hours.stays_from, hours.stays_until, within)),
        (Cause.OUTSIDE_HOURS, _starts_in_hours(hours, sitting.sitting_s, within)),
        (Cause.ON_LEAVE, _starts_clear_of(hours.leave, Span(0, sitting.sitting_s), within)),
        (Cause.TOO_SOON, intersect([within], [Span(soonest_s, within.end_s)])),
        (Cause.TOO_FAR, intersect([within], [Span(within.start_s, end_s)])),
        (Cause.ARTIST_TAKEN, _starts_clear_of(busy, kept, within)),
    )


def _starts_in_hours(hours: ArtistHours, sitting_s: int, within: Span) -> list[Span]:
    """The starts of ``within`` whose whole sitting lies inside one working span."""
    working = working_spans(hours, Span(within.start_s, within.end_s + sitting_s))
    return intersect([Span(start, end - sitting_s + 1) for start, end in working if end - start >= sitting_s], [within])


def _starts_clear_of(busy: Iterable[Span], kept: Span, within: Span) -> list[Span]:
    """The starts of ``within`` whose ``kept`` span, given for a start at 0, meets none of ``busy``."""
    # kept + start overlaps [b, e) exactly if b - kept.end < start < e - kept.start.
    first, last = within.start_s + kept.start_s, within.end_s + kept.end_s
    refused = (
        Span(start - kept.end_s + 1, end - kept.start_s)
        for start, end in busy
        if start < end and start < last and end > first
    )
    return subtract([within], refused)


def _on_stations(free: list[Span], units: StationUnits | None, sitting: Sitting) -> list[tuple[Span, int | None]]:
    """The free starts in order, with the first unit that is free at each; starts without a unit are gone."""
    if units is None:
        return [(span, None) for span in free]
    kept = occupied_on_station(0, sitting)
    placed: list[tuple[Span, int | None]] = []
    for station_id, busy in units.items():
        if not free:
            break
        here = intersect(free, _starts_clear_of(busy, kept, Span(free[0].start_s, free[-1].end_s)))
        placed.extend((span, station_id) for span in here)
        free = subtract(free, here)
    return sorted(placed)


def _on_grid(span: Span, offsets: Sequence[OffsetSpan], step_s: int) -> Iterator[range]:
    """The instants of ``span`` at which the clock shows a multiple of the step."""
    for piece in offsets:
        start, end = max(span.start_s, piece.start_s), min(span.end_s, piece.end_s)
        if start < end:
            if DAY_S % step_s == 0:
                yield range(start + -(start + piece.offset_s) % step_s, end, step_s)
            else:
                yield from _day_grids(start, end, piece.offset_s, step_s)


def _day_grids(start_s: int, end_s: int, offset_s: int, step_s: int) -> Iterator[range]:
    """The grid of a step that does not divide a day: counted anew from each midnight of one offset."""
    for midnight in range(start_s - (start_s + offset_s) % DAY_S, end_s, DAY_S):
        since = max(start_s - midnight, 0)
        yield range(midnight + since + -since % step_s, min(end_s, midnight + DAY_S), step_s)


def _first_met(spans: Iterable[Span], kept: Span) -> Span | None:
    """The earliest of the spans that overlaps ``kept``."""
    return min((span for span in spans if overlaps(span, kept)), default=None)
