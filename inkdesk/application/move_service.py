"""Moving one booking: it stays the same booking, with its deposit, its price and its ids."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from inkdesk.application.booking_commands import MoveCommand
from inkdesk.application.cancelling import fresh
from inkdesk.application.changes import Changes
from inkdesk.application.claims import candidates
from inkdesk.application.deposits import Deposits
from inkdesk.application.placing import (
    Place,
    as_booked,
    claim_in,
    once_overdue_are_gone,
    place_in,
    place_of,
)
from inkdesk.application.ports import Clock, UnitOfWork, WriteUnit
from inkdesk.application.units import in_unit
from inkdesk.domain.bookings import Booking, BookingStatus, has_begun
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.spans import to_seconds
from inkdesk.domain.studio import Studio

_OPEN = frozenset({BookingStatus.REQUESTED, BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED})


class MoveService:
    """The use case of one booking that gets another time, or another artist. No money is ever asked for it."""

    def __init__(self, write: WriteUnit, clock: Clock, deposits: Deposits) -> None:
        self._write = write
        self._clock = clock
        self._deposits = deposits

    def move(self, command: MoveCommand) -> Changes:
        """Move a booking, or say why not; a hold keeps its deadline and its link.

        Raises SlotTaken, SlotUnavailable, ValidationError (also for a sitting that has begun or is over), StaleRecord
        or DatabaseUnreachable. If the slot is only kept by a hold past its deadline, Stripe is asked first.
        """
        moved, released = once_overdue_are_gone(
            self._deposits, lambda: in_unit(self._write, lambda uow: self._move_in(uow, command))
        )
        return moved | released

    def _move_in(self, uow: UnitOfWork, command: MoveCommand) -> Changes:
        booking = fresh(uow, command.booking_id, command.version)
        now = self._clock.now()
        check_movable(booking, now)
        place = place_of(
            uow,
            (command.artist_id or booking.artist_id, *booking.with_artist_ids),
            as_booked(uow, booking).lasting(command.sitting_s),
            command.starts_at,
            command.override_reason,
        )
        if _stands_there(booking, place):
            return Changes()
        lock_claimed(uow, [booking], [place])
        stripe_now = self._deposits.stripe_now(uow)
        move_in(uow, uow.studio.get(), booking, place, now, stripe_now, without=frozenset({booking.id}))
        return Changes(bookings=frozenset({booking.id}))


def _stands_there(booking: Booking, place: Place) -> bool:
    """Whether the booking has this place already."""
    is_same_time = to_seconds(place.starts_at) == to_seconds(booking.starts_at)
    return is_same_time and place.artist.id == booking.artist_id and place.service.sitting == booking.sitting


def can_move(booking: Booking, now: datetime) -> bool:
    """Whether a booking is still to come and stands by itself; a seat in a group sitting moves with its group."""
    is_ahead = not has_begun(booking.starts_at, now) and booking.checked_in_at is None
    return booking.status in _OPEN and is_ahead and booking.group_id is None


def check_movable(booking: Booking, now: datetime) -> None:
    """ValidationError with one sentence if the booking cannot be moved."""
    if can_move(booking, now):
        return
    if booking.status not in _OPEN:
        raise ValidationError(
            message("A booking that is {old} cannot be moved. Book a new time.", old=booking.status.value)
        )
    if booking.group_id is not None:
        raise ValidationError(message("A seat in a group sitting cannot be moved. Cancel it and book another one."))
    raise ValidationError(message("This sitting has begun, so it cannot be moved any more."))


def lock_claimed(uow: UnitOfWork, bookings: Sequence[Booking], places: Sequence[Place]) -> None:
    """Lock at once what the bookings claim now and what they may claim at their new places, so that desks queue."""
    held = uow.bookings.claims_by_booking([one.id for one in bookings])
    wanted = {claim.resource_id for claims in held.values() for claim in claims}
    for place in places:
        wanted.update(candidates(uow, place.artists, place.service))
    uow.bookings.lock_resources(sorted(wanted))


def move_in(
    uow: UnitOfWork,
    studio: Studio,
    booking: Booking,
    place: Place,
    now: datetime,
    stripe_now: datetime,
    *,
    without: frozenset[int] = frozenset(),
) -> Booking:
    """Within a unit of work: judge, take the new place, let the old one go, write it into the history.

    Claims of the bookings ``without`` do not count. Raises as ``place_in``, and StaleRecord.
    """
    station_ids = place_in(uow, studio, place, now, stripe_now, without=without)
    moved = uow.bookings.save(
        replace(
            booking,
            artist_id=place.artist.id,
            with_artist_ids=tuple(one.id for one in place.artists[1:]),
            starts_at=place.starts_at,
            sitting=place.service.sitting,
            pause_s=place.artist.pause_s,
            station_id=next(iter(station_ids), None),
            override_reason=place.override_reason,
        )
    )
    claim_in(uow, studio, moved, place, station_ids)
    uow.bookings.note_history(booking.id, _what(uow, booking, place), place.override_reason)
    return moved


def _what(uow: UnitOfWork, booking: Booking, place: Place) -> str:
    """``moved_words``; with the new length, and with both artists' names behind it if the artist changed."""
    what = moved_words(booking.starts_at, place.starts_at)
    if place.service.sitting.sitting_s != booking.sitting.sitting_s:
        what = f"{what} {place.service.sitting.sitting_s}s"
    if booking.artist_id == place.artist.id:
        return what
    return f"{what} {uow.artists.get(booking.artist_id).name} > {place.artist.name}"


def moved_words(was: datetime, starts_at: datetime) -> str:
    """What the history says of a move: ``MOVED from to`` as UTC instants."""
    return " ".join(["MOVED", *(one.astimezone(UTC).isoformat(timespec="minutes") for one in (was, starts_at))])
