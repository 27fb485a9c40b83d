"""Cancelling a booking whose link is open: what another desk did while it was closed is noticed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from support.book import TUESDAY
from support.payment_desk import PaymentDesk

from inkdesk.application.booking_commands import MoveCommand
from inkdesk.application.cancelling import Seen, Settling, cancel_in, close_links, seen_in
from inkdesk.application.move_service import MoveService
from inkdesk.application.units import in_unit
from inkdesk.domain.bookings import Booking, BookingStatus, DepositFate
from inkdesk.domain.errors import StaleRecord
from inkdesk.domain.money import Money
from inkdesk.domain.payments import PaymentStatus


def seen(desk: PaymentDesk, booking_id: int) -> list[Seen]:
    """As a cancel begins: its links are closed."""
    found = in_unit(desk.database.write, lambda uow: [seen_in(uow, uow.bookings.get(booking_id))])
    close_links(desk.payments, found)
    return found


def cancel(desk: PaymentDesk, found: list[Seen]) -> None:
    how = Settling(DepositFate.KEEP, None, "ill")
    in_unit(desk.database.write, lambda uow: cancel_in(uow, found, how, desk.clock.now()))


def move(desk: PaymentDesk, booking: Booking) -> None:
    MoveService(desk.database.write, desk.clock, desk.payments).move(
        MoveCommand(
            booking_id=booking.id,
            version=booking.version,
            starts_at=TUESDAY + timedelta(hours=4),
            override_reason="asked for",
        )
    )


def change_price(desk: PaymentDesk, booking: Booking) -> None:
    with desk.database.write() as uow:
        uow.bookings.save(replace(booking, price=Money(9900, "EUR")))
        uow.commit()


def test_closing_its_own_link_stops_no_cancel(desk: PaymentDesk) -> None:
    booking_id, _ = desk.held_link()

    cancel(desk, seen(desk, booking_id))

    assert desk.status(booking_id) is BookingStatus.CANCELLED
    assert desk.payment(booking_id).status is PaymentStatus.EXPIRED


@pytest.mark.parametrize("change", [move, change_price])
def test_what_another_desk_changed_meanwhile_is_not_cancelled_unseen(
    desk: PaymentDesk, change: Callable[[PaymentDesk, Booking], None]
) -> None:
    booking_id, _ = desk.held_link()
    found = seen(desk, booking_id)
    change(desk, desk.booking(booking_id))

    with pytest.raises(StaleRecord):
        cancel(desk, found)

    assert desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
