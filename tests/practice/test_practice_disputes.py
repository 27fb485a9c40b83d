from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from inkdesk.practice import DisputeStatus, PracticeServer, WrongStateError

DAY_S = 24 * 3600
PAID = 6000 - 115


@pytest.fixture
def charge_id(server: PracticeServer, open_session: Callable[..., Any]) -> str:
    """A paid deposit of 60.00 EUR."""
    return server.pay(open_session().id)


def _kinds(client: stripe.StripeClient) -> list[str]:
    """Types of the dispute's events without their common beginning, oldest first."""
    events = client.v1.events.list({"limit": 100}).data
    return [
        event.type.removeprefix("charge.dispute.")
        for event in reversed(events)
        if event.type.startswith("charge.dispute.")
    ]


def _net(client: stripe.StripeClient) -> int:
    return sum(row.net for row in client.v1.balance_transactions.list({"limit": 100}).data)


@pytest.mark.parametrize(
    ("way", "events", "net"),
    [
        (["needs_response", "under_review", "won"], "created funds_withdrawn updated funds_reinstated closed", -2000),
        (["needs_response", "under_review", "lost"], "created funds_withdrawn updated closed", -8000),
        (["under_review"], "created funds_withdrawn updated", -8000),
        (["warning_needs_response", "warning_under_review", "warning_closed"], "created updated closed", 0),
        (["warning_under_review", "needs_response"], "created updated updated funds_withdrawn", -8000),
    ],
)
def test_a_dispute_moves_money_as_it_goes(
    server: PracticeServer,
    client: stripe.StripeClient,
    charge_id: str,
    way: list[DisputeStatus],
    events: str,
    net: int,
) -> None:
    dispute_id = server.dispute(charge_id, way[0])
    for status in way[1:]:
        server.advance_dispute(dispute_id, status)
    dispute = client.v1.disputes.retrieve(dispute_id)
    assert dispute.status == way[-1]
    assert dispute.evidence_details.due_by == server.clock.now() + 20 * DAY_S
    assert _kinds(client) == events.split()
    assert _net(client) == PAID + net
    assert sum(row.net for row in dispute.balance_transactions) == net
    assert client.v1.charges.retrieve(charge_id).disputed


def test_only_an_inquiry_leaves_a_refund_possible(
    server: PracticeServer, client: stripe.StripeClient, charge_id: str
) -> None:
    dispute_id = server.dispute(charge_id, "warning_needs_response")
    assert client.v1.disputes.retrieve(dispute_id).is_charge_refundable
    assert client.v1.refunds.create({"charge": charge_id, "amount": 1000}).status == "succeeded"
    server.advance_dispute(dispute_id, "needs_response")
    with pytest.raises(stripe.InvalidRequestError, match="charged back") as caught:
        client.v1.refunds.create({"charge": charge_id, "amount": 1000})
    assert caught.value.code == "charge_disputed"


def test_what_was_refunded_is_not_disputed(server: PracticeServer, client: stripe.StripeClient, charge_id: str) -> None:
    server.refund_in_dashboard(charge_id, 1500)
    dispute_id = server.dispute(charge_id)
    assert client.v1.disputes.retrieve(dispute_id).amount == 4500
    assert _net(client) == PAID - 6000 - 2000


@pytest.mark.parametrize("status", ["needs_response", "warning_needs_response"])
def test_a_dispute_ends_a_refund_that_was_pending(
    server: PracticeServer, client: stripe.StripeClient, charge_id: str, status: DisputeStatus
) -> None:
    server.refund_next_as("pending")
    refund_id = server.refund_in_dashboard(charge_id)
    dispute_id = server.dispute(charge_id, status)
    if status == "warning_needs_response":
        assert client.v1.refunds.retrieve(refund_id).status == "pending"
        server.advance_dispute(dispute_id, "needs_response")
    refund = client.v1.refunds.retrieve(refund_id)
    assert (refund.status, refund.failure_reason) == ("failed", "charge_for_pending_refund_disputed")
    assert client.v1.disputes.retrieve(dispute_id).amount == 6000
    assert client.v1.charges.retrieve(charge_id).amount_refunded == 0


def test_nothing_left_cannot_be_disputed(server: PracticeServer, charge_id: str) -> None:
    server.refund_in_dashboard(charge_id)
    with pytest.raises(WrongStateError):
        server.dispute(charge_id)


@pytest.mark.parametrize(("status", "end"), [("needs_response", "lost"), ("warning_needs_response", "warning_closed")])
def test_a_dispute_nobody_answers_ends_when_it_is_due(
    server: PracticeServer, client: stripe.StripeClient, charge_id: str, status: DisputeStatus, end: str
) -> None:
    dispute_id = server.dispute(charge_id, status)
    due = server.clock.now() + 20 * DAY_S
    server.clock.advance(20 * DAY_S - 1)
    assert client.v1.disputes.retrieve(dispute_id).status == status
    server.clock.advance(3 * DAY_S)
    ended = client.v1.disputes.retrieve(dispute_id)
    assert (ended.status, ended.evidence_details.past_due) == (end, True)
    (event,) = client.v1.events.list({"type": "charge.dispute.closed"}).data
    assert event.created == due


def test_an_answered_dispute_waits_for_the_bank(
    server: PracticeServer, client: stripe.StripeClient, charge_id: str
) -> None:
    dispute_id = server.dispute(charge_id, "under_review")
    server.clock.advance(60 * DAY_S)
    dispute = client.v1.disputes.retrieve(dispute_id)
    assert (dispute.status, dispute.evidence_details.has_evidence) == ("under_review", True)


def test_a_dispute_does_not_go_back(server: PracticeServer, charge_id: str) -> None:
    dispute_id = server.dispute(charge_id)
    for status in ("warning_closed", "needs_response", "warning_needs_response"):
        with pytest.raises(WrongStateError, match="is needs_response"):
            server.advance_dispute(dispute_id, status)
    server.advance_dispute(dispute_id, "lost")
    with pytest.raises(WrongStateError, match="is lost"):
        server.advance_dispute(dispute_id, "won")
