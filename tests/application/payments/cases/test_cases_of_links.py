"""Cases 1 to 7: one link is made, paid or not paid, with the program killed at every step on the way."""

from datetime import timedelta

import pytest
from support.book import a_booking, put
from support.case_steps import (
    BEGINNING,
    come_to_rest,
    held,
    look,
    look_while_the_client_pays,
    open_link,
    payable,
    saved_hold,
    sweep,
)
from support.killed import Worlds
from support.payment_desk import PaymentDesk

from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.payments import PaymentStatus
from inkdesk.practice.faults import Fault, FaultKind

SESSIONS = "/v1/checkout/sessions"


def made(desk: PaymentDesk) -> list[str]:
    return [one.session_id for one in desk.gateway.sessions_since(BEGINNING)]


@pytest.mark.parametrize("retries", ["person", "start"])
def test_case_01_an_answer_that_is_lost_gives_one_session(worlds: Worlds, retries: str) -> None:
    def unlucky(desk: PaymentDesk) -> tuple[int, int]:
        desk.server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, SESSIONS, "POST"))
        return saved_hold(desk)

    for desk, (booking_id, payment_id) in worlds.killed_at_every_step(unlucky, open_link, at_least=1):
        desk.server.faults.clear()
        if retries == "start":
            desk.look(sweep=True)
        else:
            desk.payments.open_link(payment_id)

        assert made(desk) == [one.session_id for one in desk.attempts(booking_id)]
        assert desk.payment(booking_id).status is PaymentStatus.OPEN
        come_to_rest(desk)


def test_case_02_a_crash_before_the_commit_leaves_no_orphan(worlds: Worlds) -> None:
    for desk, (booking_id, _) in worlds.killed_at_every_step(saved_hold, open_link, at_least=3):
        come_to_rest(desk)

        attempts = desk.attempts(booking_id)
        assert [one.status for one in attempts] == [PaymentStatus.OPEN]
        assert made(desk) == [attempts[0].session_id]
        desk.server.pay(attempts[0].session_id)
        come_to_rest(desk)
        assert desk.status(booking_id) is BookingStatus.CONFIRMED
        assert desk.ledger(booking_id) == ["asked", "paid"]


def test_case_03_a_retry_that_comes_too_late_makes_one_payable_link(worlds: Worlds) -> None:
    def unlucky(desk: PaymentDesk) -> tuple[int, int]:
        desk.server.faults.add(Fault(FaultKind.CUT_BEFORE, SESSIONS, "POST"))
        return saved_hold(desk)

    for desk, (booking_id, _) in worlds.killed_at_every_step(unlucky, open_link, at_least=1):
        desk.server.faults.clear()
        assert made(desk) == []
        desk.pass_time(minutes=10)
        come_to_rest(desk)

        check_replaced(desk, booking_id)


def check_replaced(desk: PaymentDesk, booking_id: int) -> None:
    """The first attempt failed, the second has a key of its own, and its link alone can be paid."""
    first, second = desk.attempts(booking_id)
    assert (first.status, second.status) == (PaymentStatus.FAILED, PaymentStatus.OPEN)
    assert first.idempotency_key != second.idempotency_key
    assert payable(desk) == [second.session_id]
    desk.server.pay(second.session_id)
    come_to_rest(desk)
    assert desk.status(booking_id) is BookingStatus.CONFIRMED


def test_case_03_a_late_retry_finds_the_session_whose_answer_was_lost(worlds: Worlds) -> None:
    def unlucky(desk: PaymentDesk) -> tuple[int, int]:
        desk.server.faults.add(Fault(FaultKind.CUT_AFTER_COMMIT, SESSIONS, "POST"))
        return saved_hold(desk)

    for desk, (booking_id, _) in worlds.killed_at_every_step(unlucky, open_link, at_least=1):
        desk.server.faults.clear()
        was_made = made(desk)
        desk.pass_time(minutes=10)
        come_to_rest(desk)

        if was_made:
            assert [one.session_id for one in desk.attempts(booking_id)] == payable(desk) == was_made
        else:
            check_replaced(desk, booking_id)


def test_case_04_paid_while_the_laptop_slept_is_confirmed_at_the_time_of_the_charge(worlds: Worlds) -> None:
    paid_at = []

    def asleep(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        desk.pass_time(minutes=12)
        desk.server.pay(session_id)
        paid_at.append(desk.clock.now())
        desk.pass_time(hours=8)
        return booking_id, session_id

    for desk, (booking_id, _) in worlds.killed_at_every_step(asleep, sweep, at_least=2):
        come_to_rest(desk)

        assert desk.status(booking_id) is BookingStatus.CONFIRMED
        assert desk.payment(booking_id).charged_at == paid_at[-1]
        assert desk.payment(booking_id).fee_minor
        assert desk.ledger(booking_id) == ["asked", "paid"]


def test_case_05_never_paid_while_the_program_runs(worlds: Worlds) -> None:
    def overdue(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        desk.pass_time(minutes=30)
        return booking_id, session_id

    for desk, (booking_id, session_id) in worlds.killed_at_every_step(overdue, look, at_least=4):
        come_to_rest(desk)

        assert desk.gateway.session(session_id).status.value == "expired"
        check_lapsed(desk, booking_id)


def test_case_06_never_paid_while_the_program_was_closed(worlds: Worlds) -> None:
    def next_morning(desk: PaymentDesk) -> tuple[int, str]:
        booking_id, session_id = held(desk)
        desk.pass_time(hours=10)
        return booking_id, session_id

    for desk, (booking_id, _) in worlds.killed_at_every_step(next_morning, sweep, at_least=2):
        come_to_rest(desk)

        check_lapsed(desk, booking_id)


def check_lapsed(desk: PaymentDesk, booking_id: int) -> None:
    assert desk.status(booking_id) is BookingStatus.LAPSED
    assert desk.payment(booking_id).status is PaymentStatus.EXPIRED
    with desk.database.write() as uow:
        put(uow, a_booking(desk.book), desk.book.ana)  # the slot is free


def test_case_07_paid_in_the_second_in_which_it_is_expired(worlds: Worlds) -> None:
    def at_the_deadline(desk: PaymentDesk) -> tuple[int, str]:
        booking, payment = desk.hold()
        url = desk.payments.open_link(payment.id).url
        desk.pass_time(minutes=30)
        return booking.id, url

    paid = 0
    for desk, (booking_id, _) in worlds.killed_at_every_step(at_the_deadline, look_while_the_client_pays, at_least=3):
        hour_ago = desk.clock.now() - timedelta(hours=1)
        has_paid = any(one.is_paid for one in desk.gateway.sessions_since(hour_ago))
        come_to_rest(desk)

        assert desk.status(booking_id) is (BookingStatus.CONFIRMED if has_paid else BookingStatus.LAPSED)
        paid += has_paid
    assert paid > 1
