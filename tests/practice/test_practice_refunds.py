from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
import stripe

from inkdesk.practice import ApiError, PracticeServer, WrongStateError


@pytest.fixture
def charge(server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]) -> stripe.Charge:
    """A paid deposit of 60.00 EUR."""
    return client.v1.charges.retrieve(server.pay(open_session().id))


def test_partial_refunds_add_up_and_the_rest_is_refunded_once(
    client: stripe.StripeClient, charge: stripe.Charge
) -> None:
    intent = str(charge.payment_intent)
    first = client.v1.refunds.create(
        {"payment_intent": intent, "amount": 2000, "reason": "requested_by_customer", "metadata": {"row": "1"}}
    )
    assert (first.status, first.amount, first.charge) == ("succeeded", 2000, charge.id)
    assert first.metadata is not None
    assert first.metadata["row"] == "1"
    part = client.v1.charges.retrieve(charge.id)
    assert (part.amount_refunded, part.refunded) == (2000, False)
    rest = client.v1.refunds.create({"payment_intent": intent})
    assert rest.amount == 4000
    assert client.v1.charges.retrieve(charge.id).refunded
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent})
    assert caught.value.code == "charge_already_refunded"
    assert caught.value.user_message == f"Charge {charge.id} has already been refunded."
    assert {row.id for row in client.v1.refunds.list({"payment_intent": intent}).data} == {first.id, rest.id}
    assert client.v1.refunds.list({"payment_intent": "pi_other"}).data == []
    transaction: Any = client.v1.refunds.retrieve(rest.id, {"expand": ["balance_transaction"]}).balance_transaction
    assert (transaction.type, transaction.net) == ("refund", -4000)


@pytest.mark.parametrize(("before", "asked"), [(None, 6001), (2000, 4001)])
def test_more_than_is_left_is_refused(
    client: stripe.StripeClient, charge: stripe.Charge, before: int | None, asked: int
) -> None:
    if before is not None:
        client.v1.refunds.create({"charge": charge.id, "amount": before})
    with pytest.raises(stripe.InvalidRequestError, match=r"Refund amount \(€.*\) is greater than .*charge"):
        client.v1.refunds.create({"charge": charge.id, "amount": asked})
    assert client.v1.charges.retrieve(charge.id).amount_refunded == (before or 0)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({}, "One of the following params should be provided"),
        ({"charge": "ch_x", "payment_intent": "pi_x"}, "only specify one of these"),
        ({"charge": "ch_x"}, "No such charge: 'ch_x'"),
        ({"payment_intent": "pi_x"}, "No such payment_intent: 'pi_x'"),
        ({"charge": "paid", "amount": 0}, "Invalid positive integer"),
        ({"charge": "paid", "reverse_transfer": True}, "does not have an associated transfer"),
        ({"charge": "paid", "refund_application_fee": True}, "has no application fee"),
        ({"charge": "paid", "reason": "boredom"}, "must be one of duplicate, fraudulent"),
        ({"charge": "paid", "currency": "eur"}, "does not play this parameter: currency"),
    ],
)
def test_wrong_refunds_are_refused(
    client: stripe.StripeClient, charge: stripe.Charge, params: dict[str, Any], message: str
) -> None:
    if params.get("charge") == "paid":
        params = params | {"charge": charge.id}
    with pytest.raises(stripe.InvalidRequestError, match=message):
        client.v1.refunds.create(params)  # type: ignore[arg-type]
    assert client.v1.refunds.list().data == []


