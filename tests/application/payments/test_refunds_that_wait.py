"""Refunds that Stripe cannot make yet, refunds of two desks at once, and requests that are sent word for word."""

import json
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
import stripe
from support.clock import StandingClock
from support.payment_desk import PaymentDesk
from support.race import at_once

from inkdesk.application.payment_gateway import GatewayUnreachable
from inkdesk.application.refund_request import LONGEST_WAIT, may_try, next_try, refund_params
from inkdesk.domain.money import Money
from inkdesk.domain.payments import Payment, PaymentStatus
from inkdesk.domain.refunds import Refund, RefundStatus
from inkdesk.practice.faults import Fault, FaultKind
from inkdesk.practice.knobs import FundsRule

EUR_10 = Money(1000, "EUR")


def paid(desk: PaymentDesk) -> Payment:
    """A confirmed booking's payment."""
    booking_id, session_id = desk.held_link()
    desk.server.pay(session_id)
    desk.look()
    return desk.payment(booking_id)


def stands(desk: PaymentDesk, payment: Payment) -> tuple[PaymentStatus, list[RefundStatus]]:
    return desk.payment(payment.booking_id).status, [one.status for one in desk.refunds(payment.id)]


@pytest.mark.parametrize("rule", ["refused", "refused_without_code"])
def test_a_refund_without_funds_stays_due_is_told_once_and_goes_out_later(desk: PaymentDesk, rule: FundsRule) -> None:
    payment = paid(desk)
    desk.server.refunds_without_funds(rule)

    desk.payments.refund(payment.id, EUR_10, "ill", "key")

    assert stands(desk, payment) == (PaymentStatus.REFUND_DUE, [RefundStatus.CREATING])
    assert desk.refunds(payment.id)[0].failure in {"balance_insufficient", "invalid_request_error"}
    assert desk.task_kinds() == ["refund_waits"]
    before = desk.server.reads.count()
    desk.payments.refunds.pay(payment.id)  # too early: nothing is asked
    assert desk.server.reads.count() == before
    desk.pass_time(minutes=6)
    desk.payments.refunds.pay(payment.id)
    assert stands(desk, payment) == (PaymentStatus.REFUND_DUE, [RefundStatus.CREATING])
    assert desk.task_kinds() == ["refund_waits"]

    desk.server.refunds_without_funds("ignored")
    desk.pass_time(minutes=10)
    desk.payments.refunds.pay(payment.id)

    assert stands(desk, payment) == (PaymentStatus.PARTIALLY_REFUNDED, [RefundStatus.SUCCEEDED])
    made = desk.refunds(payment.id)[0]
    assert (made.try_after, made.failure, made.balance_id[:4]) == (None, "", "txn_")
    assert desk.task_kinds() == []
    desk.payments.refund(payment.id, EUR_10, "ill", "key")  # the desk's second click, much later
    assert len(desk.gateway.refunds_of(payment.intent_id)) == 1


def test_the_older_a_waiting_refund_the_later_it_is_tried_again(clock: StandingClock) -> None:
    now = clock.now()
    refund = Refund(payment_id=1, amount=EUR_10, reason="", idempotency_key="r", created_at=now)
    assert next_try(refund, now) == now + timedelta(minutes=5)
    assert next_try(refund, now + timedelta(hours=1)) == now + timedelta(hours=2)
    assert next_try(refund, now + timedelta(days=9)) == now + timedelta(days=9, hours=6)
    waits = replace(refund, try_after=now + LONGEST_WAIT)
    assert not may_try(waits, now)
    assert may_try(waits, now + LONGEST_WAIT)
    assert may_try(waits, now - timedelta(days=400))  # it was dated by a wrong clock


@pytest.mark.parametrize(("outcome", "status"), [("requires_action", "PENDING"), ("canceled", "CANCELED")])
def test_a_refund_that_the_client_must_help_is_never_shown_as_done(
    lone_desk: PaymentDesk, outcome: str, status: str
) -> None:
    payment = paid(lone_desk)
    lone_desk.server.refund_next_as("canceled" if outcome == "canceled" else "requires_action")

    lone_desk.payments.refund(payment.id, EUR_10, "ill", "key")

    shown, refunds = stands(lone_desk, payment)
    assert refunds == [RefundStatus(status)]
    if outcome == "canceled":
        assert (shown, lone_desk.task_kinds()) == (PaymentStatus.REFUND_FAILED, ["refund_failed"])
        return
    assert (shown, lone_desk.task_kinds()) == (PaymentStatus.REFUND_PENDING, ["refund_slow"])
    lone_desk.server.settle_refund(lone_desk.refunds(payment.id)[0].stripe_id)
    lone_desk.payments.refunds.learn(payment.id)
    assert stands(lone_desk, payment) == (PaymentStatus.PARTIALLY_REFUNDED, [RefundStatus.SUCCEEDED])


