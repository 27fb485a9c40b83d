"""Refunds and the money there is for them; what the list of balance transactions can be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from inkdesk.practice import FundsRule, PracticeServer, WrongStateError

OpenSession = Callable[..., Any]
DAY_S = 24 * 3600
NET = 6000 - 115


@pytest.fixture
def charge_id(server: PracticeServer, open_session: OpenSession) -> str:
    """A paid deposit of 60.00 EUR."""
    return server.pay(open_session().id)


def _available(client: stripe.StripeClient) -> int:
    return client.v1.balance.retrieve().available[0].amount


def test_a_refund_waits_until_the_balance_suffices(
    server: PracticeServer, client: stripe.StripeClient, charge_id: str
) -> None:
    server.refunds_without_funds("pending")
    server.set_available(5000)
    whole = client.v1.refunds.create({"charge": charge_id, "amount": 5001})
    part = client.v1.refunds.create({"charge": charge_id, "amount": 999})
    assert (whole.status, whole.pending_reason, part.status) == ("pending", "insufficient_funds", "succeeded")
    assert client.v1.refunds.retrieve(whole.id).status == "pending"
    server.set_available(5001)
    settled: Any = client.v1.refunds.retrieve(whole.id, {"expand": ["balance_transaction"]})
    assert (settled.status, settled.balance_transaction.net) == ("succeeded", -5001)
    assert "pending_reason" not in settled
    assert _available(client) == 0


def test_money_that_settles_pays_what_waited(
    server: PracticeServer, client: stripe.StripeClient, charge_id: str
) -> None:
    server.refunds_without_funds("pending")
    refund = client.v1.refunds.create({"charge": charge_id, "amount": 3000})
    server.clock.advance(7 * DAY_S - 1)
    assert client.v1.refunds.retrieve(refund.id).status == "pending"
    server.clock.advance(1)
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert _available(client) == NET - 3000


@pytest.mark.parametrize(("rule", "code"), [("refused", "balance_insufficient"), ("refused_without_code", None)])
def test_a_refund_can_be_refused_for_lack_of_balance(
    server: PracticeServer, client: stripe.StripeClient, charge_id: str, rule: FundsRule, code: str | None
) -> None:
    server.refunds_without_funds(rule)
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="Insufficient funds") as caught:
            client.v1.refunds.create({"charge": charge_id}, {"idempotency_key": "k"})
        assert caught.value.code == code
    assert client.v1.charges.retrieve(charge_id).amount_refunded == 0
    server.set_available(6000)
    assert client.v1.refunds.create({"charge": charge_id}, {"idempotency_key": "k2"}).status == "succeeded"


def test_a_refund_can_wait_for_the_payer(server: PracticeServer, client: stripe.StripeClient, charge_id: str) -> None:
    server.refund_next_as("requires_action")
    first, second, third = (client.v1.refunds.create({"charge": charge_id, "amount": 1000}) for _ in range(3))
    assert (first.status, "next_action" in first) == ("requires_action", True)
    assert client.v1.charges.retrieve(charge_id).amount_refunded == 3000
    server.settle_refund(first.id)
    server.cancel_refund(second.id)
    server.fail_refund(third.id)
    ends = [client.v1.refunds.retrieve(refund.id) for refund in (first, second, third)]
    assert [refund.status for refund in ends] == ["succeeded", "canceled", "failed"]
    assert not any("next_action" in refund for refund in ends)
    assert client.v1.charges.retrieve(charge_id).amount_refunded == 1000
    assert sum(row.net for row in client.v1.balance_transactions.list().data) == NET - 1000
    with pytest.raises(WrongStateError):
        server.cancel_refund(first.id)
    with pytest.raises(WrongStateError):
        server.fail_refund(second.id)
    with pytest.raises(WrongStateError):
        server.settle_refund(second.id)


def test_a_refund_can_be_born_canceled(server: PracticeServer, client: stripe.StripeClient, charge_id: str) -> None:
    server.refund_next_as("canceled")
    assert client.v1.refunds.create({"charge": charge_id}).status == "canceled"
    assert client.v1.charges.retrieve(charge_id).amount_refunded == 0
    kinds = [event.type for event in client.v1.events.list({"limit": 3}).data]
    assert kinds == ["refund.updated", "charge.refunded", "refund.created"]


def test_the_available_balance_is_set_by_money_that_moves(
    server: PracticeServer, client: stripe.StripeClient, charge_id: str
) -> None:
    server.clock.advance(8 * DAY_S)
    assert _available(client) == NET
    server.set_available(100)
    server.set_available(100)
    server.set_available(250)
    rows = client.v1.balance_transactions.list().data
    assert [(row.type, row.net) for row in rows if row.source != charge_id] == [("topup", 150), ("payout", 100 - NET)]
    assert _available(client) == 250


def test_a_payout_is_listed_with_what_it_pays(
    server: PracticeServer, client: stripe.StripeClient, open_session: OpenSession, charge_id: str
) -> None:
    assert server.pay_out() is None
    server.clock.advance(8 * DAY_S)
    later = server.pay(open_session(expires_at=server.clock.now() + 3600).id)
    payout = server.pay_out()
    assert payout is not None
    rows = client.v1.balance_transactions.list({"payout": payout}).data
    assert {row.source for row in rows} == {charge_id, payout}
    assert sum(row.net for row in rows) == 0
    server.clock.advance(8 * DAY_S)
    second = server.pay_out()
    assert second is not None
    assert {row.source for row in client.v1.balance_transactions.list({"payout": second}).data} == {later, second}
    assert client.v1.balance_transactions.list({"payout": "po_other"}).data == []


def test_balance_transactions_are_filtered_and_walked(
    server: PracticeServer, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    for _ in range(7):
        server.clock.advance(10)
        charge_id = server.pay(open_session().id)
    last = server.clock.now()
    server.clock.advance(10)
    server.refund_in_dashboard(charge_id, 500)
    listed = client.v1.balance_transactions
    rows = list(listed.list({"limit": 3}).auto_paging_iter())
    assert len({row.id for row in rows}) == len(rows) == 8
    assert [row.created for row in rows] == sorted((row.created for row in rows), reverse=True)
    assert [row.net for row in listed.list({"type": "refund"}).data] == [-500]
    assert len(listed.list({"created": {"gte": last - 10, "lt": last}}).data) == 1
    assert len(listed.list({"created": {"gte": last - 10, "lt": last + 1}, "type": "charge"}).data) == 2
    walked = listed.list({"created": {"gte": last - 40, "lt": last + 11}, "limit": 2, "type": "charge"})
    assert len(list(walked.auto_paging_iter())) == 5
    server.pay_out()
    assert listed.list({"expand": ["data.source"]}).data
