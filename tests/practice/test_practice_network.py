from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
import stripe

from inkdesk.practice import PracticeServer

OpenSession = Callable[..., Any]


def test_offline_stays_until_it_is_switched_off(
    server: PracticeServer, client: stripe.StripeClient, http: requests.Session, open_session: OpenSession
) -> None:
    session = open_session()
    server.faults.set_offline(offline=True)
    for _ in range(3):
        with pytest.raises(stripe.APIConnectionError):
            client.v1.checkout.sessions.retrieve(session.id)
        with pytest.raises(stripe.APIConnectionError):
            client.v1.checkout.sessions.expire(session.id)
    assert server.reads.count() == 0
    assert http.get(session.url).status_code == 200  # the payer has a network of their own
    server.pay(session.id)
    server.faults.set_offline(offline=False)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_clearing_the_faults_ends_offline(server: PracticeServer, client: stripe.StripeClient) -> None:
    server.faults.set_offline(offline=True)
    server.faults.clear()
    assert client.v1.balance.retrieve().livemode is False


def test_every_answer_of_the_api_waits(
    server: PracticeServer, new_client: Callable[..., stripe.StripeClient], http: requests.Session
) -> None:
    server.faults.set_delay(30)
    with pytest.raises(stripe.APIConnectionError, match="timed out"):
        new_client(timeout=0.05).v1.balance.retrieve()
    assert http.get(server.success_url, timeout=5).status_code == 200
    server.faults.set_delay(0)
    assert new_client().v1.balance.retrieve().livemode is False


def test_reads_are_counted_by_time_and_account(server: PracticeServer, client: stripe.StripeClient) -> None:
    server.connect("acct_1Artist")
    client.v1.balance.retrieve()
    server.clock.advance(3600)
    noon = server.clock.now()
    client.v1.balance.retrieve(options={"stripe_account": "acct_1Artist"})
    client.v1.events.list()
    assert server.reads.count() == 3
    assert server.reads.count(since=noon) == 2
    assert server.reads.count("/v1/balance", since=noon) == 1
    assert server.reads.count(since=noon + 1) == 0
    assert server.reads.count(account_id="acct_1Artist") == 1
    assert server.reads.count(account_id="") == 2


def test_events_can_vanish(server: PracticeServer, client: stripe.StripeClient, open_session: OpenSession) -> None:
    server.events.drop("checkout.session.*", "charge.*")
    server.pay(open_session().id)
    kinds = {event.type for event in client.v1.events.list().data}
    assert kinds == {"payment_intent.created", "payment_intent.succeeded"}
    server.events.drop()
    server.pay(open_session().id)
    assert client.v1.events.list().data[0].type == "checkout.session.completed"
    server.events.lose(1)
    assert client.v1.events.list({"type": "checkout.session.completed"}).data == []
    left = len(client.v1.events.list({"limit": 100}).data)
    server.events.lose(left + 1)
    assert client.v1.events.list().data == []


def test_a_stopping_server_does_not_wait_for_a_delay() -> None:
    with PracticeServer() as server:
        server.faults.set_delay(60)
        session = requests.Session()
        session.trust_env = False
        with session, pytest.raises(requests.Timeout):
            session.get(f"{server.url}/v1/balance", timeout=(5, 0.05))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("practice-")]
