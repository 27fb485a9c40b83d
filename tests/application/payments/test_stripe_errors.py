"""One call that Stripe answers with a failure of its own, for a day if it must, does not stop the others."""

import pytest
from support.book import TUESDAY
from support.payment_desk import PaymentDesk

from inkdesk.application.booking_commands import CancelCommand
from inkdesk.application.booking_service import BookingService
from inkdesk.application.payment_gateway import GatewayBroken, GatewayMissing, GatewayRefused
from inkdesk.domain.bookings import BookingStatus, DepositFate
from inkdesk.domain.errors import ErrorCode
from inkdesk.domain.payments import Payment, PaymentStatus
from inkdesk.domain.refunds import RefundStatus
from inkdesk.infrastructure.phone import LibraryPhoneNumbers
from inkdesk.practice.faults import Fault, FaultKind

SESSIONS = "/v1/checkout/sessions"
AFTERNOON = TUESDAY.replace(hour=14)


def broken_link(desk: PaymentDesk) -> Payment:
    """A hold whose link Stripe never makes."""
    _, payment = desk.hold()
    desk.server.faults.add(Fault(FaultKind.ERROR_BEFORE, SESSIONS, "POST", times=1000))
    with pytest.raises(GatewayBroken):
        desk.payments.open_link(payment.id)
    return payment


