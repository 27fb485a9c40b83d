from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from inkdesk.practice import PracticeServer, WrongStateError


def _types(client: stripe.StripeClient) -> list[str]:
    return [event.type for event in client.v1.events.list({"limit": 100}).data]


def test_a_new_session_is_open_and_has_no_payment_intent(
    server: PracticeServer, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency, session.livemode) == (6000, "eur", False)
    assert session.metadata.to_dict() == {"booking": "7", "attempt": "1"}
    link, _, fragment = session.url.partition("#")
    assert link == f"{server.url}/c/pay/{session.id}"
    assert session.id.startswith("cs_test_")
    assert len(fragment) > 200


@pytest.mark.parametrize(
    ("ahead_s", "message"),
    [
        (30 * 60 - 1, "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."),
        (24 * 3600 + 1, "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."),
    ],
)
def test_expires_at_outside_its_bounds_is_refused(
    server: PracticeServer, open_session: Callable[..., Any], ahead_s: int, message: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        open_session(expires_at=server.clock.now() + ahead_s)
    assert caught.value.user_message == message
    assert caught.value.param == "expires_at"


@pytest.mark.parametrize("ahead_s", [30 * 60, 24 * 3600])
def test_expires_at_on_its_bounds_is_taken(
    server: PracticeServer, open_session: Callable[..., Any], ahead_s: int
) -> None:
    assert open_session(expires_at=server.clock.now() + ahead_s).expires_at == server.clock.now() + ahead_s


def test_paying_makes_intent_charge_fee_and_events(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    charge_id = server.pay(session.id)
    paid = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]}
    )
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent: Any = paid.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata["booking"]) == ("succeeded", 6000, "7")
    charge = intent.latest_charge
    assert (charge.id, charge.paid, charge.metadata["booking"]) == (charge_id, True, "7")
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (115, 5885)
    assert paid.line_items is not None
    assert paid.line_items.data[0].description == "Sleeve, first sitting <b>& co</b>"
    assert _types(client) == [
        "checkout.session.completed",
        "payment_intent.succeeded",
        "charge.succeeded",
        "payment_intent.created",
    ]
    with pytest.raises(WrongStateError):
        server.pay(session.id)


