"""Booking, and what may happen to a booking afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inkdesk.application.availability_service import Judgement, judge_in
from inkdesk.application.booking_commands import (
    BookCommand,
    Booked,
    CancelCommand,
    DepositChoice,
    MarkCommand,
    NewClient,
)
from inkdesk.application.changes import Changes
from inkdesk.application.deposits import Deposits
from inkdesk.application.picture import unit_ids
from inkdesk.application.ports import Claim, Clock, PhoneNumbers, UnitOfWork, WriteUnit
from inkdesk.application.units import in_unit
from inkdesk.domain.artists import Artist
from inkdesk.domain.availability import occupied_by_artist, occupied_on_station
from inkdesk.domain.bookings import (
    BOOKING_TRANSITIONS,
    Booking,
    BookingStatus,
    DepositFate,
    can_arrive,
    has_begun,
    keeps_slot,
)
from inkdesk.domain.catalogue import Service
from inkdesk.domain.clients import Client, check_client
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, StaleRecord, ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import COLLECTED, Payment, PaymentStatus, not_yet_returned
from inkdesk.domain.spans import to_seconds
from inkdesk.domain.studio import HoldPolicy, Studio

LINK_ALIVE = frozenset({PaymentStatus.CREATING, PaymentStatus.OPEN, PaymentStatus.PROCESSING})
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
        if command.starts_at.tzinfo is None:
            raise ValidationError(message("The start needs a time zone."), field="starts_at")
        if command.choice is DepositChoice.LINK and in_unit(self._write, lambda uow: _asks_for_money(uow, command)):
            self._deposits.check_ready()  # it may wait for the keyring, so not while others wait for us
        try:
            return in_unit(self._write, lambda uow: self._book_in(uow, command))
        except _HeldByOverdue as held:
            released = self._deposits.release_overdue(held.booking_ids)
        try:
            booked = in_unit(self._write, lambda uow: self._book_in(uow, command))
        except _HeldByOverdue as held:
            raise SlotTaken(held.message) from None
        return replace(booked, changes=booked.changes | released)

    def cancel(self, command: CancelCommand) -> Changes:
        """Cancel, let the slot go, and settle a paid deposit as asked. Open links die first.

        Raises StaleRecord if the booking changed since it was read, also if its link was paid meanwhile: then the
        booking is confirmed, and the pages that show it must look again.
        """
        seen = in_unit(self._write, lambda uow: _seen(uow, command))
        changes = Changes()
        for payment_id in seen.links:
            closed = self._deposits.close_link(payment_id)
            if closed.is_paid:
                raise StaleRecord(
                    message("The deposit was paid a moment ago, so nothing was cancelled. Look again, then decide.")
                )
            changes |= closed.changes
        changes |= in_unit(self._write, lambda uow: self._cancel_in(uow, command, seen))
        if command.fate is DepositFate.REFUND:
            changes |= self._deposits.pay_refunds()
        return changes

    def mark(self, command: MarkCommand) -> Changes:
        """Confirm a request, or say that a sitting took place or the client did not come."""

        def work(uow: UnitOfWork) -> Changes:
            booking = _fresh(uow, command.booking_id, command.version)
            if booking.status not in MARKS.get(command.status, frozenset()):
                raise _no_way(booking, command.status)
            if command.status is not BookingStatus.CONFIRMED and not has_begun(booking.starts_at, self._clock.now()):
                raise ValidationError(
                    message(
                        "The sitting begins on {start}. Say how it went once it has begun.", start=booking.starts_at
                    )
                )
            if command.status is BookingStatus.CONFIRMED:
                uow.bookings.set_blocks(booking.id, blocks=True)
            uow.bookings.save(replace(booking, status=command.status))
            uow.bookings.note_history(booking.id, command.status.value, "")
            return Changes(bookings=frozenset({booking.id}))

        return in_unit(self._write, work)

    def check_in(self, booking_id: int, version: int) -> Changes:
        """The client has arrived: keep the time."""

        def work(uow: UnitOfWork) -> Changes:
            booking = _fresh(uow, booking_id, version)
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

    def _book_in(self, uow: UnitOfWork, command: BookCommand) -> Booked:
        earlier = uow.bookings.by_request_key(command.request_key)
        if earlier is not None:
            links = [one.id for one in uow.payments.of_booking(earlier.id) if one.status in LINK_ALIVE]
            return Booked(earlier, links[0] if links else None, Changes())
        now = self._clock.now()
        studio = uow.studio.get()
        artist = uow.artists.get(command.artist_id)
        service = uow.catalogue.service(command.service_id)
        terms = _terms(command, service, studio)
        station_id = self._take_slot(uow, command, studio, artist, service, now)
        client = self._client(uow, command.client, studio)
        booking = uow.bookings.add(self._draft(uow, command, terms, artist, service, station_id, client, now))
        _claim(uow, booking, artist, blocks=keeps_slot(booking.status, holds_block=_holds_block(studio)))
        uow.bookings.note_history(booking.id, f"BOOKED {booking.status.value}", command.override_reason)
        payment = self._first_payment(uow, booking, terms, studio, now)
        link = payment.id if payment is not None and terms.choice is DepositChoice.LINK else None
        touched = frozenset({payment.id}) if payment is not None else frozenset()
        return Booked(booking, link, Changes(frozenset({booking.id}), frozenset({client.id}), touched))

    def _take_slot(
        self,
        uow: UnitOfWork,
        command: BookCommand,
        studio: Studio,
        artist: Artist,
        service: Service,
        now: datetime,
    ) -> int | None:
        """Lock what will be claimed and ask availability again; the answer is the station unit, if one is needed."""
        uow.bookings.lock_resources([artist.resource_id, *unit_ids(uow, service)])
        judged = judge_in(uow, studio, artist, service, command.starts_at, now)
        if not judged.is_free and not (command.override_reason.strip() and _may_override(judged, command, now)):
            self._refuse(uow, judged, artist, service, command)
        return judged.verdict.station_id

    def _refuse(
        self, uow: UnitOfWork, judged: Judgement, artist: Artist, service: Service, command: BookCommand
    ) -> None:
        sentence = judged.sentence or message("This time is not free. Choose another time.")
        if not judged.is_taken:
            raise SlotUnavailable(sentence)
        start_s = to_seconds(command.starts_at)
        stripe_now = self._deposits.stripe_now(uow)
        in_the_way = [
            *uow.bookings.blocking_bookings(
                [artist.resource_id], occupied_by_artist(start_s, service.sitting, artist.pause_s)
            ),
            *uow.bookings.blocking_bookings(unit_ids(uow, service), occupied_on_station(start_s, service.sitting)),
        ]
        overdue = [
            one.id
            for one in dict.fromkeys(in_the_way)
            if one.status is BookingStatus.PENDING_PAYMENT and one.hold_until and one.hold_until <= stripe_now
        ]
        if overdue:
            raise _HeldByOverdue(sentence, overdue)
        raise SlotTaken(sentence)

    def _client(self, uow: UnitOfWork, client: int | NewClient, studio: Studio) -> Client:
        if isinstance(client, int):
            return uow.clients.get(client)
        phone = self._phones.normalise(client.phone, studio.phone_region) if client.phone.strip() else ""
        fresh = Client(name=" ".join(client.name.split()), phone=phone, email=client.email.strip())
        check_client(fresh)
        same = (
            [one for one in uow.clients.by_phone(phone) if one.name.casefold() == fresh.name.casefold()]
            if phone
            else []
        )
        return same[0] if same else uow.clients.add(fresh)

    def _draft(
        self,
        uow: UnitOfWork,
        command: BookCommand,
        terms: "_Terms",
        artist: Artist,
        service: Service,
        station_id: int | None,
        client: Client,
        now: datetime,
    ) -> Booking:
        is_hold = terms.choice is DepositChoice.LINK
        return Booking(
            artist_id=artist.id,
            client_id=client.id,
            service_id=service.id,
            station_id=station_id,
            starts_at=command.starts_at,
            sitting=service.sitting,
            pause_s=artist.pause_s,
            status=BookingStatus.PENDING_PAYMENT if is_hold else BookingStatus.CONFIRMED,
            price=terms.price,
            deposit=terms.deposit,
            policy=service.policy,
            hold_until=self._deposits.stripe_now(uow) + timedelta(seconds=terms.hold_s) if is_hold else None,
            note=command.note.strip(),
            override_reason=command.override_reason.strip(),
            created_at=now,
            request_key=command.request_key,
        )

    def _first_payment(
        self, uow: UnitOfWork, booking: Booking, terms: "_Terms", studio: Studio, now: datetime
    ) -> Payment | None:
        match terms.choice:
            case DepositChoice.LINK:
                return self._deposits.ask_for_deposit(uow, booking, studio, now)
            case DepositChoice.CASH:
                return self._deposits.take_cash(uow, booking, terms.deposit, now)
            case DepositChoice.NONE:
                return None

    def _cancel_in(self, uow: UnitOfWork, command: CancelCommand, seen: "_Seen") -> Changes:
        booking = uow.bookings.get(command.booking_id)
        payments = [one for one in uow.payments.of_booking(booking.id) if one.status in COLLECTED]
        if booking.status is not seen.status or [one.id for one in payments] != seen.collected:
            raise _stale()
        if not seen.links and booking.version != command.version:
            raise _stale()
        uow.bookings.set_blocks(booking.id, blocks=False)
        uow.bookings.save(replace(booking, status=BookingStatus.CANCELLED, hold_until=None))
        uow.bookings.note_history(booking.id, BookingStatus.CANCELLED.value, command.reason)
        left = [not_yet_returned(one, uow.payments.refunds_of(one.id)) for one in payments]
        for payment, refund in zip(payments, _refunds(command, left), strict=True):
            self._deposits.settle_fate(uow, booking, payment, command.fate, refund, command.reason)
        return Changes(bookings=frozenset({booking.id}), payments=frozenset(one.id for one in payments), tasks=True)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A booking as its cancel found it: closing ``links`` may change its version, but nothing else here."""

    status: BookingStatus
    links: list[int]
    collected: list[int]


