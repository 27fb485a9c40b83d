"""Group sittings: a flash day, a workshop. Planning them, and taking seats in them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from inkdesk.application.availability_service import check_dates, date_span
from inkdesk.application.booking_commands import BookCommand, Booked, DepositChoice
from inkdesk.application.booking_terms import Terms, terms_of
from inkdesk.application.cancelling import Seen, Settling, cancel_in, close_links, seen_in
from inkdesk.application.changes import Changes
from inkdesk.application.deposits import Deposits
from inkdesk.application.drafting import booked_before, client_of, first_payment, hold_until
from inkdesk.application.group_changes import change_in, fresh_group, take_host
from inkdesk.application.group_commands import (
    CancelGroup,
    ChangeGroup,
    CreateGroup,
    GroupDetail,
    GroupSaved,
    SeatCommand,
    SeatedBooking,
)
from inkdesk.application.placing import HeldByOverdue, once_overdue_are_gone
from inkdesk.application.ports import Clock, PhoneNumbers, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.seating import cancelled, give_seats, lock_group, take_seats
from inkdesk.application.units import in_unit
from inkdesk.domain.bookings import BOOKING_TRANSITIONS, Booking, BookingStatus, DepositFate
from inkdesk.domain.capacity import Party, free_starts, loads_of, peak
from inkdesk.domain.catalogue import Service
from inkdesk.domain.clients import Client
from inkdesk.domain.errors import SlotUnavailable, StaleRecord, ValidationError
from inkdesk.domain.groups import GroupFull, GroupSitting, check_group, check_part
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.reconciling import is_overdue
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.spans import Span, overlaps, to_seconds, to_seconds_up


class GroupService:
    """The use cases of group sittings. Each is one unit of work; the network is never inside one.

    ``Changes.settings`` says that a group was planned, changed or cancelled, as for hours and leave.
    """

    def __init__(
        self, write: WriteUnit, read: ReadUnit, clock: Clock, deposits: Deposits, phones: PhoneNumbers
    ) -> None:
        self._write = write
        self._read = read
        self._clock = clock
        self._deposits = deposits
        self._phones = phones

    def create(self, command: CreateGroup) -> GroupSaved:
        """Plan a group sitting and keep its host.

        The host must work then and be free; notice, horizon and limits, which bind clients' starts, do not count.
        Raises SlotTaken, SlotUnavailable or ValidationError.
        """
        return in_unit(self._write, lambda uow: self._create_in(uow, command))

    def change(self, command: ChangeGroup) -> GroupSaved:
        """Change title, note, time or number of seats.

        There are never fewer seats than the true peak needs; who has not begun may get another seat for it. A group
        that is moved takes its bookings along; made shorter, it must still hold them. Raises SlotTaken or
        SlotUnavailable if the host is not free, ValidationError, StaleRecord.
        """

        def work(uow: UnitOfWork) -> GroupSaved:
            group, moved = change_in(uow, command, self._clock.now())
            return GroupSaved(group, Changes(bookings=moved, settings=True))

        return in_unit(self._write, work)

    def cancel(self, command: CancelGroup) -> Changes:
        """Cancel a group sitting, and all its bookings with one fate if one is given; open links die first.

        Raises ValidationError, naming how many are booked, if no fate was given; StaleRecord if the group or one of
        its bookings changed since, also if a link was paid meanwhile: then nothing is cancelled.
        """
        seen = in_unit(self._write, lambda uow: _seen(uow, command))
        changes = close_links(self._deposits, seen)
        changes |= in_unit(self._write, lambda uow: self._cancel_in(uow, command, seen))
        if command.fate is DepositFate.REFUND and seen:
            changes |= self._deposits.pay_refunds()
        return changes

    def seat(self, command: SeatCommand) -> Booked:
        """Take seats for a client, or say why not.

        Nobody changes the seat in the middle; if there is room but no seat is free all the time, those who have not
        begun get other seats. Raises GroupFull (SLOT_TAKEN) with the nearest times, SlotUnavailable, ValidationError,
        StripeNotConfigured (before anything is stored). If only holds past their deadline are in the way, Stripe is
        asked about them first.
        """
        if command.choice is DepositChoice.LINK and in_unit(self._write, lambda uow: _asks_for_money(uow, command)):
            self._deposits.check_known()  # it may wait for the keyring, so not while others wait for us
        booked, released = once_overdue_are_gone(
            self._deposits, lambda: in_unit(self._write, lambda uow: self._seat_in(uow, command))
        )
        return replace(booked, changes=booked.changes | released)

    def groups(self, first: date, last: date) -> list[GroupDetail]:
        """Group sittings that meet these dates (studio's zone, both included), by start, cancelled ones too.

        ValidationError for dates that are the wrong way round, or of years in which nobody books.
        """
        check_dates(first, last)
        with self._read() as uow:
            within = date_span(uow.studio.get().zone_info, first, last)
            return _details(uow, uow.groups.within(within))

    def group(self, group_id: int) -> GroupDetail:
        """One group sitting; ValidationError if there is none."""
        with self._read() as uow:
            return _details(uow, [uow.groups.get(group_id)])[0]

    def seated(self, group_id: int) -> list[SeatedBooking]:
        """The bookings that keep seats of a group, by start."""
        with self._read() as uow:
            names = uow.groups.client_names(group_id)
            seats = {one.key: one.seats for one in uow.groups.parties([group_id])[group_id]}
            return [
                SeatedBooking(one, names[one.client_id], seats[one.id])
                for one in uow.groups.bookings(group_id)
                if one.id in seats
            ]

    def openings(self, group_id: int, length_s: int, seats: int = 1) -> list[Span]:
        """Spans of a length with room for so many seats, on the studio's grid from the group's start, not past."""
        with self._read() as uow:
            group, step_s = uow.groups.get(group_id), uow.studio.get().slot_step_s
            loads = loads_of(uow.groups.parties([group_id])[group_id])
        if group.is_cancelled:
            return []
        now_s = to_seconds_up(self._clock.now())
        starts = free_starts(group.seats, loads, group.span, length_s, seats, step_s)
        return [Span(start, start + length_s) for start in starts if start >= now_s]

    def _create_in(self, uow: UnitOfWork, command: CreateGroup) -> GroupSaved:
        draft = GroupSitting(
            artist_id=command.artist_id,
            service_id=command.service_id,
            title=command.title.strip(),
            starts_at=command.starts_at,
            ends_at=command.ends_at,
            seats=command.seats,
            note=command.note.strip(),
            created_at=self._clock.now(),
            request_key=command.request_key,
        )
        check_group(draft)
        uow.bookings.lock_resources([uow.artists.get(draft.artist_id).resource_id])
        earlier = uow.groups.by_request_key(command.request_key)
        if earlier is not None:
            return GroupSaved(earlier, Changes())
        group = uow.groups.add(draft)
        take_host(uow, group, self._clock.now())
        return GroupSaved(group, Changes(settings=True))

    def _cancel_in(self, uow: UnitOfWork, command: CancelGroup, seen: Sequence[Seen]) -> Changes:
        group = fresh_group(lock_group(uow, command.group_id), command.version)
        if {one.id for one in _to_cancel(uow, group)} != {one.booking_id for one in seen}:
            raise StaleRecord(message("Seats were booked or cancelled meanwhile. Look again, then decide."))
        settling = Settling(command.fate, None, command.reason)
        changes = cancel_in(uow, seen, settling, self._clock.now()) if seen else Changes()
        uow.groups.let_host_go(group.id)
        uow.groups.save(replace(group, is_cancelled=True))
        return changes | Changes(settings=True)

    def _seat_in(self, uow: UnitOfWork, command: SeatCommand) -> Booked:
        group = lock_group(uow, command.group_id)
        earlier = booked_before(uow, command.request_key)
        if earlier is not None:
            return earlier
        now = self._clock.now()
        party = _party(group, command, now)
        studio = uow.studio.get()
        terms = terms_of(_as_booking(command, group), _for_party(uow, group, party.seats), studio)
        units = self._units(uow, group, party, now)
        client = client_of(uow, self._phones, command.client, studio)
        booking = uow.bookings.add(self._draft(uow, command, group, party, terms, client, now))
        take_seats(uow, booking.id, units, party.span)
        uow.bookings.note_history(booking.id, f"BOOKED {booking.status.value}", "")
        payment = first_payment(uow, self._deposits, booking, terms, studio, now)
        link = payment.id if payment is not None and terms.choice is DepositChoice.LINK else None
        touched = frozenset({payment.id}) if payment is not None else frozenset()
        return Booked(booking, link, Changes(frozenset({booking.id}), frozenset({client.id}), touched))

    def _units(self, uow: UnitOfWork, group: GroupSitting, party: Party, now: datetime) -> tuple[int, ...]:
        try:
            return give_seats(uow, group, party, now)
        except GroupFull as full:
            stripe_now = self._deposits.stripe_now(uow)
            there = {one.key for one in uow.groups.parties([group.id])[group.id] if overlaps(one.span, party.span)}
            overdue = [one for one in uow.groups.bookings(group.id) if one.id in there and is_overdue(one, stripe_now)]
            if overdue:
                raise HeldByOverdue(full.message, [one.id for one in overdue]) from full
            raise

    def _draft(
        self,
        uow: UnitOfWork,
        command: SeatCommand,
        group: GroupSitting,
        party: Party,
        terms: Terms,
        client: Client,
        now: datetime,
    ) -> Booking:
        is_hold = terms.choice is DepositChoice.LINK
        return Booking(
            artist_id=group.artist_id,
            client_id=client.id,
            service_id=group.service_id,
            station_id=None,
            group_id=group.id,
            starts_at=command.starts_at or group.starts_at,
            sitting=Sitting(0, party.span.end_s - party.span.start_s, 0),
            pause_s=0,
            status=BookingStatus.PENDING_PAYMENT if is_hold else BookingStatus.CONFIRMED,
            price=terms.price,
            deposit=terms.deposit,
            policy=uow.catalogue.service(group.service_id).policy,
            hold_until=hold_until(uow, self._deposits, terms),
            note=command.note.strip(),
            created_at=now,
            request_key=command.request_key,
        )


def _details(uow: UnitOfWork, found: Sequence[GroupSitting]) -> list[GroupDetail]:
    parties = uow.groups.parties([one.id for one in found])
    artists = {one.id: one.name for one in uow.artists.all(with_inactive=True)}
    services = {one.id: one.name for one in uow.catalogue.services(with_inactive=True)}
    return [
        GroupDetail(
            group=one,
            artist_name=artists[one.artist_id],
            service_name=services[one.service_id],
            taken_peak=peak(loads_of(parties[one.id])),
            booked=len(parties[one.id]),
        )
        for one in found
    ]


def _seen(uow: UnitOfWork, command: CancelGroup) -> list[Seen]:
    group = fresh_group(uow.groups.get(command.group_id), command.version)
    booked = _to_cancel(uow, group)
    if booked and command.fate is None:
        raise ValidationError(
            message(
                "{group} has {count} bookings. Say what becomes of their deposits, and they are cancelled with it.",
                group=group.title,
                count=len(booked),
            ),
            field="fate",
        )
    return [seen_in(uow, one) for one in booked]


def _to_cancel(uow: UnitOfWork, group: GroupSitting) -> list[Booking]:
    """The bookings that end with the group; ValidationError if one has taken place, for then so has the group."""
    bookings = uow.groups.bookings(group.id)
    if any(one.status in {BookingStatus.COMPLETED, BookingStatus.NO_SHOW} for one in bookings):
        raise ValidationError(message("{group} has taken place, so it cannot be cancelled.", group=group.title))
    return [one for one in bookings if BookingStatus.CANCELLED in BOOKING_TRANSITIONS[one.status]]


def _party(group: GroupSitting, command: SeatCommand, now: datetime) -> Party:
    """Who wants to sit when; ValidationError or SlotUnavailable if that cannot be, whoever has seats."""
    starts_at, ends_at = command.starts_at or group.starts_at, command.ends_at or group.ends_at
    if starts_at.utcoffset() is None or ends_at.utcoffset() is None:
        raise ValidationError(message("Start and end need a time zone."), field="starts_at")
    if group.is_cancelled:
        raise SlotUnavailable(cancelled(group))
    span = Span(to_seconds(starts_at), to_seconds(ends_at))
    check_part(group, span, command.seats)
    if starts_at < now:
        raise SlotUnavailable(message("{time} is in the past. Choose a later time.", time=starts_at))
    return Party(0, span, command.seats)


def _for_party(uow: UnitOfWork, group: GroupSitting, seats: int) -> Service:
    """The group's service at what it costs a party: the price and the deposit once for each seat."""
    service = uow.catalogue.service(group.service_id)
    price, deposit = (Money(one.amount_minor * seats, one.currency) for one in (service.price, service.deposit))
    return replace(service, price=price, deposit=deposit)


def _as_booking(command: SeatCommand, group: GroupSitting) -> BookCommand:
    return BookCommand(
        request_key=command.request_key,
        artist_id=group.artist_id,
        service_id=group.service_id,
        starts_at=command.starts_at or group.starts_at,
        client=command.client,
        choice=command.choice,
        price=command.price,
        deposit=command.deposit,
    )


def _asks_for_money(uow: UnitOfWork, command: SeatCommand) -> bool:
    """Whether this command will need a link; a booking that is stored already has its own."""
    if uow.bookings.by_request_key(command.request_key) is not None:
        return False
    group = uow.groups.get(command.group_id)
    service = _for_party(uow, group, command.seats)
    return terms_of(_as_booking(command, group), service, uow.studio.get()).choice is DepositChoice.LINK
