"""A hold of any length from a minute to a day: its link can be paid until it ends, and not a look longer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.case_steps import come_to_rest, payable
from support.payment_desk import PaymentDesk

from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.payments import PaymentStatus

LENGTHS_S = [60, 300, 1800, 3 * 3600, 24 * 3600]


def hold_for(desk: PaymentDesk, seconds: int) -> tuple[int, str]:
    """A hold of a studio whose holds last so long, with its link: booking and session."""
    with desk.database.write() as uow:
        uow.studio.save(replace(uow.studio.get(), hold_s=seconds))
        uow.commit()
    booking, payment = desk.hold(desk.clock.now() + timedelta(days=3), minutes=seconds // 60)
    link = desk.payments.open_link(payment.id).payment
    assert link.attempt == 1, "Stripe took the first link as it was asked for"
    held = desk.booking(booking.id)
    assert held.hold_until == desk.clock.now() + timedelta(seconds=seconds)
    return booking.id, link.session_id


@pytest.mark.parametrize("seconds", LENGTHS_S)
def test_unpaid_it_ends_on_time_and_not_before(lone_desk: PaymentDesk, seconds: int) -> None:
    booking_id, session_id = hold_for(lone_desk, seconds)
    kept_s = min(seconds, 24 * 3600 - 240)  # a link of a whole day ends at Stripe some minutes before its hold
    lone_desk.pass_time(seconds=kept_s - 10)
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    assert payable(lone_desk) == [session_id]

    lone_desk.pass_time(seconds=seconds - kept_s + 11)
    lone_desk.look()
    assert lone_desk.status(booking_id) is BookingStatus.LAPSED
    assert lone_desk.payment(booking_id).status is PaymentStatus.EXPIRED
    assert payable(lone_desk) == []


@pytest.mark.parametrize("seconds", LENGTHS_S)
def test_paid_in_its_last_minutes_it_is_confirmed(lone_desk: PaymentDesk, seconds: int) -> None:
    booking_id, session_id = hold_for(lone_desk, seconds)
    lone_desk.pass_time(seconds=min(seconds, 24 * 3600 - 240) - 5)
    lone_desk.server.pay(session_id)
    lone_desk.pass_time(hours=2)
    come_to_rest(lone_desk)
    assert lone_desk.status(booking_id) is BookingStatus.CONFIRMED
