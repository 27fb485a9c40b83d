"""A series whose deposit was not paid: its other sittings still stand, and a person decides about them."""

from collections.abc import Iterable
from datetime import datetime

from inkdesk.application import desk_tasks
from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.bookings import BOOKING_TRANSITIONS, Booking, BookingStatus, has_begun
from inkdesk.domain.message import message
from inkdesk.domain.payments import LedgerKind, Payment, PaymentStatus
from inkdesk.domain.tasks import TaskKind


def can_cancel(booking: Booking, now: datetime) -> bool:
    """Whether a companion goes with the one that is cancelled: it is still to come, and open."""
    is_open = BookingStatus.CANCELLED in BOOKING_TRANSITIONS[booking.status]
    return is_open and not has_begun(booking.starts_at, now) and booking.checked_in_at is None


def unpaid_companions(uow: UnitOfWork, booking: Booking, now: datetime) -> list[Booking]:
    """The other sittings of its series that still stand and for which no money is in or on its way, by start."""
    if booking.series_id is None:
        return []
    others = [one for one in uow.series.bookings_of(booking.series_id) if one.id != booking.id and can_cancel(one, now)]
    ids = {one.id for one in others}
    paid: set[int | None] = {
        one.booking_id for one in uow.payments.of_bookings(ids) if one.status is PaymentStatus.PROCESSING
    }
    for line in uow.payments.ledger_of_all(ids):
        if line.kind is not LedgerKind.ASKED:
            paid |= {line.booking_id, line.to_booking_id}
    return [one for one in others if one.id not in paid]


def tell_unpaid(uow: UnitOfWork, booking: Booking, attempts: Iterable[Payment], now: datetime) -> bool:
    """The hold that had the deposit of a series is over: ask what becomes of the others. Whether there is a task."""
    last = max(attempts, key=lambda one: one.id, default=None)
    others = unpaid_companions(uow, booking, now)
    if last is None or not others:
        return False
    sentence = message(
        "The deposit of the series of {client} was not paid, so {start} was given free. Its other sittings still "
        "stand ({count}). Talk to the client; then keep them or cancel them.",
        client=desk_tasks.client_of(uow, booking),
        start=booking.starts_at,
        count=len(others),
    )
    return desk_tasks.tell(uow, TaskKind.SERIES_UNPAID, last.id, sentence, last, now)
