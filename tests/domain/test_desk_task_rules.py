"""What can be done about each task of the desk, and when it is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.catalogue import CancellationPolicy
from inkdesk.domain.disputes import Dispute
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, Payment, PaymentMethod, PaymentPurpose, PaymentStatus
from inkdesk.domain.refunds import Refund, RefundStatus
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.tasks import TaskAction, TaskFacts, TaskKind, actions_of, fact_of, is_gone, kind_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ASKED = Money(5000, "EUR")
P, B, R, K, A = PaymentStatus, BookingStatus, RefundStatus, TaskKind, TaskAction
LETTERS = {
    "R": A.REFUND,
    "G": A.GIVEN_BACK,
    "C": A.CONFIRM,
    "N": A.NEW_LINK,
    "L": A.LOOK_AGAIN,
    "W": A.WRITE_TO_CLIENT,
    "B": A.OPEN_BOOKING,
    "S": A.OPEN_AT_STRIPE,
    "A": A.ACKNOWLEDGE,
}
NEWS = {K.PAID_TWICE, K.REFUND_SHORTENED, K.DISPUTE_LOST}
"""Only a person ends these."""


def a_booking(status: BookingStatus = B.LAPSED) -> Booking:
    return Booking(
        id=1,
        artist_id=1,
        client_id=1,
        service_id=1,
        station_id=None,
        starts_at=NOW + timedelta(days=1),
        sitting=Sitting(0, 3600, 0),
        pause_s=0,
        status=status,
        price=Money(20000, "EUR"),
        deposit=ASKED,
        policy=CancellationPolicy(48, 50),
        created_at=NOW,
        request_key="b",
    )


def a_payment(status: PaymentStatus, number: int = 1) -> Payment:
    return Payment(
        id=number,
        booking_id=1,
        attempt=number,
        method=PaymentMethod.LINK,
        status=status,
        amount=ASKED,
        idempotency_key=f"key-{number}",
        session_id=f"cs_{number}",
        created_at=NOW,
    )


def a_refund(status: RefundStatus, minor: int = 5000) -> Refund:
    return Refund(
        id=7, payment_id=1, amount=Money(minor, "EUR"), reason="", idempotency_key="r", status=status, created_at=NOW
    )


def a_dispute(status: str) -> Dispute:
    return Dispute(id=1, payment_id=1, stripe_id="dp_1", amount=ASKED, status=status, opened_at=NOW)


def a_line(kind: LedgerKind, minor: int = 5000) -> LedgerEntry:
    return LedgerEntry(
        kind=kind,
        booking_id=1,
        payment_id=1,
        amount=Money(minor, "EUR"),
        at=NOW,
        who="",
        why="",
        fact_key=f"{kind.value}:1",
    )


def facts(payment: PaymentStatus = P.PAID, booking: BookingStatus = B.LAPSED, *refunds: RefundStatus) -> TaskFacts:
    mine = a_payment(payment)
    return TaskFacts(
        now=NOW,
        about=7 if refunds else 1,
        booking=a_booking(booking),
        payment=mine,
        attempts=[mine],
        refunds=[a_refund(one) for one in refunds],
    )


def letters(kind: TaskKind | None, found: TaskFacts) -> str:
    names = {action: letter for letter, action in LETTERS.items()}
    return "".join(names[action] for action in actions_of(kind, found))


@pytest.mark.parametrize(
    ("kind", "found", "offered"),
    [
        (K.SECOND_PAYER, facts(P.REFUNDED, B.LAPSED, R.SUCCEEDED), "WBSA"),
        (K.PAID_TWICE, facts(P.REFUND_DUE, B.CONFIRMED, R.CREATING), "WABS"),
        (K.PAID_AFTER_END, facts(P.PAID, B.CANCELLED), "RBSA"),
        (K.PAID_AFTER_END, facts(P.PAID, B.LAPSED), "RCBSA"),
        (K.PAID_AFTER_END, facts(P.REFUND_PENDING, B.CANCELLED, R.PENDING), "BSA"),
        (K.AMOUNT_DIFFERS, facts(P.PAID, B.PENDING_PAYMENT), "CRBSA"),
        (K.AMOUNT_DIFFERS, facts(P.DISPUTED, B.PENDING_PAYMENT), "BSA"),
        (K.AMOUNT_DIFFERS, facts(P.PAID, B.CANCELLED), "RBSA"),
        (K.OTHER_MODE, facts(P.OPEN, B.PENDING_PAYMENT), "LBA"),
        (K.PAYMENT_FAILED, facts(P.FAILED, B.PENDING_PAYMENT), "NBSA"),
        (K.PAYMENT_FAILED, facts(P.FAILED, B.LAPSED), "NBSA"),
        (K.SLOT_LOST, facts(P.EXPIRED, B.LAPSED), "WBA"),
        (K.DISPUTED, facts(P.DISPUTED, B.CONFIRMED), "SBLA"),
        (K.NOT_REFUNDABLE, facts(P.DISPUTED, B.CANCELLED), "SBA"),
        (K.NOT_REFUNDABLE, facts(P.PAID, B.CANCELLED), "RGSBA"),
        (K.DISPUTE_LOST, facts(P.DISPUTED, B.CONFIRMED), "ABS"),
        (K.DISPUTE_WON, facts(P.PAID, B.CANCELLED), "BRGSA"),
        (K.DISPUTE_WON, facts(P.DISPUTED, B.CANCELLED), "BSA"),
        (K.REFUND_FAILED, facts(P.REFUND_FAILED, B.CANCELLED, R.FAILED), "GRSBA"),
        (K.REFUND_FAILED, facts(P.DISPUTED, B.CANCELLED, R.FAILED), "SBA"),
        (K.REFUND_SHORTENED, facts(P.REFUND_DUE, B.CANCELLED, R.CREATING), "BSA"),
        (K.REFUND_WAITS, facts(P.REFUND_DUE, B.CANCELLED, R.CREATING), "LSBA"),
        (K.REFUND_SLOW, facts(P.REFUND_PENDING, B.CANCELLED, R.PENDING), "SLBA"),
        (K.WATCH_LINK, facts(P.OPEN, B.LAPSED), "LSBA"),
        (K.UNKNOWN_AT_STRIPE, facts(P.EXPIRED, B.LAPSED), "LNBA"),
        (K.UNKNOWN_AT_STRIPE, facts(P.OPEN, B.PENDING_PAYMENT), "LBA"),
        (K.REFUSED, facts(P.OPEN, B.PENDING_PAYMENT), "LSBA"),
        (None, facts(P.PAID, B.CONFIRMED), "BA"),
        (None, TaskFacts(now=NOW), "A"),
    ],
)
def test_what_is_offered_and_what_one_key_does(kind: TaskKind | None, found: TaskFacts, offered: str) -> None:
    assert letters(kind, found) == offered


@pytest.mark.parametrize("kind", [*TaskKind, None])
def test_nothing_impossible_is_offered(kind: TaskKind | None) -> None:
    has_money = {P.PAID, P.REFUND_DUE, P.REFUND_PENDING, P.PARTIALLY_REFUNDED, P.REFUNDED, P.REFUND_FAILED}
    for payment, booking in product([*PaymentStatus, None], [*BookingStatus, None]):
        found = facts(payment or P.PAID, booking or B.LAPSED)
        found = replace(found, payment=found.payment if payment else None, booking=found.booking if booking else None)
        offered = actions_of(kind, found)
        assert offered.count(A.ACKNOWLEDGE) == 1
        assert len(set(offered)) == len(offered)
        if payment not in has_money:
            assert not {A.REFUND, A.GIVEN_BACK, A.CONFIRM} & set(offered)
        if booking not in {B.PENDING_PAYMENT, B.LAPSED}:
            assert not {A.CONFIRM, A.NEW_LINK} & set(offered)
        if payment is None:
            assert A.LOOK_AGAIN not in offered
        if kind is None:
            assert not is_gone(kind, found)


def test_a_smaller_amount_is_given_back_first_and_a_larger_one_confirmed() -> None:
    found = facts(P.PAID, B.PENDING_PAYMENT)
    assert found.payment is not None
    for amount, offered in ((Money(4999, "EUR"), "RC"), (Money(5000, "EUR"), "CR"), (Money(9000, "USD"), "RC")):
        other = replace(found, payment=replace(found.payment, amount=amount))
        assert letters(K.AMOUNT_DIFFERS, other)[:2] == offered


def test_no_link_for_a_sitting_that_is_over_or_is_asked_for_already() -> None:
    found = facts(P.FAILED, B.PENDING_PAYMENT)
    assert found.booking is not None
    assert A.NEW_LINK not in actions_of(K.PAYMENT_FAILED, replace(found, now=found.booking.starts_at))
    for status in (P.OPEN, P.PAID, P.DISPUTED):
        other = replace(found, attempts=[*found.attempts, a_payment(status, 2)])
        assert A.NEW_LINK not in actions_of(K.PAYMENT_FAILED, other)


def test_money_that_was_credited_or_kept_is_not_refunded() -> None:
    found = facts(P.PAID, B.CANCELLED)
    for kind in (LedgerKind.CREDITED, LedgerKind.FORFEITED, LedgerKind.ROLLED_OVER, LedgerKind.APPLIED):
        spoken_for = replace(found, ledger=[a_line(LedgerKind.PAID), a_line(kind)])
        assert spoken_for.left == Money(0, "EUR")
        assert is_gone(K.PAID_AFTER_END, spoken_for)
        partly = replace(found, ledger=[a_line(kind, 2000)])
        assert partly.left == Money(3000, "EUR")
        assert not is_gone(K.PAID_AFTER_END, partly)
    others = replace(found, ledger=[replace(a_line(LedgerKind.CREDITED), payment_id=2)])
    assert others.left == ASKED


def test_money_that_was_rolled_over_and_back_is_left_again() -> None:
    found = facts(P.PAID, B.CANCELLED, R.FAILED)
    there = replace(a_line(LedgerKind.ROLLED_OVER), to_booking_id=2)
    back = replace(there, booking_id=2, to_booking_id=1)
    assert replace(found, ledger=[there]).left == Money(0, "EUR")
    again = replace(found, ledger=[there, back])
    assert again.left == ASKED
    assert not is_gone(K.REFUND_FAILED, again)
    undone = replace(there, amount=Money(-5000, "EUR"))
    assert replace(found, ledger=[there, undone]).left == ASKED


def test_a_lost_dispute_leaves_nothing_and_an_open_one_ends_nothing() -> None:
    found = replace(facts(P.PAID, B.CANCELLED), ledger=[a_line(LedgerKind.DISPUTED)])
    lost = replace(found, disputes=[a_dispute("lost")])
    assert lost.left == Money(0, "EUR")
    assert A.REFUND not in actions_of(K.NOT_REFUNDABLE, lost)
    assert is_gone(K.NOT_REFUNDABLE, lost)
    waiting = replace(found, disputes=[a_dispute("needs_response")])
    assert waiting.left == ASKED
    assert A.REFUND not in actions_of(K.NOT_REFUNDABLE, waiting)
    assert not is_gone(K.NOT_REFUNDABLE, waiting)
    assert not is_gone(K.AMOUNT_DIFFERS, waiting)


GONE: dict[TaskKind, list[TaskFacts]] = {
    K.SECOND_PAYER: [facts(P.REFUNDED, one, R.SUCCEEDED) for one in (B.PENDING_PAYMENT, B.CONFIRMED, B.COMPLETED)],
    K.SLOT_LOST: [facts(P.EXPIRED, one) for one in (B.PENDING_PAYMENT, B.CONFIRMED, B.NO_SHOW)],
    K.PAID_AFTER_END: [
        facts(P.REFUNDED, B.CANCELLED, R.SUCCEEDED),
        facts(P.REFUND_DUE, B.CANCELLED, R.CREATING),
        facts(P.PAID, B.CONFIRMED),
    ],
    K.AMOUNT_DIFFERS: [
        facts(P.REFUND_PENDING, B.PENDING_PAYMENT, R.PENDING),
        facts(P.PAID, B.CONFIRMED),
        facts(P.PAID, B.COMPLETED),
    ],
    K.OTHER_MODE: [facts(P.EXPIRED, B.LAPSED), facts(P.PAID, B.CONFIRMED)],
    K.PAYMENT_FAILED: [facts(P.FAILED, B.CONFIRMED), facts(P.FAILED, B.CANCELLED)],
    K.DISPUTED: [facts(P.PAID, B.CONFIRMED), facts(P.REFUNDED, B.CONFIRMED, R.SUCCEEDED)],
    K.DISPUTE_WON: [
        facts(P.REFUNDED, B.CANCELLED, R.SUCCEEDED),
        replace(facts(P.PAID, B.CANCELLED), ledger=[a_line(LedgerKind.CREDITED)]),
    ],
    K.NOT_REFUNDABLE: [facts(P.REFUNDED, B.CANCELLED, R.SUCCEEDED)],
    K.REFUND_FAILED: [facts(P.REFUNDED, B.CANCELLED, R.SUCCEEDED), facts(P.REFUND_PENDING, B.CANCELLED, R.PENDING)],
    K.REFUND_WAITS: [facts(P.REFUND_PENDING, B.CANCELLED, R.PENDING), facts(P.REFUND_FAILED, B.CANCELLED, R.FAILED)],
    K.REFUND_SLOW: [facts(P.REFUNDED, B.CANCELLED, R.SUCCEEDED), facts(P.REFUND_FAILED, B.CANCELLED, R.FAILED)],
    K.WATCH_LINK: [facts(P.EXPIRED, B.LAPSED), facts(P.PAID, B.CONFIRMED)],
    K.UNKNOWN_AT_STRIPE: [facts(P.PAID, B.CONFIRMED), replace(facts(P.EXPIRED, B.LAPSED), has_answered=True)],
    K.REFUSED: [replace(facts(P.OPEN, B.PENDING_PAYMENT), has_answered=True), facts(P.EXPIRED, B.LAPSED)],
    K.SERIES_UNPAID: [
        facts(P.EXPIRED, B.LAPSED),
        replace(facts(P.EXPIRED, B.PENDING_PAYMENT), companions=3),
        replace(facts(P.PAID, B.CONFIRMED), companions=3),
    ],
}
STAYS: dict[TaskKind, list[TaskFacts]] = {
    K.SECOND_PAYER: [facts(P.REFUNDED, B.LAPSED, R.SUCCEEDED)],
    K.SLOT_LOST: [facts(P.EXPIRED, B.LAPSED)],
    K.PAID_TWICE: [facts(P.REFUNDED, B.CONFIRMED, R.SUCCEEDED)],
    K.REFUND_SHORTENED: [facts(P.REFUNDED, B.CANCELLED, R.SUCCEEDED)],
    K.PAID_AFTER_END: [
        facts(P.PAID, B.CANCELLED),
        facts(P.PAID, B.LAPSED),
        facts(P.REFUND_FAILED, B.CANCELLED, R.FAILED),
        facts(P.DISPUTED, B.CANCELLED),
    ],
    K.AMOUNT_DIFFERS: [facts(P.PAID, B.PENDING_PAYMENT), facts(P.PAID, B.LAPSED), facts(P.PAID, B.CANCELLED)],
    K.OTHER_MODE: [facts(P.OPEN, B.PENDING_PAYMENT), facts(P.PROCESSING, B.PENDING_PAYMENT)],
    K.PAYMENT_FAILED: [facts(P.FAILED, B.PENDING_PAYMENT), facts(P.FAILED, B.LAPSED)],
    K.DISPUTED: [facts(P.DISPUTED, B.CONFIRMED)],
    K.DISPUTE_LOST: [facts(P.DISPUTED, B.CONFIRMED), facts(P.DISPUTED, B.CANCELLED)],
    K.DISPUTE_WON: [facts(P.PAID, B.CANCELLED), facts(P.PAID, B.CONFIRMED), facts(P.DISPUTED, B.CANCELLED)],
    K.NOT_REFUNDABLE: [facts(P.DISPUTED, B.CANCELLED), facts(P.PAID, B.CANCELLED)],
    K.REFUND_FAILED: [
        facts(P.REFUND_FAILED, B.CANCELLED, R.FAILED),
        facts(P.DISPUTED, B.CANCELLED, R.CANCELED),
        replace(facts(P.REFUND_FAILED, B.CANCELLED, R.FAILED), ledger=[a_line(LedgerKind.ROLLED_OVER)]),
    ],
    K.REFUND_WAITS: [facts(P.REFUND_DUE, B.CANCELLED, R.CREATING)],
    K.REFUND_SLOW: [facts(P.REFUND_PENDING, B.CANCELLED, R.PENDING), facts(P.REFUND_DUE, B.CANCELLED, R.CREATING)],
    K.WATCH_LINK: [facts(P.OPEN, B.LAPSED), facts(P.PROCESSING, B.CANCELLED)],
    K.UNKNOWN_AT_STRIPE: [
        facts(P.EXPIRED, B.LAPSED),
        facts(P.OPEN, B.PENDING_PAYMENT),
        facts(P.REFUND_DUE, B.CANCELLED, R.CREATING),
        facts(P.REFUND_PENDING, B.CANCELLED, R.PENDING),
    ],
    K.REFUSED: [facts(P.OPEN, B.PENDING_PAYMENT), facts(P.PAID, B.CONFIRMED)],
    K.SERIES_UNPAID: [replace(facts(P.EXPIRED, B.LAPSED), companions=1)],
}


@pytest.mark.parametrize(("kind", "found"), [(kind, found) for kind, many in GONE.items() for found in many])
def test_a_task_goes_with_its_fact(kind: TaskKind, found: TaskFacts) -> None:
    assert is_gone(kind, found)


@pytest.mark.parametrize(("kind", "found"), [(kind, found) for kind, many in STAYS.items() for found in many])
def test_a_task_stays_while_there_is_something_to_do(kind: TaskKind, found: TaskFacts) -> None:
    assert not is_gone(kind, found)


def test_every_kind_is_judged() -> None:
    assert set(STAYS) == set(TaskKind)
    assert set(GONE) == set(TaskKind) - NEWS


def test_a_confirmed_booking_keeps_the_task_of_money_that_another_deposit_replaced() -> None:
    found = facts(P.PAID, B.CONFIRMED)
    for second in (replace(a_payment(P.PAID, 2), method=PaymentMethod.CASH), a_payment(P.PAID, 2)):
        assert not is_gone(K.AMOUNT_DIFFERS, replace(found, attempts=[*found.attempts, second]))
    for other in (a_payment(P.REFUNDED, 2), replace(a_payment(P.PAID, 2), purpose=PaymentPurpose.REST)):
        assert is_gone(K.AMOUNT_DIFFERS, replace(found, attempts=[*found.attempts, other]))


def test_a_failed_payment_is_over_once_the_client_was_asked_anew() -> None:
    found = facts(P.FAILED, B.PENDING_PAYMENT)
    for status, is_over in ((P.OPEN, True), (P.PAID, True), (P.EXPIRED, False)):
        other = replace(found, attempts=[*found.attempts, a_payment(status, 2)])
        assert is_gone(K.PAYMENT_FAILED, other) is is_over


@pytest.mark.parametrize(
    ("status", "is_over"),
    [("needs_response", False), ("under_review", False), ("warning_needs_response", False), ("won", True)],
)
def test_a_dispute_is_over_when_the_bank_decided(status: str, is_over: bool) -> None:
    found = replace(facts(P.DISPUTED, B.CONFIRMED), disputes=[a_dispute(status)])
    assert is_gone(K.DISPUTED, found) is is_over


def test_stored_words_are_read() -> None:
    assert [kind_of(kind.value) for kind in TaskKind] == list(TaskKind)
    assert kind_of("of_a_later_version") is None
    assert (fact_of("refund_failed:12"), fact_of("account:acct_1x"), fact_of("")) == (12, 0, 0)