def _seen(uow: UnitOfWork, command: CancelCommand) -> _Seen:
    booking = _fresh(uow, command.booking_id, command.version)
    _check_transition(booking, BookingStatus.CANCELLED)
    payments = uow.payments.of_booking(booking.id)
    return _Seen(
        booking.status,
        [one.id for one in payments if one.status in LINK_ALIVE],
        [one.id for one in payments if one.status in COLLECTED],
    )


def _asks_for_money(uow: UnitOfWork, command: BookCommand) -> bool:
    """Whether a new booking by this command will need a link; one that is stored already has its own."""
    if uow.bookings.by_request_key(command.request_key) is not None:
        return False
    service = uow.catalogue.service(command.service_id)
    return _terms(command, service, uow.studio.get()).choice is DepositChoice.LINK


class _HeldByOverdue(Exception):
    """The slot is kept only by unpaid holds past their deadline."""

    def __init__(self, sentence: Message, booking_ids: Sequence[int]) -> None:
        super().__init__(sentence.plain())
        self.message = sentence
        self.booking_ids = booking_ids


@dataclass(frozen=True, slots=True)
class _Terms:
    """Price, deposit and how it is taken, after the service's defaults and the desk's changes."""

    price: Money
    deposit: Money
    choice: DepositChoice
    hold_s: int