def test_expand_reaches_into_lists_and_refuses_what_it_cannot(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    open_session()
    server.pay(session.id)
    rows = client.v1.checkout.sessions.list({"expand": ["data.payment_intent.latest_charge"]}).data
    found: Any = {row.id: row.payment_intent for row in rows}
    assert found[session.id].latest_charge.amount == 6000
    assert [row for row in found.values() if row is None] == [None]
    charge: Any = client.v1.charges.list({"expand": ["data.balance_transaction", "data.refunds"]}).data[0]
    assert charge.balance_transaction.source == charge.id
    assert charge.refunds.data == []
    source: Any = client.v1.balance_transactions.retrieve(charge.balance_transaction.id, {"expand": ["source"]})
    assert source.source.payment_intent == found[session.id].id
    for path in ("payment_intent", "data.amount_total", "data.metadata"):
        with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
            client.v1.checkout.sessions.list({"expand": [path]})
    deep = "payment_intent.latest_charge.payment_intent.latest_charge.payment_intent"
    retrieved: Any = client.v1.checkout.sessions.retrieve(session.id, {"expand": [deep.rpartition(".")[0]]})
    assert retrieved.payment_intent.latest_charge.payment_intent.latest_charge.id == charge.id
    with pytest.raises(stripe.InvalidRequestError, match="more than 4 levels"):
        client.v1.checkout.sessions.retrieve(session.id, {"expand": [deep]})


def test_a_declined_card_leaves_the_session_open_for_another_try(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    server.decline(session.id)
    declined: Any = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (declined.status, declined.payment_intent.status) == ("open", "requires_payment_method")
    assert declined.payment_intent.last_payment_error.decline_code == "generic_decline"
    server.pay(session.id)
    again: Any = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (again.payment_status, again.payment_intent.id) == ("paid", declined.payment_intent.id)
    charges = client.v1.charges.list({"payment_intent": again.payment_intent.id}).data
    assert [charge.status for charge in charges] == ["succeeded", "failed"]


def test_a_delayed_payment_settles_or_fails(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    good, bad = open_session(), open_session()
    server.pay_later(good.id)
    server.pay_later(bad.id)
    waiting: Any = client.v1.checkout.sessions.retrieve(good.id, {"expand": ["payment_intent.latest_charge"]})
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert (waiting.payment_intent.status, waiting.payment_intent.latest_charge.status) == ("processing", "pending")
    server.settle(good.id)
    server.fail_delayed(bad.id)
    assert client.v1.checkout.sessions.retrieve(good.id).payment_status == "paid"
    failed: Any = client.v1.checkout.sessions.retrieve(bad.id, {"expand": ["payment_intent"]})
    assert (failed.status, failed.payment_status) == ("complete", "unpaid")
    assert failed.payment_intent.status == "requires_payment_method"
    kinds = _types(client)
    assert kinds.count("checkout.session.completed") == 2
    assert "checkout.session.async_payment_succeeded" in kinds
    assert "checkout.session.async_payment_failed" in kinds
    for session in (good, bad):
        with pytest.raises(WrongStateError):
            server.settle(session.id)


def test_expire_works_once_and_then_names_the_status(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    server.decline(session.id)
    expired = client.v1.checkout.sessions.expire(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    assert client.v1.payment_intents.retrieve(str(expired.payment_intent)).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.expire(session.id)
    assert caught.value.http_status == 400
    assert caught.value.user_message == (
        'Only Checkout Sessions with a status in ["open"] can be expired. '
        "This Checkout Session has a status of `expired`."
    )
    paid = open_session()
    server.pay(paid.id)
    with pytest.raises(stripe.InvalidRequestError, match="a status of `complete`"):
        client.v1.checkout.sessions.expire(paid.id)
    with pytest.raises(WrongStateError):
        server.pay(session.id)


def test_a_session_expires_by_the_servers_clock(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    server.clock.advance(33 * 60 - 1)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    server.clock.advance(1 + 3600)
    assert client.v1.checkout.sessions.list({"status": "expired"}).data[0].id == session.id
    (event,) = client.v1.events.list({"types": ["checkout.session.expired"]}).data
    assert event.created == session.expires_at


def test_the_date_header_follows_the_servers_clock(server: PracticeServer, client: stripe.StripeClient) -> None:
    server.clock.advance(-3 * 24 * 3600)
    response: Any = client.v1.balance.retrieve().last_response
    assert response.headers["Date"] == server.clock.http_date()


def test_connect_amounts_follow_the_charge(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    server.connect("acct_1Artist")
    data = {"transfer_data": {"destination": "acct_1Artist"}, "application_fee_amount": 500}
    charge = client.v1.charges.retrieve(server.pay(open_session(payment_intent_data=data).id))
    assert charge.transfer_data is not None
    assert (charge.transfer_data.destination, charge.application_fee_amount) == ("acct_1Artist", 500)
    assert str(charge.application_fee).startswith("fee_")
    refund = client.v1.refunds.create({"charge": charge.id, "reverse_transfer": True, "refund_application_fee": True})
    assert str(refund.transfer_reversal).startswith("trr_")


def test_a_disabled_account_takes_no_payments(server: PracticeServer, open_session: Callable[..., Any]) -> None:
    server.set_charges_enabled(enabled=False)
    with pytest.raises(stripe.InvalidRequestError, match="cannot currently make charges"):
        open_session()
    server.set_charges_enabled(enabled=True)
    assert open_session().status == "open"


def test_the_balance_becomes_available_with_time(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    server.pay(open_session().id)
    before = client.v1.balance.retrieve()
    assert (before.pending[0].amount, before.available[0].amount) == (5885, 0)
    server.clock.advance(7 * 24 * 3600)
    after = client.v1.balance.retrieve()
    assert (after.pending[0].amount, after.available[0].amount) == (0, 5885)
