"""Money that went back before this program knew that it had come: learned with the payment, not by a later sweep."""

import pytest
from support.payment_desk import PaymentDesk

from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.refunds import RefundStatus


@pytest.mark.parametrize(
    ("given_back", "stands"), [(2000, PaymentStatus.PARTIALLY_REFUNDED), (None, PaymentStatus.REFUNDED)]
)
def test_a_refund_told_before_its_payment_is_learned_with_it(
    desk: PaymentDesk, given_back: int | None, stands: PaymentStatus
) -> None:
    booking_id, session_id = desk.held_link()
    desk.look()
    desk.server.events.hold()
    desk.server.refund_in_dashboard(desk.server.pay(session_id), given_back)
    desk.server.events.release("charge.refunded", "refund.*")
    desk.look()
    assert desk.payment(booking_id).status is PaymentStatus.OPEN
    desk.server.events.release()
    desk.look()
    assert desk.payment(booking_id).status is stands
    assert desk.ledger(booking_id) == ["asked", "paid", "refunded"]
    desk.look(sweep=True)
    assert desk.ledger(booking_id) == ["asked", "paid", "refunded"]


def test_a_desk_that_only_looks_at_its_own_booking_learns_it_too(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    desk.server.refund_in_dashboard(desk.server.pay(session_id), 2000)
    desk.reconcile.look_at([booking_id])
    assert desk.payment(booking_id).refunded_minor == 2000


def test_a_refund_on_its_way_is_never_shown_as_given_back(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    desk.server.refund_next_as("pending")
    desk.server.refund_in_dashboard(desk.server.pay(session_id))
    desk.reconcile.look_at([booking_id])
    payment = desk.payment(booking_id)
    assert (payment.status, payment.refunded_minor) == (PaymentStatus.REFUND_PENDING, 0)
    assert [one.status for one in desk.refunds(payment.id)] == [RefundStatus.PENDING]
