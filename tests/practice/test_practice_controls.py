"""What a trainer sees and does, by session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from inkdesk.practice import Controls, PracticeServer, SeenSession, WrongStateError

OpenSession = Callable[..., Any]
DAY_S = 24 * 3600


@pytest.fixture
def controls(server: PracticeServer) -> Controls:
    return server.controls


@pytest.fixture
def session_id(open_session: OpenSession) -> str:
    return str(open_session().id)


def _seen(controls: Controls) -> SeenSession:
    (seen,) = controls.sessions()
    return seen


def test_every_state_has_its_word(controls: Controls, session_id: str) -> None:
    states = [_seen(controls).state]
    for act in (
        lambda: controls.decline(session_id),
        lambda: controls.pay_later(session_id),
        lambda: controls.arrive(session_id),
        lambda: controls.refund_payment(session_id, half=True),
        lambda: controls.refund_payment(session_id, half=True),
        lambda: controls.go_wrong(session_id),
        lambda: controls.dispute_payment(session_id),
        lambda: controls.decide(session_id, won=True),
    ):
        act()
        states.append(_seen(controls).state)
    assert states == [
        "open",
        "declined",
        "processing",
        "paid",
        "partly_refunded",
        "partly_refunded",
        "partly_refunded",
        "disputed",
        "dispute_won",
    ]
    seen = _seen(controls)
    assert (seen.amount, seen.currency, seen.client_reference) == (6000, "eur", "booking-7")
    assert seen.refunded == 1500  # 3000 failed, 1500 went through


def test_a_delayed_payment_fails(controls: Controls, session_id: str) -> None:
    controls.pay_later(session_id)
    controls.go_wrong(session_id)
    assert _seen(controls).state == "failed"


def test_a_refund_on_its_way_arrives_or_fails(controls: Controls, session_id: str) -> None:
    controls.pay(session_id)
    controls.refund_next_as("pending")
    assert controls.refund_outcome == "pending"
    controls.refund_payment(session_id)
    assert _seen(controls).state == "refund_pending"
    controls.go_wrong(session_id)
    assert _seen(controls).state == "paid"
    controls.refund_payment(session_id)
    controls.arrive(session_id)
    assert (_seen(controls).state, _seen(controls).refunded) == ("refunded", 6000)


def test_the_refund_on_its_way_fails_before_one_that_arrived(controls: Controls, session_id: str) -> None:
    controls.pay(session_id)
    controls.refund_payment(session_id, half=True)
    controls.refund_next_as("pending")
    controls.refund_payment(session_id)
    controls.go_wrong(session_id)
    assert (_seen(controls).state, _seen(controls).refunded) == ("partly_refunded", 3000)
    controls.refund_payment(session_id, half=True)
    controls.arrive(session_id)
    assert (_seen(controls).state, _seen(controls).refunded) == ("partly_refunded", 4500)


def test_a_lost_dispute(controls: Controls, session_id: str) -> None:
    controls.pay(session_id)
    controls.dispute_payment(session_id)
    controls.decide(session_id, won=False)
    assert _seen(controls).state == "dispute_lost"


def test_an_inquiry_that_was_dropped_leaves_the_payment_as_it_was(
    server: PracticeServer, controls: Controls, session_id: str
) -> None:
    dispute_id = server.dispute(server.pay(session_id), "warning_needs_response")
    assert _seen(controls).state == "disputed"
    server.advance_dispute(dispute_id, "warning_closed")
    assert _seen(controls).state == "paid"


@pytest.mark.parametrize(
    "act",
    [
        lambda controls, session_id: controls.arrive(session_id),
        lambda controls, session_id: controls.go_wrong(session_id),
        lambda controls, session_id: controls.refund_payment(session_id),
        lambda controls, session_id: controls.dispute_payment(session_id),
        lambda controls, session_id: controls.decide(session_id, won=True),
    ],
)
def test_what_is_not_possible_is_refused(
    controls: Controls, session_id: str, act: Callable[[Controls, str], None]
) -> None:
    with pytest.raises(WrongStateError):
        act(controls, session_id)
    assert _seen(controls).state == "open"


def test_a_paid_payment_has_nothing_to_decide(controls: Controls, session_id: str) -> None:
    controls.pay(session_id)
    with pytest.raises(WrongStateError, match="not disputed"):
        controls.decide(session_id, won=True)
    with pytest.raises(WrongStateError, match="no such refund"):
        controls.arrive(session_id)


def test_a_jump_brings_about_what_is_due(server: PracticeServer, controls: Controls, session_id: str) -> None:
    before = controls.now()
    controls.jump(DAY_S)
    assert (controls.now(), server.clock.now()) == (before + DAY_S, before + DAY_S)
    assert _seen(controls).state == "expired"


def test_the_newest_sessions_of_all_accounts_come_first(
    server: PracticeServer,
    client: stripe.StripeClient,
    controls: Controls,
    session_params: stripe.params.checkout.SessionCreateParams,
) -> None:
    server.connect("acct_1Artist")
    made = []
    for options in ({}, {"stripe_account": "acct_1Artist"}, {}):
        server.clock.advance(1)
        made.append(client.v1.checkout.sessions.create(session_params, options).id)  # type: ignore[arg-type]
    assert [seen.session_id for seen in controls.sessions()] == made[::-1]
    assert [seen.session_id for seen in controls.sessions(2)] == made[:0:-1]


def test_the_switches_are_the_servers(server: PracticeServer, controls: Controls, client: stripe.StripeClient) -> None:
    controls.set_offline(offline=True)
    controls.set_delay(3)
    assert (controls.is_offline, controls.answer_delay_s) == (True, 3)
    with pytest.raises(stripe.APIConnectionError):
        client.v1.balance.retrieve()
    server.faults.clear()
    assert (controls.is_offline, controls.answer_delay_s) == (False, 0)
    client.v1.balance.retrieve()
    assert controls.reads.count() == 1
