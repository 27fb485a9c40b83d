"""Group sittings and their seats, as the calendar and the repository read them."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select, type_coerce

from inkdesk.domain.spans import Span
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.types import YES, Seconds, at_seconds

_G = t.group_sitting.c
_B = t.booking.c
_O = t.occupancy.c


def meets(studio_id: int, within: Span) -> tuple[ColumnElement[bool], ...]:
    """Whether a group sitting meets ``within``, cancelled or not: a short range of one index."""
    return (
        _G.studio_id == studio_id,
        _G.starts_at > at_seconds(within.start_s - t.LONGEST_BOOKING_S),
        _G.starts_at < at_seconds(within.end_s),
        _G.ends_at > at_seconds(within.start_s),
    )


def groups_within(studio_id: int, within: Span) -> Select[Any]:
    """Group sittings with what they keep their host for, by start; a cancelled one keeps nobody."""
    kept = t.occupancy.alias("kept")
    return (
        select(
            *(_G.id, _G.artist_id, _G.title, _G.starts_at, _G.ends_at, _G.seats, _G.is_cancelled, _G.note, _G.version),
            type_coerce(_G.starts_at, Seconds).label("starts_s"),
            type_coerce(_G.ends_at, Seconds).label("ends_s"),
            type_coerce(kept.c.starts_at, Seconds).label("kept_from_s"),
            type_coerce(kept.c.ends_at, Seconds).label("kept_until_s"),
            t.service.c.name.label("service_name"),
        )
        .join_from(t.group_sitting, t.service, t.service.c.id == _G.service_id)
        .outerjoin(kept, kept.c.group_id == _G.id)
        .where(*meets(studio_id, within))
        .order_by(_G.starts_at, _G.id)
    )


def units_within(studio_id: int, within: Span) -> Select[Any]:
    """The seats of ``groups_within``, by group and seat."""
    seat = t.group_seat.c
    query = select(seat.group_id, seat.resource_id).join_from(t.group_sitting, t.group_seat, seat.group_id == _G.id)
    return query.where(*meets(studio_id, within)).order_by(seat.group_id, seat.resource_id)


def seats_taken() -> Select[Any]:
    """The blocking claims of bookings that have seats: group, booking, unit and span, by group and booking."""
    return (
        select(
            *(_B.group_id, _O.booking_id, _O.resource_id),
            type_coerce(_O.starts_at, Seconds).label("start_s"),
            type_coerce(_O.ends_at, Seconds).label("end_s"),
        )
        .join_from(t.booking, t.occupancy, _O.booking_id == _B.id)
        .where(_O.blocks == YES)
        .order_by(_B.group_id, _O.booking_id, _O.resource_id)
    )


def seats_taken_within(studio_id: int, within: Span) -> Select[Any]:
    """``seats_taken`` of all ``groups_within``, also at times outside: a short range of the bookings' index."""
    return (
        seats_taken()
        .join(t.group_sitting, _G.id == _B.group_id)
        .where(
            _B.studio_id == studio_id,
            _B.group_id.is_not(None),
            _B.occupied_from > at_seconds(within.start_s - t.LONGEST_BOOKING_S),
            _B.occupied_from < at_seconds(within.end_s + t.LONGEST_BOOKING_S),
            *meets(studio_id, within),
        )
    )