def _terms(command: BookCommand, service: Service, studio: Studio) -> _Terms:
    price = command.price or service.price
    deposit = command.deposit or service.deposit
    if price.amount_minor < 0:
        raise ValidationError(message("A price cannot be negative. Enter 0 or more."), field="price")
    if {price.currency, deposit.currency} != {service.price.currency}:
        raise ValidationError(
            message("This service is priced in {currency}. Enter both amounts in it.", currency=service.price.currency),
            field="price",
        )
    if not 0 <= deposit.amount_minor <= price.amount_minor:
        raise ValidationError(
            message("Enter a deposit between 0 and the price, {price}.", price=price), field="deposit"
        )
    choice = command.choice if deposit.amount_minor else DepositChoice.NONE
    return _Terms(price, deposit, choice, studio.hold_s)


def _refunds(command: CancelCommand, left: Sequence[Money]) -> list[Money]:
    """What goes back of each payment: the oldest gives first, none gives more than is ``left`` of it."""
    most = sum(one.amount_minor for one in left)
    asked = most if command.refund is None else command.refund.amount_minor
    if not 0 <= asked <= most:
        raise ValidationError(message("The refund lies between 0 and what was paid."), field="refund")
    shares: list[Money] = []
    for room in left:
        share = Money(min(asked, room.amount_minor), room.currency)
        asked -= share.amount_minor
        shares.append(share)
    return shares


def _may_override(judged: Judgement, command: BookCommand, now: datetime) -> bool:
    """A reason overrides hours, notice and leave, but never an overlap and never the past."""
    return judged.can_override and command.starts_at >= now


def _holds_block(studio: Studio) -> bool:
    return studio.hold_policy is HoldPolicy.HOLD_WHILE_PAYING


def _claim(uow: UnitOfWork, booking: Booking, artist: Artist, *, blocks: bool) -> None:
    start_s = to_seconds(booking.starts_at)
    claims = [Claim(artist.resource_id, occupied_by_artist(start_s, booking.sitting, booking.pause_s))]
    if booking.station_id is not None:
        claims.append(Claim(booking.station_id, occupied_on_station(start_s, booking.sitting)))
    uow.bookings.claim(booking.id, claims, blocks=blocks)


def _fresh(uow: UnitOfWork, booking_id: int, version: int) -> Booking:
    booking = uow.bookings.get(booking_id)
    if booking.version != version:
        raise _stale()
    return booking


def _stale() -> StaleRecord:
    return StaleRecord(message("This booking was changed meanwhile. Look at it again, then repeat your change."))


def _check_transition(booking: Booking, to: BookingStatus) -> None:
    if to not in BOOKING_TRANSITIONS[booking.status]:
        raise _no_way(booking, to)


def _no_way(booking: Booking, to: BookingStatus) -> ValidationError:
    return ValidationError(
        message("A booking that is {old} cannot become {new}.", old=booking.status.value, new=to.value)
    )
