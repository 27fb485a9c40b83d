"""A flash day in a small studio, and the desk that seats clients in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inkdesk.application.booking_commands import BookCommand, Booked, CancelCommand, DepositChoice
from inkdesk.application.booking_service import BookingService
from inkdesk.application.group_commands import CancelGroup, ChangeGroup, CreateGroup, GroupSaved, SeatCommand
from inkdesk.application.group_service import GroupService
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.capacity import Party
from inkdesk.domain.groups import GroupSitting
from inkdesk.domain.spans import Span, to_seconds
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from support.book import TUESDAY
from support.payment_desk import PaymentDesk

TEN = TUESDAY.replace(hour=9)
"""10:00 in Paris; the flash day of these tests lasts from then to 16:00."""
FOUR = TEN + timedelta(hours=6)


def at(clock: str) -> datetime:
    """An instant of the flash day by the studio's clock, e.g. ``10:20``."""
    hour, minute = clock.split(":")
    return TEN + timedelta(hours=int(hour) - 10, minutes=int(minute))


def span(start: str, end: str) -> Span:
    """A part of the flash day."""
    return Span(to_seconds(at(start)), to_seconds(at(end)))


@dataclass
class FlashDesk:
    """The desk that plans and seats, and the desk that looks at the money."""

    money: PaymentDesk
    groups: GroupService
    bookings: BookingService

    @classmethod
    def open(cls, money: PaymentDesk) -> "FlashDesk":
        """A desk beside the one of the payments."""
        read, write, phones = money.database.read, money.database.write, LibraryPhoneNumbers()
        return cls(
            money,
            GroupService(write, read, money.clock, money.payments, phones),
            BookingService(write, money.clock, money.payments, phones),
        )

    def plan(self, **how: object) -> GroupSitting:
        """A flash day of Ana's with two seats."""
        return self.groups.create(self.plan_command(**how)).group

    def plan_command(self, **how: object) -> CreateGroup:
        book = self.money.book
        draft = CreateGroup(
            request_key=f"plan-{how}",
            artist_id=book.ana.id,
            service_id=book.service.id,
            title="Flash day",
            starts_at=TEN,
            ends_at=FOUR,
            seats=2,
        )
        return replace(draft, **how)  # type: ignore[arg-type]

    def change(self, group: GroupSitting, **how: object) -> GroupSaved:
        same = ChangeGroup(
            group_id=group.id,
            version=group.version,
            title=group.title,
            starts_at=group.starts_at,
            ends_at=group.ends_at,
            seats=group.seats,
            note=group.note,
        )
        return self.groups.change(replace(same, **how))  # type: ignore[arg-type]

    def cancel(self, group: GroupSitting, fate: DepositFate | None = None) -> None:
        self.groups.cancel(CancelGroup(group_id=group.id, version=group.version, fate=fate, reason="ill"))

    def seat(self, group: GroupSitting, start: str = "", end: str = "", **how: object) -> Booked:
        """A booking without a deposit; for all of the day if no times are given."""
        command = SeatCommand(
            request_key=f"seat-{start}-{end}-{how}",
            group_id=group.id,
            client=self.money.book.client.id,
            starts_at=at(start) if start else None,
            ends_at=at(end) if end else None,
            choice=DepositChoice.NONE,
        )
        return self.groups.seat(replace(command, **how))  # type: ignore[arg-type]

    def group(self, group_id: int) -> GroupSitting:
        with self.money.database.read() as uow:
            return uow.groups.get(group_id)

    def parties(self, group: GroupSitting) -> list[Party]:
        with self.money.database.read() as uow:
            return uow.groups.parties([group.id])[group.id]

    def seats_of(self, group: GroupSitting) -> Mapping[int, tuple[int, ...]]:
        """The numbers of the seats that are kept, from 1, by booking."""
        units = self.group(group.id).unit_ids
        return {one.key: tuple(units.index(unit) + 1 for unit in one.units) for one in self.parties(group)}

    def booking(self, booked: Booked) -> Booking:
        return self.money.booking(booked.booking.id)


def book_ana(desk: FlashDesk, start: str, key: str = "beside") -> None:
    """A sitting of Ana's beside the group, from ``start`` by the studio's clock."""
    book = desk.money.book
    desk.bookings.book(
        BookCommand(
            request_key=key,
            artist_id=book.ana.id,
            service_id=book.service.id,
            starts_at=at(start),
            client=book.client.id,
            choice=DepositChoice.NONE,
        )
    )


def host_busy(desk: FlashDesk) -> list[tuple[int, int]]:
    """The spans in which Ana is kept, in seconds since the epoch."""
    host = desk.money.book.ana.resource_id
    with desk.money.database.read() as uow:
        return uow.bookings.busy([host], Span(0, 2**32))[host]


def let_go(desk: FlashDesk, booking: Booking) -> None:
    """Cancel a booking; its deposit stays."""
    desk.bookings.cancel(
        CancelCommand(booking_id=booking.id, version=booking.version, fate=DepositFate.KEEP, reason="ill")
    )


def lapsed_hold(desk: FlashDesk, group: GroupSitting) -> Booking:
    """A seat for all of the day whose link nobody paid in time."""
    hold = desk.seat(group, choice=DepositChoice.LINK, request_key="hold")
    assert hold.payment_id is not None
    desk.money.payments.open_link(hold.payment_id)
    desk.money.pass_time(minutes=31)
    desk.money.look()
    booking = desk.booking(hold)
    assert booking.status is BookingStatus.LAPSED
    return booking
