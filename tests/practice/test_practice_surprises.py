"""What Stripe shows a program that did not expect it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from inkdesk.practice import PracticeServer, WrongStateError

OpenSession = Callable[..., Any]
DAY_S = 24 * 3600


@pytest.mark.parametrize(
    ("change", "amount", "currency"),
    [({"amount": 100}, 100, "eur"), ({"currency": "USD"}, 6000, "usd"), ({}, 6000, "eur")],
)
@pytest.mark.parametrize("has_tried_before", [False, True])
def test_a_payment_can_differ_from_what_was_asked(
    server: PracticeServer,
    client: stripe.StripeClient,
    open_session: OpenSession,
    change: dict[str, Any],
    amount: int,
    currency: str,
    has_tried_before: bool,
) -> None:
    session = open_session()
    if has_tried_before:
        server.decline(session.id)
    charge_id = server.pay(session.id, **change)
    paid: Any = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (paid.payment_status, paid.amount_total, paid.currency) == ("paid", amount, currency)
    intent = paid.payment_intent
    assert (intent.amount, intent.amount_received, intent.currency) == (amount, amount, currency)
    assert (intent.latest_charge.id, intent.latest_charge.amount) == (charge_id, amount)
    with pytest.raises(WrongStateError):
        server.pay(session.id, amount=7)
    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == amount


def test_a_recovered_session_names_the_old_one_and_can_be_paid(
    server: PracticeServer, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    old = open_session()
    with pytest.raises(WrongStateError):
        server.recover(old.id)
    server.expire(old.id)
    new_id = server.recover(old.id)
    new = client.v1.checkout.sessions.retrieve(new_id)
    assert (new.recovered_from, new.status, new.payment_status) == (old.id, "open", "unpaid")
    assert (new.client_reference_id, new.amount_total) == (old.client_reference_id, 6000)
    assert str(new.url).startswith(f"{server.url}/c/pay/{new_id}#")
    assert new.expires_at == server.clock.now() + DAY_S
    assert [line.amount_total for line in client.v1.checkout.sessions.line_items.list(new_id).data] == [6000]
    charge = client.v1.charges.retrieve(server.pay(new_id))
    assert charge.metadata["booking"] == "7"
    assert client.v1.checkout.sessions.retrieve(old.id).status == "expired"


@pytest.mark.parametrize("when", ["before", "after"])
def test_metadata_can_be_missing(
    server: PracticeServer, client: stripe.StripeClient, open_session: OpenSession, when: str
) -> None:
    session, other = open_session(), open_session()
    server.pay(other.id)
    if when == "before":
        server.forget_metadata(session.id)
    charge_id = server.pay(session.id)
    if when == "after":
        server.forget_metadata(session.id)
    found: Any = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (found.metadata.to_dict(), found.client_reference_id) == ({}, None)
    assert found.payment_intent.metadata.to_dict() == {}
    assert client.v1.charges.retrieve(charge_id).metadata.to_dict() == {}
    kept: Any = client.v1.checkout.sessions.retrieve(other.id, {"expand": ["payment_intent.latest_charge"]})
    assert kept.payment_intent.latest_charge.metadata.to_dict() == {"booking": "7", "attempt": "1"}


def test_another_program_can_use_the_account(server: PracticeServer, client: stripe.StripeClient) -> None:
    charge = client.v1.charges.retrieve(server.charge_elsewhere(1234, "usd"))
    assert (charge.amount, charge.currency, charge.paid, charge.metadata.to_dict()) == (1234, "usd", True, {})
    assert client.v1.checkout.sessions.list({"payment_intent": str(charge.payment_intent)}).data == []
    assert [row.source for row in client.v1.balance_transactions.list().data] == [charge.id]
    assert client.v1.refunds.create({"charge": charge.id}).amount == 1234
    assert {event.type for event in client.v1.events.list().data} >= {"charge.succeeded", "charge.refunded"}


def test_a_balance_transaction_can_come_later(
    server: PracticeServer, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    server.withhold_balance_transactions()
    charge_id = server.pay(open_session().id)
    charge: Any = client.v1.charges.retrieve(charge_id, {"expand": ["balance_transaction"]})
    assert (charge.paid, charge.balance_transaction) == (True, None)
    assert client.v1.balance_transactions.list().data == []
    server.release_balance_transactions()
    charge = client.v1.charges.retrieve(charge_id, {"expand": ["balance_transaction"]})
    assert (charge.balance_transaction.amount, charge.balance_transaction.fee) == (6000, 115)
    (event,) = client.v1.events.list({"type": "charge.updated"}).data
    assert event.data.object["balance_transaction"] == charge.balance_transaction.id
    server.release_balance_transactions()
    server.pay(open_session().id)
    assert len(client.v1.balance_transactions.list().data) == 2