def test_money_that_has_not_arrived_cannot_be_refunded(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    charge_id = server.pay_later(session.id)
    intent = client.v1.charges.retrieve(charge_id).payment_intent
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge to refund"):
        client.v1.refunds.create({"payment_intent": str(intent)})
    with pytest.raises(stripe.InvalidRequestError, match="is not paid"):
        client.v1.refunds.create({"charge": charge_id})


def test_a_pending_refund_settles(server: PracticeServer, client: stripe.StripeClient, charge: stripe.Charge) -> None:
    server.refund_next_as("pending")
    refund = client.v1.refunds.create({"charge": charge.id})
    assert (refund.status, refund.pending_reason) == ("pending", "insufficient_funds")
    server.settle_refund(refund.id)
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    with pytest.raises(WrongStateError):
        server.settle_refund(refund.id)
    (event,) = client.v1.events.list({"types": ["refund.updated"]}).data
    before: Any = event.data.previous_attributes
    assert before.to_dict() == {"status": "pending"}


@pytest.mark.parametrize("before", ["pending", "succeeded"])
def test_a_refund_can_fail_days_later_and_the_money_is_back(
    server: PracticeServer, client: stripe.StripeClient, charge: stripe.Charge, before: Literal["pending", "succeeded"]
) -> None:
    server.refund_next_as(before)
    refund = client.v1.refunds.create({"charge": charge.id})
    server.clock.advance(5 * 24 * 3600)
    server.fail_refund(refund.id)
    failed = client.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    again = client.v1.charges.retrieve(charge.id)
    assert (again.amount_refunded, again.refunded) == (0, False)
    kinds = {event.type for event in client.v1.events.list().data}
    assert {"refund.created", "charge.refunded", "refund.updated", "refund.failed"} <= kinds
    total = sum(row.net for row in client.v1.balance_transactions.list({"limit": 100}).data)
    assert total == 5885
    with pytest.raises(WrongStateError):
        server.fail_refund(refund.id)


def test_a_refund_can_be_born_failed(
    server: PracticeServer, client: stripe.StripeClient, charge: stripe.Charge
) -> None:
    server.refund_next_as("failed")
    assert client.v1.refunds.create({"charge": charge.id}).status == "failed"
    server.refund_next_as("succeeded")
    assert client.v1.refunds.create({"charge": charge.id}).amount == 6000


def test_the_dashboard_refunds_too(server: PracticeServer, client: stripe.StripeClient, charge: stripe.Charge) -> None:
    refund = client.v1.refunds.retrieve(server.refund_in_dashboard(charge.id, 1500))
    assert (refund.amount, refund.status) == (1500, "succeeded")
    assert client.v1.refunds.retrieve(server.refund_in_dashboard(charge.id)).amount == 4500
    with pytest.raises(ApiError, match="already been refunded"):
        server.refund_in_dashboard(charge.id)
    with pytest.raises(LookupError):
        server.refund_in_dashboard("ch_unknown")
    with pytest.raises(LookupError):
        server.refund_in_dashboard(str(charge.payment_intent))


@pytest.mark.parametrize(("won", "status", "net"), [(True, "won", 5885 - 2000), (False, "lost", 5885 - 6000 - 2000)])
def test_a_dispute_takes_the_money_and_ends(
    server: PracticeServer,
    client: stripe.StripeClient,
    charge: stripe.Charge,
    won: bool,
    status: str,
    net: int,
) -> None:
    dispute_id = server.dispute(charge.id)
    dispute: Any = client.v1.disputes.retrieve(dispute_id, {"expand": ["charge"]})
    assert (dispute.status, dispute.charge.disputed, dispute.amount) == ("needs_response", True, 6000)
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        client.v1.refunds.create({"charge": charge.id})
    with pytest.raises(WrongStateError):
        server.dispute(charge.id)
    server.close_dispute(dispute_id, won=won)
    with pytest.raises(WrongStateError):
        server.close_dispute(dispute_id, won=won)
    assert [row.status for row in client.v1.disputes.list({"charge": charge.id}).data] == [status]
    assert sum(row.net for row in client.v1.balance_transactions.list().data) == net
    kinds = [event.type for event in client.v1.events.list({"limit": 3}).data]
    assert kinds[0] == "charge.dispute.closed"


def test_a_wrong_expansion_refunds_nothing(
    server: PracticeServer, client: stripe.StripeClient, charge: stripe.Charge
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.refunds.create({"charge": charge.id, "expand": ["charge.colour"]})
    server.access.withdraw(server.key, "rak_balance_read")
    with pytest.raises(stripe.PermissionError, match="rak_balance_read"):
        client.v1.refunds.create({"charge": charge.id, "expand": ["charge.balance_transaction"]})
    assert client.v1.refunds.list().data == []
    refund: Any = client.v1.refunds.create({"charge": charge.id, "expand": ["charge.customer", "payment_intent"]})
    assert (refund.charge.refunded, refund.payment_intent.id) == (True, charge.payment_intent)
