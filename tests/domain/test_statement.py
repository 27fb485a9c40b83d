"""The book beside Stripe's account of a month."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdesk.domain.money import Money
from inkdesk.domain.statement import (
    BalanceLine,
    BookLine,
    Difference,
    DifferenceKind,
    Movement,
    add_up,
    compare,
    sources_of,
)

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


OURS = BookLine(
    movement=Movement.CHARGE,
    source_id="ch_1",
    amount=euros(5000),
    at=AT,
    booking_id=1,
    client_name="Kim",
    fee=euros(100),
    net=euros(4900),
    has_fee=True,
)
THEIRS = BalanceLine(
    balance_id="txn_1",
    movement=Movement.CHARGE,
    kind="charge",
    source_id="ch_1",
    amount=euros(5000),
    fee=euros(100),
    net=euros(4900),
    at=AT,
)


def kinds(ours: list[BookLine], theirs: list[BalanceLine]) -> list[DifferenceKind]:
    return [one.kind for one in compare(ours, theirs)]


def test_what_agrees_is_no_difference() -> None:
    assert compare([OURS], [THEIRS]) == []
    assert compare([], []) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        ([], [THEIRS], [DifferenceKind.MISSING_HERE]),
        ([OURS], [], [DifferenceKind.MISSING_THERE]),
        ([replace(OURS, amount=euros(4000))], [THEIRS], [DifferenceKind.AMOUNT]),
        ([replace(OURS, fee=euros(90))], [THEIRS], [DifferenceKind.FEE]),
        ([replace(OURS, fee=None, net=None)], [THEIRS], [DifferenceKind.FEE]),
        ([replace(OURS, amount=euros(1), fee=euros(1))], [THEIRS], [DifferenceKind.AMOUNT, DifferenceKind.FEE]),
        ([replace(OURS, amount=Money(5000, "USD"), net=None)], [THEIRS], [DifferenceKind.CURRENCY]),
        ([replace(OURS, amount=Money(5000, "USD"))], [THEIRS], []),
        ([replace(OURS, amount=Money(5000, "USD"), net=euros(4000))], [THEIRS], [DifferenceKind.AMOUNT]),
        ([replace(OURS, source_id="ch_2")], [THEIRS], [DifferenceKind.MISSING_HERE, DifferenceKind.MISSING_THERE]),
        ([OURS], [THEIRS, THEIRS], [DifferenceKind.MISSING_HERE]),
        ([OURS, OURS], [THEIRS], [DifferenceKind.MISSING_THERE]),
        ([replace(OURS, is_certain=False)], [], []),
        ([], [replace(THEIRS, movement=Movement.PAYOUT), replace(THEIRS, movement=Movement.OTHER)], []),
    ],
)
def test_each_difference_is_named(ours: list[BookLine], theirs: list[BalanceLine], found: list[DifferenceKind]) -> None:
    assert kinds(ours, theirs) == found


def test_a_refund_has_no_fee_to_compare() -> None:
    back = replace(OURS, movement=Movement.REFUND, amount=euros(-5000), fee=None, net=None, has_fee=False)
    theirs = replace(THEIRS, movement=Movement.REFUND, amount=euros(-5000), fee=euros(5), net=euros(-5005))
    assert compare([back], [theirs]) == []
    assert kinds([OURS], [theirs]) == [DifferenceKind.MISSING_HERE, DifferenceKind.MISSING_THERE]


@given(
    st.lists(st.tuples(st.sampled_from(["ch_1", "ch_2", "ch_3", "ch_4"]), st.integers(1, 3)), max_size=8),
    st.lists(st.tuples(st.sampled_from(["ch_1", "ch_2", "ch_3", "ch_4"]), st.integers(1, 3)), max_size=8),
)
def test_every_line_is_matched_or_told_once(here: list[tuple[str, int]], there: list[tuple[str, int]]) -> None:
    ours = [replace(OURS, source_id=source, amount=euros(minor)) for source, minor in here]
    theirs = [replace(THEIRS, source_id=source, amount=euros(minor)) for source, minor in there]
    found = compare(ours, theirs)
    missing_here = sum(one.kind is DifferenceKind.MISSING_HERE for one in found)
    missing_there = sum(one.kind is DifferenceKind.MISSING_THERE for one in found)
    assert len(ours) - missing_there == len(theirs) - missing_here
    for source in {source for source, _ in [*here, *there]}:
        gap = sum(one == source for one, _ in there) - sum(one == source for one, _ in here)
        assert sum(_about(one, source, DifferenceKind.MISSING_HERE) for one in found) == max(0, gap)
        assert sum(_about(one, source, DifferenceKind.MISSING_THERE) for one in found) == max(0, -gap)


def _about(one: Difference, source: str, kind: DifferenceKind) -> bool:
    line = one.ours or one.theirs
    return one.kind is kind and line is not None and line.source_id == source


def test_stripe_s_lines_are_added_up_by_currency() -> None:
    refund = replace(THEIRS, movement=Movement.REFUND, amount=euros(-2000), fee=euros(0), net=euros(-2000))
    payout = replace(THEIRS, movement=Movement.PAYOUT, amount=euros(-2900), fee=euros(0), net=euros(-2900))
    dollars = replace(THEIRS, amount=Money(10, "USD"), fee=Money(1, "USD"), net=Money(9, "USD"))
    first, second = add_up([THEIRS, refund, payout, dollars])
    assert (first.currency, first.fees_minor, first.net_minor) == ("EUR", 100, 2900)
    assert first.by_movement == {Movement.CHARGE: 5000, Movement.REFUND: -2000, Movement.PAYOUT: -2900}
    assert (second.currency, second.net_minor) == ("USD", 9)


def test_only_what_the_book_may_know_is_looked_for() -> None:
    payout = replace(THEIRS, movement=Movement.PAYOUT, source_id="po_1")
    assert sources_of([THEIRS, payout, THEIRS]) == ["ch_1"]
