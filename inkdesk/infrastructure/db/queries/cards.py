"""Bookings as the calendar shows them."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, select, type_coerce

from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.payments import COLLECTED, PaymentPurpose
from inkdesk.domain.spans import Span
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.types import Seconds, at_seconds

_B = t.booking.c

_PAID = (  # of the price, so without tips and what came in another currency
    select(cast(func.coalesce(func.sum(t.payment.c.amount_minor - t.payment.c.refunded_minor), 0), BigInteger))
    .where(
        t.payment.c.booking_id == _B.id,
        t.payment.c.status.in_([status.value for status in COLLECTED]),
        t.payment.c.purpose != PaymentPurpose.TIP.value,
        t.payment.c.currency == _B.currency,
    )
    .correlate(t.booking)
    .scalar_subquery()
)

_MATE = t.booking.alias("mate")
_LEFT_OUT = (BookingStatus.CANCELLED.value, BookingStatus.LAPSED.value)


def _of_series(*more: ColumnElement[bool]) -> ColumnElement[int]:
    """How many sittings of a booking's series there are still, 0 if it is in none; by the index of series."""
    own = (
        select(func.count())
        .select_from(_MATE)
        .where(_MATE.c.series_id == _B.series_id, _MATE.c.status.not_in(_LEFT_OUT), *more)
        .correlate(t.booking)
        .scalar_subquery()
    )
    return case((_B.series_id.is_not(None) & _B.status.not_in(_LEFT_OUT), own), else_=0)


CARDS: Select[Any] = (
    select(
        *(_B.id, _B.artist_id, _B.client_id, _B.starts_at, _B.sitting_s, _B.status, _B.hold_until, _B.price_minor),
        *(_B.deposit_minor, _B.currency, _B.note, _B.checked_in_at, _B.version),
        *(_B.series_id, _B.group_id),
        _of_series(_MATE.c.starts_at <= _B.starts_at).label("series_number"),
        _of_series().label("series_count"),
        type_coerce(_B.starts_at, Seconds).label("starts_s"),
        type_coerce(_B.occupied_from, Seconds).label("occupied_from_s"),
        type_coerce(_B.occupied_until, Seconds).label("occupied_until_s"),
        t.client.c.name.label("client_name"),
        t.service.c.name.label("service_name"),
        _PAID.label("paid_minor"),
    )
    .join_from(t.booking, t.client, t.client.c.id == t.booking.c.client_id)
    .join(t.service, t.service.c.id == t.booking.c.service_id)
)
"""All bookings with the names and sums of their cards."""


def cards_within(studio_id: int, within: Span) -> Select[Any]:
    """Bookings of any status whose occupied span meets ``within``: a short range of one index."""
    return CARDS.where(*_meets(studio_id, within)).order_by(_B.occupied_from, _B.id)


def further_artists_within(studio_id: int, within: Span) -> Select[Any]:
    """The rows of ``booking_artist`` that belong to ``cards_within``, by booking and artist."""
    further = t.booking_artist
    query = select(further).join_from(t.booking, further, further.c.booking_id == _B.id)
    return query.where(*_meets(studio_id, within)).order_by(further.c.booking_id, further.c.artist_id)


def _meets(studio_id: int, within: Span) -> tuple[ColumnElement[bool], ...]:
    return (
        _B.studio_id == studio_id,
        _B.occupied_from > at_seconds(within.start_s - t.LONGEST_BOOKING_S),
        _B.occupied_from < at_seconds(within.end_s),
        _B.occupied_until > at_seconds(within.start_s),
    )