def test_why_a_refund_failed_is_kept(lone_desk: PaymentDesk) -> None:
    payment = paid(lone_desk)
    lone_desk.server.refund_next_as("failed")
    lone_desk.payments.refund(payment.id, EUR_10, "ill", "key")
    assert lone_desk.refunds(payment.id)[0].failure == "expired_or_canceled_card"


def test_a_refund_is_sent_again_word_for_word(lone_desk: PaymentDesk) -> None:
    payment = paid(lone_desk)
    lone_desk.server.faults.add(Fault(FaultKind.CUT_BEFORE, "/v1/refunds", "POST"))
    with pytest.raises(GatewayUnreachable):
        lone_desk.payments.refund(payment.id, EUR_10, "ill", "key")
    due = lone_desk.refunds(payment.id)[0]
    assert json.loads(due.params)["metadata"] == {"inkdesk_refund": "key"}
    changed = due.params.replace("requested_by_customer", "duplicate")  # what an older version of the program wrote
    with lone_desk.database.write() as uow:
        uow.payments.save_refund(replace(due, params=changed))
        uow.commit()
    lone_desk.server.faults.clear()

    lone_desk.payments.refunds.pay(payment.id)

    made = lone_desk.gateway.create_refund(json.loads(changed), "key")  # the very same request is replayed
    assert made.refund_id == lone_desk.refunds(payment.id)[0].stripe_id


def test_a_refund_that_was_due_before_requests_were_kept_is_saved_first(lone_desk: PaymentDesk) -> None:
    payment = paid(lone_desk)
    lone_desk.server.faults.add(Fault(FaultKind.CUT_BEFORE, "/v1/refunds", "POST", times=2))
    with pytest.raises(GatewayUnreachable):
        lone_desk.payments.refund(payment.id, EUR_10, "ill", "key")
    with lone_desk.database.write() as uow:
        uow.payments.save_refund(replace(lone_desk.refunds(payment.id)[0], params=""))
        uow.commit()

    with pytest.raises(GatewayUnreachable):
        lone_desk.payments.refunds.pay(payment.id)

    assert json.loads(lone_desk.refunds(payment.id)[0].params)["amount"] == 1000


def a_charge(payment: Payment, **how: object) -> set[str]:
    refund = Refund(payment_id=1, amount=EUR_10, reason="", idempotency_key="r", created_at=payment.created_at)
    return set(refund_params(replace(payment, **how), refund)) - {"payment_intent", "amount", "reason", "metadata"}  # type: ignore[arg-type]


def test_what_a_refund_asks_for_by_the_way_the_money_came(lone_desk: PaymentDesk) -> None:
    payment = lone_desk.hold()[1]
    assert a_charge(payment) == set()
    assert a_charge(payment, account="acct_1") == set()
    assert a_charge(payment, account="acct_1", app_fee_minor=0) == set()
    assert a_charge(payment, account="acct_1", app_fee_minor=100) == {"refund_application_fee"}
    assert a_charge(payment, destination="acct_1") == {"reverse_transfer"}
    assert a_charge(payment, destination="acct_1", app_fee_minor=100) == {"reverse_transfer", "refund_application_fee"}


def test_every_parameter_of_a_refund_is_the_librarys(lone_desk: PaymentDesk) -> None:
    payment = replace(lone_desk.hold()[1], intent_id="pi_1", destination="acct_1", app_fee_minor=100)
    refund = Refund(payment_id=1, amount=EUR_10, reason="", idempotency_key="r~3", created_at=payment.created_at)
    sent = refund_params(payment, refund)
    assert sent.keys() <= stripe.params.RefundCreateParams.__annotations__.keys()
    assert sent["metadata"] == {"inkdesk_refund": "r"}  # the mark stays, whichever key is used


def test_desks_that_learn_of_one_dashboard_refund_at_once_write_it_once(desk: PaymentDesk) -> None:
    booking_id, session_id = desk.held_link()
    charge_id = desk.server.pay(session_id)
    desk.look()
    payment = desk.payment(booking_id)
    desk.server.refund_in_dashboard(charge_id, 1000)

    def learn(_: int, barrier: Barrier) -> None:
        barrier.wait()
        desk.payments.refunds.learn(payment.id)

    assert at_once(4, learn) == []  # no errors

    assert stands(desk, payment) == (PaymentStatus.PARTIALLY_REFUNDED, [RefundStatus.SUCCEEDED])
    assert desk.ledger(booking_id).count("refunded") == 1
