from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
import stripe

from inkdesk.practice import KEY_RIGHTS, PracticeServer


def test_a_missing_key_is_a_401_in_stripes_words(server: PracticeServer, http: requests.Session) -> None:
    answer = http.get(f"{server.url}/v1/balance")
    assert answer.status_code == 401
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert error["message"].startswith("You did not provide an API key.")
    assert answer.headers["Request-Id"].startswith("req_")


@pytest.mark.parametrize("key", ["rk_test_unknown1234", "sk_live_abcdefgh1234", "pk_test_abcdefgh1234"])
def test_a_key_that_does_not_work_here_is_a_401(server: PracticeServer, http: requests.Session, key: str) -> None:
    answer = http.get(f"{server.url}/v1/balance", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 401
    message = answer.json()["error"]["message"]
    assert message.startswith("Invalid API Key provided: ")
    assert message.endswith("1234")
    assert key not in message


def test_only_test_keys_can_be_granted(server: PracticeServer) -> None:
    with pytest.raises(ValueError, match="rk_test_ and sk_test_"):
        server.access.grant("rk_live_real")


@pytest.mark.parametrize(
    ("right", "path"),
    [
        ("rak_checkout_session_write", "/v1/checkout/sessions"),
        ("rak_payment_intent_read", "/v1/payment_intents"),
        ("rak_charge_write", "/v1/charges"),
        ("rak_refund_write", "/v1/refunds"),
        ("rak_event_read", "/v1/events"),
        ("rak_dispute_read", "/v1/disputes"),
        ("rak_balance_read", "/v1/balance"),
        ("rak_connected_account_read", "/v1/account"),
    ],
)
def test_each_right_opens_its_path_and_a_403_names_it(
    server: PracticeServer, http: requests.Session, right: str, path: str
) -> None:
    headers = {"Authorization": f"Bearer {server.key}"}
    assert http.get(f"{server.url}{path}", headers=headers).status_code == 200
    server.access.withdraw(server.key, right)
    answer = http.get(f"{server.url}{path}", headers=headers)
    assert answer.status_code == 403
    message = answer.json()["error"]["message"]
    assert f"Having the '{right.replace('_write', '_read')}' permission would allow" in message
    assert server.account_id in message


def test_reading_does_not_include_writing(server: PracticeServer, client: stripe.StripeClient) -> None:
    server.access.grant(server.key, KEY_RIGHTS - {"rak_refund_write"} | {"rak_refund_read"})
    assert client.v1.refunds.list().data == []
    with pytest.raises(stripe.PermissionError, match="rak_refund_write"):
        client.v1.refunds.create({"payment_intent": "pi_1"})


def test_a_secret_test_key_has_every_right_until_it_is_revoked(
    server: PracticeServer, new_client: Callable[..., stripe.StripeClient]
) -> None:
    server.access.grant("sk_test_everything", frozenset())
    client = new_client(key="sk_test_everything")
    assert client.v1.accounts.retrieve_current().id == server.account_id
    server.access.revoke("sk_test_everything")
    with pytest.raises(stripe.AuthenticationError):
        client.v1.accounts.retrieve_current()


def test_expanding_needs_the_right_to_see_what_is_shown(
    server: PracticeServer, client: stripe.StripeClient, open_session: Callable[..., Any]
) -> None:
    session = open_session()
    server.pay(session.id)
    server.access.withdraw(server.key, "rak_payment_intent_read")
    with pytest.raises(stripe.PermissionError, match="rak_payment_intent_read"):
        client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})


def test_another_api_version_is_refused(server: PracticeServer, http: requests.Session) -> None:
    headers = {"Authorization": f"Bearer {server.key}", "Stripe-Version": "2020-08-27"}
    answer = http.get(f"{server.url}/v1/balance", headers=headers)
    assert answer.status_code == 400
    assert "2026-10-28.endive" in answer.json()["error"]["message"]


def test_an_unknown_url_and_a_foreign_host_are_refused(server: PracticeServer, http: requests.Session) -> None:
    answer = http.get(f"{server.url}/v1/customers", headers={"Authorization": f"Bearer {server.key}"})
    assert answer.status_code == 404
    assert "Unrecognized request URL (GET: /v1/customers)" in answer.json()["error"]["message"]
    assert http.get(f"{server.url}/v1/balance", headers={"Host": "evil.example"}).status_code == 421


def test_a_connected_account_keeps_its_own_books(server: PracticeServer, client: stripe.StripeClient) -> None:
    server.connect("acct_1Artist")
    assert client.v1.accounts.retrieve("acct_1Artist").charges_enabled
    assert client.v1.accounts.retrieve_current(options={"stripe_account": "acct_1Artist"}).id == "acct_1Artist"
    with pytest.raises(stripe.PermissionError, match="does not have access to account 'acct_1Nobody'"):
        client.v1.balance.retrieve(options={"stripe_account": "acct_1Nobody"})
    server.set_charges_enabled(enabled=False, account_id="acct_1Artist")
    assert not client.v1.accounts.retrieve("acct_1Artist").charges_enabled
    assert client.v1.events.list().data == []
    events = client.v1.events.list(options={"stripe_account": "acct_1Artist"}).data
    assert [event.type for event in events] == ["account.updated"]
