"""Money shared with an artist's account: no cent is lost on the way, nor on the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from inkdesk.practice import PracticeServer

OpenSession = Callable[..., Any]
ARTIST = "acct_1Artist"
AS_ARTIST: Any = {"stripe_account": ARTIST}


@pytest.fixture
def shared(server: PracticeServer, open_session: OpenSession) -> str:
    """A paid destination charge of 60.00 EUR with a fee of 10.01 EUR for the studio."""
    server.connect(ARTIST)
    data = {"transfer_data": {"destination": ARTIST}, "application_fee_amount": 1001}
    return server.pay(open_session(payment_intent_data=data).id)


def _book(client: stripe.StripeClient, options: Any = None) -> list[tuple[str, int, int]]:  # noqa: ANN401 -- request options
    rows = client.v1.balance_transactions.list({"limit": 100}, options).data
    return sorted((row.type, row.amount, row.fee) for row in rows)


def _net(client: stripe.StripeClient, options: Any = None) -> int:  # noqa: ANN401 -- request options
    return sum(row.net for row in client.v1.balance_transactions.list({"limit": 100}, options).data)


def test_a_destination_charge_is_shared(client: stripe.StripeClient, shared: str) -> None:
    assert _book(client) == [("application_fee", 1001, 0), ("charge", 6000, 115), ("transfer", -6000, 0)]
    assert _book(client, AS_ARTIST) == [("payment", 6000, 1001)]
    assert _net(client) + _net(client, AS_ARTIST) == 6000 - 115
    (payment,) = client.v1.charges.list(options=AS_ARTIST).data
    assert payment.source_transfer == client.v1.charges.retrieve(shared).transfer
    listed = client.v1.balance_transactions.list({"type": "transfer"}).data
    (charged,) = client.v1.balance_transactions.list({"type": "charge"}).data
    assert [row.available_on for row in listed] == [charged.available_on]


def test_a_refund_brings_both_shares_back_to_the_cent(client: stripe.StripeClient, shared: str) -> None:
    params: Any = {"charge": shared, "reverse_transfer": True, "refund_application_fee": True}
    first = client.v1.refunds.create(params | {"amount": 999})
    assert str(first.transfer_reversal).startswith("trr_")
    assert ("transfer_refund", 999, 0) in _book(client)
    assert ("application_fee_refund", -166, 0) in _book(client)
    assert ("payment_refund", -999, -166) in _book(client, AS_ARTIST)
    client.v1.refunds.create(params | {"amount": 1})
    client.v1.refunds.create(params)
    assert _net(client) == -115
    assert _net(client, AS_ARTIST) == 0


def test_what_a_failed_refund_took_back_stays_with_the_studio_and_is_not_taken_twice(
    server: PracticeServer, client: stripe.StripeClient, shared: str
) -> None:
    params: Any = {"charge": shared, "reverse_transfer": True, "refund_application_fee": True}
    half = client.v1.refunds.create(params | {"amount": 3000})
    server.fail_refund(half.id)
    assert _net(client) == 6000 - 115 - _net(client, AS_ARTIST)
    assert _net(client, AS_ARTIST) == (6000 - 1001) - (3000 - 500)
    whole = client.v1.refunds.create(params)
    assert (_net(client), _net(client, AS_ARTIST)) == (-115, 0)
    server.fail_refund(whole.id)
    client.v1.refunds.create(params)
    assert (_net(client), _net(client, AS_ARTIST)) == (-115, 0)


@pytest.mark.parametrize(
    ("wishes", "studio", "artist"),
    [
        ({}, -115 + 1001 - 6000, 6000 - 1001),
        ({"reverse_transfer": True}, -115 + 1001, -1001),
        ({"refund_application_fee": True}, -115 - 6000, 6000),
    ],
)
def test_what_is_not_asked_back_stays(
    client: stripe.StripeClient, shared: str, wishes: dict[str, Any], studio: int, artist: int
) -> None:
    params: Any = {"charge": shared, **wishes}
    client.v1.refunds.create(params)
    assert (_net(client), _net(client, AS_ARTIST)) == (studio, artist)


def test_a_share_can_be_a_given_amount(
    server: PracticeServer, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    server.connect(ARTIST)
    server.pay(open_session(payment_intent_data={"transfer_data": {"destination": ARTIST, "amount": 4500}}).id)
    assert _book(client) == [("charge", 6000, 115), ("transfer", -4500, 0)]
    assert _book(client, AS_ARTIST) == [("payment", 4500, 0)]


@pytest.mark.parametrize("fee", [0, 600])
def test_a_direct_charge_belongs_to_the_artist(
    server: PracticeServer,
    client: stripe.StripeClient,
    session_params: stripe.params.checkout.SessionCreateParams,
    fee: int,
) -> None:
    server.connect(ARTIST)
    data: Any = {"application_fee_amount": fee} if fee else {}
    session = client.v1.checkout.sessions.create({**session_params, "payment_intent_data": data}, AS_ARTIST)
    charge_id = server.pay(session.id)
    assert _book(client, AS_ARTIST) == [("charge", 6000, 115 + fee)]
    assert _net(client) == fee
    if fee:
        (row,) = client.v1.balance_transactions.list(options=AS_ARTIST).data
        assert {detail.type: detail.amount for detail in row.fee_details} == {"stripe_fee": 115, "application_fee": fee}
        client.v1.refunds.create({"charge": charge_id, "refund_application_fee": True}, AS_ARTIST)
    else:
        with pytest.raises(stripe.InvalidRequestError, match="no application fee"):
            client.v1.refunds.create({"charge": charge_id, "refund_application_fee": True}, AS_ARTIST)
        client.v1.refunds.create({"charge": charge_id}, AS_ARTIST)
    assert (_net(client), _net(client, AS_ARTIST)) == (0, -115)


def test_late_balances_are_shared_when_they_come(
    server: PracticeServer, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    server.connect(ARTIST)
    server.withhold_balance_transactions()
    server.pay(open_session(payment_intent_data={"transfer_data": {"destination": ARTIST}}).id)
    assert _book(client) == _book(client, AS_ARTIST) == []
    server.release_balance_transactions()
    assert _net(client) == -115
    assert _net(client, AS_ARTIST) == 6000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"transfer_data": {"destination": ARTIST}, "application_fee_amount": 6001}, "must be less than or equal"),
        ({"transfer_data": {"destination": ARTIST, "amount": 6001}}, "must be less than or equal"),
        ({"transfer_data": {"destination": ARTIST}, "application_fee_amount": -1}, "non-negative"),
        (
            {"transfer_data": {"destination": ARTIST, "amount": 5}, "application_fee_amount": 1},
            "only specify one of these",
        ),
        ({"transfer_data": {"destination": "acct_other"}}, "No such destination: 'acct_other'"),
        ({"on_behalf_of": "acct_other"}, "No such destination: 'acct_other'"),
    ],
)
def test_wrong_shares_are_refused(
    server: PracticeServer, open_session: OpenSession, data: dict[str, Any], message: str
) -> None:
    server.connect(ARTIST)
    with pytest.raises(stripe.InvalidRequestError, match=message):
        open_session(payment_intent_data=data)


def test_an_account_that_cannot_take_money_is_refused(
    server: PracticeServer, client: stripe.StripeClient, open_session: OpenSession
) -> None:
    server.connect(ARTIST)
    data = {"transfer_data": {"destination": ARTIST}, "on_behalf_of": ARTIST}
    server.set_capability("transfers", "inactive", ARTIST)
    with pytest.raises(stripe.InvalidRequestError, match="at least one of the following capabilities") as caught:
        open_session(payment_intent_data=data)
    assert caught.value.code == "insufficient_capabilities_for_transfer"
    server.set_capability("transfers", "active", ARTIST)
    server.set_charges_enabled(enabled=False, account_id=ARTIST)
    with pytest.raises(stripe.InvalidRequestError, match="on_behalf_of"):
        open_session(payment_intent_data=data)
    assert open_session().status == "open"
    account = client.v1.accounts.retrieve(ARTIST)
    assert account.capabilities is not None
    assert (account.charges_enabled, account.capabilities.card_payments) == (False, "inactive")
    kinds = [event.type for event in client.v1.events.list(options=AS_ARTIST).data]
    assert kinds == ["account.updated"] * 3
    assert client.v1.events.list({"type": "account.updated"}).data == []


def test_an_artist_can_take_the_access_back(
    server: PracticeServer, client: stripe.StripeClient, open_session: OpenSession, shared: str
) -> None:
    server.disconnect(ARTIST)
    for ask in (
        lambda: client.v1.balance.retrieve(options=AS_ARTIST),
        lambda: client.v1.accounts.retrieve(ARTIST),
    ):
        with pytest.raises(stripe.PermissionError, match="does not have access to account") as caught:
            ask()
        assert caught.value.http_status == 403
    with pytest.raises(stripe.InvalidRequestError, match="No such destination"):
        open_session(payment_intent_data={"transfer_data": {"destination": ARTIST}})
    server.connect(ARTIST)
    assert _net(client, AS_ARTIST) == 6000 - 1001
    assert client.v1.charges.retrieve(shared).paid
