"""Sending an attempt: two senders at once, replayed answers, accounts that may not charge, and what is kept of it."""

import json
from dataclasses import replace
from threading import Thread

import pytest
from support.payment_desk import PaymentDesk

from inkdesk.application.links import OpenedLink
from inkdesk.application.payment_gateway import GatewayInFlight, GatewayUnreachable
from inkdesk.domain.errors import ErrorCode, StaleRecord, StripeNotConfigured
from inkdesk.domain.payments import PaymentStatus
from inkdesk.practice.faults import Fault, FaultKind

SESSIONS = "/v1/checkout/sessions"


def test_a_second_sender_makes_no_second_attempt(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    held = Fault(FaultKind.HELD, SESSIONS, "POST")
    lone_desk.server.faults.add(held)
    opened: list[OpenedLink] = []
    first = Thread(target=lambda: opened.append(lone_desk.payments.open_link(payment.id)))
    first.start()
    assert held.entered.wait(5)
    lone_desk.clock.advance(minutes=15)  # long past every patience
    lone_desk.server.clock.advance(15)

    with pytest.raises(GatewayInFlight):
        lone_desk.payments.open_link(payment.id)
    lone_desk.look(sweep=True)

    held.gate.set()
    first.join(10)
    [only] = lone_desk.attempts(booking.id)
    assert (only.status, only.url) == (PaymentStatus.OPEN, opened[0].url)


def test_a_replayed_answer_is_never_taken_for_the_truth(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    made = lone_desk.gateway.create_session(json.loads(payment.params), payment.idempotency_key)
    lone_desk.gateway.expire_session(made.session_id)

    with pytest.raises(StaleRecord):
        lone_desk.payments.open_link(payment.id)

    assert lone_desk.payment(booking.id).status is PaymentStatus.EXPIRED


def test_an_account_that_may_not_charge_freezes_the_attempt(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    lone_desk.server.set_charges_enabled(enabled=False)

    with pytest.raises(StripeNotConfigured) as refusal:
        lone_desk.payments.open_link(payment.id)

    assert refusal.value.code is ErrorCode.STRIPE_NOT_CONFIGURED
    frozen = lone_desk.payment(booking.id)
    assert (frozen.status, frozen.params) == (PaymentStatus.CREATING, payment.params)
    assert frozen.idempotency_key != payment.idempotency_key  # Stripe keeps a refusal for a day
    lone_desk.server.set_charges_enabled(enabled=True)
    assert lone_desk.payments.open_link(payment.id).payment.id == payment.id
    assert len(lone_desk.attempts(booking.id)) == 1


def test_what_an_attempt_was_asked_with_is_forgotten_once_it_is_made(lone_desk: PaymentDesk) -> None:
    with lone_desk.database.write() as uow:
        uow.clients.save(replace(lone_desk.book.client, email="marker@example.com"))
        uow.commit()
    booking, payment = lone_desk.hold()
    assert "marker@example.com" in payment.params
    opened = lone_desk.payments.open_link(payment.id)
    assert (opened.payment.params, opened.payment.url) == ("", opened.url)

    lone_desk.server.pay(opened.payment.session_id)
    lone_desk.look()

    assert (lone_desk.payment(booking.id).params, lone_desk.payment(booking.id).url) == ("", "")


def test_an_attempt_that_is_given_up_keeps_no_request(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    lone_desk.payments.links.give_up(payment.id)
    assert (lone_desk.payment(booking.id).status, lone_desk.payment(booking.id).params) == (PaymentStatus.FAILED, "")


def test_an_orphan_is_remembered_although_it_could_not_be_ended(
    lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking, payment = lone_desk.hold()
    create = lone_desk.gateway.create_session

    def given_up_meanwhile(params: dict[str, object], key: str, account: str = "") -> object:
        facts = create(params, key, account)
        lone_desk.payments.links.give_up(payment.id)
        lone_desk.server.faults.add(Fault(FaultKind.CUT_BEFORE, f"{SESSIONS}/*/expire", "POST"))
        return facts

    monkeypatch.setattr(lone_desk.gateway, "create_session", given_up_meanwhile)
    with pytest.raises(StaleRecord):
        lone_desk.payments.open_link(payment.id)
    orphan = lone_desk.payment(booking.id)
    assert (orphan.status, orphan.session_id[:3]) == (PaymentStatus.FAILED, "cs_")
    assert lone_desk.gateway.session(orphan.session_id).status.value == "open"
    monkeypatch.undo()
    lone_desk.server.faults.clear()

    lone_desk.look(sweep=True)

    assert lone_desk.gateway.session(orphan.session_id).status.value == "expired"


def test_a_lost_answer_still_needs_the_request(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    lone_desk.server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, SESSIONS, "POST"))
    with pytest.raises(GatewayUnreachable):
        lone_desk.payments.open_link(payment.id)
    assert lone_desk.payment(booking.id).params == payment.params
