"""Money only moves forward: every pair of states, and facts that come in any order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.domain.disputes import Dispute, DisputeFacts, as_seen
from inkdesk.domain.money import Money
from inkdesk.domain.payments import (
    ASKING,
    COLLECTED,
    PAYMENT_TRANSITIONS,
    Payment,
    PaymentMethod,
    PaymentStatus,
    advance,
)
from inkdesk.domain.reconciling import (
    ChargeFacts,
    Finding,
    SessionFacts,
    SessionStatus,
    read_session,
    status_after,
    with_charge,
    with_facts,
)
from inkdesk.domain.refunds import (
    REFUND_TRANSITIONS,
    Refund,
    RefundStatus,
    advance_refund,
    not_yet_returned,
    with_refunds,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ASKED = Money(5000, "EUR")
P = PaymentStatus

STEPS = {
    P.CREATING: "OPEN PROCESSING PAID EXPIRED FAILED",
    P.OPEN: "PROCESSING PAID EXPIRED FAILED",
    P.PROCESSING: "PAID FAILED",
    P.EXPIRED: "PROCESSING PAID",
    P.FAILED: "PROCESSING PAID",
    P.PAID: "REFUND_DUE REFUND_PENDING PARTIALLY_REFUNDED REFUNDED REFUND_FAILED DISPUTED",
    P.REFUND_DUE: "REFUND_PENDING PARTIALLY_REFUNDED REFUNDED REFUND_FAILED DISPUTED",
    P.REFUND_PENDING: "REFUND_DUE PARTIALLY_REFUNDED REFUNDED REFUND_FAILED DISPUTED",
    P.PARTIALLY_REFUNDED: "REFUND_DUE REFUND_PENDING REFUNDED REFUND_FAILED DISPUTED",
    P.REFUNDED: "REFUND_DUE REFUND_PENDING PARTIALLY_REFUNDED REFUND_FAILED DISPUTED",
    P.REFUND_FAILED: "REFUND_DUE REFUND_PENDING PARTIALLY_REFUNDED REFUNDED DISPUTED",
    P.DISPUTED: "PAID REFUND_DUE REFUND_PENDING PARTIALLY_REFUNDED REFUNDED REFUND_FAILED",
}
REFUND_STEPS = {
    "CREATING": "PENDING SUCCEEDED FAILED CANCELED",
    "PENDING": "SUCCEEDED FAILED CANCELED",
    "SUCCEEDED": "FAILED CANCELED",
    "FAILED": "",
    "CANCELED": "",
}


def a_payment(status: PaymentStatus = P.OPEN) -> Payment:
    return Payment(
        id=1,
        booking_id=1,
        attempt=1,
        method=PaymentMethod.LINK,
        status=status,
        amount=ASKED,
        idempotency_key="key",
        params='{"customer_email": "marie@example.com"}',
        url="https://checkout.example/c/pay/1#whole",
        created_at=NOW,
    )


def some_facts(status: SessionStatus, intent: str, second: int, *, is_paid: bool, amount: int = 5000) -> SessionFacts:
    charge = ChargeFacts(charge_id="ch_1", charged_at=NOW, fee=None, is_disputed=False)
    return SessionFacts(
        session_id="cs_1",
        status=status,
        is_paid=is_paid,
        is_live=False,
        amount=Money(amount, "EUR"),
        url="",
        intent_id="pi_1",
        intent_status=intent,
        charge=charge if is_paid else None,
        seen_at=NOW + timedelta(seconds=second),
    )


@pytest.mark.parametrize("start", P)
@pytest.mark.parametrize("end", P)
def test_every_pair_of_payment_states(start: PaymentStatus, end: PaymentStatus) -> None:
    assert set(PAYMENT_TRANSITIONS) == set(STEPS) == set(P)
    if start is end or end.value in STEPS[start].split():
        assert advance(a_payment(start), end).status is end
    else:
        with pytest.raises(ValueError, match="does not go from"):
            advance(a_payment(start), end)


@pytest.mark.parametrize("start", RefundStatus)
@pytest.mark.parametrize("end", RefundStatus)
def test_every_pair_of_refund_states(start: RefundStatus, end: RefundStatus) -> None:
    refund = a_refund(start)
    assert set(REFUND_TRANSITIONS) == set(RefundStatus)
    if start is end or end.value in REFUND_STEPS[start].split():
        assert advance_refund(refund, end).status is end
    else:
        with pytest.raises(ValueError, match="does not go from"):
            advance_refund(refund, end)


ANY_FACTS = st.builds(
    some_facts,
    st.sampled_from(SessionStatus),
    st.sampled_from(["", "processing", "requires_payment_method", "canceled"]),
    st.integers(-5, 5),
    is_paid=st.booleans(),
    amount=st.sampled_from([5000, 4000]),
)


def rank(status: PaymentStatus) -> int:
    """How far an attempt has come: asking, ended without money, money in."""
    if status in ASKING:
        return 0
    return 2 if status in COLLECTED else 1


@given(st.lists(ANY_FACTS, max_size=12))
def test_money_only_moves_forward_whatever_order_facts_come_in(sequence: list[SessionFacts]) -> None:
    payment = a_payment(P.CREATING)
    for facts in sequence:
        finding = read_session(payment, facts, is_live=False)
        after = advance(payment, status_after(payment, finding, facts.seen_at))  # never a ValueError
        is_later_word = after.status is P.PROCESSING and facts.seen_at > (payment.looked_at or NOW - timedelta(days=1))
        assert rank(after.status) >= rank(payment.status) or is_later_word
        payment = payment if after.status is payment.status else with_facts(after, facts)
    was_paid = any(facts.is_paid and facts.status is SessionStatus.COMPLETE for facts in sequence)
    assert (payment.status in COLLECTED) is was_paid


@given(st.permutations([("open", "", 1), ("complete", "processing", 2), ("complete", "canceled", 3)]))
def test_an_attempt_that_failed_has_failed_in_any_order(order: list[tuple[str, str, int]]) -> None:
    payment = a_payment(P.CREATING)
    for status, intent, second in order:
        facts = some_facts(SessionStatus(status), intent, second, is_paid=False)
        step = status_after(payment, read_session(payment, facts, is_live=False), facts.seen_at)
        payment = payment if step is payment.status else with_facts(advance(payment, step), facts)
    assert payment.status is P.FAILED


def test_money_of_the_other_mode_changes_nothing() -> None:
    assert status_after(a_payment(), Finding.OTHER_MODE, NOW) is P.OPEN


def a_refund(status: RefundStatus, minor: int = 5000) -> Refund:
    return Refund(
        payment_id=1, amount=Money(minor, "EUR"), reason="", idempotency_key="r", status=status, created_at=NOW
    )


REFUNDS = st.lists(st.builds(a_refund, st.sampled_from(RefundStatus), st.sampled_from([1000, 2500, 5000])), max_size=4)


@given(st.lists(st.tuples(REFUNDS, st.booleans()), max_size=8))
def test_refunds_and_disputes_in_any_order_never_get_stuck(passes: list[tuple[list[Refund], bool]]) -> None:
    payment = a_payment(P.PAID)
    seen_any = False
    for refunds, is_disputed in passes:
        seen_any = seen_any or bool(refunds)
        if seen_any and not refunds:
            continue  # a refund that was made never vanishes
        payment = with_refunds(payment, refunds, is_disputed=is_disputed)
        assert payment.status in COLLECTED
        returned = sum(one.amount.amount_minor for one in refunds if one.status is RefundStatus.SUCCEEDED)
        assert payment.refunded_minor == returned
        assert (payment.status is P.REFUNDED) is (returned >= 5000)
        assert not_yet_returned(payment, refunds).amount_minor <= 5000 - min(5000, returned)


def test_nothing_secret_is_in_what_a_log_would_show() -> None:
    shown = repr(a_payment())
    assert "marie" not in shown
    assert "checkout.example" not in shown


def test_link_and_request_are_not_kept_longer_than_needed() -> None:
    known = with_facts(a_payment(), some_facts(SessionStatus.COMPLETE, "", 1, is_paid=True))
    assert (known.params, known.url, known.session_id) == ("", "", "cs_1")
    assert known.looked_at == NOW + timedelta(seconds=1)


def test_a_fee_may_be_in_the_currency_of_the_balance() -> None:
    charge = ChargeFacts(
        charge_id="ch_1",
        charged_at=NOW,
        fee=Money(120, "USD"),
        net=Money(5300, "USD"),
        balance_id="txn_1",
        is_disputed=False,
    )
    known = with_charge(a_payment(P.PAID), charge)
    assert (known.fee_minor, known.net_minor, known.fee_currency, known.balance_id) == (120, 5300, "USD", "txn_1")
    untold = replace(charge, fee=None, net=None, balance_id="")
    assert with_charge(known, untold) == known
    same = replace(charge, fee=Money(100, "EUR"), net=Money(4900, "EUR"))
    assert with_charge(a_payment(P.PAID), same).fee_currency == ""


def dispute_facts(status: str) -> DisputeFacts:
    return DisputeFacts(
        dispute_id="dp_1",
        amount=ASKED,
        status=status,
        opened_at=NOW,
        due_by=NOW + timedelta(days=7),
        is_withdrawn=True,
        is_reinstated=False,
    )


@given(st.permutations(["needs_response", "under_review", "won"]))
def test_a_decided_dispute_stays_decided(order: list[str]) -> None:
    dispute: Dispute | None = None
    for status in order:
        dispute = as_seen(dispute, 1, dispute_facts(status), NOW)
    assert dispute is not None
    assert (dispute.status, dispute.closed_at, dispute.due_by) == ("won", NOW, NOW + timedelta(days=7))
