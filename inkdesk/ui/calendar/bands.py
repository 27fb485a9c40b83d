"""What lies behind the bookings of a lane: closed hours, a guest's absence, leave, an hour the clock skips."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from inkdesk.application.calendar import CalendarRange
from inkdesk.application.text import tr
from inkdesk.domain.artists import Artist, Leave
from inkdesk.domain.spans import Span, merge, subtract, to_seconds
from inkdesk.ui.calendar.geometry import Lane
from inkdesk.ui.calendar.wallclock import MINUTES_A_DAY, missing_minutes, wall_pieces
from inkdesk.ui.calendar.words import leave_words


class BandKind(Enum):
    """Why a time is shaded."""

    OFF_HOURS = "off hours"
    AWAY = "away"
    LEAVE = "leave"


class Band(NamedTuple):
    """Clock minutes ``[start_min, end_min)`` of a lane, shaded for one reason."""

    start_min: int
    end_min: int
    kind: BandKind
    label: str = ""


def is_here(artist: Artist, day: date) -> bool:
    """Whether ``day`` lies within a guest's stay; residents are always here."""
    after = artist.stays_from is None or day >= artist.stays_from
    return after and (artist.stays_until is None or day <= artist.stays_until)


def lane_bands(data: CalendarRange, artist: Artist, day: date) -> tuple[Band, ...]:
    """Every band of one lane, in painting order; nothing is shaded on a date the data does not know."""
    if not data.first <= day <= data.last:
        return ()
    if not is_here(artist, day):
        return (Band(0, MINUTES_A_DAY, BandKind.AWAY, tr("not here")),)
    return (
        *_off_hours(data, Lane(day, artist.id)),
        *(Band(start, end, BandKind.AWAY) for start, end in missing_minutes(day, data.zone)),
        *_leave(data.leaves, artist.id, day, data.zone),
    )


def open_minutes(data: CalendarRange, lane: Lane) -> list[Span]:
    """Clock minutes in which the artist works on that date, hours that began the evening before included."""
    today = data.hours.get((lane.artist_id, lane.day), ())
    before = data.hours.get((lane.artist_id, lane.day - timedelta(days=1)), ())
    nights = [Span(0, span.end_min - MINUTES_A_DAY) for span in before if span.end_min > MINUTES_A_DAY]
    return merge(nights + [Span(span.start_min, min(span.end_min, MINUTES_A_DAY)) for span in today])


def _off_hours(data: CalendarRange, lane: Lane) -> Iterable[Band]:
    closed = subtract([Span(0, MINUTES_A_DAY)], open_minutes(data, lane))
    return (Band(span.start_s, span.end_s, BandKind.OFF_HOURS) for span in closed)


def _leave(leaves: Sequence[Leave], artist_id: int, day: date, zone: str) -> Iterable[Band]:
    for leave in leaves:
        if leave.artist_id in {None, artist_id}:
            label = leave_words(leave)
            for piece in wall_pieces(Span(to_seconds(leave.starts_at), to_seconds(leave.ends_at)), day, zone):
                yield Band(piece.start_min, piece.end_min, BandKind.LEAVE, label)
