"""Booking, and what may happen to a booking afterwards."""

from dataclasses import replace
from datetime import datetime

from inkdesk.application.booking_commands import (
    BookCommand,
    Booked,
    CancelCommand,
    DepositChoice,
    MarkCommand,
)
from inkdesk.application.booking_terms import Terms, terms_of
from inkdesk.application.cancelling import (
    Settling,
    cancel_in,
    check_asked,
    close_links,
    fresh,
    no_way,
    seen_in,
    stale,
)
from inkdesk.application.changes import Changes
from inkdesk.application.deposit_lines import MoneyMoves, apply_in, next_sitting, settle_in
from inkdesk.application.deposits import Deposits
from inkdesk.application.drafting import booked_before, client_of, first_payment, hold_until
from inkdesk.application.money_ties import lock_money
from inkdesk.application.placing import Place, claim_in, once_overdue_are_gone, place_in, place_of
from inkdesk.application.ports import Clock, PhoneNumbers, UnitOfWork, WriteUnit
from inkdesk.application.units import in_unit
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate, can_arrive, has_begun
from inkdesk.domain.clients import Client
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message

MARKS = {
    BookingStatus.CONFIRMED: frozenset({BookingStatus.REQUESTED}),
    BookingStatus.COMPLETED: frozenset({BookingStatus.CONFIRMED, BookingStatus.NO_SHOW}),
    BookingStatus.NO_SHOW: frozenset({BookingStatus.CONFIRMED}),
}
"""What the desk may say of a booking, and from where; money and cancelling have their own ways."""


