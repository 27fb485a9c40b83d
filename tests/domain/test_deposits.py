"""Ledger lines added up: no cent is lost or doubled, whatever may happen to a deposit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.domain.bookings import DepositFate
from inkdesk.domain.catalogue import CancellationPolicy
from inkdesk.domain.deposits import (
    DepositBalance,
    Portion,
    balance_of,
    credit_portions,
    draw,
    left_of,
    preset,
    rest_due,
    standing,
    total,
)
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind

_K = LedgerKind
AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PRICE = 12000


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def line(kind: LedgerKind, minor: int, booking: int = 1, payment: int = 1, to: int | None = None) -> LedgerEntry:
    return LedgerEntry(
        kind=kind,
        booking_id=booking,
        payment_id=payment,
        amount=euros(minor),
        at=AT,
        who="",
        why="",
        fact_key="",
        to_booking_id=to,
    )


def test_each_kind_has_its_part() -> None:
    lines = [
        line(_K.ASKED, 5000),
        line(_K.PAID, 5000),
        line(_K.TIP, 700, payment=9),
        line(_K.ROLLED_OVER, 1000, booking=2, payment=3, to=1),
        line(_K.CREDIT_USED, 500, payment=4),
        line(_K.APPLIED, 100),
        line(_K.CREDITED, 200),
        line(_K.REFUNDED, 300),
        line(_K.FORFEITED, 400),
        line(_K.ROLLED_OVER, 600, to=3),
        line(_K.DISPUTED, 50),
        line(_K.DISPUTED, -50),
    ]
    balance = balance_of(1, lines, "EUR")
    parts = (balance.paid, balance.rolled_in, balance.credit_used, balance.applied, balance.credited)
    assert parts == (euros(5000), euros(1000), euros(500), euros(100), euros(200))
    assert (balance.returned, balance.forfeited, balance.rolled_out) == (euros(300), euros(400), euros(600))
    assert (balance.disputed, balance.tips) == (euros(0), euros(700))
    assert (balance.came, balance.left) == (euros(6500), euros(4900))
    assert left_of(1, lines) == [Portion(1, euros(3400)), Portion(3, euros(1000)), Portion(4, euros(500))]


def test_money_of_another_currency_is_not_added() -> None:
    dollars = LedgerEntry(
        kind=_K.PAID, booking_id=1, payment_id=2, amount=Money(9900, "USD"), at=AT, who="", why="", fact_key=""
    )
    lines = [line(_K.PAID, 5000), dollars]
    assert balance_of(1, lines, "EUR").paid == euros(5000)
    assert left_of(1, lines) == [Portion(1, euros(5000)), Portion(2, Money(9900, "USD"))]
    assert total(left_of(1, lines), "USD") == Money(9900, "USD")


@pytest.mark.parametrize(
    ("lines", "rest"),
    [
        ([], 12000),
        ([line(_K.PAID, 5000)], 7000),
        ([line(_K.PAID, 5000), line(_K.APPLIED, 5000)], 7000),
        ([line(_K.PAID, 5000), line(_K.FORFEITED, 5000)], 12000),
        ([line(_K.PAID, 5000), line(_K.REFUNDED, 2000)], 9000),
        ([line(_K.PAID, 15000)], 0),
        ([line(_K.PAID, 5000), line(_K.TIP, 9000)], 7000),
        ([line(_K.PAID, 5000), line(_K.APPLIED, 5000), line(_K.REFUNDED, 6000)], 12000),
    ],
)
def test_the_rest_due_counts_what_is_left_or_applied(lines: list[LedgerEntry], rest: int) -> None:
    assert rest_due(euros(12000), balance_of(1, lines, "EUR")) == euros(rest)


def test_credit_is_by_payment_and_never_counts_twice() -> None:
    lines = [
        line(_K.CREDITED, 5000, booking=1, payment=1),
        line(_K.CREDITED, 800, booking=2, payment=2),
        line(_K.CREDIT_USED, 4500, booking=3, payment=1),
    ]
    assert credit_portions(lines) == [Portion(1, euros(500), _K.CREDITED), Portion(2, euros(800), _K.CREDITED)]
    assert credit_portions([]) == []


def test_drawing_takes_the_oldest_first_and_no_other_currency() -> None:
    there = [Portion(1, euros(500)), Portion(2, Money(900, "USD")), Portion(3, euros(800))]
    assert draw(there, euros(700)) == [Portion(1, euros(500)), Portion(3, euros(200))]
    assert total(draw(there, euros(5000)), "EUR") == euros(1300)
    assert draw(there, euros(0)) == []


@pytest.mark.parametrize(
    ("hours_before", "fate", "refund"),
    [(48, DepositFate.REFUND, 2500), (23, DepositFate.KEEP, 0), (-1, DepositFate.KEEP, 0)],
)
def test_the_policy_presets_the_fate(hours_before: int, fate: DepositFate, refund: int) -> None:
    answer = preset(CancellationPolicy(24, 50), euros(5000), AT, AT - timedelta(hours=hours_before))
    assert (answer.fate, answer.refund, answer.paid) == (fate, euros(refund), euros(5000))


@dataclass
class Till:
    """Two bookings of one client and everything that may happen to their money, one fact after the other."""

    lines: list[LedgerEntry] = field(default_factory=list)
    came: int = 0
    went: int = 0
    payments: int = 0

    def balance(self, booking: int) -> DepositBalance:
        return balance_of(booking, self.lines, "EUR")

    def pay(self, booking: int, minor: int) -> None:
        self.payments += 1
        self.came += minor
        self.lines.append(line(_K.PAID, minor, booking, self.payments))

    def use(self, kind: LedgerKind, booking: int, minor: int) -> None:
        to = 3 - booking if kind is _K.ROLLED_OVER else None
        for one in draw(left_of(booking, self.lines), euros(minor)):
            self.lines.append(line(kind, one.amount.amount_minor, booking, one.payment_id, to))
            self.went += one.amount.amount_minor if kind in {_K.REFUNDED, _K.DISPUTED} else 0

    def take_back(self, kind: LedgerKind, booking: int, minor: int) -> None:
        for one in draw(standing(booking, self.lines, kind), euros(minor)):
            self.lines.append(line(kind, -one.amount.amount_minor, booking, one.payment_id))
            self.went -= one.amount.amount_minor if kind in {_K.REFUNDED, _K.DISPUTED} else 0

    def use_credit(self, booking: int, minor: int) -> None:
        for one in draw(credit_portions(self.lines), euros(minor)):
            self.lines.append(line(_K.CREDIT_USED, one.amount.amount_minor, booking, one.payment_id))


USES = (_K.APPLIED, _K.CREDITED, _K.REFUNDED, _K.FORFEITED, _K.ROLLED_OVER, _K.DISPUTED)
BACK = (_K.APPLIED, _K.FORFEITED, _K.REFUNDED, _K.DISPUTED)
amounts = st.integers(1, 20000)
bookings = st.integers(1, 2)
steps: st.SearchStrategy[Callable[[Till], None]] = st.one_of(
    st.builds(lambda booking, minor: lambda till: till.pay(booking, minor), bookings, amounts),
    st.builds(
        lambda kind, booking, minor: lambda till: till.use(kind, booking, minor),
        st.sampled_from(USES),
        bookings,
        amounts,
    ),
    st.builds(
        lambda kind, booking, minor: lambda till: till.take_back(kind, booking, minor),
        st.sampled_from(BACK),
        bookings,
        amounts,
    ),
    st.builds(lambda booking, minor: lambda till: till.use_credit(booking, minor), bookings, amounts),
)


@given(st.lists(steps, max_size=30))
def test_money_in_is_money_out_and_what_is_left(facts: Sequence[Callable[[Till], None]]) -> None:
    till = Till()
    for fact in facts:
        fact(till)
        both = [till.balance(1), till.balance(2)]
        for balance in both:
            parts = (getattr(balance, name).amount_minor for name in DepositBalance.__dataclass_fields__)
            assert all(part >= 0 for part in parts)
            assert balance.left.amount_minor >= 0
            assert rest_due(euros(PRICE), balance).amount_minor in range(PRICE + 1)
        credit = total(credit_portions(till.lines), "EUR").amount_minor
        kept = sum((one.applied + one.forfeited + one.left).amount_minor for one in both)
        assert till.came == till.went + kept + credit
        for number, balance in enumerate(both, 1):
            assert total(left_of(number, till.lines), "EUR") == balance.left
