"""Answers lost, crashes, busy or broken servers, refused keys, wrong clocks: nothing doubled, nothing lost."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.book import TUESDAY
from support.payment_desk import PaymentDesk

from inkdesk.application.payment_gateway import (
    GatewayBusy,
    GatewayNotAllowed,
    GatewayRefused,
    GatewayUnreachable,
)
from inkdesk.application.poll_state import PollState
from inkdesk.application.reconcile_service import LookResult
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import StaleRecord, ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.payments import PaymentStatus
from inkdesk.domain.refunds import RefundStatus
from inkdesk.practice.faults import Fault, FaultKind

SESSIONS = "/v1/checkout/sessions"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def sessions_made(desk: PaymentDesk) -> list[str]:
    return [facts.session_id for facts in desk.gateway.sessions_since(BEGINNING)]


def test_create_whose_answer_is_lost_gives_one_session(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    lone_desk.server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, SESSIONS, "POST"))
    with pytest.raises(GatewayUnreachable):
        lone_desk.payments.open_link(payment.id)
    assert lone_desk.payment(booking.id).status is PaymentStatus.CREATING

    opened = lone_desk.payments.open_link(payment.id)

    assert sessions_made(lone_desk) == [opened.payment.session_id]
    assert opened.url.count("#") == 1
    assert lone_desk.payment(booking.id).status is PaymentStatus.OPEN


def test_crash_between_answer_and_commit_is_mended_at_start(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    made = lone_desk.gateway.create_session(json.loads(payment.params), payment.idempotency_key)

    lone_desk.look(sweep=True)

    stored = lone_desk.payment(booking.id)
    assert (stored.status, stored.session_id) == (PaymentStatus.OPEN, made.session_id)
    assert sessions_made(lone_desk) == [made.session_id]
    assert lone_desk.payments.open_link(payment.id).url == made.url


def test_attempt_that_another_thread_is_sending_is_left_to_it(lone_desk: PaymentDesk) -> None:
    booking, _ = lone_desk.hold()

    lone_desk.look()

    assert lone_desk.payment(booking.id).status is PaymentStatus.CREATING
    lone_desk.pass_time(seconds=21)
    lone_desk.look()
    assert lone_desk.payment(booking.id).status is PaymentStatus.OPEN


def test_late_retry_makes_a_second_attempt_with_a_full_hold(lone_desk: PaymentDesk) -> None:
    booking, payment = lone_desk.hold()
    lone_desk.pass_time(minutes=10)

    lone_desk.look(sweep=True)

    first, second = lone_desk.attempts(booking.id)
    assert (first.id, first.status) == (payment.id, PaymentStatus.FAILED)
    assert (second.status, second.attempt) == (PaymentStatus.OPEN, 2)
    assert first.idempotency_key != second.idempotency_key
    assert sessions_made(lone_desk) == [second.session_id]
    held = lone_desk.booking(booking.id).hold_until
    assert held is not None
    assert (held - lone_desk.clock.now()).total_seconds() == 1800


def test_attempt_never_sent_ends_with_its_hold(lone_desk: PaymentDesk) -> None:
    booking, _ = lone_desk.hold()
    lone_desk.pass_time(hours=9)

    lone_desk.look(sweep=True)

    assert lone_desk.status(booking.id) is BookingStatus.LAPSED
    assert lone_desk.payment(booking.id).status is PaymentStatus.FAILED
    assert sessions_made(lone_desk) == []


@pytest.mark.parametrize(("hours_off", "attempts"), [(-5, 2), (7, 1), (30, 2)])
def test_wrong_clock_is_corrected_by_stripes(lone_desk: PaymentDesk, hours_off: int, attempts: int) -> None:
    lone_desk.clock.advance(hours=hours_off)
    booking, payment = lone_desk.hold()

    opened = lone_desk.payments.open_link(payment.id)

    stripe_now = lone_desk.server.clock.now()
    held = lone_desk.booking(booking.id).hold_until
    assert held is not None
    assert held.timestamp() == stripe_now + 1800
    assert opened.payment.attempt == attempts  # seven hours ahead is not refused, but the hold would be too long
    assert [one.status for one in lone_desk.attempts(booking.id)[:-1]] == [PaymentStatus.FAILED] * (attempts - 1)
    result = lone_desk.look(sweep=True)
    assert result.offset_s == -hours_off * 3600
    assert result.banner is not None
    assert lone_desk.status(booking.id) is BookingStatus.PENDING_PAYMENT  # nothing lapses early
    lone_desk.pass_time(minutes=31)
    lone_desk.look()
    assert lone_desk.status(booking.id) is BookingStatus.LAPSED


def test_a_fast_clock_at_the_first_look_hides_no_event(lone_desk: PaymentDesk) -> None:
    lone_desk.clock.advance(hours=7)
    lone_desk.look()
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)

    assert lone_desk.look().paid == (booking_id,)


TROUBLES = [
    FaultKind.RATE_LIMITED,
    FaultKind.ERROR_BEFORE,
    FaultKind.ERROR_AFTER_COMMIT,
    FaultKind.HTML_503,
    FaultKind.CUT_BEFORE,
    FaultKind.CUT_AFTER_COMMIT,
]


@pytest.mark.parametrize("kind", TROUBLES)
@pytest.mark.parametrize("path", ["/v1/events", f"{SESSIONS}/*"])
def test_trouble_at_any_call_of_a_lapse_resumes_without_doubles(
    lone_desk: PaymentDesk, kind: FaultKind, path: str
) -> None:
    booking_id, _ = lone_desk.held_link()
    paid_id, session_id = lone_desk.held_link(TUESDAY.replace(hour=14))
    lone_desk.server.pay(session_id)
    lone_desk.pass_time(minutes=31)
    lone_desk.server.faults.add(Fault(kind, path, times=2))

    results = [_later(lone_desk) for _ in range(5)]

    assert results[0].is_trouble
    assert results[0].banner is not None
    assert not results[-1].is_trouble
    assert lone_desk.status(booking_id) is BookingStatus.LAPSED
    assert lone_desk.status(paid_id) is BookingStatus.CONFIRMED
    assert lone_desk.ledger(paid_id) == ["asked", "paid"]


def _later(desk: PaymentDesk) -> LookResult:
    result = desk.look()
    desk.pass_time(seconds=61)
    return result


def test_busy_stripe_is_left_alone_by_every_call_until_the_wait_is_over(lone_desk: PaymentDesk) -> None:
    _, payment = lone_desk.hold()
    lone_desk.server.faults.add(Fault(FaultKind.RATE_LIMITED, "/v1/events"))
    lone_desk.look()
    before = lone_desk.server.reads.count()

    with pytest.raises(GatewayBusy):
        lone_desk.payments.open_link(payment.id)
    assert lone_desk.look().is_trouble
    assert lone_desk.server.reads.count() == before

    lone_desk.monotonic.at += 3
    assert lone_desk.payments.open_link(payment.id).url


def test_revoked_key_freezes_everything(lone_desk: PaymentDesk) -> None:
    booking_id, _ = lone_desk.held_link()
    lone_desk.pass_time(hours=2)
    lone_desk.server.access.revoke(lone_desk.server.key)

    result = lone_desk.look(sweep=True)

    assert (result.is_trouble, bool(result.changes)) == (True, False)
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT
    assert lone_desk.payment(booking_id).status is PaymentStatus.OPEN


@pytest.mark.parametrize("right", ["rak_event_read", "rak_checkout_session_write", "rak_charge_write"])
def test_missing_right_is_named_and_holds_are_frozen(lone_desk: PaymentDesk, right: str) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.pass_time(minutes=31)
    lone_desk.server.access.withdraw(lone_desk.server.key, right)

    result = lone_desk.look(sweep=True)

    assert result.banner is not None
    assert dict(result.banner.values)["right"] in {right, right.replace("_write", "_read")}
    assert lone_desk.status(booking_id) is BookingStatus.PENDING_PAYMENT


def test_frozen_work_is_done_when_the_right_is_back(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.server.access.withdraw(lone_desk.server.key, "rak_checkout_session_write")
    lone_desk.look()
    lone_desk.server.access.grant(lone_desk.server.key)

    assert lone_desk.look().paid == (booking_id,)


def test_one_bad_payment_does_not_stop_the_rest(lone_desk: PaymentDesk) -> None:
    bad, _ = lone_desk.held_link()
    good, session_id = lone_desk.held_link(TUESDAY.replace(hour=14))
    with lone_desk.database.write() as uow:
        uow.payments.save(replace(lone_desk.payment(bad), session_id="cs_test_lost"))
        uow.commit()
    lone_desk.server.pay(session_id)
    lone_desk.pass_time(minutes=31)

    lone_desk.look()
    lone_desk.look(sweep=True)

    assert lone_desk.status(good) is BookingStatus.CONFIRMED
    assert lone_desk.status(bad) is BookingStatus.LAPSED  # the practice server forgets its links when it ends


def test_a_bug_in_one_payment_is_looked_at_again(lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(lone_desk.reconcile._settlement, "settle", broken)
        assert not lone_desk.look().changes
    lone_desk.pass_time(minutes=20)

    assert lone_desk.look().paid == (booking_id,)


def test_refund_whose_answer_is_lost_is_made_once(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.look()
    paid = lone_desk.payment(booking_id)
    lone_desk.server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, "/v1/refunds", "POST"))
    with pytest.raises(GatewayUnreachable):
        lone_desk.payments.refund(paid.id, paid.amount, "ill", "refund-key")
    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUND_DUE

    lone_desk.look()

    assert len(lone_desk.gateway.refunds_of(paid.intent_id)) == 1
    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUNDED
    assert lone_desk.ledger(booking_id) == ["asked", "paid", "refunded"]


def test_refund_retried_two_days_later_is_looked_for_first(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.look()
    paid = lone_desk.payment(booking_id)
    half = replace(paid.amount, amount_minor=2500)
    lone_desk.server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, "/v1/refunds", "POST"))
    with pytest.raises(GatewayUnreachable):
        lone_desk.payments.refund(paid.id, half, "ill", "refund-key")
    lone_desk.pass_time(days=2)

    lone_desk.look()

    assert [one.amount for one in lone_desk.gateway.refunds_of(paid.intent_id)] == [half]
    assert lone_desk.payment(booking_id).status is PaymentStatus.PARTIALLY_REFUNDED


def test_refund_asked_twice_with_one_request_key_is_one(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.look()
    paid = lone_desk.payment(booking_id)
    half = replace(paid.amount, amount_minor=2500)

    for _ in range(2):
        lone_desk.payments.refund(paid.id, half, "ill", "refund-key")

    assert len(lone_desk.refunds(paid.id)) == 1
    with pytest.raises(ValidationError):
        lone_desk.payments.refund(paid.id, paid.amount, "more than is left", "other-key")


def test_refund_made_in_the_dashboard_first_is_not_made_again(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    charge_id = lone_desk.server.pay(session_id)
    lone_desk.look()
    paid = lone_desk.payment(booking_id)
    lone_desk.server.refund_in_dashboard(charge_id)

    lone_desk.payments.refund(paid.id, paid.amount, "ill", "refund-key")

    assert len(lone_desk.gateway.refunds_of(paid.intent_id)) == 1
    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUNDED
    assert lone_desk.ledger(booking_id) == ["asked", "paid", "refunded"]


def test_refund_that_fails_days_later_is_never_shown_as_refunded(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.look()
    paid = lone_desk.payment(booking_id)
    lone_desk.server.refund_next_as("pending")
    lone_desk.payments.refund(paid.id, paid.amount, "ill", "refund-key")
    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUND_PENDING
    lone_desk.pass_time(days=3)
    lone_desk.server.fail_refund(lone_desk.refunds(paid.id)[0].stripe_id)

    lone_desk.look()

    assert lone_desk.payment(booking_id).status is PaymentStatus.REFUND_FAILED
    assert [one.status for one in lone_desk.refunds(paid.id)] == [RefundStatus.FAILED]
    assert lone_desk.task_kinds() == ["refund_failed"]
    assert lone_desk.ledger(booking_id) == ["asked", "paid"]


def test_cursor_and_reads_survive_a_restart(lone_desk: PaymentDesk) -> None:
    _, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.look()
    with lone_desk.database.read() as uow:
        state = PollState.parse(uow.payments.poll_state())

    assert state.events_from_s == lone_desk.server.clock.now()
    assert len(state.events_seen) == 1
    assert sum(state.reads.values()) == lone_desk.server.reads.count() == 2
    assert not lone_desk.look().changes


def test_events_are_read_again_when_their_payment_could_not_be(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.server.faults.add(Fault(FaultKind.ERROR_BEFORE, f"{SESSIONS}/*"))
    result = lone_desk.look()
    assert (result.is_trouble, result.paid) == (False, ())  # one call that failed is no trouble yet
    lone_desk.pass_time(minutes=20)

    assert lone_desk.look().paid == (booking_id,)


def test_a_late_event_behind_the_cursor_is_seen(lone_desk: PaymentDesk) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)
    lone_desk.pass_time(seconds=250)
    with lone_desk.database.write() as uow:
        uow.payments.set_poll_state({"events_from_s": str(lone_desk.server.clock.now())})
        uow.commit()

    assert lone_desk.look().paid == (booking_id,)


def test_events_are_read_again_when_another_desk_was_in_the_way(
    lone_desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking_id, session_id = lone_desk.held_link()
    lone_desk.server.pay(session_id)

    def stale(*_: object, **__: object) -> None:
        raise StaleRecord(message("Another desk was faster."))

    with monkeypatch.context() as patch:
        patch.setattr(lone_desk.reconcile._settlement, "settle", stale)
        assert not lone_desk.look().changes
    lone_desk.pass_time(minutes=20)

    assert lone_desk.look().paid == (booking_id,)


def test_not_allowed_and_refused_travel_as_what_they_are(lone_desk: PaymentDesk) -> None:
    with pytest.raises(GatewayRefused) as refused:
        lone_desk.gateway.session("cs_test_unknown")
    assert refused.value.reason == "resource_missing"
    lone_desk.server.access.withdraw(lone_desk.server.key, "rak_refund_write")
    with pytest.raises(GatewayNotAllowed) as denied:
        lone_desk.gateway.refunds_of("pi_unknown")
    assert denied.value.right.startswith("rak_refund")
