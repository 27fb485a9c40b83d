"""The sums of the ledger add up, whatever the parts they are taken of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.application.calendar import LedgerLine
from inkdesk.application.ledger_table import ledger_table
from inkdesk.application.ledger_view import STATUSES, LedgerFilter, LedgerTotals, signed, totals
from inkdesk.domain.bookings import BookingStatus
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.money import Money
from inkdesk.domain.payments import LedgerEntry, LedgerKind, PaymentStatus
from inkdesk.ui.payments.ledger_reader import cells_of

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
MONEY = st.builds(Money, st.integers(-(10**9), 10**9), st.sampled_from(["EUR", "JPY", "USD"]))


def a_line(kind: LedgerKind, amount: Money, fee: Money | None = None) -> LedgerLine:
    entry = LedgerEntry(kind=kind, booking_id=1, payment_id=1, amount=amount, at=AT, who="Desk 1", why="", fact_key="k")
    return LedgerLine(
        entry=entry,
        client_name="Kim",
        artist_name="Ana",
        service_name="Small piece",
        starts_at=AT,
        status=BookingStatus.CONFIRMED,
        fee=fee,
    )


LINES = st.lists(st.builds(a_line, st.sampled_from(LedgerKind), MONEY, st.none() | MONEY), max_size=12)


def merged(parts: Sequence[Sequence[LedgerTotals]]) -> dict[str, LedgerTotals]:
    sums: dict[str, LedgerTotals] = {}
    for one in (total for part in parts for total in part):
        sums[one.currency] = sums[one.currency] + one if one.currency in sums else one
    return sums


@given(LINES, st.data())
def test_the_totals_of_the_parts_are_the_total_of_the_whole(lines: list[LedgerLine], data: st.DataObject) -> None:
    places = [data.draw(st.integers(0, 3)) for _ in lines]
    parts = [[line for line, place in zip(lines, places, strict=True) if place == part] for part in range(4)]
    assert merged([totals(part) for part in parts]) == {one.currency: one for one in totals(lines)}


@given(LINES)
def test_net_is_every_movement_of_money(lines: list[LedgerLine]) -> None:
    moved = dict.fromkeys("EUR JPY USD".split(), 0)
    for line in lines:
        amount = line.entry.amount
        match line.entry.kind:
            case LedgerKind.PAID | LedgerKind.TIP:
                moved[amount.currency] += amount.amount_minor
            case LedgerKind.REFUNDED | LedgerKind.DISPUTED:
                moved[amount.currency] -= amount.amount_minor
            case _:
                pass
        if line.fee is not None:
            moved[line.fee.currency] -= line.fee.amount_minor
    assert {one.currency: one.net_minor for one in totals(lines) if one.net_minor} == {
        code: minor for code, minor in moved.items() if minor
    }


PARTS = {
    "net_minor": {LedgerKind.PAID, LedgerKind.TIP, LedgerKind.REFUNDED, LedgerKind.DISPUTED},
    "applied_minor": {LedgerKind.APPLIED},
    "kept_minor": {LedgerKind.FORFEITED},
    "credited_minor": {LedgerKind.CREDITED, LedgerKind.CREDIT_USED},
}


@given(LINES)
def test_the_amounts_as_they_are_shown_add_up_to_their_sums(lines: list[LedgerLine]) -> None:
    lines = [replace(line, fee=None) for line in lines]
    for sums in totals(lines):
        mine = [line.entry for line in lines if line.entry.amount.currency == sums.currency]
        shown = {part: sum(signed(one).amount_minor for one in mine if one.kind in PARTS[part]) for part in PARTS}
        assert shown == {part: getattr(sums, part) for part in PARTS}


def test_a_disputed_line_is_shown_as_money_that_left_and_came_back() -> None:
    taken, won = a_line(LedgerKind.DISPUTED, Money(5950, "EUR")), a_line(LedgerKind.DISPUTED, Money(-5950, "EUR"))
    assert [cells_of(one)[5] for one in (taken, won)] == ["-59.50 EUR", "59.50 EUR"]
    assert [row[2] for row in ledger_table([taken, won], ZoneInfo("UTC")).rows] == [
        Money(-5950, "EUR"),
        Money(5950, "EUR"),
    ]


def test_what_becomes_of_deposits_moves_no_money() -> None:
    euros = [Money(minor, "EUR") for minor in (100, 70, 20, 10, 4, 50, 7)]
    kinds = [
        LedgerKind.PAID, LedgerKind.APPLIED, LedgerKind.FORFEITED, LedgerKind.CREDITED, LedgerKind.CREDIT_USED,
        LedgerKind.ASKED, LedgerKind.ROLLED_OVER,
    ]  # fmt: skip
    [found] = totals([a_line(kind, amount) for kind, amount in zip(kinds, euros, strict=True)])
    assert found == LedgerTotals(currency="EUR", paid_minor=100, applied_minor=70, kept_minor=20, credited_minor=6)
    assert found.net_minor == 100


def test_a_fee_counts_in_its_own_currency() -> None:
    line = a_line(LedgerKind.PAID, Money(1000, "USD"), Money(60, "EUR"))
    assert [(one.currency, one.net_minor) for one in totals([line])] == [("EUR", -60), ("USD", 1000)]


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="EUR and USD"):
        LedgerTotals(currency="EUR") + LedgerTotals(currency="USD")


def test_each_status_of_a_payment_belongs_to_one_state() -> None:
    assert sorted(status for state in STATUSES.values() for status in state) == sorted(PaymentStatus)


def test_dates_the_wrong_way_round_are_refused() -> None:
    wanted = LedgerFilter(first=date(2026, 11, 2), last=date(2026, 11, 2))
    wanted.check()
    with pytest.raises(ValidationError, match="lies before"):
        replace(wanted, last=date(2026, 11, 1)).check()
