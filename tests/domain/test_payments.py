from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.domain.bookings import Booking, BookingStatus
from inkdesk.domain.catalogue import CancellationPolicy
from inkdesk.domain.money import Money
from inkdesk.domain.payments import (
    ASKING,
    COLLECTED,
    KEPT,
    PAYMENT_TRANSITIONS,
    Payment,
    PaymentMethod,
    PaymentPurpose,
    PaymentStatus,
    advance,
)
from inkdesk.domain.reconciling import (
    ChargeFacts,
    Finding,
    Outcome,
    SessionFacts,
    SessionStatus,
    by_charge,
    collide,
    forgotten,
    from_stripe,
    is_overdue,
    may_lapse,
    read_session,
    settle_paid,
    stripe_amount,
)
from inkdesk.domain.refunds import (
    Refund,
    RefundStatus,
    advance_refund,
    not_yet_returned,
    with_refunds,
)
from inkdesk.domain.sitting import Sitting
from inkdesk.domain.spans import Span
from inkdesk.domain.studio import Mode

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ASKED = Money(5000, "EUR")


def a_payment(status: PaymentStatus = PaymentStatus.OPEN, number: int = 1) -> Payment:
    return Payment(
        id=number,
        booking_id=1,
        attempt=number,
        method=PaymentMethod.LINK,
        status=status,
        amount=ASKED,
        idempotency_key=f"key-{number}",
        created_at=NOW,
    )


def a_refund(status: RefundStatus, minor: int = 5000) -> Refund:
    return Refund(
        payment_id=1, amount=Money(minor, "EUR"), reason="", idempotency_key="r", status=status, created_at=NOW
    )


def a_booking(status: BookingStatus = BookingStatus.PENDING_PAYMENT) -> Booking:
    return Booking(
        id=1,
        artist_id=1,
        client_id=1,
        service_id=1,
        station_id=7,
        starts_at=NOW,
        sitting=Sitting(600, 3600, 1200),
        pause_s=900,
        status=status,
        price=ASKED,
        deposit=ASKED,
        policy=CancellationPolicy(),
        hold_until=NOW,
        created_at=NOW,
        request_key="k",
    )


def facts_of(status: SessionStatus, *, is_paid: bool = False, intent_status: str = "") -> SessionFacts:
    charge = ChargeFacts(charge_id="ch_1", charged_at=NOW, fee=None, is_disputed=False) if is_paid else None
    return SessionFacts(
        session_id="cs_1",
        status=status,
        is_paid=is_paid,
        is_live=False,
        amount=ASKED,
        url="",
        intent_id="pi_1",
        intent_status=intent_status,
        charge=charge,
        seen_at=NOW,
    )


def test_paid_is_never_overwritten_by_an_end_without_money() -> None:
    for status in COLLECTED:
        assert not PAYMENT_TRANSITIONS[status] & (ASKING | {PaymentStatus.EXPIRED, PaymentStatus.FAILED})


@given(st.sampled_from(PaymentStatus), st.sampled_from(PaymentStatus))
def test_advance_keeps_to_the_table(start: PaymentStatus, end: PaymentStatus) -> None:
    payment = a_payment(start)
    if start is end:
        assert advance(payment, end) is payment
    elif end in PAYMENT_TRANSITIONS[start]:
        assert advance(payment, end).status is end
    else:
        with pytest.raises(ValueError, match="does not go from"):
            advance(payment, end)


def test_a_failed_refund_does_not_come_back() -> None:
    with pytest.raises(ValueError, match="does not go from"):
        advance_refund(a_refund(RefundStatus.FAILED), RefundStatus.SUCCEEDED)
    pending = a_refund(RefundStatus.PENDING)
    assert advance_refund(pending, RefundStatus.PENDING) is pending


R = RefundStatus
P = PaymentStatus


@pytest.mark.parametrize(
    ("refunds", "status", "returned"),
    [
        ([], P.PAID, 0),
        ([a_refund(R.CREATING)], P.REFUND_DUE, 0),
        ([a_refund(R.PENDING)], P.REFUND_PENDING, 0),
        ([a_refund(R.SUCCEEDED)], P.REFUNDED, 5000),
        ([a_refund(R.SUCCEEDED, 2000)], P.PARTIALLY_REFUNDED, 2000),
        ([a_refund(R.SUCCEEDED, 2000), a_refund(R.PENDING, 3000)], P.REFUND_PENDING, 2000),
        ([a_refund(R.FAILED)], P.REFUND_FAILED, 0),
        ([a_refund(R.FAILED), a_refund(R.SUCCEEDED)], P.REFUNDED, 5000),
        ([a_refund(R.CANCELED), a_refund(R.CREATING)], P.REFUND_DUE, 0),
    ],
)
def test_refunds_say_how_a_payment_stands(refunds: list[Refund], status: PaymentStatus, returned: int) -> None:
    after = with_refunds(a_payment(P.PAID), refunds)
    assert (after.status, after.refunded_minor) == (status, returned)


