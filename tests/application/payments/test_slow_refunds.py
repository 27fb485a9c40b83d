"""Refunds that Stripe has accepted and that do not arrive: told when a person should ask, over when they arrive."""

import pytest
from support.payment_desk import PaymentDesk

from inkdesk.application.inbox_service import InboxService
from inkdesk.domain.money import Money
from inkdesk.domain.payments import Payment, PaymentStatus
from inkdesk.domain.refunds import RefundStatus
from inkdesk.domain.tasks import TaskAction
from inkdesk.practice.knobs import RefundOutcome


def refunded(desk: PaymentDesk, outcome: RefundOutcome) -> Payment:
    """A deposit whose refund Stripe has accepted."""
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look()
    desk.server.refund_next_as(outcome)
    payment = desk.payment(booking_id)
    desk.payments.refund(payment.id, Money(5000, "EUR"), "ill", "key")
    return desk.payment(booking_id)


def settle(desk: PaymentDesk, payment: Payment) -> None:
    desk.server.settle_refund(desk.refunds(payment.id)[0].stripe_id)
    desk.look(sweep=True)


def test_a_refund_that_is_pending_for_a_week_is_told_until_it_arrives(desk: PaymentDesk) -> None:
    payment = refunded(desk, "pending")
    desk.pass_time(days=6, hours=23)
    desk.look(sweep=True)
    assert desk.task_kinds() == []

    desk.pass_time(hours=1)
    desk.look(sweep=True)
    desk.look(sweep=True)

    (task,) = desk.tasks()
    assert task.sentence.plain() == (
        "The refund of 50.00 EUR to Zoé Müller was asked for on 2026-11-23 09:00:00+00:00 and has not arrived yet. "
        "See in Stripe's dashboard what it waits for, for example for money in your balance."
    )
    inbox = InboxService(desk.payments, desk.database.write, desk.database.read, desk.clock)
    (item,) = inbox.open()
    assert TaskAction.LOOK_AGAIN in item.actions
    assert payment.status is PaymentStatus.REFUND_PENDING

    settle(desk, payment)
    assert (desk.task_kinds(), desk.payment(payment.booking_id).status) == ([], PaymentStatus.REFUNDED)


def test_a_refund_that_waits_for_the_client_is_told_at_once(desk: PaymentDesk) -> None:
    payment = refunded(desk, "requires_action")

    (task,) = desk.tasks()
    assert task.sentence.plain() == (
        "The refund of 50.00 EUR waits for Zoé Müller: Stripe has asked them by e-mail where to send it. "
        "Tell them to answer that e-mail; otherwise the money comes back to you."
    )
    assert desk.refunds(payment.id)[0].status is RefundStatus.PENDING

    settle(desk, payment)
    assert (desk.task_kinds(), desk.refunds(payment.id)[0].failure) == ([], "")


@pytest.mark.parametrize("outcome", ["pending", "requires_action"])
def test_a_slow_refund_that_fails_is_one_task(desk: PaymentDesk, outcome: RefundOutcome) -> None:
    payment = refunded(desk, outcome)
    desk.pass_time(days=8)
    desk.look(sweep=True)
    assert desk.task_kinds() == ["refund_slow"]
    desk.server.fail_refund(desk.refunds(payment.id)[0].stripe_id)
    desk.look(sweep=True)
    assert desk.task_kinds() == ["refund_failed"]
