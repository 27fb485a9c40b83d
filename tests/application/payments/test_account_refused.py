"""An attempt that Stripe refuses to make because of its account waits with its hold, and stops nobody else."""

import pytest
from support.book import TUESDAY
from support.payment_desk import PaymentDesk
from support.till import Till

from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.errors import StripeNotConfigured
from inkdesk.domain.payments import PaymentStatus


def refused(desk: PaymentDesk, *, blocks: bool = True) -> int:
    """A hold whose link Stripe refuses to make: the account may not take payments."""
    booking, payment = desk.hold(blocks=blocks)
    desk.server.set_charges_enabled(enabled=False)
    with pytest.raises(StripeNotConfigured):
        desk.payments.open_link(payment.id)
    return booking.id


def test_it_lapses_with_its_hold(lone_desk: PaymentDesk) -> None:
    booking_id = refused(lone_desk)
    lone_desk.look(sweep=True)
    assert lone_desk.payment(booking_id).status is PaymentStatus.CREATING

    lone_desk.pass_time(hours=1)
    lone_desk.look(sweep=True)

    assert lone_desk.status(booking_id) is BookingStatus.LAPSED
    assert (lone_desk.payment(booking_id).status, lone_desk.payment(booking_id).params) == (PaymentStatus.FAILED, "")


def test_its_time_can_be_booked_anew(lone_desk: PaymentDesk) -> None:
    booking_id = refused(lone_desk)
    lone_desk.pass_time(minutes=31)
    booked = Till.open(lone_desk).book()
    assert (lone_desk.status(booking_id), booked.booking.starts_at) == (BookingStatus.LAPSED, TUESDAY)


def test_while_its_hold_waits_asking_about_it_gives_nothing_up(lone_desk: PaymentDesk) -> None:
    booking_id = refused(lone_desk)
    with pytest.raises(StripeNotConfigured):
        lone_desk.payments.release_overdue([booking_id])
    lone_desk.server.set_charges_enabled(enabled=True)
    lone_desk.pass_time(minutes=1)
    lone_desk.look(sweep=True)
    assert lone_desk.payment(booking_id).status is PaymentStatus.OPEN


def test_its_booking_can_be_cancelled(lone_desk: PaymentDesk) -> None:
    booking_id = refused(lone_desk)
    Till.open(lone_desk).cancel(lone_desk.booking(booking_id), DepositFate.KEEP)
    assert lone_desk.status(booking_id) is BookingStatus.CANCELLED
    assert lone_desk.payment(booking_id).status is PaymentStatus.FAILED


def test_a_hold_let_go_by_a_person_leaves_no_link_to_watch(lone_desk: PaymentDesk) -> None:
    booking_id = refused(lone_desk)
    lone_desk.payments.holds.release(booking_id, "phoned off", "go")
    assert lone_desk.payment(booking_id).status is PaymentStatus.FAILED
    assert lone_desk.task_kinds() == []


def test_who_paid_for_the_same_time_is_confirmed(desk: PaymentDesk) -> None:
    desk.first_to_pay_wins()
    payer, session_id = desk.held_link(blocks=False)
    rival = refused(desk, blocks=False)
    desk.server.pay(session_id)
    desk.pass_time(minutes=1)

    desk.look(sweep=True)

    assert (desk.status(payer), desk.status(rival)) == (BookingStatus.CONFIRMED, BookingStatus.LAPSED)
    assert (desk.payment(payer).status, desk.payment(rival).status) == (PaymentStatus.PAID, PaymentStatus.FAILED)


def test_a_wrong_key_gives_nothing_up(lone_desk: PaymentDesk) -> None:
    """Only Stripe's own word proves that there is no session."""
    booking, _ = lone_desk.hold()
    lone_desk.server.access.revoke(lone_desk.server.key)
    lone_desk.pass_time(hours=1)
    lone_desk.look(sweep=True)
    assert lone_desk.status(booking.id) is BookingStatus.PENDING_PAYMENT
    assert lone_desk.payment(booking.id).status is PaymentStatus.CREATING


def test_links_stand_in_no_repr(lone_desk: PaymentDesk) -> None:
    _, payment = lone_desk.hold()
    opened = lone_desk.payments.open_link(payment.id)
    facts = lone_desk.gateway.session(opened.payment.session_id)
    assert facts.url == opened.url
    assert opened.url not in repr(opened) + repr(facts)