def test_a_session_that_was_made_although_stripe_answered_with_an_error_is_adopted(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    lone_desk.server.faults.add(Fault(FaultKind.ERROR_SAVED, SESSIONS, "POST"))

    opened = lone_desk.payments.open_link(payment.id)

    lone_desk.server.pay(opened.payment.session_id)
    assert (opened.payment.id, lone_desk.look().paid) == (payment.id, (booking.id,))


def test_a_link_that_cannot_be_made_does_not_stop_the_others(lone_desk: PaymentDesk) -> None:
    paid, session_id = lone_desk.held_link(AFTERNOON)
    payment = broken_link(lone_desk)
    lone_desk.server.pay(session_id)
    lone_desk.pass_time(minutes=5)

    result = lone_desk.look(sweep=True)

    assert (result.paid, result.banner, result.is_trouble) == ((paid,), None, False)
    assert lone_desk.payment(payment.booking_id).status is PaymentStatus.CREATING


def test_a_key_that_stays_broken_is_replaced_by_the_worker(lone_desk: PaymentDesk) -> None:
    payment = broken_link(lone_desk)
    until = lone_desk.booking(payment.booking_id).hold_until
    lone_desk.pass_time(minutes=9)
    lone_desk.look()
    assert len(lone_desk.attempts(payment.booking_id)) == 1
    lone_desk.pass_time(minutes=1)
    lone_desk.look()
    lone_desk.server.faults.clear()

    lone_desk.look(sweep=True)

    first, second = lone_desk.attempts(payment.booking_id)
    assert (first.status, second.status) == (PaymentStatus.FAILED, PaymentStatus.OPEN)
    assert first.idempotency_key != second.idempotency_key
    assert lone_desk.booking(payment.booking_id).hold_until == until  # trouble at Stripe keeps no slot for ever


def test_a_hold_whose_link_can_never_be_made_lapses(lone_desk: PaymentDesk) -> None:
    payment = broken_link(lone_desk)
    for _ in range(4):
        lone_desk.pass_time(minutes=10)
        lone_desk.look()
    assert lone_desk.status(payment.booking_id) is BookingStatus.LAPSED


def test_the_desk_that_tries_again_gets_a_new_key(lone_desk: PaymentDesk) -> None:
    payment = broken_link(lone_desk)
    lone_desk.pass_time(seconds=30)
    with pytest.raises(GatewayBroken):
        lone_desk.payments.open_link(payment.id)
    lone_desk.server.faults.clear()

    opened = lone_desk.payments.open_link(payment.id)  # the window still names the first attempt

    first, second = lone_desk.attempts(payment.booking_id)
    assert (first.status, second.status) == (PaymentStatus.FAILED, PaymentStatus.OPEN)
    assert opened.payment == second


def test_a_new_link_is_made_at_once_in_place_of_a_broken_one(lone_desk: PaymentDesk) -> None:
    payment = broken_link(lone_desk)
    lone_desk.server.faults.clear()
    lone_desk.server.faults.add(Fault(FaultKind.ERROR_BEFORE, SESSIONS, "POST"))

    opened = lone_desk.payments.resend_link(payment.booking_id)

    first, second = lone_desk.attempts(payment.booking_id)
    assert (first.status, second.status) == (PaymentStatus.FAILED, PaymentStatus.OPEN)
    assert opened.payment == second


def test_a_hold_whose_link_cannot_be_made_can_be_cancelled(lone_desk: PaymentDesk) -> None:
    payment = broken_link(lone_desk)
    cancel(lone_desk, payment.booking_id)
    assert lone_desk.status(payment.booking_id) is BookingStatus.CANCELLED


def test_a_refund_that_stripe_made_and_answered_with_an_error_is_found(lone_desk: PaymentDesk) -> None:
    first, second = paid(lone_desk), paid(lone_desk, 14)
    lone_desk.server.faults.add(Fault(FaultKind.ERROR_SAVED, "/v1/refunds", "POST"))
    with pytest.raises(GatewayBroken):
        lone_desk.payments.refund(first.id, first.amount, "ill", "one")
    lone_desk.look()
    lone_desk.payments.refund(second.id, second.amount, "ill", "two")

    assert [one.status for one in lone_desk.refunds(first.id)] == [RefundStatus.SUCCEEDED]
    assert len(lone_desk.gateway.refunds_of(first.intent_id)) == 1


def test_a_refund_that_fails_at_stripe_does_not_stop_the_next(lone_desk: PaymentDesk) -> None:
    first, second = paid(lone_desk), paid(lone_desk, 14)
    for payment in (first, second):
        lone_desk.server.faults.add(Fault(FaultKind.ERROR_BEFORE, "/v1/refunds", "POST"))
        with pytest.raises(GatewayBroken):
            lone_desk.payments.refund(payment.id, payment.amount, "ill", f"key-{payment.id}")
    lone_desk.server.faults.add(Fault(FaultKind.ERROR_BEFORE, "/v1/refunds", "POST"))

    result = lone_desk.look()

    assert result.banner is None
    assert [lone_desk.refunds(one.id)[0].status for one in (first, second)] == [
        RefundStatus.CREATING,
        RefundStatus.SUCCEEDED,
    ]


def test_several_broken_calls_are_told(lone_desk: PaymentDesk) -> None:
    for hour in (10, 14):
        lone_desk.hold(TUESDAY.replace(hour=hour))
    lone_desk.server.faults.add(Fault(FaultKind.ERROR_BEFORE, SESSIONS, "POST", times=2))

    result = lone_desk.look(sweep=True)

    assert result.is_trouble
    assert result.banner is not None


@pytest.mark.parametrize("refusal", [GatewayMissing("no such session"), GatewayRefused("odd", "No.")])
def test_what_stripe_refuses_is_no_fault_of_the_form(refusal: GatewayRefused) -> None:
    """So the pages look again after it, and the task that was written for it is seen."""
    assert refusal.code is ErrorCode.PAYMENT_MISMATCH


def cancel(desk: PaymentDesk, booking_id: int) -> None:
    service = BookingService(desk.database.write, desk.clock, desk.payments, LibraryPhoneNumbers())
    version = desk.booking(booking_id).version
    service.cancel(CancelCommand(booking_id=booking_id, version=version, fate=DepositFate.KEEP))


def paid(desk: PaymentDesk, hour: int = 10) -> Payment:
    booking_id, session_id = desk.held_link(TUESDAY.replace(hour=hour))
    desk.server.pay(session_id)
    desk.look()
    return desk.payment(booking_id)
