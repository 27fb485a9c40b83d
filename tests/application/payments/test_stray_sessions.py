"""Sessions that are ours but not in the book: recovered ones (case 28), orphans of answers that were lost."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.payment_desk import PaymentDesk

from inkdesk.application.strays import Strays
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.payments import Payment, PaymentStatus
from inkdesk.practice.faults import Fault, FaultKind

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def strays_of(desk: PaymentDesk) -> Strays:
    return Strays(desk.database.write, desk.database.read, desk.clock)


def hint_and_settle(desk: PaymentDesk) -> list[int]:
    """What the worker does with events that name a recovered session."""
    found = strays_of(desk).hinted(desk.gateway, desk.gateway.hints_since(BEGINNING).events)
    contest = desk.payments.contest()
    for payment_id in found:
        contest.handle(payment_id)
    return found


def list_and_settle(desk: PaymentDesk) -> list[int]:
    """What a sweep does with the list of sessions."""
    found = strays_of(desk).listed(desk.gateway, desk.gateway.sessions_since(BEGINNING))
    contest = desk.payments.contest()
    for payment_id in found:
        contest.handle(payment_id)
    return found


def lapsed(desk: PaymentDesk) -> tuple[int, str]:
    """A hold whose link expired unpaid."""
    booking_id, session_id = desk.held_link()
    desk.pass_time(minutes=40)
    desk.look(sweep=True)
    assert desk.status(booking_id) is BookingStatus.LAPSED
    return booking_id, session_id


@pytest.mark.parametrize("way", [hint_and_settle, list_and_settle])
def test_a_recovered_session_that_gets_paid_is_an_attempt_of_its_booking(desk: PaymentDesk, way: object) -> None:
    booking_id, session_id = lapsed(desk)
    recovered = desk.server.recover(session_id)
    desk.server.pay(recovered)

    found = hint_and_settle(desk) if way is hint_and_settle else list_and_settle(desk)

    first, second = desk.attempts(booking_id)
    assert (found, second.session_id, second.attempt) == ([second.id], recovered, 2)
    assert (first.status, second.status) == (PaymentStatus.EXPIRED, PaymentStatus.PAID)
    assert desk.status(booking_id) is BookingStatus.CONFIRMED
    assert desk.ledger(booking_id) == ["asked", "paid"]
    assert list_and_settle(desk) == hint_and_settle(desk) == []


def test_a_session_that_was_recovered_twice_is_an_attempt_of_its_booking(desk: PaymentDesk) -> None:
    booking_id, session_id = lapsed(desk)
    first = desk.server.recover(session_id)
    assert list_and_settle(desk) == []
    assert desk.gateway.session(first).status.value == "expired"
    again = desk.server.recover(first)
    desk.server.pay(again)
    desk.pass_time(hours=2)

    desk.look(sweep=True)

    assert [one.session_id for one in desk.attempts(booking_id)] == [session_id, again]
    assert (desk.status(booking_id), desk.ledger(booking_id)) == (BookingStatus.CONFIRMED, ["asked", "paid"])


def test_a_session_that_was_recovered_twice_and_is_open_is_ended(lone_desk: PaymentDesk) -> None:
    _, session_id = lapsed(lone_desk)
    first = lone_desk.server.recover(session_id)
    lone_desk.server.expire(first)
    again = lone_desk.server.recover(first)

    assert list_and_settle(lone_desk) == []

    assert lone_desk.gateway.session(again).status.value == "expired"


def test_what_others_recovered_twice_costs_no_read(lone_desk: PaymentDesk) -> None:
    _, payment = lone_desk.hold()
    params = {**json.loads(payment.params), "metadata": {}}
    theirs = lone_desk.gateway.create_session(params, "foreign").session_id
    lone_desk.gateway.expire_session(theirs)
    first = lone_desk.server.recover(theirs)
    lone_desk.gateway.expire_session(first)
    lone_desk.server.recover(first)
    sessions = lone_desk.gateway.sessions_since(BEGINNING)
    lone_desk.gateway.take_reads()

    assert strays_of(lone_desk).listed(lone_desk.gateway, sessions) == []

    assert lone_desk.gateway.take_reads() == 0


def test_a_recovered_session_paid_beside_another_link_goes_back(desk: PaymentDesk) -> None:
    booking_id, session_id = lapsed(desk)
    recovered = desk.server.recover(session_id)
    desk.server.pay(desk.payments.resend_link(booking_id).payment.session_id)
    desk.look()
    desk.pass_time(seconds=5)
    desk.server.pay(recovered)

    hint_and_settle(desk)
    desk.look()

    assert [one.status for one in desk.attempts(booking_id)] == [
        PaymentStatus.EXPIRED,
        PaymentStatus.PAID,
        PaymentStatus.REFUNDED,
    ]
    assert desk.task_kinds() == ["paid_twice"]


def test_a_recovered_session_that_is_still_open_is_ended(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lapsed(lone_desk)
    recovered = lone_desk.server.recover(session_id)

    assert list_and_settle(lone_desk) == []

    assert lone_desk.gateway.session(recovered).status.value == "expired"
    assert len(lone_desk.attempts(booking_id)) == 1


def orphan(desk: PaymentDesk) -> tuple[Payment, str]:
    """A session that Stripe made for an attempt that was given up."""
    _, payment = desk.hold()
    made = desk.gateway.create_session(json.loads(payment.params), payment.idempotency_key)
    desk.payments.links.give_up(payment.id)
    return payment, made.session_id


def test_a_session_of_an_attempt_that_was_given_up_is_ended(lone_desk: PaymentDesk) -> None:
    payment, session_id = orphan(lone_desk)

    assert list_and_settle(lone_desk) == []

    assert lone_desk.gateway.session(session_id).status.value == "expired"
    assert lone_desk.payment(payment.booking_id).status is PaymentStatus.FAILED


def test_a_session_of_an_attempt_that_was_given_up_and_paid_is_paid(desk: PaymentDesk) -> None:
    payment, session_id = orphan(desk)
    desk.server.pay(session_id)

    assert list_and_settle(desk) == [payment.id]

    stored = desk.payment(payment.booking_id)
    assert (stored.status, stored.session_id) == (PaymentStatus.PAID, session_id)
    assert desk.status(payment.booking_id) is BookingStatus.CONFIRMED


def test_sessions_of_others_and_of_attempts_that_are_being_made_are_left_alone(lone_desk: PaymentDesk) -> None:
    _, payment = lone_desk.hold()
    params = json.loads(payment.params)
    being_made = lone_desk.gateway.create_session(params, payment.idempotency_key)
    foreign = [
        lone_desk.gateway.create_session({**params, "metadata": marks}, f"foreign-{number}").session_id
        for number, marks in enumerate(
            ({}, {"inkdesk_studio": "another", "inkdesk_booking": "1", "inkdesk_attempt": "1"})
        )
    ]
    lone_desk.server.pay(foreign[0])

    assert list_and_settle(lone_desk) == []

    assert lone_desk.gateway.session(being_made.session_id).status.value == "open"
    assert lone_desk.gateway.session(foreign[1]).status.value == "open"
    assert len(lone_desk.attempts(payment.booking_id)) == 1


def test_money_of_an_attempt_that_a_backup_gave_to_somebody_else_is_left_alone(lone_desk: PaymentDesk) -> None:
    _, payment = lone_desk.hold()
    params = json.loads(payment.params)
    lone_desk.payments.open_link(payment.id)
    lost = lone_desk.gateway.create_session(params, "before-the-backup")
    lone_desk.server.pay(lost.session_id)

    assert list_and_settle(lone_desk) == []

    assert len(lone_desk.attempts(payment.booking_id)) == 1


def test_an_ended_attempt_that_is_still_open_at_stripe_is_ended_there(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    with lone_desk.database.write() as uow:
        uow.payments.save(replace(lone_desk.payment(booking_id), status=PaymentStatus.FAILED))
        uow.commit()

    assert list_and_settle(lone_desk) == []

    assert lone_desk.gateway.session(session_id).status.value == "expired"


def test_one_stray_that_stripe_cannot_speak_of_stops_no_look(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lapsed(lone_desk)
    recovered = lone_desk.server.recover(session_id)
    lone_desk.server.pay(recovered)
    lone_desk.server.faults.add(Fault(FaultKind.ERROR_BEFORE, f"/v1/checkout/sessions/{recovered}", times=9))

    assert hint_and_settle(lone_desk) == []
    lone_desk.server.faults.clear()

    assert list_and_settle(lone_desk) == [lone_desk.payment(booking_id).id]