class BookingService:
    """The use cases of one booking. Each is one unit of work; the network is never inside one."""

    def __init__(self, write: WriteUnit, clock: Clock, deposits: Deposits, phones: PhoneNumbers) -> None:
        self._write = write
        self._clock = clock
        self._deposits = deposits
        self._phones = phones

    def book(self, command: BookCommand) -> Booked:
        """Store a booking, or say why not.

        Raises SlotTaken, SlotUnavailable, ValidationError, StripeNotConfigured (before anything is stored) or
        DatabaseUnreachable. If the slot is only kept by a hold past its deadline, Stripe is asked first.
        """
        if command.choice is DepositChoice.LINK and in_unit(self._write, lambda uow: _asks_for_money(uow, command)):
            self._deposits.check_known(command.artist_id)  # it may wait for the keyring: not while others wait
        booked, released = once_overdue_are_gone(
            self._deposits, lambda: in_unit(self._write, lambda uow: self.book_in(uow, command))
        )
        return replace(booked, changes=booked.changes | released)

    def cancel(self, command: CancelCommand) -> Changes:
        """Cancel, let the slot go, and settle a paid deposit as asked. Open links die first.

        Raises StaleRecord if the booking changed since it was read, also if its link was paid meanwhile: then the
        booking is confirmed, and the pages that show it must look again.
        """
        seen = in_unit(self._write, lambda uow: [seen_in(uow, fresh(uow, command.booking_id, command.version))])
        changes = close_links(self._deposits, seen)
        settling = Settling(command.fate, command.refund, command.reason)
        changes |= in_unit(self._write, lambda uow: cancel_in(uow, seen, settling, self._clock.now()))
        if command.fate is DepositFate.REFUND:
            changes |= self._deposits.pay_refunds()
        return changes

    def mark(self, command: MarkCommand) -> Changes:
        """Confirm a request, or say that a sitting took place or the client did not come, and what the money is for.

        Done, what is in pays the price; for a no-show it is settled as the command says, once.
        """
        changes = in_unit(self._write, lambda uow: self._mark_in(uow, command))
        if command.status is BookingStatus.NO_SHOW and command.fate is DepositFate.REFUND:
            changes |= self._deposits.pay_refunds()
        return changes

    def check_in(self, booking_id: int, version: int) -> Changes:
        """The client has arrived: keep the time."""

        def work(uow: UnitOfWork) -> Changes:
            booking = fresh(uow, booking_id, version)
            if booking.status is not BookingStatus.CONFIRMED or booking.checked_in_at is not None:
                raise ValidationError(message("Only a confirmed booking can be checked in, and only once."))
            if not can_arrive(booking.starts_at, self._clock.now()):
                raise ValidationError(
                    message("The sitting begins on {start}. Check the client in on that day.", start=booking.starts_at)
                )
            uow.bookings.save(replace(booking, checked_in_at=self._clock.now()))
            uow.bookings.note_history(booking.id, "CHECKED_IN", "")
            return Changes(bookings=frozenset({booking.id}))

        return in_unit(self._write, work)

    def book_in(self, uow: UnitOfWork, command: BookCommand, *, series_id: int | None = None) -> Booked:
        """Within a unit of work: as ``book``, but for a hold past its deadline, which is HeldByOverdue then."""
        earlier = booked_before(uow, command.request_key)
        if earlier is not None:
            return earlier
        now = self._clock.now()
        studio = uow.studio.get()
        service = uow.catalogue.service(command.service_id).lasting(command.sitting_s)
        terms = terms_of(command, service, studio)
        artist_ids = (command.artist_id, *command.with_artist_ids)
        place = place_of(uow, artist_ids, service, command.starts_at, command.override_reason)
        station_ids = place_in(uow, studio, place, now, self._deposits.stripe_now(uow))
        client = client_of(uow, self._phones, command.client, studio)
        draft = replace(
            self._draft(uow, command, terms, place, client, now),
            station_id=next(iter(station_ids), None),
            series_id=series_id,
        )
        booking = uow.bookings.add(draft)
        claim_in(uow, studio, booking, place, station_ids)
        uow.bookings.note_history(booking.id, f"BOOKED {booking.status.value}", command.override_reason)
        payment = first_payment(uow, self._deposits, booking, terms, studio, now)
        link = payment.id if payment is not None and terms.choice is DepositChoice.LINK else None
        touched = frozenset({payment.id}) if payment is not None else frozenset()
        return Booked(booking, link, Changes(frozenset({booking.id}), frozenset({client.id}), touched))

    def _mark_in(self, uow: UnitOfWork, command: MarkCommand) -> Changes:
        now = self._clock.now()
        heir = _heir(uow, command, now)
        lock_money(uow, [command.booking_id] if heir is None else [command.booking_id, heir])
        booking = fresh(uow, command.booking_id, command.version)
        if heir != _heir(uow, command, now):  # another desk cancelled or moved it while we waited
            raise stale()
        if booking.status not in MARKS.get(command.status, frozenset()):
            raise no_way(booking, command.status)
        if command.status is not BookingStatus.CONFIRMED and not has_begun(booking.starts_at, now):
            raise ValidationError(
                message("The sitting begins on {start}. Say how it went once it has begun.", start=booking.starts_at)
            )
        marked = uow.bookings.save(replace(booking, status=command.status))
        uow.bookings.note_history(booking.id, command.status.value, command.reason)
        moves = MoneyMoves(uow, now, command.reason, f"mark:{booking.id}:{booking.version}")
        if command.status is BookingStatus.CONFIRMED:
            uow.bookings.set_blocks(booking.id, blocks=True)
        elif command.status is BookingStatus.COMPLETED:
            apply_in(moves, marked)
        else:
            check_asked(uow, [booking.id], command.fate)
            settle_in(moves, [marked], command.fate, command.refund, to=heir)
        return moves.changes() | Changes(bookings=frozenset({booking.id}))

    def _draft(
        self, uow: UnitOfWork, command: BookCommand, terms: Terms, place: Place, client: Client, now: datetime
    ) -> Booking:
        is_hold = terms.choice is DepositChoice.LINK
        return Booking(
            artist_id=place.artist.id,
            with_artist_ids=tuple(one.id for one in place.artists[1:]),
            client_id=client.id,
            service_id=place.service.id,
            station_id=None,
            starts_at=command.starts_at,
            sitting=place.service.sitting,
            pause_s=place.artist.pause_s,
            status=BookingStatus.PENDING_PAYMENT if is_hold else BookingStatus.CONFIRMED,
            price=terms.price,
            deposit=terms.deposit,
            policy=place.service.policy,
            hold_until=hold_until(uow, self._deposits, terms),
            note=command.note.strip(),
            override_reason=place.override_reason,
            created_at=now,
            request_key=command.request_key,
        )


def _heir(uow: UnitOfWork, command: MarkCommand, now: datetime) -> int | None:
    """The sitting that takes the deposit over, if that is what was asked for."""
    if command.fate is not DepositFate.ROLL:
        return None
    found = next_sitting(uow, uow.bookings.get(command.booking_id), now)
    return None if found is None else found.id


def _asks_for_money(uow: UnitOfWork, command: BookCommand) -> bool:
    """Whether a new booking by this command will need a link; one that is stored already has its own."""
    if uow.bookings.by_request_key(command.request_key) is not None:
        return False
    service = uow.catalogue.service(command.service_id)
    return terms_of(command, service, uow.studio.get()).choice is DepositChoice.LINK
