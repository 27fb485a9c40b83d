from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from inkdesk.practice import Fault, FaultKind, PracticeServer

Params = stripe.params.checkout.SessionCreateParams


def test_a_repeated_key_replays_the_first_answer(
    server: PracticeServer, client: stripe.StripeClient, session_params: Params
) -> None:
    first: Any = client.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"})
    server.pay(first.id)
    server.clock.advance(600)
    again: Any = client.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"})
    assert again.to_dict() == first.to_dict()
    assert again.status == "open"
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert again.last_response.headers["Original-Request"] == first.last_response.request_id
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_the_same_key_with_other_parameters_is_refused(client: stripe.StripeClient, session_params: Params) -> None:
    created = client.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"})
    session_params["client_reference_id"] = "booking-8"
    with pytest.raises(stripe.IdempotencyError, match="same parameters they were first used with") as caught:
        client.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"})
    assert caught.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client.v1.checkout.sessions.expire(created.id, options={"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError, match="255 characters"):
        client.v1.checkout.sessions.create(session_params, {"idempotency_key": "k" * 256})


def test_a_refusal_is_replayed_but_bad_parameters_are_not_saved(
    server: PracticeServer, client: stripe.StripeClient, session_params: Params
) -> None:
    sessions = client.v1.checkout.sessions
    good = session_params["expires_at"]
    session_params["expires_at"] = server.clock.now() + 60
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="at least 30 minutes"):
            sessions.create(session_params, {"idempotency_key": "k"})
    wrong: Any = {**session_params, "expires_at": "soon"}
    with pytest.raises(stripe.InvalidRequestError, match="Invalid integer"):
        sessions.create(wrong, {"idempotency_key": "other"})
    session_params["expires_at"] = good
    assert sessions.create(session_params, {"idempotency_key": "other"}).status == "open"


def test_keys_belong_to_an_account_and_are_forgotten_after_a_day(
    server: PracticeServer, client: stripe.StripeClient, session_params: Params
) -> None:
    server.connect("acct_1Artist")
    sessions = client.v1.checkout.sessions
    own = sessions.create(session_params, {"idempotency_key": "k"})
    other = sessions.create(session_params, {"idempotency_key": "k", "stripe_account": "acct_1Artist"})
    assert own.id != other.id
    with pytest.raises(stripe.InvalidRequestError, match=r"No such checkout\.session") as caught:
        sessions.retrieve(other.id)
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    server.clock.advance(24 * 3600)
    session_params["expires_at"] += 24 * 3600
    assert sessions.create(session_params, {"idempotency_key": "k"}).id != own.id


def test_a_key_in_use_is_a_conflict(
    server: PracticeServer, new_client: Callable[..., stripe.StripeClient], session_params: Params
) -> None:
    held = server.faults.add(Fault(FaultKind.HELD, path="/v1/checkout/*", method="POST"))
    slow, fast = new_client(), new_client()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow.v1.checkout.sessions.create, session_params, {"idempotency_key": "k"})
        assert held.entered.wait(10)
        with pytest.raises(stripe.APIError, match="another in-progress request") as caught:
            fast.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"})
        held.gate.set()
        created = running.result(10)
    assert caught.value.http_status == 409
    body: Any = caught.value.json_body
    assert body["error"]["code"] == "idempotency_key_in_use"
    assert fast.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"}).id == created.id


def test_twenty_threads_with_one_key_make_one_session(
    server: PracticeServer, new_client: Callable[..., stripe.StripeClient], session_params: Params
) -> None:
    clients = [new_client() for _ in range(20)]
    together = threading.Barrier(len(clients))

    def create(client: stripe.StripeClient) -> str:
        together.wait(10)
        try:
            return client.v1.checkout.sessions.create(session_params, {"idempotency_key": "k"}).id
        except stripe.APIError as error:
            return f"conflict {error.http_status}"

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = set(pool.map(create, clients))
    made = [row.id for row in clients[0].v1.checkout.sessions.list().data]
    assert len(made) == 1
    assert answers - {"conflict 409"} == set(made)
