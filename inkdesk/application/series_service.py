"""A series of sittings, handled as one: booked all or not at all, moved and cancelled from here on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from inkdesk.application.availability_service import FreeSlot
from inkdesk.application.booking_commands import BookCommand, Booked, DepositChoice
from inkdesk.application.booking_service import BookingService
from inkdesk.application.booking_terms import terms_of
from inkdesk.application.cancelling import Seen, Settling, cancel_in, close_links, fresh, seen_in
from inkdesk.application.changes import Changes
from inkdesk.application.deposits import Deposits
from inkdesk.application.move_service import can_move, check_movable, lock_claimed, move_in
from inkdesk.application.placing import (
    HeldByOverdue,
    Place,
    artists_of,
    as_booked,
    once_overdue_are_gone,
    place_of,
)
from inkdesk.application.ports import Clock, ReadUnit, UnitOfWork, WriteUnit
from inkdesk.application.series_commands import (
    BookedSeries,
    BookSeriesCommand,
    CancelSeriesCommand,
    MoveSeriesCommand,
    PlannedDate,
    PlanSeries,
    ProposeSittings,
)
from inkdesk.application.series_plan import SeriesPlan, does_not_exist
from inkdesk.application.series_tasks import can_cancel
from inkdesk.application.text import render
from inkdesk.application.units import in_unit
from inkdesk.domain.bookings import Booking, DepositFate
from inkdesk.domain.errors import SlotTaken, SlotUnavailable, ValidationError
from inkdesk.domain.message import Message, message
from inkdesk.domain.money import Money
from inkdesk.domain.payments import ASKING
from inkdesk.domain.series import MOST_DATES, Scope, Series, shifted
from inkdesk.domain.spans import to_seconds
from inkdesk.domain.studio import Studio


class SeriesService:
    """The use cases of a series. Each write is one unit of work, all or nothing; the network is never inside one."""

    def __init__(
        self,
        write: WriteUnit,
        read: ReadUnit,
        clock: Clock,
        bookings: BookingService,
        deposits: Deposits,
    ) -> None:
        self._write = write
        self._clock = clock
        self._bookings = bookings
        self._deposits = deposits
        self._plan = SeriesPlan(read, clock)

    def plan(self, command: PlanSeries) -> list[PlannedDate]:
        """A verdict per date, before anything is booked. See ``SeriesPlan.plan``."""
        return self._plan.plan(command)

    def propose(self, command: ProposeSittings) -> list[FreeSlot]:
        """Free starts for the sittings of a project. See ``SeriesPlan.propose``."""
        return self._plan.propose(command)

    def book(self, command: BookSeriesCommand) -> BookedSeries:
        """Book every start, or none: the first that is not free refuses the whole with its date and its reason.

        Raises as ``BookingService.book``.
        """
        starts = _in_order(command.starts)
        first = _first(command, starts[0])
        if first.choice is DepositChoice.LINK and in_unit(self._write, lambda uow: _asks_for_money(uow, first)):
            self._deposits.check_known(first.artist_id)
        booked, released = once_overdue_are_gone(
            self._deposits, lambda: in_unit(self._write, lambda uow: self._book_in(uow, command, first, starts))
        )
        return replace(booked, changes=booked.changes | released)

    def move(self, command: MoveSeriesCommand) -> Changes:
        """Move a booking and its series as far as the scope goes, all or none.

        Sittings that have begun, are over or were cancelled stay where they are. Raises as ``MoveService.move``.
        """
        moved, released = once_overdue_are_gone(
            self._deposits, lambda: in_unit(self._write, lambda uow: self._move_in(uow, command))
        )
        return moved | released

    def cancel(self, command: CancelSeriesCommand) -> Changes:
        """Cancel a booking and its series as far as the scope goes; each deposit is settled once, as asked.

        All open links die first. Sittings that have begun or are over stay. Raises as ``BookingService.cancel``.
        """
        seen = in_unit(self._write, lambda uow: self._to_cancel(uow, command))
        changes = close_links(self._deposits, seen)
        settling = Settling(command.fate, command.refund, command.reason)
        changes |= in_unit(self._write, lambda uow: cancel_in(uow, seen, settling, self._clock.now()))
        if command.fate is DepositFate.REFUND:
            changes |= self._deposits.pay_refunds()
        return changes

    def _book_in(
        self, uow: UnitOfWork, command: BookSeriesCommand, first: BookCommand, starts: Sequence[datetime]
    ) -> BookedSeries:
        earlier = uow.series.by_request_key(command.request_key)
        if earlier is not None:
            return _booked_before(uow, earlier)
        series = uow.series.add(
            Series(kind=command.kind, rule=command.rule, created_at=self._clock.now(), request_key=command.request_key)
        )
        no_deposit = Money(0, uow.catalogue.service(command.service_id).price.currency)
        booked: list[Booked] = []
        for number, start in enumerate(starts):
            one = replace(first, request_key=f"{command.request_key}#{number + 1}", starts_at=start)
            if booked:
                one = replace(one, client=booked[0].booking.client_id, deposit=no_deposit)
            with _dated(start):
                booked.append(self._bookings.book_in(uow, one, series_id=series.id))
            if booked[-1].booking.series_id != series.id:
                raise ValidationError(
                    message(
                        "Another booking has the request key {key}. Send the series with another.", key=one.request_key
                    ),
                    field="request_key",
                )
        changes = Changes()
        for each in booked:
            changes |= each.changes
        return BookedSeries(series.id, tuple(one.booking for one in booked), booked[0].payment_id, changes)

    def _move_in(self, uow: UnitOfWork, command: MoveSeriesCommand) -> Changes:
        booking = fresh(uow, command.booking_id, command.version)
        now = self._clock.now()
        check_movable(booking, now)
        if command.starts_at.tzinfo is None:
            raise ValidationError(message("The start needs a time zone."), field="starts_at")
        if to_seconds(command.starts_at) == to_seconds(booking.starts_at):
            return Changes()
        studio = uow.studio.get()
        moving = [one for one in in_scope(uow, booking, command.scope) if one.id == booking.id or can_move(one, now)]
        places = [_moved_place(uow, studio, one, booking, command) for one in moving]
        lock_claimed(uow, moving, places)
        for one in moving:  # none of them stands in the way of another, until it has its new place
            uow.bookings.set_blocks(one.id, blocks=False)
        stripe_now = self._deposits.stripe_now(uow)
        for one, place in zip(moving, places, strict=True):
            with _dated(place.starts_at):
                move_in(uow, studio, one, place, now, stripe_now)
        return Changes(bookings=frozenset(one.id for one in moving))

    def _to_cancel(self, uow: UnitOfWork, command: CancelSeriesCommand) -> list[Seen]:
        booking = fresh(uow, command.booking_id, command.version)
        now = self._clock.now()
        others = [one for one in in_scope(uow, booking, command.scope) if one.id != booking.id]
        going = [booking, *(one for one in others if can_cancel(one, now))]
        return [seen_in(uow, one) for one in sorted(going, key=lambda one: (one.starts_at, one.id))]


def _in_order(starts: Sequence[datetime]) -> list[datetime]:
    """The starts by time; ValidationError if there is none, too many, one without a zone, or one twice."""
    if not 1 <= len(starts) <= MOST_DATES:
        raise ValidationError(message("A series has 1 to {most} dates.", most=MOST_DATES), field="starts")
    if any(start.tzinfo is None for start in starts):
        raise ValidationError(message("The start needs a time zone."), field="starts")
    if len({to_seconds(start) for start in starts}) < len(starts):
        raise ValidationError(message("A start is named twice. Choose each one once."), field="starts")
    return sorted(starts, key=to_seconds)


def _first(command: BookSeriesCommand, starts_at: datetime) -> BookCommand:
    """The series' first sitting, which alone asks for the deposit."""
    return BookCommand(
        request_key=command.request_key,
        artist_id=command.artist_id,
        with_artist_ids=command.with_artist_ids,
        service_id=command.service_id,
        starts_at=starts_at,
        client=command.client,
        choice=command.choice,
        note=command.note,
        override_reason=command.override_reason,
        sitting_s=command.sitting_s,
    )