def test_a_dispute_stays_shown_until_the_money_is_back() -> None:
    disputed = a_payment(P.DISPUTED)
    assert with_refunds(disputed, [a_refund(R.SUCCEEDED, 2000)]).status is P.DISPUTED
    assert with_refunds(disputed, [a_refund(R.SUCCEEDED)]).status is P.REFUNDED
    assert with_refunds(disputed, []).status is P.DISPUTED


@pytest.mark.parametrize(
    ("refunds", "status"),
    [([], P.PAID), ([a_refund(R.SUCCEEDED, 2000)], P.PARTIALLY_REFUNDED), ([a_refund(R.FAILED)], P.REFUND_FAILED)],
)
def test_after_a_won_dispute_the_refunds_say_how_the_money_stands(refunds: list[Refund], status: PaymentStatus) -> None:
    assert with_refunds(a_payment(P.DISPUTED), refunds, is_disputed=False).status is status


@pytest.mark.parametrize(
    ("mode", "status", "minutes", "finding"),
    [
        (Mode.PRACTICE, P.OPEN, 0, Finding.EXPIRED),
        (Mode.PRACTICE, P.PROCESSING, 0, Finding.FAILED),
        (Mode.TEST, P.OPEN, 33, Finding.EXPIRED),
        (Mode.LIVE, P.OPEN, 33, Finding.EXPIRED),
        (Mode.TEST, P.OPEN, 32, None),
        (Mode.LIVE, P.PROCESSING, 9999, None),
    ],
)
def test_what_a_session_that_stripe_does_not_know_says(
    mode: Mode, status: PaymentStatus, minutes: int, finding: Finding | None
) -> None:
    payment = replace(a_payment(status), session_id="cs_1", expires_at=NOW + timedelta(minutes=33))
    facts = forgotten(payment, NOW + timedelta(minutes=minutes), mode)
    said = None if facts is None else read_session(payment, facts, is_live=mode is Mode.LIVE)
    assert said is finding


def test_what_is_left_counts_refunds_on_their_way() -> None:
    refunds = [a_refund(R.PENDING, 1000), a_refund(R.FAILED, 500), a_refund(R.SUCCEEDED, 1500)]
    assert not_yet_returned(a_payment(P.PAID), refunds) == Money(2500, "EUR")


def test_amounts_of_another_currency_are_never_added() -> None:
    foreign = replace(a_refund(R.SUCCEEDED), amount=Money(5000, "USD"))
    assert not_yet_returned(a_payment(P.PAID), [foreign, a_refund(R.SUCCEEDED, 1000)]) == Money(4000, "EUR")
    after = with_refunds(a_payment(P.PAID), [foreign, a_refund(R.SUCCEEDED, 1000)])
    assert (after.status, after.refunded_minor) == (P.PARTIALLY_REFUNDED, 1000)


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        (facts_of(SessionStatus.OPEN), Finding.OPEN),
        (facts_of(SessionStatus.EXPIRED), Finding.EXPIRED),
        (facts_of(SessionStatus.COMPLETE, is_paid=True), Finding.PAID),
        (facts_of(SessionStatus.COMPLETE, intent_status="processing"), Finding.PROCESSING),
        (facts_of(SessionStatus.COMPLETE, intent_status="requires_payment_method"), Finding.FAILED),
        (facts_of(SessionStatus.COMPLETE, intent_status="canceled"), Finding.FAILED),
        (replace(facts_of(SessionStatus.COMPLETE, is_paid=True), amount=Money(4999, "EUR")), Finding.DIFFERS),
        (replace(facts_of(SessionStatus.COMPLETE, is_paid=True), amount=Money(5000, "USD")), Finding.DIFFERS),
        (replace(facts_of(SessionStatus.COMPLETE, is_paid=True), amount=None), Finding.DIFFERS),
        (replace(facts_of(SessionStatus.COMPLETE, is_paid=True), is_live=True), Finding.OTHER_MODE),
        (replace(facts_of(SessionStatus.EXPIRED), is_live=True), Finding.OTHER_MODE),
    ],
)
def test_what_a_session_says(facts: SessionFacts, finding: Finding) -> None:
    assert read_session(a_payment(), facts, is_live=False) is finding


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (BookingStatus.PENDING_PAYMENT, Outcome.CONFIRM),
        (BookingStatus.LAPSED, Outcome.CONFIRM),
        (BookingStatus.CONFIRMED, Outcome.KEEP),
        (BookingStatus.NO_SHOW, Outcome.KEEP),
        (BookingStatus.CANCELLED, Outcome.ASK_DESK),
        (BookingStatus.REQUESTED, Outcome.ASK_DESK),
    ],
)
def test_what_paid_money_does(status: BookingStatus, outcome: Outcome) -> None:
    mine, expired, returned = a_payment(), a_payment(P.EXPIRED, 2), a_payment(P.REFUNDED, 3)
    differs = replace(a_payment(P.PAID, 4), amount=Money(6000, "EUR"))
    assert settle_paid(mine, a_booking(status), [mine, expired, returned, differs]) is outcome


