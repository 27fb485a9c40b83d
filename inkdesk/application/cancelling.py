"""Cancelling bookings, one or many: their links die first, then everything happens in one unit of work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from inkdesk.application.changes import Changes
from inkdesk.application.deposit_lines import MoneyMoves, coming_of, next_sitting, settle_in
from inkdesk.application.deposits import Deposits
from inkdesk.application.money_ties import lock_money
from inkdesk.application.open_tasks import close_gone
from inkdesk.application.ports import UnitOfWork
from inkdesk.domain.bookings import BOOKING_TRANSITIONS, Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import StaleRecord, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import ASKING, COLLECTED


@dataclass(frozen=True, slots=True)
class Seen:
    """A booking as its cancel found it: closing ``links`` may change its version and deadline, but nothing else."""

    booking: Booking
    links: tuple[int, ...]
    collected: tuple[int, ...]

    @property
    def booking_id(self) -> int:
        """Whose cancel it is."""
        return self.booking.id

    def is_still(self, booking: Booking) -> bool:
        """Whether nobody but its links changed the booking since."""
        if not self.links:
            return booking.version == self.booking.version
        return replace(booking, version=self.booking.version, hold_until=self.booking.hold_until) == self.booking


@dataclass(frozen=True, slots=True)
class Settling:
    """What becomes of the money that is in (None: nobody was asked); ``refund`` is how much goes back in all.

    ``refund`` None is everything.
    """

    fate: DepositFate | None
    refund: Money | None
    reason: str


def seen_in(uow: UnitOfWork, booking: Booking) -> Seen:
    """Remember a booking before its links are closed; ValidationError if it cannot be cancelled."""
    check_transition(booking, BookingStatus.CANCELLED)
    payments = uow.payments.of_booking(booking.id)
    return Seen(
        booking,
        tuple(one.id for one in payments if one.status in ASKING),
        tuple(one.id for one in payments if one.status in COLLECTED),
    )


def close_links(deposits: Deposits, seen: Sequence[Seen]) -> Changes:
    """End every open link, outside of any unit of work.

    StaleRecord if one was paid meanwhile: then its booking is confirmed, and nothing may be cancelled.
    """
    changes = Changes()
    is_paid = False
    for payment_id in (payment_id for one in seen for payment_id in one.links):
        closed = deposits.close_link(payment_id)
        is_paid = is_paid or closed.is_paid
        changes |= closed.changes
    if is_paid:
        raise StaleRecord(
            message("The deposit was paid a moment ago, so nothing was cancelled. Look again, then decide.")
        )
    return changes


def cancel_in(uow: UnitOfWork, seen: Sequence[Seen], settling: Settling, now: datetime) -> Changes:
    """Cancel all, let their slots go, and write what becomes of the money; the oldest payment gives back first.

    StaleRecord if one of them changed since it was seen.
    """
    ids = [one.booking_id for one in seen]
    heir = _heir(uow, ids, settling, now)
    lock_money(uow, ids if heir is None else [*ids, heir])
    if heir != _heir(uow, ids, settling, now):
        raise stale()
    check_asked(uow, ids, settling.fate)
    bookings = [_cancel_one(uow, one, settling.reason) for one in seen]
    moves = MoneyMoves(uow, now, settling.reason, f"cancel:{ids[0]}" if ids else "cancel")
    settle_in(moves, bookings, settling.fate, settling.refund, to=heir)
    close_gone(uow, ids, now)
    return moves.changes() | Changes(bookings=frozenset(ids), tasks=True)


def check_asked(uow: UnitOfWork, ids: Sequence[int], fate: DepositFate | None) -> None:
    """StaleRecord if nobody was asked about money that a bank has begun to move meanwhile: it would be kept unseen."""
    if fate is None and any(coming_of(uow, one) for one in ids):
        raise stale()


def _heir(uow: UnitOfWork, ids: Sequence[int], settling: Settling, now: datetime) -> int | None:
    """The sitting that takes the deposit over, if that is what was asked for."""
    if settling.fate is not DepositFate.ROLL or not ids:
        return None
    found = next_sitting(uow, uow.bookings.get(ids[0]), now, ids)
    return None if found is None else found.id


def _cancel_one(uow: UnitOfWork, seen: Seen, reason: str) -> Booking:
    booking = uow.bookings.get(seen.booking_id)
    collected = tuple(one.id for one in uow.payments.of_booking(booking.id) if one.status in COLLECTED)
    if collected != seen.collected or not seen.is_still(booking):
        raise stale()
    uow.bookings.set_blocks(booking.id, blocks=False)
    cancelled = uow.bookings.save(replace(booking, status=BookingStatus.CANCELLED, hold_until=None))
    uow.bookings.note_history(booking.id, BookingStatus.CANCELLED.value, reason)
    return cancelled


def fresh(uow: UnitOfWork, booking_id: int, version: int) -> Booking:
    """The booking as the form saw it; StaleRecord if it was changed since."""
    booking = uow.bookings.get(booking_id)
    if booking.version != version:
        raise stale()
    return booking


def stale() -> StaleRecord:
    """What a form is told whose booking was changed behind it."""
    return StaleRecord(message("This booking was changed meanwhile. Look at it again, then repeat your change."))


def check_transition(booking: Booking, to: BookingStatus) -> None:
    """ValidationError if the booking's status cannot become ``to``."""
    if to not in BOOKING_TRANSITIONS[booking.status]:
        raise no_way(booking, to)


def no_way(booking: Booking, to: BookingStatus) -> ValidationError:
    """What a form is told that asks for a status that cannot follow."""
    return ValidationError(
        message("A booking that is {old} cannot become {new}.", old=booking.status.value, new=to.value)
    )