def _asks_for_money(uow: UnitOfWork, first: BookCommand) -> bool:
    if uow.series.by_request_key(first.request_key) is not None:
        return False
    service = uow.catalogue.service(first.service_id)
    return terms_of(first, service, uow.studio.get()).choice is DepositChoice.LINK


def _booked_before(uow: UnitOfWork, series: Series) -> BookedSeries:
    """What a form that is sent twice made the first time."""
    bookings = uow.series.bookings_of(series.id)
    payments = [payment for one in bookings for payment in uow.payments.of_booking(one.id)]
    links = [payment.id for payment in payments if payment.status in ASKING]
    return BookedSeries(series.id, tuple(bookings), links[0] if links else None, Changes())


def in_scope(uow: UnitOfWork, booking: Booking, scope: Scope) -> list[Booking]:
    """The booking and its companions as far as ``scope`` goes, by start; alone if it is in no series."""
    if scope is Scope.ONE or booking.series_id is None:
        return [booking]
    together = uow.series.bookings_of(booking.series_id)
    if scope is Scope.ALL:
        return together
    return [one for one in together if one.id == booking.id or one.starts_at >= booking.starts_at]


def _moved_place(uow: UnitOfWork, studio: Studio, one: Booking, booking: Booking, command: MoveSeriesCommand) -> Place:
    """Where ``one`` goes if ``booking`` goes where the command says; SlotUnavailable if the clock jumps over it."""
    moved = shifted(one.starts_at, booking.starts_at, command.starts_at, studio.zone_info)
    if moved.starts_at is None:
        raise SlotUnavailable(does_not_exist(moved.wall))
    return place_of(uow, artists_of(one), as_booked(uow, one), moved.starts_at, command.override_reason)


@contextmanager
def _dated(starts_at: datetime) -> Iterator[None]:
    """Say of which date a refusal is, for it refuses all of them."""

    def of(sentence: Message) -> Message:
        return message("{start}: {why} No sitting was changed.", start=starts_at, why=render(sentence))

    try:
        yield
    except HeldByOverdue as held:
        raise HeldByOverdue(of(held.message), held.booking_ids) from None
    except SlotTaken as taken:
        raise SlotTaken(of(taken.message)) from None
    except SlotUnavailable as refused:
        raise SlotUnavailable(of(refused.message)) from None