@pytest.mark.parametrize("status", [BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.CANCELLED])
def test_money_for_a_booking_whose_deposit_was_paid_goes_back(status: BookingStatus) -> None:
    mine, paid = a_payment(), a_payment(P.PAID, 2)
    cash = replace(paid, method=PaymentMethod.CASH, amount=Money(1000, "EUR"))  # the desk agreed to less
    rest = replace(paid, purpose=PaymentPurpose.REST)
    assert settle_paid(mine, a_booking(status), [mine, paid]) is Outcome.REFUND
    assert settle_paid(mine, a_booking(status), [mine, cash]) is Outcome.REFUND
    assert settle_paid(mine, a_booking(status), [mine, rest]) is not Outcome.REFUND


def test_the_rest_and_tips_are_never_paid_twice() -> None:
    rest, paid = replace(a_payment(), purpose=PaymentPurpose.REST), a_payment(P.PAID, 2)
    assert settle_paid(rest, a_booking(BookingStatus.CONFIRMED), [rest, paid]) is Outcome.KEEP
    assert settle_paid(rest, a_booking(), [rest]) is Outcome.ASK_DESK


def test_a_hold_lapses_only_past_its_deadline_and_without_any_money() -> None:
    held = a_booking()
    assert is_overdue(held, NOW)
    assert not is_overdue(held, NOW - timedelta(seconds=1))
    assert not is_overdue(a_booking(BookingStatus.CONFIRMED), NOW)
    assert may_lapse([a_payment(P.EXPIRED), a_payment(P.FAILED), a_payment(P.REFUNDED)])
    for status in ASKING | KEPT:
        assert not may_lapse([a_payment(P.EXPIRED), a_payment(status)])


@pytest.mark.parametrize(
    ("other", "is_shared"),
    [
        ([(1, Span(100, 200))], False),
        ([(1, Span(99, 200))], True),
        ([(2, Span(50, 200)), (7, Span(80, 90))], False),
        ([(2, Span(50, 200)), (7, Span(79, 90))], True),
        ([(2, Span(50, 200)), (8, Span(0, 90))], False),
        ([(7, Span(-9, 0)), (7, Span(60, 70))], True),
        ([], False),
    ],
)
def test_bookings_collide_over_any_claim_they_share(other: list[tuple[int, Span]], *, is_shared: bool) -> None:
    mine = [(1, Span(0, 100)), (7, Span(0, 30)), (7, Span(60, 80))]
    assert collide(mine, other) is is_shared
    assert collide(other, mine) is is_shared


def test_who_paid_first_comes_first_and_a_tie_goes_by_charge() -> None:
    def paid(charge_id: str, seconds: int) -> SessionFacts:
        charge = ChargeFacts(
            charge_id=charge_id, charged_at=NOW + timedelta(seconds=seconds), fee=None, is_disputed=False
        )
        return replace(facts_of(SessionStatus.COMPLETE, is_paid=True), charge=charge)

    declined = replace(paid("ch_0", -9), status=SessionStatus.OPEN, is_paid=False)
    late, tie_b, tie_a = paid("ch_1", 5), paid("ch_b", 0), paid("ch_a", 0)
    assert sorted([declined, late, tie_b, tie_a], key=by_charge) == [tie_a, tie_b, late, declined]


@pytest.mark.parametrize(("minor", "currency", "stripe"), [(5000, "EUR", 5000), (700, "JPY", 700), (700, "ISK", 70000)])
def test_amounts_as_stripe_counts_them(minor: int, currency: str, stripe: int) -> None:
    assert stripe_amount(Money(minor, currency)) == stripe
    assert from_stripe(stripe, currency.lower()) == Money(minor, currency)
